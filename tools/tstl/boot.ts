// What only boot needs: the functions called `create…`, the functions that only they and module level call, and the values and names
// that only these say. The linker keeps them in a table of their own. No function that stays has that table in its hands: when boot is
// over, the VM's collector takes it with all that it holds. A function that boot hands on, a listener, stays where it was handed to.

import { isBootName } from "../portable/place";
import type { Entity, Said, Unit } from "./units";

/** Whether a unit says an entity otherwise than by defining it. */
function isSaidIn(entity: Entity, unit: Unit, own: Said): boolean {
  return (own.get(entity) ?? 0) > (entity.definitions.includes(unit) ? 1 : 0);
}

/**
 * @param said what each unit says that is left in the program
 * @param handedOn what may be called after boot because boot gives it away, the entry's exports included
 */
export function findBoot(said: ReadonlyMap<Unit, Said>, handedOn: ReadonlySet<Entity>): ReadonlySet<Entity> {
  const boot = new Set([...said.values()].flatMap((own) => [...own.keys()]));
  const staying = new Set<Unit>();
  const waiting: Unit[] = [];
  const stay = ({ definitions }: Entity): void => {
    for (const unit of definitions.filter((one) => one.isFunction && said.has(one) && !staying.has(one))) {
      staying.add(unit);
      waiting.push(unit);
    }
  };
  [...handedOn].filter(({ name }) => !isBootName(name)).forEach(stay);
  for (let unit = waiting.pop(); unit !== undefined; unit = waiting.pop()) {
    const own: Said = said.get(unit) ?? new Map();
    for (const entity of own.keys()) {
      if (isSaidIn(entity, unit, own)) {
        boot.delete(entity);
        stay(entity);
      }
    }
  }
  return boot;
}
