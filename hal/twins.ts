// Native twins: functions of firmware/ that a shell in C has too, behind the very face of their reference. What C is given is
// what the reference is given; what it answers and writes is the same to the bit, also where two parts of a buffer overlap.

import type { Bytes, Samples } from "../firmware/bytes/bytes";

/**
 * What a shell puts before the program as `doorlineTwins`. Every argument is checked there: a range outside of its buffer raises
 * an error, which is a fault of the program. What a reference works with and a twin has in C (tables, words) is taken and ignored.
 */
export interface Twins {
  // firmware/bytes/bytes.ts
  copyBytes(this: void, target: Bytes, at: number, source: Bytes, start: number, end: number): void;
  fillBytes(this: void, bytes: Bytes, start: number, end: number, value: number): void;
  equalBytes(
    this: void,
    left: Bytes,
    leftStart: number,
    leftEnd: number,
    right: Bytes,
    rightStart: number,
    rightEnd: number,
  ): boolean;
  equalBytesAnyCase(
    this: void,
    left: Bytes,
    leftStart: number,
    leftEnd: number,
    right: Bytes,
    rightStart: number,
    rightEnd: number,
  ): boolean;
  equalBytesConstantTime(
    this: void,
    left: Bytes,
    leftStart: number,
    right: Bytes,
    rightStart: number,
    length: number,
  ): boolean;
  findByte(this: void, bytes: Bytes, start: number, end: number, octet: number): number;
  isPrintable(this: void, bytes: Bytes, start: number, end: number, first: number): boolean;
  // firmware/bytes/network-order.ts
  numberAt(this: void, bytes: Bytes, at: number): number;
  writeNumberAt(this: void, bytes: Bytes, at: number, value: number): void;
  writeFourNumbersAt(
    this: void,
    bytes: Bytes,
    at: number,
    first: number,
    second: number,
    third: number,
    fourth: number,
  ): void;
  // firmware/audio/g711.ts
  encodeG711(
    this: void,
    tables: object,
    law: number,
    samples: Samples,
    sampleStart: number,
    count: number,
    bytes: Bytes,
    start: number,
  ): void;
  decodeG711(
    this: void,
    tables: object,
    law: number,
    bytes: Bytes,
    start: number,
    count: number,
    samples: Samples,
    sampleStart: number,
  ): void;
  // firmware/audio: delay-line.ts, gain.ts, level.ts
  delaySamples(
    this: void,
    ring: Samples,
    at: number,
    delay: number,
    samples: Samples,
    start: number,
    count: number,
  ): number;
  applyGain(this: void, samples: Samples, start: number, count: number, gain: number): void;
  clearSamples(this: void, samples: Samples, start: number, count: number): void;
  peakOf(this: void, samples: Samples, start: number, count: number): number;
  // firmware/crypto
  compressMd5(this: void, chain: Bytes, words: object, bytes: Bytes, start: number): void;
  compressSha256(this: void, chain: Bytes, words: object, bytes: Bytes, start: number): void;
}
