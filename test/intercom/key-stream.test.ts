// Keys that come by two paths: each counts once, and none is lost.

import {
  createKeyStream,
  KEY_SKEW_MS,
  KeyPath,
  type KeyStream,
  restartKeyStream,
  takeKey,
} from "../../firmware/intercom/key-stream";
import { describe, equal, isTrue, it } from "../harness";

/**
 * Takes keys as "e1 i1 e2": a telephone event or an INFO, `gap` milliseconds apart.
 * @returns the keys that counted
 */
function take(stream: KeyStream, keys: string, gap: number, start = 1000): string {
  const counted: string[] = [];
  const words = keys.split(" ");
  for (let index = 0; index < words.length; index += 1) {
    const path = words[index].charAt(0) === "e" ? KeyPath.TELEPHONE_EVENT : KeyPath.INFO;
    const digit = words[index].charAt(1);
    if (takeKey(stream, "0123456789*#".indexOf(digit), path, start + index * gap)) {
      counted.push(digit);
    }
  }
  return counted.join("");
}

describe("a stream of keys", () => {
  it("has all of those that come by one path, equal ones too", () => {
    equal(take(createKeyStream(), "e1 e1 e1 e2", 100), "1112", "telephone events");
    equal(take(createKeyStream(), "i1 i1 i1 i2", 100), "1112", "INFO");
  });

  it("has each of those once that come by both, whichever is first", () => {
    equal(take(createKeyStream(), "e4 i4 e2 i2 e# i#", 100), "42#", "in turn");
    equal(take(createKeyStream(), "i4 e4 i2 e2 i# e#", 100), "42#", "INFO first");
    equal(take(createKeyStream(), "e1 e1 i1 i1", 100), "11", "equal ones, INFO behind");
    equal(take(createKeyStream(), "e1 e1 i1 e1 i1 i1", 100), "111", "equal ones, mixed");
    equal(take(createKeyStream(), "e4 e2 e# i4 i2 i#", 100), "42#", "all behind");
    equal(take(createKeyStream(), "e1 i1 i1", 100), "11", "a second press whose telephone event was lost");
  });

  it("has a key anew that comes by the other path later than the skew", () => {
    equal(take(createKeyStream(), "e1 i1", KEY_SKEW_MS), "1", "at the skew");
    equal(take(createKeyStream(), "e1 i1", KEY_SKEW_MS + 1), "11", "behind it");
  });

  it("has all of a peer that changes its path", () => {
    equal(take(createKeyStream(), "e1 e2 i3 i4", 100), "1234", "keys");
  });

  it("forgets what was before a restart", () => {
    const stream = createKeyStream();
    take(stream, "e1 e2", 100);
    restartKeyStream(stream);
    equal(take(stream, "i1 i2", 100, 1200), "12", "keys of the next call");
  });

  it("goes on where the clock wraps", () => {
    isTrue(takeKey(createKeyStream(), 1, KeyPath.INFO, 0x7ffffff), "the first counts");
    const stream = createKeyStream();
    takeKey(stream, 1, KeyPath.INFO, 0x7fffffe);
    equal(takeKey(stream, 1, KeyPath.TELEPHONE_EVENT, 5), false, "the same key, 7 ms later");
  });

  it("keeps the latest keys when there are more than it remembers", () => {
    const stream = createKeyStream();
    for (let count = 0; count < 40; count += 1) {
      takeKey(stream, count % 10, KeyPath.TELEPHONE_EVENT, 1000 + count);
    }
    equal(takeKey(stream, 9, KeyPath.INFO, 1040), false, "the last key counts once");
  });
});
