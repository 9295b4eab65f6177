// The MPS2 image in its small layout among peers of TCP that go, come back, or mean it no good. What a peer does not read or does not take may
// hold neither the memory that all frames need nor a connection.

import { strictEqual } from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { EmulatedBoard } from "../../simulator/mps2/emulated-board";
import { BOARD_ADDRESS, type PeerStation, SIP_PORT } from "../../simulator/mps2/peer-station";
import { buildImage, imageOf } from "./build";
import { STEP_LIMIT_MS, startOnCable } from "./peer-station";
import { Cable } from "./wire/cable";
import { DhcpServer } from "./wire/dhcp-server";
import { TcpFlag, TcpPeer } from "./wire/tcp-peer";

const TEST_LIMIT_MS = 90_000;
const LOOPBACK = "127.0.0.1";
/** This machine, as QEMU's network has it. */
const HOST_BEHIND_BOARD = "10.0.2.2";
const CABLE_ADDRESS = "192.0.2.20";
const REGISTERED = / registration (2|10) 200$/;
const TIMER_T1_MS = 500;
/** More than the board has pieces of memory for frames. */
const SEGMENTS = 36;
/** lwIP acknowledges after 250 ms at the latest, and QEMU sends no further small segment before. */
const ACKNOWLEDGED_MS = 300;

const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Takes every REGISTER, and keeps the connection. */
function answer(socket: Socket, onRegistered: () => void): void {
  let text = "";
  socket.on("error", () => undefined);
  socket.on("data", (octets) => {
    text += octets.toString("latin1");
    const end = text.indexOf("\r\n\r\n");
    if (text.startsWith("REGISTER ") && end > 0) {
      const fields = text.slice(0, end).split("\r\n");
      const kept = fields.filter((field) => /^(Via|From|To|Call-ID|CSeq|Contact):/.test(field));
      const lines = ["SIP/2.0 200 OK", ...kept, "Expires: 300", "Content-Length: 0", "", ""];
      socket.write(lines.join("\r\n").replace(/^To: .*$/m, "$&;tag=registrar"));
      text = text.slice(end + 4);
      onRegistered();
    }
  });
}

