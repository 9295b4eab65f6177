// Where a URI leads (RFC 3263 4.1, 4.2): an address literal, a name of the settings' host table, or what DNS says: NAPTR,
// SRV, A and AAAA. Each step reads the DNS cache, which asks for what it lacks; the search is done again with each answer
// until nothing is missing. No TLS: a sips URI leads nowhere.

import type { Random } from "../../hal/random";
import type { Udp } from "../../hal/udp";
import { type Bytes, copyBytes, equalBytesAnyCase } from "../bytes/bytes";
import { createFixedText, type FixedText } from "../bytes/fixed-text";
import { parseAddress } from "../bytes/ip-address";
import { numberAt } from "../bytes/network-order";
import { copyText, createText, textLength } from "../bytes/text";
import { createTimer, startTimer, stopTimer, type Timer, type TimerWheel } from "../clock/timer-wheel";
import { type CacheEntry, recordAt } from "../dns/cache";
import { type DnsClient, lookUp, restartDns } from "../dns/client";
import { RecordType } from "../dns/message";
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
import { FamilyChoice } from "../settings/settings-keys";
import {
  type AvoidedTargets,
  clearAvoided,
  createAvoidedTargets,
  enterAvoided,
  equalTargets,
  isAvoided,
} from "./avoided-targets";
import { createParameter, findParameter } from "./parameters";
import { createSearch, type Search } from "./search";
import { chooseServiceRecord, protocolOfPointer, replacementAt, SRV_NAME } from "./service-records";
import { Status } from "./status";
import { copyTarget, NO_CONNECTION, Protocol, type Target } from "./target";
import { SIP_PORT } from "./transport";
import { createUri, parseUri, UriScheme } from "./uri";
import { ViaTransport } from "./via";

/** How long a search may take; what is known then is taken. Half of a transaction's time is left for the targets. */
const SEARCH_MS = 16000;

/** The URI names no protocol. */
const ANY_PROTOCOL = -1;

/** The labels before the host whose SRV records name the servers of a protocol. */
const SERVICE_LABELS = [createText("\u0004_sip\u0004_udp"), createText("\u0004_sip\u0004_tcp")]; // by Protocol

const TRANSPORT = createText("transport");
const MADDR = createText("maddr");

/** A search that is under way, and what it is for. */
interface Question {
  readonly locator: Locator;
  search: Search;
  /** The host as labels of a domain name. */
  readonly host: FixedText;
  /** 0: the URI has none. */
  port: number;
  /** A Protocol or ANY_PROTOCOL. */
  protocol: number;
  /** Armed as long as `search` waits. */
  deadline: Timer;
}

export interface Locator {
  readonly settings: Settings;
  readonly dns: DnsClient;
  /** The socket that the targets are for: its families count. */
  readonly udp: Udp;
  readonly random: Random;
  readonly wheel: TimerWheel;
  /** Whether the board speaks TCP. */
  readonly streams: boolean;
  readonly avoided: AvoidedTargets;
  readonly use: PoolUse;
  readonly questions: Question[];
  /** Name of SRV records. */
  readonly service: FixedText;
  /** Of `locateNow`. */
  now: Search;
  /** Whether the search at hand lacks an answer. */
  pending: boolean;
}

const uri = createUri();
const parameter = createParameter();

function ignoreLocated(): void {
  // `locateNow` goes on by itself; whoever asked asks again.
}

