// A simulated watchdog: calls `onStarved` once when it was not fed in time, as the chip would reset the device.

import type { Watchdog } from "../watchdog";
import type { Cancel, Scheduler } from "./scheduler";

export class SimulatedWatchdog implements Watchdog {
  /** How often it was fed. */
  feeds = 0;
  /** How often it was not fed in time. */
  starved = 0;
  /** The longest time between two feeds, milliseconds. */
  longestGap = 0;
  onStarved: () => void = () => undefined;
  private last = 0;
  private armed = false;
  private cancel: Cancel = () => undefined;

  /** @param limit milliseconds */
  constructor(
    private readonly scheduler: Scheduler,
    private readonly limit: number,
  ) {}

  /** The first feed arms it. */
  feed(): void {
    const now = this.scheduler.elapsed();
    if (this.armed) {
      this.longestGap = Math.max(this.longestGap, now - this.last);
    }
    this.last = now;
    this.feeds += 1;
    if (!this.armed) {
      this.armed = true;
      this.watch(this.limit);
    }
  }

  /** Takes it out of the circuit until it is fed again. */
  disarm(): void {
    this.armed = false;
    this.cancel();
  }

  // One alarm a limit, not one a feed: a station feeds hundreds of times a second.
  private watch(delay: number): void {
    this.cancel = this.scheduler.after(delay, () => {
      const due = this.last + this.limit - this.scheduler.elapsed();
      if (due > 0) {
        this.watch(due);
        return;
      }
      this.armed = false;
      this.starved += 1;
      this.onStarved();
    });
  }
}
