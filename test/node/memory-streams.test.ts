// TCP on the network in memory: ordered, without loss, on the virtual clock; what a cut cable, a refusal and a power cut do.

import assert from "node:assert/strict";
import { createEndpoint } from "../../firmware/bytes/ip-address";
import { endpointOf, endpointText } from "../../hal/node/endpoint";
import { MemoryNetwork } from "../../hal/node/memory-network";
import type { MemoryStreams } from "../../hal/node/memory-streams";
import { VirtualClock } from "../../hal/node/virtual-clock";
import { CONNECTION_ENDED } from "../../hal/tcp";

function write(streams: MemoryStreams, connection: number, text: string): number {
  const bytes = Buffer.from(text);
  return streams.write(connection, bytes, 0, bytes.length);
}

/** What has arrived, or the end. */
function read(streams: MemoryStreams, connection: number): string {
  const buffer = new Uint8Array(1000);
  const count = streams.read(connection, buffer, 0, buffer.length);
  return count === CONNECTION_ENDED ? "ended" : Buffer.from(buffer.subarray(0, count)).toString();
}

function setUp() {
  const clock = new VirtualClock();
  const network = new MemoryNetwork(clock, { link: { delay: 5 } });
  const one = network.openStreams("10.0.0.1", 5060);
  const other = network.openStreams("10.0.0.2", 5060);
  return { clock, network, one, other };
}

function connected() {
  const setting = setUp();
  const peer = createEndpoint();
  setting.one.connect(0, endpointOf("10.0.0.2", 5060));
  setting.clock.runFor(20);
  assert.equal(setting.other.accept(2, peer), 0);
  return { ...setting, peer };
}

describe("node/memory-streams", () => {
  it("stands after the way there and back, and carries octets in order", () => {
    const { clock, one, other } = setUp();
    const peer = createEndpoint();
    assert.equal(one.connect(0, endpointOf("10.0.0.2", 5060)), 0);
    clock.runFor(19);
    assert.equal(write(one, 0, "early"), 0);
    clock.runFor(1);
    assert.equal(write(one, 0, "first "), 6);
    assert.equal(write(one, 0, "second"), 6);
    assert.equal(other.accept(0, peer), 0);
    assert.match(endpointText(peer), /^10\.0\.0\.1:\d+$/);
    clock.runFor(30);
    assert.equal(read(other, 0), "first second");
    assert.equal(write(other, 0, "back"), 4);
    clock.runFor(10);
    assert.equal(read(one, 0), "back");
    assert.equal(read(one, 0), "");
  });

  it("is refused where nobody listens, and waits for a host that is not there", () => {
    const { clock, network, one } = setUp();
    one.connect(0, endpointOf("10.0.0.2", 5070));
    clock.runFor(100);
    assert.equal(read(one, 0), "ended");
    one.connect(1, endpointOf("10.0.0.3", 5060));
    clock.runFor(10_000);
    assert.equal(read(one, 1), "");
    network.openStreams("10.0.0.3", 5060);
    clock.runFor(1000);
    assert.equal(write(one, 1, "hello"), 5);
  });

  it("loses nothing while a cable is out: it comes when the cable is in again", () => {
    const { clock, network, one, other } = connected();
    write(one, 0, "a");
    clock.runFor(5);
    network.host("10.0.0.2").up = false;
    write(one, 0, "b");
    clock.runFor(60_000);
    assert.equal(read(other, 2), "");
    network.host("10.0.0.2").up = true;
    clock.runFor(1000);
    assert.equal(read(other, 2), "ab");
  });

  it("ends behind what was sent before", () => {
    const { clock, one, other } = connected();
    write(one, 0, "last");
    one.close(0);
    clock.runFor(100);
    assert.equal(read(other, 2), "last");
    assert.equal(read(other, 2), "ended");
  });

  it("learns of a power cut at the other end when it sends", () => {
    const { clock, one, other } = connected();
    other.vanish();
    clock.runFor(1000);
    assert.equal(read(one, 0), "");
    write(one, 0, "anybody?");
    clock.runFor(1000);
    assert.equal(read(one, 0), "ended");
    assert.equal(write(one, 0, "?"), CONNECTION_ENDED);
  });

  it("takes no more than 65,535 octets that nobody reads", () => {
    const { clock, one, other } = connected();
    const block = new Uint8Array(50_000);
    assert.equal(one.write(0, block, 0, block.length), 50_000);
    assert.equal(one.write(0, block, 0, block.length), 15_535);
    clock.runFor(1000);
    assert.equal(one.write(0, block, 0, block.length), 0);
    assert.equal(other.read(2, block, 0, 1000), 1000);
    assert.equal(one.write(0, block, 0, block.length), 1000);
  });

  it("listens at one port on both address families, once", () => {
    const { clock, network, one } = setUp();
    const both = network.openStreams("10.0.0.4", 5060, "2001:db8::4");
    const six = network.openStreams("2001:db8::5", 5060);
    one.connect(0, endpointOf("10.0.0.4", 5060));
    six.connect(0, endpointOf("2001:db8::4", 5060));
    clock.runFor(100);
    assert.equal(both.waiting(), 2);
    assert.equal(one.connect(1, endpointOf("2001:db8::4", 5060)), -1, "without an IPv6 address");
    assert.throws(() => network.openStreams("10.0.0.4", 5060), /TCP 10.0.0.4:5060 is in use/);
    both.shutDown();
    network.openStreams("10.0.0.4", 5060);
  });

  it("is in the trace, segment by segment", () => {
    const { clock, network, one } = connected();
    write(one, 0, "hello");
    clock.runFor(100);
    const line = network.trace[network.trace.length - 1];
    assert.match(line.source, /^tcp 10\.0\.0\.1:\d+$/);
    assert.equal(`${line.destination} ${Buffer.from(line.bytes)} ${line.fate}`, "10.0.0.2:5060 hello delivered");
  });
});

describe("node/memory-network", () => {
  it("has sockets that speak both address families", () => {
    const clock = new VirtualClock();
    const network = new MemoryNetwork(clock);
    const both = network.open("10.0.0.1", 5060, "2001:db8::1");
    const four = network.open("10.0.0.2", 5060);
    const six = network.open("2001:db8::3", 5060);
    assert.equal(endpointText(both.local6), "[2001:db8::1]:5060");
    const buffer = new Uint8Array(8);
    const source = createEndpoint();
    assert.equal(both.write(buffer, 0, 2, four.local), 0);
    assert.equal(both.write(buffer, 0, 3, six.local), 0);
    clock.runFor(100);
    assert.equal(four.read(buffer, source), 2);
    assert.equal(endpointText(source), "10.0.0.1:5060");
    assert.equal(six.read(buffer, source), 3);
    assert.equal(endpointText(source), "[2001:db8::1]:5060");
    assert.equal(six.write(buffer, 0, 4, both.local6), 0);
    clock.runFor(100);
    assert.equal(both.read(buffer, source), 4);
    both.close();
    network.open("2001:db8::1", 5060);
  });
});
