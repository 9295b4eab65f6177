// An INVITE usage of a dialog (RFC 3261 13, 14, 15): one call, as caller or called. This file is its record, its ACK and its
// end; invite-caller.ts and invite-called.ts are the two sides. It knows nothing of SDP: offers and answers are octets that
// its user reads and writes.

import type { Endpoint } from "../../hal/endpoint";
import { type Bytes, createBytes } from "../bytes/bytes";
import { createHalves, type Halves } from "../bytes/decimal";
import { createFixedText, type FixedText } from "../bytes/fixed-text";
import { createEndpoint } from "../bytes/ip-address";
import { openWriter, type Writer } from "../bytes/writer";
import { createTimer, startTimer, stopTimer, type Timer, type TimerWheel } from "../clock/timer-wheel";
import {
  countRefused,
  countReleased,
  countTaken,
  createPoolOctets,
  createPoolUse,
  type Memory,
  type PoolUse,
} from "../memory/pool";
import {
  type ClientAuthentication,
  createClientAuthentication,
  putAuthorizations,
  startAuthentication,
  takeChallenges,
} from "./client-authentication";
import {
  abandonClientTransaction,
  type ClientTransaction,
  type ClientUser,
  dropClientTransaction,
  startClientTransaction,
  takeClientTransaction,
} from "./client-transaction";
import {
  closeDialog,
  createDialog,
  createUriView,
  type Dialog,
  findNextHop,
  findRequestUri,
  putDialogRequest,
} from "./dialog";
import { BRANCH_LENGTH, fillBranch } from "./identifiers";
import type { Message } from "./message";
import { Method } from "./method";
import { putCredentialsOf } from "./request-writer";
import { closeBody, openBody, putNoBody } from "./response-writer";
import { retransmitResponse, type ServerTransaction, type ServerUser } from "./server-transaction";
import { Status } from "./status";
import { nextInterval, TIMER_T1_MS, TIMER_T2_MS, TRANSACTION_TIMEOUT_MS } from "./transaction-timers";
import { sendMessage } from "./transport";
import { findDestination, putSessionType, putUserAgent, type UserAgent } from "./user-agent";

export const enum SessionState {
  FREE = 0,
  /** Caller: the INVITE is out, nothing was heard. */
  CALLING = 1,
  /** Caller: a provisional response came. */
  EARLY = 2,
  /** Caller: given up before the answer; the INVITE's final response is awaited. */
  CANCELLING = 3,
  /** Called: not answered yet. */
  INCOMING = 4,
  /** Called: answered, the ACK is awaited. */
  ANSWERED = 5,
  /** Two people can talk. */
  CONFIRMED = 6,
  /** BYE is out. */
  ENDING = 7,
}

/** Why a session ended; `session.statusCode` has the response that said so, 0 when none did. */
export const enum EndCause {
  /** We hung up. */
  LOCAL = 1,
  /** The peer's BYE. */
  REMOTE = 2,
  /** Called: the caller gave up before the answer. */
  CANCELLED = 3,
  /** Caller: a final response of 300 and more. */
  REFUSED = 4,
  /** Nobody answered in 64 * T1. */
  UNREACHABLE = 5,
  /** Called: no ACK came for the answer. */
  NO_ACKNOWLEDGEMENT = 6,
  /** Offer and answer found no common media. */
  NO_COMMON_MEDIA = 7,
  /** The request could not be built or had nowhere to go. */
  NO_ROUTE = 8,
}

/** Who owns the calls: the intercom. Set once, at boot. */
export interface SessionUser {
  owner: object;
  /** Called: a new INVITE whose offer was taken. Ring, answer or refuse it, now or later. */
  onIncoming: (owner: object, session: InviteSession, request: Message) => void;
  /** Caller: a provisional response of 180 … 199. */
  onProgress: (owner: object, session: InviteSession, statusCode: number) => void;
  /** The call stands: caller after 2xx, called after ACK. */
  onConfirmed: (owner: object, session: InviteSession) => void;
  /** The call is over for its people; the session may still exchange last messages by itself. Called once. */
  onEnded: (owner: object, session: InviteSession, cause: EndCause) => void;
  /** The peer's offer bytes[start … end). OK when it can be answered; else the request is refused with 488. */
  onOffer: (owner: object, session: InviteSession, bytes: Bytes, start: number, end: number) => Status;
  /** The peer's answer to our offer. OK when it fits; else the call ends. */
  onAnswer: (owner: object, session: InviteSession, bytes: Bytes, start: number, end: number) => Status;
  /** Appends our offer. */
  writeOffer: (owner: object, session: InviteSession, writer: Writer) => void;
  /** Appends our answer to the last offer that `onOffer` took. */
  writeAnswer: (owner: object, session: InviteSession, writer: Writer) => void;
}

