// The desk's end of the wire to a device in a process of its own (boards/desk/wire.h): frames over two pipes, one after the other.
// Reading blocks this process on purpose: desk and device never work at the same time, so that virtual time stands still for both.

import { execFileSync, spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** The kinds of frames: those of wire.h. */
export const enum FrameKind {
  BOOT = 1,
  POLL = 2,
  STOP = 3,
  IS_STOPPED = 4,
  COLLECT = 5,
  MEMORY = 6,
  POOL = 7,
  PART = 8,
  RESULT = 16,
  RESTART = 32,
  LINE = 33,
  EVENT = 34,
  MESSAGE = 35,
  SECURE = 36,
  PIN = 37,
  AUDIO_START = 38,
  AUDIO_STOP = 39,
  WATCHDOG = 40,
  TCP_CLOSE = 41,
  RANDOM = 64,
  UDP_READ = 65,
  UDP_WRITE = 66,
  TCP_CONNECT = 67,
  TCP_ACCEPT = 68,
  TCP_READ = 69,
  TCP_WRITE = 70,
  AUDIO_READ = 71,
  AUDIO_WRITE = 72,
  STORAGE_READ = 73,
  STORAGE_WRITE = 74,
  I2C = 75,
  ANSWER = 128,
}

export interface Frame {
  kind: FrameKind;
  /** Socket, connection, pin, record … */
  index: number;
  first: number;
  second: number;
  /** Valid until the next frame is read. */
  payload: Buffer;
}

const HEADER_OCTETS = 20;
const PAYLOAD_OCTETS = 65536;
const NOTHING = Buffer.alloc(0);

/** The process at the other end has ended. */
export class WireClosed extends Error {}

function isClosed(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === "EPIPE" || code === "EOF";
}

export class DeskWire {
  readonly #incoming = Buffer.alloc(HEADER_OCTETS + PAYLOAD_OCTETS);
  readonly #outgoing = Buffer.alloc(HEADER_OCTETS + PAYLOAD_OCTETS);
  readonly #reader: number;
  readonly #writer: number;
  readonly #child: ReturnType<typeof spawn>;
  #open = true;

  /** Starts a program with its standard input and output as the wire. @throws Error when there is no such program */
  constructor(command: string, parameters: readonly string[], environment: NodeJS.ProcessEnv = process.env) {
    const directory = mkdtempSync(path.join(tmpdir(), "doorline-desk-"));
    try {
      const [commands, calls] = [path.join(directory, "commands"), path.join(directory, "calls")];
      execFileSync("mkfifo", [commands, calls]);
      // Opened for both directions first, which waits for nobody; then each side has its own end only, so that it notices when the
      // other has gone.
      const held = [commands, calls].map((file) => openSync(file, "r+"));
      this.#writer = openSync(commands, "w");
      this.#reader = openSync(calls, "r");
      const childInput = openSync(commands, "r");
      const childOutput = openSync(calls, "w");
      held.forEach(closeSync);
      this.#child = spawn(command, parameters, { stdio: [childInput, childOutput, "inherit"], env: environment });
      this.#child.on("error", () => undefined);
      closeSync(childInput);
      closeSync(childOutput);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
    if (this.#child.pid === undefined) {
      this.close();
      throw new Error(`${command} cannot be started`);
    }
  }

  /** @throws WireClosed when the process has ended */
  send(kind: FrameKind, index: number, first: number, second: number, payload: Uint8Array = NOTHING): void {
    const frame = this.#outgoing;
    frame.writeUInt32LE(kind, 0);
    frame.writeUInt32LE(index, 4);
    frame.writeInt32LE(first, 8);
    frame.writeInt32LE(second, 12);
    frame.writeUInt32LE(payload.length, 16);
    frame.set(payload, HEADER_OCTETS);
    const length = HEADER_OCTETS + payload.length;
    try {
      for (let at = 0; at < length; ) {
        at += writeSync(this.#writer, frame, at, length - at);
      }
    } catch (error) {
      throw isClosed(error) ? new WireClosed("the device's process has ended") : error;
    }
  }

  /** Waits for the next frame. @throws WireClosed when the process has ended */
  receive(): Frame {
    this.#fill(0, HEADER_OCTETS);
    const bytes = this.#incoming;
    const length = bytes.readUInt32LE(16);
    if (length > PAYLOAD_OCTETS) {
      throw new WireClosed(`the device sent a frame of ${length} octets`);
    }
    this.#fill(HEADER_OCTETS, length);
    return {
      kind: bytes.readUInt32LE(0),
      index: bytes.readUInt32LE(4),
      first: bytes.readInt32LE(8),
      second: bytes.readInt32LE(12),
      payload: bytes.subarray(HEADER_OCTETS, HEADER_OCTETS + length),
    };
  }

  /** Ends the process. May be called again. */
  close(): void {
    if (this.#open) {
      this.#open = false;
      closeSync(this.#writer);
      closeSync(this.#reader);
      this.#child.kill("SIGKILL");
    }
  }

  #fill(start: number, length: number): void {
    for (let at = start; at < start + length; ) {
      const taken = readSync(this.#reader, this.#incoming, at, start + length - at, null);
      if (taken === 0) {
        throw new WireClosed("the device's process has ended");
      }
      at += taken;
    }
  }
}
