// Buffers and letters in Lua: `new Uint8Array(n)` becomes a zeroed table that counts from 0 and knows its length, and
// `text.charCodeAt(i)` becomes string.byte. One line of Lua in front of the bundle makes the tables.

import ts from "typescript";
import * as tstl from "typescript-to-lua";
import { constantOf } from "../portable/constant";

type Context = tstl.TransformationContext;

const CREATE_BUFFER = "____createBuffer";

/** The kinds of buffers by their numbers (hal/lua-bindings/buffers.h). */
const BUFFER_TYPES: readonly string[] = ["Uint8Array", "Int16Array", "Uint16Array"];

/**
 * A shell in C has a maker of its own, `doorlineBuffer(length, kind)`; kind is absent for octets. Else a table is made:
 * up to 4,000 elements the constructor gets all zeros at once, so that the table has exactly the room it needs; a longer one
 * would need too much stack and grows by doubling. One line, so that line numbers of the bundle and its map agree.
 */
export const BUFFER_PRELUDE = [
  `local ${CREATE_BUFFER} = doorlineBuffer or function(length)`,
  `if length > 0 and length <= 4000 then`,
  `return { length = length, [0] = 0, string.byte(string.rep("\\0", length - 1), 1, length - 1) }`,
  `end`,
  `local buffer = { length = length }`,
  `for index = 0, length - 1 do buffer[index] = 0 end`,
  `return buffer`,
  `end `,
].join(" ");

/** `new Uint8Array(n)` and its kin, or undefined for any other `new`. */
export function transformNewBuffer(context: Context, node: ts.NewExpression): tstl.Expression | undefined {
  const type = ts.isIdentifier(node.expression) ? node.expression.text : "";
  const length = node.arguments?.[0];
  if (!BUFFER_TYPES.includes(type) || length === undefined) {
    return undefined;
  }
  const kind = tstl.createNumericLiteral(BUFFER_TYPES.indexOf(type));
  const made = [context.transformExpression(length), ...(kind.value === 0 ? [] : [kind])];
  return tstl.createCallExpression(tstl.createIdentifier(CREATE_BUFFER), made, node);
}

/** `text.charCodeAt(i)`, or undefined for any other call. */
export function transformCharCodeAt(context: Context, node: ts.CallExpression): tstl.Expression | undefined {
  const callee = node.expression;
  if (!ts.isPropertyAccessExpression(callee) || callee.name.text !== "charCodeAt" || node.arguments.length !== 1) {
    return undefined;
  }
  const subject = context.checker.getTypeAtLocation(callee.expression);
  if ((subject.flags & ts.TypeFlags.StringLike) === 0) {
    return undefined;
  }
  const text = context.transformExpression(callee.expression);
  const known = constantOf(context.checker, node.arguments[0]);
  const position =
    known !== undefined
      ? tstl.createNumericLiteral(known + 1)
      : tstl.createBinaryExpression(
          context.transformExpression(node.arguments[0]),
          tstl.createNumericLiteral(1),
          tstl.SyntaxKind.AdditionOperator,
        );
  const byte = tstl.createTableIndexExpression(tstl.createIdentifier("string"), tstl.createStringLiteral("byte"));
  return tstl.createCallExpression(byte, [text, position], node);
}
