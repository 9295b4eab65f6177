// The tones that a visitor hears, as tables of frequency and cadence, and a sine for the self-test. A tone fades in and out
// over 4 ms, so that it never clicks. Filling a frame allocates nothing and keeps within 28 bits.

import type { Samples } from "../bytes/bytes";
import { PHASE_MASK, PHASE_SHIFT, phaseStep, SINE } from "./sine";

export const enum Tone {
  SILENCE = 0,
  /** The other side rings: ITU-T E.180, 425 Hz, 1 s on, 4 s off. */
  RING_BACK = 1,
  /** The other side is busy: ITU-T E.180, 425 Hz, 0.5 s on, 0.5 s off. */
  BUSY = 2,
  /** The call or the code did not work: three low beeps, once. */
  ERROR = 3,
  /** The door is open: three rising notes, once. */
  DOOR_OPEN = 4,
  /** The call ends in a moment: one beep. */
  CALL_ENDING = 5,
}

/** The crest of a tone, in units of a sample: -10 dBm0 (G.711: a sine of 0 dBm0 has a crest of 22,700). */
export const TONE_AMPLITUDE = 7180;

const RAMP_SAMPLES = 32; // 4 ms
const SAMPLES_A_MILLISECOND = 8;
const ENDLESS = 0;

/** What a generator plays: pairs of frequency (Hz, 0 is a pause) and duration (ms, ENDLESS for ever). */
interface Cadence {
  readonly parts: number[];
  /** Whether it begins again after its last part. */
  readonly repeats: boolean;
}

/** Boot only: the cadences, by Tone. */
function createCadences(): Cadence[] {
  return [
    { parts: [0, ENDLESS], repeats: false },
    { parts: [425, 1000, 0, 4000], repeats: true },
    { parts: [425, 500, 0, 500], repeats: true },
    { parts: [300, 150, 0, 100, 300, 150, 0, 100, 300, 300], repeats: false },
    { parts: [660, 120, 880, 120, 1320, 240], repeats: false },
    { parts: [1000, 250], repeats: false },
  ];
}

const CADENCES = createCadences();

export interface ToneGenerator {
  /** The cadence that plays; `startSine` plays none. */
  tone: Tone;
  /** The part of the cadence, an even index into its parts. */
  part: number;
  /** Samples until the part ends; counts only while `endless` is false. */
  remaining: number;
  endless: boolean;
  /** Whether the part sounds. */
  sounding: boolean;
  amplitude: number;
  step: number;
  phase: number;
  /** 0 … RAMP_SAMPLES: how far the tone has faded in. */
  ramp: number;
}

/** Boot only: a silent generator. */
export function createToneGenerator(): ToneGenerator {
  return {
    tone: Tone.SILENCE,
    part: 0,
    remaining: 0,
    endless: true,
    sounding: false,
    amplitude: TONE_AMPLITUDE,
    step: 0,
    phase: 0,
    ramp: 0,
  };
}

function startPart(generator: ToneGenerator, part: number): void {
  const parts = CADENCES[generator.tone].parts;
  const hertz = parts[part];
  const duration = parts[part + 1];
  generator.part = part;
  generator.sounding = hertz > 0;
  if (hertz > 0) {
    generator.step = phaseStep(hertz);
  }
  generator.endless = duration === ENDLESS;
  generator.remaining = duration * SAMPLES_A_MILLISECOND;
}

/** Begins a tone from its first beat; the one before fades out or glides into it. */
export function startTone(generator: ToneGenerator, tone: Tone): void {
  generator.tone = tone;
  generator.amplitude = TONE_AMPLITUDE;
  startPart(generator, 0);
}

/** Ends whatever plays; the next 4 ms fade it out. */
export function stopTone(generator: ToneGenerator): void {
  generator.tone = Tone.SILENCE;
  startPart(generator, 0);
}

/**
 * Begins an endless sine.
 * @param hertz 1 … 3999; exact to 0.5 mHz
 * @param amplitude its crest in units of a sample, 0 … 32767
 */
export function startSine(generator: ToneGenerator, hertz: number, amplitude: number): void {
  generator.tone = Tone.SILENCE;
  generator.amplitude = amplitude;
  generator.step = phaseStep(hertz);
  generator.sounding = true;
  generator.endless = true;
}

/** Whether the generator is silent and stays so until the next tone is started. */
export function toneIsOver(generator: ToneGenerator): boolean {
  return generator.endless && !generator.sounding && generator.ramp === 0;
}

function nextPart(generator: ToneGenerator): void {
  const cadence = CADENCES[generator.tone];
  if (generator.part + 2 < cadence.parts.length) {
    startPart(generator, generator.part + 2);
  } else if (cadence.repeats) {
    startPart(generator, 0);
  } else {
    stopTone(generator);
  }
}

/** The next sample of the tone. */
function nextSample(generator: ToneGenerator): number {
  if (!generator.endless) {
    if (generator.remaining === 0) {
      nextPart(generator);
    }
    generator.remaining -= 1;
  }
  let ramp = generator.ramp;
  if (generator.sounding) {
    ramp = ramp < RAMP_SAMPLES ? ramp + 1 : ramp;
  } else if (ramp > 0) {
    ramp -= 1;
  }
  generator.ramp = ramp;
  if (ramp === 0) {
    generator.phase = 0;
    return 0;
  }
  const crest = ramp === RAMP_SAMPLES ? generator.amplitude : (generator.amplitude * ramp) >> 5;
  const phase = generator.phase;
  generator.phase = (phase + generator.step) & PHASE_MASK;
  return (crest * SINE[phase >> PHASE_SHIFT] + 2048) >> 12;
}

/** Writes the next `count` samples of the tone over samples[start … start + count). */
export function fillTone(generator: ToneGenerator, samples: Samples, start: number, count: number): void {
  const end = start + count;
  for (let index = start; index < end; index += 1) {
    samples[index] = nextSample(generator);
  }
}

/** Adds the next `count` samples of the tone to samples[start … start + count); a sum beyond the range is clipped. */
export function addTone(generator: ToneGenerator, samples: Samples, start: number, count: number): void {
  if (toneIsOver(generator)) {
    return; // most frames of a talk
  }
  const end = start + count;
  for (let index = start; index < end; index += 1) {
    const sum = samples[index] + nextSample(generator);
    samples[index] = sum > 32767 ? 32767 : sum < -32768 ? -32768 : sum;
  }
}
