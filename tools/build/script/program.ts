// The linked script as one function around everything: its own names, its functions and what uses them. Written back as text with
// a source map.

import { type AnyNode, type FunctionDeclaration, type Program, parse, type Statement } from "acorn";
import { minify } from "terser";
import { eachUse, namesIn, renamed, type Use } from "./names";
import { isFunction, isPart, makeName, mapParts, nameOf, partsOf } from "./tree";

const FILE = "linked.js";

/** In front of the number behind a name that a pass gives: no name of the sources has two. */
export const MARK = "$$";

/** One use of a name of the program. */
export interface ProgramUse {
  /** The function of the program, or the variable with the value, in which it is; "" for the rest. */
  from: string;
  use: Use;
}

/** The script's own statements and functions; everything else of it stays as it was read. */
export class Script {
  readonly #tree: Program;
  readonly #around: AnyNode;
  #made = 0;
  statements: Statement[];
  /** The names of the program: its functions, and its variables. */
  readonly names: ReadonlySet<string>;

  /** @throws {SyntaxError} when the code is no ES5 script with a function around everything */
  constructor(code: string) {
    this.#tree = parse(code, { ecmaVersion: 5, sourceType: "script", locations: true, sourceFile: FILE });
    const around = firstFunction(this.#tree);
    if (around?.type !== "FunctionExpression") {
      throw new SyntaxError("the script is no function around everything");
    }
    this.#around = around;
    const own = around.body.body;
    this.names = new Set(
      own.flatMap((node) =>
        node.type === "FunctionDeclaration"
          ? [node.id.name]
          : node.type === "VariableDeclaration"
            ? node.declarations.map(({ id }) => nameOf(id))
            : [],
      ),
    );
    this.statements = own.map((node) => mapFunctions(node, (one) => this.#apart(one)));
  }

  /** A name that nobody else has. */
  createName(name: string): string {
    this.#made += 1;
    return `${name.split(MARK)[0]}${MARK}${this.#made}`;
  }

  /** A function none of whose variables hides a name of the program. */
  #apart<T extends AnyNode>(node: T): T {
    const { declared } = namesIn([node]);
    const params = isFunction(node) ? node.params.map(nameOf) : [];
    const hiding = [...new Set([...declared, ...params])].filter((name) => this.names.has(name));
    return renamed(node, new Map(hiding.map((name) => [name, makeName(node, this.createName(name))])));
  }

  /** The functions of the program by their names. */
  functions(): Map<string, FunctionDeclaration> {
    return new Map(
      this.statements.flatMap((node) => (node.type === "FunctionDeclaration" ? [[node.id.name, node] as const] : [])),
    );
  }

  /** Every use of every function of the program. */
  uses(): Map<string, ProgramUse[]> {
    const uses = new Map<string, ProgramUse[]>([...this.names].map((name) => [name, []]));
    for (const node of this.statements) {
      const from = sourceOf(node);
      eachUse(node, (name, use) => uses.get(name)?.push({ from, use }));
    }
    return uses;
  }

  /** The script as text. */
  async print(): Promise<{ code: string; map: string }> {
    const { statements } = this;
    const replace = (node: AnyNode): AnyNode =>
      node === this.#around && node.type === "FunctionExpression"
        ? { ...node, body: { ...node.body, body: statements } }
        : mapParts(node, replace);
    const { code, map } = await minify(replace(this.#tree) as unknown as string, {
      parse: { spidermonkey: true } as object,
      compress: false,
      mangle: false,
      sourceMap: { filename: FILE },
      format: { beautify: true, indent_level: 1 },
    });
    return { code: code ?? "", map: map as string };
  }
}

/** What a statement of the program declares: a function, or one variable; "" for everything else. */
export function sourceOf(node: Statement): string {
  if (node.type === "FunctionDeclaration") {
    return node.id.name;
  }
  return node.type === "VariableDeclaration" && node.declarations.length === 1 ? nameOf(node.declarations[0].id) : "";
}

function firstFunction(node: AnyNode): AnyNode | undefined {
  if (node.type === "FunctionExpression") {
    return node;
  }
  for (const part of partsOf(node)) {
    const found = firstFunction(part);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

/** A statement of the program with the functions in it, the outermost alone, changed. */
export function mapFunctions<T extends AnyNode>(node: T, change: <F extends AnyNode>(part: F) => F): T {
  if (isFunction(node)) {
    return change(node);
  }
  return isPart(node) ? mapParts(node, (part) => mapFunctions(part, change)) : node;
}
