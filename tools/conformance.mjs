// `npm run conformance`: the suite of test/conformance on Node.js, as a table of clauses with their tests and results
// (tools/conformance/table.ts); arguments go to it.

import { runNode, TYPESCRIPT } from "./run.mjs";

process.exitCode = await runNode(TYPESCRIPT, "tools/conformance/main.ts", process.argv.slice(2));
