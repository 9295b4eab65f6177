// A received stream (RFC 3550 A.1, A.3, A.8): which source it comes from, its extended sequence, what was lost, and its
// jitter. The first source needs no probation, because signalling named its address; another one does, so that a few stray
// packets of the same host never displace the one that is heard. It never looks at payloads.

import type { RtpPacket } from "./packet";
import { timestampBetween } from "./timestamp";

/** What `arriveInStream` says about a packet. */
export const enum Arrival {
  /** A packet of the source, newer than all before. */
  NEWEST = 0,
  /** A packet of the source that comes late or again. */
  REORDERED = 1,
  /** The first packet of a source, or of one that began anew: everything that was kept of the stream is void. */
  RESTARTED = 2,
  /** A packet of another source, not trusted yet. */
  FOREIGN = -1,
  /** A sequence number far from the others, not trusted yet. */
  JUMPED = -2,
}

const MAXIMUM_DROPOUT = 3000; // packets, RFC 3550 A.1
const MAXIMUM_MISORDER = 100; // packets, RFC 3550 A.1
const CANDIDATE_PACKETS = 3; // in sequence and with none of the present source between them, before a new source is trusted
const NO_SEQUENCE = -1;
const COUNT_MASK = 0x7ffffff;
const TRANSIT_MAXIMUM = 0xffff; // 8 s: a difference above it is a jump of the timestamp, not jitter

export interface Stream {
  /** Whether there is a source yet. */
  known: boolean;
  ssrcHigh: number;
  ssrcLow: number;
  /** Extended highest sequence number received: how often it wrapped, 16 bits, and the number itself. */
  cycles: number;
  maximum: number;
  /** The first sequence number. */
  base: number;
  /** Packets received, duplicates and late ones included; 27 bits. */
  received: number;
  /** What `takeFractionLost` saw the last time; 27 bits. */
  expectedPrior: number;
  receivedPrior: number;
  /** Of the interval that `takeFractionLost` ended: its first sequence number, the packets expected and those lost. */
  intervalBegin: number;
  intervalExpected: number;
  intervalLost: number;
  /** The number that would confirm a jump of the sequence. */
  jumpSequence: number;
  /** Another source that wants to be the one. */
  candidateHigh: number;
  candidateLow: number;
  candidateSequence: number;
  candidateCount: number;
  /** Arrival less timestamp of the last packet, samples; meaningful while `transitKnown`. */
  transit: number;
  transitKnown: boolean;
  /** Interarrival jitter in sixteenths of a sample. */
  jitterSixteenths: number;
}

/** Boot only: a stream without a source. */
export function createStream(): Stream {
  return {
    known: false,
    ssrcHigh: 0,
    ssrcLow: 0,
    cycles: 0,
    maximum: 0,
    base: 0,
    received: 0,
    expectedPrior: 0,
    receivedPrior: 0,
    intervalBegin: 0,
    intervalExpected: 0,
    intervalLost: 0,
    jumpSequence: NO_SEQUENCE,
    candidateHigh: 0,
    candidateLow: 0,
    candidateSequence: NO_SEQUENCE,
    candidateCount: 0,
    transit: 0,
    transitKnown: false,
    jitterSixteenths: 0,
  };
}

function startSequence(stream: Stream, sequence: number): void {
  stream.cycles = 0;
  stream.maximum = sequence;
  stream.base = sequence;
  stream.received = 1;
  stream.expectedPrior = 0;
  stream.receivedPrior = 0;
  stream.jumpSequence = NO_SEQUENCE;
  stream.candidateCount = 0;
  stream.transitKnown = false;
}

/** Forgets the source: the next packet, of whatever source, is the first. The counts stay until then. */
export function forgetSource(stream: Stream): void {
  stream.known = false;
}

/** Empties the stream: no source, nothing counted. */
export function resetStream(stream: Stream): void {
  startSequence(stream, 0);
  stream.received = 0;
  stream.jitterSixteenths = 0;
  stream.known = false;
}

function startSource(stream: Stream, packet: RtpPacket): void {
  stream.known = true;
  stream.ssrcHigh = packet.ssrcHigh;
  stream.ssrcLow = packet.ssrcLow;
  stream.jitterSixteenths = 0;
  startSequence(stream, packet.sequence);
}

/** Whether there is a source, and the packet is of another one. */
export function isFromOther(stream: Stream, packet: RtpPacket): boolean {
  return stream.known && (packet.ssrcHigh !== stream.ssrcHigh || packet.ssrcLow !== stream.ssrcLow);
}

