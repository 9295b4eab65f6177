// What becomes of a function's returns when its body stands in the place of a call: the body as one expression, or as statements
// that end with the value in a variable.

import type { AnyNode, Expression, Node, Statement } from "acorn";
import {
  isPart,
  make,
  makeAssignment,
  makeBlock,
  makeChoice,
  makeName,
  makeNothing,
  makeSequence,
  makeStatement,
  nameOf,
  partsOf,
  statementsOf,
} from "./tree";

function returnsIn(node: AnyNode): boolean {
  return node.type === "ReturnStatement" || partsOf(node).some(returnsIn);
}

/** Whether statements never run past their end. */
export function endsInReturn(statements: readonly Statement[]): boolean {
  const last = statements[statements.length - 1];
  if (last === undefined) {
    return false;
  }
  if (last.type === "IfStatement") {
    return endsInReturn(statementsOf(last.consequent)) && endsInReturn(statementsOf(last.alternate));
  }
  return last.type === "ReturnStatement" || (last.type === "BlockStatement" && endsInReturn(last.body));
}

/**
 * The value that a body returns, computed by one expression.
 * @param at what the expression stands for
 * @returns undefined when it has loops, or returns from the middle of a branch
 */
export function asExpression(statements: readonly Statement[], at: Node): Expression | undefined {
  const [first, ...rest] = statements;
  if (first === undefined) {
    return makeNothing(at);
  }
  if (first.type === "ReturnStatement") {
    return first.argument ?? makeNothing(first);
  }
  if (first.type === "BlockStatement") {
    return asExpression([...first.body, ...rest], at);
  }
  if (first.type === "IfStatement") {
    return choiceAsExpression(first, rest, at);
  }
  const effects = effectsOf(first);
  const value = effects && asExpression(rest, at);
  return value && makeSequence(at, [...effects, value]);
}

function choiceAsExpression(
  node: Extract<Statement, { type: "IfStatement" }>,
  rest: readonly Statement[],
  at: Node,
): Expression | undefined {
  const then = statementsOf(node.consequent);
  const other = statementsOf(node.alternate);
  if (!returnsIn(node)) {
    const effect = effectsOf(node);
    const value = effect && asExpression(rest, at);
    return value && makeSequence(at, [...effect, value]);
  }
  const thenEnds = endsInReturn(then);
  if (!thenEnds && !endsInReturn(other) && rest.length > 0) {
    return undefined;
  }
  const consequent = asExpression(thenEnds ? then : [...then, ...rest], at);
  const alternate = asExpression(thenEnds ? [...other, ...rest] : other, at);
  return (
    consequent && alternate && make(node, { type: "ConditionalExpression", test: node.test, consequent, alternate })
  );
}

/** The effects of a statement that does not return. */
function effectsOf(node: Statement): Expression[] | undefined {
  switch (node.type) {
    case "ExpressionStatement":
      return [node.expression];
    case "EmptyStatement":
      return [];
    case "VariableDeclaration":
      return node.declarations.flatMap(({ id, init }) =>
        isPart(init) ? [makeAssignment(node, nameOf(id), init)] : [],
      );
    case "BlockStatement":
      return effectsOfAll(node.body);
    case "IfStatement": {
      const then = effectsOfAll(statementsOf(node.consequent));
      const other = effectsOfAll(statementsOf(node.alternate));
      return then && other && [choiceOfEffects(node, node.test, then, other)];
    }
    default:
      return undefined;
  }
}

function effectsOfAll(nodes: readonly Statement[]): Expression[] | undefined {
  const all = nodes.map(effectsOf);
  return all.every((one) => one !== undefined) ? all.flat() : undefined;
}

function choiceOfEffects(at: Node, test: Expression, then: Expression[], other: Expression[]): Expression {
  if (other.length === 0 && then.length > 0) {
    return make(at, { type: "LogicalExpression", operator: "&&", left: test, right: makeSequence(at, then) });
  }
  const [consequent, alternate] = [then, other].map((effects) => makeSequence(at, [...effects, makeNothing(at)]));
  return make(at, { type: "ConditionalExpression", test, consequent, alternate });
}

/** Turns returns into assignments to a variable, and leaves a labelled block where the rest has to be jumped over. */
export class Ending {
  readonly #label: string;
  readonly #result: string;
  #isUsed = false;

  /** @param result the variable that takes the value, "" when nobody asks for it */
  constructor(label: string, result: string) {
    this.#label = label;
    this.#result = result;
  }

  /** A whole body. */
  end(body: readonly Statement[], at: Node): Statement[] {
    const statements = this.#all(body, true);
    const block: Statement = make(at, { type: "BlockStatement", body: statements });
    return this.#isUsed
      ? [make(at, { type: "LabeledStatement", label: makeName(at, this.#label), body: block })]
      : statements;
  }

  /** @param isLast whether the end of these statements is the end of the function */
  #all(nodes: readonly Statement[], isLast: boolean): Statement[] {
    const at = isLast ? nodes.findIndex((node, index) => index < nodes.length - 1 && isEarlyEnd(node)) : -1;
    const choice = nodes[at];
    if (choice?.type !== "IfStatement") {
      return nodes.flatMap((node, index) => this.#one(node, isLast && index === nodes.length - 1));
    }
    // What follows a branch that returns stands in the other one.
    const other = [...statementsOf(choice.alternate), ...nodes.slice(at + 1)];
    return [
      ...nodes.slice(0, at).flatMap((node) => this.#one(node, false)),
      makeChoice(choice, choice.test, this.#all(statementsOf(choice.consequent), true), this.#all(other, true)),
    ];
  }

  #one(node: Statement, isLast: boolean): Statement[] {
    switch (node.type) {
      case "ReturnStatement":
        return this.#return(node, isLast);
      case "BlockStatement":
        return [{ ...node, body: this.#all(node.body, isLast) }];
      case "IfStatement":
        return [
          makeChoice(
            node,
            node.test,
            this.#all(statementsOf(node.consequent), isLast),
            this.#all(statementsOf(node.alternate), isLast),
          ),
        ];
      case "WhileStatement":
      case "DoWhileStatement":
      case "ForStatement":
      case "LabeledStatement":
        return [{ ...node, body: makeBlock(node.body, this.#all(statementsOf(node.body), false)) }];
      case "SwitchStatement":
        return [
          { ...node, cases: node.cases.map((one) => ({ ...one, consequent: this.#all(one.consequent, false) })) },
        ];
      default:
        return [node];
    }
  }

  #return(node: Extract<Statement, { type: "ReturnStatement" }>, isLast: boolean): Statement[] {
    const value = node.argument ?? undefined;
    const taken: Statement[] =
      this.#result !== ""
        ? [makeStatement(node, makeAssignment(node, this.#result, value ?? makeNothing(node)))]
        : value === undefined
          ? []
          : [makeStatement(node, value)];
    if (isLast) {
      return taken;
    }
    this.#isUsed = true;
    return [...taken, make(node, { type: "BreakStatement", label: makeName(node, this.#label) })];
  }
}

function isEarlyEnd(node: Statement): boolean {
  return node.type === "IfStatement" && endsInReturn(statementsOf(node.consequent)) && returnsIn(node);
}
