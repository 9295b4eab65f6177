// Functions written in the place of their calls, so that the VM makes no object for them and calls nothing: those that are called
// in one place alone, and those that are hardly more than the call. As an expression where the body can be one, else as statements
// with the call in front of what needs its value. The order in which things are computed stays.

import type { AnyNode, CallExpression, Expression, FunctionDeclaration, Node, Statement } from "acorn";
import { withCallInFront } from "./call-in-front";
import { namesIn, renamed } from "./names";
import { mapFunctions, type ProgramUse, type Script } from "./program";
import { asExpression, Ending } from "./returns";
import {
  isFunction,
  isPart,
  isStatement,
  make,
  makeAssignment,
  makeBlock,
  makeName,
  makeStatement,
  mapParts,
  nameOf,
  partsOf,
  statementsOf,
} from "./tree";

/** Parts of the syntax tree by which the script may grow for one function object that goes: a bound on the text of the bundle. */
const GROWTH = 112;

/** Parts of a call and of a function besides the arguments, the parameters and the body. */
const PARTS_OF_A_CALL = 2;
const PARTS_OF_A_FUNCTION = 3;
/** The block and the return around the one expression of a body. */
const PARTS_OF_A_BODY = 2;

/** Variables of one function: a VM has registers for no more than twice as many. */
const VARIABLES = 120;

/** A function that may be written in. */
interface Candidate {
  params: string[];
  body: readonly Statement[];
  declared: ReadonlySet<string>;
  assigned: ReadonlySet<string>;
  /** Whether the body can be one expression, and stand anywhere. */
  isExpression: boolean;
}

/** Writes into the functions of a script what may be, and leaves out what nobody calls any more. */
export function inlineCalls(script: Script): void {
  new Inliner(script).run();
}

class Inliner {
  readonly #script: Script;
  readonly #functions: Map<string, FunctionDeclaration>;
  readonly #uses: Map<string, ProgramUse[]>;
  readonly #done = new Map<string, FunctionDeclaration>();
  readonly #open = new Set<string>();
  readonly #candidates = new Map<string, Candidate | undefined>();
  /** What the function that is written gets besides its own variables. */
  #variables: string[] = [];
  #room = 0;

  constructor(script: Script) {
    this.#script = script;
    this.#functions = script.functions();
    this.#uses = script.uses();
  }

