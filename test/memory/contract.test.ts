// The memory contract: what boot really allocates is what firmware/limits.ts says, line by line.

import { octetsAllocated } from "../../firmware/bytes/bytes";
import { textTableRefused } from "../../firmware/bytes/text";
import { countOctets, type Memory } from "../../firmware/memory/pool";
import { createDevice } from "../../firmware/small";
import { createSmallLimits } from "../../firmware/small-limits";
import { describe, equal, it } from "../harness";
import { Door } from "../rig/door";

/** Before any test runs: another test fills the table on purpose. */
const refusedAtLoad = textTableRefused();

function isKept(memory: Memory): void {
  for (const pool of memory.pools) {
    equal(pool.octets, pool.limit.count * pool.limit.bytesEach, pool.limit.name);
  }
}

describe("the memory contract", () => {
  it("is kept to the octet: each line's buffers are count times octets each", () => {
    isKept(new Door([]).device.memory);
  });

  it("of the small device is kept to the octet", () => {
    isKept(new Door([], 271, (board, _, settings) => createDevice(board, createSmallLimits(), settings)).device.memory);
  });

  it("has a line for every buffer of the device", () => {
    const before = octetsAllocated();
    const door = new Door([]);
    const memory = door.device.memory;
    equal(countOctets(memory), octetsAllocated() - memory.begin, "octets since boot began");
    equal(memory.begin >= before, true, "boot begins after the settings");
  });

  it("has room for every constant text of the program", () => {
    equal(refusedAtLoad, 0, "texts that did not fit");
  });
});
