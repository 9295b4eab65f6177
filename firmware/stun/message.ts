// STUN messages (RFC 5389 6, 15): the binding request as it is sent, and the mapped address in the answer to it. Credentials
// are neither sent nor wanted; nothing else of STUN is answered.

import type { Endpoint } from "../../hal/endpoint";
import { type Bytes, equalBytes, fillBytes } from "../bytes/bytes";
import { createHalves } from "../bytes/decimal";
import { numberAt } from "../bytes/network-order";
import { computeCrc32 } from "./fingerprint";

/** Octets of a message's header, which is all of a binding request. */
export const STUN_HEADER_OCTETS = 20;

/** The offset of the magic cookie and, behind it, of the transaction id. */
const COOKIE_AT = 4;
const ID_AT = 8;

const COOKIE = [0x21, 0x12, 0xa4, 0x42];

const BINDING_SUCCESS = 0x0101;
const BINDING_ERROR = 0x0111;

const MAPPED_ADDRESS = 0x0001;
const XOR_MAPPED_ADDRESS = 0x0020;
const FINGERPRINT = 0x8028;
/** The bit of attributes that may be left unread (15). */
const COMPREHENSION_OPTIONAL = 0x8000;
/** Attributes up to here are of RFC 3489 and 5389; none of them changes what a mapped address means. */
const LAST_OLD_ATTRIBUTE = 0x0015;

const FAMILY_IPV4 = 1;
const FAMILY_IPV6 = 2;

export const enum StunVerdict {
  /** No answer to the request. */
  FOREIGN = 0,
  /** The server says no. */
  REFUSED = 1,
  /** The mapped address is there. */
  MAPPED = 2,
}

const crc = createHalves();

/** Whether the datagram bytes[0 … length) is STUN and not what else a socket of SIP or RTP receives (RFC 5389 8). */
export function isStun(bytes: Bytes, length: number): boolean {
  return (
    length >= STUN_HEADER_OCTETS &&
    bytes[0] < 0x40 &&
    bytes[COOKIE_AT] === COOKIE[0] &&
    bytes[COOKIE_AT + 1] === COOKIE[1] &&
    bytes[COOKIE_AT + 2] === COOKIE[2] &&
    bytes[COOKIE_AT + 3] === COOKIE[3]
  );
}

/**
 * Makes a binding request of a transaction id.
 * @param request STUN_HEADER_OCTETS; the id is its last 12
 */
export function setBindingRequest(request: Bytes): void {
  fillBytes(request, 0, COOKIE_AT, 0);
  request[1] = 1;
  for (let index = 0; index < COOKIE.length; index += 1) {
    request[COOKIE_AT + index] = COOKIE[index];
  }
}

/** Whether the FINGERPRINT whose value stands at `at` is right and the last attribute. */
function isFingerprintRight(bytes: Bytes, at: number, size: number, end: number): boolean {
  computeCrc32(bytes, 0, at - 4, crc);
  // XORed with 0x5354554e, "STUN".
  return (
    size === 4 &&
    at + 4 === end &&
    numberAt(bytes, at) === (crc.high ^ 0x5354) &&
    numberAt(bytes, at + 2) === (crc.low ^ 0x554e)
  );
}

/** Reads an address whose value is bytes[at … at + size). Returns whether it is one. */
function readAddress(bytes: Bytes, at: number, size: number, xored: boolean, into: Endpoint): boolean {
  const octets = size === 20 ? 16 : 4;
  if (size !== octets + 4 || bytes[at + 1] !== (size === 20 ? FAMILY_IPV6 : FAMILY_IPV4)) {
    return false;
  }
  // The cookie, and for IPv6 the transaction id behind it, are the mask (15.2).
  into.family = size === 20 ? 6 : 4;
  into.port = numberAt(bytes, at + 2) ^ (xored ? numberAt(bytes, COOKIE_AT) : 0);
  for (let index = 0; index < octets; index += 1) {
    into.address[index] = bytes[at + 4 + index] ^ (xored ? bytes[COOKIE_AT + index] : 0);
  }
  return true;
}

/**
 * Reads the datagram bytes[0 … length) as the answer to a binding request. XOR-MAPPED-ADDRESS counts before MAPPED-ADDRESS.
 * An answer with a wrong fingerprint, or with an attribute that must be understood and is not, is none (7.3.3).
 * @param mapped set when MAPPED
 */
export function readBindingResponse(bytes: Bytes, length: number, request: Bytes, mapped: Endpoint): StunVerdict {
  if (
    !isStun(bytes, length) ||
    numberAt(bytes, 2) !== length - STUN_HEADER_OCTETS ||
    !equalBytes(bytes, ID_AT, STUN_HEADER_OCTETS, request, ID_AT, STUN_HEADER_OCTETS)
  ) {
    return StunVerdict.FOREIGN;
  }
  const type = numberAt(bytes, 0);
  mapped.family = 0;
  let xored = false;
  let at = STUN_HEADER_OCTETS;
  while (at < length) {
    const value = at + 4;
    const attribute = value <= length ? numberAt(bytes, at) : 0;
    const size = value <= length ? numberAt(bytes, at + 2) : length;
    if (
      value + size > length ||
      (attribute === FINGERPRINT && !isFingerprintRight(bytes, value, size, length)) ||
      (attribute > LAST_OLD_ATTRIBUTE && attribute < COMPREHENSION_OPTIONAL && attribute !== XOR_MAPPED_ADDRESS)
    ) {
      return StunVerdict.FOREIGN;
    }
    if (attribute === XOR_MAPPED_ADDRESS || (attribute === MAPPED_ADDRESS && !xored)) {
      xored = attribute === XOR_MAPPED_ADDRESS;
      if (!readAddress(bytes, value, size, xored, mapped)) {
        return StunVerdict.FOREIGN;
      }
    }
    at = value + size + ((4 - (size & 3)) & 3);
  }
  if (type === BINDING_ERROR) {
    return StunVerdict.REFUSED;
  }
  return type === BINDING_SUCCESS && mapped.family !== 0 && at === length ? StunVerdict.MAPPED : StunVerdict.FOREIGN;
}
