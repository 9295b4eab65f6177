// A memory and how much of it may be taken, as rows of a table with a verdict.

import { type Cell, tableLines } from "../size/table";

export interface MemoryBudget {
  title: string;
  /** What is taken, and what may be. */
  octets: number;
  budget: number;
}

/**
 * Lines of a table, under a head that says of when it is.
 * @param parts rows that nothing is asked of: a title and octets
 * @throws {RangeError} with the table, when something is over its budget
 */
export function budgetLines(
  head: string,
  budgets: readonly MemoryBudget[],
  parts: readonly [string, number][] = [],
): string[] {
  const isOver = ({ octets, budget }: MemoryBudget): boolean => octets > budget;
  const rows: Cell[][] = [
    ...budgets.map((row) => [row.title, row.octets, row.budget, isOver(row) ? "OVER" : "within"]),
    ...parts.map(([title, octets]) => [title, octets, "", ""]),
  ];
  const lines = tableLines([head, "octets", "budget", ""], rows);
  if (budgets.some(isOver)) {
    throw new RangeError(`the image is over its budget:\n${lines.join("\n")}`);
  }
  return lines;
}
