// Device time: a count of milliseconds in 27 bits that wraps after 37 hours, because a wider number allocates in
// JerryScript. Two times are compared by their masked difference, so an interval may be at most 18.6 hours.

/** The bits of a time. */
export const TIME_MASK = 0x7ffffff;
/** The highest of them, which a difference has for its sign. */
const TIME_SIGN = 0x4000000;

/** The longest interval that may be set or compared, milliseconds: 2^26 - 1, 18.6 hours. */
export const LONGEST_INTERVAL_MS = 0x3ffffff;

/** The time `interval` milliseconds after `time`. */
export function timeAfter(time: number, interval: number): number {
  return (time + interval) & TIME_MASK;
}

/** Milliseconds from `earlier` to `later`, negative when `later` lies before it. */
export function timeBetween(earlier: number, later: number): number {
  return (((later - earlier) & TIME_MASK) ^ TIME_SIGN) - TIME_SIGN;
}

/** Milliseconds since a time that is past; LONGEST_INTERVAL_MS when that is longer ago than can be told. */
export function timeSince(earlier: number, now: number): number {
  const elapsed = timeBetween(earlier, now);
  return elapsed < 0 ? LONGEST_INTERVAL_MS : elapsed;
}
