// Reliable provisional responses (RFC 3262): as caller each is acknowledged with PRACK, in order, with our answer when it carried
// an offer; as called the 180 is sent again until its PRACK comes. It hangs on the hooks of the sessions.

import { createHalves, type Halves, parseDecimalHalves } from "../bytes/decimal";
import { createText } from "../bytes/text";
import { putByte, putDecimal, putDecimalHalves, putText, type Writer } from "../bytes/writer";
import { createTimer, startTimer, stopTimer, type Timer } from "../clock/timer-wheel";
import { ProvisionalChoice } from "../settings/settings-keys";
import { skipBlanks } from "./characters";
import { compareCSeqNumbers, createCSeq, parseCSeq } from "./cseq";
import { createDialogRequest, type DialogRequest, sendDialogRequest } from "./dialog-request";
import { takeFork } from "./early-dialogs";
import { HeaderName } from "./header-name";
import { createHeaderValue, hasHeaderToken } from "./header-values";
import { randomBelow } from "./identifiers";
import { answerSession, openSessionResponse, refuseSessionFor } from "./invite-called";
import { cancelCall } from "./invite-caller";
import { EndCause, type InviteSession, type InviteSessions, SessionState } from "./invite-session";
import { headerEnd, headerStart, type Message } from "./message";
import { METHOD_TEXTS, Method } from "./method";
import { createRequestHandler } from "./request-handler";
import { putHeaderName, putHeaderNumber, putHeaderText, putLineEnd, putNoBody } from "./response-writer";
import {
  openResponse,
  retransmitResponse,
  type ServerTransaction,
  sendPlainResponse,
  sendResponse,
} from "./server-transaction";
import { reportEnd } from "./session-end";
import { awaitsAnswer, OfferState, putAnswer, putDescription, putRefusal, takeDescription } from "./session-offer";
import { Status } from "./status";
import { TIMER_T1_MS, TRANSACTION_TIMEOUT_MS } from "./transaction-timers";
import { createExtension, putUserAgent } from "./user-agent";

const RELIABLE = createText("100rel");

/** RSeq of our first one lies below this (3: any number up to 2^31 - 1). */
const FIRST_SEQUENCE_LIMIT = 65536;

const value = createHeaderValue();
const acknowledged = createCSeq();
const number = createHalves();

/** What is kept of one call. */
interface Provisional {
  readonly session: InviteSession;
  /** Caller: whether the INVITE requires reliable responses, and whether that changed once already (8.1.3.5). */
  requires: boolean;
  changed: boolean;
  /** Caller: RSeq and CSeq that the PRACK acknowledges. */
  readonly sequence: Halves;
  inviteSequence: number;
  prack: DialogRequest;
  /** Caller: whether that PRACK has our answer, or one that takes nothing of the peer's offer. */
  answers: boolean;
  refuses: boolean;
  /** Caller: whether that PRACK could not be sent; it is, when the response comes again. */
  owed: boolean;
  /** Called: RSeq of our 180. */
  ownSequence: number;
  /** Called: whether its PRACK is awaited. */
  waiting: boolean;
  /** Called: whether it carried our offer, so that the 2xx waits for the PRACK as well. */
  offered: boolean;
  answerRequested: boolean;
  /** Called: 180 again at T1, doubling, until 64 * T1 have passed. */
  retransmission: Timer;
  interval: number;
  elapsed: number;
}

function provisionalOf(session: InviteSession): Provisional {
  return session.provisionalState as Provisional;
}

function start(session: InviteSession): void {
  const provisional = provisionalOf(session);
  if (!provisional.changed) {
    provisional.requires = session.sessions.userAgent.settings.call.provisional === ProvisionalChoice.REQUIRED;
  }
}

function putRequest(session: InviteSession, writer: Writer): void {
  if (provisionalOf(session).requires) {
    putHeaderText(writer, HeaderName.REQUIRE, RELIABLE);
  }
}

/** 420 for our Require, 421 for the lack of it: once more without, or with it. */
function takeRefusal(session: InviteSession, response: Message): boolean {
  const provisional = provisionalOf(session);
  const concerned = provisional.requires
    ? response.statusCode === 420
    : response.statusCode === 421 && hasHeaderToken(response, HeaderName.REQUIRE, RELIABLE, value);
  if (!concerned || provisional.changed) {
    return false;
  }
  provisional.requires = !provisional.requires;
  provisional.changed = true;
  return true;
}

