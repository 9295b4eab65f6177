// REFER within a call (RFC 3515): the peer asks that somebody else is called in its place. It is accepted with 202, which makes
// a subscription without SUBSCRIBE (RFC 6665 4.5.1), and NOTIFYs tell how the new call fares until its final response. Who is
// called, and how, the user decides; one REFER at a time. A peer that says so is not told (RFC 4488).

import { createHalves, type Halves } from "../bytes/decimal";
import { createFixedText, type FixedText, setFixedText } from "../bytes/fixed-text";
import { createText } from "../bytes/text";
import { putByte, putDecimal, putDecimalHalves, putText, type Writer } from "../bytes/writer";
import { HeaderName } from "./header-name";
import { countHeaderValues, createHeaderValue, firstHeaderValue, hasHeaderToken } from "./header-values";
import { type InviteSession, type InviteSessions, SessionState } from "./invite-session";
import { headerEnd, headerStart, type Message } from "./message";
import { Method } from "./method";
import { reasonPhrase } from "./reason-phrase";
import { parseReferTo } from "./refer-to";
import { createRequestHandler, NO_SESSION } from "./request-handler";
import { putHeaderFixed } from "./request-writer";
import { closeBody, openBody, putHeaderName, putHeaderText, putLineEnd, putNoBody } from "./response-writer";
import { openResponse, type ServerTransaction, sendPlainResponse, sendResponse } from "./server-transaction";
import { createSingleRequest, isDialogOver, type SingleRequest, sendInSession } from "./single-request";
import { Status } from "./status";
import { createExtension, putContact } from "./user-agent";

/** Who makes the calls. Set once, at boot. */
export interface ReferUser {
  owner: object;
  /** A peer asks within its call that `refer.target` is called. Returns 202, or what the request is refused with. */
  onRefer: (owner: object, session: InviteSession) => number;
  /** It was accepted: the call may begin. `reportRefer` is to follow until a final status code. */
  onAccepted: (owner: object, session: InviteSession) => void;
}

export interface Refer {
  readonly sessions: InviteSessions;
  readonly user: ReferUser;
  /** The Request-URI of the call that is asked for. */
  readonly target: FixedText;
  /** The values of Replaces (RFC 3891) and Referred-By (RFC 3892) of that call; empty when there is none. */
  readonly replaces: FixedText;
  readonly referredBy: FixedText;
  /** The call that it came in; meaningful while `watched`. */
  session: InviteSession;
  /** CSeq of the REFER: the id of its subscription (RFC 3515 2.4.6). */
  readonly sequence: Halves;
  /** How the new call fares: a status code; from 200 on it is over. */
  statusCode: number;
  /** Whether the peer is still told. */
  watched: boolean;
  /** The status code has changed since the NOTIFY that is under way was written. */
  changed: boolean;
  request: SingleRequest;
}

/** Seconds that the subscription may last: longer than any call rings. */
const WATCHED_SECONDS = 300;

const EVENT_ID = createText("refer;id=");
const ACTIVE = createText("active;expires=");
const TERMINATED = createText("terminated;reason=noresource");
const SIPFRAG = createText("message/sipfrag;version=2.0");
const VERSION = createText("SIP/2.0 ");
const FALSE = createText("false");
const NO_SUBSCRIPTION = createText("norefersub");

const value = createHeaderValue();

/** Boot only: the station takes REFER. */
export function createRefer(sessions: InviteSessions, user: ReferUser): Refer {
  const limits = sessions.userAgent.limits;
  const session = sessions.items[0];
  const refer = {
    sessions,
    user,
    target: createFixedText(limits.dialogPartOctets),
    replaces: createFixedText(limits.dialogPartOctets),
    referredBy: createFixedText(limits.dialogPartOctets),
    session,
    sequence: createHalves(),
    statusCode: 0,
    watched: false,
    changed: false,
  } as unknown as Refer;
  refer.request = createSingleRequest(sessions.userAgent, Method.NOTIFY, session.dialog, session.authentication, {
    owner: refer,
    writeRest,
    onResult,
  });
  createRequestHandler(sessions.userAgent.handlers, { owner: refer, method: Method.REFER, onRequest });
  createExtension(sessions.userAgent, NO_SUBSCRIPTION);
  return refer;
}

