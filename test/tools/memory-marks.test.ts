// What a board says that it touched of its memories, against what it may touch.

import { deepStrictEqual, match, throws } from "node:assert/strict";
import { budgetLines } from "../../tools/native/memory-budget";
import { marksBudgets, readMarks } from "../../tools/native/memory-marks";

/** As boards/mps2-an386/main.c and hal/native/memory_report.c write it. */
function report({ inUse = 110_360, most = 125_456, stack = 1_724, untouched = 28_436 } = {}): string {
  return [
    "     12.345 flash: shell 167432 of 184320 octets, program partition 249856",
    `     12.345 ram: 249512 of 262144 octets laid out, ${untouched} never touched; stack ${stack} of 8192 ever used`,
    "     12.345 ethernet: 0 frames dropped",
    `     12.346 memory: ${inUse} of 135168 octets in use, at most ${most}; buffers 76344 of 76800`,
    "     12.346 allocated since boot: 170 KiB",
  ].join("\n");
}

const linesOf = (text: string): string => budgetLines("after a call", marksBudgets(readMarks(text))).join("\n");

describe("tools/native/memory-marks", () => {
  it("reads a board's report", () => {
    deepStrictEqual(readMarks(report()), {
      ...{ inUse: 110_360, most: 125_456, room: 135_168, allocated: 170 },
      ...{ stack: 1_724, stackRoom: 8_192, ram: 262_144, untouched: 28_436 },
    });
  });

  it("holds each against its budget: a tenth of the RAM, a quarter of the stack and a twentieth of the VM's room stay free", () => {
    match(linesOf(report()), /RAM touched +233,708 +235,929 +within/);
    match(linesOf(report({ most: 128_409, stack: 6_144, untouched: 26_215 })), /RAM touched +235,929 +235,929 +within/);
    throws(() => linesOf(report({ untouched: 26_214 })), /over its budget:[\s\S]*RAM touched +235,930 +235,929 +OVER/);
    throws(() => linesOf(report({ stack: 6_148 })), /stack of C: the deepest +6,148 +6,144 +OVER/);
    throws(() => linesOf(report({ most: 128_410 })), /room: the most +128,410 +128,409 +OVER/);
    throws(() => linesOf(report({ inUse: 135_169 })), /room: in use +135,169 +135,168 +OVER/);
  });

  it("says which line a report lacks", () => {
    throws(() => readMarks(report().replace(/^.*ram: .*$/m, "")), /^RangeError: the report has no line ram: /);
  });
});
