// The station as a user agent (RFC 3261 8): who it is (From, Contact), what it can (Allow, Supported), and where its
// requests go. Calls, registration and the routing of requests build on it.

import type { Bytes } from "../bytes/bytes";
import type { FixedText } from "../bytes/fixed-text";
import { createText, equalTextAnyCase, type Text } from "../bytes/text";
import { putText, putTwoBytes, type Writer } from "../bytes/writer";
import type { Limits } from "../limits";
import type { Settings } from "../settings/settings";
import { type Account, createAccount, DIRECT, isAccountSet, putContactFor } from "./account";
import { HeaderName } from "./header-name";
import { METHOD_TEXTS } from "./method";
import type { RequestHandler } from "./request-handler";
import { putHeaderName, putLineEnd } from "./response-writer";
import type { ServerTransaction } from "./server-transaction";
import type { Status } from "./status";
import type { Target } from "./target";
import type { Transactions } from "./transactions";

/** What the station is to its peers; fixed at boot. */
export interface UserAgent {
  readonly settings: Settings;
  readonly limits: Limits;
  readonly transactions: Transactions;
  /** By number in the settings; those that the settings do not name are not set (`isAccountSet`). */
  readonly accounts: Account[];
  /** Calls to and from addresses, without an account. */
  readonly direct: Account;
  /** Who the station is outside calls: its first account, or `direct`. */
  readonly main: Account;
  /** Who takes the methods outside the INVITE core. */
  readonly handlers: RequestHandler[];
  /** The option tags of Supported, the extensions that a Require may ask for. */
  readonly extensions: Text[];
}

const ALLOWED_METHODS = createText("INVITE, ACK, BYE, CANCEL, OPTIONS");
const ACCEPTED_TYPES = createText("application/sdp");
const IDENTITY = createText("identity");
const PRODUCT = createText("Doorline/0.1");

/** Boot only: the user agent with the accounts of the settings, for whom all responses of the transactions are. */
export function createUserAgent(limits: Limits, settings: Settings, transactions: Transactions): UserAgent {
  const accounts: Account[] = [];
  transactions.endsHere = true;
  for (let index = 0; index < limits.accounts; index += 1) {
    accounts.push(createAccount(limits, transactions.transport, settings.accounts[index], index));
  }
  const direct = createAccount(limits, transactions.transport, settings.accounts[0], DIRECT);
  const main = isAccountSet(accounts[0]) ? accounts[0] : direct;
  return {
    settings,
    limits,
    transactions,
    accounts,
    direct,
    main,
    handlers: [],
    extensions: [],
  };
}

/** Appends our Contact for the sender of the request at hand, outside calls. */
export function putContact(into: Writer, userAgent: UserAgent): void {
  putContactFor(into, userAgent.main, userAgent.transactions.transport.source);
}

function putTextHeader(into: Writer, name: HeaderName, text: Text): void {
  putHeaderName(into, name);
  putText(into, text);
  putLineEnd(into);
}

/** Appends Allow: the methods that the station takes (20.5). */
export function putAllow(into: Writer, userAgent: UserAgent): void {
  putHeaderName(into, HeaderName.ALLOW);
  putText(into, ALLOWED_METHODS);
  for (let index = 0; index < userAgent.handlers.length; index += 1) {
    putTwoBytes(into, 0x2c, 0x20);
    putText(into, METHOD_TEXTS[userAgent.handlers[index].method]);
  }
  putLineEnd(into);
}

/** Appends Supported: the extensions of the station (20.37). */
export function putSupported(into: Writer, userAgent: UserAgent): void {
  if (userAgent.extensions.length === 0) {
    return;
  }
  putHeaderName(into, HeaderName.SUPPORTED);
  for (let index = 0; index < userAgent.extensions.length; index += 1) {
    if (index > 0) {
      putTwoBytes(into, 0x2c, 0x20);
    }
    putText(into, userAgent.extensions[index]);
  }
  putLineEnd(into);
}

/** Boot only: the station has the extension of an option tag. */
export function createExtension(userAgent: UserAgent, optionTag: Text): void {
  userAgent.extensions.push(optionTag);
}

/** Whether the station has the extension that bytes[start … end) names. */
export function hasExtension(userAgent: UserAgent, bytes: Bytes, start: number, end: number): boolean {
  for (let index = 0; index < userAgent.extensions.length; index += 1) {
    if (equalTextAnyCase(bytes, start, end, userAgent.extensions[index])) {
      return true;
    }
  }
  return false;
}

/** Appends Accept: application/sdp (20.1). */
export function putAccept(into: Writer): void {
  putTextHeader(into, HeaderName.ACCEPT, ACCEPTED_TYPES);
}

/** Appends Accept-Encoding: identity (20.2). */
export function putAcceptEncoding(into: Writer): void {
  putTextHeader(into, HeaderName.ACCEPT_ENCODING, IDENTITY);
}

/** Appends Content-Type: application/sdp. */
export function putSessionType(into: Writer): void {
  putTextHeader(into, HeaderName.CONTENT_TYPE, ACCEPTED_TYPES);
}

/** Appends User-Agent for a request. */
export function putUserAgent(into: Writer): void {
  putTextHeader(into, HeaderName.USER_AGENT, PRODUCT);
}

/** Appends Server for a response. */
export function putServer(into: Writer): void {
  putTextHeader(into, HeaderName.SERVER, PRODUCT);
}

/**
 * Finds where a request without a transaction goes, as far as that is known now.
 * @returns as `Locating.locateNow`
 */
export function findDestination(userAgent: UserAgent, bytes: Bytes, start: number, end: number, into: Target): Status {
  const locating = userAgent.transactions.clients.locating;
  return locating.locateNow(locating.owner, bytes, start, end, into);
}

/** The local tag of a transaction as a text that a dialog can keep. */
export function setTransactionTag(tag: FixedText, transaction: ServerTransaction): void {
  for (let index = 0; index < transaction.tag.length; index += 1) {
    tag.bytes[index] = transaction.tag[index];
  }
  tag.length = transaction.tag.length;
}
