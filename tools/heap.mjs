// `npm run heap`: whether the heap of each VM stays flat over calls and media (tools/native/heap.ts); arguments go to it.

import { runNode, TYPESCRIPT } from "./run.mjs";

process.exitCode = await runNode(TYPESCRIPT, "tools/native/heap.ts", process.argv.slice(2));
