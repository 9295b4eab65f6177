// A text that the device keeps and may replace: a buffer of fixed size made at boot, and the length in use.

import { type Bytes, copyBytes, createBytes, equalBytes } from "./bytes";
import { putBytes, type Writer } from "./writer";

export interface FixedText {
  readonly bytes: Bytes;
  /** Octets in use. */
  length: number;
}

/** Boot only: an empty text with room for `limit` octets. */
export function createFixedText(limit: number): FixedText {
  return { bytes: createBytes(limit), length: 0 };
}

/** Replaces the text by source[start … end). Returns false, and leaves it empty, when that is too long. */
export function setFixedText(text: FixedText, source: Bytes, start: number, end: number): boolean {
  if (end - start > text.bytes.length) {
    text.length = 0;
    return false;
  }
  copyBytes(text.bytes, 0, source, start, end);
  text.length = end - start;
  return true;
}

/** Appends the text. */
export function putFixedText(writer: Writer, text: FixedText): void {
  putBytes(writer, text.bytes, 0, text.length);
}

/** Whether the text is exactly bytes[start … end). */
export function equalFixedText(text: FixedText, bytes: Bytes, start: number, end: number): boolean {
  return equalBytes(text.bytes, 0, text.length, bytes, start, end);
}
