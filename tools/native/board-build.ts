// `doorline build`: the program of a board for a VM, the executable with the program in it, and what both take: code, heap, pools.

import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Shell } from "../../simulator/device/process-device";
import { QEMU } from "../../simulator/mps2/emulated-board";
import { isMps2Board } from "../../simulator/mps2/shared-memory";
import { JERRYSCRIPT_MISSING, jerryscriptPrefix } from "../build/snapshot";
import { findProgram, missingLine } from "../requirements";
import { type Cell, tableLines } from "../size/table";
import { CALLS, reportAfterCalls } from "./calls-in-qemu";
import { CROSS_COMPILER, crossOptions, crossReport, readSymbols, toolchainOf } from "./cross-board";
import { runHeap } from "./heap-run";
import { budgetLines } from "./memory-budget";
import { marksBudgets, readMarks } from "./memory-marks";

const root = fileURLToPath(new URL("../..", import.meta.url));

export type Vm = "lua" | "jerryscript";
export const VMS: readonly Vm[] = ["lua", "jerryscript"];

/** What a person can do something about; the message says what. */
export class BoardBuildError extends Error {}

export interface BoardBuild {
  board: string;
  vm: Vm;
  /** The board's small device in place of the whole one. */
  small: boolean;
  /** Limits of the shell other than its own: NAME=VALUE. */
  defines?: readonly string[];
}

type Say = (line: string) => void;

/** The image of each VM that this machine's executables run. */
const IMAGES: { readonly [vm in Vm]: readonly string[] } = {
  lua: ["lua64.image"],
  jerryscript: ["static-snapshot.image", "js.image"],
};

/** The same for boards of another processor, whose pointers have 32 bits. */
const CROSS_IMAGES: typeof IMAGES = { lua: ["lua32.image"], jerryscript: ["static-snapshot.image"] };

/** Frames of the report's calls are few: its figures are of memory, not of time. */
const REPORT_CALLS = 20;
const REPORT_MINUTES = 0.2;

/** The boards that have a program and a port: folders of boards/ with board.ts and CMakeLists.txt. */
export function findBoards(): string[] {
  const boards = path.join(root, "boards");
  return readdirSync(boards)
    .filter((name) => ["board.ts", "CMakeLists.txt"].every((file) => existsSync(path.join(boards, name, file))))
    .sort();
}

export function requireTool(name: string): string {
  const file = findProgram(name);
  if (file === "") {
    throw new BoardBuildError(missingLine(name));
  }
  return file;
}

export function runTool(program: string, words: string[]): void {
  const { status, stdout, stderr } = spawnSync(program, words, { cwd: root, encoding: "utf8" });
  if (status !== 0) {
    throw new BoardBuildError(`${path.basename(program)} failed:\n${stdout}${stderr}`.trimEnd());
  }
}

/** JerryScript as a board's executable is linked with it; the one of this machine also has the tool that makes the program. */
export function jerryscriptFor(board: string): string {
  const name = toolchainOf(root, board) === "" ? "JERRYSCRIPT_PREFIX" : "JERRYSCRIPT_CORTEX_M";
  return process.env[name] ?? "";
}

export function checkVm({ board, vm }: BoardBuild): void {
  if (vm === "lua" && !existsSync(path.join(root, "build/sources/lua-5.4/src/lvm.c"))) {
    throw new BoardBuildError("the source of Lua is missing: npm run setup:system");
  }
  if (vm === "jerryscript" && jerryscriptPrefix() === "") {
    throw new BoardBuildError(JERRYSCRIPT_MISSING);
  }
  if (vm === "jerryscript" && jerryscriptFor(board) === "") {
    throw new BoardBuildError(
      "JERRYSCRIPT_CORTEX_M names no JerryScript for the board (hal/jerryscript-bindings/README.md)",
    );
  }
}

/** Builds the program. Returns the path of the image that the board runs. */
export function buildProgram({ board, vm, small }: BoardBuild): string {
  const entry = `boards/${board}/${small ? "small" : "board"}.ts`;
  if (!existsSync(path.join(root, entry))) {
    throw new BoardBuildError(`${entry} is not there: the board has no small program`);
  }
  const name = small ? `${board}-small` : board;
  requireTool("luac5.4");
  runTool(process.execPath, [
    path.join(root, "node_modules/rollup/dist/bin/rollup"),
    ...["-c", "--silent", "--configEntry", entry, "--configName", name],
  ]);
  const endings = (toolchainOf(root, board) === "" ? IMAGES : CROSS_IMAGES)[vm];
  const image = endings.map((ending) => path.join(root, "dist", `${name}.${ending}`)).find((file) => existsSync(file));
  if (image === undefined) {
    throw new BoardBuildError(`the build made none of ${endings.map((ending) => `dist/${name}.${ending}`).join(", ")}`);
  }
  return image;
}

