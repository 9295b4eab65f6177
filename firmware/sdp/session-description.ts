// The session description (RFC 8866) of a peer, read into a record of fixed size that outlives the message: media lines in
// their order with address, formats, packet times and direction. Lines that a door does not need are passed over, and a
// faulty attribute counts as absent. It judges nothing; offer-answer.ts does.

import type { Endpoint } from "../../hal/endpoint";
import { type Bytes, copyBytes, createBytes, findByte, isPrintable } from "../bytes/bytes";
import { parseDecimal } from "../bytes/decimal";
import { copyEndpoint, createEndpoint, parseIPv4, parseIPv6 } from "../bytes/ip-address";
import { createText, equalText, equalTextAnyCase, type Text } from "../bytes/text";
import { Status } from "../sip/status";

/** Media lines of a description. An answer must have as many as its offer, so one with more is refused as a whole. */
export const MEDIA_MAXIMUM = 8;
/** Formats of a media line that are looked at. */
export const FORMATS_MAXIMUM = 24;

const TEXT_BYTES = 512; // kind, protocol and first format of all media lines
const NO_FORMAT = 255; // a format that is no payload type

/** Who sends: bit 0 the one that describes, bit 1 the other side (RFC 8866 6.7). */
export const enum Direction {
  INACTIVE = 0,
  SEND_ONLY = 1,
  RECEIVE_ONLY = 2,
  SEND_RECEIVE = 3,
}

/** The encodings that a door speaks, each at 8,000 Hz with one channel. */
export const enum Encoding {
  OTHER = 0,
  PCMU = 1,
  PCMA = 2,
  TELEPHONE_EVENT = 3,
  /** RFC 3389. */
  COMFORT_NOISE = 4,
}

/** A media line and its attributes. */
export interface MediaDescription {
  /** Views of `SessionDescription.text`: kind, protocol and first format, for the line that refuses it. */
  kindStart: number;
  kindEnd: number;
  protocolStart: number;
  protocolEnd: number;
  formatStart: number;
  formatEnd: number;
  /** Whether it is audio over RTP/AVP (RFC 3551). */
  isAudio: boolean;
  /** Where the describing side receives. Family 0: no address that is a literal. Port 0: refused. */
  readonly remote: Endpoint;
  /** Where it receives RTCP (RFC 3605); family 0: at the next port of `remote`; port 0: not given. */
  readonly remoteControl: Endpoint;
  /** Whether it takes RTCP at the port of RTP (RFC 5761). */
  multiplexed: boolean;
  /** The payload types in order of preference, and what each stands for. */
  formatCount: number;
  readonly formats: Bytes;
  readonly encodings: Bytes;
  /** Milliseconds; 0: not given. */
  packetTime: number;
  packetTimeMaximum: number;
  direction: Direction;
}

export interface SessionDescription {
  readonly text: Bytes;
  textLength: number;
  mediaCount: number;
  readonly media: MediaDescription[];
  /** What the lines before the first media line say for all. */
  readonly remote: Endpoint;
  direction: Direction;
}

const VERSION = createText("v=0");
const AUDIO = createText("audio");
const RTP_AVP = createText("RTP/AVP");
const NETWORK_IP4 = createText("IN IP4 ");
const NETWORK_IP6 = createText("IN IP6 ");
const RTPMAP = createText("rtpmap");
const PTIME = createText("ptime");
const MAXPTIME = createText("maxptime");
const RTCP = createText("rtcp");
const RTCP_MUX = createText("rtcp-mux");
const DIRECTION_NAMES: Text[] = [
  createText("inactive"),
  createText("sendonly"),
  createText("recvonly"),
  createText("sendrecv"),
];
// From 1 on.
const ENCODING_NAMES: Text[] = [
  createText("PCMU"),
  createText("PCMA"),
  createText("telephone-event"),
  createText("CN"),
];
const CLOCK_RATE = createText("8000");
const ONE_CHANNEL = createText("8000/1");

/** The name of a direction, as attribute. */
export function directionName(direction: Direction): Text {
  return DIRECTION_NAMES[direction];
}

