// The delay that a jitter buffer aims at: as small as the network allows, between a least and a greatest one. It follows the
// interarrival jitter of RFC 3550 and what was late within the last 8 s; up at once, down by 10 ms a second. It sees
// reserves only, the time by which packets come before they are due, and never moves anything itself.

import { createWords, type Words } from "../bytes/bytes";
import { SAMPLES_PER_MS } from "./timestamp";

/** The least delay that may be asked for, and the greatest: with it a packet of 70 ms still finds room. */
export const JITTER_DELAY_MINIMUM_MS = 20;
export const JITTER_DELAY_MAXIMUM_MS = 400;

const WINDOW_SAMPLES = 4000; // half a second
const WINDOWS = 16; // 8 s: regular stalls of a radio link come again within them
const JITTER_FACTOR = 3; // in it 95 % of exponentially spread delays lie; what was late says the rest
const FALL_SAMPLES = 40; // a window: 10 ms a second
const TOLERANCE = 80; // 10 ms beside the target are left alone

export interface JitterTarget {
  /** The least and the greatest delay, samples. */
  minimum: number;
  maximum: number;
  /** What is aimed at for packets that come promptly, samples. */
  delay: number;
  /** The interarrival jitter of RFC 3550, samples; the owner's. */
  jitter: number;
  /** The least of it in the present window, and in the last one: a stall is a peak of it, jitter that lasts is not. */
  leastJitter: number;
  lastingJitter: number;
  /** The reserve of prompt packets: the greatest of the last window, and of the present one so far, while they are known. */
  prompt: number;
  promptKnown: boolean;
  greatest: number;
  greatestKnown: boolean;
  windowSamples: number;
  /** How late the latest packet of each window was, samples; `window` is the present one. */
  readonly lateness: Words;
  window: number;
  /** Samples to drop (positive) or to insert (negative) so that the delay comes to the target; small ones are 0. */
  correction: number;
}

/** Boot only: 40 to 200 ms. */
export function createJitterTarget(): JitterTarget {
  return {
    minimum: 40 * SAMPLES_PER_MS,
    maximum: 200 * SAMPLES_PER_MS,
    delay: 40 * SAMPLES_PER_MS,
    jitter: 0,
    leastJitter: 0,
    lastingJitter: 0,
    prompt: 0,
    promptKnown: false,
    greatest: 0,
    greatestKnown: false,
    windowSamples: 0,
    lateness: createWords(WINDOWS),
    window: 0,
    correction: 0,
  };
}

function clipped(value: number, least: number, most: number): number {
  return value < least ? least : value > most ? most : value;
}

/**
 * Forgets the network: the delay begins as the least one.
 * @param minimum milliseconds, clipped to 20 … 400
 * @param maximum milliseconds, clipped to minimum … 400
 */
export function resetJitterTarget(target: JitterTarget, minimum: number, maximum: number): void {
  target.minimum = SAMPLES_PER_MS * clipped(minimum, JITTER_DELAY_MINIMUM_MS, JITTER_DELAY_MAXIMUM_MS);
  target.maximum = clipped(SAMPLES_PER_MS * maximum, target.minimum, SAMPLES_PER_MS * JITTER_DELAY_MAXIMUM_MS);
  target.delay = target.minimum;
  target.jitter = 0;
  target.lastingJitter = 0;
  for (let index = 0; index < WINDOWS; index += 1) {
    target.lateness[index] = 0;
  }
  startTarget(target);
}

/** The position is set anew: reserves begin anew, what is known of lateness stays. */
export function startTarget(target: JitterTarget): void {
  target.promptKnown = false;
  target.greatestKnown = false;
  target.windowSamples = 0;
  target.correction = 0;
}

/** The delay that is asked for: the second greatest lateness, because one stall alone does not come again. */
function wantedDelay(target: JitterTarget): number {
  let greatest = 0;
  let second = 0;
  for (let index = 0; index < WINDOWS; index += 1) {
    const lateness = target.lateness[index];
    if (lateness > greatest) {
      second = greatest;
      greatest = lateness;
    } else if (lateness > second) {
      second = lateness;
    }
  }
  const deviation = target.lastingJitter * JITTER_FACTOR;
  return clipped(second > deviation ? second : deviation, target.minimum, target.maximum);
}

function correct(target: JitterTarget): void {
  const surplus = target.prompt - target.delay;
  target.correction = surplus > TOLERANCE || surplus < -TOLERANCE ? surplus : 0;
}

/** Takes the reserve of a packet, samples, negative when it is late. */
export function noteReserve(target: JitterTarget, reserve: number): void {
  if (!target.greatestKnown || target.jitter < target.leastJitter) {
    target.leastJitter = target.jitter;
  }
  if (!target.greatestKnown || reserve > target.greatest) {
    target.greatest = reserve;
    target.greatestKnown = true;
  }
  const prompt = target.promptKnown && target.prompt > target.greatest ? target.prompt : target.greatest;
  const lateness = prompt - reserve;
  // What no delay can meet asks for none.
  if (lateness > target.lateness[target.window] && lateness <= target.maximum) {
    target.lateness[target.window] = lateness;
    const wanted = wantedDelay(target);
    if (wanted > target.delay) {
      target.delay = wanted;
      if (target.promptKnown) {
        correct(target);
      }
    }
  }
}

/** The delay of packets that come promptly, samples; until it is measured, what is aimed at. */
export function presentDelay(target: JitterTarget): number {
  const delay = target.promptKnown ? target.prompt : target.delay;
  return delay > 0 ? delay : 0;
}

/** The position moved on by `samples` more than were played: every reserve is so much smaller, and so is the correction. */
export function shiftTarget(target: JitterTarget, samples: number): void {
  const rest = target.correction - samples;
  const overshot = samples > 0 ? rest < 0 : rest > 0;
  target.correction = overshot ? 0 : rest;
  target.prompt -= samples;
  target.greatest -= samples;
}

/** Counts `samples` as played; ends the window when it is over. A window in which nothing came counts as none. */
export function endTargetWindow(target: JitterTarget, samples: number): void {
  target.windowSamples += samples;
  if (target.windowSamples < WINDOW_SAMPLES) {
    return;
  }
  target.windowSamples = 0;
  if (!target.greatestKnown) {
    return;
  }
  target.prompt = target.greatest;
  target.promptKnown = true;
  target.greatestKnown = false;
  target.lastingJitter = target.leastJitter;
  const fallen = target.delay - FALL_SAMPLES;
  const wanted = wantedDelay(target);
  target.delay = wanted > fallen ? wanted : fallen;
  target.window = (target.window + 1) % WINDOWS;
  target.lateness[target.window] = 0;
  correct(target);
}
