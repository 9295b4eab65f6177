// The jitter buffer: a ring of G.711 octets addressed by their RTP timestamp, and the playout position that follows the
// arrivals at the distance that jitter-target.ts asks for. It believes no ptime: a packet covers the samples that it holds.
// Reordering, loss and duplicates show in the list of covered pieces; clock drift and changes of the network show in the
// reserve, the time by which packets come before they are due. It never decodes.

import { type Bytes, copyBytes, createBytes } from "../bytes/bytes";
import {
  createJitterTarget,
  endTargetWindow,
  type JitterTarget,
  noteReserve,
  resetJitterTarget,
  shiftTarget,
  startTarget,
} from "./jitter-target";
import { timestampAfter, timestampBetween } from "./timestamp";

/** Octets of the ring: a power of two, above the greatest delay and the longest packet together. 512 ms. */
export const JITTER_RING_SAMPLES = 4096;
/** Pieces: 240 ms in packets of 5 ms, and some to spare. */
export const JITTER_PIECES = 64;

const BOUND_ABOVE_MAXIMUM = 320; // 40 ms: so much more than the greatest target may wait before a burst is cut
const JUMP_SAMPLES = 8000; // beyond a second the timestamp jumped; below it the network stalled
const SPURT_PAUSE_SAMPLES = 480; // 60 ms: behind so long a pause concealment is silent, and the distance is set at will
const RING_MASK = JITTER_RING_SAMPLES - 1;

/** What `putInJitterBuffer` did with a packet. */
export const enum Placement {
  /** It, or what of it was new, waits to be played. */
  KEPT = 0,
  /** Its time is over. */
  LATE = 1,
  /** What it holds is there already. */
  DUPLICATE = 2,
  /** It does not fit: too long, too many pieces, or a jump that no second packet has confirmed. */
  OVERRUN = 3,
}

export interface JitterBuffer {
  /** The octet of timestamp t at t & RING_MASK. */
  readonly ring: Bytes;
  /** The covered pieces in order of time, from `first` on around the lists: the timestamps between which they lie, encoding. */
  readonly starts: number[];
  readonly ends: number[];
  readonly laws: number[];
  first: number;
  pieces: number;
  /** Whether a packet ever came, so that position and newest mean something. */
  running: boolean;
  /** The timestamp to be played next, 27 bits. */
  position: number;
  /** The end of the newest packet ever kept, 27 bits; at most JUMP_SAMPLES behind the position. */
  newest: number;
  /** The distance to be kept between arrival and playout. */
  readonly target: JitterTarget;
  /** Samples until the first packet, or that of a talk spurt, is due: what is missing so long is not lost. */
  waiting: number;
  /** Where the next packet of a jumped timestamp would begin; meaningful while `jumping`. */
  jumpTimestamp: number;
  jumping: boolean;
  /** Answers of `findPiece`. */
  foundAt: number;
  foundLaw: number;
  /** Packets that came too late, again, or did not fit. */
  late: number;
  duplicated: number;
  overrun: number;
  /** How often the position was set anew after the first time: behind pauses, for bursts and jumps of the timestamp. */
  restarts: number;
}

/** Boot only: an empty buffer with a delay of 40 to 200 ms. */
export function createJitterBuffer(): JitterBuffer {
  const buffer: JitterBuffer = {
    ring: createBytes(JITTER_RING_SAMPLES),
    starts: [],
    ends: [],
    laws: [],
    first: 0,
    pieces: 0,
    running: false,
    position: 0,
    newest: 0,
    target: createJitterTarget(),
    waiting: 0,
    jumpTimestamp: 0,
    jumping: false,
    foundAt: 0,
    foundLaw: 0,
    late: 0,
    duplicated: 0,
    overrun: 0,
    restarts: 0,
  };
  for (let index = 0; index < JITTER_PIECES; index += 1) {
    buffer.starts.push(0);
    buffer.ends.push(0);
    buffer.laws.push(0);
  }
  return buffer;
}

/** Empties the buffer; the next packet sets the position. The counters stay. */
export function flushJitterBuffer(buffer: JitterBuffer): void {
  buffer.pieces = 0;
  buffer.running = false;
  buffer.jumping = false;
  startTarget(buffer.target);
}

/**
 * Empties the buffer and its counters.
 * @param minimum the least distance between arrival and playout, and the first, milliseconds
 * @param maximum the greatest that is asked for
 */
export function resetJitterBuffer(buffer: JitterBuffer, minimum: number, maximum: number): void {
  resetJitterTarget(buffer.target, minimum, maximum);
  flushJitterBuffer(buffer);
  buffer.late = 0;
  buffer.duplicated = 0;
  buffer.overrun = 0;
  buffer.restarts = 0;
}

/** The place in the lists of the piece `index` counted from the oldest. */
function place(buffer: JitterBuffer, index: number): number {
  return (buffer.first + index) % JITTER_PIECES;
}

/** Drops what lies before the position. */
function dropPlayed(buffer: JitterBuffer): void {
  while (buffer.pieces > 0) {
    const first = buffer.first;
    if (timestampBetween(buffer.position, buffer.ends[first]) > 0) {
      return;
    }
    buffer.first = (first + 1) % JITTER_PIECES;
    buffer.pieces -= 1;
  }
}

