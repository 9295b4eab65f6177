// Tones: exact frequencies, right levels, the cadences, and no clicks.

import { levelOf, peakOf } from "../../firmware/audio/level";
import { PHASE_MASK, phaseStep, SINE, SINE_CREST } from "../../firmware/audio/sine";
import { createToneMeter, measureTone, readToneMeter, tuneToneMeter } from "../../firmware/audio/tone-meter";
import {
  addTone,
  createToneGenerator,
  fillTone,
  startSine,
  startTone,
  stopTone,
  TONE_AMPLITUDE,
  Tone,
  toneIsOver,
} from "../../firmware/audio/tones";
import { createSamples, type Samples } from "../../firmware/bytes/bytes";
import { describe, equal, isTrue, it } from "../harness";

function largestStep(samples: Samples, count: number, before: number): number {
  let largest = 0;
  let last = before;
  for (let index = 0; index < count; index += 1) {
    const step = samples[index] < last ? last - samples[index] : samples[index] - last;
    largest = step > largest ? step : largest;
    last = samples[index];
  }
  return largest;
}

/** Plays a tone in frames of 10 ms: one letter each, "#" for a sounding one, "." for a silent one. */
function cadenceOf(tone: Tone, frames: number): string {
  const generator = createToneGenerator();
  const samples = createSamples(80);
  const letters: string[] = [];
  startTone(generator, tone);
  for (let frame = 0; frame < frames; frame += 1) {
    fillTone(generator, samples, 0, 80);
    letters.push(peakOf(samples, 40, 40) > 3000 ? "#" : ".");
  }
  return letters.join("");
}

function letters(parts: (string | number)[]): string {
  const text: string[] = [];
  for (let index = 0; index < parts.length; index += 2) {
    for (let times = parts[index + 1] as number; times > 0; times -= 1) {
      text.push(parts[index] as string);
    }
  }
  return text.join("");
}

describe("sine", () => {
  it("is a sine: by its quarters, its length and its double angle", () => {
    equal(SINE[0], 0);
    equal(SINE[256], SINE_CREST);
    equal(SINE[512], 0);
    equal(SINE[768], 0 - SINE_CREST);
    for (let step = 0; step < 1024; step += 1) {
      const sine = SINE[step];
      const cosine = SINE[(step + 256) & 1023];
      const error = sine * sine + cosine * cosine - SINE_CREST * SINE_CREST;
      isTrue(error < 12000 && error > -12000, `length at ${step}: ${error}`);
      const double = 2 * sine * cosine - SINE_CREST * SINE[(2 * step) & 1023];
      isTrue(double < 12000 && double > -12000, `double angle at ${step}: ${double}`);
    }
  });

  it("comes back to its phase after a second, within 0.03 % of a wave", () => {
    for (const hertz of [1, 20, 125, 300, 425, 697, 1000, 1633, 3999]) {
      const step = phaseStep(hertz);
      let phase = 0;
      let waves = 0;
      for (let sample = 0; sample < 8000; sample += 1) {
        phase += step;
        if (phase > PHASE_MASK) {
          phase -= PHASE_MASK + 1;
          waves += 1;
        }
      }
      const error = phase > 8388608 ? PHASE_MASK + 1 - phase : phase;
      equal(phase > 8388608 ? waves + 1 : waves, hertz, "waves in a second");
      isTrue(error <= 4000, `${hertz} Hz: off by ${error} of 2^24`);
    }
  });
});

