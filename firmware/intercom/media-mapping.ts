// The addresses that a NAT gives the sockets of voice, by STUN (RFC 5389): asked for together with the SIP socket's, call or no
// call, so that they are known before an offer or answer is written. A call never waits for them: one that began without
// them is offered anew when they come. Where each peer sees another address (symmetric NAT), what a peer sends back to is ours.

import type { Endpoint } from "../../hal/endpoint";
import type { Bytes } from "../bytes/bytes";
import { createMappedSocket, isServerAsked, type PublicAddress } from "../sip/public-address";
import { type StunClient, takeBindingResponse } from "../stun/client";
import { type NetworkChange, renewAddressesIn } from "./network-change";

/** The answers for RTP and RTCP come one after the other, and one offer is to name both. */
const SETTLE_MS = 100;
/** How long the new offer of a call waits for the mapping in another network: a request that is lost is sent again after 500 ms. */
const PATIENCE_MS = 1000;

interface MediaMapping {
  readonly rtp: StunClient;
  readonly rtcp: StunClient;
}

/** A response is told by its transaction id, at whichever of the two sockets it comes in. */
function takeStun(owner: object, bytes: Bytes, length: number, source: Endpoint): boolean {
  const mapping = owner as MediaMapping;
  return (
    takeBindingResponse(mapping.rtp, bytes, length, source) || takeBindingResponse(mapping.rtcp, bytes, length, source)
  );
}

function onMapped(owner: object, _client: StunClient, changed: boolean): void {
  if (changed) {
    renewAddressesIn(owner as NetworkChange, SETTLE_MS);
  }
}

function onUnmapped(): void {
  // What was known last stands: the requests themselves have kept it open.
}

/** Boot only: offers and answers name what the server of the settings sees of the station's RTP and RTCP. */
export function createMediaMapping(publicAddress: PublicAddress, change: NetworkChange): void {
  const media = change.station.media;
  const session = media.session;
  const listener = { owner: change, onMapped, onUnmapped };
  const rtp = createMappedSocket(publicAddress, session.sockets.rtp, listener);
  const rtcp = createMappedSocket(publicAddress, session.sockets.rtcp, listener);
  media.mapped = rtp.mapped;
  media.mappedControl = rtcp.mapped;
  change.patience = isServerAsked(publicAddress) ? PATIENCE_MS : 0;
  session.stun = { owner: { rtp, rtcp }, onStun: takeStun };
}
