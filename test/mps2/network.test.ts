// The MPS2 image when its network breaks: the cable is pulled for long and for short, its ports and its cable are flooded. Each time the
// documented state, and back by itself (boards/mps2-an386/README.md, "Faults of the network"), as a peer and the pins see it.

import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { spawn } from "node:child_process";
import { BOARD_ADDRESS, type PeerStation, RTP_PORT, SIP_PORT } from "../../simulator/mps2/peer-station";
import { buildImage } from "./build";
import { bothHear, call, isAtRest, STEP_LIMIT_MS, startOnCable, startWithPeer } from "./peer-station";
import { Cable } from "./wire/cable";
import { DhcpServer } from "./wire/dhcp-server";
import { ArpOperation, BROADCAST_HARDWARE, EtherType, NO_HARDWARE, writeArp } from "./wire/frames";

const TEST_LIMIT_MS = 90_000;
const SHORT_PULL_MS = 3000;
const FLOOD_MS = 5000;
/** What a flood is at least, in datagrams: what is below shows nothing. */
const FLOOD_LEAST = 25_000;
const ENDED = / ended \d+ \d+$/;
const DIGIT_FIVE = 5;

/** Sends datagrams as fast as it can, to both ports in turn, from a process of its own; prints how many. */
const FLOOD = `
const [address, milliseconds, ...ports] = process.argv.slice(1);
const socket = require("node:dgram").createSocket("udp4");
const octets = Buffer.alloc(200, 0x80);
const end = Date.now() + Number(milliseconds);
let sent = 0;
function burst() {
  for (let index = 0; index < 100; index += 1) {
    sent += 1;
    socket.send(octets, Number(ports[sent % ports.length]), address);
  }
  if (Date.now() < end) setImmediate(burst);
  else socket.close(() => console.log(sent));
}
burst();`;

async function flood(): Promise<number> {
  const words = ["-e", FLOOD, BOARD_ADDRESS, String(FLOOD_MS), String(SIP_PORT), String(RTP_PORT)];
  const process_ = spawn(process.execPath, words, { stdio: ["ignore", "pipe", "inherit"] });
  let printed = "";
  process_.stdout.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
  });
  await new Promise((resolve) => process_.once("close", resolve));
  return Number(printed);
}

const CABLE_ADDRESS = "192.0.2.20";
const NAMES_PORT = 137;
const FLOOD_BURST = 50;
const ASKING_PORT = 5070;
const TIMER_T1_MS = 500;

