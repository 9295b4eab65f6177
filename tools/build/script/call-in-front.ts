// Calls that a function may be written in place of, wherever a statement has them: each gets a variable and a statement of its
// own in front of the statement, as far as nothing is computed in another order because of it.

import type { AnyNode, CallExpression, Expression, Node, Statement } from "acorn";
import { namesIn } from "./names";
import {
  isPart,
  isStatement,
  make,
  makeAssignment,
  makeBlock,
  makeChoice,
  makeName,
  makeSequence,
  makeStatement,
  partsOf,
  statementsOf,
} from "./tree";

/** What a search asks of its caller. */
export interface Wanter {
  /** Whether the function behind a call can be written in place of `name = call`. */
  isWanted(call: CallExpression): boolean;
  /** Whether a name keeps its value while other functions run. */
  isConstant(name: string): boolean;
  /** A variable that nobody else has. */
  createName(): string;
}

/** What a search asks, with the expressions in which a wanted call is. */
interface Wanted extends Wanter {
  holders: ReadonlySet<AnyNode>;
}

/** An expression after the search: with a variable in place of what stands in `before` now. */
interface Found {
  before: Statement[];
  node: Expression;
}

type Parts = [key: string, expression: Expression][];

/**
 * A statement with the first wanted call in front of it.
 * @returns the statements that stand in its place, or undefined when it has none that can be moved
 */
export function withCallInFront(node: Statement, wanter: Wanter): Statement[] | undefined {
  const holders = new Set<AnyNode>();
  for (const part of partsOf(node)) {
    findHolders(part, wanter, holders);
  }
  return holders.size === 0 ? undefined : moved(node, { ...wanter, holders });
}

/** @returns whether it holds a wanted call; statements inside of it have their turn later */
function findHolders(node: AnyNode, wanter: Wanter, found: Set<AnyNode>): boolean {
  if (isStatement(node) && node.type !== "VariableDeclaration") {
    return false;
  }
  let holds = node.type === "CallExpression" && wanter.isWanted(node);
  for (const part of partsOf(node)) {
    holds = findHolders(part, wanter, found) || holds;
  }
  if (holds) {
    found.add(node);
  }
  return holds;
}

function moved(node: Statement, wanted: Wanted): Statement[] | undefined {
  const search = new Search(wanted);
  const inPart = (key: string, expression: Expression | null | undefined): Statement[] | undefined => {
    const found = expression ? search.expression(expression) : undefined;
    return found && [...found.before, { ...node, [key]: found.node } as Statement];
  };
  switch (node.type) {
    case "ExpressionStatement": {
      const found = search.inside(node.expression);
      return found && [...found.before, { ...node, expression: found.node }];
    }
    case "ReturnStatement":
      return inPart("argument", node.argument);
    case "SwitchStatement":
      return inPart("discriminant", node.discriminant);
    case "VariableDeclaration":
      return declarationWithCall(node, search);
    case "IfStatement":
      return choiceWithCall(node, wanted) ?? inPart("test", node.test);
    case "WhileStatement":
    case "ForStatement":
      return loopWithCall(node, wanted);
    default:
      return undefined;
  }
}

function declarationWithCall(
  node: Extract<Statement, { type: "VariableDeclaration" }>,
  search: Search,
): Statement[] | undefined {
  const [declarator] = node.declarations;
  if (node.declarations.length !== 1 || !isPart(declarator.init)) {
    return undefined;
  }
  const found = search.inside(declarator.init);
  return found && [...found.before, { ...node, declarations: [{ ...declarator, init: found.node }] }];
}

/** `if (a && f(x))` without another branch as two choices. */
function choiceWithCall(node: Extract<Statement, { type: "IfStatement" }>, wanted: Wanted): Statement[] | undefined {
  const { test } = node;
  if (isPart(node.alternate) || test.type !== "LogicalExpression" || test.operator !== "&&") {
    return undefined;
  }
  const has = (part: Expression) => wanted.holders.has(part) && new Search(wanted).expression(part) !== undefined;
  return !has(test.left) && has(test.right)
    ? [makeChoice(node, test.left, [makeChoice(node, test.right, [...statementsOf(node.consequent)], [])], [])]
    : undefined;
}

