// The network of a desk's board: what a probe says, as the firmware sees it.

import assert from "node:assert/strict";
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
    assert.equal(watchInterfaces("127.0.0.1").isUp(), true);
    assert.equal(watchInterfaces("0.0.0.0").isUp(), true);
    assert.equal(watchInterfaces("192.0.2.99").isUp(), false);
  });
});
