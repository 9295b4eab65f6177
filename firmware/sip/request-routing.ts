// What the user agent does with a request (RFC 3261 8.2): checks in the order of the RFC, then the dialog that it belongs to,
// or the method outside dialogs. Everything that is refused is refused with the response that the RFC names.

import { equalFixedText } from "../bytes/fixed-text";
import { createText, equalTextAnyCase } from "../bytes/text";
import { putByte, putBytes } from "../bytes/writer";
import { compareCSeqNumbers } from "./cseq";
import { isInDialog } from "./dialog";
import { HeaderName } from "./header-name";
import { createHeaderValue, firstHeaderValue, nextHeaderValue } from "./header-values";
import { takeAnswerAcknowledgement, takeInvite, takeSessionRequest } from "./invite-called";
import { type InviteSession, type InviteSessions, SessionState } from "./invite-session";
import { hasHeader, headerEnd, headerStart, type Message } from "./message";
import { Method } from "./method";
import { putHeaderName, putLineEnd, putNoBody } from "./response-writer";
import { openResponse, type ServerTransaction, sendPlainResponse, sendResponse } from "./server-transaction";
import { Status } from "./status";
import { createUri, parseUri, UriScheme } from "./uri";
import { putAccept, putAcceptEncoding, putAllow, putContact, putServer } from "./user-agent";

const SESSION_TYPE = createText("application/sdp");
const IDENTITY = createText("identity");

const value = createHeaderValue();
const uri = createUri();

/**
 * The session whose dialog a request belongs to. An INVITE of ours that is not answered has none (15: no BYE from there).
 * @returns its index, or -1
 */
function findSession(sessions: InviteSessions, request: Message): number {
  for (let index = 0; index < sessions.items.length; index += 1) {
    const session = sessions.items[index];
    if (session.state >= SessionState.INCOMING && isInDialog(session.dialog, request)) {
      return index;
    }
  }
  return -1;
}

/** The same request over another path (8.2.2.2): same From tag, Call-ID and CSeq as an INVITE at hand. */
function isMerged(sessions: InviteSessions, request: Message): boolean {
  for (let index = 0; index < sessions.items.length; index += 1) {
    const session: InviteSession = sessions.items[index];
    const dialog = session.dialog;
    if (
      session.state !== SessionState.FREE &&
      !session.isCaller &&
      equalFixedText(dialog.callId, request.bytes, request.callIdStart, request.callIdEnd) &&
      equalFixedText(dialog.remoteTag, request.bytes, request.from.tagStart, request.from.tagEnd) &&
      compareCSeqNumbers(dialog.remoteSequence, request.cseq.number) === 0
    ) {
      return true;
    }
  }
  return false;
}

/** 420 with every option tag that was required (8.2.2.3): the station has none. */
function refuseExtensions(request: Message, transaction: ServerTransaction): void {
  const writer = openResponse(transaction);
  putHeaderName(writer, HeaderName.UNSUPPORTED);
  let more = firstHeaderValue(request, HeaderName.REQUIRE, value);
  let count = 0;
  while (more) {
    if (count > 0) {
      putByte(writer, 0x2c);
      putByte(writer, 0x20);
    }
    putBytes(writer, request.bytes, value.start, value.end);
    count += 1;
    more = nextHeaderValue(request, value);
  }
  putLineEnd(writer);
  putNoBody(writer);
  sendResponse(transaction, 420, 0);
}

/** Whether the body, if there is one, is a session description as it stands (8.2.3). */
function hasGoodBody(request: Message): boolean {
  const bytes = request.bytes;
  if (request.bodyEnd === request.bodyStart) {
    return true;
  }
  if (
    hasHeader(request, HeaderName.CONTENT_ENCODING) &&
    !equalTextAnyCase(
      bytes,
      headerStart(request, HeaderName.CONTENT_ENCODING),
      headerEnd(request, HeaderName.CONTENT_ENCODING),
      IDENTITY,
    )
  ) {
    return false;
  }
  const start = headerStart(request, HeaderName.CONTENT_TYPE);
  let end = start;
  const limit = headerEnd(request, HeaderName.CONTENT_TYPE);
  while (end < limit && bytes[end] !== 0x3b && bytes[end] !== 0x20) {
    end += 1;
  }
  return equalTextAnyCase(bytes, start, end, SESSION_TYPE);
}

