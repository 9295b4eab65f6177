// `npm run size`: what the device's program takes: the bundles of the build against their limits, every module, and the
// pools of memory.

import { statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { createReportedDevice } from "./device";
import { moduleLines } from "./modules";
import { poolLines } from "./pools";
import { type Cell, tableLines } from "./table";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");

/** The bundles of rollup.config.js with what they may have, octets. */
const BUNDLES: readonly { file: string; limit: number }[] = [
  { file: "dist/doorline.js", limit: 160 * 1024 },
  { file: "dist/doorline.lua", limit: 0 },
  { file: "dist/doorline.luac", limit: 140 * 1024 },
];

function bundleLines(): string[] {
  const rows = BUNDLES.map(({ file, limit }): Cell[] => {
    const size = statSync(path.join(root, file), { throwIfNoEntry: false })?.size;
    return [file, size ?? "not built", limit === 0 ? "" : limit];
  });
  return tableLines(["bundle", "octets", "limit"], rows);
}

console.log(bundleLines().join("\n"));
console.log();
console.log((await moduleLines(root)).join("\n"));
console.log();
console.log(poolLines(createReportedDevice().memory).join("\n"));
