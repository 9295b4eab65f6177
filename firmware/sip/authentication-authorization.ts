// The answer to a challenge: Authorization and Proxy-Authorization (RFC 3261 22, RFC 7616 3.4, RFC 8760). The client's side
// writes it, for the realm of its credentials only; the server's side reads and verifies it. Nonces are kept elsewhere.

import { type Bytes, copyBytes, equalBytesConstantTime } from "../bytes/bytes";
import { encodeHex, parseHex } from "../bytes/hex";
import { createText, type Text } from "../bytes/text";
import { putByte, putBytes, putText, type Writer } from "../bytes/writer";
import { hashLength } from "../crypto/hash";
import {
  CLIENT_NONCE_LIMIT,
  type Credentials,
  computeResponse,
  type Digest,
  equalUnquoted,
  hashRequest,
  isOwnRealm,
  NONCE_COUNT_DIGITS,
  putQuoted,
} from "./authentication";
import type { Challenge } from "./authentication-challenge";
import {
  algorithmText,
  createDigestParameters,
  DigestParameter,
  type DigestParameters,
  hasValue,
  parseDigest,
  valueEnd,
  valueStart,
} from "./authentication-parameters";
import { HEADER_TEXTS, HeaderName } from "./header-name";
import { Status } from "./status";

const DIGEST_USERNAME = createText(": Digest username=");
const REALM = createText(', realm="');
const NONCE = createText('", nonce="');
const URI = createText('", uri="');
const RESPONSE = createText('", response="');
const ALGORITHM = createText(", algorithm=");
const OPAQUE = createText(', opaque="');
const QOP_CNONCE = createText(', qop=auth, cnonce="');
const NONCE_COUNT = createText('", nc=');
const LINE_END = createText("\r\n");
const QUOTE = 0x22;

function putValue(writer: Writer, bytes: Bytes, parameters: DigestParameters, name: DigestParameter): void {
  putBytes(writer, bytes, valueStart(parameters, name), valueEnd(parameters, name));
}

/** Writes the nonce count and the client nonce to digest.client. */
function setClientValues(digest: Digest, nonceCount: number, clientNonce: Bytes, start: number, end: number): void {
  const octets = digest.octets;
  octets[0] = (nonceCount >> 24) & 0xff;
  octets[1] = (nonceCount >> 16) & 0xff;
  octets[2] = (nonceCount >> 8) & 0xff;
  octets[3] = nonceCount & 0xff;
  encodeHex(octets, 0, 4, digest.client, 0);
  copyBytes(digest.client, NONCE_COUNT_DIGITS, clientNonce, start, end);
}

/**
 * Appends the header field that answers a challenge for one request.
 * @param isProxy Proxy-Authorization for a 407, else Authorization for a 401
 * @param bytes what the offsets of the challenge are of
 * @param uri the Request-URI of the request, uri[uriStart … uriEnd)
 * @param nonceCount how often this nonce was used, this request included: 1 … 2^27 - 1
 * @param clientNonce letters that need no escape, clientNonce[nonceStart … nonceEnd), at most CLIENT_NONCE_LIMIT
 * @returns OK; UNSUPPORTED when the credentials are not for the realm of the challenge, nothing is written then; TOO_LONG
 */
export function writeAuthorization(
  writer: Writer,
  isProxy: boolean,
  digest: Digest,
  challenge: Challenge,
  bytes: Bytes,
  credentials: Credentials,
  method: Text,
  uri: Bytes,
  uriStart: number,
  uriEnd: number,
  nonceCount: number,
  clientNonce: Bytes,
  nonceStart: number,
  nonceEnd: number,
): Status {
  const parameters = challenge.parameters;
  if (!isOwnRealm(credentials, parameters, bytes)) {
    return Status.UNSUPPORTED;
  }
  if (nonceEnd - nonceStart > CLIENT_NONCE_LIMIT) {
    return Status.TOO_LONG;
  }
  setClientValues(digest, nonceCount, clientNonce, nonceStart, nonceEnd);
  const clientEnd = NONCE_COUNT_DIGITS + nonceEnd - nonceStart;
  hashRequest(digest, parameters.algorithm, method, uri, uriStart, uriEnd);
  const digits = computeResponse(
    digest,
    parameters,
    bytes,
    credentials,
    digest.client,
    0,
    NONCE_COUNT_DIGITS,
    clientEnd,
  );
  putText(writer, HEADER_TEXTS[isProxy ? HeaderName.PROXY_AUTHORIZATION : HeaderName.AUTHORIZATION]);
  putText(writer, DIGEST_USERNAME);
  putQuoted(writer, credentials.username);
  putText(writer, REALM);
  putValue(writer, bytes, parameters, DigestParameter.REALM);
  putText(writer, NONCE);
  putValue(writer, bytes, parameters, DigestParameter.NONCE);
  putText(writer, URI);
  putBytes(writer, uri, uriStart, uriEnd);
  putText(writer, RESPONSE);
  putBytes(writer, digest.response, 0, digits);
  putByte(writer, QUOTE);
  // What the challenge did not have, an old server need not know.
  if (hasValue(parameters, DigestParameter.ALGORITHM)) {
    putText(writer, ALGORITHM);
    putText(writer, algorithmText(parameters.algorithm, parameters.session));
  }
  if (hasValue(parameters, DigestParameter.OPAQUE)) {
    putText(writer, OPAQUE);
    putValue(writer, bytes, parameters, DigestParameter.OPAQUE);
    putByte(writer, QUOTE);
  }
  if (parameters.auth) {
    putText(writer, QOP_CNONCE);
    putBytes(writer, digest.client, NONCE_COUNT_DIGITS, clientEnd);
    putText(writer, NONCE_COUNT);
    putBytes(writer, digest.client, 0, NONCE_COUNT_DIGITS);
  }
  putText(writer, LINE_END);
  return writer.overflowed ? Status.TOO_LONG : Status.OK;
}

