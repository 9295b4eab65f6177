// Real time: the machine's monotonic clock, masked to device time, and the event loop's timers.

import { TIME_MASK } from "../../firmware/clock/time";
import type { Cancel, Scheduler } from "./scheduler";

/** What setTimeout takes at most; a longer delay would ring at once. */
const LONGEST_TIMEOUT_MS = 0x7fffffff;

export class RealClock implements Scheduler {
  private readonly origin = performance.now();

  now(): number {
    // Not `&`: the count of milliseconds since the start of the process may exceed 32 bits.
    return Math.floor(performance.now()) % (TIME_MASK + 1);
  }

  elapsed(): number {
    return performance.now() - this.origin;
  }

  after(delay: number, action: () => void): Cancel {
    if (delay <= 0) {
      const immediate = setImmediate(action);
      return () => clearImmediate(immediate);
    }
    const timeout = setTimeout(action, Math.min(Math.ceil(delay), LONGEST_TIMEOUT_MS));
    return () => clearTimeout(timeout);
  }
}
