// What is measured: each case, the work that every contender does in it, and what Doorline aims at.

export interface Aim {
  /** The contender to be compared with. */
  against: string;
  /** The least ratio of Doorline's rate to its rate. */
  ratio: number;
}

export interface Case {
  name: string;
  /** `--only` takes a case by its name or its group. */
  group: "sip-parse" | "sip-build" | "g711" | "engine";
  title: string;
  /** What one operation counts as in the rate. */
  unit: "messages" | "samples" | "calls" | "timers" | "records";
  aims: Aim[];
  /** The most octets that Doorline may allocate in an operation: all memory is fixed at boot. */
  allocationAim: number;
}

const PARSE_AIMS: Aim[] = [
  { against: "sofia-sip", ratio: 2 },
  { against: "sip", ratio: 8 },
];
const G711_AIMS: Aim[] = [{ against: "spandsp", ratio: 1 }];

/**
 * A parse starts at the octets of a datagram and touches: the number of Vias, host, port and branch of the top one; From and To
 * with their tags; Call-ID; number and method of CSeq; the first Contact; the number of Record-Routes and the first one;
 * Content-Length. The witness is the sum of the numbers, of the lengths of the texts, and of 1 for each URI that is there.
 * "and its URIs" adds the lengths of user and host of the URIs of From, To and Contact, and of the host of the Record-Route.
 * The build starts at the parsed INVITE and ends at the octets of a 200 OK with tag, Record-Route, Contact and SDP.
 * A call is INVITE, 200, ACK, BYE and 200 with offer and answer between two devices, and the end of its last timers; a timer is
 * stopped, started and a millisecond run among 64; a record is taken from the pool of sessions and given back.
 */
export const CASES: Case[] = [
  {
    name: "parse-invite",
    group: "sip-parse",
    title: "Parse an INVITE",
    unit: "messages",
    aims: PARSE_AIMS,
    allocationAim: 0,
  },
  {
    name: "parse-invite-uris",
    group: "sip-parse",
    title: "Parse an INVITE and its URIs",
    unit: "messages",
    aims: [],
    allocationAim: 0,
  },
  {
    name: "parse-ok",
    group: "sip-parse",
    title: "Parse a 200 OK",
    unit: "messages",
    aims: PARSE_AIMS,
    allocationAim: 0,
  },
  {
    name: "build-ok",
    group: "sip-build",
    title: "Build the 200 OK of an INVITE",
    unit: "messages",
    aims: [{ against: "libre", ratio: 1 }],
    allocationAim: 0,
  },
  { name: "encode-alaw", group: "g711", title: "Encode A-law", unit: "samples", aims: G711_AIMS, allocationAim: 0 },
  { name: "encode-ulaw", group: "g711", title: "Encode µ-law", unit: "samples", aims: G711_AIMS, allocationAim: 0 },
  { name: "decode-alaw", group: "g711", title: "Decode A-law", unit: "samples", aims: G711_AIMS, allocationAim: 0 },
  { name: "decode-ulaw", group: "g711", title: "Decode µ-law", unit: "samples", aims: G711_AIMS, allocationAim: 0 },
  { name: "call", group: "engine", title: "Set up and end a call", unit: "calls", aims: [], allocationAim: 0 },
  {
    name: "timer",
    group: "engine",
    title: "Stop, start and run a timer",
    unit: "timers",
    aims: [{ against: "binary heap", ratio: 1 }],
    allocationAim: 0,
  },
  { name: "pool", group: "engine", title: "Take and release a session", unit: "records", aims: [], allocationAim: 0 },
];

/** The name of Doorline among the contenders. */
export const DOORLINE = "doorline";
