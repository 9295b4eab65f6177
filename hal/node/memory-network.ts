// A network in memory, on a virtual clock: hosts, their links with delay, jitter, loss, duplication, reordering and outage,
// and a trace of every datagram. Repeatable from its seed. Never fragments: what exceeds a link's MTU is lost.

import type { Bytes } from "../../firmware/bytes/bytes";
import { copyEndpoint, createEndpoint } from "../../firmware/bytes/ip-address";
import type { Endpoint } from "../endpoint";
import { DatagramQueue, DEFAULT_QUEUE_SIZE, type QueueSize } from "./datagram-queue";
import { addressText, endpointOf, endpointText } from "./endpoint";
import { MemoryStreams, type StreamNetwork } from "./memory-streams";
import { SeededRandom } from "./random";
import type { Scheduler } from "./scheduler";
import type { DeskUdp } from "./udp-socket";

/** What a host's cable does, in both directions. A datagram passes the sender's and the receiver's. */
export interface Link {
  up: boolean;
  /** Milliseconds. */
  delay: number;
  /** Milliseconds added to the delay, evenly from 0 to this; datagrams of one flow stay in order. */
  jitter: number;
  /** Chances from 0 to 1 for each datagram. */
  loss: number;
  duplication: number;
  /** Of being held back by `hold` milliseconds, so that later ones overtake it. */
  reordering: number;
  hold: number;
  /** Octets of the largest IP packet. */
  mtu: number;
}

const PERFECT_LINK: Link = {
  up: true,
  delay: 1,
  jitter: 0,
  loss: 0,
  duplication: 0,
  reordering: 0,
  hold: 50,
  mtu: 65_535,
};

/** What became of a datagram. */
export type Fate = "delivered" | "lost" | "too large" | "link down" | "no host" | "no socket" | "queue full";

/** One line of the trace. A duplicate has a line of its own. */
export interface TracedDatagram {
  /** Milliseconds since the start at which it was sent. */
  sent: number;
  /** Milliseconds since the start at which its fate was known. */
  settled: number;
  source: string;
  destination: string;
  bytes: Uint8Array;
  fate: Fate;
}

export interface NetworkOptions {
  seed?: number;
  /** What the links of hosts are when they are not told otherwise. */
  link?: Partial<Link>;
  queue?: QueueSize;
  /** Lines of the trace that are kept, the latest; default 100,000. */
  traceLimit?: number;
}

const UDP_IPV4_HEADER_OCTETS = 28;
const UDP_IPV6_HEADER_OCTETS = 48;
const FIRST_FREE_PORT = 49_152; // RFC 6335 6

function copyOf(endpoint: Endpoint): Endpoint {
  const copy = createEndpoint();
  copyEndpoint(copy, endpoint);
  return copy;
}

class MemorySocket implements DeskUdp {
  onReadable: () => void = () => undefined;
  readonly queue: DatagramQueue;
  /** What receivers are told of the sender, by family: as `local` and `local6` were when it was sent. */
  sender: Endpoint;
  sender6: Endpoint;

  constructor(
    private readonly network: MemoryNetwork,
    readonly local: Endpoint,
    readonly local6: Endpoint,
    size: QueueSize,
  ) {
    this.queue = new DatagramQueue(size);
    this.sender = copyOf(local);
    this.sender6 = copyOf(local6);
  }

  read(buffer: Bytes, source: Endpoint): number {
    return this.queue.read(buffer, source);
  }

  write(buffer: Bytes, start: number, end: number, destination: Endpoint): number {
    return this.network.send(this, (buffer as unknown as Uint8Array).slice(start, end), destination);
  }

  clear(): void {
    this.queue.clear();
  }

  close(): void {
    this.network.release(this);
  }
}

/** Where a socket is reached: one endpoint for each address family that it speaks. */
function localsOf(socket: MemorySocket): Endpoint[] {
  return socket.local6.family === 0 ? [socket.local] : [socket.local, socket.local6];
}

export class MemoryNetwork {
  /** The latest datagrams, at least half of `traceLimit`, in the order in which their fate was known. */
  readonly trace: TracedDatagram[] = [];
  /** Called for each new line of the trace. */
  onTraced: (datagram: TracedDatagram) => void = () => undefined;
  private readonly random: SeededRandom;
  private readonly links = new Map<string, Link>();
  private readonly sockets = new Map<string, MemorySocket>();
  private readonly listeners = new Map<string, MemoryStreams>();
  private readonly streamNetwork: StreamNetwork;
  private streamPort = FIRST_FREE_PORT;
  /** By flow: when its last datagram arrives, so that jitter alone reorders nothing. */
  private readonly lastArrivals = new Map<string, number>();
  private readonly link: Link;
  private readonly queue: QueueSize;
  private readonly traceLimit: number;

