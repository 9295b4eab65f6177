// A device in a process of its own: the built program in a Lua or JerryScript shell (boards/desk), with a board of the desk around
// it. To whoever polls it, it is the station that runs in this process, message for message.

import type { Board } from "../../hal/board";
import type { Endpoint } from "../../hal/endpoint";
import type { Udp } from "../../hal/udp";
import { DeskWire, type Frame, FrameKind } from "./desk-wire";

/** Why a device starts anew: device_reset_reason of device.h. */
export const enum ResetReason {
  POWER_ON = 0,
  WATCHDOG = 1,
  OUT_OF_MEMORY = 2,
  SCRIPT_ERROR = 3,
  PROGRAM_DAMAGED = 4,
  FAULT = 5,
  REQUESTED = 6,
}

/** The VM's own memory, in octets (engine_memory of engine.h). */
export interface EngineMemory {
  total: number;
  /** With what the allocator adds to each piece. */
  used: number;
  /** What the VM asked for of that: after a collection, what is live. */
  live: number;
  peak: number;
  allocated: number;
  buffers: number;
  buffersTotal: number;
  /** The deepest that the C stack was since the process began. */
  stack: number;
}

/** One kind of the VM's objects. */
export interface EnginePart {
  name: string;
  count: number;
  octets: number;
}

/** One pool of the firmware's memory contract, as the VM's shell reads it. */
export interface EnginePool {
  name: string;
  records: number;
  inUse: number;
  mostUsed: number;
  refused: number;
}

/** What a board of the desk can say beyond `Board`: whether a read is worth its way over the wire. */
export interface DeskBoard extends Board {
  /** Whether datagrams wait. Left out: they may. */
  isReadable?: (udp: Udp) => boolean;
}

/** Either direction of audio. */
interface Switchable {
  start(this: Switchable): void;
  stop(this: Switchable): void;
}

/** A program and the shell that runs it. */
export interface Shell {
  /** The executable, doorline-desk-lua or doorline-desk-jerryscript. */
  command: string;
  /** What runs it, with its options: an emulator or a profiler. Left out: this machine. */
  launcher?: readonly string[];
  /** The program image that `doorline build` wrote. */
  program: string;
  /** What the command is given. Left out: the program. */
  words?: readonly string[];
}

const SOCKETS = 8;
const ENDPOINT_OCTETS = 20;
const SURROUNDINGS_OCTETS = 24 + 2 * ENDPOINT_OCTETS * SOCKETS;
const LONGEST_DATAGRAM = 65507;
const REFUSED = -2;
const ABSENT = -3;

function putEndpoint(block: Buffer, at: number, endpoint: Endpoint): void {
  block.fill(0, at, at + ENDPOINT_OCTETS);
  block[at] = endpoint.family;
  block.writeUInt16BE(endpoint.port, at + 2);
  for (let index = 0; index < (endpoint.family === 6 ? 16 : 4); index += 1) {
    block[at + 4 + index] = endpoint.address[index];
  }
}

function takeEndpoint(block: Buffer): Endpoint {
  return { family: block[0], port: block.readUInt16BE(2), address: new Uint8Array(block.subarray(4, ENDPOINT_OCTETS)) };
}

/** The name at the beginning of a payload: 32 octets, zero-filled. */
function textOf(payload: Buffer): string {
  return payload.toString("latin1", 0, 32).replace(/\0.*$/s, "");
}

const NO_ADDRESS: Endpoint = { family: 0, address: new Uint8Array(16), port: 0 };

export class ProcessDevice {
  /** What the shell itself says: boot, faults. */
  readonly lines: string[] = [];
  /** Why the device ended by itself; -1 while it runs. */
  fault: ResetReason | -1 = -1;
  /** "lua 5.4.4" */
  engine = "";
  readonly #wire: DeskWire;
  readonly #board: DeskBoard;
  readonly #sockets: Udp[];
  readonly #surroundings = Buffer.alloc(SURROUNDINGS_OCTETS);
  readonly #datagram = Buffer.alloc(ENDPOINT_OCTETS + LONGEST_DATAGRAM);
  readonly #source: Endpoint = { family: 0, address: new Uint8Array(16), port: 0 };

