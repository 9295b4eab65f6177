// MD5, RFC 1321: one block of 64 octets at a time. Only digest authentication (RFC 7616) uses it, never as a signature.
// All numbers are signed 32-bit; the record, the padding and the face that the device uses are in hash.ts.

import { type Bytes, fillBytes } from "../bytes/bytes";
import { twins } from "../bytes/twins";
import { addToLowWord, createNoNumbers, lowWordAt } from "./words";

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

const SINES = twins === false ? createSines() : createNoNumbers();

/** Boot only: RFC 1321 3.4, the bits by which a sum is rotated, four of each round in turn. */
function createShifts(): number[] {
  return [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
}

const SHIFTS = twins === false ? createShifts() : createNoNumbers();

/** Sets the chaining variables to their start values, RFC 1321 3.3: A, B, C, D, the lowest octet first. */
export function startMd5(chain: Bytes): void {
  fillBytes(chain, 0, MD5_BYTES, 0);
  addToLowWord(chain, 0, 1732584193);
  addToLowWord(chain, 4, -271733879);
  addToLowWord(chain, 8, -1732584194);
  addToLowWord(chain, 12, 271733878);
}

function compressMd5Here(chain: Bytes, words: number[], bytes: Bytes, start: number): void {
  for (let index = 0; index < 16; index += 1) {
    words[index] = lowWordAt(bytes, start + 4 * index);
  }
  let a = lowWordAt(chain, 0);
  let b = lowWordAt(chain, 4);
  let c = lowWordAt(chain, 8);
  let d = lowWordAt(chain, 12);
  // One loop for all rounds; I(b, c, d) is that of the last. Written out they take 2.5 KB more of bytecode and 60 % of the time.
  for (let step = 0; step < 64; step += 1) {
    const round = step >> 4;
    let mixed = c ^ (b | ~d);
    let word = 7 * step;
    if (round === 0) {
      mixed = d ^ (b & (c ^ d));
      word = step;
    } else if (round === 1) {
      mixed = c ^ (d & (b ^ c));
      word = 5 * step + 1;
    } else if (round === 2) {
      mixed = b ^ c ^ d;
      word = 3 * step + 5;
    }
    const sum = (a + mixed + words[word & 15] + SINES[step]) | 0;
    const shift = SHIFTS[(round << 2) | (step & 3)];
    a = d;
    d = c;
    c = b;
    b = (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0;
  }
  addToLowWord(chain, 0, a);
  addToLowWord(chain, 4, b);
  addToLowWord(chain, 8, c);
  addToLowWord(chain, 12, d);
}

/**
 * Takes one block into the chaining variables, RFC 1321 3.4.
 * @param chain A, B, C, D
 * @param words 16 numbers of room for the block as words; a native twin needs none
 * @param bytes holds the block from `start`
 */
export const compressMd5 = twins === false ? compressMd5Here : twins.compressMd5;
