// The desk as plain lines of text: every event of the station and every message on its wire, with the time. For output that
// is no terminal.

import type { LoggedEvent, LoggedMessage } from "../hal/node/desk-log";
import { endpointText } from "../hal/node/endpoint";
import type { Desk } from "./desk";
import { eventSentence, messageSummary } from "./event-prose";

/** Writes a line for everything that has happened at the station and that happens from now on. */
export function logDesk(desk: Desk, write: (line: string) => void): void {
  const log = desk.station.log;
  const timed = (time: number, text: string): string => `${(time / 1000).toFixed(3).padStart(8)} s  ${text}`;
  const eventLine = (event: LoggedEvent): string => timed(event.time, eventSentence(event));
  const messageLine = (message: LoggedMessage): string =>
    timed(message.time, `${message.sent ? "->" : "<-"} ${endpointText(message.peer)}  ${messageSummary(message)}`);
  const past = [
    ...log.events.map((event) => ({ time: event.time, line: eventLine(event) })),
    ...log.messages.map((message) => ({ time: message.time, line: messageLine(message) })),
  ];
  for (const { line } of past.sort((left, right) => left.time - right.time)) {
    write(line);
  }
  log.onEvent = (event) => write(eventLine(event));
  log.onMessage = (message) => write(messageLine(message));
}
