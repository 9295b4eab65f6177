// The UDP transport (RFC 3261 18, RFC 3581): one receive buffer, one message index, one place where octets leave.
// A datagram is read, indexed and handed up at once; nothing of it is kept here.

import type { Endpoint } from "../../hal/endpoint";
import type { Log } from "../../hal/log";
import type { Random } from "../../hal/random";
import type { Udp } from "../../hal/udp";
import { type Bytes, createBytes } from "../bytes/bytes";
import { createFixedText, type FixedText } from "../bytes/fixed-text";
import { copyEndpoint, createEndpoint, putHostAddress } from "../bytes/ip-address";
import { createWriter, openWriter, putByte, putDecimal, type Writer } from "../bytes/writer";
import type { TimerWheel } from "../clock/timer-wheel";
import type { Limits } from "../limits";
import { createMessage, type Message, MessageKind } from "./message";
import { parseMessage } from "./message-parser";
import { Status } from "./status";
import { RPORT_ABSENT } from "./via";

/** Port of SIP over UDP (RFC 3261 18.1.1). */
export const SIP_PORT = 5060;

/** Datagrams taken in one poll, so that a flood leaves time for everything else. */
const DATAGRAMS_A_POLL = 32;

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
}

/** Who takes the messages: set once, at boot. */
export interface TransportUser {
  owner: object;
  /** A message without a defect. `transport.message` and `transport.source` hold until the call returns. */
  onMessage: (owner: object) => void;
  /** A message with a defect (`transport.message.defect`). */
  onDefect: (owner: object) => void;
}

export interface Transport {
  readonly udp: Udp;
  readonly random: Random;
  readonly wheel: TimerWheel;
  readonly log: Log;
  readonly receiveBuffer: Bytes;
  readonly message: Message;
  /** The sender of the message at hand. */
  readonly source: Endpoint;
  /** Our host and port as Via and Contact name it. */
  readonly sentBy: FixedText;
  readonly writer: Writer;
  readonly counters: TransportCounters;
  user: TransportUser;
}

function ignoreMessage(): void {
  // Until boot has set the user.
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
    source: createEndpoint(),
    sentBy: createFixedText(48), // "[" + 39 octets of IPv6 + "]:65535"
    writer: createWriter(),
    counters: { received: 0, sent: 0, sendFailed: 0, keepAlives: 0, foreign: 0, malformed: 0, tooLarge: 0 },
    user: { owner: udp, onMessage: ignoreMessage, onDefect: ignoreMessage },
  };
  setSentBy(transport, advertised.family === 0 ? udp.local : advertised);
  return transport;
}

/** Sets the host and port that Via and Contact name. */
export function setSentBy(transport: Transport, endpoint: Endpoint): void {
  const writer = transport.writer;
  openWriter(writer, transport.sentBy.bytes, 0, transport.sentBy.bytes.length);
  putHostAddress(writer, endpoint.family, endpoint.address);
  putByte(writer, 0x3a);
  putDecimal(writer, endpoint.port);
  transport.sentBy.length = writer.length;
}

/** Sends buffer[start … end). A datagram that the network refuses is counted and lost, as on the wire. */
export function sendMessage(transport: Transport, buffer: Bytes, start: number, end: number, to: Endpoint): void {
  transport.counters.sent += 1;
  if (transport.udp.write(buffer, start, end, to) < 0) {
    transport.counters.sendFailed += 1;
  }
  transport.log.message(true, buffer, start, end, to);
}

/** Where the responses to the request at hand go (18.2.2, RFC 3581 4): to its source, at the port that the Via asks for. */
export function setResponseDestination(transport: Transport, destination: Endpoint): void {
  const via = transport.message.via;
  copyEndpoint(destination, transport.source);
  if (via.rport === RPORT_ABSENT) {
    destination.port = via.port === 0 ? SIP_PORT : via.port;
  }
}

/** Indexes one datagram of `length` octets in the receive buffer and hands it up. */
function takeDatagram(transport: Transport, length: number): void {
  const counters = transport.counters;
  const message = transport.message;
  let end = length;
  counters.received += 1;
  if (end > transport.receiveBuffer.length) {
    // Cut by the socket: what is there is indexed, and its Content-Length shows that the rest is missing.
    end = transport.receiveBuffer.length;
    counters.tooLarge += 1;
  }
  const status = parseMessage(message, transport.receiveBuffer, 0, end);
  if (status === Status.OK) {
    transport.log.message(false, transport.receiveBuffer, message.start, message.end, transport.source);
    transport.user.onMessage(transport.user.owner);
  } else if (message.kind === MessageKind.EMPTY) {
    counters.keepAlives += 1;
  } else if (message.kind === MessageKind.FOREIGN) {
    counters.foreign += 1;
  } else {
    counters.malformed += 1;
    transport.log.message(false, transport.receiveBuffer, message.start, message.end, transport.source);
    transport.user.onDefect(transport.user.owner);
  }
}

/** Takes the datagrams that wait, at most DATAGRAMS_A_POLL. Returns how many it took. */
export function pollTransport(transport: Transport): number {
  let count = 0;
  while (count < DATAGRAMS_A_POLL) {
    const length = transport.udp.read(transport.receiveBuffer, transport.source);
    if (length < 0) {
      return count;
    }
    takeDatagram(transport, length);
    count += 1;
  }
  return count;
}
