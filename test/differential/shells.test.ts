// The scenarios with the built program in the shells of the VMs, beside the firmware in this process: the octets on the wire, the
// relays, the lights and the events are the same, to the millisecond; and nothing of it allocates.

import assert from "node:assert/strict";
import path from "node:path";
import { emulatedShell } from "../../simulator/device/emulated-shell";
import { ProcessDevice, type Shell } from "../../simulator/device/process-device";
import { QEMU } from "../../simulator/mps2/emulated-board";
import { buildDeskImage } from "../../tools/native/desk-image";
import { requireProgram } from "../../tools/requirements";
import { buildImage, imageOf } from "../mps2/build";
import {
  buildNative,
  builtProgram,
  NATIVE_VMS,
  type NativeVm,
  programImage,
  root,
  skipWithoutShell,
} from "../native/build";
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

/** The same on the processor of the MPS2 board, in QEMU. */
async function imageShell(context: Mocha.Context, vm: NativeVm): Promise<Shell> {
  if (vm === "jerryscript" && (process.env.JERRYSCRIPT_CORTEX_M ?? "") === "") {
    console.log("    JerryScript for the Cortex-M is not built: JERRYSCRIPT_CORTEX_M names no installation");
    context.skip();
  }
  const { program } = vm === "lua" ? imageOf("large") : await shellOf(context, vm);
  buildImage(context, "large");
  const executable = buildDeskImage(path.join(root, `build/desk-mps2-tests-${vm}`), vm);
  return emulatedShell(requireProgram(context, QEMU), executable, program);
}

/** What a device may allocate after boot, garbage included, in octets: Lua its stack and list of calls, each doubled as often as it grows. */
const MOST_ALLOCATED: { readonly [vm in NativeVm]: number } = { lua: 8192, jerryscript: 0 };

interface Place {
  name: string;
  vm: NativeVm;
  find: (context: Mocha.Context) => Promise<Shell>;
}

const PLACES: readonly Place[] = NATIVE_VMS.flatMap((vm) => [
  { name: `the ${vm} shell`, vm, find: (context) => shellOf(context, vm) },
  { name: `the ${vm} shell on a bare Cortex-M4F`, vm, find: (context) => imageShell(context, vm) },
]);

/** Plays a scenario on a device of a shell. Returns what was seen of it, and the octets that it allocated after boot. */
function playThere(shell: Shell, scenario: (typeof SCENARIOS)[number], seed: number) {
  const devices: ProcessDevice[] = [];
  let atBoot = 0;
  try {
    const trace = playScenario(scenario, seed, (board) => {
      const device = new ProcessDevice(board, shell);
      devices.push(device);
      atBoot += device.memory().allocated;
      return device;
    });
    const allocated = devices.reduce((octets, device) => octets + device.memory().allocated, -atBoot);
    return { trace, allocated };
  } finally {
    for (const device of devices) {
      device.close();
    }
  }
}

for (const { name, vm, find } of PLACES) {
  describe(`the program in ${name}`, function () {
    this.timeout(60_000);
    let shell: Shell;

    before(async function () {
      shell = await find(this);
    });

    for (const scenario of SCENARIOS) {
      it(`${scenario.title}: octet for octet as in this process, and nothing is allocated`, () => {
        for (const seed of [SEED, OTHER_SEED]) {
          const { trace, allocated } = playThere(shell, scenario, seed);
          assert.equal(firstDifference(playScenario(scenario, seed, bootHere), trace), "");
          assert.ok(allocated <= MOST_ALLOCATED[vm], `${allocated} octets were allocated after boot`);
        }
      });
    }
  });
}
