// The settings text of a station on the desk: what the installer's file says, what the command line says instead, and what
// the desk adds where neither says anything.

import { SETTINGS_KEYS, type SettingKey } from "../firmware/settings/settings-keys";
import { keyName, shortKeyName } from "./settings-prose";

const LINE = /^\s*([^#=\s][^=]*?)\s*=/;

/** Other ways to write a key of number 1: with its number, and without. */
const SPELLINGS = new Map(
  SETTINGS_KEYS.flatMap((row, key: SettingKey): [string, string][] => {
    const name = shortKeyName(key, 1);
    return row.count > 1
      ? [
          [keyName(key, 1), name],
          [keyName(key, 0).replace(".N", ""), name],
        ]
      : [];
  }),
);

/** Keys and their values. */
export type SettingLines = Record<string, string>;

/** The key of a line, number 1 as it is usually written: `account.user`, `button.1.call`. */
function keyOf(line: string): string | undefined {
  const key = LINE.exec(line)?.[1];
  return key === undefined ? undefined : (SPELLINGS.get(key) ?? key);
}

/** The keys that a text gives. */
export function givenKeys(text: string): Set<string> {
  return new Set(text.split(/\r?\n/).flatMap((line) => keyOf(line) ?? []));
}

/**
 * A text in which the values of `instead` hold whatever `text` says, and those of `otherwise` where nothing else is said.
 * An empty value leaves the key out.
 */
export function mergeSettings(text: string, instead: SettingLines, otherwise: SettingLines): string {
  const lines = text.split(/\r?\n/).filter((line) => {
    const key = keyOf(line);
    return key === undefined || !(key in instead);
  });
  const given = givenKeys(lines.join("\n"));
  const added = Object.entries({ ...otherwise, ...instead })
    .filter(([key, value]) => value !== "" && !given.has(key))
    .map(([key, value]) => `${key} = ${value}`);
  return [...lines, ...added, ""].join("\n");
}
