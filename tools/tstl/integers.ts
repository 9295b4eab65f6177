// JavaScript's 32-bit integer operators in Lua, written so that a Lua of 64-bit integers and one of 32-bit integers
// (LUA_32BITS, fengari) answer the same. Between operators a number is a signed int32, as in JavaScript.

import ts from "typescript";
import * as tstl from "typescript-to-lua";
import { constantOf } from "../portable/constant";
import { inner } from "../portable/place";
import { boundOf } from "./bound";

// Hexadecimal in Lua wraps to the width of its integers where a decimal would become a float; the printer writes
// decimals, so these stand as names.
const ALL_BITS = "0xFFFFFFFF";
const SIGN_BIT = "0x80000000";

/** The largest exponent of a power of two that is a positive int32. */
const LAST_POSITIVE_BIT = 30;

type Context = tstl.TransformationContext;

function raw(text: string): tstl.Expression {
  return tstl.createIdentifier(text);
}

function operation(left: tstl.Expression, operator: tstl.BinaryOperator, right: tstl.Expression): tstl.Expression {
  return tstl.createBinaryExpression(left, right, operator);
}

/** A literal that is an integer in every Lua. */
export function integerLiteral(value: number, node?: ts.Node): tstl.Expression {
  if (value === -0x80000000) {
    return tstl.createUnaryExpression(tstl.createNumericLiteral(0x7fffffff), tstl.SyntaxKind.BitwiseNotOperator, node);
  }
  if (value < 0) {
    return tstl.createUnaryExpression(tstl.createNumericLiteral(-value), tstl.SyntaxKind.NegationOperator, node);
  }
  return tstl.createNumericLiteral(value, node);
}

/** The signed int32 of an integer of any width: ToInt32 of ECMA-262 7.1.6. */
function toInt32(value: tstl.Expression): tstl.Expression {
  const unsigned = operation(value, tstl.SyntaxKind.BitwiseAndOperator, raw(ALL_BITS));
  const flipped = operation(unsigned, tstl.SyntaxKind.BitwiseExclusiveOrOperator, raw(SIGN_BIT));
  return operation(flipped, tstl.SyntaxKind.SubtractionOperator, raw(SIGN_BIT));
}

/** The files whose numbers stay within 28 bits, sums on the way included: the firmware's but for the hashes (CONTRIBUTING.md). */
const NARROW = /\/firmware\/(?!crypto\/)/;

/** The signed int32 of a sum or a shift, which has more bits only where the subset allows wide numbers. */
function closed(context: Context, value: tstl.Expression): tstl.Expression {
  return NARROW.test(context.sourceFile.fileName) ? value : toInt32(value);
}

/** Operators whose Lua result is already a signed int32 when their operands are. */
const EXACT_RESULTS: readonly ts.SyntaxKind[] = [
  ts.SyntaxKind.BarToken,
  ts.SyntaxKind.AmpersandToken,
  ts.SyntaxKind.CaretToken,
  ts.SyntaxKind.LessThanLessThanToken,
  ts.SyntaxKind.GreaterThanGreaterThanToken,
];

/** Whether the Lua form of an expression is a signed int32 as it stands, so that `| 0` says nothing new. */
function isExact(context: Context, expression: ts.Expression): boolean {
  const node = inner(expression);
  if (ts.isBinaryExpression(node) && EXACT_RESULTS.includes(node.operatorToken.kind)) {
    return true;
  }
  return (ts.isCallExpression(node) && isImul(node)) || boundOf(context.checker, node) >= 0;
}

function isZero(node: ts.Expression): boolean {
  const expression = inner(node);
  return ts.isNumericLiteral(expression) && expression.text === "0";
}

/** Whether a call is `Math.imul(a, b)`. */
export function isImul(node: ts.CallExpression): boolean {
  const callee = node.expression;
  return (
    ts.isPropertyAccessExpression(callee) &&
    ts.isIdentifier(callee.expression) &&
    callee.expression.text === "Math" &&
    callee.name.text === "imul"
  );
}

/** `Math.imul(a, b)`: the low 32 bits of the product. */
export function transformImul(context: Context, node: ts.CallExpression): tstl.Expression {
  const [left, right] = transformPair(context, node.arguments[0], node.arguments[1]);
  return toInt32(operation(left, tstl.SyntaxKind.MultiplicationOperator, right));
}

