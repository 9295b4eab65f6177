// What the MPS2 image does when something breaks: each fault ends in the safe state, with its reason in the log, and the device is back
// by itself. No peers: the board alone.

import { match, ok, strictEqual } from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { EmulatedBoard } from "../../simulator/mps2/emulated-board";
import { debuggerWords, Register, setRegister } from "../../simulator/mps2/processor";
import { requireProgram } from "../../tools/requirements";
import { buildImage, imageOf, type Layout } from "./build";
import { programThat } from "./odd-program";

const TEST_LIMIT_MS = 60_000;
const BOOT_LIMIT_MS = 30_000;
const LAYOUT: Layout = "large";
/** Exceptions and memory protection are the processor's: shown on each. */
const PROCESSORS: readonly { name: string; layout: Layout }[] = [
  { name: "Cortex-M4", layout: LAYOUT },
  { name: "Cortex-M7", layout: "an500" },
];
/** Exception 4 is a fault of memory; 3 is the same where interrupts are masked. Addresses at which there is nothing, and the first octets of RAM, which are the stack's last. */
const NOWHERE = 0x30000000;
const STACK_END = 0x20000008;

/** QEMU's words: what resets the board halts it, as it was at that moment. */
const STAY_AT_RESET = ["-action", "reboot=shutdown,shutdown=pause"];

async function isAtReset(board: EmulatedBoard): Promise<boolean> {
  return ((await board.execute("query-status", {})) as { status: string }).status === "shutdown";
}

describe("the MPS2 image, when something breaks", function () {
  this.timeout(TEST_LIMIT_MS);
  let compiler = "";
  let directory = "";
  let debuggerSocket = "";
  let board: EmulatedBoard | undefined;

  before(function () {
    for (const { layout } of PROCESSORS) {
      buildImage(this, layout);
    }
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

  async function start(program: string, layout = LAYOUT, words: string[] = []): Promise<EmulatedBoard> {
    const image = imageOf(layout);
    board = await EmulatedBoard.start({
      ...image,
      program,
      settings: "account.user = door\n",
      ...{ address: "127.0.0.1", udpPorts: [], words: [...debuggerWords(debuggerSocket), ...words] },
    });
    return board;
  }

  async function restartsBy(from: EmulatedBoard, reason: string): Promise<void> {
    await from.hear(new RegExp(`started by ${reason}, restarts 1$`), BOOT_LIMIT_MS);
  }

  for (const { name, layout } of PROCESSORS) {
    it(`logs where it was and restarts when it runs into addresses at which there is nothing (${name})`, async () => {
      const faulty = await start(imageOf(layout).program, layout);
      await faulty.hear(/ booted /, BOOT_LIMIT_MS);
      await setRegister(debuggerSocket, Register.PROGRAM_COUNTER, NOWHERE);
      await faulty.hear(/exception [34]$/, BOOT_LIMIT_MS);
      await faulty.hear(/pc 30000000/, BOOT_LIMIT_MS);
      await restartsBy(faulty, "fault");
      ok(faulty.lines.some((line) => line.includes("failed 1 times in a row: waiting 1 s")));
    });

    it(`survives an overflow of the stack: it lies at the end of memory, and the fault has a stack of its own (${name})`, async () => {
      const faulty = await start(imageOf(layout).program, layout);
      await faulty.hear(/ booted /, BOOT_LIMIT_MS);
      await setRegister(debuggerSocket, Register.STACK_POINTER, STACK_END);
      await faulty.hear(/exception [34]$/, BOOT_LIMIT_MS);
      await restartsBy(faulty, "fault");
    });
  }

  for (const { title, polls, breaks, said, reason } of [
    { title: "loops", polls: "while true do end", said: /exception 2: nobody fed the watchdog/, reason: "watchdog" },
    {
      title: "ends with an error",
      polls: "native.polls = (native.polls or 0) + 1 if native.polls > 100 then return nil + 1 end",
      ...{ said: /script error:/, reason: "script error" },
    },
    {
      title: "runs into addresses at which there is nothing",
      breaks: () => setRegister(debuggerSocket, Register.PROGRAM_COUNTER, NOWHERE),
      ...{ said: /exception [34]$/, reason: "fault" },
    },
  ] as { title: string; polls?: string; breaks?: () => Promise<void>; said: RegExp; reason: string }[]) {
    it(`lets the door close before it restarts when a program that holds it open ${title}`, async () => {
      const held = `if native.resetReason() == 0 then native.pinWrite(2, 0, 1) ${polls ?? ""} end`;
      const faulty = await start(programThat(held, compiler, directory), LAYOUT, STAY_AT_RESET);
      await faulty.until("the relay is energised", () => faulty.relay(0), BOOT_LIMIT_MS);
      await breaks?.();
      await faulty.hear(said, BOOT_LIMIT_MS);
      await faulty.until("the reset", () => isAtReset(faulty), BOOT_LIMIT_MS);
      strictEqual(await faulty.relay(0), false);
      strictEqual(faulty.lines.filter((line) => line.includes("started by")).length, 1);
      await faulty.execute("set-action", { reboot: "reset", shutdown: "poweroff" });
      await faulty.execute("system_reset", {});
      await faulty.execute("cont", {});
      await restartsBy(faulty, reason);
    });
  }

  it("says which error the program ended with, waits longer each time, and keeps trying", async () => {
    const faulty = await start(programThat("return nil + 1", compiler, directory));
    await restartsBy(faulty, "script error");
    await faulty.hear(/started by script error, restarts 2$/, BOOT_LIMIT_MS);
    await faulty.hear(/failed 3 times in a row: waiting 4 s/, BOOT_LIMIT_MS);
    match(faulty.lines.find((line) => line.includes("script error:")) ?? "", /attempt to perform arithmetic/);
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