/** The name of an encoding other than OTHER, as rtpmap has it. */
export function encodingName(encoding: Encoding): Text {
  return ENCODING_NAMES[encoding - 1];
}

function createMediaDescription(): MediaDescription {
  return {
    kindStart: 0,
    kindEnd: 0,
    protocolStart: 0,
    protocolEnd: 0,
    formatStart: 0,
    formatEnd: 0,
    isAudio: false,
    remote: createEndpoint(),
    remoteControl: createEndpoint(),
    multiplexed: false,
    formatCount: 0,
    formats: createBytes(FORMATS_MAXIMUM),
    encodings: createBytes(FORMATS_MAXIMUM),
    packetTime: 0,
    packetTimeMaximum: 0,
    direction: Direction.SEND_RECEIVE,
  };
}

/** Boot only: a description without media. 1.5 KB. */
export function createSessionDescription(): SessionDescription {
  const description: SessionDescription = {
    text: createBytes(TEXT_BYTES),
    textLength: 0,
    mediaCount: 0,
    media: [],
    remote: createEndpoint(),
    direction: Direction.SEND_RECEIVE,
  };
  for (let index = 0; index < MEDIA_MAXIMUM; index += 1) {
    description.media.push(createMediaDescription());
  }
  return description;
}

function skipSpaces(bytes: Bytes, start: number, end: number): number {
  let index = start;
  while (index < end && bytes[index] === 0x20) {
    index += 1;
  }
  return index;
}

/** Keeps a token beyond the message. Returns its start in `text`, or -1 when there is no room. */
function keepText(description: SessionDescription, bytes: Bytes, start: number, end: number): number {
  const at = description.textLength;
  if (end - start > TEXT_BYTES - at) {
    return -1;
  }
  copyBytes(description.text, at, bytes, start, end);
  description.textLength = at + end - start;
  return at;
}

function startsWith(bytes: Bytes, start: number, end: number, text: Text, length: number): boolean {
  return end - start >= length && equalTextAnyCase(bytes, start, start + length, text);
}

/** `IN IP4 192.0.2.1` with an optional multicast suffix; anything but a literal of that family leaves no address. */
function parseConnection(bytes: Bytes, start: number, end: number, endpoint: Endpoint): void {
  const addressStart = start + 7;
  endpoint.family = 0;
  if (startsWith(bytes, start, end, NETWORK_IP4, 7)) {
    const addressEnd = findByte(bytes, addressStart, end, 0x2f);
    if (parseIPv4(bytes, addressStart, addressEnd, endpoint.address, 0)) {
      endpoint.family = 4;
    }
  } else if (startsWith(bytes, start, end, NETWORK_IP6, 7)) {
    const addressEnd = findByte(bytes, addressStart, end, 0x2f);
    if (parseIPv6(bytes, addressStart, addressEnd, endpoint.address, 0)) {
      endpoint.family = 6;
    }
  }
}

/** A payload type, 0 … 127, or NO_FORMAT. */
function parsePayloadType(bytes: Bytes, start: number, end: number): number {
  const value = parseDecimal(bytes, start, end);
  return value < 0 || value > 127 ? NO_FORMAT : value;
}

/** The formats of a media line; the static types mean what RFC 3551 says until an rtpmap says otherwise. */
function parseFormats(media: MediaDescription, bytes: Bytes, start: number, end: number): void {
  media.formatCount = 0;
  let index = start;
  while (index < end && media.formatCount < FORMATS_MAXIMUM) {
    const formatEnd = findByte(bytes, index, end, 0x20);
    const format = parsePayloadType(bytes, index, formatEnd);
    let encoding = Encoding.OTHER;
    if (format === 0) {
      encoding = Encoding.PCMU;
    } else if (format === 8) {
      encoding = Encoding.PCMA;
    } else if (format === 13) {
      encoding = Encoding.COMFORT_NOISE;
    }
    media.formats[media.formatCount] = format;
    media.encodings[media.formatCount] = encoding;
    media.formatCount += 1;
    index = skipSpaces(bytes, formatEnd, end);
  }
}