/** Both operands, the left one evaluated first even when the right one needs statements of its own. */
function transformPair(
  context: Context,
  left: ts.Expression,
  right: ts.Expression,
): [tstl.Expression, tstl.Expression] {
  let leftExpression = context.transformExpression(left);
  context.pushPrecedingStatements();
  const rightExpression = context.transformExpression(right);
  const statements = context.popPrecedingStatements();
  if (statements.length > 0) {
    leftExpression = hold(context, leftExpression);
    context.addPrecedingStatements(statements);
  }
  return [leftExpression, rightExpression];
}

/** A name for a value that is used twice or early. */
function hold(context: Context, value: tstl.Expression): tstl.Expression {
  if (tstl.isNumericLiteral(value)) {
    return value;
  }
  const name = context.createTempNameForLuaExpression(value);
  context.addPrecedingStatements(tstl.createVariableDeclarationStatement(name, value));
  return name;
}

/** The operands of `a | 0` where it stands for "as an int32", in Lua; undefined for any other union. */
function transformClosing(context: Context, node: ts.BinaryExpression): tstl.Expression | undefined {
  if (!isZero(node.right)) {
    return undefined;
  }
  const value = inner(node.left);
  if (ts.isBinaryExpression(value) && value.operatorToken.kind === ts.SyntaxKind.SlashToken) {
    const [left, right] = transformPair(context, value.left, value.right);
    return operation(left, tstl.SyntaxKind.FloorDivisionOperator, right);
  }
  const expression = context.transformExpression(node.left);
  return isExact(context, value) ? expression : closed(context, expression);
}

/** Operators whose low 32 bits come from the low 32 bits of their operands alone. */
const LOW_BITS: readonly ts.SyntaxKind[] = [
  ts.SyntaxKind.PlusToken,
  ts.SyntaxKind.MinusToken,
  ts.SyntaxKind.AsteriskToken,
  ts.SyntaxKind.AmpersandToken,
  ts.SyntaxKind.BarToken,
  ts.SyntaxKind.CaretToken,
];

/**
 * Whether only the low 32 bits of a node's value matter: it goes, through sums and unions that keep them, into a mask or
 * into `| 0`, which closes what is not exact.
 */
function isNarrowed(context: Context, node: ts.Expression): boolean {
  let child: ts.Node = node;
  let parent = node.parent;
  let isSummed = false;
  for (;;) {
    while (ts.isParenthesizedExpression(parent)) {
      child = parent;
      parent = parent.parent;
    }
    if (!ts.isBinaryExpression(parent) || !LOW_BITS.includes(parent.operatorToken.kind)) {
      return false;
    }
    const other = parent.left === child ? parent.right : parent.left;
    const kind = parent.operatorToken.kind;
    if (kind === ts.SyntaxKind.AmpersandToken && boundOf(context.checker, other) >= 0) {
      return true;
    }
    // `x | 0` is closed only when x is a sum: a union of shifts counts as exact.
    if (kind === ts.SyntaxKind.BarToken && isZero(other)) {
      return isSummed;
    }
    isSummed = SUMS.includes(kind);
    child = parent;
    parent = parent.parent;
  }
}

/** A count of 0 … 31, as JavaScript takes it from any number. */
function transformCount(context: Context, count: ts.Expression, expression: tstl.Expression): tstl.Expression {
  const bound = boundOf(context.checker, count);
  return bound >= 0 && bound <= 31
    ? expression
    : operation(expression, tstl.SyntaxKind.BitwiseAndOperator, tstl.createNumericLiteral(31));
}

function shiftLeft(
  context: Context,
  node: ts.BinaryExpression,
  left: ts.Expression,
  right: ts.Expression,
): tstl.Expression {
  const [value, count] = transformPair(context, left, right);
  const shifted = operation(value, tstl.SyntaxKind.BitwiseLeftShiftOperator, transformCount(context, right, count));
  const valueBound = boundOf(context.checker, left);
  const countBound = boundOf(context.checker, right);
  const small = valueBound >= 0 && countBound >= 0 && countBound <= 31 && valueBound * 2 ** countBound < 0x80000000;
  return small || isNarrowed(context, node) ? shifted : closed(context, shifted);
}

function shiftRightUnsigned(context: Context, left: ts.Expression, right: ts.Expression): tstl.Expression {
  const [value, count] = transformPair(context, left, right);
  const positive = boundOf(context.checker, left) >= 0;
  const bits = positive ? value : operation(value, tstl.SyntaxKind.BitwiseAndOperator, raw(ALL_BITS));
  return operation(bits, tstl.SyntaxKind.BitwiseRightShiftOperator, transformCount(context, right, count));
}

