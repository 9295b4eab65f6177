// The station's call as those who watch its line see it: the states of RFC 4235 by the state of the station. Whoever's call the
// station would answer may watch it.

import type { Memory } from "../memory/pool";
import { createDialogEvent } from "../sip/dialog-event";
import { createLine, type Line, LineState, setLine } from "../sip/line";
import type { Message } from "../sip/message";
import { createPresence } from "../sip/presence";
import { createSubscriptions } from "../sip/subscriptions";
import { isListedCaller, type Station, StationState } from "./station";

/** By StationState: IDLE, CALLING, ANSWERING, CONNECTING, TALKING. */
const STATES: LineState[] = [
  LineState.TERMINATED,
  LineState.TRYING,
  LineState.EARLY,
  LineState.CONFIRMED,
  LineState.CONFIRMED,
];

/** Boot only: the line of a station can be watched. */
export function createStationLine(memory: Memory, station: Station): Line {
  const subscriptions = createSubscriptions(memory, station.sessions.userAgent, { owner: station, isWelcome });
  const line = createLine(subscriptions, station.session.dialog);
  createDialogEvent(line);
  createPresence(line);
  station.listener = { owner: line, onCall };
  return line;
}

function isWelcome(owner: object, request: Message): boolean {
  return isListedCaller(owner as Station, request);
}

function onCall(owner: object, station: Station): void {
  const session = station.session;
  const rings = station.state === StationState.CALLING && station.rang;
  setLine(owner as Line, rings ? LineState.EARLY : STATES[station.state], session.isCaller, session.dialog);
}