/** A loop whose condition is computed by statements at the beginning of each round. */
function loopWithCall(
  node: Extract<Statement, { type: "WhileStatement" | "ForStatement" }>,
  wanted: Wanted,
): Statement[] | undefined {
  const found = isPart(node.test) ? new Search(wanted).expression(node.test) : undefined;
  if (found === undefined) {
    return undefined;
  }
  const not: Expression = make(node, { type: "UnaryExpression", operator: "!", prefix: true, argument: found.node });
  const end = makeChoice(node, not, [make(node, { type: "BreakStatement", label: null })], []);
  const body = makeBlock(node.body, [...found.before, end, ...statementsOf(node.body)]);
  const { start, end: last, loc } = node;
  const [init, update] = node.type === "ForStatement" ? [node.init, node.update] : [null, null];
  return [{ type: "ForStatement", start, end: last, loc, init, test: null, update, body } as Statement];
}

/** Walks in the order in which a script is computed, up to the first wanted call. */
class Search {
  readonly #wanted: Wanted;
  /** Whether something came by that another function may change, or that does something itself. */
  #isLate = false;
  /** The variables that came by. */
  readonly #passed = new Set<string>();

  constructor(wanted: Wanted) {
    this.#wanted = wanted;
  }

  expression(node: Expression): Found | undefined {
    if (!this.#isLate && node.type === "CallExpression" && this.#wanted.isWanted(node) && !this.#changesPassed(node)) {
      const name = this.#wanted.createName();
      return { before: [makeStatement(node, makeAssignment(node, name, node))], node: makeName(node, name) };
    }
    return this.inside(node);
  }

