// Virtual and real time: alarms ring in order, at their time, and device time wraps.

import assert from "node:assert/strict";
import { RealClock } from "../../hal/node/real-clock";
import { VirtualClock } from "../../hal/node/virtual-clock";

describe("node/virtual-clock", () => {
  it("rings alarms in the order of their times, and those of one time in the order in which they were set", () => {
    const clock = new VirtualClock();
    const rung: string[] = [];
    const delays = [30, 10, 20, 10, 0, 30, 10, 5];
    for (const [index, delay] of delays.entries()) {
      clock.after(delay, () => rung.push(`${delay}#${index}@${clock.elapsed()}`));
    }
    clock.run(30);
    assert.deepEqual(rung, ["0#4@0", "5#7@5", "10#1@10", "10#3@10", "10#6@10", "20#2@20", "30#0@30", "30#5@30"]);
  });

  it("agrees with a sorted list over thousands of alarms set from alarms", () => {
    const clock = new VirtualClock();
    const rung: number[] = [];
    let seed = 1;
    const next = (): number => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed % 97;
    };
    const expected: number[] = [];
    const plant = (depth: number): void => {
      const delay = next();
      expected.push(clock.elapsed() + delay);
      clock.after(delay, () => {
        rung.push(clock.elapsed());
        for (let child = 0; child < (depth < 6 ? 4 : 0); child += 1) {
          plant(depth + 1);
        }
      });
    };
    plant(0);
    clock.run(10_000);
    assert.equal(rung.length, 1 + 4 + 16 + 64 + 256 + 1024 + 4096);
    assert.deepEqual(
      rung,
      expected.sort((left, right) => left - right),
    );
  });

  it("does not ring an alarm that was taken back, even by an alarm of the same time", () => {
    const clock = new VirtualClock();
    let rung = 0;
    const first = clock.after(5, () => {
      rung += 1;
    });
    clock.after(5, () => second());
    const second = clock.after(5, () => {
      rung += 10;
    });
    first();
    clock.run(10);
    assert.equal(rung, 0);
  });

  it("ends at the time asked for, with later alarms still waiting", () => {
    const clock = new VirtualClock();
    let rung = 0;
    clock.after(11, () => {
      rung += 1;
    });
    clock.run(10);
    assert.deepEqual([clock.elapsed(), rung], [10, 0]);
    clock.runFor(1);
    assert.deepEqual([clock.elapsed(), rung], [11, 1]);
  });

  it("stops where a condition begins to hold, or says that it did not", () => {
    const clock = new VirtualClock();
    let count = 0;
    const tick = (): void => {
      count += 1;
      clock.after(10, tick);
    };
    clock.after(10, tick);
    assert.equal(
      clock.runUntil(() => count === 3, 1000),
      true,
    );
    assert.equal(clock.elapsed(), 30);
    assert.equal(
      clock.runUntil(() => count === 100, 50),
      false,
    );
    assert.equal(clock.elapsed(), 80);
  });

  it("wraps device time at 27 bits while the time since the start goes on", () => {
    const clock = new VirtualClock(2 ** 27 - 3);
    clock.run(2);
    assert.equal(clock.now(), 2 ** 27 - 1);
    clock.run(3);
    assert.equal(clock.now(), 0);
    clock.run(10);
    assert.deepEqual([clock.now(), clock.elapsed()], [7, 10]);
  });

  it("names a loop in which no time passes", () => {
    const clock = new VirtualClock();
    const again = (): void => {
      clock.after(0, again);
    };
    again();
    assert.throws(() => clock.run(1), /stands still at 0 ms/);
  });
});

describe("node/real-clock", () => {
  it("counts device time in whole milliseconds within 27 bits, never backwards", () => {
    const clock = new RealClock();
    let last = clock.now();
    for (let count = 0; count < 1000; count += 1) {
      const now = clock.now();
      assert.ok(Number.isInteger(now) && now >= last && now < 2 ** 27);
      last = now;
    }
  });

  it("rings an alarm that was not taken back", async () => {
    const clock = new RealClock();
    let wrong = false;
    clock.after(0, () => {
      wrong = true;
    })();
    clock.after(1, () => {
      wrong = true;
    })();
    await new Promise<void>((resolve) => clock.after(0, resolve));
    await new Promise<void>((resolve) => clock.after(2, resolve));
    assert.equal(wrong, false);
  });
});
