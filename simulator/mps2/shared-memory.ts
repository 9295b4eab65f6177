// The PSRAM of the MPS2 board as the file that QEMU maps: its settings partition, which is written before the board starts, and the
// rings of its sound device, which turn while it runs. The layouts are those of boards/mps2-an386/storage.h and audio.h.

import { randomBytes } from "node:crypto";
import { closeSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from "node:fs";
import { crc32 } from "../../tools/build/program-image";

export const PSRAM_OCTETS = 16 << 20;

const PARTITION_AT = 0xf00000;
const COPY_OCTETS = 8192;
const COPIES = 2;
const RECORD_MAGIC = 0x43524c44;
const RECORD_HEADER_OCTETS = 16;
const RECORD_OCTETS = COPY_OCTETS - RECORD_HEADER_OCTETS;

/** The records of the partition. */
export const enum BoardRecord {
  SETTINGS = 0,
  STATE = 1,
  SEED = 2,
}

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
    }
  }

  close(): void {
    closeSync(this.#file);
  }

  /** Where a copy of a record begins. */
  static copyAt(record: BoardRecord, copy: number): number {
    return PARTITION_AT + (record * COPIES + copy) * COPY_OCTETS;
  }

  /** Writes one copy of a record, as the board does. @throws {RangeError} when it is too long */
  writeRecord(record: BoardRecord, octets: Uint8Array, copy = 0, number = 1): void {
    if (octets.length > RECORD_OCTETS) {
      throw new RangeError(`a record of ${octets.length} octets; at most ${RECORD_OCTETS}`);
    }
    const whole = Buffer.alloc(RECORD_HEADER_OCTETS + octets.length);
    whole.writeUInt32LE(RECORD_MAGIC, 0);
    whole.writeUInt32LE(number, 4);
    whole.writeUInt32LE(octets.length, 8);
    whole.set(octets, RECORD_HEADER_OCTETS);
    whole.writeUInt32LE(crc32(Buffer.concat([whole.subarray(4, 12), octets])), 12);
    this.write(SharedMemory.copyAt(record, copy), whole);
  }

  /** Gives the board a seed of chance when it has none. */
  seed(): void {
    if (this.#current(BoardRecord.SEED) === undefined) {
      this.writeRecord(BoardRecord.SEED, randomBytes(SEED_OCTETS));
    }
  }

  /** The settings text that the board would read; "" when it has none. */
  get settings(): string {
    return this.#current(BoardRecord.SETTINGS)?.toString("utf8") ?? "";
  }

  /** Gives the board its settings in place of whatever it had. */
  provision(settings: string): void {
    for (let copy = 0; copy < COPIES; copy += 1) {
      this.write(SharedMemory.copyAt(BoardRecord.SETTINGS, copy), Buffer.alloc(RECORD_HEADER_OCTETS));
    }
    this.writeRecord(BoardRecord.SETTINGS, Buffer.from(settings, "utf8"));
  }

  /** The whole copy of a record with the highest number. */
  #current(record: BoardRecord): Buffer | undefined {
    let found: Buffer | undefined;
    let highest = 0;
    for (let copy = 0; copy < COPIES; copy += 1) {
      const octets = this.read(SharedMemory.copyAt(record, copy), COPY_OCTETS);
      const [magic, number, length, sum] = [0, 4, 8, 12].map((place) => octets.readUInt32LE(place));
      const whole = octets.subarray(RECORD_HEADER_OCTETS, RECORD_HEADER_OCTETS + length);
      if (magic === RECORD_MAGIC && sum === crc32(Buffer.concat([octets.subarray(4, 12), whole])) && number > highest) {
        found = whole;
        highest = number;
      }
    }
    return found;
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

  /** The last `count` samples that the loudspeaker played. */
  played(count: number): Int16Array {
    const clock = this.soundState()?.clock ?? 0;
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
