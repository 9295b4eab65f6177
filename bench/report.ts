// The report: one table a case, and under it each aim with what was measured, met or missed.

import { type Case, DOORLINE } from "./cases";
import type { Entry, Result } from "./measure";

export interface Verdict {
  case: string;
  aim: string;
  measured: string;
  met: boolean;
}

function grouped(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ",");
}

function rateText(one: Case, rate: number): string {
  return one.unit === "samples" ? `${(rate / 1e6).toFixed(0)} M` : grouped(rate);
}

/** Half the distance between the quarter points of the rounds, relative to their median. */
function spreadText(entry: Entry): string {
  const sorted = [...entry.rates].sort((left, right) => left - right);
  const quarter = sorted.length >> 2;
  const half = (sorted[sorted.length - 1 - quarter] - sorted[quarter]) / 2;
  return `±${Math.round((100 * half) / entry.rate)} %`;
}

function allocationText(entry: Entry): string {
  const calls = entry.allocatorCalls === undefined ? "" : ` in ${grouped(entry.allocatorCalls)}`;
  return `${grouped(entry.allocatedOctets)}${calls}`;
}

/** The table of one case. */
export function formatTable(result: Result, detail: string): string {
  const { case: one, entries } = result;
  const rows = [
    ["", `${one.unit}/s`, "spread", "octets allocated", "doorline is"],
    ...entries.map((entry) => [
      `${entry.contender} ${entry.contender === DOORLINE ? "" : entry.version}`.trim(),
      rateText(one, entry.rate),
      spreadText(entry),
      allocationText(entry),
      entry.contender === DOORLINE ? "" : `${entry.ratio.toFixed(2)} x`,
      entry.difference ?? "",
    ]),
  ];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...rows.map((row) => row[column].length)));
  const lines = rows.map((row) =>
    row.map((text, column) => (column === 0 ? text.padEnd(widths[0]) : text.padStart(widths[column] ?? 0))).join("  "),
  );
  return [`${one.title}${detail}`, ...lines.map((line) => `  ${line.trimEnd()}`)].join("\n");
}

/** Each aim of the case for which there is a figure. */
export function judge(result: Result): Verdict[] {
  const { case: one, entries } = result;
  const verdicts: Verdict[] = [];
  for (const aim of one.aims) {
    const entry = entries.find(({ contender }) => contender === aim.against);
    if (entry !== undefined) {
      verdicts.push({
        case: one.name,
        aim: aim.ratio === 1 ? `at least as fast as ${aim.against}` : `at least ${aim.ratio} times ${aim.against}`,
        measured: `${entry.ratio.toFixed(2)} times`,
        met: entry.ratio >= aim.ratio,
      });
    }
  }
  const ours = entries.find(({ contender }) => contender === DOORLINE);
  if (ours !== undefined) {
    verdicts.push({
      case: one.name,
      aim: `${one.allocationAim} octets allocated`,
      measured: `${ours.allocatedOctets} octets`,
      met: Math.round(ours.allocatedOctets) <= one.allocationAim,
    });
  }
  return verdicts;
}

export function formatVerdict(verdict: Verdict): string {
  return `  ${verdict.met ? "met   " : "MISSED"}  ${verdict.aim}: ${verdict.measured}`;
}
