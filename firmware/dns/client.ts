// The DNS client (RFC 1035 7, RFC 5452): queries to one or two name servers from a pool, sent again and to the other server
// in turn, and their answers into the cache. An answer counts only from a server that was asked, at its address and port, with
// the id and the letters of its question. UDP only: of a truncated answer what is whole is taken.

import type { Endpoint } from "../../hal/endpoint";
import type { Random } from "../../hal/random";
import type { Udp } from "../../hal/udp";
import { type Bytes, createBytes, lowerCase } from "../bytes/bytes";
import { copyEndpoint, createEndpoint, equalAddresses } from "../bytes/ip-address";
import { createTimer, startTimer, stopTimer, type Timer, type TimerWheel } from "../clock/timer-wheel";
import type { Limits } from "../limits";
import {
  countRefused,
  countReleased,
  countTaken,
  createPoolOctets,
  createPoolUse,
  type Memory,
  type PoolUse,
} from "../memory/pool";
import { type Answer, createAnswer, packRecords, readAnswer, Verdict } from "./answer";
import {
  type Cache,
  type CacheEntry,
  createCache,
  createCacheEntry,
  dropEntry,
  findEntry,
  keepEntry,
  takeEntry,
} from "./cache";
import { HEADER_OCTETS, RecordType, TRUNCATED, writeQuery } from "./message";

/** Port of name servers (RFC 1035 4.2.1). */
export const DNS_PORT = 53;

/** Octets of the largest datagram that a server sends to whom asks plainly (RFC 1035 2.3.4). */
const DATAGRAM_OCTETS = 512;

/** Datagrams taken in one poll. */
const DATAGRAMS_A_POLL = 8;

/** Times that a query is sent, all servers together: after 1, 2 and 4 s again, given up after 8 s. */
const ATTEMPTS = 4;

/** From this attempt on letters are in lower case, for a server that does not repeat their case. */
const FIRST_PLAIN_ATTEMPT = 2;

/** Aliases that are asked for on their own. */
const ALIASES_A_QUERY = 4;

/** An answer holds for as long as the search that asked for it needs it. */
const SHORTEST_SECONDS = 10;

/** After six hours a name is asked for again whatever its TTL. */
const LONGEST_SECONDS = 21600;

/** A "no" holds five minutes at most: an installer corrects the zone and wants to see it. */
const LONGEST_NEGATIVE_SECONDS = 300;

/** How long a name is taken for unknown when no server had an answer. */
const FAILURE_SECONDS = 5;

/** The same for a type that is left out by servers that answer others meanwhile. */
const SILENCE_SECONDS = 60;

/** How long records that have run out are used on before the servers are tried again (RFC 8767 5). */
const STALE_SECONDS = 30;

/** A query of the pool. */
interface Query {
  readonly client: DnsClient;
  readonly message: Bytes;
  length: number;
  /** What is asked for; `client.cache.none` when the query is free. */
  entry: CacheEntry;
  /** 0 … ATTEMPTS - 1 */
  attempt: number;
  /** The server of the first attempt. */
  first: number;
  /** One bit a server that was asked. */
  asked: number;
  aliases: number;
  /** Seconds that the aliases hold. */
  ttl: number;
  /** `client.heard` when it began. */
  heard: number;
  timer: Timer;
}

/** Who waits for answers: set once, at boot. */
export interface DnsUser {
  owner: object;
  /** A query has ended: what `lookUp` says may have changed. */
  onAnswer: (owner: object) => void;
}

export interface DnsClient {
  readonly udp: Udp;
  readonly random: Random;
  readonly wheel: TimerWheel;
  readonly servers: Endpoint[];
  readonly cache: Cache;
  /** Stands for an entry that is being asked for. It has no records. */
  readonly pending: CacheEntry;
  readonly queries: Query[];
  readonly use: PoolUse;
  readonly buffer: Bytes;
  readonly source: Endpoint;
  readonly answer: Answer;
  /** The server that answered last. */
  preferred: number;
  /** Counts answers, 16 bits. */
  heard: number;
  /** Datagrams that answered no question, since boot. */
  foreign: number;
  user: DnsUser;
}

function ignoreAnswer(): void {
  // Until boot has set the user.
}

function createQuery(client: DnsClient, octets: number): Query {
  const query = {
    client,
    message: createBytes(octets),
    length: 0,
    entry: client.cache.none,
    attempt: 0,
    first: 0,
    asked: 0,
    aliases: 0,
    ttl: 0,
    heard: 0,
  } as Query;
  query.timer = createTimer(query, onTimeout);
  return query;
}

