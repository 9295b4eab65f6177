// How the media of a call runs: what offer and answer agreed, and the settings that the peer need not know. It may change
// during the call. It also says what a payload type means by it.

import { Law } from "../audio/g711";
import { type Agreement, copyAgreement, createAgreement } from "../sdp/agreement";

const COMFORT_NOISE = 13; // RFC 3389, static payload type of RFC 3551

export interface RtpConfiguration extends Agreement {
  /** The least and the greatest delay of the jitter buffer, milliseconds. */
  jitterDelay: number;
  jitterMaximum: number;
  /** Whether silence is sent in place of what the microphone hears: the peer is on hold. */
  muted: boolean;
}

/** Boot only: a configuration that neither sends nor receives, with a jitter buffer of 40 to 200 ms. */
export function createRtpConfiguration(): RtpConfiguration {
  const configuration = createAgreement() as RtpConfiguration;
  configuration.jitterDelay = 40;
  configuration.jitterMaximum = 200;
  configuration.muted = false;
  return configuration;
}

/** Takes over what was agreed; the settings stay as they are. */
export function configureRtp(configuration: RtpConfiguration, agreement: Agreement): void {
  copyAgreement(configuration, agreement);
}

/** Copies a configuration into one that the caller owns. */
export function copyRtpConfiguration(target: RtpConfiguration, source: RtpConfiguration): void {
  copyAgreement(target, source);
  target.jitterDelay = source.jitterDelay;
  target.jitterMaximum = source.jitterMaximum;
  target.muted = source.muted;
}

/** Whether the peer must send: a peer that holds the call may play music to it, or nothing. */
export function expectsRtp(configuration: RtpConfiguration): boolean {
  return configuration.receiving && !configuration.heldByPeer;
}

/** The law that a payload type stands for, or -1. */
export function lawOf(configuration: RtpConfiguration, payloadType: number): number {
  if (payloadType === configuration.muReceiveType) {
    return Law.MU;
  }
  if (payloadType === configuration.aReceiveType) {
    return Law.A;
  }
  return payloadType === Law.MU || payloadType === Law.A ? payloadType : -1;
}

/** Some peers send events with the type that they gave us, not with the one that we gave them; both are agreed. */
export function isEvent(configuration: RtpConfiguration, payloadType: number): boolean {
  return (
    payloadType === configuration.telephoneEventReceiveType || payloadType === configuration.telephoneEventSendType
  );
}

/** Comfort noise is taken under its static type whatever was agreed. */
export function isNoise(configuration: RtpConfiguration, payloadType: number): boolean {
  return payloadType === COMFORT_NOISE || payloadType === configuration.noiseReceiveType;
}
