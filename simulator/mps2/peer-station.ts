// A board in QEMU with one peer, which is its registrar and whoever its first button calls (voice-peer.ts): what its tests and the build's
// calls begin with. It needs no other program.

import { EmulatedBoard, type EmulatedBoardOptions } from "./emulated-board";
import { VoicePeer } from "./voice-peer";

/** Where the board's ports are: for each process another host of the loopback network. */
export const BOARD_ADDRESS = `127.83.${(process.pid >> 8) & 0xff}.${(process.pid & 0xff) | 1}`;
export const SIP_PORT = 5060;
export const RTP_PORT = 10000;
const BOOT_LIMIT_MS = 60_000;

export interface PeerStation {
  peer: VoicePeer;
  board: EmulatedBoard;
  /** Takes the board's power away and closes the peer. */
  stop: () => void;
}

export type BoardFiles = Pick<EmulatedBoardOptions, "board" | "shell" | "program" | "programAt">;

/** Turns a board on that registers at the peer and calls it. What is open is closed when that fails. */
export async function turnOnWithPeer(
  peer: VoicePeer,
  files: BoardFiles,
  settings: readonly string[],
  network: Pick<EmulatedBoardOptions, "address" | "udpPorts" | "nic" | "words">,
): Promise<PeerStation> {
  const text = [
    ...["account.user = door", `account.registrar = ${peer.address}`, `button.1.call = sip:person@${peer.address}`],
    ...[...settings, ""],
  ].join("\n");
  const board = await EmulatedBoard.start({ ...files, settings: text, ...network }).catch((error: unknown) => {
    peer.close();
    throw error;
  });
  const stop = (): void => {
    board.stop();
    peer.close();
  };
  return { peer, board, stop };
}

/** Starts both on the loopback interface; resolves when the board has registered with all of its addresses. */
export async function startPeerStation(
  files: BoardFiles,
  settings: readonly string[],
  words: string[] = [],
): Promise<PeerStation> {
  const advertised = `network.advertised-address = ${BOARD_ADDRESS}`;
  const udpPorts = [SIP_PORT, RTP_PORT, RTP_PORT + 1];
  const network = { address: BOARD_ADDRESS, udpPorts, words };
  const station = await turnOnWithPeer(await VoicePeer.open(), files, [advertised, ...settings], network);
  try {
    await station.board.hear(/network: IPv6/, BOOT_LIMIT_MS);
    await station.board.until("the registration", () => station.peer.asked("REGISTER") > 0, BOOT_LIMIT_MS);
    return station;
  } catch (error) {
    station.stop();
    throw error;
  }
}
