// Hexadecimal digits, RFC 4648 section 8: octets to lower-case digits and back. Decoding takes both cases and is strict:
// an odd count, a blank or any other letter is refused. Never writes past what the caller has made room for.

import type { Bytes } from "./bytes";

/** The lower-case digit, as an octet, of a value of 0 … 15. */
export function hexDigit(value: number): number {
  return value < 10 ? 0x30 + value : 0x57 + value;
}

/** The value of a hexadecimal digit in either case, or -1 when the octet is none. */
export function hexValue(octet: number): number {
  if (octet >= 0x30 && octet <= 0x39) {
    return octet - 0x30;
  }
  const letter = octet | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

/** Writes source[start … end) as 2 · (end - start) digits to target from `at`; the caller has checked that they fit. */
export function encodeHex(source: Bytes, start: number, end: number, target: Bytes, at: number): void {
  let to = at;
  for (let index = start; index < end; index += 1) {
    target[to] = hexDigit(source[index] >> 4);
    target[to + 1] = hexDigit(source[index] & 0x0f);
    to += 2;
  }
}

/**
 * Reads the digits source[start … end) as octets into target[at … limit).
 * @returns the number of octets, or -1 when a letter is no digit, the count is odd, or they do not fit
 */
export function decodeHex(source: Bytes, start: number, end: number, target: Bytes, at: number, limit: number): number {
  const digits = end - start;
  if (digits < 0 || digits % 2 !== 0 || digits > (limit - at) * 2) {
    return -1;
  }
  let to = at;
  for (let index = start; index < end; index += 2) {
    const high = hexValue(source[index]);
    const low = hexValue(source[index + 1]);
    if (high < 0 || low < 0) {
      return -1;
    }
    target[to] = high * 16 + low;
    to += 1;
  }
  return to - at;
}

/** Reads bytes[start … end) as 1 to 6 hexadecimal digits. Returns the number, or -1 when it is none or longer. */
export function parseHex(bytes: Bytes, start: number, end: number): number {
  if (end <= start || end - start > 6) {
    return -1;
  }
  let value = 0;
  for (let index = start; index < end; index += 1) {
    const digit = hexValue(bytes[index]);
    if (digit < 0) {
      return -1;
    }
    value = value * 16 + digit;
  }
  return value;
}