/** `audio 49170 RTP/AVP 0 8 101`, behind "m=": tokens of visible ASCII (RFC 8866 9), for an answer repeats those it refuses. */
function parseMedia(description: SessionDescription, bytes: Bytes, start: number, end: number): Status {
  if (description.mediaCount === MEDIA_MAXIMUM) {
    return Status.TOO_LONG;
  }
  const kindEnd = findByte(bytes, start, end, 0x20);
  const portStart = skipSpaces(bytes, kindEnd, end);
  const portEnd = findByte(bytes, portStart, end, 0x20);
  const protocolStart = skipSpaces(bytes, portEnd, end);
  const protocolEnd = findByte(bytes, protocolStart, end, 0x20);
  const formatStart = skipSpaces(bytes, protocolEnd, end);
  const formatEnd = findByte(bytes, formatStart, end, 0x20);
  const port = parseDecimal(bytes, portStart, findByte(bytes, portStart, portEnd, 0x2f));
  if (
    kindEnd === start ||
    port < 0 ||
    port > 65535 ||
    formatStart === formatEnd ||
    !isPrintable(bytes, start, end, 0x20)
  ) {
    return Status.MALFORMED;
  }
  const media = description.media[description.mediaCount];
  media.kindStart = keepText(description, bytes, start, kindEnd);
  media.protocolStart = keepText(description, bytes, protocolStart, protocolEnd);
  media.formatStart = keepText(description, bytes, formatStart, formatEnd);
  if (media.kindStart < 0 || media.protocolStart < 0 || media.formatStart < 0) {
    return Status.TOO_LONG;
  }
  media.kindEnd = media.kindStart + kindEnd - start;
  media.protocolEnd = media.protocolStart + protocolEnd - protocolStart;
  media.formatEnd = media.formatStart + formatEnd - formatStart;
  media.isAudio =
    equalTextAnyCase(bytes, start, kindEnd, AUDIO) && equalTextAnyCase(bytes, protocolStart, protocolEnd, RTP_AVP);
  copyEndpoint(media.remote, description.remote);
  media.remote.port = port;
  media.remoteControl.family = 0;
  media.remoteControl.port = 0;
  media.multiplexed = false;
  media.packetTime = 0;
  media.packetTimeMaximum = 0;
  media.direction = description.direction;
  parseFormats(media, bytes, formatStart, end);
  description.mediaCount += 1;
  return Status.OK;
}

/** `101 telephone-event/8000`: what a payload type stands for. */
function parseRtpmap(media: MediaDescription, bytes: Bytes, start: number, end: number): void {
  const formatEnd = findByte(bytes, start, end, 0x20);
  const format = parsePayloadType(bytes, start, formatEnd);
  const nameStart = skipSpaces(bytes, formatEnd, end);
  const nameEnd = findByte(bytes, nameStart, end, 0x2f);
  if (format === NO_FORMAT || nameStart === nameEnd || nameEnd === end) {
    return;
  }
  const clockEnd = findByte(bytes, nameEnd + 1, end, 0x20);
  let encoding = Encoding.OTHER;
  if (equalText(bytes, nameEnd + 1, clockEnd, CLOCK_RATE) || equalText(bytes, nameEnd + 1, clockEnd, ONE_CHANNEL)) {
    for (let index = 0; index < ENCODING_NAMES.length; index += 1) {
      if (equalTextAnyCase(bytes, nameStart, nameEnd, ENCODING_NAMES[index])) {
        encoding = (index + 1) as Encoding;
      }
    }
  }
  for (let index = 0; index < media.formatCount; index += 1) {
    if (media.formats[index] === format) {
      media.encodings[index] = encoding;
    }
  }
}

/** Whole milliseconds of a packet time (RFC 8866 6.4); 0 when it is none. */
function parseMilliseconds(bytes: Bytes, start: number, end: number): number {
  const value = parseDecimal(bytes, start, findByte(bytes, start, end, 0x2e));
  return value < 0 ? 0 : value;
}

