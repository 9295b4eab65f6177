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
import { fuzzMedia, fuzzStation } from "./station";

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
  media: fuzzMedia,
  station: fuzzStation,
};
