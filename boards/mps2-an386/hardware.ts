// The program of the real MPS2 board: the whole device (board.ts) with the codec that its I2S clocks (i2s.c, DOORLINE_SOUND=i2s).
// The FPGA gives the CS42L52 12.288 MHz and is the bus's master; AD0 is high, so that the chip is at the second of its addresses.

import { createBoardSettings, type Device, doNothing } from "../../firmware/device";
import { StationEvent } from "../../firmware/intercom/event-log";
import { createStationLimits } from "../../firmware/limits";
import { createDevice } from "../../firmware/main";
import { createCodec } from "../../hal/codecs/codec";
import { createCodecAudio, pollCodecAudio } from "../../hal/codecs/codec-audio";
import { CS42L52, CS42L52_ADDRESS } from "../../hal/codecs/cs42l52";
import type { Log } from "../../hal/log";
import { createNativeBoard } from "../../hal/native/board";
import { createNativeI2C } from "../../hal/native/i2c";
import type { Native } from "../../hal/native/native";
import { News } from "../../hal/news";

export { isStopped, pollDevice, startDevice, stopDevice } from "../../firmware/device";

const MASTER_CLOCK_HZ = 12288000;
const SAMPLE_RATE_HZ = 8000;
/** What 0 dB of the settings is at the chip, in decibels: a start for whoever listens to the first board. */
const WIRING = { address: CS42L52_ADDRESS + 1, volumeAtZero: -6, microphoneAtZero: 24 };

function onCodecStatus(owner: object, status: number): void {
  (owner as Log).event(StationEvent.CODEC, status, 0);
}

/** Boot, by the settings text in the board's storage. The chip takes what it can of the levels; the rest is the firmware's. */
export function createNativeDevice(native: Native): Device {
  const board = createNativeBoard(native);
  const settings = createBoardSettings(board);
  const codec = createCodec(CS42L52, createNativeI2C(native), board.clock, WIRING);
  codec.configure(MASTER_CLOCK_HZ, SAMPLE_RATE_HZ, false);
  codec.setVolume(settings.audio.volume);
  codec.setMicrophoneGain(settings.audio.microphoneGain);
  settings.audio.volume = codec.volumeRest;
  settings.audio.microphoneGain = codec.microphoneRest;
  const audio = createCodecAudio(codec, board.audioIn, board.audioOut, { owner: board.log, onStatus: onCodecStatus });
  board.audioIn = audio.audioIn;
  board.audioOut = audio.audioOut;
  const device = createDevice(board, createStationLimits(), settings);
  device.parts.push({ owner: audio, on: News.POLL, poll: pollCodecAudio, stop: doNothing });
  return device;
}
