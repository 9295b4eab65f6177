// A hashed timer wheel: every timer of the device lies in one of 16 slots of 64 ms, sorted by its due time, so that
// setting, stopping and firing cost the same however many there are. A timer fires once, from `runTimers` only.

import { TIME_MASK, timeAfter, timeBetween } from "./time";

const SLOT_COUNT = 16; // a revolution of 1,024 ms: above T1 and a frame, below the pauses that nobody minds
const SLOT_SHIFT = 6; // 64 ms a slot

/** The longest answer of `timeToNextTimer`, milliseconds: one revolution. */
export const TIMER_REVOLUTION_MS = 1024;

/** A timer. Made at boot together with the record that it belongs to. */
export interface Timer {
  /** Handed to `onTimeout`: the record that the timer belongs to. */
  readonly owner: object;
  readonly onTimeout: (owner: object) => void;
  /** Device time at which it fires; meaningful while `armed`. */
  due: number;
  armed: boolean;
  next: Timer;
  previous: Timer;
}

export interface TimerWheel {
  /** One sentinel a slot. */
  readonly slots: Timer[];
  /** Device time up to which timers were fired; "now" for everything that a timeout does. */
  now: number;
  /** Timers that are armed. */
  armed: number;
  /** The timer that is due first, or a sentinel while that is to be sought. */
  first: Timer;
}

function ignoreTimeout(): void {
  // A sentinel never fires.
}

/** Boot only: a timer that is not armed. */
export function createTimer(owner: object, onTimeout: (owner: object) => void): Timer {
  const timer = { owner, onTimeout, due: 0, armed: false } as Timer;
  timer.next = timer;
  timer.previous = timer;
  return timer;
}

/** Boot only: an empty wheel at device time `now`. */
export function createTimerWheel(now: number): TimerWheel {
  const wheel = { slots: [], now, armed: 0 } as object as TimerWheel;
  for (let slot = 0; slot < SLOT_COUNT; slot += 1) {
    wheel.slots.push(createTimer(wheel, ignoreTimeout));
  }
  wheel.first = wheel.slots[0];
  return wheel;
}

/** Stops a timer; one that is not armed stays as it is. */
export function stopTimer(wheel: TimerWheel, timer: Timer): void {
  if (timer.armed) {
    timer.previous.next = timer.next;
    timer.next.previous = timer.previous;
    timer.next = timer;
    timer.previous = timer;
    timer.armed = false;
    wheel.armed -= 1;
    if (wheel.first === timer) {
      wheel.first = wheel.slots[0];
    }
  }
}

/**
 * Lets a timer fire once, `interval` milliseconds from now; one that is armed starts anew.
 * @param interval 1 … LONGEST_INTERVAL_MS; less counts as 1
 */
export function startTimer(wheel: TimerWheel, timer: Timer, interval: number): void {
  stopTimer(wheel, timer);
  const due = timeAfter(wheel.now, interval < 1 ? 1 : interval);
  const sentinel = wheel.slots[(due >> SLOT_SHIFT) & (SLOT_COUNT - 1)];
  let before = sentinel.previous;
  while (before !== sentinel && timeBetween(due, before.due) > 0) {
    before = before.previous;
  }
  timer.due = due;
  timer.armed = true;
  timer.previous = before;
  timer.next = before.next;
  before.next.previous = timer;
  before.next = timer;
  wheel.armed += 1;
  if (wheel.armed === 1 || (wheel.first.armed && timeBetween(due, wheel.first.due) > 0)) {
    wheel.first = timer;
  }
}

/**
 * The armed timer that is due first, or a sentinel when none is armed.
 * @param from a time that no armed timer lies before
 */
function soonestTimer(wheel: TimerWheel, from: number): Timer {
  let slot = (from >> SLOT_SHIFT) & (SLOT_COUNT - 1);
  const offset = from & ((1 << SLOT_SHIFT) - 1);
  let soonest = wheel.slots[slot];
  for (let visits = 1; visits <= SLOT_COUNT; visits += 1) {
    const first = wheel.slots[slot].next;
    if (first.armed && (!soonest.armed || timeBetween(first.due, soonest.due) > 0)) {
      soonest = first;
      // Due in this slot of this revolution: a later slot cannot hold an earlier one.
      if (((first.due - from) & TIME_MASK) + offset < visits << SLOT_SHIFT) {
        return soonest;
      }
    }
    slot = (slot + 1) & (SLOT_COUNT - 1);
  }
  return soonest;
}

/**
 * Fires every timer that is due at device time `now`, in the order of their due times; timers of the same millisecond in
 * the order in which they were started.
 */
export function runTimers(wheel: TimerWheel, now: number): void {
  const from = wheel.now;
  const elapsed = timeBetween(from, now);
  if (elapsed < 0) {
    return;
  }
  wheel.now = now;
  const first = wheel.first;
  if (wheel.armed === 0 || (first.armed && timeBetween(first.due, now) < 0)) {
    return; // most polls
  }
  if (elapsed >= TIMER_REVOLUTION_MS - (1 << SLOT_SHIFT)) {
    runOverdueTimers(wheel, from);
    return;
  }
  let slot = (from >> SLOT_SHIFT) & (SLOT_COUNT - 1);
  const last = (now >> SLOT_SHIFT) & (SLOT_COUNT - 1);
  let visits = ((last - slot) & (SLOT_COUNT - 1)) + 1;
  while (visits > 0) {
    const sentinel = wheel.slots[slot];
    while (sentinel.next.armed && timeBetween(sentinel.next.due, now) >= 0) {
      fireTimer(wheel, sentinel.next);
    }
    slot = (slot + 1) & (SLOT_COUNT - 1);
    visits -= 1;
  }
}

/** After a pause of a revolution or more: slot by slot would mix the revolutions up, so each time the first one is sought. */
function runOverdueTimers(wheel: TimerWheel, from: number): void {
  let timer = soonestTimer(wheel, from);
  while (timer.armed && timeBetween(timer.due, wheel.now) >= 0) {
    fireTimer(wheel, timer);
    timer = soonestTimer(wheel, from);
  }
}

function fireTimer(wheel: TimerWheel, timer: Timer): void {
  stopTimer(wheel, timer);
  timer.onTimeout(timer.owner);
}

/** Milliseconds from `now` until the next timer fires: 0 when one is due, at most TIMER_REVOLUTION_MS. */
export function timeToNextTimer(wheel: TimerWheel, now: number): number {
  if (wheel.armed === 0) {
    return TIMER_REVOLUTION_MS;
  }
  let first = wheel.first;
  if (!first.armed) {
    first = soonestTimer(wheel, wheel.now);
    wheel.first = first;
  }
  const remaining = timeBetween(now & TIME_MASK, first.due);
  if (remaining < 0) {
    return 0;
  }
  return remaining < TIMER_REVOLUTION_MS ? remaining : TIMER_REVOLUTION_MS;
}
