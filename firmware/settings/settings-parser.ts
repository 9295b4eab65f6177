// The settings text: lines of `key = value`, lines of `# comment`, empty lines; LF or CRLF. Read twice: first every line
// is checked, then every value stored, so nothing of a faulty text takes effect. A fault is told in numbers.

import { type Bytes, createBytes, fillBytes, findByte } from "../bytes/bytes";
import { type Text, textByte, textLength } from "../bytes/text";
import { skipBlanks, trimBlanks } from "../sip/characters";
import { Status } from "../sip/status";
import { createSettingValue, readSettingValue } from "./setting-value";
import { SETTINGS_LETTERS_BYTES, type Settings } from "./settings";
import { NEVER_REQUIRED, SETTINGS_KEYS, type SettingKey } from "./settings-keys";
import { lettersOf, resetSettings, storeSetting } from "./settings-store";

export const enum SettingsFault {
  NONE = 0,
  /** The line is no comment and has no `=`. */
  NOT_A_SETTING = 1,
  /** keyStart … keyEnd is no key of the table. */
  UNKNOWN_KEY = 2,
  /** The key was given before. */
  REPEATED_KEY = 3,
  /** valueStart … valueEnd is not what the key allows. */
  VALUE = 4,
  /** A control character, at valueStart. */
  CHARACTER = 5,
  /** `key` must be given with `with`. The line is 0. */
  MISSING_KEY = 6,
  /** All texts together are longer than SETTINGS_LETTERS_BYTES. */
  TOO_MUCH_TEXT = 7,
}

/** What is wrong with a settings text, as codes and offsets into it; the desk makes a sentence of it. */
export interface SettingsProblem {
  fault: SettingsFault;
  /** From 1. */
  line: number;
  /** The row of SETTINGS_KEYS, or -1 when it is not known. */
  key: number;
  /** Of a numbered key its number, from 1; else 0. */
  number: number;
  /** Of MISSING_KEY: the row that makes it required; else -1. */
  with: number;
  keyStart: number;
  keyEnd: number;
  valueStart: number;
  valueEnd: number;
}

/** Boot only: no problem. */
export function createSettingsProblem(): SettingsProblem {
  return {
    fault: SettingsFault.NONE,
    line: 0,
    key: -1,
    number: 0,
    with: -1,
    keyStart: 0,
    keyEnd: 0,
    valueStart: 0,
    valueEnd: 0,
  };
}

const value = createSettingValue();
/** By row: one bit for each number that was given, the lowest for number 1. */
const given: Bytes = createBytes(SETTINGS_KEYS.length);

const COUNT_LETTER = 0x4e; // N
const DOT = 0x2e;

/**
 * Whether bytes[start … end) is the key `name`: its number, 1 where `.N` is left out, 0 for a key without one, -1 when it is
 * not.
 */
function matchKey(bytes: Bytes, start: number, end: number, name: Text, count: number): number {
  const length = textLength(name);
  let number = 0;
  let at = start;
  for (let index = 0; index < length; index += 1) {
    if (index + 1 < length && textByte(name, index + 1) === COUNT_LETTER) {
      const digit = at + 1 < end && bytes[at] === DOT ? bytes[at + 1] - 0x30 : 0;
      const given = digit >= 1 && digit <= count;
      number = given ? digit : 1;
      at += given ? 2 : 0;
      index += 1;
    } else if (at < end && bytes[at] === textByte(name, index)) {
      at += 1;
    } else {
      return -1;
    }
  }
  return at === end ? number : -1;
}

function findKey(bytes: Bytes, problem: SettingsProblem): boolean {
  for (let key = 0; key < SETTINGS_KEYS.length; key += 1) {
    const row = SETTINGS_KEYS[key];
    const number = matchKey(bytes, problem.keyStart, problem.keyEnd, row.name, row.count);
    if (number >= 0) {
      problem.key = key;
      problem.number = number;
      return true;
    }
  }
  return false;
}

/** The bit of `given` for a number. */
function bitOf(number: number): number {
  return number > 1 ? 1 << (number - 1) : 1;
}

/** Marks a key as given. Returns false when it already was. */
function markGiven(key: number, number: number): boolean {
  const bit = bitOf(number);
  if ((given[key] & bit) !== 0) {
    return false;
  }
  given[key] |= bit;
  return true;
}

/** The offset of the first control character but HTAB in bytes[start … end), or `end`. */
function findControl(bytes: Bytes, start: number, end: number): number {
  let index = start;
  while (index < end && (bytes[index] >= 0x20 || bytes[index] === 0x09) && bytes[index] !== 0x7f) {
    index += 1;
  }
  return index;
}

