// What a change of the network means for the call in progress: the media get their new address, and the peer is told of it by a
// new offer (RFC 3264 8.3.1, RFC 3261 14). A call that finds no way any more ends by its silence limit, not here.

import { createRecoveryUser, type Recovery } from "../sip/recovery";
import { reofferSession } from "../sip/session-change";
import { renewMediaAddress } from "./call-media";
import { type Station, StationState } from "./station";

function onNetwork(owner: object, moved: boolean): void {
  const station = owner as Station;
  if (moved) {
    renewMediaAddress(station.media, station.settings.network.advertisedAddress);
    if (station.state !== StationState.IDLE) {
      reofferSession(station.session);
    }
  }
}

/** Boot only: the station hears of changes of the network. */
export function createNetworkChange(recovery: Recovery, station: Station): void {
  createRecoveryUser(recovery, { owner: station, onNetwork });
}
