// Which number a field has: none twice in one record, and few gaps, because in Lua a gap takes the room of a value in every record.

import type { FieldNames } from "./fields";

/** A number has to fit the instruction that reads a field by number. */
const LARGEST_NUMBER = 250;

/** The own names of a record, and how many such records there are beside others, as far as declarations tell. */
interface Shape {
  names: readonly string[];
  weight: number;
}

/**
 * A number from 1 on for every own name. Names of short and frequent records come first, because there a gap weighs most, then those
 * that meet many others; then names change places for as long as records get shorter by it. A name that finds no number stays a name.
 */
export function numberFields(fields: FieldNames): Map<string, number> {
  return new Numbering(fields).numbers();
}

/** How much one gap in the records of a name costs, beside what they hold. */
function heaviest(shapes: readonly Shape[]): number {
  return Math.max(...shapes.map(({ names, weight }) => weight / names.length));
}

class Numbering {
  readonly #fixed: ReadonlyMap<string, number>;
  readonly #numbers: Map<string, number>;
  /** The records that a name is in. */
  readonly #shapes = new Map<string, Shape[]>();
  /** The names that it meets there. */
  readonly #others = new Map<string, Set<string>>();

  constructor({ own, fixed, records, uses }: FieldNames) {
    this.#fixed = fixed;
    this.#numbers = new Map(fixed);
    const shapes = new Map<string, Shape>();
    for (const { title, names } of records) {
      const all = [...new Set(names)].filter((name) => own.has(name) || fixed.has(name)).sort();
      const known = shapes.get(all.join(" "))?.weight ?? 1;
      shapes.set(all.join(" "), { names: all, weight: Math.max(known, uses.get(title) ?? 1) });
    }
    for (const shape of shapes.values()) {
      for (const name of shape.names) {
        this.#shapes.set(name, [...this.#shapesOf(name), shape]);
        this.#others.set(name, new Set([...this.#othersOf(name), ...shape.names.filter((other) => other !== name)]));
      }
    }
  }

  numbers(): Map<string, number> {
    const weights = new Map([...this.#shapes].map(([name, shapes]) => [name, heaviest(shapes)]));
    const order = [...this.#others.keys()]
      .filter((name) => !this.#fixed.has(name))
      .sort(
        (left, right) =>
          (weights.get(right) ?? 0) - (weights.get(left) ?? 0) ||
          this.#othersOf(right).size - this.#othersOf(left).size ||
          (left < right ? -1 : 1),
      );
    for (const name of order) {
      this.#numbers.set(name, this.#firstFree(name));
    }
    while (order.map((name) => this.#exchange(name)).includes(true)) {
      // Once more: what was exchanged lets others.
    }
    return new Map([...this.#numbers].filter(([, number]) => number <= LARGEST_NUMBER));
  }

  #shapesOf(name: string): readonly Shape[] {
    return this.#shapes.get(name) ?? [];
  }

  #othersOf(name: string): ReadonlySet<string> {
    return this.#others.get(name) ?? new Set();
  }

  #numberOf(name: string): number {
    return this.#numbers.get(name) ?? 0;
  }

  #firstFree(name: string): number {
    const taken = new Set([...this.#othersOf(name)].map((other) => this.#numberOf(other)));
    let number = 1;
    while (taken.has(number)) {
      number += 1;
    }
    return number;
  }

  /** Gives a name the number of others, and those its own, where that shortens more records than it makes longer. */
  #exchange(name: string): boolean {
    const from = this.#numberOf(name);
    const largest = Math.max(...this.#shapesOf(name).map((shape) => this.#slots(shape)));
    for (let to = 1; to <= largest; to += 1) {
      const others = [...this.#othersOf(name)].filter((other) => this.#numberOf(other) === to);
      const moved = [name, ...others];
      if (to !== from && others.every((other) => this.#mayHave(other, from, name))) {
        const shapes = new Set(moved.flatMap((one) => this.#shapesOf(one)));
        const before = this.#slotsOf(shapes);
        this.#give(name, others, from, to);
        if (this.#slotsOf(shapes) < before) {
          return true;
        }
        this.#give(name, others, to, from);
      }
    }
    return false;
  }

  #give(name: string, others: readonly string[], from: number, to: number): void {
    this.#numbers.set(name, to);
    for (const other of others) {
      this.#numbers.set(other, from);
    }
  }

  /** Whether a name may have the number that `giver` has. */
  #mayHave(name: string, number: number, giver: string): boolean {
    const meets = [...this.#othersOf(name)].some((other) => other !== giver && this.#numberOf(other) === number);
    return !this.#fixed.has(name) && !meets;
  }

  #slots({ names }: Shape): number {
    return Math.max(...names.map((name) => this.#numberOf(name)));
  }

  #slotsOf(shapes: ReadonlySet<Shape>): number {
    return [...shapes].reduce((sum, shape) => sum + shape.weight * this.#slots(shape), 0);
  }
}
