// The timer wheel against a list that is searched for the earliest timer: the same timers fire, in the same order, at the
// same run, whatever is started, started anew or stopped, over the wrap of the clock, and out of callbacks.

import { LONGEST_INTERVAL_MS, TIME_MASK, timeAfter } from "../../firmware/clock/time";
import {
  createTimer,
  createTimerWheel,
  runTimers,
  startTimer,
  stopTimer,
  TIMER_REVOLUTION_MS,
  type Timer,
  type TimerWheel,
  timeToNextTimer,
} from "../../firmware/clock/timer-wheel";
import { describe, equal, isTrue, it } from "../harness";

interface Journal {
  fired: string[];
}

interface Entry {
  name: string;
  journal: Journal;
}

function noteTimeout(owner: object): void {
  const entry = owner as Entry;
  entry.journal.fired.push(entry.name);
}

function createNamed(name: string, journal: Journal): Timer {
  return createTimer({ name, journal }, noteTimeout);
}

function firedOf(journal: Journal): string {
  const text = journal.fired.join(" ");
  journal.fired = [];
  return text;
}

interface ModelEntry {
  name: string;
  due: number;
  order: number;
  armed: boolean;
}

// A small linear congruential generator: the same schedule in every VM.
interface Chance {
  state: number;
}

function draw(chance: Chance, below: number): number {
  chance.state = ((chance.state * 1366 + 150889) % 714025) % 97003;
  return chance.state % below;
}

/** What the model fires up to `now`, the earliest first, those of one millisecond in the order of starting. */
function runModel(model: ModelEntry[], now: number): string {
  const fired: string[] = [];
  for (;;) {
    let first = -1;
    for (let index = 0; index < model.length; index += 1) {
      const entry = model[index];
      if (entry.armed && entry.due <= now) {
        const best = first < 0 ? entry : model[first];
        if (entry.due < best.due || (entry.due === best.due && entry.order < best.order) || first < 0) {
          first = index;
        }
      }
    }
    if (first < 0) {
      return fired.join(" ");
    }
    model[first].armed = false;
    fired.push(model[first].name);
  }
}

function soonestOfModel(model: ModelEntry[], now: number): number {
  let soonest = TIMER_REVOLUTION_MS;
  for (const entry of model) {
    if (entry.armed && entry.due - now < soonest) {
      soonest = entry.due - now;
    }
  }
  return soonest;
}

/** Runs one random schedule, from device time `origin`, with steps of up to `longestStep` ms. */
function compareWithModel(origin: number, seed: number, longestInterval: number, longestStep: number): void {
  const chance: Chance = { state: seed };
  const wheel = createTimerWheel(origin);
  const journal: Journal = { fired: [] };
  const timers: Timer[] = [];
  const model: ModelEntry[] = [];
  for (let index = 0; index < 12; index += 1) {
    timers.push(createNamed(`${index}`, journal));
    model.push({ name: `${index}`, due: 0, order: 0, armed: false });
  }
  let elapsed = 0;
  let firedInAll = 0;
  for (let round = 0; round < 160; round += 1) {
    for (let changes = draw(chance, 4); changes > 0; changes -= 1) {
      const which = draw(chance, 12);
      if (draw(chance, 5) === 0) {
        stopTimer(wheel, timers[which]);
        model[which].armed = false;
      } else {
        const interval = 1 + draw(chance, longestInterval);
        startTimer(wheel, timers[which], interval);
        model[which] = { name: `${which}`, due: elapsed + interval, order: round * 4 + 4 - changes, armed: true };
      }
    }
    equal(timeToNextTimer(wheel, timeAfter(origin, elapsed)), soonestOfModel(model, elapsed), `next in round ${round}`);
    elapsed += draw(chance, longestStep);
    const expected = runModel(model, elapsed);
    runTimers(wheel, timeAfter(origin, elapsed));
    equal(firedOf(journal), expected, `round ${round} of seed ${seed}`);
    firedInAll += expected.length;
    let armed = 0;
    for (const entry of model) {
      armed += entry.armed ? 1 : 0;
    }
    equal(wheel.armed, armed, "armed");
  }
  isTrue(firedInAll > 40, "the schedule fired timers");
}

