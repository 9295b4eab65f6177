// Client transactions: the INVITE one of RFC 3261 17.1.1 (figure 5) with the Accepted state of RFC 6026 7.2, and the
// non-INVITE one of 17.1.2 (figure 6). A transaction keeps its request as it went out, and sends it again from there.

import type { Endpoint } from "../../hal/endpoint";
import { type Bytes, copyBytes, createBytes, equalBytes } from "../bytes/bytes";
import { copyEndpoint, createEndpoint } from "../bytes/ip-address";
import { openWriter, type Writer } from "../bytes/writer";
import { createTimer, startTimer, stopTimer, type Timer } from "../clock/timer-wheel";
import {
  countRefused,
  countReleased,
  countTaken,
  createPoolOctets,
  createPoolUse,
  type Memory,
  type PoolLimit,
  type PoolUse,
} from "../memory/pool";
import { BRANCH_LENGTH, fillBranch } from "./identifiers";
import type { Message } from "./message";
import { Method } from "./method";
import { writeAcknowledgement, writeCancel } from "./request-writer";
import { Status } from "./status";
import {
  nextInterval,
  TIMER_D_MS,
  TIMER_T1_MS,
  TIMER_T2_MS,
  TIMER_T4_MS,
  TRANSACTION_TIMEOUT_MS,
} from "./transaction-timers";
import { sendMessage, type Transport } from "./transport";

/** Octets of an endpoint's address. */
const ADDRESS_OCTETS = 16;

export const enum ClientState {
  FREE = 0,
  /** Taken; its request is being written. */
  PREPARED = 1,
  /** INVITE: nothing heard yet. */
  CALLING = 2,
  /** Non-INVITE: nothing heard yet. */
  TRYING = 3,
  PROCEEDING = 4,
  COMPLETED = 5,
  /** INVITE: a 2xx came (RFC 6026). */
  ACCEPTED = 6,
}

/** Who sent the request: set with each request, from a record made at boot. */
export interface ClientUser {
  owner: object;
  /** Every provisional response, the final one, and for INVITE every further 2xx. */
  onResponse: (owner: object, transaction: ClientTransaction, response: Message) => void;
  /** No final response in 64 * T1 (Timer B or F). The transaction is free when it is called. */
  onTimeout: (owner: object, transaction: ClientTransaction) => void;
}

export interface ClientTransaction {
  readonly layer: ClientTransactions;
  state: ClientState;
  method: Method;
  /** The request as it was sent: buffer[0 … length). */
  readonly buffer: Bytes;
  length: number;
  /** The branch that responses are matched by. */
  readonly branch: Bytes;
  readonly destination: Endpoint;
  user: ClientUser;
  /** Timer A or E. */
  retransmission: Timer;
  interval: number;
  /** Timer B or F, then D, K or M. */
  expiry: Timer;
}

export interface ClientTransactions {
  readonly transport: Transport;
  readonly use: PoolUse;
  readonly items: ClientTransaction[];
  /** The ACK of a refused INVITE is written here; it is written anew for each. */
  readonly acknowledgement: Bytes;
  readonly writer: Writer;
  /** Nobody: the user until a request sets its own. */
  readonly nobody: ClientUser;
}

function ignore(): void {
  // Until a request sets its user.
}

function createClientTransaction(layer: ClientTransactions, octets: number): ClientTransaction {
  const transaction = {
    layer,
    state: ClientState.FREE,
    method: Method.OTHER,
    buffer: createBytes(octets - BRANCH_LENGTH - ADDRESS_OCTETS),
    length: 0,
    branch: createBytes(BRANCH_LENGTH),
    destination: createEndpoint(),
    user: layer.nobody,
    interval: 0,
  } as ClientTransaction;
  transaction.retransmission = createTimer(transaction, onRetransmission);
  transaction.expiry = createTimer(transaction, onExpiry);
  return transaction;
}

/** Boot only: the client transactions of one transport. */
export function createClientTransactions(memory: Memory, limit: PoolLimit, transport: Transport): ClientTransactions {
  const layer: ClientTransactions = {
    transport,
    acknowledgement: createBytes(limit.bytesEach),
    use: createPoolUse(memory, limit),
    items: [],
    writer: transport.writer,
    nobody: { owner: transport, onResponse: ignore, onTimeout: ignore },
  };
  for (let index = 0; index < limit.count; index += 1) {
    layer.items.push(createClientTransaction(layer, limit.bytesEach));
  }
  createPoolOctets(layer.use);
  return layer;
}

function releaseTransaction(transaction: ClientTransaction): void {
  const wheel = transaction.layer.transport.wheel;
  stopTimer(wheel, transaction.retransmission);
  stopTimer(wheel, transaction.expiry);
  if (transaction.state !== ClientState.FREE) {
    transaction.state = ClientState.FREE;
    countReleased(transaction.layer.use);
  }
}

/**
 * Takes a transaction with a new branch, and opens the layer's writer on its buffer. When all are in use, one that only
 * waits for late retransmissions of its final response (Completed) is taken early.
 * @returns its index, or FULL
 */
export function takeClientTransaction(layer: ClientTransactions): number {
  let chosen = -1;
  for (let index = 0; index < layer.items.length && chosen < 0; index += 1) {
    if (layer.items[index].state === ClientState.FREE) {
      chosen = index;
    }
  }
  for (let index = 0; index < layer.items.length && chosen < 0; index += 1) {
    if (layer.items[index].state === ClientState.COMPLETED) {
      releaseTransaction(layer.items[index]);
      chosen = index;
    }
  }
  if (chosen < 0) {
    countRefused(layer.use);
    return Status.FULL;
  }
  const transaction = layer.items[chosen];
  transaction.state = ClientState.PREPARED;
  countTaken(layer.use);
  fillBranch(layer.transport.random, transaction.branch, 0);
  openWriter(layer.writer, transaction.buffer, 0, transaction.buffer.length);
  return chosen;
}