export interface InviteSession {
  readonly sessions: InviteSessions;
  state: SessionState;
  /** Whether we sent the first INVITE. */
  isCaller: boolean;
  readonly dialog: Dialog;
  readonly authentication: ClientAuthentication;
  /** Whether the user was told of the end. */
  ended: boolean;
  /** The last final response of 300 and more that we got, or the last provisional. */
  statusCode: number;
  /** Caller: whether an answer in a provisional or final response was taken. */
  answered: boolean;
  /** The INVITE of ours that is under way; meaningful in CALLING, EARLY and CANCELLING. */
  client: ClientTransaction;
  /** The INVITE of the peer that is to be answered or acknowledged; meaningful while `serverPending`. */
  server: ServerTransaction;
  /** Whether `server` waits for our final response or, after a 2xx, for its ACK. */
  serverPending: boolean;
  /** CSeq of that INVITE: its ACK has the same. */
  readonly serverSequence: Halves;
  /** Called: the peer's INVITE had no offer; ours is in the 2xx and the answer in the ACK (13.2.1). */
  offerSent: boolean;
  /** Called, in ANSWERED: hang up as soon as the ACK has come (15). */
  endRequested: boolean;
  /** Caller: CSeq of the INVITE that the ACK belongs to. */
  inviteSequence: number;
  /** The ACK for a 2xx: sent again for each 2xx that comes again. acknowledgement[0 … acknowledgementLength) */
  readonly acknowledgement: Bytes;
  acknowledgementLength: number;
  readonly acknowledgementDestination: Endpoint;
  /** 2xx until its ACK comes (13.3.1.4). */
  retransmission: Timer;
  interval: number;
  /** 64 * T1 for an ACK, or for the final response of a cancelled INVITE. */
  expiry: Timer;
  inviteUser: ClientUser;
  cancelUser: ClientUser;
  byeUser: ClientUser;
  serverUser: ServerUser;
  /** Two-way index for the owner: which call this is. */
  tag: number;
}

export interface InviteSessions {
  readonly userAgent: UserAgent;
  readonly wheel: TimerWheel;
  readonly use: PoolUse;
  readonly items: InviteSession[];
  /** The dialog of a second answer to a forked INVITE, which is acknowledged and ended at once (13.2.2.4). */
  readonly spareDialog: Dialog;
  /** Where the ACK of that answer goes. */
  readonly spareDestination: Endpoint;
  /** A local tag on its way from a transaction into a dialog. */
  readonly localTag: FixedText;
  user: SessionUser;
}

const branch = createBytes(BRANCH_LENGTH);
const hop = createUriView();

function ignore(): void {
  // Until boot has set the user.
}

function refuseBody(): Status {
  return Status.UNSUPPORTED;
}

/** Ends a session's life: its record is free for the next call. */
export function releaseSession(session: InviteSession): void {
  stopTimer(session.sessions.wheel, session.retransmission);
  stopTimer(session.sessions.wheel, session.expiry);
  if (session.state !== SessionState.FREE) {
    session.state = SessionState.FREE;
    session.serverPending = false;
    closeDialog(session.dialog);
    countReleased(session.sessions.use);
  }
}

/** Tells the user once that the call is over. */
export function reportEnd(session: InviteSession, cause: EndCause): void {
  if (!session.ended) {
    session.ended = true;
    session.sessions.user.onEnded(session.sessions.user.owner, session, cause);
  }
}

function ignoreResponse(): void {
  // CANCEL is its own transaction; what counts is the INVITE's response (9.1).
}

/** The response to our BYE, or none: either way the dialog is over (15.1.1). A challenge is answered. */
function onByeResponse(owner: object, _transaction: ClientTransaction, response: Message): void {
  const session = owner as InviteSession;
  if (response.statusCode < 200) {
    return;
  }
  if (
    (response.statusCode === 401 || response.statusCode === 407) &&
    takeChallenges(session.authentication, response) === Status.OK &&
    transmitBye(session, session.dialog) === Status.OK
  ) {
    return;
  }
  releaseSession(session);
}

function onByeTimeout(owner: object): void {
  releaseSession(owner as InviteSession);
}

/** A 2xx is sent again at T1, doubling up to T2, until its ACK comes (13.3.1.4). */
function onAnswerRetransmission(owner: object): void {
  const session = owner as InviteSession;
  if (session.serverPending) {
    session.interval = nextInterval(session.interval, TIMER_T2_MS);
    startTimer(session.sessions.wheel, session.retransmission, session.interval);
    retransmitResponse(session.server);
  }
}

