// Lua programs in the C engine: an image does what the bytecode does that it was made of, in less of the arena, and one that is
// damaged is refused. The cases of the C test programs themselves are run by native.test.ts.

import { ok, strictEqual } from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createLuaImage } from "../../tools/build/lua-image";
import { requireProgram, skipOrFail } from "../../tools/requirements";
import { compileLua } from "../../tools/tstl/compile";
import { buildNative, builtTest, root } from "./build";

/** Every kind of constant, upvalues of two levels, a variable argument list, and texts that Lua itself has. */
const EVERYTHING = `
local records = { name = "mini", [0.5] = 2.5, [true] = false, ["end"] = 7, __index = 11 }
local long = "a text that is longer than forty letters, so that Lua does not share it"
local function count(...) return select ~= nil and 0 or ... end
local total = 0
local function add(value) total = total + value return function() total = total + #long return total end end
return {
  createNativeDevice = function(native) return { records = records, native = native } end,
  startDevice = function(device) add(#device.records.name) end,
  pollDevice = function(device)
    local name = device.native.clockNow() % 2 == 0 and "end" or "__index"
    return add(records[0.5] == 2.5 and 1 or 0)() + records[name] + count(3, 4) + (0x123456789abcdef >> 50)
  end,
  stopDevice = function() end,
  isStopped = function() return true end,
}
`;

/** More texts that live than Lua has lists for, texts that are made equal to those of the program, and tables that come and go. */
const TEXTS = `
local names = { name = 1, ["end"] = 2, poll = 3 }
local kept = {}
local function join(first, second) return first .. second end
return {
  createNativeDevice = function() return {} end,
  startDevice = function() for i = 1, 300 do kept[join("kept", i)] = i end end,
  pollDevice = function()
    local sum = names[join("na", "me")] + names[join("en", "d")] + kept[join("ke", "pt") .. 7]
    for i = 1, 20 do local made = { [join("made", i)] = join("value of ", i) } sum = sum + #made["made" .. i] end
    kept[join("kept", sum % 300 + 1)] = sum
    return sum + (join("po", "ll") == "poll" and 1000 or 0)
  end,
  stopDevice = function() end,
  isStopped = function() return true end,
}
`;

const WORK_LIMIT_MS = 120_000;

describe("Lua images", () => {
  let directory = "";
  let compiler = "";
  let tool = "";
  let linkedTool = "";

  before(function () {
    buildNative(this);
    compiler = requireProgram(this, "luac5.4");
    tool = builtTest("lua_image_tool");
    linkedTool = builtTest("lua_linked_tool");
    if (tool === "") {
      skipOrFail(this, "the source of Lua is missing: bash tools/native/lua-source.sh");
    }
    directory = mkdtempSync(path.join(tmpdir(), "doorline-lua-"));
  });

  after(() => {
    if (directory !== "") {
      rmSync(directory, { recursive: true });
    }
  });

  /** Compiles a text. Returns the files of its bytecode and of its image for this machine. */
  function build(name: string, text: string): { bytecode: string; image: string } {
    const source = path.join(directory, `${name}.lua`);
    const bytecode = path.join(directory, `${name}.luac`);
    const image = path.join(directory, `${name}.image`);
    writeFileSync(source, text);
    execFileSync(compiler, ["-s", "-o", bytecode, source]);
    writeFileSync(image, createLuaImage(readFileSync(bytecode), process.arch === "arm" ? 4 : 8).octets);
    return { bytecode, image };
  }

  /** What a run prints, without its figures, and the octets of the arena that were in use at its end. */
  function run(file: string, polls: number): { answers: string; used: number } {
    const { status, stdout, stderr } = spawnSync(tool, ["run", file, String(polls)], { encoding: "utf8" });
    strictEqual(status, 0, stdout + stderr);
    const answers = stdout.replace(/^(boot|end): .*\n/gm, "");
    return { answers, used: Number(/^end: used (\d+)/m.exec(stdout)?.[1]) };
  }

  /** What three boots print of a board that keeps the linked part in flash; in between it is damaged in every way. */
  function runLinked(file: string, polls: number): string {
    const { status, stdout, stderr } = spawnSync(linkedTool, [file, String(polls)], { encoding: "utf8" });
    strictEqual(status, 0, stdout.slice(-500) + stderr);
    return stdout;
  }

  it("do what their bytecode does, with every kind of constant, and are not written to", () => {
    const { bytecode, image } = build("everything", EVERYTHING);
    const expected = run(bytecode, 100).answers;
    strictEqual(expected.split("\n").length, 101);
    strictEqual(run(image, 100).answers, expected);
  });

  it("boot the whole device in less than six tenths of the arena that its bytecode takes, and from flash", function () {
    this.timeout(WORK_LIMIT_MS);
    const bundle = compileLua(root, path.join(root, "boards/linux/board.ts"), new Map(), true);
    const { bytecode, image } = build("board", bundle.code);
    const whole = run(bytecode, 200);
    const inPlace = run(image, 200);
    strictEqual(inPlace.answers, whole.answers);
    ok(inPlace.used < 0.6 * whole.used, `${inPlace.used} of ${whole.used}`);
    strictEqual(runLinked(image, 200), whole.answers.split("\n").slice(0, 200).join("\n").concat("\n").repeat(3));
  });

  it("are refused when they are cut off, and read nothing outside of themselves when they are bent", function () {
    this.timeout(WORK_LIMIT_MS);
    const { image } = build("bent", EVERYTHING);
    const { status, stdout, stderr } = spawnSync(tool, ["bend", image, "20000"], { encoding: "utf8" });
    strictEqual(status, 0, stdout + stderr);
    ok(stdout.startsWith("cut off: 0\n"), stdout);
  });

  for (const [name, text] of Object.entries({ everything: EVERYTHING, texts: TEXTS })) {
    it(`are linked to flash once, and anew after damage and cuts of power, and never written to: ${name}`, function () {
      this.timeout(WORK_LIMIT_MS);
      const { bytecode, image } = build(name, text);
      strictEqual(runLinked(image, 1000), run(bytecode, 1000).answers.repeat(3));
    });
  }
});
