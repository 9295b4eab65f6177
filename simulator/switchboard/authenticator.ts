// The server's side of digest authentication (RFC 3261 22, RFC 7616, RFC 8760): who sent a request, and the challenges for
// whoever has not shown it, the strongest algorithm first.

import { createBytesOf } from "../../firmware/bytes/bytes";
import { createFixedText, type FixedText, setFixedText } from "../../firmware/bytes/fixed-text";
import { HashAlgorithm } from "../../firmware/crypto/hash";
import { createDigest, equalUnquoted } from "../../firmware/sip/authentication";
import {
  createAuthorization,
  parseAuthorization,
  verifyAuthorization,
} from "../../firmware/sip/authentication-authorization";
import { writeChallenge } from "../../firmware/sip/authentication-challenge";
import { DigestParameter, valueEnd, valueStart } from "../../firmware/sip/authentication-parameters";
import { HeaderName } from "../../firmware/sip/header-name";
import { type Message, NO_HEADER } from "../../firmware/sip/message";
import { METHOD_TEXTS } from "../../firmware/sip/method";
import { putNoBody } from "../../firmware/sip/response-writer";
import { openResponse, type ServerTransaction, sendResponse } from "../../firmware/sip/server-transaction";
import { Status } from "../../firmware/sip/status";
import type { Nonces } from "./nonces";
import { octetText } from "./octet-text";
import type { Users } from "./users";

/** What a request's credentials are worth. */
export interface Verdict {
  /** The user who sent it; "" when that was not shown. */
  user: string;
  /** Whether the credentials are right and only their nonce cannot be used any more. */
  stale: boolean;
}

export const ALGORITHMS = [HashAlgorithm.SHA_256, HashAlgorithm.MD5];

const NOBODY: Verdict = { user: "", stale: false };

export class Authenticator {
  private readonly digest = createDigest();
  private readonly authorization = createAuthorization();
  private readonly realm: FixedText;

  constructor(
    private readonly users: Users,
    private readonly nonces: Nonces,
    private readonly algorithms: HashAlgorithm[],
  ) {
    this.realm = createFixedText(users.realm.length);
    setFixedText(this.realm, createBytesOf(users.realm), 0, users.realm.length);
  }

  /** Whether credentials bytes[start … end) of a request are for our realm. */
  isForUs(request: Message, start: number, end: number): boolean {
    return parseAuthorization(request.bytes, start, end, this.authorization) === Status.OK && this.isOwnRealm(request);
  }

  /** Who sent a request. */
  verify(request: Message, isProxy: boolean): Verdict {
    let header = request.firsts[isProxy ? HeaderName.PROXY_AUTHORIZATION : HeaderName.AUTHORIZATION];
    while (header !== NO_HEADER) {
      if (this.isForUs(request, request.values[2 * header], request.values[2 * header + 1])) {
        return this.verifyParsed(request);
      }
      header = request.following[header];
    }
    return NOBODY;
  }

  /** Asks for credentials: 401 or 407 with a challenge for each algorithm. */
  challenge(transaction: ServerTransaction, isProxy: boolean, stale: boolean): void {
    const writer = openResponse(transaction);
    for (const algorithm of this.algorithms) {
      const nonce = this.nonces.issue();
      writeChallenge(writer, isProxy, this.realm, createBytesOf(nonce), 0, nonce.length, algorithm, stale);
    }
    putNoBody(writer);
    sendResponse(transaction, isProxy ? 407 : 401, 0);
  }

  private isOwnRealm(request: Message): boolean {
    const parameters = this.authorization.parameters;
    const start = valueStart(parameters, DigestParameter.REALM);
    return equalUnquoted(this.realm, request.bytes, start, valueEnd(parameters, DigestParameter.REALM));
  }

  private value(request: Message, parameter: DigestParameter): string {
    const parameters = this.authorization.parameters;
    return octetText(request.bytes, valueStart(parameters, parameter), valueEnd(parameters, parameter));
  }

  private verifyParsed(request: Message): Verdict {
    const authorization = this.authorization;
    const name = this.value(request, DigestParameter.USERNAME);
    const credentials = this.users.credentialsOf(name);
    if (
      credentials === undefined ||
      !this.algorithms.includes(authorization.parameters.algorithm) ||
      this.value(request, DigestParameter.URI) !== octetText(request.bytes, request.uriStart, request.uriEnd) ||
      !verifyAuthorization(this.digest, authorization, request.bytes, credentials, METHOD_TEXTS[request.method])
    ) {
      return NOBODY;
    }
    return this.nonces.use(this.value(request, DigestParameter.NONCE), authorization)
      ? { user: name, stale: false }
      : { user: "", stale: true };
  }
}
