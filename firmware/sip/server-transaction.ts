// Server transactions: the INVITE one of RFC 3261 17.2.1 (figure 7) with the Accepted state of RFC 6026 7.1, and the
// non-INVITE one of 17.2.2 (figure 8). A transaction keeps its last response as it went out, and answers every
// retransmission of its request with it.

import { type Bytes, copyBytes, createBytes } from "../bytes/bytes";
import type { Text } from "../bytes/text";
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
import { fillRandomHex, TAG_LENGTH } from "./identifiers";
import type { Message } from "./message";
import { Method } from "./method";
import { createRequestKey, hasKey, KEY_OCTETS, keepKey, type RequestKey } from "./request-key";
import { putNoBody, STATUS_LINE_ROOM, writeSharedHeaders, writeStatusLine } from "./response-writer";
import { Status } from "./status";
import { createTarget, isReliable, type Target } from "./target";
import {
  nextInterval,
  TIMER_T1_MS,
  TIMER_T2_MS,
  TIMER_T4_MS,
  TRANSACTION_TIMEOUT_MS,
  TRYING_DELAY_MS,
} from "./transaction-timers";
import { sendMessage, setResponseDestination, type Transport } from "./transport";

/** Octets of an endpoint's address. */
const ADDRESS_OCTETS = 16;

export const enum ServerState {
  FREE = 0,
  /** Non-INVITE: no response yet. */
  TRYING = 1,
  /** INVITE: not finally answered. Non-INVITE: a provisional response was sent. */
  PROCEEDING = 2,
  COMPLETED = 3,
  /** INVITE: the ACK came (17.2.1). */
  CONFIRMED = 4,
  /** INVITE: a 2xx was sent (RFC 6026). */
  ACCEPTED = 5,
}

/** Who hears of an INVITE server transaction after its request: set by whoever takes the request. */
export interface ServerUser {
  owner: object;
  /** CANCEL came; the CANCEL itself is answered. The INVITE is still to be answered (487). */
  onCancel: (owner: object, transaction: ServerTransaction) => void;
}

export interface ServerTransaction {
  readonly layer: ServerTransactions;
  state: ServerState;
  method: Method;
  readonly key: RequestKey;
  /** The local tag, one for all responses: TAG_LENGTH octets. */
  readonly tag: Bytes;
  /** STATUS_LINE_ROOM, then what all responses share, then the rest of the last one. */
  readonly buffer: Bytes;
  /** Behind what all responses share. */
  sharedEnd: number;
  /** The last response is buffer[responseStart … responseEnd); empty when none was sent. */
  responseStart: number;
  responseEnd: number;
  /** Its status code; 0 when none was sent. */
  statusCode: number;
  readonly destination: Target;
  user: ServerUser;
  /** Timer G; before the first response of an INVITE, the 200 ms until 100. */
  retransmission: Timer;
  interval: number;
  /** Timer H, I, J or L. */
  expiry: Timer;
}

export interface ServerTransactions {
  readonly transport: Transport;
  readonly use: PoolUse;
  readonly items: ServerTransaction[];
  readonly writer: Writer;
  /** Nobody: the user of a request that nobody has taken. */
  readonly nobody: ServerUser;
}

function ignoreCancel(): void {
  // Nobody waits for it.
}

function createServerTransaction(layer: ServerTransactions, octets: number): ServerTransaction {
  const transaction = {
    layer,
    state: ServerState.FREE,
    method: Method.OTHER,
    key: createRequestKey(),
    tag: createBytes(TAG_LENGTH),
    buffer: createBytes(octets - KEY_OCTETS - TAG_LENGTH - ADDRESS_OCTETS),
    sharedEnd: 0,
    responseStart: 0,
    responseEnd: 0,
    statusCode: 0,
    destination: createTarget(),
    user: layer.nobody,
    interval: 0,
  } as ServerTransaction;
  transaction.retransmission = createTimer(transaction, onRetransmission);
  transaction.expiry = createTimer(transaction, onExpiry);
  return transaction;
}

/** Boot only: the server transactions of one transport. */
export function createServerTransactions(memory: Memory, limit: PoolLimit, transport: Transport): ServerTransactions {
  const layer: ServerTransactions = {
    transport,
    use: createPoolUse(memory, limit),
    items: [],
    writer: transport.writer,
    nobody: { owner: transport, onCancel: ignoreCancel },
  };
  for (let index = 0; index < limit.count; index += 1) {
    layer.items.push(createServerTransaction(layer, limit.bytesEach));
  }
  createPoolOctets(layer.use);
  return layer;
}

function releaseTransaction(transaction: ServerTransaction): void {
  const wheel = transaction.layer.transport.wheel;
  stopTimer(wheel, transaction.retransmission);
  stopTimer(wheel, transaction.expiry);
  if (transaction.state !== ServerState.FREE) {
    transaction.state = ServerState.FREE;
    transaction.user = transaction.layer.nobody;
    countReleased(transaction.layer.use);
  }
}

