// Keeps a flow to a server open and notices when it is gone (RFC 5626 4.4.1): a ping of two line ends over TCP, whose pong the
// connection watches, and the same two line ends over UDP, which nobody answers and which hold the way through a NAT open.

import { createTimer, startTimer, stopTimer, type Timer } from "../clock/timer-wheel";
import { randomBelow } from "./identifiers";
import { Status } from "./status";
import { PING } from "./stream";
import { copyTarget, createTarget, Protocol, type Target } from "./target";
import type { Transport } from "./transport";

/** Who hears of a flow's end: set once, at boot. */
export interface KeepAliveUser {
  owner: object;
  /** The connection has ended, or the network takes nothing to the target. The keep-alive has stopped. */
  onFlowLost: (owner: object) => void;
}

export interface KeepAlive {
  readonly transport: Transport;
  readonly user: KeepAliveUser;
  /** Where the flow goes; meaningful while `timer` is armed. */
  readonly target: Target;
  interval: number;
  timer: Timer;
}

/** Boot only: a keep-alive that is off. */
export function createKeepAlive(transport: Transport, user: KeepAliveUser): KeepAlive {
  const keepAlive = { transport, user, target: createTarget(), interval: 0 } as unknown as KeepAlive;
  keepAlive.timer = createTimer(keepAlive, onTimer);
  transport.connectionListeners.push({ owner: keepAlive, onConnectionLost });
  return keepAlive;
}

/** Between 80 and 100 % of the interval, by chance, so that many doors do not ping at the same moment (RFC 5626 4.4.1). */
function startPause(keepAlive: KeepAlive): void {
  const transport = keepAlive.transport;
  const fifth = (keepAlive.interval / 5) | 0;
  const chance = fifth > 0xffff ? 0xffff : fifth + 1;
  startTimer(transport.wheel, keepAlive.timer, keepAlive.interval - randomBelow(transport.random, chance));
}

/**
 * Keeps the flow to a target open; one that was kept open before is left.
 * @param target where a request went that was answered: its connection is the flow
 * @param seconds the longest pause, 1 … 3600
 */
export function startKeepAlive(keepAlive: KeepAlive, target: Target, seconds: number): void {
  copyTarget(keepAlive.target, target);
  keepAlive.interval = 1000 * seconds;
  startPause(keepAlive);
}

/** Sends nothing more, reports nothing more. */
export function stopKeepAlive(keepAlive: KeepAlive): void {
  stopTimer(keepAlive.transport.wheel, keepAlive.timer);
}

function reportLoss(keepAlive: KeepAlive): void {
  stopKeepAlive(keepAlive);
  keepAlive.user.onFlowLost(keepAlive.user.owner);
}

function sendPing(keepAlive: KeepAlive): Status {
  const transport = keepAlive.transport;
  const target = keepAlive.target;
  if (target.protocol === Protocol.TCP) {
    return transport.streams.ping(transport.streams.owner, target);
  }
  return transport.udp.write(PING, 0, PING.length, target) < 0 ? Status.UNREACHABLE : Status.OK;
}

function onTimer(owner: object): void {
  const keepAlive = owner as KeepAlive;
  startPause(keepAlive);
  if (sendPing(keepAlive) !== Status.OK) {
    reportLoss(keepAlive);
  }
}

function onConnectionLost(owner: object, connection: number): void {
  const keepAlive = owner as KeepAlive;
  if (
    keepAlive.timer.armed &&
    keepAlive.target.protocol === Protocol.TCP &&
    keepAlive.target.connection === connection
  ) {
    reportLoss(keepAlive);
  }
}
