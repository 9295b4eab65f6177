// The linked part of the program in the flash of the small MPS2 layout: linked by the first boot, found by every later one, and linked anew
// whenever what is there is not whole or of something else. Damage is done while the board is off.

import { strictEqual } from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { EmulatedBoard } from "../../simulator/mps2/emulated-board";
import { PSRAM_AT, SharedMemory } from "../../simulator/mps2/shared-memory";
import { readSymbols } from "../../tools/native/cross-board";
import { buildImage, imageOf } from "./build";

const TEST_LIMIT_MS = 60_000;
const BOOT_LIMIT_MS = 30_000;
const LINKED = /the program was linked and written to flash/;
const BOOTED = / booted /;
/** The first unit of the header, and how much of the part there surely is behind the header. */
const UNIT_OCTETS = 16;
const HEADER_OCTETS = 544;
const PART_OCTETS = 32_768;

describe("the linked program of the MPS2 image", function () {
  this.timeout(TEST_LIMIT_MS);
  let directory = "";
  let board: EmulatedBoard | undefined;

  before(function () {
    buildImage(this, "small");
  });

  beforeEach(() => {
    directory = mkdtempSync(path.join(tmpdir(), "doorline-linked-"));
  });

  afterEach(() => {
    board?.stop();
    board = undefined;
    rmSync(directory, { recursive: true, force: true });
  });

  /** Turns the board on, with the memory that it had the last time. Resolves when it has booted. */
  async function start(): Promise<EmulatedBoard> {
    board?.stop();
    const options = { settings: "account.user = door\n", memory: path.join(directory, "psram") };
    board = await EmulatedBoard.start({ ...imageOf("small"), ...options, address: "127.0.0.1", udpPorts: [] });
    await board.hear(BOOTED, BOOT_LIMIT_MS);
    return board;
  }

  const timesLinked = (of: EmulatedBoard): number => of.lines.filter((line) => LINKED.test(line)).length;

  /** Turns the board off and changes `count` octets of the partition. Returns what was there. */
  function change(at: number, count: number, changed: (octet: number) => number): void {
    board?.stop();
    board = undefined;
    const memory = new SharedMemory(path.join(directory, "psram"));
    const place = (readSymbols(imageOf("small").shell).get("memory_linked") ?? 0) - PSRAM_AT["mps2-an386"] + at;
    memory.write(place, memory.read(place, count).map(changed));
    memory.close();
  }

  it("is written by the first boot and found by a restart, which runs it, and after a loss of power", async () => {
    const first = await start();
    strictEqual(timesLinked(first), 1);
    const booted = await first.hear(BOOTED, BOOT_LIMIT_MS);
    first.type("r");
    await first.hear(BOOTED, BOOT_LIMIT_MS, booted + 1);
    strictEqual(timesLinked(first), 1);
    strictEqual(timesLinked(await start()), 0);
  });

  const damages: [string, number, number, (octet: number) => number][] = [
    ["an octet of it has changed", HEADER_OCTETS + PART_OCTETS, 1, (octet) => octet ^ 0x10],
    ["an octet of its header has changed", UNIT_OCTETS + 4, 1, (octet) => octet ^ 1],
    ["power went before its header was written", 0, HEADER_OCTETS, () => 0xff],
    ["power went while its header was written", UNIT_OCTETS, HEADER_OCTETS - UNIT_OCTETS, () => 0xff],
    ["it is of another program or shell", UNIT_OCTETS / 4, 1, (octet) => octet ^ 1],
  ];
  for (const [what, at, count, changed] of damages) {
    it(`is linked anew when ${what}, and then found again`, async () => {
      await start();
      change(at, count, changed);
      strictEqual(timesLinked(await start()), 1);
      strictEqual(timesLinked(await start()), 0);
    });
  }

  it("has no room in RAM", () => {
    strictEqual(readSymbols(imageOf("small").shell).has("static_room"), false);
  });
});
