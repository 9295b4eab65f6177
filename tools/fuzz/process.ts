// A run of the fuzzer, or the distilling of a corpus, as a process of its own: instrumented code sets globals, and a target may hang.

import { spawn } from "node:child_process";
import type { Programs } from "./compile";
import type { DistilReport } from "./distil";
import type { FuzzReport } from "./run";

export interface FuzzRun {
  target: string;
  seed: number;
  /** The run ends after so many new inputs, or so many seconds. */
  runs: number;
  seconds: number;
  /** Where inputs go that reach something new. */
  kept: string;
  /** The corpus to begin with. */
  corpus: string;
}

/** What a process may take beyond its time: the begin, and the last input. */
const GRACE_MS = 60_000;
const DISTIL_MS = 600_000;
/** More than a target needs; one that grows without end is stopped here. */
const HEAP_MEGABYTES = 512;

/** Runs a program. Returns the report that is the last line of its output; without one it throws. */
function report<T>(words: string[], timeout: number): Promise<T> {
  const options = ["--expose-gc", `--max-old-space-size=${HEAP_MEGABYTES}`];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...options, ...words], { timeout });
    let output = "";
    let errors = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      errors += text;
    });
    child.on("error", reject);
    child.on("close", (code, signal) => {
      const last = output.trim().split("\n").at(-1) ?? "";
      if (code === 0 && last.startsWith("{")) {
        resolve(JSON.parse(last) as T);
      } else {
        reject(new Error(`${words[1]}: the fuzzer ended with ${signal ?? code}\n${errors}`));
      }
    });
  });
}

/** Runs the fuzzer. A process that ends without a report is a problem of the target. */
export function runFuzzer(programs: Programs, run: FuzzRun): Promise<FuzzReport> {
  const { target, seed, runs, seconds, kept, corpus } = run;
  const words = [programs.run, target, String(seed), String(runs), String(seconds), kept, corpus];
  return report(words, 1000 * seconds + GRACE_MS);
}

/** Distils the corpus of a target and what was kept of its runs. */
export function distilCorpus(programs: Programs, target: string, kept: string, corpus: string): Promise<DistilReport> {
  return report([programs.distil, target, kept, corpus], DISTIL_MS);
}
