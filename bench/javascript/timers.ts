// What the timers of every contender do: how many there are, and for how long each is set. It is what a station in a call
// has: retransmissions, session and registration timers, most of which are stopped before they fire.

/** A power of two. */
export const TIMERS = 64;
/** Timers that are set when the first operation begins. */
export const ARMED = 48;

/** Milliseconds for which a timer is set: T1 to 64 * T1, and more. */
const INTERVALS = [500, 1000, 4000, 32_000, 200, 5000, 90_000, 20];

export function intervalOf(timer: number): number {
  return INTERVALS[timer % INTERVALS.length] + timer;
}
