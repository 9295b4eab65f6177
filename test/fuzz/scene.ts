// A station in the middle of peers whose part an input plays: it keeps what the station said to whom and on which way, so that an order
// can answer it, and holds it to what a peer may rely on: all that is sent can be read.

import { DNS_PORT } from "../../firmware/dns/client";
import { StationState } from "../../firmware/intercom/station";
import { createSessionDescription, parseSessionDescription } from "../../firmware/sdp/session-description";
import { createMessage, MessageKind } from "../../firmware/sip/message";
import { parseMessage } from "../../firmware/sip/message-parser";
import { Status } from "../../firmware/sip/status";
import type { Endpoint } from "../../hal/endpoint";
import type { FakeStream } from "../fake-tcp";
import { type FakeDatagram, type FakeUdp, testEndpoint } from "../fake-udp";
import { equal, isTrue } from "../harness";
import { bytesOf } from "../octets";
import { Door } from "../rig/door";
import { bodyOf, firstWord, headerOf, parameterOf } from "../rig/message-text";
import { NameServer } from "../rig/name-server";
import { Peer, type PeerCall, responseOf } from "../rig/peer";
import { census } from "./census";
import { KeyWitness } from "./key-witness";
import type { Orders } from "./orders";

/** How octets reach the station: as datagrams from an address, or on a connection. */
export type Way = Endpoint | FakeStream;

/** What the station sent, and the way on which an answer comes back. */
export interface Heard {
  text: string;
  way: Way;
}

/** A binding request that waits for its answer. */
export interface Asked {
  request: Uint8Array;
  socket: FakeUdp;
  server: Endpoint;
}

/** How begin() leaves the station. */
export const enum Begin {
  IDLE = 0,
  CALLED = 1,
  CALLING = 2,
}

/** What is remembered of each kind: more says nothing new. */
const REMEMBERED = 8;
/** How long servers take to answer at most: shorter than any timer that gives one up. */
const LATENCY_MS = 2000;
export const NOTHING: Heard = { text: "", way: testEndpoint(9, 5060) };
/** What a datagram of STUN begins with is below this (RFC 7983 7); RTP and SIP begin higher. */
const STUN_FIRST_OCTETS = 4;
const LINE_END = "\r\n";
const REFUSALS_OF_DEFECTS = [400, 505, 513];

const sent = createMessage(64);
const description = createSessionDescription();

/** Octets of the message at the beginning of a text, by its Content-Length. */
function messageLength(text: string): number {
  const end = text.indexOf("\r\n\r\n");
  return end < 0 ? -1 : end + 4 + Number(headerOf(text, "Content-Length"));
}

function isStream(way: Way): way is FakeStream {
  return "send" in way;
}

/** What a device is made of at boot, by its settings: counted once. */
const sizes = new Map<readonly string[], number>();

/** The name servers of a world that works. */
export function createZone(): NameServer {
  const names = new NameServer(testEndpoint(53, DNS_PORT));
  names.add("_sip._udp.example.com 60 SRV 10 1 5060 pbx.example.com");
  names.add("pbx.example.com 60 A 192.0.2.50");
  names.add("proxy.example.com 60 A 192.0.2.50");
  names.add("stun.example.com 60 A 192.0.2.3");
  names.add("example.com 60 SOA 30");
  return names;
}

export class Scene {
  readonly peers = [new Peer("anna", 9, 5060), new Peer("mallory", 66, 5060), new Peer("registrar", 50, 5060)];
  names = createZone();
  readonly keys: KeyWitness;
  readonly door: Door;
  /** What the device was made of at boot (census.ts). */
  readonly size: number;
  call: PeerCall;
  /** The last request of the station, its last INVITE, and its last REGISTER. */
  request = NOTHING;
  invite = NOTHING;
  register = NOTHING;
  /** Queries to name servers, and binding requests, that nobody has answered. */
  queries: FakeDatagram[] = [];
  asked: Asked[] = [];
  /** Every request that came since the list was emptied. */
  requests: Heard[] = [];
  /** Status codes of the responses, the same. */
  codes: string[] = [];
  /** Half a message of each connection. */
  private readonly unread = new Map<FakeStream, string>();

