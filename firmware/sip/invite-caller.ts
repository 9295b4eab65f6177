// The calling side of a session (RFC 3261 13.2, 9.1; RFC 6337): INVITE, provisional and final responses of one or more early
// dialogs, CANCEL. Challenges and targets are dialog-request's, a second 2xx is further-answers'.

import { type Bytes, copyBytes } from "../bytes/bytes";
import { equalFixedText, setFixedText } from "../bytes/fixed-text";
import type { Writer } from "../bytes/writer";
import { stopTimer } from "../clock/timer-wheel";
import type { Account } from "./account";
import { chooseAccount } from "./account-choice";
import { sendAcknowledgement } from "./acknowledgement";
import { abandonClientTransaction, ClientState } from "./client-transaction";
import { beginDialog, openDialogAsCaller } from "./dialog";
import { sendDialogRequest } from "./dialog-request";
import { type Fork, takeFork } from "./early-dialogs";
import { HeaderName } from "./header-name";
import { CALL_ID_LENGTH, TAG_LENGTH } from "./identifiers";
import {
  EndCause,
  type InviteSession,
  type InviteSessions,
  SessionState,
  setSessionAccount,
  takeSession,
} from "./invite-session";
import { hasHeader, headerNumber, type Message } from "./message";
import { Method } from "./method";
import { notePeerMethods, putSessionHeaders, redirectChange, reofferSession, solicitOffer } from "./session-change";
import { endSessionFor, releaseSession, reportEnd, sendBye, sendCancel } from "./session-end";
import {
  awaitsAnswer,
  hasDescription,
  OfferState,
  offerOfInvite,
  putDescription,
  putSolicitation,
  takeDescription,
} from "./session-offer";
import { Status } from "./status";

/** What of our INVITE's dialog is known before a response: Call-ID, tag, addresses. The rest is made with each transmission. */
function prepareDialog(session: InviteSession, uri: Bytes, start: number, end: number): boolean {
  const random = session.sessions.userAgent.transactions.transport.random;
  const dialog = session.dialog;
  const key = session.callKey;
  const good = beginDialog(dialog, random, session.account.address, uri, start, end);
  copyBytes(key.bytes, 0, dialog.callId.bytes, 0, CALL_ID_LENGTH);
  copyBytes(key.bytes, CALL_ID_LENGTH, dialog.localTag.bytes, 0, TAG_LENGTH);
  key.length = CALL_ID_LENGTH + TAG_LENGTH;
  return good && setFixedText(session.requestUri, uri, start, end);
}

function writeInvite(session: InviteSession, into: Writer): void {
  session.offer = OfferState.STABLE;
  putSessionHeaders(session, into, session.invite.client.destination);
  session.sessions.inviteHeaders.put(session.sessions.inviteHeaders.owner, session, into);
  session.sessions.timer.putRequest(session, into);
  session.sessions.provisional.putRequest(session, into);
  if (offerOfInvite(session) === OfferState.SOLICITED) {
    putSolicitation(session, into);
  } else {
    putDescription(session, into);
  }
}

/**
 * Sends the INVITE, the first time or for what a response asked for (8.1.3.4, 8.1.3.5): a new CSeq, and no early dialogs.
 * @returns OK when it is under way, or why not
 */
export function sendInvite(session: InviteSession): Status {
  session.state = SessionState.CALLING;
  session.answered = false;
  session.sessions.provisional.start(session);
  return sendDialogRequest(session.invite, Method.INVITE);
}

/**
 * Makes an early dialog the present one: that of the peer whose description is heard, or whom PRACK and UPDATE go to.
 * @returns whether it is
 */
function enterFork(session: InviteSession, fork: Fork, response: Message): boolean {
  const dialog = session.dialog;
  if (!equalFixedText(dialog.remoteTag, response.bytes, response.to.tagStart, response.to.tagEnd)) {
    session.offer = fork.answered ? OfferState.STABLE : offerOfInvite(session);
    dialog.hasRemoteSequence = false;
    redirectChange(session);
  }
  return openDialogAsCaller(dialog, response) === Status.OK;
}

/** 101 … 199 with a tag: the early dialog that it belongs to. */
function takeEarly(session: InviteSession, response: Message): void {
  const user = session.sessions.user;
  const to = response.to;
  const fork = takeFork(session.forks, response.bytes, to.tagStart, to.tagEnd);
  if (
    session.dialog.remoteTag.length === 0 ||
    hasHeader(response, HeaderName.RSEQ) ||
    (hasDescription(response) && offerOfInvite(session) === OfferState.SENT)
  ) {
    enterFork(session, fork, response);
  }
  notePeerMethods(session, response);
  if (!session.sessions.provisional.takeResponse(session, response)) {
    return;
  }
  if (awaitsAnswer(session) && takeDescription(session, response) === Status.OK) {
    // Early media: an answer in a provisional response that does not fit is no reason to end; the 2xx decides.
    session.forks.heard = fork;
  }
  if (response.statusCode >= 180 && session.state === SessionState.EARLY) {
    session.statusCode = response.statusCode;
    user.onProgress(user.owner, session, response.statusCode);
  }
}

/** 100 … 199 */
function takeProvisional(session: InviteSession, response: Message): void {
  if (session.state === SessionState.CANCELLING) {
    if (!session.expiry.armed) {
      // Given up before anything was heard: now CANCEL may go (9.1).
      sendCancel(session);
    }
    return;
  }
  session.state = SessionState.EARLY;
  if (response.statusCode > 100 && response.to.tagEnd > response.to.tagStart) {
    takeEarly(session, response);
  } else if (response.statusCode >= 180) {
    // A peer of RFC 2543, without tags.
    session.sessions.user.onProgress(session.sessions.user.owner, session, response.statusCode);
  }
}

