// Program images and what is done to a JavaScript bundle before it becomes one: the header's octets, integers within 28 bits, and
// that no function is made while another one runs. test/native/program_test.c reads the same header in C.

import assert from "node:assert/strict";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { runInNewContext } from "node:vm";
import { parse } from "acorn";
import { boardOf } from "../../tools/build/board-name";
import { narrowIntegers } from "../../tools/build/narrow-integers";
import { findClosures } from "../../tools/build/no-closures";
import { crc32, ProgramForm, readProgram, writeProgram } from "../../tools/build/program-image";
import { TextNumbers } from "../../tools/build/text-numbers";

const root = fileURLToPath(new URL("../..", import.meta.url));
const octets = (text: string): Buffer => Buffer.from(text, "latin1");

describe("program images", () => {
  it("have the checksum that IEEE 802.3 knows", () => {
    assert.equal(crc32(octets("123456789")), 0xcbf43926);
    assert.equal(crc32(octets("")), 0);
  });

  it("have a header of 64 octets with the place of everything", () => {
    const image = writeProgram(
      ProgramForm.STATIC_SNAPSHOT,
      octets("bundle-"),
      { board: "mps2-an386", buildId: "build 7" },
      octets("list"),
    );
    assert.equal(image.length, 64 + 11);
    assert.equal(image.toString("latin1", 0, 8), "DOORLINE");
    assert.deepEqual([...image.subarray(8, 16)], [2, 0, 3, 0, 11, 0, 0, 0]);
    assert.equal(image.readUInt32LE(16), crc32(octets("bundle-list")));
    assert.equal(image.readUInt32LE(20), 4);
    assert.deepEqual([...image.subarray(24, 29)], [0, 0, 0, 0, 0]);
    assert.equal(image.toString("latin1", 29, 48), `mps2-an386${"\0".repeat(9)}`);
    assert.equal(image.toString("latin1", 48, 60), `build 7${"\0".repeat(5)}`);
    assert.equal(image.readUInt32LE(60), crc32(image.subarray(0, 60)));
    assert.equal(image.toString("latin1", 64), "bundle-list");
  });

  it("say the sizes of numbers in the bytecode of Lua", () => {
    const image = writeProgram(ProgramForm.LUA_BYTECODE, octets("bytecode"));
    assert.deepEqual([...image.subarray(24, 29)], [4, 8, 4, 8, 8]);
  });

  it("refuse names that the header has no room for", () => {
    const write = (board: string, buildId: string): Buffer =>
      writeProgram(ProgramForm.JAVASCRIPT, octets(""), { board, buildId });
    assert.deepEqual(
      { ...readProgram(write("b".repeat(19), "x".repeat(12))), crc: 0 },
      { form: ProgramForm.JAVASCRIPT, length: 0, crc: 0, board: "b".repeat(19), buildId: "x".repeat(12) },
    );
    assert.throws(() => write("b".repeat(20), ""), /the name of the board "b+" is not of at most 19 printable/);
    assert.throws(() => write("", "x".repeat(13)), /the build id "x+" is not of at most 12 printable/);
    assert.throws(() => write("tür", ""), RangeError);
  });

  it("of another version of the header are refused", () => {
    const image = writeProgram(ProgramForm.JAVASCRIPT, octets(""));
    image.writeUInt16LE(1, 8);
    image.writeUInt32LE(crc32(image.subarray(0, 60)), 60);
    assert.throws(() => readProgram(image), /its header is of another version: build it anew/);
  });

  it("are for the board of their folder, and for the shell of it that runs them", () => {
    assert.equal(boardOf(root, "boards/linux/board.ts"), "linux");
    assert.equal(boardOf(root, path.join(root, "boards/linux/small.ts")), "linux");
    assert.equal(boardOf(root, "boards/mps2-an386/board.ts"), "mps2-an386");
    assert.equal(boardOf(root, "boards/mps2-an386/small.ts"), "mps2-an386-small");
    assert.equal(boardOf(root, "boards/mps2-an386/hardware.ts"), "mps2-an386-hardware");
    assert.equal(boardOf(root, "test/programs/board.ts"), "");
  });
});

describe("integers of a static snapshot", () => {
  const WIDE = [0x7fffffff, -0x80000000, 0x8000000, -0x8000000, 1732584193, -680876936, 0x12345678, -134217729];

  it("have 28 bits and come to the same numbers", () => {
    const code = narrowIntegers(`[${WIDE.join(",")}]`);
    assert.deepEqual([...(runInNewContext(code) as number[])], WIDE);
    assert.equal(/\d{9}/.test(code), false);
  });

  it("leave every other octet of the script alone", () => {
    const script = `var a = 134217727 - -134217727, text = "999999999"; // 999999999\n`;
    assert.equal(narrowIntegers(script), script);
    assert.equal(narrowIntegers("f(1,268435456);\ng(2)"), "f(1,(4096<<16|0));\ng(2)");
  });

  it("are refused beyond 32 bits", () => {
    assert.throws(() => narrowIntegers("var a = 4294967295"), RangeError);
    assert.throws(() => narrowIntegers("var a = 1e300"), RangeError);
  });
});

describe("functions of a bundle", () => {
  const closures = (code: string): number => findClosures(parse(code, { ecmaVersion: 5 })).length;

  it("may be made by the script alone", () => {
    assert.equal(closures("var a = function () { function b() { return 1; } return b(); }();"), 0);
    assert.equal(closures("var a = function () { function b() { return function () {}; } }();"), 1);
    assert.equal(closures("var a = function () { function b(c) { !function (d) { d(); }(c); } }();"), 1);
  });
});

describe("texts of a bundle", () => {
  it("are in literals that are short enough, and keep their numbers", () => {
    const texts = new TextNumbers();
    assert.deepEqual(
      ["ab", "", "cde", "a very long text", "ab", "f", "g"].map((text) => texts.numberOf(text)),
      [1, 2, 3, 4, 1, 5, 6],
    );
    assert.deepEqual(texts.literals(7), ["ab``cde", "a very long text", "f`g"]);
    assert.deepEqual(texts.literals(6), ["ab`", "cde", "a very long text", "f`g"]);
    assert.deepEqual(new TextNumbers().literals(6), []);
  });
});
