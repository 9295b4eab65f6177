// The network of a desk's board: what a probe says, as the firmware sees it.

import assert from "node:assert/strict";
import { ownAddresses } from "../../hal/node/endpoint";
import { WatchedNetwork, watchInterfaces } from "../../hal/node/watched-network";

describe("hal/node/watched-network", () => {
  it("is up while the probe names an address, and counts every change that is looked at", () => {
    let addresses = "192.0.2.4";
    const network = new WatchedNetwork(() => addresses);
    assert.deepEqual([network.isUp(), network.changes()], [true, 0]);
    addresses = "";
    assert.deepEqual([network.isUp(), network.changes()], [false, 1]);
    assert.deepEqual([network.isUp(), network.changes()], [false, 1]);
    addresses = "192.0.2.44";
    assert.deepEqual([network.isUp(), network.changes()], [true, 2]);
    addresses = "192.0.2.4";
    assert.deepEqual([network.isUp(), network.changes()], [true, 3]);
  });

  it("has its sockets follow before it says that there was a change", () => {
    let addresses = "192.0.2.4";
    const seen: number[] = [];
    const network: WatchedNetwork = new WatchedNetwork(
      () => addresses,
      0,
      () => seen.push(network.changes()),
    );
    network.changes();
    addresses = "192.0.2.44";
    assert.equal(network.changes(), 1);
    network.changes();
    assert.deepEqual(seen, [0]);
  });

  it("asks to be looked at in its interval, and not at all where whoever changes it wakes the board", () => {
    assert.equal(new WatchedNetwork(() => "", 500).untilReady(), 500);
    assert.equal(new WatchedNetwork(() => "").untilReady(), Number.POSITIVE_INFINITY);
  });

  it("looks at its probe at most once in the interval", () => {
    let looks = 0;
    const network = new WatchedNetwork(() => {
      looks += 1;
      return "192.0.2.4";
    }, 3_600_000);
    for (let poll = 0; poll < 1000; poll += 1) {
      network.changes();
    }
    assert.equal(looks, 1);
  });

  it("finds the machine's own addresses, any for the unspecified one, and no foreign one", () => {
    assert.equal(watchInterfaces(["127.0.0.1"]).isUp(), true);
    assert.equal(watchInterfaces(["0.0.0.0"]).isUp(), ownAddresses(4).length > 0);
    assert.equal(watchInterfaces(["192.0.2.99"]).isUp(), false);
    assert.equal(watchInterfaces(["192.0.2.99", "127.0.0.1"]).isUp(), true);
  });
});
