// A gain in whole decibels, applied to a frame with saturation; and silence, which is none. Integer arithmetic in Q8.

import type { Samples } from "../bytes/bytes";
import { twins } from "../bytes/twins";

export const GAIN_MINIMUM_DB = -30;
export const GAIN_MAXIMUM_DB = 20;

/** A factor of 1 in Q8. */
export const UNITY_GAIN = 256;

// 256 * 10^(dB / 20) for -30 … 20 dB
const GAINS: number[] = [
  8, 9, 10, 11, 13, 14, 16, 18, 20, 23, 26, 29, 32, 36, 41, 46, 51, 57, 64, 72, 81, 91, 102, 114, 128, 144, 162, 181,
  203, 228, 256, 287, 322, 362, 406, 455, 511, 573, 643, 722, 810, 908, 1019, 1144, 1283, 1440, 1615, 1812, 2033, 2282,
  2560,
];

/** The factor in Q8 of a gain of -30 … 20 dB; a gain outside counts as the nearest one inside. */
export function gainOf(decibels: number): number {
  if (decibels < GAIN_MINIMUM_DB) {
    return GAINS[0];
  }
  return GAINS[(decibels > GAIN_MAXIMUM_DB ? GAIN_MAXIMUM_DB : decibels) - GAIN_MINIMUM_DB];
}

function applyGainHere(samples: Samples, start: number, count: number, gain: number): void {
  if (gain === UNITY_GAIN) {
    return;
  }
  for (let index = start; index < start + count; index += 1) {
    const product = (samples[index] * gain) >> 8;
    samples[index] = product > 32767 ? 32767 : product < -32768 ? -32768 : product;
  }
}

/** Multiplies samples[start … start + count) by a factor in Q8; what leaves 16 bits is clipped. */
export const applyGain = twins === false ? applyGainHere : twins.applyGain;

function clearSamplesHere(samples: Samples, start: number, count: number): void {
  const end = start + count;
  for (let index = start; index < end; index += 1) {
    samples[index] = 0;
  }
}

/** Makes samples[start … start + count) silent. */
export const clearSamples = twins === false ? clearSamplesHere : twins.clearSamples;
