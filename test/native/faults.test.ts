// What a device does when something is wrong with its program, its memory, its disk or its processor: the relay is at rest before
// anything else, the log says why, the restart is counted, and what can run runs again. On the Linux board, in every VM that is there.

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { crc32 } from "../../tools/build/program-image";
import { requireProgram, skipOrFail } from "../../tools/requirements";
import {
  BUILD_LIMIT_MS,
  buildNative,
  builtProgram,
  NATIVE_VMS,
  programImage,
  releasedProgram,
  skipWithoutShell,
} from "./build";
import { CUT_OFF, DAMAGES, flip, HEADER_OCTETS, rewrite } from "./faults/damages";
import { FAULTS } from "./faults/faults";
import {
  BUILD_ID,
  both,
  type Deeds,
  FEED_NOBODY,
  LOOP,
  RAISE,
  READ_RECORD,
  WRITE_NINES,
  WRITE_ON,
  WRITE_SEVENS,
  writeDoor,
} from "./faults/programs";
import { type DeviceOptions, freePorts, LinuxDevice } from "./linux/device";

const TEST_LIMIT_MS = 60_000;
const RECORD_OCTETS = 4096;
/** Places in an image that are tried; the last is in the literal list, where there is one. */
const PARTS = 16;

/** What the processor, the kernel and the C library raise. */
const PROCESSOR_FAULTS: readonly NodeJS.Signals[] = ["SIGSEGV", "SIGBUS", "SIGILL", "SIGFPE", "SIGABRT"];

