// What the user agent does with a request (RFC 3261 8.2): checks in the order of the RFC, then the dialog that it belongs to,
// or the method outside dialogs. Everything that is refused is refused with the response that the RFC names.

import { equalFixedText } from "../bytes/fixed-text";
import { putBytes, putTwoBytes } from "../bytes/writer";
import { compareCSeqNumbers } from "./cseq";
import { advanceRemoteSequence, isInDialog } from "./dialog";
import { createFurtherAnswers, takeStrayResponse } from "./further-answers";
import { HeaderName } from "./header-name";
import { createHeaderValue, firstHeaderValue, nextHeaderValue } from "./header-values";
import { takeAnswerAcknowledgement, takeInvite, takeSessionRequest } from "./invite-called";
import { type InviteSession, type InviteSessions, SessionState } from "./invite-session";
import type { Message } from "./message";
import { Method } from "./method";
import { findRequestHandler, NO_SESSION, type RequestHandler } from "./request-handler";
import { putHeaderName, putLineEnd, putNoBody } from "./response-writer";
import { openResponse, type ServerTransaction, sendPlainResponse, sendResponse } from "./server-transaction";
import { createSessionChanges } from "./session-change";
import { acceptsDescription, findDescription } from "./session-offer";
import { Status } from "./status";
import { createUri, parseUri, UriScheme } from "./uri";
import {
  hasExtension,
  putAccept,
  putAcceptEncoding,
  putAllow,
  putContact,
  putServer,
  putSupported,
  type UserAgent,
} from "./user-agent";

const value = createHeaderValue();
const uri = createUri();

/**
 * The session whose dialog a request belongs to, early or confirmed.
 * @returns its index, or -1
 */
export function findSession(sessions: InviteSessions, request: Message): number {
  for (let index = 0; index < sessions.items.length; index += 1) {
    const session = sessions.items[index];
    if (session.state >= SessionState.EARLY && isInDialog(session.dialog, request)) {
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

/** Whether the value at hand names an extension that the station has not; an empty one names none. */
function isForeignExtension(userAgent: UserAgent, request: Message): boolean {
  return value.end > value.start && !hasExtension(userAgent, request.bytes, value.start, value.end);
}

/** How many extensions the request requires that the station has not. */
function countForeignExtensions(userAgent: UserAgent, request: Message): number {
  let count = 0;
  let more = firstHeaderValue(request, HeaderName.REQUIRE, value);
  while (more) {
    count += isForeignExtension(userAgent, request) ? 1 : 0;
    more = nextHeaderValue(request, value);
  }
  return count;
}

/** 420 with every required option tag that the station has not (8.2.2.3). */
function refuseExtensions(userAgent: UserAgent, request: Message, transaction: ServerTransaction): void {
  const writer = openResponse(transaction);
  putHeaderName(writer, HeaderName.UNSUPPORTED);
  let more = firstHeaderValue(request, HeaderName.REQUIRE, value);
  let count = 0;
  while (more) {
    if (isForeignExtension(userAgent, request)) {
      if (count > 0) {
        putTwoBytes(writer, 0x2c, 0x20);
      }
      putBytes(writer, request.bytes, value.start, value.end);
      count += 1;
    }
    more = nextHeaderValue(request, value);
  }
  putLineEnd(writer);
  putNoBody(writer);
  sendResponse(transaction, 420, 0);
}

/** Whether a body stands in the way: one that is no description and must be understood (8.2.3). */
function hasForeignBody(request: Message): boolean {
  const status = findDescription(request);
  return status !== Status.OK && status !== Status.MISSING;
}

/**
 * Refuses an INVITE, UPDATE or PRACK with a body that is not understood (415), or one whose sender would not understand ours (406).
 * @returns whether it did
 */
function refuseBody(request: Message, transaction: ServerTransaction): boolean {
  const foreign = hasForeignBody(request);
  if (!foreign && (request.method === Method.PRACK || acceptsDescription(request))) {
    return false;
  }
  const writer = openResponse(transaction);
  putAccept(writer);
  putAcceptEncoding(writer);
  putNoBody(writer);
  sendResponse(transaction, foreign ? 415 : 406, 0);
  return true;
}

/** 200 to OPTIONS as an INVITE would be answered: what the station takes (11.2). */
function answerOptions(userAgent: UserAgent, transaction: ServerTransaction): void {
  const writer = openResponse(transaction);
  putContact(writer, userAgent);
  putAllow(writer, userAgent);
  putSupported(writer, userAgent);
  putAccept(writer);
  putAcceptEncoding(writer);
  putServer(writer);
  putNoBody(writer);
  sendResponse(transaction, 200, 0);
}

/** 405 with Allow for a method that we know and do not take, 501 for one that we do not know (8.2.1). */
function refuseMethod(userAgent: UserAgent, request: Message, transaction: ServerTransaction): void {
  const writer = openResponse(transaction);
  putAllow(writer, userAgent);
  putNoBody(writer);
  sendResponse(transaction, request.method === Method.OTHER ? 501 : 405, 0);
}

function takeOutsideDialog(sessions: InviteSessions, request: Message, transaction: ServerTransaction): void {
  if (request.method === Method.INVITE) {
    if (refuseBody(request, transaction)) {
      return;
    }
    if (isMerged(sessions, request)) {
      sendPlainResponse(transaction, 482, 0);
    } else {
      takeInvite(sessions, request, transaction);
    }
  } else if (request.method === Method.OPTIONS) {
    answerOptions(sessions.userAgent, transaction);
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

/** A request of a method that a handler takes. What carries a To tag of no session may be in a dialog of the handler's own. */
function handleRequest(
  sessions: InviteSessions,
  handler: RequestHandler,
  request: Message,
  transaction: ServerTransaction,
): void {
  const session = request.to.tagEnd > request.to.tagStart ? findSession(sessions, request) : NO_SESSION;
  if (session >= 0 && !advanceRemoteSequence(sessions.items[session].dialog, request)) {
    sendPlainResponse(transaction, 500, 0);
  } else if (
    (request.method !== Method.UPDATE && request.method !== Method.PRACK) ||
    !refuseBody(request, transaction)
  ) {
    handler.onRequest(handler.owner, request, transaction, session);
  }
}

function isOwnMethod(method: Method): boolean {
  return method === Method.INVITE || method === Method.BYE || method === Method.OPTIONS;
}

/** A new request; the transaction user's onRequest. */
export function routeRequest(owner: object, request: Message, transaction: ServerTransaction): void {
  const sessions = owner as InviteSessions;
  const userAgent = sessions.userAgent;
  const handler = findRequestHandler(userAgent.handlers, request.method);
  const uriRefusal = findUriRefusal(request);
  if (handler < 0 && !isOwnMethod(request.method)) {
    refuseMethod(userAgent, request, transaction);
  } else if (uriRefusal !== 0) {
    sendPlainResponse(transaction, uriRefusal, 0);
  } else if (countForeignExtensions(userAgent, request) > 0) {
    refuseExtensions(userAgent, request, transaction);
  } else if (handler >= 0) {
    handleRequest(sessions, userAgent.handlers[handler], request, transaction);
  } else if (request.to.tagEnd > request.to.tagStart) {
    const index = findSession(sessions, request);
    if (index < 0) {
      sendPlainResponse(transaction, 481, 0);
    } else if (request.method !== Method.INVITE || !refuseBody(request, transaction)) {
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
    onStrayResponse: takeStrayResponse,
  };
  createFurtherAnswers(sessions);
  createSessionChanges(sessions);
}
