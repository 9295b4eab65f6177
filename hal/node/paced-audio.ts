// Audio in and out at the pace of a clock: as many samples come and go as time has passed since `start`, so nothing drifts
// however late a poll is. A poll that comes too late loses samples or leaves a gap, counted, as on a real board.

import { createSamples, type Samples } from "../../firmware/bytes/bytes";
import type { AudioIn, AudioOut } from "../audio";
import { FRAME_SAMPLES, SAMPLES_PER_MILLISECOND } from "./audio-format";
import type { Paced } from "./driver";
import type { SampleSink } from "./level-meter";
import type { SampleSource } from "./sample-source";
import type { Scheduler } from "./scheduler";

/** Samples of the microphone that wait at most: 200 ms, what a busy desk may take to come back. */
const INPUT_SAMPLES = 1600;

/** Samples that wait for the speaker at most: three frames, because what waits delays the voice. */
const OUTPUT_SAMPLES = 480;

/** Samples since an instant. */
class SampleClock {
  running = false;
  private origin = 0;

  constructor(private readonly scheduler: Scheduler) {}

  start(): void {
    this.origin = this.scheduler.elapsed();
    this.running = true;
  }

  now(): number {
    return Math.floor((this.scheduler.elapsed() - this.origin) * SAMPLES_PER_MILLISECOND + 1e-6);
  }
}

export class PacedAudioIn implements AudioIn, Paced {
  /** Samples that nobody took in time. */
  lost = 0;
  private readonly clock: SampleClock;
  private taken = 0;

  /** @param source may be replaced at any time */
  constructor(
    scheduler: Scheduler,
    public source: SampleSource,
  ) {
    this.clock = new SampleClock(scheduler);
  }

  get running(): boolean {
    return this.clock.running;
  }

  start(): void {
    if (!this.clock.running) {
      this.clock.start();
      this.taken = 0;
    }
  }

  stop(): void {
    this.clock.running = false;
  }

  read(samples: Samples, count: number): number {
    if (!this.clock.running) {
      return 0;
    }
    const now = this.clock.now();
    while (now - this.taken > INPUT_SAMPLES) {
      this.taken += FRAME_SAMPLES;
      this.lost += FRAME_SAMPLES;
    }
    if (now - this.taken < count) {
      return 0;
    }
    this.source.fill(samples, count);
    this.taken += count;
    return count;
  }

  untilReady(): number {
    if (!this.clock.running) {
      return Number.POSITIVE_INFINITY;
    }
    const waiting = this.clock.now() - this.taken;
    return (FRAME_SAMPLES - (waiting % FRAME_SAMPLES)) / SAMPLES_PER_MILLISECOND;
  }
}

export class PacedAudioOut implements AudioOut {
  /** Samples of silence that were played because none came in time, from the first written sample on. */
  gaps = 0;
  /** What hears the speaker. Each gets silence too, where there is a gap, so that its time is the clock's. */
  readonly sinks: SampleSink[];
  private readonly clock: SampleClock;
  private readonly silence = createSamples(FRAME_SAMPLES);
  /** Samples since `start` that were queued, played or not. */
  private queued = 0;

  constructor(scheduler: Scheduler, sinks: SampleSink[]) {
    this.clock = new SampleClock(scheduler);
    this.sinks = sinks;
  }

  get running(): boolean {
    return this.clock.running;
  }

  start(): void {
    if (!this.clock.running) {
      this.clock.start();
      this.queued = 0;
    }
  }

  /** What was queued is played, the rest of the time until now is silence. */
  stop(): void {
    if (this.clock.running) {
      this.play(this.clock.now() - this.queued);
      this.clock.running = false;
    }
  }

  write(samples: Samples, count: number): number {
    if (!this.clock.running) {
      return 0;
    }
    const now = this.clock.now();
    if (this.queued < now) {
      // A frame of silence ahead of the clock, so that one late poll does not make every later frame late as well.
      const missing = now + FRAME_SAMPLES - this.queued;
      this.gaps += this.queued === 0 ? 0 : missing;
      this.play(missing);
    }
    if (this.queued + count - now > OUTPUT_SAMPLES) {
      return 0;
    }
    for (const sink of this.sinks) {
      sink.take(samples, count);
    }
    this.queued += count;
    return count;
  }

  private play(count: number): void {
    for (let rest = count; rest > 0; rest -= FRAME_SAMPLES) {
      for (const sink of this.sinks) {
        sink.take(this.silence, Math.min(rest, FRAME_SAMPLES));
      }
    }
    this.queued += Math.max(0, count);
  }
}
