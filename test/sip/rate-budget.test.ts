// Budgets of messages: the burst, the rate, the refill by the clock alone, and the clock's wrap.

import { TIME_MASK } from "../../firmware/clock/time";
import { canSpend, createRateBudget, spend } from "../../firmware/sip/rate-budget";
import { describe, equal, it, itSlow } from "../harness";

const LIMIT = { interval: 50, burst: 4 };

/** How many of `count` messages at one time are paid for. */
function spendAll(budget: { full: number }, now: number, count: number): number {
  let paid = 0;
  for (let index = 0; index < count; index += 1) {
    paid += spend(budget, LIMIT, now) ? 1 : 0;
  }
  return paid;
}

describe("a rate budget", () => {
  it("pays for the burst at once and for nothing more", () => {
    equal(spendAll(createRateBudget(1000), 1000, 100), 4);
  });

  it("is refilled by one message an interval", () => {
    const budget = createRateBudget(1000);
    spendAll(budget, 1000, 4);
    equal(spendAll(budget, 1049, 9), 0, "a millisecond too soon");
    equal(spendAll(budget, 1050, 9), 1, "after one interval");
    equal(spendAll(budget, 1200, 9), 3, "after three more");
  });

  it("holds no more than the burst after a long pause", () => {
    const budget = createRateBudget(1000);
    spendAll(budget, 1000, 4);
    equal(spendAll(budget, 60000, 100), 4);
  });

  itSlow("lets through the rate, however often it is asked", () => {
    const budget = createRateBudget(0);
    let paid = 0;
    for (let now = 0; now < 10000; now += 1) {
      paid += spendAll(budget, now, 10);
    }
    equal(paid, 4 + 10000 / 50 - 1);
  });

  it("says whether it could pay without paying", () => {
    const budget = createRateBudget(0);
    spendAll(budget, 0, 3);
    equal(canSpend(budget, LIMIT, 0), true);
    equal(canSpend(budget, LIMIT, 0), true);
    spend(budget, LIMIT, 0);
    equal(canSpend(budget, LIMIT, 0), false);
  });

  it("goes on across the wrap of the clock", () => {
    const budget = createRateBudget(TIME_MASK - 20);
    equal(spendAll(budget, TIME_MASK - 20, 9), 4);
    equal(spendAll(budget, 28, 9), 0);
    equal(spendAll(budget, 29, 9), 1);
  });

  it("is full when it was last used so long ago that the clock cannot tell", () => {
    const budget = createRateBudget(0);
    spendAll(budget, 0, 4);
    equal(spendAll(budget, 0x5000000, 9), 4);
  });
});
