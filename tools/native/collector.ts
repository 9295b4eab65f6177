// How long the collector keeps a device waiting: instructions of the longest of the steps that it makes between polls, in a device that
// has had a call. Valgrind's callgrind counts them, so that the figure does not depend on this machine's load. In steady state nothing
// is left to collect and no step is made (heap-run.ts); a step follows when something was, as after an error's message.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { ProcessDevice, Shell } from "../../simulator/device/process-device";
import { playCall } from "./heap-run";

/** A round of the collector. */
export interface CollectorRound {
  steps: number;
  /** Instructions of the longest step, and of all. */
  longest: number;
  total: number;
}

const STEP = "engine_collect_step";
const CALLGRIND = [
  "--tool=callgrind",
  "-q",
  "--collect-atstart=no",
  `--toggle-collect=${STEP}`,
  `--dump-after=${STEP}`,
];

/** @throws when the device ended by itself, or callgrind counted another number of steps than the device made */
export function measureCollector(shell: Shell, valgrind: string): CollectorRound {
  const directory = mkdtempSync(path.join(tmpdir(), "doorline-collector-"));
  try {
    const file = path.join(directory, "step");
    const launcher = [valgrind, ...CALLGRIND, `--callgrind-out-file=${file}`];
    let steps = 0;
    playCall({ ...shell, launcher }, (device: ProcessDevice) => {
      steps = device.collectInSteps();
    });
    const counts = readdirSync(directory)
      .map((name) => /^totals: (\d+)/m.exec(readFileSync(path.join(directory, name), "latin1"))?.[1])
      .map(Number)
      .filter((count) => count > 0);
    if (counts.length !== steps) {
      throw new Error(`callgrind counted ${counts.length} steps of ${steps}`);
    }
    return { steps, longest: Math.max(...counts), total: counts.reduce((sum, count) => sum + count, 0) };
  } finally {
    rmSync(directory, { recursive: true });
  }
}
