// The transmitted stream of a call: frames from the microphone become G.711 packets of the agreed length, and while a digit
// is under way, RFC 4733 event packets take their place. Start values are random (RFC 3550 5.1). Its clock is the samples.

import type { Endpoint } from "../../hal/endpoint";
import type { Random } from "../../hal/random";
import type { Udp } from "../../hal/udp";
import { encodeG711, type G711, Law } from "../audio/g711";
import { type Bytes, copyBytes, createBytes, type Samples } from "../bytes/bytes";
import { createHalves, type Halves } from "../bytes/decimal";
import { numberAt } from "../bytes/network-order";
import { createRtpPacket, RTP_HEADER_BYTES, type RtpPacket, writeRtpMoment, writeRtpSource } from "./packet";
import {
  beginEvent,
  createEventSender,
  type EventSender,
  eventUnderWay,
  replacesSpeech,
  resetEventSender,
  samplesToStep,
  stepEvent,
  TELEPHONE_EVENT_BYTES,
} from "./telephone-event";
import { SAMPLES_PER_MS } from "./timestamp";

/** The longest packet that is sent, milliseconds. */
export const PACKET_TIME_MAXIMUM_MS = 60;
const PACKET_SAMPLES_MAXIMUM = 480; // PACKET_TIME_MAXIMUM_MS
const RANDOM_BYTES = 10; // SSRC, sequence, timestamp

export interface Transmission {
  readonly socket: Udp;
  readonly g711: G711;
  readonly events: EventSender;
  /** The next packet: its header's fields, and its octets with the speech encoded so far. */
  readonly header: RtpPacket;
  readonly packet: Bytes;
  readonly eventPacket: Bytes;
  /** Samples in the packet, and how many make it full. */
  filled: number;
  packetSamples: number;
  law: Law;
  payloadType: number;
  /** -1: the peer takes no telephone events. */
  eventType: number;
  /** Whether the next speech packet begins a talk spurt. */
  spurtBegins: boolean;
  eventBegins: boolean;
  /** Sent since the start, 32 bits as sender reports carry them. */
  readonly packets: Halves;
  readonly octets: Halves;
  /** Packets that the network refused. */
  refused: number;
  digits: number;
}

/** Boot only. */
export function createTransmission(socket: Udp, g711: G711): Transmission {
  return {
    socket,
    g711,
    events: createEventSender(),
    header: createRtpPacket(),
    packet: createBytes(RTP_HEADER_BYTES + PACKET_SAMPLES_MAXIMUM),
    eventPacket: createBytes(RTP_HEADER_BYTES + TELEPHONE_EVENT_BYTES),
    filled: 0,
    packetSamples: 160,
    law: Law.MU,
    payloadType: 0,
    eventType: -1,
    spurtBegins: true,
    eventBegins: false,
    packets: createHalves(),
    octets: createHalves(),
    refused: 0,
    digits: 0,
  };
}

/** Hands what is above 16 bits in the lower half on to the upper one. */
function carry(halves: Halves): void {
  halves.high = (halves.high + (halves.low >> 16)) & 0xffff;
  halves.low &= 0xffff;
}

/** Begins a stream with random SSRC, sequence number and timestamp, and nothing counted. */
export function startTransmission(transmission: Transmission, random: Random): void {
  const header = transmission.header;
  const bytes = transmission.packet;
  random.fill(bytes, 0, RANDOM_BYTES);
  header.ssrcHigh = numberAt(bytes, 0);
  header.ssrcLow = numberAt(bytes, 2);
  header.sequence = numberAt(bytes, 4);
  header.timestampHigh = numberAt(bytes, 6);
  header.timestampLow = numberAt(bytes, 8);
  writeRtpSource(header, bytes, 0);
  copyBytes(transmission.eventPacket, 0, bytes, 0, RTP_HEADER_BYTES);
  transmission.packets.high = 0;
  transmission.packets.low = 0;
  transmission.octets.high = 0;
  transmission.octets.low = 0;
  transmission.refused = 0;
  transmission.digits = 0;
  suspendTransmission(transmission);
}

/** Drops speech and digits that wait to be sent; what comes next begins a talk spurt. */
export function suspendTransmission(transmission: Transmission): void {
  transmission.filled = 0;
  transmission.spurtBegins = true;
  transmission.eventBegins = false;
  resetEventSender(transmission.events);
}

/**
 * Sets how speech is sent from the next packet on.
 * @param packetTime milliseconds, clipped to 10 … 60 and cut to a multiple of 10
 * @param eventType payload type of telephone events, -1 for none
 */
