// Decimal numbers read from octets, with every limit checked. 32-bit numbers are read as two 16-bit halves, because
// a number outside 28 bits allocates in JerryScript.

import type { Bytes } from "./bytes";

/** The largest number that stays allocation-free in every VM: 2^27 - 1. */
export const DECIMAL_MAXIMUM = 0x7ffffff;

/** Reads bytes[start … end) as digits only. Returns the number, or -1 when it is empty, no number or above 2^27 - 1. */
export function parseDecimal(bytes: Bytes, start: number, end: number): number {
  if (start >= end) {
    return -1;
  }
  let value = 0;
  for (let index = start; index < end; index += 1) {
    const digit = bytes[index] - 0x30;
    // 2^27 - 1 is 13,421,772 · 10 + 7.
    if (digit < 0 || digit > 9 || value > 13421772 || (value === 13421772 && digit > 7)) {
      return -1;
    }
    value = value * 10 + digit;
  }
  return value;
}

/** A 32-bit number in two 16-bit halves. */
export interface Halves {
  high: number;
  low: number;
}

/** Boot only: the number 0. */
export function createHalves(): Halves {
  return { high: 0, low: 0 };
}

/** Reads bytes[start … end) as digits only into `into`. Returns false when it is empty, no number or above 2^32 - 1. */
export function parseDecimalHalves(bytes: Bytes, start: number, end: number, into: Halves): boolean {
  if (start >= end) {
    return false;
  }
  let high = 0;
  let low = 0;
  for (let index = start; index < end; index += 1) {
    const digit = bytes[index] - 0x30;
    if (digit < 0 || digit > 9) {
      return false;
    }
    low = low * 10 + digit;
    high = high * 10 + (low >> 16);
    low &= 0xffff;
    if (high > 0xffff) {
      return false;
    }
  }
  into.high = high;
  into.low = low;
  return true;
}
