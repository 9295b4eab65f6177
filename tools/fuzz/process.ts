// One run of the fuzzer as a process of its own: instrumented code sets globals, and a target may hang.

import { spawn } from "node:child_process";
import type { FuzzReport } from "./run";

export interface FuzzRun {
  target: string;
  seed: number;
  /** The run ends after so many inputs, or so many seconds. */
  runs: number;
  seconds: number;
  /** What is kept goes to the first; all hold inputs to begin with. */
  folders: string[];
}

/** What a process may take beyond its time: the begin, and the last input. */
const GRACE_MS = 60_000;

/** Runs the fuzzer. A process that ends without a report is a problem of the target. */
export function runFuzzer(program: string, run: FuzzRun): Promise<FuzzReport> {
  const { target, seed, runs, seconds, folders } = run;
  const words = [program, target, String(seed), String(runs), String(seconds), ...folders];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, words, { timeout: 1000 * seconds + GRACE_MS });
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
        resolve(JSON.parse(last) as FuzzReport);
      } else {
        reject(new Error(`${target}: the fuzzer ended with ${signal ?? code}\n${errors}`));
      }
    });
  });
}
