// The power of the MPS2 image fails while it writes to its flash: QEMU is killed, again and again, and what the file of its memory holds
// then is what a flash would. The record is the old one or the new one each time, to the board and to who reads the file.

import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { BoardRecord, readRecord, SLOTS_AT, writeRecord } from "../../simulator/mps2/board-flash";
import { EmulatedBoard } from "../../simulator/mps2/emulated-board";
import { SharedMemory } from "../../simulator/mps2/shared-memory";
import { ProgramForm, writeProgram } from "../../tools/build/program-image";
import { requireProgram } from "../../tools/requirements";
import { buildImage, imageOf } from "./build";
import { programThat, REGISTERED } from "./odd-program";

const TEST_LIMIT_MS = 120_000;
const BOOT_LIMIT_MS = 20_000;
const CUTS = 60;
/** Of so many cuts one comes while the board starts, which writes as well: the seed of chance. */
const CUTS_TO_ONE_AT_START = 4;
/** Milliseconds in which the cuts are spread. An area of the record is full after some 15 writes. */
const SPREAD_MS = 60;
/** The same for the copying of a program to where it runs. */
const COPY_CUTS = 20;
const COPY_SPREAD_MS = 60;
/** Where programs run in the small layout. */
const PARTITION = { val: 0x2d000, size: 244 << 10 };
/** Stands still until somebody listens, and then goes as fast as a board at 16 MHz. */
const SLOWLY = ["-S", "-icount", "shift=6,align=on"];
const HEADER_OCTETS = 64;
const IDENTITY_AT = 60;

/** Says what the record was, then replaces it as fast as it can. The record: its number in 3 octets, and octets that follow from it. */
const BOOT = `
  native.record = doorlineBuffer(4096, 0)
  local length, record, number, good = native:storageRead(0, native.record), native.record, 0, 1
  if length > 0 then
    number = record[0] + record[1] * 256 + record[2] * 65536
    for index = 3, length - 1 do if record[index] ~= (number + index) % 256 then good = 0 end end
  elseif length < 0 then good = 0 end
  native.number = number
  ${REGISTERED}
  native:logEvent(99, number, good)`;
const POLL = `
  local number, record = native.number + 1, native.record
  local length = 20 + number * 97 % 1000
  record[0] = number % 256 record[1] = number // 256 % 256 record[2] = number // 65536
  for index = 3, length - 1 do record[index] = (number + index) % 256 end
  native.number = number
  native:logEvent(98, number, native:storageWrite(0, record, length))
  return 0`;

const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** The number of the record in the memory; 0 when there is none yet. Fails when it is not whole. */
function numberIn(file: string): number {
  const memory = new SharedMemory(file);
  const record = readRecord(memory, BoardRecord.SETTINGS);
  memory.close();
  if (record === undefined) {
    return 0;
  }
  const number = record.readUIntLE(0, 3);
  ok(record.subarray(3).every((octet, index) => octet === (number + index + 3) % 256));
  strictEqual(record.length, 20 + ((number * 97) % 1000));
  return number;
}

/** The numbers of the last line of an event. */
function lastOf(board: EmulatedBoard, event: number): { number: number; outcome: number } | undefined {
  const found = board.lines
    .map((line) => new RegExp(` event ${event} (\\d+) (-?\\d+)$`).exec(line))
    .filter((match) => match !== null)
    .at(-1);
  return found === undefined ? undefined : { number: Number(found[1]), outcome: Number(found[2]) };
}

