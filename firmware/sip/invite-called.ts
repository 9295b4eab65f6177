// The called side of a session (RFC 3261 13.3, 14.2, 15.1.2, 9.2; RFC 3311 5.2): a new INVITE rings, is answered or refused; in the
// dialog come ACK, re-INVITE and BYE, and what every change of the peer's is checked for.

import { createText, type Text } from "../bytes/text";
import type { Writer } from "../bytes/writer";
import { stopTimer } from "../clock/timer-wheel";
import { putContactFor } from "./account";
import { accountOfRequest } from "./account-choice";
import { compareCSeqNumbers } from "./cseq";
import { advanceRemoteSequence, openDialogAsCalled, refreshTarget } from "./dialog";
import { HeaderName } from "./header-name";
import { createHeaderValue, hasHeaderToken } from "./header-values";
import { randomBelow } from "./identifiers";
import {
  EndCause,
  type InviteSession,
  type InviteSessions,
  SessionState,
  setSessionAccount,
  takeSession,
} from "./invite-session";
import { hasHeader, type Message } from "./message";
import { Method } from "./method";
import { COMPLETED_ELSEWHERE, findReason } from "./reason";
import { putHeaderNumber, putNoBody } from "./response-writer";
import { openResponse, type ServerTransaction, sendPlainResponse, sendResponse } from "./server-transaction";
import { notePeerMethods } from "./session-change";
import { awaitAcknowledgement, endSessionFor, releaseSession, reportEnd, sendBye } from "./session-end";
import {
  awaitsAnswer,
  hasDescription,
  isExchangeOurs,
  OfferState,
  putDescription,
  takeDescription,
  withdrawOffer,
} from "./session-offer";
import { Status } from "./status";
import { putAccept, putAllow, putServer, putSupported, setTransactionTag } from "./user-agent";

const BAD_CONTACT = createText("Missing or Bad Contact");
const RELIABLE = createText("100rel");

const value = createHeaderValue();

/** The caller's offer, when the INVITE has one. Returns OK also when it has none: then the offer is ours to make. */
function takeOffer(session: InviteSession, request: Message): Status {
  session.offerSent = !hasDescription(request);
  return session.offerSent ? Status.OK : takeDescription(session, request);
}

/** CANCEL came before our answer: 487, and the call is over (9.2). Its Reason says whether somebody else has answered. */
function onCancel(owner: object, transaction: ServerTransaction): void {
  const session = owner as InviteSession;
  sendPlainResponse(transaction, 487, 0);
  if (session.state === SessionState.INCOMING) {
    session.statusCode = findReason(session.sessions.userAgent.transactions.transport.message);
    reportEnd(session, session.statusCode === COMPLETED_ELSEWHERE ? EndCause.COMPLETED_ELSEWHERE : EndCause.CANCELLED);
    releaseSession(session);
  }
}

/** An INVITE begins to be answered; its ACK will have its CSeq, whatever other requests come in between. */
function takeServer(session: InviteSession, request: Message, transaction: ServerTransaction): void {
  session.server = transaction;
  session.serverSequence.high = request.cseq.number.high;
  session.serverSequence.low = request.cseq.number.low;
}

/** Makes the session of a new INVITE, or refuses it: no record (486), no Contact (400), no common media (488). */
export function takeInvite(sessions: InviteSessions, request: Message, transaction: ServerTransaction): void {
  const index = takeSession(sessions);
  if (index < 0) {
    sendPlainResponse(transaction, 486, 0);
    return;
  }
  const session = sessions.items[index];
  session.isCaller = false;
  setSessionAccount(session, accountOfRequest(sessions.userAgent, request));
  session.state = SessionState.INCOMING;
  takeServer(session, request, transaction);
  session.serverPending = true;
  setTransactionTag(sessions.localTag, transaction);
  const opened = openDialogAsCalled(session.dialog, request, sessions.localTag);
  if (opened !== Status.OK) {
    refuseUnopened(
      session,
      transaction,
      opened === Status.TOO_LONG ? 513 : 400,
      opened === Status.TOO_LONG ? 0 : BAD_CONTACT,
    );
    return;
  }
  session.dialog.localSequence = 1 + randomBelow(sessions.userAgent.transactions.transport.random, 10000);
  session.peerRequiresReliable = hasHeaderToken(request, HeaderName.REQUIRE, RELIABLE, value);
  session.peerSupportsReliable =
    session.peerRequiresReliable || hasHeaderToken(request, HeaderName.SUPPORTED, RELIABLE, value);
  notePeerMethods(session, request);
  sessions.provisional.start(session);
  if (sessions.timer.refuseRequest(request, transaction)) {
    session.ended = true;
    releaseSession(session);
    return;
  }
  sessions.timer.takeRequest(session, request);
  if (takeOffer(session, request) !== Status.OK) {
    refuseUnopened(session, transaction, 488, 0);
    return;
  }
  transaction.user = session.serverUser;
  session.serverUser.onCancel = onCancel;
  sessions.user.onIncoming(sessions.user.owner, session, request);
}

