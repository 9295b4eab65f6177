// Redirection of our INVITE (RFC 3261 8.1.3.4, 21.3): the Contacts of 300, 301 and 302 are tried in the order of their q, within
// the same call. A few at most, each once, and only sip: URIs. 305 and 380 are refusals, and so is a redirection while another call
// is being redirected: the URIs of one call are kept.

import { createWords, type Words } from "../bytes/bytes";
import { createFixedText, equalFixedText, type FixedText, setFixedText } from "../bytes/fixed-text";
import { createText } from "../bytes/text";
import { HeaderName } from "./header-name";
import { createHeaderValue, firstHeaderValue, nextHeaderValue } from "./header-values";
import { CALL_ID_LENGTH, TAG_LENGTH } from "./identifiers";
import { sendInvite } from "./invite-caller";
import { type InviteSession, type InviteSessions, SessionState } from "./invite-session";
import type { Message } from "./message";
import { createNameAddress, parseNameAddress } from "./name-address";
import { createParameter, findParameter } from "./parameters";
import { Status } from "./status";
import { createUri, parseUri, UriScheme } from "./uri";

/** URIs that one call tries: the one that was called, and five contacts. */
const TARGETS = 6;

/** q=1, in thousandths: the value of a Contact without q. */
const HIGHEST_Q = 1000;

const Q = createText("q");

const value = createHeaderValue();
const address = createNameAddress();
const uri = createUri();
const parameter = createParameter();

/** The URIs of the call that is being redirected: one call at a time. */
interface Redirection {
  session: InviteSession;
  /** Call-ID and tag of that call; the next one begins anew. */
  readonly callKey: FixedText;
  readonly uris: FixedText[];
  /** By URI: its q in thousandths; 0 when it was tried. */
  readonly weights: Words;
  count: number;
}

/** q of the Contact at hand, in thousandths. */
function readWeight(message: Message): number {
  const bytes = message.bytes;
  if (!findParameter(bytes, address.parametersStart, address.parametersEnd, Q, parameter)) {
    return HIGHEST_Q;
  }
  let weight = 0;
  let unit = HIGHEST_Q;
  for (let index = parameter.valueStart; index < parameter.valueEnd && unit > 0; index += 1) {
    const digit = bytes[index] - 0x30;
    if (digit >= 0 && digit <= 9) {
      weight += digit * unit;
      unit = (unit / 10) | 0;
    }
  }
  // Also q=0 is a way, the last one.
  return weight > HIGHEST_Q ? HIGHEST_Q : weight < 1 ? 1 : weight;
}

/** Adds a URI, unless it is there or there is no room. */
function addUri(redirection: Redirection, message: Message, start: number, end: number, weight: number): void {
  for (let index = 0; index < redirection.count; index += 1) {
    if (equalFixedText(redirection.uris[index], message.bytes, start, end)) {
      return;
    }
  }
  if (redirection.count < TARGETS && setFixedText(redirection.uris[redirection.count], message.bytes, start, end)) {
    redirection.weights[redirection.count] = weight;
    redirection.count += 1;
  }
}

function addContacts(redirection: Redirection, response: Message): void {
  let more = firstHeaderValue(response, HeaderName.CONTACT, value);
  while (more) {
    const bytes = response.bytes;
    if (
      parseNameAddress(bytes, value.start, value.end, address) === Status.OK &&
      parseUri(bytes, address.uriStart, address.uriEnd, uri) === Status.OK &&
      uri.scheme === UriScheme.SIP
    ) {
      // Header fields that a URI asks for are left out: a stranger does not write our requests (19.1.5).
      addUri(redirection, response, address.uriStart, uri.parametersEnd, readWeight(response));
    }
    more = nextHeaderValue(response, value);
  }
}

/** Takes the URI with the highest q that was not tried; of equal ones the first. Returns its index, or -1. */
function takeUri(redirection: Redirection): number {
  let best = -1;
  for (let index = 0; index < redirection.count; index += 1) {
    const weight = redirection.weights[index];
    if (weight > 0 && (best < 0 || weight > redirection.weights[best])) {
      best = index;
    }
  }
  if (best >= 0) {
    redirection.weights[best] = 0;
  }
  return best;
}

/** Whether a call is the one that is being redirected, or can be it: no other is still being made. */
function takeCall(redirection: Redirection, session: InviteSession): boolean {
  const key = session.callKey;
  const asked = session.requestUri;
  const other = redirection.session;
  const taken = redirection.callKey;
  if (equalFixedText(taken, key.bytes, 0, key.length)) {
    return true;
  }
  if (
    other.state !== SessionState.FREE &&
    other.state < SessionState.CANCELLING &&
    equalFixedText(taken, other.callKey.bytes, 0, other.callKey.length)
  ) {
    return false;
  }
  redirection.session = session;
  setFixedText(taken, key.bytes, 0, key.length);
  setFixedText(redirection.uris[0], asked.bytes, 0, asked.length);
  redirection.weights[0] = 0;
  redirection.count = 1;
  return true;
}

/** A refusal of 300 and more: the next contact is called, when there is one (8.1.3.4). 6xx speaks for everybody (21.6). */
function takeRedirection(redirection: Redirection, session: InviteSession, code: number, response: Message): boolean {
  if (!takeCall(redirection, session)) {
    return false;
  }
  if (code >= 300 && code <= 302) {
    addContacts(redirection, response);
  }
  let next = code < 600 ? takeUri(redirection) : -1;
  while (next >= 0) {
    const target = redirection.uris[next];
    if (setFixedText(session.requestUri, target.bytes, 0, target.length) && sendInvite(session) === Status.OK) {
      return true;
    }
    next = takeUri(redirection);
  }
  return false;
}

function onRedirection(session: InviteSession, statusCode: number, response: Message): boolean {
  return takeRedirection(session.sessions.redirection as Redirection, session, statusCode, response);
}

/** Boot only: our calls follow redirections. */
export function createRedirection(sessions: InviteSessions): void {
  const octets = sessions.userAgent.limits.dialogPartOctets;
  const redirection: Redirection = {
    session: sessions.items[0],
    callKey: createFixedText(CALL_ID_LENGTH + TAG_LENGTH),
    uris: [],
    weights: createWords(TARGETS),
    count: 0,
  };
  for (let index = 0; index < TARGETS; index += 1) {
    redirection.uris.push(createFixedText(octets));
  }
  sessions.redirection = redirection;
  sessions.onRedirection = onRedirection;
}
