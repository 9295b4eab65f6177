// The network of a desk's board: what a probe says of its addresses, looked at again when it is asked for, at most once in an
// interval. A probe that says nothing means that there is no network.

import { networkInterfaces } from "node:os";
import type { Network } from "../network";

/** Milliseconds for which the interfaces of the machine are taken for what they were: to list them costs a system call. */
const INTERFACES_INTERVAL_MS = 500;

const UNSPECIFIED = new Set(["0.0.0.0", "::"]);

export class WatchedNetwork implements Network {
  private readonly probe: () => string;
  private readonly interval: number;
  private state: string;
  private count = 0;
  private lookedAt = performance.now();

  /**
   * @param probe says which addresses there are; "" for none
   * @param interval milliseconds of real time
   */
  constructor(probe: () => string, interval = 0) {
    this.probe = probe;
    this.interval = interval;
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

  private look(): void {
    const now = performance.now();
    if (this.interval > 0 && now - this.lookedAt < this.interval) {
      return;
    }
    this.lookedAt = now;
    const state = this.probe();
    if (state !== this.state) {
      this.state = state;
      this.count = (this.count + 1) % 65_536;
    }
  }
}

/** The network of a board whose sockets are bound to an address of this machine: up while an interface has it. */
export function watchInterfaces(address: string): WatchedNetwork {
  return new WatchedNetwork(() => {
    const addresses = Object.values(networkInterfaces()).flatMap((each) => (each ?? []).map((info) => info.address));
    return addresses.filter((each) => each === address || UNSPECIFIED.has(address)).join(" ");
  }, INTERFACES_INTERVAL_MS);
}