/** `53020` or `53020 IN IP4 192.0.2.1` (RFC 3605). */
function parseControl(media: MediaDescription, bytes: Bytes, start: number, end: number): void {
  const portEnd = findByte(bytes, start, end, 0x20);
  const port = parseDecimal(bytes, start, portEnd);
  if (port > 0 && port <= 65535) {
    media.remoteControl.port = port;
    parseConnection(bytes, skipSpaces(bytes, portEnd, end), end, media.remoteControl);
  }
}

/** An attribute behind "a=", of the last media line or, before the first, of all. */
function parseAttribute(description: SessionDescription, bytes: Bytes, start: number, end: number): void {
  const nameEnd = findByte(bytes, start, end, 0x3a);
  for (let index = 0; index < DIRECTION_NAMES.length; index += 1) {
    if (equalTextAnyCase(bytes, start, nameEnd, DIRECTION_NAMES[index])) {
      if (description.mediaCount === 0) {
        description.direction = index as Direction;
      } else {
        description.media[description.mediaCount - 1].direction = index as Direction;
      }
      return;
    }
  }
  if (description.mediaCount === 0) {
    return;
  }
  const media = description.media[description.mediaCount - 1];
  if (nameEnd === end) {
    media.multiplexed = media.multiplexed || equalTextAnyCase(bytes, start, end, RTCP_MUX);
    return;
  }
  const valueStart = skipSpaces(bytes, nameEnd + 1, end);
  if (equalTextAnyCase(bytes, start, nameEnd, RTPMAP)) {
    parseRtpmap(media, bytes, valueStart, end);
  } else if (equalTextAnyCase(bytes, start, nameEnd, PTIME)) {
    media.packetTime = parseMilliseconds(bytes, valueStart, end);
  } else if (equalTextAnyCase(bytes, start, nameEnd, MAXPTIME)) {
    media.packetTimeMaximum = parseMilliseconds(bytes, valueStart, end);
  } else if (equalTextAnyCase(bytes, start, nameEnd, RTCP)) {
    parseControl(media, bytes, valueStart, end);
  }
}

/** One line without its end and without blanks behind it. */
function parseLine(description: SessionDescription, bytes: Bytes, start: number, end: number): Status {
  if (end - start < 3 || bytes[start + 1] !== 0x3d) {
    return Status.OK;
  }
  const type = bytes[start];
  if (type === 0x6d) {
    return parseMedia(description, bytes, start + 2, end);
  }
  if (type === 0x63) {
    if (description.mediaCount === 0) {
      parseConnection(bytes, start + 2, end, description.remote);
    } else {
      parseConnection(bytes, start + 2, end, description.media[description.mediaCount - 1].remote);
    }
  } else if (type === 0x61) {
    parseAttribute(description, bytes, start + 2, end);
  }
  return Status.OK;
}

/**
 * Reads bytes[start … end), lines that end in CRLF or LF.
 * @returns OK; MALFORMED when it does not begin with "v=0" or a media line is none; TOO_LONG for more than 8 media lines or
 * too long ones. The description then has no meaning
 */
export function parseSessionDescription(
  description: SessionDescription,
  bytes: Bytes,
  start: number,
  end: number,
): Status {
  description.textLength = 0;
  description.mediaCount = 0;
  description.remote.family = 0;
  description.direction = Direction.SEND_RECEIVE;
  let index = start;
  while (index < end) {
    const lineEnd = findByte(bytes, index, end, 0x0a);
    let contentEnd = lineEnd;
    while (contentEnd > index && (bytes[contentEnd - 1] === 0x0d || bytes[contentEnd - 1] === 0x20)) {
      contentEnd -= 1;
    }
    if (index === start && !equalText(bytes, index, contentEnd, VERSION)) {
      return Status.MALFORMED;
    }
    const status = parseLine(description, bytes, index, contentEnd);
    if (status !== Status.OK) {
      return status;
    }
    index = lineEnd + 1;
  }
  return index === start ? Status.MALFORMED : Status.OK;
}