  /** The parts of an expression that may not be moved as a whole. */
  inside(node: Expression): Found | undefined {
    switch (node.type) {
      case "Literal":
        return undefined;
      case "Identifier":
        this.#pass(node.name);
        return undefined;
      case "UnaryExpression":
        return this.#parts(node, [["argument", node.argument]]);
      case "BinaryExpression":
        return this.#parts(node, [
          ["left", node.left as Expression],
          ["right", node.right],
        ]);
      case "MemberExpression":
        return this.#late(this.#member(node));
      case "AssignmentExpression":
        return this.#late(this.#assignment(node));
      case "CallExpression":
      case "NewExpression":
        return this.#late(this.#call(node));
      case "ArrayExpression":
        return this.#elements(node);
      case "ObjectExpression":
        return this.#properties(node);
      case "SequenceExpression":
        return this.#sequence(node.expressions, node);
      case "LogicalExpression":
      case "ConditionalExpression":
        return this.#branches(node);
      default:
        this.#isLate = true;
        return undefined;
    }
  }

  #pass(name: string): void {
    this.#passed.add(name);
    this.#isLate ||= !this.#wanted.isConstant(name);
  }

  #changesPassed(node: CallExpression): boolean {
    return [...namesIn(node.arguments).assigned].some((name) => this.#passed.has(name));
  }

  #late(found: Found | undefined): Found | undefined {
    this.#isLate = true;
    return found;
  }

  #parts(node: Expression, parts: Parts): Found | undefined {
    for (const [key, part] of parts) {
      const found = this.expression(part);
      if (found !== undefined) {
        return { ...found, node: { ...node, [key]: found.node } as Expression };
      }
    }
    return undefined;
  }

  #member(node: Extract<Expression, { type: "MemberExpression" }>): Found | undefined {
    const property: Parts = node.computed ? [["property", node.property as Expression]] : [];
    return this.#parts(node, [["object", node.object as Expression], ...property]);
  }

  /** A place is written to when its value is there; only its own parts come before. */
  #assignment(node: Extract<Expression, { type: "AssignmentExpression" }>): Found | undefined {
    const { left, operator } = node;
    const isRead = operator !== "=";
    if (left.type === "MemberExpression") {
      const found = this.#member(left);
      if (found !== undefined) {
        return { ...found, node: { ...node, left: found.node } as Expression };
      }
      this.#isLate ||= isRead;
    } else if (left.type === "Identifier" && isRead) {
      this.#pass(left.name);
    }
    return this.#parts(node, [["right", node.right]]);
  }

  #call(node: Extract<Expression, { type: "CallExpression" | "NewExpression" }>): Found | undefined {
    const callee = this.#parts(node, [["callee", node.callee as Expression]]);
    if (callee !== undefined) {
      return node.callee.type === "MemberExpression" || node.callee.type === "Identifier" ? callee : undefined;
    }
    return this.#list(node.arguments as Expression[], (list) => ({ ...node, arguments: list }) as Expression);
  }

  #list(nodes: readonly Expression[], rebuild: (list: Expression[]) => Expression): Found | undefined {
    for (const [index, node] of nodes.entries()) {
      const found = this.expression(node);
      if (found !== undefined) {
        return { before: found.before, node: rebuild(nodes.map((one, at) => (at === index ? found.node : one))) };
      }
    }
    return undefined;
  }

  #elements(node: Extract<Expression, { type: "ArrayExpression" }>): Found | undefined {
    return node.elements.every((one) => one !== null)
      ? this.#list(node.elements as Expression[], (elements) => ({ ...node, elements }) as Expression)
      : this.#late(undefined);
  }

  #properties(node: Extract<Expression, { type: "ObjectExpression" }>): Found | undefined {
    const values = node.properties.map((property) =>
      property.type === "Property" ? property.value : property.argument,
    );
    return this.#list(values, (list) => {
      const properties = node.properties.map((property, index) => ({ ...property, value: list[index] }));
      return { ...node, properties } as Expression;
    });
  }

  /** What comes before the call in a sequence becomes statements. */
  #sequence(nodes: Expression[], at: Node): Found | undefined {
    const isEarly = !this.#isLate;
    const index = nodes.findIndex((one) => this.#holds(one));
    if (isEarly && index > 0 && !this.#passesAny(nodes.slice(0, index))) {
      const before = nodes.slice(0, index).map((one) => makeStatement(one, one));
      return { before, node: makeSequence(at, nodes.slice(index)) };
    }
    return this.#list(nodes, (list) => makeSequence(at, list));
  }

  /** Whether a wanted call in an expression can be moved in front of it. */
  #holds(node: Expression): boolean {
    return this.#wanted.holders.has(node) && new Search(this.#wanted).expression(node) !== undefined;
  }

  #passesAny(nodes: readonly Expression[]): boolean {
    return [...namesIn(nodes).assigned].some((name) => this.#passed.has(name));
  }

  /** `a && f(x)` as `r = a; if (r) r = f(x)`, `c ? f(x) : y` as `if (c) r = f(x); else r = y`. */
  #branches(node: Extract<Expression, { type: "LogicalExpression" | "ConditionalExpression" }>): Found | undefined {
    const isEarly = !this.#isLate;
    const [key, test, others]: [string, Expression, Expression[]] =
      node.type === "LogicalExpression"
        ? ["left", node.left, [node.right]]
        : ["test", node.test, [node.consequent, node.alternate]];
    const found = this.#parts(node, [[key, test]]);
    if (found !== undefined) {
      return found;
    }
    const isMovable = others.some((one) => this.#holds(one));
    if (!isEarly || !isMovable || this.#passesAny([node])) {
      return this.#late(undefined);
    }
    const name = this.#wanted.createName();
    const to = (value: Expression): Statement => makeStatement(value, makeAssignment(value, name, value));
    const before =
      node.type === "ConditionalExpression"
        ? [makeChoice(node, test, [to(node.consequent)], [to(node.alternate)])]
        : node.operator === "&&"
          ? [to(test), makeChoice(node, makeName(node, name), [to(node.right)], [])]
          : [to(test), makeChoice(node, not(makeName(node, name)), [to(node.right)], [])];
    return { before, node: makeName(node, name) };
  }
}

function not(argument: Expression): Expression {
  return make(argument, { type: "UnaryExpression", operator: "!", prefix: true, argument });
}
