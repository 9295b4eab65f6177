// Numbers of more than one octet as the wire has them: the highest first (RFC 791, appendix B).

import type { Bytes } from "./bytes";

/** The 16-bit number at an offset. */
export function numberAt(bytes: Bytes, at: number): number {
  return bytes[at] * 256 + bytes[at + 1];
}

/** Writes a 16-bit number at an offset. */
export function writeNumberAt(bytes: Bytes, at: number, value: number): void {
  bytes[at] = (value >> 8) & 0xff;
  bytes[at + 1] = value & 0xff;
}
