// What a board has touched of its memories, by its own report (`m` at its console), and what of each it may touch: the rest is what a call
// that nobody tried has left.

import type { MemoryBudget } from "./memory-budget";

/** Octets, since boot. */
export interface MemoryMarks {
  /** The VM's room: in use now, in use at most, all of it. */
  inUse: number;
  most: number;
  room: number;
  /** KiB that the program has ever allocated. */
  allocated: number;
  /** The C stack: the deepest that it was, all of it. */
  stack: number;
  stackRoom: number;
  /** The layout's RAM: all of it, and what nobody has ever written to. */
  ram: number;
  untouched: number;
}

/** Boot needs the most of a VM's room, and the collector some air. */
const ROOM_SHARE = 0.95;
const STACK_SHARE = 0.75;
const RAM_SHARE = 0.9;

const LINES = {
  vm: /memory: (\d+) of (\d+) octets in use, at most (\d+);/,
  allocated: /allocated since boot: (\d+) KiB/,
  ram: /ram: \d+ of (\d+) octets laid out, (\d+) never touched; stack (\d+) of (\d+) ever used/,
};

function numbersIn(report: string, line: RegExp): number[] {
  const found = line.exec(report);
  if (found === null) {
    throw new RangeError(`the report has no line ${line.source}:\n${report}`);
  }
  return found.slice(1).map(Number);
}

/** Reads a report. @throws {RangeError} when a line of it is missing */
export function readMarks(report: string): MemoryMarks {
  const [inUse, room, most] = numbersIn(report, LINES.vm);
  const [allocated] = numbersIn(report, LINES.allocated);
  const [ram, untouched, stack, stackRoom] = numbersIn(report, LINES.ram);
  return { inUse, most, room, allocated, stack, stackRoom, ram, untouched };
}

/** What was touched of each memory, and how much of it may be. */
export function marksBudgets({ inUse, most, room, stack, stackRoom, ram, untouched }: MemoryMarks): MemoryBudget[] {
  return [
    { title: "VM's room: in use", octets: inUse, budget: room },
    { title: "VM's room: the most", octets: most, budget: Math.floor(ROOM_SHARE * room) },
    { title: "stack of C: the deepest", octets: stack, budget: Math.floor(STACK_SHARE * stackRoom) },
    { title: "RAM touched", octets: ram - untouched, budget: Math.floor(RAM_SHARE * ram) },
  ];
}
