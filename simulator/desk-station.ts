// A station on the desk: the firmware's device on a simulated board, booted from settings text, with the names of its states
// and events, and with a promise or a callback for whoever waits for one.

import type { Bytes } from "../firmware/bytes/bytes";
import { hangUpCall, StationState } from "../firmware/intercom/station";
import { createStationLimits, type Limits } from "../firmware/limits";
import { createDevice, isStopped, pollDevice, startDevice, stopDevice, type WholeDevice } from "../firmware/main";
import { createSettings, type Settings } from "../firmware/settings/settings";
import { createSettingsProblem, parseSettings } from "../firmware/settings/settings-parser";
import { isRegistrarSet } from "../firmware/sip/account";
import type { RegistrationState } from "../firmware/sip/registration";
import { Status } from "../firmware/sip/status";
import { SILENCE_DBOV } from "../hal/node/audio-format";
import type { DeskLog } from "../hal/node/desk-log";
import type { Pollable } from "../hal/node/driver";
import type { LevelMeter } from "../hal/node/level-meter";
import type { OutputChange, SimulatedBoard } from "./board/simulated-board";
import { describeSettingsProblem } from "./settings-problem";
import type { AccountLook, StationUnderDesk } from "./station-under-desk";
import { octetText } from "./switchboard/octet-text";

/** Settings text that the firmware refuses; the message names file, line, key and what is allowed. */
export class SettingsError extends Error {}

/** Reads settings text as the firmware does at boot. Throws a SettingsError. */
export function readSettings(text: string, file: string): Settings {
  const bytes = new TextEncoder().encode(text);
  const settings = createSettings();
  const problem = createSettingsProblem();
  if (parseSettings(settings, bytes, 0, bytes.length, problem) !== Status.OK) {
    throw new SettingsError(describeSettingsProblem(problem, file, bytes));
  }
  return settings;
}

/** Octets of the wire as one line of plain ASCII: nothing in it steers a terminal, and a letter is a column. */
function plainText(bytes: Bytes, length: number): string {
  return octetText(bytes, 0, length).replace(/[^\x20-\x7e]+/g, "?");
}

export class DeskStation implements Pollable, StationUnderDesk {
  readonly about = "";
  device!: WholeDevice;
  isOn = true;
  readonly isCableIn = true;

  /** Boots at once, and is polled by the board's driver from then on. */
  constructor(
    readonly board: SimulatedBoard,
    readonly settings: Settings,
    private readonly limits: Limits = createStationLimits(),
  ) {
    this.boot();
  }

  poll(): number {
    return pollDevice(this.device);
  }

  get log(): DeskLog {
    return this.board.log;
  }

  get speaker(): LevelMeter {
    return this.board.speaker;
  }

  get heardLevel(): number {
    return this.board.audioOut.running ? this.speaker.level() : SILENCE_DBOV;
  }

  get addressOfRecord(): string {
    const { addressUri } = this.device.userAgent.main;
    return octetText(addressUri.bytes, 0, addressUri.length);
  }

  get state(): StationState {
    return this.isOn ? this.device.station.state : StationState.IDLE;
  }

  get isHeld(): boolean {
    return this.device.station.held;
  }

  get isHandingOver(): boolean {
    return this.device.transfer.active;
  }

  get peer(): string {
    const { remoteTarget } = this.device.station.session.dialog;
    return octetText(remoteTarget.bytes, 0, remoteTarget.length);
  }

  get calledPerson(): string {
    const { remoteAddress } = this.device.station.session.dialog;
    return octetText(remoteAddress.bytes, 0, remoteAddress.length).replace(/^<|>$/g, "");
  }

  get registration(): RegistrationState {
    return this.device.registration.state;
  }

  get accounts(): AccountLook[] {
    return this.device.registrations
      .filter(({ account }) => isRegistrarSet(account))
      .map(({ account, state, statusCode }) => ({ index: account.index, state, statusCode }));
  }

  get lastText(): string {
    const { text, sender } = this.device.texts;
    return text.length === 0 ? "" : `${plainText(text.bytes, text.length)} (${plainText(sender.bytes, sender.length)})`;
  }

  get relays(): boolean[] {
    return this.board.relays.map(({ value }) => value === 1);
  }

  get lights(): boolean[] {
    return this.board.leds.map(({ value }) => value === 1);
  }

  press(button = 0): void {
    this.board.press(button);
  }

  hangUp(): string {
    hangUpCall(this.device.station);
    this.board.wake();
    return "";
  }

  setPower(isOn: boolean): string {
    if (isOn && !this.isOn) {
      this.boot();
    } else if (!isOn) {
      this.board.powerOff();
    }
    this.isOn = isOn;
    return "";
  }

  setCable(): string {
    return "a station in this process has no cable of its own";
  }

  onOutput(listener: (change: OutputChange) => void): void {
    this.board.onOutput(listener);
  }

  /** Hangs up, deregisters and secures the doors; resolves through `stopped`. */
  stop(): void {
    stopDevice(this.device);
    this.board.wake();
  }

  get stopped(): boolean {
    return !this.isOn || isStopped(this.device);
  }

  close(): void {
    this.board.close();
  }

  private boot(): void {
    this.board.start((wired) => {
      this.device = createDevice(wired, this.limits, this.settings);
      return this;
    });
    startDevice(this.device);
  }
}
