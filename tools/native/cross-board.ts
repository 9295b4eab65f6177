// Boards of another processor: those with a toolchain.cmake. How they are configured, and what their image takes of the memories that
// the linker script gives it.

import { execFileSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import path from "node:path";
import { budgetLines, type MemoryBudget } from "./memory-budget";

const TOOL_PREFIX = "arm-none-eabi-";
export const CROSS_COMPILER = `${TOOL_PREFIX}gcc`;

/** The toolchain file of a board; "" for one that runs on this machine. */
export function toolchainOf(root: string, board: string): string {
  const file = path.join(root, "boards", board, "toolchain.cmake");
  return existsSync(file) ? file : "";
}

/** Options for cmake. The small device has a layout of its own. */
export function crossOptions(toolchain: string, isSmall: boolean): string[] {
  return ["--toolchain", toolchain, `-DDOORLINE_LAYOUT=${isSmall ? "small" : "large"}`];
}

interface ElfSymbol {
  value: number;
  /** Octets of what lies there; 0 for a symbol of the linker script. */
  octets: number;
}

/** `nm --print-size`: the value, the octets where there are any, the kind, the name. */
function listSymbols(executable: string): Map<string, ElfSymbol> {
  const lines = execFileSync(`${TOOL_PREFIX}nm`, ["--print-size", executable], { encoding: "utf8" })
    .trimEnd()
    .split("\n");
  return new Map(
    lines.map((line): [string, ElfSymbol] => {
      const words = line.split(" ");
      const [value, octets] = [words[0], words.length === 4 ? words[1] : "0"].map((word) => Number.parseInt(word, 16));
      return [words[words.length - 1], { value, octets }];
    }),
  );
}

/** The numbers that the linker script names, by symbol. */
export function readSymbols(executable: string): Map<string, number> {
  return new Map([...listSymbols(executable)].map(([name, { value }]) => [name, value]));
}

/** What of the RAM is room that the program fills as it runs, by the variable that it is. */
const ROOMS: readonly { title: string; variable: string }[] = [
  { title: "of these Lua's arena", variable: "arena_block" },
  { title: "of these the program's buffers", variable: "store" },
  { title: "of these the linked part of the program", variable: "linked" },
];

/**
 * What the image takes of its budgets, as lines of a table. How much of the rooms a device really touches is seen in calls
 * (memory-marks.ts).
 * @throws {RangeError} when something is over its budget, which the table names
 */
export function crossReport(executable: string, program: string): string[] {
  const symbols = listSymbols(executable);
  const numberOf = (name: string): number => symbols.get(`memory_${name}`)?.value ?? 0;
  const budgets: MemoryBudget[] = [
    {
      title: "flash: shell",
      octets: numberOf("shell_end") - numberOf("flash_start"),
      budget: numberOf("shell_octets"),
    },
    { title: "flash: program", octets: statSync(program).size, budget: numberOf("program_octets") },
    { title: "RAM laid out", octets: numberOf("bss_end") - numberOf("ram_start"), budget: numberOf("ram_octets") },
  ];
  const rooms = ROOMS.map(({ title, variable }): [string, number] => [title, symbols.get(variable)?.octets ?? 0]);
  return budgetLines("memory", budgets, [
    ...rooms.filter(([, octets]) => octets > 0),
    ["of these stacks", numberOf("fault_stack_top") - numberOf("stack_bottom")],
  ]);
}
