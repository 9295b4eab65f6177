// UDP on Node.js: sockets of the operating system, opened before boot. Received datagrams wait in a queue of fixed size.

import { createSocket, type Socket } from "node:dgram";
import type { Bytes } from "../../firmware/bytes/bytes";
import { copyEndpoint, createEndpoint } from "../../firmware/bytes/ip-address";
import type { Endpoint } from "../endpoint";
import type { Udp } from "../udp";
import { DatagramQueue, DEFAULT_QUEUE_SIZE, type QueueSize } from "./datagram-queue";
import { addressText, endpointOf, isUnspecified, ownAddress } from "./endpoint";

export interface UdpOptions {
  /** Address literal to bind; 0.0.0.0 or :: for all of the machine's. */
  address: string;
  /** An IPv6 address beside an IPv4 `address`, at the same port: one socket that speaks both. */
  address6?: string;
  /** 0: any free one. */
  port: number;
  /** What peers see when it differs from what is bound, for instance behind a forwarding; default: the bound one. */
  advertisedAddress?: string;
  queue?: QueueSize;
}

/** A socket of the desk: ECMA-419's face, and what the desk needs beside it. */
export interface DeskUdp extends Udp {
  /** Called after each arrival. */
  onReadable: () => void;
  /** Forgets what arrived and was not read, as a reset does. */
  clear(): void;
  close(): void;
}

function ignoreArrival(): void {
  // Until the driver sets its own.
}

/** Binds a socket of the operating system. Throws an Error that names address, port and reason. */
async function bindSocket(wanted: Endpoint): Promise<Socket> {
  const address = addressText(wanted);
  const socket = createSocket({
    type: wanted.family === 6 ? "udp6" : "udp4",
    ipv6Only: wanted.family === 6,
    recvBufferSize: 1 << 18,
    // Addresses are literals: nothing is looked up, and `send` hands its octets over before it returns.
    lookup: (host, _options, callback) => callback(null, host, wanted.family),
  });
  await new Promise<void>((resolve, reject) => {
    socket.once("error", (error: NodeJS.ErrnoException) => {
      socket.close();
      const reason = error.code === "EADDRINUSE" ? "the port is in use" : error.message;
      reject(new Error(`UDP ${address} port ${wanted.port} cannot be opened: ${reason}`, { cause: error }));
    });
    socket.bind(wanted.port, address, () => {
      socket.removeAllListeners("error");
      resolve();
    });
  });
  return socket;
}

/** The address as peers see it: for the one that stands for all, the machine's first. */
function seenAddress(wanted: Endpoint): string {
  return isUnspecified(wanted) ? ownAddress(wanted.family) : addressText(wanted);
}

export class UdpSocket implements DeskUdp {
  onReadable: () => void = ignoreArrival;
  readonly queue: DatagramQueue;
  /** Datagrams that the operating system refused to send. */
  refused = 0;
  private closed = false;

  private constructor(
    private readonly socket: Socket,
    readonly local: Endpoint,
    private readonly socket6: Socket | undefined,
    readonly local6: Endpoint,
    /** Those of `local` and `local6` that stand for all addresses of the machine. */
    private readonly following: Endpoint[],
    size: QueueSize,
  ) {
    this.queue = new DatagramQueue(size);
    for (const each of socket6 === undefined ? [socket] : [socket, socket6]) {
      this.listen(each);
    }
  }

  private listen(socket: Socket): void {
    let source = this.local;
    let sourceText = "";
    socket.on("message", (message, remote) => {
      if (remote.address !== sourceText) {
        source = endpointOf(remote.address, 0);
        sourceText = remote.address;
      }
      source.port = remote.port;
      this.queue.push(message, message.length, source);
      this.onReadable();
    });
    socket.on("error", () => {
      this.refused += 1;
    });
  }

  /** Opens a socket. Throws an Error that names address, port and reason. */
  static async open(options: UdpOptions): Promise<UdpSocket> {
    const wanted = endpointOf(options.address, options.port);
    const socket = await bindSocket(wanted);
    const port = socket.address().port;
    const local = endpointOf(options.advertisedAddress ?? seenAddress(wanted), port);
    const following = isUnspecified(wanted) && options.advertisedAddress === undefined ? [local] : [];
    let socket6: Socket | undefined;
    let local6 = createEndpoint();
    if (options.address6 !== undefined) {
      const wanted6 = endpointOf(options.address6, port);
      try {
        socket6 = await bindSocket(wanted6);
      } catch (error) {
        socket.close();
        throw error;
      }
      local6 = endpointOf(seenAddress(wanted6), port);
      if (isUnspecified(wanted6)) {
        following.push(local6);
      }
    }
    return new UdpSocket(socket, local, socket6, local6, following, options.queue ?? DEFAULT_QUEUE_SIZE);
  }

  /** The machine's addresses have changed: one that is bound to all is seen at another from now on. */
  follow(): void {
    for (const endpoint of this.following) {
      copyEndpoint(endpoint, endpointOf(ownAddress(endpoint.family, addressText(endpoint)), endpoint.port));
    }
  }

  read(buffer: Bytes, source: Endpoint): number {
    return this.queue.read(buffer, source);
  }

  write(buffer: Bytes, start: number, end: number, destination: Endpoint): number {
    const socket = destination.family === this.local.family ? this.socket : this.socket6;
    if (this.closed || socket === undefined || destination.family === 0 || destination.port === 0) {
      this.refused += 1;
      return -1;
    }
    // A copy: when the operating system's buffer is full, the octets are taken after `write` has returned.
    const datagram = Buffer.from((buffer as unknown as Uint8Array).subarray(start, end));
    socket.send(datagram, destination.port, addressText(destination), (error) => {
      if (error !== null) {
        this.refused += 1;
      }
    });
    return 0;
  }

  clear(): void {
    this.queue.clear();
  }

  close(): void {
    if (!this.closed) {
      this.closed = true;
      this.socket.close();
      this.socket6?.close();
    }
  }
}

export interface UdpPair {
  /** On an even port (RFC 3550 11). */
  rtp: UdpSocket;
  /** On the port above. */
  rtcp: UdpSocket;
}

/** Free ports that are tried for a pair before it is given up. */
const PAIR_TRIES = 50;

async function tryPair(options: UdpOptions): Promise<UdpPair | undefined> {
  const rtp = await UdpSocket.open(options);
  if (rtp.local.port % 2 === 0) {
    try {
      return { rtp, rtcp: await UdpSocket.open({ ...options, port: rtp.local.port + 1 }) };
    } catch (error) {
      if (options.port !== 0) {
        rtp.close();
        throw error;
      }
    }
  }
  rtp.close();
  return undefined;
}

/**
 * Opens the two sockets of a media stream.
 * @param options port: even, or 0 for any free pair
 */
export async function openUdpPair(options: UdpOptions): Promise<UdpPair> {
  if (options.port % 2 !== 0) {
    throw new RangeError(`${options.port} is no port for RTP: RTP has an even port, RTCP the one above`);
  }
  for (let tries = 0; tries < PAIR_TRIES; tries += 1) {
    const pair = await tryPair(options);
    if (pair !== undefined) {
      return pair;
    }
  }
  throw new Error(`UDP ${options.address}: no two free ports side by side found`);
}
