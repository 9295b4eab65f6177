// Links the modules of a program into one: every function and every value at module level becomes a local of its group of
// modules, or, when several groups say it, a field of the environment (_ENV) of the whole bundle, or of the table of what only boot
// needs, under a short name; imports and exports leave no trace, and what the entry does not reach is left out.

import * as tstl from "typescript-to-lua";
import { CREATE_TABLE, CREATE_TEXT, TEXT_FILE, TextNumbers } from "../build/text-numbers";
import { findBoot } from "./boot";
import { declareLocals, findLocals, inGroups, LOCALS_OF_A_GROUP } from "./groups";
import { hasLabels, Inliner, UNNAMED } from "./inline";
import { type LuaModule, type Meaning, type Module, readModules } from "./lua-modules";
import { LUA_GLOBALS, NAME, PRELUDE_NAME } from "./lua-names";
import { Rebuilder } from "./lua-tree";
import { withoutAliases, withoutNamesInLocals } from "./peephole";
import { SaidEntities } from "./said";
import { octetsOf, readShortFunction, withValues } from "./short-functions";
import { shortNames } from "./short-names";
import { withoutSwitches } from "./switches";
import {
  blockOf,
  callerIn,
  type Entity,
  functionOf,
  inLoadingOrder,
  isDefined,
  isOfProgram,
  numbered,
  type Unit,
} from "./units";

/** Modules that become one function. */
export interface LinkedGroup {
  modules: LuaModule[];
  /** The short names of what no other group says. */
  locals: string[];
}

/** Octets that a function which only computes may be longer than its call, wherever it is said: a call takes many times as long. */
const SUM_ALLOWANCE = 72;

/** A linked program. */
export interface LinkedProgram {
  /** What is left of the modules, in the order in which they load. */
  groups: LinkedGroup[];
  /** The short name of every function and value that is left, by "module name". */
  names: Map<string, string>;
  /** The name of the table of what only boot needs. */
  bootTable: string;
  /** The exports of the entry by their own names, with their short ones. */
  exports: Map<string, string>;
  /** Lua's own names that the program says. */
  globals: string[];
}

