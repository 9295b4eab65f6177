// The program slots of the MPS2 image, as somebody at its console sees them: a new program comes while the old one runs, stays when it
// works, and gives way when it does not; what is damaged never runs, and a board without a program waits for one.

import { match, ok, rejects, strictEqual } from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { ProgramSender } from "../../simulator/console/program-sender";
import { SLOTS_AT } from "../../simulator/mps2/board-flash";
import { EmulatedBoard } from "../../simulator/mps2/emulated-board";
import { SharedMemory } from "../../simulator/mps2/shared-memory";
import { ProgramForm, readProgram, writeProgram } from "../../tools/build/program-image";
import { requireProgram } from "../../tools/requirements";
import { buildImage, imageOf, type Layout } from "./build";
import { programThat, REGISTERED } from "./odd-program";

const TEST_LIMIT_MS = 90_000;
const BOOT_LIMIT_MS = 30_000;
/** Five starts of a program that fails at once, and the pauses between them: 1, 2, 4, 8 and 16 s. */
const FALL_BACK_LIMIT_MS = 70_000;
const HEADER_OCTETS = 64;
/** Where programs run in the small layout: they are copied there from their slots. */
const PROGRAM_AT = 0x2d000;
const HEALTHY = / registration 2 200/;
/** Octets that make a program long enough for its transfer to have a middle. */
const PADDING_OCTETS = 30_000;

