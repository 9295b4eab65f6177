// Playout: frames for the loudspeaker out of the jitter buffer, decoded, with concealment where packets are missing, and
// comfort noise where the sender says that it is silent (RFC 3389). The delay changes where nobody hears it: some samples more
// or less in a silent frame; only when it must, a period of speech is merged into its neighbour. It never stretches time.

import { type ComfortNoise, createComfortNoise, fillNoise, setNoiseLevel } from "../audio/comfort-noise";
import {
  type Concealment,
  concealGoodFrame,
  concealLostFrame,
  createConcealment,
  resetConcealment,
} from "../audio/concealment";
import { decodeG711, type G711, type Law } from "../audio/g711";
import { peakOf } from "../audio/level";
import { type Bytes, createSamples, type Samples } from "../bytes/bytes";
import {
  advanceJitterBuffer,
  correctJitterBuffer,
  createJitterBuffer,
  findPiece,
  flushJitterBuffer,
  type JitterBuffer,
  resetJitterBuffer,
} from "./jitter-buffer";
import { findSpliceLag, lengthenFrame, SPLICE_FRAME, SPLICE_LAG_MAXIMUM, shortenFrame } from "./time-scale";
import { timestampBetween } from "./timestamp";

const SILENT_PEAK = 256; // -42 dB below overload: the noise of a quiet room
const SURPLUS_SAMPLES = 160; // 20 ms above the target wait for silence; more must go, and too little must grow, in speech
const LARGE_SURPLUS_SAMPLES = 640; // 80 ms: two people begin to talk at once
const FRAMES_BETWEEN_SHORTENED = 20; // 400 ms, in speech: the delay may come down slowly
const FRAMES_BETWEEN_OTHERS = 6; // 120 ms: it is far too long, or so short that packets are lost
/** Samples that the seam behind a loss may need; less than that at a frame's end is given up, or it would click. */
const SEAM = 80;

export interface Playout {
  readonly buffer: JitterBuffer;
  readonly g711: G711;
  readonly concealment: Concealment;
  /** A frame and a period, for splicing. */
  readonly scratch: Samples;
  framesSinceSplice: number;
  readonly noise: ComfortNoise;
  /** Whether the sender is silent from timestamp `silentFrom` on, until speech of a later one is played. */
  silent: boolean;
  silentFrom: number;
  /** Frames with samples missing although later ones had come. */
  lostFrames: number;
  /** Frames with samples missing and nothing behind them: a pause, or a stall of the network. */
  starvedFrames: number;
  /** Frames shortened and lengthened to follow the sender's clock and the target of the delay. */
  shortenedFrames: number;
  lengthenedFrames: number;
}

/** Boot only. */
export function createPlayout(g711: G711): Playout {
  return {
    buffer: createJitterBuffer(),
    g711,
    concealment: createConcealment(),
    scratch: createSamples(SPLICE_FRAME + SPLICE_LAG_MAXIMUM),
    framesSinceSplice: 0,
    noise: createComfortNoise(),
    silent: false,
    silentFrom: 0,
    lostFrames: 0,
    starvedFrames: 0,
    shortenedFrames: 0,
    lengthenedFrames: 0,
  };
}

/**
 * Empties everything.
 * @param minimum the least delay of the jitter buffer, milliseconds
 * @param maximum the greatest
 */
export function resetPlayout(playout: Playout, minimum: number, maximum: number): void {
  resetJitterBuffer(playout.buffer, minimum, maximum);
  resetConcealment(playout.concealment);
  playout.framesSinceSplice = 0;
  playout.silent = false;
  playout.lostFrames = 0;
  playout.starvedFrames = 0;
  playout.shortenedFrames = 0;
  playout.lengthenedFrames = 0;
}

/** Forgets what waits to be played, because another source begins; the concealment covers the seam. */
export function flushPlayout(playout: Playout): void {
  flushJitterBuffer(playout.buffer);
  playout.silent = false;
}

/**
 * Takes a packet of comfort noise: from its timestamp on the sender is silent, and what is missing is no loss.
 * @param bytes whose octet at `start` is the level (RFC 3389 3.1)
 */
export function takeNoise(playout: Playout, timestamp: number, bytes: Bytes, start: number): void {
  const buffer = playout.buffer;
  setNoiseLevel(playout.noise, bytes, start);
  playout.silent = true;
  // A timestamp beyond all that waits would leave the time before it to be concealed.
  const beyond = buffer.pieces === 0 || timestampBetween(buffer.newest, timestamp) > SPLICE_FRAME;
  playout.silentFrom = beyond && timestampBetween(buffer.position, timestamp) > 0 ? buffer.position : timestamp;
}

/** Whether the next `count` samples are all there. */
function isWhole(buffer: JitterBuffer, count: number): boolean {
  let offset = 0;
  while (offset < count) {
    const run = findPiece(buffer, offset, count - offset);
    if (run < 0) {
      return false;
    }
    offset += run;
  }
  return true;
}

