// Two calls of a board that QEMU plays, for the marks that they leave in its memories: it calls its peer, both talk, a digit opens the door,
// the peer hangs up.

import { type BoardFiles, type PeerStation, startPeerStation } from "../../simulator/mps2/peer-station";

export const CALLS = 2;

const OPENING_DIGIT = 5;
const SETTINGS = [`relay.1.code = ${OPENING_DIGIT}`, "relay.1.pulse = 1", "call.hang-up-after-release = 0"];
const STEP_LIMIT_MS = 20_000;
/** Frames that a call has each way before its digit. */
const TALK_PACKETS = 100;

async function call({ board, peer }: PeerStation): Promise<void> {
  const from = board.lines.length;
  await board.press(0);
  await board.until("the call", () => peer.isTalking, STEP_LIMIT_MS);
  const { count } = peer;
  await board.until("voice", () => Math.min(count.sent, count.received) >= TALK_PACKETS, STEP_LIMIT_MS);
  peer.sendDigit(OPENING_DIGIT);
  await board.until("the relay is energised", () => board.relay(0), STEP_LIMIT_MS);
  await board.until("the relay is at rest", async () => !(await board.relay(0)), STEP_LIMIT_MS);
  peer.hangUp();
  await board.hear(/ ended \d+ \d+$/, STEP_LIMIT_MS, from);
}

/**
 * Plays the calls.
 * @returns the board's memory report after them
 * @throws {Error} with the console's words, when the board does not do what is said above
 */
export async function reportAfterCalls(files: BoardFiles): Promise<string> {
  const station = await startPeerStation(files, SETTINGS);
  try {
    for (let number = 0; number < CALLS; number += 1) {
      await call(station);
    }
    return await station.board.memoryReport(STEP_LIMIT_MS);
  } finally {
    station.stop();
  }
}
