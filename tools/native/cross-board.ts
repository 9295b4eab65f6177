// Boards of another processor: those with a toolchain.cmake. How they are configured, and what their image takes of the memories that
// the linker script gives it.

import { execFileSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import path from "node:path";
import { type Cell, tableLines } from "../size/table";

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

/** The numbers that the linker script names, by symbol. */
export function readSymbols(executable: string): Map<string, number> {
  const lines = execFileSync(`${TOOL_PREFIX}nm`, [executable], { encoding: "utf8" }).split("\n");
  return new Map(
    lines.map((line) => line.split(" ")).map(([value, , name]): [string, number] => [name, Number.parseInt(value, 16)]),
  );
}

/**
 * What the image takes, as lines of a table.
 * @throws {RangeError} when the program does not fit its partition; of the rest the linker says so
 */
export function crossReport(executable: string, program: string): string[] {
  const symbols = readSymbols(executable);
  const numberOf = (name: string): number => symbols.get(`memory_${name}`) ?? 0;
  const octets = statSync(program).size;
  const room = numberOf("program_octets");
  if (octets > room) {
    throw new RangeError(`the program has ${octets} octets, its partition ${room}`);
  }
  const rows: Cell[][] = [
    ["flash: shell", numberOf("shell_end") - numberOf("flash_start"), numberOf("shell_octets")],
    ["flash: program", octets, room],
    ["RAM, with the VM's room and the stacks", numberOf("bss_end") - numberOf("ram_start"), numberOf("ram_octets")],
  ];
  return tableLines(["memory", "octets", "of"], rows);
}
