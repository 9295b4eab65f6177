// Instruments the firmware for the fuzzer, as a transformer of the TypeScript compiler: every branch reports that it ran, every index is
// checked against its buffer and every stored number against the buffer's type (runtime.ts).

import ts from "typescript";

/** Whether evaluating an expression twice does nothing twice. */
function isPure(node: ts.Expression): boolean {
  if (ts.isIdentifier(node) || ts.isNumericLiteral(node) || node.kind === ts.SyntaxKind.ThisKeyword) {
    return true;
  }
  if (ts.isPropertyAccessExpression(node) || ts.isParenthesizedExpression(node) || ts.isAsExpression(node)) {
    return isPure(node.expression);
  }
  if (ts.isElementAccessExpression(node)) {
    return isPure(node.expression) && isPure(node.argumentExpression);
  }
  return ts.isBinaryExpression(node) && !isAssignment(node) && isPure(node.left) && isPure(node.right);
}

function isAssignment(node: ts.BinaryExpression): boolean {
  const kind = node.operatorToken.kind;
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}

/** A transformer that numbers places from `first.place` on, across all files of a program. */
export function createInstrumenter(first: { place: number }): ts.TransformerFactory<ts.SourceFile> {
  return (context) => {
    const { factory } = context;

    function call(name: string, args: ts.Expression[]): ts.Expression {
      return factory.createCallExpression(factory.createIdentifier(name), undefined, args);
    }

    function hit(): ts.Expression {
      first.place += 1;
      return call("__hit", [factory.createNumericLiteral(first.place)]);
    }

    function hitStatement(): ts.Statement {
      return factory.createExpressionStatement(hit());
    }

    function withHit(statement: ts.Statement): ts.Statement {
      const inner = ts.isBlock(statement) ? [...statement.statements] : [statement];
      return factory.createBlock([hitStatement(), ...inner], true);
    }

    function expressionWithHit(expression: ts.Expression): ts.Expression {
      return factory.createParenthesizedExpression(factory.createComma(hit(), expression));
    }

    function checked(node: ts.ElementAccessExpression): ts.ElementAccessExpression {
      return factory.updateElementAccessExpression(
        node,
        node.expression,
        call("__inside", [node.expression, node.argumentExpression]),
      );
    }

    function visitExpression(node: ts.Expression): ts.Expression | undefined {
      if (ts.isElementAccessExpression(node)) {
        return isPure(node.expression) ? checked(ts.visitEachChild(node, visit, context)) : undefined;
      }
      if (ts.isConditionalExpression(node)) {
        const inner = ts.visitEachChild(node, visit, context);
        return factory.updateConditionalExpression(
          inner,
          inner.condition,
          inner.questionToken,
          expressionWithHit(inner.whenTrue),
          inner.colonToken,
          expressionWithHit(inner.whenFalse),
        );
      }
      if (!ts.isBinaryExpression(node)) {
        return undefined;
      }
      const operator = node.operatorToken.kind;
      const inner = ts.visitEachChild(node, visit, context);
      if (operator === ts.SyntaxKind.AmpersandAmpersandToken || operator === ts.SyntaxKind.BarBarToken) {
        return factory.updateBinaryExpression(inner, inner.left, inner.operatorToken, expressionWithHit(inner.right));
      }
      if (operator === ts.SyntaxKind.EqualsToken && ts.isElementAccessExpression(node.left) && isPure(node.left)) {
        const left = inner.left as ts.ElementAccessExpression;
        const right = call("__stored", [left.expression, inner.right]);
        return factory.updateBinaryExpression(inner, inner.left, inner.operatorToken, right);
      }
      return inner;
    }

    function visit(node: ts.Node): ts.Node {
      if (ts.isTypeNode(node) || ts.isEnumDeclaration(node) || ts.isInterfaceDeclaration(node)) {
        return node;
      }
      const expression = ts.isExpression(node) ? visitExpression(node) : undefined;
      if (expression !== undefined) {
        return expression;
      }
      const inner = ts.visitEachChild(node, visit, context);
      if (ts.isFunctionDeclaration(inner) && inner.body !== undefined) {
        return factory.updateFunctionDeclaration(
          inner,
          inner.modifiers,
          inner.asteriskToken,
          inner.name,
          inner.typeParameters,
          inner.parameters,
          inner.type,
          withHit(inner.body) as ts.Block,
        );
      }
      if (ts.isIfStatement(inner)) {
        const otherwise = inner.elseStatement === undefined ? factory.createBlock([]) : inner.elseStatement;
        return factory.updateIfStatement(inner, inner.expression, withHit(inner.thenStatement), withHit(otherwise));
      }
      if (ts.isWhileStatement(inner)) {
        return factory.updateWhileStatement(inner, inner.expression, withHit(inner.statement));
      }
      if (ts.isDoStatement(inner)) {
        return factory.updateDoStatement(inner, withHit(inner.statement), inner.expression);
      }
      if (ts.isForStatement(inner)) {
        const { initializer, condition, incrementor } = inner;
        return factory.updateForStatement(inner, initializer, condition, incrementor, withHit(inner.statement));
      }
      if (ts.isCaseClause(inner)) {
        return factory.updateCaseClause(inner, inner.expression, [hitStatement(), ...inner.statements]);
      }
      return inner;
    }

    return (file) => (file.fileName.includes("/firmware/") ? (visit(file) as ts.SourceFile) : file);
  };
}
