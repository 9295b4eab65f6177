// Transfer of the visitor (RFC 3515, RFC 5589): the person in the call asks the station to call somebody else. The first call goes
// on until the new one is answered, which then takes its place; when it is not answered, nothing has happened. It stands between
// the sessions and the station, so that the station knows one call only.

import type { Bytes } from "../bytes/bytes";
import type { Writer } from "../bytes/writer";
import { createTimer, startTimer, stopTimer, type Timer } from "../clock/timer-wheel";
import { createFixedOctets, createPoolUse, type Memory } from "../memory/pool";
import { endSession } from "../sip/invite-called";
import { callPeer, cancelCall } from "../sip/invite-caller";
import { EndCause, type InviteSession, type SessionUser } from "../sip/invite-session";
import type { Message } from "../sip/message";
import { createRefer, putReferHeaders, type Refer, reportRefer } from "../sip/refer";
import { Status } from "../sip/status";
import { StationEvent } from "./event-log";
import { adoptCall, isPresentCall, type Station, StationState } from "./station";
import {
  createTransferMedia,
  moveMedia,
  openTransferMedia,
  putTransferAnswer,
  putTransferOffer,
  type TransferMedia,
  takeTransferAnswer,
  takeTransferOffer,
} from "./transfer-media";

/** What became of it: the first number of StationEvent.TRANSFER. */
const enum Outcome {
  TRIED = 0,
  DONE = 1,
  FAILED = 2,
}

export interface Transfer {
  readonly station: Station;
  /** The user of all other calls: the station. */
  readonly others: SessionUser;
  readonly media: TransferMedia;
  refer: Refer;
  /** Whether a new call is tried. */
  active: boolean;
  /** The new call; until `callPeer` has returned, the present one. */
  session: InviteSession;
  /** The new call has rung long enough. */
  limit: Timer;
}

/** Boot only: the station takes REFER. */
export function createTransfer(memory: Memory, station: Station): Transfer {
  const sessions = station.sessions;
  const use = createPoolUse(memory, sessions.userAgent.limits.transfers);
  const transfer = {
    station,
    others: sessions.user,
    media: createTransferMedia(station.media),
    active: false,
    session: station.session,
  } as unknown as Transfer;
  transfer.refer = createRefer(sessions, { owner: transfer, onRefer, onAccepted });
  transfer.limit = createTimer(transfer, onLimit);
  createFixedOctets(use);
  sessions.user = {
    owner: transfer,
    onIncoming,
    onProgress,
    onConfirmed,
    onEnded,
    onOffer,
    onAnswer,
    writeOffer,
    writeAnswer,
    writeRefusal,
    onOfferRejected,
  };
  sessions.inviteHeaders = { owner: transfer, put: putInviteHeaders };
  return transfer;
}

/** Whether a session is the new call, which is not answered yet. */
function isTried(transfer: Transfer, session: InviteSession): boolean {
  const starting = transfer.session === transfer.station.session;
  return (
    transfer.active &&
    session.isCaller &&
    (session === transfer.session || (starting && !isPresentCall(transfer.station, session)))
  );
}

function log(transfer: Transfer, outcome: Outcome, statusCode: number): void {
  transfer.station.board.log.event(StationEvent.TRANSFER, outcome, statusCode);
}

/** 603 where the installer allows none; 403 from anybody but the person who talks with the visitor. */
function onRefer(owner: object, session: InviteSession): number {
  const transfer = owner as Transfer;
  const station = transfer.station;
  if (!station.settings.call.transfer) {
    return 603;
  }
  if (station.state !== StationState.TALKING || !isPresentCall(station, session)) {
    return 403;
  }
  return transfer.active ? 491 : 202;
}

function onAccepted(owner: object): void {
  const transfer = owner as Transfer;
  const station = transfer.station;
  const target = transfer.refer.target;
  transfer.active = true;
  transfer.session = station.session;
  openTransferMedia(transfer.media);
  log(transfer, Outcome.TRIED, 0);
  const index = callPeer(station.sessions, target.bytes, 0, target.length);
  if (index < 0) {
    fail(transfer, index === Status.FULL ? 503 : 404);
  } else {
    transfer.session = station.sessions.items[index];
    startTimer(station.wheel, transfer.limit, 1000 * station.settings.call.ringLimit);
  }
}

function finish(transfer: Transfer, outcome: Outcome, statusCode: number): void {
  transfer.active = false;
  stopTimer(transfer.station.wheel, transfer.limit);
  reportRefer(transfer.refer, statusCode);
  log(transfer, outcome, statusCode);
}

