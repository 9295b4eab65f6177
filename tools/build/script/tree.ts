// Syntax trees of the linked script, as acorn reads them: how a pass of the build walks them and makes parts of its own. A tree
// is never changed in place; a made part has the place in the source of the one that it stands for.

import type {
  AnyNode,
  Expression,
  Function as FunctionPart,
  Identifier,
  Node,
  Pattern,
  Statement,
  VariableDeclaration,
  VariableDeclarator,
} from "acorn";

export type { FunctionPart };

/** A function as the passes take it: its parameters are plain names, its body a block. */
export interface ScriptFunction {
  params: readonly string[];
  body: readonly Statement[];
}

export function isPart(value: unknown): value is AnyNode {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}

/** The parts right below one, in their order in the source. */
export function partsOf(node: AnyNode): AnyNode[] {
  return Object.values(node).flatMap((value) =>
    Array.isArray(value) ? value.filter(isPart) : isPart(value) ? [value] : [],
  );
}

/** The same part with those right below it changed. */
export function mapParts<T extends AnyNode>(node: T, change: (part: AnyNode) => AnyNode): T {
  const copy: { [key: string]: unknown } = {};
  for (const [key, value] of Object.entries(node)) {
    copy[key] = Array.isArray(value)
      ? value.map((one) => (isPart(one) ? change(one) : one))
      : isPart(value)
        ? change(value)
        : value;
  }
  return copy as unknown as T;
}

export function isFunction(node: AnyNode): node is AnyNode & FunctionPart {
  return node.type === "FunctionDeclaration" || node.type === "FunctionExpression";
}

export function isStatement(node: AnyNode): node is Statement {
  return /Statement$|^VariableDeclaration$|^FunctionDeclaration$/.test(node.type);
}

/** A part without its place. */
type Unplaced<T> = T extends unknown ? Omit<T, "start" | "end" | "loc" | "range"> : never;

/** A part with the place of another. */
export function make<T extends AnyNode>(at: Node, part: Unplaced<T>): T {
  return { ...part, start: at.start, end: at.end, loc: at.loc } as unknown as T;
}

export function makeName(at: Node, name: string): Identifier {
  return make<Identifier>(at, { type: "Identifier", name });
}

/** `name = value` */
export function makeAssignment(at: Node, name: string, right: Expression): Expression {
  return make(at, { type: "AssignmentExpression", operator: "=", left: makeName(at, name), right });
}

export function makeStatement(at: Node, expression: Expression): Statement {
  return make(at, { type: "ExpressionStatement", expression });
}

export function makeBlock(at: Node, body: Statement[]): Statement {
  return body.length === 1 ? body[0] : make(at, { type: "BlockStatement", body });
}

/** `var name;` */
export function makeVariable(at: Node, name: string): Statement {
  const declarations = [
    make<VariableDeclarator>(at, { type: "VariableDeclarator", id: makeName(at, name), init: null }),
  ];
  return make<VariableDeclaration>(at, { type: "VariableDeclaration", kind: "var", declarations });
}

/** `if (test) { … } else { … }`; an empty other branch is none. */
export function makeChoice(at: Node, test: Expression, then: Statement[], other: Statement[]): Statement {
  return make(at, {
    type: "IfStatement",
    test,
    consequent: makeBlock(at, then),
    alternate: other.length === 0 ? null : makeBlock(at, other),
  });
}

/** `undefined` */
export function makeNothing(at: Node): Expression {
  const zero: Expression = make(at, { type: "Literal", value: 0, raw: "0" });
  return make(at, { type: "UnaryExpression", operator: "void", prefix: true, argument: zero });
}

/** The values of all, and the last one's. */
export function makeSequence(at: Node, expressions: Expression[]): Expression {
  return expressions.length === 1 ? expressions[0] : make(at, { type: "SequenceExpression", expressions });
}

export function statementsOf(node: Statement | null | undefined): readonly Statement[] {
  return node === null || node === undefined ? [] : node.type === "BlockStatement" ? node.body : [node];
}

/** The name of a parameter or a variable; ES5 has no other patterns. */
export function nameOf(pattern: Pattern): string {
  if (pattern.type !== "Identifier") {
    throw new TypeError(`a ${pattern.type} where ES5 has names alone`);
  }
  return pattern.name;
}
