// An INVITE usage of a dialog (RFC 3261 13, 14, 15): one call, as caller or called. This file is its record, its pool and what its
// user hears; the sides and stages of a call are in the files that take it. They know nothing of SDP: offers and answers are
// octets that the user reads and writes.

import { type Bytes, createBytes } from "../bytes/bytes";
import { createHalves, type Halves } from "../bytes/decimal";
import { createFixedText, type FixedText } from "../bytes/fixed-text";
import type { Writer } from "../bytes/writer";
import { createTimer, type Timer, type TimerWheel } from "../clock/timer-wheel";
import { countRefused, countTaken, createPoolOctets, createPoolUse, type Memory, type PoolUse } from "../memory/pool";
import type { Account } from "./account";
import {
  type ClientAuthentication,
  createClientAuthentication,
  setCredentials,
  startAuthentication,
} from "./client-authentication";
import { type ClientUser, cannotWrite } from "./client-transaction";
import { createDialog, type Dialog } from "./dialog";
import { createDialogRequest, type DialogRequest } from "./dialog-request";
import { clearForks, createForks, type Forks } from "./early-dialogs";
import { CALL_ID_LENGTH, TAG_LENGTH } from "./identifiers";
import type { Message } from "./message";
import { createSearch, type Search } from "./search";
import type { ServerTransaction, ServerUser } from "./server-transaction";
import { Change } from "./session-change";
import { abandonSession, createSessionEnd, isDead } from "./session-end";
import {
  createProvisionalHooks,
  createTimerHooks,
  decline,
  type ProvisionalHooks,
  type TimerHooks,
} from "./session-hooks";
import { OfferState } from "./session-offer";
import { Status } from "./status";
import { createTarget, type Target } from "./target";
import type { UserAgent } from "./user-agent";

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

/** Why a session ended; `session.statusCode` has the response or the Reason that said so, 0 when none did. */
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
  /** Called: no ACK came for the answer, or no PRACK for the ringing. */
  NO_ACKNOWLEDGEMENT = 6,
  /** Offer and answer found no common media. */
  NO_COMMON_MEDIA = 7,
  /** The request could not be built or had nowhere to go. */
  NO_ROUTE = 8,
  /** Nobody refreshed the session in time (RFC 4028). */
  SESSION_EXPIRED = 9,
  /** Called: another phone answered the same call (RFC 3326). */
  COMPLETED_ELSEWHERE = 10,
  /** The peer knows the dialog no more, or does not answer in it (RFC 3261 12.2.1.2). */
  DIALOG_LOST = 11,
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
  /** Appends an answer that takes nothing of the peer's offer bytes[start … end) (RFC 3264 6). */
  writeRefusal: (
    owner: object,
    session: InviteSession,
    bytes: Bytes,
    start: number,
    end: number,
    writer: Writer,
  ) => void;
  /** Our last offer within the call was refused: what was agreed before it holds. */
  onOfferRejected: (owner: object, session: InviteSession) => void;
}

/** Who appends header fields of its own to the INVITEs that begin our calls. Set at boot; without one, nobody does. */
export interface InviteHeaders {
  owner: object;
  put: (owner: object, session: InviteSession, writer: Writer) => void;
}

