// The transaction layer (RFC 3261 17): takes every message from the transport, gives it to its transaction, makes a server
// transaction for a new request and hands it to the one transaction user. What is malformed is answered here with 400.

import { type Bytes, createBytes } from "../bytes/bytes";
import type { Text } from "../bytes/text";
import { putDecimal } from "../bytes/writer";
import type { Limits } from "../limits";
import type { Memory } from "../memory/pool";
import { matchResponse } from "./client-response";
import { type ClientTransactions, createClientTransactions } from "./client-transaction";
import { HeaderName } from "./header-name";
import { countHeaderValues, createHeaderValue } from "./header-values";
import { fillRandomHex } from "./identifiers";
import { Defect, isAnswerable, type Message, MessageKind } from "./message";
import { Method } from "./method";
import { defectPhrase } from "./reason-phrase";
import { putHeaderName, putLineEnd, putNoBody, writeSharedHeaders, writeStatusLine } from "./response-writer";
import {
  beginServerTransaction,
  createServerTransactions,
  findServerTransaction,
  type ServerTransaction,
  type ServerTransactions,
  sendPlainResponse,
  takeAcknowledgement,
  takeRetransmission,
} from "./server-transaction";
import { Status } from "./status";
import { createTarget, type Target } from "./target";
import { sendMessage, setResponseDestination, type Transport } from "./transport";

/** Who takes what the transactions bring: a user agent or a proxy. Set once, at boot. */
export interface TransactionUser {
  owner: object;
  /** A new request (never ACK or CANCEL). It is answered through `transaction`, now or later. */
  onRequest: (owner: object, request: Message, transaction: ServerTransaction) => void;
  /** An ACK that belongs to no refused INVITE: the one for a 2xx. */
  onAcknowledge: (owner: object, request: Message) => void;
  /** A response that no transaction waits for: a 2xx that came again after Timer M, or a stray one. */
  onStrayResponse: (owner: object, response: Message) => void;
}

/** Since boot: what was answered or dropped without a transaction. */
export interface TransactionCounters {
  /** 400, 505, 513 and 503 that were sent without a transaction. */
  refused: number;
  /** Defective messages that cannot be answered: no Via, an ACK, a response; and responses with a Via too many. */
  dropped: number;
  strayResponses: number;
}

export interface Transactions {
  readonly transport: Transport;
  readonly clients: ClientTransactions;
  readonly servers: ServerTransactions;
  readonly counters: TransactionCounters;
  /** A response that is sent without a transaction is written here. */
  readonly buffer: Bytes;
  readonly destination: Target;
  /** The tag of such responses: the same for all, since they keep nothing (8.2.7). */
  readonly tag: Bytes;
  /** Whether the one Via of a response is ours: so at a user agent, which drops one with more (8.1.3.3). A proxy passes it on. */
  endsHere: boolean;
  user: TransactionUser;
}

const RETRY_AFTER_SECONDS = 5;

const value = createHeaderValue();

function ignore(): void {
  // Until boot has set the user.
}

/** Boot only: the transaction layer over a transport; it becomes the transport's user. */
export function createTransactions(memory: Memory, limits: Limits, transport: Transport): Transactions {
  const transactions: Transactions = {
    transport,
    clients: createClientTransactions(memory, limits.clientTransactions, transport),
    servers: createServerTransactions(memory, limits.serverTransactions, transport),
    counters: { refused: 0, dropped: 0, strayResponses: 0 },
    buffer: createBytes(limits.serverTransactions.bytesEach),
    destination: createTarget(),
    tag: createBytes(8),
    endsHere: false,
    user: { owner: transport, onRequest: ignore, onAcknowledge: ignore, onStrayResponse: ignore },
  };
  fillRandomHex(transport.random, transactions.tag, 0, transactions.tag.length);
  transport.user = { owner: transactions, onMessage: takeMessage, onDefect: takeDefect };
  return transactions;
}

