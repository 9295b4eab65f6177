// The faults of programs in the shells that the desk drives, in virtual time: the outputs are secured before the device says that it
// starts anew, the reason is told, and a new process that knows it runs on.

import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { MemoryNetwork } from "../../hal/node/memory-network";
import { SeededRandom } from "../../hal/node/random";
import { VirtualClock } from "../../hal/node/virtual-clock";
import { createVirtualBoard } from "../../simulator/board/simulated-board";
import { ProcessDevice } from "../../simulator/device/process-device";
import { requireProgram } from "../../tools/requirements";
import { BUILD_LIMIT_MS, buildNative, builtProgram, NATIVE_VMS, skipWithoutShell } from "./build";
import { FAULTS, REASONS } from "./faults/faults";
import { type Deeds, writeDoor } from "./faults/programs";

const TEST_LIMIT_MS = 60_000;
/** Long enough for the button to be let go. */
const RELEASE_MS = 1000;

/** A board whose relay's moves are kept. */
function createBoard() {
  const clock = new VirtualClock();
  const network = new MemoryNetwork(clock, { seed: 1 });
  const board = createVirtualBoard(clock, network, { address: "10.0.0.1" }, { random: new SeededRandom(1) });
  const relay: number[] = [];
  board.onOutput(({ kind, value }) => {
    if (kind === "relay") {
      relay.push(value);
    }
  });
  return { clock, board, relay };
}

for (const vm of NATIVE_VMS) {
  describe(`doorline-desk-${vm}, when its program fails`, function () {
    this.timeout(TEST_LIMIT_MS);
    let command = "";
    let directory = "";

    before(function () {
      this.timeout(BUILD_LIMIT_MS);
      buildNative(this);
      command = builtProgram(`doorline-desk-${vm}`);
      skipWithoutShell(this, vm, command);
      if (vm === "lua") {
        requireProgram(this, "luac5.4");
      }
      directory = mkdtempSync(path.join(tmpdir(), "doorline-faults-"));
    });

    after(() => {
      if (directory !== "") {
        rmSync(directory, { recursive: true });
      }
    });

    function shellWith(deeds: Deeds) {
      return { command, program: writeDoor(vm, deeds, path.join(directory, "door")) };
    }

    for (const { title, statement, told } of FAULTS) {
      const { says, reason } = told[vm];

      it(`a program that ${title} leaves its relay at rest, and a new process runs it again`, () => {
        const { clock, board, relay } = createBoard();
        const shell = shellWith({ press: statement });
        const device = new ProcessDevice(board, shell);
        device.poll();
        deepStrictEqual(relay, [1]);
        board.press(0);
        device.poll();
        deepStrictEqual(relay, [1, 0]);
        strictEqual(device.fault, REASONS.indexOf(reason));
        ok(
          device.lines.some((line) => says.test(line)),
          device.lines.join("\n"),
        );
        clock.runFor(RELEASE_MS);
        const again = new ProcessDevice(board, shell, REASONS.indexOf(reason), 1);
        again.poll();
        deepStrictEqual([again.fault, relay], [-1, [1, 0, 1]]);
        again.close();
      });

      it(`a program that ${title} when it boots never moves its relay`, () => {
        const { board, relay } = createBoard();
        const device = new ProcessDevice(board, shellWith({ boot: statement }));
        strictEqual(device.fault, REASONS.indexOf(reason));
        ok(device.lines.some((line) => says.test(line)));
        deepStrictEqual(relay, []);
      });
    }
  });
}
