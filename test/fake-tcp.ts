// The connections of a board for the portable tests: the test is the peer. It lets one be accepted, sends octets in pieces of
// any size, reads what was written, and refuses, blocks or resets.

import { type Bytes, copyBytes, createBytes } from "../firmware/bytes/bytes";
import { copyEndpoint, createEndpoint } from "../firmware/bytes/ip-address";
import type { Endpoint } from "../hal/endpoint";
import { CONNECTION_ENDED, type Tcp } from "../hal/tcp";
import { textOf } from "./octets";

/** One connection as its peer sees it. */
export class FakeStream {
  readonly peer: Endpoint = createEndpoint();
  /** The device opened it. */
  opened = false;
  /** The connection stands; `write` takes nothing before. */
  established = true;
  /** The peer has ended it; the device reads what came before. */
  ended = false;
  /** The device has ended it. */
  closed = false;
  /** Octets that the peer takes of each write. */
  window = 65535;
  /** What the device has written and the test has not taken. */
  private written = "";
  /** What the test has sent and the device has not read. */
  private arrived: number[] = [];
  private taken = 0;

  /** The peer sends. */
  send(text: string): void {
    for (let index = 0; index < text.length; index += 1) {
      this.arrived.push(text.charCodeAt(index));
    }
  }

  /** What the device has written since the last call. */
  take(): string {
    const text = this.written;
    this.written = "";
    return text;
  }

  read(buffer: Bytes, start: number, end: number): number {
    let count = 0;
    while (start + count < end && this.taken < this.arrived.length) {
      buffer[start + count] = this.arrived[this.taken];
      this.taken += 1;
      count += 1;
    }
    if (this.taken === this.arrived.length) {
      this.arrived = [];
      this.taken = 0;
    }
    return count === 0 && this.ended ? CONNECTION_ENDED : count;
  }

  write(buffer: Bytes, start: number, end: number): number {
    if (this.ended) {
      return CONNECTION_ENDED;
    }
    const count = !this.established ? 0 : end - start < this.window ? end - start : this.window;
    const copy = createBytes(count);
    copyBytes(copy, 0, buffer, start, start + count);
    this.written = `${this.written}${textOf(copy, 0, count)}`;
    return count;
  }
}

export class FakeTcp implements Tcp {
  /** Every connection that there was, in order. */
  streams: FakeStream[] = [];
  /** Whether connections of the device are refused at once: no route. */
  unreachable = false;
  /** Whether they are refused by the peer, a moment later. */
  refusing = false;
  /** Whether they stand at once. */
  establishing = true;
  private readonly current: FakeStream[] = [];
  private queue: FakeStream[] = [];

  constructor(readonly count = 3) {
    for (let index = 0; index < count; index += 1) {
      const none = new FakeStream();
      none.closed = true;
      this.current.push(none);
    }
  }

  /** A peer connects; the device takes it at its next poll. */
  arrive(source: Endpoint): FakeStream {
    const stream = new FakeStream();
    copyEndpoint(stream.peer, source);
    this.queue.push(stream);
    this.streams.push(stream);
    return stream;
  }

  /** The latest connection. */
  last(): FakeStream {
    return this.streams[this.streams.length - 1];
  }

  connect(connection: number, remote: Endpoint): number {
    if (this.unreachable) {
      return -1;
    }
    const stream = new FakeStream();
    copyEndpoint(stream.peer, remote);
    stream.opened = true;
    stream.established = this.establishing && !this.refusing;
    this.current[connection] = stream;
    this.streams.push(stream);
    return 0;
  }

  waiting(): number {
    return this.queue.length;
  }

  accept(connection: number, remote: Endpoint): number {
    if (this.queue.length === 0) {
      return -1;
    }
    const rest: FakeStream[] = [];
    for (let index = 1; index < this.queue.length; index += 1) {
      rest.push(this.queue[index]);
    }
    this.current[connection] = this.queue[0];
    copyEndpoint(remote, this.queue[0].peer);
    this.queue = rest;
    return 0;
  }

  read(connection: number, buffer: Bytes, start: number, end: number): number {
    const stream = this.current[connection];
    if (stream.opened && this.refusing && !stream.established) {
      return CONNECTION_ENDED;
    }
    return stream.read(buffer, start, end);
  }

  write(connection: number, buffer: Bytes, start: number, end: number): number {
    return this.current[connection].write(buffer, start, end);
  }

  close(connection: number): void {
    this.current[connection].closed = true;
  }
}
