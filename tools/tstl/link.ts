// Links the modules of a program into one: every function and every value at module level becomes a field of one table,
// which is the environment (_ENV) of the whole bundle, under a short name; imports and exports leave no trace, and what the
// entry does not reach is left out. Of each module the functions come first, then its values, after what it imports.

import * as tstl from "typescript-to-lua";
import { hasLabels, Inliner, UNNAMED } from "./inline";
import { type LuaModule, type Meaning, type Module, readModules } from "./lua-modules";
import { Rebuilder } from "./lua-tree";
import { withoutNamesInLocals } from "./peephole";
import { shortNames } from "./short-names";

/** Names that the text in front of the bundle declares as locals. */
const PRELUDE_NAME = /^(____createBuffer|__TS__\w+|Error|Symbol|Map|Set|Promise|RangeError|TypeError)$/;

/** Names that TypeScriptToLua prints as they stand and that are none: 0xFF, ("\000"). */
const NAME = /^[A-Za-z_]\w*/;

/** Lua's own names that compiled TypeScript says. */
const LUA_GLOBALS: readonly string[] =
  "_G assert collectgarbage debug error getmetatable ipairs math next nil os pairs pcall print rawget rawset select setmetatable string table tonumber tostring type unpack utf8 xpcall".split(
    " ",
  );

/** A linked program. */
export interface LinkedProgram {
  /** What is left of each module, in the order in which they load. */
  modules: LuaModule[];
  /** The short name of every function and value that is left, by "module name". */
  names: Map<string, string>;
  /** The exports of the entry by their own names, with their short ones. */
  exports: Map<string, string>;
  /** Lua's own names that the program says. */
  globals: string[];
}

/** A program that cannot be linked. */
export class LinkFailed extends Error {}

/** A function or a value at module level. */
interface Entity {
  name: string;
  fileName: string;
  /** Every place that says it. */
  places: tstl.Identifier[];
  definitions: Unit[];
}

/** A statement at module level. */
interface Unit {
  statement: tstl.Statement;
  fileName: string;
  /** What else it takes. */
  says: Set<Entity>;
  /** How often it says each. */
  places: Entity[];
  isFunction: boolean;
  isReached: boolean;
}

/**
 * Links modules.
 * @param entry the file whose exports are the bundle's
 * @param expression what becomes of every expression, from the inside out
 * @throws LinkFailed
 */
export function link(
  modules: readonly LuaModule[],
  entry: string,
  expression: (node: tstl.Expression) => tstl.Expression,
): LinkedProgram {
  return new Linker(expression).link(readModules(modules, entry), entry);
}

class Linker {
  readonly #expression: (node: tstl.Expression) => tstl.Expression;
  readonly #entities = new Map<string, Entity>();
  readonly #said = new Map<tstl.Node, Entity>();
  readonly #taken = new Set<string>(LUA_GLOBALS);
  readonly #globals = new Set<string>();
  readonly #waiting: Unit[] = [];

  constructor(expression: (node: tstl.Expression) => tstl.Expression) {
    this.#expression = expression;
  }