describe("the MPS2 image, when its power fails", function () {
  this.timeout(TEST_LIMIT_MS);
  let directory = "";
  let compiler = "";
  let board: EmulatedBoard | undefined;

  before(function () {
    buildImage(this, "large");
    buildImage(this, "small");
    compiler = requireProgram(this, "luac5.4");
    directory = mkdtempSync(path.join(tmpdir(), "doorline-power-"));
  });

  after(() => {
    board?.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  it(`has the old or the new record after each of ${CUTS} cuts while it writes one after the other`, async () => {
    const memory = path.join(directory, "psram");
    const program = programThat(POLL, compiler, directory, BOOT, "writer");
    let highest = 0;
    let torn = 0;
    for (let cut = 0; cut < CUTS; cut += 1) {
      board = await EmulatedBoard.start({
        ...{ ...imageOf("large"), program, memory },
        ...{ address: "127.0.0.1", udpPorts: [] },
      });
      if (cut % CUTS_TO_ONE_AT_START !== CUTS_TO_ONE_AT_START - 1) {
        await board.hear(/ event 99 /, BOOT_LIMIT_MS);
        strictEqual(lastOf(board, 99)?.outcome, 1, "the board has a whole record");
        strictEqual(lastOf(board, 99)?.number, highest, "it is the one that is in the memory");
      }
      await sleep((cut * 17) % SPREAD_MS);
      board.stop();
      strictEqual(lastOf(board, 98)?.outcome ?? 0, 0, "every write was good");
      const number = numberIn(memory);
      ok(number >= (lastOf(board, 98)?.number ?? highest), "what was written stays");
      torn += number === highest ? 0 : 1;
      highest = number;
    }
    ok(torn > CUTS / 2, "most cuts met a board that wrote");
  });

  it(`runs a whole program after each of ${COPY_CUTS} cuts while one is copied to where it runs`, async () => {
    const image = imageOf("small");
    const file = (name: string): string => path.join(directory, name);
    const bundle = readFileSync(image.program).subarray(HEADER_OCTETS);
    const [first, second] = ["first", "second"].map((buildId) =>
      writeProgram(ProgramForm.LUA_IMAGE, bundle, { board: image.name, buildId }),
    );
    const identityOf = (of: Buffer): Buffer => of.subarray(IDENTITY_AT, HEADER_OCTETS);
    // The first one ran, and is known to be healthy; the second one came by the console.
    writeFileSync(file("first"), first);
    const before = new SharedMemory(file("before"));
    before.seed();
    before.provision("account.user = door\n");
    before.write(SLOTS_AT[0], first);
    before.write(SLOTS_AT[1], second);
    const known = [Buffer.of(1, 1), identityOf(first), Buffer.of(2, 0), identityOf(second), Buffer.of(1, 0)];
    writeRecord(before, BoardRecord.PROGRAMS, Buffer.concat(known));
    writeRecord(before, BoardRecord.PARTITION, Buffer.concat([Buffer.of(1), identityOf(first)]));
    before.close();

    /** Turns the board on with what its memories had when the power failed. */
    const start = async (memory: string, partition: string, words: string[] = []): Promise<EmulatedBoard> => {
      board = await EmulatedBoard.start({
        ...{ ...image, program: file(partition), programAt: PARTITION.val },
        ...{ memory: file(memory), address: "127.0.0.1", udpPorts: [], words },
      });
      return board;
    };
    let torn = 0;
    for (let cut = 0; cut < COPY_CUTS; cut += 1) {
      copyFileSync(file("before"), file("memory"));
      const copying = await start("memory", "first", SLOWLY);
      const begun = new Promise<void>((resolve) => {
        copying.onLine = (line) => line.includes("the program is copied to where it runs") && resolve();
      });
      await copying.execute("cont", {});
      await begun;
      await sleep((cut * 17) % COPY_SPREAD_MS);
      await copying.execute("stop", {});
      await copying.execute("pmemsave", { ...PARTITION, filename: file("partition") });
      copying.stop();
      const left = readFileSync(file("partition"));
      torn += left.indexOf(first) === 0 || left.indexOf(second) === 0 ? 0 : 1;
      const again = await start("memory", "partition");
      await again.hear(/ booted /, BOOT_LIMIT_MS);
      ok(again.lines.some((line) => line.includes(" program second on ")));
      deepStrictEqual(
        [0, 1].map((slot) => again.memory.read(SLOTS_AT[slot], first.length)),
        [first, second],
      );
      again.stop();
    }
    ok(torn > 0, "some cuts met a board that copied");
  });
});
