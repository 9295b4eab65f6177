// The indoor station: a phone on the desk, made of the firmware's user agent, sessions and media. It registers, rings, is
// answered by a person or by itself, speaks what its board's microphone hears, presses keys, and calls. It has no buttons,
// no relays and no limits of time.

import { createG711 } from "../../firmware/audio/g711";
import { type Bytes, createBytesOf } from "../../firmware/bytes/bytes";
import { createEndpoint } from "../../firmware/bytes/ip-address";
import {
  createTimer,
  createTimerWheel,
  runTimers,
  startTimer,
  stopTimer,
  type Timer,
  type TimerWheel,
  timeToNextTimer,
} from "../../firmware/clock/timer-wheel";
import { type AudioPath, createAudioPath, pollAudio, startVoice, stopVoice } from "../../firmware/intercom/audio-path";
import {
  type CallMedia,
  closeMedia,
  createCallMedia,
  dropProposal,
  openMedia,
  putAnswer,
  putOffer,
  putRefusal,
  takeAnswer,
  takeOffer,
} from "../../firmware/intercom/call-media";
import { createStationLimits } from "../../firmware/limits";
import { createMemory } from "../../firmware/memory/pool";
import { type RtpListener, type RtpSession, receiveRtp, sendRtpDigit } from "../../firmware/rtp/session";
import type { Settings } from "../../firmware/settings/settings";
import { answerSession, endSession, refuseSession, ringSession } from "../../firmware/sip/invite-called";
import { callPeer, cancelCall } from "../../firmware/sip/invite-caller";
import {
  createInviteSessions,
  EndCause,
  type InviteSession,
  type InviteSessions,
  SessionState,
} from "../../firmware/sip/invite-session";
import type { Message } from "../../firmware/sip/message";
import {
  createRegistrations,
  type Registration,
  RegistrationState,
  startRegistration,
  stopRegistration,
} from "../../firmware/sip/registration";
import { createReliableProvisional } from "../../firmware/sip/reliable-provisional";
import { createRequestRouting } from "../../firmware/sip/request-routing";
import { createTableLocating } from "../../firmware/sip/resolver";
import { createSessionTimers } from "../../firmware/sip/session-timer";
import { createSessionUpdates } from "../../firmware/sip/session-update";
import { Status } from "../../firmware/sip/status";
import { createTransactions } from "../../firmware/sip/transactions";
import { createTransport, pollTransport, type Transport } from "../../firmware/sip/transport";
import { createUserAgent } from "../../firmware/sip/user-agent";
import type { Board } from "../../hal/board";
import type { Pollable } from "../../hal/node/driver";
import type { SimulatedBoard } from "../board/simulated-board";
import { octetText } from "./octet-text";

export type IndoorState = "idle" | "ringing" | "calling" | "connecting" | "talking";

/** Why the last call ended, as the indoor station sees it. */
export type IndoorEnd = "none" | "hung up" | "the other side hung up" | "the caller gave up" | "refused" | "failed";

export interface IndoorOptions {
  /** Milliseconds after which it answers by itself; left out: only when told. */
  answersAfter?: number;
}

/** Milliseconds of a key press. */
const KEY_MS = 100;

const KEYS = "0123456789*#ABCD";

const ENDS: Record<EndCause, IndoorEnd> = {
  [EndCause.LOCAL]: "hung up",
  [EndCause.REMOTE]: "the other side hung up",
  [EndCause.CANCELLED]: "the caller gave up",
  [EndCause.REFUSED]: "refused",
  [EndCause.UNREACHABLE]: "failed",
  [EndCause.NO_ACKNOWLEDGEMENT]: "failed",
  [EndCause.NO_COMMON_MEDIA]: "failed",
  [EndCause.NO_ROUTE]: "failed",
  [EndCause.SESSION_EXPIRED]: "failed",
  [EndCause.COMPLETED_ELSEWHERE]: "the caller gave up",
  [EndCause.DIALOG_LOST]: "failed",
};

