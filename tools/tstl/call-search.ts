// Calls that functions may be written in place of, wherever a statement has them: each gets a local of its own in front of the
// statement, as far as nothing is computed in another order because of it. It writes nothing in itself (inline.ts does).

import * as tstl from "typescript-to-lua";

/** What a search asks of its caller. */
export interface Wanted {
  /** Whether the function behind a call can be written in place of `local name = call`. */
  isWanted(call: tstl.CallExpression): boolean;
  /** Whether a name of the program has one value from the time when all modules are loaded. */
  isConstant(name: tstl.Identifier): boolean;
  /** A name that no other local has. */
  createName(): tstl.Identifier;
}

/** An expression after the search: with a local in place of what stands in `before` now. */
interface Found {
  before: tstl.Statement[];
  node: tstl.Expression;
}

const LOGIC: readonly tstl.SyntaxKind[] = [tstl.SyntaxKind.AndOperator, tstl.SyntaxKind.OrOperator];

const COMPARISONS: readonly tstl.SyntaxKind[] = [
  tstl.SyntaxKind.EqualityOperator,
  tstl.SyntaxKind.InequalityOperator,
  tstl.SyntaxKind.LessThanOperator,
  tstl.SyntaxKind.LessEqualOperator,
  tstl.SyntaxKind.GreaterThanOperator,
  tstl.SyntaxKind.GreaterEqualOperator,
];

/** `local name = value`. */
function declared(name: tstl.Identifier, value: tstl.Expression): tstl.Statement {
  return tstl.createVariableDeclarationStatement({ ...name }, value);
}

function isLogic(node: tstl.Expression): node is tstl.BinaryExpression {
  return tstl.isBinaryExpression(node) && LOGIC.includes(node.operator);
}

/** Whether an expression is true or false and nothing else. */
function isTruth(node: tstl.Expression): boolean {
  if (tstl.isParenthesizedExpression(node)) {
    return isTruth(node.expression);
  }
  if (tstl.isUnaryExpression(node)) {
    return node.operator === tstl.SyntaxKind.NotOperator;
  }
  return tstl.isBinaryExpression(node)
    ? COMPARISONS.includes(node.operator) || (isLogic(node) && isTruth(node.left) && isTruth(node.right))
    : tstl.isBooleanLiteral(node);
}

/**
 * A statement with the first wanted call in front of it.
 * @returns the statements that stand in its place, or undefined when it has none that can be moved
 */
export function withCallInFront(node: tstl.Statement, wanted: Wanted): tstl.Statement[] | undefined {
  const search = new Search(wanted);
  if (tstl.isIfStatement(node)) {
    return choiceWithCall(node, wanted);
  }
  if (tstl.isExpressionStatement(node)) {
    const found = search.parts(node.expression);
    return found && [...found.before, { ...node, expression: found.node } as tstl.ExpressionStatement];
  }
  if (tstl.isReturnStatement(node)) {
    const found = search.list(node.expressions);
    return found && [...found.before, { ...node, expressions: found.nodes } as tstl.ReturnStatement];
  }
  if (tstl.isVariableDeclarationStatement(node) && !tstl.isFunctionDefinition(node)) {
    const found = search.list(node.right ?? []);
    return found && [...found.before, { ...node, right: found.nodes } as tstl.VariableDeclarationStatement];
  }
  if (tstl.isAssignmentStatement(node)) {
    for (const target of node.left) {
      search.passTarget(target);
    }
    const found = search.list(node.right);
    return found && [...found.before, { ...node, right: found.nodes } as tstl.AssignmentStatement];
  }
  return undefined;
}

function choiceWithCall(node: tstl.IfStatement, wanted: Wanted): tstl.Statement[] | undefined {
  const { condition, elseBlock } = node;
  if (elseBlock === undefined && isLogic(condition) && condition.operator === tstl.SyntaxKind.AndOperator) {
    const { left, right } = condition;
    if (new Search(wanted).expression(left) === undefined && new Search(wanted).expression(right) !== undefined) {
      const inner = { ...node, condition: right } as tstl.IfStatement;
      return [{ ...node, condition: left, ifBlock: tstl.createBlock([inner]) } as tstl.IfStatement];
    }
  }
  const found = new Search(wanted).expression(condition);
  if (found !== undefined) {
    return [tstl.createDoStatement([...found.before, { ...node, condition: found.node } as tstl.IfStatement])];
  }
  if (elseBlock !== undefined && tstl.isIfStatement(elseBlock) && hasCall(elseBlock, wanted)) {
    return [{ ...node, elseBlock: tstl.createBlock([elseBlock]) } as tstl.IfStatement];
  }
  return undefined;
}

/** Whether one of the conditions of a chain has a wanted call. */
function hasCall({ condition, elseBlock }: tstl.IfStatement, wanted: Wanted): boolean {
  return (
    new Search(wanted).expression(condition) !== undefined ||
    (elseBlock !== undefined && tstl.isIfStatement(elseBlock) && hasCall(elseBlock, wanted))
  );
}

