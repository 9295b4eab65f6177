// No chip: an I2S amplifier and an I2S microphone, which have no bus and take what clocks they get. All there is to do is the pin that
// switches the amplifier on (MAX98357A data sheet, SD_MODE): after the clocks, and off before they end. Levels are the firmware's.

import { type AudioCodec, CodecState, CodecStatus } from "../codec";
import type { Digital } from "../digital";

interface Amplifier extends AudioCodec {
  readonly enable: Digital;
  state: CodecState;
  volumeRest: number;
  microphoneRest: number;
  isMuted: boolean;
}

function configure(this: AudioCodec, _masterClock: number, _sampleRate: number, isMaster: boolean): CodecStatus {
  return isMaster ? CodecStatus.UNSUPPORTED : CodecStatus.OK;
}

function apply(this: AudioCodec): CodecStatus {
  const amplifier = this as Amplifier;
  amplifier.enable.write(amplifier.state === CodecState.ON && !amplifier.isMuted ? 1 : 0);
  return CodecStatus.OK;
}

function start(this: AudioCodec): CodecStatus {
  (this as Amplifier).state = CodecState.ON;
  return this.apply();
}

function stop(this: AudioCodec): CodecStatus {
  (this as Amplifier).state = CodecState.OFF;
  return this.apply();
}

function setVolume(this: AudioCodec, decibels: number): void {
  (this as Amplifier).volumeRest = decibels;
}

function setMicrophoneGain(this: AudioCodec, decibels: number): void {
  (this as Amplifier).microphoneRest = decibels;
}

function setMuted(this: AudioCodec, isMuted: boolean): void {
  (this as Amplifier).isMuted = isMuted;
}

function poll(this: AudioCodec): number {
  return 0;
}

/** Boot only: the codec of a board that has none. `enable` is written here and now: off. */
export function createAmplifier(enable: Digital): AudioCodec {
  const amplifier: Amplifier = {
    enable,
    state: CodecState.OFF,
    volumeRest: 0,
    microphoneRest: 0,
    isMuted: false,
    configure,
    start,
    stop,
    setVolume,
    setMicrophoneGain,
    setMuted,
    apply,
    poll,
  };
  amplifier.apply();
  return amplifier;
}
