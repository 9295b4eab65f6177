// What the media of a call counted, for the log, the panel and the tests. Counters stop at 2^27 - 1.

import { DECIMAL_MAXIMUM } from "../bytes/decimal";

export interface RtpStatistics {
  /** RTP packets sent, speech and events, and their payload octets. */
  packetsSent: number;
  octetsSent: number;
  /** Datagrams that the network refused to take. */
  refused: number;
  digitsSent: number;
  /** RTP packets that counted, and their payload octets. */
  packetsReceived: number;
  octetsReceived: number;
  digitsReceived: number;
  /** Datagrams from anybody but the peer, RTP and RTCP. */
  strangers: number;
  /** Datagrams of the peer that are no RTP, or no RTCP. */
  malformed: number;
  /** Packets of a second source of the peer, or far off the sequence, before they were trusted. */
  foreign: number;
  /** Packets with a payload type that was not agreed. */
  unknownTypes: number;
  /** Packets of comfort noise (RFC 3389). */
  comfortNoise: number;
  /** Packets that came while nothing is to be received. */
  ignored: number;
  /** Packets lost on the way by their sequence numbers; jitter in milliseconds (RFC 3550). */
  packetsLost: number;
  jitter: number;
  /** Packets that the jitter buffer could not use: too late, again, beyond its bound. */
  late: number;
  duplicated: number;
  overrun: number;
  /** What waits in the jitter buffer; its delay for prompt packets, and the one that it aims at; milliseconds. */
  depth: number;
  delay: number;
  delayTarget: number;
  /** Frames played with samples missing: later ones had come, or nothing more was there. */
  lostFrames: number;
  starvedFrames: number;
  /** Frames shortened and lengthened to follow the peer's clock. */
  shortenedFrames: number;
  lengthenedFrames: number;
  /** RTCP: reports both ways, the round trip in milliseconds (-1: unknown), and what the peer says it hears. */
  reportsSent: number;
  reportsReceived: number;
  roundTrip: number;
  remoteFractionLost: number;
  remotePacketsLost: number;
  remoteJitter: number;
}

/** Boot only: nothing counted. */
export function createRtpStatistics(): RtpStatistics {
  return {
    packetsSent: 0,
    octetsSent: 0,
    refused: 0,
    digitsSent: 0,
    packetsReceived: 0,
    octetsReceived: 0,
    digitsReceived: 0,
    strangers: 0,
    malformed: 0,
    foreign: 0,
    unknownTypes: 0,
    comfortNoise: 0,
    ignored: 0,
    packetsLost: 0,
    jitter: 0,
    late: 0,
    duplicated: 0,
    overrun: 0,
    depth: 0,
    delay: 0,
    delayTarget: 0,
    lostFrames: 0,
    starvedFrames: 0,
    shortenedFrames: 0,
    lengthenedFrames: 0,
    reportsSent: 0,
    reportsReceived: 0,
    roundTrip: -1,
    remoteFractionLost: 0,
    remotePacketsLost: 0,
    remoteJitter: 0,
  };
}

/** Sets the counters of reception to 0; the others are copies that `readRtpStatistics` makes. */
export function resetReceptionCounters(statistics: RtpStatistics): void {
  statistics.packetsReceived = 0;
  statistics.octetsReceived = 0;
  statistics.digitsReceived = 0;
  statistics.strangers = 0;
  statistics.malformed = 0;
  statistics.foreign = 0;
  statistics.unknownTypes = 0;
  statistics.comfortNoise = 0;
  statistics.ignored = 0;
}

/** `count` and `more` together, at most 2^27 - 1; `more` is below 65,536. */
export function countedOn(count: number, more: number): number {
  return count > DECIMAL_MAXIMUM - more ? DECIMAL_MAXIMUM : count + more;
}
