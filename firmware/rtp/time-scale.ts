// Shortens or lengthens a frame of speech by one period of its own waveform, so that the playout follows a drifting clock
// without a click. The period is where the waveform repeats best; the ends are cross-faded. Plain integers, no state.

import type { Samples } from "../bytes/bytes";

/** The frame that is worked on, samples: 20 ms. */
export const SPLICE_FRAME = 160;
/** The shortest and the longest period that is looked for, samples: voices of 400 down to 66 Hz. */
export const SPLICE_LAG_MINIMUM = 20;
export const SPLICE_LAG_MAXIMUM = 120;

const FADE_SHIFT = 5;
const FADE = 32; // samples of the cross-fade: 4 ms
const COARSE_STEP = 4; // 250 differences find the neighbourhood, 112 the place

/** How unlike the waveform is to itself `lag` samples later: the sum of differences over the cross-fade. */
function difference(samples: Samples, lag: number, step: number): number {
  let sum = 0;
  for (let index = 0; index < FADE; index += step) {
    const distance = samples[index] - samples[index + lag];
    sum += distance < 0 ? -distance : distance;
  }
  return sum;
}

/**
 * The lag at which samples[0 … 32) repeats best; of equal ones the longest.
 * @param samples at least SPLICE_LAG_MAXIMUM + 32
 * @returns samples, SPLICE_LAG_MINIMUM … SPLICE_LAG_MAXIMUM
 */
export function findSpliceLag(samples: Samples): number {
  let coarse = SPLICE_LAG_MINIMUM;
  let least = difference(samples, coarse, COARSE_STEP);
  for (let lag = SPLICE_LAG_MINIMUM + COARSE_STEP; lag <= SPLICE_LAG_MAXIMUM; lag += COARSE_STEP) {
    const sum = difference(samples, lag, COARSE_STEP);
    if (sum <= least) {
      least = sum;
      coarse = lag;
    }
  }
  let best = coarse;
  least = difference(samples, coarse, 2);
  for (let lag = coarse - COARSE_STEP + 1; lag < coarse + COARSE_STEP; lag += 1) {
    if (lag >= SPLICE_LAG_MINIMUM && lag <= SPLICE_LAG_MAXIMUM) {
      const sum = difference(samples, lag, 2);
      if (sum < least) {
        least = sum;
        best = lag;
      }
    }
  }
  return best;
}

/** Fades over 32 samples from source[from …) to source[to …) into target[start …). */
function crossFade(source: Samples, from: number, to: number, target: Samples, start: number): void {
  for (let index = 0; index < FADE; index += 1) {
    const mixed = source[from + index] * (FADE - index) + source[to + index] * index;
    target[start + index] = mixed >> FADE_SHIFT;
  }
}

function copySamples(source: Samples, from: number, target: Samples, start: number, count: number): void {
  for (let index = 0; index < count; index += 1) {
    target[start + index] = source[from + index];
  }
}

/** Makes target[start … start + SPLICE_FRAME) of source[0 … SPLICE_FRAME + lag), one period left out. */
export function shortenFrame(source: Samples, lag: number, target: Samples, start: number): void {
  crossFade(source, 0, lag, target, start);
  copySamples(source, FADE + lag, target, start + FADE, SPLICE_FRAME - FADE);
}

/** Makes target[start … start + SPLICE_FRAME) of source[0 … SPLICE_FRAME - lag), one period twice; it reads up to 32 more. */
export function lengthenFrame(source: Samples, lag: number, target: Samples, start: number): void {
  copySamples(source, 0, target, start, lag);
  crossFade(source, lag, 0, target, start + lag);
  copySamples(source, FADE, target, start + lag + FADE, SPLICE_FRAME - lag - FADE);
}
