// The VMs that portable tests run in: those that npm carries, inside this process, and those of the system, as programs.
// Each takes a compiled bundle and answers the reports of its tests in order, and how it ended when it did not end well.

import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { findProgram } from "../requirements";

const require = createRequire(import.meta.url);

/** A program of the system that takes longer hangs and is ended. */
const LONGEST_RUN_MS = 840_000;

/** What a VM understands. */
export type Language = "lua" | "javascript";

/** "all" tests, or "fast": without those of `itSlow`. */
export type Mode = "all" | "fast";

/** What a VM said of its tests. */
export interface MachineRun {
  /** Lines "outcome TAB text", in order: "begin" with a title, then what became of it and the reason. */
  reports: string[];
  /** Why the VM ended before its bundle did; "" when it ran to the end. */
  crash: string;
}

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

/** A report is one line whatever the failure says. In front of a Lua bundle, on its first line. */
function luaPrelude(mode: Mode, sink: string): string {
  return `doorlineMode = "${mode}" function doorlineReport(outcome, text) ${sink}(outcome .. "\\t" .. string.gsub(text, "[\\r\\n\\t]", " ")) end `;
}

const KEEP_REPORTS = `doorlineReports = {} local function keep(line) doorlineReports[#doorlineReports + 1] = line end `;
const ANSWER_REPORTS = `return table.concat(doorlineReports, "\\n")`;

const JAVASCRIPT_PRELUDE = `var doorlineMode = "all"; function doorlineReport(outcome, text) {
  print(outcome + "\\t" + text.replace(/[\\r\\n\\t]/g, " "));
}
`;

