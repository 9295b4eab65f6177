// Responses to client transactions (RFC 3261 17.1.3, 18.1.2): found by branch, sent-by and method, and taken by the state machines
// of client-transaction.ts: figure 5 with the Accepted state of RFC 6026 7.2, and figure 6. A 503 may lead to another target.

import { copyBytes, equalBytes, equalBytesAnyCase } from "../bytes/bytes";
import { parseDecimal } from "../bytes/decimal";
import { openWriter } from "../bytes/writer";
import { startTimer, stopTimer } from "../clock/timer-wheel";
import {
  ClientState,
  type ClientTransaction,
  type ClientTransactions,
  cancelClientTransaction,
  failOver,
  hasNextTarget,
  takeClientTransaction,
} from "./client-transaction";
import { BRANCH_LENGTH } from "./identifiers";
import type { Message } from "./message";
import { Method } from "./method";
import { writeAcknowledgement } from "./request-writer";
import { Status } from "./status";
import { copyTarget, isReliable } from "./target";
import { TIMER_D_MS, TIMER_T4_MS, TRANSACTION_TIMEOUT_MS } from "./transaction-timers";
import { findOwnProtocol, sendMessage } from "./transport";

function acknowledge(transaction: ClientTransaction, response: Message): void {
  const layer = transaction.layer;
  openWriter(layer.writer, layer.acknowledgement, 0, layer.acknowledgement.length);
  if (writeAcknowledgement(layer.writer, transaction.buffer, transaction.length, response) === Status.OK) {
    sendMessage(layer.transport, layer.acknowledgement, 0, layer.writer.length, transaction.destination);
  }
}

/** Whether a response says that the next target is to be tried: 503, when there is one (RFC 3263 4.3). */
function isOverloaded(transaction: ClientTransaction, response: Message): boolean {
  return response.statusCode === 503 && hasNextTarget(transaction);
}

/** Leaves a refused INVITE in Completed in a record of its own, where one is free, while its user goes on to the next target. */
function lingerCompleted(invite: ClientTransaction): void {
  const layer = invite.layer;
  const index = isReliable(invite.destination) ? Status.MISSING : takeClientTransaction(layer);
  if (index >= 0) {
    const transaction = layer.items[index];
    transaction.method = Method.INVITE;
    transaction.length = invite.length;
    transaction.user = layer.nobody;
    transaction.search.count = 0;
    transaction.search.next = 0;
    copyBytes(transaction.buffer, 0, invite.buffer, 0, invite.length);
    copyBytes(transaction.branch, 0, invite.branch, 0, BRANCH_LENGTH);
    copyTarget(transaction.destination, invite.destination);
    transaction.state = ClientState.COMPLETED;
    startTimer(layer.transport.wheel, transaction.expiry, TIMER_D_MS);
  }
}

/** An overloaded target has refused the request: on to the next, with what is left of 64 * T1. */
function moveOn(transaction: ClientTransaction, response: Message): void {
  if (transaction.method === Method.INVITE) {
    acknowledge(transaction, response);
    lingerCompleted(transaction);
  }
  if (!transaction.expiry.armed) {
    startTimer(transaction.layer.transport.wheel, transaction.expiry, TRANSACTION_TIMEOUT_MS);
  }
  failOver(transaction);
}

function completeInvite(transaction: ClientTransaction, response: Message): void {
  const wheel = transaction.layer.transport.wheel;
  stopTimer(wheel, transaction.retransmission);
  if (response.statusCode < 300) {
    transaction.state = ClientState.ACCEPTED;
    startTimer(wheel, transaction.expiry, TRANSACTION_TIMEOUT_MS); // Timer M
  } else {
    transaction.state = ClientState.COMPLETED;
    acknowledge(transaction, response);
    startTimer(wheel, transaction.expiry, isReliable(transaction.destination) ? 0 : TIMER_D_MS);
  }
  transaction.user.onResponse(transaction.user.owner, transaction, response);
}

function takeProvisional(invite: ClientTransaction, response: Message): void {
  const layer = invite.layer;
  const wheel = layer.transport.wheel;
  invite.state = ClientState.PROCEEDING;
  stopTimer(wheel, invite.retransmission);
  if (!invite.dismissed) {
    stopTimer(wheel, invite.expiry);
    invite.user.onResponse(invite.user.owner, invite, response);
  } else if (invite.cancels) {
    invite.cancels = false;
    invite.dismissed = false; // It does not give way to its own CANCEL.
    cancelClientTransaction(invite, layer.nobody, 0);
    invite.dismissed = true;
  }
}

function takeInviteResponse(transaction: ClientTransaction, response: Message): void {
  if (transaction.state === ClientState.CALLING || transaction.state === ClientState.PROCEEDING) {
    if (isOverloaded(transaction, response)) {
      moveOn(transaction, response);
    } else if (response.statusCode >= 200) {
      completeInvite(transaction, response);
    } else {
      takeProvisional(transaction, response);
    }
  } else if (transaction.state === ClientState.COMPLETED) {
    if (response.statusCode >= 300) {
      acknowledge(transaction, response);
    }
  } else if (transaction.state === ClientState.ACCEPTED && response.statusCode >= 200 && response.statusCode < 300) {
    transaction.user.onResponse(transaction.user.owner, transaction, response);
  }
}

function takeOtherResponse(transaction: ClientTransaction, response: Message): void {
  if (transaction.state === ClientState.COMPLETED) {
    return;
  }
  if (isOverloaded(transaction, response)) {
    moveOn(transaction, response);
    return;
  }
  if (response.statusCode < 200) {
    transaction.state = ClientState.PROCEEDING;
  } else {
    const wheel = transaction.layer.transport.wheel;
    transaction.state = ClientState.COMPLETED;
    stopTimer(wheel, transaction.retransmission);
    startTimer(wheel, transaction.expiry, isReliable(transaction.destination) ? 0 : TIMER_T4_MS); // Timer K
  }
  transaction.user.onResponse(transaction.user.owner, transaction, response);
}

/** Whether the topmost Via of a response has the sent-by that the request went out with (18.1.2). */
function hasOwnSentBy(transaction: ClientTransaction, response: Message): boolean {
  const via = response.via;
  const own = transaction.buffer;
  const start = findOwnProtocol(own, 0, transaction.length) + 4;
  const hostEnd = start + via.hostEnd - via.hostStart;
  let end = hostEnd + 1;
  while (end < transaction.length && own[end] >= 0x30 && own[end] <= 0x39) {
    end += 1;
  }
  return (
    end <= transaction.length &&
    equalBytesAnyCase(own, start, hostEnd, response.bytes, via.hostStart, via.hostEnd) &&
    parseDecimal(own, hostEnd + 1, end) === via.port
  );
}

/**
 * Gives a response to its transaction: the one with its topmost branch, our sent-by and its CSeq method (17.1.3, 18.1.2).
 * @returns whether there is one
 */
export function matchResponse(layer: ClientTransactions, response: Message): boolean {
  const via = response.via;
  for (let index = 0; index < layer.items.length; index += 1) {
    const transaction = layer.items[index];
    if (
      transaction.state > ClientState.PREPARED &&
      transaction.method === response.cseq.method &&
      equalBytes(transaction.branch, 0, BRANCH_LENGTH, response.bytes, via.branchStart, via.branchEnd) &&
      hasOwnSentBy(transaction, response)
    ) {
      transaction.enlarged = false; // It is heard: the protocol was right.
      if (transaction.method === Method.INVITE) {
        takeInviteResponse(transaction, response);
      } else {
        takeOtherResponse(transaction, response);
      }
      return true;
    }
  }
  return false;
}
