// MD5, RFC 1321: one block of 64 octets at a time. Only digest authentication (RFC 7616) uses it, never as a signature.
// All numbers are signed 32-bit; the record, the padding and the face that the device uses are in hash.ts.

import type { Bytes } from "../bytes/bytes";

/** The octets of a digest. */
export const MD5_BYTES = 16;

/** Boot only: RFC 1321 3.4, the integer part of 2^32 · |sin(i)|, i = 1 … 64 radians, as signed numbers. */
function createSines(): number[] {
  return [
    -680876936, -389564586, 606105819, -1044525330, -176418897, 1200080426, -1473231341, -45705983, 1770035416,
    -1958414417, -42063, -1990404162, 1804603682, -40341101, -1502002290, 1236535329, -165796510, -1069501632,
    643717713, -373897302, -701558691, 38016083, -660478335, -405537848, 568446438, -1019803690, -187363961, 1163531501,
    -1444681467, -51403784, 1735328473, -1926607734, -378558, -2022574463, 1839030562, -35309556, -1530992060,
    1272893353, -155497632, -1094730640, 681279174, -358537222, -722521979, 76029189, -640364487, -421815835, 530742520,
    -995338651, -198630844, 1126891415, -1416354905, -57434055, 1700485571, -1894986606, -1051523, -2054922799,
    1873313359, -30611744, -1560198380, 1309151649, -145523070, -1120210379, 718787259, -343485551,
  ];
}

const SINES = createSines();

/** Sets state[0 … 3] to the start values, RFC 1321 3.3. */
export function startMd5(state: number[]): void {
  state[0] = 1732584193;
  state[1] = -271733879;
  state[2] = -1732584194;
  state[3] = 271733878;
}

/**
 * Takes one block into the state, RFC 1321 3.4.
 * @param state A, B, C, D
 * @param words 16 numbers of room for the block as little-endian words
 * @param bytes holds the block from `start`
 */
export function compressMd5(state: number[], words: number[], bytes: Bytes, start: number): void {
  let at = start;
  for (let index = 0; index < 16; index += 1) {
    words[index] = bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24) | 0;
    at += 4;
  }
  let a = state[0];
  let b = state[1];
  let c = state[2];
  let d = state[3];
  // Round 1: F(b, c, d), the words in order.
  for (let index = 0; index < 16; index += 4) {
    a = (a + (d ^ (b & (c ^ d))) + words[index] + SINES[index]) | 0;
    a = (b + ((a << 7) | (a >>> 25))) | 0;
    d = (d + (c ^ (a & (b ^ c))) + words[index + 1] + SINES[index + 1]) | 0;
    d = (a + ((d << 12) | (d >>> 20))) | 0;
    c = (c + (b ^ (d & (a ^ b))) + words[index + 2] + SINES[index + 2]) | 0;
    c = (d + ((c << 17) | (c >>> 15))) | 0;
    b = (b + (a ^ (c & (d ^ a))) + words[index + 3] + SINES[index + 3]) | 0;
    b = (c + ((b << 22) | (b >>> 10))) | 0;
  }
  // Round 2: G(b, c, d), every fifth word from 1.
  for (let index = 0; index < 16; index += 4) {
    a = (a + (c ^ (d & (b ^ c))) + words[(5 * index + 1) & 15] + SINES[index + 16]) | 0;
    a = (b + ((a << 5) | (a >>> 27))) | 0;
    d = (d + (b ^ (c & (a ^ b))) + words[(5 * index + 6) & 15] + SINES[index + 17]) | 0;
    d = (a + ((d << 9) | (d >>> 23))) | 0;
    c = (c + (a ^ (b & (d ^ a))) + words[(5 * index + 11) & 15] + SINES[index + 18]) | 0;
    c = (d + ((c << 14) | (c >>> 18))) | 0;
    b = (b + (d ^ (a & (c ^ d))) + words[(5 * index + 16) & 15] + SINES[index + 19]) | 0;
    b = (c + ((b << 20) | (b >>> 12))) | 0;
  }
  // Round 3: H(b, c, d), every third word from 5.
  for (let index = 0; index < 16; index += 4) {
    a = (a + (b ^ c ^ d) + words[(3 * index + 5) & 15] + SINES[index + 32]) | 0;
    a = (b + ((a << 4) | (a >>> 28))) | 0;
    d = (d + (a ^ b ^ c) + words[(3 * index + 8) & 15] + SINES[index + 33]) | 0;
    d = (a + ((d << 11) | (d >>> 21))) | 0;
    c = (c + (d ^ a ^ b) + words[(3 * index + 11) & 15] + SINES[index + 34]) | 0;
    c = (d + ((c << 16) | (c >>> 16))) | 0;
    b = (b + (c ^ d ^ a) + words[(3 * index + 14) & 15] + SINES[index + 35]) | 0;
    b = (c + ((b << 23) | (b >>> 9))) | 0;
  }
  // Round 4: I(b, c, d), every seventh word from 0.
  for (let index = 0; index < 16; index += 4) {
    a = (a + (c ^ (b | ~d)) + words[(7 * index) & 15] + SINES[index + 48]) | 0;
    a = (b + ((a << 6) | (a >>> 26))) | 0;
    d = (d + (b ^ (a | ~c)) + words[(7 * index + 7) & 15] + SINES[index + 49]) | 0;
    d = (a + ((d << 10) | (d >>> 22))) | 0;
    c = (c + (a ^ (d | ~b)) + words[(7 * index + 14) & 15] + SINES[index + 50]) | 0;
    c = (d + ((c << 15) | (c >>> 17))) | 0;
    b = (b + (d ^ (c | ~a)) + words[(7 * index + 21) & 15] + SINES[index + 51]) | 0;
    b = (c + ((b << 21) | (b >>> 11))) | 0;
  }
  state[0] = (state[0] + a) | 0;
  state[1] = (state[1] + b) | 0;
  state[2] = (state[2] + c) | 0;
  state[3] = (state[3] + d) | 0;
}
