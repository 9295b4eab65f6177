// The media of one call: its two sockets, the stream that is sent, the one that is received, digits both ways and RTCP.
// It is started by what offer and answer agreed, and may be started again during the call when that changes. It knows
// nothing of SIP, and nothing of the sound devices: whoever paces them calls `sendRtpFrame` and `playRtpFrame`.

import type { MediaSockets } from "../../hal/board";
import type { Endpoint } from "../../hal/endpoint";
import type { Random } from "../../hal/random";
import type { Udp } from "../../hal/udp";
import type { G711 } from "../audio/g711";
import { type Bytes, createBytes, type Samples } from "../bytes/bytes";
import { createEndpoint, equalAddresses } from "../bytes/ip-address";
import { timeBetween } from "../clock/time";
import type { TimerWheel } from "../clock/timer-wheel";
import { Status } from "../sip/status";
import { refuseStun, STUN_FIRST_OCTETS, type StunReceiver } from "../stun/receiver";
import {
  copyRtpConfiguration,
  createRtpConfiguration,
  expectsRtp,
  isEvent,
  isNoise,
  lawOf,
  type RtpConfiguration,
} from "./configuration";
import { type Control, createControl, forgetReports, receiveControl, startControl, stopControl } from "./control";
import { sumUp } from "./extended-report";
import { jitterBufferDepth, Placement, putInJitterBuffer } from "./jitter-buffer";
import { presentDelay } from "./jitter-target";
import { createRtpPacket, isControlPacket, parseRtpPacket, type RtpPacket } from "./packet";
import { createPlayout, flushPlayout, type Playout, playFrame, resetPlayout, takeNoise } from "./playout";
import { createSourceFilter, latchSource, maySendFrom, resetSourceFilter, type SourceFilter } from "./source-filter";
import { countedOn, createRtpStatistics, type RtpStatistics, resetReceptionCounters } from "./statistics";
import {
  Arrival,
  arriveInStream,
  createStream,
  forgetSource,
  isFromOther,
  measureJitter,
  packetsLost,
  resetStream,
  type Stream,
  streamJitter,
} from "./stream";
import {
  createEventReceiver,
  type EventReceiver,
  queueDigit,
  receiveEvent,
  resetEventReceiver,
  TELEPHONE_EVENT_BYTES,
  timestampOfNextEvent,
} from "./telephone-event";
import { SAMPLES_PER_MS, timestampOf } from "./timestamp";
import {
  createTransmission,
  setTransmission,
  skipTime,
  startTransmission,
  suspendTransmission,
  type Transmission,
  transmit,
} from "./transmission";

const ARRIVAL_MASK = 0xffffff; // 24 bits of milliseconds are 27 of samples

/** What a session is told by the memory contract. */
export interface RtpLimits {
  /** Octets of the receive buffer; a longer datagram is malformed. 200 ms of speech and its header are 1,612. */
  datagramBytes: number;
  /** Datagrams that one call of `receiveRtp` takes at most from each socket. */
  datagramsPerReceive: number;
}

/** Who hears what a call's media say. */
export interface RtpListener {
  owner: object;
  /** The peer pressed a key: 0 … 9, 10 for *, 11 for #, 12 … 15 for A … D. Once a press. */
  onDigit: (owner: object, digit: number) => void;
  /** The peer's source left (RTCP BYE). The call itself goes on until SIP ends it. */
  onGoodbye: (owner: object) => void;
}

export interface RtpSession {
  readonly limits: RtpLimits;
  readonly sockets: MediaSockets;
  readonly random: Random;
  readonly wheel: TimerWheel;
  readonly listener: RtpListener;
  readonly configuration: RtpConfiguration;
  running: boolean;
  readonly transmission: Transmission;
  readonly stream: Stream;
  readonly playout: Playout;
  readonly events: EventReceiver;
  readonly control: Control;
  readonly filter: SourceFilter;
  readonly controlFilter: SourceFilter;
  readonly statistics: RtpStatistics;
  readonly datagram: Bytes;
  readonly source: Endpoint;
  readonly packet: RtpPacket;
  /** Device time of the last RTP packet that counted, or of the time from which on it is expected. */
  lastArrival: number;
  /** The same for RTCP; `controlHeard` when it came since the media last changed. */
  lastControl: number;
  controlHeard: boolean;
  /** Who takes the STUN of both sockets, call or no call. */
  stun: StunReceiver;
}

