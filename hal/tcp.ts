// ECMA-419 TCP on connections that exist from boot, each named by its index, and the one listener beside them. A status stands
// in place of the exception, and nothing blocks. The board listens at the port of its SIP socket.

import type { Bytes } from "../firmware/bytes/bytes";
import type { Endpoint } from "./endpoint";

/** `read` and `write`: the connection has ended: refused, reset, or closed by the peer. `close` frees it. */
export const CONNECTION_ENDED = -1;

export interface Tcp {
  /** Connections that can be open at the same time: 0 … count - 1. 0: a board without TCP. */
  readonly count: number;
  /**
   * Begins to open a connection that is free. `write` takes nothing until it stands.
   * @returns 0, or a negative number when there is no way to the peer
   */
  connect(this: Tcp, connection: number, remote: Endpoint): number;
  /** How many peers wait to be accepted. The board bounds them, and refuses the rest. */
  waiting(this: Tcp): number;
  /**
   * Gives a connection that is free to the peer that waits longest.
   * @param remote set to its address
   * @returns 0, or a negative number when none waits
   */
  accept(this: Tcp, connection: number, remote: Endpoint): number;
  /**
   * Takes what has arrived, as much as fits into buffer[start … end).
   * @returns its octets, 0 when none wait, or CONNECTION_ENDED behind the last of them
   */
  read(this: Tcp, connection: number, buffer: Bytes, start: number, end: number): number;
  /**
   * Hands octets over for sending, in order.
   * @returns how many of buffer[start … end) were taken: 0 while there is no room; or CONNECTION_ENDED
   */
  write(this: Tcp, connection: number, buffer: Bytes, start: number, end: number): number;
  /** Ends a connection, sends what was taken before, and frees its index. May be called again. */
  close(this: Tcp, connection: number): void;
}
