// The Linux board as a whole: the program in a VM, in a process of its own, on real sockets, beside the desk's switchboard and indoor
// station. What is asserted is what a person at the door or at the phone would see.

import { match, ok, strictEqual } from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { RealClock } from "../../../hal/node/real-clock";
import { createSine } from "../../../hal/node/sample-source";
import { UdpSocket } from "../../../hal/node/udp-socket";
import { parseWav } from "../../../hal/node/wav";
import { openSimulatedBoard } from "../../../simulator/board/simulated-board";
import { readSettings } from "../../../simulator/desk-station";
import { IndoorStation } from "../../../simulator/switchboard/indoor-station";
import { Switchboard } from "../../../simulator/switchboard/switchboard";
import { loudest } from "../../interop/tone";
import { until } from "../../interop/waiting";
import { BUILD_LIMIT_MS, buildNative, builtProgram, type NativeVm, programImage } from "../build";
import { type DeviceOptions, freePorts, LinuxDevice } from "./device";

const ADDRESS = "127.0.0.1";
const TEST_LIMIT_MS = 60_000;
/** What the executable's "tone" is, and what the indoor station speaks. */
const DOOR_HERTZ = 425;
const INDOOR_HERTZ = 800;

const USERS = [
  { name: "door", password: "door-secret" },
  { name: "hall", password: "hall-secret" },
];

/** A switchboard and an indoor station that answers by itself. */
async function openHouse(): Promise<{ switchboard: Switchboard; indoor: IndoorStation; close: () => void }> {
  const clock = new RealClock();
  const switchboard = new Switchboard(clock, await UdpSocket.open({ address: ADDRESS, port: 0 }), { users: USERS });
  const microphone = createSine(INDOOR_HERTZ, -10);
  const board = await openSimulatedBoard(clock, { address: ADDRESS }, { microphone });
  const account = [
    "account.user = hall",
    "account.password = hall-secret",
    `account.registrar = ${switchboard.address}`,
  ];
  const indoor = new IndoorStation(board, readSettings(account.join("\n"), "hall"), { answersAfter: 100 });
  const close = (): void => {
    board.close();
    switchboard.close();
  };
  return { switchboard, indoor, close };
}

