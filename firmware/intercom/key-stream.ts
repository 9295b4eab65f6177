// One stream of keys out of two that may carry the same ones: telephone events (RFC 4733) and INFO. A peer that sends both has
// each of its keys counted once, whichever comes first and however far apart; a peer that sends one has all of them counted.

import { type Bytes, createBytes } from "../bytes/bytes";
import { timeBetween } from "../clock/time";

export const enum KeyPath {
  TELEPHONE_EVENT = 1,
  INFO = 2,
}

/** How far the two reports of one key may lie apart: INFO often goes out at the end of a long press, and may be sent again. */
export const KEY_SKEW_MS = 3000;

/** Keys that are remembered: more than a person presses in KEY_SKEW_MS. */
const MEMORY = 16;

export interface KeyStream {
  readonly keys: Bytes;
  /** The path that reported it; 0: both have, or nothing is remembered here. */
  readonly paths: Bytes;
  /** Device times. */
  readonly times: number[];
  /** Where the next one is remembered: the place of the oldest. */
  next: number;
}

/** Boot only: no key yet. */
export function createKeyStream(): KeyStream {
  const stream: KeyStream = { keys: createBytes(MEMORY), paths: createBytes(MEMORY), times: [], next: 0 };
  for (let index = 0; index < MEMORY; index += 1) {
    stream.times.push(0);
  }
  return stream;
}

/** Forgets the keys of a call that is over. */
export function restartKeyStream(stream: KeyStream): void {
  for (let index = 0; index < MEMORY; index += 1) {
    stream.paths[index] = 0;
  }
}

/**
 * Takes a key from one of the paths.
 * @param now device time
 * @returns whether it counts: the other path has not reported it yet
 */
export function takeKey(stream: KeyStream, key: number, path: KeyPath, now: number): boolean {
  for (let step = 0; step < MEMORY; step += 1) {
    // The oldest first: of two equal keys the other path means the earlier one.
    const index = (stream.next + step) % MEMORY;
    if (
      stream.paths[index] !== 0 &&
      stream.paths[index] !== path &&
      stream.keys[index] === key &&
      timeBetween(stream.times[index], now) <= KEY_SKEW_MS
    ) {
      stream.paths[index] = 0;
      return false;
    }
  }
  stream.keys[stream.next] = key;
  stream.paths[stream.next] = path;
  stream.times[stream.next] = now;
  stream.next = (stream.next + 1) % MEMORY;
  return true;
}
