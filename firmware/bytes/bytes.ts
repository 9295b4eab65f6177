// Byte views: a buffer with a first offset and an end offset, compared, searched and copied in place; a function with a native
// twin is that one where the shell has it. Nothing here allocates after boot, reads outside [start, end) or makes a string.

import { twins } from "./twins";

/** A fixed buffer of octets, 0-based. A store is masked with `& 0xff`; a read outside 0 … length-1 is a fault. */
export interface Bytes {
  readonly length: number;
  [index: number]: number;
}

/** A fixed buffer of signed 16-bit linear samples (-32768 … 32767), 0-based. A store outside the range is a fault. */
export interface Samples {
  readonly length: number;
  [index: number]: number;
}

/** A fixed buffer of unsigned 16-bit numbers (0 … 65535), 0-based: offsets, ports, halves of 32-bit fields. */
export interface Words {
  readonly length: number;
  [index: number]: number;
}

let allocated = 0;

/** Octets of all buffers that were made in this program so far. The memory report is made of its differences. */
export function octetsAllocated(): number {
  return allocated;
}

const NO_BYTES: Bytes = new Uint8Array(0);
/** A buffer that boot has no more use for. */
let returned: Bytes = NO_BYTES;

/** Boot only: gives a buffer back that was needed in boot alone. The next one of its length is it; nobody else may hold it. */
export function returnBytes(bytes: Bytes): void {
  allocated -= bytes.length;
  returned = bytes;
}

/** Boot only: a zeroed buffer of `length` octets. */
export function createBytes(length: number): Bytes {
  allocated += length;
  if (length === 0 || returned.length !== length) {
    return new Uint8Array(length);
  }
  const again = returned;
  returned = NO_BYTES;
  fillBytes(again, 0, length, 0);
  return again;
}

/** Boot only: a zeroed buffer of `length` signed 16-bit samples. */
export function createSamples(length: number): Samples {
  allocated += 2 * length;
  return new Int16Array(length);
}

/** Boot only: a zeroed buffer of `length` unsigned 16-bit numbers. */
export function createWords(length: number): Words {
  allocated += 2 * length;
  return new Uint16Array(length);
}

/** Boot only: the octets of an ASCII string. */
export function createBytesOf(text: string): Bytes {
  const bytes = createBytes(text.length);
  for (let index = 0; index < text.length; index += 1) {
    bytes[index] = text.charCodeAt(index) & 0xff;
  }
  return bytes;
}

function copyBytesHere(target: Bytes, at: number, source: Bytes, start: number, end: number): void {
  const shift = at - start;
  let index = start;
  // Four octets a step: the checks of a loop cost as much as the work on an octet.
  while (index + 4 <= end) {
    const to = index + shift;
    target[to] = source[index];
    target[to + 1] = source[index + 1];
    target[to + 2] = source[index + 2];
    target[to + 3] = source[index + 3];
    index += 4;
  }
  while (index < end) {
    target[index + shift] = source[index];
    index += 1;
  }
}

/** Copies source[start … end) to target from `at`, the first octet first. The caller has checked that it fits. */
export const copyBytes = twins === false ? copyBytesHere : twins.copyBytes;

function fillBytesHere(bytes: Bytes, start: number, end: number, value: number): void {
  for (let index = start; index < end; index += 1) {
    bytes[index] = value & 0xff;
  }
}

/** Sets bytes[start … end) to `value`. */
export const fillBytes = twins === false ? fillBytesHere : twins.fillBytes;

function equalBytesHere(
  left: Bytes,
  leftStart: number,
  leftEnd: number,
  right: Bytes,
  rightStart: number,
  rightEnd: number,
): boolean {
  if (leftEnd - leftStart !== rightEnd - rightStart) {
    return false;
  }
  let other = rightStart;
  for (let index = leftStart; index < leftEnd; index += 1) {
    if (left[index] !== right[other]) {
      return false;
    }
    other += 1;
  }
  return true;
}

/** Whether two views hold the same octets. */
export const equalBytes = twins === false ? equalBytesHere : twins.equalBytes;

/** The lower-case form of an ASCII letter; any other octet as it is. */
export function lowerCase(octet: number): number {
  return octet >= 0x41 && octet <= 0x5a ? octet + 0x20 : octet;
}

function equalBytesAnyCaseHere(
  left: Bytes,
  leftStart: number,
  leftEnd: number,
  right: Bytes,
  rightStart: number,
  rightEnd: number,
): boolean {
  if (leftEnd - leftStart !== rightEnd - rightStart) {
    return false;
  }
  let other = rightStart;
  for (let index = leftStart; index < leftEnd; index += 1) {
    const octet = right[other];
    // Most texts come in the case in which they are expected.
    if (left[index] !== octet && lowerCase(left[index]) !== lowerCase(octet)) {
      return false;
    }
    other += 1;
  }
  return true;
}

/** Whether two views are the same text, ASCII letters in any case. */
export const equalBytesAnyCase = twins === false ? equalBytesAnyCaseHere : twins.equalBytesAnyCase;

function findByteHere(bytes: Bytes, start: number, end: number, octet: number): number {
  let index = start;
  while (
    index + 4 <= end &&
    bytes[index] !== octet &&
    bytes[index + 1] !== octet &&
    bytes[index + 2] !== octet &&
    bytes[index + 3] !== octet
  ) {
    index += 4;
  }
  while (index < end && bytes[index] !== octet) {
    index += 1;
  }
  return index;
}

/** The offset of `octet` in bytes[start … end), or `end` when it is not there. */
export const findByte = twins === false ? findByteHere : twins.findByte;

function isPrintableHere(bytes: Bytes, start: number, end: number, first: number): boolean {
  for (let index = start; index < end; index += 1) {
    if (bytes[index] < first || bytes[index] > 0x7e) {
      return false;
    }
  }
  return true;
}

/** Whether all octets lie between `first` and `~`, the last ASCII octet that is no control. */
export const isPrintable = twins === false ? isPrintableHere : twins.isPrintable;

function equalBytesConstantTimeHere(
  left: Bytes,
  leftStart: number,
  right: Bytes,
  rightStart: number,
  length: number,
): boolean {
  let difference = 0;
  for (let index = 0; index < length; index += 1) {
    difference |= left[leftStart + index] ^ right[rightStart + index];
  }
  return difference === 0;
}

/** Whether two views hold the same octets, in a time that does not depend on where they differ. */
export const equalBytesConstantTime = twins === false ? equalBytesConstantTimeHere : twins.equalBytesConstantTime;