function writePrack(session: InviteSession, writer: Writer): void {
  const provisional = provisionalOf(session);
  putHeaderName(writer, HeaderName.RACK);
  putDecimalHalves(writer, provisional.sequence.high, provisional.sequence.low);
  putByte(writer, 0x20);
  putDecimal(writer, provisional.inviteSequence);
  putByte(writer, 0x20);
  putText(writer, METHOD_TEXTS[Method.INVITE]);
  putLineEnd(writer);
  putUserAgent(writer);
  if (provisional.answers) {
    putAnswer(session, writer);
  } else if (provisional.refuses) {
    putRefusal(session, writer);
  } else {
    putNoBody(writer);
  }
}

/** Whether `next` is one more than `last`. */
function follows(last: Halves, next: Halves): boolean {
  return next.low === 0
    ? last.low === 0xffff && next.high === last.high + 1
    : next.high === last.high && next.low === last.low + 1;
}

/** Caller: a provisional response with RSeq is acknowledged, and its description taken (4, 5). */
function takeResponse(session: InviteSession, response: Message): boolean {
  const provisional = provisionalOf(session);
  const to = response.to;
  if (
    !hasHeaderToken(response, HeaderName.REQUIRE, RELIABLE, value) ||
    !parseDecimalHalves(
      response.bytes,
      headerStart(response, HeaderName.RSEQ),
      headerEnd(response, HeaderName.RSEQ),
      number,
    )
  ) {
    return true;
  }
  const fork = takeFork(session.forks, response.bytes, to.tagStart, to.tagEnd);
  if (fork.hasSequence && !follows(fork.sequence, number)) {
    // Again, or one before it is missing: that will be sent again.
    if (provisional.owed && compareCSeqNumbers(provisional.sequence, number) === 0) {
      provisional.owed = sendDialogRequest(provisional.prack, Method.PRACK) !== Status.OK;
      return !provisional.owed;
    }
    return false;
  }
  fork.hasSequence = true;
  fork.sequence.high = number.high;
  fork.sequence.low = number.low;
  provisional.sequence.high = number.high;
  provisional.sequence.low = number.low;
  provisional.inviteSequence = session.inviteSequence;
  const isOurs = session.offer === OfferState.SENT && !awaitsAnswer(session);
  const isAnswer = session.offer === OfferState.SENT;
  const status = isOurs ? Status.MISSING : takeDescription(session, response);
  if (status === Status.OK && session.state < SessionState.CONFIRMED) {
    fork.answered = true;
    session.forks.heard = fork;
  }
  provisional.answers = session.offer === OfferState.RECEIVED;
  provisional.refuses = !isAnswer && status !== Status.OK && status !== Status.MISSING;
  provisional.owed = sendDialogRequest(provisional.prack, Method.PRACK) !== Status.OK;
  if (provisional.refuses && session.state === SessionState.EARLY) {
    // An offer that cannot be answered, although the PRACK has to.
    session.reason = 488;
    reportEnd(session, EndCause.NO_COMMON_MEDIA);
    cancelCall(session);
    return false;
  }
  // What has no PRACK yet, and so perhaps no answer, counts when it comes again.
  return !provisional.owed;
}

/** Called: 180 with RSeq, and with our offer when the INVITE had none (5). One at a time. */
function ring(session: InviteSession): boolean {
  const provisional = provisionalOf(session);
  const userAgent = session.sessions.userAgent;
  const wanted = userAgent.settings.call.provisional === ProvisionalChoice.REQUIRED && session.peerSupportsReliable;
  if (provisional.waiting) {
    return true;
  }
  if (!wanted && !session.peerRequiresReliable) {
    return false;
  }
  const writer = openSessionResponse(session, session.server);
  provisional.ownSequence += 1;
  provisional.offered = session.offerSent && session.offer === OfferState.STABLE && !session.answered;
  putHeaderText(writer, HeaderName.REQUIRE, RELIABLE);
  putHeaderNumber(writer, HeaderName.RSEQ, provisional.ownSequence);
  if (provisional.offered) {
    session.offerSent = false;
    putDescription(session, writer);
  } else {
    putNoBody(writer);
  }
  sendResponse(session.server, 180, 0);
  provisional.waiting = true;
  provisional.answerRequested = false;
  provisional.elapsed = 0;
  provisional.interval = TIMER_T1_MS;
  startTimer(session.sessions.wheel, provisional.retransmission, TIMER_T1_MS);
  return true;
}

/** 180 again; after 64 * T1 without PRACK the INVITE is refused (3). */
function onRetransmission(owner: object): void {
  const provisional = owner as Provisional;
  const session = provisional.session;
  const left = TRANSACTION_TIMEOUT_MS - provisional.elapsed - provisional.interval;
  if (left <= 0) {
    provisional.waiting = false;
    refuseSessionFor(session, 500, EndCause.NO_ACKNOWLEDGEMENT);
    return;
  }
  provisional.elapsed += provisional.interval;
  provisional.interval = 2 * provisional.interval < left ? 2 * provisional.interval : left;
  startTimer(session.sessions.wheel, provisional.retransmission, provisional.interval);
  retransmitResponse(session.server);
}

