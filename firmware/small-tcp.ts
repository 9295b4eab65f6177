// Boot of a small device (small.ts) that speaks SIP over TCP as well, for PBXes that take nothing else, on a board that has the room.

import type { Board } from "../hal/board";
import type { Device } from "./device";
import type { Limits } from "./limits";
import type { Settings } from "./settings/settings";
import type { Connections } from "./sip/connection";
import { createConnections, dropConnections } from "./sip/connections";
import { createRecoveryUser } from "./sip/recovery";
import { createRest, createSmallCore } from "./small";

function dropOldConnections(owner: object): void {
  dropConnections(owner as Connections);
}

/** Boot: everything is allocated here. Parameters as those of main.ts. */
export function createDevice(board: Board, limits: Limits, settings: Settings): Device {
  const device = createSmallCore(board, limits, settings);
  const connections = createConnections(device.memory, limits, device.transactions.transport, board.streams);
  createRecoveryUser(device.recovery, { owner: connections, onNetwork: dropOldConnections });
  return createRest(device, limits);
}