describe("timer wheel", () => {
  it("fires at its millisecond, not before, and once", () => {
    const wheel = createTimerWheel(1000);
    const journal: Journal = { fired: [] };
    startTimer(wheel, createNamed("a", journal), 500);
    runTimers(wheel, 1499);
    equal(firedOf(journal), "", "a millisecond early");
    runTimers(wheel, 1500);
    equal(firedOf(journal), "a", "on time");
    runTimers(wheel, 3500);
    equal(firedOf(journal), "", "again");
  });

  it("fires in the order of the due times under short random schedules", () => {
    for (let seed = 1; seed <= 5; seed += 1) {
      compareWithModel(seed * 7919, seed, 300, 40);
    }
  });

  it("fires in the order of the due times when intervals span revolutions", () => {
    for (let seed = 11; seed <= 15; seed += 1) {
      compareWithModel(seed * 1021, seed, 5000, 900);
    }
  });

  it("fires in the order of the due times when it was not run for several revolutions", () => {
    for (let seed = 21; seed <= 25; seed += 1) {
      compareWithModel(seed, seed, 9000, 7000);
    }
  });

  it("goes on over the wrap of the 27-bit clock", () => {
    for (let seed = 31; seed <= 33; seed += 1) {
      compareWithModel(TIME_MASK - 2000, seed, 2000, 300);
      compareWithModel(TIME_MASK, seed, 50, 30);
    }
  });

  it("keeps the longest interval to the millisecond", () => {
    const wheel = createTimerWheel(TIME_MASK - 5);
    const journal: Journal = { fired: [] };
    startTimer(wheel, createNamed("long", journal), LONGEST_INTERVAL_MS);
    const due = timeAfter(TIME_MASK - 5, LONGEST_INTERVAL_MS);
    runTimers(wheel, due - 1);
    equal(firedOf(journal), "", "a millisecond early");
    equal(timeToNextTimer(wheel, due - 1), 1, "time to it");
    runTimers(wheel, due);
    equal(firedOf(journal), "long");
  });

  it("counts an interval below 1 as 1", () => {
    const wheel = createTimerWheel(0);
    const journal: Journal = { fired: [] };
    startTimer(wheel, createNamed("a", journal), 0);
    startTimer(wheel, createNamed("b", journal), -5);
    runTimers(wheel, 0);
    equal(firedOf(journal), "");
    runTimers(wheel, 1);
    equal(firedOf(journal), "a b");
  });

  it("does not go back when a time before the last run is given", () => {
    const wheel = createTimerWheel(5000);
    const journal: Journal = { fired: [] };
    startTimer(wheel, createNamed("a", journal), 10);
    runTimers(wheel, 4000);
    equal(wheel.now, 5000, "now");
    runTimers(wheel, 5010);
    equal(firedOf(journal), "a");
  });

  it("answers 0 while a timer is overdue and a revolution when none is near", () => {
    const wheel = createTimerWheel(0);
    const journal: Journal = { fired: [] };
    equal(timeToNextTimer(wheel, 0), TIMER_REVOLUTION_MS, "none armed");
    const timer = createNamed("a", journal);
    startTimer(wheel, timer, 20000);
    equal(timeToNextTimer(wheel, 0), TIMER_REVOLUTION_MS, "far away");
    startTimer(wheel, timer, 7);
    equal(timeToNextTimer(wheel, 3), 4, "near");
    equal(timeToNextTimer(wheel, 7), 0, "due");
    equal(timeToNextTimer(wheel, 900), 0, "overdue");
  });

  it("lets a callback start its timer anew, on the time of the run", () => {
    const wheel = createTimerWheel(100);
    const owner: Periodic = { wheel, timer: createTimer(wheel, restart), times: 0 };
    owner.timer = createTimer(owner, restart);
    startTimer(wheel, owner.timer, 20);
    for (let now = 101; now <= 1100; now += 1) {
      runTimers(wheel, now);
    }
    equal(owner.times, 50, "every 20 ms of a second");
    equal(wheel.armed, 1);
  });

  it("lets a callback stop a timer that is due in the same run", () => {
    for (const pause of [10, 5000]) {
      const wheel = createTimerWheel(0);
      const journal: Journal = { fired: [] };
      const victim = createNamed("victim", journal);
      const killer = createTimer({ wheel, victim }, stopVictim);
      startTimer(wheel, killer, 4);
      startTimer(wheel, victim, 5);
      startTimer(wheel, createNamed("other", journal), 5);
      runTimers(wheel, pause);
      equal(firedOf(journal), "other", `after ${pause} ms`);
      isTrue(!victim.armed, "stopped");
    }
  });

  it("lets a callback put off a timer that is due in the same run", () => {
    for (const pause of [10, 5000]) {
      const wheel = createTimerWheel(0);
      const journal: Journal = { fired: [] };
      const victim = createNamed("victim", journal);
      const keeper = createTimer({ wheel, victim }, postponeVictim);
      startTimer(wheel, victim, 8);
      startTimer(wheel, keeper, 7);
      runTimers(wheel, pause);
      equal(firedOf(journal), "", "put off");
      runTimers(wheel, pause + 99);
      equal(firedOf(journal), "", "a millisecond early");
      runTimers(wheel, pause + 100);
      equal(firedOf(journal), "victim", `after ${pause} ms`);
    }
  });

  it("knows the time to the next timer whatever became of the one that was first", () => {
    const wheel = createTimerWheel(0);
    const journal: Journal = { fired: [] };
    const first = createNamed("first", journal);
    const second = createNamed("second", journal);
    startTimer(wheel, first, 5);
    startTimer(wheel, second, 8);
    equal(timeToNextTimer(wheel, 0), 5);
    startTimer(wheel, first, 300);
    equal(timeToNextTimer(wheel, 0), 8, "the first was put off");
    startTimer(wheel, first, 3);
    equal(timeToNextTimer(wheel, 0), 3, "and taken forward");
    stopTimer(wheel, first);
    equal(timeToNextTimer(wheel, 0), 8, "and stopped");
    startTimer(wheel, first, 20);
    runTimers(wheel, 8);
    equal(firedOf(journal), "second");
    equal(timeToNextTimer(wheel, 8), 12, "the second fired");
    runTimers(wheel, 20);
    equal(firedOf(journal), "first");
  });

  it("leaves a timer that is not armed as it is when it is stopped", () => {
    const wheel = createTimerWheel(0);
    const journal: Journal = { fired: [] };
    const timer = createNamed("a", journal);
    stopTimer(wheel, timer);
    equal(wheel.armed, 0);
    startTimer(wheel, timer, 5);
    startTimer(wheel, timer, 9);
    equal(wheel.armed, 1, "started twice");
    runTimers(wheel, 8);
    equal(firedOf(journal), "", "the first interval no longer counts");
    stopTimer(wheel, timer);
    stopTimer(wheel, timer);
    runTimers(wheel, 50);
    equal(firedOf(journal), "", "stopped");
  });
});

interface Periodic {
  wheel: TimerWheel;
  timer: Timer;
  times: number;
}

function restart(owner: object): void {
  const periodic = owner as Periodic;
  periodic.times += 1;
  startTimer(periodic.wheel, periodic.timer, 20);
}

interface Pair {
  wheel: TimerWheel;
  victim: Timer;
}

function stopVictim(owner: object): void {
  const pair = owner as Pair;
  stopTimer(pair.wheel, pair.victim);
}

function postponeVictim(owner: object): void {
  const pair = owner as Pair;
  startTimer(pair.wheel, pair.victim, 100);
}
