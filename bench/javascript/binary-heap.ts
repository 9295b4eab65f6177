// A binary heap of timers, the usual way: each knows its place, so that it can be stopped. It is what the wheel is compared with.

import type { CreateContender } from "./contender";
import { ARMED, intervalOf, TIMERS } from "./timers";

interface HeapTimer {
  due: number;
  /** Its index in the heap, -1 while it is stopped. */
  place: number;
}

class TimerHeap {
  private readonly heap: HeapTimer[] = [];

  start(timer: HeapTimer, due: number): void {
    timer.due = due;
    timer.place = this.heap.length;
    this.heap.push(timer);
    this.rise(timer);
  }

  stop(timer: HeapTimer): void {
    const last = this.heap.pop();
    if (last !== undefined && last !== timer) {
      this.put(last, timer.place);
      this.rise(last);
      this.sink(last);
    }
    timer.place = -1;
  }

  /** Fires what is due. Returns how many. */
  run(now: number): number {
    let fired = 0;
    while (this.heap.length > 0 && this.heap[0].due <= now) {
      this.stop(this.heap[0]);
      fired += 1;
    }
    return fired;
  }

  private put(timer: HeapTimer, place: number): void {
    this.heap[place] = timer;
    timer.place = place;
  }

  private rise(timer: HeapTimer): void {
    let place = timer.place;
    while (place > 0 && this.heap[(place - 1) >> 1].due > timer.due) {
      this.put(this.heap[(place - 1) >> 1], place);
      place = (place - 1) >> 1;
    }
    this.put(timer, place);
  }

  private sink(timer: HeapTimer): void {
    let place = timer.place;
    for (;;) {
      let child = 2 * place + 1;
      if (child + 1 < this.heap.length && this.heap[child + 1].due < this.heap[child].due) {
        child += 1;
      }
      if (child >= this.heap.length || this.heap[child].due >= timer.due) {
        break;
      }
      this.put(this.heap[child], place);
      place = child;
    }
    this.put(timer, place);
  }
}

export const createContender: CreateContender = () => {
  const heap = new TimerHeap();
  const timers: HeapTimer[] = Array.from({ length: TIMERS }, () => ({ due: 0, place: -1 }));
  let now = 0;
  let next = 0;
  let fired = 0;
  for (let index = 0; index < ARMED; index += 1) {
    heap.start(timers[index], intervalOf(index));
  }
  return {
    version: "",
    operations: {
      timer: {
        run() {
          next = (next + 1) & (TIMERS - 1);
          if (timers[next].place >= 0) {
            heap.stop(timers[next]);
          }
          heap.start(timers[next], now + intervalOf(next));
          now += 1;
          fired += heap.run(now);
          return fired;
        },
      },
    },
  };
};
