// Registration (RFC 3261 10.2): the binding of an account's Contact at its registrar, refreshed before it ends, corrected
// when the registrar sees us at another address, and tried again with jittered pauses while the registrar is away or refuses.

import { createFixedText, type FixedText } from "../bytes/fixed-text";
import { copyEndpoint } from "../bytes/ip-address";
import type { Writer } from "../bytes/writer";
import { timeSince } from "../clock/time";
import { createTimer, startTimer, stopTimer, type Timer } from "../clock/timer-wheel";
import { type Account, DIRECT, isRegistrarSet, takeServiceRoute } from "./account";
import { type Binding, createBinding, findGranted, forgetBinding, keepBinding, takeSeenAddress } from "./binding";
import {
  type ClientAuthentication,
  createClientAuthentication,
  startAuthentication,
  takeChallenges,
} from "./client-authentication";
import {
  abandonClientTransaction,
  type ClientTransaction,
  type ClientUser,
  requestClientTransaction,
  takeClientTransaction,
} from "./client-transaction";
import { HeaderName } from "./header-name";
import { CALL_ID_LENGTH, randomBelow, setRandomHex, TAG_LENGTH } from "./identifiers";
import { createKeepAlive, type KeepAlive, startKeepAlive, stopKeepAlive } from "./keep-alive";
import { headerNumber, type Message } from "./message";
import { Method } from "./method";
import { writeRegister } from "./register";
import { refreshPause, retryPause } from "./registration-pause";
import { Status } from "./status";
import { Protocol } from "./target";
import type { UserAgent } from "./user-agent";

export const enum RegistrationState {
  /** Not wanted, or taken back. */
  OFF = 0,
  /** A REGISTER is under way or about to go, and no binding stands. */
  REGISTERING = 1,
  /** The binding stands (also while it is being refreshed). */
  REGISTERED = 2,
  /** The registrar is away or refuses; the next try waits for its time. */
  WAITING = 3,
  /** The binding is being taken back. */
  DEREGISTERING = 4,
}

/** Who hears of it. Set once, at boot. */
export interface RegistrationUser {
  owner: object;
  /** The state changed; `registration.statusCode` is the last response, 0 when there was none. */
  onRegistration: (owner: object, registration: Registration) => void;
}

export interface Registration {
  readonly userAgent: UserAgent;
  readonly account: Account;
  state: RegistrationState;
  readonly callId: FixedText;
  readonly localTag: FixedText;
  readonly authentication: ClientAuthentication;
  readonly binding: Binding;
  readonly keepAlive: KeepAlive;
  /** CSeq of the last REGISTER: it rises over the life of the Call-ID (10.2). */
  sequence: number;
  /** Seconds asked for: the setting's, or more when a 423 said so. */
  expires: number;
  /** Seconds that the last REGISTER asked for: `expires`, or 0 to take the binding back. */
  asked: number;
  /** Seconds granted by the last 200. */
  granted: number;
  /** Failures in a row. */
  failures: number;
  /** The last final response, 0: none came. */
  statusCode: number;
  /** Device time of the last 200. */
  provenAt: number;
  /** Whether the Contact was corrected since the last refresh that was due: it is once, not in a loop. */
  corrected: boolean;
  /** Whether a flow was lost before, and the binding refreshed at once. */
  flowRenewed: boolean;
  /** Refresh or next try. */
  timer: Timer;
  /** The REGISTER under way, while `busy`; another's response is late. */
  client: ClientTransaction;
  busy: boolean;
  clientUser: ClientUser;
  user: RegistrationUser;
}

/** The first try after boot, and after the network has changed, is put off by up to this: a house of doors has one power cut. */
export const SPREAD_MS = 500;
/** A binding that is in doubt is proved once in this time. */
export const PROOF_MS = 10000;
/** Asked for by a 423 or Retry-After, this is the most that is believed, seconds. */
const LONGEST_EXPIRES = 3600;
const LONGEST_RETRY_AFTER = 600;
/**
 * Keep-alives over UDP after which the binding is proven by a REGISTER: a registrar that was restarted and forgot us does not
 * say so. Over TCP the connection tells.
 */
