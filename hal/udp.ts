// ECMA-419 UDP, with a status in place of the exception and a caller-owned endpoint in place of the address string.
// A socket is opened by the board at boot and stays open.

import type { Bytes } from "../firmware/bytes/bytes";
import type { Endpoint } from "./endpoint";

export interface Udp {
  /**
   * Takes the next datagram, never blocks.
   * @param buffer where it goes, from offset 0; a longer datagram is cut and counts as buffer.length + 1
   * @param source set to the sender's address
   * @returns its octets, or -1 when none waits
   */
  read(this: Udp, buffer: Bytes, source: Endpoint): number;
  /**
   * Sends buffer[start … end) as one datagram, never blocks.
   * @returns 0, or a negative number when the network refuses it (no route, no buffer); it is then lost, as on the wire
   */
  write(this: Udp, buffer: Bytes, start: number, end: number, destination: Endpoint): number;
  /** The socket's own address as peers on its network see it; family 0 while there is none. */
  readonly local: Endpoint;
  /** Its IPv6 address, at the same port, when it speaks IPv4 at `local` and IPv6 beside; family 0 when it does not. */
  readonly local6: Endpoint;
}
