// Our binding at a registrar (RFC 3261 10.2): the Contact that a REGISTER asks for, what the 200 grants it, the address that the
// registrar saw in its place (RFC 3581), and the former Contact of ours, which is taken back. Bindings of others stay.

import { equalBytes } from "../bytes/bytes";
import { parseDecimal } from "../bytes/decimal";
import { createFixedText, equalFixedText, type FixedText, setFixedText } from "../bytes/fixed-text";
import { parseAddress, putHostAddress } from "../bytes/ip-address";
import { createText } from "../bytes/text";
import { createWriter, openWriter, putByte, putDecimal, putText, type Writer } from "../bytes/writer";
import { type Account, contactAddress, putContactFor, putContactUri } from "./account";
import { HeaderName } from "./header-name";
import { createHeaderValue, firstHeaderValue, nextHeaderValue } from "./header-values";
import { hasHeader, headerNumber, type Message } from "./message";
import { createNameAddress, parseNameAddress } from "./name-address";
import { createParameter, findParameter } from "./parameters";
import { putHeaderName, putLineEnd } from "./response-writer";
import { Status } from "./status";
import { createTarget, Protocol, type Target } from "./target";
import { sentByFor } from "./transport";
import { createUri, equalUsers, parseUri } from "./uri";

export interface Binding {
  readonly account: Account;
  /** Host and port of the Contact that the registrar keeps, as far as we know; empty: none. */
  readonly hostPort: FixedText;
  /** Of that Contact. */
  protocol: Protocol;
}

const CONTACT_OCTETS = 128;
const EXPIRES = createText("expires");
const NO_TIME = createText(">;expires=0");

const own = createFixedText(CONTACT_OCTETS);
const seen = createTarget();
const value = createHeaderValue();
const address = createNameAddress();
const parameter = createParameter();
const uri = createUri();
const ownUri = createUri();
const writer = createWriter();

/** Boot only: no binding. `hostPort` is as long as any address of the account. */
export function createBinding(account: Account): Binding {
  return { account, hostPort: createFixedText(account.publicAddress.bytes.length), protocol: Protocol.UDP };
}

/** Whether the Contact that the registrar keeps is another one than that for a target. */
function isFormer(binding: Binding, target: Target): boolean {
  const kept = binding.hostPort;
  const now = contactAddress(binding.account, target);
  return kept.length > 0 && (binding.protocol !== target.protocol || !equalFixedText(kept, now.bytes, 0, now.length));
}

/** Appends the Contact of a REGISTER to a target, and the former one with no time left (10.2.2). */
export function putBinding(into: Writer, binding: Binding, target: Target): void {
  putContactFor(into, binding.account, target);
  if (isFormer(binding, target)) {
    putHeaderName(into, HeaderName.CONTACT);
    putByte(into, 0x3c);
    putContactUri(into, binding.account, binding.hostPort, binding.protocol);
    putText(into, NO_TIME);
    putLineEnd(into);
  }
}

/** Notes that the registrar keeps the Contact for a target. */
export function keepBinding(binding: Binding, target: Target): void {
  const now = contactAddress(binding.account, target);
  setFixedText(binding.hostPort, now.bytes, 0, now.length);
  binding.protocol = target.protocol;
}

/** Notes that the registrar keeps no Contact of ours. */
export function forgetBinding(binding: Binding): void {
  binding.hostPort.length = 0;
}

/** Seconds granted: the expires parameter of our Contact in the 200, else Expires, else what was asked for (10.2.4). */
export function findGranted(binding: Binding, response: Message, target: Target, asked: number): number {
  const bytes = response.bytes;
  let more = firstHeaderValue(response, HeaderName.CONTACT, value);
  openWriter(writer, own.bytes, 0, own.bytes.length);
  putContactUri(writer, binding.account, contactAddress(binding.account, target), target.protocol);
  own.length = writer.length;
  more = more && parseUri(own.bytes, 0, own.length, ownUri) === Status.OK;
  while (more) {
    if (
      parseNameAddress(bytes, value.start, value.end, address) === Status.OK &&
      parseUri(bytes, address.uriStart, address.uriEnd, uri) === Status.OK &&
      equalUsers(own.bytes, ownUri, bytes, uri)
    ) {
      if (findParameter(bytes, address.parametersStart, address.parametersEnd, EXPIRES, parameter)) {
        return parseDecimal(bytes, parameter.valueStart, parameter.valueEnd);
      }
      more = false;
    } else {
      more = nextHeaderValue(response, value);
    }
  }
  const expires = hasHeader(response, HeaderName.EXPIRES) ? headerNumber(response, HeaderName.EXPIRES) : -1;
  return expires >= 0 ? expires : asked;
}

/**
 * Takes the address that the registrar saw the REGISTER come from (RFC 3581 4: received and rport of our Via). A TCP flow comes
 * from a port of its own: there only another host counts.
 * @returns whether our Contact is another one by it
 */
export function takeSeenAddress(binding: Binding, response: Message, target: Target): boolean {
  const account = binding.account;
  const bytes = response.bytes;
  const via = response.via;
  const sentBy = sentByFor(account.transport, target);
  const family = parseAddress(bytes, via.receivedStart, via.receivedEnd, seen.address);
  if (family === 0) {
    return false;
  }
  openWriter(writer, own.bytes, 0, own.bytes.length);
  putHostAddress(writer, family, seen.address);
  putByte(writer, 0x3a);
  const hostLength = writer.length;
  putDecimal(writer, via.rport > 0 ? via.rport : via.port);
  const isOwn =
    target.protocol === Protocol.TCP
      ? sentBy.length > hostLength && equalBytes(own.bytes, 0, hostLength, sentBy.bytes, 0, hostLength)
      : equalFixedText(sentBy, own.bytes, 0, writer.length);
  const publicAddress = account.publicAddress;
  if (isOwn ? publicAddress.length === 0 : equalFixedText(publicAddress, own.bytes, 0, writer.length)) {
    return false;
  }
  account.publicFamily = family;
  setFixedText(publicAddress, own.bytes, 0, isOwn ? 0 : writer.length);
  return true;
}