/** What may wait at most, samples. */
function boundOf(buffer: JitterBuffer): number {
  return buffer.target.maximum + BOUND_ABOVE_MAXIMUM;
}

/** Sets the position so that the packet at `timestamp` is played after the target's delay. */
function setPosition(buffer: JitterBuffer, timestamp: number): void {
  if (buffer.running) {
    buffer.restarts += 1;
  }
  buffer.running = true;
  buffer.jumping = false;
  buffer.position = timestampAfter(timestamp, -buffer.target.delay);
  buffer.waiting = buffer.target.delay;
  startTarget(buffer.target);
}

/** Moves the position on or back without a break in what is known of the arrivals. */
function movePosition(buffer: JitterBuffer, position: number): void {
  shiftTarget(buffer.target, timestampBetween(buffer.position, position));
  buffer.position = position;
}

/** A packet far from the position: believed when its marker or a second packet says that the sender's timestamp jumped. */
function confirmJump(buffer: JitterBuffer, timestamp: number, count: number, marker: boolean): boolean {
  const distance = timestampBetween(buffer.jumpTimestamp, timestamp);
  const confirmed = marker || (buffer.jumping && distance >= 0 && distance < JUMP_SAMPLES);
  buffer.jumping = true;
  buffer.jumpTimestamp = timestampAfter(timestamp, count);
  return confirmed;
}

/**
 * Sets the position for the first packet, and anew for one that it does not fit: after a pause of the network, for a burst
 * that would exceed the bound, for a timestamp that jumped.
 * @returns KEPT when the packet may be inserted now
 */
function follow(buffer: JitterBuffer, timestamp: number, count: number, marker: boolean, inOrder: boolean): Placement {
  if (!buffer.running) {
    buffer.pieces = 0;
    setPosition(buffer, timestamp);
    buffer.newest = timestamp;
    return Placement.KEPT;
  }
  const reserve = timestampBetween(buffer.position, timestamp);
  if (reserve > JUMP_SAMPLES || reserve < -JUMP_SAMPLES) {
    if (!inOrder || !confirmJump(buffer, timestamp, count, marker)) {
      return reserve < 0 && !inOrder ? Placement.LATE : Placement.OVERRUN;
    }
    buffer.pieces = 0;
    setPosition(buffer, timestamp);
    buffer.newest = timestamp;
    return Placement.KEPT;
  }
  buffer.jumping = false;
  if (buffer.pieces === 0 && timestampBetween(buffer.newest, timestamp) >= 0) {
    if (marker && timestampBetween(buffer.newest, buffer.position) >= SPURT_PAUSE_SAMPLES) {
      movePosition(buffer, timestampAfter(timestamp, -buffer.target.delay));
      buffer.waiting = buffer.target.delay;
      return Placement.KEPT;
    }
    if (reserve < -boundOf(buffer)) {
      // The sender's clock stood still in a pause, or the network stalled for longer than may be kept.
      setPosition(buffer, timestamp);
      return Placement.KEPT;
    }
    if (reserve < 0) {
      // Late, and nothing else is there: it is played at once, so that what was concealed meanwhile is the whole delay.
      movePosition(buffer, timestamp);
      return Placement.KEPT;
    }
  }
  if (reserve > boundOf(buffer)) {
    buffer.overrun += 1;
    setPosition(buffer, timestamp);
    dropPlayed(buffer);
    return Placement.KEPT;
  }
  return reserve + count <= 0 ? Placement.LATE : Placement.KEPT;
}

/** Makes room in the lists for a piece at `index` counted from the oldest. */
function openPlace(buffer: JitterBuffer, index: number): number {
  for (let moved = buffer.pieces; moved > index; moved -= 1) {
    const to = place(buffer, moved);
    const from = place(buffer, moved - 1);
    buffer.starts[to] = buffer.starts[from];
    buffer.ends[to] = buffer.ends[from];
    buffer.laws[to] = buffer.laws[from];
  }
  buffer.pieces += 1;
  return place(buffer, index);
}

function copyIntoRing(buffer: JitterBuffer, timestamp: number, bytes: Bytes, start: number, end: number): void {
  const at = timestamp & RING_MASK;
  const room = JITTER_RING_SAMPLES - at;
  if (end - start <= room) {
    copyBytes(buffer.ring, at, bytes, start, end);
  } else {
    copyBytes(buffer.ring, at, bytes, start, start + room);
    copyBytes(buffer.ring, 0, bytes, start + room, end);
  }
}

/**
 * Inserts what of the packet is neither played nor covered yet: the part up to the next piece, when two overlap.
 * @param reserve samples from the position to the packet's first
 */
