// Comfort noise (RFC 3389): white noise at the level that a packet names. The spectral coefficients behind the level are not
// used: at the level of a room one hears that the line is open, not which colour it has.

import type { Bytes, Samples } from "../bytes/bytes";

// Twice the crest of evenly spread noise at 0 … 5 dB below overload, 32,768 * sqrt(3) * 10^(-dB / 20); 6 dB more are a bit.
const CRESTS: number[] = [113512, 101166, 90164, 80358, 71620, 63832];
const LOUDEST = 30; // dB below overload: louder noise comforts nobody, whatever the packet says

export interface ComfortNoise {
  /** The greatest sample; 0 is silence. */
  crest: number;
  /** Of the generator of Lehmer, 1 … 65,536. */
  state: number;
}

/** Boot only: silence. */
export function createComfortNoise(): ComfortNoise {
  return { crest: 0, state: 1 };
}

/** Takes the level of the payload bytes[start …), its first octet: 0 … 127 decibels below overload (RFC 3389 3.1). */
export function setNoiseLevel(noise: ComfortNoise, bytes: Bytes, start: number): void {
  const named = bytes[start] & 0x7f;
  const level = named > LOUDEST ? named : LOUDEST;
  noise.crest = CRESTS[level % 6] >> (1 + ((level / 6) | 0));
}

/** Fills samples[start … start + count). */
export function fillNoise(noise: ComfortNoise, samples: Samples, start: number, count: number): void {
  const end = start + count;
  for (let index = start; index < end; index += 1) {
    noise.state = (noise.state * 75) % 65537;
    samples[index] = (((noise.state >> 3) - 4096) * noise.crest) >> 12;
  }
}
