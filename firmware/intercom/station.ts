// The door station: a button calls its person, two people talk, a digit code releases the door, a limit or either side ends
// the call. One call at a time; a second caller hears busy. This file is the state of it all and the way of a call; what it
// steers (relay, code, lights, voice) lies beside it.

import type { Board } from "../../hal/board";
import { Tone } from "../audio/tones";
import type { Bytes } from "../bytes/bytes";
import type { Writer } from "../bytes/writer";
import { createTimer, startTimer, stopTimer, type Timer, type TimerWheel } from "../clock/timer-wheel";
import type { RtpListener } from "../rtp/session";
import type { Settings } from "../settings/settings";
import { answerSession, endSession, refuseSession, ringSession } from "../sip/invite-called";
import { callPeer, cancelCall } from "../sip/invite-caller";
import { EndCause, type InviteSession, type InviteSessions, SessionState } from "../sip/invite-session";
import type { Message } from "../sip/message";
import { Status } from "../sip/status";
import { type AudioPath, endTone, playTone, startVoice, stopVoice } from "./audio-path";
import { type CallMedia, closeMedia, openMedia, putAnswer, putOffer, takeAnswer, takeOffer } from "./call-media";
import { type CodeEntry, CodeResult, createCodeEntry, enterDigit, restartCodeEntry } from "./code-entry";
import { createDoorRelay, type DoorRelay, releaseDoor, secureDoor } from "./door-relay";
import { StationEvent } from "./event-log";
import { createIndicator, type Indicator, showDoor, showIdle, showRinging, showTalking } from "./indicator";
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

export interface Station {
  readonly board: Board;
  readonly settings: Settings;
  readonly wheel: TimerWheel;
  readonly sessions: InviteSessions;
  readonly relays: DoorRelay[];
  readonly codes: CodeEntry;
  readonly indicator: Indicator;
  readonly media: CallMedia;
  readonly audio: AudioPath;
  state: StationState;
  /** The call; meaningful unless IDLE. */
  session: InviteSession;
  /** Ring limit, answer delay, talk limit. */
  limit: Timer;
  /** The notice before the talk limit. */
  notice: Timer;
  /** Hang up after the door was released. */
  hangUp: Timer;
  /** The end of a busy tone. */
  toneEnd: Timer;
}

function log(station: Station, event: StationEvent, first: number, second: number): void {
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

/** Boot only: an idle station, relays in their safe state, lights off. It becomes the user of the sessions. */
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
    indicator: createIndicator(board.leds, wheel),
    media,
    audio,
    state: StationState.IDLE,
    session: sessions.items[0],
  } as unknown as Station;
  const relayListener = { owner: station, onReleased, onSecured };
  for (let index = 0; index < board.relays.length; index += 1) {
    station.relays.push(createDoorRelay(board.relays[index], index, wheel, relayListener));
  }
  station.limit = createTimer(station, onLimit);
  station.notice = createTimer(station, onNotice);
  station.hangUp = createTimer(station, onHangUp);
  station.toneEnd = createTimer(station, onToneEnd);
  rtpListener.owner = station;
  rtpListener.onDigit = onDigit;
  sessions.user = {
    owner: station,
    onIncoming,
    onProgress,
    onConfirmed,
    onEnded,
    onOffer,
    onAnswer,
    writeOffer,
    writeAnswer,
  };
  return station;
}

function onReleased(owner: object, index: number): void {
  const station = owner as Station;
  log(station, StationEvent.RELEASED, index, 0);
  showDoor(station.indicator, 1);
}

function onSecured(owner: object, index: number): void {
  const station = owner as Station;
  let released = 0;
  log(station, StationEvent.SECURED, index, 0);
  for (let relay = 0; relay < station.relays.length; relay += 1) {
    released += station.relays[relay].released ? 1 : 0;
  }
  showDoor(station.indicator, released > 0 ? 1 : 0);
}

/** A button was pressed: it calls its person. While a call is on it does nothing: visitors press more than once. */
export function pressButton(station: Station, index: number): void {
  const buttons = station.settings.buttons;
  log(station, StationEvent.BUTTON, index, 0);
  if (station.state !== StationState.IDLE || index >= buttons.length) {
    log(station, StationEvent.BUTTON_IGNORED, index, station.state);
    return;
  }
  const target = buttons[index].call;
  if (target.end === target.start) {
    log(station, StationEvent.BUTTON_IGNORED, index, station.state);
    playBrieflyTone(station, Tone.ERROR);
    return;
  }
  openMedia(station.media);
  restartCodeEntry(station.codes);
  const session = callPeer(station.sessions, target.bytes, target.start, target.end);
  if (session < 0) {
    log(station, StationEvent.CALL_FAILED, index, session);
    playBrieflyTone(station, Tone.ERROR);
    return;
  }
  log(station, StationEvent.CALLING, index, 0);
  stopTimer(station.wheel, station.toneEnd);
  station.session = station.sessions.items[session];
  station.state = StationState.CALLING;
  showRinging(station.indicator);
  playTone(station.audio, Tone.RING_BACK);
  startTimer(station.wheel, station.limit, 1000 * station.settings.call.ringLimit);
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
function becomeIdle(station: Station): void {
  station.state = StationState.IDLE;
  stopTimer(station.wheel, station.limit);
  stopTimer(station.wheel, station.notice);
  stopTimer(station.wheel, station.hangUp);
  closeMedia(station.media);
  stopVoice(station.audio);
  endTone(station.audio);
  restartCodeEntry(station.codes);
  showIdle(station.indicator);
}

function playBrieflyTone(station: Station, tone: Tone): void {
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
    log(station, StationEvent.LIMIT, station.state === StationState.CALLING ? 0 : 1, 0);
    hangUpCall(station);
  }
}

