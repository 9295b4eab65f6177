// `doorline console`, as a person has it, before the MPS2 image: the log in words, keys to the board, a program for it, over the socket of
// a board in QEMU and over a serial port; and what it says when there is nothing to connect to.

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { NativePins } from "../../hal/native/native";
import { serveConsole } from "../../simulator/console/console-socket";
import { EmulatedBoard, QEMU } from "../../simulator/mps2/emulated-board";
import { SharedMemory } from "../../simulator/mps2/shared-memory";
import { ProgramForm, writeProgram } from "../../tools/build/program-image";
import { requireProgram } from "../../tools/requirements";
import { root } from "../native/build";
import { buildImage, imageOf } from "./build";
import { programThat, REGISTERED } from "./odd-program";

const TEST_LIMIT_MS = 60_000;
const BOOT_LIMIT_MS = 20_000;
const LOOK_MS = 20;
const LINES = 1000;
/** As in CI, where words into a pipe are plain all the same. */
const ENVIRONMENT = { ...process.env, CI: "true", FORCE_COLOR: undefined };
const COMMAND = [path.join(root, "bin/doorline.mjs"), "console", "--board", "mps2-an386"];

const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** A process whose words are gathered. */
class Spoken {
  said = "";
  readonly #process: ChildProcess;

  constructor(program: string, words: string[]) {
    this.#process = spawn(program, words, { stdio: ["pipe", "pipe", "pipe"], env: ENVIRONMENT });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.said += text;
      });
    }
  }

  type(keys: string): void {
    this.#process.stdin?.write(keys);
  }

  async says(pattern: RegExp): Promise<string> {
    for (const limit = Date.now() + BOOT_LIMIT_MS; !pattern.test(this.said); await sleep(LOOK_MS)) {
      ok(Date.now() < limit, `not said: ${pattern}\n${this.said}`);
    }
    return pattern.exec(this.said)?.[1] ?? "";
  }

  async end(): Promise<number | null> {
    while (this.#process.exitCode === null && this.#process.signalCode === null) {
      await sleep(LOOK_MS);
    }
    return this.#process.exitCode;
  }

  stop(): void {
    this.#process.kill("SIGKILL");
  }
}

