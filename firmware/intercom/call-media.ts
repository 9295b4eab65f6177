// The media of the station's call: offers and answers in octets on one side, RTP on the other. It decides what is offered,
// keeps what was agreed, and runs the RTP session by it. A proposal becomes the agreement when its answer stands, so that a
// refused one changes nothing (RFC 3264 8). It knows no SIP: who may offer when is the session's matter.

import type { MediaSockets } from "../../hal/board";
import type { Endpoint } from "../../hal/endpoint";
import type { Random } from "../../hal/random";
import type { Udp } from "../../hal/udp";
import { type G711, Law } from "../audio/g711";
import { type Bytes, createBytes } from "../bytes/bytes";
import { copyEndpoint, createEndpoint, equalAddresses } from "../bytes/ip-address";
import type { Writer } from "../bytes/writer";
import type { TimerWheel } from "../clock/timer-wheel";
import { configureRtp, createRtpConfiguration, type RtpConfiguration } from "../rtp/configuration";
import {
  createRtpSession,
  type RtpLimits,
  type RtpListener,
  type RtpSession,
  silenceOfRtp,
  startRtp,
  stopRtp,
} from "../rtp/session";
import { type Agreement, copyAgreement, createAgreement } from "../sdp/agreement";
import {
  acceptAnswer,
  type Capabilities,
  createCapabilities,
  createOrigin,
  negotiateAnswer,
  type Origin,
  writeAnswer,
  writeOffer,
  writeRefusal,
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
  /** The checksum of our last description, by which the next one counts its version up; -1: none was sent. */
  sum: number;
  /** Our addresses of either family; the second has family 0 on a board with one. */
  readonly own: Endpoint;
  readonly other: Endpoint;
  /** Where a NAT shows RTP and RTCP, as known at any time; family 0: not known. Set once, at boot. */
  mapped: Endpoint;
  mappedControl: Endpoint;
  /** The peer's last description that was agreed on. */
  description: SessionDescription;
  /** The one at hand; it takes the other's place when it is agreed on, and a refused one changes nothing. */
  candidate: SessionDescription;
  /** What stands. */
  readonly agreement: Agreement;
  /** What our offer proposes, or what our answer to the peer's will make stand. */
  readonly proposal: Agreement;
  /** Whether the peer's offer, in `candidate`, waits for our answer. */
  answering: boolean;
  readonly configuration: RtpConfiguration;
  /** Whether an agreement stands. */
  agreed: boolean;
}

const UNMAPPED = createEndpoint();

const octets = createBytes(4);
const former = createEndpoint();

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
    sum: -1,
    own: createEndpoint(),
    other: createEndpoint(),
    mapped: UNMAPPED,
    mappedControl: UNMAPPED,
    description: createSessionDescription(),
    candidate: createSessionDescription(),
    agreement: createAgreement(),
    proposal: createAgreement(),
    answering: false,
    configuration: createRtpConfiguration(),
    agreed: false,
  };
  renewMediaAddress(media, advertised);
  media.capabilities.packetTime = settings.packetTime;
  media.configuration.jitterDelay = settings.jitterDelay;
  media.configuration.jitterMaximum = settings.jitterMaximum;
  setLaws(media.capabilities, settings.laws);
  return media;
}

/**
 * Takes our addresses anew from the sockets; what is offered next names the one of the family that it named before.
 * @param advertised the address that peers reach us at; family 0 takes the socket's own
 * @returns whether peers are to send RTP elsewhere than before
 */
export function renewMediaAddress(media: CallMedia, advertised: Endpoint): boolean {
  const rtp = media.session.sockets.rtp;
  const local = media.capabilities.local;
  copyEndpoint(former, local);
  copyEndpoint(media.own, advertised.family === 0 ? rtp.local : advertised);
  copyEndpoint(media.other, media.own.family === 6 ? rtp.local : rtp.local6);
  if (media.other.family === media.own.family) {
    media.other.family = 0;
  }
  useAddress(media, former.family !== 0 && former.family === media.other.family ? media.other : media.own);
  return former.port !== local.port || !equalAddresses(former, local);
}

