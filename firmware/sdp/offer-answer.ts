// Offer and answer (RFC 3264) of the one audio stream of a door: PCMU, PCMA and telephone events over RTP/AVP. Media lines
// that it does not take are refused in their place. Comfort noise (RFC 3389) and RTCP at the port of RTP (RFC 5761) are never
// offered, and accepted where they are. An exchange that fails leaves the agreement as it was.

import type { Endpoint } from "../../hal/endpoint";
import { Law } from "../audio/g711";
import { copyEndpoint, createEndpoint, equalAddresses, putAddress } from "../bytes/ip-address";
import { createText } from "../bytes/text";
import { putByte, putBytes, putDecimal, putDecimalHalves, putText, type Writer } from "../bytes/writer";
import { Status } from "../sip/status";
import type { Agreement } from "./agreement";
import {
  Direction,
  directionName,
  Encoding,
  encodingName,
  type MediaDescription,
  type SessionDescription,
} from "./session-description";

/** The payload type that we give telephone events in our offers. */
export const TELEPHONE_EVENT_TYPE = 101;

const PACKET_TIME_MINIMUM_MS = 10;
const PACKET_TIME_MAXIMUM_MS = 60;

/** What we can do and want. */
export interface Capabilities {
  /** Our address and RTP port, as peers see them. */
  readonly local: Endpoint;
  /** The same for RTCP. */
  readonly control: Endpoint;
  /** The laws that we take, the preferred one first: laws[0 … lawCount). */
  readonly laws: Law[];
  lawCount: number;
  /** Milliseconds, 10 … 60. */
  packetTime: number;
  /** Whether we want to send and to receive. */
  sending: boolean;
  receiving: boolean;
}

/** The o= line's numbers: of the session, 32 bits, and of the description, which grows by one when it changes. */
export interface Origin {
  sessionHigh: number;
  sessionLow: number;
  version: number;
}

/** Boot only: both laws, A-law first, 20 ms, both directions; the caller sets addresses and ports. */
export function createCapabilities(): Capabilities {
  const capabilities: Capabilities = {
    local: createEndpoint(),
    control: createEndpoint(),
    laws: [],
    lawCount: 2,
    packetTime: 20,
    sending: true,
    receiving: true,
  };
  capabilities.laws.push(Law.A);
  capabilities.laws.push(Law.MU);
  return capabilities;
}

/** Boot only: session 0, version 0. */
export function createOrigin(): Origin {
  return { sessionHigh: 0, sessionLow: 0, version: 0 };
}

const BEGIN = createText("v=0\r\no=- ");
const IN_IP4 = createText(" IN IP4 ");
const IN_IP6 = createText(" IN IP6 ");
const NAME = createText("\r\ns=-\r\nc=IN IP");
const TIME = createText("\r\nt=0 0\r\n");
const MEDIA = createText("m=");
const AUDIO = createText("m=audio ");
const RTP_AVP = createText(" RTP/AVP");
const REFUSED = createText(" 0 ");
const RTPMAP = createText("\r\na=rtpmap:");
const CLOCK_RATE = createText("/8000");
const FMTP = createText("\r\na=fmtp:");
const EVENTS = createText(" 0-15");
const PTIME = createText("\r\na=ptime:");
const ATTRIBUTE = createText("\r\na=");
const RTCP = createText("\r\na=rtcp:");
const RTCP_MUX = createText("\r\na=rtcp-mux");
const LINE_END = createText("\r\n");

function putRtpmap(writer: Writer, payloadType: number, encoding: Encoding): void {
  putText(writer, RTPMAP);
  putDecimal(writer, payloadType);
  putByte(writer, 0x20);
  putText(writer, encodingName(encoding));
  putText(writer, CLOCK_RATE);
}

function encodingOf(law: Law): Encoding {
  return law === Law.MU ? Encoding.PCMU : Encoding.PCMA;
}

function directionOf(sending: boolean, receiving: boolean): Direction {
  const sends = sending ? Direction.SEND_ONLY : Direction.INACTIVE;
  return receiving ? ((sends + Direction.RECEIVE_ONLY) as Direction) : sends;
}

