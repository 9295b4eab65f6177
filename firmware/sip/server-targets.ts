// The servers of a host as DNS names them (RFC 3263 4.1, 4.2): NAPTR, then SRV, then A and AAAA, each read from the DNS cache, which
// asks for what it lacks. It is asked again with each answer until nothing is missing; it waits for nobody.

import type { Random } from "../../hal/random";
import type { Udp } from "../../hal/udp";
import { type Bytes, copyBytes } from "../bytes/bytes";
import type { FixedText } from "../bytes/fixed-text";
import { numberAt } from "../bytes/network-order";
import { copyText, createText, textLength } from "../bytes/text";
import { type CacheEntry, recordAt } from "../dns/cache";
import { type DnsClient, lookUp } from "../dns/client";
import { RecordType } from "../dns/message";
import { NAME_OCTETS } from "../dns/name";
import type { Settings } from "../settings/settings";
import { FamilyChoice } from "../settings/settings-keys";
import { type AvoidedTargets, equalTargets, isAvoided } from "./avoided-targets";
import type { Search } from "./search";
import { chooseServiceRecord, protocolOfPointer, replacementAt, SRV_NAME } from "./service-records";
import { Status } from "./status";
import { NO_CONNECTION, Protocol } from "./target";
import { SIP_PORT } from "./transport";

/** The URI names no protocol. */
export const ANY_PROTOCOL = -1;

/** The labels before the host whose SRV records name the servers of a protocol. */
const SERVICE_LABELS = [createText("\u0004_sip\u0004_udp"), createText("\u0004_sip\u0004_tcp")]; // by Protocol

/** What the servers of a host are found with. */
export interface ServerFinder {
  readonly settings: Settings;
  readonly dns: DnsClient;
  /** The socket that the targets are for: its families count. */
  readonly udp: Udp;
  readonly random: Random;
  /** Whether the board speaks TCP. */
  readonly streams: boolean;
  readonly avoided: AvoidedTargets;
  /** Name of SRV records. */
  readonly service: FixedText;
  /** Whether the question at hand lacks an answer. */
  pending: boolean;
}

/** A host whose servers are wanted, and the search that is to have them. */
export interface ServerQuestion {
  readonly finder: ServerFinder;
  search: Search;
  /** The host as labels of a domain name. */
  readonly host: FixedText;
  /** 0: the URI has none. */
  port: number;
  /** A Protocol or ANY_PROTOCOL. */
  protocol: number;
}

/** Adds a target to a search that has room, unless it is there, or belongs to the other round. */
function addTarget(
  question: ServerQuestion,
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
  if (index === search.count && isAvoided(question.finder.avoided, target) === avoided) {
    search.count += 1;
  }
}

/** What is known of a name and type; notes when it is not known yet. */
function look(finder: ServerFinder, bytes: Bytes, start: number, end: number, type: RecordType): CacheEntry {
  const entry = lookUp(finder.dns, bytes, start, end, type);
  if (entry === finder.dns.pending) {
    finder.pending = true;
  }
  return entry;
}

/** The address family to be tried first (turn 0) or second, or 0: the socket's own, as far as the settings allow it. */
function familyOfTurn(finder: ServerFinder, turn: number): number {
  const choice = finder.settings.network.family;
  const family = turn === 0 ? finder.udp.local.family : finder.udp.local6.family;
  return choice === (family === 6 ? FamilyChoice.IPV4 : FamilyChoice.IPV6) ? 0 : family;
}

/** Adds the addresses of the name bytes[start … end). */
function addAddresses(
  question: ServerQuestion,
  avoided: boolean,
  bytes: Bytes,
  start: number,
  end: number,
  port: number,
  protocol: Protocol,
): void {
  const finder = question.finder;
  for (let turn = 0; turn < 2; turn += 1) {
    const family = familyOfTurn(finder, turn);
    if (family !== 0) {
      const entry = look(finder, bytes, start, end, family === 6 ? RecordType.AAAA : RecordType.A);
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
  question: ServerQuestion,
  avoided: boolean,
  bytes: Bytes,
  start: number,
  end: number,
  protocol: Protocol,
): boolean {
  const finder = question.finder;
  const search = question.search;
  const entry = look(finder, bytes, start, end, RecordType.SRV);
  let taken = 0;
  let index = chooseServiceRecord(entry, taken, finder.random);
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
    index = chooseServiceRecord(entry, taken, finder.random);
  }
  entry.held = false;
  return entry.records > 0;
}

/** As `addServers`, of the service of a protocol at the question's host. */
function addService(question: ServerQuestion, avoided: boolean, protocol: Protocol): boolean {
  const service = question.finder.service;
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
function isWanted(question: ServerQuestion, protocol: Protocol): boolean {
  return question.protocol === ANY_PROTOCOL
    ? protocol === Protocol.UDP || question.finder.streams
    : question.protocol === protocol;
}

/** Adds the servers that NAPTR records of the question's host lead to. Returns whether they lead to any. */
function addPointers(question: ServerQuestion, avoided: boolean): boolean {
  const finder = question.finder;
  const host = question.host;
  const entry = look(finder, host.bytes, 0, host.length, RecordType.NAPTR);
  const bytes = entry.bytes;
  let found = false;
  entry.held = true;
  for (let index = 0; index < entry.records; index += 1) {
    const at = recordAt(entry, index);
    const protocol = protocolOfPointer(bytes, at);
    if (protocol >= 0 && isWanted(question, protocol)) {
      const added = addServers(question, avoided, bytes, replacementAt(bytes, at), at + bytes[at - 1], protocol);
      found = found || added || finder.pending;
    }
  }
  entry.held = false;
  return found;
}

/**
 * Adds what the cache knows: the targets that are avoided, or the others. What an answer still on its way may make
 * unnecessary is asked for at the same time, so that a server which leaves one type unanswered costs its time once.
 */
function addTargets(question: ServerQuestion, avoided: boolean): void {
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

/** Fills the search with the servers that are known now, best first. Returns OK, PENDING or MISSING. */
export function findServers(question: ServerQuestion): Status {
  const finder = question.finder;
  const search = question.search;
  search.count = 0;
  search.next = 0;
  finder.pending = false;
  addTargets(question, false);
  addTargets(question, true);
  if (finder.pending) {
    return Status.PENDING;
  }
  return search.count === 0 ? Status.MISSING : Status.OK;
}
