// The STUN client (RFC 5389 7): asks a server over a socket of SIP or RTP at which address it sees us, again by the times of
// 7.2.1 until it answers, and reports that address and every change of it. Requests of others are not answered.

import type { Endpoint } from "../../hal/endpoint";
import type { Random } from "../../hal/random";
import type { Udp } from "../../hal/udp";
import { type Bytes, createBytes } from "../bytes/bytes";
import { copyEndpoint, createEndpoint, equalAddresses } from "../bytes/ip-address";
import { createTimer, startTimer, stopTimer, type Timer, type TimerWheel } from "../clock/timer-wheel";
import { readBindingResponse, STUN_HEADER_OCTETS, StunVerdict, setBindingRequest } from "./message";

/** The first pause; each is twice as long as the one before. */
const RETRANSMISSION_MS = 500; // RTO, RFC 5389 7.2.1
/** How often a request is sent. */
const REQUESTS = 7; // Rc
/** How long the answer to the last one is awaited. */
const LAST_WAIT_MS = 16 * RETRANSMISSION_MS; // Rm

/** Who hears of the mapped address: set once, at boot. */
export interface StunListener {
  owner: object;
  /**
   * The server answered: `client.mapped` is our address. `changed`: it differs from the last one, or is the first.
   */
  onMapped: (owner: object, client: StunClient, changed: boolean) => void;
  /** The server refused, or did not answer within 39.5 s. `client.mapped` is what it was. */
  onUnmapped: (owner: object, client: StunClient) => void;
}

export interface StunClient {
  readonly udp: Udp;
  readonly random: Random;
  readonly wheel: TimerWheel;
  readonly listener: StunListener;
  readonly server: Endpoint;
  /** The last mapped address; family 0 until there is one. */
  readonly mapped: Endpoint;
  readonly received: Endpoint;
  readonly request: Bytes;
  /** How often the request was sent. */
  requests: number;
  /** Armed while an answer is awaited. */
  timer: Timer;
}

/** Boot only: a client on a socket. */
export function createStunClient(udp: Udp, random: Random, wheel: TimerWheel, listener: StunListener): StunClient {
  const client = {
    udp,
    random,
    wheel,
    listener,
    server: createEndpoint(),
    mapped: createEndpoint(),
    received: createEndpoint(),
    request: createBytes(STUN_HEADER_OCTETS),
    requests: 0,
  } as unknown as StunClient;
  client.timer = createTimer(client, onTimeout);
  return client;
}

function sendRequest(client: StunClient): void {
  const pause = client.requests === REQUESTS - 1 ? LAST_WAIT_MS : RETRANSMISSION_MS << client.requests;
  client.requests += 1;
  client.udp.write(client.request, 0, STUN_HEADER_OCTETS, client.server);
  startTimer(client.wheel, client.timer, pause);
}

function onTimeout(owner: object): void {
  const client = owner as StunClient;
  if (client.requests < REQUESTS) {
    sendRequest(client);
  } else {
    client.listener.onUnmapped(client.listener.owner, client);
  }
}

/** Asks a server; a request that is under way ends unreported. */
export function requestBinding(client: StunClient, server: Endpoint): void {
  copyEndpoint(client.server, server);
  client.random.fill(client.request, 0, STUN_HEADER_OCTETS);
  setBindingRequest(client.request);
  client.requests = 0;
  sendRequest(client);
}

/** Ends a request unreported, and forgets the mapped address: the next one counts as changed. */
export function stopBinding(client: StunClient): void {
  stopTimer(client.wheel, client.timer);
  client.mapped.family = 0;
}

/**
 * Takes a datagram; what is no STUN is none of its own. The `onStun` of a transport.
 * @param owner the client
 * @param bytes bytes[0 … length)
 * @returns whether it was the answer to the request
 */
export function takeBindingResponse(owner: object, bytes: Bytes, length: number, source: Endpoint): boolean {
  const client = owner as StunClient;
  const received = client.received;
  const verdict =
    client.timer.armed && source.port === client.server.port && equalAddresses(source, client.server)
      ? readBindingResponse(bytes, length, client.request, received)
      : StunVerdict.FOREIGN;
  if (verdict === StunVerdict.FOREIGN) {
    return false;
  }
  stopTimer(client.wheel, client.timer);
  if (verdict === StunVerdict.REFUSED) {
    client.listener.onUnmapped(client.listener.owner, client);
  } else {
    const changed = received.port !== client.mapped.port || !equalAddresses(received, client.mapped);
    copyEndpoint(client.mapped, received);
    client.listener.onMapped(client.listener.owner, client, changed);
  }
  return true;
}
