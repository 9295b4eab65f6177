// G.711 against a definition of its own: the segments of ITU-T G.711 (11/1988) tables 1a and 2a, with their decision values
// x(n), quantized values y(n) and character signals, searched value by value. Linear values of 16 bits stand in the
// Recommendation's units (14 bits µ-law, 13 bits A-law) left justified, as in the ITU-T G.191 tools; a negative value that
// is exactly a decision value belongs to the interval below it in magnitude, as in their one's complement arithmetic.

import { createG711, decodeG711, encodeG711, Law } from "../../firmware/audio/g711";
import { type Bytes, createBytes, createSamples } from "../../firmware/bytes/bytes";
import { describe, equal, it } from "../harness";
import { bytesOfHex, hexOf } from "../octets";

interface Segment {
  /** Number of intervals and their size, columns 2 of the tables. */
  intervals: number;
  size: number;
}

interface Definition {
  law: Law;
  name: string;
  /** 16-bit units in one of the table's. */
  unit: number;
  segments: Segment[];
  /** The character signal of the positive interval n as it goes on the line. */
  codeOf: (interval: number) => number;
}

const DEFINITIONS: Definition[] = [
  {
    law: Law.MU,
    name: "µ-law",
    unit: 4,
    segments: [
      { intervals: 1, size: 1 },
      { intervals: 15, size: 2 },
      { intervals: 16, size: 4 },
      { intervals: 16, size: 8 },
      { intervals: 16, size: 16 },
      { intervals: 16, size: 32 },
      { intervals: 16, size: 64 },
      { intervals: 16, size: 128 },
      { intervals: 16, size: 256 },
    ],
    // Table 2a, column 6: 1111 1111 counted down.
    codeOf: (interval) => 255 - interval,
  },
  {
    law: Law.A,
    name: "A-law",
    unit: 8,
    segments: [
      { intervals: 32, size: 2 },
      { intervals: 16, size: 4 },
      { intervals: 16, size: 8 },
      { intervals: 16, size: 16 },
      { intervals: 16, size: 32 },
      { intervals: 16, size: 64 },
      { intervals: 16, size: 128 },
    ],
    // Table 1a, column 6: 1000 0000 counted up, the even bits (2, 4, 6, 8) inverted.
    codeOf: (interval) => {
      let code = 0;
      let bit = 1;
      let rest = 128 + interval;
      for (let place = 0; place < 8; place += 1) {
        const set = rest % 2 === 1;
        if (place % 2 === 0 ? !set : set) {
          code += bit;
        }
        rest = (rest - (rest % 2)) / 2;
        bit *= 2;
      }
      return code;
    },
  },
];

/** x(0) … x(128), 16-bit units. The last is the virtual decision value. */
function decisionValues(definition: Definition): number[] {
  const values = [0];
  let value = 0;
  for (const segment of definition.segments) {
    for (let interval = 0; interval < segment.intervals; interval += 1) {
      value += segment.size * definition.unit;
      values.push(value);
    }
  }
  return values;
}

/** y(0) … y(127), 16-bit units: the middle of the interval, and 0 for the one around 0 of the µ-law (table 2a). */
function quantizedValues(definition: Definition): number[] {
  const decisions = decisionValues(definition);
  const values: number[] = [];
  for (let interval = 0; interval < 128; interval += 1) {
    values.push((decisions[interval] + decisions[interval + 1]) / 2);
  }
  if (definition.law === Law.MU) {
    values[0] = 0;
  }
  return values;
}

function encodeOne(law: Law, sample: number): number {
  const samples = createSamples(1);
  const bytes = createBytes(1);
  samples[0] = sample;
  encodeG711(g711, law, samples, 0, 1, bytes, 0);
  return bytes[0];
}

const g711 = createG711();