function lines(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function runWasmoon(mode: Mode, bundle: string): Promise<MachineRun> {
  const { LuaFactory } = await import("wasmoon");
  const engine = await new LuaFactory().createEngine();
  const run: MachineRun = { reports: [], crash: "" };
  try {
    engine.global.set("doorlineSink", (line: string) => run.reports.push(line));
    engine.doStringSync(luaPrelude(mode, "doorlineSink") + bundle);
  } catch (error) {
    run.crash = reasonOf(error);
  } finally {
    engine.global.close();
  }
  return run;
}

interface LuaBindings {
  lua: {
    lua_close(state: number): void;
    lua_pop(state: number, count: number): void;
    lua_tostring(state: number, index: number): string;
  };
  lauxlib: { luaL_newstate(): number; luaL_dostring(state: number, text: string): number };
  lualib: { luaL_openlibs(state: number): void };
}

/** Characters of a string that is handed to Lua at once: the bindings put four octets for each on a stack of 5 MB. */
const PIECE_LENGTH = 500_000;
const ADD_PIECE = `doorlineBundle = doorlineBundle or {} doorlineBundle[#doorlineBundle + 1] = [=====[\n`;
const RUN_PIECES = `assert(load(table.concat(doorlineBundle)))()`;

/** A program of Lua as calls that each hand a piece of it in, and the last one runs it. */
function inPieces(program: string): string[] {
  const calls: string[] = [];
  for (let start = 0; start < program.length; start += PIECE_LENGTH) {
    calls.push(`${ADD_PIECE}${program.slice(start, start + PIECE_LENGTH)}]=====]`);
  }
  return [...calls, RUN_PIECES];
}

/** Lua compiled to WebAssembly that hands strings out, but takes no functions: the reports wait inside until the end. */
async function runBindings(module: string, mode: Mode, bundle: string): Promise<MachineRun> {
  const { lua, lauxlib, lualib } = require(module) as LuaBindings;
  const state = lauxlib.luaL_newstate();
  const run: MachineRun = { reports: [], crash: "" };
  lualib.luaL_openlibs(state);
  try {
    for (const piece of inPieces(KEEP_REPORTS + luaPrelude(mode, "keep") + bundle)) {
      if (run.crash === "" && lauxlib.luaL_dostring(state, piece) !== 0) {
        run.crash = lua.lua_tostring(state, -1);
        lua.lua_pop(state, 1);
      }
    }
  } catch (error) {
    run.crash = reasonOf(error);
  }
  try {
    lauxlib.luaL_dostring(state, ANSWER_REPORTS);
    run.reports = lines(lua.lua_tostring(state, -1));
    lua.lua_close(state);
  } catch (error) {
    run.crash = run.crash === "" ? reasonOf(error) : run.crash;
  }
  return run;
}

/** Its collector is JavaScript's, which Lua cannot ask. */
const NO_COLLECTOR = "collectgarbage = nil ";

async function runFengari(mode: Mode, bundle: string): Promise<MachineRun> {
  const { lua, lauxlib, lualib, to_luastring } = require("fengari");
  const state = lauxlib.luaL_newstate();
  const run: MachineRun = { reports: [], crash: "" };
  lualib.luaL_openlibs(state);
  lua.lua_register(state, to_luastring("doorlineSink"), (caller: unknown) => {
    run.reports.push(Buffer.from(lua.lua_tostring(caller, 1)).toString("utf8"));
    return 0;
  });
  try {
    if (lauxlib.luaL_dostring(state, to_luastring(NO_COLLECTOR + luaPrelude(mode, "doorlineSink") + bundle)) !== 0) {
      run.crash = Buffer.from(lauxlib.luaL_tolstring(state, -1)).toString("utf8");
    }
  } catch (error) {
    run.crash = reasonOf(error);
  }
  return run;
}

/** Runs a bundle in a program of the system, which prints its reports. */
async function runProgram(program: string, fileName: string, text: string): Promise<MachineRun> {
  const directory = await mkdtemp(path.join(tmpdir(), "doorline-vm-"));
  try {
    const file = path.join(directory, fileName);
    await writeFile(file, text);
    return await new Promise((resolve) => {
      const child = spawn(findProgram(program), [file], {
        stdio: ["ignore", "pipe", "pipe"],
        timeout: LONGEST_RUN_MS,
      });
      const output: Buffer[] = [];
      const errors: Buffer[] = [];
      child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
      child.stderr.on("data", (chunk: Buffer) => errors.push(chunk));
      child.on("error", (error) => resolve({ reports: [], crash: error.message }));
      child.on("close", (code, signal) => {
        const said = Buffer.concat(errors).toString("utf8").trim();
        const crash = code === 0 ? "" : `${program} ended with ${signal ?? code}: ${said}`;
        resolve({ reports: lines(Buffer.concat(output).toString("utf8")), crash });
      });
    });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function ofNpm(name: string, mode: Mode, run: (mode: Mode, bundle: string) => Promise<MachineRun>): Machine {
  return { name, language: "lua", mode, program: "", run: (bundle) => run(mode, bundle) };
}

function ofSystem(program: string, name: string, language: Language): Machine {
  const [fileName, prelude] =
    language === "lua"
      ? ["tests.lua", `io.stdout:setvbuf("line") ${luaPrelude("all", "print")}`]
      : ["tests.js", JAVASCRIPT_PRELUDE];
  return { name, language, mode: "all", program, run: (bundle) => runProgram(program, fileName, prelude + bundle) };
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
  ofNpm("lua 5.4 (wasmoon)", "all", runWasmoon),
  ofNpm("lua 5.4 (lua-wasm-bindings)", "all", (mode, bundle) =>
    runBindings("lua-wasm-bindings/dist/lua.54", mode, bundle),
  ),
  ofNpm("lua 5.3 (lua-wasm-bindings)", "all", (mode, bundle) =>
    runBindings("lua-wasm-bindings/dist/lua.53", mode, bundle),
  ),
  ofNpm("lua 5.3, 32-bit integers (fengari)", "fast", runFengari),
  ofSystem("lua5.4", "lua 5.4 (system)", "lua"),
  ofSystem("lua5.3", "lua 5.3 (system)", "lua"),
  ofSystem("duk", "es5 (duktape)", "javascript"),
  ...ofPrefix(process.env.JERRYSCRIPT_PREFIX),
];
