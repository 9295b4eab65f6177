// Fuzz targets that are a whole station: an input is a list of orders: datagrams, whole or bent ones, media, presses, time. Whatever it
// says, the station answers in SIP that parses, and is idle again once everybody has fallen silent.

import { hangUpCall, StationState } from "../../firmware/intercom/station";
import { createMessage, MessageKind } from "../../firmware/sip/message";
import { parseMessage } from "../../firmware/sip/message-parser";
import { Status } from "../../firmware/sip/status";
import { testEndpoint } from "../fake-udp";
import { equal, isTrue } from "../harness";
import { bytesOf } from "../octets";
import { Door, talkAsCalled, talkAsCaller } from "../rig/door";
import { firstWord, headerOf, parameterOf } from "../rig/message-text";
import { Peer, type PeerCall, responseOf } from "../rig/peer";

/** Orders of one input: a longer one says nothing new. */
const ORDERS_MAXIMUM = 48;
/** Longer than any timer of a call that nobody answers. */
const SILENCE_MS = 200_000;
const STEPS_MS = [0, 1, 20, 60, 200, 500, 1000, 4000, 8000, 32_000, 64_000];

const REQUESTS = [
  "INVITE",
  "BYE",
  "ACK",
  "OPTIONS",
  "UPDATE",
  "PRACK",
  "INFO",
  "MESSAGE",
  "REFER",
  "SUBSCRIBE",
  "NOTIFY",
];
const RESPONSES = [
  "100 Trying",
  "180 Ringing",
  "183 Session Progress",
  "200 OK",
  "202 Accepted",
  "302 Moved Temporarily",
  "401 Unauthorized",
  "407 Proxy Authentication Required",
  "422 Session Interval Too Small",
  "486 Busy Here",
  "487 Request Terminated",
  "491 Request Pending",
  "500 Server Internal Error",
  "503 Service Unavailable",
];
const FIELDS = [
  "Require: 100rel",
  "RSeq: 1",
  "Require: timer",
  "Session-Expires: 90;refresher=uas",
  "Session-Expires: 90;refresher=uac",
  "Min-SE: 1800",
  "Retry-After: 1",
  "Contact: <sip:anna@192.0.2.9>",
  "Contact: <sip:other@192.0.2.10>;q=0.5, <sip:192.0.2.11>",
  'WWW-Authenticate: Digest realm="pbx", nonce="n", qop="auth"',
  'Proxy-Authenticate: Digest realm="pbx", nonce="m", algorithm=SHA-256',
  "Refer-To: <sip:bert@192.0.2.9>",
  "Refer-To: <sip:bert@192.0.2.9?Replaces=a%3Bto-tag%3Db%3Bfrom-tag%3Dc>",
  "Event: presence",
  "Event: dialog",
  "Event: refer",
  "Expires: 60",
  "Subscription-State: terminated",
  "Content-Type: application/dtmf-relay",
  "Record-Route: <sip:192.0.2.9;lr>",
  'Reason: Q.850;cause=16;text="x"',
  "RAck: 1 101 INVITE",
  "Supported: 100rel, timer, replaces",
  "Accept: text/plain",
];
const SETTINGS: string[][] = [
  ["call.answer-from = *"],
  ["call.answer-from = *", "call.answer-delay = 5"],
  ["call.answer-from = 192.0.2.9", "account.password = secret", "account.realm = pbx"],
  ["call.answer-from = *", "account.outbound-proxy = sip:192.0.2.9"],
];

const REFUSALS_OF_DEFECTS = [400, 505, 513];

const sent = createMessage(64);

/** Reads an input from the front; what is not there is 0. */
class Orders {
  private at = 0;

  constructor(private readonly input: Uint8Array) {}

  left(): boolean {
    return this.at < this.input.length;
  }

  next(): number {
    this.at += 1;
    return this.input[this.at - 1] ?? 0;
  }

  choose<T>(from: readonly T[]): T {
    return from[this.next() % from.length];
  }

  take(count: number): Uint8Array {
    this.at += count;
    return this.input.slice(this.at - count, this.at);
  }
}

/** A station with the peers that an input speaks for. */
class Scene {
  readonly peers = [new Peer("anna", 9, 5060), new Peer("mallory", 66, 5060)];
  readonly door: Door;
  call: PeerCall;
  /** The last request of the station. */
  request = "";
  /** The last INVITE of the station. */
  invite = "";

  constructor(private readonly orders: Orders) {
    this.door = new Door(orders.choose(SETTINGS));
    this.call = this.peers[0].newCall();
    const begin = orders.next() % 3;
    if (begin === 1) {
      this.call = talkAsCalled(this.door, this.peers[0]);
    } else if (begin === 2 && this.door.device.settings.call.answerDelay === 0) {
      this.call = talkAsCaller(this.door, this.peers[0]);
    }
  }

  /** Reads what the station sent; it must parse. */
  readWire(): void {
    while (this.door.wire.waiting() > 0) {
      const text = this.door.wire.next();
      const octets = bytesOf(text);
      if (text.trim() !== "") {
        const status = parseMessage(sent, octets, 0, octets.length);
        // What a malformed request is refused with has its Via, From, To, Call-ID and CSeq as they came (RFC 3261 8.2.6.2).
        if (sent.kind !== MessageKind.RESPONSE || REFUSALS_OF_DEFECTS.indexOf(sent.statusCode) < 0) {
          equal(status, Status.OK, `what was sent parses: ${text}`);
        }
        equal(sent.end, octets.length, `all that was sent is one message: ${text}`);
      }
      const word = firstWord(text);
      if (word === "INVITE") {
        this.invite = text;
        this.call = this.peers[0].takeCall(text);
      }
      if (word === "SIP/2.0") {
        const tag = parameterOf(headerOf(text, "To"), "tag");
        this.call.remoteTag = tag === "" ? this.call.remoteTag : tag;
      } else {
        this.request = text;
      }
    }
  }

