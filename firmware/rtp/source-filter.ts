// Whose datagrams count: those from the address that signalling named, and from its port or the one that the first of them
// came from, because a NAT may have moved the port (RFC 4961 holds otherwise). Everybody else is a stranger.

import type { Endpoint } from "../../hal/endpoint";
import { equalAddresses } from "../bytes/ip-address";

const NO_PORT = -1;

export interface SourceFilter {
  /** The port of the first accepted datagram; NO_PORT before it. */
  latchedPort: number;
}

/** Boot only: a filter that has accepted nothing. */
export function createSourceFilter(): SourceFilter {
  return { latchedPort: NO_PORT };
}

/** Begins anew, for another peer. */
export function resetSourceFilter(filter: SourceFilter): void {
  filter.latchedPort = NO_PORT;
}

/** Whether a datagram from `source` may come from the peer that is expected at `expected`. It changes nothing. */
export function maySendFrom(filter: SourceFilter, expected: Endpoint, source: Endpoint): boolean {
  return (
    equalAddresses(expected, source) &&
    (source.port === expected.port || filter.latchedPort === NO_PORT || source.port === filter.latchedPort)
  );
}

/** Notes the port of a datagram that was sound; the one that signalling named always wins. */
export function latchSource(filter: SourceFilter, expected: Endpoint, source: Endpoint): void {
  if (filter.latchedPort === NO_PORT || source.port === expected.port) {
    filter.latchedPort = source.port;
  }
}
