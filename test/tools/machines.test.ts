// The VM runner: what it makes of passes, failures and crashes in every VM, and of a program that is not installed.

import assert from "node:assert/strict";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { findProgram, missingLine, skipOrFail } from "../../tools/requirements";
import { MACHINES } from "../../tools/vm/machines";
import { compilePortableTests } from "../../tools/vm/portable-tests";
import { readResults } from "../../tools/vm/results";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");

/** Portable tests with every outcome. The path of the file does not exist: its text is given. */
const FILE = "test/bytes/outcomes-of-the-runner.test.ts";
const TESTS = `
import { describe, equal, heapNow, isTrue, it, itSlow } from "../harness";
describe("first", () => {
  it("passes", () => { equal(1 + 1, 2); });
  describe("inner", () => { it("fails \u00b5 \u203a", () => { equal(1, 2, "one\\nline"); }); });
  itSlow("is slow", () => { isTrue(true, "truth"); });
  it("sees a heap that a collection leaves where it was", () => {
    const before = heapNow();
    isTrue(heapNow() - before < 100, "the heap stays");
  });
});
`;

const CRASH = {
  lua: 'doorlineReport("begin", "a") doorlineReport("pass", "") doorlineReport("begin", "b") error("gone")',
  javascript:
    'doorlineReport("begin", "a"); doorlineReport("pass", ""); doorlineReport("begin", "b"); throw new Error("gone");',
};

describe("the VM runner", function () {
  this.timeout(60_000);
  const tests = compilePortableTests(root, [FILE], new Map([[path.join(root, FILE), TESTS]]));

  it("knows the titles of the tests before it runs them", () => {
    assert.deepEqual(tests.titles, [
      "first › passes",
      "first › inner › fails \u00b5 \u203a",
      "first › is slow",
      "first › sees a heap that a collection leaves where it was",
    ]);
  });

  for (const machine of MACHINES) {
    it(`tells passes, failures and slow tests apart in ${machine.name}`, async function () {
      if (machine.program !== "" && findProgram(machine.program) === "") {
        skipOrFail(this, missingLine(machine.program));
      }
      const run = await machine.run(tests.bundles[machine.language]);
      const { results, crash } = readResults(machine.name, tests.titles, run);
      assert.equal(crash, "");
      assert.deepEqual(
        results.map((result) => result?.outcome),
        ["pass", "fail", machine.mode === "fast" ? "skip" : "pass", "pass"],
      );
      assert.match(results[1]?.reason ?? "", /one line: got 1, expected 2/);
    });

    it(`names ${machine.name} and the last test when it crashes`, async function () {
      if (machine.program !== "" && findProgram(machine.program) === "") {
        skipOrFail(this, missingLine(machine.program));
      }
      const run = await machine.run(CRASH[machine.language]);
      const { results, crash } = readResults(machine.name, ["first", "second", "third"], run);
      assert.deepEqual(results, [{ outcome: "pass", reason: "" }, undefined, undefined]);
      assert(crash.startsWith(`${machine.name} crashed in "second": `), crash);
      assert.match(crash, /gone/);
    });
  }

  it("calls a VM that ends early without a word a crash", () => {
    const { crash } = readResults("a VM", ["first"], { reports: ["begin\tfirst"], crash: "" });
    assert.equal(crash, 'a VM crashed in "first": it ended early');
  });

  it("calls a VM that says nothing a crash while loading", () => {
    const { crash } = readResults("a VM", ["first"], { reports: [], crash: "syntax" });
    assert.equal(crash, "a VM crashed while it loaded the tests: syntax");
  });

  it("finds programs in PATH only", () => {
    assert.notEqual(findProgram("node"), "");
    assert.equal(findProgram("no-program-has-this-name"), "");
    assert.equal(missingLine("lua5.4"), "lua5.4 is missing: npm run setup:system");
  });
});
