// A level meter on what a speaker plays: over a sliding window, the level of everything and the level of one frequency
// (Goertzel's algorithm under a Hann window, so that other tones do not leak into it).

import type { Samples } from "../../firmware/bytes/bytes";
import { dBov, SAMPLE_RATE } from "./audio-format";

/** What listens to a speaker. */
export interface SampleSink {
  /** Takes samples[0 … count); they are the caller's again afterwards. */
  take(samples: Samples, count: number): void;
}

/** 200 ms: frequencies 20 Hz apart are told apart. */
const WINDOW_SAMPLES = 1600;

export class LevelMeter implements SampleSink {
  private readonly window: Float64Array;
  private readonly weights: Float64Array;
  private readonly weightSum: number;
  private position = 0;
  /** Samples heard in all. */
  heard = 0;

  /** @param length of the window in samples; before it is full the rest counts as silence */
  constructor(length = WINDOW_SAMPLES) {
    this.window = new Float64Array(length);
    this.weights = Float64Array.from({ length }, (_, index) => 1 - Math.cos((2 * Math.PI * (index + 0.5)) / length));
    this.weightSum = this.weights.reduce((sum, weight) => sum + weight, 0);
  }

  take(samples: Samples, count: number): void {
    for (let index = 0; index < count; index += 1) {
      this.window[this.position] = samples[index];
      this.position = this.position + 1 === this.window.length ? 0 : this.position + 1;
    }
    this.heard += count;
  }

  /** Forgets what was heard. */
  clear(): void {
    this.window.fill(0);
    this.heard = 0;
  }

  /** The level of the whole window, dBov; SILENCE_DBOV for silence. */
  level(): number {
    let energy = 0;
    for (const sample of this.window) {
      energy += sample * sample;
    }
    return dBov(Math.sqrt(energy / this.window.length));
  }

  /** The level of a sine of this frequency, 50 to 3950 Hz, in the window, dBov; SILENCE_DBOV when there is nothing. */
  levelAt(hertz: number): number {
    const length = this.window.length;
    const omega = (2 * Math.PI * hertz) / SAMPLE_RATE;
    const coefficient = 2 * Math.cos(omega);
    let previous = 0;
    let beforePrevious = 0;
    for (let index = 0; index < length; index += 1) {
      const sample = this.window[(this.position + index) % length] * this.weights[index];
      const next = sample + coefficient * previous - beforePrevious;
      beforePrevious = previous;
      previous = next;
    }
    const power = previous * previous + beforePrevious * beforePrevious - coefficient * previous * beforePrevious;
    const amplitude = (2 * Math.sqrt(Math.max(0, power))) / this.weightSum;
    return dBov(amplitude / Math.SQRT2);
  }
}
