// Functions that are called in one place alone, written in there: the call, the function's own frame and its entry in the
// program's table go. Only where the call is a statement of its own, the value of a local, or what is returned.

import * as tstl from "typescript-to-lua";
import { withCallInFront } from "./call-search";
import { namesIn, renamed } from "./local-names";
import { Rebuilder } from "./lua-tree";

/** In front of a name of the program that has no short name yet: no local is called so. */
export const UNNAMED = "$";

/** In front of the label behind a function that is written in. */
const LABEL = "____done";

/** In front of the local that holds a result which a condition asks for. */
const RESULT = "____result";

/** Statements that come from another file than those around them. */
export interface ForeignStatements extends tstl.DoStatement {
  fileName: string;
}

/** A function that is called in one place alone. */
export interface Single {
  body: tstl.FunctionExpression;
  /** Where it is written. */
  fileName: string;
  /** Told that the function stands in its caller now. */
  take(): void;
}

/** Answers the function behind a name when it may be written in, undefined otherwise. */
export type SingleOf = (name: tstl.Identifier) => Single | undefined;

/** Answers whether a name of the program gets another value after all modules are loaded. */
export type IsVariable = (name: tstl.Identifier) => boolean;

/** Writes functions into the bodies of others. */
export class Inliner {
  #labels = 0;
  #results = 0;

  /** A function with everything that may be written in. */
  inline(caller: tstl.FunctionExpression, singleOf: SingleOf, isVariable: IsVariable): tstl.FunctionExpression {
    const rebuilder = new Rebuilder({
      free: (node) => node,
      member: () => undefined,
      expression: (node) => node,
      statements: (nodes) => nodes.flatMap((node) => this.#statement(node, singleOf, isVariable)),
      local: () => undefined,
    });
    return rebuilder.expression(caller) as tstl.FunctionExpression;
  }

  #statement(node: tstl.Statement, singleOf: SingleOf, isVariable: IsVariable): tstl.Statement[] {
    const placed = this.#place(node, singleOf);
    if (placed !== undefined) {
      return placed;
    }
    const moved = withCallInFront(node, {
      isWanted: (call) => this.#isWanted(call, singleOf),
      isConstant: (name) => !isVariable(name),
      createName: () => this.#createName(),
    });
    return moved === undefined ? [node] : moved.flatMap((one) => this.#statement(one, singleOf, isVariable));
  }

  #place(node: tstl.Statement, singleOf: SingleOf): tstl.Statement[] | undefined {
    const found = callIn(node);
    const single = found && tstl.isIdentifier(found.call.expression) ? singleOf(found.call.expression) : undefined;
    if (found === undefined || single === undefined) {
      return undefined;
    }
    const body = this.#apart(found, single.body);
    if (!fits(found, body)) {
      return undefined;
    }
    single.take();
    return this.#written(found, { ...single, body });
  }

  #isWanted(call: tstl.CallExpression, singleOf: SingleOf): boolean {
    const single = tstl.isIdentifier(call.expression) ? singleOf(call.expression) : undefined;
    return (
      single !== undefined &&
      fits({ call, result: { name: tstl.createIdentifier(RESULT), isNew: true }, isReturned: false }, single.body)
    );
  }

  #createName(): tstl.Identifier {
    this.#results += 1;
    return tstl.createIdentifier(`${RESULT}${this.#results}`);
  }

  /** A function whose locals have other names than what stands around the call. */
  #apart({ call, result }: Call, callee: tstl.FunctionExpression): tstl.FunctionExpression {
    const around = namesIn(call.params.map((value) => tstl.createExpressionStatement(value))).said;
    const { declared } = namesIn(callee.body.statements);
    const own = [...declared, ...(callee.params ?? []).map(({ text }) => text)];
    const shared = own.filter((name) => name === result?.name.text || around.has(name));
    if (shared.length === 0) {
      return callee;
    }
    this.#results += 1;
    return renamed(callee, new Map(shared.map((name) => [name, `${name}${this.#results}`])));
  }

  #written({ call, result, isReturned }: Call, { body: callee, fileName }: Single): tstl.Statement[] {
    const { statements, declarations } = withArguments(call, callee);
    const foreign = (nodes: tstl.Statement[]): ForeignStatements => ({ ...tstl.createDoStatement(nodes), fileName });
    if (isReturned) {
      const body: tstl.Statement[] = [tstl.createDoStatement([...declarations, foreign(statements)])];
      return endsInReturn(statements) ? body : [...body, tstl.createReturnStatement([])];
    }
    const label = `${LABEL}${this.#labels}`;
    this.#labels += 1;
    const ending = new Ending(label, result);
    const body = ending.replace(statements, true);
    if (ending.isUsed) {
      body.push(tstl.createLabelStatement(label));
    }
    const block = tstl.createDoStatement([...declarations, foreign(body)]);
    return result?.isNew === true ? [tstl.createVariableDeclarationStatement(result.name), block] : [block];
  }
}

