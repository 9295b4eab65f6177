// Whose datagrams are looked at at all (RFC 3261 26.3.2.4): asked before anything is parsed. A source outside the
// allowed networks is refused; strangers share one budget and have one each; peers that matter, to whom the station itself
// sends requests or with whom it talks, have budgets of their own that no stranger can use up.

import type { Endpoint } from "../../hal/endpoint";
import { type Bytes, copyBytes, createBytes } from "../bytes/bytes";
import { timeSince } from "../clock/time";
import type { TimerWheel } from "../clock/timer-wheel";
import { countTaken, createPoolOctets, createPoolUse, type Memory, type PoolLimit, type PoolUse } from "../memory/pool";
import { type IpNetwork, isInNetwork } from "../settings/ip-network";
import { canSpend, createRateBudget, type RateBudget, type RateLimit, spend } from "./rate-budget";
import { noteRefusal, Refusal, type RefusalLog } from "./refusal-log";

/** What the memory contract says of the protection. */
export interface ProtectionLimits {
  /** Peers that matter; the one that was silent longest gives way. */
  peers: PoolLimit;
  /** Strangers that are told apart; the one that was silent longest gives way. */
  strangers: PoolLimit;
  /** What was refused, by reason and source. */
  refusals: PoolLimit;
  /** What one peer that matters may send. */
  peerRate: RateLimit;
  /** What one stranger may send. */
  strangerRate: RateLimit;
  /** What all strangers together may send. */
  strangersRate: RateLimit;
  /** Answers to requests of strangers that are refused without a transaction. */
  answerRate: RateLimit;
  /** Server transactions that only peers that matter and calls in progress may take. */
  reservedTransactions: number;
}

/** Octets that tell sources apart: an IPv4 address; of IPv6 the /64, because a host has all of it (RFC 6177 2). */
const PREFIX_OCTETS_4 = 4;
const PREFIX_OCTETS_6 = 8;

interface Source {
  /** 4, 6, or 0: nobody. */
  family: number;
  /** PREFIX_OCTETS_6 octets. */
  readonly prefix: Bytes;
  readonly budget: RateBudget;
  /** Device time at which it was last heard of. */
  used: number;
}

interface SourceTable {
  readonly use: PoolUse;
  readonly items: Source[];
}

export interface SourcePolicy {
  readonly limits: ProtectionLimits;
  readonly wheel: TimerWheel;
  readonly refusals: RefusalLog;
  /** The networks whose datagrams are taken, the first `networkCount`; none: all are. */
  readonly networks: IpNetwork[];
  readonly networkCount: number;
  readonly peers: SourceTable;
  readonly strangers: SourceTable;
  readonly strangersBudget: RateBudget;
  readonly answerBudget: RateBudget;
}

function createSourceTable(memory: Memory, limit: PoolLimit, now: number): SourceTable {
  const table: SourceTable = { use: createPoolUse(memory, limit), items: [] };
  for (let index = 0; index < limit.count; index += 1) {
    table.items.push({ family: 0, prefix: createBytes(PREFIX_OCTETS_6), budget: createRateBudget(now), used: now });
  }
  createPoolOctets(table.use);
  return table;
}

/**
 * Boot only: a policy that knows nobody yet.
 * @param networks networks.slice(0, networkCount) are allowed; none: everybody is
 */
export function createSourcePolicy(
  memory: Memory,
  limits: ProtectionLimits,
  wheel: TimerWheel,
  refusals: RefusalLog,
  networks: IpNetwork[],
  networkCount: number,
): SourcePolicy {
  return {
    limits,
    wheel,
    refusals,
    networks,
    networkCount,
    peers: createSourceTable(memory, limits.peers, wheel.now),
    strangers: createSourceTable(memory, limits.strangers, wheel.now),
    strangersBudget: createRateBudget(wheel.now),
    answerBudget: createRateBudget(wheel.now),
  };
}

function prefixOctets(family: number): number {
  return family === 6 ? PREFIX_OCTETS_6 : PREFIX_OCTETS_4;
}

