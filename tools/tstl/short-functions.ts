// Functions that only answer an expression, written in wherever the expression is not longer than the call:
// `hasValue(parameters, name)` becomes `parameters[3][2 * name + 1] ~= 0`. Arguments keep their meaning because they are locals,
// constants or fields that nothing in the expression can change.

import * as tstl from "typescript-to-lua";
import { Rebuilder } from "./lua-tree";

/** Octets of an instruction of Lua's bytecode. */
const INSTRUCTION = 4;

/** Octets that a value for a condition costs more than the condition itself. */
const AS_VALUE = 2 * INSTRUCTION;

/** Names with this in front belong to the program, not to a function. */
type IsProgram = (name: string) => boolean;

/** A function that only answers an expression. */
export interface ShortFunction {
  params: readonly string[];
  value: tstl.Expression;
  /** Whether the value calls nothing. */
  isStill: boolean;
  /** Whether it only reads and computes, of its parameters and constants. */
  isPure: boolean;
  /** Whether the value is a new table, or has one: too long for more than one place. */
  hasTable: boolean;
}

/** Reads a function; undefined when it does more than answer an expression. */
export function readShortFunction(node: tstl.FunctionExpression, isProgram: IsProgram): ShortFunction | undefined {
  const [statement] = node.body.statements;
  if (
    node.body.statements.length !== 1 ||
    node.dots !== undefined ||
    !tstl.isReturnStatement(statement) ||
    statement.expressions.length !== 1
  ) {
    return undefined;
  }
  const [value] = statement.expressions;
  let isStill = true;
  let isPlain = true;
  let hasTable = false;
  walk(value, (part) => {
    isStill = isStill && !tstl.isCallExpression(part) && !tstl.isMethodCallExpression(part);
    isPlain = isPlain && !tstl.isFunctionExpression(part);
    hasTable = hasTable || tstl.isTableExpression(part);
    return part;
  });
  const params = (node.params ?? []).map(({ text }) => text);
  return isPlain ? { params, value, isStill, isPure: isPure(value, isProgram), hasTable } : undefined;
}

/** Octets that a function takes beside its value: header, closure, name. */
const FUNCTION = 10 * INSTRUCTION;

/** Octets that are free when a function goes. */
export function octetsOf({ value }: ShortFunction, isProgram: IsProgram): number {
  return FUNCTION + costOf(value, isProgram);
}

/**
 * Writes a short function out.
 * @param isName whether a node says the function
 * @param allowance octets that the value may be longer than the call
 * @returns the statement with values in place of calls, and how many
 */
export function withValues(
  statement: tstl.Statement,
  isName: (node: tstl.Expression) => boolean,
  short: ShortFunction,
  isProgram: IsProgram,
  allowance: number,
): { statement: tstl.Statement; count: number } {
  let count = 0;
  // A call that is a statement of its own stays one.
  const alone = new Set<tstl.Expression>();
  const rebuilder = new Rebuilder({
    free: (node) => node,
    member: () => undefined,
    expression: (node) => {
      if (!tstl.isCallExpression(node) || !isName(node.expression) || alone.has(node.expression)) {
        return node;
      }
      const value = valueOfCall(node, short, isProgram, allowance);
      count += value === undefined ? 0 : 1;
      return value ?? node;
    },
    statements: (nodes) => {
      for (const node of nodes) {
        if (tstl.isExpressionStatement(node) && tstl.isCallExpression(node.expression)) {
          alone.add(node.expression.expression);
        }
      }
      return nodes;
    },
    local: () => undefined,
  });
  return { statement: rebuilder.statement(statement), count };
}

/** The value of a call; undefined when it would be too long in its place or could mean something else there. */
function valueOfCall(
  call: tstl.CallExpression,
  { params, value, isStill }: ShortFunction,
  isProgram: IsProgram,
  allowance: number,
): tstl.Expression | undefined {
  if (call.params.length !== params.length) {
    return undefined;
  }
  const values = new Map<string, tstl.Expression>();
  for (const [index, name] of params.entries()) {
    const argument = call.params[index];
    const isAnywhere = isLocalOrConstant(argument, isProgram) || (isStill && isFieldOf(argument, isProgram));
    if (!isAnywhere && !(isStill && usesOf(value, name) === 1 && isPure(argument, isProgram))) {
      return undefined;
    }
    values.set(name, tstl.isBinaryExpression(argument) ? tstl.createParenthesizedExpression(argument) : argument);
  }
  const result = walk(value, withoutPlace, (name) => values.get(name));
  return costOf(result, isProgram) <= costOf(call, isProgram) + allowance
    ? tstl.isIdentifier(result) ||
      tstl.isTableExpression(result) ||
      tstl.isTableIndexExpression(result) ||
      tstl.isCallExpression(result)
      ? result
      : tstl.createParenthesizedExpression(result)
    : undefined;
}

