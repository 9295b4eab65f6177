// The MPS2 board in QEMU, seen from outside as a person sees it: buttons, lights and relays on its expander, microphone and loudspeaker
// in shared memory, the console, the cable. QEMU lives in a process that is always ended with this one.

import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { findProgram, missingLine } from "../../tools/requirements";
import { openConsolePipe } from "./console-pipe";
import { MachineProtocol } from "./machine-protocol";
import { type Mps2Board, PSRAM_AT, SharedMemory } from "./shared-memory";

export const QEMU = "qemu-system-arm";

export interface EmulatedBoardOptions {
  board: Mps2Board;
  /**
   * The executable of the shell, and the image of the program with the address of its slot; another address is one to which QEMU writes it
   * at each reset, as a debugger does.
   */
  shell: string;
  program: string;
  programAt: number;
  /** The settings text; left out: what the memory's file has. */
  settings?: string;
  /** The file of the memory that outlives the board; left out: one of its own, which goes with it. */
  memory?: string;
  /** The address of this machine at which the board's ports are, and those ports, by protocol. A loopback address. */
  address: string;
  udpPorts: number[];
  tcpPorts?: number[];
  /** Another network behind the board's Ethernet, in QEMU's words for `-nic`; then no port is forwarded. */
  nic?: string;
  /** More words for QEMU. */
  words?: string[];
}

/** The expander's pins (boards/mps2-an386/pins.c). */
const FIRST_RELAY = 0;
const FIRST_LIGHT = 4;
const FIRST_BUTTON = 8;

const LOOK_MS = 20;
const CONNECT_LIMIT_MS = 20_000;

const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

export class EmulatedBoard {
  /** What the console said, line by line. */
  readonly lines: string[] = [];
  /** Called with each line. */
  onLine: (line: string) => void = () => undefined;
  readonly memory: SharedMemory;
  readonly #process: ChildProcess;
  readonly #output: Readable;
  #protocol: MachineProtocol | undefined;
  #said = "";
  readonly #directory: string;

  private constructor(
    qemu: string,
    readonly options: EmulatedBoardOptions,
  ) {
    this.#directory = mkdtempSync(path.join(tmpdir(), "doorline-mps2-"));
    this.memory = new SharedMemory(options.memory ?? path.join(this.#directory, "psram"));
    this.memory.seed();
    if (options.settings !== undefined) {
      this.memory.provision(options.settings);
    }
    if (this.#isInPsram) {
      this.memory.place(readFileSync(options.program));
    }
    const pipe = openConsolePipe(this.#directory);
    this.#output = pipe.reader;
    this.#process = spawn(qemu, this.#words(), { stdio: ["pipe", pipe.writer, "pipe"] });
    // The end that is written to is the child's alone: the pipe ends with it.
    closeSync(pipe.writer);
    process.once("exit", this.#kill);
    this.#process.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#said += text;
    });
    // A line's two octets of end may come long after each other, and are one end.
    createInterface({ input: this.#output, crlfDelay: Number.POSITIVE_INFINITY }).on("line", (line) => {
      this.lines.push(line.trimEnd());
      this.onLine(line.trimEnd());
    });
  }

  /** Turns the board on. @throws when QEMU is missing or ends at once, with its words */
  static async start(options: EmulatedBoardOptions): Promise<EmulatedBoard> {
    const qemu = findProgram(QEMU);
    if (qemu === "") {
      throw new Error(missingLine(QEMU));
    }
    const board = new EmulatedBoard(qemu, options);
    try {
      await board.#connect();
    } catch (error) {
      board.stop();
      throw error;
    }
    return board;
  }

  /** Whether the program lies in the memory that is a file. */
  get #isInPsram(): boolean {
    return this.options.programAt >= PSRAM_AT[this.options.board];
  }

  get #socket(): string {
    return path.join(this.#directory, "qmp");
  }

  #words(): string[] {
    const { board, shell, program, programAt, address, udpPorts, tcpPorts = [], words = [] } = this.options;
    const forwards = [
      "user",
      ...udpPorts.map((port) => `hostfwd=udp:${address}:${port}-:${port}`),
      ...tcpPorts.map((port) => `hostfwd=tcp:${address}:${port}-:${port}`),
    ];
    // Memory that is no file is written at each reset.
    const load = this.#isInPsram ? [] : ["-device", `loader,file=${program},addr=${programAt},force-raw=on`];
    return [
      ...["-M", `${board},memory-backend=psram`, "-display", "none", "-monitor", "none", "-serial", "stdio"],
      ...["-object", `memory-backend-file,id=psram,size=16M,share=on,mem-path=${this.memory.path}`],
      ...["-kernel", shell, ...load],
      ...["-nic", `${this.options.nic ?? forwards.join(",")},id=net,model=lan9118`],
      ...["-device", "pca9552,id=pca,address=0x60"],
      ...["-qmp", `unix:${this.#socket},server=on,wait=off`],
      ...words,
    ];
  }

