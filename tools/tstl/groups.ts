// The modules of a bundle in groups, each printed as a function that is called at once. What only one group says is a local of
// its function: it costs no constant and no entry in the program's table, and is found without a look-up.

import * as tstl from "typescript-to-lua";
import { type Entity, isDefined, type Said, type Unit } from "./units";

/**
 * Statements that a group takes at module level. A function has instructions for its first 255 constants that are half as
 * long, and is thrown away when it has run.
 */
const STATEMENTS_OF_A_GROUP = 220;

/** Locals of a group: Lua has 200, and registers for what the statements compute are as many as are left of 255. */
export const LOCALS_OF_A_GROUP = 150;

/** Items in groups, by the number of statements that each has. */
export function inGroups<T>(items: readonly T[], countOf: (item: T) => number): T[][] {
  const groups: T[][] = [];
  let room = 0;
  for (const item of items) {
    const count = countOf(item);
    if (count > room) {
      groups.push([]);
      room = STATEMENTS_OF_A_GROUP;
    }
    room -= count;
    groups[groups.length - 1].push(item);
  }
  return groups;
}

/** Names as the declaration that a group begins with. */
export function declarationOf(locals: readonly string[]): string {
  return locals.length === 0 ? "" : `local ${locals.join(",")} `;
}

/** What each group says alone. */
export function findLocals(groups: readonly (readonly Unit[])[], said: ReadonlyMap<Unit, Said>): Entity[][] {
  const homes = new Map<Entity, Set<number>>();
  for (const [group, units] of groups.entries()) {
    for (const entity of units.flatMap((unit) => [...(said.get(unit)?.keys() ?? [])])) {
      homes.set(entity, (homes.get(entity) ?? new Set()).add(group));
    }
  }
  const alone = [...homes].filter(([entity, { size }]) => size === 1 && isDefined(entity));
  return groups.map((_, group) => alone.flatMap(([entity, home]) => (home.has(group) ? [entity] : [])));
}

/**
 * Lets a group's statements declare its locals, where a name is said nowhere before it has its value: `local function f` makes
 * the function where the local is, and an assignment would move it there.
 * @returns the others, which are declared in front of the group
 */
export function declareLocals(
  units: readonly Unit[],
  said: ReadonlyMap<Unit, Said>,
  locals: readonly Entity[],
  entityOf: (node: tstl.Node) => Entity | undefined,
): Entity[] {
  const early = new Set(locals);
  const before = new Set<Entity>();
  for (const unit of units) {
    const { statement, isFunction } = unit;
    const own = said.get(unit);
    const entity = tstl.isAssignmentStatement(statement) && statement.left.length === 1 && entityOf(statement.left[0]);
    if (entity && early.has(entity) && !before.has(entity) && (isFunction || own?.get(entity) === 1)) {
      early.delete(entity);
      unit.statement = asDeclaration(statement as tstl.AssignmentStatement);
    }
    for (const one of own?.keys() ?? []) {
      before.add(one);
    }
  }
  return [...early];
}

function asDeclaration(statement: tstl.AssignmentStatement): tstl.Statement {
  const declaration = tstl.createVariableDeclarationStatement(statement.left as tstl.Identifier[], statement.right);
  declaration.flags = statement.flags;
  return tstl.setNodePosition(declaration, tstl.getOriginalPos(statement));
}
