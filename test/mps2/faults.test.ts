// What the MPS2 image does when something breaks: each fault ends in the safe state, with its reason in the log, and the device is back
// by itself. No peers: the board alone.

import { match, ok, strictEqual } from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { EmulatedBoard } from "../../simulator/mps2/emulated-board";
import { debuggerWords, Register, setRegister } from "../../simulator/mps2/processor";
import { BoardRecord, SharedMemory } from "../../simulator/mps2/shared-memory";
import { createLuaImage } from "../../tools/build/lua-image";
import { ProgramForm, writeProgram } from "../../tools/build/program-image";
import { requireProgram } from "../../tools/requirements";
import { buildImage, imageOf, type Layout } from "./build";

const TEST_LIMIT_MS = 60_000;
const BOOT_LIMIT_MS = 30_000;
const LAYOUT: Layout = "large";
/** Exception 4 is a fault of memory; 3 is the same where interrupts are masked. Addresses at which there is nothing, and the first octets of RAM, which are the stack's last. */
const NOWHERE = 0x30000000;
const STACK_END = 0x20000008;
const FORMER_AT = 0x280000;

/** A program that boots and then does what the text says at each poll. */
function programThat(polls: string, compiler: string, directory: string): string {
  const source = path.join(directory, "program.lua");
  const image = path.join(directory, "program.image");
  writeFileSync(
    source,
    `return { createNativeDevice = function() return {} end, startDevice = function() end,
      pollDevice = function() ${polls} end, stopDevice = function() end, isStopped = function() return true end }`,
  );
  execFileSync(compiler, ["-s", "-o", `${source}c`, source]);
  const { octets } = createLuaImage(readFileSync(`${source}c`), 4);
  writeFileSync(image, writeProgram(ProgramForm.LUA_IMAGE, octets, undefined, "fault"));
  return image;
}

/** Words for QEMU that put the image which ships where the former program lies in the large layout. */
function formerProgram(): string[] {
  return ["-device", `loader,file=${imageOf(LAYOUT).program},addr=${FORMER_AT},force-raw=on`];
}

