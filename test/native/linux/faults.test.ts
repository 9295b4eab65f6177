// A program that fails while it holds the door open: in every VM the relay is back at rest before anything else happens, the log says
// why, and the device starts anew with that reason.

import { deepStrictEqual } from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { ProgramForm, writeProgram } from "../../../tools/build/program-image";
import { requireProgram } from "../../../tools/requirements";
import { BUILD_LIMIT_MS, buildNative, builtFile, builtProgram, type NativeVm } from "../build";
import { freePorts, LinuxDevice } from "./device";

const TEST_LIMIT_MS = 60_000;
const NAMES = { board: "linux" };

/** A way to fail, in the two languages, and what the next start calls it. */
interface Fault {
  title: string;
  lua: string;
  javascript: string;
  reason: string;
}

const FAULTS: Fault[] = [
  {
    title: "an error that nobody catches",
    lua: "native.nothing()",
    javascript: "native.nothing();",
    reason: "script error",
  },
  {
    title: "a script that never ends",
    lua: "while true do end",
    javascript: "for (;;) {}",
    reason: "watchdog",
  },
  {
    title: "memory that is exhausted",
    lua: "local all = {} while true do all[#all + 1] = {} end",
    javascript: "var all = []; for (;;) { all.push({ next: all }); }",
    reason: "out of memory",
  },
];

/** A program that energises the relay when the button is pressed, and fails in the same poll. */
const LUA = (fault: string): string => `
local native
return {
  createNativeDevice = function(given) native = given return { memory = { pools = {} } } end,
  startDevice = function() end,
  pollDevice = function()
    if native.pinRead(0, 0) == 1 then native.pinWrite(2, 0, 1) ${fault} end
    return 20
  end,
  stopDevice = function() end,
  isStopped = function() return true end,
}
`;

const JAVASCRIPT = (fault: string): string => `
var doorline = (function () {
  var native;
  return {
    createNativeDevice: function (given) { native = given; return { memory: { pools: [] } }; },
    startDevice: function () {},
    pollDevice: function () {
      if (native.pinRead(0, 0) === 1) { native.pinWrite(2, 0, 1); ${fault} }
      return 20;
    },
    stopDevice: function () {},
    isStopped: function () { return true; }
  };
})();
`;

/** Makes the program of a fault. Returns the path of its image. */
function buildFault(context: Mocha.Context, vm: NativeVm, fault: Fault): string {
  const file = builtFile(`fault-${vm}`);
  if (vm === "jerryscript") {
    writeFileSync(file, writeProgram(ProgramForm.JAVASCRIPT, Buffer.from(JAVASCRIPT(fault.javascript)), NAMES));
    return file;
  }
  writeFileSync(`${file}.lua`, LUA(fault.lua));
  execFileSync(requireProgram(context, "luac5.4"), ["-s", "-o", `${file}.luac`, `${file}.lua`]);
  writeFileSync(file, writeProgram(ProgramForm.LUA_BYTECODE, readFileSync(`${file}.luac`), NAMES));
  return file;
}

for (const vm of ["lua", "jerryscript"] as NativeVm[]) {
  describe(`doorline-linux-${vm} secures the door after`, () => {
    let executable = "";
    let door: LinuxDevice | undefined;

    before(function () {
      this.timeout(BUILD_LIMIT_MS);
      buildNative(this);
      executable = builtProgram(`doorline-linux-${vm}`);
      if (executable === "") {
        this.skip(); // The configuration has said what is missing for this VM.
      }
    });

    afterEach(() => door?.destroy());

    for (const fault of FAULTS) {
      it(fault.title, async function () {
        this.timeout(TEST_LIMIT_MS);
        const image = buildFault(this, vm, fault);
        door = await LinuxDevice.start({ executable, image, settings: [], ...(await freePorts()) });
        door.push();
        await door.shows("relay 0 1");
        await door.says(new RegExp(`started by ${fault.reason}, restarts 1$`));
        const relay = door.outputs.filter((line) => line.startsWith("relay 0"));
        deepStrictEqual(relay, ["relay 0 0", "relay 0 1", "relay 0 0"]);
      });
    }
  });
}
