// Keys by SIP INFO (RFC 6086 1, legacy usage), both ways: one that a peer sends within its call is handed up, and ours are sent
// one after the other, each when the one before is answered, so that they keep their order. Nothing else is taken from INFO, and
// no Info Package.

import { type Bytes, copyBytes, createBytes } from "../bytes/bytes";
import { createText } from "../bytes/text";
import { putText, putTwoBytes, type Writer } from "../bytes/writer";
import { createRelayedKey, FLASH, KEY_DURATION_MS, parseDtmf, parseDtmfRelay, putDtmfRelay } from "./dtmf-relay";
import { HeaderName } from "./header-name";
import { type InviteSession, type InviteSessions, SessionState } from "./invite-session";
import { hasMediaType } from "./media-type";
import { hasHeader, type Message } from "./message";
import { Method } from "./method";
import { createRequestHandler, NO_SESSION } from "./request-handler";
import { closeBody, openBody, putHeaderName, putHeaderText, putLineEnd, putNoBody } from "./response-writer";
import { openResponse, type ServerTransaction, sendPlainResponse, sendResponse } from "./server-transaction";
import { createSingleRequest, isDialogOver, type SingleRequest, sendInSession } from "./single-request";
import { Status } from "./status";

/** Who hears of keys. Set once, at boot. */
export interface InfoUser {
  owner: object;
  /** @param key 0 … 15 (RFC 4733 3.2) */
  onKey: (owner: object, session: InviteSession, key: number) => void;
}

/** Keys that wait to be sent, the one under way included. */
const QUEUE_LENGTH = 16;

export interface Info {
  readonly sessions: InviteSessions;
  readonly user: InfoUser;
  /** queue[0 … count): the first is under way. */
  readonly queue: Bytes;
  count: number;
  /** The call that the queue is for. */
  session: InviteSession;
  request: SingleRequest;
}

const DTMF_RELAY = createText("application/dtmf-relay");
const DTMF = createText("application/dtmf");

const relayed = createRelayedKey();

/** Boot only: the station takes INFO. */
export function createInfo(sessions: InviteSessions, user: InfoUser): Info {
  const session = sessions.items[0];
  const info = { sessions, user, queue: createBytes(QUEUE_LENGTH), count: 0, session } as unknown as Info;
  info.request = createSingleRequest(sessions.userAgent, Method.INFO, session.dialog, session.authentication, {
    owner: info,
    writeRest,
    onResult,
  });
  createRequestHandler(sessions.userAgent.handlers, { owner: info, method: Method.INFO, onRequest });
  return info;
}

function refuseType(transaction: ServerTransaction): void {
  const writer = openResponse(transaction);
  putHeaderName(writer, HeaderName.ACCEPT);
  putText(writer, DTMF_RELAY);
  putTwoBytes(writer, 0x2c, 0x20);
  putText(writer, DTMF);
  putLineEnd(writer);
  putNoBody(writer);
  sendResponse(transaction, 415, 0);
}

/** 469 with the Info Packages that we take: none (4.2.2). */
function refusePackage(transaction: ServerTransaction): void {
  const writer = openResponse(transaction);
  putHeaderName(writer, HeaderName.RECV_INFO);
  putLineEnd(writer);
  putNoBody(writer);
  sendResponse(transaction, 469, 0);
}

/** Keys count within a call only; without a body INFO asks for nothing and is answered all the same. */
function onRequest(owner: object, request: Message, transaction: ServerTransaction, session: number): void {
  const info = owner as Info;
  const start = request.bodyStart;
  const end = request.bodyEnd;
  const isRelay = hasMediaType(request, DTMF_RELAY);
  if (session === NO_SESSION) {
    sendPlainResponse(transaction, 481, 0);
  } else if (hasHeader(request, HeaderName.INFO_PACKAGE)) {
    refusePackage(transaction);
  } else if (end === start) {
    sendPlainResponse(transaction, 200, 0);
  } else if (!isRelay && !hasMediaType(request, DTMF)) {
    refuseType(transaction);
  } else if (
    (isRelay ? parseDtmfRelay(request.bytes, start, end, relayed) : parseDtmf(request.bytes, start, end, relayed)) !==
    Status.OK
  ) {
    sendPlainResponse(transaction, 400, 0);
  } else {
    sendPlainResponse(transaction, 200, 0);
    if (relayed.key !== FLASH) {
      info.user.onKey(info.user.owner, info.sessions.items[session], relayed.key);
    }
  }
}

function writeRest(owner: object, writer: Writer): void {
  putHeaderText(writer, HeaderName.CONTENT_TYPE, DTMF_RELAY);
  const bodyStart = openBody(writer);
  putDtmfRelay(writer, (owner as Info).queue[0], KEY_DURATION_MS);
  closeBody(writer, bodyStart);
}

/** Sends the first key of the queue; what cannot be sent is given up with all behind it. */
function sendFirst(info: Info): Status {
  const session = info.session;
  const status = session.state === SessionState.CONFIRMED ? sendInSession(info.request, session) : Status.MISSING;
  if (status !== Status.OK) {
    info.count = 0;
  }
  return status;
}

function onResult(owner: object, statusCode: number): void {
  const info = owner as Info;
  const isGood = statusCode >= 200 && statusCode < 300 && !isDialogOver(info.request);
  info.count = isGood ? info.count - 1 : 0;
  copyBytes(info.queue, 0, info.queue, 1, info.count + 1);
  if (info.count > 0) {
    sendFirst(info);
  }
}

/**
 * Sends a key within a call.
 * @param key 0 … 15
 * @returns OK; FULL when too many wait; MISSING when the call does not stand; or why it has nowhere to go
 */
export function sendInfoKey(info: Info, session: InviteSession, key: number): Status {
  if (info.count === QUEUE_LENGTH || (info.count > 0 && (info.session !== session || isDialogOver(info.request)))) {
    return Status.FULL;
  }
  info.session = session;
  info.queue[info.count] = key & 0xff;
  info.count += 1;
  return info.count === 1 ? sendFirst(info) : Status.OK;
}
