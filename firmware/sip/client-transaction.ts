// Client transactions: the INVITE one of RFC 3261 17.1.1 (figure 5) with the Accepted state of RFC 6026 7.2, and the
// non-INVITE one of 17.1.2 (figure 6). A transaction keeps its request as it went out, and sends it again from there. A request
// whose next hop has several targets goes to the next one when the last is silent, refuses or is overloaded (RFC 3263 4.3).

import { type Bytes, copyBytes, createBytes, octetsAllocated } from "../bytes/bytes";
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
import { writeCancel } from "./request-writer";
import { createSearch, type Locating, locateNothing, type Search } from "./search";
import { Status } from "./status";
import { copyTarget, createTarget, isReliable, NO_CONNECTION, Protocol, type Target } from "./target";
import {
  FAILOVER_INTERVAL_MS,
  FAILOVER_MS,
  nextInterval,
  TIMER_T1_MS,
  TIMER_T2_MS,
  TRANSACTION_TIMEOUT_MS,
} from "./transaction-timers";
import { sendMessage, type Transport } from "./transport";

/** The longest request that may go over UDP while the path MTU is unknown. */
const UDP_REQUEST_MAXIMUM = 1300; // RFC 3261 18.1.1

export const enum ClientState {
  FREE = 0,
  /** Taken; its request is being written, or its target sought. */
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
  /**
   * No final response in 64 * T1 (Timer B or F), or no target that takes the request. The transaction is free when it is called.
   */
  onTimeout: (owner: object, transaction: ClientTransaction) => void;
  /**
   * Writes the whole request for `transaction.destination` with `transaction.branch` and the sent-by of `sentByFor`: for every
   * target anew. `cannotWrite` where `requestClientTransaction` is not used.
   * @returns OK, or why it cannot be written: the transaction then ends
   */
  writeRequest: (owner: object, transaction: ClientTransaction, writer: Writer) => Status;
}

export interface ClientTransaction {
  readonly layer: ClientTransactions;
  state: ClientState;
  method: Method;
  /** The request as it was sent: buffer[0 … length). */
  buffer: Bytes;
  length: number;
  /** The branch that responses are matched by. */
  readonly branch: Bytes;
  readonly destination: Target;
  /** Whether the network ever took it: otherwise nobody can have it. */
  sent: boolean;
  /** The targets of the next hop; none when the request was written beforehand. */
  search: Search;
  /** Goes over TCP because it is too large for UDP, to a target that is one of UDP (18.1.1). */
  enlarged: boolean;
  /** Whoever asked is gone: it ends alone, and is the last to give way to another. */
  dismissed: boolean;
  /** An INVITE that was dismissed before anything was heard: it is cancelled at the first provisional response (9.1). */
  cancels: boolean;
  user: ClientUser;
  /** Timer A or E; over TCP the time until the next target is tried. */
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
  locating: Locating;
}

function ignore(): void {
  // Until a request sets its user.
}

/** The `writeRequest` of a user whose requests are written beforehand. */
export function cannotWrite(): Status {
  return Status.UNSUPPORTED;
}

function createClientTransaction(layer: ClientTransactions, octets: number): ClientTransaction {
  const begin = octetsAllocated();
  const transaction = {
    layer,
    state: ClientState.FREE,
    method: Method.OTHER,
    length: 0,
    branch: createBytes(BRANCH_LENGTH),
    destination: createTarget(),
    sent: false,
    enlarged: false,
    dismissed: false,
    cancels: false,
    user: layer.nobody,
    interval: 0,
  } as ClientTransaction;
  transaction.search = createSearch(transaction, onLocated);
  transaction.buffer = createBytes(octets - (octetsAllocated() - begin));
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
    nobody: { owner: transport, onResponse: ignore, onTimeout: ignore, writeRequest: cannotWrite },
    locating: { owner: transport, locate: locateNothing, locateNow: locateNothing, forget: ignore, avoid: ignore },
  };
  for (let index = 0; index < limit.count; index += 1) {
    layer.items.push(createClientTransaction(layer, limit.bytesEach));
  }
  createPoolOctets(layer.use);
  transport.connectionListeners.push({ owner: layer, onConnectionLost });
  return layer;
}

function releaseTransaction(transaction: ClientTransaction): void {
  const wheel = transaction.layer.transport.wheel;
  stopTimer(wheel, transaction.retransmission);
  stopTimer(wheel, transaction.expiry);
  if (transaction.state === ClientState.PREPARED) {
    const locating = transaction.layer.locating;
    locating.forget(locating.owner, transaction.search);
  }
  if (transaction.state !== ClientState.FREE) {
    transaction.state = ClientState.FREE;
    countReleased(transaction.layer.use);
  }
}

/** Whether a transaction may be taken in a round: a free one, then one in Completed, then one that was dismissed. */
function givesWay(transaction: ClientTransaction, round: number): boolean {
  return round === 2
    ? transaction.dismissed
    : transaction.state === (round === 0 ? ClientState.FREE : ClientState.COMPLETED);
}

