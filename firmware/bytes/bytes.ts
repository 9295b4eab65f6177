// Byte views: a buffer with a first offset and an end offset, compared, searched and copied in place.
// Nothing here allocates after boot, reads outside [start, end) or makes a string.

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

/** Boot only: a zeroed buffer of `length` octets. */
export function createBytes(length: number): Bytes {
  allocated += length;
  return new Uint8Array(length);
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

/** Copies source[start … end) to target from `at`. The caller has checked that it fits. */
export function copyBytes(target: Bytes, at: number, source: Bytes, start: number, end: number): void {
  let to = at;
  for (let index = start; index < end; index += 1) {
    target[to] = source[index];
    to += 1;
  }
}

/** Sets bytes[start … end) to `value`. */
export function fillBytes(bytes: Bytes, start: number, end: number, value: number): void {
  for (let index = start; index < end; index += 1) {
    bytes[index] = value & 0xff;
  }
}

/** Whether two views hold the same octets. */
export function equalBytes(
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

/** The lower-case form of an ASCII letter; any other octet as it is. */
export function lowerCase(octet: number): number {
  return octet >= 0x41 && octet <= 0x5a ? octet + 0x20 : octet;
}

/** Whether two views are the same text, ASCII letters in any case. */
export function equalBytesAnyCase(
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
    if (lowerCase(left[index]) !== lowerCase(right[other])) {
      return false;
    }
    other += 1;
  }
  return true;
}

/** The offset of `octet` in bytes[start … end), or `end` when it is not there. */
export function findByte(bytes: Bytes, start: number, end: number, octet: number): number {
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

/** Whether all octets lie between `first` and `~`, the last ASCII octet that is no control. */
export function isPrintable(bytes: Bytes, start: number, end: number, first: number): boolean {
  for (let index = start; index < end; index += 1) {
    if (bytes[index] < first || bytes[index] > 0x7e) {
      return false;
    }
  }
  return true;
}

/** Whether two views hold the same octets, in a time that does not depend on where they differ. */
export function equalBytesConstantTime(
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
