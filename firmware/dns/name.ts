// Domain names (RFC 1035 3.1, 4.1.4): from a host of text to labels in lower case, and out of a message with its
// compression. A pointer leads back only, so that no message makes a reader go round; nothing is read outside.

import { type Bytes, lowerCase } from "../bytes/bytes";
import type { FixedText } from "../bytes/fixed-text";

/** Octets of the longest name that is kept, of the 255 of RFC 1035 2.3.4: a longer one is asked for by nobody here. */
export const NAME_OCTETS = 128;

/** Octets of the longest label (2.3.4). */
const LABEL_OCTETS = 63;

/** From this octet on it is no label but the first octet of a pointer (4.1.4). */
const POINTER = 0xc0;

/**
 * Sets a name to the labels of a host, bytes[start … end); a dot at its end counts for nothing.
 * @returns whether it is a name and fits
 */
export function setName(name: FixedText, bytes: Bytes, start: number, end: number): boolean {
  const last = end > start && bytes[end - 1] === 0x2e ? end - 1 : end;
  const target = name.bytes;
  name.length = 0;
  if (last === start || last - start + 2 > target.length) {
    return false;
  }
  let label = 0;
  let at = 1;
  for (let index = start; index <= last; index += 1) {
    if (index < last && bytes[index] !== 0x2e) {
      target[at] = lowerCase(bytes[index]);
    } else {
      const length = at - label - 1;
      if (length < 1 || length > LABEL_OCTETS) {
        return false;
      }
      target[label] = length;
      label = at;
    }
    at += 1;
  }
  target[label] = 0;
  name.length = at;
  return true;
}

/**
 * Reads the name at an offset of the message bytes[0 … length), without compression and in lower case.
 * @returns whether it is well-formed and fits into `name`
 */
export function readName(bytes: Bytes, length: number, offset: number, name: FixedText): boolean {
  const target = name.bytes;
  let limit = offset;
  let at = offset;
  let to = 0;
  name.length = 0;
  while (at < length) {
    const octet = bytes[at];
    if (octet >= POINTER) {
      at = at + 1 < length ? (octet - POINTER) * 256 + bytes[at + 1] : length;
      if (at >= limit) {
        return false;
      }
      limit = at;
    } else {
      const behind = at + octet + 1;
      if (octet > LABEL_OCTETS || behind > length || to + octet + 1 > target.length) {
        return false;
      }
      while (at < behind) {
        target[to] = lowerCase(bytes[at]);
        to += 1;
        at += 1;
      }
      if (octet === 0) {
        name.length = to;
        return true;
      }
    }
  }
  return false;
}

/** The offset behind the name at `start` of the message bytes[0 … length), or -1 when it has no end. */
export function skipName(bytes: Bytes, length: number, start: number): number {
  let at = start;
  while (at < length) {
    const octet = bytes[at];
    if (octet >= POINTER) {
      return at + 2 <= length ? at + 2 : -1;
    }
    at += octet + 1;
    if (octet === 0) {
      return at;
    }
    if (octet > LABEL_OCTETS) {
      return -1;
    }
  }
  return -1;
}
