// What all requests of ours in a dialog have in common (RFC 3261 12.2.1.1): the way to the next hop, and the head of the
// message with the credentials that were asked for. Who sends it, and what it means, is the caller's.

import type { Writer } from "../bytes/writer";
import { type ClientAuthentication, putAuthorizations } from "./client-authentication";
import { type ClientTransaction, type ClientUser, requestClientTransaction } from "./client-transaction";
import { createUriView, type Dialog, findNextHop, findRequestUri, putDialogRequest } from "./dialog";
import type { Method } from "./method";
import type { Status } from "./status";
import { sentByFor, type Transport } from "./transport";

const view = createUriView();

/** Starts a transaction towards the dialog's next hop. Returns as requestClientTransaction. */
export function requestInDialog(
  transaction: ClientTransaction,
  method: Method,
  user: ClientUser,
  dialog: Dialog,
): Status {
  findNextHop(dialog, view);
  return requestClientTransaction(transaction, method, user, view.text.bytes, view.start, view.end);
}

/**
 * Writes a request for the target of its transaction, up to the header fields of its method.
 * @param sequence its CSeq
 * @returns OK, or why it cannot have the credentials
 */
export function putRequestInDialog(
  into: Writer,
  transport: Transport,
  dialog: Dialog,
  method: Method,
  sequence: number,
  authentication: ClientAuthentication,
  transaction: ClientTransaction,
): Status {
  const sentBy = sentByFor(transport, transaction.destination);
  putDialogRequest(into, dialog, method, sequence, sentBy, transaction.branch);
  findRequestUri(dialog, view);
  return putAuthorizations(into, authentication, transport.random, method, view.text.bytes, view.start, view.end);
}
