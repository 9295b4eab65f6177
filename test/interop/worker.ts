// Inside the namespace: loads one suite, runs its tests one at a time as mocha's side orders, and answers with each outcome.
// It ends with its parent.

import { tmpdir } from "node:os";
import { pathToFileURL } from "node:url";
import { Bed } from "./bed";
import { Capture } from "./capture";
import { type Order, type Outcome, type WorkerTest, workerHost } from "./namespace";
import { within } from "./waiting";

const tests = new Map<string, WorkerTest>();
workerHost.doorlineInteropTests = tests;

async function runTest(capture: Capture, title: string): Promise<string> {
  const test = tests.get(title);
  if (test === undefined) {
    return `there is no test "${title}"`;
  }
  const bed = await Bed.make(capture);
  let failure = "";
  try {
    await within(test.body(bed), "the test to end", test.limit);
  } catch (error) {
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
    failure = `${what}\n${await bed.explain()}`;
  }
  try {
    await bed.close();
  } catch (error) {
    failure = failure === "" ? String(error) : failure;
  }
  return failure;
}

async function load(): Promise<Capture> {
  const capture = await Capture.start(tmpdir());
  await import(pathToFileURL(process.argv[2]).href);
  return capture;
}

const loaded = load();
let previous: Promise<void> = Promise.resolve();
process.on("message", (order: Order) => {
  previous = previous.then(async () => {
    const outcome: Outcome = { title: order.run, failure: await runTest(await loaded, order.run) };
    process.send?.(outcome);
  });
});
process.on("disconnect", () => process.exit(0));
