// Whether the octets of one value are what its key allows. URIs are read by the SIP layer's own
// parser, with a stricter eye on the host. Nothing here stores a value.

import type { Endpoint } from "../../hal/endpoint";
import { type Bytes, findByte, isPrintable } from "../bytes/bytes";
import { parseDecimal } from "../bytes/decimal";
import { createEndpoint, parseAddress, parseIPv6 } from "../bytes/ip-address";
import { createText, equalTextAnyCase, type Text, textByte, textLength } from "../bytes/text";
import { CHARACTER_DIGIT, CHARACTER_HOST, CHARACTER_USER, CHARACTERS, skipBlanks, skipClass } from "../sip/characters";
import { Status } from "../sip/status";
import { createUri, parseUri, UriScheme } from "../sip/uri";
import { createIpNetwork, parseNetwork } from "./ip-network";
import { SettingKind, type SettingsKey } from "./settings-keys";

const SIP_SCHEME = createText("sip:");

const CHOICE_BAR = 0x7c;

const uri = createUri();
const network = createIpNetwork();

/** What a value turned out to be. */
export interface SettingValue {
  /** Of a number the number, of a choice its index. */
  number: number;
  /** Of an address, an endpoint and a named address; family 0 when the value is empty. Of a host and port only the port. */
  address: Endpoint;
  /** Of a named address: the offset behind the name. Of a host and port: behind the host. */
  nameEnd: number;
}

/** Boot only. */
export function createSettingValue(): SettingValue {
  return { number: 0, address: createEndpoint(), nameEnd: 0 };
}

/** Whether a server is written with its scheme, `sip:`. */
export function hasSipScheme(bytes: Bytes, start: number, end: number): boolean {
  const length = textLength(SIP_SCHEME);
  return end - start >= length && equalTextAnyCase(bytes, start, start + length, SIP_SCHEME);
}

/** The offset behind the blank-separated word that starts at `start`. */
export function endOfWord(bytes: Bytes, start: number, end: number): number {
  let index = start;
  while (index < end && bytes[index] !== 0x20 && bytes[index] !== 0x09) {
    index += 1;
  }
  return index;
}

/** UTF-8 by RFC 3629 4: no overlong form, no surrogate, nothing above U+10FFFF. */
function isUtf8(bytes: Bytes, start: number, end: number): boolean {
  let index = start;
  while (index < end) {
    const lead = bytes[index];
    const follow = lead < 0x80 ? 0 : lead < 0xc2 ? -1 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : lead < 0xf5 ? 3 : -1;
    if (follow < 0 || follow >= end - index) {
      return false;
    }
    for (let offset = 1; offset <= follow; offset += 1) {
      if ((bytes[index + offset] & 0xc0) !== 0x80) {
        return false;
      }
    }
    const second = follow === 0 ? 0 : bytes[index + 1];
    if (
      (lead === 0xe0 && second < 0xa0) ||
      (lead === 0xed && second > 0x9f) ||
      (lead === 0xf0 && second < 0x90) ||
      (lead === 0xf4 && second > 0x8f)
    ) {
      return false;
    }
    index += follow + 1;
  }
  return true;
}

/** A host name, an IPv4 address or `[IPv6]`. A name of digits and dots only must be an address. */
function isHost(bytes: Bytes, start: number, end: number, scratch: Endpoint): boolean {
  if (start < end && bytes[start] === 0x5b) {
    return bytes[end - 1] === 0x5d && parseIPv6(bytes, start + 1, end - 1, scratch.address, 0);
  }
  let letters = 0;
  let labelStart = start;
  for (let index = start; index <= end; index += 1) {
    if (index === end || bytes[index] === 0x2e) {
      if (index === labelStart || bytes[labelStart] === 0x2d || bytes[index - 1] === 0x2d) {
        return false;
      }
      labelStart = index + 1;
    } else if ((CHARACTERS[bytes[index]] & CHARACTER_DIGIT) === 0) {
      const octet = bytes[index];
      if ((CHARACTERS[octet] & CHARACTER_HOST) === 0 || octet === 0x3a || octet === 0x5b || octet === 0x5d) {
        return false;
      }
      letters += 1;
    }
  }
  return letters > 0 || parseAddress(bytes, start, end, scratch.address) === 4;
}

/** The offset behind the host of host [":" port]. */
function endOfHost(bytes: Bytes, start: number, end: number): number {
  const bracket = start < end && bytes[start] === 0x5b ? findByte(bytes, start, end, 0x5d) : start;
  return findByte(bytes, bracket, end, 0x3a);
}

