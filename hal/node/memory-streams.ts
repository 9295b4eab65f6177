// TCP on a network in memory, on the virtual clock: ordered streams without loss over the links of memory-network.ts. A cut link
// holds octets back until it is up again, as retransmission does; nobody listening refuses, and a host can reset.

import type { Bytes } from "../../firmware/bytes/bytes";
import { copyEndpoint, createEndpoint } from "../../firmware/bytes/ip-address";
import type { Endpoint } from "../endpoint";
import { CONNECTION_ENDED } from "../tcp";
import { endpointText } from "./endpoint";
import type { DeskTcp } from "./tcp-socket";

/** What the streams need of the network. */
export interface StreamNetwork {
  /** Milliseconds that a segment takes now, or undefined while the way is cut. */
  transit(from: Endpoint, to: Endpoint): number | undefined;
  /** Whether a host has that address. */
  hasHost(address: Endpoint): boolean;
  after(delay: number, action: () => void): void;
  /** Who listens at an address and port. */
  listener(at: Endpoint): MemoryStreams | undefined;
  /** A segment has arrived: for the trace. */
  delivered(from: Endpoint, to: Endpoint, bytes: Uint8Array): void;
  release(streams: MemoryStreams): void;
  freePort(): number;
}

/** Octets that may be on their way or unread in one direction. */
const WINDOW = 65_535;
/** How long a segment that found the way cut waits for the next try. */
const RETRY_MS = 200; // RFC 6298 2.4, without its doubling
/** Peers that may wait to be accepted. */
const BACKLOG = 8;

/** One end of a connection. */
class StreamEnd {
  established = false;
  /** The other end has ended it: behind what is unread. */
  ended = false;
  /** This end was closed. */
  closed = false;
  peer: StreamEnd | undefined;
  private unread: number[] = [];
  private underWay = 0;
  /** What the other end is to get, in order; only the first is on its way. */
  private readonly pending: (Uint8Array | "end")[] = [];

  constructor(
    private readonly network: StreamNetwork,
    readonly owner: MemoryStreams,
    readonly local: Endpoint,
    readonly remote: Endpoint,
  ) {}

  read(target: Uint8Array): number {
    const count = Math.min(target.length, this.unread.length);
    target.set(this.unread.splice(0, count));
    if (count > 0) {
      this.peer?.owner.onReadable();
    }
    return count === 0 && this.ended ? CONNECTION_ENDED : count;
  }

  write(octets: Uint8Array): number {
    if (this.ended) {
      return CONNECTION_ENDED;
    }
    const room = this.established ? WINDOW - this.underWay - (this.peer?.unread.length ?? 0) : 0;
    const taken = octets.slice(0, Math.max(0, room));
    if (taken.length > 0) {
      this.underWay += taken.length;
      this.push(taken);
    }
    return taken.length;
  }

  close(): void {
    if (!this.closed) {
      this.closed = true;
      this.push("end");
    }
  }

  /** The connection is gone without a word to the other end, or with one. */
  reset(): void {
    this.ended = true;
    this.unread = [];
    this.owner.onReadable();
  }

  private push(segment: Uint8Array | "end"): void {
    this.pending.push(segment);
    if (this.pending.length === 1) {
      this.transmit();
    }
  }

  private transmit(): void {
    const transit = this.network.transit(this.local, this.remote);
    if (transit === undefined) {
      this.network.after(RETRY_MS, () => this.transmit());
      return;
    }
    this.network.after(transit, () => {
      if (this.network.transit(this.local, this.remote) === undefined) {
        this.transmit();
        return;
      }
      const segment = this.pending.shift();
      if (segment !== undefined) {
        this.deliver(segment);
      }
      if (this.pending.length > 0) {
        this.transmit();
      }
    });
  }

