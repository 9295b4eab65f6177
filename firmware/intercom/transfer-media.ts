// The media of a call that is to take another's place: offered beside the present ones and agreed without running. They move
// there when the new call is answered, not before: until then the visitor goes on talking to whoever transfers him.

import { type Bytes, createBytes } from "../bytes/bytes";
import type { Writer } from "../bytes/writer";
import { configureRtp } from "../rtp/configuration";
import { startRtp } from "../rtp/session";
import { type Agreement, copyAgreement, createAgreement } from "../sdp/agreement";
import { acceptAnswer, createOrigin, negotiateAnswer, type Origin, writeAnswer, writeOffer } from "../sdp/offer-answer";
import { createSessionDescription, parseSessionDescription, type SessionDescription } from "../sdp/session-description";
import { Status } from "../sip/status";
import type { CallMedia } from "./call-media";

export interface TransferMedia {
  /** The media of the station, which this is to become. */
  readonly media: CallMedia;
  readonly origin: Origin;
  readonly agreement: Agreement;
  /** What the new peer answered or offered last. */
  description: SessionDescription;
}

const octets = createBytes(4);

/** Boot only: nothing offered. */
export function createTransferMedia(media: CallMedia): TransferMedia {
  return {
    media,
    origin: createOrigin(),
    agreement: createAgreement(),
    description: createSessionDescription(),
  };
}

/** Begins the media of a new call: a new session number in o=. */
export function openTransferMedia(transfer: TransferMedia): void {
  transfer.media.random.fill(octets, 0, 4);
  transfer.origin.sessionHigh = (octets[0] & 0x7f) * 256 + octets[1];
  transfer.origin.sessionLow = octets[2] * 256 + octets[3];
  transfer.origin.version = 1;
}

/** Appends the offer of the new call; asked again, it says the same. */
export function putTransferOffer(transfer: TransferMedia, writer: Writer): void {
  writeOffer(writer, transfer.media.capabilities, transfer.origin, transfer.agreement);
}

/** Takes an answer to it; of several the last one counts. Returns OK, or why it does not fit. */
export function takeTransferAnswer(transfer: TransferMedia, bytes: Bytes, start: number, end: number): Status {
  const status = parseSessionDescription(transfer.description, bytes, start, end);
  return status === Status.OK
    ? acceptAnswer(transfer.description, transfer.media.capabilities, transfer.agreement)
    : status;
}

/** Takes the new peer's offer, where our INVITE left it to him. Returns OK, or why it cannot be answered. */
export function takeTransferOffer(transfer: TransferMedia, bytes: Bytes, start: number, end: number): Status {
  const status = parseSessionDescription(transfer.description, bytes, start, end);
  return status === Status.OK
    ? negotiateAnswer(transfer.description, transfer.media.capabilities, transfer.agreement)
    : status;
}

/** Appends the answer to it; asked again, it says the same. */
export function putTransferAnswer(transfer: TransferMedia, writer: Writer): void {
  writeAnswer(writer, transfer.description, transfer.media.capabilities, transfer.agreement, transfer.origin);
}

/** The new call is answered: its media are the station's from now on. */
export function moveMedia(transfer: TransferMedia): void {
  const media = transfer.media;
  const former = media.description;
  media.description = transfer.description;
  transfer.description = former;
  copyAgreement(media.agreement, transfer.agreement);
  media.origin.sessionHigh = transfer.origin.sessionHigh;
  media.origin.sessionLow = transfer.origin.sessionLow;
  media.origin.version = transfer.origin.version;
  media.sum = -1;
  media.answering = false;
  media.agreed = true;
  media.configuration.muted = false;
  configureRtp(media.configuration, media.agreement);
  startRtp(media.session, media.configuration);
}
