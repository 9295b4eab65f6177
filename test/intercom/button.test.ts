// The button: what counts as a press.

import { BOUNCE_MS, type Button, createButton, pollButton } from "../../firmware/intercom/button";
import { describe, equal, it } from "../harness";
import { FakePin } from "../rig/parts";
import { WheelBench } from "../rig/wheel-bench";

interface Bench {
  time: WheelBench;
  pin: FakePin;
  button: Button;
  /** "index:time" of each press. */
  presses: string[];
}

function createBench(level: number): Bench {
  const time = new WheelBench();
  const pin = new FakePin(time.clock, level);
  const presses: string[] = [];
  const button = createButton(pin, 3, time.wheel, {
    owner: pin,
    onPress: (_owner: object, index: number): void => {
      presses.push(`${index}:${time.clock.elapsed}`);
    },
  });
  return { time, pin, button, presses };
}

/** The pin has a level for so long. */
function hold(bench: Bench, level: number, milliseconds: number): void {
  bench.pin.level = level;
  pollButton(bench.button);
  bench.time.advance(milliseconds);
}

describe("a button", () => {
  it("is pressed when its level has stood for the bounce time", () => {
    const bench = createBench(0);
    hold(bench, 1, BOUNCE_MS - 1);
    equal(bench.presses.length, 0, "presses before");
    hold(bench, 1, 1);
    equal(bench.presses.join(), "3:30", "presses");
  });

  it("is pressed once, however long it is held", () => {
    const bench = createBench(0);
    hold(bench, 1, 5000);
    hold(bench, 1, 5000);
    equal(bench.presses.length, 1, "presses");
    hold(bench, 0, 1000);
    equal(bench.presses.length, 1, "presses after it was let go");
  });

  it("is pressed once while its contact bounces, counted from the last bounce", () => {
    const bench = createBench(0);
    for (let bounce = 0; bounce < 10; bounce += 1) {
      hold(bench, 1, 2);
      hold(bench, 0, 3);
    }
    hold(bench, 1, 100);
    equal(bench.presses.join(), "3:80", "presses");
    for (let bounce = 0; bounce < 10; bounce += 1) {
      hold(bench, 0, 2);
      hold(bench, 1, 3);
    }
    hold(bench, 0, 100);
    equal(bench.presses.length, 1, "presses after a bouncing release");
  });

  it("is not pressed by a spike that is shorter than the bounce time", () => {
    const bench = createBench(0);
    hold(bench, 1, BOUNCE_MS - 1);
    hold(bench, 0, 1000);
    equal(bench.presses.length, 0, "presses");
  });

  it("is pressed again when it was let go in between", () => {
    const bench = createBench(0);
    hold(bench, 1, 100);
    hold(bench, 0, 100);
    hold(bench, 1, 100);
    equal(bench.presses.join(" "), "3:30 3:230", "presses");
  });

  it("that is held down at boot counts when it is pressed anew", () => {
    const bench = createBench(1);
    hold(bench, 1, 1000);
    equal(bench.presses.length, 0, "presses at boot");
    hold(bench, 0, 100);
    hold(bench, 1, 100);
    equal(bench.presses.length, 1, "presses");
  });
});
