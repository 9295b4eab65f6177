// The modules of a bundle in groups, each printed as a function that is called at once. What only one group says is a local of
// its function: it costs no constant and no entry in the program's table, and is found without a look-up.

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
