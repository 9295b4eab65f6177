// Doorline's plugin for TypeScriptToLua: exact 32-bit integers, buffers, constants written in, and the portable-subset
// check of firmware/ and hal/*.ts as errors of the compiler. One Lua text runs in Lua 5.3, 5.4 and 32-bit-integer builds.

import ts from "typescript";
import type * as tstl from "typescript-to-lua";
import { withoutReason } from "../build/without-reasons";
import { checkProgram, toDiagnostic } from "../portable/check";
import { transformCharCodeAt, transformNewBuffer } from "./buffers";
import { isWrittenIn, leaveOutImports, transformConstant } from "./constants";
import { isImul, transformImul, transformInteger, transformSign } from "./integers";
import { transformLetters } from "./letters";
import { withRecordLength, withRecordLengthInTable } from "./record-length";
import { transformTemplate } from "./template";

/** `x <<= n` and its kin, and `x |= 0`, which TypeScriptToLua does not hand to a visitor of binary expressions. */
const SHIFT_ASSIGNMENTS: { readonly [operator: number]: ts.BinaryOperator | undefined } = {
  [ts.SyntaxKind.LessThanLessThanEqualsToken]: ts.SyntaxKind.LessThanLessThanToken,
  [ts.SyntaxKind.GreaterThanGreaterThanEqualsToken]: ts.SyntaxKind.GreaterThanGreaterThanToken,
  [ts.SyntaxKind.GreaterThanGreaterThanGreaterThanEqualsToken]: ts.SyntaxKind.GreaterThanGreaterThanGreaterThanToken,
};

function failure(file: ts.SourceFile | undefined, node: ts.Node | undefined, messageText: string): ts.Diagnostic {
  return {
    category: ts.DiagnosticCategory.Error,
    code: 900001,
    source: "doorline",
    file,
    start: node?.getStart(file),
    length: node === undefined ? undefined : node.getEnd() - node.getStart(file),
    messageText,
  };
}

/** The operator inside an assignment that has to be written out, or undefined for any other statement. */
function assignedOperator(expression: ts.Expression): ts.BinaryOperator | undefined {
  if (!ts.isBinaryExpression(expression)) {
    return undefined;
  }
  const closes = ts.isNumericLiteral(expression.right) && expression.right.text === "0";
  return closes && expression.operatorToken.kind === ts.SyntaxKind.BarEqualsToken
    ? ts.SyntaxKind.BarToken
    : SHIFT_ASSIGNMENTS[expression.operatorToken.kind];
}

/** Names, fields of names and sums of them: what may be written twice without being evaluated twice. */
function isPlace(node: ts.Expression): boolean {
  if (ts.isIdentifier(node) || ts.isNumericLiteral(node)) {
    return true;
  }
  if (ts.isPropertyAccessExpression(node)) {
    return isPlace(node.expression);
  }
  if (ts.isBinaryExpression(node)) {
    return node.operatorToken.kind < ts.SyntaxKind.FirstAssignment && isPlace(node.left) && isPlace(node.right);
  }
  return ts.isElementAccessExpression(node) && isPlace(node.expression) && isPlace(node.argumentExpression);
}

function transformStatement(node: ts.ExpressionStatement, context: tstl.TransformationContext): tstl.Statement[] {
  const expression = node.expression;
  const operator = assignedOperator(expression);
  if (!ts.isBinaryExpression(expression) || operator === undefined) {
    return context.superTransformStatements(node);
  }
  if (!isPlace(expression.left)) {
    context.diagnostics.push(failure(context.sourceFile, node, "write it out: x = x << n"));
    return [];
  }
  const { factory } = ts;
  const parenthesized = factory.createParenthesizedExpression(expression.right);
  const value = factory.createBinaryExpression(expression.left, operator, parenthesized);
  const assignment = factory.createExpressionStatement(factory.createAssignment(expression.left, value));
  adopt(assignment, node.parent);
  return context.transformStatements(assignment);
}

/** Gives made nodes their parents, which visitors ask for. */
function adopt(node: ts.Node, parent: ts.Node): void {
  if (node.parent === undefined) {
    (node as { parent: ts.Node }).parent = parent;
    ts.forEachChild(node, (child) => adopt(child, node));
  }
}

/** Every `__TS__…` function that a Lua text calls without having it. */
export function missingLibraryFunctions(code: string): string[] {
  const used = new Set(code.match(/\b__TS__\w+/g) ?? []);
  for (const definition of code.matchAll(/\blocal (?:function )?(__TS__\w+)/g)) {
    used.delete(definition[1]);
  }
  return [...used].sort();
}

/**
 * The plugin.
 * @param root the root of the project
 * @param check whether firmware/ and hal/*.ts are checked against the subset
 */
export function createPlugin(root: string, check: boolean): tstl.Plugin {
  return {
    visitors: {
      [ts.SyntaxKind.SourceFile]: (node, context) => {
        leaveOutImports(context);
        return context.superTransformNode(node)[0] as tstl.File;
      },
      [ts.SyntaxKind.BinaryExpression]: (node, context) =>
        transformInteger(context, node) ?? context.superTransformExpression(node),
      [ts.SyntaxKind.PrefixUnaryExpression]: (node, context) =>
        transformSign(context, node) ?? context.superTransformExpression(node),
      [ts.SyntaxKind.ExpressionStatement]: transformStatement,
      [ts.SyntaxKind.Identifier]: (node, context) =>
        transformConstant(context, node) ?? context.superTransformExpression(node),
      [ts.SyntaxKind.StringLiteral]: (node, context) =>
        transformLetters(node) ?? context.superTransformExpression(node),
      [ts.SyntaxKind.NoSubstitutionTemplateLiteral]: (node, context) =>
        transformLetters(node) ?? context.superTransformExpression(node),
      [ts.SyntaxKind.TemplateExpression]: transformTemplate,
      [ts.SyntaxKind.VariableStatement]: (node, context) =>
        isWrittenIn(context, node) ? [] : context.superTransformStatements(node),
      [ts.SyntaxKind.ObjectLiteralExpression]: (node, context) =>
        withRecordLengthInTable(context, node, context.superTransformExpression(withoutReason(node))),
      [ts.SyntaxKind.PropertyAccessExpression]: (node, context) =>
        withRecordLength(context, node, context.superTransformExpression(node)),
      [ts.SyntaxKind.NewExpression]: (node, context) =>
        transformNewBuffer(context, node) ?? context.superTransformExpression(node),
      [ts.SyntaxKind.CallExpression]: (node, context) =>
        (isImul(node) ? transformImul(context, node) : transformCharCodeAt(context, node)) ??
        context.superTransformExpression(node),
    },
    beforeTransform: (program) => (check ? checkProgram(program, root).map(toDiagnostic) : []),
  };
}
