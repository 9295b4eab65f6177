// `doorline flash`: a board's shell and program, put where it starts from, in the board's own way. First the plan, which is all that
// --dry-run does; then its files, each of them read back; what has to be connected is said when nothing is there.

import { spawnSync } from "node:child_process";
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from "node:fs";
import path from "node:path";
import { crc32 } from "../build/program-image";
import { findProgram } from "../requirements";
import { tableLines } from "../size/table";
import { mps2Way } from "./flash-mps2";
import { FlashError, type FlashOptions, type FlashPlan, type FlashWay, type FlashWrite } from "./flash-way";

export { FlashError, type FlashOptions } from "./flash-way";

const WAYS: Readonly<Record<string, FlashWay>> = { "mps2-an386": mps2Way, "mps2-an500": mps2Way };

const PIECE_OCTETS = 32768;

const hex = (value: number): string => value.toString(16).padStart(8, "0");

function partLines(plan: FlashPlan): string[] {
  return tableLines(
    ["part", "address", "octets", "room", "CRC-32  ", "from"],
    plan.parts.map(({ name, address, octets, room, source }) => [
      name,
      `0x${hex(address)}`,
      octets.length,
      room,
      hex(crc32(octets)),
      source,
    ]),
  );
}

/** What is written to a file, and a text with its lines. */
function writeLines({ file, octets }: FlashWrite): string[] {
  const text = file.endsWith(".txt") ? octets.toString("latin1").trimEnd().split("\r\n") : [];
  const head = `write ${file}, ${octets.length.toLocaleString("en-US")} octets`;
  return [head, ...text.map((line) => `     ${line}`.trimEnd())];
}

/** A command line as a shell takes it. */
function commandLine(words: readonly string[]): string {
  return words.map((word) => (/[\s;]/.test(word) ? `"${word}"` : word)).join(" ");
}

/** The plan, line by line. */
export function planLines(plan: FlashPlan): string[] {
  const steps = [
    ...plan.writes.map(writeLines),
    [plan.start],
    ["compare (--compare):", `     ${commandLine(plan.compare)}`],
  ];
  const lines = steps.flatMap(([first, ...others], index) => [`${index + 1}. ${first}`, ...others]);
  return [...partLines(plan), "", ...lines];
}

/** Writes a file in pieces, makes it last, and compares what is there. */
function writeFile(file: string, octets: Buffer, progress: (done: number) => void): void {
  try {
    const descriptor = openSync(file, "w");
    for (let at = 0; at < octets.length; at += PIECE_OCTETS) {
      const piece = octets.subarray(at, at + PIECE_OCTETS);
      for (let done = 0; done < piece.length; ) {
        done += writeSync(descriptor, piece, done);
      }
      progress(Math.min(at + PIECE_OCTETS, octets.length));
    }
    fsyncSync(descriptor);
    closeSync(descriptor);
  } catch (error) {
    throw new FlashError(`${file} cannot be written: ${(error as NodeJS.ErrnoException).code}`);
  }
  if (!readFileSync(file).equals(octets)) {
    throw new FlashError(`${file} is not what was written: is the drive full or damaged?`);
  }
}

function findWay(board: string): FlashWay {
  const way = WAYS[board];
  if (way === undefined) {
    const readme = `boards/${board}/README.md`;
    const hint = existsSync(path.join(import.meta.dirname, "../..", readme))
      ? `; ${readme} says how to install it`
      : "";
    throw new FlashError(`"${board}" is no board to flash; there are: ${Object.keys(WAYS).join(", ")}${hint}`);
  }
  return way;
}

/** The plan alone: with the drive's own place when one is there, else with its name. */
export function planFlash(options: FlashOptions): string[] {
  const way = findWay(options.board);
  let drive = way.driveName;
  try {
    drive = way.findDrive(options);
  } catch (error) {
    if (!(error instanceof FlashError) || options.drive !== "") {
      throw error;
    }
  }
  return planLines(way.plan(options, drive));
}

/**
 * Flashes a board, and says each step.
 * @param progress file, octets that are written, octets in all
 * @throws {FlashError}
 */
export function flashBoard(
  options: FlashOptions,
  say: (line: string) => void,
  progress: (file: string, done: number, all: number) => void,
): void {
  const way = findWay(options.board);
  const plan = way.plan(options, way.findDrive(options));
  for (const line of partLines(plan)) {
    say(line);
  }
  for (const { file, octets } of plan.writes) {
    writeFile(file, octets, (done) => progress(file, done, octets.length));
    say(`${file}: written and compared`);
  }
  say(`${plan.start}; then: doorline flash --board ${options.board} --compare`);
}

/**
 * Compares what the board took over with the parts.
 * @throws {FlashError} when they differ, when nothing answers, or when the program for it is missing
 */
export function compareFlash(options: FlashOptions, say: (line: string) => void): void {
  const way = findWay(options.board);
  const { compare, parts } = way.plan(options, way.driveName);
  const program = findProgram(compare[0]);
  if (program === "") {
    throw new FlashError(`${compare[0]} is missing, which reads the board's memory: sudo apt install ${compare[0]}`);
  }
  const { status, stdout, stderr } = spawnSync(program, compare.slice(1), { encoding: "utf8" });
  if (status !== 0) {
    const words = `${stdout}${stderr}`.trimEnd();
    throw new FlashError(
      `the board does not hold this, or its USB port is not connected; ${compare[0]} says:\n${words}`,
    );
  }
  for (const { name, octets } of parts) {
    say(`${name}: ${octets.length.toLocaleString("en-US")} octets are in the board's memory`);
  }
}