/** Walks in the order in which Lua computes, up to the first wanted call. */
class Search {
  readonly #wanted: Wanted;
  /** Whether something came by that another function may change, or that does something itself. */
  #isLate = false;

  constructor(wanted: Wanted) {
    this.#wanted = wanted;
  }

  /** A place that is written to when all values are there; only its own parts come before them. */
  passTarget(node: tstl.Expression): void {
    if (tstl.isTableIndexExpression(node)) {
      this.expression(node.table);
      this.expression(node.index);
    }
  }

  list(nodes: readonly tstl.Expression[]): { before: tstl.Statement[]; nodes: tstl.Expression[] } | undefined {
    for (const [index, node] of nodes.entries()) {
      const found = this.expression(node);
      if (found !== undefined) {
        return { before: found.before, nodes: nodes.map((one, at) => (at === index ? found.node : one)) };
      }
    }
    return undefined;
  }

  expression(node: tstl.Expression): Found | undefined {
    if (!this.#isLate && tstl.isCallExpression(node) && this.#wanted.isWanted(node)) {
      const name = this.#wanted.createName();
      return { before: [declared(name, node)], node: name };
    }
    return this.parts(node);
  }

  /** The parts of an expression that may not be moved as a whole. */
  parts(node: tstl.Expression): Found | undefined {
    if (tstl.isIdentifier(node)) {
      this.#isLate ||= !this.#wanted.isConstant(node);
      return undefined;
    }
    if (isLogic(node)) {
      return this.#logic(node);
    }
    if (tstl.isBinaryExpression(node)) {
      const found = this.list([node.left, node.right]);
      return found && { ...found, node: { ...node, left: found.nodes[0], right: found.nodes[1] } as tstl.Expression };
    }
    if (tstl.isUnaryExpression(node)) {
      const found = this.expression(node.operand);
      return found && { ...found, node: { ...node, operand: found.node } as tstl.UnaryExpression };
    }
    if (tstl.isParenthesizedExpression(node)) {
      const found = this.expression(node.expression);
      return found && { ...found, node: { ...node, expression: found.node } as tstl.ParenthesizedExpression };
    }
    if (tstl.isTableExpression(node)) {
      return this.#table(node);
    }
    const found = this.#access(node);
    this.#isLate ||= !tstl.isLiteral(node);
    return found;
  }

  #access(node: tstl.Expression): Found | undefined {
    if (tstl.isTableIndexExpression(node)) {
      const found = this.list([node.table, node.index]);
      return found && { ...found, node: { ...node, table: found.nodes[0], index: found.nodes[1] } as tstl.Expression };
    }
    if (tstl.isCallExpression(node)) {
      const found = this.list([node.expression, ...node.params]);
      const [expression, ...params] = found?.nodes ?? [];
      return found && { ...found, node: { ...node, expression, params } as tstl.CallExpression };
    }
    if (tstl.isMethodCallExpression(node)) {
      const found = this.list([node.prefixExpression, ...node.params]);
      const [prefixExpression, ...params] = found?.nodes ?? [];
      return found && { ...found, node: { ...node, prefixExpression, params } as tstl.MethodCallExpression };
    }
    return undefined;
  }

  #table(node: tstl.TableExpression): Found | undefined {
    const found = this.list(node.fields.map(({ value }) => value));
    const fields = found?.nodes.map((value, index) => ({ ...node.fields[index], value }));
    return found && { ...found, node: { ...node, fields } as tstl.TableExpression };
  }

  /** `a and f(x)` as `local r = false; if a then r = f(x) end`, and `a or f(x)` the same way round. */
  #logic(node: tstl.BinaryExpression): Found | undefined {
    const isEarly = !this.#isLate;
    const found = this.expression(node.left);
    if (found !== undefined) {
      return { ...found, node: { ...node, left: found.node } as tstl.BinaryExpression };
    }
    if (isEarly && new Search(this.#wanted).expression(node.right) !== undefined) {
      return this.#choice(node);
    }
    this.expression(node.right);
    return undefined;
  }

  #choice({ left, right, operator }: tstl.BinaryExpression): Found {
    const name = this.#wanted.createName();
    const isAnd = operator === tstl.SyntaxKind.AndOperator;
    const start = isTruth(left) ? tstl.createBooleanLiteral(!isAnd) : left;
    const asked = isTruth(left) ? left : { ...name };
    const condition = isAnd ? asked : tstl.createUnaryExpression(asked, tstl.SyntaxKind.NotOperator);
    const assignment = tstl.createAssignmentStatement({ ...name }, right);
    return {
      before: [declared(name, start), tstl.createIfStatement(condition, tstl.createBlock([assignment]))],
      node: { ...name },
    };
  }
}
