// Keys in the body of an INFO, as gateways and phones write them: application/dtmf-relay ("Signal=5", "Duration=160", a line
// each) and application/dtmf (the key alone). No RFC has them (RFC 6086 1 calls it legacy usage), so the reader is tolerant.

import type { Bytes } from "../bytes/bytes";
import { lowerCase } from "../bytes/bytes";
import { parseDecimal } from "../bytes/decimal";
import { createText, equalTextAnyCase, type Text, textByte } from "../bytes/text";
import { putByte, putDecimal, putText, type Writer } from "../bytes/writer";
import { skipBlanks, trimBlanks } from "./characters";
import { putLineEnd } from "./response-writer";
import { Status } from "./status";

/** A hook flash: event 16 of RFC 4733. The keys are 0 … 15. */
export const FLASH = 16;

/** What is taken for a duration that is not given, milliseconds. */
export const KEY_DURATION_MS = 160;
const DURATION_MINIMUM_MS = 40;
const DURATION_MAXIMUM_MS = 8000;

const KEYS = createText("0123456789*#ABCD");
const FLASH_NAMES: Text[] = [createText("flash"), createText("hf"), createText("!")];
const SIGNAL = createText("signal");
const DURATION = createText("duration");
const SIGNAL_LINE = createText("Signal=");
const DURATION_LINE = createText("Duration=");

export interface RelayedKey {
  /** 0 … 9, 10 for *, 11 for #, 12 … 15 for A … D (RFC 4733 3.2), or FLASH. */
  key: number;
  /** Milliseconds, 40 … 8,000. */
  duration: number;
}

/** Boot only: no key. */
export function createRelayedKey(): RelayedKey {
  return { key: 0, duration: KEY_DURATION_MS };
}

/** The key that bytes[start … end) names: a letter of the keypad, the number of its event (10 is *), or a flash; -1: none. */
function findKey(bytes: Bytes, start: number, end: number): number {
  if (end - start === 1) {
    const letter = lowerCase(bytes[start]);
    for (let key = 0; key < 16; key += 1) {
      if (lowerCase(textByte(KEYS, key)) === letter) {
        return key;
      }
    }
  }
  for (let index = 0; index < FLASH_NAMES.length; index += 1) {
    if (equalTextAnyCase(bytes, start, end, FLASH_NAMES[index])) {
      return FLASH;
    }
  }
  const event = parseDecimal(bytes, start, end);
  return event >= 10 && event <= FLASH ? event : -1;
}

function limitDuration(milliseconds: number): number {
  if (milliseconds < 0) {
    return KEY_DURATION_MS;
  }
  return milliseconds < DURATION_MINIMUM_MS
    ? DURATION_MINIMUM_MS
    : milliseconds > DURATION_MAXIMUM_MS
      ? DURATION_MAXIMUM_MS
      : milliseconds;
}

/** One line without blanks around it: "name = value", or anything else, which says nothing. */
function takeLine(bytes: Bytes, start: number, end: number, into: RelayedKey): void {
  let equals = start;
  while (equals < end && bytes[equals] !== 0x3d) {
    equals += 1;
  }
  if (equals < end) {
    const nameEnd = trimBlanks(bytes, start, equals);
    const valueStart = skipBlanks(bytes, equals + 1, end);
    if (equalTextAnyCase(bytes, start, nameEnd, SIGNAL)) {
      into.key = findKey(bytes, valueStart, end);
    } else if (equalTextAnyCase(bytes, start, nameEnd, DURATION)) {
      into.duration = limitDuration(parseDecimal(bytes, valueStart, end));
    }
  }
}

/**
 * Reads a body of application/dtmf-relay.
 * @returns OK, or MALFORMED when no line names a key
 */
export function parseDtmfRelay(bytes: Bytes, start: number, end: number, into: RelayedKey): Status {
  let line = start;
  into.key = -1;
  into.duration = KEY_DURATION_MS;
  while (line < end) {
    let lineEnd = line;
    while (lineEnd < end && bytes[lineEnd] !== 0x0d && bytes[lineEnd] !== 0x0a) {
      lineEnd += 1;
    }
    const lineStart = skipBlanks(bytes, line, lineEnd);
    takeLine(bytes, lineStart, trimBlanks(bytes, lineStart, lineEnd), into);
    line = lineEnd + 1;
  }
  return into.key < 0 ? Status.MALFORMED : Status.OK;
}

/**
 * Reads a body of application/dtmf: the key and nothing else, or what some senders put there, a dtmf-relay.
 * @returns OK or MALFORMED
 */
export function parseDtmf(bytes: Bytes, start: number, end: number, into: RelayedKey): Status {
  const first = skipBlanks(bytes, start, end);
  into.key = findKey(bytes, first, trimBlanks(bytes, first, end));
  into.duration = KEY_DURATION_MS;
  return into.key < 0 ? parseDtmfRelay(bytes, start, end, into) : Status.OK;
}

/** Appends a body of application/dtmf-relay. @param key 0 … 15 */
export function putDtmfRelay(writer: Writer, key: number, duration: number): void {
  putText(writer, SIGNAL_LINE);
  putByte(writer, textByte(KEYS, key));
  putLineEnd(writer);
  putText(writer, DURATION_LINE);
  putDecimal(writer, duration);
  putLineEnd(writer);
}
