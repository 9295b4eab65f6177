// The parameters of the Digest scheme as they stand in a challenge or in credentials (RFC 7616 3.3 and 3.4; RFC 3261 25.1):
// `Digest name=value, name="value"`, read in place into offsets. It refuses what must not be sent back, and copies nothing.

import { type Bytes, createWords, type Words } from "../bytes/bytes";
import { createText, equalTextAnyCase, type Text } from "../bytes/text";
import { HashAlgorithm } from "../crypto/hash";
import {
  CHARACTER_BLANK,
  CHARACTER_TOKEN,
  CHARACTERS,
  endOfValue,
  skipBlanks,
  skipClass,
  trimBlanks,
} from "./characters";
import { Status } from "./status";

export const enum DigestParameter {
  REALM = 0,
  NONCE = 1,
  OPAQUE = 2,
  ALGORITHM = 3,
  QOP = 4,
  STALE = 5,
  USERNAME = 6,
  URI = 7,
  RESPONSE = 8,
  CNONCE = 9,
  NONCE_COUNT = 10,
}

const PARAMETER_COUNT = 11;

/** The longest value that is taken, octets: the nonces of known servers have up to 200. */
export const DIGEST_VALUE_LIMIT = 256;

/** By DigestParameter: the name. */
const NAMES: Text[] = [
  createText("realm"),
  createText("nonce"),
  createText("opaque"),
  createText("algorithm"),
  createText("qop"),
  createText("stale"),
  createText("username"),
  createText("uri"),
  createText("response"),
  createText("cnonce"),
  createText("nc"),
];

const DIGEST = createText("Digest");
const AUTH = createText("auth");

/** The names of the algorithms (RFC 8760 2.2): by HashAlgorithm, and that plus 2 for the -sess variant. */
const ALGORITHMS: Text[] = [
  createText(""),
  createText("MD5"),
  createText("SHA-256"),
  createText("MD5-sess"),
  createText("SHA-256-sess"),
];

export interface DigestParameters {
  /** By DigestParameter, two each: start and end of the value without its quotes; both 0 when it is absent. */
  readonly values: Words;
  /** MD5 when none is named (RFC 7616 3.3). */
  algorithm: HashAlgorithm;
  /** Whether it is the -sess variant. */
  session: boolean;
  /** Whether qop is "auth"; else there is none, and the response is that of RFC 2069. */
  auth: boolean;
}

/** Boot only: no parameters. */
export function createDigestParameters(): DigestParameters {
  return { values: createWords(2 * PARAMETER_COUNT), algorithm: HashAlgorithm.MD5, session: false, auth: false };
}

/** The first octet of a value, 0 when it is absent. */
export function valueStart(parameters: DigestParameters, name: DigestParameter): number {
  return parameters.values[2 * name];
}

/** The offset behind a value, 0 when it is absent. */
export function valueEnd(parameters: DigestParameters, name: DigestParameter): number {
  return parameters.values[2 * name + 1];
}

/** Whether a parameter stands there. */
export function hasValue(parameters: DigestParameters, name: DigestParameter): boolean {
  return parameters.values[2 * name + 1] !== 0;
}

/** The name of the algorithm as it is written. */
export function algorithmText(algorithm: HashAlgorithm, session: boolean): Text {
  return ALGORITHMS[session ? algorithm + 2 : algorithm];
}

/**
 * The offset of the challenge behind the one at `start`, or `end`. Challenges in one header field are separated by commas as
 * their parameters are; a new one shows by its scheme, a token that no "=" follows.
 */
export function nextChallenge(bytes: Bytes, start: number, end: number): number {
  let comma = endOfValue(bytes, start, end);
  while (comma < end) {
    const element = skipBlanks(bytes, comma + 1, end);
    const behind = skipClass(bytes, element, end, CHARACTER_TOKEN);
    const next = skipBlanks(bytes, behind, end);
    if (behind > element && next > behind && next < end && bytes[next] !== 0x3d && bytes[next] !== 0x2c) {
      return element;
    }
    comma = endOfValue(bytes, element, end);
  }
  return end;
}

/** Whether bytes[start … end) may be sent back: no control octets, no line end of a folded line. */
function isPrintable(bytes: Bytes, start: number, end: number): boolean {
  for (let index = start; index < end; index += 1) {
    const octet = bytes[index];
    if ((octet < 0x20 && octet !== 0x09) || octet === 0x7f) {
      return false;
    }
  }
  return true;
}

/** The offset of the quote that closes the string whose content begins at `start`, or -1. */
function findQuote(bytes: Bytes, start: number, end: number): number {
  let index = start;
  while (index < end && bytes[index] !== 0x22) {
    index += bytes[index] === 0x5c ? 2 : 1;
  }
  return index < end ? index : -1;
}

/** The offset of the blank or comma that ends the unquoted value at `start`. */
function findValueEnd(bytes: Bytes, start: number, end: number): number {
  let index = start;
  while (index < end && bytes[index] !== 0x2c && (CHARACTERS[bytes[index]] & CHARACTER_BLANK) === 0) {
    index += 1;
  }
  return index;
}