/**
 * Boot only: a client.
 * @param servers those without an address are left out; port 0: DNS_PORT. At most 8.
 */
export function createDnsClient(
  memory: Memory,
  limits: Limits,
  udp: Udp,
  random: Random,
  wheel: TimerWheel,
  servers: Endpoint[],
): DnsClient {
  const cache = createCache(memory, limits.dnsCache, wheel);
  const client: DnsClient = {
    udp,
    random,
    wheel,
    servers: [],
    cache,
    pending: createCacheEntry(cache, 0),
    queries: [],
    buffer: createBytes(DATAGRAM_OCTETS),
    source: createEndpoint(),
    answer: createAnswer(),
    preferred: 0,
    heard: 0,
    foreign: 0,
    user: { owner: udp, onAnswer: ignoreAnswer },
    use: createPoolUse(memory, limits.dnsQueries),
  };
  for (let count = 0; count < limits.dnsQueries.count; count += 1) {
    client.queries.push(createQuery(client, limits.dnsQueries.bytesEach));
  }
  createPoolOctets(client.use);
  for (let index = 0; index < servers.length; index += 1) {
    if (servers[index].family !== 0) {
      const server = createEndpoint();
      copyEndpoint(server, servers[index]);
      server.port = server.port === 0 ? DNS_PORT : server.port;
      client.servers.push(server);
    }
  }
  return client;
}

function isFree(query: Query): boolean {
  return query.entry === query.client.cache.none;
}

/** Asks the server whose turn it is. What the network refuses is lost, as on the wire. */
function sendQuery(query: Query): void {
  const client = query.client;
  const server = (query.first + query.attempt) % client.servers.length;
  query.asked |= 1 << server;
  client.udp.write(query.message, 0, query.length, client.servers[server]);
  startTimer(client.wheel, query.timer, query.attempt === 0 ? 1000 : 500 << query.attempt);
}

/** Puts a question under a new id. */
function ask(query: Query, name: Bytes, nameLength: number): void {
  const mixed = query.attempt < FIRST_PLAIN_ATTEMPT;
  query.length = writeQuery(query.message, query.client.random, name, nameLength, query.entry.type, mixed);
  sendQuery(query);
}

/**
 * What is known of a name and type; begins to ask when nothing is, or no longer.
 * @param bytes bytes[start … end): the name as labels, in lower case
 * @returns the entry; `client.pending` while the answer is awaited, of which the user hears
 */
export function lookUp(client: DnsClient, bytes: Bytes, start: number, end: number, type: RecordType): CacheEntry {
  const cache = client.cache;
  let entry = findEntry(cache, bytes, start, end, type);
  if (entry.asked) {
    return client.pending;
  }
  if (entry.timer.armed || client.servers.length === 0) {
    return entry;
  }
  let index = 0;
  while (index < client.queries.length && !isFree(client.queries[index])) {
    index += 1;
  }
  if (index === client.queries.length) {
    countRefused(client.use);
    return client.pending;
  }
  if (entry === cache.none) {
    entry = takeEntry(cache, bytes, start, end, type);
  }
  if (entry !== cache.none) {
    const query = client.queries[index];
    countTaken(client.use);
    entry.asked = true;
    query.entry = entry;
    query.attempt = 0;
    query.first = client.preferred;
    query.asked = 0;
    query.aliases = 0;
    query.ttl = LONGEST_SECONDS;
    query.heard = client.heard;
    ask(query, entry.bytes, entry.nameLength);
  }
  return client.pending;
}

function release(query: Query): void {
  const client = query.client;
  stopTimer(client.wheel, query.timer);
  query.entry.asked = false;
  query.entry = client.cache.none;
  countReleased(client.use);
}

/** Ends a query whose entry holds for some seconds from now on. */
function finish(query: Query, seconds: number): void {
  keepEntry(query.entry, seconds);
  release(query);
  query.client.user.onAnswer(query.client.user.owner);
}

/** No server has an answer: what has run out is used on, or the name is unknown for a while. */
function giveUp(query: Query): void {
  const entry = query.entry;
  const leftOut = query.heard !== query.client.heard && entry.type !== RecordType.A;
  finish(query, entry.records > 0 ? STALE_SECONDS : leftOut ? SILENCE_SECONDS : FAILURE_SECONDS);
}

