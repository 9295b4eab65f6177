// `npm test`: mocha over test/**/*.test.ts, closing with the line "N passed, N failed, N skipped". Files given as arguments
// run alone; portable ones among them run in every VM too. Options (--grep …) go to mocha.

import path from "node:path";
import { root, runNode, TYPESCRIPT } from "./run.mjs";

const VM_TESTS = "test/vm.test.ts";

const given = process.argv.slice(2);
const files = given.filter((argument) => argument.endsWith(".ts")).map(projectPath);
const options = given.filter((argument) => !argument.endsWith(".ts"));
const portable = files.filter((file) => file !== VM_TESTS);
const chosen = files.length === 0 || files.includes(VM_TESTS) ? files : [...files, VM_TESTS];

function projectPath(file) {
  return path.relative(root, path.resolve(process.cwd(), file)).split(path.sep).join("/");
}

process.exitCode = await runNode(
  [...TYPESCRIPT, "--expose-gc"],
  "node_modules/mocha/bin/mocha.js",
  [...options, ...(chosen.length === 0 ? ["test/**/*.test.ts"] : chosen)],
  portable.length === 0 ? {} : { DOORLINE_TESTS: portable.join(path.delimiter) },
);
