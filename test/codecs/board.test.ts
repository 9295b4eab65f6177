// What docs/codecs.md shows: a board with an ES8311 behind device.h, from the functions of the shell to the station's audio path.

import { Tone } from "../../firmware/audio/tones";
import type { Bytes, Samples } from "../../firmware/bytes/bytes";
import { createAudioPath, playTone, pollAudio } from "../../firmware/intercom/audio-path";
import { StationEvent } from "../../firmware/intercom/event-log";
import type { RtpSession } from "../../firmware/rtp/session";
import { type AudioSettings, createSettings } from "../../firmware/settings/settings";
import type { AudioIn, AudioOut } from "../../hal/audio";
import { type AudioCodec, CodecStatus } from "../../hal/codec";
import { createCodec } from "../../hal/codecs/codec";
import { createCodecAudio, pollCodecAudio } from "../../hal/codecs/codec-audio";
import { ES8311, ES8311_ADDRESS } from "../../hal/codecs/es8311";
import type { I2C } from "../../hal/i2c";
import type { Log } from "../../hal/log";
import { createNativeI2C } from "../../hal/native/i2c";
import type { Native } from "../../hal/native/native";
import { describe, equal, isTrue, it } from "../harness";
import { ES8311_MODEL } from "./es8311-model";
import { createSimulatedChip, type SimulatedChip } from "./simulated-chip";

/** Takes what the chip makes of its setting, and leaves the firmware's own gain the rest. */
function shareLevels(codec: AudioCodec, settings: AudioSettings): void {
  codec.setVolume(settings.volume);
  codec.setMicrophoneGain(settings.microphoneGain);
  settings.volume = codec.volumeRest;
  settings.microphoneGain = codec.microphoneRest;
}

function onCodecStatus(owner: object, status: number): void {
  (owner as Log).event(StationEvent.CODEC, status, 0);
}

/** The I2S of a board: one frame each way whenever it is asked for the second time, while it runs. */
interface Direction {
  isRunning: boolean;
  asked: number;
}

function startDirection(this: AudioIn | AudioOut): void {
  (this as unknown as Direction).isRunning = true;
}

function stopDirection(this: AudioIn | AudioOut): void {
  (this as unknown as Direction).isRunning = false;
}

function moveFrame(this: AudioIn | AudioOut, _samples: Samples, count: number): number {
  const direction = this as unknown as Direction;
  direction.asked += 1;
  return direction.isRunning && direction.asked % 2 === 0 ? count : 0;
}

interface EventLog {
  events: number[];
}

function noteEvent(this: Log, event: number, first: number): void {
  (this as unknown as EventLog).events.push(event, first);
}

/** The functions of a shell that reach the bus of the chip. */
function shellOf(chip: SimulatedChip): Native {
  function i2cWrite(this: I2C, address: number, buffer: Bytes, start: number, end: number): number {
    return chip.bus.write(address, buffer, start, end);
  }
  function i2cRead(this: I2C, address: number, buffer: Bytes, start: number, end: number): number {
    return chip.bus.read(address, buffer, start, end);
  }
  function i2cWriteRead(this: I2C, address: number, buffer: Bytes, start: number, end: number, count: number): number {
    return chip.bus.writeRead(address, buffer, start, end, count);
  }
  return { i2cWrite, i2cRead, i2cWriteRead } as unknown as Native;
}

describe("a board with a codec", () => {
  it("wakes the chip for a tone, has the settings' levels, and lets it sleep when all is silent", () => {
    const chip = createSimulatedChip(ES8311_MODEL);
    chip.masterClock = 1280;
    chip.sampleRate = 5;
    const events: number[] = [];
    const log = { events, event: noteEvent } as unknown as Log;
    const boardIn = { isRunning: false, asked: 0, start: startDirection, stop: stopDirection, read: moveFrame };
    const boardOut = { isRunning: false, asked: 0, start: startDirection, stop: stopDirection, write: moveFrame };
    const settings = createSettings().audio;
    settings.volume = -12;
    settings.microphoneGain = 4;

    const wiring = { address: ES8311_ADDRESS, volumeAtZero: -6, microphoneAtZero: 24 };
    const codec = createCodec(ES8311, createNativeI2C(shellOf(chip)), chip.clock, wiring);
    equal(codec.configure(2048000, 8000, false), CodecStatus.OK, "configure");
    shareLevels(codec, settings);
    const audio = createCodecAudio(codec, boardIn, boardOut, { owner: log, onStatus: onCodecStatus });
    const path = createAudioPath(audio.audioIn, audio.audioOut, {} as RtpSession, settings);

    chip.refusedFrom = 5;
    chip.refusedTo = 6;
    playTone(path, Tone.DOOR_OPEN);
    let wasHeard = false;
    for (let time = 0; time < 5000; time += 20) {
      chip.time += 20;
      pollCodecAudio(audio);
      pollAudio(path);
      wasHeard = wasHeard || (path.running && ES8311_MODEL.playback(chip) === "");
    }
    isTrue(wasHeard, "the chip passed the tone");
    equal(ES8311_MODEL.playbackGain(chip), -1800, "volume in the chip");
    equal(settings.volume, 0, "volume that is left");
    // 28 dB of 3 dB steps: 27 in the chip.
    equal(settings.microphoneGain, 1, "microphone gain that is left");
    isTrue(!boardIn.isRunning && !boardOut.isRunning && ES8311_MODEL.isDown(chip), "all sleeps");
    equal(events.length, 4, "events");
    equal(events[1], CodecStatus.REFUSED, "a refusal is logged");
    equal(events[3], CodecStatus.OK, "and that it is over");
    equal(chip.pops, "", "pops");
  });
});
