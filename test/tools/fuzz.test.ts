// The fuzzer's instrumentation: what is a fault in a Lua VM and none in JavaScript is one under the fuzzer, and branches are seen.

import assert from "node:assert/strict";
import vm from "node:vm";
import ts from "typescript";
import { createInstrumenter } from "../../tools/fuzz/instrument";
import { beginInput, countNews } from "../../tools/fuzz/runtime";

/** Runs the body of a function of `bytes`, 4 octets, as instrumented firmware. Returns what it returns. */
function run(body: string, bytes = new Uint8Array(4)): unknown {
  const source = `function probe(bytes: Bytes, number: number) { ${body} }`;
  const { outputText } = ts.transpileModule(source, {
    fileName: "/x/firmware/probe.ts",
    compilerOptions: { target: ts.ScriptTarget.ES2022 },
    transformers: { before: [createInstrumenter({ place: 1000 })] },
  });
  beginInput();
  return (vm.runInThisContext(`${outputText}\nprobe`) as (bytes: Uint8Array, number: number) => unknown)(bytes, 7);
}

describe("instrumented firmware", () => {
  it("does what it did", () => {
    assert.equal(run("bytes[1] = 5; bytes[1] += 2; return number > 3 && bytes[1] === 7 ? bytes[1] * 2 : 0;"), 14);
    assert.equal(run("let sum = 0; for (let i = 0; i < 4; i += 1) sum += bytes[i] + i; return sum;"), 6);
  });

  it("faults at a read or a store outside of a buffer", () => {
    assert.throws(() => run("return bytes[4];"), /index 4 is outside a buffer of 4/);
    assert.throws(() => run("return bytes[number - 8];"), /index -1 is outside/);
    assert.throws(() => run("bytes[number] = 1;"), /index 7 is outside/);
    assert.throws(() => run("return bytes[number / 2];"), /index 3.5 is outside/);
  });

  it("faults at a number that does not fit where it is stored", () => {
    assert.throws(() => run("bytes[0] = 256;"), /256 does not fit into a Uint8Array/);
    assert.throws(() => run("bytes[0] = 0 - number;"), /-7 does not fit/);
  });

  it("faults at a loop without end", () => {
    assert.throws(() => run("while (number > 0) {}"), /no end after/);
  });

  it("sees a branch that was not taken before, and a loop that turns more often, once", () => {
    const body = "if (bytes[0] > 9) { return 1; } let i = 0; while (i < bytes[1]) { i += 1; } return i;";
    const news = (...octets: number[]): boolean => {
      run(body, Uint8Array.of(...octets));
      return countNews() > 0;
    };
    assert.equal(news(0, 0), true, "the first");
    assert.equal(news(1, 0), false, "the same way");
    assert.equal(news(10, 0), true, "the other branch");
    assert.equal(news(0, 1), true, "into the loop");
    assert.equal(news(0, 2), true, "twice");
    assert.equal(news(0, 4), true, "four times");
    assert.equal(news(0, 5), false, "about as often");
  });
});
