// `npm run size`: the memory report (tools/size/report.ts) over the bundles of `npm run build`, which it makes first.

import { runNode, TYPESCRIPT } from "./run.mjs";

const built = await runNode([], "node_modules/rollup/dist/bin/rollup", ["-c", "--silent"]);
process.exitCode = built === 0 ? await runNode(TYPESCRIPT, "tools/size/report.ts", process.argv.slice(2)) : built;
