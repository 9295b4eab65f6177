// Strangers on the loopback, as a process: from ten addresses they send INVITEs and malformed messages at a fixed rate for a fixed time,
// and then end. usage: stranger.ts PORT MESSAGES_A_SECOND SECONDS; the last line says how many were sent and answered

import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";

const [port, rate, seconds] = process.argv.slice(2).map(Number);
const DOOR = "127.0.0.1";
const ADDRESSES = 10;
/** Messages that are cut, bent or no SIP at all: each takes another way out of the parser. */
const BENT: ((text: string) => string)[] = [
  (text) => text.slice(0, text.length >> 1),
  (text) => text.replace("CSeq: 1 INVITE", "CSeq: 1 BYE"),
  (text) => text.replace("Call-ID", "Call\0ID"),
  (text) => text.replace("SIP/2.0\r\n", "SIP/9.0\r\n"),
  (text) => text.replace("Via: ", "Via: ,,,"),
  (text) => text.replace("\r\n\r\n", "\r\n".concat("X: y\r\n".repeat(100), "\r\n")),
  () => "\x16\x03\x01\x02",
  (text) => text.replace(/Content-Length: .*/, "Content-Length: 99999999999"),
];

const DESCRIPTION =
  "v=0\r\no=- 1 1 IN IP4 127.0.0.9\r\ns=-\r\nc=IN IP4 127.0.0.9\r\nt=0 0\r\nm=audio 40000 RTP/AVP 0 8 101\r\n";

function invite(address: string, number: number): string {
  return [
    `INVITE sip:door@${DOOR}:${port} SIP/2.0`,
    `Via: SIP/2.0/UDP ${address}:5999;branch=z9hG4bK${number};rport`,
    "Max-Forwards: 70",
    `From: <sip:stranger@${address}>;tag=${number}`,
    `To: <sip:door@${DOOR}>`,
    `Call-ID: flood-${number}`,
    "CSeq: 1 INVITE",
    `Contact: <sip:stranger@${address}:5999>`,
    "Content-Type: application/sdp",
    `Content-Length: ${DESCRIPTION.length}`,
    "",
    DESCRIPTION,
  ].join("\r\n");
}

let answered = 0;
const sockets: [string, Socket][] = [];
for (let index = 0; index < ADDRESSES; index += 1) {
  const address = `127.0.0.${20 + index}`;
  const socket = createSocket({ type: "udp4", lookup: (name, _options, callback) => callback(null, name, 4) });
  socket.on("message", () => {
    answered += 1;
  });
  const listening = once(socket, "listening");
  socket.bind(0, address);
  await listening;
  sockets.push([address, socket]);
}

const total = rate * seconds;
const begin = performance.now();
let sent = 0;
while (sent < total) {
  const due = Math.min(total, Math.floor(((performance.now() - begin) / 1000) * rate));
  while (sent < due) {
    const [address, socket] = sockets[sent % ADDRESSES];
    const text = invite(address, sent);
    // One in four is malformed.
    socket.send(Buffer.from(sent % 4 === 0 ? BENT[(sent >> 2) % BENT.length](text) : text, "latin1"), port, DOOR);
    sent += 1;
  }
  await new Promise((resolve) => setTimeout(resolve, 1));
}
const took = performance.now() - begin;
for (const [, socket] of sockets) {
  socket.close();
}
console.log(JSON.stringify({ sent, answered, seconds: took / 1000 }));
