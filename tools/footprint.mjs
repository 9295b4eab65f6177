// `npm run footprint`: what the shells take on a microcontroller (tools/native/footprint.ts); arguments go to it.

import { runNode, TYPESCRIPT } from "./run.mjs";

process.exitCode = await runNode(TYPESCRIPT, "tools/native/footprint.ts", process.argv.slice(2));