/** Sets `into` to where peers reach a socket: where a NAT shows it, as far as that is of the family, else at `own`. */
function setReachable(into: Endpoint, own: Endpoint, socket: Udp, mapped: Endpoint): void {
  const isMapped = mapped.family === own.family;
  copyEndpoint(into, isMapped ? mapped : own);
  if (!isMapped) {
    into.port = socket.local.port;
  }
}

function useAddress(media: CallMedia, address: Endpoint): void {
  const sockets = media.session.sockets;
  const local = media.capabilities.local;
  setReachable(local, address, sockets.rtp, media.mapped);
  setReachable(media.capabilities.control, local, sockets.rtcp, media.mappedControl);
}

/** Names our address of that family, 4 or 6, from now on; one that we do not have leaves it as it is. */
function useMediaFamily(media: CallMedia, family: number): void {
  if (media.own.family === family) {
    useAddress(media, media.own);
  } else if (media.other.family === family) {
    useAddress(media, media.other);
  }
}

/** Begins the media of a new call: a new session number in o=, nothing agreed, nobody on hold. */
export function openMedia(media: CallMedia): void {
  media.random.fill(octets, 0, 4);
  media.origin.sessionHigh = (octets[0] & 0x7f) * 256 + octets[1];
  media.origin.sessionLow = octets[2] * 256 + octets[3];
  media.origin.version = 0;
  media.sum = -1;
  media.agreed = false;
  media.answering = false;
  useAddress(media, media.own);
  setHold(media, false);
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

/** Decides on the offer in `candidate` with one of our addresses. */
function negotiate(media: CallMedia, address: Endpoint): Status {
  useAddress(media, address);
  return negotiateAnswer(media.candidate, media.capabilities, media.proposal);
}

/**
 * Takes the peer's offer, in whatever message it comes; nothing changes before `putAnswer`.
 * @returns OK, or UNSUPPORTED or MALFORMED when it cannot be answered (488)
 */
export function takeOffer(media: CallMedia, bytes: Bytes, start: number, end: number): Status {
  const family = media.capabilities.local.family;
  let status = parseSessionDescription(media.candidate, bytes, start, end);
  if (status === Status.OK) {
    copyAgreement(media.proposal, media.agreement);
    status = negotiate(media, media.own);
    if (status !== Status.OK && media.other.family !== 0) {
      status = negotiate(media, media.other);
    }
    if (status !== Status.OK) {
      useMediaFamily(media, family);
    }
  }
  media.answering = status === Status.OK;
  return status;
}

/** What was proposed stands, by the peer's description in `candidate`. */
function agreeOnProposal(media: CallMedia): void {
  keepCandidate(media);
  copyAgreement(media.agreement, media.proposal);
}

/** Appends our answer to the offer that was taken last, and runs the media by it; asked again, it says the same. */
export function putAnswer(media: CallMedia, writer: Writer): void {
  if (media.answering) {
    media.answering = false;
    agreeOnProposal(media);
  }
  putDescription(media, writer, media.agreement, false);
  runMedia(media);
}

/**
 * Appends an answer that takes nothing of the peer's offer bytes[start … end); what stands and what is under way stay as they
 * are. While another offer waits for our answer it appends nothing: the message comes again.
 */
export function putRefusal(media: CallMedia, bytes: Bytes, start: number, end: number, writer: Writer): void {
  if (!media.answering) {
    parseSessionDescription(media.candidate, bytes, start, end);
    writeRefusal(writer, media.candidate, media.capabilities.local, media.origin);
  }
}

/**
 * Appends our offer: the first one, or within a call what stands, offered anew as far as `setHold` allows (RFC 6337 5). A
 * call that both sides hold is offered as inactive (RFC 3264 8.4).
 * @param family of the peer that it goes to: a first offer names our address of that family when we have one
 */
export function putOffer(media: CallMedia, writer: Writer, family: number): void {
  const proposal = media.proposal;
  const capabilities = media.capabilities;
  const first = !media.agreed || media.description.mediaCount === 0;
  if (first) {
    useMediaFamily(media, family);
  } else {
    copyAgreement(proposal, media.agreement);
    proposal.sending = capabilities.sending && (capabilities.receiving || !proposal.heldByPeer);
    proposal.receiving = capabilities.receiving;
  }
  putDescription(media, writer, proposal, first);
}

function putLines(media: CallMedia, writer: Writer, agreement: Agreement, first: boolean): void {
  if (first) {
    writeOffer(writer, media.capabilities, media.origin, agreement);
  } else {
    writeAnswer(writer, media.description, media.capabilities, agreement, media.origin);
  }
}

/** Adler's checksum, so far as 28 bits hold it. */
function checksum(bytes: Bytes, start: number, end: number): number {
  let sum = 1;
  let sumOfSums = 0;
  for (let index = start; index < end; index += 1) {
    sum = (sum + bytes[index]) % 8191;
    sumOfSums = (sumOfSums + sum) % 16381;
  }
  return sumOfSums * 8192 + sum;
}

/** Appends a description, whose version is one higher when it differs from the last one (RFC 3264 8). */
function putDescription(media: CallMedia, writer: Writer, agreement: Agreement, first: boolean): void {
  const start = writer.length;
  putLines(media, writer, agreement, first);
  if (checksum(writer.bytes, start, writer.length) !== media.sum) {
    writer.length = start;
    media.origin.version += 1;
    putLines(media, writer, agreement, first);
    media.sum = checksum(writer.bytes, start, writer.length);
  }
}

/**
 * Takes the peer's answer to our offer, and runs the media by it. Of several answers of early dialogs the last one plays;
 * the confirmed dialog's, taken again, wins.
 * @returns OK, or why it does not fit; what stood then stands
 */
export function takeAnswer(media: CallMedia, bytes: Bytes, start: number, end: number): Status {
  let status = parseSessionDescription(media.candidate, bytes, start, end);
  if (status === Status.OK) {
    status = acceptAnswer(media.candidate, media.capabilities, media.proposal);
  }
  if (status === Status.OK) {
    agreeOnProposal(media);
    runMedia(media);
  }
  return status;
}

/**
 * Puts the peer on hold, or takes it back: from the next offer or answer on we take nothing from it and send it silence. It
 * says nothing to the peer by itself.
 */
export function setHold(media: CallMedia, held: boolean): void {
  media.capabilities.receiving = !held;
}

/** Whether we have the peer on hold by what is agreed. */
export function isHeldByUs(media: CallMedia): boolean {
  return media.agreed && media.configuration.muted;
}

/** Whether the peer has us on hold: it takes nothing (sendonly, inactive, or no address as before RFC 3264). */
export function isHeldByPeer(media: CallMedia): boolean {
  return media.agreed && media.agreement.heldByPeer;
}

/** Our offer was refused, or the peer's was not answered: hold and direction are again what stands (RFC 3261 14.1). */
export function dropProposal(media: CallMedia): void {
  media.answering = false;
  if (media.agreed) {
    setHold(media, media.configuration.muted);
    useMediaFamily(media, media.agreement.remote.family);
  }
}

/**
 * How long the peer has given no sign of life, milliseconds: RTP, and RTCP too while none can be expected. A call on hold
 * counts as silent only after the peer's RTCP has come during the hold and stopped.
 */
export function silenceOf(media: CallMedia, now: number): number {
  return media.agreed ? silenceOfRtp(media.session, now) : 0;
}

function runMedia(media: CallMedia): void {
  media.agreed = true;
  media.configuration.muted = !media.capabilities.receiving;
  configureRtp(media.configuration, media.agreement);
  startRtp(media.session, media.configuration);
}
