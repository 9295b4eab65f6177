// What the station does with its calls: answers or refuses who calls, follows a call of its own from the first ring to the end,
// and hands offers and answers to the media. The sessions' user; one call at a time, and whatever else comes hears busy.

import { Tone } from "../audio/tones";
import type { Bytes } from "../bytes/bytes";
import type { Writer } from "../bytes/writer";
import { startTimer, stopTimer } from "../clock/timer-wheel";
import { isAccountFailure } from "../sip/account-choice";
import { refuseSession, ringSession } from "../sip/invite-called";
import { EndCause, type InviteSession } from "../sip/invite-session";
import type { Message } from "../sip/message";
import { doubtRegistration } from "../sip/registration";
import { Status } from "../sip/status";
import { endTone, startVoice } from "./audio-path";
import { dropProposal, openMedia, putAnswer, putOffer, putRefusal, takeAnswer, takeOffer } from "./call-media";
import { StationEvent } from "./event-log";
import { showRinging } from "./indicator";
import {
  answerCall,
  becomeIdle,
  callAsNext,
  enterState,
  isListedCaller,
  isPresentCall,
  leaveTalk,
  logEvent,
  NO_BUTTON,
  playBrieflyTone,
  restartKeys,
  type Station,
  StationState,
  showHold,
  startTalking,
} from "./station";

/** Boot only: the station becomes the user of the sessions. */
export function createStationCalls(station: Station): void {
  station.sessions.user = {
    owner: station,
    onIncoming,
    onProgress,
    onConfirmed,
    onEnded,
    onOffer,
    onAnswer,
    writeOffer,
    writeAnswer,
    writeRefusal,
    onOfferRejected,
  };
}

/** Somebody calls the door. */
function onIncoming(owner: object, session: InviteSession, request: Message): void {
  const station = owner as Station;
  const listed = isListedCaller(station, request);
  if (station.state !== StationState.IDLE) {
    refuseSession(session, 486);
    return;
  }
  logEvent(station, StationEvent.INCOMING, listed ? 1 : 0, 0);
  if (!listed) {
    refuseSession(session, 403);
    return;
  }
  if (session.offerSent) {
    // No offer came, so no media were opened for it: ours is of a new session.
    openMedia(station.media);
  }
  station.session = session;
  restartKeys(station);
  stopTimer(station.wheel, station.toneEnd);
  endTone(station.audio);
  enterState(station, StationState.ANSWERING);
  if (station.settings.call.answerDelay > 0) {
    showRinging(station.indicator);
    ringSession(session);
    startTimer(station.wheel, station.limit, 1000 * station.settings.call.answerDelay);
  } else {
    answerCall(station);
  }
}

function onProgress(owner: object, session: InviteSession, statusCode: number): void {
  const station = owner as Station;
  if (isPresentCall(station, session)) {
    station.rang = true;
    logEvent(station, StationEvent.RINGING, statusCode, 0);
    if (session.answered) {
      // The far side plays its own tone or announcement: early media.
      endTone(station.audio);
      startVoice(station.audio);
    }
    enterState(station, station.state);
  }
}

function onConfirmed(owner: object, session: InviteSession): void {
  const station = owner as Station;
  if (isPresentCall(station, session)) {
    startTalking(station);
  }
}

/** Whether a call of ours came to nothing because of the way that it took: not where it rang, or a person refused. */
function failedOnItsWay(station: Station, session: InviteSession, cause: EndCause): boolean {
  return (
    !station.rang &&
    cause !== EndCause.NO_COMMON_MEDIA &&
    isAccountFailure(cause === EndCause.REFUSED ? session.statusCode : 0)
  );
}

/** The account's server is asked whether it still knows us, and the person of a button is called by another account. */
function failOver(station: Station, session: InviteSession): boolean {
  doubtRegistration(session.account);
  station.state = StationState.IDLE; // The failed call's no longer: what is offered now is of the next one.
  return station.button !== NO_BUTTON && callAsNext(station);
}

function onEnded(owner: object, session: InviteSession, cause: EndCause): void {
  const station = owner as Station;
  if (!isPresentCall(station, session)) {
    return;
  }
  const unanswered = station.state === StationState.CALLING && cause !== EndCause.LOCAL;
  logEvent(station, StationEvent.ENDED, cause, session.statusCode);
  leaveTalk(station);
  if (unanswered && failedOnItsWay(station, session, cause) && failOver(station, session)) {
    return;
  }
  if (cause === EndCause.DIALOG_LOST || cause === EndCause.SESSION_EXPIRED) {
    // A server that was restarted may have forgotten our registration with the call.
    doubtRegistration(session.account);
  }
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
  if (!isPresentCall(station, session)) {
    return Status.OK;
  }
  const status = takeAnswer(station.media, bytes, start, end);
  showHold(station);
  return status;
}

/** Our offer came to nothing: the media stay as they are. */
function onOfferRejected(owner: object, session: InviteSession): void {
  const station = owner as Station;
  if (isPresentCall(station, session)) {
    dropProposal(station.media);
  }
}

function writeOffer(owner: object, session: InviteSession, writer: Writer): void {
  const station = owner as Station;
  if (station.state === StationState.IDLE || station.session === session) {
    const peer = session.isCaller ? session.invite.client.destination : session.server.destination;
    putOffer(station.media, writer, peer.family);
  }
}

function writeAnswer(owner: object, _session: InviteSession, writer: Writer): void {
  const station = owner as Station;
  const agreement = station.media.agreement;
  putAnswer(station.media, writer);
  logEvent(station, StationEvent.MEDIA, agreement.sending ? 1 : 0, agreement.receiving ? 1 : 0);
  showHold(station);
}

function writeRefusal(
  owner: object,
  _session: InviteSession,
  bytes: Bytes,
  start: number,
  end: number,
  writer: Writer,
): void {
  putRefusal((owner as Station).media, bytes, start, end, writer);
}
