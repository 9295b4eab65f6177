// The board that the shells boot (hal/native/board.ts), over functions of C that are played: what its sockets say of themselves while
// addresses come and go.

import type { Bytes } from "../../firmware/bytes/bytes";
import type { Board } from "../../hal/board";
import type { Endpoint } from "../../hal/endpoint";
import { createNativeBoard } from "../../hal/native/board";
import { type Native, PORTS } from "../../hal/native/native";
import { describe, equal, it } from "../harness";

const SIP_PORT = 5060;

/** A host on a network: the last octet of its address of each family, or 0 where it has none; a family may be switched off. */
class Host {
  octet4 = 1;
  octet6 = 1;
  speaks6 = true;
  private changes = 0;
  readonly board: Board;

  constructor(octet4: number, octet6: number, speaks6 = true) {
    this.octet4 = octet4;
    this.octet6 = octet6;
    this.speaks6 = speaks6;
    this.board = createNativeBoard({
      networkChanges: (): number => this.changes,
      mediaCount: (): number => 1,
      tcpCount: (): number => 0,
      pinCount: (): number => 0,
      udpLocal: (_socket: number, family: number, address: Bytes): number => this.tellLocal(family, address),
    } as unknown as Native);
  }

  move(octet4: number, octet6: number): void {
    this.octet4 = octet4;
    this.octet6 = octet6;
    this.changes += 1;
    this.board.network.changes();
  }

  /** As device_udp_local does: nothing at all for a family that is not spoken, the port alone for one without an address. */
  private tellLocal(family: number, address: Bytes): number {
    const last = family === 4 ? this.octet4 : this.octet6;
    for (let index = 0; index < address.length; index += 1) {
      address[index] = 0;
    }
    if (family === 6 && !this.speaks6) {
      return 0;
    }
    address[family === 4 ? 3 : 15] = last;
    return (last === 0 ? 0 : family) * PORTS + SIP_PORT;
  }
}

/** "4.7:5060": family, last octet, port; "-:5060" without an address. */
function said(endpoint: Endpoint): string {
  const last = endpoint.address[endpoint.family === 4 ? 3 : 15];
  return endpoint.family === 0 ? `-:${endpoint.port}` : `${endpoint.family}.${last}:${endpoint.port}`;
}

describe("a socket of the native board", () => {
  it("has both of its addresses", () => {
    const { sip } = new Host(1, 2).board;
    equal(`${said(sip.local)} ${said(sip.local6)}`, "4.1:5060 6.2:5060", "addresses");
  });

  it("has no second address once it lost that of IPv4, whatever it had before", () => {
    const host = new Host(1, 2);
    host.move(0, 3);
    const { sip } = host.board;
    equal(said(sip.local), "6.3:5060", "its one address");
    equal(sip.local6.family, 0, "family of the second");
    host.move(4, 3);
    equal(`${said(sip.local)} ${said(sip.local6)}`, "4.4:5060 6.3:5060", "both again");
  });

  it("has no second address once it lost that of IPv6", () => {
    const host = new Host(1, 2);
    host.move(1, 0);
    equal(`${said(host.board.sip.local)} ${said(host.board.sip.local6)}`, "4.1:5060 -:5060", "addresses");
  });

  it("knows its port before there is a network", () => {
    equal(said(new Host(0, 0, false).board.sip.local), "-:5060", "address");
  });
});