function putNetworkAddress(writer: Writer, endpoint: Endpoint): void {
  putText(writer, endpoint.family === 6 ? IN_IP6 : IN_IP4);
  putAddress(writer, endpoint.family, endpoint.address);
}

/** The lines before the first media line. */
function putSession(writer: Writer, local: Endpoint, origin: Origin): void {
  putText(writer, BEGIN);
  putDecimalHalves(writer, origin.sessionHigh, origin.sessionLow);
  putByte(writer, 0x20);
  putDecimal(writer, origin.version);
  putNetworkAddress(writer, local);
  putText(writer, NAME);
  putByte(writer, local.family === 6 ? 0x36 : 0x34);
  putByte(writer, 0x20);
  putAddress(writer, local.family, local.address);
  putText(writer, TIME);
}

function putFormat(writer: Writer, payloadType: number): void {
  putByte(writer, 0x20);
  putDecimal(writer, payloadType);
}

/** The attributes behind the rtpmaps of the laws. */
function putAttributes(
  writer: Writer,
  capabilities: Capabilities,
  agreement: Agreement,
  packetTime: number,
  direction: Direction,
): void {
  const eventType = agreement.telephoneEventReceiveType;
  if (eventType >= 0) {
    putRtpmap(writer, eventType, Encoding.TELEPHONE_EVENT);
    putText(writer, FMTP);
    putDecimal(writer, eventType);
    putText(writer, EVENTS);
  }
  if (agreement.noiseReceiveType >= 0) {
    putRtpmap(writer, agreement.noiseReceiveType, Encoding.COMFORT_NOISE);
  }
  putText(writer, PTIME);
  putDecimal(writer, packetTime);
  putText(writer, ATTRIBUTE);
  putText(writer, directionName(direction));
  if (agreement.multiplexed) {
    putText(writer, RTCP_MUX);
  } else {
    putControl(writer, capabilities.local, capabilities.control);
  }
  putText(writer, LINE_END);
}

/** Where RTCP goes (RFC 3605), as far as it is not the port above RTP's at the same address. */
function putControl(writer: Writer, local: Endpoint, control: Endpoint): void {
  const isElsewhere = !equalAddresses(control, local);
  if (isElsewhere || control.port !== local.port + 1) {
    putText(writer, RTCP);
    putDecimal(writer, control.port);
  }
  if (isElsewhere) {
    putNetworkAddress(writer, control);
  }
}

function statusOf(writer: Writer): Status {
  return writer.overflowed ? Status.TOO_LONG : Status.OK;
}

/**
 * Writes the first offer of a session, and notes in `agreement` which payload types we gave out.
 * @returns OK, or TOO_LONG when it does not fit
 */
export function writeOffer(writer: Writer, capabilities: Capabilities, origin: Origin, agreement: Agreement): Status {
  agreement.mediaIndex = 0;
  agreement.muReceiveType = Law.MU;
  agreement.aReceiveType = Law.A;
  agreement.telephoneEventReceiveType = TELEPHONE_EVENT_TYPE;
  agreement.noiseReceiveType = -1;
  agreement.multiplexed = false;
  putSession(writer, capabilities.local, origin);
  putText(writer, AUDIO);
  putDecimal(writer, capabilities.local.port);
  putText(writer, RTP_AVP);
  for (let index = 0; index < capabilities.lawCount; index += 1) {
    putFormat(writer, capabilities.laws[index]);
  }
  putFormat(writer, TELEPHONE_EVENT_TYPE);
  for (let index = 0; index < capabilities.lawCount; index += 1) {
    putRtpmap(writer, capabilities.laws[index], encodingOf(capabilities.laws[index]));
  }
  const direction = directionOf(capabilities.sending, capabilities.receiving);
  putAttributes(writer, capabilities, agreement, capabilities.packetTime, direction);
  return statusOf(writer);
}

/** Whether an address is multicast or broadcast, where no call may send to. */
function isGroup(endpoint: Endpoint): boolean {
  const first = endpoint.address[0];
  return endpoint.family === 6 ? first === 0xff : first >= 224;
}

