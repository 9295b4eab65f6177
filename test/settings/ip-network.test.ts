// Networks in CIDR notation: what is one, and which addresses are in it.

import { createEndpoint, parseAddress } from "../../firmware/bytes/ip-address";
import { createIpNetwork, isInNetwork, parseNetwork } from "../../firmware/settings/ip-network";
import { Status } from "../../firmware/sip/status";
import { describe, equal, it } from "../harness";
import { bytesOf } from "../octets";

/** Whether `address` is in `network`; the network must be good. */
function isIn(address: string, network: string): boolean {
  const into = createIpNetwork();
  const endpoint = createEndpoint();
  const octets = bytesOf(address);
  endpoint.family = parseAddress(octets, 0, octets.length, endpoint.address);
  const text = bytesOf(`<${network}>`);
  equal(parseNetwork(text, 1, text.length - 1, into), Status.OK, network);
  return isInNetwork(into, endpoint);
}

describe("a network", () => {
  it("has the addresses that begin with its prefix, to the bit", () => {
    const cases: [string, string, boolean][] = [
      ["192.0.2.7", "192.0.2.0/24", true],
      ["192.0.3.7", "192.0.2.0/24", false],
      ["192.0.3.7", "192.0.2.0/23", true],
      ["192.0.4.7", "192.0.2.0/23", false],
      ["10.127.255.255", "10.0.0.0/9", true],
      ["10.128.0.0", "10.0.0.0/9", false],
      ["203.0.113.9", "0.0.0.0/0", true],
      ["2001:db8:1:2::9", "2001:db8:1::/48", true],
      ["2001:db8:2:2::9", "2001:db8:1::/48", false],
      ["2001:db8::8000", "2001:db8::8000/113", true],
      ["2001:db8::7fff", "[2001:db8::8000]/113", false],
      ["2001:db8::1", "::/0", true],
    ];
    for (let index = 0; index < cases.length; index += 1) {
      equal(isIn(cases[index][0], cases[index][1]), cases[index][2], `${cases[index][0]} in ${cases[index][1]}`);
    }
  });

  it("does not care for the bits behind its prefix", () => {
    equal(isIn("192.0.2.200", "192.0.2.77/24"), true);
  });

  it("is one address without a prefix", () => {
    equal(isIn("192.0.2.7", "192.0.2.7"), true);
    equal(isIn("192.0.2.8", "192.0.2.7"), false);
    equal(isIn("2001:db8::1", "2001:db8::1"), true);
    equal(isIn("2001:db8::2", "2001:db8::1/128"), false);
  });

  it("has no address of the other family, not even when it has all of its own", () => {
    equal(isIn("192.0.2.7", "::/0"), false);
    equal(isIn("2001:db8::1", "0.0.0.0/0"), false);
  });

  it("is none when address or prefix are not right, and then has nobody", () => {
    const refused = ["", "/24", "192.0.2.0/", "192.0.2.0/33", "192.0.2.0/-1", "192.0.2/24", "2001:db8::/129", "door/8"];
    const endpoint = createEndpoint();
    endpoint.family = 4;
    for (let index = 0; index < refused.length; index += 1) {
      const into = createIpNetwork();
      const text = bytesOf(refused[index]);
      equal(parseNetwork(text, 0, text.length, into), Status.MALFORMED, refused[index]);
      equal(isInNetwork(into, endpoint), false, refused[index]);
    }
  });
});
