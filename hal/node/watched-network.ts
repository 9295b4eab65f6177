// The network of a desk's board: what a probe says of its addresses, looked at again when it is asked for, at most once in an
// interval, and often enough that a board which waits for nothing else is woken. A probe that says nothing means that there is no
// network.

import { networkInterfaces } from "node:os";
import type { Network } from "../network";
import type { Paced } from "./driver";
import { ownAddresses } from "./endpoint";

/** Milliseconds for which the interfaces of the machine are taken for what they were: to list them costs a system call. */
const INTERFACES_INTERVAL_MS = 500;

/** By the address that stands for all of a machine's own: its family. */
const UNSPECIFIED: Record<string, number> = { "0.0.0.0": 4, "::": 6 };

export class WatchedNetwork implements Network, Paced {
  private readonly probe: () => string;
  private readonly interval: number;
  private readonly onChange: () => void;
  private state: string;
  private count = 0;
  private lookedAt = performance.now();

  /**
   * @param probe says which addresses there are; "" for none
   * @param interval milliseconds of real time; 0: whoever changes the network wakes the board
   * @param onChange is called with each change, before the board hears of it: its sockets follow
   */
  constructor(probe: () => string, interval = 0, onChange: () => void = () => undefined) {
    this.probe = probe;
    this.interval = interval;
    this.onChange = onChange;
    this.state = probe();
  }

  isUp(): boolean {
    this.look();
    return this.state !== "";
  }

  changes(): number {
    this.look();
    return this.count;
  }

  untilReady(): number {
    return this.interval > 0 ? this.interval : Number.POSITIVE_INFINITY;
  }

  private look(): void {
    const now = performance.now();
    if (this.interval > 0 && now - this.lookedAt < this.interval) {
      return;
    }
    this.lookedAt = now;
    const state = this.probe();
    if (state !== this.state) {
      this.state = state;
      this.onChange();
      this.count = (this.count + 1) % 65_536;
    }
  }
}

/** Which addresses of this machine a socket has that is bound to one. */
function addressesBehind(bound: string): string[] {
  const family = UNSPECIFIED[bound];
  if (family !== undefined) {
    return ownAddresses(family);
  }
  const all = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  return all.some(({ address }) => address === bound) ? [bound] : [];
}

/**
 * The network of a board whose sockets are bound to addresses of this machine: up while an interface has one of them, or, for
 * those that stand for all, one that others can reach.
 */
export function watchInterfaces(bound: string[], onChange?: () => void): WatchedNetwork {
  return new WatchedNetwork(() => bound.flatMap(addressesBehind).join(" "), INTERFACES_INTERVAL_MS, onChange);
}