function arriveFromOther(stream: Stream, packet: RtpPacket): Arrival {
  const continues =
    stream.candidateCount > 0 &&
    packet.ssrcHigh === stream.candidateHigh &&
    packet.ssrcLow === stream.candidateLow &&
    packet.sequence === stream.candidateSequence;
  stream.candidateCount = continues ? stream.candidateCount + 1 : 1;
  stream.candidateHigh = packet.ssrcHigh;
  stream.candidateLow = packet.ssrcLow;
  stream.candidateSequence = (packet.sequence + 1) & 0xffff;
  if (stream.candidateCount < CANDIDATE_PACKETS) {
    return Arrival.FOREIGN;
  }
  startSource(stream, packet);
  return Arrival.RESTARTED;
}

/** Counts a packet that came from the right address, and says what it is. */
export function arriveInStream(stream: Stream, packet: RtpPacket): Arrival {
  if (!stream.known) {
    startSource(stream, packet);
    return Arrival.RESTARTED;
  }
  if (packet.ssrcHigh !== stream.ssrcHigh || packet.ssrcLow !== stream.ssrcLow) {
    return arriveFromOther(stream, packet);
  }
  stream.candidateCount = 0;
  const sequence = packet.sequence;
  const ahead = (sequence - stream.maximum) & 0xffff;
  if (ahead > 0 && ahead < MAXIMUM_DROPOUT) {
    if (sequence < stream.maximum) {
      stream.cycles = (stream.cycles + 1) & 0xffff;
    }
    stream.maximum = sequence;
    stream.received = (stream.received + 1) & COUNT_MASK;
    return Arrival.NEWEST;
  }
  if (ahead === 0 || ahead > 0x10000 - MAXIMUM_MISORDER) {
    stream.received = (stream.received + 1) & COUNT_MASK;
    return Arrival.REORDERED;
  }
  if (sequence !== stream.jumpSequence) {
    stream.jumpSequence = (sequence + 1) & 0xffff;
    return Arrival.JUMPED;
  }
  startSequence(stream, sequence);
  return Arrival.RESTARTED;
}

/**
 * Takes a packet into the jitter (RFC 3550 A.8).
 * @returns how much longer or shorter it was on its way than the packet before, samples; -1 when that means nothing
 * @param timestamp the packet's, 27 bits
 * @param arrival when it came, in samples of the same rate from any origin, 27 bits
 */
export function measureJitter(stream: Stream, timestamp: number, arrival: number): number {
  const transit = timestampBetween(timestamp, arrival);
  let difference = stream.transitKnown ? timestampBetween(stream.transit, transit) : TRANSIT_MAXIMUM + 1;
  if (difference < 0) {
    difference = -difference;
  }
  stream.transit = transit;
  stream.transitKnown = true;
  if (difference > TRANSIT_MAXIMUM) {
    return -1;
  }
  stream.jitterSixteenths += difference - ((stream.jitterSixteenths + 8) >> 4);
  return difference;
}

/** Interarrival jitter, samples. */
export function streamJitter(stream: Stream): number {
  return stream.jitterSixteenths >> 4;
}

function expectedPackets(stream: Stream): number {
  return (((stream.cycles & 0x7ff) << 16) + stream.maximum - stream.base + 1) & COUNT_MASK;
}

/** Packets lost since the source began; negative when duplicates outweigh them (RFC 3550 A.3). */
export function packetsLost(stream: Stream): number {
  return stream.known ? timestampBetween(stream.received, expectedPackets(stream)) : 0;
}

/** The fraction of packets lost since the last call, in 1/256 (RFC 3550 A.3). */
export function takeFractionLost(stream: Stream): number {
  const allExpected = expectedPackets(stream);
  const expected = (allExpected - stream.expectedPrior) & COUNT_MASK;
  const received = (stream.received - stream.receivedPrior) & COUNT_MASK;
  stream.intervalBegin = (stream.base + stream.expectedPrior) & 0xffff;
  stream.expectedPrior = allExpected;
  stream.receivedPrior = stream.received;
  const lost = timestampBetween(received, expected);
  stream.intervalExpected = expected;
  stream.intervalLost = lost > 0 ? lost : 0;
  if (expected === 0 || lost <= 0) {
    return 0;
  }
  if (lost >= expected) {
    return 255;
  }
  // Above 2^19 packets the division goes by 256 first, so that the product stays within 27 bits.
  return expected < 0x80000 ? ((lost * 256) / expected) | 0 : (lost / ((expected >> 8) + 1)) | 0;
}