/** Boot only: a session that is not running. */
export function createRtpSession(
  limits: RtpLimits,
  sockets: MediaSockets,
  random: Random,
  wheel: TimerWheel,
  g711: G711,
  listener: RtpListener,
): RtpSession {
  const configuration = createRtpConfiguration();
  const transmission = createTransmission(sockets.rtp, g711);
  const stream = createStream();
  return {
    limits,
    sockets,
    random,
    wheel,
    listener,
    configuration,
    running: false,
    transmission,
    stream,
    playout: createPlayout(g711),
    events: createEventReceiver(),
    control: createControl(sockets.rtcp, random, wheel, transmission, stream, configuration.remoteControl),
    filter: createSourceFilter(),
    controlFilter: createSourceFilter(),
    statistics: createRtpStatistics(),
    datagram: createBytes(limits.datagramBytes),
    source: createEndpoint(),
    packet: createRtpPacket(),
    lastArrival: 0,
    lastControl: 0,
    controlHeard: false,
    stun: { owner: sockets, onStun: refuseStun },
  };
}

function isSameEndpoint(left: Endpoint, right: Endpoint): boolean {
  return left.port === right.port && equalAddresses(left, right);
}

/** Forgets what was received from the peer before. */
function resetReception(session: RtpSession): void {
  resetStream(session.stream);
  resetSourceFilter(session.filter);
  resetSourceFilter(session.controlFilter);
  resetEventReceiver(session.events);
  resetPlayout(session.playout, session.configuration.jitterDelay, session.configuration.jitterMaximum);
}

/**
 * Starts the media, or changes them while they run. SSRC, sequence and timestamp of what is sent go on through a change;
 * what is received begins anew only with another remote address or port.
 */
export function startRtp(session: RtpSession, configuration: RtpConfiguration): void {
  const present = session.configuration;
  const fresh = !session.running;
  const movedAway = fresh || !isSameEndpoint(present.remote, configuration.remote);
  const delayChanged =
    present.jitterDelay !== configuration.jitterDelay || present.jitterMaximum !== configuration.jitterMaximum;
  if (movedAway || expectsRtp(present) !== expectsRtp(configuration)) {
    session.lastArrival = session.wheel.now;
    session.controlHeard = false;
  }
  copyRtpConfiguration(present, configuration);
  session.control.socket = present.multiplexed ? session.sockets.rtp : session.sockets.rtcp;
  if (fresh) {
    session.running = true;
    startTransmission(session.transmission, session.random);
    resetReceptionCounters(session.statistics);
    startControl(session.control);
  }
  if (movedAway) {
    resetReception(session);
    forgetReports(session.control);
  } else if (delayChanged) {
    resetPlayout(session.playout, present.jitterDelay, present.jitterMaximum);
  } else if (!present.receiving) {
    flushPlayout(session.playout);
  }
  const transmission = session.transmission;
  if (!present.sending) {
    suspendTransmission(transmission);
  }
  setTransmission(transmission, present.law, present.payloadType, present.packetTime, present.telephoneEventSendType);
}

/** Ends the media with an RTCP goodbye. The counters stay until the next start. */
export function stopRtp(session: RtpSession): void {
  if (session.running) {
    session.running = false;
    suspendTransmission(session.transmission);
    stopControl(session.control);
    flushPlayout(session.playout);
  }
}

function receiveEvents(session: RtpSession): void {
  const packet = session.packet;
  const datagram = session.datagram;
  let at = packet.payloadStart;
  let timestamp = timestampOf(packet.timestampHigh, packet.timestampLow);
  while (at + TELEPHONE_EVENT_BYTES <= packet.payloadEnd) {
    const digit = receiveEvent(session.events, datagram, at, timestamp);
    if (digit >= 0) {
      session.statistics.digitsReceived = countedOn(session.statistics.digitsReceived, 1);
      session.listener.onDigit(session.listener.owner, digit);
    }
    timestamp = timestampOfNextEvent(datagram, at, timestamp);
    at += TELEPHONE_EVENT_BYTES;
  }
}

function receiveSpeech(session: RtpSession, arrival: Arrival, law: number): void {
  const packet = session.packet;
  const timestamp = timestampOf(packet.timestampHigh, packet.timestampLow);
  const summary = session.control.summary;
  sumUp(summary, measureJitter(session.stream, timestamp, (session.wheel.now & ARRIVAL_MASK) * SAMPLES_PER_MS));
  if (packet.payloadStart < packet.payloadEnd) {
    const inOrder = arrival !== Arrival.REORDERED;
    const buffer = session.playout.buffer;
    buffer.target.jitter = streamJitter(session.stream);
    const placement = putInJitterBuffer(
      buffer,
      timestamp,
      packet.marker,
      inOrder,
      law,
      session.datagram,
      packet.payloadStart,
      packet.payloadEnd,
    );
    if (placement === Placement.DUPLICATE) {
      summary.duplicates += 1;
    }
  }
}

