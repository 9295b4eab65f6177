// Template strings of one value alone: `${status}` is a string in JavaScript and would stay a number in Lua, where only
// joining makes one of it.

import ts from "typescript";
import * as tstl from "typescript-to-lua";

/** A template string as a Lua string, whatever its values are. */
export function transformTemplate(node: ts.TemplateExpression, context: tstl.TransformationContext): tstl.Expression {
  const text = context.superTransformExpression(node);
  const [span] = node.templateSpans;
  const isAlone = node.templateSpans.length === 1 && node.head.text === "" && span.literal.text === "";
  const type = context.checker.getTypeAtLocation(span.expression);
  return isAlone && (type.flags & ts.TypeFlags.StringLike) === 0
    ? tstl.createCallExpression(tstl.createIdentifier("tostring"), [text], node)
    : text;
}
