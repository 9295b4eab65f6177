// Challenges of digest authentication: WWW-Authenticate and Proxy-Authenticate (RFC 3261 20.44 and 20.27, RFC 7616 3.3,
// RFC 8760). Reading keeps offsets only; which of several challenges to answer is the caller's choice, by their rank.

import type { Bytes } from "../bytes/bytes";
import type { FixedText } from "../bytes/fixed-text";
import { createText, equalTextAnyCase } from "../bytes/text";
import { putBytes, putText, type Writer } from "../bytes/writer";
import { HashAlgorithm } from "../crypto/hash";
import { putQuoted } from "./authentication";
import {
  algorithmText,
  createDigestParameters,
  DigestParameter,
  type DigestParameters,
  nextChallenge,
  parseDigest,
  valueEnd,
  valueStart,
} from "./authentication-parameters";
import { HEADER_TEXTS, HeaderName } from "./header-name";
import { Status } from "./status";

const DIGEST_REALM = createText(": Digest realm=");
const NONCE = createText(', nonce="');
const ALGORITHM = createText('", algorithm=');
const QOP_AUTH = createText(', qop="auth"');
const STALE_TRUE = createText(", stale=true");
const TRUE = createText("true");
const LINE_END = createText("\r\n");

export interface Challenge {
  readonly parameters: DigestParameters;
  /** Whether only the nonce was too old: the credentials are right (RFC 7616 3.3). */
  stale: boolean;
}

/** Boot only: no challenge. */
export function createChallenge(): Challenge {
  return { parameters: createDigestParameters(), stale: false };
}

/**
 * Reads the challenge at `start` of the header field value bytes[start … end). `nextChallenge` finds the one behind it.
 * @returns OK; MALFORMED; TOO_LONG; MISSING without realm or nonce; UNSUPPORTED when it is not Digest, or its algorithm or
 *   qop is none of ours
 */
export function parseChallenge(bytes: Bytes, start: number, end: number, into: Challenge): Status {
  into.stale = false;
  const status = parseDigest(bytes, start, nextChallenge(bytes, start, end), into.parameters);
  if (status === Status.OK) {
    into.stale = equalTextAnyCase(
      bytes,
      valueStart(into.parameters, DigestParameter.STALE),
      valueEnd(into.parameters, DigestParameter.STALE),
      TRUE,
    );
  }
  return status;
}

/** How strong the algorithm of a challenge is: the larger, the stronger (RFC 8760 2.4). */
export function challengeRank(challenge: Challenge): number {
  return challenge.parameters.algorithm === HashAlgorithm.SHA_256 ? 2 : 1;
}

/**
 * Appends a header field with one challenge, qop "auth".
 * @param isProxy Proxy-Authenticate for 407, else WWW-Authenticate for 401
 * @param nonce nonce[nonceStart … nonceEnd), letters that need no escape
 * @returns OK, or TOO_LONG when it does not fit
 */
export function writeChallenge(
  writer: Writer,
  isProxy: boolean,
  realm: FixedText,
  nonce: Bytes,
  nonceStart: number,
  nonceEnd: number,
  algorithm: HashAlgorithm,
  stale: boolean,
): Status {
  putText(writer, HEADER_TEXTS[isProxy ? HeaderName.PROXY_AUTHENTICATE : HeaderName.WWW_AUTHENTICATE]);
  putText(writer, DIGEST_REALM);
  putQuoted(writer, realm);
  putText(writer, NONCE);
  putBytes(writer, nonce, nonceStart, nonceEnd);
  putText(writer, ALGORITHM);
  putText(writer, algorithmText(algorithm, false));
  putText(writer, QOP_AUTH);
  if (stale) {
    putText(writer, STALE_TRUE);
  }
  putText(writer, LINE_END);
  return writer.overflowed ? Status.TOO_LONG : Status.OK;
}
