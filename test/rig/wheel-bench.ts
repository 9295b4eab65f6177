// A timer wheel and a clock, for parts of the station that know no more of time.

import { createTimerWheel, runTimers, type TimerWheel, timeToNextTimer } from "../../firmware/clock/timer-wheel";
import { FakeClock } from "./time";

export class WheelBench {
  readonly clock = new FakeClock();
  readonly wheel: TimerWheel = createTimerWheel(this.clock.now());

  /** Moves the time on from timer to timer. */
  advance(milliseconds: number): void {
    const end = this.clock.elapsed + milliseconds;
    while (this.clock.elapsed < end) {
      const due = timeToNextTimer(this.wheel, this.clock.now());
      const step = end - this.clock.elapsed;
      this.clock.elapsed += due < step ? (due < 1 ? 1 : due) : step;
      runTimers(this.wheel, this.clock.now());
    }
  }
}
