// Randomness: unpredictable from the machine, or repeatable from a seed. The seeded one must never drive a real door.

import { randomFillSync } from "node:crypto";
import type { Bytes } from "../../firmware/bytes/bytes";
import type { Random } from "../random";

/** The machine's cryptographic source. */
export function createSecureRandom(): Random {
  return {
    fill(buffer: Bytes, start: number, end: number): void {
      randomFillSync(buffer as unknown as Uint8Array, start, end - start);
    },
  };
}

function rotateLeft(value: number, count: number): number {
  return (value << count) | (value >>> (32 - count));
}

/** xoshiro128** (Blackman and Vigna), its state spread from the seed by a multiplicative hash. */
export class SeededRandom implements Random {
  private readonly state = new Int32Array(4);

  constructor(seed: number) {
    let value = seed | 0;
    for (let index = 0; index < 4; index += 1) {
      value = (value + 0x9e3779b9) | 0;
      let mixed = Math.imul(value ^ (value >>> 16), 0x21f0aaad);
      mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
      this.state[index] = mixed ^ (mixed >>> 15);
    }
  }

  /** 32 bits, as a number of 0 … 2^32 - 1. */
  next(): number {
    const state = this.state;
    const result = Math.imul(rotateLeft(Math.imul(state[1], 5), 7), 9) >>> 0;
    const shifted = state[1] << 9;
    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= shifted;
    state[3] = rotateLeft(state[3], 11);
    return result;
  }

  /** At least 0, below 1. */
  fraction(): number {
    return this.next() / 0x100000000;
  }

  fill(buffer: Bytes, start: number, end: number): void {
    for (let index = start; index < end; index += 1) {
      buffer[index] = this.next() >>> 24;
    }
  }
}
