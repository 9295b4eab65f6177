// The calling side of a session (RFC 3261 13.2, 9.1): INVITE, its challenges, provisional and final responses, CANCEL.

import type { Bytes } from "../bytes/bytes";
import { equalFixedText, setFixedText } from "../bytes/fixed-text";
import { createWriter, openWriter, putByte, putBytes } from "../bytes/writer";
import { startTimer, stopTimer } from "../clock/timer-wheel";
import { takeChallenges } from "./client-authentication";
import {
  type ClientTransaction,
  cancelClientTransaction,
  dropClientTransaction,
  startClientTransaction,
  takeClientTransaction,
} from "./client-transaction";
import { closeDialog, copyDialog, openDialogAsCaller, putDialogRequest } from "./dialog";
import { CALL_ID_LENGTH, randomBelow, setRandomHex, TAG_LENGTH } from "./identifiers";
import {
  EndCause,
  findDialogDestination,
  type InviteSession,
  type InviteSessions,
  putDialogAuthorizations,
  putSessionBody,
  releaseSession,
  reportEnd,
  resendAcknowledgement,
  SessionState,
  sendAcknowledgement,
  sendBye,
  sendByeForSpareDialog,
  sendSpareAcknowledgement,
  takeSession,
} from "./invite-session";
import type { Message } from "./message";
import { Method } from "./method";
import { Status } from "./status";
import { TRANSACTION_TIMEOUT_MS } from "./transaction-timers";
import { putAccept, putAllow, putContact, putUserAgent } from "./user-agent";

const writer = createWriter();

/** Our INVITE's dialog as far as it is known before a response: Call-ID, tag, addresses, the preloaded route. */
function prepareDialog(session: InviteSession, uri: Bytes, start: number, end: number): boolean {
  const userAgent = session.sessions.userAgent;
  const random = userAgent.transactions.transport.random;
  const dialog = session.dialog;
  setRandomHex(random, dialog.callId, CALL_ID_LENGTH);
  setRandomHex(random, dialog.localTag, TAG_LENGTH);
  dialog.remoteTag.length = 0;
  dialog.localSequence = 1 + randomBelow(random, 10000);
  dialog.hasRemoteSequence = false;
  dialog.looseRouting = true;
  openWriter(writer, dialog.remoteAddress.bytes, 0, dialog.remoteAddress.bytes.length);
  putByte(writer, 0x3c);
  putBytes(writer, uri, start, end);
  putByte(writer, 0x3e);
  dialog.remoteAddress.length = writer.length;
  return (
    !writer.overflowed &&
    setFixedText(dialog.remoteTarget, uri, start, end) &&
    setFixedText(dialog.localAddress, userAgent.address.bytes, 0, userAgent.address.length) &&
    setFixedText(dialog.routeSet, userAgent.outboundRoute.bytes, 0, userAgent.outboundRoute.length)
  );
}

/** Writes and sends the INVITE with the dialog's current CSeq. */
function transmitInvite(session: InviteSession): Status {
  const transactions = session.sessions.userAgent.transactions;
  const index = takeClientTransaction(transactions.clients);
  if (index < 0) {
    return Status.FULL;
  }
  const transaction = transactions.clients.items[index];
  const into = transactions.clients.writer;
  const dialog = session.dialog;
  putDialogRequest(
    into,
    dialog,
    Method.INVITE,
    dialog.localSequence,
    transactions.transport.sentBy,
    transaction.branch,
  );
  putContact(into, session.sessions.userAgent);
  const authorized = putDialogAuthorizations(session, dialog, into, Method.INVITE);
  putAllow(into);
  putAccept(into);
  putUserAgent(into);
  putSessionBody(session, into, true);
  const status = findDialogDestination(session, dialog, transaction.destination);
  if (authorized !== Status.OK || status !== Status.OK || into.overflowed) {
    dropClientTransaction(transaction);
    return into.overflowed ? Status.TOO_LONG : status !== Status.OK ? status : authorized;
  }
  session.client = transaction;
  session.inviteSequence = dialog.localSequence;
  session.state = SessionState.CALLING;
  session.answered = false;
  startClientTransaction(transaction, Method.INVITE, into.length, session.inviteUser);
  return Status.OK;
}

/** The answer in a response, when it has one and none was taken yet. Returns OK also when there is nothing to take. */
function takeAnswer(session: InviteSession, response: Message): Status {
  const user = session.sessions.user;
  if (session.answered || response.bodyEnd === response.bodyStart) {
    return Status.OK;
  }
  const status = user.onAnswer(user.owner, session, response.bytes, response.bodyStart, response.bodyEnd);
  session.answered = status === Status.OK;
  return status;
}

/** 100 … 199 */
function takeProvisional(session: InviteSession, response: Message): void {
  const user = session.sessions.user;
  if (session.state === SessionState.CALLING) {
    session.state = SessionState.EARLY;
  }
  if (session.state === SessionState.CANCELLING) {
    if (!session.expiry.armed) {
      // Given up before anything was heard: now CANCEL may go (9.1).
      sendCancel(session);
    }
    return;
  }
  if (response.statusCode >= 180) {
    session.statusCode = response.statusCode;
    // Early media: an answer in a provisional response that does not fit is no reason to end; the 2xx decides.
    takeAnswer(session, response);
    if (session.answered && session.dialog.remoteTag.length === 0) {
      setFixedText(session.dialog.remoteTag, response.bytes, response.to.tagStart, response.to.tagEnd);
    }
    user.onProgress(user.owner, session, response.statusCode);
  }
}

