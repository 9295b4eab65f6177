// What a desk is opened on: the machine's sockets in real time, or a network in memory in virtual time. The same desk runs
// on both.

import type { MemoryNetwork } from "../hal/node/memory-network";
import { SeededRandom } from "../hal/node/random";
import { RealClock } from "../hal/node/real-clock";
import type { Scheduler } from "../hal/node/scheduler";
import { type DeskUdp, UdpSocket } from "../hal/node/udp-socket";
import type { VirtualClock } from "../hal/node/virtual-clock";
import {
  type BoardAddress,
  type BoardOptions,
  createVirtualBoard,
  openSimulatedBoard,
  type SimulatedBoard,
} from "./board/simulated-board";

export interface DeskNetwork {
  readonly scheduler: Scheduler;
  openBoard(where: BoardAddress, options: BoardOptions): Promise<SimulatedBoard>;
  openSocket(address: string, port: number): Promise<DeskUdp>;
  /** Resolves when the condition holds, or after `limit` milliseconds; to whether it holds. */
  until(condition: () => boolean, limit: number): Promise<boolean>;
}

/** Milliseconds between two looks at a condition. */
const LOOK_MS = 10;

/** The machine's network, in real time. */
export function createRealNetwork(): DeskNetwork {
  const scheduler = new RealClock();
  return {
    scheduler,
    openBoard: (where, options) => openSimulatedBoard(scheduler, where, options),
    openSocket: (address, port) => UdpSocket.open({ address, port }),
    until(condition, limit) {
      const end = scheduler.elapsed() + limit;
      return new Promise((resolve) => {
        const look = (): void => {
          if (condition()) {
            resolve(true);
          } else if (scheduler.elapsed() >= end) {
            resolve(false);
          } else {
            scheduler.after(LOOK_MS, look);
          }
        };
        look();
      });
    },
  };
}

/** A network in memory, in virtual time: what its boards do is the same every time, also where they leave it to chance. */
export function createVirtualNetwork(clock: VirtualClock, network: MemoryNetwork): DeskNetwork {
  let boards = 0;
  return {
    scheduler: clock,
    openBoard: async (where, options) => {
      boards += 1;
      return createVirtualBoard(clock, network, where, { random: new SeededRandom(boards), ...options });
    },
    openSocket: async (address, port) => network.open(address, port),
    until: async (condition, limit) => clock.runUntil(condition, limit),
  };
}
