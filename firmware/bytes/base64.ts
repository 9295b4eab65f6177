// Base64 with padding, RFC 4648 section 4. Decoding is strict, so that each octet sequence has exactly one text: no line
// breaks, no missing padding, no bits set behind the last octet. Never writes past the limit that the caller gives.

import type { Bytes } from "./bytes";

const PADDING = 0x3d; // "="

/** The letters that `octets` octets become. */
export function base64Length(octets: number): number {
  return (((octets + 2) / 3) | 0) * 4;
}

/** The letter of a value of 0 … 63, RFC 4648 table 1. */
function letterOf(value: number): number {
  if (value < 26) {
    return 0x41 + value;
  }
  if (value < 52) {
    return 0x61 - 26 + value;
  }
  if (value < 62) {
    return 0x30 - 52 + value;
  }
  return value === 62 ? 0x2b : 0x2f;
}

/** The value of a letter, or -1 when the alphabet does not have it. */
function valueOf(letter: number): number {
  if (letter >= 0x41 && letter <= 0x5a) {
    return letter - 0x41;
  }
  if (letter >= 0x61 && letter <= 0x7a) {
    return letter - 0x61 + 26;
  }
  if (letter >= 0x30 && letter <= 0x39) {
    return letter - 0x30 + 52;
  }
  if (letter === 0x2b) {
    return 62;
  }
  return letter === 0x2f ? 63 : -1;
}

/**
 * Writes source[start … end) as base64 to target[at … limit).
 * @returns the number of letters, or -1 when they do not fit
 */
export function encodeBase64(
  source: Bytes,
  start: number,
  end: number,
  target: Bytes,
  at: number,
  limit: number,
): number {
  const length = base64Length(end - start);
  if (length > limit - at) {
    return -1;
  }
  let to = at;
  for (let from = start; from < end; from += 3) {
    const first = source[from];
    const second = from + 1 < end ? source[from + 1] : 0;
    const third = from + 2 < end ? source[from + 2] : 0;
    target[to] = letterOf(first >> 2);
    target[to + 1] = letterOf(((first & 0x03) << 4) | (second >> 4));
    target[to + 2] = from + 1 < end ? letterOf(((second & 0x0f) << 2) | (third >> 6)) : PADDING;
    target[to + 3] = from + 2 < end ? letterOf(third & 0x3f) : PADDING;
    to += 4;
  }
  return length;
}

/**
 * Reads the base64 text source[start … end) into target[at … limit).
 * @returns the number of octets, or -1 when the text is not canonical base64 or does not fit
 */
export function decodeBase64(
  source: Bytes,
  start: number,
  end: number,
  target: Bytes,
  at: number,
  limit: number,
): number {
  const letters = end - start;
  if (letters < 0 || letters % 4 !== 0) {
    return -1;
  }
  let to = at;
  for (let from = start; from < end; from += 4) {
    const last = from + 4 === end;
    const first = valueOf(source[from]);
    const second = valueOf(source[from + 1]);
    let octets = 3;
    if (last && source[from + 3] === PADDING) {
      octets = source[from + 2] === PADDING ? 1 : 2;
    }
    const third = octets >= 2 ? valueOf(source[from + 2]) : 0;
    const fourth = octets === 3 ? valueOf(source[from + 3]) : 0;
    if (first < 0 || second < 0 || third < 0 || fourth < 0 || octets > limit - to) {
      return -1;
    }
    if ((octets === 1 && (second & 0x0f) !== 0) || (octets === 2 && (third & 0x03) !== 0)) {
      return -1;
    }
    target[to] = (first << 2) | (second >> 4);
    if (octets >= 2) {
      target[to + 1] = ((second & 0x0f) << 4) | (third >> 2);
    }
    if (octets === 3) {
      target[to + 2] = ((third & 0x03) << 6) | fourth;
    }
    to += octets;
  }
  return to - at;
}
