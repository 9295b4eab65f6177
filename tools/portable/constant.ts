// The values of numbers that are known before anything runs: literals, constants made of them, members of enumerations,
// and sums, products, shifts and masks of such. Used by the number rules and by the Lua build, which writes the values in.

import ts from "typescript";
import { inner, symbolOf } from "./place";

type Arithmetic = (left: number, right: number) => number;

const ARITHMETIC: { readonly [operator: number]: Arithmetic | undefined } = {
  [ts.SyntaxKind.PlusToken]: (left, right) => left + right,
  [ts.SyntaxKind.MinusToken]: (left, right) => left - right,
  [ts.SyntaxKind.AsteriskToken]: (left, right) => left * right,
  [ts.SyntaxKind.SlashToken]: (left, right) => left / right,
  [ts.SyntaxKind.PercentToken]: (left, right) => left % right,
  [ts.SyntaxKind.AmpersandToken]: (left, right) => left & right,
  [ts.SyntaxKind.BarToken]: (left, right) => left | right,
  [ts.SyntaxKind.CaretToken]: (left, right) => left ^ right,
  [ts.SyntaxKind.LessThanLessThanToken]: (left, right) => left << right,
  [ts.SyntaxKind.GreaterThanGreaterThanToken]: (left, right) => left >> right,
  [ts.SyntaxKind.GreaterThanGreaterThanGreaterThanToken]: (left, right) => left >>> right,
};

/** The `const` that a symbol names, when it has a value of its own. */
export function constantDeclaration(symbol: ts.Symbol | undefined): ts.VariableDeclaration | undefined {
  const declaration = symbol?.valueDeclaration;
  if (
    declaration !== undefined &&
    ts.isVariableDeclaration(declaration) &&
    ts.isIdentifier(declaration.name) &&
    declaration.initializer !== undefined &&
    (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0
  ) {
    return declaration;
  }
  return undefined;
}

/** The value of an expression, or undefined when only a run can tell. */
export function constantOf(checker: ts.TypeChecker, expression: ts.Expression): number | undefined {
  const node = inner(expression);
  if (ts.isNumericLiteral(node)) {
    return Number(node.text);
  }
  if (ts.isPrefixUnaryExpression(node)) {
    const operand = constantOf(checker, node.operand);
    if (operand !== undefined && node.operator === ts.SyntaxKind.MinusToken) {
      return -operand;
    }
    return operand !== undefined && node.operator === ts.SyntaxKind.TildeToken ? ~operand : undefined;
  }
  if (ts.isBinaryExpression(node)) {
    const arithmetic = ARITHMETIC[node.operatorToken.kind];
    if (arithmetic === undefined) {
      return undefined;
    }
    const left = constantOf(checker, node.left);
    const right = left === undefined ? undefined : constantOf(checker, node.right);
    return left === undefined || right === undefined ? undefined : arithmetic(left, right);
  }
  if (ts.isPropertyAccessExpression(node)) {
    const value = checker.getConstantValue(node);
    return typeof value === "number" ? value : undefined;
  }
  if (ts.isIdentifier(node)) {
    const declaration = constantDeclaration(symbolOf(checker, node));
    return declaration?.initializer === undefined ? undefined : constantOf(checker, declaration.initializer);
  }
  return undefined;
}
