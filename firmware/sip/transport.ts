// The transport (RFC 3261 18, RFC 3581): one receive buffer, one message index, one place where octets leave. A datagram is
// read, indexed and handed up at once; nothing of it is kept here. Streams come in through a hook (sip/connections.ts).

import type { Endpoint } from "../../hal/endpoint";
import type { Log } from "../../hal/log";
import type { Random } from "../../hal/random";
import type { Udp } from "../../hal/udp";
import { type Bytes, createBytes } from "../bytes/bytes";
import { createFixedText, type FixedText } from "../bytes/fixed-text";
import { putHostAddress } from "../bytes/ip-address";
import { copyText, createText, equalText, textLength } from "../bytes/text";
import { createWriter, openWriter, putByte, putDecimal, type Writer } from "../bytes/writer";
import type { TimerWheel } from "../clock/timer-wheel";
import type { Limits } from "../limits";
import { refuseStun, STUN_FIRST_OCTETS, type StunReceiver } from "../stun/receiver";
import { findLineEnd } from "./header-index";
import { createMessage, type Message, MessageKind } from "./message";
import { parseMessage } from "./message-parser";
import { Status } from "./status";
import { copyTarget, createTarget, NO_CONNECTION, Protocol, type Target } from "./target";
import { RPORT_ABSENT } from "./via";

/** Port of SIP over UDP and TCP (RFC 3261 18.1.1). */
export const SIP_PORT = 5060;

/** Datagrams taken in one poll, so that a flood leaves time for everything else. */
const DATAGRAMS_A_POLL = 32;

/** The longest sent-by: "[" + 39 octets of IPv6 + "]:65535". */
const SENT_BY_OCTETS = 48;

/** What every request of ours has behind its request line: the protocol of its topmost Via follows. */
const TOP_VIA = createText("\r\nVia: SIP/2.0/");
const TCP = createText("TCP");

/** What arrived and what became of it, since boot. */
export interface TransportCounters {
  received: number;
  sent: number;
  sendFailed: number;
  /** Line ends only. */
  keepAlives: number;
  /** No SIP at all. */
  foreign: number;
  /** SIP with a defect. */
  malformed: number;
  /** Larger than the receive buffer. */
  tooLarge: number;
  /** Refused by the admission, unread. */
  refused: number;
}

/** Who takes the messages: set once, at boot. */
export interface TransportUser {
  owner: object;
  /** A message without a defect. `transport.message` and `transport.source` hold until the call returns. */
  onMessage: (owner: object) => void;
  /** A message with a defect (`transport.message.defect`). */
  onDefect: (owner: object) => void;
}

/** Which sources are heard: asked before anything of a message is read. Set once, at boot; without one, all are. */
export interface Admission {
  owner: object;
  /** @param length octets of the datagram or message; 0: a connection that wants to be accepted */
  admit: (owner: object, source: Target, length: number) => boolean;
}

/** Who hears where requests of ours go: whom we ask matters to us. Set once, at boot. */
export interface RequestListener {
  owner: object;
  onRequestSent: (owner: object, to: Target) => void;
}

/** The connections of a station with TCP. Set once, at boot; without them nothing goes to a TCP target. */
export interface Streams {
  owner: object;
  /** Whether there is TCP at all. */
  available: boolean;
  /** Sends or queues buffer[start … end) on the connection of `to`, opening one when needed; sets `to.connection`. */
  send: (owner: object, buffer: Bytes, start: number, end: number, to: Target) => Status;
  /** Sends a ping on the connection of `to`, which is lost when a peer that answers pings does not answer (RFC 5626 3.5.1). */
  ping: (owner: object, to: Target) => Status;
  /** Takes what has arrived. */
  poll: (owner: object) => void;
}

/** Who hears that a connection has ended, by whichever side. Added at boot. */
export interface ConnectionListener {
  owner: object;
  /** @param connection its number: `Target.connection` */
  onConnectionLost: (owner: object, connection: number) => void;
}