/** Sends to all as fast as it can: who has the board's address, a claim of some other, and datagrams to its port and to none of its. */
async function floodCable(cable: Cable): Promise<number> {
  const garbage = Buffer.alloc(200, 0x80);
  const end = Date.now() + FLOOD_MS;
  let sent = 0;
  while (Date.now() < end) {
    for (let index = 0; index < FLOOD_BURST; index += 1) {
      const senderHardware = Buffer.of(2, 0, 0, 1, sent >> 8, sent);
      const sender = `192.0.2.${100 + (sent % 100)}`;
      for (const target of [CABLE_ADDRESS, sender]) {
        const question = {
          operation: ArpOperation.REQUEST,
          senderHardware,
          sender,
          targetHardware: NO_HARDWARE,
          target,
        };
        cable.sendFrame(EtherType.ARP, writeArp(question), BROADCAST_HARDWARE, senderHardware);
      }
      cable.broadcast(SIP_PORT, SIP_PORT, garbage, sender);
      cable.broadcast(NAMES_PORT, NAMES_PORT, garbage, sender);
      sent += 4;
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  return sent;
}

/** Asks the board for its capabilities (RFC 3261 11), again and again as UDP wants it, until it says that all is well. */
async function askOptions({ board }: PeerStation, cable: Cable): Promise<void> {
  const port = ASKING_PORT;
  const lines = [
    `OPTIONS sip:door@${CABLE_ADDRESS} SIP/2.0`,
    `Via: SIP/2.0/UDP ${cable.host}:${port};branch=z9hG4bK-after-the-flood`,
    ...["Max-Forwards: 70", `From: <sip:asker@${cable.host}>;tag=asker`, `To: <sip:door@${CABLE_ADDRESS}>`],
    ...["Call-ID: after-the-flood", "CSeq: 1 OPTIONS", "Content-Length: 0", "", ""],
  ];
  const asker = { source: cable.host, sourcePort: port, destination: CABLE_ADDRESS, destinationPort: SIP_PORT };
  let isAnswered = false;
  const close = cable.listen(port, ({ payload }) => {
    isAnswered ||= payload.toString("latin1").startsWith("SIP/2.0 200 ");
  });
  let asked = 0;
  const ask = (): boolean => {
    if (performance.now() - asked > TIMER_T1_MS) {
      asked = performance.now();
      cable.sendDatagram({ ...asker, payload: Buffer.from(lines.join("\r\n")) });
    }
    return isAnswered;
  };
  await board.until("the answer to OPTIONS", ask, STEP_LIMIT_MS);
  close();
}

/** The names of the pools that have refused a record, by the memory report, which a key asks for. */
async function refusing({ board }: PeerStation): Promise<string[]> {
  const report = await board.memoryReport(STEP_LIMIT_MS);
  const rows = report.split("\n").map((line) => /([A-Za-z].*?) +\d+ +\d+ +\d+ +(\d+)$/.exec(line));
  const told = rows.filter((row) => row !== null);
  ok(told.length > 10, "the report has the pools");
  return told.filter(([, , refused]) => refused !== "0").map(([, name]) => name);
}

describe("the MPS2 image, when its network breaks", function () {
  this.timeout(TEST_LIMIT_MS);
  let station: PeerStation | undefined;
  let cable: Cable | undefined;

  before(function () {
    buildImage(this, "large");
  });

  afterEach(() => {
    station?.stop();
    station = undefined;
    cable?.close();
    cable = undefined;
  });

  async function start(...settings: string[]): Promise<PeerStation> {
    station = await startWithPeer("large", ["relay.1.code = 5", "relay.1.pulse = 2", ...settings]);
    return station;
  }

  it("ends a call whose cable stays out, comes to rest, and registers and calls again with the cable in", async () => {
    const pulled = await start("call.silence-limit = 5");
    const { board, peer } = pulled;
    await call(pulled);
    peer.sendDigit(DIGIT_FIVE);
    await board.until("the relay is energised", () => board.relay(0), STEP_LIMIT_MS);
    await board.setCable(false);
    const out = await board.hear(/network: no link$/, STEP_LIMIT_MS);
    await board.hear(/network: IPv4 gone$/, STEP_LIMIT_MS, out);
    const ended = await board.hear(ENDED, STEP_LIMIT_MS, out);
    await isAtRest(pulled);
    const registered = peer.asked("REGISTER");
    await board.setCable(true);
    await board.hear(/network: IPv4 10\.0\.2\.15$/, STEP_LIMIT_MS, ended);
    await board.until("a new registration", () => peer.asked("REGISTER") > registered, STEP_LIMIT_MS);
    await call(pulled);
  });

  it("keeps a call over three seconds without a cable", async () => {
    const pulled = await start();
    const { board, peer } = pulled;
    await call(pulled);
    await board.setCable(false);
    const out = await board.hear(/network: no link$/, STEP_LIMIT_MS);
    await new Promise((resolve) => setTimeout(resolve, SHORT_PULL_MS));
    await board.setCable(true);
    await board.hear(/network: IPv4 10\.0\.2\.15$/, STEP_LIMIT_MS, out);
    await bothHear(pulled);
    ok(!board.lines.some((line) => ENDED.test(line)), "the call goes on");
    strictEqual(peer.asked("BYE"), 0);
  });

  it("keeps a call through a flood of its ports, and says what was lost", async () => {
    const flooded = await start();
    const { board } = flooded;
    await call(flooded);
    const before = board.memory.soundState()?.clock ?? 0;
    const sent = await flood();
    ok(sent > FLOOD_LEAST, `${sent} datagrams`);
    await bothHear(flooded);
    ok((board.memory.soundState()?.clock ?? 0) > before);
    await board.hear(/network: lost since boot/, STEP_LIMIT_MS);
    ok(!board.lines.some((line) => ENDED.test(line) || line.includes("exception")), "the call goes on");
    flooded.peer.hangUp();
    await board.hear(ENDED, STEP_LIMIT_MS);
    await call(flooded);
    strictEqual(board.lines.filter((line) => line.includes("started by")).length, 1);
  });

  it("outlives a flood of broadcasts and of ARP, answers and calls after it, and no pool is full", async () => {
    cable = await Cable.lay();
    new DhcpServer(cable, CABLE_ADDRESS);
    station = await startOnCable(cable, "large", []);
    const { board, peer } = station;
    await board.until("the registration", () => peer.asked("REGISTER") > 0, STEP_LIMIT_MS);
    const sent = await floodCable(cable);
    ok(sent > FLOOD_LEAST, `${sent} frames`);
    await askOptions(station, cable);
    await call(station);
    deepStrictEqual(await refusing(station), []);
    ok(!board.lines.some((line) => line.includes("exception")), "neither a fault nor the watchdog");
  });
});
