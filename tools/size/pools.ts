// The pools of the size report: one row a line of firmware/limits.ts, as a booted station counts them.

import type { Memory } from "../../firmware/memory/pool";
import { tableLines } from "./table";

/** Lines of the table of pools. */
export function poolLines(memory: Memory): string[] {
  const rows = memory.pools.map(({ limit, octets }) => [
    limit.name,
    limit.count,
    limit.bytesEach,
    limit.count * limit.bytesEach,
    octets,
    limit.reason,
  ]);
  const total = memory.pools.reduce((sum, { limit }) => sum + limit.count * limit.bytesEach, 0);
  const measured = memory.pools.reduce((sum, { octets }) => sum + octets, 0);
  return tableLines(
    ["pool", "count", "octets each", "contract", "allocated", "reason"],
    [...rows, ["all", "", "", total, measured, ""]],
  );
}