export class IndoorStation implements Pollable {
  state: IndoorState = "idle";
  /** The URI of the other side of the call, or of the last one. */
  peer = "";
  /** When the talk began, milliseconds of the board's clock; meaningful while talking. */
  since = 0;
  end: IndoorEnd = "none";
  /** The final status code that the last call was refused with; 0: none. */
  endCode = 0;
  /** Keys that were pressed in this call and in all. */
  keys = "";
  /** Keys that the other side pressed in this call. */
  heardKeys = "";
  /** Called after each change of `state` and of the registration. */
  onChange: () => void = () => undefined;
  readonly registration: Registration;
  private readonly wheel: TimerWheel;
  private readonly transport: Transport;
  private readonly sessions: InviteSessions;
  private readonly media: CallMedia;
  private readonly audio: AudioPath;
  private readonly answerTimer: Timer;
  private session: InviteSession | undefined;
  /** What was asked for from outside since the last poll. */
  private actions: (() => void)[] = [];

  /** Boots at once, registers when the settings name a registrar, and is polled by the board's driver from then on. */
  constructor(
    readonly board: SimulatedBoard,
    settings: Settings,
    private readonly options: IndoorOptions = {},
  ) {
    const limits = createStationLimits();
    const memory = createMemory();
    const here = createEndpoint();
    const wired: Board = board;
    this.wheel = createTimerWheel(wired.clock.now());
    this.transport = createTransport(limits, wired.sip, here, wired.random, this.wheel, wired.log);
    const transactions = createTransactions(memory, limits, this.transport);
    const userAgent = createUserAgent(limits, settings, transactions);
    transactions.clients.locating = createTableLocating(settings);
    this.registration = createRegistrations(userAgent)[0];
    this.registration.user = { owner: this, onRegistration: () => this.onChange() };
    this.sessions = createInviteSessions(memory, userAgent);
    const listener: RtpListener = {
      owner: this,
      onDigit: (_owner, digit) => this.hearKey(digit),
      onGoodbye: () => undefined,
    };
    this.media = createCallMedia(
      limits.rtp,
      wired.media[0],
      here,
      settings.audio,
      wired.random,
      this.wheel,
      createG711(),
      listener,
    );
    this.audio = createAudioPath(wired.audioIn, wired.audioOut, this.media.session, settings.audio);
    this.answerTimer = createTimer(this, () => this.answerNow());
    this.sessions.user = {
      owner: this,
      onIncoming: (_owner, session, request) => this.onIncoming(session, request),
      onProgress: () => undefined,
      onConfirmed: (_owner, session) => this.onConfirmed(session),
      onEnded: (_owner, session, cause) => this.onEnded(session, cause),
      onOffer: (_owner, session, bytes, start, end) => this.onOffer(session, bytes, start, end),
      onAnswer: (_owner, session, bytes, start, end) =>
        this.session === session ? takeAnswer(this.media, bytes, start, end) : Status.OK,
      writeOffer: (_owner, session, writer) => putOffer(this.media, writer, session.invite.client.destination.family),
      writeAnswer: (_owner, _session, writer) => putAnswer(this.media, writer),
      writeRefusal: (_owner, _session, bytes, start, end, writer) => putRefusal(this.media, bytes, start, end, writer),
      onOfferRejected: () => dropProposal(this.media),
    };
    createRequestRouting(this.sessions);
    createSessionUpdates(this.sessions);
    createReliableProvisional(this.sessions);
    createSessionTimers(this.sessions);
    board.start(() => this);
    this.act(() => startRegistration(this.registration));
  }

  poll(): number {
    const now = this.board.clock.now();
    runTimers(this.wheel, now);
    const actions = this.actions;
    this.actions = [];
    for (const action of actions) {
      action();
    }
    pollTransport(this.transport);
    receiveRtp(this.media.session);
    pollAudio(this.audio);
    this.board.watchdog.feed();
    return timeToNextTimer(this.wheel, this.board.clock.now());
  }

  get isRegistered(): boolean {
    return this.registration.state === RegistrationState.REGISTERED;
  }

  /** Whether nothing is under way any more after `stop`. */
  get stopped(): boolean {
    return (
      this.actions.length === 0 &&
      this.registration.state === RegistrationState.OFF &&
      this.sessions.use.inUse === 0 &&
      !this.media.session.running
    );
  }