export interface InviteSession {
  readonly sessions: InviteSessions;
  /** Its place in `sessions.items`. */
  readonly index: number;
  state: SessionState;
  /** Whether we sent the first INVITE. */
  isCaller: boolean;
  /** Who we are in it. */
  account: Account;
  readonly dialog: Dialog;
  readonly authentication: ClientAuthentication;
  /** Caller: the Request-URI of the first INVITE. */
  readonly requestUri: FixedText;
  /** Caller: Call-ID and local tag, kept until the record serves another call, so that a late 2xx is known (13.2.2.4). */
  readonly callKey: FixedText;
  readonly forks: Forks;
  /** Whether the user was told of the end. */
  ended: boolean;
  /** The last final response of 300 and more that we got, or the last provisional, or the peer's Reason. */
  statusCode: number;
  /** Seconds of the Retry-After in that response; 0: none. */
  retryAfter: number;
  /** The status code that our BYE or CANCEL gives as its reason (RFC 3326); 0: none. The user may set it before it ends a call. */
  reason: number;
  offer: OfferState;
  /** Whether media were agreed, provisionally or finally. */
  answered: boolean;
  /** Called: the INVITE at hand has no offer; ours is in the first reliable response (13.2.1). */
  offerSent: boolean;
  /** Called: the caller's INVITE supports and requires 100rel (RFC 3262 3). */
  peerSupportsReliable: boolean;
  peerRequiresReliable: boolean;
  /** Whether the peer takes UPDATE (RFC 3311 4). */
  peerTakesUpdate: boolean;
  /** The first INVITE of ours. */
  invite: DialogRequest;
  /** Our re-INVITE or UPDATE. */
  change: DialogRequest;
  bye: DialogRequest;
  /** The change that `change` carries, the one that waits for `changeTimer`, and how often it was put off. */
  changing: Change;
  wanted: Change;
  changeTries: number;
  changeTimer: Timer;
  /** The INVITE of the peer that is to be answered or acknowledged; meaningful while `serverPending`. */
  server: ServerTransaction;
  /** Whether `server` waits for our final response or, after a 2xx, for its ACK. */
  serverPending: boolean;
  /** CSeq of that INVITE: its ACK has the same. */
  readonly serverSequence: Halves;
  /** Called, in ANSWERED: hang up as soon as the ACK has come (15). */
  endRequested: boolean;
  /** CSeq of our last INVITE: the ACK for its 2xx has the same. */
  inviteSequence: number;
  /** The ACK for a 2xx: sent again for each 2xx that comes again. acknowledgement[0 … acknowledgementLength) */
  readonly acknowledgement: Bytes;
  acknowledgementLength: number;
  readonly acknowledgementDestination: Target;
  /** 2xx until its ACK comes (13.3.1.4). */
  retransmission: Timer;
  interval: number;
  /** 64 * T1 for an ACK, or for the final response of a cancelled INVITE. */
  expiry: Timer;
  cancelUser: ClientUser;
  serverUser: ServerUser;
  /** What the optional parts keep of the call: theirs alone. */
  timerState: object;
  provisionalState: object;
  /** Two-way index for the owner: which call this is. */
  tag: number;
}

export interface InviteSessions {
  readonly userAgent: UserAgent;
  readonly wheel: TimerWheel;
  readonly use: PoolUse;
  readonly items: InviteSession[];
  /** Where the search for a free record begins, so that one that has just ended is remembered longest. */
  next: number;
  /** The dialog of a further answer to a forked INVITE, which is acknowledged and ended at once (13.2.2.4). */
  readonly spareDialog: Dialog;
  /** Where the ACK of that answer goes. */
  readonly spareDestination: Target;
  /** The targets of an ACK. */
  readonly search: Search;
  spareBye: DialogRequest;
  /** A local tag on its way from a transaction into a dialog. */
  readonly localTag: FixedText;
  user: SessionUser;
  timer: TimerHooks;
  provisional: ProvisionalHooks;
  inviteHeaders: InviteHeaders;
  /**
   * Caller: a final response of 300 and more, or none, which counts as 408; `response` is read for 3xx only. Returns whether the
   * INVITE went on to another target (redirection.ts).
   */
  onRedirection: (session: InviteSession, statusCode: number, response: Message) => boolean;
  /** What redirection.ts keeps. */
  redirection: object;
  /** A 2xx to an INVITE of ours beside the first: again, of another fork, or after the call (further-answers.ts). */
  onFurtherAnswer: (sessions: InviteSessions, response: Message) => void;
}

function ignore(): void {
  // Until boot has set the user, and for parts that the board leaves out.
}

function refuseBody(): Status {
  return Status.UNSUPPORTED;
}