/** Called: the 2xx goes at once, and ends the repetition of the 180; but not while our offer waits for its answer (3). */
function mayAnswer(session: InviteSession): boolean {
  const provisional = provisionalOf(session);
  if (provisional.waiting && provisional.offered) {
    provisional.answerRequested = true;
    return false;
  }
  stopTimer(session.sessions.wheel, provisional.retransmission);
  return true;
}

/** Whether a PRACK names our 180 and its INVITE (3, 7.2). */
function isForOurs(provisional: Provisional, request: Message): boolean {
  const bytes = request.bytes;
  const start = headerStart(request, HeaderName.RACK);
  const end = headerEnd(request, HeaderName.RACK);
  let sequenceEnd = start;
  while (sequenceEnd < end && bytes[sequenceEnd] >= 0x30 && bytes[sequenceEnd] <= 0x39) {
    sequenceEnd += 1;
  }
  return (
    parseDecimalHalves(bytes, start, sequenceEnd, number) &&
    number.high === provisional.ownSequence >> 16 &&
    number.low === (provisional.ownSequence & 0xffff) &&
    parseCSeq(bytes, skipBlanks(bytes, sequenceEnd, end), end, acknowledged) === Status.OK &&
    acknowledged.method === Method.INVITE &&
    compareCSeqNumbers(acknowledged.number, provisional.session.serverSequence) === 0
  );
}

/** Called: the PRACK for our 180, perhaps with the answer to its offer, or with a new offer (5). */
function takePrack(provisional: Provisional, request: Message, transaction: ServerTransaction): void {
  const session = provisional.session;
  const status = session.offer === OfferState.RECEIVED ? Status.MISSING : takeDescription(session, request);
  const failed = status !== Status.OK && (status !== Status.MISSING || awaitsAnswer(session));
  provisional.waiting = false;
  stopTimer(session.sessions.wheel, provisional.retransmission);
  if (failed) {
    sendPlainResponse(transaction, 488, 0);
    refuseSessionFor(session, 488, EndCause.NO_COMMON_MEDIA);
    return;
  }
  const writer = openResponse(transaction);
  if (status === Status.OK && session.offer === OfferState.RECEIVED) {
    putDescription(session, writer);
  } else {
    putNoBody(writer);
  }
  sendResponse(transaction, 200, 0);
  if (provisional.answerRequested) {
    answerSession(session);
  }
}

function onPrack(owner: object, request: Message, transaction: ServerTransaction, index: number): void {
  const sessions = owner as InviteSessions;
  if (index < 0) {
    sendPlainResponse(transaction, 481, 0);
    return;
  }
  const provisional = provisionalOf(sessions.items[index]);
  if (provisional.waiting && isForOurs(provisional, request)) {
    takePrack(provisional, request, transaction);
  } else {
    sendPlainResponse(transaction, 481, 0);
  }
}

function stop(session: InviteSession): void {
  const provisional = provisionalOf(session);
  stopTimer(session.sessions.wheel, provisional.retransmission);
  provisional.waiting = false;
  provisional.changed = false;
  provisional.prack.pending = false;
}

/** Boot only: the sessions have reliable provisional responses, unless the settings switch them off. */
export function createReliableProvisional(sessions: InviteSessions): void {
  const userAgent = sessions.userAgent;
  if (userAgent.settings.call.provisional === ProvisionalChoice.OFF) {
    return;
  }
  for (let index = 0; index < sessions.items.length; index += 1) {
    const session = sessions.items[index];
    const provisional = {
      session,
      requires: false,
      changed: false,
      sequence: createHalves(),
      inviteSequence: 0,
      answers: false,
      refuses: false,
      owed: false,
      ownSequence: randomBelow(userAgent.transactions.transport.random, FIRST_SEQUENCE_LIMIT),
      waiting: false,
      offered: false,
      answerRequested: false,
      interval: 0,
      elapsed: 0,
    } as unknown as Provisional;
    provisional.prack = createDialogRequest(session, session.dialog, userAgent.transactions.clients.items[0]);
    provisional.prack.writeRest = writePrack;
    provisional.retransmission = createTimer(provisional, onRetransmission);
    session.provisionalState = provisional;
  }
  sessions.provisional = { start, putRequest, takeResponse, takeRefusal, ring, mayAnswer, stop };
  createRequestHandler(userAgent.handlers, { owner: sessions, method: Method.PRACK, onRequest: onPrack });
  createExtension(userAgent, RELIABLE);
}
