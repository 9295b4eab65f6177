// The board's log: numbered events with two numbers, and the messages on the wire. The board makes text of them, or not.

import type { Bytes } from "../firmware/bytes/bytes";
import type { Endpoint } from "./endpoint";

export interface Log {
  /** An event of firmware/intercom/event-log.ts, with the two numbers that it documents. */
  event(this: Log, event: number, first: number, second: number): void;
  /** A SIP message that was sent (true) or received (false): bytes[start … end). Valid during the call only. */
  message(this: Log, sent: boolean, bytes: Bytes, start: number, end: number, peer: Endpoint): void;
}
