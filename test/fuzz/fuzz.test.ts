// A bounded run of the fuzzer on every target, from a fixed seed: first every input of test/fuzz/corpus, among them all that once were
// faults, then as many new ones. `npm run fuzz` goes on for as long as one likes.

import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { compileTargets, type Programs } from "../../tools/fuzz/compile";
import { runFuzzer } from "../../tools/fuzz/process";
import { STATION_TARGETS, TARGETS } from "./targets";

const CORPUS = fileURLToPath(new URL("corpus", import.meta.url));
const SEED = 4475;
/** New inputs of a parser: about a second of them. */
const PARSER_RUNS = 60_000;
/** Of stations, which live through hours in each. */
const STATION_RUNS = 150;
/** Far more than it takes: the runs are counted, so that every machine does the same. */
const SECONDS_MAXIMUM = 120;
/** What the engine compiles and remembers of its own; a hundred octets kept of each input of a parser are more. */
const GROWTH_OCTETS_MAXIMUM = 3_000_000;
/** The corpus is distilled: it is read by people and cloned by everybody. */
const CORPUS_OCTETS_MAXIMUM = 300_000;

function runsOf(target: string): number {
  return target in STATION_TARGETS ? STATION_RUNS : PARSER_RUNS;
}

describe("the fuzzer", function () {
  this.timeout(1000 * SECONDS_MAXIMUM + 60_000);
  let programs: Programs;
  let kept = "";

  before(() => {
    programs = compileTargets();
    kept = mkdtempSync(path.join(tmpdir(), "doorline-fuzz-"));
  });

  after(() => {
    rmSync(kept, { recursive: true, force: true });
  });

  it("has a corpus for every target and for nothing else, and a small one", () => {
    assert.deepEqual(readdirSync(CORPUS).sort(), Object.keys(TARGETS).sort());
    let octets = 0;
    for (const target of Object.keys(TARGETS)) {
      for (const name of readdirSync(path.join(CORPUS, target))) {
        octets += statSync(path.join(CORPUS, target, name)).size;
      }
    }
    assert.ok(octets < CORPUS_OCTETS_MAXIMUM, `${octets} octets`);
  });

  for (const target of Object.keys(TARGETS)) {
    it(`finds nothing wrong with ${target}`, async () => {
      const corpus = path.join(CORPUS, target);
      const report = await runFuzzer(programs, {
        target,
        seed: SEED,
        runs: runsOf(target),
        seconds: SECONDS_MAXIMUM,
        kept: mkdtempSync(path.join(kept, `${target}-`)),
        corpus,
      });
      assert.equal(report.problem, "", `${report.input}\n${report.problem}`);
      assert.equal(report.replayed, readdirSync(corpus).length, "inputs of the corpus");
      assert.equal(report.runs, runsOf(target), "new inputs");
      assert.ok(report.growth < GROWTH_OCTETS_MAXIMUM, `the heap grew by ${report.growth} octets`);
    });
  }
});
