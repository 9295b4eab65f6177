// Virtual time: a list of alarms by their time. `run` jumps from one to the next, so a week takes seconds and every run
// is the same. Alarms of one time ring in the order in which they were set.

import { TIME_MASK } from "../../firmware/clock/time";
import type { Cancel, Scheduler } from "./scheduler";

interface Alarm {
  time: number;
  /** Breaks the tie between alarms of one time. */
  sequence: number;
  action: () => void;
  cancelled: boolean;
}

/** Alarms that may ring without time passing, before `run` calls it a loop without end. */
const ALARMS_AT_ONE_TIME = 100_000;

function before(left: Alarm, right: Alarm): boolean {
  return left.time < right.time || (left.time === right.time && left.sequence < right.sequence);
}

export class VirtualClock implements Scheduler {
  private time = 0;
  private sequence = 0;
  /** A binary heap, the soonest alarm first. */
  private readonly heap: Alarm[] = [];

  /** @param start device time at the beginning, milliseconds: near 2^27 to test what a wrap does */
  constructor(private readonly start = 0) {}

  now(): number {
    return (this.start + Math.floor(this.time)) % (TIME_MASK + 1);
  }

  elapsed(): number {
    return this.time;
  }

  after(delay: number, action: () => void): Cancel {
    const alarm: Alarm = {
      time: this.time + Math.max(0, delay),
      sequence: this.sequence,
      action,
      cancelled: false,
    };
    this.sequence += 1;
    this.push(alarm);
    return () => {
      alarm.cancelled = true;
    };
  }

  /** Rings every alarm up to `time` milliseconds since the start, and ends there. */
  run(time: number): void {
    this.runWhile(() => true, time);
  }

  /** Lets `duration` milliseconds pass. */
  runFor(duration: number): void {
    this.run(this.time + duration);
  }

  /**
   * Runs until `condition` holds, which is asked after every alarm.
   * @param limit milliseconds from now
   * @returns whether it holds
   */
  runUntil(condition: () => boolean, limit: number): boolean {
    this.runWhile(() => !condition(), this.time + limit);
    return condition();
  }

  private runWhile(wanted: () => boolean, end: number): void {
    let atOneTime = 0;
    while (wanted()) {
      const alarm = this.heap[0];
      if (alarm === undefined || alarm.time > end) {
        this.time = Math.max(this.time, end);
        return;
      }
      this.pop();
      if (alarm.cancelled) {
        continue;
      }
      atOneTime = alarm.time === this.time ? atOneTime + 1 : 0;
      if (atOneTime > ALARMS_AT_ONE_TIME) {
        throw new Error(`virtual time stands still at ${this.time} ms: something asks to be called again without end`);
      }
      this.time = alarm.time;
      alarm.action();
    }
  }

  private push(alarm: Alarm): void {
    const heap = this.heap;
    let index = heap.length;
    heap.push(alarm);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (before(heap[parent], alarm)) {
        break;
      }
      heap[index] = heap[parent];
      index = parent;
    }
    heap[index] = alarm;
  }

  private pop(): void {
    const heap = this.heap;
    const last = heap.pop() as Alarm;
    const length = heap.length;
    if (length === 0) {
      return;
    }
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= length) {
        break;
      }
      if (child + 1 < length && before(heap[child + 1], heap[child])) {
        child += 1;
      }
      if (before(last, heap[child])) {
        break;
      }
      heap[index] = heap[child];
      index = child;
    }
    heap[index] = last;
  }
}
