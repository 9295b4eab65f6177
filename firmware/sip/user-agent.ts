// The station as a user agent (RFC 3261 8): who it is (From, Contact), what it can (Allow, Supported), and where its
// requests go. Calls, registration and the routing of requests build on it.

import type { Endpoint } from "../../hal/endpoint";
import type { Bytes } from "../bytes/bytes";
import { createFixedText, type FixedText, putFixedText } from "../bytes/fixed-text";
import { createText, type Text } from "../bytes/text";
import { createWriter, openWriter, putByte, putBytes, putText, type Writer } from "../bytes/writer";
import type { Limits } from "../limits";
import type { Settings, SettingText } from "../settings/settings";
import type { Credentials } from "./authentication";
import { createAccountCredentials } from "./client-authentication";
import { HeaderName } from "./header-name";
import { resolveUri } from "./resolver";
import { putHeaderName, putLineEnd } from "./response-writer";
import type { ServerTransaction } from "./server-transaction";
import { Status } from "./status";
import type { Transactions } from "./transactions";
import { createUri, parseUri } from "./uri";

/** What the station is to its peers; fixed at boot. */
export interface UserAgent {
  readonly settings: Settings;
  readonly limits: Limits;
  readonly transactions: Transactions;
  /** The account's user name and password, and the one realm that they are for. */
  readonly credentials: Credentials;
  /** From of our requests: display name and address of record, without tag. */
  readonly address: FixedText;
  /** The URI of our address of record, without display name and brackets. */
  readonly addressUri: FixedText;
  /** Our Contact value: `<sip:door@192.0.2.4:5060>`. */
  readonly contact: FixedText;
  /** The preloaded route of requests outside dialogs: `<sip:proxy;lr>`; empty when there is no outbound proxy. */
  readonly outboundRoute: FixedText;
}

const SIP = createText("sip:");
const ALLOWED_METHODS = createText("INVITE, ACK, BYE, CANCEL, OPTIONS");
const ACCEPTED_TYPES = createText("application/sdp");
const IDENTITY = createText("identity");
const PRODUCT = createText("Doorline/0.1");
const LOOSE = createText(";lr");

const uri = createUri();
const writer = createWriter();

function putSetting(into: Writer, text: SettingText): void {
  putBytes(into, text.bytes, text.start, text.end);
}

/** The display name as a quoted string, `"` and `\` escaped (25.1). */
function putDisplayName(into: Writer, name: SettingText): void {
  if (name.start === name.end) {
    return;
  }
  putByte(into, 0x22);
  for (let index = name.start; index < name.end; index += 1) {
    if (name.bytes[index] === 0x22 || name.bytes[index] === 0x5c) {
      putByte(into, 0x5c);
    }
    putByte(into, name.bytes[index]);
  }
  putByte(into, 0x22);
  putByte(into, 0x20);
}

/** The domain of the address of record: the account's, or the registrar's host, or our own. */
function putDomain(into: Writer, userAgent: UserAgent): void {
  const account = userAgent.settings.account;
  const registrar = account.registrar;
  if (account.domain.end > account.domain.start) {
    putSetting(into, account.domain);
  } else if (
    registrar.end > registrar.start &&
    parseUri(registrar.bytes, registrar.start, registrar.end, uri) === Status.OK
  ) {
    putBytes(into, registrar.bytes, uri.hostStart, uri.hostEnd);
  } else {
    putFixedText(into, userAgent.transactions.transport.sentBy);
  }
}

function putUser(into: Writer, userAgent: UserAgent): void {
  const user = userAgent.settings.account.user;
  putText(into, SIP);
  if (user.end > user.start) {
    putSetting(into, user);
    putByte(into, 0x40);
  }
}

function writeIdentity(userAgent: UserAgent): void {
  const account = userAgent.settings.account;
  openWriter(writer, userAgent.addressUri.bytes, 0, userAgent.addressUri.bytes.length);
  putUser(writer, userAgent);
  putDomain(writer, userAgent);
  userAgent.addressUri.length = writer.length;

  openWriter(writer, userAgent.address.bytes, 0, userAgent.address.bytes.length);
  putDisplayName(writer, account.displayName);
  putByte(writer, 0x3c);
  putFixedText(writer, userAgent.addressUri);
  putByte(writer, 0x3e);
  userAgent.address.length = writer.length;

  openWriter(writer, userAgent.contact.bytes, 0, userAgent.contact.bytes.length);
  putByte(writer, 0x3c);
  putUser(writer, userAgent);
  putFixedText(writer, userAgent.transactions.transport.sentBy);
  putByte(writer, 0x3e);
  userAgent.contact.length = writer.length;

  const proxy = account.outboundProxy;
  userAgent.outboundRoute.length = 0;
  if (proxy.end > proxy.start) {
    openWriter(writer, userAgent.outboundRoute.bytes, 0, userAgent.outboundRoute.bytes.length);
    putByte(writer, 0x3c);
    putSetting(writer, proxy);
    if (parseUri(proxy.bytes, proxy.start, proxy.end, uri) === Status.OK && !uri.looseRouting) {
      putText(writer, LOOSE);
    }
    putByte(writer, 0x3e);
    userAgent.outboundRoute.length = writer.length;
  }
}

/** Boot only: the user agent of the account in the settings. */
export function createUserAgent(limits: Limits, settings: Settings, transactions: Transactions): UserAgent {
  const userAgent: UserAgent = {
    settings,
    limits,
    transactions,
    credentials: createAccountCredentials(settings.account),
    address: createFixedText(limits.dialogPartOctets),
    addressUri: createFixedText(limits.dialogPartOctets),
    contact: createFixedText(limits.dialogPartOctets),
    outboundRoute: createFixedText(limits.dialogPartOctets),
  };
  writeIdentity(userAgent);
  return userAgent;
}

/** Appends our Contact. */
export function putContact(into: Writer, userAgent: UserAgent): void {
  putHeaderName(into, HeaderName.CONTACT);
  putFixedText(into, userAgent.contact);
  putLineEnd(into);
}

function putTextHeader(into: Writer, name: HeaderName, text: Text): void {
  putHeaderName(into, name);
  putText(into, text);
  putLineEnd(into);
}

/** Appends Allow: the methods that the station takes (20.5). */
export function putAllow(into: Writer): void {
  putTextHeader(into, HeaderName.ALLOW, ALLOWED_METHODS);
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
 * Finds where a request goes: the outbound proxy when there is one and the request is outside dialogs, else the URI.
 * @returns as resolveUri
 */
export function findDestination(
  userAgent: UserAgent,
  bytes: Bytes,
  start: number,
  end: number,
  into: Endpoint,
): Status {
  return resolveUri(userAgent.settings, bytes, start, end, into);
}

/** The local tag of a transaction as a text that a dialog can keep. */
export function setTransactionTag(tag: FixedText, transaction: ServerTransaction): void {
  for (let index = 0; index < transaction.tag.length; index += 1) {
    tag.bytes[index] = transaction.tag[index];
  }
  tag.length = transaction.tag.length;
}