  constructor(
    readonly orders: Orders,
    settings: readonly string[][],
  ) {
    const lines = orders.choose(settings);
    this.door = new Door(lines);
    this.size = sizes.get(lines) ?? census(this.door.device);
    sizes.set(lines, this.size);
    for (const socket of [this.door.wire.udp, this.door.rtp, this.door.rtcp]) {
      this.listenForBindings(socket);
    }
    this.keys = new KeyWitness(this.door);
    this.call = this.peers[0].newCall();
    this.readWire();
  }

  /** Binding requests on a socket are kept for an answer; the one at boot is lost, as it may be. */
  private listenForBindings(socket: FakeUdp): void {
    socket.intercept = ({ bytes, peer }) => {
      const isBinding = bytes[0] < STUN_FIRST_OCTETS;
      if (isBinding) {
        this.remember(this.asked, { request: Uint8Array.from(bytes as unknown as Uint8Array), socket, server: peer });
      }
      return isBinding;
    };
  }

  /** Reads what the station sent on all ways; it must be right. */
  readWire(): void {
    const door = this.door;
    while (door.wire.waiting() > 0) {
      const { text, host, port } = door.wire.nextDatagram();
      if (text.trim() !== "" && text.charCodeAt(0) >= STUN_FIRST_OCTETS) {
        this.hear(text, testEndpoint(host, port));
      }
    }
    for (const stream of door.tcp.streams) {
      this.readStream(stream);
    }
    for (const query of door.names.sent) {
      this.remember(this.queries, query);
    }
    door.names.sent = [];
    this.keys.judge();
  }

  /** What is whole of what the station wrote on a connection. */
  private readStream(stream: FakeStream): void {
    let text = (this.unread.get(stream) ?? "") + stream.take();
    let length = text === "" ? -1 : this.wholeLength(text);
    while (length > 0) {
      if (length > LINE_END.length) {
        this.hear(text.substring(0, length), stream);
      }
      text = text.substring(length);
      length = text === "" ? -1 : this.wholeLength(text);
    }
    this.unread.set(stream, text);
  }

  /** Octets of the line end or message at the front of a text; -1 when it is not all there. */
  private wholeLength(text: string): number {
    const length = text.startsWith(LINE_END) ? LINE_END.length : messageLength(text);
    return length > text.length ? -1 : length;
  }

  private remember<T>(list: T[], item: T): void {
    list.push(item);
    if (list.length > REMEMBERED) {
      list.shift();
    }
  }

  private expectReadable(text: string): void {
    const octets = bytesOf(text);
    const status = parseMessage(sent, octets, 0, octets.length);
    // What a malformed request is refused with has its Via, From, To, Call-ID and CSeq as they came (RFC 3261 8.2.6.2).
    if (sent.kind !== MessageKind.RESPONSE || REFUSALS_OF_DEFECTS.indexOf(sent.statusCode) < 0) {
      equal(status, Status.OK, `what was sent parses: ${text}`);
    }
    equal(sent.end, octets.length, `all that was sent is one message: ${text}`);
    if (headerOf(text, "Content-Type") === "application/sdp") {
      const body = bytesOf(bodyOf(text));
      equal(parseSessionDescription(description, body, 0, body.length), Status.OK, `its description: ${text}`);
    }
  }

  private hear(text: string, way: Way): void {
    this.expectReadable(text);
    const word = firstWord(text);
    if (word === "SIP/2.0") {
      const tag = parameterOf(headerOf(text, "To"), "tag");
      this.call.remoteTag = tag === "" ? this.call.remoteTag : tag;
      this.remember(this.codes, text.substring(8, 11));
      return;
    }
    const heard = { text, way };
    this.remember(this.requests, heard);
    if (word === "REGISTER") {
      this.register = heard;
    } else {
      this.request = heard;
    }
    if (word === "INVITE") {
      this.invite = heard;
      this.call = this.peers[0].takeCall(text);
    }
  }

  /** Whatever waits for an answer gets none. */
  forget(): void {
    this.queries = [];
    this.asked = [];
    this.requests = [];
  }

