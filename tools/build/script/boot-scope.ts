// What is needed at boot alone, in the scope of the function that boots: functions that nobody calls later, the values of variables
// that calls compute, and variables that nobody else says. The VM makes them when it boots and takes their memory back when it has.

import type { AnyNode, FunctionDeclaration, Statement, VariableDeclaration } from "acorn";
import { eachUse } from "./names";
import { type ProgramUse, type Script, sourceOf } from "./program";
import { isFunction, isPart, makeAssignment, makeNothing, makeStatement, mapParts, partsOf } from "./tree";

/** A variable of the program with a value. */
type Variable = VariableDeclaration & { name: string };

/** Moves into the function `root` what belongs to the boot. A script without such a function stays as it is. */
export function moveIntoBoot(script: Script, root: string): void {
  if (script.functions().has(root)) {
    new Boot(script, root).move();
  }
}

class Boot {
  readonly #script: Script;
  readonly #root: string;
  readonly #uses: Map<string, ProgramUse[]>;
  /** Functions that are called at boot alone. */
  readonly #functions: Set<string>;
  /** Variables that get their values at boot. */
  readonly #late: Set<string>;
  /** Those of them that are said at boot alone. */
  readonly #own = new Set<string>();

  constructor(script: Script, root: string) {
    script.statements = script.statements.flatMap(apart);
    this.#script = script;
    this.#root = root;
    this.#uses = script.uses();
    this.#functions = new Set([...script.functions().keys()].filter((name) => name !== root));
    this.#late = findLate(script.statements);
  }

  /** @throws {Error} when something that stays needs a value while the script loads */
  move(): void {
    this.#find();
    this.#refuseEarly();
    const { statements } = this.#script;
    const functions = statements.filter((node) => this.#isMovedFunction(node));
    const values = statements.flatMap((node) => this.#valueOf(node));
    this.#script.statements = statements
      .filter((node) => !this.#isMovedFunction(node) && !this.#own.has(variableIn(node)?.name ?? ""))
      .map((node) => {
        if (node.type === "FunctionDeclaration" && node.id.name === this.#root) {
          return { ...node, body: { ...node.body, body: [...functions, ...values, ...node.body.body] } };
        }
        return this.#late.has(variableIn(node)?.name ?? "") ? withoutValue(node as VariableDeclaration) : node;
      });
  }

  /** Leaves of all functions and variables those that nothing outside of the boot says. */
  #find(): void {
    const variables = this.#script.statements.flatMap((node) => variableIn(node) ?? []);
    for (const variable of variables.filter((node) => !makesFunctions(node))) {
      this.#own.add(variable.name);
    }
    for (let count = -1; count !== this.#functions.size + this.#own.size; ) {
      count = this.#functions.size + this.#own.size;
      for (const name of this.#functions) {
        if (!this.#uses.get(name)?.every((one) => one.use === "call" && this.#isOfBoot(one))) {
          this.#functions.delete(name);
        }
      }
      for (const name of this.#own) {
        if (!this.#uses.get(name)?.every((one) => this.#isOfBoot(one))) {
          this.#own.delete(name);
        }
      }
    }
  }

  #refuseEarly(): void {
    for (const node of this.#script.statements.filter(
      (one) => !this.#late.has(sourceOf(one)) && !this.#own.has(sourceOf(one)),
    )) {
      eachUse(withoutFunctions(node), (name) => {
        if (this.#late.has(name) || this.#own.has(name)) {
          throw new Error(`${name} is needed before the boot, which gives it its value`);
        }
      });
    }
  }

  #isOfBoot({ from }: ProgramUse): boolean {
    return from === this.#root || this.#functions.has(from) || this.#late.has(from) || this.#own.has(from);
  }

  #isMovedFunction(node: Statement): node is FunctionDeclaration {
    return node.type === "FunctionDeclaration" && this.#functions.has(node.id.name);
  }

  /** A variable with its value, or the assignment of its value, for the function that boots. */
  #valueOf(node: Statement): Statement[] {
    const variable = variableIn(node);
    if (variable === undefined || this.#own.has(variable.name)) {
      return variable === undefined ? [] : [node];
    }
    const { init } = variable.declarations[0];
    return this.#late.has(variable.name) && isPart(init)
      ? [makeStatement(node, makeAssignment(node, variable.name, init))]
      : [];
  }
}

/** A statement without the functions in it, which run later. */
function withoutFunctions<T extends AnyNode>(node: T): AnyNode {
  return isFunction(node) ? makeNothing(node) : mapParts(node, withoutFunctions);
}

/** Each variable in a declaration of its own. */
function apart(node: Statement): Statement[] {
  return node.type === "VariableDeclaration"
    ? node.declarations.map((declarator) => ({ ...node, declarations: [declarator] }))
    : [node];
}

function variableIn(node: Statement): Variable | undefined {
  const name = sourceOf(node);
  return node.type === "VariableDeclaration" && isPart(node.declarations[0].init) ? { ...node, name } : undefined;
}

function withoutValue(node: VariableDeclaration): VariableDeclaration {
  return { ...node, declarations: [{ ...node.declarations[0], init: null }] };
}

function makesFunctions(node: AnyNode): boolean {
  return isFunction(node) || partsOf(node).some(makesFunctions);
}

/** The variables whose values are computed by calls, or from variables of which that is true. */
function findLate(statements: readonly Statement[]): Set<string> {
  const late = new Set<string>();
  for (const variable of statements.flatMap((node) => variableIn(node) ?? [])) {
    let isLate = false;
    eachUse(variable, (name, use) => {
      isLate ||= use === "call" || late.has(name);
    });
    if (isLate && !makesFunctions(variable)) {
      late.add(variable.name);
    }
  }
  return late;
}
