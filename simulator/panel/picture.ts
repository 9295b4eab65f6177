// A frame as a picture: SVG with a monospace font, every span at its own column, so that any font keeps the columns.

import type { Line, Style } from "./frame";

const COLUMN = 8.4;
const ROW = 18;
const FONT_SIZE = 14;
const MARGIN = 14;

const COLOURS: Record<Style, string> = {
  plain: "#d8dee9",
  strong: "#ffffff",
  faint: "#7b8494",
  good: "#8fce7a",
  busy: "#ecc667",
  alarm: "#f07178",
  sent: "#6cc7d9",
  received: "#c792ea",
};

function escapeText(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

function lineText(line: Line, row: number): string {
  let column = 0;
  const parts: string[] = [];
  for (const { text, style } of line) {
    const shown = text.trim();
    if (shown !== "") {
      const x = (MARGIN + (column + text.indexOf(shown)) * COLUMN).toFixed(1);
      const y = MARGIN + (row + 0.75) * ROW;
      const weight = style === "strong" ? ' font-weight="bold"' : "";
      const length = `textLength="${(shown.length * COLUMN).toFixed(1)}"`;
      parts.push(`<text x="${x}" y="${y}" fill="${COLOURS[style]}"${weight} ${length}>${escapeText(shown)}</text>`);
    }
    column += text.length;
  }
  return parts.join("\n");
}

/** The picture of a frame. */
export function drawFrame(frame: Line[]): string {
  const columns = Math.max(...frame.map((line) => line.reduce((sum, { text }) => sum + text.length, 0)));
  const width = Math.ceil(2 * MARGIN + columns * COLUMN);
  const height = 2 * MARGIN + frame.length * ROW;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<rect width="${width}" height="${height}" rx="8" fill="#1b2029"/>`,
    `<g font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="${FONT_SIZE}">`,
    ...frame.map(lineText).filter((text) => text !== ""),
    "</g>",
    "</svg>",
    "",
  ].join("\n");
}
