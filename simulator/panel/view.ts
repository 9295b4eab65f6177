// What the panel shows, as plain data: taken from a desk at one moment. It asks and never steers.

import type { Bytes } from "../../firmware/bytes/bytes";
import { StationEvent } from "../../firmware/intercom/event-log";
import { StationState } from "../../firmware/intercom/station";
import { isRegistrarSet } from "../../firmware/sip/account";
import { RegistrationState } from "../../firmware/sip/registration";
import { SILENCE_DBOV } from "../../hal/node/audio-format";
import type { SimulatedBoard } from "../board/simulated-board";
import type { Desk } from "../desk";
import { eventSentence, messageSummary, REGISTRATION_STATES, STATION_STATES } from "../event-prose";
import type { IndoorStation } from "../switchboard/indoor-station";
import { octetText } from "../switchboard/octet-text";

/** A side of the call. */
export interface SideView {
  state: string;
  isIdle: boolean;
  isTalking: boolean;
  /** Milliseconds since the state began; meaningful unless idle. */
  time: number;
  /** The other side's address; "" when idle. */
  peer: string;
  registration: string;
  isRegistered: boolean;
  /** What it hears, dBov. */
  level: number;
}

export interface RelayView {
  released: boolean;
  /** "" when no code moves it. */
  code: string;
}

/** A line of the history. */
export interface HistoryLine {
  /** Milliseconds since the start. */
  time: number;
  kind: "sent" | "received" | "event";
  text: string;
}

export interface DeskView {
  /** The station's address of record. */
  address: string;
  /** Milliseconds since the start. */
  time: number;
  station: SideView & {
    account: string;
    /** The last text that came, with its sender; "" when none did. */
    text: string;
    relays: RelayView[];
    lights: boolean[];
  };
  /** Whom the buttons call, by button; "" for nobody. */
  targets: string[];
  indoor: (SideView & { keys: string; end: string }) | undefined;
  /** `host:port` and how many phones are registered; undefined without a switchboard. */
  switchboard: { address: string; phones: number } | undefined;
  /** The latest last. */
  history: HistoryLine[];
}

/** Lines of the history that are kept: more than any terminal shows. */
const HISTORY = 200;

/** Events that begin a state of the station. */
const BEGINNINGS: number[] = [StationEvent.CALLING, StationEvent.INCOMING, StationEvent.TALKING];

function heardLevel(board: SimulatedBoard): number {
  return board.audioOut.running ? board.speaker.level() : SILENCE_DBOV;
}

/** Octets of the wire as one line of plain ASCII: nothing in it steers a terminal, and a letter is a column. */
function plainText(bytes: Bytes, length: number): string {
  return octetText(bytes, 0, length).replace(/[^\x20-\x7e]+/g, "?");
}

function lastText(desk: Desk): string {
  const { text, sender } = desk.station.device.texts;
  return text.length === 0 ? "" : `${plainText(text.bytes, text.length)} (${plainText(sender.bytes, sender.length)})`;
}

/** What the station does: its state, and where the call stands. */
function stateOf(desk: Desk): string {
  const { station, transfer } = desk.station.device;
  return `${station.held ? "on hold" : STATION_STATES[station.state]}${transfer.active ? ", handing over" : ""}`;
}

/** The state of the one account, or of each by its number. */
function registrationsOf(desk: Desk): Pick<SideView, "registration" | "isRegistered"> {
  const registrations = desk.station.device.registrations.filter(({ account }) => isRegistrarSet(account));
  const states = registrations.map(({ account, state }) => `${account.index + 1} ${REGISTRATION_STATES[state]}`);
  return {
    registration: registrations.length > 1 ? states.join(", ") : REGISTRATION_STATES[desk.station.registration],
    isRegistered:
      registrations.length > 0 && registrations.every(({ state }) => state === RegistrationState.REGISTERED),
  };
}

function viewStation(desk: Desk, now: number): DeskView["station"] {
  const { station, board } = desk;
  const { state } = station;
  const device = station.device;
  const { registrar, user } = device.settings.accounts[0];
  const dialog = device.station.session.dialog;
  const began = board.log.events.findLast(({ event }) => BEGINNINGS.includes(event));
  const isIdle = state === StationState.IDLE;
  return {
    state: stateOf(desk),
    isIdle,
    isTalking: state === StationState.TALKING,
    time: isIdle || began === undefined ? 0 : now - began.time,
    peer: isIdle ? "" : octetText(dialog.remoteTarget.bytes, 0, dialog.remoteTarget.length),
    ...registrationsOf(desk),
    text: lastText(desk),
    level: heardLevel(board),
    account:
      registrar.end > registrar.start
        ? `${octetText(user.bytes, user.start, user.end)} at ${octetText(registrar.bytes, registrar.start + 4, registrar.end)}`
        : "none",
    relays: device.settings.relays.map(({ code }, index) => ({
      released: board.relays[index].value === 1,
      code: octetText(code.bytes, code.start, code.end),
    })),
    lights: board.leds.map(({ value }) => value === 1),
  };
}

function viewIndoor(indoor: IndoorStation, now: number): DeskView["indoor"] {
  const isTalking = indoor.state === "talking";
  return {
    state: indoor.state,
    isIdle: indoor.state === "idle",
    isTalking,
    time: now - indoor.since,
    peer: indoor.state === "idle" ? "" : indoor.peer,
    registration: REGISTRATION_STATES[indoor.registration.state],
    isRegistered: indoor.isRegistered,
    level: heardLevel(indoor.board),
    keys: indoor.keys,
    end: indoor.end === "none" ? "" : `${indoor.end}${indoor.end === "refused" ? ` (${indoor.endCode})` : ""}`,
  };
}

/** Of what happened in the same instant: what came, what was made of it, what went out. */
const ORDER: HistoryLine["kind"][] = ["received", "event", "sent"];

function viewHistory(desk: Desk): HistoryLine[] {
  const { events, messages } = desk.board.log;
  const lines: HistoryLine[] = [
    ...messages.slice(-HISTORY).map((message) => ({
      time: message.time,
      kind: message.sent ? ("sent" as const) : ("received" as const),
      text: messageSummary(message),
    })),
    ...events.slice(-HISTORY).map((event) => ({
      time: event.time,
      kind: "event" as const,
      text: eventSentence(event),
    })),
  ];
  return lines
    .sort((left, right) => left.time - right.time || ORDER.indexOf(left.kind) - ORDER.indexOf(right.kind))
    .slice(-HISTORY);
}

/** Looks at the desk. */
export function viewDesk(desk: Desk): DeskView {
  const now = desk.network.scheduler.elapsed();
  const { userAgent, settings } = desk.station.device;
  const { switchboard, indoor } = desk;
  const { addressUri } = userAgent.main;
  return {
    address: octetText(addressUri.bytes, 0, addressUri.length),
    time: now,
    station: viewStation(desk, now),
    targets: settings.buttons.map(({ call }) => octetText(call.bytes, call.start, call.end)),
    indoor: indoor === undefined ? undefined : viewIndoor(indoor, now),
    switchboard:
      switchboard === undefined ? undefined : { address: switchboard.address, phones: switchboard.location.size },
    history: viewHistory(desk),
  };
}
