// A station on the desk: the firmware's device on a simulated board, booted from settings text, with the names of its states
// and events, and with a promise or a callback for whoever waits for one.

import { hangUpCall, type StationState } from "../firmware/intercom/station";
import { createStationLimits, type Limits } from "../firmware/limits";
import { createDevice, isStopped, pollDevice, startDevice, stopDevice, type WholeDevice } from "../firmware/main";
import { createSettings, type Settings } from "../firmware/settings/settings";
import { createSettingsProblem, parseSettings } from "../firmware/settings/settings-parser";
import type { RegistrationState } from "../firmware/sip/registration";
import { Status } from "../firmware/sip/status";
import type { Pollable } from "../hal/node/driver";
import type { SimulatedBoard } from "./board/simulated-board";
import { describeSettingsProblem } from "./settings-problem";

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

export class DeskStation implements Pollable {
  readonly device: WholeDevice;

  /** Boots at once, and is polled by the board's driver from then on. */
  constructor(
    readonly board: SimulatedBoard,
    settings: Settings,
    limits: Limits = createStationLimits(),
  ) {
    let device: WholeDevice | undefined;
    board.start((wired) => {
      device = createDevice(wired, limits, settings);
      return this;
    });
    if (device === undefined) {
      throw new Error("the board did not boot");
    }
    this.device = device;
    startDevice(device);
  }

  poll(): number {
    return pollDevice(this.device);
  }

  get state(): StationState {
    return this.device.station.state;
  }

  get registration(): RegistrationState {
    return this.device.registration.state;
  }

  press(button = 0): void {
    this.board.press(button);
  }

  hangUp(): void {
    hangUpCall(this.device.station);
    this.board.wake();
  }

  /** Hangs up, deregisters and secures the doors; resolves through `stopped`. */
  stop(): void {
    stopDevice(this.device);
    this.board.wake();
  }

  get stopped(): boolean {
    return isStopped(this.device);
  }
}
