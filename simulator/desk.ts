// The desk: a station on its simulated board and, when nobody else is there to call, the switchboard and an indoor station
// that registers at it like any phone. Opened by a plan, on real sockets or in memory; ended in good order.

import type { SampleSink } from "../hal/node/level-meter";
import { createSine } from "../hal/node/sample-source";
import { WavRecorder } from "../hal/node/wav";
import type { SimulatedBoard } from "./board/simulated-board";
import { DeskError, describeFileError } from "./desk-error";
import type { DeskNetwork } from "./desk-network";
import { INDOOR_HERTZ, openRecordings, TONE_LEVEL } from "./desk-options";
import { type DeskPlan, INDOOR } from "./desk-plan";
import { DeskStation, readSettings } from "./desk-station";
import { type IndoorOptions, IndoorStation } from "./switchboard/indoor-station";
import { Switchboard } from "./switchboard/switchboard";

const BUTTONS = 4;
const RELAYS = 2;
/** Milliseconds that the last messages may take. */
const STOP_MS = 3000;

/** The sentence of a socket that could not be opened, with the option that chooses another. */
async function opening<Opened>(address: string, remedy: string, open: () => Promise<Opened>): Promise<Opened> {
  try {
    return await open();
  } catch (error) {
    const { message, cause } = error as Error;
    if ((cause as NodeJS.ErrnoException | undefined)?.code === "EADDRNOTAVAIL") {
      throw new DeskError(`--address: this machine does not have the address ${address}`);
    }
    throw new DeskError(`${message}; ${remedy}`);
  }
}

function openRecorder(path: string): WavRecorder {
  try {
    return new WavRecorder(path);
  } catch (error) {
    throw new DeskError(`--record: ${path} cannot be written: ${describeFileError(error)}`);
  }
}

export class Desk {
  switchboard: Switchboard | undefined;
  indoor: IndoorStation | undefined;
  board!: SimulatedBoard;
  station!: DeskStation;
  private recorders: WavRecorder[] = [];

  private constructor(
    readonly network: DeskNetwork,
    readonly plan: DeskPlan,
  ) {}

  /** Opens and boots everything. Throws a DeskError; nothing stays open then. */
  static async open(network: DeskNetwork, plan: DeskPlan, indoor: IndoorOptions = {}): Promise<Desk> {
    const desk = new Desk(network, plan);
    try {
      await desk.boot(indoor);
    } catch (error) {
      desk.close();
      throw error;
    }
    return desk;
  }

  /** Ends calls, takes registrations back, secures the doors, closes everything. */
  async stop(): Promise<void> {
    this.station.stop();
    this.indoor?.stop();
    await this.network.until(() => this.station.stopped && (this.indoor?.stopped ?? true), STOP_MS);
    this.close();
  }

  private async boot(indoor: IndoorOptions): Promise<void> {
    const { plan, network } = this;
    const recordings = plan.record === undefined ? undefined : openRecordings(plan.record);
    if (plan.users.length > 0) {
      await this.bootSwitchboard(indoor, recordings?.indoor);
    }
    const settings = plan.settingsFor(this.switchboard?.address ?? "");
    const { sip, rtp } = plan.ports;
    const remedy = "--sip-port and network.rtp-port of the settings choose others";
    this.board = await opening(plan.address, remedy, () =>
      network.openBoard(
        { address: plan.address, sipPort: sip, rtpPort: rtp },
        {
          buttons: BUTTONS,
          relays: RELAYS,
          microphone: plan.microphone.source,
          recorders: this.recordersOf(recordings?.door),
        },
      ),
    );
    this.station = new DeskStation(this.board, settings);
  }

  private async bootSwitchboard(options: IndoorOptions, recording: string | undefined): Promise<void> {
    const { plan, network } = this;
    const socket = await opening(plan.address, "--switchboard-port chooses another", () =>
      network.openSocket(plan.address, plan.ports.switchboard),
    );
    this.switchboard = new Switchboard(network.scheduler, socket, { users: plan.users, algorithms: plan.algorithms });
    const board = await network.openBoard(
      { address: plan.address },
      {
        microphone: createSine(INDOOR_HERTZ, TONE_LEVEL),
        recorders: this.recordersOf(recording),
      },
    );
    const account = [
      `account.user = ${INDOOR.name}`,
      `account.password = ${INDOOR.password}`,
      `account.registrar = ${this.switchboard.address}`,
      "account.display-name = Indoor station",
    ];
    this.indoor = new IndoorStation(board, readSettings(account.join("\n"), "indoor station"), options);
  }

  private recordersOf(path: string | undefined): SampleSink[] {
    if (path === undefined) {
      return [];
    }
    const recorder = openRecorder(path);
    this.recorders.push(recorder);
    return [recorder];
  }

  private close(): void {
    this.board?.close();
    this.indoor?.board.close();
    this.switchboard?.close();
    for (const recorder of this.recorders) {
      recorder.close();
    }
  }
}
