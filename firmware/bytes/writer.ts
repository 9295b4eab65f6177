// The append-only writer: every message that the device sends is written through one, straight into its final buffer.
// A write that does not fit writes nothing and sets `overflowed`, which stays set until the writer is opened again.

import { type Bytes, copyBytes, createBytes } from "./bytes";
import { hexDigit } from "./hex";
import { copyText, type Text, textLength } from "./text";

export interface Writer {
  /** The buffer written to. */
  bytes: Bytes;
  /** The offset of the next octet. */
  length: number;
  /** The offset that may not be reached. */
  end: number;
  /** Whether something did not fit since `openWriter`. */
  overflowed: boolean;
}

const NO_BYTES: Bytes = createBytes(0);

/** Boot only: a writer on no buffer; `openWriter` gives it one. */
export function createWriter(): Writer {
  return { bytes: NO_BYTES, length: 0, end: 0, overflowed: false };
}

/** Starts to write into bytes[start … end). */
export function openWriter(writer: Writer, bytes: Bytes, start: number, end: number): void {
  writer.bytes = bytes;
  writer.length = start;
  writer.end = end;
  writer.overflowed = false;
}

/** Appends one octet. */
export function putByte(writer: Writer, octet: number): void {
  if (writer.length < writer.end) {
    writer.bytes[writer.length] = octet & 0xff;
    writer.length += 1;
  } else {
    writer.overflowed = true;
  }
}

/** Appends two octets, both or none. */
export function putTwoBytes(writer: Writer, first: number, second: number): void {
  const at = writer.length;
  if (at + 2 <= writer.end) {
    writer.bytes[at] = first;
    writer.bytes[at + 1] = second;
    writer.length = at + 2;
  } else {
    writer.overflowed = true;
  }
}

/** Appends a constant text. */
export function putText(writer: Writer, text: Text): void {
  const start = writer.length;
  if (start + textLength(text) <= writer.end) {
    writer.length = copyText(writer.bytes, start, text);
  } else {
    writer.overflowed = true;
  }
}

/** Appends source[start … end), which does not overlap with where it goes. */
export function putBytes(writer: Writer, source: Bytes, start: number, end: number): void {
  const to = writer.length;
  if (end - start > writer.end - to) {
    writer.overflowed = true;
    return;
  }
  copyBytes(writer.bytes, to, source, start, end);
  writer.length = to + end - start;
}

/** Appends a number of 0 … 134,217,727 in decimal, without leading zeros. */
export function putDecimal(writer: Writer, value: number): void {
  let at = writer.length + 1;
  let rest = (value / 10) | 0;
  while (rest > 0) {
    rest = (rest / 10) | 0;
    at += 1;
  }
  if (at > writer.end) {
    writer.overflowed = true;
    return;
  }
  const bytes = writer.bytes;
  const start = writer.length;
  writer.length = at;
  rest = value;
  while (at > start) {
    at -= 1;
    bytes[at] = 0x30 + (rest % 10);
    rest = (rest / 10) | 0;
  }
}

/** Appends a 32-bit number, given as two 16-bit halves, in decimal without leading zeros. */
export function putDecimalHalves(writer: Writer, high: number, low: number): void {
  // Long division by 10,000: each remainder times 65,536 stays below 2^30, so it goes in two steps of 8 bits.
  const first = (high / 10000) | 0;
  let rest = high % 10000;
  rest = rest * 256 + (low >> 8);
  const second = (rest / 10000) | 0;
  rest = (rest % 10000) * 256 + (low & 0xff);
  const third = (rest / 10000) | 0;
  const lowest = rest % 10000;
  // quotient = first * 65,536 + second * 256 + third, at most 429,496
  const quotient = first * 65536 + second * 256 + third;
  if (quotient > 0) {
    const before = writer.length;
    putDecimal(writer, quotient);
    if (writer.length === before || writer.end - writer.length < 4) {
      writer.length = before;
      writer.overflowed = true;
      return;
    }
    putByte(writer, 0x30 + ((lowest / 1000) | 0));
    putByte(writer, 0x30 + (((lowest / 100) | 0) % 10));
    putByte(writer, 0x30 + (((lowest / 10) | 0) % 10));
    putByte(writer, 0x30 + (lowest % 10));
  } else {
    putDecimal(writer, lowest);
  }
}

/** Appends source[start … end) as lower-case hexadecimal digits. */
export function putHex(writer: Writer, source: Bytes, start: number, end: number): void {
  if ((end - start) * 2 > writer.end - writer.length) {
    writer.overflowed = true;
    return;
  }
  for (let index = start; index < end; index += 1) {
    putByte(writer, hexDigit(source[index] >> 4));
    putByte(writer, hexDigit(source[index] & 0x0f));
  }
}
