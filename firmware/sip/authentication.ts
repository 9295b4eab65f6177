// Digest authentication's arithmetic (RFC 7616 3.4, RFC 8760) and the credentials that it is done with. Credentials belong
// to one realm: nothing here or in the files beside it computes a response for another one.

import { type Bytes, createBytes } from "../bytes/bytes";
import { createFixedText, type FixedText } from "../bytes/fixed-text";
import { encodeHex } from "../bytes/hex";
import { createText, type Text } from "../bytes/text";
import { putByte, type Writer } from "../bytes/writer";
import {
  createHash,
  finishHash,
  HASH_LONGEST_BYTES,
  type Hash,
  type HashAlgorithm,
  hashLength,
  startHash,
  updateHash,
  updateHashByte,
  updateHashText,
} from "../crypto/hash";
import { DigestParameter, type DigestParameters, valueEnd, valueStart } from "./authentication-parameters";
import { Status } from "./status";

/** The octets that user name, password and realm may have. */
export const CREDENTIAL_LIMIT = 64;

/** The octets that a client nonce of ours may have. */
export const CLIENT_NONCE_LIMIT = 64;

/** The hexadecimal digits of a nonce count (RFC 7616 3.4, nc). */
export const NONCE_COUNT_DIGITS = 8;

const COLON = 0x3a;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const QOP_AUTH = createText(":auth:");

export interface Credentials {
  readonly username: FixedText;
  readonly password: FixedText;
  /** The one realm that they are for; empty until `pinRealm` sets it. */
  readonly realm: FixedText;
}

/** Boot only: empty credentials, which answer no challenge. */
export function createCredentials(): Credentials {
  return {
    username: createFixedText(CREDENTIAL_LIMIT),
    password: createFixedText(CREDENTIAL_LIMIT),
    realm: createFixedText(CREDENTIAL_LIMIT),
  };
}

/** The hash and the results of its steps, as lower-case hexadecimal digits. */
export interface Digest {
  readonly hash: Hash;
  /** H(A1), H(A2) and the response: 32 or 64 digits. */
  readonly secret: Bytes;
  readonly request: Bytes;
  readonly response: Bytes;
  /** Room for one digest in octets. */
  readonly octets: Bytes;
  /** The nonce count that is sent, and behind it the client nonce. */
  readonly client: Bytes;
}

/** Boot only: room for one computation at a time. */
export function createDigest(): Digest {
  return {
    hash: createHash(),
    secret: createBytes(2 * HASH_LONGEST_BYTES),
    request: createBytes(2 * HASH_LONGEST_BYTES),
    response: createBytes(2 * HASH_LONGEST_BYTES),
    octets: createBytes(HASH_LONGEST_BYTES),
    client: createBytes(NONCE_COUNT_DIGITS + CLIENT_NONCE_LIMIT),
  };
}

/** Whether a text is the content bytes[start … end) of a quoted string, its quoted-pairs resolved. */
export function equalUnquoted(text: FixedText, bytes: Bytes, start: number, end: number): boolean {
  let length = 0;
  let index = start;
  while (index < end) {
    if (bytes[index] === BACKSLASH && index + 1 < end) {
      index += 1;
    }
    if (length === text.length || text.bytes[length] !== bytes[index]) {
      return false;
    }
    length += 1;
    index += 1;
  }
  return length === text.length;
}

/** Whether the credentials are for the realm of a challenge. Credentials without a realm are for none. */
export function isOwnRealm(credentials: Credentials, parameters: DigestParameters, bytes: Bytes): boolean {
  return (
    credentials.realm.length > 0 &&
    equalUnquoted(
      credentials.realm,
      bytes,
      valueStart(parameters, DigestParameter.REALM),
      valueEnd(parameters, DigestParameter.REALM),
    )
  );
}

/**
 * Ties credentials without a realm to that of a challenge for good. Only for a challenge of the account's own registrar.
 * @returns OK when they are for this realm now or were before; UNSUPPORTED when they are for another; TOO_LONG; MALFORMED
 *   when the realm is empty
 */
export function pinRealm(credentials: Credentials, parameters: DigestParameters, bytes: Bytes): Status {
  const realm = credentials.realm;
  if (realm.length > 0) {
    return isOwnRealm(credentials, parameters, bytes) ? Status.OK : Status.UNSUPPORTED;
  }
  const end = valueEnd(parameters, DigestParameter.REALM);
  let index = valueStart(parameters, DigestParameter.REALM);
  let length = 0;
  while (index < end) {
    if (bytes[index] === BACKSLASH && index + 1 < end) {
      index += 1;
    }
    if (length === CREDENTIAL_LIMIT) {
      return Status.TOO_LONG;
    }
    realm.bytes[length] = bytes[index];
    length += 1;
    index += 1;
  }
  realm.length = length;
  return length > 0 ? Status.OK : Status.MALFORMED;
}

