// The network in memory: what links do to datagrams, repeatably, and what the trace tells of it.

import assert from "node:assert/strict";
import { copyEndpoint, createEndpoint } from "../../firmware/bytes/ip-address";
import { endpointOf, endpointText } from "../../hal/node/endpoint";
import { type Link, MemoryNetwork, type NetworkOptions } from "../../hal/node/memory-network";
import type { DeskUdp } from "../../hal/node/udp-socket";
import { VirtualClock } from "../../hal/node/virtual-clock";

interface Arrival {
  value: number;
  time: number;
  source: string;
}

function setUp(options: NetworkOptions = {}) {
  const clock = new VirtualClock();
  const network = new MemoryNetwork(clock, options);
  const one = network.open("10.0.0.1", 5060);
  const other = network.open("10.0.0.2", 5060);
  const arrivals: Arrival[] = [];
  const buffer = new Uint8Array(2048);
  const source = createEndpoint();
  other.onReadable = () => {
    while (other.read(buffer, source) > 0) {
      arrivals.push({ value: buffer[0] + 256 * buffer[1], time: clock.elapsed(), source: endpointText(source) });
    }
  };
  return { clock, network, one, other, arrivals };
}

function send(from: DeskUdp, to: DeskUdp, value: number, length = 2): number {
  const datagram = new Uint8Array(length);
  datagram[0] = value % 256;
  datagram[1] = value >> 8;
  return from.write(datagram, 0, length, to.local);
}

/** 1,000 datagrams, one each 20 ms, over a link of this kind. */
function stream(link: Partial<Link>, seed = 1) {
  const setting = setUp({ seed, link });
  for (let value = 0; value < 1000; value += 1) {
    setting.clock.after(20 * value, () => send(setting.one, setting.other, value));
  }
  setting.clock.run(60_000);
  return setting;
}

