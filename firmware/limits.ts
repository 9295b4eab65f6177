// The memory contract: how many of everything there are and how large, with the reason, in one place. Boot allocates by
// these lines, the counters and the memory report are derived from them (memory/pool.ts), and nothing grows afterwards.

import { G711_TABLE_BYTES } from "./audio/g711";
import type { PoolLimit } from "./memory/pool";
import type { RtpLimits } from "./rtp/session";
import type { ProtectionLimits } from "./sip/source-policy";

export interface Limits {
  /** Octets of the receive buffer. */
  receiveOctets: number;
  /** Header fields that a message may have. */
  headerFields: number;
  clientTransactions: PoolLimit;
  serverTransactions: PoolLimit;
  /** TCP; count 0 on a board without. The receive buffer of each has `receiveOctets`, the rest is its send queue. */
  connections: PoolLimit;
  inviteSessions: PoolLimit;
  /** Octets of one part of a dialog: a URI with its display name, a tag, a Call-ID. */
  dialogPartOctets: number;
  /** Octets of a dialog's route set. */
  routeSetOctets: number;
  /** Accounts that can be set, at most SETTINGS_ACCOUNTS. */
  accounts: number;
  /** Octets of an account's outbound proxy and Service-Route. */
  accountRouteOctets: number;
  accountRecords: PoolLimit;
  rtp: RtpLimits;
  rtpSessions: PoolLimit;
  codecTables: PoolLimit;
  protection: ProtectionLimits;
  dnsQueries: PoolLimit;
  dnsCache: PoolLimit;
  /** URIs whose targets DNS is asked for. */
  searches: PoolLimit;
  subscriptions: PoolLimit;
  transfers: PoolLimit;
  textMessages: PoolLimit;
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
      bytesEach: 1564,
      reason:
        "REGISTER, INVITE, CANCEL, BYE and the ones that linger in Timer D and K; one request and four targets each",
    },
    serverTransactions: {
      name: "SIP server transactions",
      count: 10,
      bytesEach: 2304,
      reason:
        "a call, its re-INVITE and BYE, a second caller refused, OPTIONS of the PBX; 256 for the key, one response each",
    },
    connections: {
      name: "SIP connections",
      count: 3,
      bytesEach: 6416,
      reason:
        "the flow to the registrar, a second account or a large call, one that a peer opens; a message each way in each",
    },
    inviteSessions: {
      name: "INVITE sessions",
      count: 2,
      bytesEach: 5548,
      reason: "the call, and one that is being ended while the next begins; a dialog, an ACK and four forks' tags each",
    },
    dialogPartOctets: 256,
    routeSetOctets: 768,
    // A PBX, its twin, the intercom of the house, and one to spare.
    accounts: 4,
    // The longest outbound proxy of the settings, and three routes of usual length.
    accountRouteOctets: 384,
    accountRecords: {
      name: "accounts",
      count: 1,
      bytesEach: 10288,
      reason: "four, each with its names, password, route, and the challenges that its REGISTER answers; direct calls",
    },
    // 200 ms of speech and its header, the longest packet that RFC 3551 4.2 asks a receiver to take.
    rtp: { datagramBytes: 1612, datagramsPerReceive: 16 },
    rtpSessions: {
      name: "RTP sessions",
      count: 1,
      bytesEach: 11492,
      reason:
        "one call has media at a time: jitter buffer of 512 ms, concealment, one datagram each way, two descriptions",
    },
    codecTables: {
      name: "G.711 tables",
      count: 1,
      bytesEach: G711_TABLE_BYTES,
      reason: "every sample and code of both laws exact, one look-up each; none where the shell has a native twin",
    },
    protection: {
      peers: {
        name: "peers that matter",
        count: 12,
        bytesEach: 8,
        reason:
          "two targets of each of four accounts, name servers aside; the people of the calls, and room for a transfer",
      },
      strangers: {
        name: "strangers",
        count: 16,
        bytesEach: 8,
        reason:
          "as many as fill their common rate at a third of their own; more that are told apart would gain nothing",
      },
      refusals: {
        name: "refusals",
        count: 8,
        bytesEach: 16,
        reason: "what an installer reads on one page; counts by reason are kept beside it",
      },
      // A PBX that rings, presses on with re-INVITE, OPTIONS and retransmissions stays below 20 a second.
      peerRate: { interval: 10, burst: 200 },
      // A caller without account needs six messages for a call; a burst of 40 lets six calls at once begin and end.
      strangerRate: { interval: 50, burst: 40 },
      // What a small board parses in a twentieth of its time; a flood costs no more than that.
      strangersRate: { interval: 20, burst: 100 },
      // An invented source makes a station answer somebody else: 10 a second of 400 octets are no weapon.
      answerRate: { interval: 100, burst: 20 },
      // The call's BYE, re-INVITE and CANCEL, and OPTIONS of the PBX.
      reservedTransactions: 4,
    },
    dnsQueries: {
      name: "DNS queries",
      count: 6,
      bytesEach: 144,
      reason: "NAPTR, SRV of two protocols and the addresses of two families at once, and one more",
    },
    dnsCache: {
      name: "DNS cache",
      count: 16,
      bytesEach: 256,
      reason: "two domains with all their record types and four servers; a name of 128 octets and its records",
    },
    searches: {
      name: "searches for targets",
      count: 6,
      bytesEach: 128,
      reason: "four accounts, the STUN server and a call; the name of each",
    },
    subscriptions: {
      name: "subscriptions",
      count: 4,
      bytesEach: 2096,
      reason: "two indoor stations and a console that watch the line, and one that was restarted; a dialog each",
    },
    textMessages: {
      name: "text messages",
      count: 1,
      bytesEach: 4456,
      reason: "the last one that came, and the one of ours that is under way: its dialog, challenges and text",
    },
    transfers: {
      name: "call transfer",
      count: 1,
      bytesEach: 1984,
      reason: "the call that is to take the present one's place: its target and who asked for it, and what it answered",
    },
    otherBuffers: {
      name: "everything else",
      count: 1,
      bytesEach: 15892,
      reason: "receive buffer and message index, identity, registration, a spare dialog, responses without transaction",
    },
  };
}
