// `npm run build`: rollup writes dist/doorline.js (ES5, for JerryScript), dist/doorline.es.js (for the bench) and
// dist/doorline.lua, with its bytecode where luac5.4 is installed.

import { runNode } from "./run.mjs";

process.exitCode = await runNode([], "node_modules/rollup/dist/bin/rollup", ["-c", ...process.argv.slice(2)]);