describe("node/memory-network", () => {
  it("delivers a datagram with its sender after the delay of both links", () => {
    const { clock, network, one, other, arrivals } = setUp();
    network.host("10.0.0.1").delay = 15;
    network.host("10.0.0.2").delay = 5;
    assert.equal(send(one, other, 7), 0);
    clock.run(19);
    assert.equal(arrivals.length, 0);
    clock.run(100);
    assert.deepEqual(arrivals, [{ value: 7, time: 20, source: "10.0.0.1:5060" }]);
  });

  it("keeps the octets as they were when they were sent", () => {
    const { clock, one, other, arrivals } = setUp();
    const datagram = Uint8Array.from([9, 1, 0, 9]);
    one.write(datagram, 1, 3, other.local);
    datagram.fill(0);
    clock.run(10);
    assert.equal(arrivals[0].value, 1);
  });

  it("gives the same trace for the same seed and another for another", () => {
    const link = { jitter: 30, loss: 0.1, duplication: 0.05, reordering: 0.05 };
    const traced = (seed: number): string =>
      JSON.stringify(stream(link, seed).network.trace.map((line) => [line.settled, line.fate, line.bytes[0]]));
    assert.equal(traced(1), traced(1));
    assert.notEqual(traced(1), traced(2));
  });

  it("loses, duplicates and reorders about as many as it is told to, and traces each", () => {
    const lossy = stream({ loss: 0.05 });
    // Both links lose 5 %: 902 of 1,000 come through; five standard deviations are 47.
    assert.ok(Math.abs(lossy.arrivals.length - 902) < 47, `${lossy.arrivals.length}`);
    assert.equal(lossy.network.trace.filter((line) => line.fate === "lost").length, 1000 - lossy.arrivals.length);

    const doubled = stream({ duplication: 0.05 });
    assert.ok(Math.abs(doubled.arrivals.length - 1098) < 47, `${doubled.arrivals.length}`);

    const mixed = stream({ reordering: 0.05 });
    const overtaken = mixed.arrivals.filter(
      (arrival, index) => index > 0 && arrival.value < mixed.arrivals[index - 1].value,
    );
    assert.equal(mixed.arrivals.length, 1000);
    assert.ok(overtaken.length > 50 && overtaken.length < 150, `${overtaken.length}`);
  });

  it("spreads arrivals by its jitter, and reorders none", () => {
    const { arrivals } = stream({ delay: 10, jitter: 30 });
    const delays = arrivals.map((arrival) => arrival.time - 20 * arrival.value);
    assert.ok(Math.min(...delays) >= 20 && Math.min(...delays) < 25);
    assert.ok(Math.max(...delays) > 70 && Math.max(...delays) <= 80);
    assert.ok(arrivals.every((arrival, index) => arrival.value === index));
  });

  it("tells the sender that its own link is down, and nobody when the other's is", () => {
    const { clock, network, one, other, arrivals } = setUp();
    network.host("10.0.0.1").up = false;
    assert.equal(send(one, other, 1), -1);
    network.host("10.0.0.1").up = true;
    network.host("10.0.0.2").up = false;
    assert.equal(send(one, other, 2), 0);
    clock.run(10);
    network.host("10.0.0.2").up = true;
    assert.equal(send(one, other, 3), 0);
    clock.after(1, () => {
      network.host("10.0.0.2").up = false; // while it travels
    });
    clock.run(20);
    assert.equal(arrivals.length, 0);
    assert.deepEqual(
      network.trace.map((line) => line.fate),
      ["link down", "link down", "link down"],
    );
  });

  it("loses what goes to no host, to no socket, or exceeds the MTU", () => {
    const { clock, network, one, other, arrivals } = setUp({ link: { mtu: 1500 } });
    const datagram = new Uint8Array(1473);
    assert.equal(one.write(datagram, 0, 4, endpointOf("10.0.0.9", 5060)), 0);
    assert.equal(one.write(datagram, 0, 4, endpointOf("10.0.0.2", 9)), 0);
    assert.equal(one.write(datagram, 0, 1473, other.local), 0);
    assert.equal(one.write(datagram, 0, 1472, other.local), 0);
    assert.equal(one.write(datagram, 0, 4, endpointOf("::1", 5060)), -1);
    clock.run(10);
    assert.equal(arrivals.length, 1);
    assert.deepEqual(network.trace.map((line) => line.fate).sort(), [
      "delivered",
      "no host",
      "no host",
      "no socket",
      "too large",
    ]);
  });

  it("drops what finds the receiver's queue full", () => {
    const { clock, network, one, other } = setUp({ queue: { datagrams: 2, octets: 64 } });
    other.onReadable = () => undefined;
    for (let value = 0; value < 3; value += 1) {
      send(one, other, value);
    }
    clock.run(10);
    assert.deepEqual(
      network.trace.map((line) => line.fate),
      ["delivered", "delivered", "queue full"],
    );
  });

  it("gives free ports and pairs, and refuses a port that is taken until it is closed", () => {
    const { network, one } = setUp();
    assert.throws(() => network.open("10.0.0.1", 5060), /10.0.0.1:5060 is in use/);
    one.close();
    network.open("10.0.0.1", 5060);
    const first = network.open("10.0.0.1", 0).local.port;
    assert.notEqual(network.open("10.0.0.1", 0).local.port, first);
    const pair = network.openPair("10.0.0.1", 0);
    assert.equal(pair.rtp.local.port % 2, 0);
    assert.equal(pair.rtcp.local.port, pair.rtp.local.port + 1);
    assert.throws(() => network.openPair("10.0.0.1", 7), /7 is no port for RTP/);
  });

  it("carries IPv6 between hosts however their addresses are written", () => {
    const clock = new VirtualClock();
    const network = new MemoryNetwork(clock);
    const one = network.open("2001:db8::1", 5060);
    const other = network.open("2001:db8:0:0::2", 5060);
    send(one, other, 5);
    clock.run(10);
    assert.deepEqual(
      network.trace.map((line) => [line.source, line.destination, line.fate]),
      [["[2001:db8::1]:5060", "[2001:db8::2]:5060", "delivered"]],
    );
  });

  it("keeps the latest lines of its trace only", () => {
    const { clock, network, one, other } = setUp({ traceLimit: 10 });
    for (let value = 0; value < 100; value += 1) {
      clock.after(value, () => send(one, other, value));
    }
    clock.run(1000);
    assert.ok(network.trace.length >= 5 && network.trace.length <= 10);
    assert.equal(network.trace[network.trace.length - 1].bytes[0], 99);
  });

  it("gives a host another address: its sockets follow, and what goes to the old one is lost", () => {
    const { clock, network, one, other, arrivals } = setUp();
    const before = createEndpoint();
    copyEndpoint(before, one.local);
    network.move("10.0.0.1", "10.0.0.7");
    assert.equal(endpointText(one.local), "10.0.0.7:5060");
    send(one, other, 1);
    other.write(new Uint8Array(2), 0, 2, before);
    other.write(new Uint8Array(2), 0, 2, one.local);
    clock.run(100);
    assert.deepEqual(
      arrivals.map(({ source }) => source),
      ["10.0.0.7:5060"],
    );
    assert.deepEqual(
      network.trace.map(({ fate }) => fate),
      ["no host", "delivered", "delivered"],
    );
    assert.throws(() => network.move("10.0.0.7", "10.0.0.2"), /it is taken/);
  });
});
