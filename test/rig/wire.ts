// The wire between a device and its peers: what a test sends arrives at once, and what the device sends is kept with the
// time at which it left, to be read one by one or counted.

import type { Endpoint } from "../../hal/endpoint";
import type { FakeUdp } from "../fake-udp";
import { isTrue } from "../harness";
import { bytesOf, textOf } from "../octets";
import type { FakeClock } from "./time";

/** A datagram that the device sent. */
export interface Sent {
  /** Milliseconds since the test began. */
  time: number;
  text: string;
  /** The last octet of the address 192.0.2.x that it went to. */
  host: number;
  port: number;
}

export class Wire {
  /** What was sent and not read yet. */
  private unread: Sent[] = [];
  /** How many were sent in all. */
  count = 0;

  constructor(
    private readonly clock: FakeClock,
    readonly udp: FakeUdp,
  ) {}

  /** Takes what the socket has sent since the last call; the rig calls it whenever time may have passed. */
  collect(): void {
    const sent = this.udp.sent;
    if (sent.length === 0) {
      return;
    }
    for (let index = 0; index < sent.length; index += 1) {
      const datagram = sent[index];
      this.unread.push({
        time: this.clock.elapsed,
        text: textOf(datagram.bytes, 0, datagram.bytes.length),
        host: datagram.peer.address[3],
        port: datagram.peer.port,
      });
      this.count += 1;
    }
    this.udp.sent = [];
  }

  /** Lets a datagram arrive; the device takes it at its next poll. */
  arrive(text: string, source: Endpoint): void {
    this.udp.arrive(bytesOf(text), text.length, source);
  }

  /** How many datagrams are not read. */
  waiting(): number {
    return this.unread.length;
  }

  /** The oldest datagram that was not read; the test fails when there is none. */
  nextDatagram(): Sent {
    isTrue(this.unread.length > 0, "something was sent");
    const first = this.unread[0];
    const rest: Sent[] = [];
    for (let index = 1; index < this.unread.length; index += 1) {
      rest.push(this.unread[index]);
    }
    this.unread = rest;
    return first;
  }

  /** The text of the oldest datagram that was not read. */
  next(): string {
    return this.nextDatagram().text;
  }

  /** The times at which the unread datagrams left, separated by blanks; they count as read. */
  times(): string {
    const times: string[] = [];
    for (let index = 0; index < this.unread.length; index += 1) {
      times.push(`${this.unread[index].time}`);
    }
    this.forget();
    return times.join(" ");
  }

  /** Counts everything as read. */
  forget(): void {
    this.unread = [];
  }
}
