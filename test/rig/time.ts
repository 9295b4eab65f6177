// Time and chance as a test wants them: a clock that stands still until the test moves it on, and a random source that says
// the same for the same seed.

import type { Bytes } from "../../firmware/bytes/bytes";
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

/** Wichmann and Hill's generator (1982): three small remainders, the same in every VM. */
export class SeededRandom implements Random {
  private first: number;
  private second: number;
  private third: number;

  /** @param seed 1 … 30000 */
  constructor(seed: number) {
    this.first = seed;
    this.second = (seed * 7) % 30306;
    this.third = (seed * 13) % 30322;
  }

  fill(buffer: Bytes, start: number, end: number): void {
    for (let index = start; index < end; index += 1) {
      this.first = (this.first * 171) % 30269;
      this.second = (this.second * 172) % 30307;
      this.third = (this.third * 170) % 30323;
      buffer[index] = (this.first + this.second + this.third) & 0xff;
    }
  }
}