/** A call that stands where a function can be written in. */
interface Call {
  call: tstl.CallExpression;
  /** The local that takes the result. */
  result?: { name: tstl.Identifier; isNew: boolean };
  isReturned: boolean;
}

function callIn(node: tstl.Statement): Call | undefined {
  if (tstl.isExpressionStatement(node) && tstl.isCallExpression(node.expression)) {
    return { call: node.expression, isReturned: false };
  }
  if (tstl.isReturnStatement(node) && node.expressions.length === 1 && tstl.isCallExpression(node.expressions[0])) {
    return { call: node.expressions[0], isReturned: true };
  }
  if (tstl.isVariableDeclarationStatement(node) && node.left.length === 1 && node.right?.length === 1) {
    const [value] = node.right;
    return tstl.isCallExpression(value)
      ? { call: value, result: { name: node.left[0], isNew: true }, isReturned: false }
      : undefined;
  }
  if (tstl.isAssignmentStatement(node) && node.left.length === 1 && node.right.length === 1) {
    const [name] = node.left;
    const [value] = node.right;
    return tstl.isIdentifier(name) && isLocal(name) && tstl.isCallExpression(value)
      ? { call: value, result: { name, isNew: false }, isReturned: false }
      : undefined;
  }
  return undefined;
}

/** Whether a function can be written into the place of a call. */
function fits(found: Call, callee: tstl.FunctionExpression): boolean {
  const params = callee.params ?? [];
  const inside = namesIn(callee.body.statements);
  const outside = namesIn(found.call.params.map((value) => tstl.createExpressionStatement(value)));
  const result = found.result?.name.text ?? "";
  return (
    callee.dots === undefined &&
    !inside.hasFunctions &&
    params.length === found.call.params.length &&
    !inside.declared.has(result) &&
    !params.some(({ text }) => text === result) &&
    !(found.result?.isNew === true && outside.said.has(result)) &&
    (found.result?.isNew !== false || endsInReturn(callee.body.statements)) &&
    returnsPlainly(callee.body.statements, found)
  );
}

/** Whether every return gives what the place takes: one value, or none that has to be computed. */
function returnsPlainly(statements: readonly tstl.Statement[], { result, isReturned }: Call): boolean {
  return returnsOf(statements).every(({ expressions }) => {
    if (isReturned) {
      return true;
    }
    return result !== undefined
      ? expressions.length === 1
      : expressions.every((value) => tstl.isLiteral(value) || tstl.isIdentifier(value));
  });
}

function blocksOf(node: tstl.Statement): (readonly tstl.Statement[])[] {
  if (tstl.isDoStatement(node)) {
    return [node.statements];
  }
  if (tstl.isIfStatement(node)) {
    const other = node.elseBlock;
    const others = other === undefined ? [] : tstl.isBlock(other) ? [other.statements] : blocksOf(other);
    return [node.ifBlock.statements, ...others];
  }
  if (
    tstl.isWhileStatement(node) ||
    tstl.isRepeatStatement(node) ||
    tstl.isForStatement(node) ||
    tstl.isForInStatement(node)
  ) {
    return [node.body.statements];
  }
  return [];
}

function returnsOf(statements: readonly tstl.Statement[]): tstl.ReturnStatement[] {
  return statements.flatMap((node) =>
    tstl.isReturnStatement(node) ? [node] : blocksOf(node).flatMap((block) => returnsOf(block)),
  );
}

/** Whether statements have labels of their own, which are unique in their file alone. */
export function hasLabels(statements: readonly tstl.Statement[]): boolean {
  return statements.some(
    (node) => (tstl.isLabelStatement(node) && !node.name.startsWith(LABEL)) || blocksOf(node).some(hasLabels),
  );
}

function endsInReturn(statements: readonly tstl.Statement[]): boolean {
  const last = statements[statements.length - 1];
  if (last === undefined) {
    return false;
  }
  if (tstl.isIfStatement(last)) {
    return last.elseBlock !== undefined && blocksOf(last).every(endsInReturn) && endsInElse(last);
  }
  return tstl.isReturnStatement(last) || (tstl.isDoStatement(last) && endsInReturn(last.statements));
}

