// Numbered fields in the Lua syntax tree: `record.state` as `record[3]`, `{ state = 0, owner = x }` as a list in the order of
// the numbers, `record:method(x)` as `record[3](record, x)`.

import * as tstl from "typescript-to-lua";
import { LinkFailed } from "./link";

/** An expression with the numbers of its fields in place of their names. */
export function withFieldNumbers(node: tstl.Expression, numbers: ReadonlyMap<string, number>): tstl.Expression {
  if (tstl.isTableIndexExpression(node)) {
    const number = numberOf(node.index, numbers);
    return number === undefined
      ? node
      : ({ ...node, index: tstl.createNumericLiteral(number) } as tstl.TableIndexExpression);
  }
  if (tstl.isMethodCallExpression(node)) {
    return numberedMethod(node, numbers);
  }
  return tstl.isTableExpression(node) ? numberedTable(node, numbers) : node;
}

/** The record is written twice, which is the shortest for a name, and for a few fields of one not longer than another local. */
function numberedMethod(node: tstl.MethodCallExpression, numbers: ReadonlyMap<string, number>): tstl.Expression {
  const number = numbers.get(node.name.text);
  if (number === undefined) {
    return node;
  }
  const record = node.prefixExpression;
  if (!isPlace(record)) {
    throw new LinkFailed(`the record whose method "${node.name.text}" is called needs a name of its own`);
  }
  const method = tstl.createTableIndexExpression(record, tstl.createNumericLiteral(number));
  return { ...tstl.createCallExpression(method, [record, ...node.params]), line: node.line, column: node.column };
}

/** Names, sums of them, and their elements and fields: what is the same when it is computed again at once. */
function isPlace(node: tstl.Expression): boolean {
  if (tstl.isTableIndexExpression(node)) {
    return isPlace(node.table) && isPlace(node.index);
  }
  if (tstl.isBinaryExpression(node)) {
    return isPlace(node.left) && isPlace(node.right);
  }
  return tstl.isIdentifier(node) || tstl.isLiteral(node);
}

function numberOf(name: tstl.Expression | undefined, numbers: ReadonlyMap<string, number>): number | undefined {
  return name !== undefined && tstl.isStringLiteral(name) ? numbers.get(name.value) : undefined;
}

interface Field {
  number: number;
  value: tstl.Expression;
}

function numberedTable(node: tstl.TableExpression, numbers: ReadonlyMap<string, number>): tstl.TableExpression {
  const named: tstl.TableFieldExpression[] = [];
  const numbered: Field[] = [];
  for (const field of node.fields) {
    const number = numberOf(field.key, numbers);
    if (number === undefined) {
      named.push(field);
    } else {
      numbered.push({ number, value: field.value });
    }
  }
  if (numbered.length === 0) {
    return node;
  }
  const last = Math.max(...numbered.map(({ number }) => number));
  const isList = isDense(last, numbered.length) && keepsOrder(node, numbered, named);
  return {
    ...node,
    fields: isList ? asList(numbered, named, last) : node.fields.map((field) => keyed(field, numbers)),
  };
}

/** Whether a list wastes less than the hash of a table with keys would. */
function isDense(last: number, count: number): boolean {
  return last <= 2 * count + 2;
}

/** Whether values that may do something are still computed in the order in which they are written. */
function keepsOrder(
  node: tstl.TableExpression,
  numbered: readonly Field[],
  named: readonly tstl.TableFieldExpression[],
): boolean {
  const active = node.fields.map(({ value }) => value).filter((value) => !isStill(value));
  const listed = [...byNumber(numbered), ...named].map(({ value }) => value).filter((value) => !isStill(value));
  return active.every((value, index) => listed[index] === value);
}

/** Whether a value is the same whenever it is computed and nothing happens on the way. */
function isStill(node: tstl.Expression): boolean {
  if (tstl.isTableExpression(node)) {
    return node.fields.every(({ value }) => isStill(value));
  }
  return tstl.isLiteral(node) || tstl.isIdentifier(node) || tstl.isFunctionExpression(node);
}

function byNumber(fields: readonly Field[]): Field[] {
  return [...fields].sort((left, right) => left.number - right.number);
}

function asList(
  numbered: readonly Field[],
  named: readonly tstl.TableFieldExpression[],
  last: number,
): tstl.TableFieldExpression[] {
  const list: tstl.TableFieldExpression[] = [];
  for (let number = 1; number <= last; number += 1) {
    const field = numbered.find((one) => one.number === number);
    const value = field?.value ?? tstl.createNilLiteral();
    // A call at the end of a list would give all its results; parentheses keep the first.
    list.push(
      tstl.createTableFieldExpression(
        number === last && named.length === 0 && isCall(value) ? tstl.createParenthesizedExpression(value) : value,
      ),
    );
  }
  return [...list, ...named];
}

function isCall(node: tstl.Expression): boolean {
  return tstl.isCallExpression(node) || tstl.isMethodCallExpression(node);
}

function keyed(field: tstl.TableFieldExpression, numbers: ReadonlyMap<string, number>): tstl.TableFieldExpression {
  const number = numberOf(field.key, numbers);
  return number === undefined ? field : { ...field, key: tstl.createNumericLiteral(number) };
}
