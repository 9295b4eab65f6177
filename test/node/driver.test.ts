// The driver: a station is polled when something happened and when it asked to be, not more often.

import assert from "node:assert/strict";
import { Driver } from "../../hal/node/driver";
import { VirtualClock } from "../../hal/node/virtual-clock";

function setUp(answer: () => number, paced: () => number = () => Number.POSITIVE_INFINITY) {
  const clock = new VirtualClock();
  const polls: number[] = [];
  const station = {
    poll(): number {
      polls.push(clock.elapsed());
      return answer();
    },
  };
  return { clock, polls, driver: new Driver(clock, station, [{ untilReady: paced }]) };
}

describe("node/driver", () => {
  it("polls at once and then after the time that the station asks for", () => {
    const { clock, polls } = setUp(() => 100);
    clock.run(250);
    assert.deepEqual(polls, [0, 100, 200]);
  });

  it("polls once for many arrivals of one instant, and counts the pause anew from there", () => {
    const { clock, polls, driver } = setUp(() => 100);
    clock.after(30, () => {
      driver.wake();
      driver.wake();
    });
    clock.after(30, () => driver.wake());
    clock.run(200);
    assert.deepEqual(polls, [0, 30, 130]);
  });

  it("polls when audio is ready before the station's next timer", () => {
    const { clock, polls } = setUp(
      () => 50,
      () => 20,
    );
    clock.run(60);
    assert.deepEqual(polls, [0, 20, 40, 60]);
  });

  it("polls again when something arrived during a poll", () => {
    let arrivals = 1;
    const { clock, polls, driver } = setUp(() => {
      if (arrivals > 0) {
        arrivals -= 1;
        driver.wake();
      }
      return 100;
    });
    clock.run(150);
    assert.deepEqual(polls, [0, 0, 100]);
  });

  it("polls no more once stopped", () => {
    const { clock, polls, driver } = setUp(() => 10);
    clock.run(15);
    driver.stop();
    driver.wake();
    clock.run(100);
    assert.deepEqual(polls, [0, 10]);
  });

  it("drives several stations on one clock", () => {
    const clock = new VirtualClock();
    const polls: string[] = [];
    for (const [name, pause] of [
      ["a", 20],
      ["b", 30],
    ] as const) {
      new Driver(clock, {
        poll: () => {
          polls.push(`${name}${clock.elapsed()}`);
          return pause;
        },
      });
    }
    clock.run(60);
    assert.deepEqual(polls, ["a0", "b0", "a20", "b30", "a40", "b60", "a60"]);
  });
});
