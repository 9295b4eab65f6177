// The conformance report: clauses from the titles of tests, in the order of the RFCs, with what failed.

import assert from "node:assert/strict";
import { markdownLines, reportLines } from "../../tools/conformance/clauses";

const TESTS = [
  { title: "timers › RFC 3261 17.1.1.2: Timer A doubles: always", failure: "" },
  { title: "timers › RFC 3261 17.1.1.2: Timer B ends it", failure: "Error: got 1, expected 2" },
  { title: "answers › RFC 3261 9.2: CANCEL is answered", failure: "" },
  { title: "answers › RFC 3261 17.2: a state", failure: "" },
  { title: "torture › RFC 4475 3.1.1.2: odd letters", failure: "" },
];

describe("the conformance report", () => {
  it("counts tests by clause, in the order of RFC and section, and says what failed and why", () => {
    assert.deepEqual(reportLines(TESTS), [
      "clause             tests  result",
      "RFC 3261 9.2           1  holds",
      "RFC 3261 17.1.1.2      2  1 of 2 fails",
      "RFC 3261 17.2          1  holds",
      "RFC 4475 3.1.1.2       1  holds",
      "",
      "timers › RFC 3261 17.1.1.2: Timer B ends it",
      "    Error: got 1, expected 2",
      "",
      "4 clauses, 5 tests: 1 failed",
    ]);
  });

  it("has a Markdown table of sections", () => {
    assert.deepEqual(markdownLines(TESTS), [
      "| section | tests | result |",
      "|---|---:|---|",
      "| RFC 3261 9 | 1 | holds |",
      "| RFC 3261 17 | 3 | 1 of 3 fails |",
      "| RFC 4475 3 | 1 | holds |",
      "",
      "4 clauses, 5 tests: 1 failed",
    ]);
  });

  it("refuses a test that names no clause", () => {
    assert.throws(() => reportLines([{ title: "timers › Timer A doubles", failure: "" }]), /no clause/);
  });
});
