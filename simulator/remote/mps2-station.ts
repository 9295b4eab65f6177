// The MPS2 image in QEMU as the desk's device: buttons, lights and relays on its expander, microphone and loudspeaker in the rings of its
// sound device, which are filled and read as they turn, its console as the log, the cable by QEMU's protocol.

import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createSamples } from "../../firmware/bytes/bytes";
import type { SampleSink } from "../../hal/node/level-meter";
import { serveConsole } from "../console/console-socket";
import { DeskError } from "../desk-error";
import type { DeskNetwork } from "../desk-network";
import type { Voice } from "../desk-options";
import { readSettings } from "../desk-station";
import { EmulatedBoard } from "../mps2/emulated-board";
import type { Mps2Board } from "../mps2/shared-memory";
import { LIGHTS, LOOK_MS, PRESS_MS, RELAYS, RemoteStation } from "./remote-station";

export interface Mps2StationOptions {
  name: string;
  board: Mps2Board;
  shell: string;
  program: string;
  programAt: number;
  /** With the ports and the address at which peers see the board. */
  settings: string;
  /** Of this machine, where the board's ports are. */
  address: string;
  /** The file of the memory that outlives the board; undefined: one that goes with it. */
  memory: string | undefined;
  /** The socket at which its console is given out; undefined: none. */
  console: string | undefined;
  microphone: Voice;
  recorders: SampleSink[];
}

/** Samples by which the microphone is ahead of the board: what a busy machine may be late. */
const AHEAD_SAMPLES = 8000;
/** Samples of the loudspeaker that one look takes; what an even later look finds is lost. */
const TAKEN_SAMPLES = 16_000;

export class Mps2Station extends RemoteStation {
  private readonly directory = mkdtempSync(path.join(tmpdir(), "doorline-desk-"));
  private board: EmulatedBoard | undefined;
  private timer: NodeJS.Timeout | undefined;
  private clock = 0;
  private spokenTo = 0;
  private isEnding = false;
  private isLooking = false;
  private hideConsole: () => void = () => undefined;

  private constructor(
    network: DeskNetwork,
    private readonly options: Mps2StationOptions,
  ) {
    super(network, readSettings(options.settings, "settings"), options.name, options.recorders);
    if (options.memory !== undefined) {
      mkdirSync(path.dirname(path.resolve(options.memory)), { recursive: true });
    }
  }

  /** Turns it on. @throws {DeskError} when QEMU does not start or the board does not boot */
  static async start(network: DeskNetwork, options: Mps2StationOptions): Promise<Mps2Station> {
    const station = new Mps2Station(network, options);
    try {
      await station.launch();
      await station.booted();
    } catch (error) {
      station.close();
      throw error instanceof DeskError ? error : new DeskError((error as Error).message);
    }
    return station;
  }

  press(button: number): void {
    this.attempt(this.board?.press(button, PRESS_MS));
  }

  setPower(isOn: boolean): string {
    if (!isOn) {
      this.turnOff();
    } else if (!this.isOn) {
      this.isOn = true;
      this.attempt(this.launch());
    }
    return "";
  }

  setCable(isIn: boolean): string {
    this.isCableIn = isIn;
    this.attempt(this.board?.setCable(isIn));
    return "";
  }

  stop(): void {
    this.isEnding = true;
    this.board?.type("q");
  }

  get stopped(): boolean {
    return !this.isOn;
  }

  close(): void {
    this.turnOff();
    rmSync(this.directory, { recursive: true, force: true });
  }

  protected askMemory(): void {
    this.board?.type("m");
  }

  private turnOff(): void {
    clearInterval(this.timer);
    this.hideConsole();
    this.hideConsole = () => undefined;
    this.board?.stop();
    this.board = undefined;
    this.becomeDark();
  }

  private async launch(): Promise<void> {
    const { options } = this;
    const { sipPort, rtpPort } = this.settings.network;
    const board = await EmulatedBoard.start({
      board: options.board,
      shell: options.shell,
      program: options.program,
      programAt: options.programAt,
      settings: options.settings,
      memory: options.memory ?? path.join(this.directory, "psram"),
      address: options.address,
      udpPorts: [sipPort, rtpPort, rtpPort + 1],
      tcpPorts: [sipPort],
    });
    this.board = board;
    if (options.console !== undefined) {
      this.hideConsole = await serveConsole(options.console, board.console);
    }
    this.isCableIn = true;
    this.clock = 0;
    this.spokenTo = 0;
    for (const line of board.lines) {
      this.takeConsole(line);
    }
    board.onLine = (line) => this.takeConsole(line);
    this.timer = setInterval(() => this.attempt(this.look(board)), LOOK_MS);
  }

  private takeConsole(line: string): void {
    this.takeLine(line);
    if (this.isEnding && line.endsWith("ended in good order")) {
      this.turnOff();
    }
  }

  /** What a board that was just turned off refuses is nothing to be told of. */
  private attempt(done: Promise<void> | undefined): void {
    done?.catch(() => undefined);
  }

  private async look(board: EmulatedBoard): Promise<void> {
    this.exchangeSound(board);
    if (this.isLooking) {
      return;
    }
    this.isLooking = true;
    try {
      for (let index = 0; index < RELAYS; index += 1) {
        this.takeOutput("relay", index, await board.relay(index));
      }
      for (let index = 0; index < LIGHTS; index += 1) {
        this.takeOutput("led", index, await board.light(index));
      }
    } finally {
      this.isLooking = false;
    }
  }

  /** Speaks ahead of the board's clock, and hears what it has played since the last look. */
  private exchangeSound({ memory }: EmulatedBoard): void {
    const state = memory.soundState();
    if (state === undefined) {
      return;
    }
    if (state.clock < this.clock) {
      // It has started anew.
      this.clock = 0;
      this.spokenTo = 0;
    }
    const from = Math.max(this.spokenTo, state.clock);
    const count = state.clock + AHEAD_SAMPLES - from;
    const samples = createSamples(count);
    this.options.microphone.source.fill(samples, count);
    memory.speak(samples as unknown as Int16Array, from);
    this.spokenTo = from + count;
    if (state.isOutputOn) {
      this.takeSound(memory.playedBefore(state.clock, Math.min(state.clock - this.clock, TAKEN_SAMPLES)));
    }
    this.clock = state.clock;
  }
}
