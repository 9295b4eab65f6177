// What a board and the programs for it are called (device_board in hal/native/device.h): the board's folder, and behind it which program of
// the folder it is where another shell runs that. A shell says its name in its own octets.

import { existsSync } from "node:fs";
import path from "node:path";

/** What stands before the name in a shell (boards/mps2-an386/programs.c). */
const MARK = "DOORLINE BOARD ";

/**
 * The board that a program is for.
 * @param entry the file of the program: board.ts of a folder of boards/, or another one beside it
 * @return "" for a program that is none of a board's
 */
export function boardOf(root: string, entry: string): string {
  const [, board, program] =
    /^boards\/([^/]+)\/([^/]+)\.ts$/.exec(path.relative(root, path.resolve(root, entry))) ?? [];
  if (board === undefined) {
    return "";
  }
  // A board without layouts runs its small program in the one shell that it has.
  const hasOneShell = program === "small" && !existsSync(path.join(root, "boards", board, "small.ld"));
  return program === "board" || hasOneShell ? board : `${board}-${program}`;
}

/** The name of a layout: that of its program. */
export function layoutName(board: string, layout: string): string {
  return layout === "small" ? `${board}-small` : board;
}

/**
 * Refuses a program that is for another board.
 * @param hasVariants whether it may be for a layout or a variant of the board as well
 * @throws {RangeError}
 */
export function checkBoard(program: { board: string }, board: string, hasVariants = false): void {
  if (program.board !== board && !(hasVariants && program.board.startsWith(`${board}-`))) {
    throw new RangeError(`it is a program for ${program.board === "" ? "no board" : program.board}, not for ${board}`);
  }
}

/** What the shell of a board says that it is; "" when it says nothing. */
export function boardOfShell(shell: Buffer): string {
  const at = shell.indexOf(MARK, 0, "latin1");
  const end = shell.indexOf(0, at);
  return at < 0 || end < 0 ? "" : shell.toString("latin1", at + MARK.length, end);
}
