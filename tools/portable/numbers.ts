// Rules on numbers: integers of 28 bits, division closed by `| 0`, shifts by 1 to 31; wider ones, `>>>` and Math.imul in
// crypto only. A shift by a variable takes its count modulo 32 in every VM. What a run alone can tell (a wide sum, a
// negative dividend) is left to the tests.

import ts from "typescript";
import { constantOf } from "./constant";
import { inner, outer, type Place } from "./place";

const NARROW_LIMIT = 0x8000000; // 2^27: -2^27 … 2^27-1
const WIDE_LIMIT = 0x80000000; // 2^31

const FOLDED: readonly ts.SyntaxKind[] = [
  ts.SyntaxKind.PlusToken,
  ts.SyntaxKind.MinusToken,
  ts.SyntaxKind.AsteriskToken,
  ts.SyntaxKind.LessThanLessThanToken,
];

const SUMS: readonly ts.SyntaxKind[] = [ts.SyntaxKind.PlusToken, ts.SyntaxKind.MinusToken, ts.SyntaxKind.AsteriskToken];

/** Operators of crypto whose operand must be a signed int32 in every VM. */
const EXACT: readonly ts.SyntaxKind[] = [
  ts.SyntaxKind.CaretToken,
  ts.SyntaxKind.GreaterThanGreaterThanToken,
  ts.SyntaxKind.CaretEqualsToken,
  ts.SyntaxKind.BarEqualsToken,
];

const OPEN_ASSIGNMENTS: readonly ts.SyntaxKind[] = [
  ts.SyntaxKind.SlashEqualsToken,
  ts.SyntaxKind.AsteriskAsteriskEqualsToken,
];

/** Refuses numbers and arithmetic that differ between the VMs. */
export function checkNumbers(node: ts.Node, place: Place): void {
  if (ts.isNumericLiteral(node)) {
    checkLiteral(node, place);
  } else if (ts.isBigIntLiteral(node)) {
    place.refuse(node, "bigint", "no bigints");
  } else if (ts.isBinaryExpression(node)) {
    checkBinary(node, place);
  } else if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.PlusToken) {
    place.refuse(node, "unary-plus", "unary plus converts; write the number");
  }
}

function checkLiteral(node: ts.NumericLiteral, place: Place): void {
  const value = Number(node.text);
  if (!Number.isInteger(value) || node.getText(place.file).includes(".")) {
    place.refuse(node, "fraction", "no fractions: integers only");
    return;
  }
  const negated = ts.isPrefixUnaryExpression(node.parent) && node.parent.operator === ts.SyntaxKind.MinusToken;
  checkWidth(node, negated ? -value : value, place);
}

function checkWidth(node: ts.Node, value: number, place: Place): void {
  const limit = place.crypto ? WIDE_LIMIT : NARROW_LIMIT;
  if (value < -limit || value >= limit) {
    const bits = place.crypto ? "a signed 32-bit number" : "28 bits (-2^27 to 2^27-1)";
    place.refuse(node, "width", `${value} is outside ${bits}`);
  }
}

function isZero(node: ts.Expression): boolean {
  const expression = inner(node);
  return ts.isNumericLiteral(expression) && expression.text === "0";
}

/** Whether a node is the left side of `… | 0`. */
function isClosed(node: ts.Expression): boolean {
  const parent = outer(node);
  return (
    ts.isBinaryExpression(parent) &&
    parent.operatorToken.kind === ts.SyntaxKind.BarToken &&
    inner(parent.left) === node &&
    isZero(parent.right)
  );
}

function checkBinary(node: ts.BinaryExpression, place: Place): void {
  const operator = node.operatorToken.kind;
  if (operator === ts.SyntaxKind.SlashToken) {
    if (!isClosed(node)) {
      place.refuse(node, "division", "a quotient is closed: (a / b) | 0");
    }
  } else if (operator === ts.SyntaxKind.AsteriskAsteriskToken || OPEN_ASSIGNMENTS.includes(operator)) {
    place.refuse(node, "division", "write (a / b) | 0, or a product");
  } else if (isShift(operator)) {
    checkShift(node, operator, place);
  } else if (place.crypto) {
    checkExactOperands(node, operator, place);
  }
  const value = FOLDED.includes(operator) ? constantOf(place.checker, node) : undefined;
  if (value !== undefined && constantOf(place.checker, node.left) !== undefined) {
    checkWidth(node, value, place);
  }
}

function checkExactOperands(node: ts.BinaryExpression, operator: ts.SyntaxKind, place: Place): void {
  const isUnion = operator === ts.SyntaxKind.BarToken && !isZero(node.right);
  if (!EXACT.includes(operator) && !isUnion) {
    return;
  }
  checkClosed(node.left, place);
  checkClosed(node.right, place);
}

function checkClosed(operand: ts.Expression, place: Place): void {
  const expression = inner(operand);
  if (ts.isBinaryExpression(expression) && SUMS.includes(expression.operatorToken.kind)) {
    if (constantOf(place.checker, expression) === undefined) {
      place.refuse(expression, "open-sum", "close it first: (a + b) | 0");
    }
  }
}

function isShift(operator: ts.SyntaxKind): boolean {
  switch (operator) {
    case ts.SyntaxKind.LessThanLessThanToken:
    case ts.SyntaxKind.LessThanLessThanEqualsToken:
    case ts.SyntaxKind.GreaterThanGreaterThanToken:
    case ts.SyntaxKind.GreaterThanGreaterThanEqualsToken:
    case ts.SyntaxKind.GreaterThanGreaterThanGreaterThanToken:
    case ts.SyntaxKind.GreaterThanGreaterThanGreaterThanEqualsToken:
      return true;
    default:
      return false;
  }
}

function checkShift(node: ts.BinaryExpression, operator: ts.SyntaxKind, place: Place): void {
  const unsigned =
    operator === ts.SyntaxKind.GreaterThanGreaterThanGreaterThanToken ||
    operator === ts.SyntaxKind.GreaterThanGreaterThanGreaterThanEqualsToken;
  if (unsigned && !place.crypto) {
    place.refuse(node, "unsigned-shift", ">>> is at home in crypto only; use >> on a number that is not negative");
    return;
  }
  const count = constantOf(place.checker, node.right);
  if (count !== undefined) {
    if (count < 1 || count > 31) {
      place.refuse(node, "shift-count", `a shift is by 1 to 31, not ${count}`);
    }
  }
  if (operator === ts.SyntaxKind.GreaterThanGreaterThanToken && place.crypto) {
    checkClosed(node.left, place);
  }
}
