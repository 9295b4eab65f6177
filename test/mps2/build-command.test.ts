// `doorline build` of the small layout, as a person has it: what the image takes of its memories, and what two calls in QEMU touch of them.

import { match, strictEqual } from "node:assert/strict";
import { CommandRun } from "../simulator/command";
import { buildImage } from "./build";

const BUILD_LIMIT_MS = 240_000;

describe("doorline build --board mps2-an386 --small", function () {
  this.timeout(BUILD_LIMIT_MS);

  before(function () {
    // What it needs is here, or the suite is skipped with a line that says what is not.
    buildImage(this, "small");
  });

  it("says flash, RAM, the VM's room and the stack, each with its budget, after calls that it has played itself", async () => {
    const { code, output, errors } = await new CommandRun(["build", "--board", "mps2-an386", "--small"]).ended;
    strictEqual(code, 0, output + errors);
    for (const memory of [
      ...["flash: shell", "flash: program", "RAM laid out"],
      ...["VM's room: in use", "VM's room: the most", "stack of C: the deepest", "RAM touched"],
    ]) {
      match(output, new RegExp(`^${memory} +[\\d,]+ +[\\d,]+ +within$`, "m"));
    }
    match(output, /^program: dist\/mps2-an386-small\.lua32\.image$/m);
    match(output, /^build\/boards\/mps2-an386-lua-small\/doorline-mps2-an386-lua$/m);
  });
});
