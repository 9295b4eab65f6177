// A request of ours in a dialog, or the INVITE that makes one (RFC 3261 12.2.1, 13.2, 22.2): written for each target that is
// tried, sent again with credentials when it is challenged, and reported with its responses. What they mean is its owner's.

import { setFixedText } from "../bytes/fixed-text";
import type { Writer } from "../bytes/writer";
import { setRoute } from "./account-choice";
import { startAuthentication, takeChallenges } from "./client-authentication";
import {
  type ClientTransaction,
  type ClientUser,
  dismissClientTransaction,
  takeClientTransaction,
} from "./client-transaction";
import type { Dialog } from "./dialog";
import { restartForks } from "./early-dialogs";
import { type InviteSession, SessionState } from "./invite-session";
import type { Message } from "./message";
import { Method } from "./method";
import { putRequestInDialog, requestInDialog } from "./request-in-dialog";
import { Status } from "./status";

export interface DialogRequest {
  session: InviteSession;
  readonly dialog: Dialog;
  method: Method;
  /** Its CSeq. */
  sequence: number;
  /** The transaction that it went out with last; meaningful while `pending`, and for a 2xx that comes again. */
  client: ClientTransaction;
  /** Whether its final response is awaited. */
  pending: boolean;
  user: ClientUser;
  /** Appends its own header fields, and its body or `putNoBody`. */
  writeRest: (session: InviteSession, writer: Writer) => void;
  /** Every response but a challenge that is answered. */
  onResponse: (session: InviteSession, response: Message) => void;
  /** No final response came, or there is no target that takes it. */
  onTimeout: (session: InviteSession) => void;
}

function ignore(): void {
  // Until boot has set what is sent.
}

/** Boot only: no request under way. Its owner sets the three functions. */
export function createDialogRequest(session: InviteSession, dialog: Dialog, client: ClientTransaction): DialogRequest {
  const request = {
    session,
    dialog,
    method: Method.OTHER,
    sequence: 0,
    client,
    pending: false,
    writeRest: ignore,
    onResponse: ignore,
    onTimeout: ignore,
  } as unknown as DialogRequest;
  request.user = { owner: request, onResponse, onTimeout, writeRequest };
  return request;
}

/** The first INVITE goes out by what is known without an answer, whatever an early dialog has made of the record since. */
function reopenDialog(session: InviteSession): void {
  const dialog = session.dialog;
  const uri = session.requestUri;
  dialog.remoteTag.length = 0;
  dialog.looseRouting = true;
  setFixedText(dialog.remoteTarget, uri.bytes, 0, uri.length);
  setRoute(session.sessions.userAgent, session.account, dialog.routeSet, uri.bytes, 0, uri.length);
}

function writeRequest(owner: object, transaction: ClientTransaction, writer: Writer): Status {
  const request = owner as DialogRequest;
  const session = request.session;
  const isInvite = request === session.invite;
  if (request.client !== transaction || !request.pending || (isInvite && session.state === SessionState.CANCELLING)) {
    // Given up before this target was tried; the record may serve another call by now.
    return Status.UNSUPPORTED;
  }
  if (isInvite) {
    reopenDialog(session);
  }
  const status = putRequestInDialog(
    writer,
    session.sessions.userAgent.transactions.transport,
    request.dialog,
    request.method,
    request.sequence,
    session.authentication,
    transaction,
  );
  request.writeRest(session, writer);
  return status;
}

/** Sends it with the next CSeq. */
function transmitRequest(request: DialogRequest): Status {
  const session = request.session;
  const clients = session.sessions.userAgent.transactions.clients;
  const index = takeClientTransaction(clients);
  if (index < 0) {
    return Status.FULL;
  }
  if (request === session.invite) {
    reopenDialog(session);
  }
  request.dialog.localSequence += 1;
  request.sequence = request.dialog.localSequence;
  if (request.method === Method.INVITE) {
    session.inviteSequence = request.sequence;
    session.acknowledgementLength = 0;
    restartForks(session.forks);
  }
  request.client = clients.items[index];
  request.pending = true;
  const status = requestInDialog(request.client, request.method, request.user, request.dialog);
  request.pending = status === Status.OK;
  return status;
}

/**
 * Sends a request in its dialog.
 * @returns OK when it is under way; FULL, or why it has nowhere to go: its owner then hears nothing of it
 */
export function sendDialogRequest(request: DialogRequest, method: Method): Status {
  request.method = method;
  startAuthentication(request.session.authentication);
  return transmitRequest(request);
}

function onResponse(owner: object, transaction: ClientTransaction, response: Message): void {
  const request = owner as DialogRequest;
  const session = request.session;
  const code = response.statusCode;
  if (request.client !== transaction || !request.pending) {
    if (transaction.method === Method.INVITE && code < 200) {
      // Nobody waits for what follows, and an INVITE that is rung for has no timer.
      dismissClientTransaction(transaction, false);
    } else if (transaction.method === Method.INVITE && code < 300) {
      session.sessions.onFurtherAnswer(session.sessions, response);
    }
    return;
  }
  request.pending = code < 200;
  if (
    (code === 401 || code === 407) &&
    session.state !== SessionState.CANCELLING &&
    takeChallenges(session.authentication, response) === Status.OK &&
    transmitRequest(request) === Status.OK
  ) {
    return;
  }
  request.onResponse(session, response);
}

function onTimeout(owner: object, transaction: ClientTransaction): void {
  const request = owner as DialogRequest;
  if (request.client === transaction && request.pending) {
    request.pending = false;
    request.onTimeout(request.session);
  }
}