export interface Transport {
  readonly udp: Udp;
  readonly random: Random;
  readonly wheel: TimerWheel;
  readonly log: Log;
  readonly receiveBuffer: Bytes;
  readonly message: Message;
  /** The sender of the message at hand. */
  readonly source: Target;
  /** Our host and port as Via and Contact name it, for peers of the socket's own address family. */
  readonly sentBy: FixedText;
  /** The same for IPv6 peers of a socket that speaks both; empty when it does not. */
  readonly sentBy6: FixedText;
  readonly writer: Writer;
  readonly counters: TransportCounters;
  readonly connectionListeners: ConnectionListener[];
  user: TransportUser;
  admission: Admission;
  requests: RequestListener;
  stun: StunReceiver;
  streams: Streams;
}

function ignore(): void {
  // Until boot has set who listens.
}

function admitAll(): boolean {
  return true;
}

function refuseStream(): Status {
  return Status.UNREACHABLE;
}

/**
 * Boot only: the transport on an open socket.
 * @param advertised the address and port that peers reach us at; family 0 takes the socket's own
 */
export function createTransport(
  limits: Limits,
  udp: Udp,
  advertised: Endpoint,
  random: Random,
  wheel: TimerWheel,
  log: Log,
): Transport {
  const transport: Transport = {
    udp,
    random,
    wheel,
    log,
    receiveBuffer: createBytes(limits.receiveOctets),
    message: createMessage(limits.headerFields),
    source: createTarget(),
    sentBy: createFixedText(SENT_BY_OCTETS),
    sentBy6: createFixedText(SENT_BY_OCTETS),
    writer: createWriter(),
    counters: { received: 0, sent: 0, sendFailed: 0, keepAlives: 0, foreign: 0, malformed: 0, tooLarge: 0, refused: 0 },
    connectionListeners: [],
    user: { owner: udp, onMessage: ignore, onDefect: ignore },
    admission: { owner: udp, admit: admitAll },
    requests: { owner: udp, onRequestSent: ignore },
    stun: { owner: udp, onStun: refuseStun },
    streams: { owner: udp, available: false, send: refuseStream, ping: refuseStream, poll: ignore },
  };
  setSentBy(transport, advertised.family === 0 ? udp.local : advertised);
  if (udp.local6.family === 6) {
    setSentBy(transport, udp.local6);
  }
  return transport;
}

/** Sets the host and port that Via and Contact name to peers of that address family. */
export function setSentBy(transport: Transport, endpoint: Endpoint): void {
  const writer = transport.writer;
  const text = endpoint.family === 6 && transport.udp.local6.family === 6 ? transport.sentBy6 : transport.sentBy;
  openWriter(writer, text.bytes, 0, text.bytes.length);
  putHostAddress(writer, endpoint.family, endpoint.address);
  putByte(writer, 0x3a);
  putDecimal(writer, endpoint.port);
  text.length = writer.length;
}

/** Our host and port as a peer of the target's address family reaches them. TCP listens at the same port. */
export function sentByFor(transport: Transport, target: Target): FixedText {
  return target.family === 6 && transport.sentBy6.length > 0 ? transport.sentBy6 : transport.sentBy;
}

/** The offset of the protocol in the topmost Via of a request of ours, three octets; -1 when it stands elsewhere. */
export function findOwnProtocol(buffer: Bytes, start: number, end: number): number {
  const at = findLineEnd(buffer, start, end);
  const found = at + textLength(TOP_VIA);
  return found + 3 < end && equalText(buffer, at, found, TOP_VIA) ? found : -1;
}

/**
 * Sends buffer[start … end) to a target. The Via of a request is made to say TCP where it goes over TCP (18.1.1).
 * @param to its connection is set, when it goes over one
 * @returns OK when the network took it, which does not mean that it arrives; UNREACHABLE; FULL when the connection's queue is
 */
