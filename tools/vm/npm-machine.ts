// The Lua VMs that npm carries, each in a process of its own: `node npm-machine.ts <name> <mode> <bundle>` runs a bundle in one and writes
// what its tests said as JSON.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { lines, luaPrelude, type MachineRun, type Mode } from "./machine-run";

const require = createRequire(import.meta.url);

const KEEP_REPORTS = `doorlineReports = {} local function keep(line) doorlineReports[#doorlineReports + 1] = line end `;
const ANSWER_REPORTS = `return table.concat(doorlineReports, "\\n")`;

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

const RUNS: { readonly [name: string]: (mode: Mode, bundle: string) => Promise<MachineRun> } = {
  wasmoon: runWasmoon,
  "lua.54": (mode, bundle) => runBindings("lua-wasm-bindings/dist/lua.54", mode, bundle),
  "lua.53": (mode, bundle) => runBindings("lua-wasm-bindings/dist/lua.53", mode, bundle),
  fengari: runFengari,
};

const [name, mode, file] = process.argv.slice(2);
const run = await RUNS[name](mode as Mode, readFileSync(file, "utf8"));
// Some of these VMs leave something behind that keeps a process alive.
process.stdout.write(JSON.stringify(run), () => process.exit(0));
