// Numbers in network order: the highest octet first.

import { createBytes } from "../../firmware/bytes/bytes";
import { numberAt, writeFourNumbersAt, writeNumberAt } from "../../firmware/bytes/network-order";
import { describe, equal, it } from "../harness";

const NUMBERS: [number, number, number][] = [
  [0, 0, 0],
  [1, 0, 1],
  [0xff, 0, 0xff],
  [0x100, 1, 0],
  [0x7fff, 0x7f, 0xff],
  [0x8000, 0x80, 0],
  [0xffff, 0xff, 0xff],
];

describe("network order", () => {
  for (const [number, high, low] of NUMBERS) {
    it(`has ${number} as ${high} ${low}, written and read`, () => {
      const bytes = createBytes(4);
      bytes[0] = 7;
      bytes[3] = 9;
      writeNumberAt(bytes, 1, number);
      equal(`${bytes[0]} ${bytes[1]} ${bytes[2]} ${bytes[3]}`, `7 ${high} ${low} 9`);
      equal(numberAt(bytes, 1), number);
    });
  }

  it("writes the low 16 bits of a number that has more", () => {
    const bytes = createBytes(2);
    writeNumberAt(bytes, 0, 0x5123456);
    equal(numberAt(bytes, 0), 0x3456);
    writeNumberAt(bytes, 0, -2);
    equal(numberAt(bytes, 0), 0xfffe);
  });

  it("writes four numbers, their low 16 bits, and nothing around them", () => {
    const bytes = createBytes(10);
    bytes[0] = 7;
    bytes[9] = 9;
    writeFourNumbersAt(bytes, 1, 0x8102, 0, 0x7ff0304, -2);
    equal(
      `${numberAt(bytes, 1)} ${numberAt(bytes, 3)} ${numberAt(bytes, 5)} ${numberAt(bytes, 7)}`,
      "33026 0 772 65534",
    );
    equal(`${bytes[0]} ${bytes[9]}`, "7 9");
  });
});
