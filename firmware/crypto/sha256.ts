// SHA-256, FIPS 180-4 section 6.2: one block of 64 octets at a time. All numbers are signed 32-bit; the record, the
// padding and the face that the device uses are in hash.ts.

import { type Bytes, fillBytes } from "../bytes/bytes";
import { twins } from "../bytes/twins";
import { addToHighWord, createNoNumbers, highWordAt } from "./words";

/** The octets of a digest. */
export const SHA_256_BYTES = 32;

/** Boot only: FIPS 180-4 4.2.2, from the cube roots of the first 64 primes, as signed numbers. */
function createRoundConstants(): number[] {
  return [
    1116352408, 1899447441, -1245643825, -373957723, 961987163, 1508970993, -1841331548, -1424204075, -670586216,
    310598401, 607225278, 1426881987, 1925078388, -2132889090, -1680079193, -1046744716, -459576895, -272742522,
    264347078, 604807628, 770255983, 1249150122, 1555081692, 1996064986, -1740746414, -1473132947, -1341970488,
    -1084653625, -958395405, -710438585, 113926993, 338241895, 666307205, 773529912, 1294757372, 1396182291, 1695183700,
    1986661051, -2117940946, -1838011259, -1564481375, -1474664885, -1035236496, -949202525, -778901479, -694614492,
    -200395387, 275423344, 430227734, 506948616, 659060556, 883997877, 958139571, 1322822218, 1537002063, 1747873779,
    1955562222, 2024104815, -2067236844, -1933114872, -1866530822, -1538233109, -1090935817, -965641998,
  ];
}

/** Boot only: FIPS 180-4 5.3.3, from the square roots of the first 8 primes, as signed numbers. */
function createStartValues(): number[] {
  return [1779033703, -1150833019, 1013904242, -1521486534, 1359893119, -1694144372, 528734635, 1541459225];
}

const ROUND_CONSTANTS = twins === false ? createRoundConstants() : createNoNumbers();
const START_VALUES = createStartValues();

/** Sets the chaining variables to their start values: H0 … H7, the highest octet first. */
export function startSha256(chain: Bytes): void {
  fillBytes(chain, 0, SHA_256_BYTES, 0);
  for (let index = 0; index < 8; index += 1) {
    addToHighWord(chain, 4 * index, START_VALUES[index]);
  }
}

/** Replaces the message schedule's words t … t + 15 by t + 16 … t + 31, FIPS 180-4 6.2.2 step 1. */
function advanceSchedule(words: number[]): void {
  for (let index = 0; index < 16; index += 1) {
    const x = words[(index + 1) & 15];
    const y = words[(index + 14) & 15];
    const sigma0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const sigma1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    words[index] = (words[index] + sigma0 + words[(index + 9) & 15] + sigma1) | 0;
  }
}

function compressSha256Here(chain: Bytes, words: number[], bytes: Bytes, start: number): void {
  for (let index = 0; index < 16; index += 1) {
    words[index] = highWordAt(bytes, start + 4 * index);
  }
  let a = highWordAt(chain, 0);
  let b = highWordAt(chain, 4);
  let c = highWordAt(chain, 8);
  let d = highWordAt(chain, 12);
  let e = highWordAt(chain, 16);
  let f = highWordAt(chain, 20);
  let g = highWordAt(chain, 24);
  let h = highWordAt(chain, 28);
  for (let round = 0; round < 64; round += 16) {
    if (round > 0) {
      advanceSchedule(words);
    }
    for (let index = 0; index < 16; index += 1) {
      const sum1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const choice = g ^ (e & (f ^ g));
      const first = (h + sum1 + choice + ROUND_CONSTANTS[round + index] + words[index]) | 0;
      const sum0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const majority = (a & b) | (c & (a | b));
      h = g;
      g = f;
      f = e;
      e = (d + first) | 0;
      d = c;
      c = b;
      b = a;
      a = (first + sum0 + majority) | 0;
    }
  }
  addToHighWord(chain, 0, a);
  addToHighWord(chain, 4, b);
  addToHighWord(chain, 8, c);
  addToHighWord(chain, 12, d);
  addToHighWord(chain, 16, e);
  addToHighWord(chain, 20, f);
  addToHighWord(chain, 24, g);
  addToHighWord(chain, 28, h);
}

/**
 * Takes one block into the chaining variables, FIPS 180-4 6.2.2.
 * @param chain H0 … H7
 * @param words 16 numbers of room for the message schedule; a native twin needs none
 * @param bytes holds the block from `start`
 */
export const compressSha256 = twins === false ? compressSha256Here : twins.compressSha256;
