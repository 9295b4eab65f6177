// A line of a board's log as its shell writes it (boards/linux/log.c, boards/mps2-an386/log.c): the seconds since boot, and what is said:
// words, or an event by its name with two numbers.

import { StationEvent } from "../firmware/intercom/event-log";

/** As hal/native/event_names.c has them. */
export const EVENT_NAMES: Record<StationEvent, string> = {
  [StationEvent.BOOTED]: "booted",
  [StationEvent.REGISTRATION]: "registration",
  [StationEvent.BUTTON]: "button",
  [StationEvent.BUTTON_IGNORED]: "button ignored",
  [StationEvent.CALLING]: "calling",
  [StationEvent.CALL_FAILED]: "call failed",
  [StationEvent.RINGING]: "ringing",
  [StationEvent.INCOMING]: "incoming",
  [StationEvent.TALKING]: "talking",
  [StationEvent.ENDED]: "ended",
  [StationEvent.DIGIT]: "digit",
  [StationEvent.RELEASED]: "released",
  [StationEvent.SECURED]: "secured",
  [StationEvent.WRONG_CODE]: "wrong code",
  [StationEvent.LIMIT]: "limit",
  [StationEvent.SETTINGS_REFUSED]: "settings refused",
  [StationEvent.MEDIA]: "media",
  [StationEvent.REFUSED]: "refused",
  [StationEvent.HELD]: "held",
  [StationEvent.TEXT]: "text",
  [StationEvent.TEXT_SENT]: "text sent",
  [StationEvent.TRANSFER]: "transfer",
  [StationEvent.CODEC]: "codec",
};

const EVENTS = new Map(Object.entries(EVENT_NAMES).map(([number, name]) => [name, Number(number)]));

interface LogLine {
  /** Seconds since boot, as the board writes them. */
  time: string;
  said: string;
}

interface LogEvent {
  event: number;
  first: number;
  second: number;
}

/** Returns undefined for what is no line of a log. */
export function splitLogLine(line: string): LogLine | undefined {
  const [, time, said] = /^ *(\d+\.\d{3}) (.*)$/.exec(line) ?? [];
  return time === undefined ? undefined : { time, said };
}

/** The event in what a line says; undefined when it is none that the firmware has. */
export function readLogEvent(said: string): LogEvent | undefined {
  const [, name = "", first, second] = /^([a-z ]+) (-?\d+) (-?\d+)$/.exec(said) ?? [];
  const event = EVENTS.get(name);
  return event === undefined ? undefined : { event, first: Number(first), second: Number(second) };
}
