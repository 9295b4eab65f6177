// Endpoints as text: what is read is written the same, what is none is refused by name.

import assert from "node:assert/strict";
import {
  addressText,
  endpointOf,
  endpointText,
  isUnspecified,
  ownAddress,
  parseEndpoint,
} from "../../hal/node/endpoint";

describe("node/endpoint", () => {
  it("writes what it reads", () => {
    for (const text of ["192.0.2.1:5060", "[2001:db8::1]:5060", "0.0.0.0:0", "[::]:65535"]) {
      assert.equal(endpointText(parseEndpoint(text)), text);
    }
  });

  it("reads an address with a zone, which the wire does not carry", () => {
    assert.equal(addressText(endpointOf("fe80::1%eth0", 1)), "fe80::1");
  });

  it("refuses what is no endpoint, with what it was given", () => {
    for (const text of [
      "",
      "192.0.2.1",
      "192.0.2.1:",
      ":5060",
      "192.0.2.1:x",
      "2001:db8::1:5060",
      "host:5060",
      "1.2.3.4:99999",
    ]) {
      assert.throws(() => parseEndpoint(text), RangeError, text);
    }
    assert.throws(() => endpointOf("example.org", 5060), /"example.org" is no IPv4 or IPv6 address/);
  });

  it("knows the addresses that stand for all", () => {
    assert.equal(isUnspecified(endpointOf("0.0.0.0", 0)), true);
    assert.equal(isUnspecified(endpointOf("::", 0)), true);
    assert.equal(isUnspecified(endpointOf("::1", 0)), false);
    assert.equal(isUnspecified(endpointOf("127.0.0.1", 0)), false);
  });

  it("finds an own address that can be bound", () => {
    assert.equal(isUnspecified(endpointOf(ownAddress(4), 0)), false);
  });
});