for (const vm of NATIVE_VMS) {
  describe(`doorline-linux-${vm}, when something is wrong`, function () {
    this.timeout(TEST_LIMIT_MS);
    let executable = "";
    let directory = "";
    let device: LinuxDevice | undefined;

    before(function () {
      this.timeout(BUILD_LIMIT_MS);
      buildNative(this);
      executable = builtProgram(`doorline-linux-${vm}`);
      skipWithoutShell(this, vm, executable);
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

    afterEach(() => {
      device?.destroy();
      device = undefined;
    });

    function doorThat(deeds: Deeds): string {
      return writeDoor(vm, deeds, path.join(directory, "door"));
    }

    async function launch(image: string, more: Partial<DeviceOptions> = {}): Promise<LinuxDevice> {
      device = LinuxDevice.launch({ executable, image, settings: [], ...(await freePorts()), ...more });
      return device;
    }

    /** A door that has booted and energised its relay. */
    async function start(deeds: Deeds, more: Partial<DeviceOptions> = {}): Promise<LinuxDevice> {
      const door = await launch(doorThat(deeds), more);
      await door.says(/ booted 0 0$/);
      await door.takePins();
      await door.shows("relay 0 1");
      return door;
    }

    /** It runs again, by the program that it ran before. */
    async function runsAgain(door: LinuxDevice, reason: string): Promise<void> {
      await door.says(new RegExp(`program ${BUILD_ID} on ${vm} .*; started by ${reason}, restarts 1$`));
      await door.says(/ booted [1-9] 0$/);
      await door.takePins();
      strictEqual(door.relay, "relay 0 1");
    }

    async function endsInGoodOrder(door: LinuxDevice): Promise<void> {
      door.signal("SIGTERM");
      strictEqual(await door.ended(), 0);
    }

    for (const { title, statement, told } of FAULTS) {
      const { says, reason } = told[vm];

      it(`a program that ${title} has its relay put to rest, says so, and is started again`, async () => {
        const door = await start({ press: statement });
        door.push();
        await door.shows("end");
        // The end of the process that drove the relay is what comes last.
        deepStrictEqual(door.outputs.slice(door.outputs.indexOf("relay 0 1") + 1).filter(isOfRelay), [
          "relay 0 0",
          "end",
        ]);
        await door.says(says);
        await runsAgain(door, reason);
        await endsInGoodOrder(door);
      });

      it(`a program that ${title} when it boots never moves its relay, and is started again`, async () => {
        const door = await launch(doorThat({ boot: statement }));
        await door.says(says);
        await door.says(/failed 1 times in a row: waiting 1 s$/);
        await door.takePins();
        await door.says(new RegExp(`started by ${reason}, restarts 1$`));
        await door.says(/failed 2 times in a row: waiting 2 s$/);
        ok(door.outputs.includes("relay 0 0"));
        ok(!door.outputs.includes("relay 0 1"));
        await endsInGoodOrder(door);
      });
    }

    it("a program that fails again and again is started at the times that the log announces", async () => {
      const door = await launch(doorThat({ boot: RAISE }));
      await door.says(/restarts 2$/);
      const [, first, again, second, last] = door.lines
        .filter((line) => / waiting |; started by /.test(line))
        .map((line) => Math.round(Number.parseFloat(line) * 1000));
      ok(again - first >= 1000 && last - second >= 2000, door.lines.join("\n"));
      await endsInGoodOrder(door);
    });

    for (const { title, bend, says } of DAMAGES) {
      it(`a program image that is ${title} never runs, and the relay is at rest`, async () => {
        const image = doorThat({});
        writeFileSync(image, bend(readFileSync(image)));
        const door = await launch(image);
        await door.says(says);
        await door.says(/failed 1 times in a row: waiting 1 s$/);
        await door.takePins();
        strictEqual(door.relay, "relay 0 0");
        ok(!door.lines.some((line) => / booted /.test(line)));
        await endsInGoodOrder(door);
      });
    }

    it("the board's own program with a bit flipped in any part of it is refused by --check too", async function () {
      this.timeout(BUILD_LIMIT_MS);
      const image = readFileSync(await programImage(this, vm));
      const file = path.join(directory, "flipped");
      for (let part = 0; part <= PARTS; part += 1) {
        const flipped = flip(HEADER_OCTETS + Math.floor(((image.length - HEADER_OCTETS - 1) * part) / PARTS));
        writeFileSync(file, flipped(Buffer.from(image)));
        const check = spawnSync(executable, ["--check", "--program", file], { encoding: "utf8" });
        strictEqual(check.status, 1);
        ok(check.stderr.includes("doorline: the program: the program is damaged\n"), check.stderr);
      }
    });

    it("a bundle that is nonsense behind a right checksum is refused, as are its restarts", async () => {
      const image = readFileSync(doorThat({}));
      const nonsense = image.fill(0x1b, HEADER_OCTETS);
      nonsense.writeUInt32LE(crc32(nonsense.subarray(HEADER_OCTETS)), 16);
      const file = path.join(directory, "nonsense");
      writeFileSync(file, rewrite(() => undefined)(nonsense));
      const door = await launch(file);
      await door.says(vm === "lua" ? /script error: .*truncated|bad binary/ : /loading: SyntaxError/);
      await door.says(vm === "lua" ? /started by program damaged/ : /started by script error/);
      await endsInGoodOrder(door);
    });

    it("a good program in the place of a damaged one is found by the next restart", async () => {
      const image = doorThat({});
      const good = readFileSync(image);
      writeFileSync(image, flip(-1)(Buffer.from(good)));
      const door = await launch(image);
      await door.says(/failed 1 times/);
      writeFileSync(`${image}.new`, good);
      renameSync(`${image}.new`, image);
      await door.says(/ booted 4 0$/);
      await door.takePins();
      strictEqual(door.relay, "relay 0 1");
      await endsInGoodOrder(door);
    });

    it("the processor's watchdog is fed by a program that polls, and let go at the end", async () => {
      const watchdog = path.join(directory, "fed");
      writeFileSync(watchdog, "");
      const door = await start({}, { board: { watchdog } });
      await door.says(/ event 102 100 0$/);
      await endsInGoodOrder(door);
      match(readFileSync(watchdog, "latin1"), /^\0+V$/);
    });

    it("the processor's watchdog is fed by nobody when the program does not, so that it bites", async () => {
      const watchdog = path.join(directory, "hungry");
      writeFileSync(watchdog, "");
      const door = await start({ boot: FEED_NOBODY }, { board: { watchdog } });
      await door.says(/ event 102 100 0$/);
      strictEqual(readFileSync(watchdog, "latin1"), "");
      await endsInGoodOrder(door);
    });

    it("a state that does not fit on the full disk is refused, and the old one stands", async function () {
      const disk = path.join(directory, "disk");
      spawnSync("mkdir", ["-p", disk]);
      // One page more than the record with its checksum takes: a second record does not fit beside the first.
      const mount = `mount -t tmpfs -o size=12k none ${disk} && exec "$0" "$@"`;
      const ways = [["--mount"], ["--user", "--map-root-user", "--mount"]];
      const way = ways.find((options) => spawnSync("unshare", [...options, "sh", "-c", mount, "true"]).status === 0);
      if (way === undefined) {
        skipOrFail(this, "mount namespaces are not allowed here: run the tests as root");
      }
      const deeds = { press: both(WRITE_SEVENS, both(WRITE_NINES, READ_RECORD)) };
      const wrapper = ["unshare", ...way, "sh", "-c", mount];
      const door = await start(deeds, { board: { "state-directory": path.join(disk, "state") }, wrapper });
      door.push();
      await door.says(new RegExp(` event 101 ${RECORD_OCTETS} 7$`));
      await door.says(/ event 100 0 7$/);
      await door.says(/ event 100 -2 9$/);
      strictEqual(door.relay, "relay 0 1");
      await endsInGoodOrder(door);
    });

    it("a state file that may not grow is refused, and the station goes on", async () => {
      const wrapper = ["sh", "-c", 'ulimit -f 0 && exec "$0" "$@"'];
      const board = { "audio-out": "none" };
      const door = await start({ press: both(WRITE_SEVENS, READ_RECORD) }, { board, wrapper });
      door.push();
      await door.says(/ event 100 -2 7$/);
      await door.says(/ event 101 0 0$/);
      ok(!existsSync(path.join(door.directory, "state/doorline.state.new")));
      await endsInGoodOrder(door);
    });

    it("a log that takes nothing does not hold the station up", async () => {
      const image = doorThat({ press: RAISE });
      const door = await launch(image, { log: openSync("/dev/full", "w") });
      await door.takePins();
      await door.shows("relay 0 1");
      door.push();
      await door.shows("end");
      await door.takePins();
      await endsInGoodOrder(door);
    });

    it("a state that was torn or damaged is known as such, and the next one is whole", async () => {
      const door = await start({ press: both(READ_RECORD, both(WRITE_NINES, READ_RECORD)) });
      const state = path.join(door.directory, "state/doorline.state");
      writeFileSync(`${state}.new`, "torn");
      writeFileSync(state, Buffer.alloc(RECORD_OCTETS + 4, 7));
      door.push();
      await door.says(/ event 101 -1 0$/);
      await door.says(/ event 100 0 9$/);
      await door.says(new RegExp(` event 101 ${RECORD_OCTETS} 9$`));
      ok(!existsSync(`${state}.new`));
      await endsInGoodOrder(door);
    });

    it("SIGKILL in the midst of writing leaves a whole state, pins that are let go, and a station that starts again", async () => {
      const kept = path.join(directory, "kept");
      for (let round = 0; round < 8; round += 1) {
        const door = await start({ boot: READ_RECORD, poll: WRITE_ON }, { board: { "state-directory": kept } });
        const record = await door.says(/ event 101 /);
        match(record, round === 0 ? / 0 0$/ : new RegExp(` ${RECORD_OCTETS} [78]$`));
        door.signal("SIGKILL");
        await door.shows("end");
        strictEqual(await door.ended(), -1);
        door.destroy();
      }
    });

    describe("as it is released, where no sanitizer ends the process", () => {
      let released = "";

      before(function () {
        this.timeout(BUILD_LIMIT_MS);
        released = releasedProgram(`doorline-linux-${vm}`);
      });

      for (const signal of PROCESSOR_FAULTS) {
        it(`${signal} puts the relay to rest and starts the program again`, async () => {
          const door = await start({}, { executable: released });
          door.signal(signal);
          await door.shows("end");
          strictEqual(door.relay, "relay 0 0");
          await runsAgain(door, "fault");
          await endsInGoodOrder(door);
        });
      }

      it("a fault while it waits to be started again makes it wait longer", async () => {
        const door = await start({}, { executable: released });
        door.signal("SIGSEGV");
        await door.says(/failed 1 times in a row: waiting 1 s$/);
        door.signal("SIGSEGV");
        await door.says(/failed 2 times in a row: waiting 2 s$/);
        await endsInGoodOrder(door);
      });
    });

    it("a program runs on whatever becomes of its file, and what is there then is judged at the next start", async () => {
      const image = doorThat({ press: RAISE });
      const door = await launch(image);
      await door.says(/ booted 0 0$/);
      await door.takePins();
      truncateSync(image, HEADER_OCTETS);
      await door.says(/ event 102 100 0$/);
      strictEqual(door.relay, "relay 0 1");
      door.push();
      await door.says(CUT_OFF);
      await endsInGoodOrder(door);
    });

    it("the board's own program, which is run where it lies, runs on as well", async function () {
      this.timeout(BUILD_LIMIT_MS);
      const file = path.join(directory, "overwritten");
      writeFileSync(file, readFileSync(await programImage(this, vm)));
      const door = await launch(file);
      await door.says(/ booted /);
      await door.takePins();
      writeFileSync(file, Buffer.alloc(HEADER_OCTETS, 0x55));
      door.push();
      await door.says(/ button 0 /);
      await endsInGoodOrder(door);
      ok(!door.lines.some((line) => line.includes("restarts 1")));
    });

    it("a program that fails in its farewell ends all the same, with its relay at rest", async () => {
      const door = await start({ stop: RAISE });
      door.signal("SIGTERM");
      strictEqual(await door.ended(), 1);
      await door.shows("end");
      strictEqual(door.relay, "relay 0 0");
      ok(!door.lines.some((line) => line.includes("restarts 1")));
    });

    it("a program that loops when it is asked to end is halted and ends", async () => {
      const door = await start({ press: both(WRITE_SEVENS, LOOP) });
      door.push();
      await door.says(/ event 100 0 7$/);
      door.signal("SIGTERM");
      strictEqual(await door.ended(), 0);
      strictEqual(door.relay, "relay 0 0");
    });
  });
}

/** Whether an output is the relay's, or the end of all. */
function isOfRelay(output: string): boolean {
  return output.startsWith("relay 0") || output === "end";
}
