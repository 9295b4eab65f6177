// The MPS2 image when DHCP fails (RFC 2131): no server at boot, a lease that ends, an address that is taken back in a call. Each time the
// documented state, and back by itself (boards/mps2-an386/README.md, "Faults of the network"), as everything on its cable shows it.

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import type { PeerStation } from "../../simulator/mps2/peer-station";
import { buildImage } from "./build";
import { bothHear, call, isAtRest, STEP_LIMIT_MS, startOnCable } from "./peer-station";
import { Cable, HOST } from "./wire/cable";
import { DhcpServer, DhcpType } from "./wire/dhcp-server";
import type { Datagram } from "./wire/frames";

const TEST_LIMIT_MS = 90_000;
const FIRST_ADDRESS = "192.0.2.20";
const OTHER_ADDRESS = "192.0.2.30";
/** Seconds: two of the steps in which the board counts leases (boards/mps2-an386/lwip/lwip/dhcp.h). */
const SHORT_LEASE = 10;
const DHCP_SERVER_PORT = 67;
/** At least (RFC 2131 3.1 step 5), and what the board itself takes to ask by ARP for the next address. */
const DECLINE_WAIT_MS = 10_000;
const ARP_CHECK_MS = 1000;

describe("the MPS2 image, when DHCP fails", function () {
  this.timeout(TEST_LIMIT_MS);
  let cable: Cable;
  let server: DhcpServer;
  let station: PeerStation | undefined;

  before(function () {
    buildImage(this, "large");
  });

  beforeEach(async () => {
    cable = await Cable.lay();
    server = new DhcpServer(cable, FIRST_ADDRESS);
  });

  afterEach(() => {
    station?.stop();
    station = undefined;
    cable.close();
  });

  async function start(): Promise<PeerStation> {
    station = await startOnCable(cable, "large", ["call.ring-limit = 5"]);
    return station;
  }

  function asked(type: DhcpType): number {
    return server.asked.filter((one) => one === type).length;
  }

  async function hasAsked({ board }: PeerStation, type: DhcpType, times: number): Promise<void> {
    const what = `message ${type} of DHCP, ${times} times`;
    await board.until(what, () => asked(type) >= times, STEP_LIMIT_MS);
  }

  /** When the board said a line, by its own clock. */
  function milliseconds(line: string): number {
    return Number(line.trim().split(" ")[0].replace(".", ""));
  }

  /** What of the datagrams is not DHCP's own. */
  function others(datagrams: Datagram[]): Datagram[] {
    return datagrams.filter(({ destinationPort }) => destinationPort !== DHCP_SERVER_PORT);
  }

  /** Resolves when the board has an address and has registered with it, in Via and Contact, from it. */
  async function registers({ board }: PeerStation, address: string, from = 0): Promise<number> {
    const line = await board.hear(new RegExp(`network: IPv4 ${address}$`), STEP_LIMIT_MS, from);
    const found = (): Datagram | undefined =>
      cable.sent.find(({ source, payload }) => source === address && payload.toString("latin1").startsWith("REGISTER"));
    await board.until("the registration", () => found() !== undefined, STEP_LIMIT_MS);
    const message = found()?.payload.toString("latin1") ?? "";
    match(message, new RegExp(`^Via: SIP/2.0/UDP ${address}[;:]`, "m"));
    match(message, new RegExp(`^Contact: <sip:door@${address}[;:>]`, "m"));
    return line;
  }

  it("sends nothing without an address, tries for one again and again, and registers when a server comes", async () => {
    server.isOn = false;
    const alone = await start();
    await hasAsked(alone, DhcpType.DISCOVER, 1);
    await alone.board.press(0);
    await hasAsked(alone, DhcpType.DISCOVER, 2);
    deepStrictEqual(others(cable.sent), []);
    await isAtRest(alone);
    server.isOn = true;
    await registers(alone, FIRST_ADDRESS);
    await call(alone);
  });

  it("declines an address that somebody has, waits, asks again, and registers with the next", async () => {
    cable.addMachine(FIRST_ADDRESS);
    const declining = await start();
    const { board } = declining;
    await hasAsked(declining, DhcpType.DECLINE, 1);
    const refused = { address: FIRST_ADDRESS, server: HOST };
    deepStrictEqual(server.declined, [{ source: "0.0.0.0", destination: "255.255.255.255", ...refused }]);
    server.address = OTHER_ADDRESS;
    const declined = await board.hear(
      new RegExp(`network: IPv4 ${FIRST_ADDRESS} declined: somebody has it$`),
      STEP_LIMIT_MS,
    );
    const taken = await registers(declining, OTHER_ADDRESS);
    const waited = milliseconds(board.lines[taken]) - milliseconds(board.lines[declined]);
    ok(waited >= DECLINE_WAIT_MS + ARP_CHECK_MS, `it had the next address after ${waited} ms`);
    ok(
      cable.sent.every(({ source }) => source !== FIRST_ADDRESS),
      "nothing was sent from somebody else's address",
    );
    ok(!board.lines.some((line) => line.endsWith(`network: IPv4 ${FIRST_ADDRESS}`)));
    await call(declining);
  });

  it("renews a lease without a word, gives the address up when it ends, and comes back with another", async () => {
    server.lease = SHORT_LEASE;
    const short = await start();
    const { board, peer } = short;
    const first = await registers(short, FIRST_ADDRESS);
    const granted = (): number => server.answered.filter((type) => type === DhcpType.ACK).length;
    await board.until("a renewal", () => granted() > 1, STEP_LIMIT_MS);
    strictEqual(peer.asked("REGISTER"), 1, "the same address is no change");
    server.isOn = false;
    const gone = await board.hear(/network: IPv4 gone$/, STEP_LIMIT_MS, first);
    const before = cable.sent.length;
    await board.press(0);
    await hasAsked(short, DhcpType.DISCOVER, 3);
    deepStrictEqual(others(cable.sent.slice(before)), [], "nothing is sent from an address that is no longer lent");
    await isAtRest(short);
    server.address = OTHER_ADDRESS;
    server.isOn = true;
    await registers(short, OTHER_ADDRESS, gone);
    ok(cable.sent.slice(before).every(({ source }) => source !== FIRST_ADDRESS));
    await call(short);
  });

  it("follows in a call when the server lends another address in place of the first", async () => {
    server.lease = SHORT_LEASE;
    const moved = await start();
    const { board, peer } = moved;
    await registers(moved, FIRST_ADDRESS);
    await call(moved);
    server.address = OTHER_ADDRESS;
    const gone = await board.hear(/network: IPv4 gone$/, STEP_LIMIT_MS);
    const before = cable.sent.length;
    ok(server.answered.includes(DhcpType.NAK));
    await registers(moved, OTHER_ADDRESS, gone);
    await board.until("a new offer", () => peer.asked("INVITE") > 1, STEP_LIMIT_MS);
    await bothHear(moved);
    ok(cable.sent.slice(before).every(({ source }) => source !== FIRST_ADDRESS));
    strictEqual(peer.asked("BYE"), 0);
  });
});