function slotsOf(layout: Layout): void {
  let compiler = "";
  let directory = "";
  let board: EmulatedBoard | undefined;

  before(function () {
    buildImage(this, layout);
    compiler = requireProgram(this, "luac5.4");
  });

  beforeEach(() => {
    directory = mkdtempSync(path.join(tmpdir(), "doorline-slots-"));
  });

  afterEach(() => {
    board?.stop();
    board = undefined;
    rmSync(directory, { recursive: true, force: true });
  });

  const memoryFile = (): string => path.join(directory, "psram");

  /** A program that says at once that it is healthy. */
  const program = (buildId: string, polls = "", boot = REGISTERED): string =>
    programThat(polls, compiler, directory, `native.text = "${"x".repeat(PADDING_OCTETS)}" ${boot}`, buildId, layout);
  const imageThat = (buildId: string): Buffer => readFileSync(program(buildId));

  /** Turns the board on, with what its memory has from before. */
  async function start(file = program("first")): Promise<EmulatedBoard> {
    board = await EmulatedBoard.start({
      ...imageOf(layout),
      program: file,
      ...{ memory: memoryFile(), address: "127.0.0.1", udpPorts: [] },
    });
    return board;
  }

  /** A board whose program is known to be healthy. */
  async function startHealthy(file?: string): Promise<EmulatedBoard> {
    const started = await start(file);
    await started.hear(HEALTHY, BOOT_LIMIT_MS);
    return started;
  }

  /** Sends a program by the console. @param mangle what becomes of what is sent, by the number of the frame */
  async function send(
    to: EmulatedBoard,
    image: Buffer,
    mangle: (frame: Uint8Array, count: number) => Uint8Array = (frame) => frame,
    progress: (done: number) => void = () => undefined,
    onBusy: () => void = () => undefined,
  ): Promise<void> {
    let frames = 0;
    const sender = new ProgramSender((frame) => {
      frames += 1;
      to.console.input.write(mangle(frame, frames));
    }, 500);
    to.onLine = (line) => sender.take(line);
    await sender.send(image, progress, onBusy);
  }

  const started = (by: EmulatedBoard, buildId: string, from = 0): Promise<number> =>
    by.hear(new RegExp(` program ${buildId} on `), BOOT_LIMIT_MS, from);

  it("take a program by the console while the other runs, and each stays once it is healthy", async () => {
    const running = await startHealthy();
    let from = 0;
    for (const name of ["second", "third"]) {
      await send(running, imageThat(name));
      from = await started(running, name, from);
      match(running.lines[from], /started by restart requested/);
      from = await running.hear(HEALTHY, BOOT_LIMIT_MS, from);
      running.type("r");
      from = await started(running, name, from);
      from = await running.hear(HEALTHY, BOOT_LIMIT_MS, from);
    }
    running.stop();
    await started(await start(), "third");
  });

  it("give the old program its turn again when a new one is not healthy in five starts", async () => {
    const running = await startHealthy();
    await send(running, readFileSync(program("sick", "return nil + 1", "")));
    const before = await started(running, "sick");
    const over = await running.hear(/slot 1: its program was never healthy/, FALL_BACK_LIMIT_MS, before);
    await started(running, "first", over);
    await running.hear(HEALTHY, BOOT_LIMIT_MS, over);
    strictEqual(running.lines.filter((line) => line.includes("program sick on")).length, 5);
    strictEqual(await running.relay(0), false);
    await send(running, imageThat("cured"));
    await started(running, "cured", over);
  });

  it("take a program over a line that loses and changes octets, and never a key of it", async () => {
    const running = await startHealthy();
    await send(running, imageThat("second"), (frame, count) => {
      const octets = Buffer.from(frame);
      const place = (count * 7919) % octets.length;
      if (count % 16 === 2) {
        return Buffer.concat([octets.subarray(0, place), octets.subarray(place + 1)]);
      }
      octets[place] ^= count % 16 === 11 ? 0x10 : 0;
      return octets;
    });
    await started(running, "second");
    strictEqual(running.lines.filter((line) => line.includes("started by")).length, 2);
  });

  it("take it over at the end of the call that is on, and let the call be until then", async () => {
    // Its microphone is on until a button is pressed or let go.
    const call = `native.samples = doorlineBuffer(160, 1) native.was = native.pinRead(0, 0) native.audioStart(0) ${REGISTERED}`;
    const polls = `if native.pinRead(0, 0) ~= native.was then native.audioStop(0) end
      native:audioRead(native.samples, 160)`;
    const running = await startHealthy(program("first", polls, call));
    let busy = 0;
    await send(running, imageThat("second"), undefined, undefined, () => {
      busy += 1;
      strictEqual(running.memory.soundState()?.isInputOn, true);
      void running.press(0);
    });
    strictEqual(busy, 1);
    await started(running, "second");
  });

  it("refuse what is no program, is too long, is of another VM, or comes before the running one is known to be healthy", async () => {
    const running = await startHealthy();
    const damaged = imageThat("damaged");
    damaged[damaged.length - 1] ^= 1;
    // It is sent as it is: the sender would not send it.
    const bundle = damaged.subarray(HEADER_OCTETS);
    await rejects(send(running, damaged), /cut off or damaged/);
    const long = writeProgram(ProgramForm.LUA_IMAGE, Buffer.alloc(0x200000), {
      board: imageOf(layout).name,
      buildId: "long",
    });
    await rejects(send(running, long), /refuses the program: the program is cut off/);
    const foreign = writeProgram(ProgramForm.STATIC_SNAPSHOT, bundle, {
      board: imageOf(layout).name,
      buildId: "foreign",
    });
    await rejects(send(running, foreign), /refuses the program: the program is in a form that this VM does not run/);
    await send(running, readFileSync(program("silent", "", "")));
    await started(running, "silent");
    await rejects(
      send(running, imageThat("hasty")),
      /refuses the program: the program that runs is not known to be healthy/,
    );
  });

  /** The image of a program, made for another board with the same VM. */
  function imageFor(board: string, buildId: string): Buffer {
    const image = imageThat(buildId);
    return writeProgram(readProgram(image).form, image.subarray(HEADER_OCTETS), { board, buildId });
  }

  it("refuse a program for another board with the same VM, and run none that was put into a slot", async () => {
    const running = await startHealthy();
    const here = imageOf(layout).name;
    const sister = imageFor("another-board", "sister");
    await rejects(
      send(running, sister),
      new RegExp(`refuses the program: the program is for another-board, and this is ${here}$`),
    );
    const second = imageThat("second");
    await send(running, second);
    await running.hear(HEALTHY, BOOT_LIMIT_MS, await started(running, "second"));
    running.stop();
    const memory = new SharedMemory(memoryFile());
    memory.write(SLOTS_AT[1], sister);
    memory.close();
    const again = await start();
    await again.hear(new RegExp(`slot 1: the program is for another-board, and this is ${here}$`), BOOT_LIMIT_MS);
    await started(again, "first");
    ok(!again.lines.some((line) => line.includes("program sister on")));
  });

  it("have the old program when the power fails in the middle of a transfer, and take the new one then", async () => {
    const image = imageThat("second");
    for (const part of [0, 0.3, 0.99]) {
      const running = await startHealthy();
      const cut = new Error("cut");
      await rejects(
        send(running, image, undefined, (done) => {
          if (done >= part * image.length) {
            running.stop();
            throw cut;
          }
        }),
        cut,
      );
    }
    const running = await startHealthy();
    await started(running, "first");
    await send(running, image);
    await started(running, "second");
  });

  it("go on where the line was broken", async () => {
    const running = await startHealthy();
    const image = imageThat("second");
    const cut = new Error("cut");
    await rejects(
      send(running, image, undefined, (done) => {
        if (done > 10_000) {
          throw cut;
        }
      }),
      cut,
    );
    let least = image.length;
    await send(running, image, undefined, (done) => {
      least = Math.min(least, done);
    });
    ok(least > 10_000);
    await started(running, "second");
  });

  /** Turns a bit of the program in a slot. */
  function damage(slot: number): void {
    const memory = new SharedMemory(memoryFile());
    const place = SLOTS_AT[slot] + 10_000;
    memory.write(place, Buffer.of(memory.read(place, 1)[0] ^ 1));
    memory.close();
  }

  it("run the other program when one is damaged, and wait safely for one when both are", async () => {
    const first = await startHealthy();
    await send(first, imageThat("second"));
    await first.hear(HEALTHY, BOOT_LIMIT_MS, await started(first, "second"));
    first.stop();
    damage(1);
    const second = await start();
    await second.hear(/slot 1: the program is damaged/, BOOT_LIMIT_MS);
    await started(second, "first");
    second.stop();
    damage(0);
    const third = await start();
    await third.hear(/slot 0: the program is damaged/, BOOT_LIMIT_MS);
    await third.hear(/no program is whole/, BOOT_LIMIT_MS);
    strictEqual(await third.relay(0), false);
    third.type("m");
    await third.hear(/flash: shell/, BOOT_LIMIT_MS);
    ok(!third.lines.some((line) => line.includes("started by")));
    await send(third, imageThat("rescue"));
    await third.hear(HEALTHY, BOOT_LIMIT_MS, await started(third, "rescue"));
  });

  it("have a program that was built anew win over both, as `doorline run` places it, once", async () => {
    const first = await startHealthy();
    await send(first, imageThat("second"));
    await first.hear(HEALTHY, BOOT_LIMIT_MS, await started(first, "second"));
    first.stop();
    const built = program("built");
    const anew = await startHealthy(built);
    await started(anew, "built");
    await send(anew, imageThat("third"));
    await anew.hear(HEALTHY, BOOT_LIMIT_MS, await started(anew, "third"));
    anew.stop();
    await started(await start(built), "third");
  });

  it("take a program while the board waits between the failures of its only one", async () => {
    const failing = await start(program("sick", "return nil + 1", ""));
    // The wait of 8 s begins.
    const waiting = await failing.hear(/failed 4 times in a row: waiting 8 s/, FALL_BACK_LIMIT_MS);
    await send(failing, imageThat("cured"));
    const cured = await started(failing, "cured", waiting);
    await failing.hear(HEALTHY, BOOT_LIMIT_MS, cured);
    ok(!failing.lines.slice(waiting, cured).some((line) => line.includes("program sick on")));
  });

  if (layout === "small") {
    /** Turns the board on with a program where programs run, as a debugger leaves it. QEMU writes it there at each reset. */
    async function startWithFlashed(image: Buffer): Promise<EmulatedBoard> {
      const file = path.join(directory, "flashed.image");
      writeFileSync(file, image);
      board = await EmulatedBoard.start({
        ...{ ...imageOf(layout), program: file, programAt: PROGRAM_AT },
        ...{ memory: memoryFile(), address: "127.0.0.1", udpPorts: [] },
      });
      return board;
    }

    it("keep a program that a debugger put where programs run, which wins over both", async () => {
      const first = await startHealthy();
      await send(first, imageThat("second"));
      await first.hear(HEALTHY, BOOT_LIMIT_MS, await started(first, "second"));
      first.stop();
      const flashed = await startWithFlashed(imageThat("third"));
      await flashed.hear(/slot 0: has the program that was put where programs run/, BOOT_LIMIT_MS);
      await started(flashed, "third");
      flashed.stop();
      // Without power where programs run was lost; the slots were not.
      const again = await start();
      await again.hear(/the program is copied to where it runs/, BOOT_LIMIT_MS);
      await again.hear(HEALTHY, BOOT_LIMIT_MS, await started(again, "third"));
    });

    it("never run a program for another board, nor half of one, that was put where programs run", async () => {
      const here = imageOf(layout).name;
      const running = await startHealthy();
      running.stop();
      const sister = await startWithFlashed(imageFor("another-board", "sister"));
      await sister.hear(
        new RegExp(`where programs run: the program is for another-board, and this is ${here}$`),
        BOOT_LIMIT_MS,
      );
      await started(sister, "first");
      sister.stop();
      const half = await startWithFlashed(imageThat("half").subarray(0, 10_000));
      await half.hear(/where programs run: the program is damaged/, BOOT_LIMIT_MS);
      await started(half, "first");
    });
  }
}

for (const layout of ["large", "small"] as const) {
  describe(`the program slots of the MPS2 image, ${layout} layout`, function () {
    this.timeout(TEST_LIMIT_MS);
    slotsOf(layout);
  });
}
