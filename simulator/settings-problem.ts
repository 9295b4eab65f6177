// What is wrong with a settings text, as a sentence: file, line, key, and what is allowed. Never quotes a password or a
// door code.

import { SETTINGS_LETTERS_BYTES } from "../firmware/settings/settings";
import { SETTINGS_KEYS, SettingKind } from "../firmware/settings/settings-keys";
import { SettingsFault, type SettingsProblem } from "../firmware/settings/settings-parser";
import { describeAllowed, keyName, shortKeyName } from "./settings-prose";

/** Characters of a faulty text that a message quotes. */
const QUOTED_CHARACTERS = 40;

/** More changed letters than this make a name a different one. */
const LARGEST_SLIP = 4;

function quote(bytes: Uint8Array, start: number, end: number): string {
  const text = new TextDecoder().decode(bytes.subarray(start, end));
  const shown = text.length > QUOTED_CHARACTERS ? `${text.slice(0, QUOTED_CHARACTERS)}…` : text;
  return JSON.stringify(shown);
}

/** How many letters must be put in, taken out or changed to make one text of the other (Levenshtein). */
function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let line = 1; line <= left.length; line += 1) {
    const next = [line];
    for (let column = 1; column <= right.length; column += 1) {
      const change = row[column - 1] + (left[line - 1] === right[column - 1] ? 0 : 1);
      next.push(Math.min(change, row[column] + 1, next[column - 1] + 1));
    }
    row = next;
  }
  return row[right.length];
}

function suggestKey(wrong: string): string {
  let best = "";
  let bestDistance = LARGEST_SLIP + 1;
  for (const [key, row] of SETTINGS_KEYS.entries()) {
    for (let number = 1; number <= row.count; number += 1) {
      const name = shortKeyName(key, row.count > 1 ? number : 0);
      // A group that was left out, as in "ring-limit", is a likely slip.
      const distance = name.endsWith(`.${wrong}`) ? 1 : editDistance(wrong.toLowerCase(), name);
      if (distance < bestDistance) {
        best = name;
        bestDistance = distance;
      }
    }
  }
  return best;
}

function describeUnknownKey(wrong: string): string {
  const template = wrong.replace(/\d+/, "N");
  const row = SETTINGS_KEYS.find((candidate, key) => candidate.count > 1 && keyName(key, 0) === template);
  if (row !== undefined) {
    return `there is no such key; N of ${template} is a number from 1 to ${row.count}`;
  }
  const suggestion = suggestKey(wrong);
  return `there is no such key${suggestion === "" ? "" : `; did you mean ${suggestion}?`}`;
}

function isSecret(problem: SettingsProblem): boolean {
  const kind = problem.key < 0 ? undefined : SETTINGS_KEYS[problem.key].kind;
  return kind === SettingKind.SECRET || kind === SettingKind.DIGITS;
}

/**
 * The sentence that tells a person what is wrong with a settings text and what would be right.
 * @param file how the text is called
 * @param bytes the text that `parseSettings` refused
 */
export function describeSettingsProblem(problem: SettingsProblem, file: string, bytes: Uint8Array): string {
  const key = problem.key < 0 ? "" : shortKeyName(problem.key, problem.number);
  const written = new TextDecoder().decode(bytes.subarray(problem.keyStart, problem.keyEnd));
  const value = quote(bytes, problem.valueStart, problem.valueEnd);
  const place = `${file}:${problem.line}: `;
  switch (problem.fault) {
    case SettingsFault.NONE:
      return "";
    case SettingsFault.NOT_A_SETTING:
      return `${place}${quote(bytes, problem.keyStart, problem.keyEnd)} is not "key = value", and no comment, which begins with #`;
    case SettingsFault.UNKNOWN_KEY:
      return `${place}${written === "" ? "the key before = is missing" : `${written}: ${describeUnknownKey(written)}`}`;
    case SettingsFault.REPEATED_KEY:
      return `${place}${key} was given before; a key may be given once`;
    case SettingsFault.VALUE:
      return `${place}${key}: ${isSecret(problem) ? "this value" : value} is not allowed; ${describeAllowed(problem.key)}`;
    case SettingsFault.CHARACTER:
      return `${place}a control character, ${value.slice(1, -1).slice(0, 6)}, is not allowed outside comments`;
    case SettingsFault.MISSING_KEY:
      return `${file}: ${key} is missing; it is needed with ${shortKeyName(problem.with, problem.number)}`;
    case SettingsFault.TOO_MUCH_TEXT:
      return `${place}${key}: all texts together are longer than the ${SETTINGS_LETTERS_BYTES} octets that there are for them`;
  }
}
