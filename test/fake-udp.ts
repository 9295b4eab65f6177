// A UDP socket for the portable tests: what a test puts in is read, what is written is kept, in order and with addresses.

import { type Bytes, copyBytes, createBytes } from "../firmware/bytes/bytes";
import { copyEndpoint, createEndpoint } from "../firmware/bytes/ip-address";
import type { Endpoint } from "../hal/endpoint";
import type { Udp } from "../hal/udp";

/** A datagram and the address of the other side. */
export interface FakeDatagram {
  bytes: Bytes;
  peer: Endpoint;
}

/** An IPv4 endpoint 192.0.2.`host`:`port`, of the addresses for documentation (RFC 5737). */
export function testEndpoint(host: number, port: number): Endpoint {
  const endpoint = createEndpoint();
  endpoint.family = 4;
  endpoint.address[0] = 192;
  endpoint.address[2] = 2;
  endpoint.address[3] = host;
  endpoint.port = port;
  return endpoint;
}

function copyOf(bytes: Bytes, start: number, end: number, peer: Endpoint): FakeDatagram {
  const copy = createBytes(end - start);
  copyBytes(copy, 0, bytes, start, end);
  const endpoint = createEndpoint();
  copyEndpoint(endpoint, peer);
  return { bytes: copy, peer: endpoint };
}

function passOn(): boolean {
  return false;
}

export class FakeUdp implements Udp {
  readonly local: Endpoint;
  /** Set by a test of both families, before boot. */
  readonly local6: Endpoint = createEndpoint();
  /** What the device wrote, in order. */
  sent: FakeDatagram[] = [];
  /** Whether `write` refuses, as a network without a route does. */
  refusing = false;
  /** The host 192.0.2.x to which alone it refuses; 0: none. */
  refusedHost = 0;
  /** Takes what it says `true` to off the wire: a server of the test's (rig/stun-server.ts). */
  intercept: (datagram: FakeDatagram) => boolean = passOn;
  private arrived: FakeDatagram[] = [];
  private taken = 0;

  constructor(local: Endpoint) {
    this.local = local;
  }

  /** Lets bytes[0 … length) arrive from `source`. */
  arrive(bytes: Bytes, length: number, source: Endpoint): void {
    this.arrived.push(copyOf(bytes, 0, length, source));
  }

  /** Datagrams that wait to be read. */
  waiting(): number {
    return this.arrived.length - this.taken;
  }

  read(buffer: Bytes, source: Endpoint): number {
    if (this.taken === this.arrived.length) {
      this.arrived = [];
      this.taken = 0;
      return -1;
    }
    const datagram = this.arrived[this.taken];
    this.taken += 1;
    copyEndpoint(source, datagram.peer);
    const length = datagram.bytes.length;
    copyBytes(buffer, 0, datagram.bytes, 0, length < buffer.length ? length : buffer.length);
    return length <= buffer.length ? length : buffer.length + 1;
  }

  write(buffer: Bytes, start: number, end: number, destination: Endpoint): number {
    if (this.refusing || destination.address[3] === this.refusedHost) {
      return -1;
    }
    const datagram = copyOf(buffer, start, end, destination);
    if (!this.intercept(datagram)) {
      this.sent.push(datagram);
    }
    return 0;
  }
}