function createQuestion(locator: Locator): Question {
  const question = {
    locator,
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

/** Adds a target to a search that has room, unless it is there, or belongs to the other round. */
function addTarget(
  question: Question,
  avoided: boolean,
  family: number,
  bytes: Bytes,
  at: number,
  port: number,
  protocol: Protocol,
): void {
  const search = question.search;
  if (search.count === search.targets.length) {
    return;
  }
  const target = search.targets[search.count];
  target.family = family;
  target.port = port;
  target.protocol = protocol;
  target.connection = NO_CONNECTION;
  copyBytes(target.address, 0, bytes, at, at + (family === 6 ? 16 : 4));
  let index = 0;
  while (!equalTargets(search.targets[index], target)) {
    index += 1;
  }
  if (index === search.count && isAvoided(question.locator.avoided, target) === avoided) {
    search.count += 1;
  }
}

/** What is known of a name and type; notes when it is not known yet. */
function look(locator: Locator, bytes: Bytes, start: number, end: number, type: RecordType): CacheEntry {
  const entry = lookUp(locator.dns, bytes, start, end, type);
  if (entry === locator.dns.pending) {
    locator.pending = true;
  }
  return entry;
}

/** The address family to be tried first (turn 0) or second, or 0: the socket's own, as far as the settings allow it. */
function familyOfTurn(locator: Locator, turn: number): number {
  const choice = locator.settings.network.family;
  const family = turn === 0 ? locator.udp.local.family : locator.udp.local6.family;
  return choice === (family === 6 ? FamilyChoice.IPV4 : FamilyChoice.IPV6) ? 0 : family;
}

/** Adds the addresses of the name bytes[start … end). */
function addAddresses(
  question: Question,
  avoided: boolean,
  bytes: Bytes,
  start: number,
  end: number,
  port: number,
  protocol: Protocol,
): void {
  const locator = question.locator;
  for (let turn = 0; turn < 2; turn += 1) {
    const family = familyOfTurn(locator, turn);
    if (family !== 0) {
      const entry = look(locator, bytes, start, end, family === 6 ? RecordType.AAAA : RecordType.A);
      for (let index = 0; index < entry.records; index += 1) {
        addTarget(question, avoided, family, entry.bytes, recordAt(entry, index), port, protocol);
      }
    }
  }
}

/**
 * Adds the servers that SRV records of the name bytes[start … end) name.
 * @returns whether there are such records
 */
function addServers(
  question: Question,
  avoided: boolean,
  bytes: Bytes,
  start: number,
  end: number,
  protocol: Protocol,
): boolean {
  const locator = question.locator;
  const search = question.search;
  const entry = look(locator, bytes, start, end, RecordType.SRV);
  let taken = 0;
  let index = chooseServiceRecord(entry, taken, locator.random);
  entry.held = true;
  while (index >= 0 && search.count < search.targets.length) {
    const at = recordAt(entry, index);
    const name = at + SRV_NAME;
    // A root name says that the service is not to be had (RFC 2782).
    if (entry.bytes[name] !== 0) {
      const port = numberAt(entry.bytes, at + 4);
      addAddresses(question, avoided, entry.bytes, name, at + entry.bytes[at - 1], port, protocol);
    }
    taken |= 1 << index;
    index = chooseServiceRecord(entry, taken, locator.random);
  }
  entry.held = false;
  return entry.records > 0;
}

/** As `addServers`, of the service of a protocol at the question's host. */
function addService(question: Question, avoided: boolean, protocol: Protocol): boolean {
  const service = question.locator.service;
  const host = question.host;
  const labels = SERVICE_LABELS[protocol];
  const length = textLength(labels);
  if (length + host.length > NAME_OCTETS) {
    return false;
  }
  copyText(service.bytes, 0, labels);
  copyBytes(service.bytes, length, host.bytes, 0, host.length);
  return addServers(question, avoided, service.bytes, 0, length + host.length, protocol);
}

/** Whether the station speaks a protocol, and the question is for it. */
function isWanted(question: Question, protocol: Protocol): boolean {
  return question.protocol === ANY_PROTOCOL
    ? protocol === Protocol.UDP || question.locator.streams
    : question.protocol === protocol;
}

/** Adds the servers that NAPTR records of the question's host lead to. Returns whether they lead to any. */
function addPointers(question: Question, avoided: boolean): boolean {
  const locator = question.locator;
  const host = question.host;
  const entry = look(locator, host.bytes, 0, host.length, RecordType.NAPTR);
  const bytes = entry.bytes;
  let found = false;
  entry.held = true;
  for (let index = 0; index < entry.records; index += 1) {
    const at = recordAt(entry, index);
    const protocol = protocolOfPointer(bytes, at);
    if (protocol >= 0 && isWanted(question, protocol)) {
      const added = addServers(question, avoided, bytes, replacementAt(bytes, at), at + bytes[at - 1], protocol);
      found = found || added || locator.pending;
    }
  }
  entry.held = false;
  return found;
}

/**
 * Adds what the cache knows: the targets that are avoided, or the others. What an answer still on its way may make
 * unnecessary is asked for at the same time, so that a server which leaves one type unanswered costs its time once.
 */
function addTargets(question: Question, avoided: boolean): void {
  const host = question.host;
  const protocol = question.protocol === ANY_PROTOCOL ? Protocol.UDP : question.protocol;
  if (question.port !== 0) {
    addAddresses(question, avoided, host.bytes, 0, host.length, question.port, protocol);
    return;
  }
  if (question.protocol === ANY_PROTOCOL && addPointers(question, avoided)) {
    return;
  }
  let found = false;
  for (let service = Protocol.UDP; service <= Protocol.TCP; service += 1) {
    if (isWanted(question, service)) {
      const added = addService(question, avoided, service);
      found = found || added;
    }
  }
  if (!found) {
    addAddresses(question, avoided, host.bytes, 0, host.length, SIP_PORT, protocol);
  }
}

/** Searches with what is known. Returns OK, PENDING or MISSING. */
function evaluate(question: Question): Status {
  const locator = question.locator;
  const search = question.search;
  search.count = 0;
  search.next = 0;
  locator.pending = false;
  addTargets(question, false);
  addTargets(question, true);
  if (locator.pending) {
    return Status.PENDING;
  }
  return search.count === 0 ? Status.MISSING : Status.OK;
}

function release(question: Question): void {
  if (question.deadline.armed) {
    stopTimer(question.locator.wheel, question.deadline);
    countReleased(question.locator.use);
  }
}

/** The dns client's onAnswer: goes on with every search that waits. */
function answerSearches(owner: object): void {
  const locator = owner as Locator;
  for (let index = 0; index < locator.questions.length; index += 1) {
    const question = locator.questions[index];
    if (question.deadline.armed) {
      const status = evaluate(question);
      if (status !== Status.PENDING) {
        release(question);
        question.search.onLocated(question.search.owner, status);
      }
    }
  }
}

function onDeadline(owner: object): void {
  const question = owner as Question;
  countReleased(question.locator.use);
  evaluate(question);
  question.search.onLocated(question.search.owner, question.search.count === 0 ? Status.MISSING : Status.OK);
}

/** Finds the address of a host that needs no DNS. Returns whether there is one. */
function setKnownAddress(settings: Settings, bytes: Bytes, start: number, end: number, into: Target): boolean {
  into.family = parseAddress(bytes, start, end, into.address);
  for (let index = 0; index < settings.hosts.length && into.family === 0; index += 1) {
    const host = settings.hosts[index];
    const name = host.name;
    if (equalBytesAnyCase(bytes, start, end, name.bytes, name.start, name.end)) {
      into.family = host.address.family;
      copyBytes(into.address, 0, host.address.address, 0, 16);
    }
  }
  return into.family !== 0;
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

/** Takes the question of a search: one that waits for nobody. */
function begin(locator: Locator, search: Search, bytes: Bytes, start: number, end: number): Status {
  let free = -1;
  for (let index = 0; index < locator.questions.length; index += 1) {
    const question = locator.questions[index];
    if (question.search === search) {
      release(question);
    }
    if (!question.deadline.armed) {
      free = index;
    }
  }
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
  if (setKnownAddress(locator.settings, bytes, hostStart, hostEnd, target)) {
    target.port = uri.port === 0 ? SIP_PORT : uri.port;
    target.protocol = protocol === ANY_PROTOCOL ? Protocol.UDP : protocol;
    target.connection = NO_CONNECTION;
    search.count = 1;
    return Status.OK;
  }
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
  const result = evaluate(question);
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
