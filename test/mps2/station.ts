// The MPS2 image among peers of a network namespace: the board behind QEMU's forwarder has an address of its own on the loopback
// interface, from which its datagrams leave and at which it is reached. To the tests it is what interop/station.ts is in this process.

import { EmulatedBoard } from "../../simulator/mps2/emulated-board";
import type { Bed } from "../interop/bed";
import { STATION_HERTZ, STATION_LEVEL } from "../interop/station";
import { RATE, sine } from "../interop/tone";
import { imageOf, type Layout } from "./build";

/** All of this network is the loopback interface's; the peers live at its first address. */
export const PEERS_ADDRESS = "192.0.2.1";
const BOARD_ADDRESS = "192.0.2.10";
const SIP_PORT = 5060;
const RTP_PORT = 10000;
const BOOT_LIMIT_MS = 30_000;
/** A whole number of periods, because it is heard over and over. */
const TONE_SECONDS = 8;
/** What of the loudspeaker is listened to. */
const HEARD_SAMPLES = 2 * RATE;

/** Gives the namespace the network of the peers. */
export async function addNetwork(bed: Bed): Promise<void> {
  await bed.start({ name: "ip", command: "ip", args: ["address", "replace", `${PEERS_ADDRESS}/24`, "dev", "lo"] }).end;
}

export interface StationOptions {
  layout: Layout;
  /** The file of the memory that outlives the board; left out: a new one. */
  memory?: string;
  /** The image of the program in place of the one that was built. */
  program?: string;
}

export class Mps2Station {
  private constructor(readonly board: EmulatedBoard) {}

  /** Turns the board on with the settings of a text; it is turned off at the end of the test. */
  static async start(bed: Bed, text: string, options: StationOptions): Promise<Mps2Station> {
    const settings = `${text}\nnetwork.advertised-address = ${BOARD_ADDRESS}\n`;
    const board = await EmulatedBoard.start({
      ...imageOf(options.layout),
      ...(options.program === undefined ? {} : { program: options.program }),
      settings,
      memory: options.memory,
      address: BOARD_ADDRESS,
      udpPorts: [SIP_PORT, RTP_PORT, RTP_PORT + 1],
      tcpPorts: [SIP_PORT],
    });
    bed.atEnd(() => board.stop());
    board.memory.hear(sine(STATION_HERTZ, STATION_LEVEL, TONE_SECONDS));
    return new Mps2Station(board);
  }

  async booted(from = 0): Promise<void> {
    await this.board.hear(/ booted /, BOOT_LIMIT_MS, from);
  }

  /** Where it is called by way of a proxy. */
  throughProxy(address: string): string {
    return `sip:door@${address}`;
  }

  heard(): Int16Array {
    return this.board.memory.played(HEARD_SAMPLES);
  }
}
