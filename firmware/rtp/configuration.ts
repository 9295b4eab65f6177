// How the media of a call runs: what offer and answer agreed, and the settings that the peer need not know. It may change
// during the call.

import { type Agreement, copyAgreement, createAgreement } from "../sdp/agreement";

export interface RtpConfiguration extends Agreement {
  /** Of the jitter buffer, milliseconds, 20 … 200. */
  jitterDelay: number;
}

/** Boot only: a configuration that neither sends nor receives, with a jitter buffer of 40 ms. */
export function createRtpConfiguration(): RtpConfiguration {
  const configuration = createAgreement() as RtpConfiguration;
  configuration.jitterDelay = 40;
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
}
