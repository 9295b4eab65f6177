// The log on the desk: keeps the latest events and messages, and hands each to whoever listens.

import type { Bytes } from "../../firmware/bytes/bytes";
import { copyEndpoint, createEndpoint } from "../../firmware/bytes/ip-address";
import type { Endpoint } from "../endpoint";
import type { Log } from "../log";
import type { Scheduler } from "./scheduler";

export interface LoggedEvent {
  /** Milliseconds since the start. */
  time: number;
  event: number;
  first: number;
  second: number;
}

export interface LoggedMessage {
  /** Milliseconds since the start. */
  time: number;
  sent: boolean;
  bytes: Uint8Array;
  peer: Endpoint;
}

/** Events and messages that are kept of each. */
const KEPT = 1000;

export class DeskLog implements Log {
  readonly events: LoggedEvent[] = [];
  readonly messages: LoggedMessage[] = [];
  onEvent: (event: LoggedEvent) => void = () => undefined;
  onMessage: (message: LoggedMessage) => void = () => undefined;

  constructor(private readonly scheduler: Scheduler) {}

  event(event: number, first: number, second: number): void {
    const logged = { time: this.scheduler.elapsed(), event, first, second };
    this.events.push(logged);
    if (this.events.length > KEPT) {
      this.events.shift();
    }
    this.onEvent(logged);
  }

  message(sent: boolean, bytes: Bytes, start: number, end: number, peer: Endpoint): void {
    const copy = createEndpoint();
    copyEndpoint(copy, peer);
    const logged = {
      time: this.scheduler.elapsed(),
      sent,
      bytes: (bytes as unknown as Uint8Array).slice(start, end),
      peer: copy,
    };
    this.messages.push(logged);
    if (this.messages.length > KEPT) {
      this.messages.shift();
    }
    this.onMessage(logged);
  }
}
