// Programs with a fault, written by hand for each VM: door.lua and door.js with a few statements put in.

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ProgramForm, writeProgram } from "../../../tools/build/program-image";
import { type NativeVm, root } from "../build";

/** A statement in the words of each VM. */
export type Statement = { readonly [vm in NativeVm]: string };

/** When a program does something beside what the door does. */
export interface Deeds {
  /** While it boots. */
  boot?: Statement;
  /** In the poll that sees the button pressed. */
  press?: Statement;
  /** In every poll. */
  poll?: Statement;
  /** When it is asked to end. */
  stop?: Statement;
}

/** Takes memory until there is none. */
export const EXHAUST: Statement = {
  lua: "local kept = {} while true do kept = { kept } end",
  jerryscript: "var kept = []; while (true) { kept = [kept]; }",
};
export const RAISE: Statement = {
  lua: "local none = device.none return none.at",
  jerryscript: "return device.none.at;",
};
export const LOOP: Statement = { lua: "while true do end", jerryscript: "while (true) {}" };
/** Calls itself for ever. */
export const RECUR: Statement = {
  lua: "local function deeper(level) return 1 + deeper(level + 1) end deeper(0)",
  jerryscript: "function deeper(level) { return 1 + deeper(level + 1); } deeper(0);",
};
/** More buffers than the shell has memory for. */
export const OVERFILL: Statement = {
  lua: "for index = 1, 1000 do doorlineBuffer(16000) end",
  jerryscript: "for (var index = 0; index < 1000; index += 1) { new Uint8Array(16000); }",
};
export const FEED_NOBODY: Statement = { lua: "feeds = false", jerryscript: "feeds = false;" };

/** Logs a storage status as event 100. */
function logWrite(value: string): Statement {
  const words = `logEvent(100, writeRecord(${value}), ${value})`;
  return { lua: `native:${words}`, jerryscript: `native.${words};` };
}

export const WRITE_SEVENS = logWrite("7");
export const WRITE_NINES = logWrite("9");
export const READ_RECORD: Statement = { lua: "logRecord()", jerryscript: "logRecord();" };
/** All sevens, then all eights, without a pause. */
export const WRITE_ON: Statement = {
  lua: "due = 0 writeRecord(7 + polls % 2)",
  jerryscript: "due = 0; writeRecord(7 + (polls % 2));",
};

export function both(first: Statement, second: Statement): Statement {
  return { lua: `${first.lua} ${second.lua}`, jerryscript: `${first.jerryscript} ${second.jerryscript}` };
}

const SOURCES: Statement = { lua: "door.lua", jerryscript: "door.js" };

/** The text of the door with what it does. */
function textOf(vm: NativeVm, deeds: Deeds): string {
  let text = readFileSync(path.join(root, "test/native/faults", SOURCES[vm]), "latin1");
  for (const [mark, deed] of [
    ["BOOT", deeds.boot],
    ["PRESS", deeds.press],
    ["POLL", deeds.poll],
    ["STOP", deeds.stop],
  ] as const) {
    text = text.replace(vm === "lua" ? `--[[${mark}]]` : `/*${mark}*/`, () => deed?.[vm] ?? "");
  }
  return text;
}

export const BUILD_ID = "a door";

/**
 * Writes the image of a door to a file: bytecode, or source.
 * @param file without an ending that matters
 */
export function writeDoor(vm: NativeVm, deeds: Deeds, file: string): string {
  const text = textOf(vm, deeds);
  let form = ProgramForm.JAVASCRIPT;
  let bundle: Buffer = Buffer.from(text, "latin1");
  if (vm === "lua") {
    writeFileSync(`${file}.lua`, text);
    execFileSync("luac5.4", ["-s", "-o", `${file}.luac`, `${file}.lua`]);
    form = ProgramForm.LUA_BYTECODE;
    bundle = readFileSync(`${file}.luac`);
  }
  writeFileSync(file, writeProgram(form, bundle, { board: "linux", buildId: BUILD_ID }));
  return file;
}
