// Via (RFC 3261 20.42): who sent a request and where its responses go (RFC 3581 for rport).

import type { Bytes } from "../bytes/bytes";
import { parseDecimal } from "../bytes/decimal";
import { createText, equalText, equalTextAnyCase, textLength } from "../bytes/text";
import {
  CHARACTER_BLANK,
  CHARACTER_HOST,
  CHARACTER_TOKEN,
  CHARACTERS,
  skipBlanks,
  skipClass,
  skipHost,
  trimBlanks,
} from "./characters";
import { createParameter, parseParameter } from "./parameters";
import { Status } from "./status";

export const enum ViaTransport {
  OTHER = 0,
  UDP = 1,
  TCP = 2,
  TLS = 3,
}

export interface Via {
  /** The whole value, from the protocol name to the last parameter. */
  start: number;
  end: number;
  transport: ViaTransport;
  /** sent-by; an IPv6 reference keeps its brackets. */
  hostStart: number;
  hostEnd: number;
  /** 0: none given. */
  port: number;
  /** The branch; empty when there is none. */
  branchStart: number;
  branchEnd: number;
  /** Whether the branch is the magic cookie "z9hG4bK" and something behind it (RFC 3261 8.1.1.7). */
  hasMagicCookie: boolean;
  /** The received parameter; empty when there is none. */
  receivedStart: number;
  receivedEnd: number;
  /** RPORT_ABSENT, RPORT_EMPTY or the port. */
  rport: number;
  /** The whole rport parameter from its name on; empty when absent. */
  rportStart: number;
  rportEnd: number;
}

export const RPORT_ABSENT = -1;
export const RPORT_EMPTY = 0;

const USUAL = createText("SIP/2.0/UDP");
const NAME = createText("SIP");
const VERSION = createText("2.0");
const UDP = createText("UDP");
const TCP = createText("TCP");
const TLS = createText("TLS");
const BRANCH = createText("branch");
const RECEIVED = createText("received");
const RPORT = createText("rport");

const parameter = createParameter();

/** Boot only: an empty Via. */
export function createVia(): Via {
  return {
    start: 0,
    end: 0,
    transport: ViaTransport.OTHER,
    hostStart: 0,
    hostEnd: 0,
    port: 0,
    branchStart: 0,
    branchEnd: 0,
    hasMagicCookie: false,
    receivedStart: 0,
    receivedEnd: 0,
    rport: RPORT_ABSENT,
    rportStart: 0,
    rportEnd: 0,
  };
}

function startsWithMagicCookie(bytes: Bytes, start: number, end: number): boolean {
  return (
    end - start > 7 &&
    (bytes[start] | 0x20) === 0x7a &&
    bytes[start + 1] === 0x39 &&
    (bytes[start + 2] | 0x20) === 0x68 &&
    (bytes[start + 3] | 0x20) === 0x67 &&
    bytes[start + 4] === 0x34 &&
    (bytes[start + 5] | 0x20) === 0x62 &&
    (bytes[start + 6] | 0x20) === 0x6b
  );
}

function parseTransport(bytes: Bytes, start: number, end: number): ViaTransport {
  if (equalTextAnyCase(bytes, start, end, UDP)) {
    return ViaTransport.UDP;
  }
  if (equalTextAnyCase(bytes, start, end, TCP)) {
    return ViaTransport.TCP;
  }
  return equalTextAnyCase(bytes, start, end, TLS) ? ViaTransport.TLS : ViaTransport.OTHER;
}

/** "SIP / 2.0 / UDP": returns the offset behind the transport, or -1. */
function parseProtocol(bytes: Bytes, start: number, end: number, via: Via): number {
  const usualEnd = start + textLength(USUAL);
  if (usualEnd < end && equalText(bytes, start, usualEnd, USUAL) && bytes[usualEnd] === 0x20) {
    via.transport = ViaTransport.UDP;
    return usualEnd;
  }
  const nameEnd = skipClass(bytes, start, end, CHARACTER_TOKEN);
  let index = skipBlanks(bytes, nameEnd, end);
  if (!equalTextAnyCase(bytes, start, nameEnd, NAME) || index >= end || bytes[index] !== 0x2f) {
    return -1;
  }
  const versionStart = skipBlanks(bytes, index + 1, end);
  const versionEnd = skipClass(bytes, versionStart, end, CHARACTER_TOKEN);
  index = skipBlanks(bytes, versionEnd, end);
  if (!equalTextAnyCase(bytes, versionStart, versionEnd, VERSION) || index >= end || bytes[index] !== 0x2f) {
    return -1;
  }
  const transportStart = skipBlanks(bytes, index + 1, end);
  const transportEnd = skipClass(bytes, transportStart, end, CHARACTER_TOKEN);
  if (transportEnd === transportStart) {
    return -1;
  }
  via.transport = parseTransport(bytes, transportStart, transportEnd);
  return transportEnd;
}

