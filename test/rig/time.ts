// Time and chance as a test wants them: a clock that stands still until the test moves it on, and a random source that says
// the same for the same seed.

import { type Bytes, createBytes } from "../../firmware/bytes/bytes";
import { TIME_MASK } from "../../firmware/clock/time";
import type { Clock } from "../../hal/clock";
import type { Random } from "../../hal/random";

/** Device time when a test begins: 20 s before it wraps, so that every longer test runs over the wrap. */
const FIRST_TIME = TIME_MASK + 1 - 20000;

export class FakeClock implements Clock {
  /** Milliseconds since the test began, less than 37 hours. */
  elapsed = 0;

  now(): number {
    return (FIRST_TIME + this.elapsed) % (TIME_MASK + 1);
  }
}

/** RC4's first octets tell of its key, so they are left out. */
const LEFT_OUT = 256;

/**
 * RC4 with the seed as its key: a permutation of the octets that is stirred as it is read, in arithmetic that every VM has. Seeds side by
 * side say nothing alike, so tests may ask for chance in what a device makes of it.
 */
export class SeededRandom implements Random {
  private readonly permutation: Bytes = createBytes(256);
  private step = 0;
  private place = 0;

  /** @param seed 1 … 30000 */
  constructor(seed: number) {
    const permutation = this.permutation;
    const key = [seed & 0xff, (seed >> 8) & 0xff];
    for (let index = 0; index < 256; index += 1) {
      permutation[index] = index;
    }
    let place = 0;
    for (let index = 0; index < 256; index += 1) {
      const octet = permutation[index];
      place = (place + octet + key[index % 2]) & 0xff;
      permutation[index] = permutation[place];
      permutation[place] = octet;
    }
    this.fill(createBytes(LEFT_OUT), 0, LEFT_OUT);
  }

  fill(buffer: Bytes, start: number, end: number): void {
    const permutation = this.permutation;
    for (let index = start; index < end; index += 1) {
      this.step = (this.step + 1) & 0xff;
      const octet = permutation[this.step];
      this.place = (this.place + octet) & 0xff;
      const other = permutation[this.place];
      permutation[this.step] = other;
      permutation[this.place] = octet;
      buffer[index] = permutation[(octet + other) & 0xff];
    }
  }
}