/** Refuses an INVITE that the user never heard of. */
function refuseUnopened(
  session: InviteSession,
  transaction: ServerTransaction,
  statusCode: number,
  reason: Text,
): void {
  if (statusCode === 488) {
    refuseOffer(transaction);
  } else {
    sendPlainResponse(transaction, statusCode, reason);
  }
  session.ended = true;
  releaseSession(session);
}

/** Opens a response to INVITE or UPDATE with what it says about us: Contact, Allow, Supported, Accept, Server. */
export function openSessionResponse(session: InviteSession, transaction: ServerTransaction): Writer {
  const userAgent = session.sessions.userAgent;
  const writer = openResponse(transaction);
  putContactFor(writer, session.account, transaction.destination);
  putAllow(writer, userAgent);
  putSupported(writer, userAgent);
  putAccept(writer);
  putServer(writer);
  return writer;
}

/** Tells the caller that somebody is asked: 180, reliably when both sides want that (RFC 3262 3). */
export function ringSession(session: InviteSession): void {
  if (session.state !== SessionState.INCOMING || session.sessions.provisional.ring(session)) {
    return;
  }
  const writer = openSessionResponse(session, session.server);
  putNoBody(writer);
  sendResponse(session.server, 180, 0);
}

/** Sends the 2xx to the pending INVITE: with our answer, or our offer when the INVITE had none, or neither when both are out. */
function sendAnswer(session: InviteSession): Status {
  const writer = openSessionResponse(session, session.server);
  session.sessions.timer.putSuccess(session, writer);
  if (session.offer === OfferState.RECEIVED || session.offerSent) {
    putDescription(session, writer);
  } else {
    putNoBody(writer);
  }
  const status = sendResponse(session.server, 200, 0);
  if (status === Status.OK) {
    awaitAcknowledgement(session);
  }
  return status;
}

/** Answers a call; where a reliable 180 with our offer waits for its PRACK, as soon as that has come (RFC 3262 3). */
export function answerSession(session: InviteSession): void {
  if (session.state !== SessionState.INCOMING || !session.sessions.provisional.mayAnswer(session)) {
    return;
  }
  if (sendAnswer(session) === Status.OK) {
    session.state = SessionState.ANSWERED;
  } else {
    refuseSession(session, 500);
  }
}

/** Refuses a call that is not answered, for a cause of its own. */
export function refuseSessionFor(session: InviteSession, statusCode: number, cause: EndCause): void {
  if (session.state === SessionState.INCOMING) {
    sendPlainResponse(session.server, statusCode, 0);
    reportEnd(session, cause);
    releaseSession(session);
  }
}

/** Refuses a call that is not answered: 403, 480, 486, 603 … */
export function refuseSession(session: InviteSession, statusCode: number): void {
  refuseSessionFor(session, statusCode, EndCause.LOCAL);
}

/**
 * Ends an answered call: BYE at once, or as soon as the ACK for our answer has come (15). One whose answer still waits for the
 * PRACK is refused.
 */
export function endSession(session: InviteSession): void {
  if (session.state === SessionState.INCOMING) {
    refuseSession(session, 480);
  } else if (session.serverPending && session.state === SessionState.ANSWERED) {
    session.endRequested = true;
    reportEnd(session, EndCause.LOCAL);
  } else {
    endSessionFor(session, EndCause.LOCAL);
  }
}

/** The ACK for our 2xx, with the answer when the offer was ours. */
export function takeAnswerAcknowledgement(session: InviteSession, request: Message): void {
  const user = session.sessions.user;
  if (
    !session.serverPending ||
    session.state === SessionState.INCOMING ||
    compareCSeqNumbers(request.cseq.number, session.serverSequence) !== 0
  ) {
    return;
  }
  session.serverPending = false;
  stopTimer(session.sessions.wheel, session.retransmission);
  stopTimer(session.sessions.wheel, session.expiry);
  if (session.endRequested) {
    sendBye(session);
    return;
  }
  const first = session.state === SessionState.ANSWERED;
  const status = awaitsAnswer(session) ? takeDescription(session, request) : Status.OK;
  session.state = SessionState.CONFIRMED;
  if (status !== Status.OK) {
    endSessionFor(session, EndCause.NO_COMMON_MEDIA);
  } else if (first) {
    user.onConfirmed(user.owner, session);
  }
}

