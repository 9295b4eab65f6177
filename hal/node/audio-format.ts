// The one format of audio (hal/audio.ts): signed 16-bit linear samples, one channel, 8,000 a second, and levels in dBov
// (RFC 6464 4, ITU-T G.100.1: 0 dBov is a full-scale square wave, so a full-scale sine has -3.01 dBov).

export const SAMPLE_RATE = 8000;
export const SAMPLES_PER_MILLISECOND = 8;
/** 20 ms. */
export const FRAME_SAMPLES = 160;
/** The root mean square of 0 dBov. */
export const OVERLOAD = 32_768;
/** The level that stands for silence, as in RFC 6464. */
export const SILENCE_DBOV = -127;

/** The level of a root mean square. */
export function dBov(rootMeanSquare: number): number {
  return rootMeanSquare <= 0 ? SILENCE_DBOV : Math.max(SILENCE_DBOV, 20 * Math.log10(rootMeanSquare / OVERLOAD));
}
