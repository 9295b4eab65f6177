// TCP on loopback: real connections carry octets in order both ways, end, refuse, and hold back a sender that nobody reads.

import assert from "node:assert/strict";
import { createEndpoint } from "../../firmware/bytes/ip-address";
import { endpointOf } from "../../hal/node/endpoint";
import { TcpSocket } from "../../hal/node/tcp-socket";
import { CONNECTION_ENDED } from "../../hal/tcp";

const opened: TcpSocket[] = [];

async function open(address = "127.0.0.1", connections = 3): Promise<TcpSocket> {
  const tcp = await TcpSocket.open({ address, port: 0, connections });
  opened.push(tcp);
  return tcp;
}

/** Asks again after each event of the sockets until the answer is yes. */
async function until(question: () => boolean): Promise<void> {
  while (!question()) {
    await new Promise<void>((resolve) => {
      for (const tcp of opened) {
        tcp.onReadable = resolve;
      }
    });
  }
}

async function connected(address = "127.0.0.1"): Promise<{ one: TcpSocket; other: TcpSocket; port: number }> {
  const one = await open(address);
  const other = await open(address);
  const peer = createEndpoint();
  assert.equal(one.connect(0, endpointOf(address, other.port)), 0);
  await until(() => other.waiting() > 0);
  assert.equal(other.accept(1, peer), 0);
  return { one, other, port: peer.port };
}

function write(tcp: TcpSocket, connection: number, text: string): number {
  const bytes = Buffer.from(text);
  return tcp.write(connection, bytes, 0, bytes.length);
}

async function read(tcp: TcpSocket, connection: number, length: number): Promise<string> {
  const buffer = new Uint8Array(length);
  let count = 0;
  await until(() => {
    const more = tcp.read(connection, buffer, count, length);
    assert.ok(more >= 0, "the connection stands");
    count += more;
    return count === length;
  });
  return Buffer.from(buffer).toString();
}

afterEach(() => {
  for (const tcp of opened.splice(0)) {
    tcp.shutDown();
  }
});

describe("node/tcp-socket", () => {
  for (const address of ["127.0.0.1", "::1"]) {
    it(`carries octets in order both ways on ${address}`, async function () {
      try {
        (await open(address)).shutDown();
      } catch (error) {
        if (address === "::1" && /EADDRNOTAVAIL|EAFNOSUPPORT/.test(String(error))) {
          this.skip();
        }
        throw error;
      }
      const { one, other } = await connected(address);
      await until(() => write(one, 0, "from one") > 0);
      assert.equal(await read(other, 1, 8), "from one");
      assert.equal(write(other, 1, "from other"), 10);
      assert.equal(await read(one, 0, 4), "from");
      assert.equal(await read(one, 0, 6), " other");
      assert.equal(one.read(0, new Uint8Array(4), 0, 4), 0, "nothing waits");
    });
  }

  it("takes nothing before the connection stands", async () => {
    const one = await open();
    const other = await open();
    one.connect(2, endpointOf("127.0.0.1", other.port));
    assert.equal(write(one, 2, "early"), 0);
    await until(() => write(one, 2, "in time") > 0);
  });

  it("ends a connection behind the octets that were sent before", async () => {
    const { one, other } = await connected();
    await until(() => write(one, 0, "last words") > 0);
    one.close(0);
    assert.equal(await read(other, 1, 10), "last words");
    await until(() => other.read(1, new Uint8Array(1), 0, 1) === CONNECTION_ENDED);
    assert.equal(write(other, 1, "too late"), CONNECTION_ENDED);
    one.close(0);
  });

  it("says that nobody listens", async () => {
    const one = await open();
    const other = await open();
    const nobody = endpointOf("127.0.0.1", other.port);
    other.shutDown();
    assert.equal(one.connect(0, nobody), 0);
    await until(() => one.read(0, new Uint8Array(1), 0, 1) === CONNECTION_ENDED);
    assert.equal(one.connect(0, endpointOf("127.0.0.1", 0)), -1);
  });

  it("takes no more than a peer that does not read", async () => {
    const { one, other } = await connected();
    const block = new Uint8Array(16_384);
    let taken = 0;
    let idle = 0;
    while (idle < 20) {
      const count = one.write(0, block, 0, block.length);
      taken += count;
      idle = count === 0 ? idle + 1 : 0;
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.ok(taken < 64 * 1024 * 1024, `${taken} octets`);
    const buffer = new Uint8Array(65_536);
    let read = 0;
    await until(() => {
      const count = other.read(1, buffer, 0, buffer.length);
      read += count;
      return read === taken;
    });
  });

  it("refuses peers beyond those that may wait", async () => {
    const one = await open("127.0.0.1", 12);
    const other = await open();
    for (let connection = 0; connection < 12; connection += 1) {
      one.connect(connection, endpointOf("127.0.0.1", other.port));
    }
    await until(() => other.waiting() + other.refused === 12);
    assert.equal(other.waiting(), 8);
  });

  it("ends everything on a reset, and listens on", async () => {
    const { one, other } = await connected();
    other.clear();
    await until(() => one.read(0, new Uint8Array(1), 0, 1) === CONNECTION_ENDED);
    one.close(0);
    one.connect(0, endpointOf("127.0.0.1", other.port));
    await until(() => other.waiting() === 1);
  });

  it("says plainly that the port is in use", async () => {
    const one = await open();
    await assert.rejects(
      TcpSocket.open({ address: "127.0.0.1", port: one.port }),
      new RegExp(`TCP 127.0.0.1 port ${one.port} cannot be opened: the port is in use`),
    );
  });
});
