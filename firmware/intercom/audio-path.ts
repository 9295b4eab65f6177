// The path of the voice at the door: microphone -> gain -> RTP, and RTP or a tone -> volume -> loudspeaker, 20 ms at a time,
// paced by the board's sample clock. Silent and stopped when there is neither call nor tone.

import type { AudioIn, AudioOut } from "../../hal/audio";
import { applyGain, clearSamples, gainOf, UNITY_GAIN } from "../audio/gain";
import {
  addTone,
  createToneGenerator,
  startTone,
  stopTone,
  type Tone,
  type ToneGenerator,
  toneIsOver,
} from "../audio/tones";
import { createSamples, type Samples } from "../bytes/bytes";
import { playRtpFrame, type RtpSession, sendRtpFrame } from "../rtp/session";
import type { AudioSettings } from "../settings/settings";

/** Samples of a frame: 20 ms at 8,000 a second. */
export const FRAME_SAMPLES = 160;

/** Frames moved in one poll at most, each way: a board that was held up catches up step by step. */
const FRAMES_A_POLL = 8;

export interface AudioPath {
  readonly audioIn: AudioIn;
  readonly audioOut: AudioOut;
  readonly session: RtpSession;
  readonly tones: ToneGenerator;
  readonly microphone: Samples;
  readonly loudspeaker: Samples;
  /** Whether `loudspeaker` holds a frame that had no room yet. */
  pending: boolean;
  readonly microphoneGain: number;
  readonly volume: number;
  running: boolean;
  /** Whether a call's voice is carried. */
  talking: boolean;
}

/** Boot only: the path of one call, stopped. */
export function createAudioPath(
  audioIn: AudioIn,
  audioOut: AudioOut,
  session: RtpSession,
  settings: AudioSettings,
): AudioPath {
  return {
    audioIn,
    audioOut,
    session,
    tones: createToneGenerator(),
    microphone: createSamples(FRAME_SAMPLES),
    loudspeaker: createSamples(FRAME_SAMPLES),
    pending: false,
    microphoneGain: gainOf(settings.microphoneGain),
    volume: gainOf(settings.volume),
    running: false,
    talking: false,
  };
}

function startAudio(path: AudioPath): void {
  if (!path.running) {
    path.running = true;
    path.pending = false;
    path.audioIn.start();
    path.audioOut.start();
  }
}

/** Stops when nothing is to be heard or said any more. */
function stopWhenSilent(path: AudioPath): void {
  if (path.running && !path.talking && toneIsOver(path.tones)) {
    path.running = false;
    path.audioIn.stop();
    path.audioOut.stop();
  }
}

/** Plays a tone to the visitor, in place of the one that plays. */
export function playTone(path: AudioPath, tone: Tone): void {
  startTone(path.tones, tone);
  startAudio(path);
}

/** Ends the tone that plays. */
export function endTone(path: AudioPath): void {
  stopTone(path.tones);
}

/** Carries the voice of the call. */
export function startVoice(path: AudioPath): void {
  path.talking = true;
  startAudio(path);
}

/** Carries no voice any more; a tone that plays goes on. */
export function stopVoice(path: AudioPath): void {
  path.talking = false;
}

function amplify(frame: Samples, gain: number): void {
  if (gain !== UNITY_GAIN) {
    applyGain(frame, 0, FRAME_SAMPLES, gain);
  }
}

function fillLoudspeaker(path: AudioPath): void {
  if (path.talking) {
    playRtpFrame(path.session, path.loudspeaker, 0, FRAME_SAMPLES);
  } else {
    clearSamples(path.loudspeaker, 0, FRAME_SAMPLES);
  }
  addTone(path.tones, path.loudspeaker, 0, FRAME_SAMPLES);
  amplify(path.loudspeaker, path.volume);
}

/** Moves the frames that the board has ready, both ways. */
export function pollAudio(path: AudioPath): void {
  if (!path.running) {
    return;
  }
  const audioIn = path.audioIn;
  const audioOut = path.audioOut;
  const microphone = path.microphone;
  const loudspeaker = path.loudspeaker;
  let frames = 0;
  while (frames < FRAMES_A_POLL && audioIn.read(microphone, FRAME_SAMPLES) > 0) {
    if (path.talking) {
      amplify(microphone, path.session.configuration.muted ? 0 : path.microphoneGain);
      sendRtpFrame(path.session, microphone, 0, FRAME_SAMPLES);
    }
    frames += 1;
  }
  frames = 0;
  while (frames < FRAMES_A_POLL) {
    if (!path.pending) {
      fillLoudspeaker(path);
      path.pending = true;
    }
    if (audioOut.write(loudspeaker, FRAME_SAMPLES) <= 0) {
      break;
    }
    path.pending = false;
    frames += 1;
  }
  stopWhenSilent(path);
}
