// The scenarios with the firmware in this process: each plays to its end, and a second run with the same seed says the same.

import assert from "node:assert/strict";
import { bootHere, firstDifference, playScenario } from "./scenario";
import { SCENARIOS } from "./scenarios";

const SEED = 271;

describe("a scenario", () => {
  for (const scenario of SCENARIOS) {
    it(`${scenario.title}: plays to its end, and again the same way`, () => {
      const first = playScenario(scenario, SEED, bootHere);
      assert.doesNotMatch(first.at(-1) ?? "", /the script ended/);
      assert.equal(firstDifference(first, playScenario(scenario, SEED, bootHere)), "");
    });
  }

  it("has a title of its own", () => {
    assert.equal(new Set(SCENARIOS.map(({ title }) => title)).size, SCENARIOS.length);
  });
});