/**
 * The transaction of a request: same branch, sent-by and method, where ACK belongs to its INVITE (17.2.3).
 * @returns its index, or -1
 */
export function findServerTransaction(layer: ServerTransactions, request: Message, method: Method): number {
  for (let index = 0; index < layer.items.length; index += 1) {
    const transaction = layer.items[index];
    if (transaction.state !== ServerState.FREE && transaction.method === method && hasKey(transaction.key, request)) {
      return index;
    }
  }
  return -1;
}

/** Whether a transaction only absorbs late retransmissions of its request or ACK: it gives way to a new request. */
function givesWay(transaction: ServerTransaction): boolean {
  return (
    transaction.state === ServerState.CONFIRMED ||
    (transaction.state === ServerState.COMPLETED && transaction.method !== Method.INVITE)
  );
}

/** How many new requests could have a transaction now. */
export function countAvailable(layer: ServerTransactions): number {
  let count = layer.items.length - layer.use.inUse;
  for (let index = 0; index < layer.items.length; index += 1) {
    count += givesWay(layer.items[index]) ? 1 : 0;
  }
  return count;
}

function findFree(layer: ServerTransactions): number {
  for (let index = 0; index < layer.items.length; index += 1) {
    if (layer.items[index].state === ServerState.FREE) {
      return index;
    }
  }
  for (let index = 0; index < layer.items.length; index += 1) {
    if (givesWay(layer.items[index])) {
      releaseTransaction(layer.items[index]);
      return index;
    }
  }
  return -1;
}

/** A new tag; CANCEL is answered with that of its INVITE's responses (9.2). */
function setTag(layer: ServerTransactions, transaction: ServerTransaction, request: Message): void {
  const invite = request.method === Method.CANCEL ? findServerTransaction(layer, request, Method.INVITE) : -1;
  if (invite < 0) {
    fillRandomHex(layer.transport.random, transaction.tag, 0, TAG_LENGTH);
  } else {
    copyBytes(transaction.tag, 0, layer.items[invite].tag, 0, TAG_LENGTH);
  }
}

/**
 * Makes the transaction of a new request at hand in the transport, and writes what its responses share. An INVITE answers
 * 100 by itself when nothing else was sent in 200 ms.
 * @returns its index; FULL when the pool is used up; TOO_LONG when the request's own header fields leave no room to answer
 */
export function beginServerTransaction(layer: ServerTransactions, request: Message): number {
  const transport = layer.transport;
  const index = findFree(layer);
  if (index < 0) {
    countRefused(layer.use);
    return Status.FULL;
  }
  const transaction = layer.items[index];
  if (!keepKey(transaction.key, request)) {
    return Status.TOO_LONG;
  }
  setTag(layer, transaction, request);
  writeSharedHeaders(layer.writer, transaction.buffer, request, transport.source, transaction.tag, TAG_LENGTH);
  transaction.sharedEnd = layer.writer.length;
  putNoBody(layer.writer);
  if (layer.writer.overflowed) {
    return Status.TOO_LONG;
  }
  transaction.responseStart = STATUS_LINE_ROOM;
  transaction.responseEnd = STATUS_LINE_ROOM;
  transaction.statusCode = 0;
  transaction.method = request.method;
  transaction.user = layer.nobody;
  setResponseDestination(transport, transaction.destination);
  countTaken(layer.use);
  if (request.method === Method.INVITE) {
    transaction.state = ServerState.PROCEEDING;
    startTimer(transport.wheel, transaction.retransmission, TRYING_DELAY_MS);
  } else {
    transaction.state = ServerState.TRYING;
  }
  return index;
}

/** Ends a transaction without a response: a proxy's, whose request nobody answered in time (RFC 4320 4.2). */
export function abandonServerTransaction(transaction: ServerTransaction): void {
  releaseTransaction(transaction);
}

/** Opens the layer's writer behind what all responses share: the caller appends its header fields and body. */
export function openResponse(transaction: ServerTransaction): Writer {
  const writer = transaction.layer.writer;
  openWriter(writer, transaction.buffer, transaction.sharedEnd, transaction.buffer.length);
  return writer;
}

function transmit(transaction: ServerTransaction): void {
  if (transaction.responseEnd > transaction.responseStart) {
    sendMessage(
      transaction.layer.transport,
      transaction.buffer,
      transaction.responseStart,
      transaction.responseEnd,
      transaction.destination,
    );
  }
}

/** Sends the last response again: a 2xx that waits for its ACK (13.3.1.4). */
export function retransmitResponse(transaction: ServerTransaction): void {
  transmit(transaction);
}

