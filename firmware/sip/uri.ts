// SIP, SIPS and tel URIs (RFC 3261 19.1 and 25.1, RFC 3966), read in place, with the comparison of 19.1.4.

import { type Bytes, equalBytesAnyCase } from "../bytes/bytes";
import { parseDecimal } from "../bytes/decimal";
import { hexValue } from "../bytes/hex";
import { createText, equalTextAnyCase } from "../bytes/text";
import { CHARACTER_DIGIT, CHARACTER_TOKEN, CHARACTER_USER, skipClass, skipHost } from "./characters";
import { createParameter, parseParameter } from "./parameters";
import { Status } from "./status";
import { ViaTransport } from "./via";

export const enum UriScheme {
  OTHER = 0,
  SIP = 1,
  SIPS = 2,
  TEL = 3,
}

export interface Uri {
  start: number;
  end: number;
  scheme: UriScheme;
  /** User part without password; for tel the number. Empty when there is none. */
  userStart: number;
  userEnd: number;
  passwordStart: number;
  passwordEnd: number;
  /** Host; an IPv6 reference keeps its brackets. Empty for tel. */
  hostStart: number;
  hostEnd: number;
  /** 0: none given. */
  port: number;
  /** From the first ";" on; empty when there are none. */
  parametersStart: number;
  parametersEnd: number;
  /** Behind the "?"; empty when there are none. */
  headersStart: number;
  headersEnd: number;
  /** The lr parameter (19.1.1). */
  looseRouting: boolean;
  /** The transport parameter; UDP when there is none. */
  transport: ViaTransport;
}

const SIP = createText("sip");
const SIPS = createText("sips");
const TEL = createText("tel");
const LR = createText("lr");
const TRANSPORT = createText("transport");
const UDP = createText("udp");
const TCP = createText("tcp");
const TLS = createText("tls");

const parameter = createParameter();

/** Boot only: an empty URI. */
export function createUri(): Uri {
  return {
    start: 0,
    end: 0,
    scheme: UriScheme.OTHER,
    userStart: 0,
    userEnd: 0,
    passwordStart: 0,
    passwordEnd: 0,
    hostStart: 0,
    hostEnd: 0,
    port: 0,
    parametersStart: 0,
    parametersEnd: 0,
    headersStart: 0,
    headersEnd: 0,
    looseRouting: false,
    transport: ViaTransport.UDP,
  };
}

function parseScheme(bytes: Bytes, start: number, end: number): UriScheme {
  if (equalTextAnyCase(bytes, start, end, SIP)) {
    return UriScheme.SIP;
  }
  if (equalTextAnyCase(bytes, start, end, SIPS)) {
    return UriScheme.SIPS;
  }
  return equalTextAnyCase(bytes, start, end, TEL) ? UriScheme.TEL : UriScheme.OTHER;
}

/** Whether every "%" in [start, end) is followed by two hexadecimal digits. */
function hasGoodEscapes(bytes: Bytes, start: number, end: number): boolean {
  for (let index = start; index < end; index += 1) {
    if (bytes[index] === 0x25) {
      if (index + 2 >= end || hexValue(bytes[index + 1]) < 0 || hexValue(bytes[index + 2]) < 0) {
        return false;
      }
    }
  }
  return true;
}

/** [user [":" password] "@"]: returns the offset of the host, or -1. */
function parseUserInformation(bytes: Bytes, start: number, end: number, uri: Uri): number {
  let at = start;
  while (at < end && bytes[at] !== 0x40) {
    at += 1;
  }
  if (at === end) {
    return start;
  }
  const userEnd = skipClass(bytes, start, at, CHARACTER_USER);
  uri.userStart = start;
  uri.userEnd = userEnd;
  if (userEnd === start || !hasGoodEscapes(bytes, start, userEnd)) {
    return -1;
  }
  if (userEnd < at) {
    if (
      bytes[userEnd] !== 0x3a ||
      skipClass(bytes, userEnd + 1, at, CHARACTER_USER) !== at ||
      !hasGoodEscapes(bytes, userEnd + 1, at)
    ) {
      return -1;
    }
    uri.passwordStart = userEnd + 1;
    uri.passwordEnd = at;
  }
  return at + 1;
}

/** host [":" port]: returns the offset behind it, or -1. */
function parseHostPort(bytes: Bytes, start: number, end: number, uri: Uri): number {
  let index = skipHost(bytes, start, end);
  if (index < 0) {
    return -1;
  }
  uri.hostStart = start;
  uri.hostEnd = index;
  if (index < end && bytes[index] === 0x3a) {
    const portEnd = skipClass(bytes, index + 1, end, CHARACTER_DIGIT);
    uri.port = parseDecimal(bytes, index + 1, portEnd);
    if (uri.port < 1 || uri.port > 65535) {
      return -1;
    }
    index = portEnd;
  }
  return index;
}