function createSession(sessions: InviteSessions, index: number): InviteSession {
  const userAgent = sessions.userAgent;
  const limits = userAgent.limits;
  const client = userAgent.transactions.clients.items[0];
  const session = {
    sessions,
    index,
    state: SessionState.FREE,
    isCaller: false,
    account: userAgent.direct,
    dialog: createDialog(limits),
    authentication: createClientAuthentication(userAgent.direct.credentials, false),
    requestUri: createFixedText(limits.dialogPartOctets),
    callKey: createFixedText(CALL_ID_LENGTH + TAG_LENGTH),
    forks: createForks(limits.dialogPartOctets >> 1),
    ended: true,
    statusCode: 0,
    retryAfter: 0,
    reason: 0,
    offer: OfferState.STABLE,
    answered: false,
    offerSent: false,
    peerSupportsReliable: false,
    peerRequiresReliable: false,
    peerTakesUpdate: false,
    changing: Change.NONE,
    wanted: Change.NONE,
    changeTries: 0,
    server: userAgent.transactions.servers.items[0],
    serverPending: false,
    serverSequence: createHalves(),
    endRequested: false,
    inviteSequence: 0,
    acknowledgement: createBytes(limits.clientTransactions.bytesEach),
    acknowledgementLength: 0,
    acknowledgementDestination: createTarget(),
    interval: 0,
    timerState: sessions,
    provisionalState: sessions,
    tag: -1,
  } as unknown as InviteSession;
  session.changeTimer = createTimer(session, ignore);
  session.invite = createDialogRequest(session, session.dialog, client);
  session.change = createDialogRequest(session, session.dialog, client);
  session.bye = createDialogRequest(session, session.dialog, client);
  createSessionEnd(session);
  session.cancelUser = { owner: session, onResponse: ignore, onTimeout: ignore, writeRequest: cannotWrite };
  session.serverUser = { owner: session, onCancel: ignore };
  return session;
}

/** Boot only: the sessions of a user agent. */
export function createInviteSessions(memory: Memory, userAgent: UserAgent): InviteSessions {
  const limits = userAgent.limits;
  const sessions = {
    userAgent,
    wheel: userAgent.transactions.transport.wheel,
    spareDialog: createDialog(limits),
    spareDestination: createTarget(),
    search: createSearch(userAgent, ignore),
    localTag: createFixedText(limits.dialogPartOctets >> 1),
    use: createPoolUse(memory, limits.inviteSessions),
    items: [],
    next: 0,
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
      writeRefusal: ignore,
      onOfferRejected: ignore,
    },
    timer: createTimerHooks(),
    provisional: createProvisionalHooks(),
    inviteHeaders: { owner: userAgent, put: ignore },
    onRedirection: decline,
    redirection: userAgent,
    onFurtherAnswer: ignore,
  } as unknown as InviteSessions;
  for (let index = 0; index < limits.inviteSessions.count; index += 1) {
    sessions.items.push(createSession(sessions, index));
  }
  createPoolOctets(sessions.use);
  sessions.spareBye = createDialogRequest(
    sessions.items[0],
    sessions.spareDialog,
    userAgent.transactions.clients.items[0],
  );
  return sessions;
}

/** The call is one of an account. */
export function setSessionAccount(session: InviteSession, account: Account): void {
  if (session.account !== account) {
    session.account = account;
    setCredentials(session.authentication, account.credentials);
  }
}

/**
 * Takes a session: the one that has been free longest, or, so that peers who have vanished keep nobody from calling, the oldest
 * of those that only wait for a last response. Returns its index, or FULL.
 */
export function takeSession(sessions: InviteSessions): number {
  const length = sessions.items.length;
  for (let count = 0; count < 2 * length; count += 1) {
    const index = (sessions.next + count) % length;
    const session = sessions.items[index];
    if (session.state === SessionState.FREE || (count >= length && isDead(session))) {
      abandonSession(session);
      countTaken(sessions.use);
      sessions.next = (index + 1) % length;
      session.ended = false;
      session.statusCode = 0;
      session.retryAfter = 0;
      session.reason = 0;
      session.offer = OfferState.STABLE;
      session.answered = false;
      session.serverPending = false;
      session.offerSent = false;
      session.peerTakesUpdate = false;
      session.endRequested = false;
      session.acknowledgementLength = 0;
      session.callKey.length = 0;
      session.tag = -1;
      clearForks(session.forks);
      startAuthentication(session.authentication);
      return index;
    }
  }
  countRefused(sessions.use);
  return Status.FULL;
}
