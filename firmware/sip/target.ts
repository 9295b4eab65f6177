// Where a message goes to or came from (RFC 3261 18): a transport address, the protocol, and the connection that is already
// there. A target names a connection by its number; one that has ended since is never mistaken for another.

import type { Endpoint } from "../../hal/endpoint";
import { copyEndpoint, createEndpoint } from "../bytes/ip-address";

export const enum Protocol {
  UDP = 0,
  TCP = 1,
}

/** No connection: UDP, or a connection that is still to be made. */
export const NO_CONNECTION = 0;

export interface Target extends Endpoint {
  protocol: Protocol;
  /** The number of an open connection (sip/connections.ts), or NO_CONNECTION. */
  connection: number;
}

/** Boot only: a target without an address. */
export function createTarget(): Target {
  const target = createEndpoint() as Target;
  target.protocol = Protocol.UDP;
  target.connection = NO_CONNECTION;
  return target;
}

/** Whether what goes there arrives (RFC 3261 17): nothing is then sent again, and nothing of ours lingers. */
export function isReliable(target: Target): boolean {
  return target.protocol === Protocol.TCP;
}

/** Copies a target into one that the caller owns. */
export function copyTarget(into: Target, from: Target): void {
  copyEndpoint(into, from);
  into.protocol = from.protocol;
  into.connection = from.connection;
}
