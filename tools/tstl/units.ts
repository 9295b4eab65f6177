// What the linker links: the statements at the module level of a program, and what they define.

import * as tstl from "typescript-to-lua";
import type { TextNumbers } from "../build/text-numbers";
import { UNNAMED } from "./inline";

/** A function or a value at module level. */
export interface Entity {
  name: string;
  fileName: string;
  /** Every place that says it. */
  places: tstl.Identifier[];
  definitions: Unit[];
}

/** A statement at module level. */
export interface Unit {
  statement: tstl.Statement;
  fileName: string;
  /** What else it takes. */
  says: Set<Entity>;
  /** How often it says each. */
  places: Entity[];
  isFunction: boolean;
  isReached: boolean;
}

/** Whether anything of it is left. */
export function isDefined({ definitions }: Entity): boolean {
  return definitions.some(({ isReached }) => isReached);
}

/** Whether a name is the program's own, and no local. */
export function isOfProgram(name: string): boolean {
  return name.startsWith(UNNAMED);
}

/** The function that a unit defines, when it is reached and defines one alone. */
export function functionOf({ statement, isFunction, isReached }: Unit): tstl.FunctionExpression | undefined {
  if (!isFunction || !isReached || !tstl.isAssignmentStatement(statement)) {
    return undefined;
  }
  const [value] = statement.right;
  return statement.right.length === 1 && tstl.isFunctionExpression(value) ? value : undefined;
}

/** `createText("Via: ")` as the text's number. */
export function numbered(
  node: tstl.Expression,
  isCreate: (node: tstl.Expression) => boolean,
  texts: TextNumbers,
): tstl.Expression {
  const [text] = tstl.isCallExpression(node) && isCreate(node.expression) ? node.params : [];
  const number = text !== undefined && tstl.isStringLiteral(text) ? texts.numberOf(text.value) : undefined;
  return number === undefined ? node : tstl.createNumericLiteral(number);
}

/** What a unit says, and how often. */
export type Said = ReadonlyMap<Entity, number>;

/** Functions first: they are there when the values are computed. And each behind those that it calls, as far as that goes. */
export function inLoadingOrder(units: readonly Unit[], said: ReadonlyMap<Unit, Said>): Unit[] {
  const order = new Set<Unit>();
  const seen = new Set<Unit>();
  const own = new Set(units);
  const put = (unit: Unit): void => {
    if (unit.isFunction && own.has(unit) && !seen.has(unit)) {
      seen.add(unit);
      for (const { definitions } of said.get(unit)?.keys() ?? []) {
        definitions.forEach(put);
      }
      order.add(unit);
    }
  };
  units.forEach(put);
  return [...order, ...units.filter(({ isFunction }) => !isFunction)];
}

/** What a unit does, as a function: its own, or one around a statement that runs when the program is loaded. */
export function callerIn(unit: Unit): tstl.FunctionExpression | undefined {
  if (unit.isFunction) {
    return functionOf(unit);
  }
  return unit.isReached ? tstl.createFunctionExpression(tstl.createBlock([unit.statement])) : undefined;
}

/** Statements as one. */
export function blockOf(statements: tstl.Statement[]): tstl.Statement {
  return statements.length === 1 ? statements[0] : tstl.createDoStatement(statements);
}