/** A program that cannot be linked. */
export class LinkFailed extends Error {}

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
  readonly #said = new SaidEntities();
  readonly #taken = new Set<string>(LUA_GLOBALS);
  readonly #globals = new Set<string>();
  readonly #waiting: Unit[] = [];

  constructor(expression: (node: tstl.Expression) => tstl.Expression) {
    this.#expression = expression;
  }

  link(modules: readonly Module[], entry: string): LinkedProgram {
    const units = modules.map((module) => module.statements.map((statement) => this.#readUnit(module, statement)));
    const start = modules.find(({ fileName }) => fileName === entry);
    const own = [...(start?.exports ?? [])].map((name) => ({ fileName: entry, name, isExport: true }));
    const exported = [...own, ...(start?.passedOn.values() ?? [])].map((meaning) => this.#entity(meaning));
    this.#reachAll(exported.flatMap(({ definitions }) => definitions));
    this.#sweep();
    this.#numberTexts(modules, units);
    this.#writeOut(units.flat(), exported);
    // What was a call in an argument is an expression now.
    this.#writeOut(units.flat(), exported);
    this.#writeIn(units.flat(), exported);
    const reached = units.map((own) => own.filter(({ isReached }) => isReached));
    const said = new Map(reached.flat().map((unit) => [unit, this.#said.inUnit(unit)]));
    const left = reached.map((own) => inLoadingOrder(own, said));
    const groups = inGroups(
      left.map((_, index) => index).filter((index) => left[index].length > 0),
      (index) => left[index].length,
    );
    const grouped = groups.map((indices) => indices.flatMap((index) => left[index]));
    const locals = findLocals(grouped, said).map((own) =>
      own.filter((entity) => !exported.includes(entity)).slice(0, LOCALS_OF_A_GROUP),
    );
    const early = grouped.map((own, group) => declareLocals(own, said, locals[group], (node) => this.#said.get(node)));
    const files = modules.map(({ fileName, file }, index) => ({
      fileName,
      file: { ...file, statements: left[index].map(({ statement }) => statement) },
    }));
    const boot = findBoot(said, new Set([...exported, ...this.#said.handedOnIn([...said.keys()])]));
    const [names, bootTable] = this.#giveNames(exported, new Set(locals.flat()), boot);
    return {
      groups: groups.map((indices, group) => ({
        modules: indices.map((index) => files[index]),
        locals: early[group].map(({ places }) => places[0].text),
      })),
      names,
      bootTable,
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
      expression: (node) => withoutAliases(this.#expression(node)),
      statements: (nodes) => withoutSwitches(withoutNamesInLocals(nodes)),
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
    if (tstl.isTableIndexExpression(node)) {
      return all([node.table, node.index]);
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

  /** What gives linked statements other expressions. */
  #expressions(
    expression: (node: tstl.Expression) => tstl.Expression,
    look: (node: tstl.Identifier) => void = () => undefined,
  ): Rebuilder {
    return new Rebuilder({
      free: (node) => {
        look(node);
        return node;
      },
      member: () => undefined,
      expression,
      statements: (nodes) => nodes,
      local: () => undefined,
    });
  }

  /** One call makes all constant texts, behind the values of the module that keeps them; their names become numbers. */
  #numberTexts(modules: readonly Module[], units: readonly Unit[][]): void {
    const home = modules.findIndex(({ fileName }) => fileName.endsWith(`/${TEXT_FILE}`));
    if (home < 0) {
      return;
    }
    const create = this.#entity({ fileName: modules[home].fileName, name: CREATE_TEXT, isExport: true });
    const texts = new TextNumbers();
    const isCreate = (node: tstl.Expression): boolean => this.#said.get(node) === create;
    for (const unit of units.flat()) {
      if (unit.isReached && !unit.isFunction && unit.says.has(create)) {
        this.#writeNumbers(unit, (node) => numbered(node, isCreate, texts));
      }
    }
    if (texts.literal !== undefined) {
      const { octets, texts: count } = texts.size;
      const table = this.#entity({ fileName: modules[home].fileName, name: CREATE_TABLE, isExport: true });
      this.#reachAll(table.definitions);
      this.#sweep();
      units[home].push(
        this.#call(table, [tstl.createNumericLiteral(octets), tstl.createNumericLiteral(count)]),
        this.#call(create, [tstl.createStringLiteral(texts.literal)]),
      );
    }
  }

  /** A call of the program's own, in the module of what it calls. */
  #call(entity: Entity, values: tstl.Expression[]): Unit {
    const place = tstl.createIdentifier(UNNAMED + entity.name);
    entity.places.push(place);
    return {
      statement: tstl.createExpressionStatement(tstl.createCallExpression(place, values)),
      fileName: entity.fileName,
      says: new Set([entity]),
      places: [entity],
      isFunction: false,
      isReached: true,
    };
  }

  /** A unit with numbers in place of its texts. A value that is a number now stands where its name stood. */
  #writeNumbers(unit: Unit, expression: (node: tstl.Expression) => tstl.Expression): void {
    const statement = this.#expressions(expression).statement(unit.statement);
    unit.statement = statement;
    const name = tstl.isAssignmentStatement(statement) && statement.left.length === 1 ? statement.left[0] : undefined;
    const value = tstl.isAssignmentStatement(statement) ? statement.right[0] : undefined;
    const entity = name && this.#said.get(name);
    if (entity?.definitions.length === 1 && value !== undefined && tstl.isNumericLiteral(value)) {
      unit.isReached = false;
      for (const place of entity.places) {
        place.text = String(value.value);
      }
    }
  }

  /** Writes short functions out where that is no longer than to call them; one that nothing says any more goes. */
  #writeOut(units: readonly Unit[], exported: readonly Entity[]): void {
    for (const entity of this.#entities.values()) {
      const [unit] = entity.definitions;
      const body = entity.definitions.length === 1 && !unit.says.has(entity) ? functionOf(unit) : undefined;
      const short = body && readShortFunction(body, isOfProgram);
      if (short === undefined) {
        continue;
      }
      const isName = (node: tstl.Expression): boolean => this.#said.get(node) === entity;
      const callers = units.filter(({ isReached, places }) => isReached && places.includes(entity));
      const uses = callers.flatMap(({ places }) => places.filter((place) => place === entity)).length;
      const least = short.isPure ? SUM_ALLOWANCE : 0;
      const write = (allowance: number) =>
        callers.map(({ statement }) => withValues(statement, isName, short, isOfProgram, allowance));
      const all = write(Math.max(least, octetsOf(short, isOfProgram) / uses));
      if (short.hasTable && uses > 1) {
        continue;
      }
      const isGone = !exported.includes(entity) && all.reduce((sum, { count }) => sum + count, 0) === uses;
      for (const [index, { statement, count }] of (isGone ? all : write(least)).entries()) {
        const caller = callers[index];
        caller.statement = statement;
        for (let time = 0; time < count; time += 1) {
          caller.places.splice(caller.places.indexOf(entity), 1, ...unit.places);
        }
        caller.says = new Set(caller.places);
      }
      unit.isReached = unit.isReached && !isGone;
    }
  }

  /** Writes functions that are called once into their callers. */
  #writeIn(units: readonly Unit[], exported: readonly Entity[]): void {
    const uses = new Map<Entity, number>();
    for (const entity of units.flatMap(({ isReached, places }) => (isReached ? places : []))) {
      uses.set(entity, (uses.get(entity) ?? 0) + 1);
    }
    const variables = this.#said.assignedIn(units);
    const isVariable = (name: tstl.Identifier): boolean => {
      const entity = this.#said.get(name);
      return entity !== undefined && variables.has(entity);
    };
    const inliner = new Inliner();
    for (const unit of units) {
      const body = unit.isReached ? callerIn(unit) : undefined;
      if (body === undefined) {
        continue;
      }
      const written = inliner.inline(
        body,
        (name) => {
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
        },
        isVariable,
      );
      unit.statement = unit.isFunction
        ? ({ ...unit.statement, right: [written] } as tstl.FunctionDefinition)
        : blockOf(written.body.statements);
    }
  }

  /** What is not local gets the shortest, the most used first; what is left out gets none. Also the name of boot's table. */
  #giveNames(
    exported: readonly Entity[],
    locals: ReadonlySet<Entity>,
    boot: ReadonlySet<Entity>,
  ): [Map<string, string>, string] {
    const left = [...this.#entities].filter(([, entity]) => isDefined(entity) || exported.includes(entity));
    const rank = (entity: Entity): number => (locals.has(entity) ? 0 : entity.places.length);
    left.sort(([, one], [, other]) => rank(other) - rank(one));
    const generator = shortNames(this.#taken);
    const bootTable = generator.next().value;
    const names = new Map<string, string>();
    for (const [key, entity] of left) {
      if (entity.definitions.length === 0) {
        throw new LinkFailed(`${entity.fileName} has no ${entity.name}`);
      }
      const short = generator.next().value;
      const name = boot.has(entity) && !locals.has(entity) ? `${bootTable}.${short}` : short;
      names.set(key, name);
      for (const place of entity.places) {
        place.text = name;
      }
    }
    return [names, bootTable];
  }
}
