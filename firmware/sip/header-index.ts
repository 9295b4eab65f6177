// The header lines of a message (RFC 3261 7.3): names found, values delimited, folded lines joined, fields chained by name.
// Line ends may be CRLF or LF; a CR alone ends nothing and is a defect. Nothing here reads a value.

import type { Bytes } from "../bytes/bytes";
import { textLength } from "../bytes/text";
import { CHARACTER_TOKEN, skipBlanks, skipClass, trimBlanks } from "./characters";
import { findHeaderName, guessHeaderName, HEADER_TEXTS, HeaderName } from "./header-name";
import { Defect, type Message, NO_HEADER, noteDefect } from "./message";

/** Empties the index. Only names that are in it have a first header field. */
export function forgetHeaders(message: Message): void {
  const names = message.names;
  const firsts = message.firsts;
  const count = message.headerCount;
  for (let header = 0; header < count; header += 1) {
    firsts[names[header]] = NO_HEADER;
  }
  message.headerCount = 0;
}

/** The first control octet, HTAB too, from `start`, or `end`. */
function findControl(bytes: Bytes, start: number, end: number): number {
  let index = start;
  // Four octets a step while none is a control octet: a difference below 0 sets the sign of the sum of bits.
  while (
    index + 4 <= end &&
    ((bytes[index] - 0x20) | (bytes[index + 1] - 0x20) | (bytes[index + 2] - 0x20) | (bytes[index + 3] - 0x20)) >= 0
  ) {
    index += 4;
  }
  while (index < end && bytes[index] >= 0x20) {
    index += 1;
  }
  return index;
}

/** The first CR, LF or other control octet but HTAB from `start`, or `end`. */
export function findLineEnd(bytes: Bytes, start: number, end: number): number {
  let index = findControl(bytes, start, end);
  while (index < end && bytes[index] === 0x09) {
    index = findControl(bytes, index + 1, end);
  }
  return index;
}

/** The offset behind the CRLF or LF at `index`, or `index` when neither is there. */
export function skipLineEnd(bytes: Bytes, index: number, end: number): number {
  const next = index < end && bytes[index] === 0x0d ? index + 1 : index;
  return next < end && bytes[next] === 0x0a ? next + 1 : index;
}

/** The first offset from `start` that holds neither SP nor HTAB, or `end`. */
function skipLineBlanks(bytes: Bytes, start: number, end: number): number {
  let index = start;
  while (index < end && (bytes[index] === 0x20 || bytes[index] === 0x09)) {
    index += 1;
  }
  return index;
}

/** The end of the value at `start` and of the lines that go on with it (7.3.1), or `end` when no line end closes it. */
function findFoldedEnd(message: Message, start: number, end: number): number {
  const bytes = message.bytes;
  let valueEnd = start;
  let next = start;
  do {
    valueEnd = findLineEnd(bytes, next, end);
    next = skipLineEnd(bytes, valueEnd, end);
    if (next === valueEnd && next < end) {
      // A control octet in a value: the field is kept, its parser decides. Only a CR alone would end a line for others.
      if (bytes[next] === 0x0d && next + 1 < end) {
        noteDefect(message, Defect.HEADER_LINE);
      }
      next += 1;
    } else if (next >= end || (bytes[next] !== 0x20 && bytes[next] !== 0x09)) {
      return valueEnd;
    }
  } while (next < end);
  return end;
}

/** Indexes the header lines from `start` on. Returns the offset of the body. */
export function indexHeaders(message: Message, start: number, end: number): number {
  const bytes = message.bytes;
  const names = message.names;
  const lines = message.lines;
  const values = message.values;
  const following = message.following;
  const firsts = message.firsts;
  const lasts = message.lasts;
  const limit = message.headerLimit;
  let header = 0;
  let line = start;
  while (line < end) {
    const first = bytes[line];
    if (first <= 0x0d) {
      const bodyStart = skipLineEnd(bytes, line, end);
      if (bodyStart > line) {
        message.headerCount = header;
        return bodyStart;
      }
    }
    let name = guessHeaderName(bytes, line, end);
    let index = line + textLength(HEADER_TEXTS[name]);
    if (name === HeaderName.OTHER) {
      index = skipClass(bytes, line, end, CHARACTER_TOKEN);
      if (index > line) {
        name = findHeaderName(bytes, line, index);
      }
    }
    const nameEnd = index;
    if (index < end && bytes[index] <= 0x20) {
      index = skipLineBlanks(bytes, index, end);
    }
    const wellFormed = nameEnd > line && index < end && bytes[index] === 0x3a;
    if (wellFormed) {
      index += 1;
      if (index < end && bytes[index] === 0x20) {
        index += 1;
      }
      if (index < end && bytes[index] <= 0x20) {
        index = skipLineBlanks(bytes, index, end);
      }
    }
    let valueStart = index;
    index = findControl(bytes, index, end);
    let next = index + 2;
    if (
      next >= end ||
      bytes[index] !== 0x0d ||
      bytes[index + 1] !== 0x0a ||
      bytes[next] === 0x20 ||
      bytes[next] === 0x09
    ) {
      index = findFoldedEnd(message, index, end);
      if (index >= end) {
        noteDefect(message, Defect.NO_END_OF_HEADERS);
        message.headerCount = header;
        return end;
      }
      next = skipLineEnd(bytes, index, end);
    }
    if (!wellFormed) {
      noteDefect(message, Defect.HEADER_LINE);
    } else if (header >= limit) {
      noteDefect(message, Defect.TOO_MANY_HEADERS);
    } else {
      if (valueStart < index && bytes[valueStart] <= 0x20) {
        valueStart = skipBlanks(bytes, valueStart, index);
      }
      if (valueStart < index && bytes[index - 1] <= 0x20) {
        index = trimBlanks(bytes, valueStart, index);
      }
      names[header] = name;
      lines[header] = line;
      values[2 * header] = valueStart;
      values[2 * header + 1] = index;
      following[header] = NO_HEADER;
      if (firsts[name] === NO_HEADER) {
        firsts[name] = header;
      } else {
        following[lasts[name]] = header;
      }
      lasts[name] = header;
      header += 1;
    }
    line = next;
  }
  message.headerCount = header;
  noteDefect(message, Defect.NO_END_OF_HEADERS);
  return end;
}