/** A registrar that can go and come back. */
class Registrar {
  /** How often it was registered at. */
  registered = 0;
  readonly #accepted: Socket[] = [];
  readonly #server: Server = createServer((socket) => {
    this.#accepted.push(socket);
    answer(socket, () => {
      this.registered += 1;
    });
  });
  #port = 0;

  /** Listens at the port that it had before, at any free one the first time. */
  async listen(): Promise<void> {
    this.#server.listen(this.#port, LOOPBACK);
    await once(this.#server, "listening");
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Where the board sees it. */
  get address(): string {
    return `${HOST_BEHIND_BOARD}:${this.#port}`;
  }

  /** Ends its connections, and listens no more. */
  close(): void {
    this.#server.close();
    for (const socket of this.#accepted) {
      socket.destroy();
    }
  }
}

async function listen(opened: Registrar[]): Promise<Registrar> {
  const registrar = new Registrar();
  opened.push(registrar);
  await registrar.listen();
  return registrar;
}

/** Asks by UDP for the board's capabilities (RFC 3261 11), again and again, until it says that all is well. */
async function askOptions(board: EmulatedBoard): Promise<void> {
  const socket = createSocket("udp4");
  let isAnswered = false;
  socket.on("message", (octets) => {
    isAnswered ||= octets.toString("latin1").startsWith("SIP/2.0 200 ");
  });
  socket.bind(0, LOOPBACK);
  await once(socket, "listening");
  const lines = [
    `OPTIONS sip:door@${BOARD_ADDRESS} SIP/2.0`,
    `Via: SIP/2.0/UDP ${LOOPBACK}:${socket.address().port};rport;branch=z9hG4bK-${socket.address().port}`,
    ...["Max-Forwards: 70", "From: <sip:asker@example.com>;tag=asker", `To: <sip:door@${BOARD_ADDRESS}>`],
    ...[`Call-ID: ${socket.address().port}`, "CSeq: 1 OPTIONS", "Content-Length: 0", "", ""],
  ];
  let asked = -TIMER_T1_MS;
  const ask = (): boolean => {
    if (performance.now() - asked > TIMER_T1_MS) {
      asked = performance.now();
      socket.send(lines.join("\r\n"), SIP_PORT, BOARD_ADDRESS);
    }
    return isAnswered;
  };
  await board.until("the answer to OPTIONS", ask, STEP_LIMIT_MS).finally(() => socket.close());
}

describe("the MPS2 image over TCP, small layout", function () {
  this.timeout(TEST_LIMIT_MS);
  const registrars: Registrar[] = [];
  let board: EmulatedBoard | undefined;
  let stranger: Socket | undefined;
  let station: PeerStation | undefined;
  let cable: Cable | undefined;

  before(function () {
    buildImage(this, "small");
  });

  afterEach(() => {
    stranger?.destroy();
    board?.stop();
    station?.stop();
    cable?.close();
    stranger = undefined;
    board = undefined;
    station = undefined;
    cable = undefined;
    for (const registrar of registrars.splice(0)) {
      registrar.close();
    }
  });

  it("registers again at a registrar that went and came back, and when the cable was out", async () => {
    const registrar = await listen(registrars);
    const lines = ["account.user = door", `account.registrar = ${registrar.address}`, "account.transport = tcp", ""];
    const network = { address: BOARD_ADDRESS, udpPorts: [SIP_PORT], tcpPorts: [SIP_PORT] };
    const started = await EmulatedBoard.start({ ...imageOf("small"), settings: lines.join("\n"), ...network });
    board = started;
    const registers = (before: number): Promise<void> =>
      started.until("a registration", () => registrar.registered > before, STEP_LIMIT_MS);
    await started.hear(REGISTERED, STEP_LIMIT_MS);
    const whole = await started.hear(/network: IPv6/, STEP_LIMIT_MS);
    const first = registrar.registered;
    registrar.close();
    await registrar.listen();
    await registers(first);
    const second = registrar.registered;
    await started.setCable(false);
    await started.hear(/network: IPv4 gone$/, STEP_LIMIT_MS, whole);
    await started.setCable(true);
    await registers(second);
  });

  it("ends a connection in seconds when its peer is dead", async () => {
    cable = await Cable.lay();
    new DhcpServer(cable, CABLE_ADDRESS);
    station = await startOnCable(cable, "small", []);
    const dead = station.board;
    await dead.until("the registration", () => station?.peer.asked("REGISTER") === 1, STEP_LIMIT_MS);
    const peer = new TcpPeer(cable, CABLE_ADDRESS, SIP_PORT);
    await dead.until("the connection", () => peer.isConnected, STEP_LIMIT_MS);
    peer.isSilent = true;
    peer.write("OPTIONS sip:door@example.com SIP/2.0\r\nContent-Length: many\r\n\r\n");
    await dead.until("the end that nobody takes", () => peer.came(TcpFlag.FIN), STEP_LIMIT_MS);
    await dead.until("the reset", () => peer.came(TcpFlag.RST), STEP_LIMIT_MS);
  });

  it("hears everybody while a peer that it has no connection for sends an octet in each segment", async () => {
    const [first, second] = [await listen(registrars), await listen(registrars)];
    const settings = [
      ...["account.user = door", `account.registrar = ${first.address}`, "account.transport = tcp"],
      ...["account.2.user = twin", `account.2.registrar = ${second.address}`, "account.2.transport = tcp", ""],
    ].join("\n");
    const network = { address: BOARD_ADDRESS, udpPorts: [SIP_PORT], tcpPorts: [SIP_PORT] };
    const started = await EmulatedBoard.start({ ...imageOf("small"), settings, ...network });
    board = started;
    const registered = await started.hear(REGISTERED, STEP_LIMIT_MS);
    await started.hear(REGISTERED, STEP_LIMIT_MS, registered + 1);
    await started.hear(/network: IPv6/, STEP_LIMIT_MS);
    await askOptions(started);
    stranger = connect(SIP_PORT, BOARD_ADDRESS).setNoDelay(true);
    let isEnded = false;
    stranger
      .on("error", () => undefined)
      .on("close", () => {
        isEnded = true;
      });
    await once(stranger, "connect");
    for (let segment = 0; segment < SEGMENTS; segment += 1) {
      stranger.write("x");
      await sleep(ACKNOWLEDGED_MS);
    }
    strictEqual(isEnded, false, "the stranger still waits");
    await askOptions(started);
  });
});