/** Answers the request at hand without a transaction (8.2.7). */
export function refuseStatelessly(transactions: Transactions, statusCode: number, reason: Text): void {
  const transport = transactions.transport;
  const writer = transport.writer;
  const message = transport.message;
  if (
    !isAnswerable(message) ||
    writeSharedHeaders(
      writer,
      transactions.buffer,
      message,
      transport.source,
      transactions.tag,
      transactions.tag.length,
    ) !== Status.OK
  ) {
    transactions.counters.dropped += 1;
    return;
  }
  if (statusCode === 503) {
    putHeaderName(writer, HeaderName.RETRY_AFTER);
    putDecimal(writer, RETRY_AFTER_SECONDS);
    putLineEnd(writer);
  }
  putNoBody(writer);
  const start = writeStatusLine(transactions.buffer, statusCode, reason);
  if (writer.overflowed) {
    transactions.counters.dropped += 1;
    return;
  }
  transactions.counters.refused += 1;
  setResponseDestination(transport, transactions.destination);
  sendMessage(transport, transactions.buffer, start, writer.length, transactions.destination);
}

/** The transport's onDefect. */
function takeDefect(owner: object): void {
  const transactions = owner as Transactions;
  const message = transactions.transport.message;
  if (message.kind === MessageKind.RESPONSE || message.via.end === message.via.start) {
    transactions.counters.dropped += 1;
  } else if (message.defect === Defect.VERSION) {
    refuseStatelessly(transactions, 505, 0);
  } else if (message.defect === Defect.TOO_MANY_HEADERS || message.defect === Defect.NO_END_OF_HEADERS) {
    refuseStatelessly(transactions, 513, 0);
  } else {
    refuseStatelessly(transactions, 400, defectPhrase(message.defect));
  }
}

/** CANCEL (9.2): answered here; the INVITE's user hears of it. */
function takeCancel(transactions: Transactions, request: Message): void {
  const servers = transactions.servers;
  const invite = findServerTransaction(servers, request, Method.INVITE);
  if (invite < 0) {
    answerWithTransaction(transactions, request, 481);
    return;
  }
  answerWithTransaction(transactions, request, 200);
  const transaction = servers.items[invite];
  if (transaction.statusCode < 200) {
    transaction.user.onCancel(transaction.user.owner, transaction);
  }
}

/** Answers a request through a transaction of its own, or without one when there is none. */
function answerWithTransaction(transactions: Transactions, request: Message, statusCode: number): void {
  const index = beginServerTransaction(transactions.servers, request);
  if (index < 0) {
    refuseStatelessly(transactions, statusCode, 0);
  } else {
    sendPlainResponse(transactions.servers.items[index], statusCode, 0);
  }
}

function takeRequest(transactions: Transactions, request: Message): void {
  const servers = transactions.servers;
  if (request.method === Method.ACK) {
    const invite = findServerTransaction(servers, request, Method.INVITE);
    if (invite >= 0 && servers.items[invite].statusCode >= 300) {
      takeAcknowledgement(servers.items[invite]);
    } else {
      transactions.user.onAcknowledge(transactions.user.owner, request);
    }
    return;
  }
  const known = findServerTransaction(servers, request, request.method);
  if (known >= 0) {
    takeRetransmission(servers.items[known]);
  } else if (request.method === Method.CANCEL) {
    takeCancel(transactions, request);
  } else {
    const index = beginServerTransaction(servers, request);
    if (index === Status.FULL) {
      refuseStatelessly(transactions, 503, 0);
    } else if (index < 0) {
      refuseStatelessly(transactions, 513, 0);
    } else {
      transactions.user.onRequest(transactions.user.owner, request, servers.items[index]);
    }
  }
}

/** The transport's onMessage. */
function takeMessage(owner: object): void {
  const transactions = owner as Transactions;
  const message = transactions.transport.message;
  if (message.kind === MessageKind.REQUEST) {
    takeRequest(transactions, message);
  } else if (transactions.endsHere && countHeaderValues(message, HeaderName.VIA, value) > 1) {
    transactions.counters.dropped += 1;
  } else if (!matchResponse(transactions.clients, message)) {
    transactions.counters.strayResponses += 1;
    transactions.user.onStrayResponse(transactions.user.owner, message);
  }
}
