// UDP on loopback: real sockets carry whole datagrams with their sender, and say plainly when they cannot be had.

import assert from "node:assert/strict";
import { createEndpoint } from "../../firmware/bytes/ip-address";
import { DatagramQueue } from "../../hal/node/datagram-queue";
import { endpointOf, endpointText } from "../../hal/node/endpoint";
import { openUdpPair, UdpSocket } from "../../hal/node/udp-socket";

const sockets: UdpSocket[] = [];

async function open(address: string, port = 0): Promise<UdpSocket> {
  const socket = await UdpSocket.open({ address, port });
  sockets.push(socket);
  return socket;
}

function arrival(socket: UdpSocket): Promise<void> {
  return new Promise((resolve) => {
    socket.onReadable = resolve;
  });
}

afterEach(() => {
  for (const socket of sockets.splice(0)) {
    socket.close();
  }
});

describe("node/udp-socket", () => {
  for (const address of ["127.0.0.1", "::1"]) {
    it(`carries a datagram and tells its sender on ${address}`, async function () {
      let one: UdpSocket;
      try {
        one = await open(address);
      } catch (error) {
        if (address === "::1" && /EADDRNOTAVAIL|EAFNOSUPPORT/.test(String(error))) {
          this.skip();
        }
        throw error;
      }
      const other = await open(address);
      const arrived = arrival(other);
      const sent = Uint8Array.from([9, 1, 2, 3, 9]);
      assert.equal(one.write(sent, 1, 4, other.local), 0);
      sent.fill(7); // the octets were handed over
      await arrived;
      const buffer = new Uint8Array(16);
      const source = createEndpoint();
      assert.equal(other.read(buffer, source), 3);
      assert.deepEqual([...buffer.subarray(0, 4)], [1, 2, 3, 0]);
      assert.equal(endpointText(source), endpointText(one.local));
      assert.equal(other.read(buffer, source), -1);
    });
  }

  it("speaks IPv4 and IPv6 at one port when it is asked to", async function () {
    let both: UdpSocket;
    try {
      both = await UdpSocket.open({ address: "127.0.0.1", address6: "::1", port: 0 });
    } catch (error) {
      if (/EADDRNOTAVAIL|EAFNOSUPPORT/.test(String(error))) {
        this.skip();
      }
      throw error;
    }
    sockets.push(both);
    assert.equal(endpointText(both.local6), `[::1]:${both.local.port}`);
    const buffer = new Uint8Array(16);
    const source = createEndpoint();
    for (const [address, target] of [
      ["127.0.0.1", both.local],
      ["::1", both.local6],
    ] as const) {
      const other = await open(address);
      const heard = arrival(both);
      other.write(buffer, 0, 3, target);
      await heard;
      assert.equal(both.read(buffer, source), 3);
      assert.equal(endpointText(source), endpointText(other.local));
      const answered = arrival(other);
      assert.equal(both.write(buffer, 0, 4, source), 0);
      await answered;
      assert.equal(other.read(buffer, source), 4);
      assert.equal(endpointText(source), endpointText(target));
    }
  });

  it("has the port that it was given by the system", async () => {
    const socket = await open("127.0.0.1");
    assert.ok(socket.local.port > 0);
  });

  it("says that a port is in use", async () => {
    const socket = await open("127.0.0.1");
    await assert.rejects(
      open("127.0.0.1", socket.local.port),
      new RegExp(`^Error: UDP 127.0.0.1 port ${socket.local.port} cannot be opened: the port is in use$`),
    );
  });

  it("has an address that others can use when bound to all, or the one that it is to advertise", async () => {
    const socket = await open("0.0.0.0");
    assert.notEqual(endpointText(socket.local), `0.0.0.0:${socket.local.port}`);
    const forwarded = await UdpSocket.open({ address: "127.0.0.1", port: 0, advertisedAddress: "192.0.2.9" });
    sockets.push(forwarded);
    assert.equal(endpointText(forwarded.local), `192.0.2.9:${forwarded.local.port}`);
  });

  it("refuses an address of the other family, port 0, and everything once closed", async () => {
    const socket = await open("127.0.0.1");
    const buffer = new Uint8Array(1);
    assert.equal(socket.write(buffer, 0, 1, endpointOf("::1", 5060)), -1);
    assert.equal(socket.write(buffer, 0, 1, endpointOf("127.0.0.1", 0)), -1);
    socket.close();
    socket.close();
    assert.equal(socket.write(buffer, 0, 1, endpointOf("127.0.0.1", 5060)), -1);
    assert.equal(socket.refused, 3);
  });

  it("opens an even port and the one above as a pair, free or given", async () => {
    const pair = await openUdpPair({ address: "127.0.0.1", port: 0 });
    const port = pair.rtp.local.port;
    assert.equal(port % 2, 0);
    assert.equal(pair.rtcp.local.port, port + 1);
    await assert.rejects(openUdpPair({ address: "127.0.0.1", port }), /the port is in use/);
    pair.rtp.close();
    await assert.rejects(openUdpPair({ address: "127.0.0.1", port }), new RegExp(`port ${port + 1} cannot be opened`));
    (await UdpSocket.open({ address: "127.0.0.1", port })).close(); // it was given back
    pair.rtcp.close();
    await assert.rejects(openUdpPair({ address: "127.0.0.1", port: 5061 }), /5061 is no port for RTP/);
  });
});

