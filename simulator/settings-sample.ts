// A settings text to begin with: every key with its meaning, what it allows and its initial value, all commented out.

import { SETTINGS_KEYS, type SettingKey } from "../firmware/settings/settings-keys";
import { describeAllowed, exampleValue, initialValue, KEY_PURPOSES, keyName } from "./settings-prose";

function sampleOf(key: SettingKey): string[] {
  const lines = [`# ${keyName(key, 0)}: ${KEY_PURPOSES[key]}`, `#   ${describeAllowed(key)}`];
  for (let number = 1; number <= SETTINGS_KEYS[key].count; number += 1) {
    const name = keyName(key, SETTINGS_KEYS[key].count > 1 ? number : 0);
    const value = initialValue(key) === "" ? exampleValue(key) : initialValue(key);
    lines.push(`#${name} = ${value}`);
  }
  return [...lines, ""];
}

/** The text; taken as it is, it changes nothing. Without the `#` in the first column every line is a setting. */
export function sampleSettings(): string {
  const head = ["# Doorline settings. A line is `key = value`; take the # away to set one.", ""];
  return [...head, ...SETTINGS_KEYS.flatMap((_, key) => sampleOf(key))].join("\n");
}
