// A sine in integers: one wave in 1,024 steps of 12 bits, and a phase of 24 bits, so that a frequency is exact to 0.5 mHz.
// The tone generator and the tone meter share it.

import { createSamples, type Samples } from "../bytes/bytes";

/** Samples a second of all audio. */
export const SAMPLE_RATE = 8000;

/** The value of the sine at its crest: times any sample it stays within 28 bits. */
export const SINE_CREST = 4095;

/** A phase is a number of 0 … PHASE_MASK, one wave. */
export const PHASE_MASK = 0xffffff;

/** A quarter of a wave ahead: the phase of the cosine. */
export const PHASE_QUARTER = 0x400000;

/** The step of SINE for a phase is phase >> PHASE_SHIFT. */
export const PHASE_SHIFT = 14;

const QUARTER_STEPS = 256;

/** Boot only: 4095 · sin(index · 90° / 64), index = 0 … 64. */
function createQuarterNodes(): number[] {
  return [
    0, 100, 201, 301, 401, 501, 601, 700, 799, 897, 995, 1092, 1189, 1285, 1380, 1474, 1567, 1659, 1751, 1841, 1930,
    2018, 2105, 2191, 2275, 2358, 2439, 2519, 2598, 2675, 2750, 2824, 2896, 2966, 3034, 3101, 3165, 3228, 3289, 3348,
    3405, 3460, 3512, 3563, 3611, 3658, 3702, 3744, 3783, 3821, 3856, 3888, 3919, 3947, 3972, 3996, 4016, 4035, 4051,
    4064, 4075, 4084, 4090, 4094, 4095,
  ];
}

/** Boot only: the wave, straight lines between the nodes; off the true sine by at most 1 of 4,095. */
function createSine(): Samples {
  const nodes = createQuarterNodes();
  const sine = createSamples(4 * QUARTER_STEPS);
  for (let step = 0; step <= QUARTER_STEPS; step += 1) {
    const node = step >> 2;
    const next = nodes[node < 64 ? node + 1 : 64];
    const value = nodes[node] + (((next - nodes[node]) * (step & 3) + 2) >> 2);
    sine[step] = value;
    sine[2 * QUARTER_STEPS - step] = value;
    sine[2 * QUARTER_STEPS + step] = 0 - value;
    sine[(4 * QUARTER_STEPS - step) & (4 * QUARTER_STEPS - 1)] = 0 - value;
  }
  return sine;
}

/** One wave: SINE[phase >> PHASE_SHIFT] is SINE_CREST times the sine of the phase. */
export const SINE = createSine();

/**
 * The phase that a frequency advances in one sample.
 * @param hertz 0 … 4000
 */
export function phaseStep(hertz: number): number {
  // hertz · 2^24 / 8000 = hertz · 2^18 / 125, in two parts that stay within 28 bits.
  return ((hertz / 125) | 0) * 262144 + ((((hertz % 125) * 262144 + 62) / 125) | 0);
}