/** No ACK in 64 * T1: the session ends with a BYE. A cancelled INVITE without final response: it is over. */
function onSessionExpiry(owner: object): void {
  const session = owner as InviteSession;
  stopTimer(session.sessions.wheel, session.retransmission);
  if (session.state === SessionState.CANCELLING) {
    abandonClientTransaction(session.client);
    releaseSession(session);
  } else if (session.serverPending) {
    session.serverPending = false;
    reportEnd(session, session.endRequested ? EndCause.LOCAL : EndCause.NO_ACKNOWLEDGEMENT);
    sendBye(session);
  }
}

function createSession(sessions: InviteSessions, limits: UserAgent["limits"]): InviteSession {
  const session = {
    sessions,
    state: SessionState.FREE,
    isCaller: false,
    dialog: createDialog(limits),
    authentication: createClientAuthentication(sessions.userAgent.credentials, false),
    ended: true,
    statusCode: 0,
    answered: false,
    client: sessions.userAgent.transactions.clients.items[0],
    server: sessions.userAgent.transactions.servers.items[0],
    serverPending: false,
    serverSequence: createHalves(),
    offerSent: false,
    endRequested: false,
    inviteSequence: 0,
    acknowledgement: createBytes(limits.clientTransactions.bytesEach),
    acknowledgementLength: 0,
    acknowledgementDestination: createEndpoint(),
    interval: 0,
    tag: -1,
  } as unknown as InviteSession;
  session.retransmission = createTimer(session, onAnswerRetransmission);
  session.expiry = createTimer(session, onSessionExpiry);
  session.inviteUser = { owner: session, onResponse: ignore, onTimeout: ignore };
  session.cancelUser = { owner: session, onResponse: ignoreResponse, onTimeout: ignoreResponse };
  session.byeUser = { owner: session, onResponse: onByeResponse, onTimeout: onByeTimeout };
  session.serverUser = { owner: session, onCancel: ignore };
  return session;
}

/** Boot only: the sessions of a user agent. */
export function createInviteSessions(memory: Memory, userAgent: UserAgent): InviteSessions {
  const limits = userAgent.limits;
  const sessions: InviteSessions = {
    userAgent,
    wheel: userAgent.transactions.transport.wheel,
    spareDialog: createDialog(limits),
    spareDestination: createEndpoint(),
    localTag: createFixedText(limits.dialogPartOctets >> 1),
    use: createPoolUse(memory, limits.inviteSessions),
    items: [],
    user: {
      owner: userAgent,
      onIncoming: ignore,
      onProgress: ignore,
      onConfirmed: ignore,
      onEnded: ignore,
      onOffer: refuseBody,
      onAnswer: refuseBody,
      writeOffer: ignore,
      writeAnswer: ignore,
    },
  };
  for (let index = 0; index < limits.inviteSessions.count; index += 1) {
    sessions.items.push(createSession(sessions, limits));
  }
  createPoolOctets(sessions.use);
  return sessions;
}

/** Takes a free session. Returns its index, or FULL. */
export function takeSession(sessions: InviteSessions): number {
  for (let index = 0; index < sessions.items.length; index += 1) {
    const session = sessions.items[index];
    if (session.state === SessionState.FREE) {
      countTaken(sessions.use);
      session.ended = false;
      session.statusCode = 0;
      session.answered = false;
      session.serverPending = false;
      session.offerSent = false;
      session.endRequested = false;
      session.acknowledgementLength = 0;
      session.tag = -1;
      startAuthentication(session.authentication);
      return index;
    }
  }
  countRefused(sessions.use);
  return Status.FULL;
}

/** Appends Content-Type, Content-Length and our offer or answer. */
export function putSessionBody(session: InviteSession, writer: Writer, isOffer: boolean): void {
  const user = session.sessions.user;
  putSessionType(writer);
  const bodyStart = openBody(writer);
  if (isOffer) {
    user.writeOffer(user.owner, session, writer);
  } else {
    user.writeAnswer(user.owner, session, writer);
  }
  closeBody(writer, bodyStart);
}

/** Appends the authorizations for a request of the dialog. */
export function putDialogAuthorizations(
  session: InviteSession,
  dialog: Dialog,
  writer: Writer,
  method: Method,
): Status {
  findRequestUri(dialog, hop);
  return putAuthorizations(
    writer,
    session.authentication,
    session.sessions.userAgent.transactions.transport.random,
    method,
    hop.text.bytes,
    hop.start,
    hop.end,
  );
}

/** Finds where the requests of a dialog go. */
export function findDialogDestination(session: InviteSession, dialog: Dialog, into: Endpoint): Status {
  findNextHop(dialog, hop);
  return findDestination(session.sessions.userAgent, hop.text.bytes, hop.start, hop.end, into);
}