function onTimeout(owner: object): void {
  const query = owner as Query;
  query.attempt += 1;
  if (query.attempt === ATTEMPTS) {
    giveUp(query);
  } else {
    if (query.attempt === FIRST_PLAIN_ATTEMPT) {
      lowerQuestion(query);
    }
    sendQuery(query);
  }
}

/** From now on the question is in lower case, under the same id. */
function lowerQuestion(query: Query): void {
  for (let index = HEADER_OCTETS; index < query.length - 4; index += 1) {
    query.message[index] = lowerCase(query.message[index]);
  }
}

/** The number of the server that the datagram at hand came from, or -1. */
function findServer(client: DnsClient): number {
  let index = client.servers.length - 1;
  while (
    index >= 0 &&
    (client.servers[index].port !== client.source.port || !equalAddresses(client.servers[index], client.source))
  ) {
    index -= 1;
  }
  return index;
}

/** Keeps the records of an answer. */
function keepRecords(query: Query, length: number): void {
  const client = query.client;
  const answer = client.answer;
  const entry = query.entry;
  packRecords(answer, client.buffer, length, entry.bytes, entry.nameLength, entry.bytes.length);
  if (answer.packed === 0) {
    askElsewhere(query);
    return;
  }
  entry.records = answer.packed;
  const seconds = answer.ttl < query.ttl ? answer.ttl : query.ttl;
  finish(query, seconds < SHORTEST_SECONDS ? SHORTEST_SECONDS : seconds);
}

/** The alias of the name is asked for on its own. */
function followAlias(query: Query): void {
  const answer = query.client.answer;
  query.aliases += 1;
  if (query.aliases > ALIASES_A_QUERY) {
    giveUp(query);
    return;
  }
  query.attempt = 0;
  query.asked = 0;
  query.ttl = answer.ttl < query.ttl ? answer.ttl : query.ttl;
  ask(query, answer.owner.bytes, answer.owner.length);
}

/** A server does not know: the next one is asked, when there is one that was not. */
function askElsewhere(query: Query): void {
  const servers = query.client.servers.length;
  query.attempt += 1;
  if (query.attempt < servers) {
    sendQuery(query);
  } else {
    giveUp(query);
  }
}

/** Gives the datagram at hand to the query that it answers. */
function takeAnswer(client: DnsClient, length: number): void {
  const server = findServer(client);
  for (let index = 0; index < client.queries.length && server >= 0; index += 1) {
    const query = client.queries[index];
    const verdict =
      isFree(query) || (query.asked & (1 << server)) === 0
        ? Verdict.FOREIGN
        : readAnswer(client.answer, client.buffer, length, query.message, query.length);
    if (verdict !== Verdict.FOREIGN) {
      client.heard = (client.heard + 1) & 0xffff;
      if (verdict === Verdict.FAILED) {
        askElsewhere(query);
        return;
      }
      client.preferred = server;
      if (verdict === Verdict.ALIAS) {
        followAlias(query);
      } else if (verdict === Verdict.FOUND) {
        keepRecords(query, length);
      } else {
        query.entry.records = 0;
        finish(query, negativeSeconds(client.answer.ttl));
      }
      return;
    }
  }
  client.foreign += 1;
}

function negativeSeconds(ttl: number): number {
  if (ttl < SHORTEST_SECONDS) {
    return SHORTEST_SECONDS;
  }
  return ttl < LONGEST_NEGATIVE_SECONDS ? ttl : LONGEST_NEGATIVE_SECONDS;
}

/** Takes the answers that wait, at most DATAGRAMS_A_POLL. */
export function pollDns(client: DnsClient): void {
  for (let count = 0; count < DATAGRAMS_A_POLL; count += 1) {
    const length = client.udp.read(client.buffer, client.source);
    if (length < 0) {
      return;
    }
    if (length > DATAGRAM_OCTETS) {
      // Cut by the socket.
      client.buffer[2] |= TRUNCATED;
    }
    takeAnswer(client, length > DATAGRAM_OCTETS ? DATAGRAM_OCTETS : length);
  }
}

/** The network is another: queries end unanswered, and everything is asked for anew; the user is not called. */
export function restartDns(client: DnsClient): void {
  for (let index = 0; index < client.queries.length; index += 1) {
    if (!isFree(client.queries[index])) {
      release(client.queries[index]);
    }
  }
  for (let index = 0; index < client.cache.entries.length; index += 1) {
    dropEntry(client.cache.entries[index]);
  }
  client.preferred = 0;
}
