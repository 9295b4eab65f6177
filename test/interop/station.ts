// The station as these tests use it: a person at the door (button, voice, ear) and the door (relay). It runs in this process
// on a simulated board whose sockets are real ones of the namespace.

import { StationState } from "../../firmware/intercom/station";
import { RegistrationState } from "../../firmware/sip/registration";
import { reofferSession } from "../../firmware/sip/session-change";
import { RealClock } from "../../hal/node/real-clock";
import { createSine } from "../../hal/node/sample-source";
import { openSimulatedBoard, type SimulatedBoard } from "../../simulator/board/simulated-board";
import { DeskStation, readSettings } from "../../simulator/desk-station";
import type { Bed } from "./bed";
import { until } from "./waiting";

/** The station's own tone, which no call-progress tone of the firmware has. */
export const STATION_HERTZ = 700;
/** dBov */
export const STATION_LEVEL = -20;
export const STATION_ADDRESS = "127.0.0.10";
export const STATION_PORT = 5060;
const RTP_PORT = 10000;
const BUTTONS = 2;
const RELAYS = 2;

export class Station {
  /** host:port of its SIP. */
  readonly host: string;
  /** Where it is called without a proxy. */
  readonly uri: string;
  private readonly recording: Int16Array[] = [];
  private readonly pulses: number[] = new Array(RELAYS).fill(0);
  private board!: SimulatedBoard;
  private desk!: DeskStation;

  private constructor(address: string) {
    this.host = `${address.includes(":") ? `[${address}]` : address}:${STATION_PORT}`;
    this.uri = `sip:door@${this.host}`;
  }

  /** Boots a station with the settings of a text; it ends with the test. */
  static async start(bed: Bed, text: string, at = STATION_ADDRESS): Promise<Station> {
    const station = new Station(at);
    const settings = readSettings(text, "settings");
    const address = { address: at, sipPort: STATION_PORT, rtpPort: RTP_PORT };
    const board = await openSimulatedBoard(new RealClock(), address, {
      buttons: BUTTONS,
      relays: RELAYS,
      microphone: createSine(STATION_HERTZ, STATION_LEVEL),
      recorders: [{ take: (samples, count) => station.record(samples as unknown as Int16Array, count) }],
    });
    bed.atEnd(() => station.close());
    board.onOutput(({ kind, index, value }) => {
      station.pulses[index] += kind === "relay" && value === 1 ? 1 : 0;
    });
    station.board = board;
    station.desk = new DeskStation(board, settings);
    return station;
  }

  /** Presses a button, counted from 0, and lets it go. */
  press(button: number): void {
    this.board.press(button);
  }

  /** Ends the call from the door's side. */
  hangUp(): void {
    this.desk.hangUp();
  }

  /** Offers the media of the call anew. */
  reoffer(): void {
    reofferSession(this.desk.device.station.session);
    this.board.wake();
  }

  /** What a relay, counted from 0, is at: 1 energised. */
  relay(index: number): number {
    return this.board.relays[index].value;
  }

  /** How often a relay was energised. */
  releases(index: number): number {
    return this.pulses[index];
  }

  /** Everything that the speaker has played. */
  heard(): Int16Array {
    const all = new Int16Array(this.recording.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of this.recording) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }

  /** Whether nobody is called, calls or talks. */
  isIdle(): boolean {
    return this.desk.state === StationState.IDLE;
  }

  /** Whether two people can talk. */
  isTalking(): boolean {
    return this.desk.state === StationState.TALKING;
  }

  /** Whether the registrar has accepted it. */
  isRegistered(): boolean {
    return this.desk.registration === RegistrationState.REGISTERED;
  }

  /** Ends the work in good order: hangs up, takes its registration back. */
  async stop(): Promise<void> {
    this.desk.stop();
    await until(() => this.desk.stopped, "the station to be stopped");
  }

  private close(): void {
    this.board.close();
  }

  private record(samples: Int16Array, count: number): void {
    this.recording.push(samples.slice(0, count));
  }
}
