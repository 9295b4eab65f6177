// The level of one frequency: the sum of the samples times sine and cosine, one bin of a Fourier transform, which is what
// Goertzel's recursion gives, without a state that outgrows 28 bits. The station's self-test hears its own tone with it.

import type { Samples } from "../bytes/bytes";
import { levelOfPower, logarithm, SILENCE_LEVEL } from "./decibel";
import { PHASE_MASK, PHASE_QUARTER, PHASE_SHIFT, phaseStep, SINE } from "./sine";

/** The most samples between two readings, 0.75 s; what comes beyond is left out. */
export const METER_LONGEST = 6000;

export interface ToneMeter {
  /** The phase that the frequency advances in one sample. */
  step: number;
  phase: number;
  /** Sums of sample · sine and sample · cosine, in units of a sample. */
  sineSum: number;
  cosineSum: number;
  /** Samples since the last reading. */
  count: number;
}

/** Boot only: a meter of one frequency, 1 … 3999 Hz. */
export function createToneMeter(hertz: number): ToneMeter {
  return { step: phaseStep(hertz), phase: 0, sineSum: 0, cosineSum: 0, count: 0 };
}

/** Tunes the meter to another frequency and begins a new measurement. */
export function tuneToneMeter(meter: ToneMeter, hertz: number): void {
  meter.step = phaseStep(hertz);
  restart(meter);
}

function restart(meter: ToneMeter): void {
  meter.phase = 0;
  meter.sineSum = 0;
  meter.cosineSum = 0;
  meter.count = 0;
}

/** Takes samples[start … start + count) into the measurement. */
export function measureTone(meter: ToneMeter, samples: Samples, start: number, count: number): void {
  const room = METER_LONGEST - meter.count;
  const taken = count < room ? count : room;
  const step = meter.step;
  let phase = meter.phase;
  let sineSum = meter.sineSum;
  let cosineSum = meter.cosineSum;
  const end = start + taken;
  for (let index = start; index < end; index += 1) {
    const sample = samples[index];
    sineSum += (sample * SINE[phase >> PHASE_SHIFT] + 2048) >> 12;
    cosineSum += (sample * SINE[((phase + PHASE_QUARTER) & PHASE_MASK) >> PHASE_SHIFT] + 2048) >> 12;
    phase = (phase + step) & PHASE_MASK;
  }
  meter.phase = phase;
  meter.sineSum = sineSum;
  meter.cosineSum = cosineSum;
  meter.count += taken;
}

/**
 * Reads the level of the frequency since the last reading, and begins a new measurement. The more samples, the narrower
 * the meter: with 160 samples it is 50 Hz wide, with 800 it is 10 Hz.
 * @returns tenths of dBov; -30 for a full-scale sine of the frequency, SILENCE_LEVEL for nothing
 */
export function readToneMeter(meter: ToneMeter): number {
  let sine = meter.sineSum < 0 ? 0 - meter.sineSum : meter.sineSum;
  let cosine = meter.cosineSum < 0 ? 0 - meter.cosineSum : meter.cosineSum;
  const count = meter.count;
  restart(meter);
  let bits = 0;
  while (sine > 4095 || cosine > 4095) {
    sine = sine >> 1;
    cosine = cosine >> 1;
    bits += 1;
  }
  const power = sine * sine + cosine * cosine;
  if (count === 0 || power === 0) {
    return SILENCE_LEVEL;
  }
  // A sine of amplitude a gives sums of a · count / 2 in all, and its mean square is a² / 2.
  return levelOfPower(logarithm(power) + bits * 512 + 256 - 2 * logarithm(count));
}
