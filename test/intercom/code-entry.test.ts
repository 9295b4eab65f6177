// Codes: which digits release which relay, and what wrong ones lead to.

import {
  type CodeEntry,
  CodeResult,
  createCodeEntry,
  DIGIT_PAUSE_MS,
  enterDigit,
  restartCodeEntry,
} from "../../firmware/intercom/code-entry";
import { describe, equal, it } from "../harness";
import { settingsOf } from "../rig/door";
import { WheelBench } from "../rig/wheel-bench";

const TWO_CODES = ["relay.1.code = 42#", "relay.2.code = 1234"];

interface Bench {
  time: WheelBench;
  entry: CodeEntry;
}

function createBench(settings: string[]): Bench {
  const time = new WheelBench();
  return { time, entry: createCodeEntry(settingsOf(settings), time.wheel) };
}

/** Enters keys; what the last one led to. */
function enter(bench: Bench, keys: string): number {
  let result: number = CodeResult.INCOMPLETE;
  for (let index = 0; index < keys.length; index += 1) {
    result = enterDigit(bench.entry, "0123456789*#ABCD".indexOf(keys.charAt(index)));
  }
  return result;
}

describe("a code", () => {
  it("is right at its last digit, and names its relay", () => {
    const bench = createBench(TWO_CODES);
    equal(enter(bench, "4"), CodeResult.INCOMPLETE, "first digit");
    equal(enter(bench, "2"), CodeResult.INCOMPLETE, "second digit");
    equal(enter(bench, "#"), 0, "third digit");
    equal(enter(bench, "1234"), 1, "the other code");
  });

  it("is wrong when there are as many digits as the longest has, and none fits", () => {
    const bench = createBench(TWO_CODES);
    equal(enter(bench, "999"), CodeResult.INCOMPLETE, "as many as the shorter");
    equal(enter(bench, "9"), CodeResult.WRONG, "as many as the longer");
    equal(enter(bench, "42#"), 0, "the next begins anew");
  });

  it("begins anew after a longer pause between two digits", () => {
    const bench = createBench(TWO_CODES);
    enter(bench, "4");
    bench.time.advance(DIGIT_PAUSE_MS - 1);
    equal(enter(bench, "2#"), 0, "with a pause just short enough");
    enter(bench, "9");
    bench.time.advance(DIGIT_PAUSE_MS);
    equal(enter(bench, "42#"), 0, "after a pause that forgets the 9");
  });

  it("that was begun does not go on in the next call", () => {
    const bench = createBench(TWO_CODES);
    enter(bench, "42");
    restartCodeEntry(bench.entry);
    equal(enter(bench, "#"), CodeResult.INCOMPLETE, "the rest of it");
  });

  it("may hold letters of the keypad that are in no code, which make it wrong", () => {
    const bench = createBench(TWO_CODES);
    equal(enter(bench, "A*D0"), CodeResult.WRONG, "result");
  });

  it("is never wrong where no relay has one", () => {
    const bench = createBench(["relay.1.code ="]);
    equal(enter(bench, "123456789012345678901234567890"), CodeResult.INCOMPLETE, "result");
  });
});

describe("wrong codes", () => {
  it("lock the entry out after as many as the settings say, for as long as they say", () => {
    const bench = createBench([...TWO_CODES, "code.tries = 3", "code.lock-out = 60"]);
    enter(bench, "99999999");
    equal(bench.entry.lockedOut, false, "after two");
    equal(enter(bench, "9999"), CodeResult.WRONG, "the third");
    equal(enter(bench, "42#"), CodeResult.LOCKED_OUT, "the right one now");
    bench.time.advance(59999);
    equal(enter(bench, "42#"), CodeResult.LOCKED_OUT, "the right one at 59,999 ms");
    bench.time.advance(1);
    equal(enter(bench, "42#"), 0, "the right one at 60,000 ms");
  });

  it("stay counted when a new call begins", () => {
    const bench = createBench([...TWO_CODES, "code.tries = 3"]);
    enter(bench, "99999999");
    restartCodeEntry(bench.entry);
    enter(bench, "9999");
    equal(bench.entry.lockedOut, true, "after three in two calls");
    restartCodeEntry(bench.entry);
    equal(enter(bench, "42#"), CodeResult.LOCKED_OUT, "the right one in a third call");
  });

  it("are forgotten by a right one", () => {
    const bench = createBench([...TWO_CODES, "code.tries = 3"]);
    enter(bench, "99999999");
    enter(bench, "42#");
    enter(bench, "99999999");
    equal(bench.entry.lockedOut, false, "after two, a right one, and two");
  });

  it("begin to count anew after the lock-out", () => {
    const bench = createBench([...TWO_CODES, "code.tries = 2", "code.lock-out = 10"]);
    enter(bench, "99999999");
    bench.time.advance(10000);
    enter(bench, "9999");
    equal(bench.entry.lockedOut, false, "after one");
    enter(bench, "9999");
    equal(bench.entry.lockedOut, true, "after two");
  });

  it("never lock out where the settings say 0 seconds", () => {
    const bench = createBench([...TWO_CODES, "code.tries = 1", "code.lock-out = 0"]);
    enter(bench, "999999999999");
    equal(enter(bench, "42#"), 0, "the right one");
  });

  it("that are entered while locked out do not make it longer", () => {
    const bench = createBench([...TWO_CODES, "code.tries = 1", "code.lock-out = 10"]);
    enter(bench, "9999");
    bench.time.advance(9000);
    enter(bench, "99999999");
    bench.time.advance(1000);
    equal(enter(bench, "42#"), 0, "the right one");
  });
});