/** The state after a response, with its timers. */
function enterStateOf(transaction: ServerTransaction, statusCode: number): void {
  const wheel = transaction.layer.transport.wheel;
  stopTimer(wheel, transaction.retransmission);
  if (statusCode < 200) {
    transaction.state = ServerState.PROCEEDING;
  } else if (transaction.method !== Method.INVITE) {
    transaction.state = ServerState.COMPLETED;
    startTimer(wheel, transaction.expiry, isReliable(transaction.destination) ? 0 : TRANSACTION_TIMEOUT_MS); // Timer J
  } else if (statusCode < 300) {
    transaction.state = ServerState.ACCEPTED;
    startTimer(wheel, transaction.expiry, TRANSACTION_TIMEOUT_MS); // Timer L
  } else {
    transaction.state = ServerState.COMPLETED;
    transaction.interval = TIMER_T1_MS;
    if (!isReliable(transaction.destination)) {
      startTimer(wheel, transaction.retransmission, TIMER_T1_MS); // Timer G
    }
    startTimer(wheel, transaction.expiry, TRANSACTION_TIMEOUT_MS); // Timer H
  }
}

/**
 * Sends the response whose header fields and body were appended to the writer of `openResponse`.
 * A second final response is not sent. In place of a final one that does not fit goes a plain 500, so that nobody's header
 * fields can hold a transaction for ever.
 * @param reason the reason phrase; 0 takes the usual one
 * @returns OK; TOO_LONG when it does not fit; UNSUPPORTED when the request is answered already
 */
export function sendResponse(transaction: ServerTransaction, statusCode: number, reason: Text): Status {
  const writer = transaction.layer.writer;
  if (transaction.state !== ServerState.TRYING && transaction.state !== ServerState.PROCEEDING) {
    return Status.UNSUPPORTED;
  }
  if (writer.overflowed) {
    if (statusCode >= 200) {
      sendPlainResponse(transaction, 500, 0);
    }
    return Status.TOO_LONG;
  }
  transaction.responseStart = writeStatusLine(transaction.buffer, statusCode, reason);
  transaction.responseEnd = writer.length;
  transaction.statusCode = statusCode;
  enterStateOf(transaction, statusCode);
  transmit(transaction);
  return Status.OK;
}

/** Sends a response without header fields of its own and without body. */
export function sendPlainResponse(transaction: ServerTransaction, statusCode: number, reason: Text): void {
  putNoBody(openResponse(transaction));
  sendResponse(transaction, statusCode, reason);
}

/**
 * Sends a response that another party wrote: a proxy's. It replaces what was shared.
 * @param writer the writer of `openForwardedResponse`, with the response in it
 * @returns OK, TOO_LONG, or UNSUPPORTED when the request is answered already and this is no further 2xx to an INVITE
 */
export function forwardResponse(transaction: ServerTransaction, statusCode: number, writer: Writer): Status {
  const further = transaction.state === ServerState.ACCEPTED && statusCode >= 200 && statusCode < 300;
  if (transaction.state !== ServerState.TRYING && transaction.state !== ServerState.PROCEEDING && !further) {
    return Status.UNSUPPORTED;
  }
  if (writer.overflowed) {
    return Status.TOO_LONG;
  }
  transaction.responseStart = 0;
  transaction.responseEnd = writer.length;
  transaction.statusCode = statusCode;
  if (!further) {
    enterStateOf(transaction, statusCode);
  }
  transmit(transaction);
  return Status.OK;
}

/** Opens the layer's writer on the whole buffer, for a response that is forwarded. */
export function openForwardedResponse(transaction: ServerTransaction): Writer {
  const writer = transaction.layer.writer;
  openWriter(writer, transaction.buffer, 0, transaction.buffer.length);
  return writer;
}

/** 100 after 200 ms; then Timer G, which doubles up to T2 (17.2.1). */
function onRetransmission(owner: object): void {
  const transaction = owner as ServerTransaction;
  if (transaction.state === ServerState.PROCEEDING) {
    if (transaction.statusCode === 0) {
      sendPlainResponse(transaction, 100, 0);
    }
    return;
  }
  transaction.interval = nextInterval(transaction.interval, TIMER_T2_MS);
  startTimer(transaction.layer.transport.wheel, transaction.retransmission, transaction.interval);
  transmit(transaction);
}

/** Timer H (no ACK came; the dialog's owner has its own view), I, J, L. */
function onExpiry(owner: object): void {
  releaseTransaction(owner as ServerTransaction);
}

/** A retransmission of the request: the last response again, but nothing in Accepted and Confirmed (RFC 6026 7.1). */
export function takeRetransmission(transaction: ServerTransaction): void {
  if (transaction.state === ServerState.PROCEEDING || transaction.state === ServerState.COMPLETED) {
    transmit(transaction);
  }
}

/** The ACK of a response of 300 and more. */
export function takeAcknowledgement(transaction: ServerTransaction): void {
  if (transaction.state === ServerState.COMPLETED) {
    const wheel = transaction.layer.transport.wheel;
    transaction.state = ServerState.CONFIRMED;
    stopTimer(wheel, transaction.retransmission);
    startTimer(wheel, transaction.expiry, isReliable(transaction.destination) ? 0 : TIMER_T4_MS); // Timer I
  }
}
