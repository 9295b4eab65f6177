// Fuzzes one target in this process: inputs come from jsfuzz's corpus and its mutations, an input that reaches something new is kept,
// and the first one that a target throws on ends the run. The same seed gives the same inputs.
// usage: node run.js TARGET SEED RUNS SECONDS CORPUS SEEDS; the last line of the output is a report as JSON

import { createHash } from "node:crypto";
import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beginInput, countNews, placesReached } from "./runtime";

/** What jsfuzz says of itself nowhere in types. */
interface Corpus {
  generateInput(): Buffer;
  putBuffer(input: Buffer): void;
  getLength(): number;
}

/** What a run found. */
export interface FuzzReport {
  target: string;
  runs: number;
  seconds: number;
  places: number;
  /** Inputs that are kept. */
  corpus: number;
  /** What the target threw, and the file with the input; absent when all is well. */
  problem?: string;
  input?: string;
}

/** mulberry32: jsfuzz draws from Math.random, which cannot be seeded. */
function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x100000000;
  };
}

function runTarget(target: (input: Uint8Array) => void, input: Buffer): string | undefined {
  beginInput();
  try {
    target(Uint8Array.from(input));
    return undefined;
  } catch (problem) {
    return problem instanceof Error ? (problem.stack ?? problem.message) : String(problem);
  }
}

function fuzz(name: string, seed: number, runs: number, seconds: number, folders: string[]): FuzzReport {
  const { TARGETS } = require("../../test/fuzz/targets") as typeof import("../../test/fuzz/targets");
  const jsfuzz = require("jsfuzz/build/src/corpus") as {
    Corpus: new (folders: string[], onlyAscii: boolean) => Corpus;
  };
  const target = TARGETS[name];
  Math.random = seededRandom(seed);
  const corpus = new jsfuzz.Corpus(
    folders.filter((folder, index) => index === 0 || existsSync(folder)),
    false,
  );
  const seeds = corpus.getLength();
  const report: FuzzReport = { target: name, runs: 0, seconds: 0, places: 0, corpus: 0 };
  const begin = performance.now();
  while (report.runs < runs && performance.now() - begin < 1000 * seconds && report.problem === undefined) {
    const input = corpus.generateInput();
    const problem = runTarget(target, input);
    if (problem !== undefined) {
      report.problem = problem;
      report.input = path.join(folders[0], `problem-${createHash("sha256").update(input).digest("hex").slice(0, 16)}`);
      writeFileSync(report.input, input);
    } else if (countNews() > 0 && report.runs >= seeds) {
      corpus.putBuffer(input);
    }
    report.runs += 1;
  }
  report.seconds = Math.round(performance.now() - begin) / 1000;
  report.places = placesReached();
  report.corpus = corpus.getLength();
  return report;
}

const [name, seed, runs, seconds, ...folders] = process.argv.slice(2);
console.log(JSON.stringify(fuzz(name, Number(seed), Number(runs), Number(seconds), folders)));
