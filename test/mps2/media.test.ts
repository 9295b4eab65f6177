// Voice both ways through the MPS2 image, counted: what the peer sent and got by RTP's sequence numbers, what the board says by RTCP, by its
// sound device and by its log. 20 s here; `npm run media -- --minutes 10` for as long as wanted. No frame may be lost at the device.

import { deepStrictEqual, ok } from "node:assert/strict";
import type { PeerStation } from "../../simulator/mps2/peer-station";
import { buildImage } from "./build";
import { bothHear, call, startWithPeer } from "./peer-station";

const SECONDS = Number(process.env.DOORLINE_MEDIA_SECONDS ?? 20);
const PACKETS_A_SECOND = 50;
/** Seconds: the longest call that the settings allow. */
const TALK_LIMIT = 1800;
/** For the boot, the call and the judging of its tones, beside the media. */
const OVERHEAD_MS = 80_000;
/** Packets that the station's last report of RTCP may be behind what it has sent: 7.5 s (RFC 3550 6.2). */
const REPORT_LAG = 400;

/** QEMU that has no turn for so long makes the board lose what a board would not: eight packets wait in a socket's queue, 160 ms. */
const STALL_LIMIT_MS = 40;
/** How often the test asks for its turn, milliseconds. */
const TURN_MS = 5;

/** Waits, and tells the longest that this process came late to its turn meanwhile, milliseconds. */
async function longestStall(milliseconds: number): Promise<number> {
  const end = performance.now() + milliseconds;
  let longest = 0;
  while (performance.now() < end) {
    const asked = performance.now();
    await new Promise((resolve) => setTimeout(resolve, TURN_MS));
    longest = Math.max(longest, performance.now() - asked - TURN_MS);
  }
  return Math.round(longest);
}

describe("the media of the MPS2 image", function () {
  this.timeout(OVERHEAD_MS + 1000 * SECONDS);
  let station: PeerStation | undefined;

  before(function () {
    buildImage(this, "large");
  });

  afterEach(() => {
    station?.stop();
    station = undefined;
  });

  it(`lose no frame in ${SECONDS} s, neither way`, async () => {
    station = await startWithPeer("large", [`call.talk-limit = ${TALK_LIMIT}`]);
    const { board, peer } = station;
    await call(station);
    const start = board.memory.soundState();
    const stall = await longestStall(1000 * SECONDS);
    const end = board.memory.soundState();
    const { sent, received, lost, reordered, stationSent, stationLost, stationJitter } = peer.count;
    const played = (end?.clock ?? 0) - (start?.clock ?? 0);
    const outputLate = (end?.outputLate ?? 0) - (start?.outputLate ?? 0);
    const inputLost = end?.inputLost ?? -1;
    console.log(
      [
        `      peer to device: ${sent} packets sent, ${stationLost} lost by the device's RTCP, jitter ${stationJitter} samples`,
        `      device to peer: ${received} received, ${lost} lost, ${reordered} reordered; ${stationSent} sent by its last RTCP`,
        `      sound device: ${played} samples of time, ${outputLate} played late, ${inputLost} of the microphone lost`,
        `      this machine: ${stall} ms the longest that a process of it waited for its turn`,
        ...board.lines.filter((line) => line.includes("lost since boot")).map((line) => `      ${line}`),
      ].join("\n"),
    );
    await bothHear(station);
    deepStrictEqual({ lost, reordered }, { lost: 0, reordered: 0 });
    if (stall > STALL_LIMIT_MS) {
      console.log(
        `      not judged: what came too late for the board, because this machine gave out no turn for ${stall} ms`,
      );
    } else {
      deepStrictEqual({ stationLost, inputLost }, { stationLost: 0, inputLost: 0 });
      ok(
        !board.lines.some((line) => line.includes("lost since boot")),
        "no controller, pool or queue dropped anything",
      );
    }
    ok(received >= 0.98 * PACKETS_A_SECOND * SECONDS, `${received} packets`);
    ok(SECONDS < 10 || stationSent >= received - REPORT_LAG, `${stationSent} reported of ${received}`);
  });
});
