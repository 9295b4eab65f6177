// Pools: every record that the device may need, made at boot and counted. One line of limits.ts says how many and why;
// the allocation, the counters and the memory report all come from that line. A pool never grows.

import { octetsAllocated } from "../bytes/bytes";

/** One line of limits.ts. */
export interface PoolLimit {
  /** What the pool holds, as the memory report prints it. */
  name: string;
  /** How many there are. */
  count: number;
  /** Octets of the buffers of one, without the record itself. */
  bytesEach: number;
  /** Why as many and as large. */
  reason: string;
}

/** The counters of a pool. */
export interface PoolUse {
  limit: PoolLimit;
  /** Octets of the buffers that boot really made for it. */
  octets: number;
  inUse: number;
  highWater: number;
  /** How often one was asked for and none was free. */
  refused: number;
}

/** All pools of a device, in the order in which boot made them. */
export interface Memory {
  pools: PoolUse[];
  /** Octets of all buffers when boot began. */
  begin: number;
}

/** Boot only: an empty list of pools; what is allocated from now on belongs to the device. */
export function createMemory(): Memory {
  return { pools: [], begin: octetsAllocated() };
}

/**
 * Boot only: opens the counters of a pool. The caller makes the `limit.count` records and closes it with
 * `createPoolOctets`; pools do not nest.
 */
export function createPoolUse(memory: Memory, limit: PoolLimit): PoolUse {
  const use: PoolUse = { limit, octets: 0 - octetsAllocated(), inUse: 0, highWater: 0, refused: 0 };
  memory.pools.push(use);
  return use;
}

/** Boot only: the pool's records are made; what was allocated since `createPoolUse` is theirs. */
export function createPoolOctets(use: PoolUse): void {
  use.octets += octetsAllocated();
}

/** Boot only: a line for what exists once and is always in use, made since `createPoolUse`. */
export function createFixedOctets(use: PoolUse): void {
  createPoolOctets(use);
  countTaken(use);
}

/** Boot only: the last line: everything since `createMemory` that no other line has. */
export function createRemainder(memory: Memory, limit: PoolLimit): void {
  const octets = octetsAllocated() - memory.begin - countOctets(memory);
  const use = createPoolUse(memory, limit);
  use.octets = octets;
  countTaken(use);
}

/** Octets of the buffers of all pools. */
export function countOctets(memory: Memory): number {
  let octets = 0;
  for (let index = 0; index < memory.pools.length; index += 1) {
    octets += memory.pools[index].octets;
  }
  return octets;
}

/** Counts one record as taken. */
export function countTaken(use: PoolUse): void {
  use.inUse += 1;
  if (use.inUse > use.highWater) {
    use.highWater = use.inUse;
  }
}

/** Counts one record as given back. */
export function countReleased(use: PoolUse): void {
  use.inUse -= 1;
}

/** Counts a request that found the pool full. */
export function countRefused(use: PoolUse): void {
  use.refused += 1;
}