/** Whether an address is all zeros: "on hold" before RFC 3264 (its 8.4). */
function isZero(endpoint: Endpoint): boolean {
  let sum = 0;
  const length = endpoint.family === 6 ? 16 : 4;
  for (let index = 0; index < length; index += 1) {
    sum += endpoint.address[index];
  }
  return sum === 0;
}

/** The index of the first format with that encoding, or -1. */
function findEncoding(media: MediaDescription, encoding: Encoding): number {
  for (let index = 0; index < media.formatCount; index += 1) {
    if (media.encodings[index] === encoding) {
      return index;
    }
  }
  return -1;
}

/** The payload type that a description gives an encoding, or `otherwise`. */
function typeOf(media: MediaDescription, encoding: Encoding, otherwise: number): number {
  const index = findEncoding(media, encoding);
  return index < 0 ? otherwise : media.formats[index];
}

/** The index of the first format, in the peer's order (RFC 3264 6.1), whose law we take, or -1. */
function findLaw(media: MediaDescription, capabilities: Capabilities): number {
  let first = -1;
  for (let index = 0; index < capabilities.lawCount; index += 1) {
    const found = findEncoding(media, encodingOf(capabilities.laws[index]));
    if (found >= 0 && (first < 0 || found < first)) {
      first = found;
    }
  }
  return first;
}

/** Whether we can talk over this media line. */
function isUsable(media: MediaDescription, capabilities: Capabilities): boolean {
  return (
    media.isAudio &&
    media.remote.port !== 0 &&
    media.remote.family === capabilities.local.family &&
    !isGroup(media.remote) &&
    findLaw(media, capabilities) >= 0
  );
}

/** The peer's packet time, else ours, within its maximum and what we can do. */
function packetTimeOf(media: MediaDescription, capabilities: Capabilities): number {
  let milliseconds = media.packetTime > 0 ? media.packetTime : capabilities.packetTime;
  if (media.packetTimeMaximum > 0 && milliseconds > media.packetTimeMaximum) {
    milliseconds = media.packetTimeMaximum;
  }
  milliseconds = milliseconds > PACKET_TIME_MAXIMUM_MS ? PACKET_TIME_MAXIMUM_MS : milliseconds;
  milliseconds = milliseconds < PACKET_TIME_MINIMUM_MS ? PACKET_TIME_MINIMUM_MS : milliseconds;
  return milliseconds - (milliseconds % 10);
}

/** Takes over what the peer's media line says; the payload types that it may send stay as they are. */
function agree(media: MediaDescription, capabilities: Capabilities, agreement: Agreement): void {
  const chosen = findLaw(media, capabilities);
  agreement.law = media.encodings[chosen] === Encoding.PCMU ? Law.MU : Law.A;
  agreement.payloadType = media.formats[chosen];
  agreement.telephoneEventSendType = typeOf(media, Encoding.TELEPHONE_EVENT, -1);
  agreement.packetTime = packetTimeOf(media, capabilities);
  const peerSends = media.direction === Direction.SEND_ONLY || media.direction === Direction.SEND_RECEIVE;
  const peerReceives = media.direction === Direction.RECEIVE_ONLY || media.direction === Direction.SEND_RECEIVE;
  agreement.receiving = capabilities.receiving && peerSends;
  agreement.heldByPeer = !peerReceives || isZero(media.remote);
  agreement.sending = capabilities.sending && !agreement.heldByPeer;
  copyEndpoint(agreement.remote, media.remote);
  agreeControl(media, agreement);
}

/** Where RTCP goes: nowhere while the peer has no address. */
function agreeControl(media: MediaDescription, agreement: Agreement): void {
  const control = media.remoteControl;
  const apart = !agreement.multiplexed && control.family === media.remote.family;
  copyEndpoint(agreement.remoteControl, apart ? control : media.remote);
  if (isZero(agreement.remoteControl)) {
    agreement.remoteControl.port = 0;
  } else if (!agreement.multiplexed) {
    agreement.remoteControl.port = control.port > 0 ? control.port : (media.remote.port + 1) & 0xffff;
  }
}

