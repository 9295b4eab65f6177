// The reports of a VM as results of tests: what became of each, and where a VM was when it crashed.

import type { MachineRun } from "./machine-run";

/** What became of one test in one VM. */
export interface Result {
  outcome: "pass" | "fail" | "skip";
  /** Of a failure; "" otherwise. */
  reason: string;
}

/** The run of all tests in one VM. */
export interface MachineResults {
  /** In the order of the titles; a test that a crash kept from running, or from ending, has none. */
  results: (Result | undefined)[];
  /** "" for a run to the end. */
  crash: string;
}

/**
 * Reads the reports of a run. Tests are known by their order: a VM whose strings are octets does not hand every title back.
 * @param name the VM's, for the account of a crash
 */
export function readResults(name: string, titles: readonly string[], run: MachineRun): MachineResults {
  const results: (Result | undefined)[] = titles.map(() => undefined);
  let begun = -1;
  for (const report of run.reports) {
    const [outcome, text] = report.split("\t");
    if (outcome === "begin") {
      begun += 1;
    } else {
      results[begun] = { outcome: outcome as Result["outcome"], reason: text };
    }
  }
  if (run.crash === "" && !results.includes(undefined)) {
    return { results, crash: "" };
  }
  const where = begun < 0 ? "while it loaded the tests" : `in "${titles[begun]}"`;
  return { results, crash: `${name} crashed ${where}: ${run.crash === "" ? "it ended early" : run.crash}` };
}
