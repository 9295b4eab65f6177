// A line of a board's console: its time since boot and what it says, with the events of the firmware as sentences.

import type { Colors } from "picocolors/types";
import { eventSentence } from "../event-prose";
import { readLogEvent, splitLogLine } from "../log-line";

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
  const { time, said } = splitLogLine(clean) ?? { time: "", said: clean };
  const event = readLogEvent(said);
  return event === undefined
    ? { time, text: said, isEvent: false }
    : { time, text: eventSentence({ time: 0, ...event }), isEvent: true };
}

/** A line as a person reads it. */
export function lineProse(line: string, colors: Colors): string {
  const { time, text, isEvent } = readLine(line);
  const paint = TROUBLE.test(text) ? colors.red : isEvent ? colors.cyan : (words: string) => words;
  return time === "" ? text : `${colors.dim(`${time.padStart(11)} s`)}  ${paint(text)}`;
}