  async #connect(): Promise<void> {
    const limit = Date.now() + CONNECT_LIMIT_MS;
    while (this.#protocol === undefined) {
      if (this.#process.exitCode !== null || Date.now() > limit) {
        throw new Error(`${QEMU} did not start: ${this.#said.trim()}`);
      }
      await sleep(LOOK_MS);
      this.#protocol = await MachineProtocol.connect(this.#socket).catch(() => undefined);
    }
  }

  readonly #kill = (): void => {
    this.#process.kill("SIGKILL");
  };

  /** Takes the power away. May be called again. */
  stop(): void {
    process.off("exit", this.#kill);
    this.#protocol?.close();
    this.#kill();
    this.memory.close();
    rmSync(this.#directory, { recursive: true, force: true });
    this.stop = () => undefined;
  }

  /** Runs a command of QEMU's. */
  execute(command: string, words: object): Promise<unknown> {
    if (this.#protocol === undefined) {
      throw new Error("the board is not on");
    }
    return this.#protocol.execute(command, words);
  }

  /** The console as it is, octet by octet, in and out. */
  get console(): { input: Writable; output: Readable } {
    const { stdin } = this.#process;
    if (stdin === null) {
      throw new Error("the board has no console");
    }
    return { input: stdin, output: this.#output };
  }

  /** Presses keys at the console: m the memory report, q an end in good order, r a restart. */
  type(keys: string): void {
    this.#process.stdin?.write(keys);
  }

  async #setPin(pin: number, isOn: boolean): Promise<void> {
    await this.execute("qom-set", {
      path: "/machine/peripheral/pca",
      property: `led${pin}`,
      value: isOn ? "on" : "off",
    });
  }

  async #readPin(pin: number): Promise<boolean> {
    return (await this.execute("qom-get", { path: "/machine/peripheral/pca", property: `led${pin}` })) === "on";
  }

  /** Presses a button and lets it go. */
  async press(button: number, milliseconds = 150): Promise<void> {
    await this.#setPin(FIRST_BUTTON + button, true);
    await sleep(milliseconds);
    await this.#setPin(FIRST_BUTTON + button, false);
  }

  relay(index: number): Promise<boolean> {
    return this.#readPin(FIRST_RELAY + index);
  }

  light(index: number): Promise<boolean> {
    return this.#readPin(FIRST_LIGHT + index);
  }

  /** Pulls the cable out, or puts it in. */
  async setCable(isIn: boolean): Promise<void> {
    await this.execute("set_link", { name: "net", up: isIn });
  }

  /** Resolves when the console has said what the pattern finds, behind the line `from`; to that line's number. */
  async hear(pattern: RegExp, limit: number, from = 0): Promise<number> {
    const end = Date.now() + limit;
    for (;;) {
      const index = this.lines.findIndex((line, number) => number >= from && pattern.test(line));
      if (index >= 0) {
        return index;
      }
      if (Date.now() > end || this.#process.exitCode !== null) {
        throw new Error(
          `the console did not say ${pattern} within ${limit} ms:\n${this.lines.join("\n")}${this.#said}`,
        );
      }
      await sleep(LOOK_MS);
    }
  }

  /** The memory report of the key `m`, line by line. */
  async memoryReport(limit: number): Promise<string> {
    const from = this.lines.length;
    this.type("m");
    return this.lines.slice(from, 1 + (await this.hear(/ everything else /, limit, from))).join("\n");
  }

  /** Resolves when a condition holds. @throws when it does not within `limit` milliseconds */
  async until(what: string, condition: () => boolean | Promise<boolean>, limit: number): Promise<void> {
    const end = Date.now() + limit;
    while (!(await condition())) {
      if (Date.now() > end) {
        throw new Error(`not within ${limit} ms: ${what}\n${this.lines.join("\n")}`);
      }
      await sleep(LOOK_MS);
    }
  }
}
