// A station in a device of its own, as far as all such devices are the same: what it does is read from its log, what it moves is told
// by its pins, what it plays is heard. Nothing in this process is its firmware. What presses, powers and unplugs it is each device's own.

import { StationEvent } from "../../firmware/intercom/event-log";
import { StationState } from "../../firmware/intercom/station";
import type { Settings } from "../../firmware/settings/settings";
import { RegistrationState } from "../../firmware/sip/registration";
import type { Endpoint } from "../../hal/endpoint";
import { SILENCE_DBOV } from "../../hal/node/audio-format";
import { DeskLog } from "../../hal/node/desk-log";
import { LevelMeter, type SampleSink } from "../../hal/node/level-meter";
import type { Scheduler } from "../../hal/node/scheduler";
import type { OutputChange, OutputKind } from "../board/simulated-board";
import { DeskError } from "../desk-error";
import type { DeskNetwork } from "../desk-network";
import type { AccountLook, StationUnderDesk } from "../station-under-desk";
import { octetText } from "../switchboard/octet-text";
import { type LogListener, LogReader } from "./log-lines";

export const BUTTONS = 4;
export const RELAYS = 2;
export const LIGHTS = 3;
/** A person's press, milliseconds. */
export const PRESS_MS = 200;
/** Milliseconds between two looks at what a device plays and moves. */
export const LOOK_MS = 40;

/** Milliseconds without a sample after which a loudspeaker is off. */
const SILENT_AFTER_MS = 250;
/** An emulated board on a busy machine takes its time. */
const BOOT_LIMIT_MS = 60_000;
/** Lines that are kept to say why it did not boot. */
const KEPT_LINES = 8;

/** The states that events begin; the rest changes none. */
const BEGINS: Partial<Record<StationEvent, StationState>> = {
  [StationEvent.BOOTED]: StationState.IDLE,
  [StationEvent.CALLING]: StationState.CALLING,
  [StationEvent.CALL_FAILED]: StationState.IDLE,
  [StationEvent.TALKING]: StationState.TALKING,
  [StationEvent.ENDED]: StationState.IDLE,
};

const HEADER = /^(?:from|f)\s*:[^<\r\n]*<?([^>;\r\n]+)/im;

export abstract class RemoteStation implements StationUnderDesk, LogListener {
  readonly log: DeskLog;
  readonly speaker = new LevelMeter();
  readonly relays = Array.from({ length: RELAYS }, () => false);
  readonly lights = Array.from({ length: LIGHTS }, () => false);
  state = StationState.IDLE;
  isHeld = false;
  isHandingOver = false;
  isOn = true;
  isCableIn = true;
  accounts: AccountLook[] = [];
  calledPerson = "";
  peer = "";
  /** Its log tells how long a text is, not what it says. */
  readonly lastText = "";
  readonly addressOfRecord: string;
  protected readonly scheduler: Scheduler;
  private readonly reader = new LogReader(this);
  private readonly listeners: ((change: OutputChange) => void)[] = [];
  private heardAt = Number.NEGATIVE_INFINITY;
  private engine = "";
  private octets = 0;
  private hasBooted = false;
  private lastLines: string[] = [];

  /** @param recorders hear the loudspeaker as well */
  protected constructor(
    protected readonly network: DeskNetwork,
    readonly settings: Settings,
    private readonly name: string,
    private readonly recorders: SampleSink[],
  ) {
    this.scheduler = network.scheduler;
    this.log = new DeskLog(this.scheduler);
    const { user, registrar, domain } = settings.accounts[0];
    const host = [domain, registrar]
      .map(({ bytes, start, end }) => octetText(bytes, start, end))
      .find((text) => text !== "");
    this.addressOfRecord = `sip:${octetText(user.bytes, user.start, user.end)}@${(host ?? "").replace(/^sips?:/, "")}`;
  }

  get about(): string {
    const memory = this.octets === 0 ? "" : `, ${Math.ceil(this.octets / 1024)} KB`;
    // The name of the engine, where that of the device ends with it, is not said twice.
    const [engine, version] = this.engine.split(" ");
    const runs = this.name.endsWith(engine) ? (version ?? "") : this.engine;
    return `${this.name}${runs === "" ? "" : ` ${runs}`}${memory}`;
  }

  get heardLevel(): number {
    return this.scheduler.elapsed() - this.heardAt > SILENT_AFTER_MS ? SILENCE_DBOV : this.speaker.level();
  }

