// Concealment of lost frames by ITU-T G.711 Appendix I: cycles of the pitch are repeated (I.2.4, I.2.5), fade from 10 ms on
// and are silent at 60 ms (I.2.6); both seams are overlapped (I.2.2, I.2.7), for which all sound is delayed by 3.75 ms
// (I.2.1). Two liberties: the pitch is where differences are least, not where correlation is greatest, which needs 28 bits
// only; and a loss may have any length. Integers; one search a loss, none while frames arrive.

import { createSamples, type Samples } from "../bytes/bytes";
import { delaySamples } from "./delay-line";
import { clearSamples } from "./gain";

/** What comes out was put in so many samples before: a quarter of the longest pitch (I.2.1). */
export const CONCEALMENT_DELAY = 30;

const SHORTEST_PITCH = 40; // 5 ms, 200 Hz (I.2.3)
const LONGEST_PITCH = 120; // 15 ms, 67 Hz
const WINDOW = 160; // samples that two cycles are compared over
const PAST = 390; // three of the longest cycles and the quarter before them (I.2.1)
const RING = 512;
const RING_MASK = RING - 1;

const PART = 80; // 10 ms: the frame that the recommendation counts in
const TWO_PARTS = 160;
const SILENT_AFTER = 480; // 60 ms (I.2.6)
const FULL_GAIN = 4096;
const BLEND_UNIT = 4096;
const BLEND_SHIFT = 12;
const MORE_OVERLAP = 32; // 4 ms for each further 10 ms of loss, at most 10 ms in all (I.2.7)

export interface Concealment {
  /** The latest samples, good and concealed; `ringAt` is where the next one goes. */
  readonly ring: Samples;
  ringAt: number;
  /** The samples before the loss, the oldest first; the cycles that are repeated are its last `length`. */
  readonly past: Samples;
  /** The last quarter of a cycle as it came, and the quarter that the cycles would have gone on with when more join. */
  readonly lastQuarter: Samples;
  readonly tail: Samples;
  pitch: number;
  quarter: number;
  /** One, two or three cycles, and where in them the next sample is. */
  length: number;
  cycleAt: number;
  /** Samples of `tail` that were used; `quarter` when there is none. */
  tailAt: number;
  /** Samples concealed since the last good frame; 0 is no loss. */
  lost: number;
}

/** Boot only: a concealment with a silent past. 2 KB. */
export function createConcealment(): Concealment {
  return {
    ring: createSamples(RING),
    ringAt: 0,
    past: createSamples(PAST),
    lastQuarter: createSamples(CONCEALMENT_DELAY),
    tail: createSamples(CONCEALMENT_DELAY),
    pitch: SHORTEST_PITCH,
    quarter: 0,
    length: SHORTEST_PITCH,
    cycleAt: 0,
    tailAt: 0,
    lost: 0,
  };
}

/** Forgets the past: a new stream begins. */
export function resetConcealment(concealment: Concealment): void {
  clearSamples(concealment.ring, 0, RING);
  concealment.lost = 0;
}

