// `npm run bench`: builds the bundles, so that it measures this tree, then measures Doorline beside others (bench/main.ts);
// arguments go to it. With `--firmware FILE` it measures that file, and with `--help` nothing: then nothing is built.

import { runNode, TYPESCRIPT } from "./run.mjs";

const given = process.argv.slice(2);
const builds = !given.some(
  (argument) => argument.startsWith("--firmware") || argument === "--help" || argument === "-h",
);
const built = builds ? await runNode([], "node_modules/rollup/dist/bin/rollup", ["-c", "--silent"]) : 0;
process.exitCode = built === 0 ? await runNode([...TYPESCRIPT, "--expose-gc"], "bench/main.ts", given) : built;
