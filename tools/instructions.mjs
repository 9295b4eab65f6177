// `npm run instructions`: what frames, calls and idle seconds cost the processor (tools/native/instructions.ts); arguments go to it.

import { runNode, TYPESCRIPT } from "./run.mjs";

process.exitCode = await runNode(TYPESCRIPT, "tools/native/instructions.ts", process.argv.slice(2));