/**
 * Takes a transaction with a new branch, and opens the layer's writer on its buffer. When all are in use, one that only
 * waits for late retransmissions of its final response (Completed) is taken early, and after those one whose user is gone.
 * @returns its index, or FULL
 */
export function takeClientTransaction(layer: ClientTransactions): number {
  let chosen = -1;
  for (let round = 0; round < 3; round += 1) {
    for (let index = 0; index < layer.items.length && chosen < 0; index += 1) {
      chosen = givesWay(layer.items[index], round) ? index : -1;
    }
  }
  if (chosen < 0) {
    countRefused(layer.use);
    return Status.FULL;
  }
  const transaction = layer.items[chosen];
  releaseTransaction(transaction);
  transaction.sent = false;
  transaction.dismissed = false;
  transaction.cancels = false;
  transaction.state = ClientState.PREPARED;
  transaction.destination.protocol = Protocol.UDP;
  transaction.destination.connection = NO_CONNECTION;
  countTaken(layer.use);
  fillBranch(layer.transport.random, transaction.branch, 0);
  openWriter(layer.writer, transaction.buffer, 0, transaction.buffer.length);
  return chosen;
}

/** Gives a transaction back whose request could not be written. */
export function dropClientTransaction(transaction: ClientTransaction): void {
  releaseTransaction(transaction);
}

function transmit(transaction: ClientTransaction): Status {
  const transport = transaction.layer.transport;
  const status = sendMessage(transport, transaction.buffer, 0, transaction.length, transaction.destination);
  transaction.sent = transaction.sent || status === Status.OK;
  return status;
}

/** Nothing was heard of the request as it went to the present target. */
function isUnheard(transaction: ClientTransaction): boolean {
  return transaction.state === ClientState.CALLING || transaction.state === ClientState.TRYING;
}

export function hasNextTarget(transaction: ClientTransaction): boolean {
  return transaction.enlarged || transaction.search.next < transaction.search.count;
}

/** The first transmission to a target. A datagram that the last target's network refuses is as good as lost: it goes again. */
function transmitFirst(transaction: ClientTransaction): Status {
  const wheel = transaction.layer.transport.wheel;
  transaction.state = transaction.method === Method.INVITE ? ClientState.CALLING : ClientState.TRYING;
  transaction.interval = isReliable(transaction.destination) ? FAILOVER_MS : TIMER_T1_MS;
  startTimer(wheel, transaction.retransmission, transaction.interval);
  const status = transmit(transaction);
  return isReliable(transaction.destination) || hasNextTarget(transaction) ? status : Status.OK;
}

/**
 * Sends the request that was written into the transaction's buffer to `transaction.destination`, and nowhere else.
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
  transaction.search.count = 0;
  transaction.search.next = 0;
  transaction.enlarged = false;
  startTimer(wheel, transaction.expiry, TRANSACTION_TIMEOUT_MS);
  if (transmitFirst(transaction) !== Status.OK) {
    // Reported from the timer, since the user still has the transaction in hand.
    startTimer(wheel, transaction.expiry, 0);
  }
}

/** Sets the destination to the next target. Returns false when there is none. */
function takeNextTarget(transaction: ClientTransaction): boolean {
  const search = transaction.search;
  const destination = transaction.destination;
  if (transaction.enlarged) {
    // The same one again: TCP is not spoken there (18.1.1).
    transaction.enlarged = false;
    destination.protocol = Protocol.UDP;
    destination.connection = NO_CONNECTION;
    return true;
  }
  if (search.next === search.count) {
    return false;
  }
  copyTarget(destination, search.targets[search.next]);
  search.next += 1;
  transaction.enlarged = destination.protocol === Protocol.UDP && transaction.layer.transport.streams.available;
  return true;
}

/**
 * Writes the request for the next target that takes it and sends it there, each time with a new branch (RFC 3263 4.3).
 * @returns OK, UNREACHABLE when no target takes it, or why it cannot be written
 */
function sendToNextTarget(transaction: ClientTransaction): Status {
  const layer = transaction.layer;
  let status: Status = Status.UNREACHABLE;
  while (status === Status.UNREACHABLE && takeNextTarget(transaction)) {
    fillBranch(layer.transport.random, transaction.branch, 0);
    openWriter(layer.writer, transaction.buffer, 0, transaction.buffer.length);
    status = transaction.user.writeRequest(transaction.user.owner, transaction, layer.writer);
    if (status === Status.OK && layer.writer.overflowed) {
      status = Status.TOO_LONG;
    }
    if (status !== Status.OK) {
      return status;
    }
    transaction.length = layer.writer.length;
    transaction.enlarged = transaction.enlarged && transaction.length > UDP_REQUEST_MAXIMUM;
    if (transaction.enlarged) {
      transaction.destination.protocol = Protocol.TCP;
    }
    status = transmitFirst(transaction) === Status.OK ? Status.OK : Status.UNREACHABLE;
  }
  return status;
}

