// Every portable test in every VM: compiled once to Lua and to ES5, run inside the Lua VMs that npm carries and in the
// VMs of the system that are installed, and shown test by test. DOORLINE_TESTS narrows the files.

import path from "node:path";
import { fileURLToPath } from "node:url";
import { findProgram, missingLine, skipOrFail } from "../tools/requirements";
import { MACHINES, type Machine } from "../tools/vm/machines";
import {
  compilePortableTests,
  findPortableTests,
  isPortableTest,
  type PortableTests,
} from "../tools/vm/portable-tests";
import { type MachineResults, readResults } from "../tools/vm/results";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");

function chosenTests(): string[] {
  const chosen = process.env.DOORLINE_TESTS ?? "";
  return chosen === "" ? findPortableTests(root) : chosen.split(path.delimiter).filter(isPortableTest);
}

function describeMachine(machine: Machine, tests: PortableTests): void {
  describe(machine.name, function () {
    this.timeout(900_000);
    let run: MachineResults;
    let skipped = 0;

    before(async function () {
      if (machine.program !== "" && findProgram(machine.program) === "") {
        skipOrFail(this, missingLine(machine.program));
      }
      run = readResults(machine.name, tests.titles, await machine.run(tests.bundles[machine.language]));
    });

    it("runs all tests to the end", () => {
      if (run.crash !== "") {
        throw new Error(run.crash);
      }
    });

    for (const [index, title] of tests.titles.entries()) {
      it(title, function () {
        const result = run.results[index];
        if (result === undefined) {
          throw new Error(run.crash);
        }
        if (result.outcome === "skip") {
          skipped += 1;
          this.skip();
        }
        if (result.outcome === "fail") {
          throw new Error(result.reason);
        }
      });
    }

    after(() => {
      if (skipped > 0) {
        console.log(`    ${machine.name}: ${skipped} slow tests left out`);
      }
    });
  });
}

/** A compilation that fails is a failed test, not the end of all others. */
function describeAll(files: string[]): void {
  let tests: PortableTests;
  try {
    tests = compilePortableTests(root, files);
  } catch (error) {
    describe("every VM", () => {
      it("has tests that compile", () => {
        throw error;
      });
    });
    return;
  }
  for (const machine of MACHINES) {
    describeMachine(machine, tests);
  }
}

const files = chosenTests();
if (files.length > 0) {
  describeAll(files);
}
