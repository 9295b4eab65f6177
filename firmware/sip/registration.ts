// Registration (RFC 3261 10.2): one binding of our Contact at one registrar, refreshed before it ends, and tried again with
// growing, jittered pauses for as long as the registrar is away or refuses.

import { type Bytes, equalBytes } from "../bytes/bytes";
import { parseDecimal } from "../bytes/decimal";
import { createFixedText, type FixedText, putFixedText } from "../bytes/fixed-text";
import { createText } from "../bytes/text";
import type { Writer } from "../bytes/writer";
import { createTimer, startTimer, stopTimer, type Timer } from "../clock/timer-wheel";
import {
  type ClientAuthentication,
  createClientAuthentication,
  putAuthorizations,
  startAuthentication,
  takeChallenges,
} from "./client-authentication";
import {
  type ClientTransaction,
  type ClientUser,
  dropClientTransaction,
  startClientTransaction,
  takeClientTransaction,
} from "./client-transaction";
import { HeaderName } from "./header-name";
import { createHeaderValue, firstHeaderValue, nextHeaderValue } from "./header-values";
import { CALL_ID_LENGTH, randomBelow, setRandomHex, TAG_LENGTH } from "./identifiers";
import { hasHeader, headerNumber, type Message } from "./message";
import { Method } from "./method";
import { createNameAddress, parseNameAddress } from "./name-address";
import { createParameter, findParameter } from "./parameters";
import {
  putAddressWithTag,
  putCSeq,
  putExpires,
  putHeaderFixed,
  putRequestLine,
  putViaAndMaxForwards,
} from "./request-writer";
import { putHeaderName, putLineEnd, putNoBody } from "./response-writer";
import { Status } from "./status";
import { createUri, parseUri } from "./uri";
import { findDestination, putAllow, putContact, putUserAgent, type UserAgent } from "./user-agent";

export const enum RegistrationState {
  /** Not wanted, or taken back. */
  OFF = 0,
  /** A REGISTER is under way and no binding stands. */
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
  onRegistration: (owner: object, state: RegistrationState, statusCode: number) => void;
}

export interface Registration {
  readonly userAgent: UserAgent;
  state: RegistrationState;
  readonly callId: FixedText;
  readonly localTag: FixedText;
  readonly authentication: ClientAuthentication;
  /** CSeq of the last REGISTER: it rises over the life of the Call-ID (10.2). */
  sequence: number;
  /** Seconds asked for: the setting's, or more when a 423 said so. */
  expires: number;
  /** Seconds granted by the last 200. */
  granted: number;
  /** Failures in a row. */
  failures: number;
  /** The last final response, 0: none came. */
  statusCode: number;
  /** Refresh or next try. */
  timer: Timer;
  /** The REGISTER under way; another's response is late. */
  client: ClientTransaction;
  clientUser: ClientUser;
  user: RegistrationUser;
}

/** The pause after the first failure; it doubles with each, up to the longest. */
export const FIRST_RETRY_MS = 2000;
export const LONGEST_RETRY_MS = 60000;
/** Asked for by a 423 or Retry-After, this is the most that is believed, seconds. */
const LONGEST_EXPIRES = 3600;
const LONGEST_RETRY_AFTER = 600;

const EXPIRES = createText("expires");

const value = createHeaderValue();
const address = createNameAddress();
const parameter = createParameter();
const uri = createUri();

function ignore(): void {
  // Until boot has set the user.
}

/** Boot only: a registration that is off. */
export function createRegistration(userAgent: UserAgent): Registration {
  const registration = {
    userAgent,
    state: RegistrationState.OFF,
    callId: createFixedText(CALL_ID_LENGTH),
    localTag: createFixedText(TAG_LENGTH),
    authentication: createClientAuthentication(userAgent.credentials, true),
    sequence: 0,
    expires: userAgent.settings.account.expires,
    granted: 0,
    failures: 0,
    statusCode: 0,
    client: userAgent.transactions.clients.items[0],
    user: { owner: userAgent, onRegistration: ignore },
  } as unknown as Registration;
  registration.timer = createTimer(registration, onTimer);
  registration.clientUser = { owner: registration, onResponse, onTimeout };
  return registration;
}

function setState(registration: Registration, state: RegistrationState): void {
  if (registration.state !== state) {
    registration.state = state;
    registration.user.onRegistration(registration.user.owner, state, registration.statusCode);
  }
}

