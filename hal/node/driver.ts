// Drives a station: polls it when something arrived or changed, when its next timer is due, and when a frame of audio is
// ready. The same in real and in virtual time; many stations can share one scheduler.

import type { Cancel, Scheduler } from "./scheduler";

/** A station, as the driver sees it. */
export interface Pollable {
  /** Does everything that is due. Returns the milliseconds after which it wants to be polled at the latest. */
  poll(): number;
}

/** A device that becomes ready as time passes: audio. */
export interface Paced {
  /** Milliseconds until its next frame is ready, above 0; Infinity when none comes. */
  untilReady(): number;
}

export class Driver {
  private cancel: Cancel = () => undefined;
  private awake = false;
  private running = true;
  /** How often the pollable was polled. */
  polls = 0;

  /** Polls for the first time as soon as the present action has returned. */
  constructor(
    private readonly scheduler: Scheduler,
    private readonly pollable: Pollable,
    private readonly paced: Paced[] = [],
  ) {
    this.wake();
  }

  /** Something arrived or changed: polls as soon as the present action has returned. */
  wake(): void {
    if (!this.awake && this.running) {
      this.awake = true;
      this.cancel();
      this.cancel = this.scheduler.after(0, () => this.poll());
    }
  }

  /** Polls no more. */
  stop(): void {
    this.running = false;
    this.cancel();
  }

  private poll(): void {
    this.awake = false;
    this.polls += 1;
    let delay = this.pollable.poll();
    // Something may have arrived while it ran.
    if (!this.running || this.awake) {
      return;
    }
    for (const device of this.paced) {
      delay = Math.min(delay, device.untilReady());
    }
    this.cancel = this.scheduler.after(delay, () => this.poll());
  }
}
