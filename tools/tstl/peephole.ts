// Small things that TypeScriptToLua writes longer than Lua needs, on its syntax trees.

import * as tstl from "typescript-to-lua";
import { Rebuilder } from "./lua-tree";

/**
 * `record.owner.count += 1` comes as `local t, k = record.owner, "count"; t[k] = t[k] + 1`: the name goes into its places,
 * where it is a field like any other.
 */
export function withoutNamesInLocals(statements: readonly tstl.Statement[]): readonly tstl.Statement[] {
  const result: tstl.Statement[] = [];
  for (let index = 0; index < statements.length; index += 1) {
    const pair = namedPlace(statements[index], statements[index + 1]);
    if (pair === undefined) {
      result.push(statements[index]);
    } else {
      result.push(...pair);
      index += 1;
    }
  }
  return result;
}

function namedPlace(
  first: tstl.Statement,
  second: tstl.Statement | undefined,
): [tstl.Statement, tstl.Statement] | undefined {
  if (!tstl.isVariableDeclarationStatement(first) || second === undefined || !tstl.isAssignmentStatement(second)) {
    return undefined;
  }
  const [table, key] = first.left;
  const name = first.right?.[1];
  const target = second.left[0];
  if (
    first.left.length !== 2 ||
    first.right?.length !== 2 ||
    name === undefined ||
    !tstl.isStringLiteral(name) ||
    !key.text.startsWith("____") ||
    !isIndexBy(target, key.text)
  ) {
    return undefined;
  }
  const right = second.right.map((value) => withName(value, key.text, name));
  return [
    { ...first, left: [table], right: [first.right[0]] } as tstl.VariableDeclarationStatement,
    { ...second, left: [{ ...target, index: name }], right } as tstl.AssignmentStatement,
  ];
}

function isIndexBy(node: tstl.Expression, key: string): node is tstl.TableIndexExpression {
  return tstl.isTableIndexExpression(node) && tstl.isIdentifier(node.index) && node.index.text === key;
}

/** The value with the name in place of the local: it stands on the way down the left sides alone. */
function withName(node: tstl.Expression, key: string, name: tstl.StringLiteral): tstl.Expression {
  if (isIndexBy(node, key)) {
    return { ...node, index: name } as tstl.TableIndexExpression;
  }
  if (tstl.isBinaryExpression(node)) {
    const left = withName(node.left, key, name);
    return { ...node, left, right: withName(node.right, key, name) } as tstl.BinaryExpression;
  }
  return tstl.isParenthesizedExpression(node)
    ? ({ ...node, expression: withName(node.expression, key, name) } as tstl.ParenthesizedExpression)
    : node;
}

/** `function f(owner) local station = owner …` where nothing says the parameter again: it takes the local's name. */
export function withoutAliases(node: tstl.Expression): tstl.Expression {
  if (!tstl.isFunctionExpression(node)) {
    return node;
  }
  const params = [...(node.params ?? [])];
  const [first, ...rest] = node.body.statements;
  const value = first !== undefined && tstl.isVariableDeclarationStatement(first) ? first.right?.[0] : undefined;
  const index = params.findIndex(({ text }) => value !== undefined && tstl.isIdentifier(value) && value.text === text);
  if (index < 0 || !tstl.isVariableDeclarationStatement(first) || first.left.length !== 1) {
    return node;
  }
  const [name] = first.left;
  if (params.some(({ text }) => text === name.text) || says(rest, params[index].text)) {
    return node;
  }
  params[index] = name;
  return withoutAliases({ ...node, params, body: { ...node.body, statements: rest } } as tstl.FunctionExpression);
}

/** Whether statements say a name that they do not declare. */
function says(statements: readonly tstl.Statement[], name: string): boolean {
  let isSaid = false;
  const look = new Rebuilder({
    free: (node) => {
      isSaid = isSaid || node.text === name;
      return node;
    },
    member: () => undefined,
    expression: (node) => node,
    statements: (nodes) => nodes,
    local: () => undefined,
  });
  look.statement(tstl.createDoStatement([...statements]));
  return isSaid;
}
