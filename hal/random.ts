// The board's random source: unpredictable on a door, seeded on the desk.

import type { Bytes } from "../firmware/bytes/bytes";

export interface Random {
  /** Fills buffer[start … end). */
  fill(this: Random, buffer: Bytes, start: number, end: number): void;
}
