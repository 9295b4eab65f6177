// Session timers (RFC 4028): the two sides of a call agree who refreshes it, and how often, by re-INVITE or UPDATE. A call that
// nobody refreshes is ended with a BYE, so that a peer that has vanished holds nothing for ever.

import { findByte } from "../bytes/bytes";
import { createText, equalTextAnyCase, type Text } from "../bytes/text";
import { putDecimal, putText, type Writer } from "../bytes/writer";
import { createTimer, startTimer, stopTimer, type Timer } from "../clock/timer-wheel";
import { HeaderName } from "./header-name";
import { createHeaderValue, hasHeaderToken } from "./header-values";
import { EndCause, type InviteSession, type InviteSessions, SessionState } from "./invite-session";
import { headerEnd, headerNumber, headerStart, type Message } from "./message";
import { createParameter, findParameter } from "./parameters";
import { putHeaderName, putHeaderNumber, putHeaderText, putLineEnd, putNoBody } from "./response-writer";
import { openResponse, type ServerTransaction, sendResponse } from "./server-transaction";
import { refreshSession } from "./session-change";
import { endSessionFor } from "./session-end";
import { createExtension } from "./user-agent";

/** The smallest interval that we take, in seconds. */
const MINIMUM_S = 90; // RFC 4028 4
/** The longest interval that is counted, in seconds; a longer one is refreshed as if it were this. */
const MAXIMUM_S = 60000;
/** How long before its end, in seconds, a session that was not refreshed is ended; at most a third of it. */
const MARGIN_S = 32; // RFC 4028 10

const TIMER = createText("timer");
const REFRESHER = createText("refresher");
const REFRESHER_UAC = createText(";refresher=uac");
const REFRESHER_UAS = createText(";refresher=uas");
const NO_REFRESHER = createText("");
const UAS = createText("uas");

const value = createHeaderValue();
const parameter = createParameter();

/** The session timer of one call. */
interface SessionTimer {
  readonly session: InviteSession;
  /** Seconds; 0: the session does not expire. */
  interval: number;
  /** Seconds: the largest Min-SE that a 422 has asked for. */
  minimum: number;
  /** Whether we refresh. */
  refreshes: boolean;
  /** Whether our 2xx says "Require: timer", which it does when the peer refreshes (9). */
  requires: boolean;
  /** Whether the peer knows nothing of session timers: we alone refresh. */
  alone: boolean;
  /** Whether the refresh is due next; else the end. */
  refreshDue: boolean;
  timer: Timer;
}

function timerOf(session: InviteSession): SessionTimer {
  return session.timerState as SessionTimer;
}

/** The interval that we ask for. */
function ownInterval(timer: SessionTimer): number {
  const seconds = timer.session.sessions.userAgent.settings.call.sessionExpires;
  return timer.minimum > seconds ? timer.minimum : seconds;
}

/** Counts to the refresh at half the interval, or to the end, a margin before it (10). */
function count(timer: SessionTimer): void {
  const wheel = timer.session.sessions.wheel;
  const interval = timer.interval > MAXIMUM_S ? MAXIMUM_S : timer.interval;
  const half = (interval / 2) | 0;
  const third = (interval / 3) | 0;
  const end = interval - (third < MARGIN_S ? third : MARGIN_S);
  if (interval === 0) {
    stopTimer(wheel, timer.timer);
  } else if (timer.refreshDue) {
    startTimer(wheel, timer.timer, 1000 * half);
  } else {
    startTimer(wheel, timer.timer, 1000 * (timer.refreshes ? end - half : end));
  }
}

/** The session was refreshed now. */
function restart(timer: SessionTimer): void {
  timer.refreshDue = timer.refreshes;
  count(timer);
}

function onTimer(owner: object): void {
  const timer = owner as SessionTimer;
  const session = timer.session;
  if (timer.refreshDue) {
    timer.refreshDue = false;
    count(timer);
    refreshSession(session);
  } else if (session.state === SessionState.CONFIRMED) {
    endSessionFor(session, EndCause.SESSION_EXPIRED);
  }
}

function putInterval(writer: Writer, interval: number, refresher: Text): void {
  putHeaderName(writer, HeaderName.SESSION_EXPIRES);
  putDecimal(writer, interval);
  putText(writer, refresher);
  putLineEnd(writer);
}

/** In a call that has a refresher he stays it; a new one leaves the choice to the peer (7.1, 7.4). */
function putRequest(session: InviteSession, writer: Writer): void {
  const timer = timerOf(session);
  if (timer.interval > 0) {
    putInterval(writer, timer.interval, timer.refreshes ? REFRESHER_UAC : REFRESHER_UAS);
  } else {
    putInterval(writer, ownInterval(timer), NO_REFRESHER);
  }
  if (timer.minimum > 0) {
    putHeaderNumber(writer, HeaderName.MIN_SE, timer.minimum);
  }
}

