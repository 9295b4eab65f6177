// `npm run size`: what the device's program takes: the bundles of the build beside the aims, every module, and the
// pools of memory.

import { statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { createReportedDevice } from "./device";
import { moduleLines } from "./modules";
import { poolLines } from "./pools";
import { type Cell, tableLines } from "./table";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");

/** The bundles of rollup.config.js with the aim of the design, octets; 0: none. */
const BUNDLES: readonly { file: string; aim: number }[] = [
  { file: "dist/doorline.js", aim: 160 * 1024 },
  { file: "dist/doorline.lua", aim: 0 },
  { file: "dist/doorline.luac", aim: 140 * 1024 },
  { file: "dist/doorline-small.js", aim: 160 * 1024 },
  { file: "dist/doorline-small.lua", aim: 0 },
  { file: "dist/doorline-small.luac", aim: 140 * 1024 },
];

function bundleLines(): string[] {
  const rows = BUNDLES.map(({ file, aim }): Cell[] => {
    const size = statSync(path.join(root, file), { throwIfNoEntry: false })?.size;
    const verdict = size === undefined || aim === 0 ? "" : size > aim ? "over" : "within";
    return [file, size ?? "not built", aim === 0 ? "" : aim, verdict];
  });
  return tableLines(["bundle", "octets", "aim", ""], rows);
}

console.log(bundleLines().join("\n"));
console.log();
console.log((await moduleLines(root)).join("\n"));
console.log();
console.log(poolLines(createReportedDevice().memory).join("\n"));