  private deliver(segment: Uint8Array | "end"): void {
    const peer = this.peer;
    if (segment === "end") {
      if (peer !== undefined) {
        peer.ended = true;
        peer.owner.onReadable();
      }
      return;
    }
    this.underWay -= segment.length;
    if (peer === undefined || peer.closed || peer.ended) {
      // It is no more: a reset comes back.
      this.reset();
      return;
    }
    this.network.delivered(this.local, this.remote, segment);
    peer.unread.push(...segment);
    peer.owner.onReadable();
  }
}

export class MemoryStreams implements DeskTcp {
  onReadable: () => void = () => undefined;
  private readonly ends: (StreamEnd | undefined)[];
  private backlog: StreamEnd[] = [];
  private listening = true;

  constructor(
    private readonly network: StreamNetwork,
    /** Where it listens: at most one of each address family, at one port. */
    readonly locals: Endpoint[],
    readonly count: number,
  ) {
    this.ends = Array.from({ length: count }, () => undefined);
  }

  get port(): number {
    return this.locals[0].port;
  }

  connect(connection: number, remote: Endpoint): number {
    const own = this.locals.find((candidate) => candidate.family === remote.family);
    if (own === undefined || remote.port === 0) {
      return -1;
    }
    const local = createEndpoint();
    copyEndpoint(local, own);
    local.port = this.network.freePort();
    const target = createEndpoint();
    copyEndpoint(target, remote);
    const end = new StreamEnd(this.network, this, local, target);
    this.ends[connection] = end;
    this.open(end);
    return 0;
  }

  /** The handshake: a way there and back, tried again while the way is cut or the host is not there. */
  private open(end: StreamEnd): void {
    const there = this.network.transit(end.local, end.remote);
    if (there === undefined || !this.network.hasHost(end.remote)) {
      this.network.after(RETRY_MS, () => {
        if (!end.closed) {
          this.open(end);
        }
      });
      return;
    }
    this.network.after(there, () => {
      const other = this.network.listener(end.remote)?.arrive(end);
      this.network.after(there, () => {
        if (other === undefined) {
          end.reset();
        } else {
          end.established = true;
          end.peer = other;
          this.onReadable();
        }
      });
    });
  }

  /** A peer connects. Returns this side's end, or undefined when it is refused. */
  private arrive(other: StreamEnd): StreamEnd | undefined {
    if (!this.listening || this.backlog.length >= BACKLOG) {
      return undefined;
    }
    const end = new StreamEnd(this.network, this, other.remote, other.local);
    end.established = true;
    end.peer = other;
    this.backlog.push(end);
    this.onReadable();
    return end;
  }

  waiting(): number {
    return this.backlog.length;
  }

  accept(connection: number, remote: Endpoint): number {
    const end = this.backlog.shift();
    if (end === undefined) {
      return -1;
    }
    copyEndpoint(remote, end.remote);
    this.ends[connection] = end;
    return 0;
  }

  read(connection: number, buffer: Bytes, start: number, end: number): number {
    return this.ends[connection]?.read((buffer as unknown as Uint8Array).subarray(start, end)) ?? CONNECTION_ENDED;
  }

  write(connection: number, buffer: Bytes, start: number, end: number): number {
    return this.ends[connection]?.write((buffer as unknown as Uint8Array).subarray(start, end)) ?? CONNECTION_ENDED;
  }

  close(connection: number): void {
    this.ends[connection]?.close();
    this.ends[connection] = undefined;
  }

  /** Ends every connection without a word, as a power cut does; the other ends learn it when they write. */
  vanish(): void {
    for (const end of [...this.ends, ...this.backlog]) {
      if (end !== undefined) {
        end.closed = true;
        end.reset();
      }
    }
    this.ends.fill(undefined);
    this.backlog = [];
  }

  clear(): void {
    for (const end of [...this.ends, ...this.backlog]) {
      end?.close();
    }
    this.ends.fill(undefined);
    this.backlog = [];
  }

  shutDown(): void {
    this.listening = false;
    this.clear();
    this.network.release(this);
  }

  /** Where it listens, as the network names it. */
  keys(): string[] {
    return this.locals.map((local) => endpointText(local));
  }
}
