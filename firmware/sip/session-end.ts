// The end of a session (RFC 3261 15, 13.3.1.4, 9.1): BYE, a 2xx that nobody acknowledges, an INVITE that is given up. The user hears
// of it once; the record is free when the last message is exchanged.

import type { Writer } from "../bytes/writer";
import { createTimer, startTimer, stopTimer } from "../clock/timer-wheel";
import { countReleased } from "../memory/pool";
import { abandonClientTransaction, cancelClientTransaction, dismissClientTransaction } from "./client-transaction";
import { closeDialog } from "./dialog";
import { sendDialogRequest } from "./dialog-request";
import { EndCause, type InviteSession, SessionState } from "./invite-session";
import type { Message } from "./message";
import { Method } from "./method";
import { putReason } from "./reason";
import { putNoBody } from "./response-writer";
import { retransmitResponse } from "./server-transaction";
import { Change } from "./session-change";
import { Status } from "./status";
import { nextInterval, TIMER_T1_MS, TIMER_T2_MS, TRANSACTION_TIMEOUT_MS } from "./transaction-timers";
import { putUserAgent } from "./user-agent";

/** When a request for which no transaction was free is tried again. */
const AGAIN_MS = 1000;

/** By EndCause: the status code that our BYE gives as its reason; 0: none. */
const REASONS: number[] = [0, 0, 0, 0, 0, 0, 408, 488, 0, 408, 0, 0];

/** Nothing is sent again, awaited or refreshed any more. */
function stopExchanges(session: InviteSession): void {
  const sessions = session.sessions;
  if (session.change.pending) {
    dismissClientTransaction(session.change.client, false);
  }
  session.serverPending = false;
  session.change.pending = false;
  session.wanted = Change.NONE;
  stopTimer(sessions.wheel, session.retransmission);
  stopTimer(sessions.wheel, session.expiry);
  stopTimer(sessions.wheel, session.changeTimer);
  sessions.timer.stop(session);
  sessions.provisional.stop(session);
}

/** Ends a session's life: its record is free for the next call. */
export function releaseSession(session: InviteSession): void {
  const sessions = session.sessions;
  if (session.state !== SessionState.FREE) {
    stopExchanges(session);
    session.state = SessionState.FREE;
    session.invite.pending = false;
    session.bye.pending = false;
    closeDialog(session.dialog);
    countReleased(sessions.use);
  }
}

/** Whether a call is over for its user, and waits only for the response to our BYE or CANCEL. */
export function isDead(session: InviteSession): boolean {
  return session.ended && (session.state === SessionState.ENDING || session.state === SessionState.CANCELLING);
}

/** Frees the record of a dead call before its time: its transactions end alone. */
export function abandonSession(session: InviteSession): void {
  const isEnding = session.state === SessionState.ENDING;
  const request = isEnding ? session.bye : session.invite;
  if (request.pending) {
    // No CANCEL has gone as long as its answer is not waited for.
    dismissClientTransaction(request.client, !isEnding && !session.expiry.armed);
  }
  releaseSession(session);
}

/** Tells the user once that the call is over. */
export function reportEnd(session: InviteSession, cause: EndCause): void {
  if (!session.ended) {
    session.ended = true;
    if (session.reason === 0) {
      session.reason = REASONS[cause];
    }
    session.sessions.user.onEnded(session.sessions.user.owner, session, cause);
  }
}

/** The final response to our BYE, or none: either way the dialog is over (15.1.1). */
function onByeResponse(session: InviteSession, response: Message): void {
  if (response.statusCode >= 200) {
    releaseSession(session);
  }
}

function writeBye(session: InviteSession, writer: Writer): void {
  putReason(writer, session.reason);
  putUserAgent(writer);
  putNoBody(writer);
}

/** Ends a confirmed session with a BYE (15.1.1); the record is free when the BYE is answered or given up. */
export function sendBye(session: InviteSession): void {
  session.state = SessionState.ENDING;
  stopExchanges(session);
  const status = sendDialogRequest(session.bye, Method.BYE);
  if (status === Status.FULL) {
    // All transactions are in use: they come back.
    startTimer(session.sessions.wheel, session.expiry, AGAIN_MS);
  } else if (status !== Status.OK) {
    releaseSession(session);
  }
}

/** Ends a call for a reason of its own: the user hears of it, and the peer hears BYE. */
export function endSessionFor(session: InviteSession, cause: EndCause): void {
  reportEnd(session, cause);
  sendBye(session);
}

/** Sends the CANCEL of our INVITE, and waits 64 * T1 for the INVITE's final response (9.1). */
export function sendCancel(session: InviteSession): void {
  const wheel = session.sessions.wheel;
  startTimer(wheel, session.expiry, TRANSACTION_TIMEOUT_MS);
  if (cancelClientTransaction(session.invite.client, session.cancelUser, session.reason) === Status.FULL) {
    startTimer(wheel, session.retransmission, AGAIN_MS);
  }
}

/** A 2xx is sent again at T1, doubling up to T2, until its ACK comes (13.3.1.4); a CANCEL that had no transaction is tried again. */
function onRetransmission(owner: object): void {
  const session = owner as InviteSession;
  if (session.state === SessionState.CANCELLING) {
    sendCancel(session);
  } else if (session.serverPending) {
    session.interval = nextInterval(session.interval, TIMER_T2_MS);
    startTimer(session.sessions.wheel, session.retransmission, session.interval);
    retransmitResponse(session.server);
  }
}

/**
 * No ACK in 64 * T1: the session ends with a BYE. A cancelled INVITE without final response: it is over. A BYE that had no
 * transaction is tried again.
 */
function onSessionExpiry(owner: object): void {
  const session = owner as InviteSession;
  stopTimer(session.sessions.wheel, session.retransmission);
  if (session.state === SessionState.CANCELLING) {
    abandonClientTransaction(session.invite.client);
    releaseSession(session);
  } else if (session.state === SessionState.ENDING) {
    sendBye(session);
  } else if (session.serverPending) {
    session.serverPending = false;
    endSessionFor(session, session.endRequested ? EndCause.LOCAL : EndCause.NO_ACKNOWLEDGEMENT);
  }
}

/** Starts to send a 2xx again until its ACK comes. */
export function awaitAcknowledgement(session: InviteSession): void {
  session.serverPending = true;
  session.interval = TIMER_T1_MS;
  startTimer(session.sessions.wheel, session.retransmission, TIMER_T1_MS);
  startTimer(session.sessions.wheel, session.expiry, TRANSACTION_TIMEOUT_MS);
}

/** Boot only: the session can end. */
export function createSessionEnd(session: InviteSession): void {
  session.retransmission = createTimer(session, onRetransmission);
  session.expiry = createTimer(session, onSessionExpiry);
  session.bye.writeRest = writeBye;
  session.bye.onResponse = onByeResponse;
  session.bye.onTimeout = releaseSession;
}
