// What a board's console says, in words for a person.

import { strictEqual } from "node:assert/strict";
import pc from "picocolors";
import { lineProse } from "../../../simulator/console/console-line";

const colors = pc.createColors(false);

describe("a line of a board's console", () => {
  it("is a sentence when it is an event, and itself when not", () => {
    const cases = [
      ["      1.234 registration 2 200", "      1.234 s  registered"],
      ["     12.001 button ignored 0 4", "     12.001 s  button 1 ignored: a call is on"],
      ["     12.001 released 1 0", "     12.001 s  door released: relay 2"],
      ["      0.032 network: link", "      0.032 s  network: link"],
      ["      0.032 event 99 1 2", "      0.032 s  event 99 1 2"],
      ["no time", "no time"],
      ["", ""],
    ];
    for (const [line, prose] of cases) {
      strictEqual(lineProse(line, colors), prose);
    }
  });

  it("never steers the terminal", () => {
    strictEqual(lineProse("      0.032 a\u001b[31mb\u0007\u009bc", colors), "      0.032 s  a[31mbc");
  });

  it("is red when a person should look at it", () => {
    const loud = pc.createColors(true);
    const isRed = (line: string): boolean => lineProse(line, loud).includes(loud.red(line.slice(12)));
    strictEqual(isRed("      0.034 exception 4"), true);
    strictEqual(isRed("      0.034 slot 1: the program is damaged"), true);
    strictEqual(isRed("      0.034 network: link"), false);
  });
});
