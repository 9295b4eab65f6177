// The DNS cache: a fixed number of entries, each the packed records of one name and type, or none of them (RFC 2308). The
// least recently used goes first. What has run out stays until its place is needed: it is better than nothing while no name
// server answers (RFC 8767).

import { type Bytes, copyBytes, createBytes, equalBytes } from "../bytes/bytes";
import { createTimer, startTimer, stopTimer, type Timer, type TimerWheel } from "../clock/timer-wheel";
import {
  countReleased,
  countTaken,
  createPoolOctets,
  createPoolUse,
  type Memory,
  type PoolLimit,
  type PoolUse,
} from "../memory/pool";

export interface CacheEntry {
  readonly cache: Cache;
  /** The name in bytes[0 … nameLength), then the records, each behind its length. */
  readonly bytes: Bytes;
  /** 0: never used. */
  nameLength: number;
  type: number;
  /** How many records there are. */
  records: number;
  /** A query for it is under way. */
  asked: boolean;
  /** Somebody reads it: it keeps its place. */
  held: boolean;
  /** Armed as long as the entry holds. */
  timer: Timer;
}

export interface Cache {
  readonly wheel: TimerWheel;
  /** Entries that hold. */
  readonly use: PoolUse;
  /** The most recently used first. */
  readonly entries: CacheEntry[];
  /** An entry without records: nothing is known. */
  none: CacheEntry;
}

function onRunOut(owner: object): void {
  countReleased((owner as CacheEntry).cache.use);
}

/** Boot only: an empty entry. */
export function createCacheEntry(cache: Cache, octets: number): CacheEntry {
  const entry = {
    cache,
    bytes: createBytes(octets),
    nameLength: 0,
    type: 0,
    records: 0,
    asked: false,
    held: false,
  } as CacheEntry;
  entry.timer = createTimer(entry, onRunOut);
  return entry;
}

/** Boot only: an empty cache. */
export function createCache(memory: Memory, limit: PoolLimit, wheel: TimerWheel): Cache {
  const cache = { wheel, use: createPoolUse(memory, limit), entries: [] as CacheEntry[] } as Cache;
  cache.none = createCacheEntry(cache, 0);
  for (let count = 0; count < limit.count; count += 1) {
    cache.entries.push(createCacheEntry(cache, limit.bytesEach));
  }
  createPoolOctets(cache.use);
  return cache;
}

/** Puts the entry at `index` before all others. */
function useEntry(cache: Cache, index: number): CacheEntry {
  const entries = cache.entries;
  const entry = entries[index];
  for (let at = index; at > 0; at -= 1) {
    entries[at] = entries[at - 1];
  }
  entries[0] = entry;
  return entry;
}

/** The entry of the name bytes[start … end) and a type, whether it holds or not, or `cache.none`. */
export function findEntry(cache: Cache, bytes: Bytes, start: number, end: number, type: number): CacheEntry {
  for (let index = 0; index < cache.entries.length; index += 1) {
    const entry = cache.entries[index];
    if (entry.type === type && equalBytes(entry.bytes, 0, entry.nameLength, bytes, start, end)) {
      return useEntry(cache, index);
    }
  }
  return cache.none;
}

/** Gives the place of the least recently used entry to a name and type; `cache.none` when none can go, or the name is too long. */
export function takeEntry(cache: Cache, bytes: Bytes, start: number, end: number, type: number): CacheEntry {
  let index = cache.entries.length - 1;
  while (index >= 0 && (cache.entries[index].asked || cache.entries[index].held)) {
    index -= 1;
  }
  if (index < 0 || end - start > cache.entries[index].bytes.length) {
    return cache.none;
  }
  const entry = useEntry(cache, index);
  dropEntry(entry);
  copyBytes(entry.bytes, 0, bytes, start, end);
  entry.nameLength = end - start;
  entry.type = type;
  entry.records = 0;
  return entry;
}

/** Lets an entry hold for some seconds: 1 … 65,535. */
export function keepEntry(entry: CacheEntry, seconds: number): void {
  if (!entry.timer.armed) {
    countTaken(entry.cache.use);
  }
  startTimer(entry.cache.wheel, entry.timer, seconds * 1000);
}

/** Lets an entry hold no longer. */
export function dropEntry(entry: CacheEntry): void {
  if (entry.timer.armed) {
    stopTimer(entry.cache.wheel, entry.timer);
    countReleased(entry.cache.use);
  }
}

/** The offset of the data of an entry's record 0 … records - 1; its length stands before it. */
export function recordAt(entry: CacheEntry, index: number): number {
  let at = entry.nameLength;
  for (let count = 0; count < index; count += 1) {
    at += entry.bytes[at] + 1;
  }
  return at + 1;
}
