// A board's audio with a codec behind it: whoever starts and stops AudioIn and AudioOut starts and stops the chip. The order is the
// board's affair here: the clocks of I2S run before the chip is powered up, and until it is down.

import type { Samples } from "../../firmware/bytes/bytes";
import type { AudioIn, AudioOut } from "../audio";
import { type AudioCodec, CodecState, CodecStatus } from "../codec";

/** What hears of a chip that refuses or is another one: each status once, until it changes. */
export interface CodecListener {
  owner: object;
  /** status: CodecStatus; OK when the chip works again. */
  onStatus: (owner: object, status: number) => void;
}

/** The chip and the board's own audio, in their order. */
interface CodecPath {
  readonly codec: AudioCodec;
  readonly boardIn: AudioIn;
  readonly boardOut: AudioOut;
  readonly listener: CodecListener;
  isInWanted: boolean;
  isOutWanted: boolean;
  /** Whether the board's own audio, and with it the clocks, runs. */
  isRunning: boolean;
  /** What the listener heard last. */
  status: number;
}

interface CodecIn extends AudioIn {
  readonly path: CodecPath;
}

interface CodecOut extends AudioOut {
  readonly path: CodecPath;
}

export interface CodecAudio {
  readonly path: CodecPath;
  /** For `Board.audioIn`. */
  readonly audioIn: AudioIn;
  /** For `Board.audioOut`. */
  readonly audioOut: AudioOut;
}

/** Brings clocks and chip to what is wanted, as far as that goes now. */
function follow(path: CodecPath): void {
  const isWanted = path.isInWanted || path.isOutWanted;
  if (isWanted && !path.isRunning) {
    path.isRunning = true;
    path.boardIn.start();
    path.boardOut.start();
  }
  const started = isWanted ? path.codec.start() : path.codec.stop();
  const polled = path.codec.poll();
  if (!isWanted && path.isRunning && path.codec.state === CodecState.OFF) {
    path.isRunning = false;
    path.boardIn.stop();
    path.boardOut.stop();
  }
  const status = started < 0 ? started : polled < 0 ? polled : CodecStatus.OK;
  // A chip that is tried again soon has not answered yet.
  const isKnown = status < 0 || polled === 0 || path.status === CodecStatus.OK;
  if (isKnown && status !== path.status) {
    path.status = status;
    path.listener.onStatus(path.listener.owner, status);
  }
}

function startIn(this: AudioIn): void {
  const path = (this as CodecIn).path;
  path.isInWanted = true;
  follow(path);
}

function stopIn(this: AudioIn): void {
  const path = (this as CodecIn).path;
  path.isInWanted = false;
  follow(path);
}

function readIn(this: AudioIn, samples: Samples, count: number): number {
  return (this as CodecIn).path.boardIn.read(samples, count);
}

function startOut(this: AudioOut): void {
  const path = (this as CodecOut).path;
  path.isOutWanted = true;
  follow(path);
}

function stopOut(this: AudioOut): void {
  const path = (this as CodecOut).path;
  path.isOutWanted = false;
  follow(path);
}

function writeOut(this: AudioOut, samples: Samples, count: number): number {
  return (this as CodecOut).path.boardOut.write(samples, count);
}

/** Boot only: audio of a board's I2S and a configured codec. `pollCodecAudio` has to be called in the loop, as a part of the device. */
export function createCodecAudio(
  codec: AudioCodec,
  boardIn: AudioIn,
  boardOut: AudioOut,
  listener: CodecListener,
): CodecAudio {
  const path: CodecPath = {
    codec,
    boardIn,
    boardOut,
    listener,
    isInWanted: false,
    isOutWanted: false,
    isRunning: false,
    status: CodecStatus.OK,
  };
  const audioIn: CodecIn = { path, start: startIn, stop: stopIn, read: readIn };
  const audioOut: CodecOut = { path, start: startOut, stop: stopOut, write: writeOut };
  return { path, audioIn, audioOut };
}

/** The loop's part: goes on with power-up and power-down. `owner` is the CodecAudio. */
export function pollCodecAudio(owner: object): void {
  follow((owner as CodecAudio).path);
}