  constructor(
    private readonly scheduler: Scheduler,
    options: NetworkOptions = {},
  ) {
    this.random = new SeededRandom(options.seed ?? 1);
    this.link = { ...PERFECT_LINK, ...options.link };
    this.queue = options.queue ?? DEFAULT_QUEUE_SIZE;
    this.traceLimit = options.traceLimit ?? 100_000;
    this.streamNetwork = this.createStreamNetwork();
  }

  /** The link of a host, whose fields may be changed at any time. The host begins to exist. */
  host(address: string): Link {
    const key = addressText(endpointOf(address, 0));
    let link = this.links.get(key);
    if (link === undefined) {
      link = { ...this.link };
      this.links.set(key, link);
    }
    return link;
  }

  /**
   * Opens a socket on a host; port 0: a free one. Throws when the port is taken.
   * @param address6 the host's IPv6 address, beside an IPv4 one, for a socket that speaks both
   */
  open(address: string, port: number, address6 = ""): DeskUdp {
    this.host(address);
    const local = endpointOf(address, port === 0 ? this.freePort(address, 1) : port);
    const local6 = address6 === "" ? createEndpoint() : endpointOf(address6, local.port);
    const socket = new MemorySocket(this, local, local6, this.queue);
    const keys = localsOf(socket).map((own) => endpointText(own));
    for (const key of keys) {
      if (this.sockets.has(key)) {
        throw new Error(`UDP ${key} is in use`);
      }
    }
    for (const key of keys) {
      this.sockets.set(key, socket);
    }
    if (address6 !== "") {
      this.host(address6);
    }
    return socket;
  }

  /**
   * Opens the connections of a host, which listens at a port. Throws when the port is taken.
   * @param count connections that can be open at the same time
   */
  openStreams(address: string, port: number, address6 = "", count = 3): MemoryStreams {
    const locals = [address, address6].filter((text) => text !== "").map((text) => endpointOf(text, port));
    const streams = new MemoryStreams(this.streamNetwork, locals, count);
    for (const key of streams.keys()) {
      if (this.listeners.has(key)) {
        throw new Error(`TCP ${key} is in use`);
      }
    }
    for (const local of locals) {
      this.host(addressText(local));
      this.listeners.set(endpointText(local), streams);
    }
    return streams;
  }

  /**
   * A host gets another address, as by DHCP. Its sockets and its link follow; its connections end without a word, and what is
   * on its way to the old address is lost. Throws when the new address is taken.
   */
  move(address: string, to: string): void {
    const from = addressText(endpointOf(address, 0));
    const target = endpointOf(to, 0);
    const link = this.links.get(from);
    if (link === undefined || this.links.has(addressText(target))) {
      throw new Error(`${address} cannot become ${to}: ${link === undefined ? "no such host" : "it is taken"}`);
    }
    const follow = (local: Endpoint): boolean => {
      const isOurs = addressText(local) === from;
      if (isOurs) {
        copyEndpoint(local, { ...target, port: local.port });
      }
      return isOurs;
    };
    this.links.delete(from);
    this.links.set(addressText(target), link);
    for (const socket of new Set(this.sockets.values())) {
      this.release(socket);
      localsOf(socket).some(follow);
      socket.sender = copyOf(socket.local);
      socket.sender6 = copyOf(socket.local6);
      for (const local of localsOf(socket)) {
        this.sockets.set(endpointText(local), socket);
      }
    }
    for (const streams of new Set(this.listeners.values())) {
      const former = streams.keys();
      if (streams.locals.some(follow)) {
        streams.vanish();
        for (const key of former) {
          this.listeners.delete(key);
        }
        for (const key of streams.keys()) {
          this.listeners.set(key, streams);
        }
      }
    }
  }

  private createStreamNetwork(): StreamNetwork {
    return {
      transit: (from, to) => {
        const own = this.linkOf(from);
        const other = this.linkOf(to);
        const isCut = own?.up !== true || other?.up === false;
        return isCut ? undefined : own.delay + (other?.delay ?? 0);
      },
      hasHost: (at) => this.linkOf(at) !== undefined,
      after: (delay, action) => {
        this.scheduler.after(delay, action);
      },
      listener: (at) => this.listeners.get(endpointText(at)),
      delivered: (from, to, bytes) => {
        const sent = this.scheduler.elapsed();
        const source = `tcp ${endpointText(from)}`;
        this.settle(
          { sent, settled: sent, source, destination: endpointText(to), bytes, fate: "delivered" },
          "delivered",
        );
      },
      release: (streams) => {
        for (const key of streams.keys()) {
          if (this.listeners.get(key) === streams) {
            this.listeners.delete(key);
          }
        }
      },
      freePort: () => {
        this.streamPort = this.streamPort === 65_535 ? FIRST_FREE_PORT : this.streamPort + 1;
        return this.streamPort;
      },
    };
  }