/** 422 with the interval that we take, to a peer that would understand it (9). */
function refuseRequest(request: Message, transaction: ServerTransaction): boolean {
  const asked = headerNumber(request, HeaderName.SESSION_EXPIRES);
  if (asked < 0 || asked >= MINIMUM_S || !hasHeaderToken(request, HeaderName.SUPPORTED, TIMER, value)) {
    return false;
  }
  const writer = openResponse(transaction);
  putHeaderNumber(writer, HeaderName.MIN_SE, MINIMUM_S);
  putNoBody(writer);
  sendResponse(transaction, 422, 0);
  return true;
}

/** Whether the Session-Expires of a message names a refresher. */
function namesRefresher(message: Message, refresher: Text): boolean {
  const bytes = message.bytes;
  const end = headerEnd(message, HeaderName.SESSION_EXPIRES);
  const start = findByte(bytes, headerStart(message, HeaderName.SESSION_EXPIRES), end, 0x3b);
  return (
    findParameter(bytes, start, end, REFRESHER, parameter) &&
    equalTextAnyCase(bytes, parameter.valueStart, parameter.valueEnd, refresher)
  );
}

/** An INVITE or UPDATE of the peer: the interval and the refresher by RFC 4028 9, table 2. */
function takeRequest(session: InviteSession, request: Message): void {
  const timer = timerOf(session);
  const supported = hasHeaderToken(request, HeaderName.SUPPORTED, TIMER, value);
  const asked = headerNumber(request, HeaderName.SESSION_EXPIRES);
  const least = headerNumber(request, HeaderName.MIN_SE);
  const minimum = least > MINIMUM_S ? least : MINIMUM_S;
  let interval = ownInterval(timer);
  interval = asked >= 0 && asked < interval ? asked : interval;
  timer.interval = interval < minimum ? minimum : interval;
  // Who is not named refreshes when it can: the peer knows best how long it wants to be known.
  timer.refreshes = !supported || namesRefresher(request, UAS);
  timer.requires = !timer.refreshes;
  timer.alone = !supported;
}

function putSuccess(session: InviteSession, writer: Writer): void {
  const timer = timerOf(session);
  putInterval(writer, timer.interval, timer.refreshes ? REFRESHER_UAS : REFRESHER_UAC);
  if (timer.requires) {
    putHeaderText(writer, HeaderName.REQUIRE, TIMER);
  }
  restart(timer);
}

/** The 2xx to an INVITE or UPDATE of ours (7.2): without Session-Expires the session does not expire. */
function takeSuccess(session: InviteSession, response: Message): void {
  const timer = timerOf(session);
  const interval = headerNumber(response, HeaderName.SESSION_EXPIRES);
  timer.interval = interval < 0 ? 0 : interval < MINIMUM_S ? MINIMUM_S : interval;
  timer.refreshes = !namesRefresher(response, UAS);
  timer.alone = timer.alone && timer.refreshes;
  restart(timer);
}

/**
 * 422: once more with the Min-SE that it names, unless that was asked for before (7.4). Any other refusal shows that a peer without
 * session timers is there, which is all that a refresh can ask of it.
 */
function takeRefusal(session: InviteSession, response: Message): boolean {
  const timer = timerOf(session);
  const least = headerNumber(response, HeaderName.MIN_SE);
  if (response.statusCode !== 422 || least <= timer.minimum || least > MAXIMUM_S) {
    if (timer.alone && timer.interval > 0) {
      restart(timer);
    }
    return false;
  }
  timer.minimum = least;
  timer.interval = timer.interval > 0 ? least : 0;
  return true;
}

function stop(session: InviteSession): void {
  const timer = timerOf(session);
  stopTimer(session.sessions.wheel, timer.timer);
  timer.interval = 0;
  timer.minimum = 0;
}

/** Boot only: the sessions have timers, unless the settings switch them off. */
export function createSessionTimers(sessions: InviteSessions): void {
  if (sessions.userAgent.settings.call.sessionExpires === 0) {
    return;
  }
  for (let index = 0; index < sessions.items.length; index += 1) {
    const session = sessions.items[index];
    const timer = {
      session,
      interval: 0,
      minimum: 0,
      refreshes: false,
      requires: false,
      alone: false,
      refreshDue: false,
    } as SessionTimer;
    timer.timer = createTimer(timer, onTimer);
    session.timerState = timer;
  }
  sessions.timer = { putRequest, refuseRequest, takeRequest, putSuccess, takeSuccess, takeRefusal, stop };
  createExtension(sessions.userAgent, TIMER);
}