/**
 * Sends a request to the next hop that a URI names. Its user writes it for each target that is tried. Targets that are known are
 * tried before the call returns.
 * @param bytes bytes[start … end): the URI of the next hop
 * @returns OK when it is under way; else why not: the transaction is then free and its user is not called
 */
export function requestClientTransaction(
  transaction: ClientTransaction,
  method: Method,
  user: ClientUser,
  bytes: Bytes,
  start: number,
  end: number,
): Status {
  const layer = transaction.layer;
  const search = transaction.search;
  transaction.method = method;
  transaction.user = user;
  transaction.enlarged = false;
  search.count = 0;
  search.next = 0;
  startTimer(layer.transport.wheel, transaction.expiry, TRANSACTION_TIMEOUT_MS);
  let status = layer.locating.locate(layer.locating.owner, search, bytes, start, end);
  if (status === Status.PENDING) {
    return Status.OK;
  }
  if (status === Status.OK) {
    status = sendToNextTarget(transaction);
  }
  if (status !== Status.OK) {
    releaseTransaction(transaction);
  }
  return status;
}

/** Ends a transaction that nobody answers. */
function giveUp(transaction: ClientTransaction): void {
  releaseTransaction(transaction);
  transaction.user.onTimeout(transaction.user.owner, transaction);
}

/** The search's onLocated. */
function onLocated(owner: object, status: Status): void {
  const transaction = owner as ClientTransaction;
  // Given up in the meantime otherwise.
  if (transaction.state === ClientState.PREPARED) {
    if (status !== Status.OK || sendToNextTarget(transaction) !== Status.OK) {
      giveUp(transaction);
    }
  }
}

/** The present target does not answer or cannot be reached: the next one, or the end. */
export function failOver(transaction: ClientTransaction): void {
  const locating = transaction.layer.locating;
  if (!transaction.enlarged) {
    locating.avoid(locating.owner, transaction.destination);
  }
  if (sendToNextTarget(transaction) !== Status.OK) {
    giveUp(transaction);
  }
}

/** A connection has ended: what waits for a first response on it has failed (17.1.4); what was heard of waits on. */
function onConnectionLost(owner: object, connection: number): void {
  const layer = owner as ClientTransactions;
  for (let index = 0; index < layer.items.length; index += 1) {
    const transaction = layer.items[index];
    if (
      isUnheard(transaction) &&
      isReliable(transaction.destination) &&
      transaction.destination.connection === connection
    ) {
      failOver(transaction);
    }
  }
}

/** Ends a transaction at once; late responses to it match nothing. For an INVITE without any response that is given up. */
export function abandonClientTransaction(transaction: ClientTransaction): void {
  releaseTransaction(transaction);
}

/**
 * Whoever asked is gone: the transaction ends alone. An INVITE in Proceeding, which has no timer, waits no longer than 64 * T1 for
 * its final response.
 * @param cancels whether it is an INVITE that nothing was heard of, to be cancelled as soon as that is allowed (9.1)
 */
export function dismissClientTransaction(transaction: ClientTransaction, cancels: boolean): void {
  transaction.dismissed = true;
  transaction.cancels = cancels;
  if (!transaction.expiry.armed) {
    startTimer(transaction.layer.transport.wheel, transaction.expiry, TRANSACTION_TIMEOUT_MS);
  }
}

/**
 * Sends the CANCEL of an INVITE that was answered provisionally (9.1): a transaction of its own with the INVITE's branch.
 * @param user who hears of its responses; what counts is the INVITE's final response
 * @param reason the status code of its Reason (RFC 3326); 0: none
 * @returns OK, FULL, or why it could not be written
 */
export function cancelClientTransaction(invite: ClientTransaction, user: ClientUser, reason: number): Status {
  const layer = invite.layer;
  const index = takeClientTransaction(layer);
  if (index < 0) {
    return Status.FULL;
  }
  const transaction = layer.items[index];
  copyBytes(transaction.branch, 0, invite.branch, 0, BRANCH_LENGTH);
  copyTarget(transaction.destination, invite.destination);
  const status = writeCancel(layer.writer, invite.buffer, invite.length, reason);
  if (status === Status.OK) {
    startClientTransaction(transaction, Method.CANCEL, layer.writer.length, user);
    transaction.dismissed = true; // What is waited for is the INVITE's final response.
  } else {
    dropClientTransaction(transaction);
  }
  return status;
}

/** Timer A doubles for ever; Timer E doubles up to T2, and is T2 in Proceeding (17.1.2.2). Another target does not wait long. */
function onRetransmission(owner: object): void {
  const transaction = owner as ClientTransaction;
  if (isUnheard(transaction) && hasNextTarget(transaction) && transaction.interval >= FAILOVER_INTERVAL_MS) {
    failOver(transaction);
    return;
  }
  if (isReliable(transaction.destination)) {
    return;
  }
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
  if (transaction.state === ClientState.COMPLETED || transaction.state === ClientState.ACCEPTED) {
    releaseTransaction(transaction);
  } else {
    giveUp(transaction);
  }
}