  /** Opens an even port and the one above; port 0: a free pair. */
  openPair(address: string, port: number): { rtp: DeskUdp; rtcp: DeskUdp } {
    const even = port === 0 ? this.freePort(address, 2) : port;
    if (even % 2 !== 0) {
      throw new RangeError(`${even} is no port for RTP: RTP has an even port, RTCP the one above`);
    }
    return { rtp: this.open(address, even), rtcp: this.open(address, even + 1) };
  }

  /** For sockets: sends a datagram that nobody changes any more. */
  send(socket: MemorySocket, bytes: Uint8Array, destination: Endpoint): number {
    const sent = this.scheduler.elapsed();
    const target = copyOf(destination);
    const local = socket.sender6.family === target.family ? socket.sender6 : socket.sender;
    const datagram: TracedDatagram = {
      sent,
      settled: sent,
      source: endpointText(local),
      destination: endpointText(target),
      bytes,
      fate: "delivered",
    };
    const own = this.linkOf(local);
    if (own === undefined || !own.up || target.family !== local.family || target.port === 0) {
      this.settle(datagram, own?.up === false ? "link down" : "no host");
      return -1;
    }
    const other = this.linkOf(target);
    const size = bytes.length + (target.family === 6 ? UDP_IPV6_HEADER_OCTETS : UDP_IPV4_HEADER_OCTETS);
    if (other === undefined) {
      this.settle(datagram, "no host");
    } else if (size > own.mtu || size > other.mtu) {
      this.settle(datagram, "too large");
    } else {
      this.transmit(datagram, local, own, other);
      if (this.happens(own.duplication) || this.happens(other.duplication)) {
        this.transmit({ ...datagram }, local, own, other);
      }
    }
    return 0;
  }

  /** For sockets: the port is free again. */
  release(socket: MemorySocket): void {
    for (const local of localsOf(socket)) {
      const key = endpointText(local);
      if (this.sockets.get(key) === socket) {
        this.sockets.delete(key);
      }
    }
  }

  private linkOf(endpoint: Endpoint): Link | undefined {
    return this.links.get(addressText(endpoint));
  }

  private freePort(address: string, count: number): number {
    for (let port = FIRST_FREE_PORT; port + count <= 65_536; port += count) {
      let free = true;
      for (let offset = 0; offset < count; offset += 1) {
        free &&= !this.sockets.has(endpointText(endpointOf(address, port + offset)));
      }
      if (free) {
        return port;
      }
    }
    throw new Error(`${address} has no free port`);
  }

  /** The dice are thrown only where there is a chance, so that a perfect link does not disturb the others' luck. */
  private happens(chance: number): boolean {
    return chance > 0 && this.random.fraction() < chance;
  }

  private transmit(datagram: TracedDatagram, source: Endpoint, own: Link, other: Link): void {
    if (this.happens(own.loss) || this.happens(other.loss)) {
      this.settle(datagram, "lost");
      return;
    }
    const jitter = own.jitter + other.jitter;
    let arrival = datagram.sent + own.delay + other.delay + (jitter > 0 ? this.random.fraction() * jitter : 0);
    const flow = `${datagram.source} ${datagram.destination}`;
    if (this.happens(own.reordering) || this.happens(other.reordering)) {
      arrival += Math.max(own.hold, other.hold);
    } else {
      arrival = Math.max(arrival, this.lastArrivals.get(flow) ?? 0);
      this.lastArrivals.set(flow, arrival);
    }
    this.scheduler.after(arrival - datagram.sent, () => {
      const socket = this.sockets.get(datagram.destination);
      if (!own.up || !other.up) {
        this.settle(datagram, "link down");
      } else if (socket === undefined) {
        this.settle(datagram, "no socket");
      } else {
        const taken = socket.queue.push(datagram.bytes, datagram.bytes.length, source);
        this.settle(datagram, taken ? "delivered" : "queue full");
        socket.onReadable();
      }
    });
  }

  private settle(datagram: TracedDatagram, fate: Fate): void {
    datagram.settled = this.scheduler.elapsed();
    datagram.fate = fate;
    if (this.trace.length >= this.traceLimit) {
      this.trace.splice(0, this.traceLimit >> 1);
    }
    this.trace.push(datagram);
    this.onTraced(datagram);
  }
}