function receiveNoise(session: RtpSession): void {
  const packet = session.packet;
  session.statistics.comfortNoise = countedOn(session.statistics.comfortNoise, 1);
  if (packet.payloadStart < packet.payloadEnd) {
    const timestamp = timestampOf(packet.timestampHigh, packet.timestampLow);
    takeNoise(session.playout, timestamp, session.datagram, packet.payloadStart);
  }
}

/** A packet of the peer, well-formed. */
function receivePacket(session: RtpSession): void {
  const statistics = session.statistics;
  const configuration = session.configuration;
  const packet = session.packet;
  const payloadType = packet.payloadType;
  const octets = packet.payloadEnd - packet.payloadStart;
  const event = isEvent(configuration, payloadType);
  const law = event ? -1 : lawOf(configuration, payloadType);
  if (law < 0 && !event && !isNoise(configuration, payloadType)) {
    statistics.unknownTypes = countedOn(statistics.unknownTypes, 1);
    return;
  }
  latchSource(session.filter, configuration.remote, session.source);
  session.lastArrival = session.wheel.now;
  // A key press opens the door, so it counts even where a gateway sends it as a source of its own, which is never followed.
  const arrival =
    event && isFromOther(session.stream, packet) ? Arrival.FOREIGN : arriveInStream(session.stream, packet);
  if (arrival === Arrival.RESTARTED) {
    flushPlayout(session.playout);
  }
  if (arrival < 0 && !event) {
    statistics.foreign = countedOn(statistics.foreign, 1);
    return;
  }
  statistics.packetsReceived = countedOn(statistics.packetsReceived, 1);
  statistics.octetsReceived = countedOn(statistics.octetsReceived, octets);
  if (!configuration.receiving) {
    statistics.ignored = countedOn(statistics.ignored, 1);
  } else if (law >= 0) {
    receiveSpeech(session, arrival, law);
  } else if (event) {
    receiveEvents(session);
  } else {
    receiveNoise(session);
  }
}

/** Whether the datagram of `length` octets in the receive buffer is STUN that somebody waits for. */
function isStunTaken(session: RtpSession, length: number): boolean {
  const stun = session.stun;
  return (
    length > 0 &&
    length <= session.limits.datagramBytes &&
    session.datagram[0] < STUN_FIRST_OCTETS &&
    stun.onStun(stun.owner, session.datagram, length, session.source)
  );
}

/** Takes one RTP datagram of `length` octets in the receive buffer; what is none may be STUN (RFC 7983 7). */
function takeDatagram(session: RtpSession, length: number): void {
  const isOfPeer = session.running && maySendFrom(session.filter, session.configuration.remote, session.source);
  if (
    isOfPeer &&
    length <= session.limits.datagramBytes &&
    parseRtpPacket(session.datagram, 0, length, session.packet) === Status.OK
  ) {
    receivePacket(session);
  } else if (!isStunTaken(session, length) && session.running) {
    const statistics = session.statistics;
    if (isOfPeer) {
      statistics.malformed = countedOn(statistics.malformed, 1);
    } else {
      statistics.strangers = countedOn(statistics.strangers, 1);
    }
  }
}

/** Takes one RTCP datagram of `length` octets in the receive buffer. */
function takeControlDatagram(session: RtpSession, length: number): void {
  if (isStunTaken(session, length) || !session.running) {
    return;
  }
  const statistics = session.statistics;
  if (!maySendFrom(session.controlFilter, session.configuration.remoteControl, session.source)) {
    statistics.strangers = countedOn(statistics.strangers, 1);
    return;
  }
  if (
    length > session.limits.datagramBytes ||
    receiveControl(session.control, session.datagram, 0, length) !== Status.OK
  ) {
    statistics.malformed = countedOn(statistics.malformed, 1);
    return;
  }
  latchSource(session.controlFilter, session.configuration.remoteControl, session.source);
  session.lastControl = session.wheel.now;
  session.controlHeard = true;
  if (session.control.received.goodbye && session.stream.known) {
    forgetSource(session.stream);
    session.listener.onGoodbye(session.listener.owner);
  }
}

/** Takes what waits at one of the sockets, a bounded number. Returns how many. */
function drain(session: RtpSession, socket: Udp, isControl: boolean): number {
  const datagram = session.datagram;
  const most = session.limits.datagramsPerReceive;
  for (let taken = 0; taken < most; taken += 1) {
    const length = socket.read(datagram, session.source);
    if (length < 0) {
      return taken;
    }
    if (isControl || (session.configuration.multiplexed && isControlPacket(datagram, length))) {
      takeControlDatagram(session, length);
    } else {
      takeDatagram(session, length);
    }
  }
  return most;
}