function endsInElse(node: tstl.IfStatement): boolean {
  const other = node.elseBlock;
  return other !== undefined && (tstl.isBlock(other) || endsInElse(other));
}

/** The body with the arguments in place of the parameters, and locals for those that need one. */
function withArguments(
  call: tstl.CallExpression,
  callee: tstl.FunctionExpression,
): { statements: tstl.Statement[]; declarations: tstl.Statement[] } {
  const params = callee.params ?? [];
  const { assigned, declared } = namesIn(callee.body.statements);
  const values = new Map<string, tstl.Expression>();
  const kept: { name: tstl.Identifier; value: tstl.Expression }[] = [];
  for (const [index, name] of params.entries()) {
    const value = call.params[index];
    const isHidden = (text: string) => declared.has(text) || params.some((one) => one !== name && one.text === text);
    const isShort = tstl.isNumericLiteral(value) || tstl.isBooleanLiteral(value) || isLocal(value);
    const hidden = tstl.isIdentifier(value) && isHidden(value.text);
    if (isShort && !hidden && !assigned.has(name.text) && !declared.has(name.text)) {
      values.set(name.text, value);
    } else {
      kept.push({ name, value });
    }
  }
  const put = new Rebuilder({
    free: (node) => {
      const value = values.get(node.text);
      return value === undefined ? node : ({ ...value } as tstl.Expression);
    },
    member: () => undefined,
    expression: (node) => node,
    statements: (nodes) => nodes,
    local: () => undefined,
  });
  const block = put.statement(tstl.createDoStatement(callee.body.statements)) as tstl.DoStatement;
  const declarations =
    kept.length === 0
      ? []
      : [
          tstl.createVariableDeclarationStatement(
            kept.map(({ name }) => ({ ...name })),
            kept.map(({ value }) => value),
          ),
        ];
  return { statements: block.statements, declarations };
}

/** Whether an argument is a local of the caller; the program's own names are marked until they get their short ones. */
function isLocal(value: tstl.Expression): boolean {
  return tstl.isIdentifier(value) && !value.text.startsWith(UNNAMED);
}

/** Returns as the end of a block: the value goes to the local that takes it, and what follows is jumped over. */
class Ending {
  readonly #label: string;
  readonly #result: Call["result"];
  isUsed = false;

  constructor(label: string, result: Call["result"]) {
    this.#label = label;
    this.#result = result;
  }

  /** @param isLast whether the end of these statements is the end of the function */
  replace(statements: readonly tstl.Statement[], isLast: boolean): tstl.Statement[] {
    return statements.flatMap((node, index) => this.#replaceOne(node, isLast && index === statements.length - 1));
  }

  #replaceOne(node: tstl.Statement, isLast: boolean): tstl.Statement[] {
    if (tstl.isReturnStatement(node)) {
      const value =
        this.#result === undefined
          ? []
          : [
              tstl.setNodePosition(
                tstl.createAssignmentStatement({ ...this.#result.name }, node.expressions[0]),
                tstl.getOriginalPos(node),
              ),
            ];
      this.isUsed = this.isUsed || !isLast;
      return isLast ? value : [...value, tstl.createGotoStatement(this.#label)];
    }
    if (tstl.isDoStatement(node)) {
      return [{ ...node, statements: this.replace(node.statements, isLast) } as tstl.DoStatement];
    }
    if (tstl.isIfStatement(node)) {
      return [this.#replaceChoice(node, isLast)];
    }
    if (
      tstl.isWhileStatement(node) ||
      tstl.isRepeatStatement(node) ||
      tstl.isForStatement(node) ||
      tstl.isForInStatement(node)
    ) {
      const body = { ...node.body, statements: this.replace(node.body.statements, false) };
      return [{ ...node, body } as tstl.IterationStatement];
    }
    return [node];
  }

  #replaceChoice(node: tstl.IfStatement, isLast: boolean): tstl.IfStatement {
    const other = node.elseBlock;
    const ifBlock = { ...node.ifBlock, statements: this.replace(node.ifBlock.statements, isLast) };
    const elseBlock =
      other &&
      (tstl.isBlock(other)
        ? { ...other, statements: this.replace(other.statements, isLast) }
        : this.#replaceChoice(other, isLast));
    return { ...node, ifBlock, elseBlock };
  }
}
