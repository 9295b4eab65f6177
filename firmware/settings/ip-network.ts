// A network of IP addresses in CIDR notation (RFC 4632 3.1, RFC 4291 2.3): `192.0.2.0/24`, `2001:db8::/32`, or one address.
// It compares octets; it asks nobody where an address lies.

import type { Endpoint } from "../../hal/endpoint";
import { type Bytes, createBytes, findByte } from "../bytes/bytes";
import { parseDecimal } from "../bytes/decimal";
import { parseAddress } from "../bytes/ip-address";
import { Status } from "../sip/status";

export interface IpNetwork {
  /** 4, 6, or 0: no network, and no address is in it. */
  family: number;
  /** 16 octets; the bits behind the prefix count for nothing. */
  readonly address: Bytes;
  /** Bits that an address of the network has in common with it. */
  prefix: number;
}

/** Boot only: no network. */
export function createIpNetwork(): IpNetwork {
  return { family: 0, address: createBytes(16), prefix: 0 };
}

/**
 * Reads bytes[start … end): an address, IPv6 with or without brackets, and behind `/` the length of its prefix; without one
 * the network is that one address.
 * @returns OK, or MALFORMED; then `into` is no network
 */
export function parseNetwork(bytes: Bytes, start: number, end: number, into: IpNetwork): Status {
  const slash = findByte(bytes, start, end, 0x2f);
  const family = parseAddress(bytes, start, slash, into.address);
  const longest = family === 6 ? 128 : 32;
  const prefix = slash === end ? longest : parseDecimal(bytes, slash + 1, end);
  const good = family !== 0 && prefix >= 0 && prefix <= longest;
  into.family = good ? family : 0;
  into.prefix = good ? prefix : 0;
  return good ? Status.OK : Status.MALFORMED;
}

/** Whether an endpoint's address is of the network. */
export function isInNetwork(network: IpNetwork, endpoint: Endpoint): boolean {
  if (network.family === 0 || network.family !== endpoint.family) {
    return false;
  }
  const whole = network.prefix >> 3;
  for (let index = 0; index < whole; index += 1) {
    if (network.address[index] !== endpoint.address[index]) {
      return false;
    }
  }
  const rest = network.prefix & 7;
  return rest === 0 || ((network.address[whole] ^ endpoint.address[whole]) & (0xff00 >> rest) & 0xff) === 0;
}
