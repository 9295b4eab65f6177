// Levels in tenths of a decibel relative to overload (dBov, ITU-T G.100.1): 0 is the power of a full-scale square wave, a
// full-scale sine has -30. Logarithms by table, off by less than 0.05 dB.

/** The level of digital silence, and the lowest that is ever answered: -127 dBov, as in RFC 6464 section 3. */
export const SILENCE_LEVEL = -1270;

/** log2 of the power of overload, 32,768², in steps of 1 / 256. */
const OVERLOAD_LOG = 30 * 256;

/** Boot only: 256 · log2(1 + index / 32), index = 0 … 32. */
function createLogarithms(): number[] {
  return [
    0, 11, 22, 33, 44, 54, 63, 73, 82, 92, 100, 109, 118, 126, 134, 142, 150, 157, 165, 172, 179, 186, 193, 200, 207,
    213, 220, 226, 232, 238, 244, 250, 256,
  ];
}

const LOGARITHMS = createLogarithms();

/** 256 · log2(value), rounded; value is 1 … 2^27 - 1. */
export function logarithm(value: number): number {
  let mantissa = value;
  let exponent = 15;
  while (mantissa >= 0x10000) {
    mantissa = mantissa >> 1;
    exponent += 1;
  }
  while (mantissa < 0x8000) {
    mantissa = mantissa << 1;
    exponent -= 1;
  }
  const index = (mantissa >> 10) & 31;
  const below = LOGARITHMS[index];
  return exponent * 256 + below + (((LOGARITHMS[index + 1] - below) * (mantissa & 1023) + 512) >> 10);
}

/**
 * The level of a mean power.
 * @param power 256 · log2 of the mean square of the samples
 * @returns tenths of dBov, SILENCE_LEVEL … 0
 */
export function levelOfPower(power: number): number {
  const below = OVERLOAD_LOG - power;
  if (below <= 0) {
    return 0;
  }
  if (below > 10800) {
    return SILENCE_LEVEL;
  }
  // 10 · log10(2) · 10 / 256 = 0.117590 = 7,706 / 65,536
  return 0 - ((below * 7706 + 32768) >> 16);
}
