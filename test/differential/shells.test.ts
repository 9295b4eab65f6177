// The scenarios with the built program in the shells of the VMs, beside the firmware in this process: the octets on the wire, the
// relays, the lights and the events are the same, to the millisecond.

import assert from "node:assert/strict";
import { ProcessDevice, type Shell } from "../../simulator/device/process-device";
import { buildNative, builtProgram, NATIVE_VMS, type NativeVm, programImage, skipWithoutShell } from "../native/build";
import { bootHere, firstDifference, playScenario } from "./scenario";
import { SCENARIOS } from "./scenarios";

const SEED = 271;
/** Of seeds that are no other test's: chance must not matter. */
const OTHER_SEED = 4711;

/** The shell of a VM with the board's program as it ships; skips, or fails, where it cannot be there. */
async function shellOf(context: Mocha.Context, vm: NativeVm): Promise<Shell> {
  buildNative(context);
  const command = builtProgram(`doorline-desk-${vm}`);
  skipWithoutShell(context, vm, command);
  return { command, program: await programImage(context, vm) };
}

/** Plays a scenario on a device of a shell. */
function playThere(shell: Shell, scenario: (typeof SCENARIOS)[number], seed: number): readonly string[] {
  const devices: ProcessDevice[] = [];
  try {
    return playScenario(scenario, seed, (board) => {
      const device = new ProcessDevice(board, shell);
      devices.push(device);
      return device;
    });
  } finally {
    for (const device of devices) {
      device.close();
    }
  }
}

for (const vm of NATIVE_VMS) {
  describe(`the program in the ${vm} shell`, function () {
    this.timeout(60_000);
    let shell: Shell;

    before(async function () {
      shell = await shellOf(this, vm);
    });

    for (const scenario of SCENARIOS) {
      it(`${scenario.title}: octet for octet as in this process`, () => {
        for (const seed of [SEED, OTHER_SEED]) {
          const there = playThere(shell, scenario, seed);
          assert.equal(firstDifference(playScenario(scenario, seed, bootHere), there), "");
        }
      });
    }
  });
}
