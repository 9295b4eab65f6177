// The PSRAM of the MPS2 board as the file that QEMU maps: the flash in its upper half (board-flash.ts), which is written before the
// board starts, and the rings of its sound device, which turn while it runs. Their layout is that of boards/mps2-an386/audio.h.

import { randomBytes } from "node:crypto";
import { closeSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from "node:fs";
import { BoardRecord, eraseFlash, placeProgram, readRecord, writeRecord } from "./board-flash";

export { BoardRecord } from "./board-flash";

/** The boards: the same one with another FPGA image in it, each by where its processor sees the PSRAM. */
export const PSRAM_AT = { "mps2-an386": 0x21000000, "mps2-an500": 0x60000000 } as const;
export type Mps2Board = keyof typeof PSRAM_AT;

/** Whether it is one of these boards. */
export function isMps2Board(name: string): name is Mps2Board {
  return name in PSRAM_AT;
}

export const PSRAM_OCTETS = 16 << 20;

const SEED_OCTETS = 32;

/** Samples of a ring: a little more than 8 s. */
export const RING_SAMPLES = 65536;
const SAMPLE_OCTETS = 2;
const SOUND_MAGIC = 0x43504c44;
const INPUT_AT = 4096;
const OUTPUT_AT = INPUT_AT + RING_SAMPLES * SAMPLE_OCTETS;
const STATE_OCTETS = 28;

/** What the sound device says of itself. */
export interface SoundState {
  /** Samples since boot. */
  clock: number;
  isInputOn: boolean;
  isOutputOn: boolean;
  /** Samples of silence that were played because the program's came too late. */
  outputLate: number;
  /** Samples of the microphone that the program did not fetch in time. */
  inputLost: number;
}

export class SharedMemory {
  readonly #file: number;

  /** Opens the file, made as large as the memory when it is new. What is in it stays: it is what the board keeps. */
  constructor(readonly path: string) {
    this.#file = openSync(path, "a+");
    closeSync(this.#file);
    this.#file = openSync(path, "r+");
    if (fstatSync(this.#file).size < PSRAM_OCTETS) {
      ftruncateSync(this.#file, PSRAM_OCTETS);
      eraseFlash(this);
    }
  }

  close(): void {
    closeSync(this.#file);
  }

  /** Gives the board a seed of chance when it has none. */
  seed(): void {
    if (readRecord(this, BoardRecord.SEED) === undefined) {
      writeRecord(this, BoardRecord.SEED, randomBytes(SEED_OCTETS));
    }
  }

  /** The settings text that the board would read; "" when it has none. */
  get settings(): string {
    return readRecord(this, BoardRecord.SETTINGS)?.toString("utf8") ?? "";
  }

  /** Gives the board its settings in place of whatever it had. */
  provision(settings: string): void {
    writeRecord(this, BoardRecord.SETTINGS, Buffer.from(settings, "utf8"));
  }

  /** Puts a program into the board's first slot, unless it was put there before. */
  place(program: Buffer): void {
    placeProgram(this, program);
  }

  soundState(): SoundState | undefined {
    const state = this.read(0, STATE_OCTETS);
    if (state.readUInt32LE(0) !== SOUND_MAGIC) {
      return undefined;
    }
    const [, , clock, isInputOn, isOutputOn, outputLate, inputLost] = Array.from({ length: 7 }, (_, index) =>
      state.readUInt32LE(4 * index),
    );
    return { clock, isInputOn: isInputOn === 1, isOutputOn: isOutputOn === 1, outputLate, inputLost };
  }

  /** What the microphone hears from now on, over and over: samples that fit the ring a whole number of times make no click. */
  hear(samples: Int16Array): void {
    const ring = new Int16Array(RING_SAMPLES);
    for (let index = 0; index < RING_SAMPLES; index += 1) {
      ring[index] = samples[index % samples.length];
    }
    this.write(INPUT_AT, Buffer.from(ring.buffer));
  }

  /** Says samples to the microphone when the sound device's clock comes to `clock`. */
  speak(samples: Int16Array, clock: number): void {
    const octets = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
    const start = (clock % RING_SAMPLES) * SAMPLE_OCTETS;
    const first = Math.min(octets.length, RING_SAMPLES * SAMPLE_OCTETS - start);
    this.write(INPUT_AT + start, octets.subarray(0, first));
    this.write(INPUT_AT, octets.subarray(first));
  }

  /** The last `count` samples that the loudspeaker played. */
  played(count: number): Int16Array {
    return this.playedBefore(this.soundState()?.clock ?? 0, count);
  }

  /** The `count` samples that the loudspeaker played before `clock`. */
  playedBefore(clock: number, count: number): Int16Array {
    const ring = this.read(OUTPUT_AT, RING_SAMPLES * SAMPLE_OCTETS);
    return Int16Array.from({ length: count }, (_, index) => {
      const place = (((clock - count + index) % RING_SAMPLES) + RING_SAMPLES) % RING_SAMPLES;
      return ring.readInt16LE(place * SAMPLE_OCTETS);
    });
  }

  write(place: number, octets: Uint8Array): void {
    writeSync(this.#file, octets, 0, octets.length, place);
  }

  read(place: number, count: number): Buffer {
    const octets = Buffer.alloc(count);
    readSync(this.#file, octets, 0, count, place);
    return octets;
  }
}
