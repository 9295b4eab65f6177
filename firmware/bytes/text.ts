// Constant texts of the protocols, kept once in one octet table that is filled while the modules load.
// A Text is a number, the place of its letters in a list, so that a constant costs its letters and no object. The builds give
// the texts of a whole bundle to one call of `createText` and write the numbers in where a constant is named.

import { type Bytes, copyBytes, createBytes, createWords, equalBytes, equalBytesAnyCase, type Words } from "./bytes";

/** A constant text: its number in the order in which `createText` took them; 0 is the empty text. */
export type Text = number;

/**
 * Octets for the texts of all modules, and how many there are, where no build has counted them; `createText` answers the empty text
 * when the table is full, and a test watches the rest.
 */
export const TEXT_TABLE_BYTES = 6144;
const TEXT_TABLE_COUNT = 512;

/** What a bundle's own texts leave for further ones, which only tests make. */
const SPARE_BYTES = 64;
const SPARE_COUNT = 8;

/** Between texts in one literal. */
const SEPARATOR = 0x60; // `

let table: Bytes = createBytes(0);
/** Where each text begins; the next one begins where it ends. */
let starts: Words = createWords(1);
let count = 1;
let refused = 0;

/** Boot only: makes the table. A build that has counted the texts of a bundle calls it before any text is made. */
export function createTextTable(octets: number, texts: number): void {
  table = createBytes(octets + SPARE_BYTES);
  // The empty text is the first, and the last one has an end.
  starts = createWords(texts + SPARE_COUNT + 2);
}

/**
 * Boot only: puts ASCII texts into the table.
 * @param literal one text, or several with "`" between them, which have numbers one after the other
 * @returns the number of the first
 */
export function createText(literal: string): Text {
  if (table.length === 0) {
    createTextTable(TEXT_TABLE_BYTES - SPARE_BYTES, TEXT_TABLE_COUNT);
  }
  // A VM asks its buffers and texts for their lengths anew each time, and boot has thousands of letters.
  const length = literal.length;
  const octets = table.length;
  const texts = starts.length - 1;
  const first = count;
  let used = starts[count];
  for (let index = 0; index <= length; index += 1) {
    const letter = index < length ? literal.charCodeAt(index) : SEPARATOR;
    if (count === texts || used === octets) {
      refused += 1;
      return 0;
    }
    if (letter === SEPARATOR) {
      count += 1;
      starts[count] = used;
    } else {
      table[used] = letter & 0xff;
      used += 1;
    }
  }
  return first;
}

/** The octets in use of the table, for the memory report. */
export function textTableUsed(): number {
  return starts[count];
}

/** Literals that did not fit into the table: 0 in a sound build. */
export function textTableRefused(): number {
  return refused;
}

/** The number of letters of a text. */
export function textLength(text: Text): number {
  return starts[text + 1] - starts[text];
}

/** The letter at `index` of a text, 0 … textLength - 1. */
export function textByte(text: Text, index: number): number {
  return table[starts[text] + index];
}

/** Copies a text into `target` from `at`; the caller has checked that it fits. Returns the offset behind it. */
export function copyText(target: Bytes, at: number, text: Text): number {
  copyBytes(target, at, table, starts[text], starts[text + 1]);
  return at + textLength(text);
}

/** Whether bytes[start … end) is exactly the text. */
export function equalText(bytes: Bytes, start: number, end: number, text: Text): boolean {
  return end - start === textLength(text) && equalBytes(bytes, start, end, table, starts[text], starts[text + 1]);
}

/** Whether bytes[start … end) is the text, ASCII letters in any case. */
export function equalTextAnyCase(bytes: Bytes, start: number, end: number, text: Text): boolean {
  // Most texts that are compared are not of the same length.
  return (
    end - start === textLength(text) && equalBytesAnyCase(bytes, start, end, table, starts[text], starts[text + 1])
  );
}
