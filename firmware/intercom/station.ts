// The door station: a button calls its person, two people talk, a digit code releases the door, a limit or either side ends
// the call. One call at a time; a second caller hears busy. This file is the state of it all and the way of a call; what it
// steers (relay, code, lights, voice) lies beside it.

import type { Board } from "../../hal/board";
import { Tone } from "../audio/tones";
import { createTimer, startTimer, stopTimer, type Timer, type TimerWheel } from "../clock/timer-wheel";
import type { RtpListener } from "../rtp/session";
import type { Settings } from "../settings/settings";
import type { Account } from "../sip/account";
import { accountBit, chooseAccount, nextAccount } from "../sip/account-choice";
import { answerSession, endSession, refuseSession } from "../sip/invite-called";
import { callPeerAs, cancelCall } from "../sip/invite-caller";
import { type InviteSession, type InviteSessions, SessionState } from "../sip/invite-session";
import type { Message } from "../sip/message";
import { type AudioPath, endTone, playTone, startVoice, stopVoice } from "./audio-path";
import { type CallMedia, closeMedia, isHeldByPeer, openMedia, silenceOf } from "./call-media";
import { type CodeEntry, CodeResult, createCodeEntry, enterDigit, restartCodeEntry } from "./code-entry";
import { createDoorRelay, type DoorRelay, releaseDoor, secureDoor } from "./door-relay";
import { StationEvent } from "./event-log";
import { createIndicator, type Indicator, showDoor, showHeld, showIdle, showRinging, showTalking } from "./indicator";
import { createKeyStream, KeyPath, type KeyStream, restartKeyStream, takeKey } from "./key-stream";
import { isListedPeer } from "./peer-list";

export const enum StationState {
  IDLE = 0,
  /** A button was pressed; nobody has answered. */
  CALLING = 1,
  /** A listed peer calls; the answer waits for its delay. */
  ANSWERING = 2,
  /** Answered; the caller's ACK is awaited. */
  CONNECTING = 3,
  TALKING = 4,
}

/** The visitor hears that the call ends, so long before the talk limit. */
export const ENDING_NOTICE_MS = 10000;
/** How long busy or error tones sound after a call that was not answered. */
const BUSY_TONE_MS = 3000;

/** `Station.button`: the call is none of a button. */
export const NO_BUTTON = -1;

/** Which limit ended a call: the first number of StationEvent.LIMIT. */
const enum CallLimit {
  RING = 0,
  TALK = 1,
  SILENCE = 2,
}

/** Who watches the call of the station. Set once, at boot. */
export interface CallListener {
  owner: object;
  /** `station.state` changed, or the call rings now. */
  onCall: (owner: object, station: Station) => void;
}

export interface Station {
  readonly board: Board;
  readonly settings: Settings;
  readonly wheel: TimerWheel;
  readonly sessions: InviteSessions;
  readonly relays: DoorRelay[];
  readonly codes: CodeEntry;
  readonly keys: KeyStream;
  readonly indicator: Indicator;
  readonly media: CallMedia;
  readonly audio: AudioPath;
  state: StationState;
  /** The call; meaningful unless IDLE. */
  session: InviteSession;
  /** The button whose person is called; NO_BUTTON: somebody else. */
  button: number;
  /** The sum of `accountBit` of the accounts that its person was called as, and how many calls that were. */
  triedAccounts: number;
  tries: number;
  /** Whether the present call of ours rang. */
  rang: boolean;
  /** Whether the peer has put the call on hold. */
  held: boolean;
  /** Ring limit, answer delay, talk limit. */
  limit: Timer;
  /** The notice before the talk limit. */
  notice: Timer;
  /** Hang up after the door was released. */
  hangUp: Timer;
  /** The media may have been silent for the silence limit. */
  silence: Timer;
  /** The end of a busy tone. */
  toneEnd: Timer;
  listener: CallListener;
}

/** Reports an event to the board. */
export function logEvent(station: Station, event: StationEvent, first: number, second: number): void {
  station.board.log.event(event, first, second);
}

