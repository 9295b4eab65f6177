// A flood from strangers during a real call on the loopback: 10,000 messages a second for 10 s, three in four an INVITE, the rest
// malformed. The voice goes on both ways, memory stays where it was, and the person in the call is heard at once.

import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { StationState } from "../../firmware/intercom/station";
import { readRtpStatistics } from "../../firmware/rtp/session";
import { countRefusals, Refusal } from "../../firmware/sip/refusal-log";
import { RealClock } from "../../hal/node/real-clock";
import { createSine } from "../../hal/node/sample-source";
import { openSimulatedBoard } from "../../simulator/board/simulated-board";
import { DeskStation, readSettings } from "../../simulator/desk-station";
import { within } from "../interop/waiting";

const RATE = 10_000;
const SECONDS = 10;
/** Before the measured flood: compiled code and buffers of Node.js itself settle. */
const WARM_UP_SECONDS = 2;
const FRAMES_A_SECOND = 50;
/** What Node.js and the desk's log keep of 100,000 datagrams: 30 octets of each. */
const HEAP_TOLERANCE = 3 * 1024 * 1024;

const LINE_LIMIT_MS = 20_000;

interface Program {
  child: ChildProcess;
  /** The next line that it writes. */
  line(): Promise<string>;
}

function start(file: string, ...words: (string | number)[]): Program {
  const program = fileURLToPath(new URL(`flood/${file}`, import.meta.url));
  const child = spawn(process.execPath, ["--import", "tsx", program, ...words.map(String)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    child,
    async line() {
      const line = await within(lines.next(), `a line of ${file}`, LINE_LIMIT_MS);
      assert.ok(!line.done, `${file} ended`);
      return line.value;
    },
  };
}

function heapUsed(): number {
  global.gc?.();
  global.gc?.();
  return process.memoryUsage().heapUsed;
}

describe("a flood from strangers", function () {
  this.timeout(60_000);

  it("leaves a call in progress untouched", async () => {
    const peer = start("peer.ts");
    const peerPort = (await peer.line()).split(" ")[1];
    const board = await openSimulatedBoard(
      new RealClock(),
      { address: "127.0.0.1" },
      { microphone: createSine(700, -20) },
    );
    const children = [peer.child];
    try {
      const text = `account.user = door\nbutton.1.call = sip:person@127.0.0.1:${peerPort}\ncall.answer-from = friend@127.0.0.1\n`;
      const desk = new DeskStation(board, readSettings(text, "settings"));
      const { device } = desk;
      desk.press();
      assert.equal(await peer.line(), "talking");

      const flood = async (seconds: number): Promise<{ sent: number; answered: number; seconds: number }> => {
        const stranger = start("stranger.ts", board.sip.local.port, RATE, seconds);
        children.push(stranger.child);
        return JSON.parse(await stranger.line());
      };
      const ask = async (): Promise<{ spoken: number; heard: number; expected: number }> => {
        peer.child.stdin?.write("report\n");
        return JSON.parse(await peer.line());
      };
      await flood(WARM_UP_SECONDS);
      const heap = heapUsed();
      const before = { ...readRtpStatistics(device.rtp) };
      const beforeAtPeer = await ask();
      const flooded = await flood(SECONDS);
      const atPeer = await ask();
      const after = { ...readRtpStatistics(device.rtp) };
      const growth = heapUsed() - heap;

      assert.equal(desk.state, StationState.TALKING, "the call stands");
      assert.equal(device.station.sessions.use.inUse, 1, "sessions");
      assert.equal(device.transactions.servers.use.highWater, 0, "strangers take no server transaction");
      const frames = FRAMES_A_SECOND * flooded.seconds;
      const heard = atPeer.heard - beforeAtPeer.heard;
      const received = after.packetsReceived - before.packetsReceived;
      const damaged = after.lostFrames + after.starvedFrames - before.lostFrames - before.starvedFrames;
      const refused = device.transactions.transport.counters.refused;
      console.log(
        `      ${flooded.sent} messages in ${flooded.seconds.toFixed(1)} s, ${refused} refused unread, ${flooded.answered} answered; ` +
          `the person heard ${heard} of ${Math.round(frames)} frames; the door got ${received}, played ${damaged} damaged; ` +
          `heap ${growth >= 0 ? "+" : ""}${growth >> 10} KiB`,
      );
      assert.ok(flooded.seconds < 1.3 * SECONDS, "the flood had its rate");
      assert.ok(heard > 0.99 * frames, `the person heard ${heard} of ${frames} frames`);
      assert.ok(atPeer.expected - atPeer.heard < 0.01 * frames, "packets lost on the way to the person");
      assert.ok(received > 0.99 * (atPeer.spoken - beforeAtPeer.spoken), `the door got ${received}`);
      assert.ok(damaged < 0.01 * frames, `${damaged} of ${frames} frames were played damaged`);
      assert.ok(flooded.answered < 0.01 * flooded.sent, `${flooded.answered} answers: a flood is not thrown back`);
      assert.ok(refused > 0.5 * flooded.sent, "most are refused before they are read");
      assert.ok(countRefusals(device.protection.refusals, Refusal.CALLER) > 0, "callers are refused");
      assert.ok(growth < HEAP_TOLERANCE, `the heap grew by ${growth} octets`);

      peer.child.stdin?.write("bye\n");
      assert.equal(await peer.line(), "ended");
      assert.equal(desk.state, StationState.IDLE, "the person hung up");
      assert.equal(device.station.sessions.use.inUse, 0, "sessions after the call");
      assert.ok(device.transactions.servers.use.inUse <= 1, "server transactions: that of the BYE");
    } finally {
      board.close();
      for (const child of children) {
        child.kill();
      }
    }
  });
});
