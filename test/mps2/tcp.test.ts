// The MPS2 image among peers of TCP that mean it no good: both of the small layout's connections are in use, and who waits for one sends an
// octet in each segment. What nobody reads may not hold the memory that all frames need.

import { strictEqual } from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { EmulatedBoard } from "../../simulator/mps2/emulated-board";
import { buildImage, imageOf } from "./build";
import { BOARD_ADDRESS, SIP_PORT, STEP_LIMIT_MS } from "./peer-station";

const TEST_LIMIT_MS = 90_000;
const LOOPBACK = "127.0.0.1";
/** This machine, as QEMU's network has it. */
const HOST_BEHIND_BOARD = "10.0.2.2";
const REGISTERED = / registration (2|10) 200$/;
const TIMER_T1_MS = 500;
/** More than the board has pieces of memory for frames. */
const SEGMENTS = 36;
/** lwIP acknowledges after 250 ms at the latest, and QEMU sends no further small segment before. */
const ACKNOWLEDGED_MS = 300;

const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Takes every REGISTER, and keeps the connection. */
function answer(socket: Socket): void {
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
    }
  });
}

async function listen(opened: Server[]): Promise<string> {
  const server = createServer(answer);
  opened.push(server);
  server.listen(0, LOOPBACK);
  await once(server, "listening");
  return `${HOST_BEHIND_BOARD}:${(server.address() as AddressInfo).port}`;
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
  const servers: Server[] = [];
  let board: EmulatedBoard | undefined;
  let stranger: Socket | undefined;

  before(function () {
    buildImage(this, "small");
  });

  afterEach(() => {
    stranger?.destroy();
    board?.stop();
    for (const server of servers.splice(0)) {
      server.close();
    }
  });

  it("hears everybody while a peer that it has no connection for sends an octet in each segment", async () => {
    const [first, second] = [await listen(servers), await listen(servers)];
    const settings = [
      ...["account.user = door", `account.registrar = ${first}`, "account.transport = tcp"],
      ...["account.2.user = twin", `account.2.registrar = ${second}`, "account.2.transport = tcp", ""],
    ].join("\n");
    const network = { address: BOARD_ADDRESS, udpPorts: [SIP_PORT], tcpPorts: [SIP_PORT] };
    const started = await EmulatedBoard.start({ ...imageOf("small"), settings, ...network });
    board = started;
    const moved = await started.hear(/network: IPv6/, STEP_LIMIT_MS);
    const registered = await started.hear(REGISTERED, STEP_LIMIT_MS, moved);
    await started.hear(REGISTERED, STEP_LIMIT_MS, registered + 1);
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
