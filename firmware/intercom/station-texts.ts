// Texts at the door: what a listed peer writes is reported to the board, which may show it; the board may send texts of its own.

import { createFixedOctets, createPoolUse, type Memory } from "../memory/pool";
import type { Message } from "../sip/message";
import { createTextMessages, type TextMessages } from "../sip/text-message";
import { StationEvent } from "./event-log";
import { isListedCaller, type Station } from "./station";

/** Boot only: the station takes texts of those whose calls it would answer. */
export function createStationTexts(memory: Memory, station: Station): TextMessages {
  const userAgent = station.sessions.userAgent;
  const use = createPoolUse(memory, userAgent.limits.textMessages);
  const messages = createTextMessages(userAgent, { owner: station, isWelcome, onText, onSent });
  createFixedOctets(use);
  return messages;
}

function isWelcome(owner: object, request: Message): boolean {
  return isListedCaller(owner as Station, request);
}

function onText(owner: object, messages: TextMessages): void {
  (owner as Station).board.log.event(StationEvent.TEXT, messages.text.length, 0);
}

function onSent(owner: object, statusCode: number): void {
  (owner as Station).board.log.event(StationEvent.TEXT_SENT, statusCode, 0);
}
