// The TCP connections of a station (RFC 3261 18): a fixed number. Requests reuse the one to their target, responses go back on
// that of their request, or on a new one to its sent-by (18.2.2). Peers that nobody knows never cost us a connection of our own.

import { CONNECTION_ENDED, type Tcp } from "../../hal/tcp";
import type { Bytes } from "../bytes/bytes";
import { equalAddresses } from "../bytes/ip-address";
import { timeSince } from "../clock/time";
import { stopTimer } from "../clock/timer-wheel";
import type { Limits } from "../limits";
import { countRefused, createPoolOctets, createPoolUse, type Memory } from "../memory/pool";
import {
  beginConnection,
  type Connection,
  ConnectionState,
  type Connections,
  createConnection,
  flushQueue,
  isStill,
  loseConnection,
  pingConnection,
  writeOctets,
} from "./connection";
import { takeReceived } from "./connection-reader";
import { Status } from "./status";
import { copyTarget, NO_CONNECTION, type Target } from "./target";
import type { Transport } from "./transport";

/** Times that a connection is read in one poll, so that a flood leaves time for everything else. */
const READS_A_POLL = 4;
/** Peers accepted in one poll. */
const ACCEPTS_A_POLL = 4;
/** A connection that we accepted gives way to a newcomer when nothing whole came over it for so long. */
const QUIET_MS = 5000;

/** Boot only: the connections of a transport, no more than the board has; it takes TCP targets from now on when there are any. */
export function createConnections(memory: Memory, limits: Limits, transport: Transport, tcp: Tcp): Connections {
  const layer: Connections = {
    transport,
    tcp,
    use: createPoolUse(memory, limits.connections),
    items: [],
    counters: { opened: 0, accepted: 0, broken: 0, dead: 0 },
    lastNumber: NO_CONNECTION,
  };
  for (let index = 0; index < limits.connections.count && index < tcp.count; index += 1) {
    layer.items.push(createConnection(layer, index, limits.receiveOctets, limits.connections.bytesEach));
  }
  createPoolOctets(layer.use);
  transport.streams = {
    owner: layer,
    available: layer.items.length > 0,
    send,
    ping,
    poll,
  };
  return layer;
}

/** Ends all connections: the network is another one. */
export function dropConnections(layer: Connections): void {
  for (let index = 0; index < layer.items.length; index += 1) {
    if (layer.items[index].state !== ConnectionState.FREE) {
      loseConnection(layer.items[index]);
    }
  }
}

/**
 * A connection for a new peer: a free one, or the one whose last octets are oldest, which is ended.
 * @param accepting for a newcomer: one that we opened, or that was used just now, does not give way
 * @returns its index, or FULL
 */
function takeConnection(layer: Connections, accepting: boolean): number {
  const now = layer.transport.wheel.now;
  let chosen = -1;
  let longest = -1;
  for (let index = 0; index < layer.items.length; index += 1) {
    const connection = layer.items[index];
    if (connection.state === ConnectionState.FREE) {
      return index;
    }
    const quiet = timeSince(connection.used, now);
    // Strangers give way before a peer that we chose.
    const better =
      chosen < 0 || connection.accepted === layer.items[chosen].accepted ? quiet > longest : connection.accepted;
    if (better && (!accepting || (connection.accepted && quiet >= QUIET_MS))) {
      chosen = index;
      longest = quiet;
    }
  }
  if (chosen < 0) {
    countRefused(layer.use);
    return Status.FULL;
  }
  loseConnection(layer.items[chosen]);
  return chosen;
}

/** The connection of a target: the one it names, or one to its address and port. Returns its index, or -1. */
function findConnection(layer: Connections, to: Target): number {
  let found = -1;
  for (let index = 0; index < layer.items.length; index += 1) {
    const connection = layer.items[index];
    if (connection.state !== ConnectionState.FREE) {
      if (connection.peer.connection === to.connection) {
        return index;
      }
      if (connection.peer.port === to.port && equalAddresses(connection.peer, to)) {
        found = index;
      }
    }
  }
  return found;
}

/** Opens a connection to a target. Returns its index, or a negative Status. */
function openConnection(layer: Connections, to: Target): number {
  const index = takeConnection(layer, false);
  if (index < 0) {
    return index;
  }
  const connection = layer.items[index];
  if (layer.tcp.connect(index, to) < 0) {
    return Status.UNREACHABLE;
  }
  copyTarget(connection.peer, to);
  beginConnection(connection, ConnectionState.OPENING);
  layer.counters.opened += 1;
  return index;
}

/** `Streams.send` */
function send(owner: object, buffer: Bytes, start: number, end: number, to: Target): Status {
  const layer = owner as Connections;
  let index = findConnection(layer, to);
  if (index < 0) {
    index = openConnection(layer, to);
    if (index < 0) {
      return Status.UNREACHABLE;
    }
  }
  const connection = layer.items[index];
  const number = connection.peer.connection;
  const status = writeOctets(connection, buffer, start, end);
  if (status === Status.OK) {
    connection.used = layer.transport.wheel.now;
    to.connection = number;
  }
  return status;
}

/** `Streams.ping` */
function ping(owner: object, to: Target): Status {
  const layer = owner as Connections;
  const index = findConnection(layer, to);
  if (index < 0) {
    return Status.UNREACHABLE;
  }
  return pingConnection(layer.items[index]);
}

function pollConnection(connection: Connection): void {
  const layer = connection.layer;
  const number = connection.peer.connection;
  let reads = 0;
  if (!flushQueue(connection)) {
    loseConnection(connection);
    return;
  }
  while (reads < READS_A_POLL) {
    const length = connection.receivedLength;
    const count = layer.tcp.read(connection.index, connection.received, length, connection.received.length);
    if (count <= 0) {
      if (count === CONNECTION_ENDED) {
        loseConnection(connection);
      }
      return;
    }
    connection.state = ConnectionState.OPEN;
    stopTimer(layer.transport.wheel, connection.timer);
    layer.transport.counters.received += 1;
    connection.receivedLength += count;
    if (!takeReceived(connection) || !isStill(connection, number)) {
      return;
    }
    reads += 1;
  }
}

/** Accepts a peer that waits. Returns whether it found one. */
function acceptPeer(layer: Connections): boolean {
  const transport = layer.transport;
  const index = layer.tcp.waiting() > 0 ? takeConnection(layer, true) : Status.MISSING;
  if (index < 0) {
    return false;
  }
  const connection = layer.items[index];
  if (layer.tcp.accept(index, connection.peer) < 0) {
    return false;
  }
  beginConnection(connection, ConnectionState.OPEN);
  if (transport.admission.admit(transport.admission.owner, connection.peer, 0)) {
    layer.counters.accepted += 1;
  } else {
    transport.counters.refused += 1;
    loseConnection(connection);
  }
  return true;
}

/** `Streams.poll` */
function poll(owner: object): void {
  const layer = owner as Connections;
  let accepts = 0;
  while (accepts < ACCEPTS_A_POLL && acceptPeer(layer)) {
    accepts += 1;
  }
  for (let index = 0; index < layer.items.length; index += 1) {
    if (layer.items[index].state !== ConnectionState.FREE) {
      pollConnection(layer.items[index]);
    }
  }
}