describe("tone generator", () => {
  it("gives a sine of the frequency and amplitude asked for, and nothing beside it", () => {
    const generator = createToneGenerator();
    const samples = createSamples(480);
    for (const hertz of [300, 1000, 2500]) {
      startSine(generator, hertz, 16384);
      fillTone(generator, samples, 0, 160);
      fillTone(generator, samples, 0, 480);
      const peak = peakOf(samples, 0, 480);
      isTrue(peak <= 16384 && peak > 15500, `crest ${peak}`);
      let crossings = 0;
      for (let index = 1; index < 480; index += 1) {
        crossings += samples[index - 1] < 0 && samples[index] >= 0 ? 1 : 0;
      }
      const waves = (hertz * 60) / 1000;
      isTrue(crossings >= waves - 1 && crossings <= waves + 1, `${hertz} Hz: ${crossings} waves in 60 ms`);
      const meter = createToneMeter(hertz);
      measureTone(meter, samples, 0, 480);
      const level = readToneMeter(meter);
      isTrue(level >= -92 && level <= -88, `level ${level}`);
      tuneToneMeter(meter, hertz + 200);
      measureTone(meter, samples, 0, 480);
      isTrue(readToneMeter(meter) < level - 400, "200 Hz beside it");
    }
  });

  it("is silent at first, after it was stopped and while it plays silence", () => {
    const generator = createToneGenerator();
    const samples = createSamples(160);
    isTrue(toneIsOver(generator), "at first");
    samples[7] = 99;
    fillTone(generator, samples, 0, 160);
    equal(peakOf(samples, 0, 160), 0);
    startSine(generator, 1000, 10000);
    fillTone(generator, samples, 0, 160);
    isTrue(!toneIsOver(generator), "playing");
    stopTone(generator);
    fillTone(generator, samples, 0, 160);
    equal(peakOf(samples, 32, 128), 0, "4 ms later");
    isTrue(toneIsOver(generator), "stopped");
  });

  it("plays ring-back and busy with the cadence of E.180, for ever", () => {
    equal(cadenceOf(Tone.RING_BACK, 700), letters(["#", 100, ".", 400, "#", 100, ".", 100]), "ring-back");
    equal(cadenceOf(Tone.BUSY, 230), letters(["#", 50, ".", 50, "#", 50, ".", 50, "#", 30]), "busy");
    equal(cadenceOf(Tone.SILENCE, 5), ".....", "silence");
  });

  it("plays error, door-open and call-ending once", () => {
    equal(cadenceOf(Tone.ERROR, 120), letters(["#", 15, ".", 10, "#", 15, ".", 10, "#", 30, ".", 40]), "error");
    equal(cadenceOf(Tone.DOOR_OPEN, 60), letters(["#", 48, ".", 12]), "door open");
    equal(cadenceOf(Tone.CALL_ENDING, 60), letters(["#", 25, ".", 35]), "call ending");
    const generator = createToneGenerator();
    const samples = createSamples(160);
    startTone(generator, Tone.CALL_ENDING);
    for (let frame = 0; frame < 12; frame += 1) {
      fillTone(generator, samples, 0, 160);
      isTrue(!toneIsOver(generator), `frame ${frame}`);
    }
    fillTone(generator, samples, 0, 160);
    fillTone(generator, samples, 0, 160);
    isTrue(toneIsOver(generator), "after 280 ms");
  });

  it("plays ring-back at 425 Hz and -10 dBm0", () => {
    const generator = createToneGenerator();
    const samples = createSamples(480);
    startTone(generator, Tone.RING_BACK);
    fillTone(generator, samples, 0, 160);
    fillTone(generator, samples, 0, 480);
    const meter = createToneMeter(425);
    measureTone(meter, samples, 0, 480);
    const level = readToneMeter(meter);
    // 0 dBm0 is a sine 3.17 dB below overload: -6.18 dBov.
    isTrue(level >= -164 && level <= -160, `level ${level}`);
  });

  it("does not click: it fades in, out, and from tone to tone", () => {
    const generator = createToneGenerator();
    const samples = createSamples(157); // no multiple of the waves: stops meet every phase
    // A sine of crest a and frequency f moves by at most a · 2π · f / 8000 a sample; the fade adds a / 32.
    const most = (((TONE_AMPLITUDE * 334) / 1000) | 0) + 225 + 10;
    let before = 0;
    let frames = 0;
    for (const tone of [Tone.RING_BACK, Tone.SILENCE, Tone.BUSY, Tone.RING_BACK, Tone.ERROR, Tone.SILENCE]) {
      startTone(generator, tone);
      for (let frame = 0; frame < 60; frame += 1) {
        fillTone(generator, samples, 0, 157);
        isTrue(largestStep(samples, 157, before) <= most, `tone ${tone} frame ${frame}`);
        before = samples[156];
        frames += 1;
      }
    }
    equal(frames, 360);
  });

  it("adds to what is there and clips the sum", () => {
    const generator = createToneGenerator();
    const plain = createSamples(160);
    startSine(generator, 1000, 20000);
    fillTone(generator, plain, 0, 160);
    fillTone(generator, plain, 0, 160);
    const samples = createSamples(162);
    for (let index = 0; index < 162; index += 1) {
      samples[index] = index < 80 ? 20000 : -20000;
    }
    startSine(generator, 1000, 20000);
    addTone(generator, samples, 1, 160);
    equal(samples[0], 20000, "before");
    equal(samples[161], -20000, "behind");
    for (let index = 0; index < 160; index += 1) {
      const sum = plain[index] + (index < 79 ? 20000 : -20000);
      equal(samples[index + 1], sum > 32767 ? 32767 : sum < -32768 ? -32768 : sum, `sample ${index}`);
    }
  });

  it("has the level of its amplitude", () => {
    const generator = createToneGenerator();
    const samples = createSamples(160);
    startSine(generator, 1000, 3277);
    fillTone(generator, samples, 0, 160);
    fillTone(generator, samples, 0, 160);
    const level = levelOf(samples, 0, 160);
    isTrue(level >= -232 && level <= -228, `20 dB below a full sine: ${level}`);
  });
});
