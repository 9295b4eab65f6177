// The MPS2 image when its network breaks in a call: the cable is pulled for long and for short, its ports are flooded. Each time the
// documented state, and back by itself (boards/mps2-an386/README.md, "Faults of the network"), as a peer and the pins see it.

import { ok, strictEqual } from "node:assert/strict";
import { spawn } from "node:child_process";
import { buildImage } from "./build";
import {
  BOARD_ADDRESS,
  bothHear,
  call,
  isAtRest,
  type PeerStation,
  RTP_PORT,
  SIP_PORT,
  STEP_LIMIT_MS,
  startWithPeer,
} from "./peer-station";

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

describe("the MPS2 image, when its network breaks", function () {
  this.timeout(TEST_LIMIT_MS);
  let station: PeerStation | undefined;

  before(function () {
    buildImage(this, "large");
  });

  afterEach(() => {
    station?.stop();
    station = undefined;
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
});
