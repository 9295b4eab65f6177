// Tags, branches and Call-IDs: hexadecimal digits of the HAL's random octets, where they were asked for.

import { type Bytes, createBytes, fillBytes } from "../../firmware/bytes/bytes";
import { createFixedText } from "../../firmware/bytes/fixed-text";
import {
  BRANCH_LENGTH,
  CALL_ID_LENGTH,
  fillBranch,
  fillRandomHex,
  randomBelow,
  setRandomHex,
  TAG_LENGTH,
} from "../../firmware/sip/identifiers";
import type { Random } from "../../hal/random";
import { describe, equal, isTrue, it } from "../harness";
import { textOf } from "../octets";

/** A source that counts up: each octet is the last one plus `step`. */
function countingRandom(first: number, step: number): Random {
  let next = first;
  return {
    fill(buffer: Bytes, start: number, end: number): void {
      for (let index = start; index < end; index += 1) {
        buffer[index] = next;
        next = (next + step) % 256;
      }
    },
  };
}

describe("identifiers", () => {
  it("are the random octets as hexadecimal digits", () => {
    const target = createBytes(20);
    fillBytes(target, 0, 20, 0x2a);
    fillRandomHex(countingRandom(0x01, 0x22), target, 2, TAG_LENGTH);
    equal(textOf(target, 0, 20), "**01234567" + "89abcdef**");
  });

  it("take all their digits from the source, up to 32", () => {
    const target = createBytes(32);
    fillRandomHex(countingRandom(0xf0, 1), target, 0, 32);
    equal(textOf(target, 0, 32), "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff");
  });

  it("replace a kept text", () => {
    const text = createFixedText(CALL_ID_LENGTH);
    setRandomHex(countingRandom(0x10, 1), text, CALL_ID_LENGTH);
    equal(textOf(text.bytes, 0, text.length), "101112131415161718191a1b");
  });

  it("begin with the magic cookie in a branch", () => {
    const target = createBytes(BRANCH_LENGTH + 2);
    fillBytes(target, 0, target.length, 0x2a);
    fillBranch(countingRandom(0, 0x11), target, 1);
    equal(textOf(target, 0, target.length), "*z9hG4bK0011223344556677*");
  });

  it("differ when the octets of the source do", () => {
    const source = countingRandom(0, 1);
    const first = createFixedText(TAG_LENGTH);
    const second = createFixedText(TAG_LENGTH);
    setRandomHex(source, first, TAG_LENGTH);
    setRandomHex(source, second, TAG_LENGTH);
    equal(textOf(first.bytes, 0, TAG_LENGTH), "0001020304050607");
    equal(textOf(second.bytes, 0, TAG_LENGTH), "08090a0b0c0d0e0f");
  });

  it("give a number below a limit, of 24 random bits", () => {
    equal(randomBelow(countingRandom(0xff, 0), 65536), 0xffff);
    equal(randomBelow(countingRandom(0xff, 0), 1000), 16777215 % 1000);
    equal(randomBelow(countingRandom(1, 1), 65536), 0x0203);
    const source = countingRandom(7, 89);
    for (let count = 0; count < 200; count += 1) {
      const number = randomBelow(source, 7);
      isTrue(number >= 0 && number < 7, `${number}`);
    }
    equal(randomBelow(source, 1), 0);
  });
});
