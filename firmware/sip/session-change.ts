// Changes of a call from our side (RFC 3261 14.1, RFC 3311 5.1, RFC 6141): re-INVITE and UPDATE, with an offer, without one to
// refresh the session, or without one to hear the peer's. One at a time; what collides with the peer's is tried again later.

import { createText } from "../bytes/text";
import type { Writer } from "../bytes/writer";
import { createTimer, startTimer } from "../clock/timer-wheel";
import { putContactFor } from "./account";
import { sendAcknowledgement } from "./acknowledgement";
import { refreshTarget } from "./dialog";
import { sendDialogRequest } from "./dialog-request";
import { isForkAnswered } from "./early-dialogs";
import { HeaderName } from "./header-name";
import { createHeaderValue, hasHeaderToken } from "./header-values";
import { randomBelow } from "./identifiers";
import { EndCause, type InviteSession, type InviteSessions, SessionState } from "./invite-session";
import { hasHeader, headerNumber, type Message } from "./message";
import { Method } from "./method";
import { putNoBody } from "./response-writer";
import { endSessionFor } from "./session-end";
import {
  isExchangeOurs,
  OfferState,
  putDescription,
  putSolicitation,
  takeDescription,
  withdrawOffer,
} from "./session-offer";
import { Status } from "./status";
import type { Target } from "./target";
import { putAccept, putAllow, putSupported, putUserAgent } from "./user-agent";

export const enum Change {
  NONE = 0,
  /** The session goes on as it is (RFC 4028). */
  REFRESH = 1,
  /** The peer is asked for its offer; ours is the answer in the ACK. */
  SOLICIT = 2,
  /** A new offer of ours. */
  OFFER = 3,
}

/** How often one change is tried when the peer puts it off. */
const TRIES = 8;

/** The longest Retry-After, in seconds, that a change waits for. */
const LONGEST_WAIT_S = 30;

/** The pauses of RFC 3261 14.1 are multiples of this. */
const PAUSE_UNIT_MS = 10;

const UPDATE = createText("UPDATE");

const value = createHeaderValue();

/** Appends what INVITE and UPDATE of ours say about us: Contact, Allow, Supported, Accept, User-Agent. */
export function putSessionHeaders(session: InviteSession, writer: Writer, to: Target): void {
  const userAgent = session.sessions.userAgent;
  putContactFor(writer, session.account, to);
  putAllow(writer, userAgent);
  putSupported(writer, userAgent);
  putAccept(writer);
  putUserAgent(writer);
}

/** Notes from an Allow of the peer whether it takes UPDATE; a message without Allow says nothing new. */
export function notePeerMethods(session: InviteSession, message: Message): void {
  if (hasHeader(message, HeaderName.ALLOW)) {
    session.peerTakesUpdate = hasHeaderToken(message, HeaderName.ALLOW, UPDATE, value);
  }
}

/** Whether the first exchange is complete before the call is answered, so that UPDATE may offer anew (RFC 3311 5.1). */
function isEarlyAnswered(session: InviteSession): boolean {
  return session.state === SessionState.EARLY
    ? isForkAnswered(session.forks, session.dialog.remoteTag)
    : session.state === SessionState.INCOMING && session.answered;
}

/** Whether a change of ours may begin: nothing of either side is under way (RFC 3261 14.1, RFC 3311 5.1). */
function mayChange(session: InviteSession, change: Change): boolean {
  return (
    !session.change.pending &&
    session.offer === OfferState.STABLE &&
    ((session.state === SessionState.CONFIRMED && !session.serverPending) ||
      (session.peerTakesUpdate && change === Change.OFFER && isEarlyAnswered(session)))
  );
}

function writeChange(session: InviteSession, writer: Writer): void {
  putSessionHeaders(session, writer, session.change.client.destination);
  session.sessions.timer.putRequest(session, writer);
  if (session.changing === Change.SOLICIT) {
    putSolicitation(session, writer);
  } else if (session.changing === Change.REFRESH && takesUpdate(session)) {
    putNoBody(writer);
  } else {
    putDescription(session, writer);
  }
}

function takesUpdate(session: InviteSession): boolean {
  return session.change.method === Method.UPDATE;
}

/** Lets the change wait, at least `milliseconds`, until it may begin. */
function postpone(session: InviteSession, change: Change, milliseconds: number): void {
  session.wanted = change > session.wanted ? change : session.wanted;
  if (!session.changeTimer.armed) {
    startTimer(session.sessions.wheel, session.changeTimer, milliseconds);
  }
}

/** The pause after a collision: who made the Call-ID waits 2.1 to 4 s, the other 0 to 2 s (RFC 3261 14.1). */
function collisionPause(session: InviteSession): number {
  const random = session.sessions.userAgent.transactions.transport.random;
  return PAUSE_UNIT_MS * (session.isCaller ? 210 + randomBelow(random, 191) : randomBelow(random, 201));
}