describe("the MPS2 image, when something breaks", function () {
  this.timeout(TEST_LIMIT_MS);
  let compiler = "";
  let directory = "";
  let debuggerSocket = "";
  let board: EmulatedBoard | undefined;

  before(function () {
    buildImage(this, LAYOUT);
    compiler = requireProgram(this, "luac5.4");
  });

  beforeEach(() => {
    directory = mkdtempSync(path.join(tmpdir(), "doorline-faults-"));
    debuggerSocket = path.join(directory, "debugger");
  });

  afterEach(() => {
    board?.stop();
    board = undefined;
    rmSync(directory, { recursive: true, force: true });
  });

  async function start(program: string, memory?: string, words: string[] = []): Promise<EmulatedBoard> {
    const image = imageOf(LAYOUT);
    board = await EmulatedBoard.start({
      ...image,
      program,
      ...(memory === undefined ? { settings: "account.user = door\n" } : { memory }),
      ...{ address: "127.0.0.1", udpPorts: [], words: [...debuggerWords(debuggerSocket), ...words] },
    });
    return board;
  }

  async function restartsBy(from: EmulatedBoard, reason: string): Promise<void> {
    await from.hear(new RegExp(`started by ${reason}, restarts 1$`), BOOT_LIMIT_MS);
  }

  it("logs where it was and restarts when it runs into addresses at which there is nothing", async () => {
    const faulty = await start(imageOf(LAYOUT).program);
    await faulty.hear(/ booted /, BOOT_LIMIT_MS);
    await setRegister(debuggerSocket, Register.PROGRAM_COUNTER, NOWHERE);
    await faulty.hear(/exception [34]$/, BOOT_LIMIT_MS);
    await faulty.hear(/pc 30000000/, BOOT_LIMIT_MS);
    await restartsBy(faulty, "fault");
    ok(faulty.lines.some((line) => line.includes("failed 1 times in a row: waiting 1 s")));
  });

  it("survives an overflow of the stack: it lies at the end of memory, and the fault has a stack of its own", async () => {
    const faulty = await start(imageOf(LAYOUT).program);
    await faulty.hear(/ booted /, BOOT_LIMIT_MS);
    await setRegister(debuggerSocket, Register.STACK_POINTER, STACK_END);
    await faulty.hear(/exception [34]$/, BOOT_LIMIT_MS);
    await restartsBy(faulty, "fault");
  });

  it("is restarted by the watchdog when the program loops", async () => {
    const faulty = await start(programThat("while true do end", compiler, directory));
    await faulty.hear(/exception 2: nobody fed the watchdog/, BOOT_LIMIT_MS);
    await restartsBy(faulty, "watchdog");
  });

  it("says which error the program ended with, waits longer each time, and keeps trying", async () => {
    const faulty = await start(programThat("return nil + 1", compiler, directory));
    await restartsBy(faulty, "script error");
    await faulty.hear(/started by script error, restarts 2$/, BOOT_LIMIT_MS);
    await faulty.hear(/failed 3 times in a row: waiting 4 s/, BOOT_LIMIT_MS);
    match(faulty.lines.find((line) => line.includes("script error:")) ?? "", /attempt to perform arithmetic/);
  });

  it("never runs a program of which a bit has changed", async () => {
    const octets = readFileSync(imageOf(LAYOUT).program);
    octets[octets.length >> 1] ^= 1;
    const damaged = path.join(directory, "damaged.image");
    writeFileSync(damaged, octets);
    const faulty = await start(damaged);
    await faulty.hear(/the program is damaged/, BOOT_LIMIT_MS);
    await faulty.hear(/failed 1 times in a row: waiting 1 s/, BOOT_LIMIT_MS);
    strictEqual(faulty.lines.filter((line) => line.includes(" booted ")).length, 0);
  });

  it("runs the former program in place of one that is damaged", async () => {
    const octets = readFileSync(imageOf(LAYOUT).program);
    octets[octets.length >> 1] ^= 1;
    const damaged = path.join(directory, "damaged.image");
    writeFileSync(damaged, octets);
    const faulty = await start(damaged, undefined, formerProgram());
    await faulty.hear(/the program is damaged: the former one runs/, BOOT_LIMIT_MS);
    await faulty.hear(/ booted /, BOOT_LIMIT_MS);
    await faulty.hear(/started by power on, restarts 0$/, BOOT_LIMIT_MS);
  });

  it("falls back to the former program when the new one fails three times in a row", async () => {
    const faulty = await start(programThat("return nil + 1", compiler, directory), undefined, formerProgram());
    await faulty.hear(/the program fails: the former one runs/, BOOT_LIMIT_MS);
    await faulty.hear(/started by script error, restarts 3$/, BOOT_LIMIT_MS);
    await faulty.hear(/ booted /, BOOT_LIMIT_MS);
  });

  it("takes the older settings when the newer ones were not written to their end", async () => {
    const file = path.join(directory, "psram");
    const memory = new SharedMemory(file);
    memory.provision("account.user = door\n");
    memory.writeRecord(BoardRecord.SETTINGS, Buffer.from("this is no settings text\n"), 1, 2);
    const place = SharedMemory.copyAt(BoardRecord.SETTINGS, 1) + 20;
    memory.write(place, Buffer.from([memory.read(place, 1)[0] ^ 1]));
    memory.close();
    const faulty = await start(imageOf(LAYOUT).program, file);
    await faulty.hear(/ booted /, BOOT_LIMIT_MS);
    strictEqual(faulty.lines.filter((line) => line.includes("settings refused")).length, 0);
  });

  it("takes the newer settings when they are whole", async () => {
    const file = path.join(directory, "psram");
    const memory = new SharedMemory(file);
    memory.provision("account.user = door\n");
    memory.writeRecord(BoardRecord.SETTINGS, Buffer.from("this is no settings text\n"), 1, 2);
    memory.close();
    const faulty = await start(imageOf(LAYOUT).program, file);
    await faulty.hear(/settings refused/, BOOT_LIMIT_MS);
  });

  it("notices that the cable is pulled, and gets its address again when it is put in", async () => {
    const faulty = await start(imageOf(LAYOUT).program);
    const first = await faulty.hear(/network: IPv4 10\.0\.2\.15/, BOOT_LIMIT_MS);
    await faulty.setCable(false);
    const pulled = await faulty.hear(/network: no link/, BOOT_LIMIT_MS, first);
    await faulty.hear(/network: IPv4 gone/, BOOT_LIMIT_MS, first);
    await faulty.setCable(true);
    await faulty.hear(/network: IPv4 10\.0\.2\.15/, BOOT_LIMIT_MS, pulled);
  });
});
