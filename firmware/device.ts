// The core of a device: boot of what every board has (SIP over UDP, calls, media, buttons, relays) and the loop. What a board may
// leave out is made by main.ts or small.ts and hangs on as parts. `pollDevice` is all that runs after boot; it allocates nothing.

import type { Board } from "../hal/board";
import { News } from "../hal/news";
import { StorageRecord } from "../hal/storage";
import { createG711 } from "./audio/g711";
import { createBytes, returnBytes } from "./bytes/bytes";
import { copyEndpoint, createEndpoint } from "./bytes/ip-address";
import { createTimerWheel, runTimers, type TimerWheel, timeToNextTimer } from "./clock/timer-wheel";
import { type AudioPath, createAudioPath, pollAudio } from "./intercom/audio-path";
import { type Button, createButton, pollButton } from "./intercom/button";
import { createCallMedia } from "./intercom/call-media";
import { StationEvent } from "./intercom/event-log";
import {
  createStation,
  createStationRtpListener,
  hangUpCall,
  pressButton,
  type Station,
  secureAllDoors,
} from "./intercom/station";
import { createStationCalls } from "./intercom/station-calls";
import type { Limits } from "./limits";
import { createFixedOctets, createMemory, createPoolUse, type Memory } from "./memory/pool";
import { JITTER_RING_SAMPLES } from "./rtp/jitter-buffer";
import { type RtpSession, receiveControlPackets, receiveMediaPackets } from "./rtp/session";
import { createSettings, type Settings } from "./settings/settings";
import { createSettingsProblem, parseSettings } from "./settings/settings-parser";
import { createInviteSessions } from "./sip/invite-session";
import { createRecovery, pollRecovery, type Recovery } from "./sip/recovery";
import {
  createRegistrations,
  type Registration,
  RegistrationState,
  startRegistration,
  stopRegistration,
  suspendRegistration,
} from "./sip/registration";
import { createRequestRouting } from "./sip/request-routing";
import { Status } from "./sip/status";
import { createTransactions, type Transactions } from "./sip/transactions";
import { createTransport, pollTransport } from "./sip/transport";
import { createUserAgent, type UserAgent } from "./sip/user-agent";

/** What a part of the device has to do in the loop and at the end. */
export interface DevicePart {
  owner: object;
  /** The bits of `News`, one of which lets it be polled. */
  on: number;
  poll: (owner: object) => void;
  /** When the device is to end in good order. */
  stop: (owner: object) => void;
}

/** A booted device. */
export interface Device {
  readonly board: Board;
  readonly settings: Settings;
  readonly memory: Memory;
  readonly wheel: TimerWheel;
  readonly transactions: Transactions;
  readonly userAgent: UserAgent;
  /** By account. */
  readonly registrations: Registration[];
  /** Of the first account. */
  readonly registration: Registration;
  readonly recovery: Recovery;
  readonly station: Station;
  readonly buttons: Button[];
  readonly rtp: RtpSession;
  readonly audio: AudioPath;
  readonly parts: DevicePart[];
  /** The bits of `News` for which any part is polled, from the start on. */
  on: number;
}

/** Events tell the account and the state in one number: 8 × account + state. */
const STATES_OF_AN_ACCOUNT = 8;

/** For a part that has nothing to do in the loop, or at the end. */
export function doNothing(): void {
  // On purpose.
}

function lookAtNetwork(owner: object): void {
  pollRecovery(owner as Recovery);
}

function onRegistration(owner: object, registration: Registration): void {
  const first = STATES_OF_AN_ACCOUNT * registration.account.index + registration.state;
  (owner as Board).log.event(StationEvent.REGISTRATION, first, registration.statusCode);
}

function onPress(owner: object, index: number): void {
  pressButton(owner as Station, index);
}

/**
 * Boot of the core. The relays are in their safe state before anything else happens.
 * @param board what the device is wired to; `board.media` has one pair of sockets
 * @param settings what the installer set
 */
