// Codes entered digit by digit: right when the digits since the last decision are the code of a relay, wrong when they are
// as many as the longest code and are none. Wrong ones in a row lock the entry out for a time, over the end of a call too,
// so that hanging up gives no new tries.

import { type Bytes, createBytes, equalBytes } from "../bytes/bytes";
import { createTimer, startTimer, stopTimer, type Timer, type TimerWheel } from "../clock/timer-wheel";
import type { Settings } from "../settings/settings";

/** A longer pause between two digits begins a new code. */
export const DIGIT_PAUSE_MS = 5000;

/** What a digit led to. */
export const enum CodeResult {
  /** More digits are awaited. */
  INCOMPLETE = -1,
  WRONG = -2,
  /** Digits do not count now. */
  LOCKED_OUT = -3,
}

const CODE_LIMIT = 8; // settings: relay.N.code
const DIGIT_LETTERS = "0123456789*#ABCD";

export interface CodeEntry {
  readonly settings: Settings;
  readonly wheel: TimerWheel;
  readonly digits: Bytes;
  count: number;
  /** Wrong codes in a row. */
  wrong: number;
  lockedOut: boolean;
  pause: Timer;
  lockOut: Timer;
}

/** Boot only. */
export function createCodeEntry(settings: Settings, wheel: TimerWheel): CodeEntry {
  const entry = { settings, wheel, digits: createBytes(CODE_LIMIT), count: 0, wrong: 0, lockedOut: false } as CodeEntry;
  entry.pause = createTimer(entry, onPause);
  entry.lockOut = createTimer(entry, onLockOutEnd);
  return entry;
}

function onPause(owner: object): void {
  (owner as CodeEntry).count = 0;
}

function onLockOutEnd(owner: object): void {
  const entry = owner as CodeEntry;
  entry.lockedOut = false;
  entry.wrong = 0;
}

/** Forgets the digits of a code that was begun: a new call begins with none. */
export function restartCodeEntry(entry: CodeEntry): void {
  entry.count = 0;
  stopTimer(entry.wheel, entry.pause);
}

function longestCode(settings: Settings): number {
  let longest = 0;
  for (let index = 0; index < settings.relays.length; index += 1) {
    const code = settings.relays[index].code;
    if (code.end - code.start > longest) {
      longest = code.end - code.start;
    }
  }
  return longest;
}

function takeWrongCode(entry: CodeEntry): number {
  entry.wrong += 1;
  if (entry.wrong >= entry.settings.code.tries && entry.settings.code.lockOut > 0) {
    entry.lockedOut = true;
    startTimer(entry.wheel, entry.lockOut, 1000 * entry.settings.code.lockOut);
  }
  return CodeResult.WRONG;
}

/**
 * Takes one digit.
 * @param digit 0 … 9, 10 for *, 11 for #, 12 … 15 for A … D (RFC 4733 3.2)
 * @returns the relay that the code is of, or a CodeResult
 */
export function enterDigit(entry: CodeEntry, digit: number): number {
  const relays = entry.settings.relays;
  const longest = longestCode(entry.settings);
  if (entry.lockedOut) {
    return CodeResult.LOCKED_OUT;
  }
  if (longest === 0) {
    return CodeResult.INCOMPLETE;
  }
  startTimer(entry.wheel, entry.pause, DIGIT_PAUSE_MS);
  entry.digits[entry.count] = DIGIT_LETTERS.charCodeAt(digit);
  entry.count += 1;
  for (let index = 0; index < relays.length; index += 1) {
    const code = relays[index].code;
    if (code.end > code.start && equalBytes(entry.digits, 0, entry.count, code.bytes, code.start, code.end)) {
      restartCodeEntry(entry);
      entry.wrong = 0;
      return index;
    }
  }
  if (entry.count < longest) {
    return CodeResult.INCOMPLETE;
  }
  restartCodeEntry(entry);
  return takeWrongCode(entry);
}
