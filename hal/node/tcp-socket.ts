// TCP on Node.js: a listener and a fixed number of connections of the operating system, behind hal/tcp.ts. What arrives waits in
// the connection until it is read; a connection that holds too much is not read from the network any more.

import { createServer, connect as openSocket, type Server, type Socket } from "node:net";
import type { Bytes } from "../../firmware/bytes/bytes";
import { copyEndpoint } from "../../firmware/bytes/ip-address";
import type { Endpoint } from "../endpoint";
import { CONNECTION_ENDED, type Tcp } from "../tcp";
import { addressText, endpointOf } from "./endpoint";

export interface TcpOptions {
  /** Address literal to bind; 0.0.0.0 or :: for all of the machine's. */
  address: string;
  /** The same port on an IPv6 address beside an IPv4 one. */
  address6?: string;
  /** 0: any free one. */
  port: number;
  /** Connections that can be open at the same time; default 3. */
  connections?: number;
}

/** The connections of a desk's board: hal/tcp.ts, and what the desk needs beside it. */
export interface DeskTcp extends Tcp {
  /** Called after each arrival, and when a connection stands, can take more, or has ended. */
  onReadable: () => void;
  /** The port at which it listens. */
  readonly port: number;
  /** Ends all connections, as a reset does. */
  clear(): void;
  /** Ends all connections and the listener. */
  shutDown(): void;
}

/** Octets that wait in a connection before the network is held up. */
const HELD_OCTETS = 65_536;
/** Peers that may wait to be accepted. */
const BACKLOG = 8;

/** One connection of the operating system. */
class Stream {
  private chunks: Buffer[] = [];
  private held = 0;
  private ended = false;

  constructor(
    readonly socket: Socket,
    private readonly wake: () => void,
  ) {
    socket.setNoDelay(true);
    socket.on("data", (chunk) => {
      this.chunks.push(chunk);
      this.held += chunk.length;
      if (this.held >= HELD_OCTETS) {
        socket.pause();
      }
      wake();
    });
    for (const event of ["connect", "drain"]) {
      socket.on(event, wake);
    }
    for (const event of ["end", "error", "close"]) {
      socket.on(event, () => this.end());
    }
  }

  private end(): void {
    if (!this.ended) {
      this.ended = true;
      this.wake();
    }
  }

  read(target: Uint8Array): number {
    let count = 0;
    while (count < target.length && this.chunks.length > 0) {
      const chunk = this.chunks[0].subarray(0, target.length - count);
      target.set(chunk, count);
      count += chunk.length;
      if (chunk.length === this.chunks[0].length) {
        this.chunks.shift();
      } else {
        this.chunks[0] = this.chunks[0].subarray(chunk.length);
      }
    }
    this.held -= count;
    if (this.socket.isPaused() && this.held < HELD_OCTETS) {
      this.socket.resume();
    }
    return count === 0 && this.ended ? CONNECTION_ENDED : count;
  }

  write(octets: Uint8Array): number {
    if (this.ended) {
      return CONNECTION_ENDED;
    }
    if (this.socket.connecting || this.socket.writableNeedDrain || octets.length === 0) {
      return 0;
    }
    this.socket.write(Buffer.from(octets));
    return octets.length;
  }

  close(): void {
    this.ended = true;
    this.chunks = [];
    this.socket.removeAllListeners();
    this.socket.on("error", () => undefined);
    this.socket.destroySoon();
  }
}

async function listen(server: Server, address: string, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const reason = error.code === "EADDRINUSE" ? "the port is in use" : error.message;
      reject(new Error(`TCP ${address} port ${port} cannot be opened: ${reason}`, { cause: error }));
    });
    server.listen({ host: address, port, ipv6Only: true, backlog: BACKLOG }, () => {
      server.removeAllListeners("error");
      resolve();
    });
  });
  const bound = server.address();
  return bound !== null && typeof bound === "object" ? bound.port : port;
}

export class TcpSocket implements DeskTcp {
  onReadable: () => void = () => undefined;
  port = 0;
  /** Peers that found too many others waiting. */
  refused = 0;
  private readonly streams: (Stream | undefined)[];
  private backlog: Stream[] = [];
  private readonly servers: Server[] = [];
  private readonly wake = (): void => this.onReadable();

  private constructor(readonly count: number) {
    this.streams = Array.from({ length: count }, () => undefined);
  }

  /** Opens the listener. Throws an Error that names address, port and reason. */
  static async open(options: TcpOptions): Promise<TcpSocket> {
    const tcp = new TcpSocket(options.connections ?? 3);
    tcp.port = options.port;
    try {
      for (const address of [options.address, ...(options.address6 === undefined ? [] : [options.address6])]) {
        const server = createServer((socket) => tcp.arrive(socket));
        tcp.servers.push(server);
        tcp.port = await listen(server, address, tcp.port);
      }
    } catch (error) {
      tcp.shutDown();
      throw error;
    }
    return tcp;
  }

  private arrive(socket: Socket): void {
    if (this.backlog.length >= BACKLOG || socket.remoteAddress === undefined) {
      this.refused += 1;
      socket.destroy();
      return;
    }
    this.backlog.push(new Stream(socket, this.wake));
    this.wake();
  }

  connect(connection: number, remote: Endpoint): number {
    if (remote.port === 0) {
      return -1;
    }
    const socket = openSocket({ host: addressText(remote), port: remote.port });
    this.streams[connection] = new Stream(socket, this.wake);
    return 0;
  }

  waiting(): number {
    return this.backlog.length;
  }

  accept(connection: number, remote: Endpoint): number {
    const stream = this.backlog.shift();
    const { remoteAddress, remotePort } = stream?.socket ?? {};
    if (stream === undefined || remoteAddress === undefined || remotePort === undefined) {
      stream?.close();
      return -1;
    }
    copyEndpoint(remote, endpointOf(remoteAddress, remotePort));
    this.streams[connection] = stream;
    return 0;
  }

  read(connection: number, buffer: Bytes, start: number, end: number): number {
    return this.streams[connection]?.read((buffer as unknown as Uint8Array).subarray(start, end)) ?? CONNECTION_ENDED;
  }

  write(connection: number, buffer: Bytes, start: number, end: number): number {
    return this.streams[connection]?.write((buffer as unknown as Uint8Array).subarray(start, end)) ?? CONNECTION_ENDED;
  }

  close(connection: number): void {
    this.streams[connection]?.close();
    this.streams[connection] = undefined;
  }

  clear(): void {
    for (let connection = 0; connection < this.count; connection += 1) {
      this.close(connection);
    }
    for (const stream of this.backlog) {
      stream.close();
    }
    this.backlog = [];
  }

  shutDown(): void {
    for (const server of this.servers) {
      server.close();
    }
    this.clear();
  }
}
