// Instructions of the phases on the Cortex-M4F of the MPS2 board in QEMU: ticks of the board's counter inside of engine_boot and
// engine_poll (boards/desk-mps2/meter.c), which says them whenever the desk asks for the device's memory.

import { spawnSync } from "node:child_process";
import { COUNTED_WORDS, instructionsOf, machineWords } from "../../simulator/device/emulated-shell";
import type { ProcessDevice, Shell } from "../../simulator/device/process-device";
import { COLLECTOR_ROUND, playPhases } from "./phases";

export const LONGEST_STEP = "of this the longest step";

interface Reading {
  ticks: number;
  longestStep: number;
}

function readMeter(device: ProcessDevice): Reading {
  device.memory();
  const said = /^ticks (\d+) longest step (\d+)$/.exec(device.lines.at(-1) ?? "");
  if (said === null) {
    throw new Error(`the device has no meter; it said: ${device.lines.join("; ")}`);
  }
  return { ticks: Number(said[1]), longestStep: Number(said[2]) };
}

/** Instructions of each phase, once, in a shell that QEMU runs with COUNTED_WORDS. @throws {Error} when the device ended by itself */
export function countOnImage(shell: Shell): Map<string, number> {
  const counts = new Map<string, number>();
  let before = 0;
  playPhases(shell, (device, { name, times }) => {
    const { ticks, longestStep } = readMeter(device);
    if (times > 0) {
      counts.set(name, Math.round(instructionsOf(ticks - before) / times));
    }
    if (name === COLLECTOR_ROUND) {
      counts.set(LONGEST_STEP, instructionsOf(longestStep));
    }
    before = ticks;
  });
  return counts;
}

/** What lwIP and the Ethernet driver take for a frame's datagram, by the loop of boards/desk-mps2/datagrams.c. */
export const DATAGRAM_OUT = "network: a datagram of 172 octets out";
export const DATAGRAM_IN = "network: one in";
export const DATAGRAM_CHANCE = "of this its moment for chance";

/** @throws {Error} when a datagram did not come back */
export function countDatagrams(qemu: string, executable: string): Map<string, number> {
  const words = [...machineWords(executable), ...COUNTED_WORDS];
  const { stderr: said } = spawnSync(qemu, words, { encoding: "latin1" });
  const numbers = /^datagrams (\d+) of \d+ out (\d+) in (\d+) chance (\d+)$/m.exec(said);
  if (numbers === null) {
    throw new Error(`the loop of datagrams said: ${said}`);
  }
  const [datagrams, out, into, chance] = numbers.slice(1).map(Number);
  return new Map([
    [DATAGRAM_OUT, Math.round(instructionsOf(out) / datagrams)],
    [DATAGRAM_IN, Math.round(instructionsOf(into) / datagrams)],
    [DATAGRAM_CHANCE, Math.round(instructionsOf(chance) / datagrams)],
  ]);
}
