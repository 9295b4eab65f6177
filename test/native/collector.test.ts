// The collector of the Lua shell works between polls, in steps; no step keeps the device from a frame. Counted in instructions, by
// valgrind, of the shell as it is released with the whole device that has had a call.

import { ok } from "node:assert/strict";
import { measureCollector } from "../../tools/native/collector";
import { requireProgram } from "../../tools/requirements";
import { buildNative, builtProgram, programImage, releasedProgram, skipWithoutShell } from "./build";

/** A tenth of a frame at 25 MHz, an instruction a tick: the slowest board there is. */
const MOST_INSTRUCTIONS = 50_000;
const RUN_LIMIT_MS = 60_000;

describe("the collector of the lua shell", () => {
  it("takes less than a tenth of a frame for its longest step", async function () {
    buildNative(this);
    skipWithoutShell(this, "lua", builtProgram("doorline-desk-lua"));
    const valgrind = requireProgram(this, "valgrind");
    const program = await programImage(this, "lua");
    const command = releasedProgram("doorline-desk-lua");
    this.timeout(RUN_LIMIT_MS);
    const { steps, longest, total } = measureCollector({ command, program }, valgrind);
    ok(steps > 10, `${steps} steps a round`);
    ok(longest < MOST_INSTRUCTIONS, `${longest} instructions of ${total}`);
  });
});
