// What another address of ours means for the call in progress: the media get it, and the peer is told of it by a new offer (RFC
// 3264 8.3.1, RFC 3261 14). A call that finds no way any more ends by its silence limit, not here.

import { createTimer, startTimer, type Timer } from "../clock/timer-wheel";
import { SessionState } from "../sip/invite-session";
import { createRecoveryUser, type Recovery } from "../sip/recovery";
import { reofferSession } from "../sip/session-change";
import { renewMediaAddress } from "./call-media";
import { type Station, StationState } from "./station";

/** The pause before the next look at a call whose callee has said nothing yet: no offer may follow its first one. */
const SILENT_CALL_MS = 500;

export interface NetworkChange {
  readonly station: Station;
  /** How long the new offer of a call that has moved waits for what a NAT makes of the new address, milliseconds. */
  patience: number;
  /** Whether the peer of the call is still to be told. */
  moved: boolean;
  timer: Timer;
}

/** Takes our addresses anew, and offers the call in progress anew when that says something else, or our Contact does. */
function onDue(owner: object): void {
  const change = owner as NetworkChange;
  const station = change.station;
  const isElsewhere = renewMediaAddress(station.media, station.settings.network.advertisedAddress);
  change.moved = station.state !== StationState.IDLE && (isElsewhere || change.moved);
  if (change.moved) {
    if (station.session.state === SessionState.CALLING) {
      startTimer(station.wheel, change.timer, SILENT_CALL_MS);
    } else {
      change.moved = false;
      reofferSession(station.session);
    }
  }
}

/** Lets the media's addresses be taken anew after a pause in milliseconds; one that runs already ends. */
export function renewAddressesIn(change: NetworkChange, pause: number): void {
  startTimer(change.station.wheel, change.timer, pause);
}

function onNetwork(owner: object, moved: boolean): void {
  const change = owner as NetworkChange;
  if (moved) {
    change.moved = true;
    if (change.patience > 0) {
      renewAddressesIn(change, change.patience);
    } else {
      onDue(change);
    }
  }
}

/** Boot only: the station hears of changes of the network. */
export function createNetworkChange(recovery: Recovery, station: Station): NetworkChange {
  const change = { station, patience: 0, moved: false } as unknown as NetworkChange;
  change.timer = createTimer(change, onDue);
  createRecoveryUser(recovery, { owner: change, onNetwork });
  return change;
}