/** The first 2xx: the dialog stands. */
function confirm(session: InviteSession, response: Message): void {
  const sessions = session.sessions;
  const user = sessions.user;
  const to = response.to;
  const cancelled = session.state === SessionState.CANCELLING;
  const asked = offerOfInvite(session);
  const fork = takeFork(session.forks, response.bytes, to.tagStart, to.tagEnd);
  const opened = enterFork(session, fork, response);
  // The exchange was in a reliable provisional response, and the media went to another fork since: agreed on anew below.
  let lost = fork.answered && session.forks.heard !== fork;
  if (lost && asked === OfferState.SENT && hasDescription(response)) {
    session.offer = asked;
    lost = false;
  }
  stopTimer(sessions.wheel, session.expiry);
  sessions.provisional.stop(session);
  notePeerMethods(session, response);
  const awaits = awaitsAnswer(session) || session.offer === OfferState.SOLICITED;
  const status = !cancelled && awaits ? takeDescription(session, response) : Status.OK;
  const sent = opened ? sendAcknowledgement(session, session.invite.client) : Status.MISSING;
  if (sent !== Status.OK && sent !== Status.PENDING) {
    reportEnd(session, EndCause.NO_ROUTE);
    releaseSession(session);
    return;
  }
  session.state = SessionState.CONFIRMED;
  if (cancelled) {
    // The answer crossed our CANCEL (9.1): it has to be ended.
    sendBye(session);
  } else if (status !== Status.OK) {
    endSessionFor(session, EndCause.NO_COMMON_MEDIA);
  } else {
    sessions.timer.takeSuccess(session, response);
    user.onConfirmed(user.owner, session);
    if (lost && session.state === SessionState.CONFIRMED && asked === OfferState.SENT) {
      reofferSession(session);
    } else if (lost && session.state === SessionState.CONFIRMED) {
      // An offer of ours would have the media lines of the other fork's.
      solicitOffer(session);
    }
  }
}

/** 300 and more: another way to the peer (8.1.3.4, 8.1.3.5, RFC 4028 7.4), or the end. */
function takeRefusal(session: InviteSession, response: Message): void {
  const sessions = session.sessions;
  const retryAfter = headerNumber(response, HeaderName.RETRY_AFTER);
  session.statusCode = response.statusCode;
  session.retryAfter = retryAfter > 0 ? retryAfter : 0;
  if (session.state !== SessionState.CANCELLING) {
    const again = sessions.timer.takeRefusal(session, response) || sessions.provisional.takeRefusal(session, response);
    if (
      (again && sendInvite(session) === Status.OK) ||
      (!again && sessions.onRedirection(session, response.statusCode, response))
    ) {
      return;
    }
  }
  reportEnd(session, EndCause.REFUSED);
  releaseSession(session);
}

function onInviteResponse(session: InviteSession, response: Message): void {
  if (response.statusCode < 200) {
    takeProvisional(session, response);
  } else if (response.statusCode < 300) {
    confirm(session, response);
  } else {
    takeRefusal(session, response);
  }
}

function onInviteTimeout(session: InviteSession): void {
  const sessions = session.sessions;
  if (
    session.state !== SessionState.CANCELLING &&
    sessions.onRedirection(session, 408, sessions.userAgent.transactions.transport.message)
  ) {
    return;
  }
  reportEnd(session, EndCause.UNREACHABLE);
  releaseSession(session);
}

/**
 * Calls somebody as an account.
 * @param uri the Request-URI: uri[start … end)
 * @returns the index of the session; FULL; or why the INVITE has nowhere to go (MALFORMED, UNSUPPORTED, MISSING, TOO_LONG)
 */
export function callPeerAs(sessions: InviteSessions, account: Account, uri: Bytes, start: number, end: number): number {
  const index = takeSession(sessions);
  if (index < 0) {
    return Status.FULL;
  }
  const session = sessions.items[index];
  session.isCaller = true;
  session.state = SessionState.CALLING;
  session.invite.writeRest = writeInvite;
  session.invite.onResponse = onInviteResponse;
  session.invite.onTimeout = onInviteTimeout;
  setSessionAccount(session, account);
  const status = prepareDialog(session, uri, start, end) ? sendInvite(session) : Status.TOO_LONG;
  if (status !== Status.OK) {
    session.ended = true;
    releaseSession(session);
    return status;
  }
  return index;
}

/** Calls somebody as the account that suits him best. Returns as `callPeerAs`. */
export function callPeer(sessions: InviteSessions, uri: Bytes, start: number, end: number): number {
  return callPeerAs(sessions, chooseAccount(sessions.userAgent, uri, start, end), uri, start, end);
}

/** Gives up a call that is not answered yet: CANCEL as soon as it is allowed (9.1). */
export function cancelCall(session: InviteSession): void {
  // Of the INVITE as it went out last: a challenge or a failing server may have come after the first ringing.
  const client = session.invite.client;
  const heard = client.state === ClientState.PROCEEDING;
  session.state = SessionState.CANCELLING;
  session.sessions.provisional.stop(session);
  if (heard) {
    sendCancel(session);
  }
  reportEnd(session, EndCause.LOCAL);
  if (!client.sent) {
    // Its target is still sought, or there is no network: nobody was asked, and nobody's phone is to ring when there is one.
    abandonClientTransaction(client);
    releaseSession(session);
  }
}