  /** What the call's media count. */
  get rtp(): RtpSession {
    return this.media.session;
  }

  /** Answers the call that rings. */
  answer(): void {
    this.act(() => this.answerNow());
  }

  /** Refuses the call that rings. */
  reject(statusCode = 603): void {
    this.act(() => {
      if (this.state === "ringing" && this.session !== undefined) {
        refuseSession(this.session, statusCode);
      }
    });
  }

  /** Ends the call, whatever it is doing. */
  hangUp(): void {
    this.act(() => this.hangUpNow());
  }

  /** Calls somebody. */
  call(uri: string): void {
    this.act(() => this.callNow(uri));
  }

  /** Presses keys: any of 0 … 9, * and #, one after the other (RFC 4733). Without a talk they are not sent. */
  press(keys: string): void {
    this.act(() => {
      for (const key of keys) {
        const digit = KEYS.indexOf(key);
        if (digit >= 0 && sendRtpDigit(this.media.session, digit, KEY_MS) === Status.OK) {
          this.keys += key;
        }
      }
      this.onChange();
    });
  }

  /** Ends the call and takes the registration back; `stopped` tells when that is done. */
  stop(): void {
    this.act(() => {
      this.hangUpNow();
      stopRegistration(this.registration);
    });
  }

  /** Does something in the next poll, when the timer wheel shows the present. */
  private act(action: () => void): void {
    this.actions.push(action);
    this.board.wake();
  }

  private enter(state: IndoorState): void {
    this.state = state;
    this.onChange();
  }

  private begin(session: InviteSession, peer: string, state: IndoorState): void {
    this.session = session;
    this.peer = peer;
    this.keys = "";
    this.heardKeys = "";
    this.end = "none";
    this.endCode = 0;
    this.enter(state);
  }

  private answerNow(): void {
    if (this.state === "ringing" && this.session !== undefined) {
      stopTimer(this.wheel, this.answerTimer);
      answerSession(this.session);
      if (this.state === "ringing") {
        this.enter("connecting");
      }
    }
  }

  private hangUpNow(): void {
    const session = this.session;
    if (session === undefined) {
      return;
    }
    if (this.state === "ringing") {
      refuseSession(session, 486);
    } else if (this.state === "calling" && session.state < SessionState.CANCELLING) {
      cancelCall(session);
    } else {
      endSession(session);
    }
  }

  private callNow(uri: string): void {
    if (this.state !== "idle") {
      return;
    }
    openMedia(this.media);
    const bytes = createBytesOf(uri);
    const index = callPeer(this.sessions, bytes, 0, bytes.length);
    if (index >= 0) {
      this.begin(this.sessions.items[index], uri, "calling");
    } else {
      this.peer = uri;
      this.end = "failed";
      this.enter("idle");
    }
  }

  private onIncoming(session: InviteSession, request: Message): void {
    if (this.state !== "idle") {
      refuseSession(session, 486);
      return;
    }
    this.begin(session, octetText(request.bytes, request.from.uriStart, request.from.uriEnd), "ringing");
    ringSession(session);
    if (this.options.answersAfter !== undefined) {
      startTimer(this.wheel, this.answerTimer, this.options.answersAfter);
    }
  }

  private onOffer(session: InviteSession, bytes: Bytes, start: number, end: number): Status {
    if (this.state === "idle") {
      openMedia(this.media);
    } else if (this.session !== session) {
      // A second caller is refused with 486 whatever he offers.
      return Status.OK;
    }
    return takeOffer(this.media, bytes, start, end);
  }

  private onConfirmed(session: InviteSession): void {
    if (this.session === session) {
      this.since = this.board.clock.elapsed();
      startVoice(this.audio);
      this.enter("talking");
    }
  }

  private onEnded(session: InviteSession, cause: EndCause): void {
    if (this.session === session) {
      stopTimer(this.wheel, this.answerTimer);
      closeMedia(this.media);
      stopVoice(this.audio);
      this.session = undefined;
      this.end = ENDS[cause];
      this.endCode = session.statusCode;
      this.enter("idle");
    }
  }

  private hearKey(digit: number): void {
    this.heardKeys += KEYS.charAt(digit);
    this.onChange();
  }
}