function shiftRight(context: Context, left: ts.Expression, right: ts.Expression): tstl.Expression {
  if (boundOf(context.checker, left) >= 0) {
    return shiftRightUnsigned(context, left, right);
  }
  const count = constantOf(context.checker, right);
  if (count !== undefined && count >= 0 && count <= LAST_POSITIVE_BIT) {
    const value = context.transformExpression(left);
    const exact = isSum(left) ? closed(context, value) : value;
    return operation(exact, tstl.SyntaxKind.FloorDivisionOperator, tstl.createNumericLiteral(2 ** count));
  }
  // Shifts the bits as they are and copies the sign down: ((x >>> n) ^ s) - s with s = the sign bit shifted likewise.
  const [value, countExpression] = transformPair(context, left, right);
  const held = hold(context, transformCount(context, right, countExpression));
  const unsigned = operation(value, tstl.SyntaxKind.BitwiseAndOperator, raw(ALL_BITS));
  const shifted = operation(unsigned, tstl.SyntaxKind.BitwiseRightShiftOperator, held);
  const sign = operation(raw(SIGN_BIT), tstl.SyntaxKind.BitwiseRightShiftOperator, held);
  const flipped = operation(shifted, tstl.SyntaxKind.BitwiseExclusiveOrOperator, sign);
  return operation(flipped, tstl.SyntaxKind.SubtractionOperator, sign);
}

const SUMS: readonly ts.SyntaxKind[] = [ts.SyntaxKind.PlusToken, ts.SyntaxKind.MinusToken, ts.SyntaxKind.AsteriskToken];

function isSum(expression: ts.Expression): boolean {
  const node = inner(expression);
  return ts.isBinaryExpression(node) && SUMS.includes(node.operatorToken.kind);
}

/** One side of `|`, `&` or `^`: an open sum is closed first, unless the other side masks it. */
function transformBits(context: Context, node: ts.BinaryExpression): tstl.Expression | undefined {
  const masks = node.operatorToken.kind === ts.SyntaxKind.AmpersandToken;
  const leftOpen = isSum(node.left) && boundOf(context.checker, node.left) < 0;
  const rightOpen = isSum(node.right) && boundOf(context.checker, node.right) < 0;
  const masked = masks && (boundOf(context.checker, node.left) >= 0 || boundOf(context.checker, node.right) >= 0);
  if (masked || (!leftOpen && !rightOpen)) {
    return undefined;
  }
  const [left, right] = transformPair(context, node.left, node.right);
  const operator = BIT_OPERATORS[node.operatorToken.kind];
  return operator === undefined
    ? undefined
    : operation(leftOpen ? closed(context, left) : left, operator, rightOpen ? closed(context, right) : right);
}

const BIT_OPERATORS: { readonly [operator: number]: tstl.BinaryOperator | undefined } = {
  [ts.SyntaxKind.BarToken]: tstl.SyntaxKind.BitwiseOrOperator,
  [ts.SyntaxKind.AmpersandToken]: tstl.SyntaxKind.BitwiseAndOperator,
  [ts.SyntaxKind.CaretToken]: tstl.SyntaxKind.BitwiseExclusiveOrOperator,
};

/** An integer operator in Lua, or undefined when TypeScriptToLua's own form is exact. */
export function transformInteger(context: Context, node: ts.BinaryExpression): tstl.Expression | undefined {
  const value = folded(context, node);
  if (value !== undefined) {
    return integerLiteral(value, node);
  }
  switch (node.operatorToken.kind) {
    case ts.SyntaxKind.BarToken:
      return transformClosing(context, node) ?? transformBits(context, node);
    case ts.SyntaxKind.AmpersandToken:
    case ts.SyntaxKind.CaretToken:
      return transformBits(context, node);
    case ts.SyntaxKind.LessThanLessThanToken:
      return shiftLeft(context, node, node.left, node.right);
    case ts.SyntaxKind.GreaterThanGreaterThanToken:
      return shiftRight(context, node.left, node.right);
    case ts.SyntaxKind.GreaterThanGreaterThanGreaterThanToken:
      return shiftRightUnsigned(context, node.left, node.right);
    default:
      return undefined;
  }
}

/** The int32 that an expression of constants always is, or undefined. */
function folded(context: Context, node: ts.Expression): number | undefined {
  const value = constantOf(context.checker, node);
  return value !== undefined && (value | 0) === value ? value : undefined;
}

/** `-constant` and `~constant` as a literal, or undefined for any other sign. */
export function transformSign(context: Context, node: ts.PrefixUnaryExpression): tstl.Expression | undefined {
  const value = folded(context, node);
  return value === undefined ? undefined : integerLiteral(value, node);
}
