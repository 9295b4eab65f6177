// The VMs that portable tests run in, each in a process of its own: those that npm carries, and those of the system.
// Each takes a compiled bundle and answers the reports of its tests in order, and how it ended when it did not end well.

import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { findProgram } from "../requirements";
import { lines, luaPrelude, type MachineRun, type Mode } from "./machine-run";

const root = fileURLToPath(new URL("../..", import.meta.url));
const NPM_MACHINE = path.join(root, "tools/vm/npm-machine.ts");

/** A VM that takes longer hangs and is ended. */
const LONGEST_RUN_MS = 840_000;

/** What a VM understands. */
export type Language = "lua" | "javascript";

export interface Machine {
  /** "lua 5.4 (wasmoon)" */
  name: string;
  language: Language;
  mode: Mode;
  /** The program of the system that it needs, or "" for a VM of npm. */
  program: string;
  /** Loads a bundle, which runs its tests. Never rejects. */
  run(bundle: string): Promise<MachineRun>;
}

const JAVASCRIPT_PRELUDE = `var doorlineMode = "all"; function doorlineReport(outcome, text) {
  print(outcome + "\\t" + text.replace(/[\\r\\n\\t]/g, " "));
}
`;

/** Runs a program on a text in a file. Answers what it printed, and how it ended when it did not end well. */
async function runProgram(program: string, words: readonly string[], fileName: string, text: string) {
  const directory = await mkdtemp(path.join(tmpdir(), "doorline-vm-"));
  try {
    const file = path.join(directory, fileName);
    await writeFile(file, text);
    return await new Promise<{ printed: string; crash: string }>((resolve) => {
      const child = spawn(program, [...words, file], {
        cwd: root,
        stdio: ["ignore", "pipe", "pipe"],
        timeout: LONGEST_RUN_MS,
      });
      const output: Buffer[] = [];
      const errors: Buffer[] = [];
      child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
      child.stderr.on("data", (chunk: Buffer) => errors.push(chunk));
      child.on("error", (error) => resolve({ printed: "", crash: error.message }));
      child.on("close", (code, signal) => {
        const said = Buffer.concat(errors).toString("utf8").trim();
        const crash = code === 0 ? "" : `${path.basename(program)} ended with ${signal ?? code}: ${said}`;
        resolve({ printed: Buffer.concat(output).toString("utf8"), crash });
      });
    });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function ofNpm(name: string, mode: Mode, vm: string): Machine {
  const words = ["--import", "tsx", NPM_MACHINE, vm, mode];
  const run = async (bundle: string): Promise<MachineRun> => {
    const { printed, crash } = await runProgram(process.execPath, words, "tests.lua", bundle);
    return crash === "" ? (JSON.parse(printed) as MachineRun) : { reports: [], crash };
  };
  return { name, language: "lua", mode, program: "", run };
}

function ofSystem(program: string, name: string, language: Language): Machine {
  const [fileName, prelude] =
    language === "lua"
      ? ["tests.lua", `io.stdout:setvbuf("line") ${luaPrelude("all", "print")}`]
      : ["tests.js", JAVASCRIPT_PRELUDE];
  const run = async (bundle: string): Promise<MachineRun> => {
    const { printed, crash } = await runProgram(findProgram(program), [], fileName, prelude + bundle);
    return { reports: lines(printed), crash };
  };
  return { name, language, mode: "all", program, run };
}

/**
 * JerryScript 3, which no registry has: its shell of the installation that JERRYSCRIPT_PREFIX names, when it names one. The
 * tests are one script of several MB, so the shell needs a large heap (--cpointer-32bit ON, --mem-heap 65536).
 */
function ofPrefix(prefix: string | undefined): Machine[] {
  return prefix === undefined ? [] : [ofSystem(path.join(prefix, "bin/jerry"), "es5 (jerryscript)", "javascript")];
}

/** Every VM, the ones of npm first. */
export const MACHINES: readonly Machine[] = [
  ofNpm("lua 5.4 (wasmoon)", "all", "wasmoon"),
  ofNpm("lua 5.4 (lua-wasm-bindings)", "all", "lua.54"),
  ofNpm("lua 5.3 (lua-wasm-bindings)", "all", "lua.53"),
  ofNpm("lua 5.3, 32-bit integers (fengari)", "fast", "fengari"),
  ofSystem("lua5.4", "lua 5.4 (system)", "lua"),
  ofSystem("lua5.3", "lua 5.3 (system)", "lua"),
  ofSystem("duk", "es5 (duktape)", "javascript"),
  ...ofPrefix(process.env.JERRYSCRIPT_PREFIX),
];
