// Concealment of lost frames in the shape of ITU-T G.711 Appendix I: the last pitch cycle is repeated, fades from 10 ms on
// and is silent at 60 ms; the first frame that arrives again is blended in. It delays nothing (Appendix I: 3.75 ms): the
// step where the loss begins is ramped off instead. Integers only; one search a loss, none while frames arrive.

import { createSamples, type Samples } from "../bytes/bytes";

const SHORTEST_PITCH = 40; // 5 ms, 200 Hz
const LONGEST_PITCH = 120; // 15 ms, 67 Hz
const WINDOW = 160; // samples that two cycles are compared over
const PAST = 280; // LONGEST_PITCH + WINDOW
const RING = 512;
const RING_MASK = 511;

const STEP_RAMP = 32; // samples over which the step at the loss is ramped off
const FULL_SAMPLES = 80; // 10 ms at full level
const SILENT_AFTER = 480; // 60 ms
const FULL_GAIN = 4096;

const BLEND_UNIT = 4096;

export interface Concealment {
  /** The latest samples, good and concealed; `ringAt` is where the next one goes. */
  readonly ring: Samples;
  ringAt: number;
  /** The samples before the loss, the oldest first; room for the search. */
  readonly past: Samples;
  /** The cycle that is repeated: cycle[0 … pitch). */
  readonly cycle: Samples;
  pitch: number;
  cycleAt: number;
  /** The step between the last good sample and the cycle. */
  step: number;
  /** Samples concealed since the last good frame; 0 is no loss. */
  lost: number;
}

/** Boot only: a concealment with a silent past. 2 KB. */
export function createConcealment(): Concealment {
  return {
    ring: createSamples(RING),
    ringAt: 0,
    past: createSamples(PAST),
    cycle: createSamples(LONGEST_PITCH),
    pitch: SHORTEST_PITCH,
    cycleAt: 0,
    step: 0,
    lost: 0,
  };
}

/** Forgets the past: a new stream begins. */
export function resetConcealment(concealment: Concealment): void {
  const ring = concealment.ring;
  for (let index = 0; index < RING; index += 1) {
    ring[index] = 0;
  }
  concealment.lost = 0;
}

function remember(concealment: Concealment, samples: Samples, start: number, count: number): void {
  const ring = concealment.ring;
  let at = concealment.ringAt;
  const end = start + count;
  for (let index = start; index < end; index += 1) {
    ring[at] = samples[index];
    at = (at + 1) & RING_MASK;
  }
  concealment.ringAt = at;
}

/** The sum of the differences between the newest WINDOW samples and those `pitch` earlier, by uneven strides. */
function differenceAt(past: Samples, pitch: number, stride: number): number {
  let sum = 0;
  let index = PAST - WINDOW;
  let wide = false;
  while (index < PAST) {
    const difference = past[index] - past[index - pitch];
    sum += difference < 0 ? 0 - difference : difference;
    // In turn `stride` and one more: a tone cannot hide between even ones.
    index += wide ? stride + 1 : stride;
    wide = !wide;
  }
  return sum;
}

/** The pitch whose cycles differ least: every second one over few samples first, then its neighbours over more. */
function findPitch(past: Samples): number {
  let pitch = SHORTEST_PITCH;
  let least = differenceAt(past, pitch, 3);
  for (let candidate = SHORTEST_PITCH + 2; candidate <= LONGEST_PITCH; candidate += 2) {
    const difference = differenceAt(past, candidate, 3);
    if (difference < least) {
      least = difference;
      pitch = candidate;
    }
  }
  const first = pitch - 2 < SHORTEST_PITCH ? SHORTEST_PITCH : pitch - 2;
  const last = pitch + 2 > LONGEST_PITCH ? LONGEST_PITCH : pitch + 2;
  pitch = first;
  least = differenceAt(past, pitch, 1);
  for (let candidate = first + 1; candidate <= last; candidate += 1) {
    const difference = differenceAt(past, candidate, 1);
    if (difference < least) {
      least = difference;
      pitch = candidate;
    }
  }
  return pitch;
}

/** Begins a loss: finds the pitch and makes the cycle, whose last quarter leads back to its beginning. */
function beginLoss(concealment: Concealment): void {
  const past = concealment.past;
  for (let index = 0; index < PAST; index += 1) {
    past[index] = concealment.ring[(concealment.ringAt - PAST + index) & RING_MASK];
  }
  const pitch = findPitch(past);
  const cycle = concealment.cycle;
  const begin = PAST - pitch;
  for (let index = 0; index < pitch; index += 1) {
    cycle[index] = past[begin + index];
  }
  const quarter = pitch >> 2;
  const weightStep = (BLEND_UNIT / (quarter + 1)) | 0;
  let weight = weightStep;
  for (let index = pitch - quarter; index < pitch; index += 1) {
    cycle[index] = (cycle[index] * (BLEND_UNIT - weight) + past[begin - pitch + index] * weight) >> 12;
    weight += weightStep;
  }
  concealment.pitch = pitch;
  concealment.cycleAt = 0;
  concealment.step = past[PAST - 1] - past[begin - 1];
}

/** The next sample of the repeated cycle, faded by how long the loss lasts. */
function nextConcealed(concealment: Concealment): number {
  const lost = concealment.lost;
  concealment.lost = lost < SILENT_AFTER ? lost + 1 : lost;
  if (lost >= SILENT_AFTER) {
    return 0;
  }
  let sample = concealment.cycle[concealment.cycleAt];
  concealment.cycleAt = concealment.cycleAt + 1 < concealment.pitch ? concealment.cycleAt + 1 : 0;
  if (lost < STEP_RAMP) {
    sample += (concealment.step * (STEP_RAMP - lost)) >> 5;
    sample = sample > 32767 ? 32767 : sample < -32768 ? -32768 : sample;
  }
  if (lost < FULL_SAMPLES) {
    return sample;
  }
  // 41 / 4 of 4,096 a sample: from full at 10 ms to nothing at 60 ms
  const gain = ((SILENT_AFTER - lost) * 41) >> 2;
  return (sample * (gain < FULL_GAIN ? gain : FULL_GAIN)) >> 12;
}

/**
 * Fills samples[start … start + count) in place of a frame that did not come.
 * @param count 1 … 480
 */
export function concealLostFrame(concealment: Concealment, samples: Samples, start: number, count: number): void {
  if (concealment.lost === 0) {
    beginLoss(concealment);
  }
  const end = start + count;
  for (let index = start; index < end; index += 1) {
    samples[index] = nextConcealed(concealment);
  }
  remember(concealment, samples, start, count);
}

/**
 * Takes a frame that came, samples[start … start + count). After a loss its first 4 to 10 ms are blended with what the
 * concealment would have gone on with; else it stays as it is.
 * @param count 1 … 480
 */
export function concealGoodFrame(concealment: Concealment, samples: Samples, start: number, count: number): void {
  const lost = concealment.lost;
  if (lost > 0) {
    // 4 ms, and 4 ms more for each further 10 ms of loss, at most 10 ms (Appendix I.2.7)
    const overlap = lost <= 80 ? 32 : lost <= 160 ? 64 : 80;
    const weightStep = lost <= 80 ? 128 : lost <= 160 ? 64 : 51; // BLEND_UNIT / overlap
    const end = start + (overlap < count ? overlap : count);
    let weight = 0;
    for (let index = start; index < end; index += 1) {
      weight += weightStep;
      samples[index] = (nextConcealed(concealment) * (BLEND_UNIT - weight) + samples[index] * weight) >> 12;
    }
    concealment.lost = 0;
  }
  remember(concealment, samples, start, count);
}
