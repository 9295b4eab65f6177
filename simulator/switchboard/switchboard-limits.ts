// The memory contract of the switchboard: the station's, with room for the phones of a house and for what a proxy adds.

import { createStationLimits, type Limits } from "../../firmware/limits";

/** Octets that a forwarded message may be longer than it came: a Via, a Record-Route, the bindings of a user. */
const FORWARDING_OCTETS = 1024;
/** What a server transaction keeps of a request to know it again. */
const KEY_OCTETS = 256;

/** The limits of a switchboard for a few dozen phones. */
export function createSwitchboardLimits(): Limits {
  const station = createStationLimits();
  return {
    ...station,
    clientTransactions: {
      name: "SIP client transactions",
      count: 128,
      bytesEach: station.receiveOctets + FORWARDING_OCTETS,
      reason: "one for each phone that a forked request rings, and for its CANCEL; each lingers for 32 s",
    },
    serverTransactions: {
      name: "SIP server transactions",
      count: 128,
      bytesEach: KEY_OCTETS + station.receiveOctets + FORWARDING_OCTETS,
      reason: "one for each request that is forwarded or answered; each lingers for 32 s",
    },
  };
}