function parseTransportValue(bytes: Bytes, start: number, end: number): ViaTransport {
  if (equalTextAnyCase(bytes, start, end, UDP)) {
    return ViaTransport.UDP;
  }
  if (equalTextAnyCase(bytes, start, end, TCP)) {
    return ViaTransport.TCP;
  }
  return equalTextAnyCase(bytes, start, end, TLS) ? ViaTransport.TLS : ViaTransport.OTHER;
}

/** Parameters and headers from `start` on. Returns OK or MALFORMED. */
function parseTail(bytes: Bytes, start: number, end: number, uri: Uri): Status {
  let index = start;
  uri.parametersStart = index;
  while (index >= 0 && index < end && bytes[index] === 0x3b) {
    index = parseParameter(bytes, index, end, parameter);
    if (index < 0) {
      return Status.MALFORMED;
    }
    if (equalTextAnyCase(bytes, parameter.nameStart, parameter.nameEnd, LR)) {
      uri.looseRouting = true;
    } else if (equalTextAnyCase(bytes, parameter.nameStart, parameter.nameEnd, TRANSPORT)) {
      uri.transport = parseTransportValue(bytes, parameter.valueStart, parameter.valueEnd);
    }
  }
  uri.parametersEnd = index;
  uri.headersStart = end;
  uri.headersEnd = end;
  if (index < end) {
    if (bytes[index] !== 0x3f) {
      return Status.MALFORMED;
    }
    uri.headersStart = index + 1;
  }
  return Status.OK;
}

/**
 * Reads one URI.
 * @returns OK; UNSUPPORTED for a scheme other than sip, sips and tel (start, end and scheme are set); MALFORMED
 */
export function parseUri(bytes: Bytes, start: number, end: number, uri: Uri): Status {
  uri.start = start;
  uri.end = end;
  uri.port = 0;
  uri.looseRouting = false;
  uri.transport = ViaTransport.UDP;
  uri.userStart = start;
  uri.userEnd = start;
  uri.passwordStart = start;
  uri.passwordEnd = start;
  uri.hostStart = start;
  uri.hostEnd = start;
  uri.parametersStart = end;
  uri.parametersEnd = end;
  uri.headersStart = end;
  uri.headersEnd = end;
  const schemeEnd = skipClass(bytes, start, end, CHARACTER_TOKEN);
  if (schemeEnd === start || schemeEnd >= end || bytes[schemeEnd] !== 0x3a) {
    uri.scheme = UriScheme.OTHER;
    return Status.MALFORMED;
  }
  uri.scheme = parseScheme(bytes, start, schemeEnd);
  if (uri.scheme === UriScheme.OTHER) {
    return Status.UNSUPPORTED;
  }
  let index = schemeEnd + 1;
  if (uri.scheme === UriScheme.TEL) {
    uri.userStart = index;
    while (index < end && bytes[index] !== 0x3b) {
      index += 1;
    }
    uri.userEnd = index;
    return index > uri.userStart ? parseTail(bytes, index, end, uri) : Status.MALFORMED;
  }
  index = parseUserInformation(bytes, index, end, uri);
  if (index < 0) {
    return Status.MALFORMED;
  }
  index = parseHostPort(bytes, index, end, uri);
  return index < 0 ? Status.MALFORMED : parseTail(bytes, index, end, uri);
}

/** Whether two texts are equal once "%41" is read as "A". Case counts, as it does in a user part (19.1.4). */
export function equalEscaped(
  left: Bytes,
  leftStart: number,
  leftEnd: number,
  right: Bytes,
  rightStart: number,
  rightEnd: number,
): boolean {
  let first = leftStart;
  let second = rightStart;
  while (first < leftEnd && second < rightEnd) {
    let one = left[first];
    let other = right[second];
    first += 1;
    second += 1;
    if (one === 0x25 && first + 1 < leftEnd) {
      one = hexValue(left[first]) * 16 + hexValue(left[first + 1]);
      first += 2;
    }
    if (other === 0x25 && second + 1 < rightEnd) {
      other = hexValue(right[second]) * 16 + hexValue(right[second + 1]);
      second += 2;
    }
    if (one !== other) {
      return false;
    }
  }
  return first === leftEnd && second === rightEnd;
}

/** Whether two URIs name the same user at the same host: user by escapes, host in any case, port with 5060 as default. */
export function equalUsers(left: Bytes, one: Uri, right: Bytes, other: Uri): boolean {
  return (
    equalEscaped(left, one.userStart, one.userEnd, right, other.userStart, other.userEnd) &&
    equalBytesAnyCase(left, one.hostStart, one.hostEnd, right, other.hostStart, other.hostEnd) &&
    (one.port === 0 ? 5060 : one.port) === (other.port === 0 ? 5060 : other.port)
  );
}
