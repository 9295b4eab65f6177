// The chaining variables of a hash as they lie in octets: 32-bit words, the lowest octet first (MD5) or the highest (SHA-256). So
// the last ones are the digest as it is printed, and a native twin works on the same octets. Signed 32-bit numbers.

import type { Bytes } from "../bytes/bytes";

/** The word from `at`, lowest octet first. */
export function lowWordAt(bytes: Bytes, at: number): number {
  return bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24) | 0;
}

/** The word from `at`, highest octet first. */
export function highWordAt(bytes: Bytes, at: number): number {
  return (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3] | 0;
}

/** Adds to the word from `at`, lowest octet first. */
export function addToLowWord(bytes: Bytes, at: number, value: number): void {
  const sum = (lowWordAt(bytes, at) + value) | 0;
  bytes[at] = sum & 0xff;
  bytes[at + 1] = (sum >>> 8) & 0xff;
  bytes[at + 2] = (sum >>> 16) & 0xff;
  bytes[at + 3] = (sum >>> 24) & 0xff;
}

/** Adds to the word from `at`, highest octet first. */
export function addToHighWord(bytes: Bytes, at: number, value: number): void {
  const sum = (highWordAt(bytes, at) + value) | 0;
  bytes[at] = (sum >>> 24) & 0xff;
  bytes[at + 1] = (sum >>> 16) & 0xff;
  bytes[at + 2] = (sum >>> 8) & 0xff;
  bytes[at + 3] = sum & 0xff;
}

/** Boot only: the table of a reference whose native twin has its own. */
export function createNoNumbers(): number[] {
  return [];
}
