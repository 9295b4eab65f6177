// WAV files: written and read back the same; other forms are refused with what they are and what is needed.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSamples } from "../../firmware/bytes/bytes";
import { LevelMeter } from "../../hal/node/level-meter";
import { createSine } from "../../hal/node/sample-source";
import { parseWav, readWav, WavRecorder } from "../../hal/node/wav";

interface Form {
  tag?: number;
  channels?: number;
  rate?: number;
  bits?: number;
  extensible?: boolean;
  data?: number[];
  dataLength?: number;
  before?: number[];
}

/** A WAV file of any form. */
function wav(form: Form): Uint8Array {
  const { tag = 1, channels = 1, rate = 8000, bits = 16, data = [], before = [] } = form;
  const two = (value: number): number[] => [value & 0xff, value >> 8];
  const four = (value: number): number[] => [...two(value & 0xffff), ...two(value >>> 16)];
  const text = (letters: string): number[] => [...letters].map((letter) => letter.charCodeAt(0));
  const common = [
    ...two(channels),
    ...four(rate),
    ...four((rate * channels * bits) / 8),
    ...two((channels * bits) / 8),
  ];
  const guid = [...two(22), ...two(bits), ...four(4), ...two(tag), ...new Array<number>(14).fill(0)];
  const format =
    form.extensible === true
      ? [...two(0xfffe), ...common, ...two(bits), ...guid]
      : [...two(tag), ...common, ...two(bits)];
  const body = [
    ...text("WAVE"),
    ...before,
    ...text("fmt "),
    ...four(format.length),
    ...format,
    ...text("data"),
    ...four(form.dataLength ?? data.length),
    ...data,
  ];
  return Uint8Array.from([...text("RIFF"), ...four(body.length), ...body]);
}

const samplesOf = (content: Uint8Array): number[] => [...(parseWav(content, "x.wav") as Int16Array)];

describe("node/wav", () => {
  let directory = "";

  before(() => {
    directory = mkdtempSync(join(tmpdir(), "doorline-"));
  });

  after(() => {
    rmSync(directory, { recursive: true });
  });

  it("reads back every sample that it recorded, also before it is closed", () => {
    const path = join(directory, "round.wav");
    const recorder = new WavRecorder(path);
    const frame = createSamples(160);
    const expected: number[] = [];
    let value = -32_768;
    for (let count = 0; count < 125; count += 1) {
      for (let index = 0; index < 160; index += 1) {
        frame[index] = value;
        expected.push(value);
        value = value + 331 > 32_767 ? -32_768 : value + 331;
      }
      recorder.take(frame, 160);
    }
    assert.equal(readWav(path).length, 16_000, "two whole seconds");
    recorder.close();
    recorder.close();
    recorder.take(frame, 160);
    assert.deepEqual([...(readWav(path) as Int16Array)], expected);
    assert.equal(readFileSync(path).length, 44 + 2 * expected.length);
  });

  it("reads linear, A-law, mu-law and extensible files, and skips other chunks", () => {
    assert.deepEqual(samplesOf(wav({ data: [0, 0, 1, 0, 255, 255, 0, 128] })), [0, 1, -1, -32_768]);
    assert.deepEqual(samplesOf(wav({ extensible: true, data: [2, 0] })), [2]);
    const list = [0x4c, 0x49, 0x53, 0x54, 3, 0, 0, 0, 1, 2, 3, 0];
    assert.deepEqual(samplesOf(wav({ before: list, data: [2, 0] })), [2]);
    // ITU-T G.711: the largest code of each law and the smallest value.
    assert.deepEqual(samplesOf(wav({ tag: 7, bits: 8, data: [0x80, 0x00, 0xff] })), [32_124, -32_124, 0]);
    assert.deepEqual(samplesOf(wav({ tag: 6, bits: 8, data: [0xaa, 0x2a, 0xd5] })), [32_256, -32_256, 8]);
  });

  it("reads as much as there is of a file whose length was never written", () => {
    assert.deepEqual(samplesOf(wav({ data: [1, 0, 2, 0], dataLength: 0xffffffff })), [1, 2]);
  });

  it("refuses other forms with the name of the file, what it is and what is needed", () => {
    const needed = "what is needed is a WAV file of 16-bit linear, A-law or mu-law samples, one channel, 8000 Hz";
    const table: [Uint8Array, string][] = [
      [wav({ rate: 44_100 }), "x.wav is 16-bit linear, one channel, 44100 Hz"],
      [wav({ channels: 2 }), "x.wav is 16-bit linear, 2 channels, 8000 Hz"],
      [wav({ bits: 24 }), "x.wav is 24-bit linear, one channel, 8000 Hz"],
      [wav({ tag: 3, bits: 32 }), "x.wav is 32-bit floating point, one channel, 8000 Hz"],
      [wav({ tag: 7, bits: 8, rate: 16_000 }), "x.wav is 8-bit mu-law, one channel, 16000 Hz"],
      [wav({ tag: 85, bits: 16 }), "x.wav is 16-bit format 85, one channel, 8000 Hz"],
      [new Uint8Array(0), "x.wav is no WAV file"],
      [Uint8Array.from(Buffer.from("OggS and so on")), "x.wav is no WAV file"],
      [wav({}).subarray(0, 36), "x.wav has no samples"],
    ];
    for (const [content, wrong] of table) {
      assert.throws(() => parseWav(content, "x.wav"), { message: `${wrong}; ${needed}` });
    }
  });

  it("does not fail otherwise, wherever a file is cut", () => {
    const whole = wav({ extensible: true, before: [0x4c, 0x49, 0x53, 0x54, 2, 0, 0, 0, 1, 2], data: [1, 0, 2, 0] });
    for (let length = 0; length < whole.length; length += 1) {
      try {
        parseWav(whole.subarray(0, length), "cut.wav");
      } catch (error) {
        assert.match(String(error), /^Error: cut\.wav (is|has) no (WAV file|samples)/);
      }
    }
  });

  it("keeps the level of a tone", () => {
    const path = join(directory, "tone.wav");
    const recorder = new WavRecorder(path);
    const tone = createSamples(1600);
    createSine(440, -20).fill(tone, 1600);
    recorder.take(tone, 1600);
    recorder.close();
    const meter = new LevelMeter();
    meter.take(readWav(path), 1600);
    assert.ok(Math.abs(meter.levelAt(440) + 20) < 0.1);
  });
});