/** Request-URI: the registrar without user part, e.g. sip:example.com (10.2). */
function putRegister(registration: Registration, writer: Writer, branch: Bytes, seconds: number): Status {
  const userAgent = registration.userAgent;
  const registrar = userAgent.settings.account.registrar;
  putRequestLine(writer, Method.REGISTER, registrar.bytes, registrar.start, registrar.end);
  putViaAndMaxForwards(writer, userAgent.transactions.transport.sentBy, branch);
  if (userAgent.outboundRoute.length > 0) {
    putHeaderFixed(writer, HeaderName.ROUTE, userAgent.outboundRoute);
  }
  putAddressWithTag(writer, HeaderName.FROM, userAgent.address, registration.localTag);
  putHeaderName(writer, HeaderName.TO);
  putFixedText(writer, userAgent.address);
  putLineEnd(writer);
  putHeaderFixed(writer, HeaderName.CALL_ID, registration.callId);
  putCSeq(writer, registration.sequence, Method.REGISTER);
  putContact(writer, userAgent);
  const status = putAuthorizations(
    writer,
    registration.authentication,
    userAgent.transactions.transport.random,
    Method.REGISTER,
    registrar.bytes,
    registrar.start,
    registrar.end,
  );
  putExpires(writer, seconds);
  putAllow(writer);
  putUserAgent(writer);
  putNoBody(writer);
  return status;
}

/** Sends a REGISTER, to the outbound proxy when there is one. */
function transmit(registration: Registration, seconds: number): Status {
  const userAgent = registration.userAgent;
  const clients = userAgent.transactions.clients;
  const registrar = userAgent.settings.account.registrar;
  const proxy = userAgent.settings.account.outboundProxy;
  const hop = proxy.end > proxy.start ? proxy : registrar;
  const index = takeClientTransaction(clients);
  if (index < 0) {
    return Status.FULL;
  }
  const transaction = clients.items[index];
  const writer = clients.writer;
  registration.sequence += 1;
  let status = putRegister(registration, writer, transaction.branch, seconds);
  if (status === Status.OK) {
    status = findDestination(userAgent, hop.bytes, hop.start, hop.end, transaction.destination);
  }
  if (status !== Status.OK || writer.overflowed) {
    dropClientTransaction(transaction);
    return writer.overflowed ? Status.TOO_LONG : status;
  }
  registration.client = transaction;
  startClientTransaction(transaction, Method.REGISTER, writer.length, registration.clientUser);
  return Status.OK;
}

/** Waits before the next try: twice as long after each failure, between half and all of it by chance. */
function waitForRetry(registration: Registration, least: number): void {
  const userAgent = registration.userAgent;
  let pause = FIRST_RETRY_MS;
  for (let failure = 0; failure < registration.failures && pause < LONGEST_RETRY_MS; failure += 1) {
    pause = 2 * pause;
  }
  pause = pause > LONGEST_RETRY_MS ? LONGEST_RETRY_MS : pause;
  pause = (pause >> 1) + randomBelow(userAgent.transactions.transport.random, (pause >> 1) + 1);
  registration.failures += 1;
  startTimer(userAgent.transactions.transport.wheel, registration.timer, pause > least ? pause : least);
  setState(registration, RegistrationState.WAITING);
}

function sendRegister(registration: Registration): void {
  if (transmit(registration, registration.expires) !== Status.OK) {
    waitForRetry(registration, 0);
  } else if (registration.state !== RegistrationState.REGISTERED) {
    setState(registration, RegistrationState.REGISTERING);
  }
}

/** Refresh or next try. */
function onTimer(owner: object): void {
  const registration = owner as Registration;
  if (registration.state === RegistrationState.REGISTERED || registration.state === RegistrationState.WAITING) {
    startAuthentication(registration.authentication);
    sendRegister(registration);
  }
}

/** Seconds granted: the expires parameter of our Contact in the 200, else Expires, else what was asked for (10.2.4). */
function findGranted(registration: Registration, response: Message): number {
  const contact = registration.userAgent.contact;
  const bytes = response.bytes;
  let more = firstHeaderValue(response, HeaderName.CONTACT, value);
  while (more) {
    if (
      parseNameAddress(bytes, value.start, value.end, address) === Status.OK &&
      parseUri(bytes, address.uriStart, address.uriEnd, uri) === Status.OK &&
      equalBytes(bytes, address.uriStart, address.uriEnd, contact.bytes, 1, contact.length - 1)
    ) {
      if (findParameter(bytes, address.parametersStart, address.parametersEnd, EXPIRES, parameter)) {
        return parseDecimal(bytes, parameter.valueStart, parameter.valueEnd);
      }
      more = false;
    } else {
      more = nextHeaderValue(response, value);
    }
  }
  const expires = hasHeader(response, HeaderName.EXPIRES) ? headerNumber(response, HeaderName.EXPIRES) : -1;
  return expires >= 0 ? expires : registration.expires;
}

