// The reader of Lua's bytecode and the writer of program images. That Lua runs what they write is test/native/lua.test.ts.

import { ok, strictEqual, throws } from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { LuaDumpError, readLuaDump } from "../../tools/build/lua-dump";
import { createLuaImage } from "../../tools/build/lua-image";
import { requireProgram } from "../../tools/requirements";

const TEXT = `
local name = "door"
local function one() return name, 1, "bell" end
local function two() return name, 1, "bell" end
return { one = one, two = two, bell = "bell", half = 0.5 }
`;

describe("Lua images as files", () => {
  let stripped: Buffer = Buffer.alloc(0);
  let whole: Buffer = Buffer.alloc(0);

  let compiler = "";

  function compile(text: string, words: readonly string[] = ["-s"]): Buffer {
    const directory = mkdtempSync(path.join(tmpdir(), "doorline-lua-image-"));
    const file = path.join(directory, "dump");
    execFileSync(compiler, [...words, "-o", file, "-"], { input: text });
    const dump = readFileSync(file);
    rmSync(directory, { recursive: true });
    return dump;
  }

  before(function () {
    compiler = requireProgram(this, "luac5.4");
    stripped = compile(TEXT);
    whole = compile(TEXT, []);
  });

  it("a dump is read into functions, with their lines, constants and upvalues", () => {
    const main = readLuaDump(stripped);
    strictEqual(main.functions.length, 2);
    strictEqual(main.functions[1].firstLine, 4);
    strictEqual(main.functions[0].upvalues[0].inStack, 1);
    strictEqual(main.functions[0].code.length % 4, 0);
    ok(main.constants.some((constant) => constant !== null && typeof constant === "object" && "float" in constant));
  });

  it("a dump with debug information, another format or something missing is refused", () => {
    throws(() => readLuaDump(whole), LuaDumpError);
    throws(() => readLuaDump(Buffer.concat([stripped, Buffer.alloc(1)])), LuaDumpError);
    for (let length = 0; length < stripped.length; length += 1) {
      throws(() => readLuaDump(stripped.subarray(0, length)), LuaDumpError);
    }
  });

  it("each text is written once, however many functions say it", () => {
    const { octets, texts } = createLuaImage(stripped, 8);
    strictEqual(octets.toString("latin1").split("bell").length - 1, 1);
    strictEqual(texts, ["door", "bell", "one", "two", "half"].length);
  });

  it("for pointers of 4 octets it is smaller, and it says for which it is", () => {
    const wide = createLuaImage(stripped, 8);
    const narrow = createLuaImage(stripped, 4);
    ok(narrow.octets.length < wide.octets.length);
    strictEqual(wide.octets[5], 8);
    strictEqual(narrow.octets[5], 4);
    strictEqual(narrow.octets.readUInt32LE(8), narrow.octets.length);
    strictEqual(narrow.functions, 3);
  });

  it("for pointers of 4 octets integers have 32 bits: hexadecimal ones wrap, and what is wider is refused", () => {
    const constants = (text: string) => createLuaImage(compile(text), 4).octets;
    // struct TValue: the integer, then its tag.
    const asConstant = [0xff, 0xff, 0xff, 0xff, 3, 0, 0, 0];
    ok(constants("return 0xffffffff").includes(Buffer.from(asConstant)));
    ok(!constants("return 0x7fffffff").includes(Buffer.from(asConstant)));
    throws(() => constants("return 0x100000000"), LuaDumpError);
    throws(() => constants("return -0x80000001"), LuaDumpError);
  });
});
