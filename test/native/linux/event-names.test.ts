// The log of a board calls the firmware's events by the names that the firmware has for them.

import { deepStrictEqual } from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { root } from "../build";

/** Names by number: everything in a file that the pattern finds. */
function namesIn(file: string, pattern: RegExp): Record<string, string> {
  const found = readFileSync(path.join(root, file), "utf8").matchAll(pattern);
  return Object.fromEntries(
    [...found].map(({ groups }) => [groups?.number, groups?.name.toLowerCase().replaceAll("_", " ")]),
  );
}

describe("the log of a board", () => {
  it("has a name for every event", () => {
    const expected = namesIn("firmware/intercom/event-log.ts", /^ {2}(?<name>[A-Z_]+) = (?<number>\d+),$/gm);
    deepStrictEqual(namesIn("hal/native/event_names.c", /\[(?<number>\d+)\] = "(?<name>[a-z ]+)"/g), expected);
    deepStrictEqual(expected[1], "booted");
  });
});
