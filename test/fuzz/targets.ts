// What the fuzzer is let loose on, by name. A target throws when something is wrong; what it returns counts for nothing.

import {
  fuzzChallenge,
  fuzzDescription,
  fuzzDns,
  fuzzField,
  fuzzMessage,
  fuzzRtcp,
  fuzzRtp,
  fuzzSettings,
  fuzzStream,
  fuzzStun,
} from "./parsers";
import {
  fuzzBindings,
  fuzzCalls,
  fuzzConnections,
  fuzzMedia,
  fuzzNames,
  fuzzRegistration,
  fuzzStation,
} from "./station";

/** Whole stations: each input is a list of orders (words.ts, *-orders.ts). */
export const STATION_TARGETS: Record<string, (input: Uint8Array) => void> = {
  media: fuzzMedia,
  calls: fuzzCalls,
  registration: fuzzRegistration,
  connections: fuzzConnections,
  names: fuzzNames,
  bindings: fuzzBindings,
  station: fuzzStation,
};

export const TARGETS: Record<string, (input: Uint8Array) => void> = {
  message: fuzzMessage,
  field: fuzzField,
  challenge: fuzzChallenge,
  description: fuzzDescription,
  rtp: fuzzRtp,
  rtcp: fuzzRtcp,
  dns: fuzzDns,
  stun: fuzzStun,
  settings: fuzzSettings,
  stream: fuzzStream,
  ...STATION_TARGETS,
};