/** Splits one line into key and value and checks both. Returns NONE with key -1 for a line without a setting. */
function checkLine(bytes: Bytes, start: number, end: number, problem: SettingsProblem): SettingsFault {
  const first = skipBlanks(bytes, start, end);
  const last = trimBlanks(bytes, first, end);
  problem.key = -1;
  problem.number = 0;
  if (first === last || bytes[first] === 0x23) {
    return SettingsFault.NONE;
  }
  const control = findControl(bytes, first, last);
  const equals = findByte(bytes, first, last, 0x3d);
  problem.keyStart = first;
  problem.keyEnd = trimBlanks(bytes, first, equals);
  problem.valueStart = control < last ? control : skipBlanks(bytes, equals < last ? equals + 1 : last, last);
  problem.valueEnd = last;
  if (control < last) {
    return SettingsFault.CHARACTER;
  }
  if (equals === last) {
    return SettingsFault.NOT_A_SETTING;
  }
  if (!findKey(bytes, problem)) {
    return SettingsFault.UNKNOWN_KEY;
  }
  const row = SETTINGS_KEYS[problem.key];
  return readSettingValue(bytes, problem.valueStart, last, row, value) === Status.OK
    ? SettingsFault.NONE
    : SettingsFault.VALUE;
}

/** The offset of the text behind a byte order mark, which some editors put before it. */
function skipByteOrderMark(bytes: Bytes, start: number, end: number): number {
  return end - start >= 3 && bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf
    ? start + 3
    : start;
}

function checkRequired(problem: SettingsProblem): SettingsFault {
  for (let key = 0; key < SETTINGS_KEYS.length; key += 1) {
    const row = SETTINGS_KEYS[key];
    for (let number = 1; number <= row.count && row.requiredWith !== NEVER_REQUIRED; number += 1) {
      if ((given[row.requiredWith] & bitOf(number)) !== 0 && (given[key] & bitOf(number)) === 0) {
        problem.line = 0;
        problem.key = key;
        problem.number = row.count > 1 ? number : 0;
        problem.with = row.requiredWith;
        return SettingsFault.MISSING_KEY;
      }
    }
  }
  return SettingsFault.NONE;
}

/** Checks every line; the first fault ends it. */
function checkLines(settings: Settings, bytes: Bytes, start: number, end: number, problem: SettingsProblem): void {
  let letters = settings.lettersInitial;
  let lineStart = skipByteOrderMark(bytes, start, end);
  fillBytes(given, 0, given.length, 0);
  problem.line = 0;
  problem.with = -1;
  problem.fault = SettingsFault.NONE;
  while (lineStart < end && problem.fault === SettingsFault.NONE) {
    const lineEnd = findByte(bytes, lineStart, end, 0x0a);
    problem.line += 1;
    problem.fault = checkLine(bytes, lineStart, lineEnd, problem);
    if (problem.fault === SettingsFault.NONE && problem.key >= 0) {
      letters += lettersOf(SETTINGS_KEYS[problem.key].kind, problem.valueStart, problem.valueEnd);
      if (!markGiven(problem.key, problem.number)) {
        problem.fault = SettingsFault.REPEATED_KEY;
      } else if (letters > SETTINGS_LETTERS_BYTES) {
        problem.fault = SettingsFault.TOO_MUCH_TEXT;
      }
    }
    lineStart = lineEnd + 1;
  }
  if (problem.fault === SettingsFault.NONE) {
    problem.fault = checkRequired(problem);
  }
}

function storeLines(settings: Settings, bytes: Bytes, start: number, end: number, line: SettingsProblem): void {
  let lineStart = skipByteOrderMark(bytes, start, end);
  while (lineStart < end) {
    const lineEnd = findByte(bytes, lineStart, end, 0x0a);
    checkLine(bytes, lineStart, lineEnd, line);
    if (line.key >= 0) {
      const index = line.number > 0 ? line.number - 1 : 0;
      storeSetting(settings, line.key as SettingKey, index, value, bytes, line.valueStart, line.valueEnd);
    }
    lineStart = lineEnd + 1;
  }
}

/**
 * Reads a settings text. Keys that it does not name get their initial values; a faulty text changes nothing.
 * @param problem set to the first fault, or to NONE
 * @returns OK; MALFORMED: a line is at fault; MISSING: a key is; FULL: the texts together are too long
 */
export function parseSettings(
  settings: Settings,
  bytes: Bytes,
  start: number,
  end: number,
  problem: SettingsProblem,
): Status {
  checkLines(settings, bytes, start, end, problem);
  if (problem.fault === SettingsFault.NONE) {
    resetSettings(settings);
    storeLines(settings, bytes, start, end, problem);
    return Status.OK;
  }
  if (problem.fault === SettingsFault.MISSING_KEY) {
    return Status.MISSING;
  }
  return problem.fault === SettingsFault.TOO_MUCH_TEXT ? Status.FULL : Status.MALFORMED;
}