  link(modules: readonly Module[], entry: string): LinkedProgram {
    const units = modules.map((module) => module.statements.map((statement) => this.#readUnit(module, statement)));
    const start = modules.find(({ fileName }) => fileName === entry);
    const exported = [...(start?.exports ?? [])].map((name) => this.#entity({ fileName: entry, name, isExport: true }));
    this.#reachAll(exported.flatMap(({ definitions }) => definitions));
    this.#sweep();
    this.#writeIn(units.flat(), exported);
    const names = this.#giveNames(exported);
    return {
      modules: modules.map(({ fileName, file }, index) => ({
        fileName,
        file: { ...file, statements: inLoadingOrder(units[index].filter(({ isReached }) => isReached)) },
      })),
      names,
      exports: new Map(exported.map((entity) => [entity.name, entity.places[0].text])),
      globals: [...this.#globals].sort(),
    };
  }

  #entity({ fileName, name, isExport }: Meaning): Entity {
    const key = `${fileName} ${isExport ? "" : "local "}${name}`;
    const known = this.#entities.get(key);
    if (known !== undefined) {
      return known;
    }
    const entity: Entity = { name, fileName, places: [tstl.createIdentifier(name)], definitions: [] };
    this.#entities.set(key, entity);
    return entity;
  }

  #readUnit(module: Module, original: tstl.Statement): Unit {
    const unit: Unit = {
      statement: original,
      fileName: module.fileName,
      says: new Set(),
      places: [],
      isFunction: false,
      isReached: false,
    };
    const rebuilder = this.#rebuilder(module, (entity) => {
      unit.says.add(entity);
      unit.places.push(entity);
    });
    if (!tstl.isAssignmentStatement(original)) {
      unit.statement = rebuilder.statement(original);
      this.#reachAll([unit]);
      return unit;
    }
    const left = original.left.map((target) => rebuilder.expression(target)) as tstl.AssignmentLeftHandSideExpression[];
    const defined = left.map((target) => this.#said.get(target));
    unit.says.clear();
    unit.places = [];
    const right = original.right.map((value) => rebuilder.expression(value));
    unit.statement = { ...original, left, right } as tstl.AssignmentStatement;
    unit.isFunction = right.every(tstl.isFunctionExpression) && !defined.includes(undefined);
    for (const [index, entity] of defined.entries()) {
      if (entity === undefined) {
        // A field of something: what is written to is taken.
        rebuilder.expression(original.left[index]);
        this.#reachAll([unit]);
      } else {
        entity.definitions.push(unit);
      }
    }
    if (!right.every((value) => this.#isSilent(value))) {
      this.#reachAll([unit]);
    }
    return unit;
  }

  #rebuilder(module: Module, takes: (entity: Entity) => void): Rebuilder {
    const say = (meaning: Meaning, node: tstl.Node): tstl.Identifier => {
      const entity = this.#entity(meaning);
      const place = tstl.setNodePosition(tstl.createIdentifier(UNNAMED + entity.name), tstl.getOriginalPos(node));
      entity.places.push(place);
      this.#said.set(place, entity);
      takes(entity);
      return place;
    };
    return new Rebuilder({
      free: (node) => {
        const meaning = module.names.get(node.text);
        return meaning === undefined ? this.#global(module, node) : say(meaning, node);
      },
      member: (node, name) => {
        const table = tstl.isIdentifier(node.table) ? node.table.text : "";
        const fileName = module.tables.get(table);
        if (fileName !== undefined) {
          return say({ fileName, name, isExport: true }, node);
        }
        return LUA_GLOBALS.includes(table) && !module.names.has(table)
          ? ({ ...node, table: this.#global(module, node.table as tstl.Identifier) } as tstl.TableIndexExpression)
          : undefined;
      },
      expression: this.#expression,
      statements: withoutNamesInLocals,
      local: (name) => this.#taken.add(name),
    });
  }

  #global(module: Module, node: tstl.Identifier): tstl.Identifier {
    const name = NAME.exec(node.text)?.[0] ?? "";
    if (LUA_GLOBALS.includes(name)) {
      this.#globals.add(name);
    } else if (name !== "" && !PRELUDE_NAME.test(name)) {
      throw new LinkFailed(`${module.fileName}: nothing in the bundle is called ${name}`);
    }
    return { ...node };
  }

  /** Whether an expression makes a value and does nothing else. Functions called `create…` do no more at module level. */
  #isSilent(node: tstl.Expression): boolean {
    const all = (nodes: readonly tstl.Expression[]): boolean => nodes.every((part) => this.#isSilent(part));
    if (tstl.isCallExpression(node)) {
      const name = tstl.isIdentifier(node.expression)
        ? (this.#said.get(node.expression)?.name ?? node.expression.text)
        : "";
      return /^(____)?create(?![a-z])/.test(name) && all(node.params);
    }
    if (tstl.isTableExpression(node)) {
      return all(node.fields.map(({ value }) => value));
    }
    if (tstl.isBinaryExpression(node)) {
      return all([node.left, node.right]);
    }
    if (tstl.isUnaryExpression(node)) {
      return this.#isSilent(node.operand);
    }
    return tstl.isLiteral(node) || tstl.isIdentifier(node) || tstl.isFunctionExpression(node);
  }

  #reachAll(units: readonly Unit[]): void {
    for (const unit of units) {
      if (!unit.isReached) {
        unit.isReached = true;
        this.#waiting.push(unit);
      }
    }
  }

  #sweep(): void {
    for (let unit = this.#waiting.pop(); unit !== undefined; unit = this.#waiting.pop()) {
      for (const entity of unit.says) {
        this.#reachAll(entity.definitions);
      }
    }
  }

  /** Writes functions that are called once into their callers. */
  #writeIn(units: readonly Unit[], exported: readonly Entity[]): void {
    const uses = new Map<Entity, number>();
    for (const entity of units.flatMap(({ isReached, places }) => (isReached ? places : []))) {
      uses.set(entity, (uses.get(entity) ?? 0) + 1);
    }
    const inliner = new Inliner();
    for (const unit of units) {
      const body = functionOf(unit);
      if (body === undefined) {
        continue;
      }
      const written = inliner.inline(body, (name) => {
        const entity = this.#said.get(name);
        const single = entity?.definitions.length === 1 ? entity.definitions[0] : undefined;
        const inside = single && functionOf(single);
        if (entity === undefined || single === undefined || inside === undefined) {
          return undefined;
        }
        const isSingle = uses.get(entity) === 1 && !exported.includes(entity);
        const fileName = single.fileName;
        const isApart = fileName === unit.fileName || !hasLabels(inside.body.statements);
        const take = (): void => {
          single.isReached = false;
        };
        return isSingle && isApart ? { body: inside, fileName, take } : undefined;
      });
      unit.statement = { ...(unit.statement as tstl.AssignmentStatement), right: [written] } as tstl.FunctionDefinition;
    }
  }

  /** The most used get the shortest; what is left out gets none. */
  #giveNames(exported: readonly Entity[]): Map<string, string> {
    const left = [...this.#entities].filter(
      ([, entity]) => entity.definitions.some(({ isReached }) => isReached) || exported.includes(entity),
    );
    left.sort(([, one], [, other]) => other.places.length - one.places.length);
    const generator = shortNames(this.#taken);
    const names = new Map<string, string>();
    for (const [key, entity] of left) {
      if (entity.definitions.length === 0) {
        throw new LinkFailed(`${entity.fileName} has no ${entity.name}`);
      }
      const name = generator.next().value;
      names.set(key, name);
      for (const place of entity.places) {
        place.text = name;
      }
    }
    return names;
  }
}

function functionOf({ statement, isFunction, isReached }: Unit): tstl.FunctionExpression | undefined {
  if (!isFunction || !isReached || !tstl.isAssignmentStatement(statement)) {
    return undefined;
  }
  const [value] = statement.right;
  return statement.right.length === 1 && tstl.isFunctionExpression(value) ? value : undefined;
}

function inLoadingOrder(units: readonly Unit[]): tstl.Statement[] {
  const order = [...units.filter(({ isFunction }) => isFunction), ...units.filter(({ isFunction }) => !isFunction)];
  return order.map(({ statement }) => statement);
}