const PROOF_PAUSES = 2;

function ignore(): void {
  // Until boot has set the user.
}

/** Boot only: a registration of an account that is off. */
function createRegistration(userAgent: UserAgent, account: Account): Registration {
  const registration = {
    userAgent,
    account,
    state: RegistrationState.OFF,
    callId: createFixedText(CALL_ID_LENGTH),
    localTag: createFixedText(TAG_LENGTH),
    authentication: createClientAuthentication(account.credentials, true),
    binding: createBinding(account),
    sequence: 0,
    expires: account.settings.expires,
    asked: 0,
    granted: 0,
    failures: 0,
    statusCode: 0,
    provenAt: 0,
    corrected: false,
    flowRenewed: false,
    client: userAgent.transactions.clients.items[0],
    busy: false,
    user: { owner: userAgent, onRegistration: ignore },
  } as unknown as Registration & { keepAlive: KeepAlive };
  registration.keepAlive = createKeepAlive(account.transport, { owner: registration, onFlowLost });
  registration.timer = createTimer(registration, onTimer);
  registration.clientUser = { owner: registration, onResponse, onTimeout, writeRequest };
  account.registration = registration;
  return registration;
}

/** Boot only: the registrations of the accounts, all off; by account. */
export function createRegistrations(userAgent: UserAgent): Registration[] {
  const registrations: Registration[] = [];
  for (let index = 0; index < userAgent.accounts.length; index += 1) {
    registrations.push(createRegistration(userAgent, userAgent.accounts[index]));
  }
  return registrations;
}

function setState(registration: Registration, state: RegistrationState): void {
  registration.account.ready = state === RegistrationState.REGISTERED;
  if (registration.state !== state) {
    registration.state = state;
    registration.user.onRegistration(registration.user.owner, registration);
  }
}

/** The client transaction's writeRequest. */
function writeRequest(owner: object, transaction: ClientTransaction, writer: Writer): Status {
  return writeRegister(owner as Registration, transaction, writer);
}

/** Sends a REGISTER, to the outbound proxy when there is one. */
function transmit(registration: Registration, seconds: number): Status {
  const clients = registration.userAgent.transactions.clients;
  const server = registration.account.server;
  const index = takeClientTransaction(clients);
  if (index < 0) {
    return Status.FULL;
  }
  registration.sequence += 1;
  registration.asked = seconds;
  registration.client = clients.items[index];
  const status = requestClientTransaction(
    registration.client,
    Method.REGISTER,
    registration.clientUser,
    server.bytes,
    0,
    server.length,
  );
  registration.busy = status === Status.OK;
  return status;
}

/** Gives up the REGISTER under way. */
function abandon(registration: Registration): void {
  stopTimer(registration.account.transport.wheel, registration.timer);
  if (registration.busy) {
    registration.busy = false;
    abandonClientTransaction(registration.client);
  }
}

/** Sends a REGISTER within SPREAD_MS. */
function sendSoon(registration: Registration): void {
  const transport = registration.account.transport;
  startTimer(transport.wheel, registration.timer, randomBelow(transport.random, SPREAD_MS));
}

/** Waits before the next try: twice as long after each failure, between half and all of it by chance. */
function waitForRetry(registration: Registration, least: number): void {
  const transport = registration.account.transport;
  const pause = retryPause(transport.random, registration.failures, registration.statusCode);
  registration.failures += 1;
  stopKeepAlive(registration.keepAlive);
  startTimer(transport.wheel, registration.timer, pause > least ? pause : least);
  setState(registration, RegistrationState.WAITING);
}

function sendRegister(registration: Registration): void {
  if (transmit(registration, registration.expires) !== Status.OK) {
    registration.statusCode = 0;
    waitForRetry(registration, 0);
  } else if (registration.state !== RegistrationState.REGISTERED) {
    setState(registration, RegistrationState.REGISTERING);
  }
}

/** A REGISTER that answers no response of the registrar. */
function beginRegister(registration: Registration): void {
  startAuthentication(registration.authentication);
  registration.corrected = false;
  sendRegister(registration);
}

