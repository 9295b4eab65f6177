// The desk: a station on its simulated board and, when nobody else is there to call, the switchboard and an indoor station
// that registers at it like any phone. Opened by a plan, on real sockets or in memory; ended in good order.

import type { SampleSink } from "../hal/node/level-meter";
import { createSine } from "../hal/node/sample-source";
import { WavRecorder } from "../hal/node/wav";
import { BoardBuildError } from "../tools/native/board-build";
import { DeskError, describeFileError } from "./desk-error";
import type { DeskNetwork } from "./desk-network";
import { INDOOR_HERTZ, openRecordings, TONE_LEVEL } from "./desk-options";
import { type DeskPlan, INDOOR } from "./desk-plan";
import { DeskStation, readSettings, SettingsError } from "./desk-station";
import { isMps2Board } from "./mps2/shared-memory";
import { deviceFiles, networkFor, openDevice } from "./remote/open-device";
import type { StationUnderDesk } from "./station-under-desk";
import { type IndoorOptions, IndoorStation } from "./switchboard/indoor-station";
import { Switchboard } from "./switchboard/switchboard";

const BUTTONS = 4;
const RELAYS = 2;
/** Milliseconds that the last messages may take: a little more than a Linux board's own limit. */
const STOP_MS = 4000;

/** The sentence of a socket that could not be opened, with the option that chooses another. */
async function opening<Opened>(address: string, remedy: string, open: () => Promise<Opened>): Promise<Opened> {
  try {
    return await open();
  } catch (error) {
    if (error instanceof DeskError || error instanceof SettingsError || error instanceof BoardBuildError) {
      throw error;
    }
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
  station!: StationUnderDesk;
  /** What a person asked for and did not get, and why; "" when there is nothing to tell. */
  notice = "";
  readonly network: DeskNetwork;
  private recorders: WavRecorder[] = [];

  private constructor(
    network: DeskNetwork,
    readonly plan: DeskPlan,
  ) {
    this.network = networkFor(plan, network);
  }

  /** The station when its firmware runs in this process. */
  get own(): DeskStation {
    if (this.station instanceof DeskStation) {
      return this.station;
    }
    throw new Error(`the station runs in a device of its own: ${this.station.about}`);
  }

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
    const files = plan.device.name === "node" ? undefined : deviceFiles(plan);
    const recordings = plan.record === undefined ? undefined : openRecordings(plan.record);
    if (plan.users.length > 0) {
      await this.bootSwitchboard(indoor, recordings?.indoor);
    }
    const switchboard = this.switchboard?.address ?? "";
    const recorders = this.recordersOf(recordings?.door);
    const { sip, rtp } = plan.ports;
    const remedy = "--sip-port and network.rtp-port of the settings choose others";
    this.station = await opening(plan.address, remedy, async () => {
      if (files !== undefined) {
        return openDevice(plan, network, files, switchboard, recorders);
      }
      const settings = plan.settingsFor(switchboard);
      const where = { address: plan.address, sipPort: sip, rtpPort: rtp };
      const microphone = plan.microphone.source;
      return new DeskStation(
        await network.openBoard(where, { buttons: BUTTONS, relays: RELAYS, microphone, recorders }),
        settings,
      );
    });
    this.followPeers();
  }

  /** The messages of a device that does not log them, as the switchboard and the indoor station have them. */
  private followPeers(): void {
    const { sipPort } = this.station.settings.network;
    if (!isMps2Board(this.plan.device.name)) {
      return;
    }
    for (const log of [this.switchboard?.log, this.indoor?.board.log]) {
      if (log !== undefined) {
        log.onMessage = ({ sent, bytes, peer }) => {
          if (peer.port === sipPort) {
            this.station.log.message(!sent, bytes as never, 0, bytes.length, peer);
          }
        };
      }
    }
  }

  private async bootSwitchboard(options: IndoorOptions, recording: string | undefined): Promise<void> {
    const { plan, network } = this;
    const socket = await opening(plan.address, "--switchboard-port chooses another", () =>
      network.openSocket(plan.address, plan.ports.switchboard),
    );
    this.switchboard = new Switchboard(network.scheduler, socket, {
      users: plan.users,
      algorithms: plan.algorithms,
      names: [plan.address],
    });
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
    this.station?.close();
    this.indoor?.board.close();
    this.switchboard?.close();
    for (const recorder of this.recorders) {
      recorder.close();
    }
  }
}
