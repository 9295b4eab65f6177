// Boot and the loop: takes a board and its settings, allocates everything there will ever be, wires the layers, and returns the
// device. After that `pollDevice` is all that runs; it allocates nothing.

import type { Board } from "../hal/board";
import { StorageRecord } from "../hal/storage";
import { createG711 } from "./audio/g711";
import { createBytes } from "./bytes/bytes";
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
import { createStationLimits, type Limits } from "./limits";
import {
  countOctets,
  createFixedOctets,
  createMemory,
  createPoolUse,
  createRemainder,
  type Memory,
} from "./memory/pool";
import { type RtpSession, receiveRtp } from "./rtp/session";
import { createSettings, type Settings } from "./settings/settings";
import { createSettingsProblem, parseSettings } from "./settings/settings-parser";
import { createInviteSessions } from "./sip/invite-session";
import {
  createRegistration,
  type Registration,
  RegistrationState,
  startRegistration,
  stopRegistration,
} from "./sip/registration";
import { createRequestRouting } from "./sip/request-routing";
import { Status } from "./sip/status";
import { createTransactions, type Transactions } from "./sip/transactions";
import { createTransport, pollTransport } from "./sip/transport";
import { createUserAgent, type UserAgent } from "./sip/user-agent";

/** A booted device. */
export interface Device {
  readonly board: Board;
  readonly settings: Settings;
  readonly memory: Memory;
  readonly wheel: TimerWheel;
  readonly transactions: Transactions;
  readonly userAgent: UserAgent;
  readonly registration: Registration;
  readonly station: Station;
  readonly buttons: Button[];
  readonly rtp: RtpSession;
  readonly audio: AudioPath;
}

function onRegistration(owner: object, state: RegistrationState, statusCode: number): void {
  (owner as Board).log.event(StationEvent.REGISTRATION, state, statusCode);
}

function onPress(owner: object, index: number): void {
  pressButton(owner as Station, index);
}

/**
 * Boot: everything is allocated here. The relays are in their safe state before anything else happens.
 * @param board what the device is wired to; `board.media` has one pair of sockets
 * @param settings what the installer set
 */
export function createDevice(board: Board, limits: Limits, settings: Settings): Device {
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
  const userAgent = createUserAgent(limits, settings, transactions);
  const registration = createRegistration(userAgent);
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
  const device: Device = {
    board,
    settings,
    memory,
    wheel,
    transactions,
    userAgent,
    registration,
    station,
    buttons: [],
    rtp: media.session,
    audio,
  };
  createRequestRouting(sessions);
  registration.user = { owner: board, onRegistration };
  const buttonListener = { owner: station, onPress };
  for (let index = 0; index < board.buttons.length; index += 1) {
    device.buttons.push(createButton(board.buttons[index], index, wheel, buttonListener));
  }
  createRemainder(memory, limits.otherBuffers);
  board.log.event(StationEvent.BOOTED, memory.pools.length, countOctets(memory) >> 10);
  return device;
}

/** Octets of a board's settings text. */
export const SETTINGS_TEXT_OCTETS = 4096;

/**
 * Boot of a real board: reads the settings text from its storage. A text that is refused changes nothing: the device runs on
 * the initial values, which call nobody and answer nobody, and the log names the line.
 */
export function createBoardDevice(board: Board): Device {
  const settings = createSettings();
  const problem = createSettingsProblem();
  const text = createBytes(SETTINGS_TEXT_OCTETS);
  const length = board.storage.read(StorageRecord.SETTINGS, text);
  const status = length < 0 ? Status.MALFORMED : parseSettings(settings, text, 0, length, problem);
  if (status !== Status.OK) {
    board.log.event(StationEvent.SETTINGS_REFUSED, length < 0 ? 0 : problem.line, status);
  }
  return createDevice(board, createStationLimits(), settings);
}

/** Begins the work: registers when the settings name a registrar. */
export function startDevice(device: Device): void {
  startRegistration(device.registration);
}

/**
 * Does everything that is due: timers, datagrams, media, buttons. To be called when something arrived or changed, and at the
 * latest after the time that the last call returned.
 * @returns milliseconds until the next timer
 */
export function pollDevice(device: Device): number {
  const board = device.board;
  runTimers(device.wheel, board.clock.now());
  pollTransport(device.transactions.transport);
  receiveRtp(device.rtp);
  pollAudio(device.audio);
  for (let index = 0; index < device.buttons.length; index += 1) {
    pollButton(device.buttons[index]);
  }
  board.watchdog.feed();
  return timeToNextTimer(device.wheel, board.clock.now());
}

/** Ends the work in good order: hangs up, takes the registration back, secures the doors. Polls must go on until `isStopped`. */
export function stopDevice(device: Device): void {
  hangUpCall(device.station);
  secureAllDoors(device.station);
  stopRegistration(device.registration);
}

/** Whether the last messages after `stopDevice` are exchanged. */
export function isStopped(device: Device): boolean {
  return device.registration.state === RegistrationState.OFF && device.station.sessions.use.inUse === 0;
}
