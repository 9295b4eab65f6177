// The memory contract of a small device (small.ts) on a microcontroller with 256 KB of RAM: the lines of limits.ts that promise more
// than one visitor at one door needs, each with its reason. All other lines hold as they are.

import { createStationLimits, type Limits } from "./limits";

/** Boot only: the limits of a door station with one call and one that takes its place, at a PBX and its twin. */
export function createSmallLimits(): Limits {
  const limits = createStationLimits();
  // A path's MTU, and half of that again for what a PBX sends in fragments, or over TCP.
  limits.receiveOctets = 2304;
  // Six proxies with a Via and a Record-Route each, and thirty others.
  limits.headerFields = 48;
  // A PBX and its twin. What the settings say of others is not heeded.
  limits.accounts = 2;
  limits.clientTransactions.count = 5;
  limits.clientTransactions.reason =
    "REGISTER, INVITE, CANCEL, BYE and one that lingers in Timer D or K; one request and four targets each";
  limits.serverTransactions.count = 7;
  limits.serverTransactions.bytesEach = 1760;
  limits.serverTransactions.reason =
    "a call, its re-INVITE and BYE, a second caller refused, OPTIONS of the PBX; 288 for the key, a datagram of 1,472 each";
  limits.connections.count = 2;
  limits.connections.bytesEach = 3808;
  limits.connections.reason =
    "the flow to the registrar, and one that a peer opens; a message in each, and the longest of ours, 1,472, with a ping";
  limits.accountRecords.bytesEach = 5488;
  limits.accountRecords.reason =
    "two, each with its names, password, route, and the challenges that its REGISTER answers; direct calls";
  limits.otherBuffers.bytesEach = 9420;
  return limits;
}
