// Where optional parts of a call hang on the INVITE usage: session timers (RFC 4028) and reliable provisional responses (RFC 3262).
// A board that leaves one out has functions that do nothing, and the linker drops the rest.

import type { Writer } from "../bytes/writer";
import type { InviteSession } from "./invite-session";
import type { Message } from "./message";
import type { ServerTransaction } from "./server-transaction";

/** What session timers do with the messages of a call (session-timer.ts); nothing when the board leaves them out. */
export interface TimerHooks {
  /** Appends their header fields to an INVITE or UPDATE of ours. */
  putRequest: (session: InviteSession, writer: Writer) => void;
  /** Whether an INVITE or UPDATE of the peer asks for too small an interval: it is answered 422. */
  refuseRequest: (request: Message, transaction: ServerTransaction) => boolean;
  /** Takes an INVITE or UPDATE of the peer that is to be answered 2xx. */
  takeRequest: (session: InviteSession, request: Message) => void;
  /** Appends their header fields to our 2xx, and counts from now. */
  putSuccess: (session: InviteSession, writer: Writer) => void;
  /** Takes the 2xx to an INVITE or UPDATE of ours. */
  takeSuccess: (session: InviteSession, response: Message) => void;
  /** Takes a refusal of an INVITE or UPDATE of ours. Returns whether it is to be sent again with another interval (422). */
  takeRefusal: (session: InviteSession, response: Message) => boolean;
  stop: (session: InviteSession) => void;
}

/** What reliable provisional responses do (reliable-provisional.ts); nothing when the board leaves them out. */
export interface ProvisionalHooks {
  /** Begins a new INVITE of ours or of the peer. */
  start: (session: InviteSession) => void;
  /** Appends their header fields to an INVITE of ours. */
  putRequest: (session: InviteSession, writer: Writer) => void;
  /** Caller: takes 101 … 199. Returns false when it came before, out of order, or is to come again: it counts for nothing. */
  takeResponse: (session: InviteSession, response: Message) => boolean;
  /** Caller: takes 420 or 421. Returns whether the INVITE is to be sent again. */
  takeRefusal: (session: InviteSession, response: Message) => boolean;
  /** Called: sends 180. Returns whether it did; else it is sent unreliably. */
  ring: (session: InviteSession) => boolean;
  /** Called: whether the 2xx may go now; else `answerSession` is called again when it may. */
  mayAnswer: (session: InviteSession) => boolean;
  stop: (session: InviteSession) => void;
}

function ignore(): void {
  // The part is left out.
}

function accept(): boolean {
  return true;
}

/** Neither done nor to be repeated. */
export function decline(): boolean {
  return false;
}

/** Boot only: calls without session timers. */
export function createTimerHooks(): TimerHooks {
  return {
    putRequest: ignore,
    refuseRequest: decline,
    takeRequest: ignore,
    putSuccess: ignore,
    takeSuccess: ignore,
    takeRefusal: decline,
    stop: ignore,
  };
}

/** Boot only: calls without reliable provisional responses. */
export function createProvisionalHooks(): ProvisionalHooks {
  return {
    start: ignore,
    putRequest: ignore,
    takeResponse: accept,
    takeRefusal: decline,
    ring: decline,
    mayAnswer: accept,
    stop: ignore,
  };
}
