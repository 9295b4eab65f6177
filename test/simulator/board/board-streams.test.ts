// A station on real sockets, spoken to over TCP on loopback: a ping and a request in two pieces, by IPv4 and IPv6, and a call
// that the station makes over a connection of its own.

import assert from "node:assert/strict";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { createStationLimits } from "../../../firmware/limits";
import { createDevice, pollDevice, startDevice } from "../../../firmware/main";
import { RealClock } from "../../../hal/node/real-clock";
import { openSimulatedBoard, type SimulatedBoard } from "../../../simulator/board/simulated-board";
import { readSettings } from "../../../simulator/desk-station";

const opened: { close: () => void }[] = [];

async function openStation(settings: string, address6?: string): Promise<SimulatedBoard> {
  const board = await openSimulatedBoard(new RealClock(), { address: "127.0.0.1", address6 });
  opened.push(board);
  board.start((wired) => {
    const device = createDevice(wired, createStationLimits(), readSettings(settings, "test"));
    startDevice(device);
    return { poll: () => pollDevice(device) };
  });
  return board;
}

/** Reads from a socket until what came ends with `end`. */
function read(socket: Socket, end: string): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    socket.on("data", (octets) => {
      text += octets.toString();
      if (text.endsWith(end)) {
        socket.removeAllListeners("data");
        resolve(text);
      }
    });
  });
}

function options(host: string): string {
  const lines = [
    "OPTIONS sip:door@127.0.0.1 SIP/2.0",
    `Via: SIP/2.0/TCP ${host}:9;branch=z9hG4bKone;rport`,
    "From: <sip:anna@127.0.0.1>;tag=1",
    "To: <sip:door@127.0.0.1>",
    "Call-ID: one",
    "CSeq: 1 OPTIONS",
    "Content-Length: 0",
  ];
  return `${lines.join("\r\n")}\r\n\r\n`;
}

afterEach(() => {
  for (const each of opened.splice(0)) {
    each.close();
  }
});

describe("a station on real sockets, over TCP", () => {
  for (const [address, host] of [
    ["127.0.0.1", "127.0.0.1"],
    ["::1", "[::1]"],
  ]) {
    it(`answers a ping and a request in two pieces on ${address}`, async function () {
      let board: SimulatedBoard;
      try {
        board = await openStation("", "::1");
      } catch (error) {
        if (/EADDRNOTAVAIL|EAFNOSUPPORT/.test(String(error))) {
          this.skip();
        }
        throw error;
      }
      const socket = connect(board.sip.local.port, address);
      opened.push({ close: () => socket.destroy() });
      const pong = read(socket, "\r\n");
      socket.write("\r\n\r\n");
      assert.equal(await pong, "\r\n");
      const answer = read(socket, "\r\n\r\n");
      const text = options(host);
      socket.write(text.slice(0, 50));
      setImmediate(() => socket.write(text.slice(50)));
      const lines = (await answer).split("\r\n");
      assert.match(lines[0], /^SIP\/2\.0 \d\d\d /);
      assert.equal(
        lines[1],
        `Via: SIP/2.0/TCP ${host}:9;branch=z9hG4bKone;rport=${socket.localPort};received=${address}`,
      );
    });
  }

  it("calls over a connection of its own", async () => {
    const server = createServer();
    opened.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const arrival = new Promise<Socket>((resolve) => server.once("connection", resolve));
    const board = await openStation(`button.1.call = sip:anna@127.0.0.1:${port};transport=tcp\n`);
    board.press(0);
    const socket = await arrival;
    opened.push({ close: () => socket.destroy() });
    const invite = await read(socket, "a=sendrecv\r\n");
    assert.match(
      invite,
      /^INVITE sip:anna@127\.0\.0\.1:\d+;transport=tcp SIP\/2\.0\r\nVia: SIP\/2\.0\/TCP 127\.0\.0\.1:\d+;/,
    );
  });
});
