// A peer for the tests of the receiving side: it speaks a sine of 250 Hz in packets of any length, and a script decides when
// each arrives. Time is in samples of 1/8000 s; the ear plays a frame of 160 at a time and measures what it hears.

import { createG711, encodeG711, Law } from "../../firmware/audio/g711";
import { SINE } from "../../firmware/audio/sine";
import { type Bytes, createBytes, createSamples, type Samples } from "../../firmware/bytes/bytes";
import { type Placement, putInJitterBuffer } from "../../firmware/rtp/jitter-buffer";
import { presentDelay } from "../../firmware/rtp/jitter-target";
import { type Playout, playFrame, takeNoise } from "../../firmware/rtp/playout";
import { createStream, measureJitter, streamJitter } from "../../firmware/rtp/stream";

export const FRAME = 160;
/** The greatest step from sample to sample of the sine, after G.711, with a fifth to spare: more is a click. */
export const SMOOTH_STEP = 2300;

const PERIOD = 32;

export const g711 = createG711();

/** The sample of the sine at `index`, 0 … */
export function sineAt(index: number): number {
  return SINE[(index % PERIOD) * PERIOD] * 2;
}

/** A packet on its way. */
export interface Packet {
  /** When it arrives, samples. */
  arrival: number;
  timestamp: number;
  marker: boolean;
  /** Whether no newer packet has arrived before. */
  inOrder: boolean;
  law: Law;
  octets: Bytes;
  /** Comfort noise: one octet, the level. */
  noise: boolean;
}

/** `count` octets of speech that began `index` samples after the begin of the call. */
export function speech(index: number, count: number, law: Law): Bytes {
  const samples = createSamples(count);
  for (let at = 0; at < count; at += 1) {
    samples[at] = sineAt(index + at);
  }
  const octets = createBytes(count);
  encodeG711(g711, law, samples, 0, count, octets, 0);
  return octets;
}

/** A packet of the speech from `index` on that arrives as soon as it is spoken. */
export function packetAt(index: number, count: number, firstTimestamp: number): Packet {
  const timestamp = (firstTimestamp + index) % 0x8000000;
  const octets = speech(index, count, Law.A);
  return { arrival: index + count, timestamp, marker: index === 0, inOrder: true, law: Law.A, octets, noise: false };
}

/** A packet of comfort noise `level` decibels below overload, sent `index` samples after the begin of the call. */
export function noiseAt(index: number, level: number, firstTimestamp: number): Packet {
  const packet = packetAt(index, 1, firstTimestamp);
  packet.octets[0] = level;
  packet.noise = true;
  return packet;
}

/** What of the packets a network hands over, in the order of arrival: each is late by delays(its number), or lost if negative. */
export function throughNetwork(packets: Packet[], delays: (index: number) => number): Packet[] {
  const handed: Packet[] = [];
  for (let index = 0; index < packets.length; index += 1) {
    const delay = delays(index);
    if (delay >= 0) {
      const packet = packets[index];
      packet.arrival += delay;
      let at = handed.length;
      while (at > 0 && handed[at - 1].arrival > packet.arrival) {
        at -= 1;
      }
      packet.inOrder = at === handed.length;
      handed.splice(at, 0, packet);
    }
  }
  return handed;
}

/** Numbers 0 … range - 1 from a seed. */
export function createChance(seed: number): (range: number) => number {
  let state = seed;
  return (range: number): number => {
    state = (state * 171 + 11213) % 53125;
    return ((state * range) / 53125) | 0;
  };
}

/** Packets of `count` samples each for `duration` samples from `index` on. */
export function packetsFrom(index: number, duration: number, count: number, firstTimestamp: number): Packet[] {
  const packets: Packet[] = [];
  for (let at = index; at + count <= index + duration; at += count) {
    packets.push(packetAt(at, count, firstTimestamp));
  }
  return packets;
}

/** What was heard. */
export interface Heard {
  frames: number;
  /** The greatest step between neighbouring samples, and the frame where it was. */
  greatestStep: number;
  stepFrame: number;
  /** Frames whose crest was below a quarter of the sine's. */
  quietFrames: number;
  /** The greatest depth of the jitter buffer after a frame, samples. */
  greatestDepth: number;
  /** What the buffer said about each packet, in order of arrival. */
  placements: Placement[];
  lastFrame: Samples;
  /** After each frame: the frames with samples missing so far, and the delay of prompt packets, milliseconds. */
  missing: number[];
  delays: number[];
}

/**
 * Lets the packets arrive, in the order given, and plays frames until `end`.
 * @param clock samples of the peer in 10,000 samples of ours: 10,000 is no drift
 */
export function listen(playout: Playout, packets: Packet[], end: number, clock: number): Heard {
  const frame = createSamples(FRAME);
  const stream = createStream();
  const heard: Heard = {
    frames: 0,
    greatestStep: 0,
    stepFrame: 0,
    quietFrames: 0,
    greatestDepth: 0,
    placements: [],
    lastFrame: frame,
    missing: [],
    delays: [],
  };
  let next = 0;
  let last = 0;
  for (let now = 0; now < end; now += FRAME) {
    const peerTime = ((now / 10000) | 0) * clock + ((((now % 10000) * clock) / 10000) | 0);
    while (next < packets.length && packets[next].arrival <= peerTime) {
      const packet = packets[next];
      next += 1;
      if (packet.noise) {
        takeNoise(playout, packet.timestamp, packet.octets, 0);
        continue;
      }
      measureJitter(stream, packet.timestamp, packet.arrival % 0x8000000);
      playout.buffer.target.jitter = streamJitter(stream);
      heard.placements.push(
        putInJitterBuffer(
          playout.buffer,
          packet.timestamp,
          packet.marker,
          packet.inOrder,
          packet.law,
          packet.octets,
          0,
          packet.octets.length,
        ),
      );
    }
    playFrame(playout, frame, 0, FRAME);
    let crest = 0;
    for (let index = 0; index < FRAME; index += 1) {
      const difference = frame[index] - last;
      const step = difference < 0 ? -difference : difference;
      if (step > heard.greatestStep) {
        heard.greatestStep = step;
        heard.stepFrame = heard.frames;
      }
      last = frame[index];
      crest = last > crest ? last : crest;
    }
    if (crest < 2000) {
      heard.quietFrames += 1;
    }
    const depth = (playout.buffer.newest - playout.buffer.position + 0x8000000) % 0x8000000;
    if (playout.buffer.pieces > 0 && depth > heard.greatestDepth) {
      heard.greatestDepth = depth;
    }
    heard.frames += 1;
    heard.missing.push(playout.lostFrames + playout.starvedFrames);
    heard.delays.push((presentDelay(playout.buffer.target) / 8) | 0);
  }
  return heard;
}