export function sendMessage(transport: Transport, buffer: Bytes, start: number, end: number, to: Target): Status {
  let status: Status = Status.OK;
  transport.counters.sent += 1;
  // A response begins with "SIP/2.0 ".
  if (buffer[start + 3] !== 0x2f) {
    transport.requests.onRequestSent(transport.requests.owner, to);
  }
  if (to.protocol === Protocol.TCP) {
    // A response begins with "SIP/2.0 ", and its topmost Via is the peer's.
    const protocol = buffer[start + 3] === 0x2f ? -1 : findOwnProtocol(buffer, start, end);
    if (protocol >= 0) {
      copyText(buffer, protocol, TCP);
    }
    status = transport.streams.send(transport.streams.owner, buffer, start, end, to);
  } else if (transport.udp.write(buffer, start, end, to) < 0) {
    status = Status.UNREACHABLE;
  }
  if (status !== Status.OK) {
    transport.counters.sendFailed += 1;
  }
  transport.log.message(true, buffer, start, end, to);
  return status;
}

/**
 * Where the responses to the request at hand go (18.2.2, RFC 3581 4): over the connection that it came on, or to its source, at
 * the port that the Via asks for. maddr is left aside: it would let a stranger aim our responses at anybody.
 */
export function setResponseDestination(transport: Transport, destination: Target): void {
  const via = transport.message.via;
  copyTarget(destination, transport.source);
  if (via.rport === RPORT_ABSENT || destination.protocol === Protocol.TCP) {
    // For TCP this is where a new connection goes when that of the request has ended.
    destination.port = via.port === 0 ? SIP_PORT : via.port;
  }
}

/** Indexes bytes[start … end), one message from `transport.source`, and hands it up. */
export function takeMessage(transport: Transport, bytes: Bytes, start: number, end: number): void {
  const counters = transport.counters;
  const message = transport.message;
  const status = parseMessage(message, bytes, start, end);
  if (status === Status.OK) {
    transport.log.message(false, bytes, message.start, message.end, transport.source);
    transport.user.onMessage(transport.user.owner);
  } else if (message.kind === MessageKind.EMPTY) {
    counters.keepAlives += 1;
  } else if (message.kind === MessageKind.FOREIGN) {
    counters.foreign += 1;
  } else {
    takeDefect(transport);
  }
}

/** The message at hand has a defect: counted, logged, handed up. */
export function takeDefect(transport: Transport): void {
  const message = transport.message;
  transport.counters.malformed += 1;
  transport.log.message(false, message.bytes, message.start, message.end, transport.source);
  transport.user.onDefect(transport.user.owner);
}

/** A datagram of `length` octets in the receive buffer. */
function takeDatagram(transport: Transport, length: number): void {
  const counters = transport.counters;
  const buffer = transport.receiveBuffer;
  const end = length > buffer.length ? buffer.length : length;
  counters.received += 1;
  if (!transport.admission.admit(transport.admission.owner, transport.source, length)) {
    counters.refused += 1;
    return;
  }
  if (length > end) {
    // Cut by the socket: what is there is indexed, and its Content-Length shows that the rest is missing.
    counters.tooLarge += 1;
  }
  if (end > 0 && buffer[0] < STUN_FIRST_OCTETS) {
    if (!transport.stun.onStun(transport.stun.owner, buffer, end, transport.source)) {
      counters.foreign += 1;
    }
    return;
  }
  takeMessage(transport, buffer, 0, end);
}

/** Takes the datagrams that wait, at most DATAGRAMS_A_POLL, and what the connections have. Returns how many datagrams. */
export function pollTransport(transport: Transport): number {
  let count = 0;
  let length = 0;
  while (count < DATAGRAMS_A_POLL && length >= 0) {
    transport.source.protocol = Protocol.UDP;
    transport.source.connection = NO_CONNECTION;
    length = transport.udp.read(transport.receiveBuffer, transport.source);
    if (length >= 0) {
      takeDatagram(transport, length);
      count += 1;
    }
  }
  transport.streams.poll(transport.streams.owner);
  return count;
}
