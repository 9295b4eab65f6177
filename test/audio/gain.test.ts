// Gains: the factors of -30 … 20 dB, and what they do to samples, up to the ends of 16 bits.

import {
  applyGain,
  clearSamples,
  GAIN_MAXIMUM_DB,
  GAIN_MINIMUM_DB,
  gainOf,
  UNITY_GAIN,
} from "../../firmware/audio/gain";
import { createSamples, type Samples } from "../../firmware/bytes/bytes";
import { describe, equal, isTrue, it } from "../harness";

function samplesOf(values: number[]): Samples {
  const samples = createSamples(values.length);
  for (let index = 0; index < values.length; index += 1) {
    samples[index] = values[index];
  }
  return samples;
}

function listOf(samples: Samples): string {
  const values: string[] = [];
  for (let index = 0; index < samples.length; index += 1) {
    values.push(`${samples[index]}`);
  }
  return values.join(" ");
}

describe("gain", () => {
  it("is a factor in Q8", () => {
    const cases: [number, number][] = [
      [-30, 8],
      [-20, 26],
      [-12, 64],
      [-10, 81],
      [-6, 128],
      [-3, 181],
      [-1, 228],
      [0, UNITY_GAIN],
      [1, 287],
      [3, 362],
      [6, 511],
      [10, 810],
      [12, 1019],
      [20, 2560],
    ];
    for (const [decibels, factor] of cases) {
      equal(gainOf(decibels), factor, `${decibels} dB`);
    }
  });

  it("grows by 1.122 a decibel, but for rounding", () => {
    for (let decibels = GAIN_MINIMUM_DB; decibels < GAIN_MAXIMUM_DB; decibels += 1) {
      const difference = gainOf(decibels + 1) * 1000 - gainOf(decibels) * 1122;
      isTrue(difference > -1150 && difference < 1150, `${decibels} dB`);
    }
  });

  it("is that of the nearest end outside its range", () => {
    equal(gainOf(-31), gainOf(-30));
    equal(gainOf(-1000), gainOf(-30));
    equal(gainOf(21), gainOf(20));
    equal(gainOf(1000), gainOf(20));
  });

  it("multiplies the samples asked for, and no others", () => {
    const samples = samplesOf([1000, 1000, -1000, 7, 1000]);
    applyGain(samples, 1, 3, gainOf(20));
    equal(listOf(samples), "1000 10000 -10000 70 1000");
    applyGain(samples, 0, 0, gainOf(20));
    equal(listOf(samples), "1000 10000 -10000 70 1000", "none");
  });

  it("changes nothing at 0 dB", () => {
    const samples = samplesOf([-32768, -1, 0, 1, 32767]);
    applyGain(samples, 0, 5, gainOf(0));
    equal(listOf(samples), "-32768 -1 0 1 32767");
  });

  it("clips at both ends of 16 bits", () => {
    const samples = samplesOf([32767, 3277, 3276, -3276, -3277, -32768]);
    applyGain(samples, 0, 6, gainOf(20));
    equal(listOf(samples), "32767 32767 32760 -32760 -32768 -32768");
  });

  it("rounds down when it makes samples smaller", () => {
    const samples = samplesOf([32767, 3, 1, -1, -3, -32768]);
    applyGain(samples, 0, 6, gainOf(-6));
    equal(listOf(samples), "16383 1 0 -1 -2 -16384");
  });

  it("makes the samples asked for silent, and no others", () => {
    const samples = samplesOf([-32768, -1, 7, 32767]);
    clearSamples(samples, 1, 2);
    equal(listOf(samples), "-32768 0 0 32767");
    clearSamples(samples, 3, 0);
    equal(listOf(samples), "-32768 0 0 32767", "none");
  });

  it("makes silence of everything when it is nothing", () => {
    const samples = samplesOf([-32768, -1, 1, 32767]);
    applyGain(samples, 0, 4, 0);
    equal(listOf(samples), "0 0 0 0");
  });
});