  /** A text with some of its octets changed, taken out or put in. */
  private bend(text: string): Uint8Array {
    const octets = [...Buffer.from(text, "latin1")];
    for (let count = this.orders.next() & 3; count > 0 && octets.length > 0; count -= 1) {
      const at = (this.orders.next() * 256 + this.orders.next()) % octets.length;
      const how = this.orders.next() % 3;
      octets.splice(at, how === 0 ? 0 : 1, ...(how === 1 ? [] : [this.orders.next()]));
    }
    return Uint8Array.from(octets);
  }

  private fields(): string[] {
    const fields: string[] = [];
    for (let count = this.orders.next() & 3; count > 0; count -= 1) {
      fields.push(this.orders.choose(FIELDS));
    }
    return fields;
  }

  private body(): string {
    const kind = this.orders.next() & 3;
    if (kind === 0) {
      return "";
    }
    return kind === 1 ? "Signal=5\r\nDuration=160\r\n" : this.peers[0].description(kind === 2 ? [] : ["a=sendonly"]);
  }

  private deliver(octets: Uint8Array): void {
    const peer = this.orders.choose(this.peers);
    this.door.wire.udp.arrive(octets, octets.length, peer.endpoint);
    this.door.poll();
  }

  private requestText(): string {
    const method = this.orders.choose(REQUESTS);
    const outside = (this.orders.next() & 3) === 0;
    if (method === "ACK") {
      return this.call.acknowledge(this.body());
    }
    return (outside ? this.peers[0].newCall() : this.call).request(method, this.fields(), this.body());
  }

  private responseText(): string {
    const request = (this.orders.next() & 1) === 0 || this.invite === "" ? this.request : this.invite;
    if (request === "") {
      return "";
    }
    const tag = (this.orders.next() & 7) === 0 ? "fork" : this.call.localTag;
    const fields = this.fields();
    return responseOf(request, this.orders.choose(RESPONSES), tag, fields, this.body());
  }

  /** Does one order. */
  step(): void {
    const door = this.door;
    switch (this.orders.next() % 10) {
      case 0:
        this.deliver(this.orders.take(2 + 4 * this.orders.next()));
        break;
      case 1:
      case 2:
        this.deliver(this.bend(this.requestText()));
        break;
      case 3:
      case 4:
        this.deliver(this.bend(this.responseText()));
        break;
      case 5:
        door.advance(this.orders.choose(STEPS_MS));
        break;
      case 6:
        door.press(this.orders.next() & 1);
        break;
      case 7:
        arriveMedia(door, this.orders);
        break;
      case 8:
        if (this.invite !== "") {
          this.deliver(this.bend(this.call.invite === "" ? "" : this.call.cancel()));
        }
        break;
      default:
        hangUpCall(door.device.station);
    }
    this.readWire();
  }

  /** Everybody falls silent: the station is idle again by itself. */
  end(): void {
    hangUpCall(this.door.device.station);
    this.readWire();
    this.door.advance(SILENCE_MS);
    this.readWire();
    equal(this.door.device.station.state, StationState.IDLE, "the state at the end");
    equal(this.door.recordsInUse(), 0, "transactions and sessions in use at the end");
    isTrue(!this.door.audioIn.running && !this.door.audioOut.running, "sound is off at the end");
  }
}

/** RTP or RTCP of the peer: a header that is right in its first octets, so that the rest is looked at. */
function arriveMedia(door: Door, orders: Orders): void {
  const kind = orders.next();
  const octets = orders.take(4 + (orders.next() & 0xff));
  const packet = Uint8Array.from({ length: Math.max(12, octets.length) }, (_, index) => octets[index] ?? 0);
  packet[0] = (kind & 0x40) === 0 ? 0x80 : packet[0];
  const control = (kind & 1) === 1;
  packet[1] = (kind & 0x20) === 0 ? (control ? 200 + (kind & 7) : [0, 8, 101, 13][(kind >> 1) & 3]) : packet[1];
  const socket = control ? door.rtcp : door.rtp;
  socket.arrive(packet, packet.length, testEndpoint(9, control ? 4001 : 4000));
  door.poll();
}

export function fuzzStation(input: Uint8Array): void {
  const orders = new Orders(input);
  const scene = new Scene(orders);
  scene.readWire();
  for (let count = 0; orders.left() && count < ORDERS_MAXIMUM; count += 1) {
    scene.step();
  }
  scene.end();
}

/** A call whose peer sends what it likes: packets, reports and time only. */
export function fuzzMedia(input: Uint8Array): void {
  const orders = new Orders(input);
  const door = new Door(["call.talk-limit = 60"]);
  talkAsCalled(door, new Peer("anna", 9, 5060));
  while (orders.left()) {
    arriveMedia(door, orders);
    door.advance(orders.choose([0, 20, 20, 40, 100]));
  }
  const statistics = door.device.rtp.statistics;
  isTrue(statistics.packetsReceived >= 0, "the counters");
}
