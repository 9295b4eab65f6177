// What the panel shows, as plain data: taken from a desk at one moment. It asks and never steers.

import { StationEvent } from "../../firmware/intercom/event-log";
import { StationState } from "../../firmware/intercom/station";
import { RegistrationState } from "../../firmware/sip/registration";
import { SILENCE_DBOV } from "../../hal/node/audio-format";
import type { Desk } from "../desk";
import { eventSentence, messageSummary, REGISTRATION_STATES, STATION_STATES } from "../event-prose";
import type { StationUnderDesk } from "../station-under-desk";
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
  /** What was asked for and is not possible; "" for nothing. */
  notice: string;
  station: SideView & {
    /** Which device it is; "" in this process. */
    about: string;
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

/** What the station does: its state, and where the call stands. */
function stateOf({ isOn, isCableIn, isHeld, isHandingOver, state }: StationUnderDesk): string {
  if (!isOn) {
    return "off";
  }
  const cable = isCableIn ? "" : ", cable out";
  return `${isHeld ? "on hold" : STATION_STATES[state]}${isHandingOver ? ", handing over" : ""}${cable}`;
}

/** The state of the one account, or of each by its number. */
function registrationsOf({ accounts }: StationUnderDesk): Pick<SideView, "registration" | "isRegistered"> {
  const states = accounts.map(({ index, state }) => `${index + 1} ${REGISTRATION_STATES[state]}`);
  return {
    registration:
      accounts.length > 1
        ? states.join(", ")
        : REGISTRATION_STATES[accounts.length === 0 ? RegistrationState.OFF : accounts[0].state],
    isRegistered: accounts.length > 0 && accounts.every(({ state }) => state === RegistrationState.REGISTERED),
  };
}

function viewStation({ station }: Desk, now: number): DeskView["station"] {
  const { registrar, user } = station.settings.accounts[0];
  const began = station.log.events.findLast(({ event }) => BEGINNINGS.includes(event));
  const isIdle = station.state === StationState.IDLE;
  return {
    about: station.about,
    state: stateOf(station),
    isIdle,
    isTalking: station.state === StationState.TALKING,
    time: isIdle || began === undefined ? 0 : now - began.time,
    peer: isIdle ? "" : station.peer,
    ...registrationsOf(station),
    text: station.lastText,
    level: station.heardLevel,
    account:
      registrar.end > registrar.start
        ? `${octetText(user.bytes, user.start, user.end)} at ${octetText(registrar.bytes, registrar.start + 4, registrar.end)}`
        : "none",
    relays: station.settings.relays.map(({ code }, index) => ({
      released: station.relays[index],
      code: octetText(code.bytes, code.start, code.end),
    })),
    lights: [...station.lights],
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
    level: indoor.board.audioOut.running ? indoor.board.speaker.level() : SILENCE_DBOV,
    keys: indoor.keys,
    end: indoor.end === "none" ? "" : `${indoor.end}${indoor.end === "refused" ? ` (${indoor.endCode})` : ""}`,
  };
}

/** Of what happened in the same instant: what came, what was made of it, what went out. */
const ORDER: HistoryLine["kind"][] = ["received", "event", "sent"];

function viewHistory(desk: Desk): HistoryLine[] {
  const { events, messages } = desk.station.log;
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
  const { switchboard, indoor, station } = desk;
  return {
    address: station.addressOfRecord,
    notice: desk.notice,
    time: now,
    station: viewStation(desk, now),
    targets: station.settings.buttons.map(({ call }) => octetText(call.bytes, call.start, call.end)),
    indoor: indoor === undefined ? undefined : viewIndoor(indoor, now),
    switchboard:
      switchboard === undefined ? undefined : { address: switchboard.address, phones: switchboard.location.size },
    history: viewHistory(desk),
  };
}