  onOutput(listener: (change: OutputChange) => void): void {
    this.listeners.push(listener);
  }

  hangUp(): string {
    return `${this.name} has no control of its own that hangs up`;
  }

  abstract press(button: number): void;
  abstract setPower(isOn: boolean): string;
  abstract setCable(isIn: boolean): string;
  abstract stop(): void;
  abstract readonly stopped: boolean;
  abstract close(): void;

  onEvent(event: number, first: number, second: number): void {
    this.state = BEGINS[event as StationEvent] ?? this.state;
    if (event === StationEvent.BOOTED) {
      this.hasBooted = true;
      this.accounts = [];
    } else if (event === StationEvent.REGISTRATION) {
      this.takeRegistration(first >> 3, first & 7, second);
    } else if (event === StationEvent.CALLING) {
      const { bytes, start, end } = this.settings.buttons[first].call;
      this.calledPerson = octetText(bytes, start, end);
      this.peer = this.calledPerson;
    } else if (event === StationEvent.INCOMING && first === 1) {
      this.state = StationState.ANSWERING;
      this.peer = this.lastCaller();
    } else if (event === StationEvent.HELD) {
      this.isHeld = first === 1;
    } else if (event === StationEvent.TRANSFER) {
      this.isHandingOver = first === 0;
    }
    if (this.state === StationState.IDLE) {
      this.isHeld = false;
      this.isHandingOver = false;
    }
    this.log.event(event, first, second);
    if (event === StationEvent.ENDED) {
      this.askMemory();
    }
  }

  onMessage(sent: boolean, head: Uint8Array, peer: Endpoint): void {
    this.log.message(sent, head as never, 0, head.length, peer);
  }

  onProgram(engine: string): void {
    this.engine = engine;
  }

  onMemory(octets: number): void {
    this.octets = octets;
  }

  /** Has the device write its memory report. */
  protected abstract askMemory(): void;

  protected takeLine(line: string): void {
    this.lastLines = [...this.lastLines, line].slice(-KEPT_LINES);
    this.reader.take(line);
  }

  protected takeOutput(kind: OutputKind, index: number, isOn: boolean): void {
    const pins = kind === "relay" ? this.relays : this.lights;
    if (index < pins.length && pins[index] !== isOn) {
      pins[index] = isOn;
      for (const listener of this.listeners) {
        listener({ kind, index, value: isOn ? 1 : 0, time: this.scheduler.elapsed() });
      }
    }
  }

  protected takeSound(samples: Int16Array): void {
    if (samples.length > 0) {
      this.heardAt = this.scheduler.elapsed();
      for (const sink of [this.speaker, ...this.recorders]) {
        sink.take(samples as never, samples.length);
      }
    }
  }

  /** Without power every output falls, and nothing is known of a call any more. */
  protected becomeDark(): void {
    this.isOn = false;
    this.state = StationState.IDLE;
    this.accounts = [];
    for (const index of this.relays.keys()) {
      this.takeOutput("relay", index, false);
    }
    for (const index of this.lights.keys()) {
      this.takeOutput("led", index, false);
    }
  }

  /** Resolves when it has booted. @throws {DeskError} with its last words when it does not */
  protected async booted(): Promise<void> {
    await this.network.until(() => this.hasBooted || !this.isOn, BOOT_LIMIT_MS);
    if (!this.hasBooted) {
      throw new DeskError(`${this.name} did not boot: ${this.lastLines.join(" / ").trim()}`);
    }
    this.askMemory();
  }

  private takeRegistration(index: number, state: RegistrationState, statusCode: number): void {
    const others = this.accounts.filter((account) => account.index !== index);
    const isOff = state === RegistrationState.OFF && others.length > 0;
    this.accounts = [...others, ...(isOff ? [] : [{ index, state, statusCode }])].sort(
      (left, right) => left.index - right.index,
    );
  }

  /** Whom the last INVITE is from, as far as the messages are known. */
  private lastCaller(): string {
    const invite = this.log.messages.findLast(
      ({ sent, bytes }) => !sent && Buffer.from(bytes.subarray(0, 7)).toString("latin1") === "INVITE ",
    );
    const text = invite === undefined ? "" : Buffer.from(invite.bytes).toString("latin1");
    return HEADER.exec(text)?.[1].replace(/[^\x20-\x7e]+/g, "?") ?? "";
  }
}