/** The RtpListener of a station: made before it, because the media is. */
export function createStationRtpListener(): RtpListener {
  const listener: RtpListener = { owner: NOBODY, onDigit: ignoreMedia, onGoodbye: ignoreMedia };
  return listener;
}

const NOBODY = {};

function ignoreMedia(): void {
  // Until the station takes the listener over; RTCP BYE ends nothing by itself: SIP does.
}

function ignoreCall(): void {
  // Until somebody watches.
}

/** Boot only: an idle station, relays in their safe state, lights off. station-calls.ts makes it the user of the sessions. */
export function createStation(
  board: Board,
  settings: Settings,
  wheel: TimerWheel,
  sessions: InviteSessions,
  media: CallMedia,
  audio: AudioPath,
  rtpListener: RtpListener,
): Station {
  const station = {
    board,
    settings,
    wheel,
    sessions,
    relays: [] as DoorRelay[],
    codes: createCodeEntry(settings, wheel),
    keys: createKeyStream(),
    indicator: createIndicator(board.leds, wheel),
    media,
    audio,
    state: StationState.IDLE,
    session: sessions.items[0],
    button: NO_BUTTON,
    triedAccounts: 0,
    tries: 0,
    rang: false,
    held: false,
    listener: { owner: NOBODY, onCall: ignoreCall },
  } as unknown as Station;
  const relayListener = { owner: station, onReleased, onSecured };
  for (let index = 0; index < board.relays.length; index += 1) {
    station.relays.push(createDoorRelay(board.relays[index], index, wheel, relayListener));
  }
  station.limit = createTimer(station, onLimit);
  station.notice = createTimer(station, onNotice);
  station.hangUp = createTimer(station, onHangUp);
  station.silence = createTimer(station, onSilence);
  station.toneEnd = createTimer(station, onToneEnd);
  rtpListener.owner = station;
  rtpListener.onDigit = onDigit;
  return station;
}

export function enterState(station: Station, state: StationState): void {
  station.state = state;
  station.listener.onCall(station.listener.owner, station);
}

function onReleased(owner: object, index: number): void {
  const station = owner as Station;
  logEvent(station, StationEvent.RELEASED, index, 0);
  showDoor(station.indicator, 1);
}

function onSecured(owner: object, index: number): void {
  const station = owner as Station;
  let released = 0;
  logEvent(station, StationEvent.SECURED, index, 0);
  for (let relay = 0; relay < station.relays.length; relay += 1) {
    released += station.relays[relay].released ? 1 : 0;
  }
  showDoor(station.indicator, released > 0 ? 1 : 0);
}

/** A button was pressed: it calls its person. While a call is on it does nothing: visitors press more than once. */
export function pressButton(station: Station, index: number): void {
  const buttons = station.settings.buttons;
  logEvent(station, StationEvent.BUTTON, index, 0);
  if (station.state !== StationState.IDLE || index >= buttons.length) {
    logEvent(station, StationEvent.BUTTON_IGNORED, index, station.state);
    return;
  }
  const target = buttons[index].call;
  if (target.end === target.start) {
    logEvent(station, StationEvent.BUTTON_IGNORED, index, station.state);
    playBrieflyTone(station, Tone.ERROR);
    return;
  }
  const userAgent = station.sessions.userAgent;
  station.button = index;
  station.triedAccounts = 0;
  station.tries = 0;
  if (!callAs(station, chooseAccount(userAgent, target.bytes, target.start, target.end)) && !callAsNext(station)) {
    playBrieflyTone(station, Tone.ERROR);
  }
}

/** Calls the person of the button as an account. Returns whether the call is under way. */
function callAs(station: Station, account: Account): boolean {
  const target = station.settings.buttons[station.button].call;
  station.triedAccounts |= accountBit(account);
  restartKeys(station);
  openMedia(station.media);
  const session = callPeerAs(station.sessions, account, target.bytes, target.start, target.end);
  if (session < 0) {
    logEvent(station, StationEvent.CALL_FAILED, station.button, session);
    return false;
  }
  logEvent(station, StationEvent.CALLING, station.button, station.tries);
  station.tries += 1;
  stopTimer(station.wheel, station.toneEnd);
  startRinging(station, station.sessions.items[session]);
  return true;
}

