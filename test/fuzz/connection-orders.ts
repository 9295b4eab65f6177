// Orders of TCP: peers connect, send messages in pieces of any size with any Content-Length, several in one piece, pings and halves of
// them, read slowly, and go.

import type { FakeStream } from "../fake-tcp";
import { bend } from "./bend";
import type { Scene } from "./scene";
import { type Order, requestText } from "./sip-orders";

const LENGTHS = ["0", "1", "4095", "4096", "65536", "4294967296", "-1", "x", "", "10, 10", "10\r\nContent-Length: 10"];
const LINE_ENDS = ["\r\n\r\n", "\r\n", "\n", "\r", "\r\n\r\n\r\n", "\r\n\r\n\r\n\r\n", "\0\0"];
/** Peers that wait to be accepted: the board bounds them (hal/tcp.ts). */
const WAITING_MOST = 4;
const STREAMS_MOST = 24;

function chooseStream(scene: Scene): FakeStream | undefined {
  const open = scene.door.tcp.streams.filter((stream) => !stream.closed && !stream.ended);
  return open[scene.orders.next() % Math.max(1, open.length)];
}

/** The text with another Content-Length. */
function lie(text: string, scene: Scene): string {
  const { orders } = scene;
  const how = orders.next();
  if ((how & 1) === 0) {
    return text;
  }
  return text.replace(/Content-Length: (\d+)/, (_, length: string) =>
    (how & 2) === 0 ? `Content-Length: ${orders.choose(LENGTHS)}` : `l:${Number(length) + (orders.next() % 16) - 8}`,
  );
}

/** Octets in up to eight pieces, which the station takes one by one or together. */
function sendInPieces(scene: Scene, octets: Uint8Array, stream: FakeStream): void {
  const { orders } = scene;
  let start = 0;
  for (let pieces = orders.next() & 7; pieces > 0 && start < octets.length; pieces -= 1) {
    const end = Math.min(octets.length, start + 1 + (orders.nextPair() % octets.length));
    scene.deliver(octets.slice(start, end), stream);
    scene.door.advance((orders.next() & 3) === 0 ? 100 : 0);
    start = end;
  }
  scene.keys.noteSip(octets);
  scene.deliver(octets.slice(start), stream);
}

function connect(scene: Scene): void {
  const { tcp } = scene.door;
  if (tcp.waiting() < WAITING_MOST && tcp.streams.length < STREAMS_MOST) {
    tcp.arrive(scene.orders.choose(scene.peers).endpoint);
    scene.door.poll();
    scene.readWire();
  }
}

/** One to four requests behind one another. */
function sendRequests(scene: Scene): void {
  const { orders } = scene;
  const stream = chooseStream(scene);
  if (stream === undefined) {
    return;
  }
  const all: number[] = [];
  for (let count = 1 + (orders.next() & 3); count > 0; count -= 1) {
    const text = requestText(scene).replace("SIP/2.0/UDP", "SIP/2.0/TCP");
    all.push(...bend(lie(text, scene), orders));
  }
  sendInPieces(scene, Uint8Array.from(all), stream);
}

function sendLineEnds(scene: Scene): void {
  const stream = chooseStream(scene);
  if (stream !== undefined) {
    const text = scene.orders.chooseSome(LINE_ENDS, 4).join("");
    sendInPieces(scene, Uint8Array.from(Buffer.from(text)), stream);
  }
}

function sendOctets(scene: Scene): void {
  const stream = chooseStream(scene);
  const octets = scene.orders.take(2 + 4 * scene.orders.next());
  if (stream !== undefined) {
    sendInPieces(scene, octets, stream);
  }
}

/** The peer ends the connection, or reads less or more from now on. */
function changeStream(scene: Scene): void {
  const { orders } = scene;
  const stream = chooseStream(scene);
  if (stream !== undefined) {
    const how = orders.next();
    stream.ended = (how & 3) === 0;
    stream.window = (how & 3) === 1 ? orders.next() : 65535;
    stream.established = stream.established || (how & 4) === 0;
  }
  scene.door.poll();
  scene.readWire();
}

/** How connections of the station fare from now on. */
function changeWay(scene: Scene): void {
  const { tcp } = scene.door;
  const how = scene.orders.next();
  tcp.unreachable = (how & 3) === 1;
  tcp.refusing = (how & 3) === 2;
  tcp.establishing = (how & 4) === 0;
}

export const CONNECTION_ORDERS: Order[] = [connect, sendRequests, sendLineEnds, sendOctets, changeStream, changeWay];
