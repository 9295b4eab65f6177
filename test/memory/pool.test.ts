// Pools: the counters that the memory report prints.

import {
  countRefused,
  countReleased,
  countTaken,
  createMemory,
  createPoolUse,
  type PoolLimit,
} from "../../firmware/memory/pool";
import { describe, equal, isTrue, it } from "../harness";

const DIALOGS: PoolLimit = { name: "dialogs", count: 2, bytesEach: 512, reason: "a call, and one more to answer 486" };
const TIMERS: PoolLimit = { name: "timers", count: 9, bytesEach: 0, reason: "one a transaction" };

describe("pool", () => {
  it("is listed in the order of boot, with its line of limits", () => {
    const memory = createMemory();
    createPoolUse(memory, DIALOGS);
    createPoolUse(memory, TIMERS);
    equal(memory.pools.length, 2);
    equal(memory.pools[0].limit.name, "dialogs");
    equal(memory.pools[1].limit.count, 9);
  });

  it("counts what is in use, the most that ever was, and what was refused", () => {
    const use = createPoolUse(createMemory(), DIALOGS);
    countTaken(use);
    equal(use.highWater, 1, "high water of one");
    countTaken(use);
    countRefused(use);
    countReleased(use);
    equal(use.inUse, 1, "in use");
    equal(use.highWater, 2, "high water");
    equal(use.refused, 1, "refused");
    countTaken(use);
    countReleased(use);
    countReleased(use);
    equal(use.inUse, 0, "in use");
    equal(use.highWater, 2, "high water");
  });

  it("is counted apart from other pools", () => {
    const memory = createMemory();
    const dialogs = createPoolUse(memory, DIALOGS);
    const timers = createPoolUse(memory, TIMERS);
    countTaken(timers);
    isTrue(dialogs.inUse === 0 && dialogs.highWater === 0, "the other pool");
  });
});
