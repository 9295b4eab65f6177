// A line of a board's log, taken apart.

import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { EVENT_NAMES, readLogEvent, splitLogLine } from "../../simulator/log-line";

const NAMES_FILE = new URL("../../hal/native/event_names.c", import.meta.url);

describe("simulator/log-line", () => {
  it("has the names that the boards give to events", () => {
    const rows = readFileSync(NAMES_FILE, "utf8").matchAll(/\[(\d+)\] = "([a-z ]+)"/g);
    deepStrictEqual(EVENT_NAMES, Object.fromEntries([...rows].map(([, number, name]) => [number, name])));
  });

  it("is a time and what is said then; without a time it is none", () => {
    deepStrictEqual(splitLogLine("      0.032 network: link"), { time: "0.032", said: "network: link" });
    deepStrictEqual(splitLogLine("  37048.887    | "), { time: "37048.887", said: "   | " });
    strictEqual(splitLogLine("network: link"), undefined);
    strictEqual(splitLogLine(""), undefined);
  });

  it("has an event when it is a name that the firmware knows and two numbers", () => {
    deepStrictEqual(readLogEvent("call failed 0 -3"), { event: 6, first: 0, second: -3 });
    strictEqual(readLogEvent("unknown event 1 2"), undefined);
    strictEqual(readLogEvent("registration 2"), undefined);
  });
});
