// A budget of messages a second with a burst: a token bucket kept as the time at which it is full again (the virtual
// scheduling of ITU-T I.371). It is refilled by the clock alone: no timer, one number of state.

import { timeAfter, timeBetween } from "../clock/time";

/** How much may be spent. */
export interface RateLimit {
  /** Milliseconds that one message uses up: 1000 / messages a second. */
  interval: number;
  /** Messages that may come at once after a pause. */
  burst: number;
}

export interface RateBudget {
  /** Device time at which it is full again. */
  full: number;
}

/** Boot only: a budget that is full. @param now device time */
export function createRateBudget(now: number): RateBudget {
  return { full: now };
}

/** Milliseconds until the budget is full; a time that no spending leads to is one of before the clock wrapped. */
function debtOf(budget: RateBudget, limit: RateLimit, now: number): number {
  const debt = timeBetween(now, budget.full);
  return debt < 0 || debt > limit.interval * limit.burst ? 0 : debt;
}

/** Whether a message could be paid for now. */
export function canSpend(budget: RateBudget, limit: RateLimit, now: number): boolean {
  return debtOf(budget, limit, now) <= limit.interval * (limit.burst - 1);
}

/** Pays for one message. Returns false, and takes nothing, when the budget is used up. */
export function spend(budget: RateBudget, limit: RateLimit, now: number): boolean {
  if (!canSpend(budget, limit, now)) {
    return false;
  }
  budget.full = timeAfter(now, debtOf(budget, limit, now) + limit.interval);
  return true;
}
