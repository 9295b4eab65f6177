// Every portable test in every VM: compiled once to Lua and to ES5, run inside the Lua VMs that npm carries and in the
// VMs of the system that are installed, several at a time, and shown test by test. DOORLINE_TESTS narrows the files.

import { availableParallelism } from "node:os";
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

/** For all machines: the first one starts them. */
const LIMIT_MS = 1_800_000;

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");

function chosenTests(): string[] {
  const chosen = process.env.DOORLINE_TESTS ?? "";
  return chosen === "" ? findPortableTests(root) : chosen.split(path.delimiter).filter(isPortableTest);
}

/** The machines that are here; where mocha's --grep names some, those. */
function chosenMachines(): Machine[] {
  const option = process.argv.findIndex((word) => word === "-g" || word === "--grep");
  const pattern = new RegExp(option < 0 ? "" : process.argv[option + 1]);
  const present = MACHINES.filter(({ program }) => program === "" || findProgram(program) !== "");
  const named = present.filter(({ name }) => pattern.test(name));
  return named.length > 0 ? named : present;
}

/**
 * Runs all machines that are chosen, as many at a time as there are processors. Called once, when the first of them is wanted.
 * @returns each machine's results, by machine
 */
function runAll(tests: PortableTests): Map<Machine, Promise<MachineResults>> {
  const free = Array.from({ length: availableParallelism() }, () => Promise.resolve());
  const runs = new Map<Machine, Promise<MachineResults>>();
  for (const [index, machine] of chosenMachines().entries()) {
    const lane = index % free.length;
    const run = free[lane].then(async () =>
      readResults(machine.name, tests.titles, await machine.run(tests.bundles[machine.language])),
    );
    free[lane] = run.then(() => undefined);
    runs.set(machine, run);
  }
  return runs;
}

function describeMachine(machine: Machine, tests: PortableTests, runsOf: () => ReturnType<typeof runAll>): void {
  describe(machine.name, function () {
    this.timeout(LIMIT_MS);
    let run: MachineResults | undefined;
    let skipped = 0;

    before(async function () {
      run = await runsOf().get(machine);
      if (run === undefined) {
        skipOrFail(this, missingLine(machine.program));
      }
    });

    it("runs all tests to the end", () => {
      if (run !== undefined && run.crash !== "") {
        throw new Error(run.crash);
      }
    });

    for (const [index, title] of tests.titles.entries()) {
      it(title, function () {
        const result = run?.results[index];
        if (result === undefined) {
          throw new Error(run?.crash);
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
  let runs: ReturnType<typeof runAll> | undefined;
  const runsOf = (): ReturnType<typeof runAll> => {
    runs ??= runAll(tests);
    return runs;
  };
  for (const machine of MACHINES) {
    describeMachine(machine, tests, runsOf);
  }
}

const files = chosenTests();
if (files.length > 0) {
  describeAll(files);
}
