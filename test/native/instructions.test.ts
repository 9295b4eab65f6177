// What a frame, an INVITE and an idle second take of a Cortex-M4F: counted by the board's own counter in QEMU, so that the figures
// depend on the program and nothing else. `npm run instructions -- --board mps2-an386` prints them all.

import { deepStrictEqual, ok } from "node:assert/strict";
import path from "node:path";
import { COUNTED_WORDS, emulatedShell } from "../../simulator/device/emulated-shell";
import { QEMU } from "../../simulator/mps2/emulated-board";
import { buildDeskImage } from "../../tools/native/desk-image";
import { countOnImage } from "../../tools/native/image-count";
import { BUDGETS, WORST_PERCENT } from "../../tools/native/instruction-budgets";
import { requireProgram } from "../../tools/requirements";
import { buildImage, imageOf } from "../mps2/build";
import { root } from "./build";

const RUN_LIMIT_MS = 120_000;

describe("the program on a Cortex-M4F", () => {
  let runs: Map<string, number>[];

  before(async function () {
    buildImage(this, "large");
    const executable = buildDeskImage(path.join(root, "build/desk-mps2-tests-lua"), "lua");
    const shell = emulatedShell(requireProgram(this, QEMU), executable, imageOf("large").program, COUNTED_WORDS);
    this.timeout(RUN_LIMIT_MS);
    runs = [countOnImage(shell), countOnImage(shell)];
  });

  it("takes the same instructions in every run", () => {
    deepStrictEqual(runs[0], runs[1]);
  });

  for (const [phase, { noted }] of BUDGETS) {
    it(`takes no more for ${phase} than was noted, and 5 % of it`, () => {
      const count = runs[0].get(phase) ?? Number.POSITIVE_INFINITY;
      ok(count * 100 <= noted * WORST_PERCENT, `${count} instructions, ${noted} noted in instruction-budgets.ts`);
    });
  }
});