function onNotice(owner: object): void {
  playTone((owner as Station).audio, Tone.CALL_ENDING);
}

function onHangUp(owner: object): void {
  hangUpCall(owner as Station);
}

function answerCall(station: Station): void {
  station.state = StationState.CONNECTING;
  answerSession(station.session);
}

/** Somebody calls the door. */
function onIncoming(owner: object, session: InviteSession, request: Message): void {
  const station = owner as Station;
  const listed = isListedPeer(station.settings.call, request, station.sessions.userAgent.transactions.transport.source);
  if (station.state !== StationState.IDLE) {
    refuseSession(session, 486);
    return;
  }
  log(station, StationEvent.INCOMING, listed ? 1 : 0, 0);
  if (!listed) {
    refuseSession(session, 403);
    return;
  }
  if (session.offerSent) {
    // No offer came, so no media were opened for it: ours is of a new session.
    openMedia(station.media);
  }
  station.session = session;
  station.state = StationState.ANSWERING;
  restartCodeEntry(station.codes);
  stopTimer(station.wheel, station.toneEnd);
  endTone(station.audio);
  if (station.settings.call.answerDelay > 0) {
    showRinging(station.indicator);
    ringSession(session);
    startTimer(station.wheel, station.limit, 1000 * station.settings.call.answerDelay);
  } else {
    answerCall(station);
  }
}

/** Whether a session is the station's present call. */
function isPresent(station: Station, session: InviteSession): boolean {
  return station.state !== StationState.IDLE && station.session === session;
}

function onProgress(owner: object, session: InviteSession, statusCode: number): void {
  const station = owner as Station;
  if (isPresent(station, session)) {
    log(station, StationEvent.RINGING, statusCode, 0);
    if (session.answered) {
      // The far side plays its own tone or announcement: early media.
      endTone(station.audio);
      startVoice(station.audio);
    }
  }
}

function onConfirmed(owner: object, session: InviteSession): void {
  const station = owner as Station;
  const talkLimit = 1000 * station.settings.call.talkLimit;
  if (!isPresent(station, session)) {
    return;
  }
  station.state = StationState.TALKING;
  endTone(station.audio);
  startVoice(station.audio);
  showTalking(station.indicator);
  startTimer(station.wheel, station.limit, talkLimit);
  if (talkLimit > ENDING_NOTICE_MS) {
    startTimer(station.wheel, station.notice, talkLimit - ENDING_NOTICE_MS);
  }
  log(station, StationEvent.TALKING, session.isCaller ? 1 : 0, station.media.agreement.payloadType);
}

function onEnded(owner: object, session: InviteSession, cause: EndCause): void {
  const station = owner as Station;
  if (!isPresent(station, session)) {
    return;
  }
  const unanswered = station.state === StationState.CALLING && cause !== EndCause.LOCAL;
  log(station, StationEvent.ENDED, cause, session.statusCode);
  becomeIdle(station);
  if (unanswered) {
    playBrieflyTone(station, Tone.BUSY);
  }
}

function onOffer(owner: object, session: InviteSession, bytes: Bytes, start: number, end: number): Status {
  const station = owner as Station;
  if (station.state === StationState.IDLE) {
    openMedia(station.media);
  } else if (station.session !== session) {
    // A second caller is refused with 486 whatever he offers; the media of the call stays untouched.
    return Status.OK;
  }
  return takeOffer(station.media, bytes, start, end);
}

function onAnswer(owner: object, session: InviteSession, bytes: Bytes, start: number, end: number): Status {
  const station = owner as Station;
  return isPresent(station, session) ? takeAnswer(station.media, bytes, start, end) : Status.OK;
}

function writeOffer(owner: object, session: InviteSession, writer: Writer): void {
  const station = owner as Station;
  if (station.state === StationState.IDLE || station.session === session) {
    putOffer(station.media, writer);
  }
}

function writeAnswer(owner: object, _session: InviteSession, writer: Writer): void {
  const station = owner as Station;
  const agreement = station.media.agreement;
  putAnswer(station.media, writer);
  log(station, StationEvent.MEDIA, agreement.sending ? 1 : 0, agreement.receiving ? 1 : 0);
}

/** A key of the other side, while two people talk. */
function onDigit(owner: object, digit: number): void {
  const station = owner as Station;
  if (station.state !== StationState.TALKING) {
    return;
  }
  log(station, StationEvent.DIGIT, digit, 0);
  const result = enterDigit(station.codes, digit);
  if (result >= 0 && result < station.relays.length) {
    releaseDoor(station.relays[result], 1000 * station.settings.relays[result].pulse);
    playTone(station.audio, Tone.DOOR_OPEN);
    if (station.settings.call.hangUpAfterRelease > 0) {
      startTimer(station.wheel, station.hangUp, 1000 * station.settings.call.hangUpAfterRelease);
    }
  } else if (result === CodeResult.WRONG) {
    log(station, StationEvent.WRONG_CODE, station.codes.wrong, station.codes.lockedOut ? 1 : 0);
    playTone(station.audio, Tone.ERROR);
  }
}

/** All relays into their safe state: before a restart, and in doubt. */
export function secureAllDoors(station: Station): void {
  for (let index = 0; index < station.relays.length; index += 1) {
    secureDoor(station.relays[index]);
  }
}
