// CRC-32 of ITU-T V.42, as STUN's FINGERPRINT has it (RFC 5389 15.5): four bits a step, in two 16-bit halves, because a
// 32-bit number allocates in JerryScript.

import type { Bytes } from "../bytes/bytes";
import type { Halves } from "../bytes/decimal";

// The remainders of the 16 values of four bits for the polynomial 0xedb88320 (bits reversed).
const HIGH = [
  0x0000, 0x1db7, 0x3b6e, 0x26d9, 0x76dc, 0x6b6b, 0x4db2, 0x5005, 0xedb8, 0xf00f, 0xd6d6, 0xcb61, 0x9b64, 0x86d3,
  0xa00a, 0xbdbd,
];
const LOW = [
  0x0000, 0x1064, 0x20c8, 0x30ac, 0x4190, 0x51f4, 0x6158, 0x713c, 0x8320, 0x9344, 0xa3e8, 0xb38c, 0xc2b0, 0xd2d4,
  0xe278, 0xf21c,
];

/** Sets `into` to the CRC-32 of bytes[start … end). */
export function computeCrc32(bytes: Bytes, start: number, end: number, into: Halves): void {
  let high = 0xffff;
  let low = 0xffff;
  for (let index = start; index < end; index += 1) {
    low ^= bytes[index];
    for (let half = 0; half < 2; half += 1) {
      const row = low & 0x0f;
      low = ((low >> 4) | ((high & 0x0f) << 12)) ^ LOW[row];
      high = (high >> 4) ^ HIGH[row];
    }
  }
  into.high = high ^ 0xffff;
  into.low = low ^ 0xffff;
}