/** The binding stands: refresh after about nine tenths of it, at half of it when it is short. None stands for 0 seconds. */
function takeSuccess(registration: Registration, response: Message): void {
  const granted = findGranted(registration, response);
  const seconds = granted < 0 ? registration.expires : granted > LONGEST_EXPIRES ? LONGEST_EXPIRES : granted;
  if (seconds === 0) {
    waitForRetry(registration, 0);
    return;
  }
  const margin = seconds > 100 ? (seconds / 10) | 0 : seconds > 20 ? 10 : seconds >> 1;
  registration.granted = seconds;
  registration.failures = 0;
  startTimer(
    registration.userAgent.transactions.transport.wheel,
    registration.timer,
    1000 * (seconds - margin) - randomBelow(registration.userAgent.transactions.transport.random, 500),
  );
  setState(registration, RegistrationState.REGISTERED);
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

function onResponse(owner: object, transaction: ClientTransaction, response: Message): void {
  const registration = owner as Registration;
  const code = response.statusCode;
  if (code < 200 || transaction !== registration.client || registration.state === RegistrationState.OFF) {
    return;
  }
  registration.statusCode = code;
  const challenged = code === 401 || code === 407;
  if (registration.state === RegistrationState.DEREGISTERING) {
    if (
      !challenged ||
      takeChallenges(registration.authentication, response) !== Status.OK ||
      transmit(registration, 0) !== Status.OK
    ) {
      setState(registration, RegistrationState.OFF);
    }
  } else if (code < 300) {
    takeSuccess(registration, response);
  } else if (
    (challenged && takeChallenges(registration.authentication, response) === Status.OK) ||
    (code === 423 && takeLongerInterval(registration, response))
  ) {
    sendRegister(registration);
  } else {
    const retryAfter = headerNumber(response, HeaderName.RETRY_AFTER);
    waitForRetry(
      registration,
      retryAfter < 0 ? 0 : 1000 * (retryAfter > LONGEST_RETRY_AFTER ? LONGEST_RETRY_AFTER : retryAfter),
    );
  }
}

/** The registrar is away (Timer F). */
function onTimeout(owner: object, transaction: ClientTransaction): void {
  const registration = owner as Registration;
  if (transaction !== registration.client || registration.state === RegistrationState.OFF) {
    return;
  }
  registration.statusCode = 0;
  if (registration.state === RegistrationState.DEREGISTERING) {
    setState(registration, RegistrationState.OFF);
  } else {
    waitForRetry(registration, 0);
  }
}

/** Whether the settings name a registrar. */
export function isRegistrarSet(registration: Registration): boolean {
  const registrar = registration.userAgent.settings.account.registrar;
  return registrar.end > registrar.start;
}

/** Begins to register, and goes on until `stopRegistration`. Without a registrar in the settings it stays off. */
export function startRegistration(registration: Registration): void {
  const random = registration.userAgent.transactions.transport.random;
  if (!isRegistrarSet(registration) || registration.state !== RegistrationState.OFF) {
    return;
  }
  setRandomHex(random, registration.callId, CALL_ID_LENGTH);
  setRandomHex(random, registration.localTag, TAG_LENGTH);
  registration.sequence = randomBelow(random, 10000);
  registration.expires = registration.userAgent.settings.account.expires;
  registration.failures = 0;
  startAuthentication(registration.authentication);
  sendRegister(registration);
}

/** Takes the binding back (Expires: 0, 10.2.2). The state is OFF when the registrar has answered or is given up. */
export function stopRegistration(registration: Registration): void {
  const wheel = registration.userAgent.transactions.transport.wheel;
  const bound = registration.state === RegistrationState.REGISTERED;
  stopTimer(wheel, registration.timer);
  if (registration.state === RegistrationState.OFF || registration.state === RegistrationState.DEREGISTERING) {
    return;
  }
  startAuthentication(registration.authentication);
  if (bound && transmit(registration, 0) === Status.OK) {
    setState(registration, RegistrationState.DEREGISTERING);
  } else {
    setState(registration, RegistrationState.OFF);
  }
}
