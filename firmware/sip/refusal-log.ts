// What was refused and why: counted by reason, and by reason and source in a ring of fixed size. It reports at most once a
// second and reason, however many are refused, so that a flood does not drown the log that it is written to.

import type { Endpoint } from "../../hal/endpoint";
import { DECIMAL_MAXIMUM } from "../bytes/decimal";
import { copyEndpoint, createEndpoint, equalAddresses } from "../bytes/ip-address";
import { timeSince } from "../clock/time";
import type { TimerWheel } from "../clock/timer-wheel";
import { countTaken, createPoolOctets, createPoolUse, type Memory, type PoolLimit, type PoolUse } from "../memory/pool";

/** Why something was refused. */
export const enum Refusal {
  NONE = 0,
  /** A source outside network.allow-from. */
  NETWORK = 1,
  /** More than one stranger may send. */
  STRANGER_RATE = 2,
  /** More than all strangers together may send. */
  STRANGERS_RATE = 3,
  /** More than a peer that matters may send. */
  PEER_RATE = 4,
  /** A caller that call.answer-from does not list. */
  CALLER = 5,
  /** A request of a dialog, from an address that is not its peer's. */
  DIALOG_SOURCE = 6,
  /** A request of no dialog that there is. */
  NO_DIALOG = 7,
  /** A stranger's call while what it would take is kept for the call in progress. */
  RESERVED = 8,
  /** Malformed, and too many of the kind to be answered. */
  DEFECT = 9,
}

const REASONS = 10;
const REPORT_PAUSE_MS = 1000;

/** What was refused of one source for one reason. */
export interface RefusalEntry {
  reason: Refusal;
  /** The port is that of the last one. */
  readonly source: Endpoint;
  count: number;
  /** Device time of the last one. */
  last: number;
}

interface ReasonCount {
  /** Since boot. */
  count: number;
  /** Of these: not reported yet. */
  unreported: number;
  /** Device time of the last report; meaningful once there was one. */
  reported: number;
  hasReported: boolean;
}

/** Who is told. Set once, at boot. */
export interface RefusalListener {
  owner: object;
  /** `count` were refused for `reason` since the last report of that reason. */
  onRefusals: (owner: object, reason: Refusal, count: number) => void;
}

export interface RefusalLog {
  readonly wheel: TimerWheel;
  readonly use: PoolUse;
  readonly listener: RefusalListener;
  /** By Refusal. */
  readonly reasons: ReasonCount[];
  /** A ring, `next` is the oldest once all are taken. */
  readonly entries: RefusalEntry[];
  next: number;
}

/** Boot only: an empty log. */
export function createRefusalLog(
  memory: Memory,
  limit: PoolLimit,
  wheel: TimerWheel,
  listener: RefusalListener,
): RefusalLog {
  const log: RefusalLog = { wheel, use: createPoolUse(memory, limit), listener, reasons: [], entries: [], next: 0 };
  for (let reason = 0; reason < REASONS; reason += 1) {
    log.reasons.push({ count: 0, unreported: 0, reported: 0, hasReported: false });
  }
  for (let index = 0; index < limit.count; index += 1) {
    log.entries.push({ reason: Refusal.NONE, source: createEndpoint(), count: 0, last: 0 });
  }
  createPoolOctets(log.use);
  return log;
}

function countUp(count: number): number {
  return count < DECIMAL_MAXIMUM ? count + 1 : count;
}

/** Returns the index of the entry of a reason and a source's address, a new one in the place of the oldest. */
function takeEntry(log: RefusalLog, reason: Refusal, source: Endpoint): number {
  for (let index = 0; index < log.entries.length; index += 1) {
    if (log.entries[index].reason === reason && equalAddresses(log.entries[index].source, source)) {
      return index;
    }
  }
  const index = log.next;
  if (log.entries[index].reason === Refusal.NONE) {
    countTaken(log.use);
  }
  log.entries[index].reason = reason;
  log.entries[index].count = 0;
  log.next = (index + 1) % log.entries.length;
  return index;
}

/** Something of `source` was refused. */
export function noteRefusal(log: RefusalLog, reason: Refusal, source: Endpoint): void {
  const now = log.wheel.now;
  const entry = log.entries[takeEntry(log, reason, source)];
  const counted = log.reasons[reason];
  copyEndpoint(entry.source, source);
  entry.count = countUp(entry.count);
  entry.last = now;
  counted.count = countUp(counted.count);
  counted.unreported = countUp(counted.unreported);
  if (!counted.hasReported || timeSince(counted.reported, now) >= REPORT_PAUSE_MS) {
    const count = counted.unreported;
    counted.hasReported = true;
    counted.reported = now;
    counted.unreported = 0;
    log.listener.onRefusals(log.listener.owner, reason, count);
  }
}

/** How often a reason was met since boot. */
export function countRefusals(log: RefusalLog, reason: Refusal): number {
  return log.reasons[reason].count;
}
