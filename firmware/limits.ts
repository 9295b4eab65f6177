// The memory contract: how many of everything there are and how large, with the reason, in one place. Boot allocates by
// these lines, the counters and the memory report are derived from them (memory/pool.ts), and nothing grows afterwards.

import type { PoolLimit } from "./memory/pool";
import type { RtpLimits } from "./rtp/session";

export interface Limits {
  /** Octets of the receive buffer. */
  receiveOctets: number;
  /** Header fields that a message may have. */
  headerFields: number;
  clientTransactions: PoolLimit;
  serverTransactions: PoolLimit;
  inviteSessions: PoolLimit;
  /** Octets of one part of a dialog: a URI with its display name, a tag, a Call-ID. */
  dialogPartOctets: number;
  /** Octets of a dialog's route set. */
  routeSetOctets: number;
  rtp: RtpLimits;
  rtpSessions: PoolLimit;
  codecTables: PoolLimit;
  /** Everything else that boot allocates. */
  otherBuffers: PoolLimit;
}

/** Boot only: the limits of a door station with one call at a time. */
export function createStationLimits(): Limits {
  return {
    // RFC 3261 18.1.1 holds UDP requests under 1,300 octets; INVITEs of PBXes with long SDP reach 3 KB.
    receiveOctets: 4096,
    // The longest of real PBXes have about 40.
    headerFields: 64,
    clientTransactions: {
      name: "SIP client transactions",
      count: 6,
      bytesEach: 1500,
      reason: "REGISTER, INVITE, CANCEL, BYE and the ones that linger in Timer D and K; one request each",
    },
    serverTransactions: {
      name: "SIP server transactions",
      count: 10,
      bytesEach: 2304,
      reason:
        "a call, its re-INVITE and BYE, a second caller refused, OPTIONS of the PBX; 256 for the key, one response each",
    },
    inviteSessions: {
      name: "INVITE sessions",
      count: 2,
      bytesEach: 4676,
      reason: "the call, and one that is being ended while the next begins",
    },
    dialogPartOctets: 256,
    routeSetOctets: 768,
    // 200 ms of speech and its header, the longest packet that RFC 3551 4.2 asks a receiver to take.
    rtp: { datagramBytes: 1612, datagramsPerReceive: 16 },
    rtpSessions: {
      name: "RTP sessions",
      count: 1,
      bytesEach: 11408,
      reason:
        "one call has media at a time: jitter buffer of 512 ms, concealment, one datagram each way, two descriptions",
    },
    codecTables: {
      name: "G.711 tables",
      count: 1,
      bytesEach: 11264,
      reason: "every sample and code of both laws exact, one look-up each",
    },
    otherBuffers: {
      name: "everything else",
      count: 1,
      bytesEach: 14000,
      reason: "receive buffer and message index, identity, registration, a spare dialog, responses without transaction",
    },
  };
}
