// A board in QEMU with its peer (simulator/mps2/peer-station.ts), and a voice at its door: what the tests of its network and of its media
// begin with.

import { strictEqual } from "node:assert/strict";
import { type PeerStation, startPeerStation, turnOnWithPeer } from "../../simulator/mps2/peer-station";
import { PEER_TONE, VoicePeer } from "../../simulator/mps2/voice-peer";
import { RATE, sine, verdict } from "../interop/tone";
import { imageOf, type Layout } from "./build";
import type { Cable } from "./wire/cable";

export const STEP_LIMIT_MS = 20_000;
const TONE_LIMIT_MS = 8000;
const STATION_TONE = { hertz: 440, level: -20 };
const TONE_SECONDS = 8;

function withVoice(station: PeerStation): PeerStation {
  station.board.memory.hear(sine(STATION_TONE.hertz, STATION_TONE.level, TONE_SECONDS));
  return station;
}

/** Starts both on the loopback interface; resolves when the board has registered with all of its addresses. */
export async function startWithPeer(layout: Layout, settings: string[], words: string[] = []): Promise<PeerStation> {
  return withVoice(await startPeerStation(imageOf(layout), settings, words));
}

/** Starts a board with the peer at the other end of its cable; resolves when it is on, whether it has an address or not. */
export async function startOnCable(cable: Cable, layout: Layout, settings: string[]): Promise<PeerStation> {
  const network = { address: "", udpPorts: [], nic: cable.nic };
  return withVoice(await turnOnWithPeer(await VoicePeer.open(cable), imageOf(layout), settings, network));
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