export function setTransmission(
  transmission: Transmission,
  law: Law,
  payloadType: number,
  packetTime: number,
  eventType: number,
): void {
  let milliseconds = packetTime < 10 ? 10 : packetTime;
  milliseconds = milliseconds > PACKET_TIME_MAXIMUM_MS ? PACKET_TIME_MAXIMUM_MS : milliseconds;
  const packetSamples = (milliseconds - (milliseconds % 10)) * SAMPLES_PER_MS;
  if (law !== transmission.law || packetSamples <= transmission.filled) {
    skipTime(transmission, transmission.filled);
    transmission.filled = 0;
  }
  transmission.law = law;
  transmission.payloadType = payloadType;
  transmission.packetSamples = packetSamples;
  transmission.eventType = eventType;
}

/** Moves the timestamp on by `samples` that are not sent. */
export function skipTime(transmission: Transmission, samples: number): void {
  const header = transmission.header;
  const low = header.timestampLow + samples;
  header.timestampLow = low & 0xffff;
  header.timestampHigh = (header.timestampHigh + (low >> 16)) & 0xffff;
}

function sendPacket(transmission: Transmission, bytes: Bytes, payloadBytes: number, remote: Endpoint): void {
  const header = transmission.header;
  writeRtpMoment(header, bytes, 0);
  header.sequence = (header.sequence + 1) & 0xffff;
  if (transmission.socket.write(bytes, 0, RTP_HEADER_BYTES + payloadBytes, remote) < 0) {
    transmission.refused += 1;
  }
  const packets = transmission.packets;
  const octets = transmission.octets;
  packets.low += 1;
  octets.low += payloadBytes;
  if (packets.low > 0xffff || octets.low > 0xffff) {
    carry(packets);
    carry(octets);
  }
}

function sendSpeech(transmission: Transmission, remote: Endpoint): void {
  const header = transmission.header;
  const filled = transmission.filled;
  header.marker = transmission.spurtBegins;
  header.payloadType = transmission.payloadType;
  sendPacket(transmission, transmission.packet, filled, remote);
  transmission.spurtBegins = false;
  skipTime(transmission, filled);
  transmission.filled = 0;
}

/** An event packet carries the timestamp of the event's begin, while the stream's own goes on. */
function sendEvent(transmission: Transmission, remote: Endpoint): void {
  const header = transmission.header;
  const events = transmission.events;
  const high = header.timestampHigh;
  const low = header.timestampLow;
  header.timestampHigh = events.timestampHigh;
  header.timestampLow = events.timestampLow;
  header.marker = transmission.eventBegins;
  header.payloadType = transmission.eventType;
  sendPacket(transmission, transmission.eventPacket, TELEPHONE_EVENT_BYTES, remote);
  transmission.eventBegins = false;
  header.timestampHigh = high;
  header.timestampLow = low;
}

/** Takes at most `most` samples of speech into the packet, and sends it when it is full. Returns how many it took. */
function packSpeech(
  transmission: Transmission,
  remote: Endpoint,
  samples: Samples,
  start: number,
  most: number,
): number {
  const filled = transmission.filled;
  const room = transmission.packetSamples - filled;
  const count = most < room ? most : room;
  encodeG711(
    transmission.g711,
    transmission.law,
    samples,
    start,
    count,
    transmission.packet,
    RTP_HEADER_BYTES + filled,
  );
  transmission.filled = filled + count;
  if (count === room) {
    sendSpeech(transmission, remote);
  }
  return count;
}

/** Begins the next digit at the present time; speech that was packed for it is given up. */
function beginDigit(transmission: Transmission): void {
  const header = transmission.header;
  skipTime(transmission, transmission.filled);
  transmission.filled = 0;
  beginEvent(transmission.events, header.timestampHigh, header.timestampLow);
  transmission.eventBegins = true;
  transmission.digits += 1;
}

/**
 * Sends samples[start … start + count): as speech, or as the time that passes while a digit is sent.
 * @param remote where packets go
 */
export function transmit(
  transmission: Transmission,
  remote: Endpoint,
  samples: Samples,
  start: number,
  count: number,
): void {
  const events = transmission.events;
  let at = start;
  const end = start + count;
  while (at < end) {
    let piece = end - at;
    if (events.count > 0 && !eventUnderWay(events)) {
      beginDigit(transmission);
    }
    if (eventUnderWay(events)) {
      const toStep = samplesToStep(events);
      piece = piece < toStep ? piece : toStep;
    }
    if (replacesSpeech(events)) {
      skipTime(transmission, piece);
    } else {
      piece = packSpeech(transmission, remote, samples, at, piece);
    }
    if (eventUnderWay(events) && stepEvent(events, piece, transmission.eventPacket, RTP_HEADER_BYTES)) {
      sendEvent(transmission, remote);
    }
    at += piece;
  }
}
