// The person in a call on the loopback, as a process: answers the door's INVITE, speaks and listens in frames of 20 ms, and hangs up when
// told to. It writes a line for each thing that happens; "report" and "bye" on its input are orders.

import { createSocket, type RemoteInfo } from "node:dgram";
import { once } from "node:events";
import { createInterface } from "node:readline";

const HOST = "127.0.0.1";
const FRAME_MS = 20;
const RETRANSMISSION_MS = 500;

const sip = createSocket("udp4");
const rtp = createSocket("udp4");
sip.bind(0, HOST);
rtp.bind(0, HOST);
await Promise.all([once(sip, "listening"), once(rtp, "listening")]);

let invite = "";
let door: RemoteInfo | undefined;
let remoteRtp = 0;
let ended = false;
let spoken = 0;
let heard = 0;
let firstHeard = -1;
let highest = -1;

function field(text: string, name: string): string {
  return new RegExp(`^${name}: *(.*?)\r$`, "im").exec(text)?.[1] ?? "";
}

function response(request: string, status: string, body = ""): string {
  const to = field(request, "To");
  return [
    `SIP/2.0 ${status}`,
    `Via: ${field(request, "Via")}`,
    `From: ${field(request, "From")}`,
    `To: ${to.includes(";tag=") ? to : `${to};tag=person`}`,
    `Call-ID: ${field(request, "Call-ID")}`,
    `CSeq: ${field(request, "CSeq")}`,
    `Contact: <sip:person@${HOST}:${sip.address().port}>`,
    ...(body === "" ? [] : ["Content-Type: application/sdp"]),
    `Content-Length: ${body.length}`,
    "",
    body,
  ].join("\r\n");
}

function speak(begin: number): void {
  const due = Math.floor((performance.now() - begin) / FRAME_MS);
  while (spoken < due) {
    const packet = Buffer.alloc(172, 0xd5);
    packet.writeUInt16BE(0x8008, 0);
    packet.writeUInt16BE(spoken & 0xffff, 2);
    packet.writeUInt32BE((160 * spoken) >>> 0, 4);
    packet.writeUInt32BE(0x01020304, 8);
    rtp.send(packet, remoteRtp, HOST);
    spoken += 1;
  }
  if (!ended) {
    setTimeout(() => speak(begin), 4);
  }
}

function answer(request: string, from: RemoteInfo): void {
  door = from;
  if (invite === "") {
    remoteRtp = Number(/m=audio (\d+)/.exec(request)?.[1]);
    speak(performance.now());
  }
  invite = request;
  const body =
    `v=0\r\no=- 1 1 IN IP4 ${HOST}\r\ns=-\r\nc=IN IP4 ${HOST}\r\nt=0 0\r\n` +
    `m=audio ${rtp.address().port} RTP/AVP 8\r\na=ptime:20\r\n`;
  sip.send(response(request, "200 OK", body), from.port, from.address);
}

function hangUp(): void {
  const bye = [
    `BYE ${/<(.*?)>/.exec(field(invite, "Contact"))?.[1]} SIP/2.0`,
    `Via: SIP/2.0/UDP ${HOST}:${sip.address().port};branch=z9hG4bKbye;rport`,
    "Max-Forwards: 70",
    `From: ${field(invite, "To")};tag=person`,
    `To: ${field(invite, "From")}`,
    `Call-ID: ${field(invite, "Call-ID")}`,
    "CSeq: 1 BYE",
    "Content-Length: 0",
    "",
    "",
  ].join("\r\n");
  if (!ended && door !== undefined) {
    sip.send(bye, door.port, door.address);
    setTimeout(hangUp, RETRANSMISSION_MS);
  }
}

sip.on("message", (octets, from) => {
  const text = octets.toString("latin1");
  if (text.startsWith("INVITE ")) {
    answer(text, from);
  } else if (text.startsWith("ACK ")) {
    console.log("talking");
  } else if (text.startsWith("SIP/2.0 200") && field(text, "CSeq").endsWith("BYE")) {
    ended = true;
    console.log("ended");
  } else if (!text.startsWith("SIP/2.0")) {
    sip.send(response(text, "200 OK"), from.port, from.address);
  }
});
rtp.on("message", (packet) => {
  const sequence = packet.readUInt16BE(2);
  firstHeard = firstHeard < 0 ? sequence : firstHeard;
  highest = Math.max(highest, (sequence - firstHeard) & 0xffff);
  heard += 1;
});
console.log(`port ${sip.address().port}`);
for await (const line of createInterface({ input: process.stdin })) {
  if (line === "bye") {
    hangUp();
  } else {
    console.log(JSON.stringify({ spoken, heard, expected: highest + 1 }));
  }
}
process.exit(0);