/** 500 with Retry-After of 0 to 10 s: to be tried again (14.2, RFC 3311 5.2). */
function askToWait(session: InviteSession, transaction: ServerTransaction): void {
  const random = session.sessions.userAgent.transactions.transport.random;
  const writer = openResponse(transaction);
  putHeaderNumber(writer, HeaderName.RETRY_AFTER, randomBelow(random, 11));
  putNoBody(writer);
  sendResponse(transaction, 500, 0);
}

/** 488 with what we take (21.4.26). */
function refuseOffer(transaction: ServerTransaction): void {
  const writer = openResponse(transaction);
  putAccept(writer);
  putNoBody(writer);
  sendResponse(transaction, 488, 0);
}

/**
 * Takes a change of the peer's, re-INVITE or UPDATE, as far as both are alike: collisions (14.2, RFC 3311 5.2), the interval of
 * session timers, the offer, the target. What is refused is answered here, and changes nothing.
 * @returns whether it is to be answered 2xx
 */
export function takeChange(session: InviteSession, request: Message, transaction: ServerTransaction): boolean {
  const isInvite = request.method === Method.INVITE;
  const offers = hasDescription(request);
  const isOurs = session.change.pending && session.change.method === Method.INVITE;
  if (isInvite && session.serverPending) {
    askToWait(session, transaction);
  } else if (
    session.ended ||
    (isInvite && (isOurs || session.state !== SessionState.CONFIRMED)) ||
    ((isInvite || offers) && isExchangeOurs(session))
  ) {
    sendPlainResponse(transaction, 491, 0);
  } else if (offers && session.offer === OfferState.RECEIVED) {
    askToWait(session, transaction);
  } else if (!session.sessions.timer.refuseRequest(request, transaction)) {
    if (offers && takeDescription(session, request) !== Status.OK) {
      refuseOffer(transaction);
      return false;
    }
    session.sessions.timer.takeRequest(session, request);
    if (hasHeader(request, HeaderName.CONTACT)) {
      refreshTarget(session.dialog, request);
    }
    notePeerMethods(session, request);
    return true;
  }
  return false;
}

/** A new offer in the dialog, or the wish for one of ours (14.2). */
function takeReinvite(session: InviteSession, request: Message, transaction: ServerTransaction): void {
  if (takeChange(session, request, transaction)) {
    session.offerSent = !hasDescription(request);
    takeServer(session, request, transaction);
    if (sendAnswer(session) !== Status.OK) {
      sendPlainResponse(transaction, 500, 0);
      withdrawOffer(session);
    }
  }
}

/** BYE: the call is over; an INVITE that still waits is ended with 487 (15.1.2). */
function takeBye(session: InviteSession, request: Message, transaction: ServerTransaction): void {
  if (session.state < SessionState.INCOMING) {
    // The called side may not end an early dialog so (15).
    sendPlainResponse(transaction, 481, 0);
    return;
  }
  sendPlainResponse(transaction, 200, 0);
  if (session.state === SessionState.INCOMING) {
    sendPlainResponse(session.server, 487, 0);
  }
  session.statusCode = findReason(request);
  reportEnd(session, EndCause.REMOTE);
  if (session.state !== SessionState.ENDING) {
    releaseSession(session);
  }
  // In ENDING both hung up at the same time: our own BYE still has its response to come, which releases the session.
}

/** A request in the dialog of the session: INVITE, BYE or OPTIONS; other methods are refused before. */
export function takeSessionRequest(session: InviteSession, request: Message, transaction: ServerTransaction): void {
  if (!advanceRemoteSequence(session.dialog, request)) {
    sendPlainResponse(transaction, 500, 0);
  } else if (request.method === Method.INVITE) {
    takeReinvite(session, request, transaction);
  } else if (request.method === Method.BYE) {
    takeBye(session, request, transaction);
  } else {
    const writer = openResponse(transaction);
    putAllow(writer, session.sessions.userAgent);
    putSupported(writer, session.sessions.userAgent);
    putAccept(writer);
    putNoBody(writer);
    sendResponse(transaction, 200, 0);
  }
}