/** Calls the person of the button as the next account that was not tried. Returns whether there is one that can. */
export function callAsNext(station: Station): boolean {
  const userAgent = station.sessions.userAgent;
  const target = station.settings.buttons[station.button].call;
  let next = nextAccount(userAgent, station.triedAccounts, target.bytes, target.start, target.end);
  while (next >= 0) {
    if (callAs(station, userAgent.accounts[next])) {
      return true;
    }
    next = nextAccount(userAgent, station.triedAccounts, target.bytes, target.start, target.end);
  }
  return false;
}

export function restartKeys(station: Station): void {
  restartCodeEntry(station.codes);
  restartKeyStream(station.keys);
}

/** A call of ours goes out: the visitor sees and hears it ring. */
function startRinging(station: Station, session: InviteSession): void {
  station.session = session;
  station.rang = false;
  showRinging(station.indicator);
  playTone(station.audio, Tone.RING_BACK);
  startTimer(station.wheel, station.limit, 1000 * station.settings.call.ringLimit);
  enterState(station, StationState.CALLING);
}

/** Hangs the call up, in whatever state it is. */
export function hangUpCall(station: Station): void {
  if (station.state === StationState.CALLING && station.session.state < SessionState.CANCELLING) {
    cancelCall(station.session);
  } else if (station.state === StationState.ANSWERING) {
    refuseSession(station.session, 480);
  } else if (station.state !== StationState.IDLE) {
    endSession(station.session);
  }
}

/** Back to idle: voice off, limits off, lights off. Relays keep their pulse, which ends by itself. */
export function becomeIdle(station: Station): void {
  leaveTalk(station);
  endTone(station.audio);
  showIdle(station.indicator);
  enterState(station, StationState.IDLE);
}

/** Nobody is heard any more, and nothing ends the call. */
export function leaveTalk(station: Station): void {
  stopTimer(station.wheel, station.limit);
  stopTimer(station.wheel, station.notice);
  stopTimer(station.wheel, station.hangUp);
  stopTimer(station.wheel, station.silence);
  station.held = false;
  closeMedia(station.media);
  stopVoice(station.audio);
  restartKeys(station);
}

/** Whether nothing of a call is left: no limit runs, and neither media nor voice. What every call must leave behind. */
export function isIdleClean(station: Station): boolean {
  return (
    station.state === StationState.IDLE &&
    !station.limit.armed &&
    !station.notice.armed &&
    !station.hangUp.armed &&
    !station.silence.armed &&
    !station.held &&
    !station.media.agreed &&
    !station.media.session.running &&
    !station.audio.talking
  );
}

/**
 * Another call takes the place of the present one, which its owner ends: a transfer.
 * @param session a call of ours: under way, or answered with its media running
 */
export function adoptCall(station: Station, session: InviteSession): void {
  station.button = NO_BUTTON;
  if (session.state < SessionState.CONFIRMED) {
    leaveTalk(station);
    startRinging(station, session);
  } else {
    station.session = session;
    startTalking(station);
  }
}

export function playBrieflyTone(station: Station, tone: Tone): void {
  playTone(station.audio, tone);
  startTimer(station.wheel, station.toneEnd, BUSY_TONE_MS);
}

function onToneEnd(owner: object): void {
  const station = owner as Station;
  if (station.state === StationState.IDLE) {
    endTone(station.audio);
  }
}

/** Ring limit, answer delay or talk limit, by the state. */
function onLimit(owner: object): void {
  const station = owner as Station;
  if (station.state === StationState.ANSWERING) {
    answerCall(station);
  } else {
    logEvent(station, StationEvent.LIMIT, station.state === StationState.CALLING ? CallLimit.RING : CallLimit.TALK, 0);
    hangUpCall(station);
  }
}