/** Appends the content of a quoted string to the message that is hashed, its quoted-pairs resolved (RFC 7616 3.4.2, unq). */
function updateUnquoted(hash: Hash, bytes: Bytes, start: number, end: number): void {
  let index = start;
  while (index < end) {
    if (bytes[index] === BACKSLASH && index + 1 < end) {
      index += 1;
    }
    updateHashByte(hash, bytes[index]);
    index += 1;
  }
}

function updateValue(hash: Hash, bytes: Bytes, parameters: DigestParameters, name: DigestParameter): void {
  updateUnquoted(hash, bytes, valueStart(parameters, name), valueEnd(parameters, name));
}

/** Ends the hash and writes it as hexadecimal digits to `target`. */
function finishDigits(digest: Digest, target: Bytes): void {
  encodeHex(digest.octets, 0, finishHash(digest.hash, digest.octets, 0), target, 0);
}

/** digest.secret = H(username ":" realm ":" password), the A1 of RFC 7616 3.4.2 without -sess. */
function hashSecret(digest: Digest, algorithm: HashAlgorithm, credentials: Credentials): void {
  const hash = digest.hash;
  startHash(hash, algorithm);
  updateHash(hash, credentials.username.bytes, 0, credentials.username.length);
  updateHashByte(hash, COLON);
  updateHash(hash, credentials.realm.bytes, 0, credentials.realm.length);
  updateHashByte(hash, COLON);
  updateHash(hash, credentials.password.bytes, 0, credentials.password.length);
  finishDigits(digest, digest.secret);
}

/** digest.request = H(method ":" digest-uri), the A2 of RFC 7616 3.4.3; the digest-uri is uri[start … end). */
export function hashRequest(
  digest: Digest,
  algorithm: HashAlgorithm,
  method: Text,
  uri: Bytes,
  start: number,
  end: number,
): void {
  startHash(digest.hash, algorithm);
  updateHashText(digest.hash, method);
  updateHashByte(digest.hash, COLON);
  updateUnquoted(digest.hash, uri, start, end);
  finishDigits(digest, digest.request);
}

/** digest.secret = H(digest.secret ":" nonce ":" cnonce), the A1 of the -sess algorithms (RFC 7616 3.4.2). */
function hashSessionSecret(
  digest: Digest,
  parameters: DigestParameters,
  bytes: Bytes,
  client: Bytes,
  start: number,
  end: number,
): void {
  const hash = digest.hash;
  startHash(hash, parameters.algorithm);
  updateHash(hash, digest.secret, 0, 2 * hashLength(parameters.algorithm));
  updateHashByte(hash, COLON);
  updateValue(hash, bytes, parameters, DigestParameter.NONCE);
  updateHashByte(hash, COLON);
  updateUnquoted(hash, client, start, end);
  finishDigits(digest, digest.secret);
}

/**
 * Computes the response of RFC 7616 3.4.1 into digest.response, for the request of the last `hashRequest`.
 * @param parameters of the challenge or of the credentials; their nonce lies in `bytes`
 * @param client holds nonce count and client nonce; read with qop only
 * @param countStart the first of the 8 digits of the nonce count
 * @param nonceStart the client nonce is client[nonceStart … nonceEnd)
 * @returns the number of digits, 32 or 64
 */
export function computeResponse(
  digest: Digest,
  parameters: DigestParameters,
  bytes: Bytes,
  credentials: Credentials,
  client: Bytes,
  countStart: number,
  nonceStart: number,
  nonceEnd: number,
): number {
  const hash = digest.hash;
  const digits = 2 * hashLength(parameters.algorithm);
  hashSecret(digest, parameters.algorithm, credentials);
  if (parameters.session) {
    hashSessionSecret(digest, parameters, bytes, client, nonceStart, nonceEnd);
  }
  startHash(hash, parameters.algorithm);
  updateHash(hash, digest.secret, 0, digits);
  updateHashByte(hash, COLON);
  updateValue(hash, bytes, parameters, DigestParameter.NONCE);
  if (parameters.auth) {
    updateHashByte(hash, COLON);
    updateHash(hash, client, countStart, countStart + NONCE_COUNT_DIGITS);
    updateHashByte(hash, COLON);
    updateUnquoted(hash, client, nonceStart, nonceEnd);
    updateHashText(hash, QOP_AUTH);
  } else {
    updateHashByte(hash, COLON);
  }
  updateHash(hash, digest.request, 0, digits);
  finishDigits(digest, digest.response);
  return digits;
}

/** Appends a text as a quoted string, `"` and `\` escaped (RFC 3261 25.1). */
export function putQuoted(writer: Writer, text: FixedText): void {
  putByte(writer, QUOTE);
  for (let index = 0; index < text.length; index += 1) {
    const octet = text.bytes[index];
    if (octet === QUOTE || octet === BACKSLASH) {
      putByte(writer, BACKSLASH);
    }
    putByte(writer, octet);
  }
  putByte(writer, QUOTE);
}