function fail(transfer: Transfer, statusCode: number): void {
  finish(transfer, Outcome.FAILED, statusCode);
}

function onLimit(owner: object): void {
  cancelCall((owner as Transfer).session);
}

function onIncoming(owner: object, session: InviteSession, request: Message): void {
  const others = (owner as Transfer).others;
  others.onIncoming(others.owner, session, request);
}

/** It rings: the peer is told, the visitor goes on talking. */
function onProgress(owner: object, session: InviteSession, statusCode: number): void {
  const transfer = owner as Transfer;
  const others = transfer.others;
  if (isTried(transfer, session)) {
    reportRefer(transfer.refer, statusCode);
  } else {
    others.onProgress(others.owner, session, statusCode);
  }
}

/** The new call is answered: it takes the place of the first one, which is ended. */
function onConfirmed(owner: object, session: InviteSession): void {
  const transfer = owner as Transfer;
  const others = transfer.others;
  const station = transfer.station;
  const former = station.session;
  if (isTried(transfer, session)) {
    moveMedia(transfer.media);
    finish(transfer, Outcome.DONE, 200);
    if (former !== session) {
      adoptCall(station, session);
      endSession(former);
      return;
    }
  }
  others.onConfirmed(others.owner, session);
}

/** What the peer is told of a new call that ended without answer. */
function failureOf(session: InviteSession, cause: EndCause): number {
  if (cause === EndCause.REFUSED && session.statusCode >= 300) {
    return session.statusCode;
  }
  return cause === EndCause.UNREACHABLE ? 408 : cause === EndCause.NO_COMMON_MEDIA ? 488 : 487;
}

/**
 * The new call was not answered: the first one goes on. When that one ended meanwhile the new one is the station's: so it
 * does where the peer hung up having asked; where the station did, the new call is given up too.
 */
function onEnded(owner: object, session: InviteSession, cause: EndCause): void {
  const transfer = owner as Transfer;
  const others = transfer.others;
  const station = transfer.station;
  if (isTried(transfer, session)) {
    fail(transfer, failureOf(session, cause));
  } else if (transfer.active && isPresentCall(station, session)) {
    stopTimer(station.wheel, transfer.limit);
    if (cause !== EndCause.LOCAL) {
      adoptCall(station, transfer.session);
      return;
    }
    cancelCall(transfer.session);
  }
  others.onEnded(others.owner, session, cause);
}

function onOffer(owner: object, session: InviteSession, bytes: Bytes, start: number, end: number): Status {
  const transfer = owner as Transfer;
  const others = transfer.others;
  return isTried(transfer, session)
    ? takeTransferOffer(transfer.media, bytes, start, end)
    : others.onOffer(others.owner, session, bytes, start, end);
}

function onAnswer(owner: object, session: InviteSession, bytes: Bytes, start: number, end: number): Status {
  const transfer = owner as Transfer;
  const others = transfer.others;
  return isTried(transfer, session)
    ? takeTransferAnswer(transfer.media, bytes, start, end)
    : others.onAnswer(others.owner, session, bytes, start, end);
}

function writeOffer(owner: object, session: InviteSession, writer: Writer): void {
  const transfer = owner as Transfer;
  const others = transfer.others;
  if (isTried(transfer, session)) {
    putTransferOffer(transfer.media, writer);
  } else {
    others.writeOffer(others.owner, session, writer);
  }
}

function writeAnswer(owner: object, session: InviteSession, writer: Writer): void {
  const transfer = owner as Transfer;
  const others = transfer.others;
  if (isTried(transfer, session)) {
    putTransferAnswer(transfer.media, writer);
  } else {
    others.writeAnswer(others.owner, session, writer);
  }
}

function writeRefusal(
  owner: object,
  session: InviteSession,
  bytes: Bytes,
  start: number,
  end: number,
  writer: Writer,
): void {
  const others = (owner as Transfer).others;
  others.writeRefusal(others.owner, session, bytes, start, end, writer);
}

function onOfferRejected(owner: object, session: InviteSession): void {
  const others = (owner as Transfer).others;
  others.onOfferRejected(others.owner, session);
}

function putInviteHeaders(owner: object, session: InviteSession, writer: Writer): void {
  const transfer = owner as Transfer;
  if (isTried(transfer, session)) {
    putReferHeaders(transfer.refer, writer);
  }
}
