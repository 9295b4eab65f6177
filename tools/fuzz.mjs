// `npm run fuzz`: fuzzes every target for a minute (tools/fuzz/main.ts); arguments go to it.

import { runNode, TYPESCRIPT } from "./run.mjs";

process.exitCode = await runNode(TYPESCRIPT, "tools/fuzz/main.ts", process.argv.slice(2));