function insert(
  buffer: JitterBuffer,
  timestamp: number,
  reserve: number,
  law: number,
  bytes: Bytes,
  start: number,
  end: number,
): Placement {
  let from = start;
  let at = timestamp;
  if (reserve < 0) {
    from -= reserve;
    at = buffer.position;
  }
  let to = end;
  let index = buffer.pieces;
  if (index > 0 && timestampBetween(at, buffer.ends[place(buffer, index - 1)]) > 0) {
    // Not behind all others, as most are.
    while (index > 0 && timestampBetween(at, buffer.starts[place(buffer, index - 1)]) > 0) {
      index -= 1;
    }
    const covered = index > 0 ? timestampBetween(at, buffer.ends[place(buffer, index - 1)]) : 0;
    if (covered > 0) {
      from += covered;
      at = timestampAfter(at, covered);
    }
    if (index < buffer.pieces) {
      const gap = timestampBetween(at, buffer.starts[place(buffer, index)]);
      to = to - from > gap ? from + gap : to;
    }
  }
  if (from >= to) {
    return Placement.DUPLICATE;
  }
  if (buffer.pieces === JITTER_PIECES) {
    return Placement.OVERRUN;
  }
  copyIntoRing(buffer, at, bytes, from, to);
  const slot = openPlace(buffer, index);
  const newest = timestampAfter(at, to - from);
  buffer.starts[slot] = at;
  buffer.ends[slot] = newest;
  buffer.laws[slot] = law;
  if (timestampBetween(buffer.newest, newest) > 0) {
    buffer.newest = newest;
  }
  return Placement.KEPT;
}

/**
 * Takes the payload bytes[start … end) of a packet.
 * @param timestamp of its first sample, 27 bits
 * @param marker whether it begins a talk spurt
 * @param inOrder whether it is newer than all before, by its sequence number
 * @param law how the octets are encoded, 0 … 255, handed back by `findPiece`
 */
export function putInJitterBuffer(
  buffer: JitterBuffer,
  timestamp: number,
  marker: boolean,
  inOrder: boolean,
  law: number,
  bytes: Bytes,
  start: number,
  end: number,
): Placement {
  const count = end - start;
  const bound = boundOf(buffer);
  let placement = count > JITTER_RING_SAMPLES - bound ? Placement.OVERRUN : Placement.KEPT;
  let reserve = timestampBetween(buffer.position, timestamp);
  if (placement === Placement.KEPT) {
    if (buffer.pieces > 0 && reserve >= 0 && reserve <= bound) {
      buffer.jumping = false; // most packets
    } else {
      placement = follow(buffer, timestamp, count, marker, inOrder);
      reserve = timestampBetween(buffer.position, timestamp);
    }
  }
  if (placement === Placement.KEPT) {
    if (marker && buffer.pieces === 0 && reserve > buffer.waiting) {
      buffer.waiting = reserve;
    }
    placement = insert(buffer, timestamp, reserve, law, bytes, start, end);
  }
  if (placement === Placement.KEPT || placement === Placement.LATE) {
    noteReserve(buffer.target, reserve);
  }
  if (placement === Placement.LATE) {
    buffer.late += 1;
  } else if (placement === Placement.DUPLICATE) {
    buffer.duplicated += 1;
  } else if (placement === Placement.OVERRUN) {
    buffer.overrun += 1;
  }
  return placement;
}

/**
 * Looks at the samples from `offset` behind the position on.
 * @param limit the most that are wanted, at least 1
 * @returns how many are there in one run of the ring, at `foundAt`, encoded as `foundLaw`; or, negative, how many are missing
 */
export function findPiece(buffer: JitterBuffer, offset: number, limit: number): number {
  const wanted = timestampAfter(buffer.position, offset);
  for (let index = 0; index < buffer.pieces; index += 1) {
    const slot = place(buffer, index);
    const ahead = timestampBetween(wanted, buffer.starts[slot]);
    if (ahead > 0) {
      return ahead < limit ? -ahead : -limit;
    }
    const there = timestampBetween(wanted, buffer.ends[slot]);
    if (there > 0) {
      const at = wanted & RING_MASK;
      buffer.foundAt = at;
      buffer.foundLaw = buffer.laws[slot];
      const inRing = JITTER_RING_SAMPLES - at;
      const run = there < inRing ? there : inRing;
      return run < limit ? run : limit;
    }
  }
  return -limit;
}

/** Moves the position on by `count` samples, and drops what is then behind it. */
export function advanceJitterBuffer(buffer: JitterBuffer, count: number): void {
  buffer.position = timestampAfter(buffer.position, count);
  dropPlayed(buffer);
  if (buffer.pieces === 0 && timestampBetween(buffer.newest, buffer.position) > JUMP_SAMPLES) {
    buffer.newest = timestampAfter(buffer.position, -JUMP_SAMPLES);
  }
  buffer.waiting = buffer.waiting > count ? buffer.waiting - count : 0;
  endTargetWindow(buffer.target, count);
}

/** Counts `samples` as dropped (positive) or inserted (negative) by the player, so that less remains to be corrected. */
export function correctJitterBuffer(buffer: JitterBuffer, samples: number): void {
  shiftTarget(buffer.target, samples);
}

/** Samples between the position and the newest: what waits to be played, holes counted; 0 when nothing waits. */
export function jitterBufferDepth(buffer: JitterBuffer): number {
  return buffer.pieces === 0 ? 0 : timestampBetween(buffer.position, buffer.newest);
}
