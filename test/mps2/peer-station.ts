// A board in QEMU with one peer, which is its registrar and whoever it calls (simulator/mps2/voice-peer.ts): what the tests of its network
// and of its media begin with. On the loopback interface, with no other program.

import { strictEqual } from "node:assert/strict";
import { EmulatedBoard } from "../../simulator/mps2/emulated-board";
import { PEER_TONE, VoicePeer } from "../../simulator/mps2/voice-peer";
import { RATE, sine, verdict } from "../interop/tone";
import { imageOf, type Layout } from "./build";

/** Where the board's ports are. */
export const BOARD_ADDRESS = "127.83.0.10";
export const SIP_PORT = 5060;
export const RTP_PORT = 10000;
export const STEP_LIMIT_MS = 20_000;
const BOOT_LIMIT_MS = 30_000;
const TONE_LIMIT_MS = 8000;
const STATION_TONE = { hertz: 440, level: -20 };
const TONE_SECONDS = 8;

export interface PeerStation {
  peer: VoicePeer;
  board: EmulatedBoard;
  stop: () => void;
}

/** Starts both; resolves when the board has registered with all of its addresses. */
export async function startWithPeer(layout: Layout, settings: string[], words: string[] = []): Promise<PeerStation> {
  const peer = await VoicePeer.open();
  const text = [
    ...["account.user = door", `account.registrar = ${peer.address}`, `button.1.call = sip:person@${peer.address}`],
    ...[`network.advertised-address = ${BOARD_ADDRESS}`, ...settings, ""],
  ].join("\n");
  const board = await EmulatedBoard.start({
    ...imageOf(layout),
    ...{ settings: text, address: BOARD_ADDRESS, udpPorts: [SIP_PORT, RTP_PORT, RTP_PORT + 1], words },
  }).catch((error: unknown) => {
    peer.close();
    throw error;
  });
  const stop = (): void => {
    board.stop();
    peer.close();
  };
  try {
    board.memory.hear(sine(STATION_TONE.hertz, STATION_TONE.level, TONE_SECONDS));
    await board.hear(/network: IPv6/, BOOT_LIMIT_MS);
    await board.until("the registration", () => peer.asked("REGISTER") > 0, BOOT_LIMIT_MS);
    return { peer, board, stop };
  } catch (error) {
    stop();
    throw error;
  }
}

/** The board calls, and both hear each other. */
export async function call(station: PeerStation): Promise<void> {
  await station.board.press(0);
  await station.board.until("the call", () => station.peer.isTalking, STEP_LIMIT_MS);
  await bothHear(station);
}

/** The tones arrive as they were sent, each way. */
export async function bothHear({ board, peer }: PeerStation): Promise<void> {
  let problem = "";
  const look = (): boolean => {
    problem =
      verdict(board.memory.played(RATE), { ...PEER_TONE, absent: 0 }) ||
      verdict(peer.heard().slice(-RATE), { ...STATION_TONE, absent: 0 });
    return problem === "";
  };
  await board.until("tones", look, TONE_LIMIT_MS).catch((error: Error) => {
    throw new Error(`${problem}\n${error.message}`);
  });
}

/** Relays de-energised; no light says that somebody talks. */
export async function isAtRest({ board }: PeerStation): Promise<void> {
  strictEqual(await board.relay(0), false);
  strictEqual(await board.relay(1), false);
  await board.until("the sound is off", () => board.memory.soundState()?.isInputOn === false, STEP_LIMIT_MS);
}