/** The port behind a host, `initial` when there is none, or a negative number. */
function readPort(bytes: Bytes, hostEnd: number, end: number, initial: number): number {
  const port = hostEnd === end ? initial : parseDecimal(bytes, hostEnd + 1, end);
  return port > 65535 || (port === 0 && hostEnd < end) ? -1 : port;
}

/** host [":" port]; the port is left in `scratch`. */
function isHostPort(bytes: Bytes, start: number, end: number, initial: number, scratch: Endpoint): boolean {
  const hostEnd = endOfHost(bytes, start, end);
  const port = readPort(bytes, hostEnd, end, initial);
  scratch.port = port < 0 ? 0 : port;
  return port >= 0 && isHost(bytes, start, hostEnd, scratch);
}

function isUser(bytes: Bytes, start: number, end: number): boolean {
  return start < end && skipClass(bytes, start, end, CHARACTER_USER) === end;
}

/** A telephone number begins with a digit, with or without "+" (RFC 3966 3). */
function isTelephoneNumber(bytes: Bytes, start: number, end: number): boolean {
  const first = bytes[start] === 0x2b ? start + 1 : start;
  return first < end && (CHARACTERS[bytes[first]] & CHARACTER_DIGIT) !== 0;
}

/** A URI in the form that fits between "<" and ">" of a name-addr. */
function isUri(bytes: Bytes, start: number, end: number, scratch: Endpoint): boolean {
  if (
    !isPrintable(bytes, start, end, 0x21) ||
    findByte(bytes, start, end, 0x22) < end ||
    findByte(bytes, start, end, 0x3c) < end ||
    findByte(bytes, start, end, 0x3e) < end ||
    parseUri(bytes, start, end, uri) !== Status.OK
  ) {
    return false;
  }
  return uri.scheme === UriScheme.TEL
    ? isTelephoneNumber(bytes, uri.userStart, uri.userEnd)
    : isHost(bytes, uri.hostStart, uri.hostEnd, scratch);
}

/** A registrar and a proxy have no user part (RFC 3261 10.2). */
function isServer(bytes: Bytes, start: number, end: number, scratch: Endpoint): boolean {
  return hasSipScheme(bytes, start, end)
    ? isUri(bytes, start, end, scratch) && uri.userStart === uri.userEnd
    : isHostPort(bytes, start, end, 0, scratch);
}

function isDigits(bytes: Bytes, start: number, end: number): boolean {
  for (let index = start; index < end; index += 1) {
    const octet = bytes[index];
    if ((CHARACTERS[octet] & CHARACTER_DIGIT) === 0 && octet !== 0x2a && octet !== 0x23) {
      return false;
    }
  }
  return true;
}

/** `*`, `accounts`, `host`, `network/bits` or `user@` one of the last two, at most `maximum` of them, with blanks between them. */
function isPeers(bytes: Bytes, start: number, end: number, maximum: number, scratch: Endpoint): boolean {
  let count = 0;
  let index = start;
  while (index < end) {
    const wordEnd = endOfWord(bytes, index, end);
    const at = findByte(bytes, index, wordEnd, 0x40);
    const anybody = wordEnd - index === 1 && bytes[index] === 0x2a;
    const isNamed = at === wordEnd || isUser(bytes, index, at);
    const hostStart = at === wordEnd ? index : at + 1;
    count += 1;
    const isPlace =
      isHost(bytes, hostStart, wordEnd, scratch) || parseNetwork(bytes, hostStart, wordEnd, network) === Status.OK;
    if (count > maximum || !(anybody || (isNamed && isPlace))) {
      return false;
    }
    index = skipBlanks(bytes, wordEnd, end);
  }
  return true;
}

/** Addresses and networks, at most `maximum` of them, with blanks between them. */
function isNetworks(bytes: Bytes, start: number, end: number, maximum: number): boolean {
  let count = 0;
  let index = start;
  while (index < end) {
    const wordEnd = endOfWord(bytes, index, end);
    count += 1;
    if (count > maximum || parseNetwork(bytes, index, wordEnd, network) !== Status.OK) {
      return false;
    }
    index = skipBlanks(bytes, wordEnd, end);
  }
  return true;
}

