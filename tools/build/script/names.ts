// The names in a part of a script: which it declares, says and writes to. Names of fields and of labels are none of them.

import type { AnyNode } from "acorn";
import { isFunction, isPart, makeName, mapParts, nameOf, partsOf } from "./tree";

export interface Names {
  declared: Set<string>;
  said: Set<string>;
  assigned: Set<string>;
  /** Whether it cannot stand in another function: it makes functions, catches, or says `this` or `arguments`. */
  isBound: boolean;
}

/** What a name is used for. */
export type Use = "call" | "value" | "write";

/** Tells every use of a name in a part, the callee of a call as such. */
export function eachUse(node: AnyNode, tell: (name: string, use: Use) => void): void {
  switch (node.type) {
    case "Identifier":
      tell(node.name, "value");
      return;
    case "MemberExpression":
      eachUse(node.object, tell);
      if (node.computed) {
        eachUse(node.property, tell);
      }
      return;
    case "Property":
      eachUse(node.value, tell);
      return;
    case "CallExpression":
      if (node.callee.type === "Identifier") {
        tell(node.callee.name, "call");
      } else {
        eachUse(node.callee, tell);
      }
      for (const value of node.arguments) {
        eachUse(value, tell);
      }
      return;
    case "AssignmentExpression":
      if (node.left.type === "Identifier") {
        tell(node.left.name, "write");
      } else {
        eachUse(node.left, tell);
      }
      eachUse(node.right, tell);
      return;
    case "UpdateExpression":
      if (node.argument.type === "Identifier") {
        tell(node.argument.name, "write");
      } else {
        eachUse(node.argument, tell);
      }
      return;
    case "VariableDeclarator":
      if (isPart(node.init)) {
        eachUse(node.init, tell);
      }
      return;
    case "FunctionDeclaration":
    case "FunctionExpression":
      eachUse(node.body, tell);
      return;
    case "LabeledStatement":
      eachUse(node.body, tell);
      return;
    case "BreakStatement":
    case "ContinueStatement":
      return;
    default:
      for (const part of partsOf(node)) {
        eachUse(part, tell);
      }
  }
}

function visit(node: AnyNode, found: Names): void {
  if (node.type === "VariableDeclarator") {
    found.declared.add(nameOf(node.id));
    if (isPart(node.init)) {
      found.assigned.add(nameOf(node.id));
    }
  } else if (isFunction(node) || node.type === "ThisExpression" || node.type === "TryStatement") {
    found.isBound = true;
  } else if (node.type === "ForInStatement" || node.type === "WithStatement") {
    found.isBound = true;
  }
  for (const part of partsOf(node)) {
    visit(part, found);
  }
}

/** The names of some parts, functions inside of them included. */
export function namesIn(nodes: readonly AnyNode[]): Names {
  const found: Names = { declared: new Set(), said: new Set(), assigned: new Set(), isBound: false };
  for (const node of nodes) {
    visit(node, found);
    eachUse(node, (name, use) => {
      (use === "write" ? found.assigned : found.said).add(name);
    });
  }
  found.isBound ||= found.said.has("arguments");
  return found;
}

/** A part with other names, or values, in the place of names. A name that is declared or written to may only get a name. */
export function renamed<T extends AnyNode>(node: T, names: ReadonlyMap<string, AnyNode>): T {
  const change = (part: AnyNode): AnyNode => {
    switch (part.type) {
      case "Identifier": {
        const value = names.get(part.name);
        return value === undefined ? part : value.type === "Identifier" ? makeName(part, value.name) : value;
      }
      case "MemberExpression":
        return {
          ...part,
          object: change(part.object),
          property: part.computed ? change(part.property) : part.property,
        } as AnyNode;
      case "Property":
        return { ...part, value: change(part.value) } as AnyNode;
      case "FunctionDeclaration":
      case "FunctionExpression":
        return { ...part, params: part.params.map(change), body: change(part.body) } as AnyNode;
      case "LabeledStatement":
        return { ...part, body: change(part.body) } as AnyNode;
      case "BreakStatement":
      case "ContinueStatement":
        return part;
      default:
        return mapParts(part, change);
    }
  };
  return change(node) as T;
}
