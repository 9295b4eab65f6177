// Audio on the desk: paced by the clock without drift, tones at the level and frequency asked for, meters that read them.

import assert from "node:assert/strict";
import { createSamples } from "../../firmware/bytes/bytes";
import { SILENCE_DBOV } from "../../hal/node/audio-format";
import { LevelMeter, type SampleSink } from "../../hal/node/level-meter";
import { PacedAudioIn, PacedAudioOut } from "../../hal/node/paced-audio";
import { createLoop, createSilence, createSine } from "../../hal/node/sample-source";
import { VirtualClock } from "../../hal/node/virtual-clock";

const FRAME = 160;

function near(actual: number, expected: number, tolerance: number): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected} ± ${tolerance}`);
}

function counting(): SampleSink & { count: number; loud: number } {
  return {
    count: 0,
    loud: 0,
    take(samples, count) {
      this.count += count;
      for (let index = 0; index < count; index += 1) {
        this.loud += samples[index] === 0 ? 0 : 1;
      }
    },
  };
}

describe("node/paced-audio in", () => {
  it("gives a frame for each 20 ms that passed, and none before", () => {
    const clock = new VirtualClock();
    const audio = new PacedAudioIn(clock, createSine(400, -20));
    const frame = createSamples(FRAME);
    assert.equal(audio.read(frame, FRAME), 0);
    audio.start();
    clock.run(19);
    assert.equal(audio.read(frame, FRAME), 0);
    clock.run(20);
    assert.equal(audio.read(frame, FRAME), FRAME);
    assert.equal(audio.read(frame, FRAME), 0);
    clock.run(60);
    assert.equal(audio.read(frame, FRAME), FRAME);
    assert.equal(audio.read(frame, FRAME), FRAME);
    assert.equal(audio.read(frame, FRAME), 0);
    audio.stop();
    clock.run(100);
    assert.equal(audio.read(frame, FRAME), 0);
  });

  it("does not drift when every poll comes late by another time", () => {
    const clock = new VirtualClock();
    const audio = new PacedAudioIn(clock, createSilence());
    const frame = createSamples(FRAME);
    audio.start();
    let frames = 0;
    const poll = (): void => {
      while (audio.read(frame, FRAME) > 0) {
        frames += 1;
      }
      clock.after(audio.untilReady() + (frames % 7) * 1.3, poll);
    };
    clock.after(0, poll);
    clock.run(3_600_000);
    near(frames, 180_000, 1);
    assert.equal(audio.lost, 0);
  });

  it("loses and counts what nobody took within 200 ms", () => {
    const clock = new VirtualClock();
    const audio = new PacedAudioIn(clock, createSilence());
    const frame = createSamples(FRAME);
    audio.start();
    clock.run(1000);
    let frames = 0;
    while (audio.read(frame, FRAME) > 0) {
      frames += 1;
    }
    assert.equal(frames, 10);
    assert.equal(audio.lost, 40 * FRAME);
  });

  it("says when the next frame is ready, also to a reader that leaves one there", () => {
    const clock = new VirtualClock();
    const audio = new PacedAudioIn(clock, createSilence());
    assert.equal(audio.untilReady(), Number.POSITIVE_INFINITY);
    audio.start();
    clock.run(5);
    assert.equal(audio.untilReady(), 15);
    clock.run(20);
    assert.equal(audio.untilReady(), 20);
  });
});

describe("node/paced-audio out", () => {
  it("takes three frames ahead of the clock and no more", () => {
    const clock = new VirtualClock();
    const sink = counting();
    const audio = new PacedAudioOut(clock, [sink]);
    const frame = createSamples(FRAME);
    assert.equal(audio.write(frame, FRAME), 0);
    audio.start();
    for (let count = 0; count < 3; count += 1) {
      assert.equal(audio.write(frame, FRAME), FRAME);
    }
    assert.equal(audio.write(frame, FRAME), 0);
    clock.run(20);
    assert.equal(audio.write(frame, FRAME), FRAME);
    assert.equal(audio.write(frame, FRAME), 0);
    assert.equal(sink.count, 4 * FRAME);
    assert.equal(audio.gaps, 0);
  });

  it("fills the time in which nothing came with silence, counted, so that a recording has the clock's length", () => {
    const clock = new VirtualClock();
    const sink = counting();
    const audio = new PacedAudioOut(clock, [sink]);
    const frame = createSamples(FRAME);
    for (let index = 0; index < FRAME; index += 1) {
      frame[index] = 1000;
    }
    audio.start();
    audio.write(frame, FRAME);
    clock.run(500);
    audio.write(frame, FRAME);
    assert.equal(audio.gaps, 500 * 8);
    assert.equal(sink.loud, 2 * FRAME);
    clock.run(1000);
    audio.stop();
    assert.equal(sink.count, 8000);
    assert.equal(audio.write(frame, FRAME), 0);
  });

  it("leaves no gap when frames come up to 20 ms late", () => {
    const clock = new VirtualClock();
    const audio = new PacedAudioOut(clock, []);
    const frame = createSamples(FRAME);
    audio.start();
    let count = 0;
    const poll = (): void => {
      audio.write(frame, FRAME);
      count += 1;
      clock.after(20 * (count + 1) - clock.elapsed() + (count % 5) * 5, poll);
    };
    clock.after(20, poll);
    clock.run(60_000);
    assert.equal(audio.gaps, 0);
  });
});

describe("node/sample-source and node/level-meter", () => {
  function meter(hertz: number, level: number): LevelMeter {
    const result = new LevelMeter();
    const source = createSine(hertz, level);
    const frame = createSamples(FRAME);
    for (let count = 0; count < 25; count += 1) {
      source.fill(frame, FRAME);
      result.take(frame, FRAME);
    }
    return result;
  }

  it("make and measure a tone at the same frequency and level", () => {
    for (const [hertz, level] of [
      [440, -20],
      [1000, -3.02],
      [3900, -10],
      [53.7, -30],
      [1004.4, -60],
    ]) {
      near(meter(hertz, level).levelAt(hertz), level, 0.2);
    }
    near(meter(440, -20).level(), -20, 0.05);
  });

  it("hear nothing at another frequency, 40 Hz away or far", () => {
    const heard = meter(440, -20);
    for (const hertz of [397.5, 482.5, 881, 1003, 3001]) {
      assert.ok(heard.levelAt(hertz) < -60, `${hertz} Hz: ${heard.levelAt(hertz)}`);
    }
  });

  it("read silence as -127 dBov, at first, after clearing and from a silent source", () => {
    const heard = meter(440, -20);
    heard.clear();
    assert.deepEqual([heard.level(), heard.levelAt(440), heard.heard], [SILENCE_DBOV, SILENCE_DBOV, 0]);
    const frame = createSamples(FRAME);
    frame[3] = 77;
    createSilence().fill(frame, FRAME);
    heard.take(frame, FRAME);
    assert.equal(heard.level(), SILENCE_DBOV);
  });

  it("forget a tone once its window has passed", () => {
    const heard = meter(440, -20);
    const frame = createSamples(FRAME);
    for (let count = 0; count < 10; count += 1) {
      heard.take(frame, FRAME);
    }
    assert.equal(heard.levelAt(440), SILENCE_DBOV);
  });

  it("refuse tones that cannot be", () => {
    for (const [hertz, level] of [
      [0, -20],
      [4000, -20],
      [Number.NaN, -20],
      [440, -3],
      [440, Number.NaN],
    ]) {
      assert.throws(() => createSine(hertz, level), RangeError);
    }
    assert.throws(() => createLoop(createSamples(0)), RangeError);
  });

  it("play a recording over and over without a seam", () => {
    const recording = createSamples(3);
    recording[0] = 1;
    recording[1] = 2;
    recording[2] = 3;
    const source = createLoop(recording);
    const frame = createSamples(5);
    source.fill(frame, 4);
    assert.deepEqual([...(frame as Int16Array)], [1, 2, 3, 1, 0]);
    source.fill(frame, 5);
    assert.deepEqual([...(frame as Int16Array)], [2, 3, 1, 2, 3]);
  });
});