  run(): void {
    const finished = this.#script.statements.map((node) =>
      node.type === "FunctionDeclaration" ? this.#finish(node) : mapFunctions(node, (one) => this.#into(one)),
    );
    this.#script.statements = finished;
    // A function that was called by one that has gone goes after it.
    for (let count = -1; count !== this.#script.statements.length; ) {
      count = this.#script.statements.length;
      const uses = this.#script.uses();
      this.#script.statements = this.#script.statements.filter(
        (node) =>
          node.type !== "FunctionDeclaration" || uses.get(node.id.name)?.some(({ from }) => from !== node.id.name),
      );
    }
  }

  /** A function of the program with everything written in: the functions that it calls come first. */
  #finish(node: FunctionDeclaration): FunctionDeclaration {
    const { name } = node.id;
    const done = this.#done.get(name);
    if (done !== undefined || this.#open.has(name)) {
      return done ?? node;
    }
    this.#open.add(name);
    const saved = { variables: this.#variables, room: this.#room };
    const finished = this.#into(node);
    this.#variables = saved.variables;
    this.#room = saved.room;
    this.#open.delete(name);
    this.#done.set(name, finished);
    return finished;
  }

  #into<T extends AnyNode>(node: T): T {
    if (!isFunction(node) || node.body.type !== "BlockStatement") {
      return node;
    }
    this.#variables = [];
    this.#room = VARIABLES - namesIn([node]).declared.size;
    const body = this.#statements(node.body.body);
    const declarations: Statement[] =
      this.#variables.length === 0
        ? []
        : [
            make(node, {
              type: "VariableDeclaration",
              kind: "var",
              declarations: this.#variables.map((name) =>
                make(node, { type: "VariableDeclarator", id: makeName(node, name), init: null }),
              ),
            }),
          ];
    return { ...node, body: { ...node.body, body: [...declarations, ...body] } };
  }

  #statements(nodes: readonly Statement[]): Statement[] {
    return nodes.flatMap((node) => this.#statement(node));
  }

  #statement(node: Statement): Statement[] {
    const own = this.#withExpressions(node);
    return this.#written(own) ?? this.#moved(own) ?? [this.#withStatements(own)];
  }

  #moved(node: Statement): Statement[] | undefined {
    return withCallInFront(node, {
      isWanted: (call) => this.#candidateOf(call) !== undefined,
      isConstant: (name) => this.#isConstant(name),
      createName: () => this.#createVariable("result"),
    })?.flatMap((one) => this.#statement(one));
  }

  #isConstant(name: string): boolean {
    return !this.#script.names.has(name) || this.#uses.get(name)?.every(({ use }) => use !== "write") === true;
  }

  #createVariable(name: string): string {
    const made = this.#script.createName(name);
    this.#variables.push(made);
    return made;
  }

  /** A statement whose own expressions, not those of statements inside of it, have what can be an expression written in. */
  #withExpressions(node: Statement): Statement {
    const change = (part: AnyNode): AnyNode => {
      if (isStatement(part) || isFunction(part) || part.type === "SwitchCase") {
        return part.type === "VariableDeclaration" ? mapParts(part, change) : part;
      }
      const changed = mapParts(part, change);
      return changed.type === "CallExpression" ? (this.#asExpression(changed) ?? changed) : changed;
    };
    return mapParts(node, change);
  }

  #withStatements(node: Statement): Statement {
    switch (node.type) {
      case "SwitchStatement":
        return {
          ...node,
          cases: node.cases.map((one) => ({ ...one, consequent: this.#statements(one.consequent) })),
        };
      case "BlockStatement":
        return { ...node, body: this.#statements(node.body) };
      default:
        return mapParts(node, (part) =>
          isStatement(part) && part.type !== "VariableDeclaration"
            ? makeBlock(part, this.#statements(statementsOf(part)))
            : part,
        );
    }
  }

  /** The function behind a call, when it may be written in here. */
  #candidateOf(call: CallExpression): Candidate | undefined {
    if (call.callee.type !== "Identifier") {
      return undefined;
    }
    const candidate = this.#candidate(call.callee.name);
    return candidate !== undefined &&
      candidate.params.length === call.arguments.length &&
      candidate.declared.size + candidate.params.length <= this.#room
      ? candidate
      : undefined;
  }

  #candidate(name: string): Candidate | undefined {
    if (!this.#candidates.has(name)) {
      const node = this.#functions.get(name);
      const uses = this.#uses.get(name) ?? [];
      const isCalled = uses.length > 0 && uses.every(({ use }) => use === "call");
      if (node === undefined || !isCalled || this.#open.has(name)) {
        return undefined;
      }
      const finished = this.#finish(node);
      this.#candidates.set(name, candidateFrom(finished, uses.length));
    }
    return this.#candidates.get(name);
  }

  #asExpression(call: CallExpression): Expression | undefined {
    const candidate = this.#candidateOf(call);
    if (candidate === undefined || !candidate.isExpression) {
      return undefined;
    }
    const { before, body } = this.#withArguments(call, candidate);
    const value = asExpression(body, call);
    return value && (before.length === 0 ? value : sequence(call, [...before, value]));
  }

  /** A statement that is a call, the value of a variable or of a return, with the function in its place. */
  #written(node: Statement): Statement[] | undefined {
    const found = callIn(node);
    const candidate = found && this.#candidateOf(found.call);
    if (found === undefined || candidate === undefined) {
      return undefined;
    }
    const { before, body } = this.#withArguments(found.call, candidate);
    const start = before.map((one) => makeStatement(one, one));
    if (found.isReturned) {
      return [...start, ...body, make<Statement>(node, { type: "ReturnStatement", argument: null })];
    }
    const written = [...start, ...new Ending(this.#script.createName("done"), found.result).end(body, node)];
    return found.isNew
      ? [make<Statement>(node, { type: "VariableDeclaration", kind: "var", declarations: [found.isNew] }), ...written]
      : written;
  }

  /** The body with arguments for parameters, variables of its own, and assignments to those that need one. */
  #withArguments(call: CallExpression, candidate: Candidate): { before: Expression[]; body: Statement[] } {
    const names = new Map<string, AnyNode>();
    for (const name of candidate.declared) {
      names.set(name, makeName(call, this.#createVariable(name)));
    }
    const before: Expression[] = [];
    for (const [index, name] of candidate.params.entries()) {
      const value = call.arguments[index] as Expression;
      const others = call.arguments.filter((one) => one !== value);
      if (!candidate.assigned.has(name) && this.#isShort(value, others)) {
        names.set(name, value);
      } else {
        const variable = this.#createVariable(name);
        names.set(name, makeName(call, variable));
        before.push(makeAssignment(value, variable, value));
      }
    }
    this.#room = VARIABLES - this.#variables.length;
    return { before, body: candidate.body.map((node) => renamed(node, names)) };
  }

  /** Whether a value may be said again wherever the parameter is: a number, a variable of the caller, a constant. */
  #isShort(value: Expression, others: readonly AnyNode[]): boolean {
    if (value.type === "UnaryExpression") {
      return value.argument.type === "Literal";
    }
    if (value.type === "Identifier") {
      return this.#isConstant(value.name) && !namesIn(others).assigned.has(value.name);
    }
    return value.type === "Literal" && typeof value.value !== "string";
  }
}

function sequence(at: Node, expressions: Expression[]): Expression {
  return make(at, { type: "SequenceExpression", expressions });
}

function weightOf(node: AnyNode): number {
  return partsOf(node).reduce((sum, part) => sum + weightOf(part), 1);
}

/** The parts that the script has more when a function stands in the place of all its calls. */
function growthOf({ params, body }: FunctionDeclaration, calls: number): number {
  const weight = weightOf(body);
  const ofAll = calls * (weight - PARTS_OF_A_BODY - PARTS_OF_A_CALL - params.length);
  return ofAll - weight - PARTS_OF_A_FUNCTION - params.length;
}

function candidateFrom(node: FunctionDeclaration, calls: number): Candidate | undefined {
  const body = node.body.body;
  const { declared, assigned, isBound } = namesIn(body);
  const isExpression = asExpression(body, node) !== undefined;
  const isSmall = growthOf(node, calls) <= GROWTH;
  return isBound || (calls > 1 && !isSmall)
    ? undefined
    : { params: node.params.map(nameOf), body, declared, assigned, isExpression };
}

/** A call that stands where a function can be written in. */
interface Place {
  call: CallExpression;
  /** The variable that takes the value, or "". */
  result: string;
  /** Its declaration, without the value, when it stands here. */
  isNew?: Extract<AnyNode, { type: "VariableDeclarator" }>;
  isReturned: boolean;
}

function callIn(node: Statement): Place | undefined {
  if (node.type === "ReturnStatement" && node.argument?.type === "CallExpression") {
    return { call: node.argument, result: "", isReturned: true };
  }
  if (node.type === "VariableDeclaration" && node.declarations.length === 1) {
    const [declarator] = node.declarations;
    return isPart(declarator.init) && declarator.init.type === "CallExpression"
      ? {
          call: declarator.init,
          result: nameOf(declarator.id),
          isNew: { ...declarator, init: null },
          isReturned: false,
        }
      : undefined;
  }
  if (node.type !== "ExpressionStatement") {
    return undefined;
  }
  const { expression } = node;
  if (expression.type === "AssignmentExpression" && expression.operator === "=") {
    const { left, right } = expression;
    return left.type === "Identifier" && right.type === "CallExpression"
      ? { call: right, result: left.name, isReturned: false }
      : undefined;
  }
  return expression.type === "CallExpression" ? { call: expression, result: "", isReturned: false } : undefined;
}
