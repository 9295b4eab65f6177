// What only boot needs: the functions called `create…`, which nothing else may call, and the values that only they and module level
// say. The linker keeps them in a table of their own. No function that stays has that table in its hands: when boot is over, the VM's
// collector takes it with all that it holds.

import { isBootName } from "../portable/place";
import type { Entity, Said, Unit } from "./units";

/** @param said what each unit says that is left in the program */
export function findBoot(said: ReadonlyMap<Unit, Said>): ReadonlySet<Entity> {
  const entities = [...new Set([...said.values()].flatMap((own) => [...own.keys()]))];
  const homes = new Map(entities.flatMap((entity) => entity.definitions.map((unit) => [unit, entity])));
  const isFunction = ({ definitions }: Entity): boolean => definitions.some((unit) => unit.isFunction);
  const boot = new Set(entities.filter((entity) => isBootName(entity.name) || !isFunction(entity)));
  const stays = (unit: Unit): boolean => {
    const home = homes.get(unit);
    return unit.isFunction && !(home !== undefined && boot.has(home));
  };
  for (let before = -1; boot.size !== before; ) {
    before = boot.size;
    for (const own of [...said].flatMap(([unit, own]) => (stays(unit) ? [own] : []))) {
      for (const entity of own.keys()) {
        boot.delete(entity);
      }
    }
  }
  return boot;
}
