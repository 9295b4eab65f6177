// Concealment by what one would hear: a tone goes on at its level with no click, a long loss fades to silence by 60 ms, and
// the stream that comes back is blended in.

import {
  CONCEALMENT_DELAY,
  concealGoodFrame,
  concealLostFrame,
  createConcealment,
  resetConcealment,
} from "../../firmware/audio/concealment";
import { SILENCE_LEVEL } from "../../firmware/audio/decibel";
import { levelOf, peakOf } from "../../firmware/audio/level";
import { addTone, createToneGenerator, fillTone, startSine } from "../../firmware/audio/tones";
import { createSamples, type Samples } from "../../firmware/bytes/bytes";
import { describe, equal, isTrue, it, itSlow } from "../harness";

const FRAME = 160;
const LOST_FRAME = 10;
const FRAMES = 14;

/** A sine of crest 8,000 and one an octave and a bit above it, half as high; with `second` 0 the first alone. */
function createSignal(first: number, second: number): Samples {
  const signal = createSamples(FRAME * FRAMES);
  const generator = createToneGenerator();
  startSine(generator, first, 8000);
  fillTone(generator, signal, 0, signal.length);
  if (second > 0) {
    const other = createToneGenerator();
    startSine(other, second, 4000);
    addTone(other, signal, 0, signal.length);
  }
  return signal;
}

/**
 * Sends a signal through the concealment in frames of `frame` samples, `losses` of them missing from `lostAt` on. What is
 * heard is set back by the delay, so that it lies beside the signal; its last samples are lost to that.
 */
function transmit(signal: Samples, frame: number, lostAt: number, losses: number): Samples {
  const concealment = createConcealment();
  const heard = createSamples(signal.length);
  for (let index = 0; index * frame < signal.length; index += 1) {
    const start = index * frame;
    if (index >= lostAt && index < lostAt + losses) {
      concealLostFrame(concealment, heard, start, frame);
    } else {
      for (let at = start; at < start + frame; at += 1) {
        heard[at] = signal[at];
      }
      concealGoodFrame(concealment, heard, start, frame);
    }
  }
  return setBack(heard);
}

function setBack(heard: Samples): Samples {
  for (let index = 0; index + CONCEALMENT_DELAY < heard.length; index += 1) {
    heard[index] = heard[index + CONCEALMENT_DELAY];
  }
  return heard;
}

function largestStep(samples: Samples, start: number, end: number): number {
  let largest = 0;
  for (let index = start + 1; index < end; index += 1) {
    const step = samples[index] - samples[index - 1];
    largest = step > largest ? step : 0 - step > largest ? 0 - step : largest;
  }
  return largest;
}

