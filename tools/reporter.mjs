// mocha's report as `npm test` prints it: a tree of tests as in mocha's spec, except that the thousands of passes inside
// VMs are counted and not listed; closed by one plain line "N passed, N failed, N skipped".

import mocha from "mocha";

const { Base } = mocha.reporters;
const events = mocha.Runner.constants;

/** Whether a test or suite belongs to the run of the portable tests in VMs. */
function isOfVm(entry) {
  return entry.file?.endsWith("vm.test.ts") === true;
}

export default class Reporter extends Base {
  constructor(runner, options) {
    super(runner, options);
    let depth = 0;
    let failures = 0;
    let passesOfVm = 0;
    const print = (kind, text) => Base.consoleLog(`${"  ".repeat(depth)}${Base.color(kind, text)}`);

    runner.on(events.EVENT_SUITE_BEGIN, (suite) => {
      if (!suite.root) {
        depth += 1;
        print("suite", suite.title);
      }
    });
    runner.on(events.EVENT_SUITE_END, (suite) => {
      if (isOfVm(suite) && passesOfVm > 0) {
        print("pass", `  ${Base.symbols.ok} ${passesOfVm} passed`);
        passesOfVm = 0;
      }
      depth -= 1;
      if (depth === 0) {
        Base.consoleLog("");
      }
    });
    runner.on(events.EVENT_TEST_PASS, (test) => {
      if (isOfVm(test)) {
        passesOfVm += 1;
      } else {
        const duration = test.speed === "fast" ? "" : ` (${test.duration} ms)`;
        print("pass", `  ${Base.symbols.ok} ${test.title}${duration}`);
      }
    });
    runner.on(events.EVENT_TEST_PENDING, (test) => {
      if (!isOfVm(test)) {
        print("pending", `  - ${test.title}`);
      }
    });
    runner.on(events.EVENT_TEST_FAIL, (test) => {
      failures += 1;
      print("fail", `  ${failures}) ${test.title}`);
    });
    runner.once(events.EVENT_RUN_END, () => {
      this.epilogue();
      const { passes, failures: failed, pending } = this.stats;
      Base.consoleLog(`${passes} passed, ${failed} failed, ${pending} skipped`);
    });
  }
}