  /** Starts the process and boots the program in it: the device is started, and polls may begin. */
  constructor(board: DeskBoard, shell: Shell, reason: ResetReason = ResetReason.POWER_ON, restarts = 0) {
    this.#board = board;
    this.#sockets = [board.sip, board.names, ...board.media.flatMap(({ rtp, rtcp }) => [rtp, rtcp])];
    const [command, ...parameters] = [...(shell.launcher ?? []), shell.command, ...(shell.words ?? [shell.program])];
    this.#surroundings[21] = reason;
    this.#surroundings.writeUInt16LE(restarts, 22);
    // A board that cannot be read leaves no process behind.
    this.#readSurroundings();
    this.#wire = new DeskWire(command, parameters);
    this.#command(FrameKind.BOOT, 0, this.#surroundings, (frame) => {
      this.engine = frame.payload.toString("latin1");
    });
  }

  /** Does everything that is due. Returns the milliseconds after which it wants to be polled at the latest. */
  poll(): number {
    this.#readSurroundings();
    return this.#command(FrameKind.POLL, 0, this.#surroundings);
  }

  /** Asks the program to end in good order. */
  stop(): void {
    this.#command(FrameKind.STOP);
  }

  isStopped(): boolean {
    return this.fault !== -1 || this.#command(FrameKind.IS_STOPPED) === 1;
  }

  /** A full collection in the VM, so that `memory` tells what is live. */
  collect(): void {
    this.#command(FrameKind.COLLECT);
  }

  /** A round of the collector in the steps that it makes between polls. Returns their number. */
  collectInSteps(): number {
    return this.#command(FrameKind.COLLECT, 1);
  }

  /** The VM's memory as it is. */
  memory(): EngineMemory {
    const numbers: number[] = [];
    this.#command(FrameKind.MEMORY, 0, undefined, ({ payload }) => {
      for (let at = 0; at < payload.length; at += 8) {
        numbers.push(Number(payload.readBigUInt64LE(at)));
      }
    });
    const [total, used, live, peak, allocated, buffers, buffersTotal, stack] = numbers;
    return { total, used, live, peak, allocated, buffers, buffersTotal, stack };
  }

  /** What the VM's memory is taken by; none when it does not tell its objects apart. */
  parts(): EnginePart[] {
    const parts: EnginePart[] = [];
    const read = ({ index, second, payload }: Frame): void => {
      if (payload.length > 0) {
        parts.push({ name: textOf(payload), count: index, octets: second });
      }
    };
    for (let index = 0; this.#command(FrameKind.PART, index, undefined, read) === 0; index += 1) {
      // Until the last one is read.
    }
    return parts;
  }

  /** The pools of the memory contract. */
  pools(): EnginePool[] {
    const pools: EnginePool[] = [];
    const read = ({ payload }: Frame): void => {
      if (payload.length > 0) {
        const name = textOf(payload);
        const [records, inUse, mostUsed, refused] = [32, 36, 40, 44].map((at) => payload.readUInt32LE(at));
        pools.push({ name, records, inUse, mostUsed, refused });
      }
    };
    for (let index = 0; this.#command(FrameKind.POOL, index, undefined, read) === 0; index += 1) {
      // Until the last one is read.
    }
    return pools;
  }

  /** Ends the process at once. */
  close(): void {
    this.#wire.close();
  }

  #readSurroundings(): void {
    const block = this.#surroundings;
    const board = this.#board;
    let readable = 0;
    for (const [number, udp] of this.#sockets.entries()) {
      readable |= board.isReadable === undefined || board.isReadable(udp) ? 1 << number : 0;
      const at = 24 + 2 * ENDPOINT_OCTETS * number;
      const first = udp.local.family === 6 ? NO_ADDRESS : udp.local;
      putEndpoint(block, at, first);
      putEndpoint(block, at + ENDPOINT_OCTETS, udp.local.family === 6 ? udp.local : udp.local6);
    }
    let pressed = 0;
    for (const [number, button] of board.buttons.entries()) {
      pressed |= button.read() << number;
    }
    block.writeUInt32LE(board.clock.now(), 0);
    block.writeUInt32LE(readable, 4);
    block.writeUInt32LE(pressed, 8);
    block.writeUInt16LE(board.network.changes(), 12);
    block[14] = board.network.isUp() ? 1 : 0;
    block[15] = board.streams.count;
    block[16] = board.streams.waiting();
    block[17] = board.media.length;
    block[18] = board.buttons.length;
    block[19] = board.leds.length;
    block[20] = board.relays.length;
  }

  /** Gives a command and serves the device until it is done. Returns what it answered, -1 when the device ended by itself. */
  #command(
    kind: FrameKind,
    index = 0,
    payload?: Uint8Array,
    onResult: (frame: Frame) => void = () => undefined,
  ): number {
    if (this.fault !== -1) {
      return -1;
    }
    this.#wire.send(kind, index, 0, 0, payload);
    for (;;) {
      const frame = this.#wire.receive();
      if (frame.kind === FrameKind.RESULT) {
        onResult(frame);
        return frame.first;
      }
      if (frame.kind === FrameKind.RESTART) {
        this.fault = frame.index;
        this.#wire.close();
        return -1;
      }
      if (frame.kind < FrameKind.RANDOM) {
        this.#hear(frame);
      } else {
        this.#serve(frame);
      }
    }
  }

  #hear({ kind, index, first, second, payload }: Frame): void {
    const board = this.#board;
    const audio: Switchable = index === 0 ? board.audioIn : board.audioOut;
    switch (kind) {
      case FrameKind.LINE:
        this.lines.push(payload.toString("latin1"));
        break;
      case FrameKind.EVENT:
        board.log.event(index, first, second);
        break;
      case FrameKind.MESSAGE: {
        const message = payload.subarray(ENDPOINT_OCTETS);
        board.log.message(index === 1, message, 0, message.length, takeEndpoint(payload));
        break;
      }
      case FrameKind.SECURE:
        for (const pin of [...board.relays, ...board.leds]) {
          pin.write(0);
        }
        break;
      case FrameKind.PIN:
        (index === 2 ? board.relays : board.leds)[first].write(second);
        break;
      case FrameKind.AUDIO_START:
        audio.start();
        break;
      case FrameKind.AUDIO_STOP:
        audio.stop();
        break;
      case FrameKind.WATCHDOG:
        board.watchdog.feed();
        break;
      case FrameKind.TCP_CLOSE:
        board.streams.close(index);
        break;
      default:
        throw new Error(`the device says ${kind}, which nobody knows`);
    }
  }

  #answer(status: number, payload?: Uint8Array): void {
    this.#wire.send(FrameKind.ANSWER, 0, status, 0, payload);
  }

  /** Answers with the octets that a read brought, when it brought any. */
  #answerRead(length: number, buffer: Buffer): void {
    this.#answer(length, length > 0 ? buffer.subarray(0, length) : undefined);
  }

  #serve({ kind, index, first, payload }: Frame): void {
    const board = this.#board;
    switch (kind) {
      case FrameKind.RANDOM: {
        const octets = Buffer.alloc(first);
        board.random.fill(octets, 0, first);
        this.#answer(0, octets);
        break;
      }
      case FrameKind.UDP_READ:
        this.#serveUdpRead(this.#sockets[index], first);
        break;
      case FrameKind.UDP_WRITE: {
        const udp = this.#sockets[index];
        this.#answer(udp.write(payload, ENDPOINT_OCTETS, payload.length, takeEndpoint(payload)));
        break;
      }
      case FrameKind.TCP_CONNECT:
        this.#answer(board.streams.connect(index, takeEndpoint(payload)));
        break;
      case FrameKind.TCP_ACCEPT: {
        const status = board.streams.accept(index, this.#source);
        const block = Buffer.alloc(ENDPOINT_OCTETS);
        putEndpoint(block, 0, this.#source);
        this.#answer(status, block);
        break;
      }
      case FrameKind.TCP_READ: {
        const buffer = Buffer.alloc(first);
        this.#answerRead(board.streams.read(index, buffer, 0, first), buffer);
        break;
      }
      case FrameKind.TCP_WRITE:
        this.#answer(board.streams.write(index, payload, 0, payload.length));
        break;
      case FrameKind.AUDIO_READ: {
        const samples = new Int16Array(first);
        const count = board.audioIn.read(samples, first);
        this.#answer(count, count > 0 ? Buffer.from(samples.buffer) : undefined);
        break;
      }
      case FrameKind.AUDIO_WRITE: {
        const copy = new Uint8Array(payload);
        const count = copy.length / 2;
        this.#answer(board.audioOut.write(new Int16Array(copy.buffer, 0, count), count));
        break;
      }
      case FrameKind.STORAGE_READ: {
        const buffer = Buffer.alloc(first);
        this.#answerRead(board.storage.read(index, buffer), buffer);
        break;
      }
      case FrameKind.STORAGE_WRITE:
        this.#answer(board.storage.write(index, payload, payload.length) === 0 ? 0 : REFUSED);
        break;
      case FrameKind.I2C:
        this.#answer(ABSENT);
        break;
      default:
        throw new Error(`the device asks ${kind}, which nobody knows`);
    }
  }

  #serveUdpRead(udp: Udp, size: number): void {
    const space = this.#datagram.subarray(ENDPOINT_OCTETS, ENDPOINT_OCTETS + size);
    const length = udp.read(space, this.#source);
    if (length < 0) {
      this.#answer(length);
      return;
    }
    putEndpoint(this.#datagram, 0, this.#source);
    this.#answer(length, this.#datagram.subarray(0, ENDPOINT_OCTETS + Math.min(length, size)));
  }
}