/** The media may have been silent for the limit; what came since puts the next look off. */
function onSilence(owner: object): void {
  const station = owner as Station;
  const left = 1000 * station.settings.call.silenceLimit - silenceOf(station.media, station.wheel.now);
  if (left > 0) {
    startTimer(station.wheel, station.silence, left);
  } else {
    logEvent(station, StationEvent.LIMIT, CallLimit.SILENCE, 0);
    station.session.reason = 408; // Reason of the BYE (RFC 3326): nothing came for too long
    hangUpCall(station);
  }
}

function onNotice(owner: object): void {
  playTone((owner as Station).audio, Tone.CALL_ENDING);
}

function onHangUp(owner: object): void {
  hangUpCall(owner as Station);
}

export function answerCall(station: Station): void {
  answerSession(station.session);
  if (station.state === StationState.ANSWERING) {
    enterState(station, StationState.CONNECTING);
  }
}

/** Whether whoever sent the request at hand is listed in call.answer-from. */
export function isListedCaller(station: Station, request: Message): boolean {
  const userAgent = station.sessions.userAgent;
  return isListedPeer(userAgent, request, userAgent.transactions.transport.source);
}

/** Whether a session is the station's present call. */
export function isPresentCall(station: Station, session: InviteSession): boolean {
  return station.state !== StationState.IDLE && station.session === session;
}

/** Two people talk: the visitor and whoever the present call is with. */
export function startTalking(station: Station): void {
  const talkLimit = 1000 * station.settings.call.talkLimit;
  endTone(station.audio);
  startVoice(station.audio);
  showTalking(station.indicator);
  startTimer(station.wheel, station.limit, talkLimit);
  if (talkLimit > ENDING_NOTICE_MS) {
    startTimer(station.wheel, station.notice, talkLimit - ENDING_NOTICE_MS);
  }
  if (station.settings.call.silenceLimit > 0) {
    startTimer(station.wheel, station.silence, 1000 * station.settings.call.silenceLimit);
  }
  logEvent(station, StationEvent.TALKING, station.session.isCaller ? 1 : 0, station.media.agreement.payloadType);
  enterState(station, StationState.TALKING);
  showHold(station);
}

/** Shows whether the peer has the call on hold, when that changed. The talk limit runs on: a held door is still in use. */
export function showHold(station: Station): void {
  const held = isHeldByPeer(station.media);
  if (station.state !== StationState.TALKING || held === station.held) {
    return;
  }
  station.held = held;
  logEvent(station, StationEvent.HELD, held ? 1 : 0, 0);
  if (held) {
    showHeld(station.indicator);
  } else {
    showTalking(station.indicator);
  }
}

function onDigit(owner: object, digit: number): void {
  takeStationKey(owner as Station, digit, KeyPath.TELEPHONE_EVENT);
}

/**
 * A key of the other side. It counts while two people talk, and once, by whatever paths it comes.
 * @param digit 0 … 15 (RFC 4733 3.2)
 */
export function takeStationKey(station: Station, digit: number, path: KeyPath): void {
  if (station.state !== StationState.TALKING || !takeKey(station.keys, digit, path, station.wheel.now)) {
    return;
  }
  logEvent(station, StationEvent.DIGIT, digit, 0);
  const result = enterDigit(station.codes, digit);
  if (result >= 0 && result < station.relays.length) {
    releaseDoor(station.relays[result], 1000 * station.settings.relays[result].pulse);
    playTone(station.audio, Tone.DOOR_OPEN);
    if (station.settings.call.hangUpAfterRelease > 0) {
      startTimer(station.wheel, station.hangUp, 1000 * station.settings.call.hangUpAfterRelease);
    }
  } else if (result === CodeResult.WRONG) {
    logEvent(station, StationEvent.WRONG_CODE, station.codes.wrong, station.codes.lockedOut ? 1 : 0);
    playTone(station.audio, Tone.ERROR);
  }
}

/** All relays into their safe state: before a restart, and in doubt. */
export function secureAllDoors(station: Station): void {
  for (let index = 0; index < station.relays.length; index += 1) {
    secureDoor(station.relays[index]);
  }
}
