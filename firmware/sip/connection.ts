// One TCP connection of a station: its record, its send queue, its ping, its end. An end is reported from a timer, never from
// inside a call, so that whoever sends is not called back while it does.

import { CONNECTION_ENDED, type Tcp } from "../../hal/tcp";
import { type Bytes, copyBytes, createBytes } from "../bytes/bytes";
import { createTimer, startTimer, stopTimer, type Timer } from "../clock/timer-wheel";
import { countReleased, countTaken, type PoolUse } from "../memory/pool";
import { Status } from "./status";
import { INCOMPLETE, PING } from "./stream";
import { createTarget, NO_CONNECTION, Protocol, type Target } from "./target";
import type { Transport } from "./transport";

/** A connection that does not stand after so long is given up. */
const CONNECT_MS = 10000;
/** How long a ping waits for its pong. */
const PONG_MS = 10000; // RFC 5626 4.4.1
/** Connection numbers run from 1 to this, and then from 1 again. */
const LAST_NUMBER = 0xfffff;

export const enum ConnectionState {
  FREE = 0,
  /** We connect; nothing was taken yet. */
  OPENING = 1,
  OPEN = 2,
}

export interface Connection {
  readonly layer: Connections;
  /** Which of the board's connections it is. */
  readonly index: number;
  state: ConnectionState;
  /** The peer, and the connection's own number. */
  readonly peer: Target;
  accepted: boolean;
  /**
   * Device time of the last use: a whole message that came, one of ours that went, or on a connection that we opened any octets of
   * ours. Half a message is no use, and neither is a ping, by which a stranger would hold a connection for nothing.
   */
  used: number;
  /** received[0 … receivedLength): from the first octet of the message that is being received. */
  readonly received: Bytes;
  receivedLength: number;
  /** Up to here there is no blank line. */
  searched: number;
  /** Where the message being received ends; INCOMPLETE while that is not known. */
  messageEnd: number;
  /** queue[0 … queueLength) waits to be sent. */
  readonly queue: Bytes;
  queueLength: number;
  /** A ping of ours is out: the next line end is its pong. */
  pongAwaited: boolean;
  /** The peer has answered a ping once, so that silence means something (a server without RFC 5626 never answers). */
  answersPings: boolean;
  /** One line end of the peer's ping has come (RFC 5626 3.5.1: it has two). */
  halfPing: boolean;
  /** Until the connection stands, or something comes behind a ping. */
  timer: Timer;
  /** A number whose end is still to be reported, or NO_CONNECTION. */
  lost: number;
  report: Timer;
}

/** Since boot. */
export interface ConnectionCounters {
  opened: number;
  accepted: number;
  /** Ended by us because what came was no stream of SIP messages. */
  broken: number;
  /** Ended by us because the peer did not read, or did not answer a ping. */
  dead: number;
}

export interface Connections {
  readonly transport: Transport;
  readonly tcp: Tcp;
  readonly use: PoolUse;
  readonly items: Connection[];
  readonly counters: ConnectionCounters;
  lastNumber: number;
}

/**
 * Boot only: a connection that is free.
 * @param octets of its receive buffer, its queue and its address
 */
export function createConnection(layer: Connections, index: number, receiveOctets: number, octets: number): Connection {
  const peer = createTarget();
  const connection = {
    layer,
    index,
    state: ConnectionState.FREE,
    peer,
    accepted: false,
    used: 0,
    received: createBytes(receiveOctets),
    receivedLength: 0,
    searched: 0,
    messageEnd: INCOMPLETE,
    queue: createBytes(octets - receiveOctets - peer.address.length),
    queueLength: 0,
    pongAwaited: false,
    answersPings: false,
    halfPing: false,
    lost: NO_CONNECTION,
  } as unknown as Connection;
  connection.timer = createTimer(connection, onTimer);
  connection.report = createTimer(connection, onReport);
  return connection;
}

