// What a TCP connection has received (RFC 3261 18.3, RFC 5626 3.5.1): messages are cut out of the stream and handed to the
// transport, pings are answered. What is no stream of messages ends the connection.

import { copyBytes, equalBytes } from "../bytes/bytes";
import { type Connection, isStill, loseConnection, noteUse, writeOctets } from "./connection";
import { parseMessage } from "./message-parser";
import { BROKEN, findHeadersEnd, findMessageEnd, INCOMPLETE, PING } from "./stream";
import { copyTarget } from "./target";
import { takeDefect, takeMessage } from "./transport";

/**
 * Line ends between messages (RFC 5626 3.5.1): two are the peer's ping, which is answered; one is the pong of ours, or half of a
 * ping that was cut. Returns the offset behind them, or INCOMPLETE.
 */
function takeLineEnds(connection: Connection, start: number): number {
  const bytes = connection.received;
  const left = connection.receivedLength - start;
  const isWhole = bytes[start] === 0x0d && left > 1 && bytes[start + 1] === 0x0a;
  if (bytes[start] === 0x0d && left === 1) {
    return INCOMPLETE;
  }
  connection.layer.transport.counters.keepAlives += 1;
  const isPing = isWhole && left > 3 && equalBytes(PING, 2, 4, bytes, start + 2, start + 4);
  if (isPing || connection.halfPing) {
    connection.halfPing = false;
    writeOctets(connection, PING, 0, 2);
  } else if (connection.pongAwaited) {
    connection.pongAwaited = false;
    connection.answersPings = true;
  } else {
    connection.halfPing = true;
  }
  return start + (isPing ? 4 : isWhole ? 2 : 1);
}

/** What came is no stream of messages: answered where that is possible (`message.defect`), and ended. */
function breakOff(connection: Connection): void {
  const number = connection.peer.connection;
  connection.layer.counters.broken += 1;
  takeDefect(connection.layer.transport);
  if (isStill(connection, number)) {
    loseConnection(connection);
  }
}

/** Where the message at `start` ends; INCOMPLETE when that is not known yet, BROKEN when it never will be. */
function delimitMessage(connection: Connection, start: number): number {
  const message = connection.layer.transport.message;
  const bytes = connection.received;
  const headersEnd = findHeadersEnd(bytes, connection.searched, connection.receivedLength);
  if (headersEnd !== INCOMPLETE) {
    return findMessageEnd(message, bytes, start, headersEnd, bytes.length);
  }
  if (connection.receivedLength - start === bytes.length) {
    parseMessage(message, bytes, start, bytes.length);
    return BROKEN;
  }
  // The blank line may have begun with the last two octets.
  connection.searched = connection.receivedLength - start > 2 ? connection.receivedLength - 2 : start;
  return INCOMPLETE;
}

/**
 * Takes what stands at `start`: a line end between messages, or a whole message.
 * @returns the offset behind it, INCOMPLETE when it is not all there, or BROKEN
 */
function takeOne(connection: Connection, start: number): number {
  const transport = connection.layer.transport;
  const bytes = connection.received;
  if (connection.messageEnd === INCOMPLETE && (bytes[start] === 0x0d || bytes[start] === 0x0a)) {
    return takeLineEnds(connection, start);
  }
  connection.halfPing = false;
  if (connection.messageEnd === INCOMPLETE) {
    connection.messageEnd = delimitMessage(connection, start);
    if (connection.messageEnd === BROKEN) {
      breakOff(connection);
      return BROKEN;
    }
  }
  const end = connection.messageEnd;
  if (end === INCOMPLETE || end > connection.receivedLength) {
    return INCOMPLETE;
  }
  connection.messageEnd = INCOMPLETE;
  noteUse(connection);
  if (transport.admission.admit(transport.admission.owner, transport.source, end - start)) {
    takeMessage(transport, bytes, start, end);
  } else {
    transport.counters.refused += 1;
  }
  return end;
}

/** Takes all that is whole of what was received, and moves the rest to the front. Returns false when the connection ended. */
export function takeReceived(connection: Connection): boolean {
  const transport = connection.layer.transport;
  const number = connection.peer.connection;
  let start = 0;
  let next = 1;
  copyTarget(transport.source, connection.peer);
  while (start < connection.receivedLength && next > INCOMPLETE) {
    next = takeOne(connection, start);
    if (!isStill(connection, number)) {
      return false;
    }
    if (next > INCOMPLETE) {
      start = next;
      connection.searched = start;
    }
  }
  if (start > 0) {
    copyBytes(connection.received, 0, connection.received, start, connection.receivedLength);
    connection.receivedLength -= start;
    connection.searched -= start;
    connection.messageEnd -= connection.messageEnd === INCOMPLETE ? 0 : start;
  }
  return true;
}
