// A simulated pin. The station sees ECMA-419's Digital; the desk sets inputs, watches outputs and reads the history.

import type { Digital } from "../digital";
import type { Scheduler } from "./scheduler";

export interface PinChange {
  /** Milliseconds since the start. */
  time: number;
  value: number;
}

/** Changes that are kept, the latest. */
const HISTORY = 1000;

export class DigitalPin implements Digital {
  value: number;
  /** The latest changes, the oldest first. */
  readonly changes: PinChange[] = [];
  private readonly listeners: ((change: PinChange) => void)[] = [];
  private since: number;
  private total = 0;

  constructor(
    private readonly scheduler: Scheduler,
    initial = 0,
  ) {
    this.value = initial;
    this.since = scheduler.elapsed();
  }

  read(): number {
    return this.value;
  }

  write(value: number): void {
    if (value !== 0 && value !== 1) {
      throw new RangeError(`a pin is 0 or 1, not ${value}`);
    }
    if (value === this.value) {
      return;
    }
    const time = this.scheduler.elapsed();
    if (this.value === 1) {
      this.total += time - this.since;
    }
    this.value = value;
    this.since = time;
    const change = { time, value };
    this.changes.push(change);
    if (this.changes.length > HISTORY) {
      this.changes.shift();
    }
    for (const listener of this.listeners) {
      listener(change);
    }
  }

  /** Calls `listener` after each change, from either side. */
  onChange(listener: (change: PinChange) => void): void {
    this.listeners.push(listener);
  }

  /** Milliseconds that the pin has been 1 in all. */
  timeAtOne(): number {
    return this.total + (this.value === 1 ? this.scheduler.elapsed() - this.since : 0);
  }
}
