// The end of a test bundle that runs inside a VM: portable code, compiled with the tests. The VM's runner says by globals
// whether to run or to list, and takes the reports.

import { listTests, type Outcome, runTests } from "../../test/harness";

/** The globals that a runner sets before it loads the bundle. */
interface Runner {
  /** "list", "all", or "fast", which leaves out the tests of `itSlow`. */
  doorlineMode: string;
  doorlineReport: (outcome: Outcome, text: string) => void;
}

/** Runs or lists the tests that the bundle has loaded. */
export function runHere(): void {
  const runner = globalThis as unknown as Runner;
  const report = runner.doorlineReport;
  if (runner.doorlineMode === "list") {
    listTests(report);
  } else {
    runTests(runner.doorlineMode === "fast", report);
  }
}
