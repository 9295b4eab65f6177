// Offer and answer in an INVITE usage (RFC 3264, RFC 3261 13.2.1, RFC 3311, RFC 3262 5; RFC 6337 2): one exchange at a time,
// whichever of INVITE, its responses, ACK, PRACK and UPDATE carries its two halves. It reads no description: that is the user's.

import { createText } from "../bytes/text";
import type { Writer } from "../bytes/writer";
import { OfferChoice } from "../settings/settings-keys";
import { createBodyPart, findBodyPart } from "./body-part";
import type { InviteSession } from "./invite-session";
import { acceptsMediaType } from "./media-type";
import type { Message } from "./message";
import { Method } from "./method";
import { closeBody, openBody, putNoBody } from "./response-writer";
import { Status } from "./status";
import { putSessionType } from "./user-agent";

export const enum OfferState {
  /** No offer waits for its answer: either side may offer. */
  STABLE = 0,
  /** Ours waits for the peer's answer. */
  SENT = 1,
  /** The peer's was taken and waits for our answer. */
  RECEIVED = 2,
  /** An INVITE of ours without one asks for the peer's: the first reliable response brings it (13.2.1). */
  SOLICITED = 3,
}

const DESCRIPTION_TYPE = createText("application/sdp");
const ANY_APPLICATION = createText("application/*");

const part = createBodyPart();

/** Whether a message has a description: OK, MISSING, or UNSUPPORTED or MALFORMED for a body that is none (415). */
export function findDescription(message: Message): Status {
  return findBodyPart(message, DESCRIPTION_TYPE, part);
}

/** Whether the sender of a request takes a description in the response (RFC 3261 20.1). */
export function acceptsDescription(message: Message): boolean {
  return acceptsMediaType(message, DESCRIPTION_TYPE, ANY_APPLICATION);
}

/** Whether a message has a description. */
export function hasDescription(message: Message): boolean {
  return findDescription(message) === Status.OK;
}

function openDescription(writer: Writer): number {
  putSessionType(writer);
  return openBody(writer);
}

/** Appends our answer to the peer's last offer; asked again, the same. */
export function putAnswer(session: InviteSession, writer: Writer): void {
  const user = session.sessions.user;
  const bodyStart = openDescription(writer);
  session.offer = session.offer === OfferState.RECEIVED ? OfferState.STABLE : session.offer;
  session.answered = true;
  user.writeAnswer(user.owner, session, writer);
  closeBody(writer, bodyStart);
}

/** Appends Content-Type, Content-Length and the description that is due: our answer to the peer's offer, or our offer. */
export function putDescription(session: InviteSession, writer: Writer): void {
  const user = session.sessions.user;
  if (session.offer === OfferState.RECEIVED) {
    putAnswer(session, writer);
  } else {
    const bodyStart = openDescription(writer);
    session.offer = OfferState.SENT;
    user.writeOffer(user.owner, session, writer);
    closeBody(writer, bodyStart);
  }
}

/** An INVITE of ours leaves the offer to the peer: no body. */
export function putSolicitation(session: InviteSession, writer: Writer): void {
  session.offer = OfferState.SOLICITED;
  putNoBody(writer);
}

/** Appends an answer that takes nothing of the offer in the response at hand (13.2.2.4); no body when it has none. */
export function putRefusal(session: InviteSession, writer: Writer): void {
  const user = session.sessions.user;
  const response = session.sessions.userAgent.transactions.transport.message;
  if (hasDescription(response)) {
    const bodyStart = openDescription(writer);
    user.writeRefusal(user.owner, session, response.bytes, part.start, part.end, writer);
    closeBody(writer, bodyStart);
  } else {
    putNoBody(writer);
  }
}

/** What an INVITE of ours that begins a call asks of each who answers: an answer (SENT), or an offer (SOLICITED). */
export function offerOfInvite(session: InviteSession): OfferState {
  return session.sessions.userAgent.settings.call.offer === OfferChoice.DELAYED
    ? OfferState.SOLICITED
    : OfferState.SENT;
}

/** Whether an exchange that we began waits for the peer's half. */
export function isExchangeOurs(session: InviteSession): boolean {
  return session.offer === OfferState.SENT || session.offer === OfferState.SOLICITED;
}

/** Whether INVITE, its responses, ACK and PRACK are to bring the answer to our offer: that of an UPDATE has its own. */
export function awaitsAnswer(session: InviteSession): boolean {
  return session.offer === OfferState.SENT && !(session.change.pending && session.change.method === Method.UPDATE);
}

/**
 * Takes the description of a message: the answer when our offer waits for one, else an offer.
 * @returns OK; MISSING when there is none; or why the user cannot take it: the exchange is then as it was
 */
export function takeDescription(session: InviteSession, message: Message): Status {
  const user = session.sessions.user;
  if (!hasDescription(message)) {
    return Status.MISSING;
  }
  const isAnswer = session.offer === OfferState.SENT;
  const take = isAnswer ? user.onAnswer : user.onOffer;
  const status = take(user.owner, session, message.bytes, part.start, part.end);
  if (status === Status.OK) {
    session.offer = isAnswer ? OfferState.STABLE : OfferState.RECEIVED;
    session.answered = session.answered || isAnswer;
  }
  return status;
}

/** Our offer, or the wish for the peer's, came to nothing: what was agreed before holds (RFC 3261 14.1, RFC 6141 3). */
export function withdrawOffer(session: InviteSession): void {
  if (isExchangeOurs(session)) {
    session.offer = OfferState.STABLE;
    session.sessions.user.onOfferRejected(session.sessions.user.owner, session);
  }
}