/** Ends a connection; its listeners hear of it from a timer. */
export function loseConnection(connection: Connection): void {
  const layer = connection.layer;
  const wheel = layer.transport.wheel;
  layer.tcp.close(connection.index);
  stopTimer(wheel, connection.timer);
  connection.state = ConnectionState.FREE;
  countReleased(layer.use);
  if (connection.lost === NO_CONNECTION) {
    // Lost again before the timer rang: what waits on the second number is left to its own timers.
    connection.lost = connection.peer.connection;
    startTimer(wheel, connection.report, 0);
  }
}

function onReport(owner: object): void {
  const connection = owner as Connection;
  const listeners = connection.layer.transport.connectionListeners;
  const lost = connection.lost;
  connection.lost = NO_CONNECTION;
  for (let index = 0; index < listeners.length; index += 1) {
    listeners[index].onConnectionLost(listeners[index].owner, lost);
  }
}

/** It does not stand in time, or has been silent since a ping: whatever comes stops the timer. */
function onTimer(owner: object): void {
  const connection = owner as Connection;
  connection.pongAwaited = false;
  if (connection.state === ConnectionState.OPENING || connection.answersPings) {
    connection.layer.counters.dead += 1;
    loseConnection(connection);
  }
}

/** A connection begins: with us (OPENING), or by a peer that was accepted (OPEN). `connection.peer` has the address. */
export function beginConnection(connection: Connection, state: ConnectionState): void {
  const layer = connection.layer;
  layer.lastNumber = layer.lastNumber === LAST_NUMBER ? 1 : layer.lastNumber + 1;
  connection.peer.protocol = Protocol.TCP;
  connection.peer.connection = layer.lastNumber;
  connection.state = state;
  connection.accepted = state === ConnectionState.OPEN;
  connection.used = layer.transport.wheel.now;
  connection.receivedLength = 0;
  connection.searched = 0;
  connection.messageEnd = INCOMPLETE;
  connection.queueLength = 0;
  connection.pongAwaited = false;
  connection.answersPings = false;
  connection.halfPing = false;
  countTaken(layer.use);
  if (state === ConnectionState.OPENING) {
    startTimer(layer.transport.wheel, connection.timer, CONNECT_MS);
  }
}

/** Whether a connection is still the one that had the number. */
export function isStill(connection: Connection, number: number): boolean {
  return connection.state !== ConnectionState.FREE && connection.peer.connection === number;
}

/** A message came or went: the connection stands. */
export function noteUse(connection: Connection): void {
  connection.used = connection.layer.transport.wheel.now;
  connection.state = ConnectionState.OPEN;
}

/** Sends what waits. Returns false when the connection has ended. */
export function flushQueue(connection: Connection): boolean {
  if (connection.queueLength === 0) {
    return true;
  }
  const taken = connection.layer.tcp.write(connection.index, connection.queue, 0, connection.queueLength);
  if (taken > 0) {
    if (!connection.accepted) {
      noteUse(connection);
    }
    copyBytes(connection.queue, 0, connection.queue, taken, connection.queueLength);
    connection.queueLength -= taken;
  }
  return taken !== CONNECTION_ENDED;
}

/** Queues buffer[start … end) and sends what the peer takes now. A peer that does not read loses the connection. */
export function writeOctets(connection: Connection, buffer: Bytes, start: number, end: number): Status {
  const fits = end - start <= connection.queue.length - connection.queueLength;
  if (fits) {
    copyBytes(connection.queue, connection.queueLength, buffer, start, end);
    connection.queueLength += end - start;
  } else {
    connection.layer.counters.dead += 1;
  }
  if (!fits || !flushQueue(connection)) {
    loseConnection(connection);
    return Status.UNREACHABLE;
  }
  return Status.OK;
}

/** Sends a ping. A peer that has answered one before is to answer in PONG_MS, or the connection ends. */
export function pingConnection(connection: Connection): Status {
  if (connection.state === ConnectionState.OPEN) {
    connection.pongAwaited = true;
    startTimer(connection.layer.transport.wheel, connection.timer, PONG_MS);
  }
  return writeOctets(connection, PING, 0, 4);
}
