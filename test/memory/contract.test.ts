// The memory contract: what boot really allocates is what firmware/limits.ts says, line by line.

import { createBytes, octetsAllocated, returnBytes } from "../../firmware/bytes/bytes";
import { textTableRefused } from "../../firmware/bytes/text";
import { countOctets, type Memory } from "../../firmware/memory/pool";
import { createDevice } from "../../firmware/small";
import { createSmallLimits } from "../../firmware/small-limits";
import { createDevice as createTcpDevice } from "../../firmware/small-tcp";
import { describe, equal, isTrue, it } from "../harness";
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

  it("of the small device with TCP is kept to the octet", () => {
    const limits = createSmallLimits();
    const { memory } = new Door([], 271, (board, _, settings) => createTcpDevice(board, limits, settings)).device;
    isKept(memory);
    equal(memory.pools.filter(({ limit }) => limit === limits.connections).length, 1, "connections");
  });

  it("counts a buffer that boot has given back once, and gives it out empty", () => {
    const before = octetsAllocated();
    const settingsText = createBytes(777);
    settingsText[776] = 1;
    returnBytes(settingsText);
    equal(octetsAllocated(), before, "given back");
    isTrue(createBytes(776) !== settingsText, "another length is another buffer");
    const next = createBytes(777);
    isTrue(next === settingsText && next[776] === 0, "the same, and empty");
    isTrue(createBytes(777) !== settingsText, "once");
    equal(octetsAllocated(), before + 776 + 2 * 777, "all that there are");
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
