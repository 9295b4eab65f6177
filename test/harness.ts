// The face of the portable tests: the same describe/it file runs under mocha and, compiled, in every VM. Under mocha the
// calls go to mocha; in a VM they fill a list that `runTests` runs, one report a test.

/** What the harness looks for in the global object: mocha's functions, Lua's collector, Node.js's collector. */
interface Host {
  describe?: (title: string, body: () => void) => void;
  it?: (title: string, body: () => void) => void;
  collectgarbage?: (option: string) => number;
  gc?: () => void;
  process?: { memoryUsage(this: object): { heapUsed: number } };
}

interface PortableTest {
  title: string;
  body: () => void;
  slow: boolean;
}

/** What becomes of a test in a VM. */
export type Outcome = "begin" | "pass" | "fail" | "skip";

const host = globalThis as unknown as Host;
const tests: PortableTest[] = [];
const path: string[] = [];

/** Groups tests under a title. */
export function describe(title: string, body: () => void): void {
  if (host.describe !== undefined) {
    host.describe(title, body);
    return;
  }
  path.push(title);
  body();
  path.pop();
}

function addTest(title: string, body: () => void, slow: boolean): void {
  if (host.it !== undefined) {
    host.it(title, body);
    return;
  }
  tests.push({ title: `${path.join(" › ")} › ${title}`, body, slow });
}

/** One test: passes when `body` returns, fails when it throws. Its title is a sentence of behaviour. */
export function it(title: string, body: () => void): void {
  addTest(title, body, false);
}

/** A test that takes more than a second where a VM runs inside another (fengari): left out there, and counted. */
export function itSlow(title: string, body: () => void): void {
  addTest(title, body, true);
}

/** In a VM: the titles of all tests, one report each. */
export function listTests(report: (outcome: Outcome, text: string) => void): void {
  for (const test of tests) {
    report("begin", test.title);
  }
}

/**
 * In a VM: runs all tests.
 * @param skipSlow leaves out the tests of `itSlow`
 * @param report gets "begin" and the title before a test, then "pass", "skip", or "fail" and the reason
 */
export function runTests(skipSlow: boolean, report: (outcome: Outcome, text: string) => void): void {
  for (const test of tests) {
    report("begin", test.title);
    if (test.slow && skipSlow) {
      report("skip", "");
      continue;
    }
    let failure = "";
    try {
      test.body();
    } catch (error) {
      failure = `${error}`;
      if (failure === "") {
        failure = "failed without a message";
      }
    }
    report(failure === "" ? "pass" : "fail", failure);
  }
}

/**
 * Octets of the heap in use after a full collection: in Lua, and on Node.js with --expose-gc. Anywhere else 0, so that a
 * comparison of two calls holds.
 */
export function heapNow(): number {
  if (host.collectgarbage !== undefined) {
    host.collectgarbage("collect");
    host.collectgarbage("collect");
    return host.collectgarbage("count") * 1024;
  }
  if (host.gc !== undefined && host.process !== undefined) {
    host.gc();
    host.gc();
    return host.process.memoryUsage().heapUsed;
  }
  return 0;
}

function fail(message: string): never {
  throw new Error(message);
}

/** Fails unless both are the same number, string or boolean. */
export function equal(actual: number | string | boolean, expected: number | string | boolean, what = "value"): void {
  if (actual !== expected) {
    fail(`${what}: got ${actual}, expected ${expected}`);
  }
}

/** Fails unless `condition` holds. */
export function isTrue(condition: boolean, what: string): void {
  if (!condition) {
    fail(`${what}: does not hold`);
  }
}
