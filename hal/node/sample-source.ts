// What a microphone hears on the desk: silence, a sine tone, or a recording over and over.

import type { Samples } from "../../firmware/bytes/bytes";
import { OVERLOAD, SAMPLE_RATE } from "./audio-format";

export interface SampleSource {
  /** Puts the next `count` samples into samples[0 … count). */
  fill(samples: Samples, count: number): void;
}

export function createSilence(): SampleSource {
  return {
    fill(samples, count) {
      for (let index = 0; index < count; index += 1) {
        samples[index] = 0;
      }
    },
  };
}

/**
 * A sine tone without an end. Throws a RangeError for what 8,000 samples a second and 16 bits cannot carry.
 * @param hertz above 0, below 4000
 * @param level dBov, at most -3.02
 */
export function createSine(hertz: number, level: number): SampleSource {
  const amplitude = OVERLOAD * Math.SQRT2 * 10 ** (level / 20);
  if (!(hertz > 0 && hertz < SAMPLE_RATE / 2)) {
    throw new RangeError(`a tone of ${hertz} Hz is not possible; above 0 and below ${SAMPLE_RATE / 2}`);
  }
  if (!(amplitude < OVERLOAD)) {
    throw new RangeError(`a sine of ${level} dBov is not possible; at most -3.02`);
  }
  let phase = 0; // in turns, kept below 1 so that its precision does not fade
  return {
    fill(samples, count) {
      for (let index = 0; index < count; index += 1) {
        samples[index] = Math.round(amplitude * Math.sin(2 * Math.PI * phase));
        phase += hertz / SAMPLE_RATE;
        phase -= phase >= 1 ? 1 : 0;
      }
    },
  };
}

/** A recording, over and over. Throws a RangeError for an empty one. */
export function createLoop(recording: Samples): SampleSource {
  if (recording.length === 0) {
    throw new RangeError("a recording without samples cannot be played");
  }
  let position = 0;
  return {
    fill(samples, count) {
      for (let index = 0; index < count; index += 1) {
        samples[index] = recording[position];
        position = position + 1 === recording.length ? 0 : position + 1;
      }
    },
  };
}
