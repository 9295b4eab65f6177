// STUN beside other traffic on one socket (RFC 5389 8, RFC 7983 7): the first octet of a datagram tells them apart. Neither SIP
// nor RTP nor RTCP begins with one below 4; every STUN message does.

import type { Endpoint } from "../../hal/endpoint";
import type { Bytes } from "../bytes/bytes";

/** The least first octet that is none of STUN's. */
export const STUN_FIRST_OCTETS = 4;

/** Who takes the STUN that comes to a socket. Set once, at boot. */
export interface StunReceiver {
  owner: object;
  /** @returns whether bytes[0 … length), which begins as STUN does, is for the receiver */
  onStun: (owner: object, bytes: Bytes, length: number, source: Endpoint) => boolean;
}

/** The `onStun` of a socket that asks no server: nothing is awaited. */
export function refuseStun(): boolean {
  return false;
}
