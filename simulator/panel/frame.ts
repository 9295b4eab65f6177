// A frame of text for a terminal or a picture: lines of spans, each span with the meaning of its colour. One letter is one
// column; what is not plain ASCII in a frame is only what the panel itself draws.

import type { Colors } from "picocolors/types";

/** What a span is, which decides its colour. */
export type Style = "plain" | "strong" | "faint" | "good" | "busy" | "alarm" | "sent" | "received";

export interface Span {
  text: string;
  style: Style;
}

export type Line = Span[];

export function span(text: string, style: Style = "plain"): Span {
  return { text, style };
}

function lengthOf(line: Line): number {
  return line.reduce((sum, { text }) => sum + text.length, 0);
}

/** A line of exactly `width` columns: filled with blanks, or cut with an ellipsis. */
export function fitLine(line: Line, width: number): Line {
  const length = lengthOf(line);
  if (length <= width) {
    return [...line, span(" ".repeat(width - length))];
  }
  const fitted: Line = [];
  let room = width - 1;
  for (const { text, style } of line) {
    if (room > 0) {
      fitted.push({ text: text.slice(0, room), style });
      room -= Math.min(room, text.length);
    }
  }
  return [...fitted, span("…", "faint")];
}

/** Lines in a box with a title, `width` columns and `height` lines in all; lines that do not fit are left out. */
export function box(title: string, lines: Line[], width: number, height: number): Line[] {
  const inner = width - 4;
  const rows = Array.from({ length: height - 2 }, (_, index) => lines[index] ?? []);
  const rule = "─".repeat(Math.max(0, width - title.length - 5));
  return [
    [span("╭─ ", "faint"), span(title, "strong"), span(` ${rule}╮`, "faint")],
    ...rows.map((line) => [span("│ ", "faint"), ...fitLine(line, inner), span(" │", "faint")]),
    [span(`╰${"─".repeat(width - 2)}╯`, "faint")],
  ];
}

/** Two blocks of the same height side by side. */
export function beside(left: Line[], right: Line[]): Line[] {
  return left.map((line, index) => [...line, ...right[index]]);
}

/** The frame with the colours of a terminal. */
export function colourFrame(frame: Line[], colors: Colors): string {
  const paint: Record<Style, (text: string) => string> = {
    plain: (text) => text,
    strong: colors.bold,
    faint: colors.dim,
    good: colors.green,
    busy: colors.yellow,
    alarm: colors.red,
    sent: colors.cyan,
    received: colors.magenta,
  };
  return frame.map((line) => line.map(({ text, style }) => paint[style](text)).join("")).join("\n");
}
