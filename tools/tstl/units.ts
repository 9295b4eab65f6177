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

/** Functions first: they are there when the values are computed. */
export function inLoadingOrder(units: readonly Unit[]): Unit[] {
  return [...units.filter(({ isFunction }) => isFunction), ...units.filter(({ isFunction }) => !isFunction)];
}
