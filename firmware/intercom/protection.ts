// The protection of a station, put together at boot: the source policy stands before the transport, the request screen behind it,
// and what either refuses goes to the board's log through the refusal log.

import type { Board } from "../../hal/board";
import type { Endpoint } from "../../hal/endpoint";
import type { Limits } from "../limits";
import type { Memory } from "../memory/pool";
import type { InviteSessions } from "../sip/invite-session";
import { createRefusalLog, type Refusal } from "../sip/refusal-log";
import { admitSource, createSourcePolicy, protectSource, type SourcePolicy } from "../sip/source-policy";
import { StationEvent } from "./event-log";
import { createRequestScreen } from "./request-screen";

function onRefusals(owner: object, reason: Refusal, count: number): void {
  (owner as Board).log.event(StationEvent.REFUSED, reason, count);
}

/** Whom the station asks, it wants to hear. */
function onRequestSent(owner: object, to: Endpoint): void {
  protectSource(owner as SourcePolicy, to);
}

/** Boot only: the protection of a station whose transactions have their user. Returns its policy. */
export function createProtection(memory: Memory, limits: Limits, board: Board, sessions: InviteSessions): SourcePolicy {
  const transport = sessions.userAgent.transactions.transport;
  const network = sessions.userAgent.settings.network;
  const wheel = sessions.wheel;
  const refusals = createRefusalLog(memory, limits.protection.refusals, wheel, { owner: board, onRefusals });
  const policy = createSourcePolicy(
    memory,
    limits.protection,
    wheel,
    refusals,
    network.allowFrom,
    network.allowFromCount,
  );
  transport.admission = { owner: policy, admit: admitSource };
  transport.requests = { owner: policy, onRequestSent };
  createRequestScreen(policy, sessions);
  return policy;
}
