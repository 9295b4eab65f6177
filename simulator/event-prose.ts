// The events of the station and the messages on the wire, in words for a person.

import { StationEvent } from "../firmware/intercom/event-log";
import { StationState } from "../firmware/intercom/station";
import { EndCause } from "../firmware/sip/invite-session";
import { Refusal } from "../firmware/sip/refusal-log";
import { RegistrationState } from "../firmware/sip/registration";
import type { LoggedEvent, LoggedMessage } from "../hal/node/desk-log";

export const STATION_STATES: Record<StationState, string> = {
  [StationState.IDLE]: "idle",
  [StationState.CALLING]: "calling",
  [StationState.ANSWERING]: "answering",
  [StationState.CONNECTING]: "connecting",
  [StationState.TALKING]: "talking",
};

export const REGISTRATION_STATES: Record<RegistrationState, string> = {
  [RegistrationState.OFF]: "not registered",
  [RegistrationState.REGISTERING]: "registering",
  [RegistrationState.REGISTERED]: "registered",
  [RegistrationState.WAITING]: "waiting for the registrar",
  [RegistrationState.DEREGISTERING]: "deregistering",
};

/** Why a call ended, as the station sees it. */
export const END_CAUSES: Record<EndCause, string> = {
  [EndCause.LOCAL]: "the station hung up",
  [EndCause.REMOTE]: "the other side hung up",
  [EndCause.CANCELLED]: "the caller gave up",
  [EndCause.REFUSED]: "the call was refused",
  [EndCause.UNREACHABLE]: "nobody was reached",
  [EndCause.NO_ACKNOWLEDGEMENT]: "the answer was not acknowledged",
  [EndCause.NO_COMMON_MEDIA]: "there were no common media",
  [EndCause.NO_ROUTE]: "the call had nowhere to go",
  [EndCause.SESSION_EXPIRED]: "nobody refreshed the session",
  [EndCause.COMPLETED_ELSEWHERE]: "another phone answered",
  [EndCause.DIALOG_LOST]: "the other side knows the call no more",
};

/** Why the station refused something. */
export const REFUSALS: Record<Refusal, string> = {
  [Refusal.NONE]: "no reason",
  [Refusal.NETWORK]: "from outside the allowed networks",
  [Refusal.STRANGER_RATE]: "a stranger sends too much",
  [Refusal.STRANGERS_RATE]: "strangers send too much",
  [Refusal.PEER_RATE]: "a peer sends too much",
  [Refusal.CALLER]: "a caller who is not listed",
  [Refusal.DIALOG_SOURCE]: "a request of a call, but not from its peer",
  [Refusal.NO_DIALOG]: "a request of no call",
  [Refusal.RESERVED]: "a stranger's call while one is on",
  [Refusal.DEFECT]: "malformed",
};

const KEYS = "0123456789*#ABCD";

/** The key of a digit 0 … 15. */
export function keyOf(digit: number): string {
  return KEYS.charAt(digit);
}

/** With the status code that said so, when one did. */
function withCode(text: string, statusCode: number): string {
  return statusCode >= 300 ? `${text} (${statusCode})` : text;
}

const SENTENCES: Record<StationEvent, (first: number, second: number) => string> = {
  [StationEvent.BOOTED]: (pools, size) => `booted: ${pools} pools, ${size} KiB`,
  [StationEvent.REGISTRATION]: (first, code) =>
    withCode(
      `${first < 8 ? "" : `account ${(first >> 3) + 1}: `}${REGISTRATION_STATES[(first & 7) as RegistrationState]}`,
      code,
    ),
  [StationEvent.BUTTON]: (button) => `button ${button + 1} pressed`,
  [StationEvent.BUTTON_IGNORED]: (button, state) =>
    state === StationState.IDLE ? `button ${button + 1} calls nobody` : `button ${button + 1} ignored: a call is on`,
  [StationEvent.CALLING]: (button, tries) =>
    `calling the person of button ${button + 1}${tries === 0 ? "" : " by another account"}`,
  [StationEvent.CALL_FAILED]: (button) => `the call of button ${button + 1} could not be sent`,
  [StationEvent.RINGING]: (code) => (code === 180 ? "it rings" : `in progress (${code})`),
  [StationEvent.INCOMING]: (listed) => (listed === 1 ? "a listed peer calls" : "a stranger calls: refused"),
  [StationEvent.TALKING]: (called, payloadType) =>
    `talking, ${called === 1 ? "answered" : "the caller is on"}, ${payloadType === 0 ? "PCMU" : "PCMA"}`,
  [StationEvent.ENDED]: (cause, code) => `call over: ${withCode(END_CAUSES[cause as EndCause], code)}`,
  [StationEvent.DIGIT]: (digit) => `key ${keyOf(digit)}`,
  [StationEvent.RELEASED]: (relay) => `door released: relay ${relay + 1}`,
  [StationEvent.SECURED]: (relay) => `door secured: relay ${relay + 1}`,
  [StationEvent.WRONG_CODE]: (count, locked) => `wrong code, ${count} in a row${locked === 1 ? "; locked out" : ""}`,
  [StationEvent.LIMIT]: (limit) =>
    ["nobody answered in time", "the call was too long", "nothing was heard of the other side"][limit],
  [StationEvent.SETTINGS_REFUSED]: (line) => `the settings were refused at line ${line}`,
  [StationEvent.MEDIA]: (sending, receiving) =>
    `media: ${["none", "we listen", "we speak", "both ways"][2 * sending + receiving]}`,
  [StationEvent.HELD]: (held) => (held === 1 ? "put on hold" : "taken back from hold"),
  [StationEvent.TEXT]: (octets) => `a text came: ${octets} octets`,
  [StationEvent.TEXT_SENT]: (code) =>
    code >= 200 && code < 300 ? "our text was taken" : withCode("our text was not taken", code),
  [StationEvent.TRANSFER]: (outcome, code) =>
    withCode(["somebody else is called instead", "handed over", "not handed over"][outcome], code),
  [StationEvent.CODEC]: (status) =>
    ["the codec works again", "the codec does not answer", "another codec than expected", "no clock for the codec"][
      -status
    ],
  [StationEvent.REFUSED]: (reason, count) => `refused ${count}: ${REFUSALS[reason as Refusal]}`,
};

/** An event as a short sentence. */
export function eventSentence({ event, first, second }: LoggedEvent): string {
  return SENTENCES[event as StationEvent](first, second);
}

/** A message as one line: `INVITE sip:hall@192.0.2.7`, `180 Ringing (INVITE)`. Nothing in it steers a terminal. */
export function messageSummary({ bytes }: LoggedMessage): string {
  const text = Buffer.from(bytes)
    .toString("latin1")
    .replace(/[^\x20-\x7e\r\n]/g, "?");
  const line = /^[^\r\n]*/.exec(text)?.[0] ?? "";
  const method = /^CSeq\s*:\s*\d+\s+(\S+)/im.exec(text)?.[1];
  return line.startsWith("SIP/2.0 ")
    ? `${line.slice(8)}${method === undefined ? "" : ` (${method})`}`
    : line.replace(/ SIP\/2\.0$/, "");
}
