// The board's clocks.

export interface Clock {
  /** Device time: milliseconds in 27 bits, wrapping (firmware/clock/time.ts). Monotonic. */
  now(this: Clock): number;
}
