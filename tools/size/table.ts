// Tables of the size report: columns as wide as their longest cell, numbers to the right with thousands apart.

export type Cell = string | number;

function textOf(cell: Cell): string {
  return typeof cell === "number" ? cell.toLocaleString("en-US") : cell;
}

/** Lines of a table with its heads. */
export function tableLines(heads: readonly string[], rows: readonly (readonly Cell[])[]): string[] {
  const texts = [heads, ...rows].map((row) => row.map(textOf));
  const widths = heads.map((_head, column) => Math.max(...texts.map((row) => row[column].length)));
  const isNumeric = heads.map((_head, column) => rows.some((row) => typeof row[column] === "number"));
  return texts.map((row) =>
    row
      .map((text, column) => (isNumeric[column] ? text.padStart(widths[column]) : text.padEnd(widths[column])))
      .join("  ")
      .trimEnd(),
  );
}
