// Answering challenges (RFC 3261 22.2, 22.3; RFC 8760): the strongest challenge of the account's own realm is kept, one from
// servers (401) and one from proxies (407), and every later request carries an answer to both. Wrong credentials are
// offered once, not for ever.

import type { Random } from "../../hal/random";
import { type Bytes, createBytes } from "../bytes/bytes";
import { createFixedText, type FixedText, setFixedText } from "../bytes/fixed-text";
import type { Writer } from "../bytes/writer";
import type { AccountSettings, SettingText } from "../settings/settings";
import { type Credentials, createCredentials, createDigest, type Digest, isOwnRealm, pinRealm } from "./authentication";
import { writeAuthorization } from "./authentication-authorization";
import { type Challenge, challengeRank, createChallenge, parseChallenge } from "./authentication-challenge";
import { nextChallenge } from "./authentication-parameters";
import { HeaderName } from "./header-name";
import { fillRandomHex } from "./identifiers";
import { type Message, NO_HEADER } from "./message";
import { METHOD_TEXTS, type Method } from "./method";
import { Status } from "./status";

/** Octets of a challenge that is kept. */
export const CHALLENGE_LIMIT = 512;

/** Challenges that one request answers: the first, and one more when only the nonce was too old. */
const ANSWERS_A_REQUEST = 2;
const CLIENT_NONCE_LENGTH = 16;

/** A challenge that is kept, with its own copy of the octets. */
interface KeptChallenge {
  readonly isProxy: boolean;
  readonly text: FixedText;
  readonly challenge: Challenge;
  /** Whether there is one. */
  held: boolean;
  /** How often its nonce was used. */
  nonceCount: number;
  /** Answers to it in the request at hand. */
  answers: number;
}

export interface ClientAuthentication {
  credentials: Credentials;
  /** Whether its challenges may tie credentials without a realm to theirs: the registrar's own only. */
  readonly mayPin: boolean;
  readonly server: KeptChallenge;
  readonly proxy: KeptChallenge;
}

const digest: Digest = createDigest();
const clientNonce = createBytes(CLIENT_NONCE_LENGTH);
const candidate: Challenge = createChallenge();

function createKeptChallenge(isProxy: boolean): KeptChallenge {
  return {
    isProxy,
    text: createFixedText(CHALLENGE_LIMIT),
    challenge: createChallenge(),
    held: false,
    nonceCount: 0,
    answers: 0,
  };
}

function copySetting(target: FixedText, text: SettingText): void {
  setFixedText(target, text.bytes, text.start, text.end);
}

/** Boot only: the credentials of an account. The user name is account.auth-user, else account.user. */
export function createAccountCredentials(account: AccountSettings): Credentials {
  const credentials = createCredentials();
  const authUser = account.authUser;
  copySetting(credentials.username, authUser.end > authUser.start ? authUser : account.user);
  copySetting(credentials.password, account.password);
  copySetting(credentials.realm, account.realm);
  return credentials;
}

/** Boot only: no challenge yet. */
export function createClientAuthentication(credentials: Credentials, mayPin: boolean): ClientAuthentication {
  return { credentials, mayPin, server: createKeptChallenge(false), proxy: createKeptChallenge(true) };
}

/** The requests are another account's from now on: what was challenged before is forgotten. */
export function setCredentials(authentication: ClientAuthentication, credentials: Credentials): void {
  authentication.credentials = credentials;
  authentication.server.held = false;
  authentication.proxy.held = false;
}

/** A new request begins: challenges that are kept stay, and may be answered anew. */
export function startAuthentication(authentication: ClientAuthentication): void {
  authentication.server.answers = 0;
  authentication.proxy.answers = 0;
}

/** Whether the account may answer the candidate challenge. */
function isForAccount(authentication: ClientAuthentication, bytes: Bytes): boolean {
  const credentials = authentication.credentials;
  if (credentials.password.length === 0) {
    return false;
  }
  if (credentials.realm.length === 0 && authentication.mayPin) {
    return pinRealm(credentials, candidate.parameters, bytes) === Status.OK;
  }
  return isOwnRealm(credentials, candidate.parameters, bytes);
}

/** Keeps the strongest challenge of a name that the account may answer. Returns its rank, 0 when there is none. */
function keepStrongest(authentication: ClientAuthentication, kept: KeptChallenge, response: Message): number {
  const bytes = response.bytes;
  let header = response.firsts[kept.isProxy ? HeaderName.PROXY_AUTHENTICATE : HeaderName.WWW_AUTHENTICATE];
  let best = 0;
  while (header !== NO_HEADER) {
    const end = response.values[2 * header + 1];
    let start = response.values[2 * header];
    while (start < end) {
      const next = nextChallenge(bytes, start, end);
      if (
        parseChallenge(bytes, start, end, candidate) === Status.OK &&
        challengeRank(candidate) > best &&
        next - start <= CHALLENGE_LIMIT &&
        isForAccount(authentication, bytes)
      ) {
        setFixedText(kept.text, bytes, start, next);
        best = challengeRank(candidate);
      }
      start = next;
    }
    header = response.following[header];
  }
  return best;
}

/** Takes the challenges of one name. Returns OK when there is one that may be answered now. */
function takeChallenge(authentication: ClientAuthentication, kept: KeptChallenge, response: Message): Status {
  if (keepStrongest(authentication, kept, response) === 0) {
    return Status.MISSING;
  }
  parseChallenge(kept.text.bytes, 0, kept.text.length, kept.challenge);
  const refused = kept.answers > 0 && !kept.challenge.stale;
  kept.nonceCount = 0;
  kept.held = !refused && kept.answers < ANSWERS_A_REQUEST;
  kept.answers += 1;
  return kept.held ? Status.OK : Status.UNSUPPORTED;
}

/**
 * Takes the challenges of a 401 or 407.
 * @returns OK when the request is to be sent again; MISSING when there is no challenge for the account's realm; UNSUPPORTED
 * when the credentials were refused
 */
export function takeChallenges(authentication: ClientAuthentication, response: Message): Status {
  return takeChallenge(
    authentication,
    response.statusCode === 407 ? authentication.proxy : authentication.server,
    response,
  );
}

function putAuthorization(
  writer: Writer,
  authentication: ClientAuthentication,
  kept: KeptChallenge,
  random: Random,
  method: Method,
  uri: Bytes,
  start: number,
  end: number,
): Status {
  if (!kept.held) {
    return Status.OK;
  }
  kept.nonceCount += 1;
  fillRandomHex(random, clientNonce, 0, CLIENT_NONCE_LENGTH);
  return writeAuthorization(
    writer,
    kept.isProxy,
    digest,
    kept.challenge,
    kept.text.bytes,
    authentication.credentials,
    METHOD_TEXTS[method],
    uri,
    start,
    end,
    kept.nonceCount,
    clientNonce,
    0,
    CLIENT_NONCE_LENGTH,
  );
}

/**
 * Appends the answers to the challenges that are kept: Authorization, Proxy-Authorization, both or none.
 * @param uri the Request-URI, uri[start … end)
 * @returns OK, or TOO_LONG when they do not fit
 */
export function putAuthorizations(
  writer: Writer,
  authentication: ClientAuthentication,
  random: Random,
  method: Method,
  uri: Bytes,
  start: number,
  end: number,
): Status {
  const status = putAuthorization(writer, authentication, authentication.server, random, method, uri, start, end);
  return status === Status.OK
    ? putAuthorization(writer, authentication, authentication.proxy, random, method, uri, start, end)
    : status;
}
