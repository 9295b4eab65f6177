// Keys between the station and the other side beside its voice: those that come by INFO join the ones that come as telephone
// events, and ours go the way that the peer takes: RFC 4733 where it was agreed, else INFO.

import { sendRtpDigit } from "../rtp/session";
import { KEY_DURATION_MS } from "../sip/dtmf-relay";
import { createInfo, type Info, sendInfoKey } from "../sip/info";
import type { InviteSession } from "../sip/invite-session";
import { Status } from "../sip/status";
import { KeyPath } from "./key-stream";
import { isPresentCall, type Station, StationState, takeStationKey } from "./station";

export interface RemoteKeys {
  readonly station: Station;
  info: Info;
}

/** Boot only: the station takes keys by INFO, and can send keys. */
export function createRemoteKeys(station: Station): RemoteKeys {
  const remote = { station } as unknown as RemoteKeys;
  remote.info = createInfo(station.sessions, { owner: remote, onKey });
  return remote;
}

function onKey(owner: object, session: InviteSession, key: number): void {
  const station = (owner as RemoteKeys).station;
  if (isPresentCall(station, session)) {
    takeStationKey(station, key, KeyPath.INFO);
  }
}

/**
 * Sends a key to the other side while two people talk.
 * @param key 0 … 15 (RFC 4733 3.2)
 * @returns OK; MISSING when nobody talks; FULL when too many wait
 */
export function sendKey(remote: RemoteKeys, key: number): Status {
  const station = remote.station;
  if (station.state !== StationState.TALKING) {
    return Status.MISSING;
  }
  const status = sendRtpDigit(station.media.session, key, KEY_DURATION_MS);
  return status === Status.UNSUPPORTED ? sendInfoKey(remote.info, station.session, key) : status;
}