for (const vm of ["lua", "jerryscript"] as NativeVm[]) {
  describe(`doorline-linux-${vm}`, () => {
    let executable = "";
    let image = "";
    let house: Awaited<ReturnType<typeof openHouse>>;
    let devices: LinuxDevice[] = [];

    before(async function () {
      this.timeout(BUILD_LIMIT_MS);
      buildNative(this);
      executable = builtProgram(`doorline-linux-${vm}`);
      if (executable === "") {
        this.skip(); // The configuration has said what is missing for this VM.
      }
      image = await programImage(this, vm);
    });

    beforeEach(async function () {
      this.timeout(TEST_LIMIT_MS);
      house = await openHouse();
    });

    afterEach(() => {
      for (const device of devices) {
        device.destroy();
      }
      devices = [];
      house.close();
    });

    /** What a door that calls the indoor station is started with. */
    async function doorOptions(): Promise<DeviceOptions> {
      const { switchboard } = house;
      const settings = [
        "account.user = door",
        "account.password = door-secret",
        `account.registrar = ${switchboard.address}`,
        `button.1.call = sip:hall@${switchboard.address}`,
        "relay.1.code = 5",
        "relay.1.pulse = 1",
      ];
      return { executable, image, settings, ...(await freePorts()) };
    }

    async function startDoor(): Promise<LinuxDevice> {
      const device = await LinuxDevice.start(await doorOptions());
      devices.push(device);
      return device;
    }

    const isRegistered = (): boolean => house.switchboard.location.bindingsOf("door").length === 1;

    it("registers, calls when the button is pressed, opens the door by a digit, and deregisters at SIGTERM", async function () {
      this.timeout(TEST_LIMIT_MS);
      const { indoor, switchboard } = house;
      const door = await startDoor();
      await until(isRegistered, "the registration", TEST_LIMIT_MS);
      await until(() => indoor.isRegistered, "the indoor station's registration", TEST_LIMIT_MS);
      door.push();
      await until(() => indoor.state === "talking", "the call", TEST_LIMIT_MS);
      door.letGo();
      await until(() => indoor.board.speaker.levelAt(DOOR_HERTZ) > -25, "the door's voice", TEST_LIMIT_MS);
      strictEqual(door.relay, "relay 0 0");
      indoor.press("5");
      await door.shows("relay 0 1");
      await until(() => door.relay === "relay 0 0", "the door to be secured", TEST_LIMIT_MS);
      indoor.hangUp();
      await door.says(/ ended 2 0$/);
      door.signal("SIGTERM");
      strictEqual(await door.ended(), 0);
      strictEqual(switchboard.location.bindingsOf("door").length, 0);
      const heard = parseWav(readFileSync(path.join(door.directory, "heard.wav")), "heard.wav");
      strictEqual(loudest(Int16Array.from(heard as unknown as Int16Array), INDOOR_HERTZ) > -25, true);
    });

    it("closes the relay and hangs up when it is ended during a call", async function () {
      this.timeout(TEST_LIMIT_MS);
      const { indoor } = house;
      const door = await startDoor();
      await until(() => isRegistered() && indoor.isRegistered, "the registrations", TEST_LIMIT_MS);
      door.push();
      await until(() => indoor.state === "talking", "the call", TEST_LIMIT_MS);
      indoor.press("5");
      await door.shows("relay 0 1");
      door.signal("SIGTERM");
      strictEqual(await door.ended(), 0);
      strictEqual(door.relay, "relay 0 0");
      await until(() => indoor.state === "idle", "the end of the call", TEST_LIMIT_MS);
      strictEqual(indoor.end, "the other side hung up");
    });

    it("reports its memory at SIGUSR1, without a stop", async function () {
      this.timeout(TEST_LIMIT_MS);
      const door = await startDoor();
      await until(isRegistered, "the registration", TEST_LIMIT_MS);
      door.signal("SIGUSR1");
      match(await door.says(/memory: \d+ of \d+ octets in use, at most \d+; buffers \d+ of \d+/), /memory: [1-9]/);
      match(await door.says(/ accounts /), / accounts +1 +1 +1 +0$/);
      strictEqual(door.exitCode, undefined);
    });

    it("never runs a damaged program, and waits longer each time before it tries again", async function () {
      this.timeout(TEST_LIMIT_MS);
      const damaged = `${image}.damaged`;
      const octets = readFileSync(image);
      octets[octets.length >> 1] ^= 1;
      writeFileSync(damaged, octets);
      const door = LinuxDevice.launch({ ...(await doorOptions()), image: damaged });
      devices.push(door);
      await door.says(/the program is damaged/);
      await door.says(/failed 1 times in a row: waiting 1 s/);
      await door.says(/failed 2 times in a row: waiting 2 s/);
      door.signal("SIGTERM");
      strictEqual(await door.ended(), 0);
      strictEqual(isRegistered(), false);
    });

    it("says what is missing with --check, and what is wrong with an option", () => {
      const check = spawnSync(executable, ["--check", "--settings", "/nowhere/doorline.conf"], { encoding: "utf8" });
      strictEqual(check.status, 1);
      ok(
        check.stderr.includes("the settings /nowhere/doorline.conf cannot be read: No such file or directory"),
        check.stderr,
      );
      ok(check.stderr.includes("no program is linked in"), check.stderr);
      const wrong = spawnSync(executable, ["--sip-port", "many"], { encoding: "utf8" });
      strictEqual(wrong.status, 64);
      strictEqual(wrong.stderr, 'doorline: sip-port is "many", which is no number from 1 to 65535\n');
    });

    it("names its VM and its program with --version", () => {
      const version = spawnSync(executable, ["--version", "--program", image], { encoding: "utf8" });
      match(version.stdout, new RegExp(`^doorline, ${vm} [\\d.]+, program [a-z\\d]+\\n$`));
    });
  });
}