/** Refresh or next try. */
function onTimer(owner: object): void {
  const registration = owner as Registration;
  if (!registration.busy) {
    beginRegister(registration);
  }
}

/** The network has come back to somebody: the others' next try is due as well. */
function hastenOthers(registration: Registration): void {
  const accounts = registration.userAgent.accounts;
  for (let index = 0; index < accounts.length; index += 1) {
    const other = accounts[index].registration;
    if (other.state === RegistrationState.WAITING && other.statusCode === 0) {
      sendSoon(other);
    }
  }
}

/** The binding stands: refresh after about nine tenths of it, at half of it when it is short. None stands for 0 seconds. */
function takeSuccess(registration: Registration, transaction: ClientTransaction, response: Message): void {
  const transport = registration.account.transport;
  const target = transaction.destination;
  const network = registration.userAgent.settings.network;
  const granted = findGranted(registration.binding, response, target, registration.expires);
  const seconds = granted < 0 ? registration.expires : granted > LONGEST_EXPIRES ? LONGEST_EXPIRES : granted;
  takeServiceRoute(registration.account, response);
  if (seconds === 0) {
    forgetBinding(registration.binding);
    waitForRetry(registration, 0);
    return;
  }
  keepBinding(registration.binding, target);
  copyEndpoint(registration.account.home, target);
  const wasAway = registration.failures > 0;
  registration.granted = seconds;
  registration.failures = 0;
  registration.provenAt = transport.wheel.now;
  const pause = refreshPause(transport.random, seconds);
  const proof = PROOF_PAUSES * 1000 * network.keepAlive;
  const isSilent = target.protocol === Protocol.UDP && proof > 0;
  startTimer(transport.wheel, registration.timer, isSilent && proof < pause ? proof : pause);
  if (network.keepAlive > 0) {
    startKeepAlive(registration.keepAlive, target, network.keepAlive);
  }
  setState(registration, RegistrationState.REGISTERED);
  if (wasAway) {
    hastenOthers(registration);
  }
  if (
    network.advertisedAddress.family === 0 &&
    takeSeenAddress(registration.binding, response, target) &&
    !registration.corrected
  ) {
    registration.corrected = true;
    sendRegister(registration);
  }
}

/** 423: the registrar wants a longer interval (10.2.8). Returns whether it named one that we can ask for. */
function takeLongerInterval(registration: Registration, response: Message): boolean {
  const least = headerNumber(response, HeaderName.MIN_EXPIRES);
  if (least <= registration.expires || least > LONGEST_EXPIRES) {
    return false;
  }
  registration.expires = least;
  return true;
}

function isUnderWay(registration: Registration, transaction: ClientTransaction): boolean {
  return registration.busy && transaction === registration.client;
}

/** Waits as long as Retry-After says, at least. */
function takeRefusal(registration: Registration, response: Message): void {
  const retryAfter = headerNumber(response, HeaderName.RETRY_AFTER);
  waitForRetry(
    registration,
    retryAfter < 0 ? 0 : 1000 * (retryAfter > LONGEST_RETRY_AFTER ? LONGEST_RETRY_AFTER : retryAfter),
  );
}

function onResponse(owner: object, transaction: ClientTransaction, response: Message): void {
  const registration = owner as Registration;
  const code = response.statusCode;
  if (code < 200 || !isUnderWay(registration, transaction)) {
    return;
  }
  registration.busy = false;
  registration.statusCode = code;
  const answered =
    (code === 401 || code === 407) && takeChallenges(registration.authentication, response) === Status.OK;
  if (registration.state === RegistrationState.DEREGISTERING) {
    if (!answered || transmit(registration, 0) !== Status.OK) {
      becomeOff(registration);
    }
  } else if (code < 300) {
    takeSuccess(registration, transaction, response);
  } else if (answered || (code === 423 && takeLongerInterval(registration, response))) {
    sendRegister(registration);
  } else {
    takeRefusal(registration, response);
  }
}

