// Tones as they are sent and judged: a sine of a known frequency and level, and the level at a frequency in a recording
// (Goertzel's algorithm in floating point). Levels are dBov of RFC 6465: 0 dBov is a full-scale square wave.

/** Samples a second of everything here. */
export const RATE = 8000;
/** The window of a measurement: 200 ms, so frequencies 5 Hz apart are told apart. */
const WINDOW = 1600;
const FULL_SCALE = 32768;
/** What is reported for no energy at all. */
const SILENCE_DBOV = -127;

/** A sine of `hertz` at `level` dBov, `seconds` long. */
export function sine(hertz: number, level: number, seconds: number): Int16Array {
  const amplitude = FULL_SCALE * Math.SQRT2 * 10 ** (level / 20);
  const samples = new Int16Array(Math.round(seconds * RATE));
  for (let index = 0; index < samples.length; index += 1) {
    samples[index] = Math.round(amplitude * Math.sin((2 * Math.PI * hertz * index) / RATE));
  }
  return samples;
}

/** The level in dBov at `hertz` of samples[start … start + WINDOW). */
function levelOfWindow(samples: Int16Array, start: number, hertz: number): number {
  const coefficient = 2 * Math.cos((2 * Math.PI * hertz) / RATE);
  let previous = 0;
  let before = 0;
  for (let index = start; index < start + WINDOW; index += 1) {
    // Hann's window: a tone of another frequency leaks nothing that matters.
    const weight = 1 - Math.cos((2 * Math.PI * (index - start)) / WINDOW);
    const value = weight * samples[index] + coefficient * previous - before;
    before = previous;
    previous = value;
  }
  const power = previous * previous + before * before - coefficient * previous * before;
  const amplitude = (2 * Math.sqrt(Math.max(power, 0))) / WINDOW;
  const level = 20 * Math.log10(amplitude / Math.SQRT2 / FULL_SCALE);
  return Math.max(level, SILENCE_DBOV);
}

/** The level in dBov at `hertz` in the loudest 200 ms of `samples`; -127 when there are fewer. */
export function loudest(samples: Int16Array, hertz: number): number {
  let level = SILENCE_DBOV;
  for (let start = 0; start + WINDOW <= samples.length; start += WINDOW / 2) {
    level = Math.max(level, levelOfWindow(samples, start, hertz));
  }
  return level;
}

/** What a listener must have heard: a tone at its level, and nothing at the frequency of another. */
export interface Expectation {
  hertz: number;
  /** dBov as sent */
  level: number;
  /** A frequency that must be absent, the listener's own tone: 0 for none. */
  absent: number;
}

/** How far a heard level may lie from the one that was sent, dB: G.711's error and gains of 0 dB. */
const TOLERANCE_DB = 1.5;
/** How loud an absent tone may be, dBov: below G.711's noise under a tone of -20 dBov. */
const ABSENT_DBOV = -50;

/** "" when `samples` holds what is expected, else what is wrong with it, with the levels. */
export function verdict(samples: Int16Array, expected: Expectation): string {
  const heard = loudest(samples, expected.hertz);
  if (Math.abs(heard - expected.level) > TOLERANCE_DB) {
    return `${expected.hertz} Hz at ${heard.toFixed(1)} dBov in ${samples.length} samples, expected ${expected.level} dBov`;
  }
  if (expected.absent !== 0) {
    const other = loudest(samples, expected.absent);
    if (other > ABSENT_DBOV) {
      return `${expected.absent} Hz at ${other.toFixed(1)} dBov, where it must be absent`;
    }
  }
  return "";
}
