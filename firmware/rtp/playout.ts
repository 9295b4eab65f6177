// Playout: frames for the loudspeaker out of the jitter buffer, decoded, with concealment where packets are missing and a
// period more or less where the sender's clock differs from ours. Before the first packet it plays silence.

import {
  type Concealment,
  concealGoodFrame,
  concealLostFrame,
  createConcealment,
  resetConcealment,
} from "../audio/concealment";
import { decodeG711, type G711, type Law } from "../audio/g711";
import { createSamples, type Samples } from "../bytes/bytes";
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

const FRAMES_BETWEEN_SPLICES = 3;
/** Samples that the seam behind a loss may need; less than that at a frame's end is given up, or it would click. */
const SEAM = 80;

export interface Playout {
  readonly buffer: JitterBuffer;
  readonly g711: G711;
  readonly concealment: Concealment;
  /** A frame and a period, for splicing. */
  readonly scratch: Samples;
  framesSinceSplice: number;
  /** Frames with samples missing although later ones had come. */
  lostFrames: number;
  /** Frames with samples missing and nothing behind them: a pause, or a stall of the network. */
  starvedFrames: number;
  /** Frames shortened and lengthened to follow the sender's clock. */
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
    lostFrames: 0,
    starvedFrames: 0,
    shortenedFrames: 0,
    lengthenedFrames: 0,
  };
}

/**
 * Empties everything.
 * @param delay of the jitter buffer, milliseconds
 */
export function resetPlayout(playout: Playout, delay: number): void {
  resetJitterBuffer(playout.buffer, delay);
  resetConcealment(playout.concealment);
  playout.framesSinceSplice = 0;
  playout.lostFrames = 0;
  playout.starvedFrames = 0;
  playout.shortenedFrames = 0;
  playout.lengthenedFrames = 0;
}

/** Forgets what waits to be played, because another source begins; the concealment covers the seam. */
export function flushPlayout(playout: Playout): void {
  flushJitterBuffer(playout.buffer);
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

/** Plays a frame with a period less or more, when one is wanted and enough is there. Returns whether it did. */
function playSpliced(playout: Playout, samples: Samples, start: number): boolean {
  const buffer = playout.buffer;
  const shortens = buffer.correction > 0;
  const needed = shortens ? SPLICE_FRAME + SPLICE_LAG_MAXIMUM : SPLICE_FRAME;
  if (!isWhole(buffer, needed)) {
    return false;
  }
  decodeAhead(playout, needed);
  const lag = findSpliceLag(playout.scratch);
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

/** Decodes the run of samples that is there, at most up to `end`, and conceals the seam. Returns where it ends. */
function playRun(playout: Playout, samples: Samples, start: number, end: number): number {
  const buffer = playout.buffer;
  let at = start;
  let run = findPiece(buffer, 0, end - at);
  while (run > 0) {
    decodeG711(playout.g711, buffer.foundLaw as Law, buffer.ring, buffer.foundAt, run, samples, at);
    advanceJitterBuffer(buffer, run);
    at += run;
    run = at < end ? findPiece(buffer, 0, end - at) : 0;
  }
  concealGoodFrame(playout.concealment, samples, start, at - start);
  return at;
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
      at = playRun(playout, samples, at, end);
    } else {
      concealLostFrame(playout.concealment, samples, at, -run);
      advanceJitterBuffer(buffer, -run);
      at -= run;
      missing = true;
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
    concealLostFrame(playout.concealment, samples, start, count);
    return;
  }
  playout.framesSinceSplice += 1;
  if (
    playout.buffer.correction !== 0 &&
    count === SPLICE_FRAME &&
    playout.framesSinceSplice >= FRAMES_BETWEEN_SPLICES &&
    playSpliced(playout, samples, start)
  ) {
    playout.framesSinceSplice = 0;
    return;
  }
  playPieces(playout, samples, start, count);
}
