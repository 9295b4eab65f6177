// The called side of a session (RFC 3261 13.3, 14.2, 15.1.2, 9.2): a new INVITE rings, is answered or refused; in the dialog
// come ACK, re-INVITE and BYE.

import { createText, type Text } from "../bytes/text";
import { stopTimer } from "../clock/timer-wheel";
import { compareCSeqNumbers } from "./cseq";
import { advanceRemoteSequence, openDialogAsCalled, refreshTarget } from "./dialog";
import { HeaderName } from "./header-name";
import { randomBelow } from "./identifiers";
import {
  awaitAcknowledgement,
  EndCause,
  type InviteSession,
  type InviteSessions,
  putSessionBody,
  releaseSession,
  reportEnd,
  SessionState,
  sendBye,
  takeSession,
} from "./invite-session";
import { hasHeader, type Message } from "./message";
import { Method } from "./method";
import { putHeaderNumber, putNoBody } from "./response-writer";
import { openResponse, type ServerTransaction, sendPlainResponse, sendResponse } from "./server-transaction";
import { Status } from "./status";
import { putAccept, putAllow, putContact, putServer, setTransactionTag } from "./user-agent";

const BAD_CONTACT = createText("Missing or Bad Contact");

/** The caller's offer, when the request has one. Returns OK also when it has none: then the offer is ours to make. */
function takeOffer(session: InviteSession, request: Message): Status {
  const user = session.sessions.user;
  session.offerSent = request.bodyEnd === request.bodyStart;
  return session.offerSent
    ? Status.OK
    : user.onOffer(user.owner, session, request.bytes, request.bodyStart, request.bodyEnd);
}

/** CANCEL came before our answer: 487, and the call is over (9.2). */
function onCancel(owner: object, transaction: ServerTransaction): void {
  const session = owner as InviteSession;
  sendPlainResponse(transaction, 487, 0);
  if (session.state === SessionState.INCOMING) {
    reportEnd(session, EndCause.CANCELLED);
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
  const writer = openResponse(transaction);
  if (statusCode === 488) {
    putAccept(writer);
  }
  putNoBody(writer);
  sendResponse(transaction, statusCode, reason);
  session.ended = true;
  releaseSession(session);
}

/** Tells the caller that somebody is asked: 180. */
export function ringSession(session: InviteSession): void {
  if (session.state !== SessionState.INCOMING) {
    return;
  }
  const writer = openResponse(session.server);
  putContact(writer, session.sessions.userAgent);
  putAllow(writer);
  putServer(writer);
  putNoBody(writer);
  sendResponse(session.server, 180, 0);
}

/** Sends the 2xx to the pending INVITE: our answer, or our offer when the INVITE had none. */
function sendAnswer(session: InviteSession): Status {
  const writer = openResponse(session.server);
  putContact(writer, session.sessions.userAgent);
  putAllow(writer);
  putAccept(writer);
  putServer(writer);
  putSessionBody(session, writer, session.offerSent);
  const status = sendResponse(session.server, 200, 0);
  if (status === Status.OK) {
    awaitAcknowledgement(session);
  }
  return status;
}

/** Answers a call. */
export function answerSession(session: InviteSession): void {
  if (session.state !== SessionState.INCOMING) {
    return;
  }
  if (sendAnswer(session) === Status.OK) {
    session.state = SessionState.ANSWERED;
  } else {
    refuseSession(session, 500);
  }
}

/** Refuses a call that is not answered: 403, 480, 486, 603 … */
export function refuseSession(session: InviteSession, statusCode: number): void {
  if (session.state !== SessionState.INCOMING) {
    return;
  }
  sendPlainResponse(session.server, statusCode, 0);
  reportEnd(session, EndCause.LOCAL);
  releaseSession(session);
}

/** Ends an answered call: BYE at once, or as soon as the ACK for our answer has come (15). */
export function endSession(session: InviteSession): void {
  if (session.serverPending && session.state === SessionState.ANSWERED) {
    session.endRequested = true;
    reportEnd(session, EndCause.LOCAL);
  } else {
    reportEnd(session, EndCause.LOCAL);
    sendBye(session);
  }
}

/** The ACK for our 2xx, with the answer when the offer was ours. */
export function takeAnswerAcknowledgement(session: InviteSession, request: Message): void {
  const user = session.sessions.user;
  if (!session.serverPending || compareCSeqNumbers(request.cseq.number, session.serverSequence) !== 0) {
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
  const status = session.offerSent
    ? user.onAnswer(user.owner, session, request.bytes, request.bodyStart, request.bodyEnd)
    : Status.OK;
  session.state = SessionState.CONFIRMED;
  if (status !== Status.OK) {
    reportEnd(session, EndCause.NO_COMMON_MEDIA);
    sendBye(session);
  } else if (first) {
    user.onConfirmed(user.owner, session);
  }
}

/** A new offer in the dialog (14.2). */
function takeReinvite(session: InviteSession, request: Message, transaction: ServerTransaction): void {
  if (session.serverPending || session.state === SessionState.INCOMING) {
    // Another INVITE is not finished yet: to be tried again (14.2).
    const writer = openResponse(transaction);
    putHeaderNumber(
      writer,
      HeaderName.RETRY_AFTER,
      randomBelow(session.sessions.userAgent.transactions.transport.random, 11),
    );
    putNoBody(writer);
    sendResponse(transaction, 500, 0);
    return;
  }
  if (session.state !== SessionState.CONFIRMED) {
    sendPlainResponse(transaction, 491, 0);
    return;
  }
  if (takeOffer(session, request) !== Status.OK) {
    sendPlainResponse(transaction, 488, 0);
    return;
  }
  if (hasHeader(request, HeaderName.CONTACT)) {
    refreshTarget(session.dialog, request);
  }
  takeServer(session, request, transaction);
  if (sendAnswer(session) !== Status.OK) {
    sendPlainResponse(transaction, 500, 0);
  }
}

/** BYE: the call is over; an INVITE that still waits is ended with 487 (15.1.2). */
function takeBye(session: InviteSession, transaction: ServerTransaction): void {
  sendPlainResponse(transaction, 200, 0);
  if (session.state === SessionState.INCOMING) {
    sendPlainResponse(session.server, 487, 0);
  }
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
    takeBye(session, transaction);
  } else {
    const writer = openResponse(transaction);
    putAllow(writer);
    putAccept(writer);
    putNoBody(writer);
    sendResponse(transaction, 200, 0);
  }
}