/** An expression with others in place of names. The names of the program stay the nodes that they are. */
function walk(
  node: tstl.Expression,
  expression: (node: tstl.Expression) => tstl.Expression,
  argumentOf: (name: string) => tstl.Expression | undefined = () => undefined,
): tstl.Expression {
  const rebuilder = new Rebuilder({
    free: (name) => {
      const value = argumentOf(name.text);
      return value === undefined ? expression(name) : ({ ...value } as tstl.Expression);
    },
    member: () => undefined,
    expression,
    statements: (nodes) => nodes,
    local: () => undefined,
  });
  return rebuilder.expression(node);
}

/** The value stands in another line now, perhaps in another file: the line of its statement is where it is. */
function withoutPlace(node: tstl.Expression): tstl.Expression {
  node.line = undefined;
  node.column = undefined;
  return node;
}

function isLocalOrConstant(node: tstl.Expression, isProgram: IsProgram): boolean {
  return (tstl.isIdentifier(node) && !isProgram(node.text)) || (tstl.isLiteral(node) && !tstl.isStringLiteral(node));
}

function isFieldOf(node: tstl.Expression, isProgram: IsProgram): boolean {
  return (
    tstl.isTableIndexExpression(node) &&
    tstl.isLiteral(node.index) &&
    (isLocalOrConstant(node.table, isProgram) || isFieldOf(node.table, isProgram))
  );
}

/** Whether an expression only reads and computes, so that it may be evaluated before or after others that do. */
function isPure(node: tstl.Expression, isProgram: IsProgram): boolean {
  if (tstl.isTableIndexExpression(node)) {
    return isPure(node.table, isProgram) && isPure(node.index, isProgram);
  }
  if (tstl.isBinaryExpression(node)) {
    return isPure(node.left, isProgram) && isPure(node.right, isProgram);
  }
  if (tstl.isParenthesizedExpression(node)) {
    return isPure(node.expression, isProgram);
  }
  if (tstl.isUnaryExpression(node)) {
    return isPure(node.operand, isProgram);
  }
  return isLocalOrConstant(node, isProgram);
}

/** How often an expression says a name. */
function usesOf(node: tstl.Expression, name: string): number {
  let uses = 0;
  walk(
    node,
    (part) => part,
    (said) => {
      uses += said === name ? 1 : 0;
      return undefined;
    },
  );
  return uses;
}

const COMPARISONS: readonly tstl.SyntaxKind[] = [
  tstl.SyntaxKind.EqualityOperator,
  tstl.SyntaxKind.InequalityOperator,
  tstl.SyntaxKind.LessThanOperator,
  tstl.SyntaxKind.LessEqualOperator,
  tstl.SyntaxKind.GreaterThanOperator,
  tstl.SyntaxKind.GreaterEqualOperator,
];

/** About how many octets of bytecode an expression takes, over those of its operands that lie in registers. */
function costOf(node: tstl.Expression, isProgram: IsProgram): number {
  const cost = (part: tstl.Expression): number => costOf(part, isProgram);
  if (tstl.isIdentifier(node)) {
    return isProgram(node.text) ? INSTRUCTION : 0;
  }
  if (tstl.isParenthesizedExpression(node)) {
    return cost(node.expression);
  }
  if (tstl.isTableIndexExpression(node)) {
    return INSTRUCTION + cost(node.table) + cost(node.index);
  }
  if (tstl.isUnaryExpression(node)) {
    return INSTRUCTION + cost(node.operand);
  }
  if (tstl.isBinaryExpression(node)) {
    const operands = cost(node.left) + cost(node.right);
    return operands + 2 * INSTRUCTION + (COMPARISONS.includes(node.operator) ? AS_VALUE : 0);
  }
  if (tstl.isCallExpression(node)) {
    const argumentsCost = node.params.map((value) => Math.max(INSTRUCTION, cost(value)));
    return argumentsCost.reduce((sum, one) => sum + one, INSTRUCTION + cost(node.expression));
  }
  return tstl.isNumericLiteral(node) && node.value > 0xff ? 2 * INSTRUCTION : 0;
}
