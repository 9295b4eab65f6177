// Where a URI leads (RFC 3263 4): an address literal, a name of the settings' host table, or the servers that DNS names
// (server-targets.ts). This file keeps the searches that wait for DNS, and when they end. No TLS: a sips URI leads nowhere.

import type { Udp } from "../../hal/udp";
import type { Bytes } from "../bytes/bytes";
import { createFixedText } from "../bytes/fixed-text";
import { createText } from "../bytes/text";
import { createTimer, startTimer, stopTimer, type Timer, type TimerWheel } from "../clock/timer-wheel";
import { type DnsClient, restartDns } from "../dns/client";
import { NAME_OCTETS, setName } from "../dns/name";
import {
  countRefused,
  countReleased,
  countTaken,
  createPoolOctets,
  createPoolUse,
  type Memory,
  type PoolLimit,
  type PoolUse,
} from "../memory/pool";
import type { Settings } from "../settings/settings";
import { clearAvoided, createAvoidedTargets, enterAvoided } from "./avoided-targets";
import { createParameter, findParameter } from "./parameters";
import { resolveHost } from "./resolver";
import { createSearch, type Search } from "./search";
import { ANY_PROTOCOL, findServers, type ServerFinder, type ServerQuestion } from "./server-targets";
import { Status } from "./status";
import { copyTarget, NO_CONNECTION, Protocol, type Target } from "./target";
import { SIP_PORT } from "./transport";
import { createUri, parseUri, UriScheme } from "./uri";
import { ViaTransport } from "./via";

/** How long a search may take; what is known then is taken. Half of a transaction's time is left for the targets. */
const SEARCH_MS = 16000;

const TRANSPORT = createText("transport");
const MADDR = createText("maddr");

/** A search that is under way, and what it is for. */
interface Question extends ServerQuestion {
  readonly finder: Locator;
  /** Armed as long as `search` waits. */
  deadline: Timer;
}

export interface Locator extends ServerFinder {
  readonly wheel: TimerWheel;
  readonly use: PoolUse;
  readonly questions: Question[];
  /** Of `locateNow`. */
  now: Search;
}

const uri = createUri();
const parameter = createParameter();

function ignoreLocated(): void {
  // `locateNow` goes on by itself; whoever asked asks again.
}

function createQuestion(locator: Locator): Question {
  const question = {
    finder: locator,
    search: locator.now,
    host: createFixedText(NAME_OCTETS),
    port: 0,
    protocol: ANY_PROTOCOL,
  } as Question;
  question.deadline = createTimer(question, onDeadline);
  return question;
}

/**
 * Boot only: the locator of a station.
 * @param limit searches that wait for DNS at the same time; NAME_OCTETS each
 * @param streams whether the board speaks TCP
 */
export function createLocator(
  memory: Memory,
  limit: PoolLimit,
  settings: Settings,
  dns: DnsClient,
  udp: Udp,
  streams: boolean,
): Locator {
  const locator = {
    settings,
    dns,
    udp,
    random: dns.random,
    wheel: dns.wheel,
    streams,
    avoided: createAvoidedTargets(dns.wheel),
    questions: [] as Question[],
    service: createFixedText(NAME_OCTETS),
    pending: false,
  } as unknown as Locator & { use: PoolUse };
  locator.now = createSearch(locator, ignoreLocated);
  locator.use = createPoolUse(memory, limit);
  for (let count = 0; count < limit.count; count += 1) {
    locator.questions.push(createQuestion(locator));
  }
  createPoolOctets(locator.use);
  dns.user = { owner: locator, onAnswer: answerSearches };
  return locator;
}

function release(question: Question): void {
  if (question.deadline.armed) {
    stopTimer(question.finder.wheel, question.deadline);
    countReleased(question.finder.use);
  }
}

/** The dns client's onAnswer: goes on with every search that waits. */
function answerSearches(owner: object): void {
  const locator = owner as Locator;
  for (let index = 0; index < locator.questions.length; index += 1) {
    const question = locator.questions[index];
    if (question.deadline.armed) {
      const status = findServers(question);
      if (status !== Status.PENDING) {
        release(question);
        question.search.onLocated(question.search.owner, status);
      }
    }
  }
}

function onDeadline(owner: object): void {
  const question = owner as Question;
  countReleased(question.finder.use);
  findServers(question);
  question.search.onLocated(question.search.owner, question.search.count === 0 ? Status.MISSING : Status.OK);
}