/** A 2xx of another fork than the one that answered first: acknowledged, and ended when it is new (13.2.2.4). */
function endOtherFork(session: InviteSession, response: Message): void {
  const spare = session.sessions.spareDialog;
  const known =
    equalFixedText(spare.callId, response.bytes, response.callIdStart, response.callIdEnd) &&
    equalFixedText(spare.remoteTag, response.bytes, response.to.tagStart, response.to.tagEnd);
  if (!known) {
    copyDialog(spare, session.dialog);
    if (openDialogAsCaller(spare, response) !== Status.OK) {
      closeDialog(spare);
      return;
    }
  }
  if (sendSpareAcknowledgement(session) === Status.OK && !known) {
    sendByeForSpareDialog(session);
  }
}

/** The answer in a provisional response of another fork does not count when this one is answered (13.2.2.4). */
function forgetOtherAnswer(session: InviteSession, response: Message): void {
  const tag = session.dialog.remoteTag;
  if (tag.length > 0 && !equalFixedText(tag, response.bytes, response.to.tagStart, response.to.tagEnd)) {
    session.answered = false;
  }
}

/** The first 2xx: the dialog stands. */
function confirm(session: InviteSession, response: Message): void {
  const user = session.sessions.user;
  const cancelled = session.state === SessionState.CANCELLING;
  forgetOtherAnswer(session, response);
  const opened = openDialogAsCaller(session.dialog, response);
  const bodyStatus = cancelled ? Status.OK : takeAnswer(session, response);
  stopTimer(session.sessions.wheel, session.expiry);
  if (opened !== Status.OK || sendAcknowledgement(session) !== Status.OK) {
    reportEnd(session, EndCause.NO_ROUTE);
    releaseSession(session);
    return;
  }
  session.state = SessionState.CONFIRMED;
  if (cancelled) {
    // The answer crossed our CANCEL (9.1): it has to be ended.
    sendBye(session);
  } else if (bodyStatus !== Status.OK || !session.answered) {
    reportEnd(session, EndCause.NO_COMMON_MEDIA);
    sendBye(session);
  } else {
    user.onConfirmed(user.owner, session);
  }
}

function takeSuccess(session: InviteSession, response: Message): void {
  const dialog = session.dialog;
  const early =
    session.state === SessionState.CALLING ||
    session.state === SessionState.EARLY ||
    session.state === SessionState.CANCELLING;
  if (early) {
    confirm(session, response);
  } else if (equalFixedText(dialog.remoteTag, response.bytes, response.to.tagStart, response.to.tagEnd)) {
    resendAcknowledgement(session);
  } else {
    endOtherFork(session, response);
  }
}

/** 300 and more */
function takeRefusal(session: InviteSession, response: Message): void {
  session.statusCode = response.statusCode;
  if (
    session.state !== SessionState.CANCELLING &&
    (response.statusCode === 401 || response.statusCode === 407) &&
    takeChallenges(session.authentication, response) === Status.OK
  ) {
    session.dialog.localSequence += 1;
    session.dialog.remoteTag.length = 0;
    if (transmitInvite(session) === Status.OK) {
      return;
    }
  }
  reportEnd(session, EndCause.REFUSED);
  releaseSession(session);
}

function onInviteResponse(owner: object, transaction: ClientTransaction, response: Message): void {
  const session = owner as InviteSession;
  if (session.state === SessionState.FREE || session.client !== transaction) {
    return;
  }
  if (response.statusCode >= 200 && response.statusCode < 300) {
    takeSuccess(session, response);
  } else if (session.state <= SessionState.CANCELLING) {
    if (response.statusCode < 200) {
      takeProvisional(session, response);
    } else {
      takeRefusal(session, response);
    }
  }
}

function onInviteTimeout(owner: object, transaction: ClientTransaction): void {
  const session = owner as InviteSession;
  if (
    session.client === transaction &&
    session.state !== SessionState.FREE &&
    session.state <= SessionState.CANCELLING
  ) {
    reportEnd(session, EndCause.UNREACHABLE);
    releaseSession(session);
  }
}

function sendCancel(session: InviteSession): void {
  startTimer(session.sessions.wheel, session.expiry, TRANSACTION_TIMEOUT_MS);
  cancelClientTransaction(session.client, session.cancelUser);
}

/**
 * Calls somebody.
 * @param uri the Request-URI: uri[start … end)
 * @returns the index of the session; FULL; or why the INVITE has nowhere to go (MALFORMED, UNSUPPORTED, MISSING, TOO_LONG)
 */
export function callPeer(sessions: InviteSessions, uri: Bytes, start: number, end: number): number {
  const index = takeSession(sessions);
  if (index < 0) {
    return Status.FULL;
  }
  const session = sessions.items[index];
  session.isCaller = true;
  session.state = SessionState.CALLING;
  session.inviteUser.onResponse = onInviteResponse;
  session.inviteUser.onTimeout = onInviteTimeout;
  const status = prepareDialog(session, uri, start, end) ? transmitInvite(session) : Status.TOO_LONG;
  if (status !== Status.OK) {
    session.ended = true;
    releaseSession(session);
    return status;
  }
  return index;
}

/** Gives up a call that is not answered yet: CANCEL as soon as it is allowed (9.1). */
export function cancelCall(session: InviteSession): void {
  const heard = session.state === SessionState.EARLY;
  session.state = SessionState.CANCELLING;
  if (heard) {
    sendCancel(session);
  }
  reportEnd(session, EndCause.LOCAL);
}
