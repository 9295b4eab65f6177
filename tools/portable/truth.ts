// Rules on truth and on nothing: a condition is a boolean (in Lua 0 and "" are true), and there is no null, undefined or
// optional field (in Lua they are one and the same, and make holes).

import ts from "typescript";
import { inner, isEvery, isTypeOnly, type Place } from "./place";

const LOGICAL: readonly ts.SyntaxKind[] = [ts.SyntaxKind.AmpersandAmpersandToken, ts.SyntaxKind.BarBarToken];

const NULLISH: readonly ts.SyntaxKind[] = [
  ts.SyntaxKind.QuestionQuestionToken,
  ts.SyntaxKind.QuestionQuestionEqualsToken,
  ts.SyntaxKind.AmpersandAmpersandEqualsToken,
  ts.SyntaxKind.BarBarEqualsToken,
];

/** Refuses conditions that are no booleans. */
export function checkTruth(node: ts.Node, place: Place): void {
  if (ts.isIfStatement(node) || ts.isWhileStatement(node) || ts.isDoStatement(node)) {
    checkBoolean(node.expression, place);
  } else if (ts.isForStatement(node) && node.condition !== undefined) {
    checkBoolean(node.condition, place);
  } else if (ts.isConditionalExpression(node)) {
    checkBoolean(node.condition, place);
  } else if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) {
    checkBoolean(node.operand, place);
  } else if (ts.isBinaryExpression(node) && LOGICAL.includes(node.operatorToken.kind)) {
    checkBoolean(node.left, place);
    checkBoolean(node.right, place);
  }
}

function checkBoolean(node: ts.Expression, place: Place): void {
  const expression = inner(node);
  if (ts.isBinaryExpression(expression) && LOGICAL.includes(expression.operatorToken.kind)) {
    return; // its operands answer for themselves
  }
  const type = place.checker.getTypeAtLocation(node);
  if (!isEvery(type, ts.TypeFlags.BooleanLike)) {
    const name = place.checker.typeToString(place.checker.getBaseTypeOfLiteralType(type));
    place.refuse(node, "truth", `a condition is a boolean, not ${name}; compare it`);
  }
}

/** Refuses null, undefined and what may be missing. */
export function checkNothing(node: ts.Node, place: Place): void {
  if (node.kind === ts.SyntaxKind.NullKeyword || node.kind === ts.SyntaxKind.UndefinedKeyword) {
    place.refuse(node, "nothing", "no null or undefined; use -1, NONE or a sentinel record");
  } else if (ts.isIdentifier(node) && node.text === "undefined" && !isTypeOnly(node)) {
    place.refuse(node, "nothing", "no null or undefined; use -1, NONE or a sentinel record");
  } else if (ts.isPropertySignature(node) || ts.isParameter(node) || ts.isMethodSignature(node)) {
    if (node.questionToken !== undefined) {
      place.refuse(node, "optional", "no optional fields or parameters; every record has every field");
    } else if (ts.isParameter(node) && node.initializer !== undefined) {
      place.refuse(node, "optional", "no default values; the caller says all");
    }
  } else if (ts.isNonNullExpression(node)) {
    place.refuse(node, "nothing", "nothing is ever missing, so nothing is asserted with !");
  } else if (ts.isOptionalChain(node) && !ts.isNonNullChain(node) && node.questionDotToken !== undefined) {
    place.refuse(node, "nothing", "nothing is ever missing; no ?.");
  } else if (ts.isBinaryExpression(node) && NULLISH.includes(node.operatorToken.kind)) {
    place.refuse(node, "nothing", "nothing is ever missing; write the condition out");
  } else if (
    ts.isVariableDeclaration(node) &&
    node.initializer === undefined &&
    !isLoopVariable(node) &&
    !isAmbient(node)
  ) {
    place.refuse(node, "nothing", "a variable starts with a value");
  }
}

/** Whether a variable is only declared: a shell puts it before the program. */
function isAmbient(node: ts.VariableDeclaration): boolean {
  return (ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Ambient) !== 0;
}

/** Whether a variable gets its value from a for-of or for-in, which are refused themselves. */
function isLoopVariable(node: ts.VariableDeclaration): boolean {
  const statement = node.parent.parent;
  return ts.isForOfStatement(statement) || ts.isForInStatement(statement);
}
