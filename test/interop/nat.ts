// A NAT between the station and everybody else: the kernel's own (nftables), on the loopback interface of the namespace. What the
// station sends leaves from OUTSIDE; what comes to it uninvited, or to its own address, is dropped.

import { spawnSync } from "node:child_process";
import type { Bed } from "./bed";
import { STATION_ADDRESS } from "./station";

/** The NAT's address on the side of the peers. */
export const OUTSIDE = "127.0.0.77";

/** How it maps the station's sockets (RFC 4787 4.1), as the target of nftables' snat. */
export const Mapping = {
  /** One port for each socket, whoever the peer is; RTCP's is not beside RTP's. */
  ENDPOINT_INDEPENDENT: `${OUTSIDE}:udp sport map { 5060 : 30000, 10000 : 40000, 10001 : 40007 }`,
  /** Another port for each peer: a symmetric NAT. */
  ADDRESS_AND_PORT_DEPENDENT: `${OUTSIDE}:20000-20999 random`,
} as const;

function ruleset(mapping: string): string {
  return `table ip outside {
  chain sent {
    type nat hook postrouting priority srcnat
    ip saddr ${STATION_ADDRESS} ip daddr != ${STATION_ADDRESS} meta l4proto udp snat to ${mapping}
  }
  chain uninvited {
    type filter hook output priority filter
    ip saddr != ${STATION_ADDRESS} ip daddr { ${STATION_ADDRESS}, ${OUTSIDE} } ct direction original drop
  }
}
`;
}

function nft(args: string[], input = ""): void {
  const { status, stderr } = spawnSync("nft", args, { input, encoding: "utf8" });
  if (status !== 0) {
    throw new Error(`nft ${args.join(" ")}: ${stderr}`);
  }
}

/** Puts the station behind a NAT until the test ends. */
export function raiseNat(bed: Bed, mapping: string): void {
  nft(["-f", "-"], ruleset(mapping));
  bed.atEnd(() => nft(["flush", "ruleset"]));
}
