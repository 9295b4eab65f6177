import type { Samples } from "../../firmware/bytes/bytes";
import { createSamples } from "../../firmware/bytes/bytes";
import type { AudioIn, AudioOut } from "../../hal/audio";
import { type AudioCodec, CodecState, CodecStatus } from "../../hal/codec";
import { createCodec } from "../../hal/codecs/codec";
import { type CodecAudio, createCodecAudio, pollCodecAudio } from "../../hal/codecs/codec-audio";
import { ES8311, ES8311_ADDRESS } from "../../hal/codecs/es8311";
import { createAmplifier } from "../../hal/codecs/none";
import type { Digital } from "../../hal/digital";
import { describe, equal, isTrue, it } from "../harness";
import { ES8311_MODEL } from "./es8311-model";
import { createSimulatedChip, type SimulatedChip } from "./simulated-chip";

/** The board's I2S: whether it runs, and what of it was asked. */
interface BoardAudio extends AudioIn {
  isRunning: boolean;
  samples: number;
}

interface BoardOut extends AudioOut {
  isRunning: boolean;
  samples: number;
}

function startIn(this: AudioIn): void {
  (this as BoardAudio).isRunning = true;
}

function stopIn(this: AudioIn): void {
  (this as BoardAudio).isRunning = false;
}

function readIn(this: AudioIn, _samples: Samples, count: number): number {
  (this as BoardAudio).samples += count;
  return count;
}

function startOut(this: AudioOut): void {
  (this as BoardOut).isRunning = true;
}

function stopOut(this: AudioOut): void {
  (this as BoardOut).isRunning = false;
}

function writeOut(this: AudioOut, _samples: Samples, count: number): number {
  (this as BoardOut).samples += count;
  return count;
}

interface Bench {
  chip: SimulatedChip;
  codec: AudioCodec;
  boardIn: BoardAudio;
  boardOut: BoardOut;
  audio: CodecAudio;
  heard: number[];
}

function onStatus(owner: object, status: number): void {
  (owner as Bench).heard.push(status);
}

function createBench(): Bench {
  const chip = createSimulatedChip(ES8311_MODEL);
  chip.masterClock = 1280;
  chip.sampleRate = 5;
  const wiring = { address: ES8311_ADDRESS, volumeAtZero: 0, microphoneAtZero: 24 };
  const codec = createCodec(ES8311, chip.bus, chip.clock, wiring);
  equal(codec.configure(2048000, 8000, false), CodecStatus.OK, "configure");
  const boardIn: BoardAudio = { isRunning: false, samples: 0, start: startIn, stop: stopIn, read: readIn };
  const boardOut: BoardOut = { isRunning: false, samples: 0, start: startOut, stop: stopOut, write: writeOut };
  const bench = { chip, codec, boardIn, boardOut, heard: [] } as unknown as Bench;
  bench.audio = createCodecAudio(codec, boardIn, boardOut, { owner: bench, onStatus });
  return bench;
}

/** The firmware's loop, every 20 ms. */
function run(bench: Bench, milliseconds: number): void {
  for (let time = 0; time < milliseconds; time += 20) {
    bench.chip.time += 20;
    pollCodecAudio(bench.audio);
  }
}