/** Begins a change now, or as soon as it may. Returns OK, PENDING, or why it cannot. */
function beginChange(session: InviteSession, change: Change): Status {
  if (session.state < SessionState.EARLY || session.state > SessionState.CONFIRMED) {
    return Status.MISSING;
  }
  if (!mayChange(session, change)) {
    postpone(session, change, collisionPause(session));
    return Status.PENDING;
  }
  const byUpdate = session.state !== SessionState.CONFIRMED || (change === Change.REFRESH && session.peerTakesUpdate);
  session.changing = change;
  session.wanted = Change.NONE;
  const status = sendDialogRequest(session.change, byUpdate ? Method.UPDATE : Method.INVITE);
  if (status === Status.TOO_LONG) {
    withdrawOffer(session);
  } else if (status !== Status.OK) {
    // All transactions are in use, or the network is away: both come back.
    session.offer = OfferState.STABLE;
    postpone(session, change, collisionPause(session));
    return Status.PENDING;
  }
  return status;
}

/**
 * Offers the session anew: what the user's `writeOffer` writes (hold, resume, another address). While something else is under
 * way it waits; before the call is answered it goes by UPDATE, or waits for the answer.
 * @returns OK, PENDING when it goes out later, or why it cannot
 */
export function reofferSession(session: InviteSession): Status {
  session.changeTries = 0;
  return beginChange(session, Change.OFFER);
}

/** Asks the peer for a new offer: a re-INVITE without one (RFC 3261 14.1). Returns as `reofferSession`. */
export function solicitOffer(session: InviteSession): Status {
  session.changeTries = 0;
  return beginChange(session, Change.SOLICIT);
}

/** Refreshes the session: by UPDATE without offer when the peer takes it, else by re-INVITE (RFC 4028 7.4). */
export function refreshSession(session: InviteSession): Status {
  session.changeTries = 0;
  return beginChange(session, Change.REFRESH);
}

/** The change under way is another early dialog's, and so is what is heard of it: it is made anew in the present one. */
export function redirectChange(session: InviteSession): void {
  if (session.change.pending) {
    session.change.pending = false;
    postpone(session, session.changing, collisionPause(session));
  }
}

function onChangeTimer(owner: object): void {
  const session = owner as InviteSession;
  if (session.wanted !== Change.NONE) {
    beginChange(session, session.wanted);
  }
}

/** The 2xx: target and session are refreshed, and the description is taken. */
function takeSuccess(session: InviteSession, response: Message): void {
  let status: Status = Status.OK;
  refreshTarget(session.dialog, response);
  notePeerMethods(session, response);
  if (isExchangeOurs(session)) {
    status = takeDescription(session, response);
  }
  if (!takesUpdate(session)) {
    sendAcknowledgement(session, session.change.client);
  }
  if (status === Status.MISSING) {
    // An offer that is passed over in a 2xx was not taken.
    withdrawOffer(session);
  }
  if (status !== Status.OK && status !== Status.MISSING && session.state === SessionState.CONFIRMED) {
    endSessionFor(session, EndCause.NO_COMMON_MEDIA);
  } else {
    session.sessions.timer.takeSuccess(session, response);
  }
}

/** Begins the change anew after a refusal. Returns false when that cannot be: the offer is then still to be withdrawn. */
function repeatChange(session: InviteSession): boolean {
  const offer = session.offer;
  session.offer = OfferState.STABLE;
  if (beginChange(session, session.changing) === Status.OK) {
    return true;
  }
  session.offer = offer;
  return false;
}

/** Whether a refused change is tried again, now or later. */
function isPutOff(session: InviteSession, response: Message): boolean {
  const code = response.statusCode;
  const seconds = headerNumber(response, HeaderName.RETRY_AFTER);
  const isWait = (code === 500 || code === 503) && seconds >= 0 && seconds <= LONGEST_WAIT_S;
  const isAnother = session.sessions.timer.takeRefusal(session, response);
  session.changeTries += 1;
  if (session.changeTries > TRIES) {
    return false;
  }
  if (code === 491 || isWait) {
    session.offer = OfferState.STABLE;
    postpone(session, session.changing, isWait ? 1000 * seconds : collisionPause(session));
    return true;
  }
  if (isAnother) {
    return repeatChange(session);
  }
  if (takesUpdate(session) && (code === 405 || code === 501) && session.state === SessionState.CONFIRMED) {
    session.peerTakesUpdate = false;
    return repeatChange(session);
  }
  return false;
}

function onChangeResponse(session: InviteSession, response: Message): void {
  const code = response.statusCode;
  if (code < 200) {
    if (code > 100) {
      session.sessions.provisional.takeResponse(session, response);
    }
  } else if (code < 300) {
    takeSuccess(session, response);
  } else if (code === 481 || code === 408) {
    onChangeTimeout(session);
  } else if (!isPutOff(session, response)) {
    withdrawOffer(session);
  }
}

/** The dialog is gone on the other side, or nobody is there (RFC 3261 12.2.1.2, 14.1). */
function onChangeTimeout(session: InviteSession): void {
  withdrawOffer(session);
  if (session.state === SessionState.CONFIRMED) {
    endSessionFor(session, EndCause.DIALOG_LOST);
  }
}

/** Boot only: the sessions may be changed from our side. */
export function createSessionChanges(sessions: InviteSessions): void {
  for (let index = 0; index < sessions.items.length; index += 1) {
    const session = sessions.items[index];
    session.changeTimer = createTimer(session, onChangeTimer);
    session.change.writeRest = writeChange;
    session.change.onResponse = onChangeResponse;
    session.change.onTimeout = onChangeTimeout;
  }
}
