// How a Linux board waits and ends: what it holds while it waits to boot again, and what becomes of the door when its terminal goes.

import { strictEqual } from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { UdpSocket } from "../../../hal/node/udp-socket";
import { ProgramForm, writeProgram } from "../../../tools/build/program-image";
import { requireProgram } from "../../../tools/requirements";
import { BUILD_LIMIT_MS, buildNative, builtFile, builtProgram, skipWithoutShell } from "../build";
import { freePorts, LinuxDevice } from "./device";

const TEST_LIMIT_MS = 60_000;

/** A program that energises the relay while the button is pressed. */
const program = (boot: string): string => `
local native
return {
  createNativeDevice = function(given) native = given ${boot} return { memory = { pools = {} } } end,
  startDevice = function() end,
  pollDevice = function() native.pinWrite(2, 0, native.pinRead(0, 0)) return 20 end,
  stopDevice = function() end,
  isStopped = function() return true end,
}
`;

describe("doorline-linux-lua", () => {
  let executable = "";
  let door: LinuxDevice | undefined;

  before(function () {
    this.timeout(BUILD_LIMIT_MS);
    buildNative(this);
    executable = builtProgram("doorline-linux-lua");
    skipWithoutShell(this, "lua", executable);
  });

  afterEach(() => door?.destroy());

  /** Makes the image of a program that does `boot` when it boots. */
  function build(context: Mocha.Context, name: string, boot: string): string {
    const file = builtFile(`life-${name}`);
    writeFileSync(`${file}.lua`, program(boot));
    execFileSync(requireProgram(context, "luac5.4"), ["-s", "-o", `${file}.luac`, `${file}.lua`]);
    writeFileSync(file, writeProgram(ProgramForm.LUA_BYTECODE, readFileSync(`${file}.luac`), { board: "linux" }));
    return file;
  }

  it("holds the pins and no port while it waits to boot again: nobody would read what comes then", async function () {
    this.timeout(TEST_LIMIT_MS);
    const image = build(this, "failing", "native.nothing()");
    const ports = await freePorts();
    door = LinuxDevice.launch({ executable, image, settings: [], ...ports });
    await door.says(/failed 3 times in a row: waiting 4 s$/);
    const sip = await UdpSocket.open({ address: "127.0.0.1", port: ports.sipPort });
    sip.close();
    await door.takePins();
    strictEqual(door.relay, "relay 0 0");
    door.signal("SIGTERM");
    strictEqual(await door.ended(), 0);
  });

  it("closes the relay and ends in good order when its terminal goes away (SIGHUP)", async function () {
    this.timeout(TEST_LIMIT_MS);
    const image = build(this, "running", "");
    door = await LinuxDevice.start({ executable, image, settings: [], ...(await freePorts()) });
    door.push();
    await door.shows("relay 0 1");
    door.signal("SIGHUP");
    strictEqual(await door.ended(), 0);
    strictEqual(door.relay, "relay 0 0");
  });
});