/** host [":" port]: returns the offset behind it and the blanks that follow, or -1. */
function parseSentBy(bytes: Bytes, start: number, end: number, via: Via): number {
  const characters = CHARACTERS;
  let index = start;
  while (index < end && (characters[bytes[index]] & CHARACTER_HOST) !== 0) {
    index += 1;
  }
  if (index === start) {
    // An IPv6 reference, or nothing.
    index = skipHost(bytes, start, end);
    if (index < 0) {
      return -1;
    }
  }
  via.hostStart = start;
  via.hostEnd = index;
  if (index < end && bytes[index] <= 0x20) {
    index = skipBlanks(bytes, index, end);
  }
  if (index >= end || bytes[index] !== 0x3a) {
    return index;
  }
  index += 1;
  if (index < end && bytes[index] <= 0x20) {
    index = skipBlanks(bytes, index, end);
  }
  let port = 0;
  while (index < end && port <= 65535 && bytes[index] >= 0x30 && bytes[index] <= 0x39) {
    port = port * 10 + bytes[index] - 0x30;
    index += 1;
  }
  via.port = port;
  if (port < 1 || port > 65535) {
    return -1;
  }
  return index < end && bytes[index] <= 0x20 ? skipBlanks(bytes, index, end) : index;
}

/** Malformed behind the sent-by: the value ends there, and where a refusal goes is known. */
function cutParameters(via: Via, sentByEnd: number): Status {
  via.end = sentByEnd;
  via.receivedEnd = via.receivedStart;
  via.rport = RPORT_ABSENT;
  return Status.MALFORMED;
}

/**
 * Reads one Via value, e.g. `SIP/2.0/UDP 192.0.2.4:5060;branch=z9hG4bK77;rport`, up to `end` or the comma before the next
 * value; `via.end` says where it ended.
 * @returns OK or MALFORMED; when only the parameters are, `via.end` is where the sent-by ends, else `via.start`
 */
export function parseVia(bytes: Bytes, start: number, end: number, via: Via): Status {
  via.start = start;
  via.end = start;
  via.transport = ViaTransport.OTHER;
  via.hostStart = start;
  via.hostEnd = start;
  via.port = 0;
  via.branchStart = start;
  via.branchEnd = start;
  via.hasMagicCookie = false;
  via.receivedStart = start;
  via.receivedEnd = start;
  via.rport = RPORT_ABSENT;
  via.rportStart = start;
  via.rportEnd = start;
  let index = parseProtocol(bytes, start, end, via);
  if (index < 0 || index >= end || (CHARACTERS[bytes[index]] & CHARACTER_BLANK) === 0) {
    return Status.MALFORMED;
  }
  index += 1;
  if (index < end && bytes[index] <= 0x20) {
    index = skipBlanks(bytes, index, end);
  }
  index = parseSentBy(bytes, index, end, via);
  if (index < 0 || (index < end && bytes[index] !== 0x3b && bytes[index] !== 0x2c)) {
    return Status.MALFORMED;
  }
  const sentByEnd = index;
  while (index >= 0 && index < end && bytes[index] === 0x3b) {
    index = parseParameter(bytes, index, end, parameter);
    if (index < 0) {
      break;
    }
    const nameStart = parameter.nameStart;
    const length = parameter.nameEnd - nameStart;
    if (length === 6 && equalTextAnyCase(bytes, nameStart, parameter.nameEnd, BRANCH)) {
      via.branchStart = parameter.valueStart;
      via.branchEnd = parameter.valueEnd;
      via.hasMagicCookie = startsWithMagicCookie(bytes, parameter.valueStart, parameter.valueEnd);
    } else if (length === 5 && equalTextAnyCase(bytes, nameStart, parameter.nameEnd, RPORT)) {
      via.rportStart = nameStart;
      via.rportEnd = parameter.hasValue ? parameter.valueEnd : parameter.nameEnd;
      via.rport = parameter.hasValue ? parseDecimal(bytes, parameter.valueStart, parameter.valueEnd) : RPORT_EMPTY;
      if (via.rport < 0 || via.rport > 65535) {
        index = -1;
      }
    } else if (length === 8 && equalTextAnyCase(bytes, nameStart, parameter.nameEnd, RECEIVED)) {
      via.receivedStart = parameter.valueStart;
      via.receivedEnd = parameter.valueEnd;
      if (via.receivedEnd === via.receivedStart) {
        index = -1;
      }
    }
  }
  if (index < 0 || (index < end && bytes[index] !== 0x2c)) {
    return cutParameters(via, sentByEnd);
  }
  via.end = bytes[index - 1] <= 0x20 ? trimBlanks(bytes, start, index) : index;
  return Status.OK;
}
