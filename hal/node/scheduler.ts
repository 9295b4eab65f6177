// A clock with alarms: what drives a station on the desk, in real time (real-clock.ts) or in virtual time
// (virtual-clock.ts). Everything timed in hal/node and the simulator goes through one, so that both run the same code.

import type { Clock } from "../clock";

/** Takes an alarm back; one that rang or was taken back before stays as it is. */
export type Cancel = () => void;

export interface Scheduler extends Clock {
  /** Milliseconds since the scheduler was made; never wraps. */
  elapsed(): number;
  /** Calls `action` once, `delay` milliseconds from now; 0: as soon as the present action has returned. */
  after(delay: number, action: () => void): Cancel;
}