function writeRest(owner: object, writer: Writer): void {
  const refer = owner as Refer;
  putHeaderName(writer, HeaderName.EVENT);
  putText(writer, EVENT_ID);
  putDecimalHalves(writer, refer.sequence.high, refer.sequence.low);
  putLineEnd(writer);
  putHeaderName(writer, HeaderName.SUBSCRIPTION_STATE);
  if (refer.statusCode < 200) {
    putText(writer, ACTIVE);
    putDecimal(writer, WATCHED_SECONDS);
  } else {
    putText(writer, TERMINATED);
  }
  putLineEnd(writer);
  putHeaderText(writer, HeaderName.CONTENT_TYPE, SIPFRAG);
  const bodyStart = openBody(writer);
  putText(writer, VERSION);
  putDecimal(writer, refer.statusCode);
  putByte(writer, 0x20);
  putText(writer, reasonPhrase(refer.statusCode));
  putLineEnd(writer);
  closeBody(writer, bodyStart);
}

function sendNotify(refer: Refer): void {
  refer.changed = false;
  refer.watched = sendInSession(refer.request, refer.session) === Status.OK && refer.statusCode < 200;
}

/** Tells the peer now, or when the NOTIFY before is answered; nobody when its call is over. */
function notify(refer: Refer): void {
  if (isDialogOver(refer.request)) {
    refer.watched = false;
  } else if (refer.request.busy) {
    refer.changed = true;
  } else {
    sendNotify(refer);
  }
}

/** A peer that refuses a NOTIFY, or does not answer, is told no more; the new call goes on. */
function onResult(owner: object, statusCode: number): void {
  const refer = owner as Refer;
  if (statusCode < 200 || statusCode >= 300) {
    refer.watched = false;
    refer.changed = false;
  }
  if (refer.changed) {
    notify(refer);
  }
}

/** Says how the new call fares: a provisional status code, or the final one. */
export function reportRefer(refer: Refer, statusCode: number): void {
  if (refer.watched && statusCode !== refer.statusCode) {
    refer.statusCode = statusCode;
    notify(refer);
  }
}

/** Appends Replaces and Referred-By to the INVITE of the new call. */
export function putReferHeaders(refer: Refer, writer: Writer): void {
  if (refer.replaces.length > 0) {
    putHeaderFixed(writer, HeaderName.REPLACES, refer.replaces);
  }
  if (refer.referredBy.length > 0) {
    putHeaderFixed(writer, HeaderName.REFERRED_BY, refer.referredBy);
  }
}

/** What the request is refused with; 0: it says whom to call, and that is kept. */
function takeReferTo(refer: Refer, request: Message): number {
  const bytes = request.bytes;
  if (countHeaderValues(request, HeaderName.REFER_TO, value) !== 1) {
    return 400; // RFC 3515 2.4.1
  }
  firstHeaderValue(request, HeaderName.REFER_TO, value);
  const status = parseReferTo(bytes, value.start, value.end, refer.target, refer.replaces);
  setFixedText(
    refer.referredBy,
    bytes,
    headerStart(request, HeaderName.REFERRED_BY),
    headerEnd(request, HeaderName.REFERRED_BY),
  );
  return status === Status.OK ? 0 : status === Status.UNSUPPORTED ? 416 : status === Status.TOO_LONG ? 513 : 400;
}

/** A request outside calls asks for a call of nobody's: 403. A second one while the first is not done: 491. */
function onRequest(owner: object, request: Message, transaction: ServerTransaction, session: number): void {
  const refer = owner as Refer;
  if (session === NO_SESSION && request.to.tagEnd > request.to.tagStart) {
    sendPlainResponse(transaction, 481, 0);
    return;
  }
  if (session === NO_SESSION || refer.sessions.items[session].state !== SessionState.CONFIRMED) {
    sendPlainResponse(transaction, 403, 0);
    return;
  }
  if (refer.watched || refer.request.busy) {
    sendPlainResponse(transaction, 491, 0);
    return;
  }
  const refusal = takeReferTo(refer, request);
  if (refusal !== 0) {
    sendPlainResponse(transaction, refusal, 0);
    return;
  }
  accept(refer, request, transaction, refer.sessions.items[session]);
}

function accept(refer: Refer, request: Message, transaction: ServerTransaction, session: InviteSession): void {
  refer.session = session;
  refer.sequence.high = request.cseq.number.high;
  refer.sequence.low = request.cseq.number.low;
  refer.statusCode = 100;
  const user = refer.user;
  const answer = user.onRefer(user.owner, session);
  const isSilent = hasHeaderToken(request, HeaderName.REFER_SUB, FALSE, value);
  const writer = openResponse(transaction);
  putContact(writer, refer.sessions.userAgent);
  if (answer === 202 && isSilent) {
    putHeaderText(writer, HeaderName.REFER_SUB, FALSE);
  }
  putNoBody(writer);
  sendResponse(transaction, answer, 0);
  if (answer === 202) {
    if (!isSilent) {
      sendNotify(refer);
    }
    user.onAccepted(user.owner, session);
  }
}
