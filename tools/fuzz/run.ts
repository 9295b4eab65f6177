// Fuzzes one target in this process: first every input of the corpus, then mutations of them by jsfuzz. An input that reaches something
// new is kept, and the first one that the target throws on ends the run. The same seed gives the same inputs.
// usage: node --expose-gc run.js TARGET SEED RUNS SECONDS KEPT CORPUS; the last line of the output is a report as JSON

import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { findTarget, readInputs, type Target, tryInput } from "./inputs";
import { countNews, placesReached } from "./runtime";

/** What jsfuzz says of itself nowhere in types. */
interface Corpus {
  inputs: Uint8Array[];
  generateInput(): Buffer;
  putBuffer(input: Buffer): void;
}

/** What a run found. */
export interface FuzzReport {
  target: string;
  /** Inputs of the corpus, and new ones behind them. */
  replayed: number;
  runs: number;
  seconds: number;
  places: number;
  /** New inputs that are kept. */
  kept: number;
  /** Octets by which the heap has grown in the second half of the runs, without what is kept. */
  growth: number;
  /** What the target threw, and the file with the input; "" when all is well. */
  problem: string;
  input: string;
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

/** Octets in use, garbage aside. */
function heapNow(): number {
  global.gc?.();
  return process.memoryUsage().heapUsed;
}

function replay(target: Target, folders: string[], corpus: Corpus, report: FuzzReport): void {
  for (const folder of folders) {
    for (const { file, octets } of readInputs(folder)) {
      report.problem = tryInput(target, octets);
      report.replayed += 1;
      if (report.problem !== "") {
        report.input = file;
        return;
      }
      countNews();
      corpus.inputs.push(Buffer.from(octets));
    }
  }
}

function fuzz(name: string, seed: number, runs: number, seconds: number, kept: string, folder: string): FuzzReport {
  const jsfuzz = require("jsfuzz/build/src/corpus") as {
    Corpus: new (folders: string[], onlyAscii: boolean) => Corpus;
  };
  const target = findTarget(name);
  Math.random = seededRandom(seed);
  const corpus = new jsfuzz.Corpus([], false);
  const report: FuzzReport = {
    target: name,
    replayed: 0,
    runs: 0,
    seconds: 0,
    places: 0,
    kept: 0,
    growth: 0,
    problem: "",
    input: "",
  };
  const begin = performance.now();
  const end = begin + 1000 * seconds;
  replay(target, [folder, kept], corpus, report);
  let half = 0;
  while (report.runs < runs && performance.now() < end && report.problem === "") {
    const input = corpus.generateInput();
    const file = path.join(kept, createHash("sha256").update(input).digest("hex").slice(0, 16));
    report.problem = tryInput(target, input);
    if (report.problem !== "") {
      report.input = `${file}-problem`;
      writeFileSync(report.input, input);
    } else if (countNews() > 0) {
      corpus.putBuffer(input);
      writeFileSync(file, input);
      report.kept += 1;
      half += half === 0 ? 0 : input.length;
    }
    report.runs += 1;
    if (half === 0 && (report.runs >= runs / 2 || performance.now() > (begin + end) / 2)) {
      half = heapNow();
    }
  }
  report.growth = half === 0 ? 0 : heapNow() - half;
  report.seconds = Math.round(performance.now() - begin) / 1000;
  report.places = placesReached();
  return report;
}

const [name, seed, runs, seconds, kept, folder] = process.argv.slice(2);
console.log(JSON.stringify(fuzz(name, Number(seed), Number(runs), Number(seconds), kept, folder)));