/** Gives a transaction back whose request could not be written. */
export function dropClientTransaction(transaction: ClientTransaction): void {
  releaseTransaction(transaction);
}

function transmit(transaction: ClientTransaction): void {
  sendMessage(transaction.layer.transport, transaction.buffer, 0, transaction.length, transaction.destination);
}

/**
 * Sends the request that was written into the transaction's buffer.
 * @param length its octets
 * @param user who hears of the responses
 */
export function startClientTransaction(
  transaction: ClientTransaction,
  method: Method,
  length: number,
  user: ClientUser,
): void {
  const wheel = transaction.layer.transport.wheel;
  transaction.method = method;
  transaction.length = length;
  transaction.user = user;
  transaction.state = method === Method.INVITE ? ClientState.CALLING : ClientState.TRYING;
  transaction.interval = TIMER_T1_MS;
  startTimer(wheel, transaction.retransmission, TIMER_T1_MS);
  startTimer(wheel, transaction.expiry, TRANSACTION_TIMEOUT_MS);
  transmit(transaction);
}

/** Ends a transaction at once; late responses to it match nothing. For an INVITE without any response that is given up. */
export function abandonClientTransaction(transaction: ClientTransaction): void {
  releaseTransaction(transaction);
}

/**
 * Sends the CANCEL of an INVITE that was answered provisionally (9.1): a transaction of its own with the INVITE's branch.
 * @param user who hears of its responses; what counts is the INVITE's final response
 * @returns OK, FULL, or why it could not be written
 */
export function cancelClientTransaction(invite: ClientTransaction, user: ClientUser): Status {
  const layer = invite.layer;
  const index = takeClientTransaction(layer);
  if (index < 0) {
    return Status.FULL;
  }
  const transaction = layer.items[index];
  copyBytes(transaction.branch, 0, invite.branch, 0, BRANCH_LENGTH);
  copyEndpoint(transaction.destination, invite.destination);
  const status = writeCancel(layer.writer, invite.buffer, invite.length);
  if (status === Status.OK) {
    startClientTransaction(transaction, Method.CANCEL, layer.writer.length, user);
  } else {
    dropClientTransaction(transaction);
  }
  return status;
}

/** Timer A doubles for ever; Timer E doubles up to T2, and is T2 in Proceeding (17.1.2.2). */
function onRetransmission(owner: object): void {
  const transaction = owner as ClientTransaction;
  if (transaction.state === ClientState.CALLING) {
    transaction.interval = 2 * transaction.interval;
  } else {
    transaction.interval =
      transaction.state === ClientState.TRYING ? nextInterval(transaction.interval, TIMER_T2_MS) : TIMER_T2_MS;
  }
  startTimer(transaction.layer.transport.wheel, transaction.retransmission, transaction.interval);
  transmit(transaction);
}

/** Timer B, F: nobody answered. Timer D, K, M: nothing more can come. */
function onExpiry(owner: object): void {
  const transaction = owner as ClientTransaction;
  const unanswered = transaction.state !== ClientState.COMPLETED && transaction.state !== ClientState.ACCEPTED;
  releaseTransaction(transaction);
  if (unanswered) {
    transaction.user.onTimeout(transaction.user.owner, transaction);
  }
}

function acknowledge(transaction: ClientTransaction, response: Message): void {
  const layer = transaction.layer;
  openWriter(layer.writer, layer.acknowledgement, 0, layer.acknowledgement.length);
  if (writeAcknowledgement(layer.writer, transaction.buffer, transaction.length, response) === Status.OK) {
    sendMessage(layer.transport, layer.acknowledgement, 0, layer.writer.length, transaction.destination);
  }
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
    startTimer(wheel, transaction.expiry, TIMER_D_MS);
  }
  transaction.user.onResponse(transaction.user.owner, transaction, response);
}

function takeInviteResponse(transaction: ClientTransaction, response: Message): void {
  if (transaction.state === ClientState.CALLING || transaction.state === ClientState.PROCEEDING) {
    if (response.statusCode >= 200) {
      completeInvite(transaction, response);
    } else {
      transaction.state = ClientState.PROCEEDING;
      stopTimer(transaction.layer.transport.wheel, transaction.retransmission);
      stopTimer(transaction.layer.transport.wheel, transaction.expiry);
      transaction.user.onResponse(transaction.user.owner, transaction, response);
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
  if (response.statusCode < 200) {
    transaction.state = ClientState.PROCEEDING;
  } else {
    const wheel = transaction.layer.transport.wheel;
    transaction.state = ClientState.COMPLETED;
    stopTimer(wheel, transaction.retransmission);
    startTimer(wheel, transaction.expiry, TIMER_T4_MS); // Timer K
  }
  transaction.user.onResponse(transaction.user.owner, transaction, response);
}

/**
 * Gives a response to its transaction: the one with its topmost branch and its CSeq method (17.1.3).
 * @returns whether there is one
 */
export function matchResponse(layer: ClientTransactions, response: Message): boolean {
  const via = response.via;
  for (let index = 0; index < layer.items.length; index += 1) {
    const transaction = layer.items[index];
    if (
      transaction.state > ClientState.PREPARED &&
      transaction.method === response.cseq.method &&
      equalBytes(transaction.branch, 0, BRANCH_LENGTH, response.bytes, via.branchStart, via.branchEnd)
    ) {
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
