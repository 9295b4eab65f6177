// Rules on allocation: everything is made at boot, in functions named create… or at module level; spread, rest and
// destructuring make hidden objects and are refused there too.

import ts from "typescript";
import { isBoot, isBootName, isLibrary, isTypeOnly, type Place, symbolOf } from "./place";

/** The one file that makes buffers. */
const BUFFER_FILE = "firmware/bytes/bytes.ts";
const BUFFER_TYPES: readonly string[] = ["Uint8Array", "Int16Array", "Uint16Array"];

/** Refuses whatever allocates after boot. */
export function checkAllocation(node: ts.Node, place: Place): void {
  if (ts.isSpreadElement(node) || ts.isSpreadAssignment(node)) {
    place.refuse(node, "spread", "spread allocates; name the fields or use an index loop");
  } else if (ts.isObjectBindingPattern(node) || ts.isArrayBindingPattern(node)) {
    place.refuse(node, "destructuring", "destructuring is refused; read the fields one by one");
  } else if (ts.isParameter(node) && node.dotDotDotToken !== undefined) {
    if (!isTypeOnly(node)) {
      place.refuse(node, "rest", "a rest parameter allocates; name the parameters");
    }
  } else if (ts.isObjectLiteralExpression(node) || ts.isArrayLiteralExpression(node)) {
    checkLiteral(node, place);
  } else if (ts.isNewExpression(node)) {
    checkNew(node, place);
  } else if (ts.isCallExpression(node)) {
    checkCall(node, place);
  } else if (ts.isComputedPropertyName(node)) {
    place.refuse(node, "computed-name", "a record's fields have fixed names");
  }
}

function checkLiteral(node: ts.ObjectLiteralExpression | ts.ArrayLiteralExpression, place: Place): void {
  const parent = node.parent;
  if (
    ts.isBinaryExpression(parent) &&
    parent.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
    parent.left === node
  ) {
    place.refuse(node, "destructuring", "destructuring is refused; read the fields one by one");
    return;
  }
  if (ts.isArrayLiteralExpression(node) && node.elements.some(ts.isOmittedExpression)) {
    place.refuse(node, "hole", "an array has no holes");
  }
  if (!isBoot(node)) {
    const what = ts.isArrayLiteralExpression(node) ? "an array" : "an object";
    place.refuse(node, "literal", `${what} literal allocates; make it in a create… function at boot`);
  }
}

function checkNew(node: ts.NewExpression, place: Place): void {
  const name = ts.isIdentifier(node.expression) ? node.expression.text : "";
  if (!BUFFER_TYPES.includes(name) || place.path !== BUFFER_FILE) {
    place.refuse(
      node,
      "new",
      "new is refused; records are literals in create… functions, buffers come from createBytes",
    );
  } else if (!isBoot(node)) {
    place.refuse(node, "new", "new allocates; make it in a create… function at boot");
  } else if (node.arguments?.length !== 1 || !isNumber(node.arguments[0], place)) {
    place.refuse(node, "new", "a buffer is made of its length");
  }
}

function isNumber(node: ts.Expression, place: Place): boolean {
  return (place.checker.getTypeAtLocation(node).flags & ts.TypeFlags.NumberLike) !== 0;
}

function checkCall(node: ts.CallExpression, place: Place): void {
  if (isBoot(node)) {
    return;
  }
  const callee = node.expression;
  if (ts.isIdentifier(callee) && isBootName(callee.text)) {
    place.refuse(node, "boot-call", `${callee.text} allocates; call it at boot, from a create… function`);
  } else if (ts.isPropertyAccessExpression(callee) && callee.name.text === "push") {
    if (isLibrary(place, symbolOf(place.checker, callee.name))) {
      place.refuse(node, "push", "push allocates; fill arrays in create… functions at boot");
    }
  }
}
