// Lua syntax trees, rebuilt: a walk that knows which names are locals, hands every other name to its caller and builds
// new nodes, since TypeScriptToLua uses some nodes in several places. It decides nothing itself.

import * as tstl from "typescript-to-lua";

/** What a walk asks of its caller. */
export interface Rebuild {
  /** A name that no local declares. */
  free(node: tstl.Identifier): tstl.Expression;
  /** An index with a constant name, `table.name`, before its parts are walked; undefined lets the walk go on. */
  member(node: tstl.TableIndexExpression, name: string): tstl.Expression | undefined;
  /** A rebuilt expression. */
  expression(node: tstl.Expression): tstl.Expression;
  /** The statements of a block before they are walked. */
  statements(nodes: readonly tstl.Statement[]): readonly tstl.Statement[];
  /** The name of a declared local. */
  local(name: string): void;
}

type Names = Set<string>;

/** Rebuilds trees. A walk begins outside of any local. */
export class Rebuilder {
  readonly #rebuild: Rebuild;
  readonly #scopes: Names[] = [];

  constructor(rebuild: Rebuild) {
    this.#rebuild = rebuild;
  }

  /** A statement that stands at the level where the walk begins. */
  statement(node: tstl.Statement): tstl.Statement {
    if (tstl.isDoStatement(node)) {
      return { ...node, statements: this.#inside(node.statements) } as tstl.DoStatement;
    }
    if (tstl.isVariableDeclarationStatement(node)) {
      return this.#declaration(node);
    }
    if (tstl.isAssignmentStatement(node)) {
      const left = node.left.map((target) => this.expression(target) as tstl.AssignmentLeftHandSideExpression);
      return { ...node, left, right: this.#expressions(node.right) } as tstl.AssignmentStatement;
    }
    if (tstl.isIfStatement(node)) {
      return this.#choice(node);
    }
    if (tstl.isWhileStatement(node)) {
      const condition = this.expression(node.condition);
      return { ...node, condition, body: this.#block(node.body) } as tstl.WhileStatement;
    }
    if (tstl.isRepeatStatement(node)) {
      return this.#scoped(() => {
        const body = { ...node.body, statements: this.#sequence(node.body.statements) };
        return { ...node, body, condition: this.expression(node.condition) };
      });
    }
    if (tstl.isForStatement(node)) {
      const controlVariableInitializer = this.expression(node.controlVariableInitializer);
      const limitExpression = this.expression(node.limitExpression);
      const stepExpression = node.stepExpression && this.expression(node.stepExpression);
      return this.#scoped(() => {
        this.#declare([node.controlVariable]);
        const body = this.#block(node.body);
        return { ...node, controlVariableInitializer, limitExpression, stepExpression, body };
      });
    }
    if (tstl.isForInStatement(node)) {
      const expressions = this.#expressions(node.expressions);
      return this.#scoped(() => {
        this.#declare(node.names);
        return { ...node, expressions, body: this.#block(node.body) };
      });
    }
    if (tstl.isReturnStatement(node)) {
      return { ...node, expressions: this.#expressions(node.expressions) } as tstl.ReturnStatement;
    }
    return tstl.isExpressionStatement(node)
      ? ({ ...node, expression: this.expression(node.expression) } as tstl.ExpressionStatement)
      : node;
  }

  expression(node: tstl.Expression): tstl.Expression {
    if (tstl.isIdentifier(node)) {
      return this.#isLocal(node.text) ? { ...node } : this.#rebuild.free(node);
    }
    if (tstl.isTableIndexExpression(node) && tstl.isStringLiteral(node.index)) {
      const member = this.#isNamedLocal(node.table) ? undefined : this.#rebuild.member(node, node.index.value);
      if (member !== undefined) {
        return member;
      }
    }
    return this.#rebuild.expression(this.#parts(node));
  }

  #parts(node: tstl.Expression): tstl.Expression {
    if (tstl.isFunctionExpression(node)) {
      return this.#scoped(() => {
        this.#declare(node.params ?? []);
        return { ...node, body: this.#block(node.body) } as tstl.FunctionExpression;
      });
    }
    if (tstl.isTableExpression(node)) {
      return { ...node, fields: node.fields.map((field) => this.#field(field)) } as tstl.TableExpression;
    }
    if (tstl.isUnaryExpression(node)) {
      return { ...node, operand: this.expression(node.operand) } as tstl.UnaryExpression;
    }
    if (tstl.isBinaryExpression(node)) {
      const left = this.expression(node.left);
      return { ...node, left, right: this.expression(node.right) } as tstl.BinaryExpression;
    }
    if (tstl.isCallExpression(node)) {
      const expression = this.expression(node.expression);
      return { ...node, expression, params: this.#expressions(node.params) } as tstl.CallExpression;
    }
    if (tstl.isMethodCallExpression(node)) {
      const prefixExpression = this.expression(node.prefixExpression);
      return { ...node, prefixExpression, params: this.#expressions(node.params) } as tstl.MethodCallExpression;
    }
    if (tstl.isTableIndexExpression(node)) {
      const table = this.expression(node.table);
      return { ...node, table, index: this.expression(node.index) } as tstl.TableIndexExpression;
    }
    if (tstl.isParenthesizedExpression(node)) {
      return { ...node, expression: this.expression(node.expression) } as tstl.ParenthesizedExpression;
    }
    return { ...node };
  }

  #field(field: tstl.TableFieldExpression): tstl.TableFieldExpression {
    return { ...field, key: field.key && this.expression(field.key), value: this.expression(field.value) };
  }

  #expressions(nodes: readonly tstl.Expression[]): tstl.Expression[] {
    return nodes.map((node) => this.expression(node));
  }

  #declaration(node: tstl.VariableDeclarationStatement): tstl.Statement {
    if (tstl.isFunctionDefinition(node)) {
      this.#declare(node.left);
    }
    const right = node.right && this.#expressions(node.right);
    this.#declare(node.left);
    return { ...node, right } as tstl.VariableDeclarationStatement;
  }

  #choice(node: tstl.IfStatement): tstl.IfStatement {
    const condition = this.expression(node.condition);
    const ifBlock = this.#block(node.ifBlock);
    const other = node.elseBlock;
    const elseBlock = other && (tstl.isBlock(other) ? this.#block(other) : this.#choice(other));
    return { ...node, condition, ifBlock, elseBlock };
  }

  #block(node: tstl.Block): tstl.Block {
    return { ...node, statements: this.#inside(node.statements) };
  }

  #inside(nodes: readonly tstl.Statement[]): tstl.Statement[] {
    return this.#scoped(() => this.#sequence(nodes));
  }

  #sequence(nodes: readonly tstl.Statement[]): tstl.Statement[] {
    return this.#rebuild.statements(nodes).map((node) => this.statement(node));
  }

  #scoped<T>(body: () => T): T {
    this.#scopes.push(new Set());
    const result = body();
    this.#scopes.pop();
    return result;
  }

  #declare(names: readonly tstl.Identifier[]): void {
    for (const { text } of names) {
      this.#scopes[this.#scopes.length - 1]?.add(text);
      this.#rebuild.local(text);
    }
  }

  #isLocal(name: string): boolean {
    return this.#scopes.some((scope) => scope.has(name));
  }

  #isNamedLocal(node: tstl.Expression): boolean {
    return tstl.isIdentifier(node) && this.#isLocal(node.text);
  }
}
