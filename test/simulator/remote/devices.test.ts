// The desk with a device of its own in place of the station in its process: the shells of the Linux board and the MPS2 image in QEMU,
// each in the demo's call and under the panel's keys.

import assert from "node:assert/strict";
import { StationEvent } from "../../../firmware/intercom/event-log";
import { runDemo } from "../../../simulator/demo";
import { Desk } from "../../../simulator/desk";
import { createRealNetwork } from "../../../simulator/desk-network";
import type { DeviceName } from "../../../simulator/desk-options";
import { type DeviceFiles, planDesk } from "../../../simulator/desk-plan";
import { pressKey } from "../../../simulator/panel/keys";
import { renderPanel } from "../../../simulator/panel/panel";
import { viewDesk } from "../../../simulator/panel/view";
import { buildImage, imageOf } from "../../mps2/build";
import { buildNative, builtProgram, type NativeVm, programImage, skipWithoutShell } from "../../native/build";

const FREE_PORTS = { sip: 0, rtp: 0, switchboard: 0 };
/** Boots, calls and ends of a device on a machine that does much else. */
const TEST_LIMIT_MS = 120_000;
const STEP_LIMIT_MS = 30_000;

interface Device {
  name: DeviceName;
  files: (context: Mocha.Context) => Promise<DeviceFiles>;
  about: RegExp;
  hasCable: boolean;
}

function linux(vm: NativeVm): Device {
  return {
    name: `linux-${vm}`,
    files: async (context) => {
      buildNative(context);
      const executable = builtProgram(`doorline-linux-${vm}`);
      skipWithoutShell(context, vm, executable);
      return { executable, program: await programImage(context, vm) };
    },
    about: new RegExp(`^linux-${vm} \\d+\\.\\d+\\.\\d+, \\d+ KB$`),
    hasCable: false,
  };
}

const DEVICES: Device[] = [
  linux("lua"),
  linux("jerryscript"),
  {
    name: "mps2-an386",
    files: async (context) => {
      buildImage(context, "large");
      const { shell, program } = imageOf("large");
      return { executable: shell, program };
    },
    about: /^mps2-an386 lua \d+\.\d+\.\d+, \d+ KB$/,
    hasCable: true,
  },
];

for (const device of DEVICES) {
  describe(`the desk's device ${device.name}`, function () {
    this.timeout(TEST_LIMIT_MS);
    let files: DeviceFiles;
    let desk: Desk;

    before(async function () {
      files = await device.files(this);
    });

    async function open(answersAfter?: number): Promise<void> {
      const plan = await planDesk(
        { device: device.name },
        { readsSettingsFile: false, ports: FREE_PORTS, settings: { "relay.1.pulse": "1" } },
      );
      plan.device.files = files;
      desk = await Desk.open(createRealNetwork(), plan, { answersAfter });
    }

    afterEach(() => desk?.stop());

    async function shows(text: RegExp): Promise<void> {
      const frame = (): string =>
        renderPanel(viewDesk(desk), 80, 23)
          .map((line) => line.map((span) => span.text).join(""))
          .join("\n");
      const isShown = await desk.network.until(() => text.test(frame()), STEP_LIMIT_MS);
      assert.ok(isShown, `${text} in\n${frame()}`);
    }

    it("plays the demo: registers, calls, hears and is heard, opens by the code, is hung up on", async () => {
      await open(600);
      const verdict = await runDemo(desk);
      assert.match(verdict.answeredBy, /^sip:indoor@/, verdict.missing.join("; "));
      assert.deepEqual(
        [verdict.doorHears?.hertz, verdict.indoorHears?.hertz, verdict.keys, verdict.relay, verdict.ended],
        [440, 1000, "42#", 1, "the indoor station hung up"],
      );
      assert.match(desk.station.about, device.about);
      const { events, messages } = desk.station.log;
      assert.ok(events.some(({ event }) => event === StationEvent.RELEASED));
      assert.ok(
        messages.some(({ sent, bytes }) => sent && Buffer.from(bytes).toString("latin1").startsWith("INVITE ")),
      );
    });

    it("obeys the panel's keys: a call to the door, power off and on, and tells what it has no control for", async () => {
      await open();
      await shows(/account {2}registered .*account {2}registered/);
      pressKey(desk, "c");
      await shows(/● talking .*● talking/);
      await shows(/● talk /);
      pressKey(desk, "h");
      await shows(/ has no control of its own that hangs up/);
      pressKey(desk, "x");
      await shows(/○ idle .*○ idle/);
      pressKey(desk, "k");
      await shows(device.hasCable ? /cable out/ : /no cable to pull/);
      pressKey(desk, "p");
      await shows(/state {4}○ off /);
      pressKey(desk, "p");
      await shows(/account {2}registered .*account {2}registered/);
      assert.equal(desk.station.isCableIn, true);
      await desk.stop();
      assert.ok(desk.station.stopped);
      assert.ok(desk.station.relays.every((relay) => !relay));
    });
  });
}
