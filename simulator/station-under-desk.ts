// The station as the desk has it in front of it: what a person sees, hears and presses, wherever its firmware runs. In this
// process it is a DeskStation; elsewhere it is a device that is known by its log, its pins and its sound (remote/).

import type { StationState } from "../firmware/intercom/station";
import type { Settings } from "../firmware/settings/settings";
import type { RegistrationState } from "../firmware/sip/registration";
import type { DeskLog } from "../hal/node/desk-log";
import type { LevelMeter } from "../hal/node/level-meter";
import type { OutputChange } from "./board/simulated-board";

/** An account that registers. */
export interface AccountLook {
  /** From 0. */
  index: number;
  state: RegistrationState;
  /** Of the registrar's last answer; 0: none. */
  statusCode: number;
}

export interface StationUnderDesk {
  /** Which device it is, in a few words that change as it runs; "" in this process. */
  readonly about: string;
  readonly settings: Settings;
  /** The URI by which it is known. */
  readonly addressOfRecord: string;
  /** What it logs, at the time of the desk. */
  readonly log: DeskLog;
  /** Hears its loudspeaker. */
  readonly speaker: LevelMeter;
  /** Of the loudspeaker now, dBov; SILENCE_DBOV while it is off. */
  readonly heardLevel: number;
  readonly state: StationState;
  readonly isHeld: boolean;
  readonly isHandingOver: boolean;
  /** The other side's URI; "" while nobody calls. */
  readonly peer: string;
  /** Of the person who was called, once that is known. */
  readonly calledPerson: string;
  readonly accounts: readonly AccountLook[];
  /** The last text that came, with its sender; "" when none did. */
  readonly lastText: string;
  readonly relays: readonly boolean[];
  readonly lights: readonly boolean[];
  readonly isOn: boolean;
  readonly isCableIn: boolean;
  press(button: number): void;
  /** Hangs up, as a control of its own does. Returns "", or why this device cannot. */
  hangUp(): string;
  /** Takes the power away or gives it back. Returns "", or why that is not possible. */
  setPower(isOn: boolean): string;
  /** Pulls the network's cable or puts it in. Returns "", or why that is not possible. */
  setCable(isIn: boolean): string;
  onOutput(listener: (change: OutputChange) => void): void;
  /** Hangs up, takes the registration back and secures the doors; `stopped` tells when that is done. */
  stop(): void;
  readonly stopped: boolean;
  /** Ends it at once. */
  close(): void;
}
