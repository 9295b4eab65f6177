// Device time: 27 bits that wrap.

import { LONGEST_INTERVAL_MS, TIME_MASK, timeAfter, timeBetween, timeSince } from "../../firmware/clock/time";
import { describe, equal, it } from "../harness";

describe("time", () => {
  it("adds and wraps", () => {
    equal(timeAfter(0, 500), 500);
    equal(timeAfter(TIME_MASK, 1), 0);
    equal(timeAfter(TIME_MASK - 99, 500), 400);
    equal(timeAfter(TIME_MASK, LONGEST_INTERVAL_MS), LONGEST_INTERVAL_MS - 1);
  });

  it("measures forward and back, over the wrap too", () => {
    equal(timeBetween(100, 600), 500);
    equal(timeBetween(600, 100), -500);
    equal(timeBetween(7, 7), 0);
    equal(timeBetween(TIME_MASK - 99, 400), 500);
    equal(timeBetween(400, TIME_MASK - 99), -500);
  });

  it("tells how long ago a time was, at most the longest interval", () => {
    equal(timeSince(TIME_MASK - 99, 400), 500);
    equal(timeSince(7, 7), 0);
    equal(timeSince(0, LONGEST_INTERVAL_MS), LONGEST_INTERVAL_MS);
    equal(timeSince(0, LONGEST_INTERVAL_MS + 1), LONGEST_INTERVAL_MS);
    equal(timeSince(500, 400), LONGEST_INTERVAL_MS);
  });

  it("measures what it added, up to the longest interval", () => {
    for (const time of [0, 1, 1000, LONGEST_INTERVAL_MS, LONGEST_INTERVAL_MS + 1, TIME_MASK - 1, TIME_MASK]) {
      for (const interval of [0, 1, 16, 1024, 32000, LONGEST_INTERVAL_MS]) {
        equal(timeBetween(time, timeAfter(time, interval)), interval, `${interval} after ${time}`);
        equal(timeBetween(timeAfter(time, interval), time), 0 - interval, `${interval} before`);
      }
    }
  });
});