describe("concealment", () => {
  it("leaves a stream without loss as it is, 3.75 ms later (I.2.1)", () => {
    equal(CONCEALMENT_DELAY, 30);
    const signal = createSignal(440, 1000);
    const heard = transmit(signal, FRAME, FRAMES, 0);
    for (let index = 0; index < signal.length - CONCEALMENT_DELAY; index += 1) {
      equal(heard[index], signal[index], `sample ${index}`);
    }
  });

  it("goes on with a tone at its level, within 1.5 dB over the first 10 ms, when a frame is lost", () => {
    for (const hertz of [150, 220, 300, 440, 697, 1000, 1333, 1633, 2000, 2667, 3100]) {
      const signal = createSignal(hertz, 0);
      const heard = transmit(signal, FRAME, LOST_FRAME, 1);
      const start = LOST_FRAME * FRAME;
      for (const [from, count, within] of [
        [start, 80, 15],
        [start + 80, 80, 30],
        [start + 160, 80, 30],
        [start + 240, 80, 2],
      ]) {
        const difference = levelOf(heard, from, count) - levelOf(signal, from, count);
        isTrue(
          difference >= 0 - within && difference <= within,
          `${hertz} Hz: ${difference} tenths of dB at ${from - start}`,
        );
      }
    }
  });

  itSlow("makes no click: no step is a quarter larger than those of the signal", () => {
    for (const hertz of [150, 220, 300, 440, 697, 1000, 1333, 1633, 2000, 2667, 3100]) {
      for (const second of [0, 230]) {
        const signal = createSignal(hertz, second);
        const natural = largestStep(signal, 0, signal.length);
        const heard = transmit(signal, FRAME, LOST_FRAME, 1);
        const largest = largestStep(heard, (LOST_FRAME - 1) * FRAME, (LOST_FRAME + 2) * FRAME);
        isTrue(largest * 4 <= natural * 5, `${hertz} + ${second} Hz: a step of ${largest}, natural ones ${natural}`);
      }
    }
  });

  it("leads over where no cycle fits, as in a hum slower than the longest pitch (I.2.2)", () => {
    for (const hertz of [35, 42, 50, 57]) {
      const signal = createSignal(hertz, 0);
      const natural = largestStep(signal, 0, signal.length);
      const heard = transmit(signal, FRAME, LOST_FRAME, 1);
      const largest = largestStep(heard, (LOST_FRAME - 1) * FRAME, (LOST_FRAME + 2) * FRAME);
      isTrue(largest <= natural + 600, `${hertz} Hz: a step of ${largest}, natural ones ${natural}`);
    }
  });

  it("follows the signal itself: a voiced sound comes back nearly as it was", () => {
    // 125 Hz and its octaves, as of a voice, have a pitch of 64 samples.
    const signal = createSignal(125, 250);
    const heard = transmit(signal, FRAME, LOST_FRAME, 1);
    const error = createSamples(80);
    for (let index = 0; index < 80; index += 1) {
      error[index] = heard[LOST_FRAME * FRAME + index] - signal[LOST_FRAME * FRAME + index];
    }
    isTrue(levelOf(error, 0, 80) < levelOf(signal, 0, 480) - 300, "error 30 dB below it over 10 ms");
  });

  it("repeats one cycle for 10 ms, two from then on and three from 20 ms on (I.2.4, I.2.5)", () => {
    // A voice of 50 samples a cycle whose last three cycles have the heights 1, 2 and 3.
    const signal = createSamples(FRAME * FRAMES);
    const begin = LOST_FRAME * FRAME;
    for (let index = 0; index < signal.length; index += 1) {
      const phase = (index + 500 * 50 - begin) % 50;
      const height = index < begin - 150 ? 1 : 3 - (((begin - 1 - index) / 50) | 0);
      signal[index] = phase < 10 ? height * 2000 : -height * 500;
    }
    const heard = transmit(signal, FRAME, LOST_FRAME, 2);
    const heights: number[] = [];
    for (let cycle = 0; cycle < 6; cycle += 1) {
      // Behind the overlaps, before the cycle's end; the fading is taken out.
      const at = cycle * 50 + 30;
      const gain = at < 80 ? 480 : 480 - ((((at - 80) * 6) / 5) | 0);
      const height = ((-heard[begin + at] * 480) / gain) | 0;
      heights.push(((height + 125) / 250) | 0);
    }
    // In halves: cycle 3 again and again would be 6 6 6 6 6 6.
    isTrue(heights[0] === 6, `the first is the last that came: ${heights.join(" ")}`);
    let others = 0;
    for (let cycle = 2; cycle < 6; cycle += 1) {
      others += heights[cycle] === 4 || heights[cycle] === 2 ? 1 : 0;
    }
    isTrue(others >= 2, `older cycles come in: ${heights.join(" ")}`);
  });

  it("overlaps what comes back for longer the longer the loss was (I.2.7)", () => {
    // Silence is lost before a square: what is heard rises to it over the overlap.
    const rises: number[] = [];
    for (const losses of [1, 2, 3, 4, 7]) {
      const signal = createSamples(80 * 30);
      for (let index = 80 * (10 + losses); index < signal.length; index += 1) {
        signal[index] = 8000;
      }
      const heard = transmit(signal, 80, 10, losses);
      let rise = 0;
      while (heard[80 * (10 + losses) + rise] < 8000) {
        rise += 1;
      }
      rises.push(rise + 1);
    }
    // A quarter of the shortest pitch, 4 ms more for each further 10 ms, and at most 10 ms.
    equal(rises.join(" "), "10 42 74 80 80");
  });

  it("fades a long loss by 20 % in 10 ms from 10 ms on, and is silent from 60 ms on (I.2.6)", () => {
    const signal = createSignal(440, 0);
    const heard = transmit(signal, FRAME, 4, 6);
    const start = 4 * FRAME;
    const whole = levelOf(signal, start, 80);
    let before = 0;
    for (let part = 0; part < 6; part += 1) {
      const level = levelOf(heard, start + part * 80, 80);
      isTrue(level <= before, `quieter in part ${part}`);
      before = level + 5;
    }
    isTrue(levelOf(heard, start, 80) > whole - 15, "whole for 10 ms");
    const faded = levelOf(heard, start + 160, 80) - whole;
    isTrue(faded >= -41 && faded <= -21, `3.1 dB down at 25 ms: ${faded}`);
    isTrue(levelOf(heard, start + 240, 80) > whole - 90, "still heard at 35 ms");
    isTrue(levelOf(heard, start + 400, 80) < whole - 140, "faint at 50 ms");
    equal(levelOf(heard, start + 480, 480), SILENCE_LEVEL, "silent from 60 ms on");
    isTrue(levelOf(heard, start + 6 * FRAME + 80, 80) > whole - 2, "there again 10 ms after it came back");
  });

  it("fades the stream in that comes after a long loss", () => {
    const signal = createSignal(1000, 0);
    const heard = transmit(signal, FRAME, 4, 5);
    const natural = largestStep(signal, 0, signal.length);
    isTrue(largestStep(heard, 8 * FRAME, 11 * FRAME) <= natural + 200, "no click");
    isTrue(peakOf(heard, 9 * FRAME, 10) < 1500, "quiet at first");
  });

  it("works in frames of 10, 20, 30 and 60 ms", () => {
    const signal = createSignal(440, 0);
    for (const frame of [80, 160, 320]) {
      const lostAt = (1280 / frame) | 0;
      const heard = transmit(signal, frame, lostAt, 1);
      const difference = levelOf(heard, 1280, 80) - levelOf(signal, 1280, 80);
      isTrue(difference > -15 && difference < 15, `${frame} samples: ${difference}`);
    }
  });

  it("stays in range and ends silent for noise at full scale", () => {
    const signal = createSamples(FRAME * FRAMES);
    let state = 5;
    for (let index = 0; index < signal.length; index += 1) {
      state = (state * 1366 + 150889) % 714025;
      signal[index] = state % 7 < 3 ? 32767 : -32768;
    }
    const heard = transmit(signal, FRAME, 5, 4);
    isTrue(levelOf(heard, 5 * FRAME, 80) > -15, "as loud as before");
    equal(levelOf(heard, 8 * FRAME, 160), SILENCE_LEVEL, "silent");
  });

  it("is silent when nothing came before, and after it was reset", () => {
    const concealment = createConcealment();
    const samples = createSignal(440, 0);
    const frame = createSamples(FRAME);
    concealLostFrame(concealment, frame, 0, FRAME);
    equal(levelOf(frame, 0, FRAME), SILENCE_LEVEL, "at first");
    concealGoodFrame(concealment, samples, FRAME, FRAME);
    concealGoodFrame(concealment, samples, 2 * FRAME, FRAME);
    concealLostFrame(concealment, frame, 0, FRAME);
    isTrue(levelOf(frame, 0, FRAME) > -400, "then not");
    resetConcealment(concealment);
    concealLostFrame(concealment, frame, 0, FRAME);
    equal(levelOf(frame, 0, FRAME), SILENCE_LEVEL, "after the reset");
  });

  it("conceals a second loss soon after the first", () => {
    const signal = createSignal(300, 0);
    const concealment = createConcealment();
    const heard = createSamples(signal.length);
    for (let index = 0; index < FRAMES; index += 1) {
      const start = index * FRAME;
      if (index > 4 && index % 2 === 1) {
        concealLostFrame(concealment, heard, start, FRAME);
      } else {
        for (let at = start; at < start + FRAME; at += 1) {
          heard[at] = signal[at];
        }
        concealGoodFrame(concealment, heard, start, FRAME);
      }
    }
    setBack(heard);
    for (const index of [5, 7, 9, 11]) {
      const difference = levelOf(heard, index * FRAME, 80) - levelOf(signal, index * FRAME, 80);
      isTrue(difference > -25 && difference < 25, `frame ${index}: ${difference}`);
    }
  });
});
