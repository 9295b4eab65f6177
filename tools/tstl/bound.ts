// What is known of a number before it runs: an upper limit when it is never negative. Lets the Lua build leave out masks
// and use the plain operators where they already answer as JavaScript does. It never guesses: no limit, no saving.

import ts from "typescript";
import { constantOf } from "../portable/constant";
import { inner } from "../portable/place";

/** The types of firmware/bytes/bytes.ts whose elements are never negative, with their largest element. */
const ELEMENT_LIMITS: { readonly [type: string]: number | undefined } = { Bytes: 0xff, Words: 0xffff };

const LIMIT = 0x80000000;

/** The largest value of a number that is never negative and below 2^31; -1 when that is not known. */
export function boundOf(checker: ts.TypeChecker, expression: ts.Expression): number {
  const node = inner(expression);
  const constant = constantOf(checker, node);
  if (constant !== undefined) {
    return constant >= 0 && constant < LIMIT ? constant : -1;
  }
  if (ts.isElementAccessExpression(node)) {
    const type = checker.getTypeAtLocation(node.expression);
    return ELEMENT_LIMITS[(type.aliasSymbol ?? type.symbol)?.name ?? ""] ?? -1;
  }
  if (ts.isBinaryExpression(node)) {
    return boundOfOperation(checker, node);
  }
  return -1;
}

function boundOfOperation(checker: ts.TypeChecker, node: ts.BinaryExpression): number {
  const left = boundOf(checker, node.left);
  const right = boundOf(checker, node.right);
  switch (node.operatorToken.kind) {
    case ts.SyntaxKind.AmpersandToken:
      return left < 0 || right < 0 ? Math.max(left, right) : Math.min(left, right);
    case ts.SyntaxKind.BarToken:
    case ts.SyntaxKind.CaretToken:
      return left < 0 || right < 0 ? -1 : 2 ** Math.ceil(Math.log2(Math.max(left, right) + 1)) - 1;
    case ts.SyntaxKind.PlusToken:
      return known(left, right, left + right);
    case ts.SyntaxKind.AsteriskToken:
      return known(left, right, left * right);
    case ts.SyntaxKind.LessThanLessThanToken:
      return known(left, right, right > 31 ? LIMIT : left * 2 ** right);
    case ts.SyntaxKind.GreaterThanGreaterThanToken:
    case ts.SyntaxKind.GreaterThanGreaterThanGreaterThanToken:
      return left;
    case ts.SyntaxKind.PercentToken:
      return left < 0 || right < 1 ? -1 : right - 1;
    default:
      return -1;
  }
}

function known(left: number, right: number, value: number): number {
  return left < 0 || right < 0 || value >= LIMIT ? -1 : value;
}