/**
 * Decides on an offer: the first media line that we can talk over.
 * @returns OK, or UNSUPPORTED when there is none (488); the agreement is then as it was
 */
export function negotiateAnswer(offer: SessionDescription, capabilities: Capabilities, agreement: Agreement): Status {
  for (let index = 0; index < offer.mediaCount; index += 1) {
    const media = offer.media[index];
    if (isUsable(media, capabilities)) {
      agreement.multiplexed = media.multiplexed;
      agree(media, capabilities, agreement);
      agreement.mediaIndex = index;
      agreement.muReceiveType = typeOf(media, Encoding.PCMU, Law.MU);
      agreement.aReceiveType = typeOf(media, Encoding.PCMA, Law.A);
      agreement.telephoneEventReceiveType = agreement.telephoneEventSendType;
      agreement.noiseReceiveType = typeOf(media, Encoding.COMFORT_NOISE, -1);
      return Status.OK;
    }
  }
  return Status.UNSUPPORTED;
}

function putRefused(writer: Writer, offer: SessionDescription, media: MediaDescription): void {
  putText(writer, MEDIA);
  putBytes(writer, offer.text, media.kindStart, media.kindEnd);
  putText(writer, REFUSED);
  putBytes(writer, offer.text, media.protocolStart, media.protocolEnd);
  putByte(writer, 0x20);
  putBytes(writer, offer.text, media.formatStart, media.formatEnd);
  putText(writer, LINE_END);
}

/** Writes an answer that takes no media line of the offer (RFC 3264 6). */
export function writeRefusal(writer: Writer, offer: SessionDescription, local: Endpoint, origin: Origin): void {
  putSession(writer, local, origin);
  for (let index = 0; index < offer.mediaCount; index += 1) {
    putRefused(writer, offer, offer.media[index]);
  }
}

/**
 * Writes the answer that `negotiateAnswer` decided: a line for each line of the offer. The same text, with the version
 * counted up, is also our offer when the session is offered anew later (RFC 3264 8).
 * @returns OK, or TOO_LONG when it does not fit
 */
export function writeAnswer(
  writer: Writer,
  offer: SessionDescription,
  capabilities: Capabilities,
  agreement: Agreement,
  origin: Origin,
): Status {
  putSession(writer, capabilities.local, origin);
  for (let index = 0; index < offer.mediaCount; index += 1) {
    if (index !== agreement.mediaIndex) {
      putRefused(writer, offer, offer.media[index]);
    } else {
      putText(writer, AUDIO);
      putDecimal(writer, capabilities.local.port);
      putText(writer, RTP_AVP);
      putFormat(writer, agreement.payloadType);
      if (agreement.telephoneEventReceiveType >= 0) {
        putFormat(writer, agreement.telephoneEventReceiveType);
      }
      if (agreement.noiseReceiveType >= 0) {
        putFormat(writer, agreement.noiseReceiveType);
      }
      putRtpmap(writer, agreement.payloadType, encodingOf(agreement.law));
      const direction = directionOf(agreement.sending, agreement.receiving);
      putAttributes(writer, capabilities, agreement, agreement.packetTime, direction);
    }
  }
  return statusOf(writer);
}

/**
 * Takes the answer to our offer.
 * @returns OK; UNSUPPORTED when it refuses our media line or takes it in a way that we did not offer; MISSING when it has
 * no such line. The agreement is then as it was
 */
export function acceptAnswer(answer: SessionDescription, capabilities: Capabilities, agreement: Agreement): Status {
  if (answer.mediaCount <= agreement.mediaIndex) {
    return Status.MISSING;
  }
  const media = answer.media[agreement.mediaIndex];
  if (!isUsable(media, capabilities)) {
    return Status.UNSUPPORTED;
  }
  agreement.multiplexed = agreement.multiplexed && media.multiplexed;
  agree(media, capabilities, agreement);
  return Status.OK;
}