describe("the command console", function () {
  this.timeout(TEST_LIMIT_MS);
  let compiler = "";
  let directory = "";
  let socket = "";
  const ends: (() => void)[] = [];

  before(function () {
    buildImage(this, "large");
    compiler = requireProgram(this, "luac5.4");
  });

  beforeEach(() => {
    directory = mkdtempSync(path.join(tmpdir(), "doorline-console-"));
    socket = path.join(directory, "console");
    ends.push(() => rmSync(directory, { recursive: true, force: true }));
  });

  afterEach(() => {
    for (const end of ends.splice(0).reverse()) {
      end();
    }
  });

  function spoken(program: string, words: string[]): Spoken {
    const made = new Spoken(program, words);
    ends.push(() => made.stop());
    return made;
  }

  const connect = (...words: string[]): Spoken => spoken(process.execPath, [...COMMAND, ...words]);

  /** A board in QEMU whose console is at the socket. Returns what turns it off. */
  async function start(program: string): Promise<{ board: EmulatedBoard; off: () => void }> {
    const board = await EmulatedBoard.start({
      ...{ ...imageOf("large"), program },
      ...{ memory: path.join(directory, "psram"), address: "127.0.0.1", udpPorts: [] },
    });
    const hide = await serveConsole(socket, board.console);
    const off = (): void => {
      hide();
      board.stop();
    };
    ends.push(off);
    return { board, off };
  }

  const refusal = (...words: string[]): string => {
    const { status, stderr } = spawnSync(process.execPath, [...COMMAND, ...words], {
      encoding: "utf8",
      env: ENVIRONMENT,
    });
    strictEqual(status, 1);
    return stderr.replaceAll(directory, "…").trim();
  };

  it("tells the log in words, passes keys on, and waits for a board that goes away", async () => {
    const { board, off } = await start(imageOf("large").program);
    const console = connect("--socket", socket);
    await console.says(/keys: m memory report/);
    console.type("r");
    await console.says(/ s {2}program test on lua [\d.]+; started by restart requested/);
    await console.says(/ s {2}booted: \d+ pools, \d+ KiB/);
    await board.press(3);
    await console.says(/ s {2}button 4 calls nobody/);
    console.type("xm");
    await console.says(/memory: \d+ of/);
    off();
    await console.says(/console is gone: waiting for it/);
    await start(imageOf("large").program);
    await console.says(/console is there again/);
  });

  it("has each line whole, also when nobody reads for as long as a board takes to say a thousand", async () => {
    const told = `local level = native.pinRead(${NativePins.BUTTONS}, 0)
      if not native.told and native.level and native.level ~= level then
        for line = 1, ${LINES} do native:logEvent(200, line, 0) end
        native.told = true native.pinWrite(${NativePins.RELAYS}, 0, 1)
      end
      native.level = level`;
    const { board } = await start(programThat(told, compiler, directory, REGISTERED, "talker"));
    await board.hear(/ registration 2 200/, BOOT_LIMIT_MS);
    board.console.output.pause();
    await board.press(0);
    await board.until("it has said all", () => board.relay(0), BOOT_LIMIT_MS);
    board.console.output.resume();
    const last = await board.hear(new RegExp(` event 200 ${LINES} 0$`), BOOT_LIMIT_MS);
    const said = board.lines.slice(last + 1 - LINES, last + 1).map((line) => line.replace(/^ *\d+\.\d{3} /, ""));
    deepStrictEqual(
      said,
      said.map((_, index) => `event 200 ${index + 1} 0`),
    );
  });

  it("sends a program, and says when it runs", async () => {
    const { board } = await start(programThat("", compiler, directory, REGISTERED, "first"));
    await board.hear(/ registration 2 200/, BOOT_LIMIT_MS);
    const program = programThat("", compiler, directory, `native.text = "${"x".repeat(5000)}" ${REGISTERED}`, "second");
    const console = connect("--socket", socket, "--send-program", program);
    strictEqual(await console.end(), 0, console.said);
    const octets = readFileSync(program).length.toLocaleString("en-US");
    match(console.said, new RegExp(`${octets} octets are written and compared; the board restarts`));
    match(console.said, /it runs; the board keeps it when it registers/);
    await board.hear(/ program second on /, BOOT_LIMIT_MS);
  });

  it("refuses a program for another board before it asks the board", () => {
    const file = path.join(directory, "sister.image");
    writeFileSync(
      file,
      writeProgram(ProgramForm.LUA_IMAGE, Buffer.alloc(9), { board: "mps2-an500", buildId: "sister" }),
    );
    strictEqual(
      refusal("--socket", socket, "--send-program", file),
      "doorline: --send-program: …/sister.image: it is a program for mps2-an500, not for mps2-an386",
    );
  });

  it("speaks over a serial port", async () => {
    const memory = new SharedMemory(path.join(directory, "psram"));
    memory.place(readFileSync(imageOf("large").program));
    memory.close();
    const qemu = spoken(QEMU, [
      ...["-M", "mps2-an386,memory-backend=psram", "-display", "none", "-monitor", "none", "-serial", "pty"],
      ...["-object", `memory-backend-file,id=psram,size=16M,share=on,mem-path=${memory.path}`],
      ...["-kernel", imageOf("large").shell, "-nic", "none"],
    ]);
    const port = await qemu.says(/redirected to (\/dev\/pts\/\d+)/);
    const console = connect("--port", port);
    await console.says(/keys: m memory report/);
    console.type("r");
    await console.says(/started by restart requested/);
    console.type("m");
    await console.says(/memory: \d+ of/);
  });

  it("says what is wrong with port and program", () => {
    match(refusal("--port", "/dev/ttyNone"), /^doorline: \/dev\/ttyNone is not there: is the board's USB cable in\?/);
    match(refusal("--port", "/dev/null"), /^doorline: \/dev\/null is no serial port: /);
    match(refusal("--socket", socket), /^doorline: no board runs at …\/console: doorline run --board mps2-an386, or/);
    match(
      refusal("--socket", socket, "--send-program", path.join(directory, "none")),
      /^doorline: --send-program: …\/none: there is no such file or directory$/,
    );
    match(
      refusal("--socket", socket, "--send-program", imageOf("large").shell),
      /^doorline: --send-program: .*: it is no program image$/,
    );
  });
});
