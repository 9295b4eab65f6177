// Numbers with a name, written in where the name is said: a VM looks a name up and keeps a place for it, a number is part of the code.

import type { AnyNode, Statement } from "acorn";
import { renamed } from "./names";
import { type Script, sourceOf } from "./program";
import { isPart } from "./tree";

/** Writes in what has one value from the beginning. */
export function writeConstants(script: Script): void {
  const uses = script.uses();
  const values = new Map<string, AnyNode>();
  for (const node of script.statements) {
    const value = numberIn(node);
    if (value !== undefined && uses.get(sourceOf(node))?.every(({ use }) => use === "value")) {
      values.set(sourceOf(node), value);
    }
  }
  script.statements = script.statements
    .filter((node) => !(node.type === "VariableDeclaration" && values.has(sourceOf(node))))
    .map((node) => renamed(node, values));
}

function numberIn(node: Statement): AnyNode | undefined {
  const value =
    node.type === "VariableDeclaration" && node.declarations.length === 1 ? node.declarations[0].init : null;
  return isPart(value) && isNumber(value) ? value : undefined;
}

function isNumber(node: AnyNode): boolean {
  return node.type === "UnaryExpression"
    ? node.operator === "-" && isNumber(node.argument)
    : node.type === "Literal" && typeof node.value === "number";
}