/** Credentials that a request carries. */
export interface Authorization {
  readonly parameters: DigestParameters;
  /** The nonce count in two halves of 16 bits; 0 without qop. It must grow with every request of a nonce. */
  nonceCountHigh: number;
  nonceCountLow: number;
}

/** Boot only: no credentials. */
export function createAuthorization(): Authorization {
  return { parameters: createDigestParameters(), nonceCountHigh: 0, nonceCountLow: 0 };
}

/**
 * Reads the header field value bytes[start … end). Each Authorization field holds one set of credentials (RFC 3261 7.3.1).
 * @returns OK; MALFORMED; TOO_LONG; MISSING when a parameter that a response needs is not there; UNSUPPORTED when it is not
 *   Digest, or its algorithm or qop is none of ours
 */
export function parseAuthorization(bytes: Bytes, start: number, end: number, into: Authorization): Status {
  const parameters = into.parameters;
  into.nonceCountHigh = 0;
  into.nonceCountLow = 0;
  const status = parseDigest(bytes, start, end, parameters);
  if (status !== Status.OK) {
    return status;
  }
  if (
    !hasValue(parameters, DigestParameter.USERNAME) ||
    !hasValue(parameters, DigestParameter.URI) ||
    !hasValue(parameters, DigestParameter.RESPONSE)
  ) {
    return Status.MISSING;
  }
  const response = valueStart(parameters, DigestParameter.RESPONSE);
  const responseEnd = valueEnd(parameters, DigestParameter.RESPONSE);
  if (responseEnd - response !== 2 * hashLength(parameters.algorithm)) {
    return Status.MALFORMED;
  }
  if (!parameters.auth) {
    return Status.OK;
  }
  if (!hasValue(parameters, DigestParameter.CNONCE) || !hasValue(parameters, DigestParameter.NONCE_COUNT)) {
    return Status.MISSING;
  }
  const count = valueStart(parameters, DigestParameter.NONCE_COUNT);
  if (valueEnd(parameters, DigestParameter.NONCE_COUNT) - count !== NONCE_COUNT_DIGITS) {
    return Status.MALFORMED;
  }
  const high = parseHex(bytes, count, count + 4);
  const low = parseHex(bytes, count + 4, count + NONCE_COUNT_DIGITS);
  if (high < 0 || low < 0) {
    return Status.MALFORMED;
  }
  into.nonceCountHigh = high;
  into.nonceCountLow = low;
  return Status.OK;
}

/** Whether the nonce count is above the last one that was taken for its nonce; else the request is a repeated one. */
export function isNonceCountAbove(authorization: Authorization, high: number, low: number): boolean {
  return (
    authorization.nonceCountHigh > high || (authorization.nonceCountHigh === high && authorization.nonceCountLow > low)
  );
}

/**
 * Whether the response is that of these credentials: same user name, same realm, right password. That the nonce is one of
 * ours and young enough, its count above the last, and the digest-uri that of the request is for the caller to see.
 * @param bytes what the offsets of the authorization are of
 */
export function verifyAuthorization(
  digest: Digest,
  authorization: Authorization,
  bytes: Bytes,
  credentials: Credentials,
  method: Text,
): boolean {
  const parameters = authorization.parameters;
  const username = valueStart(parameters, DigestParameter.USERNAME);
  if (
    !isOwnRealm(credentials, parameters, bytes) ||
    !equalUnquoted(credentials.username, bytes, username, valueEnd(parameters, DigestParameter.USERNAME))
  ) {
    return false;
  }
  const uri = valueStart(parameters, DigestParameter.URI);
  hashRequest(digest, parameters.algorithm, method, bytes, uri, valueEnd(parameters, DigestParameter.URI));
  const digits = computeResponse(
    digest,
    parameters,
    bytes,
    credentials,
    bytes,
    valueStart(parameters, DigestParameter.NONCE_COUNT),
    valueStart(parameters, DigestParameter.CNONCE),
    valueEnd(parameters, DigestParameter.CNONCE),
  );
  const response = valueStart(parameters, DigestParameter.RESPONSE);
  return equalBytesConstantTime(digest.response, 0, bytes, response, digits);
}
