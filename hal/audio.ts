// ECMA-419 AudioIn and AudioOut: LPCM, 16 bits, one channel, 8,000 samples a second. The board's sample clock paces them.

import type { Samples } from "../firmware/bytes/bytes";

export interface AudioIn {
  start(this: AudioIn): void;
  stop(this: AudioIn): void;
  /**
   * Takes samples[0 … count) when as many are there, else none.
   * @returns count or 0
   */
  read(this: AudioIn, samples: Samples, count: number): number;
}

export interface AudioOut {
  start(this: AudioOut): void;
  stop(this: AudioOut): void;
  /**
   * Queues samples[0 … count) when there is room for all, else none.
   * @returns count or 0
   */
  write(this: AudioOut, samples: Samples, count: number): number;
}
