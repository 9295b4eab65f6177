// A bounded run of the fuzzer on every target, from a fixed seed: first the inputs of test/fuzz/corpus, among them all that once
// were faults, then as many new ones. `npm run fuzz` goes on for as long as one likes.

import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { compileTargets } from "../../tools/fuzz/compile";
import { runFuzzer } from "../../tools/fuzz/process";
import { TARGETS } from "./targets";

const CORPUS = fileURLToPath(new URL("corpus", import.meta.url));
const SEED = 4475;
/** Inputs of a parser: about a second of them. */
const PARSER_RUNS = 60_000;
const STATION_RUNS = 600;
const MEDIA_RUNS = 1500;
/** Far more than it takes: the runs are counted, so that every machine does the same. */
const SECONDS_MAXIMUM = 120;

function runsOf(target: string): number {
  return target === "station" ? STATION_RUNS : target === "media" ? MEDIA_RUNS : PARSER_RUNS;
}

describe("the fuzzer", function () {
  this.timeout(1000 * SECONDS_MAXIMUM + 60_000);
  let program = "";
  let kept = "";

  before(() => {
    program = compileTargets();
    kept = mkdtempSync(path.join(tmpdir(), "doorline-fuzz-"));
  });

  after(() => {
    rmSync(kept, { recursive: true, force: true });
  });

  it("has a corpus for every target and for nothing else", () => {
    assert.deepEqual(readdirSync(CORPUS).sort(), Object.keys(TARGETS).sort());
  });

  for (const target of Object.keys(TARGETS)) {
    it(`finds nothing wrong with ${target}`, async () => {
      const report = await runFuzzer(program, {
        target,
        seed: SEED,
        runs: runsOf(target),
        seconds: SECONDS_MAXIMUM,
        folders: [mkdtempSync(path.join(kept, `${target}-`)), path.join(CORPUS, target)],
      });
      assert.equal(report.problem, undefined, `${report.problem}`);
      assert.equal(report.runs, runsOf(target), "inputs");
      assert.ok(report.corpus > readdirSync(path.join(CORPUS, target)).length, "some reached something new");
    });
  }
});
