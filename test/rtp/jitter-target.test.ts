import {
  createJitterTarget,
  endTargetWindow,
  type JitterTarget,
  noteReserve,
  resetJitterTarget,
  shiftTarget,
} from "../../firmware/rtp/jitter-target";
import { describe, equal, isTrue, it } from "../harness";

const WINDOW = 4000; // half a second

/** A second and more of a network without jitter, whose packets come `reserve` samples before they are due. */
function steady(reserve: number): JitterTarget {
  const target = createJitterTarget();
  resetJitterTarget(target, 40, 200);
  pass(target, reserve, 0, 3);
  return target;
}

/** `windows` in which prompt packets come by `reserve` early, and one in each is late by `lateness`. */
function pass(target: JitterTarget, reserve: number, lateness: number, windows: number): void {
  for (let window = 0; window < windows; window += 1) {
    for (let packet = 0; packet < 25; packet += 1) {
      noteReserve(target, packet === 7 ? reserve - lateness : reserve);
      endTargetWindow(target, WINDOW / 25);
    }
  }
}

describe("rtp/jitter-target", () => {
  it("takes bounds that make no sense for the nearest that do", () => {
    const target = createJitterTarget();
    const cases = [
      [0, 0, 160, 160],
      [1000, 0, 3200, 3200],
      [60, 1000, 480, 3200],
      [60, 40, 480, 480],
    ];
    for (const [minimum, maximum, least, most] of cases) {
      resetJitterTarget(target, minimum, maximum);
      equal(target.minimum, least);
      equal(target.maximum, most);
      equal(target.delay, least);
    }
  });

  it("stays at the least delay, and asks for no correction, on a network without jitter", () => {
    const target = steady(320);
    equal(target.delay, 320);
    equal(target.correction, 0);
  });

  it("is not moved by one stall, and goes up at once when it comes again", () => {
    const target = steady(320);
    pass(target, 320, 800, 1);
    equal(target.delay, 320, "after one");
    noteReserve(target, 320);
    noteReserve(target, 320 - 700);
    equal(target.delay, 700, "after the second, by what both share");
    equal(target.correction, 320 - 700);
  });

  it("ignores what no delay can meet", () => {
    const target = steady(320);
    pass(target, 320, 1601, 4);
    equal(target.delay, 320);
  });

  it("holds the delay for eight seconds, and then comes down by 10 ms a second", () => {
    const target = steady(320);
    pass(target, 320, 1000, 2);
    equal(target.delay, 1000);
    pass(target, 320, 0, 13);
    equal(target.delay, 1000, "8 s after the first stall");
    pass(target, 320, 0, 5);
    isTrue(target.delay >= 1000 - 160 && target.delay < 1000, `${target.delay} after 2 s more`);
    pass(target, 320, 0, 20);
    equal(target.delay, 320, "in the end");
  });

  it("follows the jitter of RFC 3550 by its threefold, up to the greatest delay", () => {
    const target = steady(320);
    target.jitter = 200;
    pass(target, 320, 0, 1);
    equal(target.delay, 600);
    target.jitter = 5000;
    pass(target, 320, 0, 1);
    equal(target.delay, 1600);
  });

  it("is not moved by a peak of the jitter within half a second", () => {
    const target = steady(320);
    for (const jitter of [5, 400, 200, 5]) {
      target.jitter = jitter;
      noteReserve(target, 320);
    }
    pass(target, 320, 0, 1);
    equal(target.delay, 320);
  });

  it("asks to drop what comes more than 10 ms too early, and to insert what is missing, as the clock drifts", () => {
    for (const [reserve, correction] of [
      [100, -220],
      [239, -81],
      [240, 0],
      [400, 0],
      [401, 81],
      [900, 580],
    ]) {
      equal(steady(reserve).correction, correction, `for a reserve of ${reserve}`);
    }
  });

  it("counts off what was dropped or inserted, and goes no further than it must", () => {
    const target = steady(620);
    equal(target.correction, 300);
    shiftTarget(target, 120);
    equal(target.correction, 180);
    equal(target.prompt, 500);
    shiftTarget(target, 200);
    equal(target.correction, 0);
  });

  it("learns nothing from a pause", () => {
    const target = steady(320);
    pass(target, 320, 600, 2);
    endTargetWindow(target, 100 * WINDOW);
    equal(target.delay, 600);
    equal(target.correction, -280);
  });
});
