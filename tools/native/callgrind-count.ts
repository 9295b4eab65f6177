// Instructions of the phases on this machine, counted by valgrind's callgrind inside of engine_boot, engine_poll and the collector's steps only,
// without what the port says to the desk and asks it. It writes a file whenever the desk asks for the device's memory: each is a phase.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Shell } from "../../simulator/device/process-device";
import { type Phase, playPhases } from "./phases";

const CALLGRIND = [
  ...["--tool=callgrind", "-q", "--collect-atstart=no", "--dump-before=engine_read_memory"],
  ...["engine_boot", "engine_poll", "engine_collect_step", "desk_say", "desk_tell", "desk_ask"].map(
    (name) => `--toggle-collect=${name}`,
  ),
];

/** Instructions of each phase, once, in a shell. @throws {Error} when the device ended by itself */
export function countByCallgrind(shell: Shell, valgrind: string): Map<string, number> {
  const directory = mkdtempSync(path.join(tmpdir(), "doorline-instructions-"));
  try {
    const file = path.join(directory, "phase");
    const phases: Phase[] = [];
    playPhases({ ...shell, launcher: [valgrind, ...CALLGRIND, `--callgrind-out-file=${file}`] }, (device, phase) => {
      device.memory();
      phases.push(phase);
    });
    const counts = new Map<string, number>();
    for (const [index, { name, times }] of phases.entries()) {
      const total = /^totals: (\d+)/m.exec(readFileSync(`${file}.${index + 1}`, "latin1"))?.[1];
      if (total === undefined) {
        throw new Error(`callgrind wrote no total; it wrote ${readdirSync(directory).join(", ")}`);
      }
      if (times > 0) {
        counts.set(name, Math.round(Number(total) / times));
      }
    }
    return counts;
  } finally {
    rmSync(directory, { recursive: true });
  }
}