  /** Octets arrive; the station takes them at once. A connection that is gone takes nothing. */
  deliver(octets: Uint8Array, way: Way): void {
    this.keys.noteSip(octets);
    if (isStream(way)) {
      if (!way.closed && !way.ended) {
        way.send(Buffer.from(octets).toString("latin1"));
      }
    } else {
      this.door.wire.udp.arrive(octets, octets.length, way);
    }
    this.door.poll();
    this.readWire();
  }

  deliverText(text: string, way: Way): void {
    this.deliver(Uint8Array.from(Buffer.from(text, "latin1")), way);
  }

  /** Answers a binding request. @param answer by default: an address outside */
  answerBinding(asked: Asked, attribute: readonly number[] = [0, 1, 0x8f, 0x52, 0xe1, 0x12, 0xa6, 0x45]): void {
    const answer = [1, 1, 0, attribute.length + 4, ...asked.request.slice(4, 20), 0, 0x20, 0, attribute.length];
    const octets = Uint8Array.from([...answer, ...attribute]);
    asked.socket.arrive(octets, octets.length, asked.server);
    this.door.poll();
  }

  /** Queries that wait are answered. */
  private serveNames(): void {
    for (const query of this.queries.splice(0)) {
      const answer = this.names.answer(query.bytes, query.bytes.length);
      this.door.names.arrive(answer, answer.length, query.peer);
    }
    this.door.poll();
    this.readWire();
  }

  /** What servers that do their work answer to all that waits: names, addresses, registrations; other requests are of no call. */
  serve(): void {
    this.readWire();
    this.serveNames();
    for (const asked of this.asked.splice(0)) {
      this.answerBinding(asked);
    }
    for (const { text, way } of this.requests.splice(0)) {
      const word = firstWord(text);
      if (word === "REGISTER") {
        this.deliverText(this.grant(text), way);
      } else if (word !== "ACK") {
        this.deliverText(responseOf(text, "481 Call/Transaction Does Not Exist", "gone", [], ""), way);
      }
    }
    this.door.poll();
    this.readWire();
  }

  private grant(register: string): string {
    return responseOf(register, "200 OK", "reg", [`Contact: ${headerOf(register, "Contact")};expires=600`], "");
  }

  /** Every account is registered that has a registrar. */
  isRegistered(): boolean {
    return this.door.device.registrations.every(({ account }) => account.server.length === 0 || account.ready);
  }

  /** A world that works: until `done`, or for so long. Returns whether it came to that. */
  serveUntil(done: () => boolean, longest: number): boolean {
    const clock = this.door.clock;
    const end = clock.elapsed + longest;
    this.serve();
    while (!done() && clock.elapsed < end) {
      this.door.advanceToMessage(Math.min(LATENCY_MS, end - clock.elapsed));
      this.serve();
    }
    return done();
  }

  /** Registers the station and brings it where an input wants to begin, or lets the input do that. */
  begin(): void {
    const how = this.orders.next();
    if ((how & 0x10) === 0) {
      isTrue(
        this.serveUntil(() => this.isRegistered(), 60_000),
        "registered at the beginning",
      );
    }
    const kind = how % 3;
    if (kind === Begin.CALLED) {
      this.door.press(0);
      this.readWire();
      this.answerInvite();
    } else if (kind === Begin.CALLING) {
      this.callStation();
    }
  }

  /** The INVITE of the station, once its target is known, is answered. */
  private answerInvite(): void {
    for (let tries = 0; tries < 3 && this.invite === NOTHING; tries += 1) {
      this.serveNames();
      this.door.advance(20);
      this.readWire();
    }
    if (this.invite !== NOTHING) {
      const { way } = this.invite;
      this.deliverText(this.call.answer("180 Ringing", ""), way);
      this.deliverText(this.call.answer("200 OK", this.peers[0].description([])), way);
      equal(this.door.device.station.state, StationState.TALKING, "a call that was answered");
    }
  }

  private callStation(): void {
    this.deliverText(this.call.inviteWith(this.peers[0].description([])), this.peers[0].endpoint);
    if (this.codes.at(-1) === "200") {
      this.deliverText(this.call.acknowledge(""), this.peers[0].endpoint);
    }
  }
}