function isSource(item: Source, endpoint: Endpoint): boolean {
  if (item.family === 0 || item.family !== endpoint.family) {
    return false;
  }
  const octets = prefixOctets(item.family);
  for (let index = 0; index < octets; index += 1) {
    if (item.prefix[index] !== endpoint.address[index]) {
      return false;
    }
  }
  return true;
}

/** Returns the index of an endpoint's source, or -1. */
function findSource(table: SourceTable, endpoint: Endpoint): number {
  for (let index = 0; index < table.items.length; index += 1) {
    if (isSource(table.items[index], endpoint)) {
      return index;
    }
  }
  return -1;
}

/** The place of nobody, or of the source that was silent longest. */
function findPlace(table: SourceTable, now: number): number {
  let place = 0;
  let longest = -1;
  for (let index = 0; index < table.items.length; index += 1) {
    const silent = timeSince(table.items[index].used, now);
    if (table.items[index].family === 0) {
      return index;
    }
    if (silent > longest) {
      longest = silent;
      place = index;
    }
  }
  return place;
}

/** The entry of an endpoint's source; a new one has a full budget. */
function takeSource(table: SourceTable, endpoint: Endpoint, now: number): Source {
  const known = findSource(table, endpoint);
  const item = table.items[known < 0 ? findPlace(table, now) : known];
  if (known < 0) {
    if (item.family === 0) {
      countTaken(table.use);
    }
    item.family = endpoint.family;
    item.budget.full = now;
    copyBytes(item.prefix, 0, endpoint.address, 0, prefixOctets(endpoint.family));
  }
  item.used = now;
  return item;
}

/** From now on the endpoint's source is a peer that matters: a server of ours, or who talks with us. */
export function protectSource(policy: SourcePolicy, endpoint: Endpoint): void {
  if (endpoint.family !== 0) {
    takeSource(policy.peers, endpoint, policy.wheel.now);
  }
}

/** Whether the endpoint's source is a peer that matters. */
export function isProtectedSource(policy: SourcePolicy, endpoint: Endpoint): boolean {
  return findSource(policy.peers, endpoint) >= 0;
}

function isAllowed(policy: SourcePolicy, endpoint: Endpoint): boolean {
  for (let index = 0; index < policy.networkCount; index += 1) {
    if (isInNetwork(policy.networks[index], endpoint)) {
      return true;
    }
  }
  return policy.networkCount === 0;
}

/** Why a stranger's datagram is refused, or Refusal.NONE; then it is paid for. */
function judgeStranger(policy: SourcePolicy, source: Endpoint): Refusal {
  const limits = policy.limits;
  const strangersBudget = policy.strangersBudget;
  const now = policy.wheel.now;
  if (!isAllowed(policy, source)) {
    return Refusal.NETWORK;
  }
  // First, so that a flood of invented sources does not wash the table of strangers.
  if (!canSpend(strangersBudget, limits.strangersRate, now)) {
    return Refusal.STRANGERS_RATE;
  }
  if (!spend(takeSource(policy.strangers, source, now).budget, limits.strangerRate, now)) {
    return Refusal.STRANGER_RATE;
  }
  spend(strangersBudget, limits.strangersRate, now);
  return Refusal.NONE;
}

/** Whether a datagram of `source` is to be looked at: the transport's admission. One that is not is in the refusal log. */
export function admitSource(owner: object, source: Endpoint): boolean {
  const policy = owner as SourcePolicy;
  const peer = findSource(policy.peers, source);
  let refusal = Refusal.NONE;
  if (peer < 0) {
    refusal = judgeStranger(policy, source);
  } else {
    const item = policy.peers.items[peer];
    item.used = policy.wheel.now;
    refusal = spend(item.budget, policy.limits.peerRate, policy.wheel.now) ? Refusal.NONE : Refusal.PEER_RATE;
  }
  if (refusal !== Refusal.NONE) {
    noteRefusal(policy.refusals, refusal, source);
  }
  return refusal === Refusal.NONE;
}

/**
 * Whether a request that is refused may still be answered. A stranger's source may be invented, and the answer then goes to
 * somebody who never asked.
 */
export function mayAnswer(policy: SourcePolicy, source: Endpoint): boolean {
  return isProtectedSource(policy, source) || spend(policy.answerBudget, policy.limits.answerRate, policy.wheel.now);
}
