// The level of a stretch of samples in tenths of dBov, as RFC 6464 and the level display count it.

import type { Samples } from "../bytes/bytes";
import { twins } from "../bytes/twins";
import { levelOfPower, logarithm, SILENCE_LEVEL } from "./decibel";

/** The most samples that one level may be taken over: 60 ms, the longest frame. */
export const LEVEL_LONGEST = 480;

const NORMAL_PEAK = 511; // 480 · 511² stays below 2^27

function peakOfHere(samples: Samples, start: number, count: number): number {
  let peak = 0;
  const end = start + count;
  for (let index = start; index < end; index += 1) {
    const sample = samples[index];
    const magnitude = sample < 0 ? 0 - sample : sample;
    if (magnitude > peak) {
      peak = magnitude;
    }
  }
  return peak;
}

/** The largest magnitude among samples[start … start + count), 0 … 32768. */
export const peakOf = twins === false ? peakOfHere : twins.peakOf;

/**
 * The level of samples[start … start + count).
 * @param count 1 … LEVEL_LONGEST
 * @returns tenths of dBov; -30 for a full-scale sine, SILENCE_LEVEL for zeros
 */
export function levelOf(samples: Samples, start: number, count: number): number {
  const peak = peakOf(samples, start, count);
  if (peak === 0) {
    return SILENCE_LEVEL;
  }
  // The magnitudes are brought to 9 bits first, so that the sum of their squares fits.
  let shrunk = peak;
  let half = 0;
  let bits = 0;
  while (shrunk >= NORMAL_PEAK) {
    shrunk = shrunk >> 1;
    half = half === 0 ? 1 : half * 2;
    bits += 1;
  }
  let sum = 0;
  const end = start + count;
  for (let index = start; index < end; index += 1) {
    const sample = samples[index];
    const magnitude = sample < 0 ? 0 - sample : sample;
    const normal = bits > 0 ? (magnitude + half) >> (bits & 15) : magnitude;
    sum += normal * normal;
  }
  if (sum === 0) {
    return SILENCE_LEVEL;
  }
  return levelOfPower(logarithm(sum) - logarithm(count) + bits * 512);
}