export function createCore(board: Board, limits: Limits, settings: Settings): Device {
  for (let index = 0; index < board.relays.length; index += 1) {
    board.relays[index].write(0);
  }
  const memory = createMemory();
  const wheel = createTimerWheel(board.clock.now());
  const advertised = createEndpoint();
  copyEndpoint(advertised, settings.network.advertisedAddress);
  advertised.port = board.sip.local.port;
  const transport = createTransport(limits, board.sip, advertised, board.random, wheel, board.log);
  const transactions = createTransactions(memory, limits, transport);
  const accountsUse = createPoolUse(memory, limits.accountRecords);
  const userAgent = createUserAgent(limits, settings, transactions);
  const registrations = createRegistrations(userAgent);
  createFixedOctets(accountsUse);
  const sessions = createInviteSessions(memory, userAgent);
  const rtpListener = createStationRtpListener();
  const tablesUse = createPoolUse(memory, limits.codecTables);
  const g711 = createG711();
  createFixedOctets(tablesUse);
  const rtpUse = createPoolUse(memory, limits.rtpSessions);
  const media = createCallMedia(
    limits.rtp,
    board.media[0],
    advertised,
    settings.audio,
    board.random,
    wheel,
    g711,
    rtpListener,
  );
  createFixedOctets(rtpUse);
  const audio = createAudioPath(board.audioIn, board.audioOut, media.session, settings.audio);
  const station = createStation(board, settings, wheel, sessions, media, audio, rtpListener);
  createStationCalls(station);
  createRequestRouting(sessions);
  const device: Device = {
    board,
    settings,
    memory,
    wheel,
    transactions,
    userAgent,
    registrations,
    registration: registrations[0],
    recovery: createRecovery(board.network, userAgent),
    station,
    buttons: [],
    rtp: media.session,
    audio,
    parts: [],
    on: News.NONE,
  };
  device.parts.push({ owner: device.recovery, on: News.NETWORK, poll: lookAtNetwork, stop: doNothing });
  for (let index = 0; index < registrations.length; index += 1) {
    registrations[index].user = { owner: board, onRegistration };
  }
  const buttonListener = { owner: station, onPress };
  for (let index = 0; index < board.buttons.length; index += 1) {
    device.buttons.push(createButton(board.buttons[index], index, wheel, buttonListener));
  }
  return device;
}

/** Octets of a board's settings text: as many as the jitter buffer's ring, which takes its buffer over. */
export const SETTINGS_TEXT_OCTETS = JITTER_RING_SAMPLES;

/**
 * Boot only: the settings of a real board, from the text in its storage. A text that is refused changes nothing: the device runs
 * on the initial values, which call nobody and answer nobody, and the log names the line.
 */
export function createBoardSettings(board: Board): Settings {
  const settings = createSettings();
  const problem = createSettingsProblem();
  const text = createBytes(SETTINGS_TEXT_OCTETS);
  const length = board.storage.read(StorageRecord.SETTINGS, text);
  const status = length < 0 ? Status.MALFORMED : parseSettings(settings, text, 0, length, problem);
  if (status !== Status.OK) {
    board.log.event(StationEvent.SETTINGS_REFUSED, length < 0 ? 0 : problem.line, status);
  }
  returnBytes(text);
  return settings;
}

/** Begins the work: every account registers for which the settings name a registrar, once we have an address to write. */
export function startDevice(device: Device): void {
  const board = device.board;
  const waits = board.sip.local.family === 0 && !board.network.isUp();
  for (let index = 0; index < device.registrations.length; index += 1) {
    startRegistration(device.registrations[index]);
    if (waits) {
      suspendRegistration(device.registrations[index]);
    }
  }
  for (let index = 0; index < device.parts.length; index += 1) {
    device.on |= device.parts[index].on;
  }
}

function pollParts(device: Device, news: number): void {
  for (let index = 0; index < device.parts.length; index += 1) {
    const part = device.parts[index];
    if ((news & part.on) !== 0) {
      part.poll(part.owner);
    }
  }
}

/**
 * Does everything that is due: timers, datagrams, media, buttons. To be called when something arrived or changed, and at the
 * latest after the time that the last call returned.
 * @returns milliseconds from the begin of this call until the next timer
 */
export function pollDevice(device: Device): number {
  const board = device.board;
  const wheel = device.wheel;
  const news = board.takeNews();
  runTimers(wheel, board.clock.now());
  if ((news & device.on) !== 0) {
    pollParts(device, news);
  }
  if ((news & (News.SIP | News.CONNECTIONS)) !== 0) {
    pollTransport(device.transactions.transport);
  }
  if ((news & News.RTP) !== 0) {
    receiveMediaPackets(device.rtp);
  }
  if ((news & News.RTCP) !== 0) {
    receiveControlPackets(device.rtp);
  }
  pollAudio(device.audio);
  if ((news & News.BUTTONS) !== 0) {
    for (let index = 0; index < device.buttons.length; index += 1) {
      pollButton(device.buttons[index]);
    }
  }
  board.watchdog.feed();
  return timeToNextTimer(wheel, wheel.now);
}

/** Ends the work in good order: hangs up, takes the registration back, secures the doors. Polls must go on until `isStopped`. */
export function stopDevice(device: Device): void {
  hangUpCall(device.station);
  for (let index = 0; index < device.parts.length; index += 1) {
    const part = device.parts[index];
    part.stop(part.owner);
  }
  secureAllDoors(device.station);
  for (let index = 0; index < device.registrations.length; index += 1) {
    stopRegistration(device.registrations[index]);
  }
}

/** Whether the last messages after `stopDevice` are exchanged. */
export function isStopped(device: Device): boolean {
  for (let index = 0; index < device.registrations.length; index += 1) {
    if (device.registrations[index].state !== RegistrationState.OFF) {
      return false;
    }
  }
  return device.station.sessions.use.inUse === 0;
}
