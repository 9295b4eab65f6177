// Rules on JavaScript's own library and operators: next to nothing of it exists in every VM, so everything is refused but
// `length`, `push` at boot, `charCodeAt`, and Math.imul in crypto.

import ts from "typescript";
import { isLibrary, isTypeOnly, type Place, symbolOf } from "./place";

const BUFFER_FILE = "firmware/bytes/bytes.ts";
/** Where a global that a shell may have set is looked for. */
const TWINS_FILE = "firmware/bytes/twins.ts";
const BUFFER_TYPES: readonly string[] = ["Uint8Array", "Int16Array", "Uint16Array"];
const MEMBERS: readonly string[] = ["length", "push", "charCodeAt"];

type Refusal = readonly [rule: string, message: string];

const OPERATORS: { readonly [kind: number]: Refusal | undefined } = {
  [ts.SyntaxKind.InstanceOfKeyword]: ["operator", "no instanceof; a record carries its kind as a number"],
  [ts.SyntaxKind.InKeyword]: ["operator", "no in; every record has every field"],
  [ts.SyntaxKind.CommaToken]: ["operator", "no comma operator; write two statements"],
  [ts.SyntaxKind.EqualsEqualsToken]: ["operator", "use ==="],
  [ts.SyntaxKind.ExclamationEqualsToken]: ["operator", "use !=="],
};

const EXPRESSIONS: { readonly [kind: number]: Refusal | undefined } = {
  [ts.SyntaxKind.TypeOfExpression]: ["operator", "no typeof; a record carries its kind as a number"],
  [ts.SyntaxKind.DeleteExpression]: ["operator", "no delete; every record has every field"],
  [ts.SyntaxKind.VoidExpression]: ["operator", "no void operator"],
};

/** Refuses the operators that Lua lacks. */
export function checkOperators(node: ts.Node, place: Place): void {
  const expression = EXPRESSIONS[node.kind];
  if (expression !== undefined) {
    if (!ts.isTypeOfExpression(node) || place.path !== TWINS_FILE) {
      place.refuse(node, expression[0], expression[1]);
    }
  } else if (ts.isBinaryExpression(node)) {
    const operator = OPERATORS[node.operatorToken.kind];
    if (operator !== undefined) {
      place.refuse(node, operator[0], operator[1]);
    }
  }
}

/** Refuses names and members of JavaScript's library. */
export function checkLibrary(node: ts.Node, place: Place): void {
  if (ts.isPropertyAccessExpression(node)) {
    checkMember(node, place);
  } else if (ts.isElementAccessExpression(node)) {
    checkElement(node, place);
  } else if (ts.isIdentifier(node)) {
    checkName(node, place);
  }
}

function checkMember(node: ts.PropertyAccessExpression, place: Place): void {
  const name = node.name.text;
  if (!isLibrary(place, symbolOf(place.checker, node.name)) || isMathImul(node, place)) {
    return;
  }
  if (!MEMBERS.includes(name)) {
    if (!ts.isIdentifier(node.expression) || !isLibrary(place, symbolOf(place.checker, node.expression))) {
      place.refuse(node, "library", `${name} is JavaScript's own and differs or allocates; use firmware/bytes`);
    }
    return;
  }
  const parent = node.parent;
  if (name !== "length") {
    if (!ts.isCallExpression(parent) || parent.expression !== node) {
      place.refuse(node, "library", `${name} is called, never handed on`);
    } else if (name === "push" && (parent.arguments.length !== 1 || !ts.isExpressionStatement(parent.parent))) {
      place.refuse(node, "library", "push takes one element and answers nothing");
    }
  } else if (isAssigned(node)) {
    place.refuse(node, "array-length", "an array's length is never written");
  }
}

function isAssigned(node: ts.Expression): boolean {
  const parent = node.parent;
  if (ts.isBinaryExpression(parent) && parent.left === node) {
    const operator = parent.operatorToken.kind;
    return operator >= ts.SyntaxKind.FirstAssignment && operator <= ts.SyntaxKind.LastAssignment;
  }
  return (
    (ts.isPrefixUnaryExpression(parent) || ts.isPostfixUnaryExpression(parent)) &&
    (parent.operator === ts.SyntaxKind.PlusPlusToken || parent.operator === ts.SyntaxKind.MinusMinusToken)
  );
}

function isMathImul(node: ts.PropertyAccessExpression, place: Place): boolean {
  return (
    place.crypto &&
    ts.isIdentifier(node.expression) &&
    node.expression.text === "Math" &&
    node.name.text === "imul" &&
    ts.isCallExpression(node.parent) &&
    node.parent.expression === node
  );
}

function checkElement(node: ts.ElementAccessExpression, place: Place): void {
  if (ts.isStringLiteralLike(node.argumentExpression)) {
    const symbol = place.checker.getTypeAtLocation(node.expression).getProperty(node.argumentExpression.text);
    if (isLibrary(place, symbol)) {
      place.refuse(node, "library", "JavaScript's own members are refused");
    }
  }
}

function checkName(node: ts.Identifier, place: Place): void {
  const parent = node.parent;
  if (node.text === "undefined" || isTypeOnly(node) || isNameOnly(node, parent)) {
    return;
  }
  if (node.text === "arguments") {
    place.refuse(node, "library", "no arguments; name the parameters");
    return;
  }
  const symbol = place.checker.getSymbolAtLocation(node);
  if (symbol === undefined || !isLibrary(place, symbol) || (symbol.flags & ts.SymbolFlags.Value) === 0) {
    return;
  }
  if (ts.isPropertyAccessExpression(parent) && parent.expression === node && isMathImul(parent, place)) {
    return;
  }
  if (ts.isNewExpression(parent) && place.path === BUFFER_FILE && BUFFER_TYPES.includes(node.text)) {
    return;
  }
  place.refuse(node, "library", `${node.text} is JavaScript's own and does not exist in every VM`);
}

/** Whether an identifier is the name of a member or declaration, not a value that is read. */
function isNameOnly(node: ts.Identifier, parent: ts.Node): boolean {
  if (ts.isPropertyAccessExpression(parent)) {
    return parent.name === node;
  }
  return (
    (ts.isPropertyAssignment(parent) || ts.isParameter(parent) || ts.isPropertySignature(parent)) &&
    parent.name === node
  );
}
