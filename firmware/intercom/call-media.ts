// The media of the station's call: offers and answers in octets on one side, RTP on the other. It decides what is offered,
// keeps what was agreed, and starts and stops the RTP session by it.

import type { MediaSockets } from "../../hal/board";
import type { Endpoint } from "../../hal/endpoint";
import type { Random } from "../../hal/random";
import { type G711, Law } from "../audio/g711";
import { type Bytes, createBytes } from "../bytes/bytes";
import { copyEndpoint } from "../bytes/ip-address";
import type { Writer } from "../bytes/writer";
import type { TimerWheel } from "../clock/timer-wheel";
import { configureRtp, createRtpConfiguration, type RtpConfiguration } from "../rtp/configuration";
import { createRtpSession, type RtpLimits, type RtpListener, type RtpSession, startRtp, stopRtp } from "../rtp/session";
import { type Agreement, createAgreement } from "../sdp/agreement";
import {
  acceptAnswer,
  type Capabilities,
  createCapabilities,
  createOrigin,
  negotiateAnswer,
  type Origin,
  writeAnswer,
  writeOffer,
} from "../sdp/offer-answer";
import { createSessionDescription, parseSessionDescription, type SessionDescription } from "../sdp/session-description";
import type { AudioSettings } from "../settings/settings";
import { LawOrder } from "../settings/settings-keys";
import { Status } from "../sip/status";

export interface CallMedia {
  readonly session: RtpSession;
  readonly random: Random;
  readonly capabilities: Capabilities;
  readonly origin: Origin;
  /** The peer's last description that was agreed on. */
  description: SessionDescription;
  /** The one at hand; it takes the other's place when it is agreed on, and a refused one changes nothing. */
  candidate: SessionDescription;
  readonly agreement: Agreement;
  readonly configuration: RtpConfiguration;
  /** Whether an agreement stands. */
  agreed: boolean;
}

const octets = createBytes(4);

function setLaws(capabilities: Capabilities, order: LawOrder): void {
  const muFirst = order === LawOrder.MU_THEN_A || order === LawOrder.MU_ONLY;
  capabilities.laws[0] = muFirst ? Law.MU : Law.A;
  capabilities.laws[1] = muFirst ? Law.A : Law.MU;
  capabilities.lawCount = order === LawOrder.A_ONLY || order === LawOrder.MU_ONLY ? 1 : 2;
}

/**
 * Boot only: the media over one pair of sockets.
 * @param advertised the address that peers reach us at; family 0 takes the socket's own
 */
export function createCallMedia(
  limits: RtpLimits,
  sockets: MediaSockets,
  advertised: Endpoint,
  settings: AudioSettings,
  random: Random,
  wheel: TimerWheel,
  g711: G711,
  listener: RtpListener,
): CallMedia {
  const media: CallMedia = {
    session: createRtpSession(limits, sockets, random, wheel, g711, listener),
    random,
    capabilities: createCapabilities(),
    origin: createOrigin(),
    description: createSessionDescription(),
    candidate: createSessionDescription(),
    agreement: createAgreement(),
    configuration: createRtpConfiguration(),
    agreed: false,
  };
  copyEndpoint(media.capabilities.local, advertised.family === 0 ? sockets.rtp.local : advertised);
  media.capabilities.local.port = sockets.rtp.local.port;
  media.capabilities.controlPort = sockets.rtcp.local.port;
  media.capabilities.packetTime = settings.packetTime;
  media.configuration.jitterDelay = settings.jitterDelay;
  setLaws(media.capabilities, settings.laws);
  return media;
}

/** Begins the media of a new call: a new session number in o=, nothing agreed. */
export function openMedia(media: CallMedia): void {
  media.random.fill(octets, 0, 4);
  media.origin.sessionHigh = (octets[0] & 0x7f) * 256 + octets[1];
  media.origin.sessionLow = octets[2] * 256 + octets[3];
  media.origin.version = 1;
  media.agreed = false;
}

/** Ends the media of a call. */
export function closeMedia(media: CallMedia): void {
  stopRtp(media.session);
  media.agreed = false;
}

function keepCandidate(media: CallMedia): void {
  const former = media.description;
  media.description = media.candidate;
  media.candidate = former;
}

/** Takes the peer's offer. Returns OK, or UNSUPPORTED or MALFORMED when it cannot be answered (488). */
export function takeOffer(media: CallMedia, bytes: Bytes, start: number, end: number): Status {
  let status = parseSessionDescription(media.candidate, bytes, start, end);
  if (status === Status.OK) {
    status = negotiateAnswer(media.candidate, media.capabilities, media.agreement);
  }
  if (status === Status.OK) {
    keepCandidate(media);
  }
  return status;
}

/** Appends our answer to the offer that was taken last, and runs the media by it. */
export function putAnswer(media: CallMedia, writer: Writer): void {
  writeAnswer(writer, media.description, media.capabilities, media.agreement, media.origin);
  media.origin.version += 1;
  runMedia(media);
}

/** Appends our offer: the first one, or within a call what stands, offered anew in both directions (RFC 6337). */
export function putOffer(media: CallMedia, writer: Writer): void {
  if (media.agreed && media.description.mediaCount > 0) {
    media.agreement.sending = media.capabilities.sending;
    media.agreement.receiving = media.capabilities.receiving;
    writeAnswer(writer, media.description, media.capabilities, media.agreement, media.origin);
  } else {
    writeOffer(writer, media.capabilities, media.origin, media.agreement);
  }
  media.origin.version += 1;
}

/** Takes the peer's answer to our offer, and runs the media by it. Returns OK, or why it does not fit. */
export function takeAnswer(media: CallMedia, bytes: Bytes, start: number, end: number): Status {
  let status = parseSessionDescription(media.candidate, bytes, start, end);
  if (status === Status.OK) {
    status = acceptAnswer(media.candidate, media.capabilities, media.agreement);
  }
  if (status === Status.OK) {
    keepCandidate(media);
    runMedia(media);
  }
  return status;
}

function runMedia(media: CallMedia): void {
  media.agreed = true;
  configureRtp(media.configuration, media.agreement);
  startRtp(media.session, media.configuration);
}
