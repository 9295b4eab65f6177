// What an offer and its answer agreed about the one audio stream (RFC 3264), in the terms of RTP: where it goes, how it is
// encoded, and who speaks.

import type { Endpoint } from "../../hal/endpoint";
import { Law } from "../audio/g711";
import { copyEndpoint, createEndpoint } from "../bytes/ip-address";

export interface Agreement {
  /** Which media line of the description it is. */
  mediaIndex: number;
  /** Where RTP goes, and the only address that it comes from. */
  readonly remote: Endpoint;
  /** The same for RTCP. */
  readonly remoteControl: Endpoint;
  /** Whether RTCP shares the port of RTP, both ways (RFC 5761). */
  multiplexed: boolean;
  /** What is sent, and the payload type that the peer gave it. */
  law: Law;
  payloadType: number;
  /** The payload types that the peer may use for PCMU and PCMA. */
  muReceiveType: number;
  aReceiveType: number;
  /** The payload types of telephone events; -1: none. */
  telephoneEventSendType: number;
  telephoneEventReceiveType: number;
  /** The payload type of comfort noise that the peer may use besides 13; -1: none. */
  noiseReceiveType: number;
  /** Of the packets that we send, milliseconds: 10 … 60, a multiple of 10. */
  packetTime: number;
  sending: boolean;
  receiving: boolean;
  /** Whether the peer takes nothing from us: the call is on hold at its side. */
  heldByPeer: boolean;
}

/** Boot only: an agreement in which nobody speaks. */
export function createAgreement(): Agreement {
  return {
    mediaIndex: 0,
    remote: createEndpoint(),
    remoteControl: createEndpoint(),
    multiplexed: false,
    law: Law.MU,
    payloadType: Law.MU,
    muReceiveType: Law.MU,
    aReceiveType: Law.A,
    telephoneEventSendType: -1,
    telephoneEventReceiveType: -1,
    noiseReceiveType: -1,
    packetTime: 20,
    sending: false,
    receiving: false,
    heldByPeer: false,
  };
}

/** Copies an agreement into one that the caller owns. */
export function copyAgreement(target: Agreement, source: Agreement): void {
  target.mediaIndex = source.mediaIndex;
  copyEndpoint(target.remote, source.remote);
  copyEndpoint(target.remoteControl, source.remoteControl);
  target.multiplexed = source.multiplexed;
  target.law = source.law;
  target.payloadType = source.payloadType;
  target.muReceiveType = source.muReceiveType;
  target.aReceiveType = source.aReceiveType;
  target.telephoneEventSendType = source.telephoneEventSendType;
  target.telephoneEventReceiveType = source.telephoneEventReceiveType;
  target.noiseReceiveType = source.noiseReceiveType;
  target.packetTime = source.packetTime;
  target.sending = source.sending;
  target.receiving = source.receiving;
  target.heldByPeer = source.heldByPeer;
}
