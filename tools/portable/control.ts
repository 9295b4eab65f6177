// Rules on control flow and functions: index loops only, status codes in place of exceptions, module-level functions on
// records in place of classes and closures.

import ts from "typescript";
import { functionAround, isTypeOnly, type Place } from "./place";

type Refusal = readonly [rule: string, message: string];

const REFUSED: { readonly [kind: number]: Refusal | undefined } = {
  [ts.SyntaxKind.ForOfStatement]: ["for-of", "for-of allocates; use an index loop"],
  [ts.SyntaxKind.ForInStatement]: ["for-in", "for-in has no order in Lua; use an index loop"],
  [ts.SyntaxKind.LabeledStatement]: ["label", "a label has no form in Lua; take the loop into a function"],
  [ts.SyntaxKind.TryStatement]: ["try", "no exceptions; return a status"],
  [ts.SyntaxKind.ThrowStatement]: ["throw", "no exceptions; return a status"],
  [ts.SyntaxKind.WithStatement]: ["with", "with is refused"],
  [ts.SyntaxKind.DebuggerStatement]: ["debugger", "debugger is refused"],
  [ts.SyntaxKind.ClassDeclaration]: ["class", "no classes; use an interface and module-level functions"],
  [ts.SyntaxKind.ClassExpression]: ["class", "no classes; use an interface and module-level functions"],
  [ts.SyntaxKind.ThisKeyword]: ["this", "no this; take the record as the first parameter"],
  [ts.SyntaxKind.SuperKeyword]: ["class", "no classes; use an interface and module-level functions"],
  [ts.SyntaxKind.GetAccessor]: ["accessor", "a getter costs ten times a field; use a field or a function"],
  [ts.SyntaxKind.SetAccessor]: ["accessor", "a setter costs ten times a field; use a field or a function"],
  [ts.SyntaxKind.MethodDeclaration]: ["method", "no methods; use a module-level function"],
  [ts.SyntaxKind.YieldExpression]: ["generator", "a generator allocates"],
  [ts.SyntaxKind.AwaitExpression]: ["async", "async allocates; use a timer or a listener"],
  [ts.SyntaxKind.Decorator]: ["decorator", "no decorators"],
};

/** Refuses the statements and declarations that differ or allocate. `this` is for what implements hal/'s interfaces. */
export function checkControl(node: ts.Node, place: Place): void {
  const refusal = REFUSED[node.kind];
  const isBoardPart = refusal?.[0] === "this" && /^hal\/(native|codecs)\//.test(place.path);
  if (refusal !== undefined && !isTypeOnly(node) && !isBoardPart) {
    place.refuse(node, refusal[0], refusal[1]);
    return;
  }
  if (!ts.isFunctionLike(node) || isTypeOnly(node)) {
    return;
  }
  if (ts.isFunctionDeclaration(node) || ts.isFunctionExpression(node)) {
    if (node.asteriskToken !== undefined) {
      place.refuse(node, "generator", "a generator allocates");
    }
  }
  const modifiers = ts.canHaveModifiers(node) ? ts.getModifiers(node) : undefined;
  if (modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.AsyncKeyword) === true) {
    place.refuse(node, "async", "async allocates; use a timer or a listener");
  }
  const isFunction = ts.isFunctionDeclaration(node) || ts.isFunctionExpression(node) || ts.isArrowFunction(node);
  if (isFunction && functionAround(node) !== undefined) {
    place.refuse(
      node,
      "closure",
      "a function inside a function is a closure; use a module-level function and an owner",
    );
  }
}
