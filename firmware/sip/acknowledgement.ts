// The ACK for a 2xx to an INVITE of ours (RFC 3261 13.2.2.4): no transaction, a branch of its own, written once and sent again
// for each 2xx that comes again. It carries our answer when the 2xx carried the offer, also when nothing of it can be taken.

import { type Bytes, createBytes } from "../bytes/bytes";
import { openWriter } from "../bytes/writer";
import { ClientState, type ClientTransaction } from "./client-transaction";
import { createUriView, type Dialog, findNextHop, putDialogRequest } from "./dialog";
import { BRANCH_LENGTH, fillBranch } from "./identifiers";
import type { InviteSession } from "./invite-session";
import { Method } from "./method";
import { putCredentialsOf } from "./request-writer";
import { putNoBody } from "./response-writer";
import { OfferState, offerOfInvite, putDescription, putRefusal } from "./session-offer";
import { Status } from "./status";
import { copyTarget, type Target } from "./target";
import { sendMessage, sentByFor } from "./transport";

const branch = createBytes(BRANCH_LENGTH);
const hop = createUriView();

/** Writes an ACK in a dialog. Returns OK; PENDING when its target is asked for now, or why it has none. */
function writeAcknowledgement(
  session: InviteSession,
  dialog: Dialog,
  sequence: number,
  client: ClientTransaction,
  buffer: Bytes,
  destination: Target,
): Status {
  const transactions = session.sessions.userAgent.transactions;
  const transport = transactions.transport;
  const locating = transactions.clients.locating;
  const search = session.sessions.search;
  const writer = transport.writer;
  findNextHop(dialog, hop);
  const status = locating.locate(locating.owner, search, hop.text.bytes, hop.start, hop.end);
  if (status !== Status.OK) {
    return status;
  }
  copyTarget(destination, search.targets[0]);
  fillBranch(transport.random, branch, 0);
  openWriter(writer, buffer, 0, buffer.length);
  putDialogRequest(writer, dialog, Method.ACK, sequence, sentByFor(transport, destination), branch);
  if (client.state === ClientState.ACCEPTED) {
    putCredentialsOf(writer, client.buffer, client.length);
  }
  // The 2xx of somebody whom we do not talk to may have an offer when our INVITE had none.
  const offer = dialog === session.dialog ? session.offer : offerOfInvite(session);
  if (offer === OfferState.RECEIVED) {
    putDescription(session, writer);
  } else if (offer === OfferState.SOLICITED) {
    putRefusal(session, writer);
  } else {
    putNoBody(writer);
  }
  return writer.overflowed ? Status.TOO_LONG : Status.OK;
}

/** Sends the last ACK again. */
export function resendAcknowledgement(session: InviteSession): void {
  sendMessage(
    session.sessions.userAgent.transactions.transport,
    session.acknowledgement,
    0,
    session.acknowledgementLength,
    session.acknowledgementDestination,
  );
}

/**
 * Sends the ACK for the 2xx to our last INVITE in the dialog, and keeps it.
 * @param client the INVITE's transaction
 * @returns OK; PENDING when its target is still sought: the 2xx comes again, and so does this; or why it has nowhere to go
 */
export function sendAcknowledgement(session: InviteSession, client: ClientTransaction): Status {
  const status = writeAcknowledgement(
    session,
    session.dialog,
    session.inviteSequence,
    client,
    session.acknowledgement,
    session.acknowledgementDestination,
  );
  if (status === Status.OK) {
    session.acknowledgementLength = session.sessions.userAgent.transactions.transport.writer.length;
    resendAcknowledgement(session);
  }
  return status;
}

/**
 * Sends the ACK for a 2xx in the spare dialog; it is written anew for each that comes.
 * @returns OK, or why it has nowhere to go
 */
export function sendSpareAcknowledgement(session: InviteSession, sequence: number): Status {
  const sessions = session.sessions;
  const transactions = sessions.userAgent.transactions;
  const buffer = transactions.clients.acknowledgement;
  const destination = sessions.spareDestination;
  const status = writeAcknowledgement(
    session,
    sessions.spareDialog,
    sequence,
    session.invite.client,
    buffer,
    destination,
  );
  if (status === Status.OK) {
    sendMessage(transactions.transport, buffer, 0, transactions.transport.writer.length, destination);
  }
  return status;
}