/** The protocol that the URI at hand asks for, or ANY_PROTOCOL; UNSUPPORTED when the station does not speak it. */
function protocolOfUri(locator: Locator, bytes: Bytes): number {
  switch (uri.transport) {
    case ViaTransport.UDP:
      return findParameter(bytes, uri.parametersStart, uri.parametersEnd, TRANSPORT, parameter)
        ? Protocol.UDP
        : ANY_PROTOCOL;
    case ViaTransport.TCP:
      return locator.streams ? Protocol.TCP : Status.UNSUPPORTED;
    default:
      return Status.UNSUPPORTED;
  }
}

/**
 * Gives a search up: nobody waits for it any more. The `forget` of `Locating`.
 * @param owner the locator
 */
export function forgetSearch(owner: object, search: Search): void {
  const questions = (owner as Locator).questions;
  for (let index = 0; index < questions.length; index += 1) {
    if (questions[index].search === search) {
      release(questions[index]);
    }
  }
}

/** The index of a question that waits for nobody, or -1. */
function findFree(locator: Locator): number {
  let index = locator.questions.length - 1;
  while (index >= 0 && locator.questions[index].deadline.armed) {
    index -= 1;
  }
  return index;
}

/** Begins a search anew. */
function begin(locator: Locator, search: Search, bytes: Bytes, start: number, end: number): Status {
  forgetSearch(locator, search);
  search.count = 0;
  search.next = 0;
  const status = parseUri(bytes, start, end, uri);
  if (status !== Status.OK) {
    return status;
  }
  const protocol = protocolOfUri(locator, bytes);
  if (uri.scheme !== UriScheme.SIP || protocol === Status.UNSUPPORTED) {
    return Status.UNSUPPORTED;
  }
  let hostStart = uri.hostStart;
  let hostEnd = uri.hostEnd;
  if (findParameter(bytes, uri.parametersStart, uri.parametersEnd, MADDR, parameter)) {
    hostStart = parameter.valueStart;
    hostEnd = parameter.valueEnd;
  }
  const target = search.targets[0];
  if (resolveHost(locator.settings, bytes, hostStart, hostEnd, target) === Status.OK) {
    target.port = uri.port === 0 ? SIP_PORT : uri.port;
    target.protocol = protocol === ANY_PROTOCOL ? Protocol.UDP : protocol;
    target.connection = NO_CONNECTION;
    search.count = 1;
    return Status.OK;
  }
  const free = findFree(locator);
  if (free < 0) {
    countRefused(locator.use);
    return Status.FULL;
  }
  const question = locator.questions[free];
  question.search = search;
  question.port = uri.port;
  question.protocol = protocol;
  if (bytes[hostStart] === 0x5b || !setName(question.host, bytes, hostStart, hostEnd)) {
    return Status.MISSING;
  }
  const result = findServers(question);
  if (result === Status.PENDING) {
    startTimer(locator.wheel, question.deadline, SEARCH_MS);
    countTaken(locator.use);
  }
  return result;
}

/**
 * Finds where the URI bytes[start … end) leads; an earlier search in the same record is given up. The `locate` of `Locating`.
 * @param owner the locator
 * @param search `targets[0 … count)` are set when OK, best first
 * @returns OK; PENDING: `search.onLocated` follows, within SEARCH_MS; MALFORMED; UNSUPPORTED for a scheme or transport that
 *   the station does not speak; MISSING when the host is unknown; FULL
 */
export function locate(owner: object, search: Search, bytes: Bytes, start: number, end: number): Status {
  return begin(owner as Locator, search, bytes, start, end);
}

/**
 * The best target of a URI as far as it is known now; what is missing is asked for in the background.
 * @param target set when OK
 * @returns as `locate`; after PENDING nobody is called: ask again later (a `locateNow` of another URI in between slows it down)
 */
export function locateNow(owner: object, bytes: Bytes, start: number, end: number, target: Target): Status {
  const locator = owner as Locator;
  const status = begin(locator, locator.now, bytes, start, end);
  if (status === Status.OK) {
    copyTarget(target, locator.now.targets[0]);
  }
  return status;
}

/** A target did not answer: for some minutes others are tried first. The `avoid` of `Locating`. */
export function avoidTarget(owner: object, target: Target): void {
  enterAvoided((owner as Locator).avoided, target);
}

/** The network is another one: everything is asked for anew, also for the searches under way, and nobody is avoided. */
export function restartLocator(locator: Locator): void {
  restartDns(locator.dns);
  clearAvoided(locator.avoided);
  answerSearches(locator);
}
