// The fault run: a simulated week of calls under loss, reordering, outages and reboots (test/fault/scenario.ts). Afterwards
// everything is as it was, and the same seed gives the same messages, octet for octet.

import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { DAY, type Outcome, runFaults } from "./scenario";

describe("a simulated week of faults", function () {
  this.timeout(300_000);
  let week: Outcome;
  before(() => {
    week = runFaults(7, 7 * DAY);
  });

  it("has thousands of calls, and every kind of fault many times", () => {
    ok(week.presses + week.incoming > 3000, `${week.presses} presses, ${week.incoming} incoming calls`);
    ok(week.talks > 2000 && week.releases > 500, `${week.talks} talks, ${week.releases} releases`);
    const { storms, cables, outages, nameOutages, deadTargets, moves, reboots } = week;
    ok(Math.min(storms, cables, outages, nameOutages, deadTargets, moves, reboots) > 5, JSON.stringify(week));
  });

  it("leaves every pool at its idle level, the registration standing and the door ready for the next call", () => {
    deepStrictEqual(week.problems, []);
  });

  it("is registered again within fifteen seconds of a fault, and within a minute where a registrar forgot it in silence", () => {
    ok(week.slowestRecovery > 0 && week.slowestRecovery < 15_000, `${week.slowestRecovery} ms`);
    ok(week.slowestDiscovery > 0 && week.slowestDiscovery < 60_000, `${week.slowestDiscovery} ms`);
  });

  it("loses no call in fair weather", () => {
    strictEqual(week.fairTalks, week.fairPresses);
  });
});

describe("a fault run", function () {
  this.timeout(60_000);

  it("sends the same messages for the same seed, octet for octet, and others for another", () => {
    const first = runFaults(11, DAY / 2);
    deepStrictEqual(runFaults(11, DAY / 2), first);
    ok(runFaults(12, DAY / 2).trace !== first.trace);
  });
});
