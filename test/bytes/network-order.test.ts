// Numbers in network order: the highest octet first.

import { createBytes } from "../../firmware/bytes/bytes";
import { numberAt, writeNumberAt } from "../../firmware/bytes/network-order";
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
});
