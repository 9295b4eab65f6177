// Rules on text: strings are constants of boot; after it none is built, joined, compared or taken apart, except that a
// letter of a module-level constant is read with charCodeAt.

import ts from "typescript";
import { constantDeclaration } from "./constant";
import { inner, isBoot, isLibrary, isText, isTypeOnly, type Place, symbolOf } from "./place";

const JOINS: readonly ts.SyntaxKind[] = [ts.SyntaxKind.PlusToken, ts.SyntaxKind.PlusEqualsToken];

const COMPARISONS: readonly ts.SyntaxKind[] = [
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
  ts.SyntaxKind.LessThanToken,
  ts.SyntaxKind.LessThanEqualsToken,
  ts.SyntaxKind.GreaterThanToken,
  ts.SyntaxKind.GreaterThanEqualsToken,
];

/** Refuses work on strings after boot, and what strings of Lua cannot do at all. */
export function checkText(node: ts.Node, place: Place): void {
  if (ts.isRegularExpressionLiteral(node)) {
    place.refuse(node, "regex", "no regular expressions; scan the octets");
  } else if (ts.isTemplateExpression(node) && !isTypeOnly(node)) {
    if (!isBoot(node)) {
      place.refuse(node, "string-building", "no string is built after boot; use the writer");
    }
  } else if (ts.isTaggedTemplateExpression(node)) {
    place.refuse(node, "string-building", "no tagged templates");
  } else if (ts.isBinaryExpression(node)) {
    checkOperator(node, place);
  } else if (ts.isSwitchStatement(node)) {
    if (!isBoot(node) && isText(place, node.expression)) {
      place.refuse(node.expression, "string-comparison", "no string is compared after boot; use numbers or equalText");
    }
  } else if (ts.isElementAccessExpression(node)) {
    checkElement(node, place);
  } else if (ts.isPropertyAccessExpression(node) && node.name.text === "charCodeAt") {
    checkCharCodeAt(node, place);
  }
}

function checkOperator(node: ts.BinaryExpression, place: Place): void {
  const operator = node.operatorToken.kind;
  const joins = JOINS.includes(operator);
  if ((!joins && !COMPARISONS.includes(operator)) || isBoot(node)) {
    return;
  }
  if (isText(place, node.left) || isText(place, node.right)) {
    if (joins) {
      place.refuse(node, "string-building", "no string is built after boot; use the writer");
    } else {
      place.refuse(node, "string-comparison", "no string is compared after boot; use numbers or equalText");
    }
  }
}

function checkElement(node: ts.ElementAccessExpression, place: Place): void {
  if (isText(place, node.expression)) {
    place.refuse(node, "string-index", "a letter is read with charCodeAt");
  } else if (isText(place, node.argumentExpression)) {
    place.refuse(node, "string-index", "a field is read by its name: record.name");
  }
}

function checkCharCodeAt(node: ts.PropertyAccessExpression, place: Place): void {
  if (isBoot(node) || !isLibrary(place, symbolOf(place.checker, node.name))) {
    return;
  }
  const subject = inner(node.expression);
  const declaration = ts.isIdentifier(subject) ? constantDeclaration(symbolOf(place.checker, subject)) : undefined;
  if (declaration === undefined || !ts.isSourceFile(declaration.parent.parent.parent)) {
    place.refuse(node, "string-method", "after boot charCodeAt reads module-level constants only");
  }
}
