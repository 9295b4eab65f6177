// Two calls of a board that QEMU plays, for the marks that they leave in its memories: it registers at a peer on the loopback interface,
// calls it, both talk, a digit opens the door, the peer hangs up.

import { EmulatedBoard, type EmulatedBoardOptions } from "../../simulator/mps2/emulated-board";
import { VoicePeer } from "../../simulator/mps2/voice-peer";

export const CALLS = 2;

/** For each process another host of the loopback network. */
const ADDRESS = `127.84.${(process.pid >> 8) & 0xff}.${(process.pid & 0xff) | 1}`;
const SIP_PORT = 5060;
const RTP_PORT = 10000;
const OPENING_DIGIT = 5;
const BOOT_LIMIT_MS = 60_000;
const STEP_LIMIT_MS = 20_000;
/** Frames that a call has each way before its digit. */
const TALK_PACKETS = 100;

function settingsFor(peer: VoicePeer): string {
  return [
    "account.user = door",
    `account.registrar = ${peer.address}`,
    `button.1.call = sip:person@${peer.address}`,
    `network.advertised-address = ${ADDRESS}`,
    `relay.1.code = ${OPENING_DIGIT}`,
    "relay.1.pulse = 1",
    "call.hang-up-after-release = 0",
    "",
  ].join("\n");
}

async function call(board: EmulatedBoard, peer: VoicePeer): Promise<void> {
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
export async function reportAfterCalls(
  files: Pick<EmulatedBoardOptions, "board" | "shell" | "program" | "programAt">,
): Promise<string> {
  const peer = await VoicePeer.open();
  try {
    const board = await EmulatedBoard.start({
      ...files,
      settings: settingsFor(peer),
      ...{ address: ADDRESS, udpPorts: [SIP_PORT, RTP_PORT, RTP_PORT + 1] },
    });
    try {
      // The last of its addresses: the report is of all that the network brings.
      await board.hear(/network: IPv6/, BOOT_LIMIT_MS);
      await board.until("the registration", () => peer.asked("REGISTER") > 0, BOOT_LIMIT_MS);
      for (let number = 0; number < CALLS; number += 1) {
        await call(board, peer);
      }
      return await board.memoryReport(STEP_LIMIT_MS);
    } finally {
      board.stop();
    }
  } finally {
    peer.close();
  }
}