for (const definition of DEFINITIONS) {
  describe(`G.711 ${definition.name}`, () => {
    const decisions = decisionValues(definition);

    it("has 128 intervals of either sign, up to the virtual decision value", () => {
      equal(decisions.length, 129);
      equal(decisions[128], definition.law === Law.MU ? 8159 * 4 : 4096 * 8);
    });

    it("encodes all 65,536 samples to the code of their interval", () => {
      const samples = createSamples(256);
      const bytes = createBytes(256);
      const codes: number[] = [];
      for (let number = 0; number < 128; number += 1) {
        codes.push(definition.codeOf(number));
      }
      let interval = 0;
      // Magnitudes upwards: 0 … 32,767 for positive samples, 0 … 32,767 below -1 for negative ones.
      for (let first = 0; first < 32768; first += 128) {
        for (let index = 0; index < 128; index += 1) {
          samples[index] = first + index;
          samples[128 + index] = -1 - first - index;
        }
        encodeG711(g711, definition.law, samples, 0, 256, bytes, 0);
        for (let index = 0; index < 128; index += 1) {
          while (interval < 127 && first + index >= decisions[interval + 1]) {
            interval += 1;
          }
          if (bytes[index] !== codes[interval] || bytes[128 + index] !== codes[interval] - 128) {
            equal(bytes[index], codes[interval], `sample ${first + index}`);
            equal(bytes[128 + index], codes[interval] - 128, `sample ${-1 - first - index}`);
          }
        }
      }
      equal(interval, 127, "the last interval");
    });

    it("decodes all 256 codes to the quantized value of their interval", () => {
      const values = quantizedValues(definition);
      const bytes = createBytes(256);
      const samples = createSamples(256);
      for (let interval = 0; interval < 128; interval += 1) {
        bytes[interval] = definition.codeOf(interval);
        bytes[128 + interval] = definition.codeOf(interval) - 128;
      }
      decodeG711(g711, definition.law, bytes, 0, 256, samples, 0);
      for (let interval = 0; interval < 128; interval += 1) {
        equal(samples[interval], values[interval], `positive interval ${interval}`);
        equal(samples[128 + interval], 0 - values[interval], `negative interval ${interval}`);
      }
    });

    it("brings every code back through its sample, but for the negative zero of the µ-law", () => {
      const bytes = createBytes(256);
      const samples = createSamples(256);
      const again = createBytes(256);
      for (let code = 0; code < 256; code += 1) {
        bytes[code] = code;
      }
      decodeG711(g711, definition.law, bytes, 0, 256, samples, 0);
      encodeG711(g711, definition.law, samples, 0, 256, again, 0);
      for (let code = 0; code < 256; code += 1) {
        equal(again[code], definition.law === Law.MU && code === 0x7f ? 0xff : code, `code ${code}`);
      }
    });

    it("works on the stretch that it is given and leaves the rest", () => {
      const samples = createSamples(6);
      const bytes = createBytes(6);
      samples[2] = 1000;
      samples[3] = -1000;
      encodeG711(g711, definition.law, samples, 2, 2, bytes, 3);
      equal(bytes[2], 0, "before");
      equal(bytes[3], encodeOne(definition.law, 1000));
      equal(bytes[4], encodeOne(definition.law, -1000));
      equal(bytes[5], 0, "behind");
      const back = createSamples(6);
      decodeG711(g711, definition.law, bytes, 3, 2, back, 1);
      equal(back[0], 0, "before");
      equal(back[1] > 900 && back[1] < 1100, true, "positive");
      equal(back[2], 0 - back[1], "negative");
      equal(back[3], 0, "behind");
    });
  });
}

/** The mean square of the 8 samples that a sequence of G.711 tables 5 and 6 decodes to, in units of 16². */
function meanSquare(law: Law, codes: Bytes): number {
  const samples = createSamples(8);
  decodeG711(g711, law, codes, 0, 8, samples, 0);
  let sum = 0;
  for (let index = 0; index < 8; index += 1) {
    const sixteenth = (samples[index] - (samples[index] & 15)) / 16;
    sum += sixteenth * sixteenth;
  }
  return (sum / 8) | 0;
}

describe("G.711 check values", () => {
  it("gives the codes at the ends and around zero", () => {
    const samples = createSamples(8);
    const bytes = createBytes(8);
    // 124 and 128 are decision values: the interval begins there, and ends there on the negative side.
    const values = [0, -1, 32767, -32768, 124, -124, 128, -128];
    for (let index = 0; index < 8; index += 1) {
      samples[index] = values[index];
    }
    encodeG711(g711, Law.MU, samples, 0, 8, bytes, 0);
    equal(hexOf(bytes, 0, 8), "ff7f8000ef70ef6f", "µ-law");
    encodeG711(g711, Law.A, samples, 0, 8, bytes, 0);
    equal(hexOf(bytes, 0, 8), "d555aa2ad252dd52", "A-law");
  });

  it("decodes the 1 kHz sequences of tables 5 and 6 to a sine of 0 dBm0, 3.17 and 3.14 dB below overload", () => {
    // A sine 3.17 dB below 8,159 units of 14 bits, 3.14 dB below 4,096 of 13: crests of 22,657 and 22,827.
    const mu = meanSquare(Law.MU, bytesOfHex("1e0b0b1e9e8b8b9e"));
    equal(mu > 998000 && mu < 1009000, true, `µ-law ${mu}`);
    const a = meanSquare(Law.A, bytesOfHex("34212134b4a1a1b4"));
    equal(a > 1013000 && a < 1023000, true, `A-law ${a}`);
  });
});
