// A search for the targets of a URI (RFC 3263 4): the record of one, made at boot with the transaction that needs it, and the
// face of whoever finds them. Knows nothing of DNS.

import type { Bytes } from "../bytes/bytes";
import { Status } from "./status";
import { createTarget, type Target } from "./target";

/** Targets that one search keeps, best first. */
const TARGETS_OF_A_SEARCH = 4;

export interface Search {
  /** targets[0 … count): where the URI leads, in the order in which they are to be tried. */
  readonly targets: Target[];
  count: number;
  /** The first that was not tried yet. */
  next: number;
  readonly owner: object;
  /** A search that was PENDING has ended: OK with the targets, or why there are none. */
  readonly onLocated: (owner: object, status: Status) => void;
}

/** Who finds targets. Set once, at boot. */
export interface Locating {
  owner: object;
  /**
   * Finds where the URI bytes[start … end) leads; a search that is still under way in the record is given up.
   * @returns OK with the targets, PENDING when `search.onLocated` will tell, or why there are none
   */
  locate: (owner: object, search: Search, bytes: Bytes, start: number, end: number) => Status;
  /**
   * The best target of a URI as far as it is known now, for what is sent without a transaction (the ACK for a 2xx).
   * @returns OK; PENDING when it is being asked for: to be tried again later; or why there is none
   */
  locateNow: (owner: object, bytes: Bytes, start: number, end: number, into: Target) => Status;
  /** Gives up a search that is still under way in the record: nobody waits for it any more. */
  forget: (owner: object, search: Search) => void;
  /** A target did not answer: for some time others are better. */
  avoid: (owner: object, target: Target) => void;
}

/** Boot only: a search without targets. */
export function createSearch(owner: object, onLocated: (owner: object, status: Status) => void): Search {
  const search: Search = { targets: [], count: 0, next: 0, owner, onLocated };
  for (let index = 0; index < TARGETS_OF_A_SEARCH; index += 1) {
    search.targets.push(createTarget());
  }
  return search;
}

/** The `locate` of a layer that nobody has told where URIs lead. */
export function locateNothing(): Status {
  return Status.MISSING;
}