/** Builds the executables, on this machine's boards with the program linked in. Returns their folder. */
function buildExecutables({ board, vm, small, defines = [] }: BoardBuild, image: string): string {
  const cmake = requireTool("cmake");
  const toolchain = toolchainOf(root, board);
  requireTool(toolchain === "" ? "gcc" : CROSS_COMPILER);
  const name = [board, vm, ...(small ? ["small"] : []), ...defines].join("-").replace(/\W+/g, "-");
  const directory = path.join(root, "build/boards", name);
  mkdirSync(directory, { recursive: true });
  const prefix = `-DJERRYSCRIPT_PREFIX=${jerryscriptFor(board)}`;
  runTool(cmake, [
    ...["-S", root, "-B", directory, `-DDOORLINE_VM=${vm}`, "-DDOORLINE_TESTS=OFF", prefix],
    ...(toolchain === ""
      ? [`-DDOORLINE_PROGRAM=${image}`, `-DCMAKE_C_FLAGS=${defines.map((define) => `-D${define}`).join(" ")}`]
      : crossOptions(toolchain, small)),
  ]);
  runTool(cmake, ["--build", directory, "--parallel"]);
  return directory;
}

/** Octets of machine code and constants in an executable, and of what it writes to. */
function sectionsOf(executable: string): { text: number; data: number } {
  const size = findProgram("size");
  if (size === "") {
    return { text: 0, data: 0 };
  }
  const [, line] = execFileSync(size, [executable], { encoding: "utf8" }).split("\n");
  const [text, data, bss] = line.trim().split(/\s+/).map(Number);
  return { text, data: data + bss };
}

/** What calls of the image in QEMU touch of its memories, as lines of a table; or why that is not known. */
async function marksLines(board: string, shell: string, program: string): Promise<string[]> {
  if (!isMps2Board(board)) {
    return [`no emulator is known that plays ${board}: what calls touch of its memories it says at its own console`];
  }
  if (findProgram(QEMU) === "") {
    return [`what calls touch is not measured: ${missingLine(QEMU)}`];
  }
  const programAt = readSymbols(shell).get("memory_first") ?? 0;
  const report = await reportAfterCalls({ board, shell, program, programAt }).catch((error: Error) => {
    throw new BoardBuildError(`the image does not play its calls in QEMU: ${error.message}`);
  });
  return budgetLines(`after ${CALLS} calls in QEMU`, marksBudgets(readMarks(report)));
}

async function sayCross({ board, vm }: BoardBuild, directory: string, image: string, say: Say): Promise<void> {
  const executable = path.join(directory, `doorline-${board}-${vm}`);
  try {
    say(crossReport(executable, image).join("\n"));
    say(`\n${(await marksLines(board, executable, image)).join("\n")}`);
  } catch (error) {
    throw error instanceof RangeError ? new BoardBuildError(error.message) : error;
  }
  say(`\n${path.relative(root, executable)}`);
}

function reportLines({ board, vm }: BoardBuild, directory: string, image: string): string[] {
  const executable = path.join(directory, `doorline-${board}-${vm}`);
  const run = runHeap(
    { command: path.join(directory, `doorline-desk-${vm}`), program: image },
    REPORT_CALLS,
    REPORT_MINUTES,
  );
  const { text, data } = sectionsOf(executable);
  const rows: Cell[][] = [
    ["program image", statSync(image).size],
    ["executable: code and constants, with the program", text],
    ["executable: static memory, with the VM's room", data],
    [`${run.engine}: live after boot`, run.boot],
    [`${run.engine}: live after ${REPORT_CALLS} calls`, run.calls],
    [`${run.engine}: peak`, run.peak],
    [`${run.engine}: room`, run.total],
    ["buffers of the program, outside of the VM's room", run.buffers],
    ["stack of C, the deepest", run.stack],
    ["allocated by a call", Math.round(run.perCall)],
    ["allocated by a frame of 20 ms", Math.round(run.perFrame)],
  ];
  const pools = run.pools.map(({ name, records, mostUsed }): Cell[] => [name, records, mostUsed]);
  return [
    ...tableLines(["memory", "octets"], rows),
    "",
    ...tableLines(["pool", "records", "most used"], pools),
    "",
    path.relative(root, executable),
  ];
}

/**
 * Builds the desk's shell of a VM and a board's program for it.
 * @throws {BoardBuildError}
 */
export function buildShell(build: BoardBuild): Shell {
  checkVm(build);
  const program = buildProgram(build);
  return { command: path.join(buildExecutables(build, program), `doorline-desk-${build.vm}`), program };
}

/**
 * Builds a board and says what it takes, line by line.
 * @throws {BoardBuildError} also when the image is over a budget
 */
export async function buildBoard(build: BoardBuild, say: Say): Promise<void> {
  const boards = findBoards();
  if (!boards.includes(build.board)) {
    throw new BoardBuildError(`there is no board "${build.board}"; there are: ${boards.join(", ")}`);
  }
  checkVm(build);
  const image = buildProgram(build);
  say(`program: ${path.relative(root, image)}`);
  const directory = buildExecutables(build, image);
  if (toolchainOf(root, build.board) !== "") {
    await sayCross(build, directory, image, say);
    return;
  }
  for (const line of reportLines(build, directory, image)) {
    say(line);
  }
}
