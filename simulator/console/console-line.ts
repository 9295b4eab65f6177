// A line of a board's console: its time since boot and what it says, with the events of the firmware as sentences. The names of events
// are those of hal/native/event_names.c.

import type { Colors } from "picocolors/types";
import { StationEvent } from "../../firmware/intercom/event-log";
import { eventSentence } from "../event-prose";

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

const NUMBERS = new Map(Object.entries(EVENT_NAMES).map(([event, name]) => [name, Number(event)]));

/** What a person should look at. */
const TROUBLE = /exception|damaged|refused|error|fails|failed|never healthy|no program|out of memory|watchdog/;

interface ConsoleLine {
  /** Seconds since boot, as the board writes them; "" for what is no line of the log. */
  time: string;
  text: string;
  isEvent: boolean;
}

/** Reads a line; octets that would steer a terminal are gone. */
export function readLine(line: string): ConsoleLine {
  const clean = line.replace(/[^\x20-\x7e]/g, "");
  const [, time = "", said = clean] = /^ *(\d+\.\d{3}) (.*)$/.exec(clean) ?? [];
  const [, name = "", first, second] = /^([a-z ]+) (-?\d+) (-?\d+)$/.exec(said) ?? [];
  const event = NUMBERS.get(name);
  return event === undefined
    ? { time, text: said, isEvent: false }
    : { time, text: eventSentence({ time: 0, event, first: Number(first), second: Number(second) }), isEvent: true };
}

/** A line as a person reads it. */
export function lineProse(line: string, colors: Colors): string {
  const { time, text, isEvent } = readLine(line);
  const paint = TROUBLE.test(text) ? colors.red : isEvent ? colors.cyan : (words: string) => words;
  return time === "" ? text : `${colors.dim(`${time.padStart(11)} s`)}  ${paint(text)}`;
}
