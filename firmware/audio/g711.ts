// G.711, both laws, bit-exact to ITU-T G.711 tables 1a to 2b in the 16-bit form of the ITU-T G.191 software tools: µ-law
// takes the upper 14 bits of a sample, A-law the upper 12. The tables, 11 KB, are built at boot from the decision values; a native
// twin needs none.

import { type Bytes, createBytes, createSamples, type Samples } from "../bytes/bytes";
import { twins } from "../bytes/twins";

/** The laws, by their static RTP payload type (RFC 3551 table 4). */
export const enum Law {
  MU = 0,
  A = 8,
}

const MU_MAGNITUDES = 8192; // 13 bits and the sign
const A_MAGNITUDES = 2048; // 11 bits and the sign
const CODES = 256;
const CODES_A_SEGMENT = 16;
const POSITIVE_CODES = 128;

/** The octets of the tables of both laws. */
export const G711_TABLE_BYTES = twins === false ? MU_MAGNITUDES + A_MAGNITUDES + 2 * 2 * CODES : 0;

/** All empty where a native twin does the work. */
export interface G711 {
  /** The code of each positive magnitude. A negative sample has the code of its one's complement, sign bit inverted. */
  readonly muCodes: Bytes;
  readonly aCodes: Bytes;
  /** The sample of each code. */
  readonly muSamples: Samples;
  readonly aSamples: Samples;
}

/** Boot only: the tables of both laws. */
export function createG711(): G711 {
  const share = twins === false ? 1 : 0;
  const g711: G711 = {
    muCodes: createBytes(share * MU_MAGNITUDES),
    aCodes: createBytes(share * A_MAGNITUDES),
    muSamples: createSamples(share * CODES),
    aSamples: createSamples(share * CODES),
  };
  if (twins === false) {
    buildMuLaw(g711);
    buildALaw(g711);
  }
  return g711;
}

/** G.711 table 2a: intervals of 2 units of 14 bits around 0, twice as wide in each segment of 16 codes. */
function buildMuLaw(g711: G711): void {
  let edge = -1; // decision value: the lower end of the interval
  let width = 2;
  for (let number = 0; number < POSITIVE_CODES; number += 1) {
    const code = 0xff - number;
    // The last interval takes what lies above the virtual decision value, 8159.
    const end = number === POSITIVE_CODES - 1 ? MU_MAGNITUDES : edge + width;
    for (let magnitude = edge < 0 ? 0 : edge; magnitude < end; magnitude += 1) {
      g711.muCodes[magnitude] = code;
    }
    const sample = (edge + (width >> 1)) * 4;
    g711.muSamples[code] = sample;
    g711.muSamples[code ^ 0x80] = 0 - sample;
    edge += width;
    if (number % CODES_A_SEGMENT === CODES_A_SEGMENT - 1) {
      width *= 2;
    }
  }
}

/** G.711 table 1a: intervals of 1 unit of 12 bits in the first two segments, twice as wide in each that follows. */
function buildALaw(g711: G711): void {
  let edge = 0;
  let width = 1;
  for (let number = 0; number < POSITIVE_CODES; number += 1) {
    const code = (0x80 + number) ^ 0x55; // even bits inverted on the line
    for (let magnitude = edge; magnitude < edge + width; magnitude += 1) {
      g711.aCodes[magnitude] = code;
    }
    const sample = edge * 16 + width * 8;
    g711.aSamples[code] = sample;
    g711.aSamples[code ^ 0x80] = 0 - sample;
    edge += width;
    if (number >= CODES_A_SEGMENT && number % CODES_A_SEGMENT === CODES_A_SEGMENT - 1) {
      width *= 2;
    }
  }
}

function encodeG711Here(
  g711: G711,
  law: Law,
  samples: Samples,
  sampleStart: number,
  count: number,
  bytes: Bytes,
  start: number,
): void {
  if (law === Law.MU) {
    encodeMuLaw(g711.muCodes, samples, sampleStart, sampleStart + count, bytes, start);
  } else {
    encodeALaw(g711.aCodes, samples, sampleStart, sampleStart + count, bytes, start);
  }
}

/** Encodes samples[sampleStart … sampleStart + count) to as many octets from bytes[start]. */
export const encodeG711 = twins === false ? encodeG711Here : twins.encodeG711;

// Four samples a step: the checks of a loop cost as much as the work on a sample.

function encodeMuLaw(codes: Bytes, samples: Samples, start: number, end: number, bytes: Bytes, at: number): void {
  let index = start;
  let to = at;
  while (index + 4 <= end) {
    let sample = samples[index];
    let sign = sample >> 15;
    bytes[to] = codes[(sample ^ sign) >> 2] ^ (sign & 0x80);
    sample = samples[index + 1];
    sign = sample >> 15;
    bytes[to + 1] = codes[(sample ^ sign) >> 2] ^ (sign & 0x80);
    sample = samples[index + 2];
    sign = sample >> 15;
    bytes[to + 2] = codes[(sample ^ sign) >> 2] ^ (sign & 0x80);
    sample = samples[index + 3];
    sign = sample >> 15;
    bytes[to + 3] = codes[(sample ^ sign) >> 2] ^ (sign & 0x80);
    index += 4;
    to += 4;
  }
  while (index < end) {
    const sample = samples[index];
    const sign = sample >> 15;
    bytes[to] = codes[(sample ^ sign) >> 2] ^ (sign & 0x80);
    index += 1;
    to += 1;
  }
}

function encodeALaw(codes: Bytes, samples: Samples, start: number, end: number, bytes: Bytes, at: number): void {
  let index = start;
  let to = at;
  while (index + 4 <= end) {
    let sample = samples[index];
    let sign = sample >> 15;
    bytes[to] = codes[(sample ^ sign) >> 4] ^ (sign & 0x80);
    sample = samples[index + 1];
    sign = sample >> 15;
    bytes[to + 1] = codes[(sample ^ sign) >> 4] ^ (sign & 0x80);
    sample = samples[index + 2];
    sign = sample >> 15;
    bytes[to + 2] = codes[(sample ^ sign) >> 4] ^ (sign & 0x80);
    sample = samples[index + 3];
    sign = sample >> 15;
    bytes[to + 3] = codes[(sample ^ sign) >> 4] ^ (sign & 0x80);
    index += 4;
    to += 4;
  }
  while (index < end) {
    const sample = samples[index];
    const sign = sample >> 15;
    bytes[to] = codes[(sample ^ sign) >> 4] ^ (sign & 0x80);
    index += 1;
    to += 1;
  }
}

function decodeG711Here(
  g711: G711,
  law: Law,
  bytes: Bytes,
  start: number,
  count: number,
  samples: Samples,
  sampleStart: number,
): void {
  const values = law === Law.MU ? g711.muSamples : g711.aSamples;
  const end = start + count;
  let index = start;
  let to = sampleStart;
  while (index + 4 <= end) {
    samples[to] = values[bytes[index]];
    samples[to + 1] = values[bytes[index + 1]];
    samples[to + 2] = values[bytes[index + 2]];
    samples[to + 3] = values[bytes[index + 3]];
    index += 4;
    to += 4;
  }
  while (index < end) {
    samples[to] = values[bytes[index]];
    index += 1;
    to += 1;
  }
}

/** Decodes bytes[start … start + count) to as many samples from samples[sampleStart]. */
export const decodeG711 = twins === false ? decodeG711Here : twins.decodeG711;
