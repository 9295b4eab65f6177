// Levels in tenths of dBov, of a stretch of samples and of one frequency in it.

import { levelOfPower, logarithm, SILENCE_LEVEL } from "../../firmware/audio/decibel";
import { levelOf, peakOf } from "../../firmware/audio/level";
import { createToneMeter, METER_LONGEST, measureTone, readToneMeter } from "../../firmware/audio/tone-meter";
import { createToneGenerator, fillTone, startSine } from "../../firmware/audio/tones";
import { createSamples, type Samples } from "../../firmware/bytes/bytes";
import { describe, equal, isTrue, it } from "../harness";

function createSine(hertz: number, amplitude: number): Samples {
  const generator = createToneGenerator();
  const samples = createSamples(480);
  startSine(generator, hertz, amplitude);
  fillTone(generator, samples, 0, 80);
  fillTone(generator, samples, 0, 480);
  return samples;
}

function near(actual: number, expected: number, within: number, what: string): void {
  isTrue(actual >= expected - within && actual <= expected + within, `${what}: ${actual}, expected ${expected}`);
}

describe("logarithm", () => {
  it("is exact for powers of two", () => {
    let value = 1;
    for (let exponent = 0; exponent < 27; exponent += 1) {
      equal(logarithm(value), exponent * 256, `2^${exponent}`);
      value *= 2;
    }
  });

  it("grows with its argument and is right for known values", () => {
    let before = -1;
    for (let value = 1; value < 3000; value += 1) {
      const result = logarithm(value);
      isTrue(result >= before, `at ${value}`);
      before = result;
    }
    near(logarithm(3), 406, 1, "log2(3) = 1.58496");
    near(logarithm(10), 850, 1, "log2(10) = 3.32193");
    near(logarithm(1000000), 5102, 1, "log2(1,000,000) = 19.93157");
    near(logarithm(134217727), 6912, 1, "log2(2^27 - 1)");
  });

  it("becomes a level: 0 at overload, -10 dB a decade, silence at the end", () => {
    equal(levelOfPower(30 * 256), 0);
    equal(levelOfPower(31 * 256), 0, "never above 0");
    near(levelOfPower(30 * 256 - 850), -100, 0, "a tenth of the power");
    near(levelOfPower(0), -903, 0, "a sample of 1");
    equal(levelOfPower(-6000), SILENCE_LEVEL);
  });
});

describe("level", () => {
  it("is 0 for a full-scale square wave and silence for zeros", () => {
    const samples = createSamples(480);
    equal(levelOf(samples, 0, 480), SILENCE_LEVEL, "zeros");
    for (let index = 0; index < 480; index += 1) {
      samples[index] = index % 20 < 10 ? 32767 : -32768;
    }
    for (const count of [1, 80, 160, 240, 480]) {
      near(levelOf(samples, 0, count), 0, 1, `${count} samples`);
    }
    equal(peakOf(samples, 0, 480), 32768);
  });

  it("is -3 dBov for a full-scale sine, and follows its amplitude down to 30", () => {
    near(levelOf(createSine(1000, 32767), 0, 480), -30, 1, "full scale");
    let amplitude = 16384;
    let expected = -903;
    while (amplitude >= 32) {
      for (const count of [80, 160, 480]) {
        near(levelOf(createSine(1000, amplitude), 0, count) * 10, expected, 20, `amplitude ${amplitude}`);
      }
      amplitude = (amplitude / 2) | 0;
      expected -= 602;
    }
  });

  it("counts a single small sample", () => {
    const samples = createSamples(160);
    samples[80] = 1;
    // -90.3 dBov, and 1 of 160: -22.0 dB
    near(levelOf(samples, 0, 160), -1123, 2, "one sample of 1");
    samples[80] = 32767;
    near(levelOf(samples, 0, 160), -220, 2, "one sample of 32767");
    near(levelOf(samples, 0, 80), SILENCE_LEVEL, 0, "without it");
  });
});

describe("tone meter", () => {
  it("reads the level of its frequency within 0.2 dB over whole waves, from 160 samples on", () => {
    for (const hertz of [350, 1000, 1650, 3000]) {
      const meter = createToneMeter(hertz);
      let expected = -903;
      for (let amplitude = 16384; amplitude > 100; amplitude = (amplitude / 2) | 0) {
        const samples = createSine(hertz, amplitude);
        for (const count of [160, 320, 480]) {
          measureTone(meter, samples, 0, count);
          near(readToneMeter(meter) * 10, expected, 20, `${hertz} Hz, amplitude ${amplitude}, ${count} samples`);
        }
        expected -= 602;
      }
    }
  });

  it("gathers frame by frame up to its longest measurement and leaves out the rest", () => {
    const generator = createToneGenerator();
    const samples = createSamples(160);
    const meter = createToneMeter(1000);
    startSine(generator, 1000, 32767);
    fillTone(generator, samples, 0, 160);
    for (let frame = 0; frame < 50; frame += 1) {
      fillTone(generator, samples, 0, 160);
      measureTone(meter, samples, 0, 160);
      equal(meter.count, (frame + 1) * 160 < METER_LONGEST ? (frame + 1) * 160 : METER_LONGEST);
    }
    near(readToneMeter(meter), -30, 2, "level");
    equal(readToneMeter(meter), SILENCE_LEVEL, "nothing since");
  });

  it("tells its frequency from others and from noise", () => {
    const meter = createToneMeter(1000);
    for (const hertz of [500, 700, 1300, 2000, 3000]) {
      measureTone(meter, createSine(hertz, 32767), 0, 480);
      isTrue(readToneMeter(meter) < -400, `${hertz} Hz is not heard`);
    }
    const samples = createSine(1000, 1000);
    let state = 1;
    for (let index = 0; index < 480; index += 1) {
      state = (state * 1366 + 150889) % 714025;
      samples[index] = samples[index] + (state % 2001) - 1000;
    }
    measureTone(meter, samples, 0, 480);
    near(readToneMeter(meter), -333, 10, "a sine of amplitude 1000 under noise");
  });
});