/** Appends samples[start … start + count) to the past, and puts in their place what is due after the delay. */
function passThrough(concealment: Concealment, samples: Samples, start: number, count: number): void {
  concealment.ringAt = delaySamples(concealment.ring, concealment.ringAt, CONCEALMENT_DELAY, samples, start, count);
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

/** Of the pitches first … last by `step` the one whose cycles differ least. */
function bestPitch(past: Samples, first: number, last: number, step: number, stride: number): number {
  let pitch = first;
  let least = differenceAt(past, pitch, stride);
  for (let candidate = first + step; candidate <= last; candidate += step) {
    const difference = differenceAt(past, candidate, stride);
    if (difference < least) {
      least = difference;
      pitch = candidate;
    }
  }
  return pitch;
}

/** The pitch (I.2.3): every second one over few samples first, then its neighbours over more. */
function findPitch(past: Samples): number {
  const coarse = bestPitch(past, SHORTEST_PITCH, LONGEST_PITCH, 2, 3);
  const first = coarse - 2 < SHORTEST_PITCH ? SHORTEST_PITCH : coarse - 2;
  const last = coarse + 2 > LONGEST_PITCH ? LONGEST_PITCH : coarse + 2;
  return bestPitch(past, first, last, 1, 1);
}

/** The sample number `index` of an overlap of `count` samples. */
function blend(from: number, to: number, index: number, count: number): number {
  const weight = (((index + 1) * BLEND_UNIT) / count) | 0;
  return (from * (BLEND_UNIT - weight) + to * weight) >> BLEND_SHIFT;
}

/** Ends the cycles with a quarter that leads over to their beginning. */
function closeCycles(concealment: Concealment): void {
  const past = concealment.past;
  const quarter = concealment.quarter;
  for (let index = 0; index < quarter; index += 1) {
    const to = past[PAST - concealment.length - quarter + index];
    past[PAST - quarter + index] = blend(concealment.lastQuarter[index], to, index, quarter);
  }
}

/** Begins a loss (I.2.2): finds the pitch, and lets the samples that are still to be heard lead over to the cycle. */
function beginLoss(concealment: Concealment): void {
  const past = concealment.past;
  const ring = concealment.ring;
  for (let index = 0; index < PAST; index += 1) {
    past[index] = ring[(concealment.ringAt - PAST + index) & RING_MASK];
  }
  const pitch = findPitch(past);
  const quarter = pitch >> 2;
  concealment.pitch = pitch;
  concealment.quarter = quarter;
  concealment.length = pitch;
  concealment.cycleAt = 0;
  concealment.tailAt = quarter;
  for (let index = 0; index < quarter; index += 1) {
    concealment.lastQuarter[index] = past[PAST - quarter + index];
  }
  closeCycles(concealment);
  for (let index = 0; index < quarter; index += 1) {
    ring[(concealment.ringAt - quarter + index) & RING_MASK] = past[PAST - quarter + index];
  }
}

/** The next sample of the cycles. */
function nextOfCycles(concealment: Concealment): number {
  const sample = concealment.past[PAST - concealment.length + concealment.cycleAt];
  concealment.cycleAt = concealment.cycleAt + 1 < concealment.length ? concealment.cycleAt + 1 : 0;
  return sample;
}

/** From 10 ms on two cycles are repeated, from 20 ms on three, so that it does not buzz (I.2.5). */
function addCycle(concealment: Concealment): void {
  const cycleAt = concealment.cycleAt;
  for (let index = 0; index < concealment.quarter; index += 1) {
    concealment.tail[index] = nextOfCycles(concealment);
  }
  concealment.tailAt = 0;
  concealment.cycleAt = cycleAt % concealment.pitch;
  concealment.length += concealment.pitch;
  closeCycles(concealment);
}

/** The next sample in place of a lost one, faded by how long the loss lasts. */
function nextConcealed(concealment: Concealment): number {
  const lost = concealment.lost;
  if (lost >= SILENT_AFTER) {
    return 0;
  }
  if (lost === PART || lost === TWO_PARTS) {
    addCycle(concealment);
  }
  concealment.lost = lost + 1;
  let sample = nextOfCycles(concealment);
  if (concealment.tailAt < concealment.quarter) {
    sample = blend(concealment.tail[concealment.tailAt], sample, concealment.tailAt, concealment.quarter);
    concealment.tailAt += 1;
  }
  if (lost < PART) {
    return sample;
  }
  // 41 / 4 of 4,096 a sample: 20 % in 10 ms, from full at 10 ms to nothing at 60 ms
  const gain = ((SILENT_AFTER - lost) * 41) >> 2;
  return (sample * (gain < FULL_GAIN ? gain : FULL_GAIN)) >> BLEND_SHIFT;
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
  passThrough(concealment, samples, start, count);
}

/**
 * Takes a frame that came, samples[start … start + count), and gives in its place what is due after the delay. After a loss
 * its beginning is overlapped with what the concealment would have gone on with: a quarter of the pitch to 10 ms (I.2.7).
 * @param count 1 … 480
 */
export function concealGoodFrame(concealment: Concealment, samples: Samples, start: number, count: number): void {
  const lost = concealment.lost;
  if (lost > 0) {
    let overlap = concealment.quarter + (((lost - 1) / PART) | 0) * MORE_OVERLAP;
    overlap = overlap < PART ? overlap : PART;
    const blended = overlap < count ? overlap : count;
    for (let index = 0; index < blended; index += 1) {
      samples[start + index] = blend(nextConcealed(concealment), samples[start + index], index, overlap);
    }
    concealment.lost = 0;
  }
  passThrough(concealment, samples, start, count);
}
