// `switch` as a chain of `if … elseif … else`: TypeScriptToLua writes a loop that runs once and carries along whether a case
// was met, for the sake of cases that run into the next one. Where none does, the chain says the same and is half as long.

import * as tstl from "typescript-to-lua";

interface Clause {
  condition: tstl.Expression;
  body: tstl.Statement[];
}

/** Statements with chains in place of the switches that allow it. */
export function withoutSwitches(statements: readonly tstl.Statement[]): readonly tstl.Statement[] {
  return statements.map((node) => (tstl.isRepeatStatement(node) ? (chainOf(node.body.statements) ?? node) : node));
}

function chainOf(statements: readonly tstl.Statement[]): tstl.Statement | undefined {
  const [subject, first, ...rest] = statements;
  if (!isLocal(subject, "____switch") || !isLocal(first, "____cond") || first.right === undefined) {
    return undefined;
  }
  const clauses: Clause[] = [];
  let condition: tstl.Expression | undefined = first.right[0];
  let last: tstl.Statement[] | undefined = [];
  for (const node of rest) {
    if (condition !== undefined && tstl.isIfStatement(node) && node.elseBlock === undefined) {
      const body = withoutBreak(node.ifBlock.statements);
      if (body === undefined) {
        return undefined;
      }
      clauses.push({ condition, body });
      condition = undefined;
    } else if (condition === undefined && tstl.isAssignmentStatement(node)) {
      const value: tstl.Expression = node.right[0];
      if (!tstl.isBinaryExpression(value) || !tstl.isIdentifier(value.left)) {
        return undefined;
      }
      condition = value.right;
    } else if (condition === undefined && tstl.isDoStatement(node) && node === rest[rest.length - 1]) {
      last = withoutBreak([...node.statements, tstl.createBreakStatement()]);
    } else {
      return undefined;
    }
  }
  if (condition !== undefined || last === undefined) {
    return undefined;
  }
  const otherwise: tstl.Block | undefined = last.length === 0 ? undefined : tstl.createBlock(last);
  const chain = clauses.reduceRight<tstl.Block | tstl.IfStatement | undefined>(
    (other, clause) => tstl.createIfStatement(clause.condition, tstl.createBlock(clause.body), other),
    otherwise,
  );
  return tstl.createDoStatement([subject, chain as tstl.IfStatement]);
}

function isLocal(node: tstl.Statement | undefined, name: string): node is tstl.VariableDeclarationStatement {
  return node !== undefined && tstl.isVariableDeclarationStatement(node) && node.left[0].text.startsWith(name);
}

/** A body up to the break or return that it ends with; undefined when it runs on, or breaks somewhere else too. */
function withoutBreak(statements: readonly tstl.Statement[]): tstl.Statement[] | undefined {
  const last = statements.findIndex((node) => isEnd(node) || (tstl.isDoStatement(node) && node.statements.some(isEnd)));
  const before = statements.slice(0, last);
  const node = statements[last];
  if (node === undefined || before.some(mayBreak)) {
    return undefined;
  }
  if (tstl.isDoStatement(node)) {
    const inside = withoutBreak(node.statements);
    return inside && [...before, { ...node, statements: inside } as tstl.DoStatement];
  }
  return tstl.isReturnStatement(node) ? [...before, node] : before;
}

function isEnd(node: tstl.Statement): boolean {
  return tstl.isBreakStatement(node) || tstl.isReturnStatement(node);
}

/** Whether a statement has a break inside that could be meant for the switch. */
function mayBreak(node: tstl.Statement): boolean {
  if (tstl.isIfStatement(node)) {
    const other = node.elseBlock;
    return (
      node.ifBlock.statements.some(mayBreak) ||
      (other !== undefined && (tstl.isBlock(other) ? other.statements.some(mayBreak) : mayBreak(other)))
    );
  }
  return tstl.isBreakStatement(node) || (tstl.isDoStatement(node) && node.statements.some(mayBreak));
}
