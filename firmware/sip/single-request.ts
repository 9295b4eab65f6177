// A request of ours beside INVITE, BYE and REGISTER: INFO, MESSAGE, NOTIFY (RFC 3261 8.1, 12.2.1). A record has one under way
// at a time. It is written anew for each target and each challenge, and its result is told once. It never ends a dialog.

import type { Bytes } from "../bytes/bytes";
import { createFixedText, equalFixedText, type FixedText, setFixedText } from "../bytes/fixed-text";
import type { Writer } from "../bytes/writer";
import { type Account, putContactFor } from "./account";
import { setRoute } from "./account-choice";
import { type ClientAuthentication, startAuthentication, takeChallenges } from "./client-authentication";
import { type ClientTransaction, type ClientUser, takeClientTransaction } from "./client-transaction";
import { beginDialog, type Dialog } from "./dialog";
import { HeaderName } from "./header-name";
import { TAG_LENGTH } from "./identifiers";
import type { InviteSession } from "./invite-session";
import { hasHeader, type Message } from "./message";
import { Method } from "./method";
import { putRequestInDialog, requestInDialog } from "./request-in-dialog";
import { Status } from "./status";
import { putUserAgent, type UserAgent } from "./user-agent";

/** Who sends it. Set once, at boot. */
export interface SingleRequestUser {
  owner: object;
  /** Appends the request's own header fields, and its body or `putNoBody`. */
  writeRest: (owner: object, writer: Writer) => void;
  /**
   * It is over.
   * @param statusCode of the final response; 0: nobody answered, or the dialog is over
   * @param mayRepeat whether the response says when to try again (Retry-After)
   */
  onResult: (owner: object, statusCode: number, mayRepeat: boolean) => void;
}

export interface SingleRequest {
  readonly userAgent: UserAgent;
  readonly method: Method;
  readonly user: SingleRequestUser;
  /** Whether it is under way. */
  busy: boolean;
  /** Meaningful while it is under way. */
  account: Account;
  dialog: Dialog;
  authentication: ClientAuthentication;
  /** Our tag in the dialog: another one means that the dialog's record serves another dialog by now. */
  readonly localTag: FixedText;
  sequence: number;
  client: ClientTransaction;
  clientUser: ClientUser;
}

/** Boot only: no request under way. */
export function createSingleRequest(
  userAgent: UserAgent,
  method: Method,
  dialog: Dialog,
  authentication: ClientAuthentication,
  user: SingleRequestUser,
): SingleRequest {
  const request = {
    userAgent,
    method,
    user,
    busy: false,
    account: userAgent.main,
    dialog,
    authentication,
    localTag: createFixedText(TAG_LENGTH),
    sequence: 0,
    client: userAgent.transactions.clients.items[0],
  } as unknown as SingleRequest;
  request.clientUser = { owner: request, onResponse, onTimeout, writeRequest };
  return request;
}

/**
 * Makes a dialog that is none yet: what a request outside dialogs is written by, to uri[start … end).
 * @returns OK, or TOO_LONG
 */
export function prepareOutsideDialog(
  dialog: Dialog,
  userAgent: UserAgent,
  account: Account,
  uri: Bytes,
  start: number,
  end: number,
): Status {
  return beginDialog(dialog, userAgent.transactions.transport.random, account.address, uri, start, end) &&
    setFixedText(dialog.remoteTarget, uri, start, end) &&
    setRoute(userAgent, account, dialog.routeSet, uri, start, end)
    ? Status.OK
    : Status.TOO_LONG;
}

/** Whether the dialog that it was sent in last is over; its record may serve another one by now. */
export function isDialogOver(request: SingleRequest): boolean {
  const dialog = request.dialog;
  return (
    dialog.callId.length === 0 || !equalFixedText(request.localTag, dialog.localTag.bytes, 0, dialog.localTag.length)
  );
}

function writeRequest(owner: object, transaction: ClientTransaction, into: Writer): Status {
  const request = owner as SingleRequest;
  const dialog = request.dialog;
  if (isDialogOver(request)) {
    return Status.MISSING;
  }
  const status = putRequestInDialog(
    into,
    request.userAgent.transactions.transport,
    dialog,
    request.method,
    request.sequence,
    request.authentication,
    transaction,
  );
  if (request.method === Method.NOTIFY) {
    // INFO and MESSAGE make no dialog and change none: they have no Contact (RFC 6086 4.2.1, RFC 3428 4).
    putContactFor(into, request.account, transaction.destination);
  }
  putUserAgent(into);
  request.user.writeRest(request.user.owner, into);
  return into.overflowed ? Status.TOO_LONG : status;
}

function transmit(request: SingleRequest): Status {
  const clients = request.userAgent.transactions.clients;
  const index = takeClientTransaction(clients);
  if (index < 0) {
    return Status.FULL;
  }
  request.dialog.localSequence += 1;
  request.sequence = request.dialog.localSequence;
  request.client = clients.items[index];
  const status = requestInDialog(request.client, request.method, request.clientUser, request.dialog);
  request.busy = status === Status.OK;
  return status;
}

/**
 * Sends it in a dialog; a dialog without a remote tag makes it a request outside dialogs.
 * @returns OK; FULL when one is under way or no transaction is free; or why it has nowhere to go
 */
export function sendSingleRequest(
  request: SingleRequest,
  account: Account,
  dialog: Dialog,
  authentication: ClientAuthentication,
): Status {
  if (request.busy) {
    return Status.FULL;
  }
  request.account = account;
  request.dialog = dialog;
  request.authentication = authentication;
  setFixedText(request.localTag, dialog.localTag.bytes, 0, dialog.localTag.length);
  startAuthentication(authentication);
  return transmit(request);
}

/** Sends it within a call. Returns as sendSingleRequest. */
export function sendInSession(request: SingleRequest, session: InviteSession): Status {
  return sendSingleRequest(request, session.account, session.dialog, session.authentication);
}

function finish(request: SingleRequest, statusCode: number, mayRepeat: boolean): void {
  request.busy = false;
  request.user.onResult(request.user.owner, statusCode, mayRepeat);
}

function onResponse(owner: object, transaction: ClientTransaction, response: Message): void {
  const request = owner as SingleRequest;
  const code = response.statusCode;
  if (code < 200 || transaction !== request.client || !request.busy) {
    return;
  }
  if (
    (code === 401 || code === 407) &&
    !isDialogOver(request) &&
    takeChallenges(request.authentication, response) === Status.OK &&
    transmit(request) === Status.OK
  ) {
    return;
  }
  finish(request, code, hasHeader(response, HeaderName.RETRY_AFTER));
}

function onTimeout(owner: object, transaction: ClientTransaction): void {
  const request = owner as SingleRequest;
  if (transaction === request.client && request.busy) {
    finish(request, 0, false);
  }
}
