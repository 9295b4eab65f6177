// The names of locals in pieces of Lua: which are declared, said and assigned to, and how a piece gets others.

import * as tstl from "typescript-to-lua";
import { Rebuilder } from "./lua-tree";

/** The names in a piece of a function. */
export interface NamesIn {
  declared: Set<string>;
  /** Names that are not declared among the statements. */
  said: Set<string>;
  assigned: Set<string>;
  hasFunctions: boolean;
}

/** Reads the names of statements. */
export function namesIn(statements: readonly tstl.Statement[]): NamesIn {
  const names: NamesIn = { declared: new Set(), said: new Set(), assigned: new Set(), hasFunctions: false };
  const look = new Rebuilder({
    free: (node) => {
      names.said.add(node.text);
      return node;
    },
    member: () => undefined,
    expression: (node) => {
      names.hasFunctions = names.hasFunctions || tstl.isFunctionExpression(node);
      return node;
    },
    statements: (nodes) => {
      for (const node of nodes) {
        for (const target of tstl.isAssignmentStatement(node) ? node.left : []) {
          names.assigned.add(tstl.isIdentifier(target) ? target.text : "");
        }
      }
      return nodes;
    },
    local: (name) => names.declared.add(name),
  });
  look.statement(tstl.createDoStatement([...statements]));
  return names;
}

/** A tree with other names for some of its locals. The program's names stay the nodes that they are. */
export function renamed<T>(node: T, names: ReadonlyMap<string, string>): T {
  if (Array.isArray(node)) {
    return node.map((part) => renamed(part, names)) as T;
  }
  if (typeof node !== "object" || node === null) {
    return node;
  }
  if ("kind" in node && node.kind === tstl.SyntaxKind.Identifier && "text" in node) {
    const text = names.get(node.text as string);
    return text === undefined ? node : { ...node, text };
  }
  const isMethod = "prefixExpression" in node;
  const parts = Object.entries(node).map(([part, value]) =>
    isMethod && part === "name" ? [part, value] : [part, renamed(value, names)],
  );
  return Object.fromEntries(parts) as T;
}
