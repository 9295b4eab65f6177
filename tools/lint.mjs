// `npm run lint`: the types of firmware/ under ES5 and of everything else under Node.js, the portable subset, and Biome's format
// and rules. Everything runs even when something before it fails.

import { runNode, TYPESCRIPT } from "./run.mjs";

const TYPES = "node_modules/typescript/bin/tsc";

const steps = [
  ["types of firmware/", () => runNode([], TYPES, ["-p", "firmware"])],
  ["types of the rest", () => runNode([], TYPES, ["-p", "."])],
  ["types of bench/", () => runNode([], TYPES, ["-p", "bench"])],
  ["portable subset", () => runNode(TYPESCRIPT, "tools/portable/cli.ts", [])],
  [
    "format and rules",
    () => runNode([], "node_modules/@biomejs/biome/bin/biome", ["check", "--error-on-warnings", "."]),
  ],
];

let failed = 0;
for (const [name, step] of steps) {
  const code = await step();
  console.log(`${name}: ${code === 0 ? "good" : "failed"}`);
  failed += code === 0 ? 0 : 1;
}
process.exitCode = failed === 0 ? 0 : 1;
