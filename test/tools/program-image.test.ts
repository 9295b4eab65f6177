// Program images and what is done to a JavaScript bundle before it becomes one: the header's octets, integers within 28 bits, and
// that no function is made while another one runs. test/native/program_test.c reads the same header in C.

import assert from "node:assert/strict";
import { runInNewContext } from "node:vm";
import { parse } from "acorn";
import { narrowIntegers } from "../../tools/build/narrow-integers";
import { findClosures } from "../../tools/build/no-closures";
import { crc32, ProgramForm, writeProgram } from "../../tools/build/program-image";
import { TextNumbers } from "../../tools/build/text-numbers";

const octets = (text: string): Buffer => Buffer.from(text, "latin1");

describe("program images", () => {
  it("have the checksum that IEEE 802.3 knows", () => {
    assert.equal(crc32(octets("123456789")), 0xcbf43926);
    assert.equal(crc32(octets("")), 0);
  });

  it("have a header of 64 octets with the place of everything", () => {
    const image = writeProgram(ProgramForm.STATIC_SNAPSHOT, octets("bundle-"), octets("list"), "build 7");
    assert.equal(image.length, 64 + 11);
    assert.equal(image.toString("latin1", 0, 8), "DOORLINE");
    assert.deepEqual([...image.subarray(8, 16)], [1, 0, 3, 0, 11, 0, 0, 0]);
    assert.equal(image.readUInt32LE(16), crc32(octets("bundle-list")));
    assert.equal(image.readUInt32LE(20), 4);
    assert.deepEqual([...image.subarray(24, 32)], [0, 0, 0, 0, 0, 0, 0, 0]);
    assert.equal(image.toString("latin1", 32, 60), `build 7${"\0".repeat(21)}`);
    assert.equal(image.readUInt32LE(60), crc32(image.subarray(0, 60)));
    assert.equal(image.toString("latin1", 64), "bundle-list");
  });

  it("say the sizes of numbers in the bytecode of Lua", () => {
    const image = writeProgram(ProgramForm.LUA_BYTECODE, octets("bytecode"));
    assert.deepEqual([...image.subarray(24, 32)], [4, 8, 4, 8, 8, 0, 0, 0]);
  });

  it("refuse a build id that the header has no room for", () => {
    assert.equal(writeProgram(ProgramForm.JAVASCRIPT, octets(""), octets(""), "x".repeat(28)).length, 64);
    assert.throws(() => writeProgram(ProgramForm.JAVASCRIPT, octets(""), octets(""), "x".repeat(29)), RangeError);
    assert.throws(() => writeProgram(ProgramForm.JAVASCRIPT, octets(""), octets(""), "tür"), RangeError);
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
