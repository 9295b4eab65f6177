// A transport address: what ECMA-419 gives as a string and a number, here in a record that the caller owns.

import type { Bytes } from "../firmware/bytes/bytes";

export interface Endpoint {
  /** 4 or 6: address octets 0 … 3 or 0 … 15 count. 0: no address. */
  family: number;
  /** 16 octets, network order. */
  address: Bytes;
  /** 0 … 65535 */
  port: number;
}
