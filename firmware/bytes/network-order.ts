// Numbers of more than one octet as the wire has them: the highest first (RFC 791, appendix B).

import type { Bytes } from "./bytes";

/** The 16-bit number at an offset. */
export function numberAt(bytes: Bytes, at: number): number {
  return bytes[at] * 256 + bytes[at + 1];
}