/** Decodes the next `count` samples, all of which are there, to the scratch. */
function decodeAhead(playout: Playout, count: number): void {
  const buffer = playout.buffer;
  let offset = 0;
  while (offset < count) {
    const run = findPiece(buffer, offset, count - offset);
    decodeG711(playout.g711, buffer.foundLaw as Law, buffer.ring, buffer.foundAt, run, playout.scratch, offset);
    offset += run;
  }
}

/** How many samples the frame in the scratch may lose or gain: any in silence, a period when it must, else none. */
function spliceLag(playout: Playout, correction: number): number {
  const size = correction < 0 ? -correction : correction;
  if (peakOf(playout.scratch, 0, SPLICE_FRAME) <= SILENT_PEAK) {
    return size < SPLICE_LAG_MAXIMUM ? size : SPLICE_LAG_MAXIMUM;
  }
  const slowly = correction > 0 && correction < LARGE_SURPLUS_SAMPLES;
  const pause = slowly ? FRAMES_BETWEEN_SHORTENED : FRAMES_BETWEEN_OTHERS;
  const must = correction < 0 || correction >= SURPLUS_SAMPLES;
  return must && playout.framesSinceSplice >= pause ? findSpliceLag(playout.scratch) : 0;
}

/** Plays a frame with some samples less or more, when that is wanted and enough is there. Returns whether it did. */
function playSpliced(playout: Playout, samples: Samples, start: number): boolean {
  const buffer = playout.buffer;
  const correction = buffer.target.correction;
  const shortens = correction > 0;
  const needed = shortens ? SPLICE_FRAME + SPLICE_LAG_MAXIMUM : SPLICE_FRAME;
  if (!isWhole(buffer, needed)) {
    return false;
  }
  decodeAhead(playout, needed);
  const lag = spliceLag(playout, correction);
  if (lag === 0) {
    return false;
  }
  playout.framesSinceSplice = 0;
  if (shortens) {
    shortenFrame(playout.scratch, lag, samples, start);
    advanceJitterBuffer(buffer, SPLICE_FRAME + lag);
    correctJitterBuffer(buffer, lag);
    playout.shortenedFrames += 1;
  } else {
    lengthenFrame(playout.scratch, lag, samples, start);
    advanceJitterBuffer(buffer, SPLICE_FRAME - lag);
    correctJitterBuffer(buffer, -lag);
    playout.lengthenedFrames += 1;
  }
  concealGoodFrame(playout.concealment, samples, start, SPLICE_FRAME);
  return true;
}

/** Decodes the `found` samples that are there and what follows them up to `end`, and conceals the seam. Returns where it ends. */
function playRun(playout: Playout, samples: Samples, start: number, end: number, found: number): number {
  const buffer = playout.buffer;
  let at = start;
  if (playout.silent && timestampBetween(playout.silentFrom, buffer.position) > 0) {
    playout.silent = false;
  }
  let run = found;
  while (run > 0) {
    decodeG711(playout.g711, buffer.foundLaw as Law, buffer.ring, buffer.foundAt, run, samples, at);
    advanceJitterBuffer(buffer, run);
    at += run;
    run = at < end ? findPiece(buffer, 0, end - at) : 0;
  }
  concealGoodFrame(playout.concealment, samples, start, at - start);
  return at;
}

/** Plays noise when the sender is silent at the position. Returns whether it did. */
function playNoise(playout: Playout, samples: Samples, start: number, count: number): boolean {
  const buffer = playout.buffer;
  if (!playout.silent || (buffer.running && timestampBetween(playout.silentFrom, buffer.position) < 0)) {
    return false;
  }
  fillNoise(playout.noise, samples, start, count);
  concealGoodFrame(playout.concealment, samples, start, count);
  return true;
}

/** Plays what is there and conceals what is not. */
function playPieces(playout: Playout, samples: Samples, start: number, count: number): void {
  const buffer = playout.buffer;
  const waited = buffer.waiting > 0;
  let missing = false;
  let at = start;
  const end = start + count;
  while (at < end) {
    const left = end - at;
    let run = findPiece(buffer, 0, left);
    if (run > 0 && left < SEAM && playout.concealment.lost > 0) {
      run = -left;
    }
    if (run > 0) {
      at = playRun(playout, samples, at, end, run);
    } else {
      if (!playNoise(playout, samples, at, -run)) {
        concealLostFrame(playout.concealment, samples, at, -run);
        missing = true;
      }
      advanceJitterBuffer(buffer, -run);
      at -= run;
    }
  }
  if (missing && !waited) {
    if (buffer.pieces > 0) {
      playout.lostFrames += 1;
    } else {
      playout.starvedFrames += 1;
    }
  }
}

/** Fills samples[start … start + count), normally 160, with what is due. */
export function playFrame(playout: Playout, samples: Samples, start: number, count: number): void {
  if (!playout.buffer.running) {
    if (!playNoise(playout, samples, start, count)) {
      concealLostFrame(playout.concealment, samples, start, count);
    }
    return;
  }
  playout.framesSinceSplice += 1;
  if (playout.buffer.target.correction === 0 || count !== SPLICE_FRAME || !playSpliced(playout, samples, start)) {
    playPieces(playout, samples, start, count);
  }
}
