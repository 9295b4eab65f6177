// The receive queue of a socket: a fixed number of slots made when it opens. When all are taken, a datagram is dropped and
// counted, as a network card does it.

import type { Bytes } from "../../firmware/bytes/bytes";
import { copyEndpoint, createEndpoint } from "../../firmware/bytes/ip-address";
import type { Endpoint } from "../endpoint";

/** How large a queue is. */
export interface QueueSize {
  datagrams: number;
  /** Octets that are kept of one; the rest of a longer one is cut off. */
  octets: number;
}

export const DEFAULT_QUEUE_SIZE: QueueSize = { datagrams: 64, octets: 4096 };

interface Slot {
  readonly bytes: Uint8Array;
  /** Octets as sent: more than `bytes.length` for one that was cut. */
  length: number;
  readonly source: Endpoint;
}

export class DatagramQueue {
  private readonly slots: Slot[] = [];
  private first = 0;
  private waiting = 0;
  /** Datagrams that found the queue full. */
  overflowed = 0;
  /** Datagrams longer than a slot that a reader with a longer buffer would have got whole. */
  oversized = 0;

  constructor(private readonly size: QueueSize) {
    for (let index = 0; index < size.datagrams; index += 1) {
      this.slots.push({ bytes: new Uint8Array(size.octets), length: 0, source: createEndpoint() });
    }
  }

  /** Appends a datagram of `length` octets. Returns false when the queue is full. */
  push(bytes: Uint8Array, length: number, source: Endpoint): boolean {
    if (this.waiting === this.slots.length) {
      this.overflowed += 1;
      return false;
    }
    const slot = this.slots[(this.first + this.waiting) % this.slots.length];
    slot.bytes.set(length > this.size.octets ? bytes.subarray(0, this.size.octets) : bytes.subarray(0, length));
    slot.length = length;
    copyEndpoint(slot.source, source);
    this.waiting += 1;
    return true;
  }

  /** `Udp.read`. */
  read(buffer: Bytes, source: Endpoint): number {
    while (this.waiting > 0) {
      const slot = this.slots[this.first];
      this.first = (this.first + 1) % this.slots.length;
      this.waiting -= 1;
      if (slot.length > this.size.octets && slot.length <= buffer.length) {
        this.oversized += 1;
        continue;
      }
      const count = Math.min(slot.length, buffer.length, this.size.octets);
      (buffer as unknown as Uint8Array).set(count === slot.bytes.length ? slot.bytes : slot.bytes.subarray(0, count));
      copyEndpoint(source, slot.source);
      return slot.length > buffer.length ? buffer.length + 1 : slot.length;
    }
    return -1;
  }

  /** Forgets what waits. */
  clear(): void {
    this.waiting = 0;
  }
}
