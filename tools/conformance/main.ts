// `npm run conformance`: runs the tests of test/conformance in this process and prints them by clause; `--markdown` prints a
// table of sections. A word among the arguments runs the files whose names contain it. Exit code 1 when a test fails.

import { readdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { runTests } from "../../test/harness";
import { type ClauseTest, markdownLines, reportLines } from "./clauses";

const folder = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../test/conformance");

const given = process.argv.slice(2);
const words = given.filter((argument) => !argument.startsWith("--"));
const files = readdirSync(folder)
  .filter((name) => name.endsWith(".test.ts") && words.every((word) => name.includes(word)))
  .sort();

for (const file of files) {
  await import(pathToFileURL(path.join(folder, file)).href);
}

const tests: ClauseTest[] = [];
runTests(false, (outcome, text) => {
  if (outcome === "begin") {
    tests.push({ title: text, failure: "" });
  } else if (outcome === "fail") {
    tests[tests.length - 1].failure = text;
  }
});
console.log((given.includes("--markdown") ? markdownLines(tests) : reportLines(tests)).join("\n"));
process.exitCode = tests.length > 0 && tests.every(({ failure }) => failure === "") ? 0 : 1;