/**
 * Takes the datagrams that wait at the socket of RTP, a bounded number; those of a session that is not running are thrown away.
 * @returns how many it took
 */
export function receiveMediaPackets(session: RtpSession): number {
  return drain(session, session.sockets.rtp, false);
}

/** The same for the socket of RTCP. */
export function receiveControlPackets(session: RtpSession): number {
  return drain(session, session.sockets.rtcp, true);
}

/** Takes what waits at both. */
export function receiveRtp(session: RtpSession): number {
  return receiveMediaPackets(session) + receiveControlPackets(session);
}

/** Sends samples[start … start + count) of the microphone, any count; while nothing is to be sent, their time passes. */
export function sendRtpFrame(session: RtpSession, samples: Samples, start: number, count: number): void {
  if (session.running) {
    if (session.configuration.sending) {
      transmit(session.transmission, session.configuration.remote, samples, start, count);
    } else {
      skipTime(session.transmission, count);
    }
  }
}

/** Fills samples[start … start + count) for the loudspeaker, normally 160; silence when nothing ever came. */
export function playRtpFrame(session: RtpSession, samples: Samples, start: number, count: number): void {
  playFrame(session.playout, samples, start, count);
}

/**
 * Sends a key press in place of the speech of its time, behind those that wait already.
 * @param digit 0 … 15 as in RtpListener
 * @param duration milliseconds, clipped to 40 … 8000
 * @returns OK, MALFORMED for another digit, FULL when 16 wait, UNSUPPORTED when the peer takes none or nothing is sent
 */
export function sendRtpDigit(session: RtpSession, digit: number, duration: number): Status {
  if (!session.running || !session.configuration.sending || session.configuration.telephoneEventSendType < 0) {
    return Status.UNSUPPORTED;
  }
  return queueDigit(session.transmission.events, digit, duration);
}

/**
 * How long the peer has given no sign of life, milliseconds; 0 while nothing runs. Where no RTP can be expected, because
 * either side holds the call or the peer said that it is silent, RTCP counts as well; and on hold nothing at all is expected
 * of a peer that has sent no RTCP since. Valid up to 18 hours.
 */
export function silenceOfRtp(session: RtpSession, now: number): number {
  const silence = timeBetween(session.lastArrival, now);
  const expected = expectsRtp(session.configuration);
  if (!session.running || (!expected && !session.controlHeard)) {
    return 0;
  }
  if (!session.controlHeard || (expected && !session.playout.silent)) {
    return silence;
  }
  const controlSilence = timeBetween(session.lastControl, now);
  return controlSilence < silence ? controlSilence : silence;
}

/** The counters of the session, brought up to date. */
export function readRtpStatistics(session: RtpSession): RtpStatistics {
  const statistics = session.statistics;
  const transmission = session.transmission;
  const playout = session.playout;
  const buffer = playout.buffer;
  const control = session.control;
  statistics.packetsSent = ((transmission.packets.high & 0x7ff) << 16) + transmission.packets.low;
  statistics.octetsSent = ((transmission.octets.high & 0x7ff) << 16) + transmission.octets.low;
  statistics.refused = transmission.refused;
  statistics.digitsSent = transmission.digits;
  statistics.packetsLost = packetsLost(session.stream);
  statistics.jitter = (streamJitter(session.stream) / SAMPLES_PER_MS) | 0;
  statistics.late = buffer.late;
  statistics.duplicated = buffer.duplicated;
  statistics.overrun = buffer.overrun;
  statistics.depth = (jitterBufferDepth(buffer) / SAMPLES_PER_MS) | 0;
  statistics.delay = (presentDelay(buffer.target) / SAMPLES_PER_MS) | 0;
  statistics.delayTarget = (buffer.target.delay / SAMPLES_PER_MS) | 0;
  statistics.lostFrames = playout.lostFrames;
  statistics.starvedFrames = playout.starvedFrames;
  statistics.shortenedFrames = playout.shortenedFrames;
  statistics.lengthenedFrames = playout.lengthenedFrames;
  statistics.reportsSent = control.reportsSent;
  statistics.reportsReceived = control.reportsReceived;
  statistics.roundTrip = control.roundTrip;
  statistics.remoteFractionLost = control.remoteFractionLost;
  statistics.remotePacketsLost = control.remotePacketsLost;
  statistics.remoteJitter = (control.remoteJitter / SAMPLES_PER_MS) | 0;
  return statistics;
}
