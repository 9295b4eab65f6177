// Constant texts of the protocols, kept once in one octet table that is filled while the modules load.
// A Text is a number, offset and length packed, so that a constant costs its letters and no object.

import { type Bytes, createBytes, lowerCase } from "./bytes";

/** A constant text: offset * 256 + length in the table. Made by `createText` while a module loads. */
export type Text = number;

/** Octets for the texts of all modules; `createText` answers an empty text when it is full, and a test watches the rest. */
export const TEXT_TABLE_BYTES = 4096;

const table: Bytes = createBytes(TEXT_TABLE_BYTES);
let used = 0;
let refused = 0;

/** Boot only: puts an ASCII text of at most 255 letters into the table. */
export function createText(literal: string): Text {
  const length = literal.length;
  if (length > 255 || used + length > TEXT_TABLE_BYTES) {
    refused += 1;
    return 0;
  }
  const offset = used;
  for (let index = 0; index < length; index += 1) {
    table[offset + index] = literal.charCodeAt(index) & 0xff;
  }
  used += length;
  return offset * 256 + length;
}

/** The octets in use of the table, for the memory report. */
export function textTableUsed(): number {
  return used;
}

/** Texts that did not fit into the table: 0 in a sound build. */
export function textTableRefused(): number {
  return refused;
}

/** The number of letters of a text. */
export function textLength(text: Text): number {
  return text & 0xff;
}

/** The letter at `index` of a text, 0 … textLength - 1. */
export function textByte(text: Text, index: number): number {
  return table[(text >> 8) + index];
}

/** Copies a text into `target` from `at`; the caller has checked that it fits. Returns the offset behind it. */
export function copyText(target: Bytes, at: number, text: Text): number {
  const letters = table;
  const end = at + (text & 0xff);
  let from = text >> 8;
  let to = at;
  while (to + 4 <= end) {
    target[to] = letters[from];
    target[to + 1] = letters[from + 1];
    target[to + 2] = letters[from + 2];
    target[to + 3] = letters[from + 3];
    from += 4;
    to += 4;
  }
  while (to < end) {
    target[to] = letters[from];
    from += 1;
    to += 1;
  }
  return end;
}

/** Whether bytes[start … end) is exactly the text. */
export function equalText(bytes: Bytes, start: number, end: number, text: Text): boolean {
  if (end - start !== (text & 0xff)) {
    return false;
  }
  let from = text >> 8;
  for (let index = start; index < end; index += 1) {
    if (bytes[index] !== table[from]) {
      return false;
    }
    from += 1;
  }
  return true;
}

/** Whether bytes[start … end) is the text, ASCII letters in any case. */
export function equalTextAnyCase(bytes: Bytes, start: number, end: number, text: Text): boolean {
  if (end - start !== (text & 0xff)) {
    return false;
  }
  let from = text >> 8;
  for (let index = start; index < end; index += 1) {
    const letter = table[from];
    // Most texts come in the case in which they are written here.
    if (bytes[index] !== letter && lowerCase(bytes[index]) !== lowerCase(letter)) {
      return false;
    }
    from += 1;
  }
  return true;
}