describe("audio with a codec", () => {
  it("runs the clocks before the chip gets power, and until it is down", () => {
    const bench = createBench();
    run(bench, 100);
    equal(bench.chip.transfers, 0, "nothing is sent before a start");
    bench.audio.audioIn.start();
    isTrue(bench.boardIn.isRunning && bench.boardOut.isRunning, "both directions make clocks");
    bench.audio.audioOut.start();
    run(bench, 1000);
    equal(ES8311_MODEL.playback(bench.chip), "", "playback");
    equal(ES8311_MODEL.capture(bench.chip), "", "capture");
    bench.audio.audioIn.stop();
    run(bench, 1000);
    equal(bench.codec.state, CodecState.ON, "one direction is enough");
    bench.audio.audioOut.stop();
    isTrue(bench.boardIn.isRunning && bench.boardOut.isRunning, "the clocks run on");
    isTrue(!ES8311_MODEL.isDown(bench.chip), "the chip is on its way");
    run(bench, 1000);
    isTrue(ES8311_MODEL.isDown(bench.chip), "the chip is down");
    isTrue(!bench.boardIn.isRunning && !bench.boardOut.isRunning, "the clocks have ended");
    equal(bench.chip.pops, "", "pops");
    equal(bench.heard.length, 0, "nothing to tell");
  });

  it("hands samples on as they are", () => {
    const bench = createBench();
    const samples = createSamples(160);
    equal(bench.audio.audioIn.read(samples, 160), 160, "read");
    equal(bench.audio.audioOut.write(samples, 80), 80, "written");
    equal(bench.boardIn.samples, 160, "from the board");
    equal(bench.boardOut.samples, 80, "to the board");
  });

  it("goes on after a call that begins while the chip still powers down", () => {
    const bench = createBench();
    bench.audio.audioOut.start();
    run(bench, 1000);
    bench.audio.audioOut.stop();
    bench.chip.time += 10;
    bench.audio.audioOut.start();
    run(bench, 1000);
    equal(ES8311_MODEL.playback(bench.chip), "", "playback");
    isTrue(bench.boardOut.isRunning, "the clocks run");
    equal(bench.chip.pops, "", "pops");
  });

  it("tells of a chip that refuses once, and once that it works again", () => {
    const bench = createBench();
    bench.chip.refusedFrom = 0;
    bench.chip.refusedTo = 7;
    bench.audio.audioOut.start();
    run(bench, 5000);
    equal(bench.heard.length, 2, "told");
    equal(bench.heard[0], CodecStatus.REFUSED, "first");
    equal(bench.heard[1], CodecStatus.OK, "then");
    equal(ES8311_MODEL.playback(bench.chip), "", "playback");
  });

  it("tells of another chip, keeps trying, and ends the clocks when asked", () => {
    const bench = createBench();
    bench.chip.registers[0xfd] = 0;
    bench.audio.audioOut.start();
    run(bench, 5000);
    equal(bench.heard.length, 1, "told");
    equal(bench.heard[0], CodecStatus.WRONG_CHIP, "what");
    bench.audio.audioOut.stop();
    run(bench, 1000);
    isTrue(!bench.boardOut.isRunning, "the clocks have ended");
  });
});

interface Pin extends Digital {
  value: number;
}

function readPin(this: Digital): number {
  return (this as Pin).value;
}

function writePin(this: Digital, value: number): void {
  (this as Pin).value = value;
}

describe("an amplifier without a bus", () => {
  it("is switched by its pin: off at boot, on while started and not muted", () => {
    const pin: Pin = { value: 1, read: readPin, write: writePin };
    const amplifier = createAmplifier(pin);
    equal(pin.value, 0, "boot");
    equal(amplifier.configure(2048000, 8000, false), CodecStatus.OK, "as slave");
    equal(amplifier.configure(2048000, 8000, true), CodecStatus.UNSUPPORTED, "as master");
    equal(amplifier.start(), CodecStatus.OK, "start");
    equal(pin.value, 1, "started");
    amplifier.setMuted(true);
    equal(amplifier.apply(), CodecStatus.OK, "apply");
    equal(pin.value, 0, "muted");
    amplifier.setMuted(false);
    equal(amplifier.apply(), CodecStatus.OK, "apply");
    equal(amplifier.poll(), 0, "poll");
    equal(pin.value, 1, "unmuted");
    equal(amplifier.stop(), CodecStatus.OK, "stop");
    equal(pin.value, 0, "stopped");
  });

  it("leaves all levels to the firmware", () => {
    const pin: Pin = { value: 1, read: readPin, write: writePin };
    const amplifier = createAmplifier(pin);
    amplifier.setVolume(-12);
    amplifier.setMicrophoneGain(9);
    equal(amplifier.volumeRest, -12, "volume");
    equal(amplifier.microphoneRest, 9, "microphone");
  });
});