/** Notes a value under its name. A name that is not known is passed over; one that comes twice is MALFORMED. */
function keepValue(
  into: DigestParameters,
  bytes: Bytes,
  nameStart: number,
  nameEnd: number,
  start: number,
  end: number,
): Status {
  for (let name = 0; name < PARAMETER_COUNT; name += 1) {
    if (equalTextAnyCase(bytes, nameStart, nameEnd, NAMES[name])) {
      if (into.values[2 * name + 1] !== 0 || !isPrintable(bytes, start, end)) {
        return Status.MALFORMED;
      }
      into.values[2 * name] = start;
      into.values[2 * name + 1] = end;
      return end - start > DIGEST_VALUE_LIMIT ? Status.TOO_LONG : Status.OK;
    }
  }
  return Status.OK;
}

/** Reads `name=value` separated by commas; empty elements count for nothing (RFC 9110 5.6.1). */
function parseList(bytes: Bytes, start: number, end: number, into: DigestParameters): Status {
  let index = skipBlanks(bytes, start, end);
  while (index < end) {
    if (bytes[index] !== 0x2c) {
      const nameStart = index;
      const nameEnd = skipClass(bytes, index, end, CHARACTER_TOKEN);
      index = skipBlanks(bytes, nameEnd, end);
      if (nameEnd === nameStart || index === end || bytes[index] !== 0x3d) {
        return Status.MALFORMED;
      }
      index = skipBlanks(bytes, index + 1, end);
      const quoted = index < end && bytes[index] === 0x22;
      const content = quoted ? index + 1 : index;
      const behind = quoted ? findQuote(bytes, content, end) : findValueEnd(bytes, content, end);
      if (behind < 0 || (!quoted && behind === content)) {
        return Status.MALFORMED;
      }
      const status = keepValue(into, bytes, nameStart, nameEnd, content, behind);
      if (status !== Status.OK) {
        return status;
      }
      index = skipBlanks(bytes, quoted ? behind + 1 : behind, end);
      if (index < end && bytes[index] !== 0x2c) {
        return Status.MALFORMED;
      }
    }
    index = index < end ? skipBlanks(bytes, index + 1, end) : end;
  }
  return Status.OK;
}

/** Sets algorithm and session. Returns false when the device does not have the algorithm. */
function readAlgorithm(bytes: Bytes, into: DigestParameters): boolean {
  const start = valueStart(into, DigestParameter.ALGORITHM);
  const end = valueEnd(into, DigestParameter.ALGORITHM);
  for (let index = 1; index < ALGORITHMS.length; index += 1) {
    if (equalTextAnyCase(bytes, start, end, ALGORITHMS[index])) {
      into.session = index > 2;
      into.algorithm = index === 1 || index === 3 ? HashAlgorithm.MD5 : HashAlgorithm.SHA_256;
      return true;
    }
  }
  return false;
}

/** Whether "auth" is one of the tokens of qop. */
function offersAuth(bytes: Bytes, into: DigestParameters): boolean {
  let index = valueStart(into, DigestParameter.QOP);
  const end = valueEnd(into, DigestParameter.QOP);
  while (index < end) {
    const comma = endOfValue(bytes, index, end);
    const start = skipBlanks(bytes, index, comma);
    if (equalTextAnyCase(bytes, start, trimBlanks(bytes, start, comma), AUTH)) {
      return true;
    }
    index = comma + 1;
  }
  return false;
}

/**
 * Reads one challenge or the credentials bytes[start … end): the scheme and its parameters.
 * @returns OK; MALFORMED; TOO_LONG when a value is longer than DIGEST_VALUE_LIMIT; MISSING without realm or nonce;
 *   UNSUPPORTED for another scheme, algorithm or qop, and for a -sess algorithm without qop
 */
export function parseDigest(bytes: Bytes, start: number, end: number, into: DigestParameters): Status {
  for (let index = 0; index < 2 * PARAMETER_COUNT; index += 1) {
    into.values[index] = 0;
  }
  into.algorithm = HashAlgorithm.MD5;
  into.session = false;
  into.auth = false;
  const scheme = skipBlanks(bytes, start, end);
  const schemeEnd = skipClass(bytes, scheme, end, CHARACTER_TOKEN);
  if (schemeEnd === scheme) {
    return Status.MALFORMED;
  }
  if (!equalTextAnyCase(bytes, scheme, schemeEnd, DIGEST)) {
    return Status.UNSUPPORTED;
  }
  if (schemeEnd < end && (CHARACTERS[bytes[schemeEnd]] & CHARACTER_BLANK) === 0) {
    return Status.MALFORMED;
  }
  const status = parseList(bytes, schemeEnd, end, into);
  if (status !== Status.OK) {
    return status;
  }
  if (!hasValue(into, DigestParameter.REALM) || !hasValue(into, DigestParameter.NONCE)) {
    return Status.MISSING;
  }
  if (hasValue(into, DigestParameter.ALGORITHM) && !readAlgorithm(bytes, into)) {
    return Status.UNSUPPORTED;
  }
  if (hasValue(into, DigestParameter.QOP)) {
    into.auth = offersAuth(bytes, into);
    return into.auth ? Status.OK : Status.UNSUPPORTED;
  }
  return into.session ? Status.UNSUPPORTED : Status.OK;
}