/** The registrar is away (Timer F), or nobody knows where it is. */
function onTimeout(owner: object, transaction: ClientTransaction): void {
  const registration = owner as Registration;
  if (!isUnderWay(registration, transaction)) {
    return;
  }
  registration.busy = false;
  registration.statusCode = 0;
  if (registration.state === RegistrationState.DEREGISTERING) {
    becomeOff(registration);
  } else {
    waitForRetry(registration, 0);
  }
}

/**
 * The keep-alive's onFlowLost: requests to us find no way any more. A server that ends every flow as soon as it has answered is
 * asked at once the first time, then every PROOF_MS.
 */
function onFlowLost(owner: object): void {
  const registration = owner as Registration;
  const wheel = registration.account.transport.wheel;
  const early = PROOF_MS - timeSince(registration.provenAt, wheel.now);
  refreshRegistration(registration);
  if (registration.flowRenewed && early > 0 && registration.timer.armed) {
    startTimer(wheel, registration.timer, early);
  }
  registration.flowRenewed = true;
}

function becomeOff(registration: Registration): void {
  forgetBinding(registration.binding);
  setState(registration, RegistrationState.OFF);
}

/** Begins to register, and goes on until `stopRegistration`. Without a registrar in the settings it stays off. */
export function startRegistration(registration: Registration): void {
  const random = registration.account.transport.random;
  if (!isRegistrarSet(registration.account) || registration.state !== RegistrationState.OFF) {
    return;
  }
  setRandomHex(random, registration.callId, CALL_ID_LENGTH);
  setRandomHex(random, registration.localTag, TAG_LENGTH);
  registration.sequence = randomBelow(random, 10000);
  registration.expires = registration.account.settings.expires;
  registration.failures = 0;
  registration.statusCode = 0;
  setState(registration, RegistrationState.REGISTERING);
  sendSoon(registration);
}

/** Whether it is on, and not being ended. */
function isWanted(registration: Registration): boolean {
  return registration.state !== RegistrationState.OFF && registration.state !== RegistrationState.DEREGISTERING;
}

/** The network is another one, or is back: registers anew at once, with the Contact of now, and takes the former one back. */
export function restartRegistration(registration: Registration): void {
  if (isWanted(registration)) {
    abandon(registration);
    stopKeepAlive(registration.keepAlive);
    registration.failures = 0;
    registration.statusCode = 0;
    setState(registration, RegistrationState.REGISTERING);
    sendSoon(registration);
  }
}

/** There is no network: nothing is tried until `restartRegistration`. */
export function suspendRegistration(registration: Registration): void {
  if (isWanted(registration)) {
    abandon(registration);
    stopKeepAlive(registration.keepAlive);
    registration.statusCode = 0;
    setState(registration, RegistrationState.WAITING);
  }
}

/** Our Contact is another one: the registrar is told at once. */
export function refreshRegistration(registration: Registration): void {
  if (registration.state === RegistrationState.REGISTERED || registration.state === RegistrationState.REGISTERING) {
    abandon(registration);
    sendSoon(registration);
  }
}

/**
 * A request by the account failed as if the registrar had forgotten us: registers at once to find out, and to heal it. Once in
 * PROOF_MS; a direct call's account has nothing to doubt.
 */
export function doubtRegistration(account: Account): void {
  const registration = account.registration;
  const now = account.transport.wheel.now;
  if (account.index === DIRECT) {
    return;
  }
  if (
    registration.state === RegistrationState.REGISTERED &&
    !registration.busy &&
    timeSince(registration.provenAt, now) >= PROOF_MS
  ) {
    registration.provenAt = now;
    beginRegister(registration);
  }
}

/** Takes the binding back (Expires: 0, 10.2.2). The state is OFF when the registrar has answered or is given up. */
export function stopRegistration(registration: Registration): void {
  const bound = registration.state !== RegistrationState.WAITING && registration.binding.hostPort.length > 0;
  if (!isWanted(registration)) {
    return;
  }
  abandon(registration);
  stopKeepAlive(registration.keepAlive);
  startAuthentication(registration.authentication);
  if (bound && transmit(registration, 0) === Status.OK) {
    setState(registration, RegistrationState.DEREGISTERING);
  } else {
    becomeOff(registration);
  }
}
