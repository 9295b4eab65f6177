// Tags, branches and Call-IDs: unpredictable, from the HAL's random source, written as hexadecimal digits
// (RFC 3261 19.3, 8.1.1.7, 8.1.1.4).

import type { Random } from "../../hal/random";
import { type Bytes, createBytes } from "../bytes/bytes";
import type { FixedText } from "../bytes/fixed-text";
import { encodeHex } from "../bytes/hex";
import { copyText, createText, textLength } from "../bytes/text";

/** Octets of a tag: 64 random bits. */
export const TAG_LENGTH = 16;

/** Octets of a branch: the magic cookie, and 64 random bits. */
export const BRANCH_LENGTH = 23;

/** Octets of a Call-ID: 96 random bits. No host in it, so that it tells nobody where the door is. */
export const CALL_ID_LENGTH = 24;

const MAGIC_COOKIE = createText("z9hG4bK");

const entropy = createBytes(16);

/** Writes `digits` random hexadecimal digits (at most 32, an even number) to target from `at`. */
export function fillRandomHex(random: Random, target: Bytes, at: number, digits: number): void {
  const octets = digits >> 1;
  random.fill(entropy, 0, octets);
  encodeHex(entropy, 0, octets, target, at);
}

/** Replaces a text by `digits` random hexadecimal digits. */
export function setRandomHex(random: Random, text: FixedText, digits: number): void {
  fillRandomHex(random, text.bytes, 0, digits);
  text.length = digits;
}

/** Writes a new branch of BRANCH_LENGTH octets to target from `at`. */
export function fillBranch(random: Random, target: Bytes, at: number): void {
  copyText(target, at, MAGIC_COOKIE);
  fillRandomHex(random, target, at + textLength(MAGIC_COOKIE), BRANCH_LENGTH - 7);
}

/** A random number of 0 … limit - 1, limit at most 65,536. */
export function randomBelow(random: Random, limit: number): number {
  random.fill(entropy, 0, 3);
  return (entropy[0] * 65536 + entropy[1] * 256 + entropy[2]) % limit;
}