function refuseBody(transaction: ServerTransaction): void {
  const writer = openResponse(transaction);
  putAccept(writer);
  putAcceptEncoding(writer);
  putNoBody(writer);
  sendResponse(transaction, 415, 0);
}

/** 200 to OPTIONS as an INVITE would be answered: what the station takes (11.2). */
function answerOptions(sessions: InviteSessions, transaction: ServerTransaction): void {
  const writer = openResponse(transaction);
  putContact(writer, sessions.userAgent);
  putAllow(writer);
  putAccept(writer);
  putAcceptEncoding(writer);
  putServer(writer);
  putNoBody(writer);
  sendResponse(transaction, 200, 0);
}

/** 405 with Allow for a method that we know and do not take, 501 for one that we do not know (8.2.1). */
function refuseMethod(request: Message, transaction: ServerTransaction): void {
  const writer = openResponse(transaction);
  putAllow(writer);
  putNoBody(writer);
  sendResponse(transaction, request.method === Method.OTHER ? 501 : 405, 0);
}

function takeOutsideDialog(sessions: InviteSessions, request: Message, transaction: ServerTransaction): void {
  if (request.method === Method.INVITE) {
    if (!hasGoodBody(request)) {
      refuseBody(transaction);
    } else if (isMerged(sessions, request)) {
      sendPlainResponse(transaction, 482, 0);
    } else {
      takeInvite(sessions, request, transaction);
    }
  } else if (request.method === Method.OPTIONS) {
    answerOptions(sessions, transaction);
  } else {
    // BYE without a To tag: of no dialog.
    sendPlainResponse(transaction, 481, 0);
  }
}

/** What the Request-URI is refused with: 400 malformed, 416 no URI that a station can be asked for; 0: it is good (8.2.2.1). */
function findUriRefusal(request: Message): number {
  const status = parseUri(request.bytes, request.uriStart, request.uriEnd, uri);
  if (status === Status.MALFORMED) {
    return 400;
  }
  return status === Status.OK && uri.scheme === UriScheme.SIP ? 0 : 416;
}

/** A new request; the transaction user's onRequest. */
export function routeRequest(owner: object, request: Message, transaction: ServerTransaction): void {
  const sessions = owner as InviteSessions;
  const uriRefusal = findUriRefusal(request);
  if (request.method !== Method.INVITE && request.method !== Method.BYE && request.method !== Method.OPTIONS) {
    refuseMethod(request, transaction);
  } else if (uriRefusal !== 0) {
    sendPlainResponse(transaction, uriRefusal, 0);
  } else if (hasHeader(request, HeaderName.REQUIRE)) {
    refuseExtensions(request, transaction);
  } else if (request.to.tagEnd > request.to.tagStart) {
    const index = findSession(sessions, request);
    if (index < 0) {
      sendPlainResponse(transaction, 481, 0);
    } else if (request.method === Method.INVITE && !hasGoodBody(request)) {
      refuseBody(transaction);
    } else {
      takeSessionRequest(sessions.items[index], request, transaction);
    }
  } else {
    takeOutsideDialog(sessions, request, transaction);
  }
}

/** An ACK for a 2xx; the transaction user's onAcknowledge. One of no dialog is dropped. */
export function routeAcknowledgement(owner: object, request: Message): void {
  const sessions = owner as InviteSessions;
  const index = findSession(sessions, request);
  if (index >= 0) {
    takeAnswerAcknowledgement(sessions.items[index], request);
  }
}

/** Boot only: the sessions become the user of the transactions. */
export function createRequestRouting(sessions: InviteSessions): void {
  sessions.userAgent.transactions.user = {
    owner: sessions,
    onRequest: routeRequest,
    onAcknowledge: routeAcknowledgement,
    onStrayResponse: ignoreStray,
  };
}

function ignoreStray(): void {
  // Counted by the transaction layer; a 2xx that comes after Timer M belongs to a call that is over.
}