function readNumber(bytes: Bytes, start: number, end: number, key: SettingsKey, value: SettingValue): boolean {
  const negative = start < end && bytes[start] === 0x2d;
  const magnitude = parseDecimal(bytes, negative ? start + 1 : start, end);
  value.number = negative ? 0 - magnitude : magnitude; // 0 - 0, because -0 is no integer everywhere
  return (
    magnitude >= 0 &&
    ((magnitude === 0 && key.mayBeOff) ||
      (value.number >= key.minimum && value.number <= key.maximum && (value.number - key.minimum) % key.step === 0))
  );
}

function readChoice(bytes: Bytes, start: number, end: number, choices: Text, value: SettingValue): boolean {
  const length = textLength(choices);
  let index = 0;
  value.number = 0;
  while (index < length) {
    let at = start;
    while (index < length && at < end && bytes[at] !== CHOICE_BAR && textByte(choices, index) === bytes[at]) {
      index += 1;
      at += 1;
    }
    if (at === end && (index === length || textByte(choices, index) === CHOICE_BAR)) {
      return true;
    }
    while (index < length && textByte(choices, index) !== CHOICE_BAR) {
      index += 1;
    }
    index += 1;
    value.number += 1;
  }
  return false;
}

function readAddress(bytes: Bytes, start: number, end: number, into: Endpoint): boolean {
  into.family = parseAddress(bytes, start, end, into.address);
  return into.family !== 0;
}

/** An address and its port; an IPv6 address is in brackets when there is a port. */
function readEndpoint(bytes: Bytes, start: number, end: number, initial: number, into: Endpoint): boolean {
  if (readAddress(bytes, start, end, into)) {
    into.port = initial;
    return true;
  }
  const hostEnd = endOfHost(bytes, start, end);
  const port = readPort(bytes, hostEnd, end, initial);
  into.port = port < 0 ? 0 : port;
  return port >= 0 && readAddress(bytes, start, hostEnd, into);
}

function readNamedAddress(bytes: Bytes, start: number, end: number, value: SettingValue): boolean {
  value.nameEnd = endOfWord(bytes, start, end);
  const addressStart = skipBlanks(bytes, value.nameEnd, end);
  return (
    bytes[start] !== 0x5b &&
    isHost(bytes, start, value.nameEnd, value.address) &&
    readAddress(bytes, addressStart, end, value.address)
  );
}

/**
 * Checks a value, blanks around it already taken off, against its row of the table.
 * @param value set to what was read; meaningful when OK
 * @returns OK or MALFORMED
 */
export function readSettingValue(
  bytes: Bytes,
  start: number,
  end: number,
  key: SettingsKey,
  value: SettingValue,
): Status {
  const kind = key.kind;
  const scratch = value.address;
  let good = false;
  scratch.family = 0;
  scratch.port = 0;
  value.nameEnd = start;
  if (kind === SettingKind.NUMBER) {
    good = readNumber(bytes, start, end, key, value);
  } else if (kind === SettingKind.CHOICE) {
    good = start < end && readChoice(bytes, start, end, key.choices, value);
  } else if (start === end) {
    good = key.minimum === 0;
  } else if (kind === SettingKind.PEERS) {
    good = isPeers(bytes, start, end, key.maximum, scratch);
  } else if (kind === SettingKind.NETWORKS) {
    good = isNetworks(bytes, start, end, key.maximum);
  } else if (kind === SettingKind.NAMED_ADDRESS) {
    good = readNamedAddress(bytes, start, end, value) && value.nameEnd - start <= key.maximum;
  } else if (end - start > key.maximum) {
    good = false;
  } else if (kind === SettingKind.TEXT) {
    good = isPrintable(bytes, start, end, 0x20);
  } else if (kind === SettingKind.USER) {
    good = isUser(bytes, start, end);
  } else if (kind === SettingKind.HOST) {
    good = isHost(bytes, start, end, scratch);
  } else if (kind === SettingKind.SERVER) {
    good = isServer(bytes, start, end, scratch);
  } else if (kind === SettingKind.URI) {
    good = isUri(bytes, start, end, scratch);
  } else if (kind === SettingKind.ADDRESS) {
    good = readAddress(bytes, start, end, scratch);
  } else if (kind === SettingKind.ENDPOINT) {
    good = readEndpoint(bytes, start, end, key.initial, scratch);
  } else if (kind === SettingKind.HOST_PORT) {
    value.nameEnd = endOfHost(bytes, start, end);
    good = isHostPort(bytes, start, end, key.initial, scratch);
  } else if (kind === SettingKind.DIGITS) {
    good = isDigits(bytes, start, end);
  } else {
    good = isUtf8(bytes, start, end);
  }
  return good ? Status.OK : Status.MALFORMED;
}
