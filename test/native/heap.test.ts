// The heap of each VM over calls and media in virtual time: it stays what it was after the first call, and nothing is allocated. What
// `npm run heap` does for 10,000 calls and an hour, here for fewer.

import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { type HeapRun, runHeap } from "../../tools/native/heap-run";
import { buildNative, builtProgram, NATIVE_VMS, programImage, skipWithoutShell } from "./build";

const CALLS = 200;
const MEDIA_MINUTES = 1;
/** What Lua has beside its objects: its two states, and the stack of a program that waits for its next poll. */
const STATE_OCTETS = 8192;
const RUN_LIMIT_MS = 180_000;

for (const vm of NATIVE_VMS) {
  describe(`the heap of the ${vm} shell`, () => {
    let run: HeapRun;

    before(async function () {
      buildNative(this);
      const command = builtProgram(`doorline-desk-${vm}`);
      skipWithoutShell(this, vm, command);
      const program = await programImage(this, vm);
      this.timeout(RUN_LIMIT_MS);
      run = runHeap({ command, program }, CALLS, MEDIA_MINUTES);
    });

    it("is after two hundred calls and a minute of media what it was after the first call", () => {
      deepStrictEqual([run.calls, run.media], [run.first, run.first]);
    });

    it("gives nothing to a call or to a frame", () => {
      deepStrictEqual([run.perCall, run.perFrame], [0, 0]);
    });

    it("is told in full by its parts, where the VM tells its objects apart", () => {
      const [state, ...objects] = [...run.parts].reverse();
      if (state !== undefined) {
        ok(state.octets > 0 && state.octets < STATE_OCTETS, `${state.octets} octets that no object has`);
        strictEqual(
          objects.reduce((octets, part) => octets + part.octets, state.octets),
          run.media,
        );
      }
      ok(run.media <= run.used && run.used <= run.peak && run.peak < run.total);
    });
  });
}