/** Writes the ACK for a 2xx to our INVITE into a buffer. Returns OK, or why it could not be sent. */
function writeAcknowledgement(session: InviteSession, dialog: Dialog, buffer: Bytes, destination: Endpoint): Status {
  const transport = session.sessions.userAgent.transactions.transport;
  const writer = transport.writer;
  const status = findDialogDestination(session, dialog, destination);
  if (status !== Status.OK) {
    return status;
  }
  fillBranch(transport.random, branch, 0);
  openWriter(writer, buffer, 0, buffer.length);
  putDialogRequest(writer, dialog, Method.ACK, session.inviteSequence, transport.sentBy, branch);
  putCredentialsOf(writer, session.client.buffer, session.client.length);
  putNoBody(writer);
  return writer.overflowed ? Status.TOO_LONG : Status.OK;
}

/**
 * Sends the ACK for a 2xx to our INVITE (13.2.2.4): no transaction, its own branch, and kept to be sent again.
 * @returns OK, or why it could not be sent
 */
export function sendAcknowledgement(session: InviteSession): Status {
  const destination = session.acknowledgementDestination;
  const status = writeAcknowledgement(session, session.dialog, session.acknowledgement, destination);
  if (status === Status.OK) {
    session.acknowledgementLength = session.sessions.userAgent.transactions.transport.writer.length;
    resendAcknowledgement(session);
  }
  return status;
}

/**
 * Sends the ACK for a 2xx of another fork, whose dialog is the spare one; it is written anew for each that comes.
 * @returns OK, or why it could not be sent
 */
export function sendSpareAcknowledgement(session: InviteSession): Status {
  const sessions = session.sessions;
  const transport = sessions.userAgent.transactions.transport;
  const buffer = sessions.userAgent.transactions.clients.acknowledgement;
  const status = writeAcknowledgement(session, sessions.spareDialog, buffer, sessions.spareDestination);
  if (status === Status.OK) {
    sendMessage(transport, buffer, 0, transport.writer.length, sessions.spareDestination);
  }
  return status;
}

/** Sends the last ACK again. */
export function resendAcknowledgement(session: InviteSession): void {
  if (session.acknowledgementLength > 0) {
    sendMessage(
      session.sessions.userAgent.transactions.transport,
      session.acknowledgement,
      0,
      session.acknowledgementLength,
      session.acknowledgementDestination,
    );
  }
}

/** Sends a BYE in a dialog. The session hears of its response when it is in ENDING. */
function transmitBye(session: InviteSession, dialog: Dialog): Status {
  const transactions = session.sessions.userAgent.transactions;
  const index = takeClientTransaction(transactions.clients);
  if (index < 0) {
    return Status.FULL;
  }
  const transaction = transactions.clients.items[index];
  const writer = transactions.clients.writer;
  dialog.localSequence += 1;
  putDialogRequest(writer, dialog, Method.BYE, dialog.localSequence, transactions.transport.sentBy, transaction.branch);
  putDialogAuthorizations(session, dialog, writer, Method.BYE);
  putUserAgent(writer);
  putNoBody(writer);
  const status = findDialogDestination(session, dialog, transaction.destination);
  if (status !== Status.OK || writer.overflowed) {
    dropClientTransaction(transaction);
    return writer.overflowed ? Status.TOO_LONG : status;
  }
  startClientTransaction(
    transaction,
    Method.BYE,
    writer.length,
    dialog === session.dialog ? session.byeUser : session.cancelUser,
  );
  return Status.OK;
}

/** Ends a confirmed session with a BYE (15.1.1); the record is free when the BYE is answered or given up. */
export function sendBye(session: InviteSession): void {
  session.state = SessionState.ENDING;
  session.serverPending = false;
  stopTimer(session.sessions.wheel, session.retransmission);
  stopTimer(session.sessions.wheel, session.expiry);
  startAuthentication(session.authentication);
  if (transmitBye(session, session.dialog) !== Status.OK) {
    releaseSession(session);
  }
}

/** Ends the dialog of a second answer to a forked INVITE. */
export function sendByeForSpareDialog(session: InviteSession): void {
  transmitBye(session, session.sessions.spareDialog);
}

/** Starts to send a 2xx again until its ACK comes. */
export function awaitAcknowledgement(session: InviteSession): void {
  session.serverPending = true;
  session.interval = TIMER_T1_MS;
  startTimer(session.sessions.wheel, session.retransmission, TIMER_T1_MS);
  startTimer(session.sessions.wheel, session.expiry, TRANSACTION_TIMEOUT_MS);
}
