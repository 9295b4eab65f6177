// A board in QEMU with one peer, which is its registrar and whoever it calls (simulator/mps2/voice-peer.ts): what the tests of its network
// and of its media begin with. On the loopback interface, with no other program.

import { strictEqual } from "node:assert/strict";
import { EmulatedBoard, type EmulatedBoardOptions } from "../../simulator/mps2/emulated-board";
import { PEER_TONE, VoicePeer } from "../../simulator/mps2/voice-peer";
import { RATE, sine, verdict } from "../interop/tone";
import { imageOf, type Layout } from "./build";
import type { Cable } from "./wire/cable";

/** Where the board's ports are: for each run of the tests another host of the loopback network. */
export const BOARD_ADDRESS = `127.83.${(process.pid >> 8) & 0xff}.${(process.pid & 0xff) | 1}`;
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

/** Turns a board on that registers at the peer and calls it. What is open is closed when that fails. */
async function turnOn(
  peer: VoicePeer,
  layout: Layout,
  settings: string[],
  network: Pick<EmulatedBoardOptions, "address" | "udpPorts" | "nic" | "words">,
): Promise<PeerStation> {
  const text = [
    ...["account.user = door", `account.registrar = ${peer.address}`, `button.1.call = sip:person@${peer.address}`],
    ...[...settings, ""],
  ].join("\n");
  const board = await EmulatedBoard.start({ ...imageOf(layout), settings: text, ...network }).catch(
    (error: unknown) => {
      peer.close();
      throw error;
    },
  );
  board.memory.hear(sine(STATION_TONE.hertz, STATION_TONE.level, TONE_SECONDS));
  const stop = (): void => {
    board.stop();
    peer.close();
  };
  return { peer, board, stop };
}

/** Starts both on the loopback interface; resolves when the board has registered with all of its addresses. */
export async function startWithPeer(layout: Layout, settings: string[], words: string[] = []): Promise<PeerStation> {
  const advertised = `network.advertised-address = ${BOARD_ADDRESS}`;
  const udpPorts = [SIP_PORT, RTP_PORT, RTP_PORT + 1];
  const network = { address: BOARD_ADDRESS, udpPorts, words };
  const station = await turnOn(await VoicePeer.open(), layout, [advertised, ...settings], network);
  try {
    await station.board.hear(/network: IPv6/, BOOT_LIMIT_MS);
    await station.board.until("the registration", () => station.peer.asked("REGISTER") > 0, BOOT_LIMIT_MS);
    return station;
  } catch (error) {
    station.stop();
    throw error;
  }
}

/** Starts a board with the peer at the other end of its cable; resolves when it is on, whether it has an address or not. */
export async function startOnCable(cable: Cable, layout: Layout, settings: string[]): Promise<PeerStation> {
  const network = { address: "", udpPorts: [], nic: cable.nic };
  return turnOn(await VoicePeer.open(cable), layout, settings, network);
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