describe("node/datagram-queue", () => {
  const sender = endpointOf("192.0.2.1", 5060);

  it("keeps datagrams in order, round and round, and drops and counts what finds it full", () => {
    const queue = new DatagramQueue({ datagrams: 3, octets: 4 });
    const buffer = new Uint8Array(4);
    const source = createEndpoint();
    const read: number[] = [];
    for (let value = 0; value < 20; value += 1) {
      assert.equal(queue.push(Uint8Array.from([value]), 1, sender), true);
      assert.equal(queue.push(Uint8Array.from([100 + value]), 1, sender), true);
      assert.equal(queue.read(buffer, source), 1);
      read.push(buffer[0]);
      assert.equal(queue.read(buffer, source), 1);
      assert.equal(buffer[0], 100 + value);
    }
    assert.deepEqual(
      read,
      Array.from({ length: 20 }, (_, value) => value),
    );
    for (let count = 0; count < 5; count += 1) {
      queue.push(Uint8Array.from([count]), 1, sender);
    }
    assert.equal(queue.overflowed, 2);
    assert.equal(queue.read(buffer, source), 1);
    assert.deepEqual([buffer[0], endpointText(source)], [0, "192.0.2.1:5060"]);
    queue.clear();
    assert.equal(queue.read(buffer, source), -1);
  });

  it("cuts a datagram that is longer than the reader's buffer, and says so", () => {
    const queue = new DatagramQueue({ datagrams: 2, octets: 8 });
    const buffer = new Uint8Array(4);
    const source = createEndpoint();
    queue.push(Uint8Array.from([1, 2, 3, 4, 5]), 5, sender);
    assert.equal(queue.read(buffer, source), 5);
    assert.deepEqual([...buffer], [1, 2, 3, 4]);
    queue.push(new Uint8Array(9).fill(9), 9, sender);
    assert.equal(queue.read(buffer, source), 5);
  });

  it("gives a datagram whole or not at all to a reader with a buffer longer than a slot", () => {
    const queue = new DatagramQueue({ datagrams: 2, octets: 8 });
    const buffer = new Uint8Array(16);
    const source = createEndpoint();
    queue.push(new Uint8Array(9), 9, sender);
    queue.push(new Uint8Array(8), 8, sender);
    assert.equal(queue.read(buffer, source), 8);
    assert.equal(queue.oversized, 1);
  });

  it("carries an empty datagram", () => {
    const queue = new DatagramQueue({ datagrams: 2, octets: 8 });
    queue.push(new Uint8Array(0), 0, sender);
    assert.equal(queue.read(new Uint8Array(4), createEndpoint()), 0);
  });
});
