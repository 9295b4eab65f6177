// Boot of a small device, for boards with little memory: the core (device.ts) with what keeps a call safe and a PBX content,
// over UDP to addresses and to the names of the settings' host table. What it leaves out is refused as the RFCs say: 405 or 489
// for a method or event that it does not take, 420 for an extension.

import type { Board } from "../hal/board";
import { createBoardSettings, createCore, type Device } from "./device";
import { StationEvent } from "./intercom/event-log";
import type { Limits } from "./limits";
import { countOctets, createRemainder } from "./memory/pool";
import type { Settings } from "./settings/settings";
import { createTableLocating } from "./sip/resolver";
import { createSmallLimits } from "./small-limits";

export { isStopped, pollDevice, startDevice, stopDevice } from "./device";

/** Boot only: the core, and names by the host table. */
export function createSmallCore(board: Board, limits: Limits, settings: Settings): Device {
  const device = createCore(board, limits, settings);
  device.transactions.clients.locating = createTableLocating(settings);
  return device;
}

/** Boot only: its end, behind the last part. */
export function createRest(device: Device, limits: Limits): Device {
  createRemainder(device.memory, limits.otherBuffers);
  device.board.log.event(StationEvent.BOOTED, device.memory.pools.length, countOctets(device.memory) >> 10);
  return device;
}

/** Boot: everything is allocated here. Parameters as those of main.ts. */
export function createDevice(board: Board, limits: Limits, settings: Settings): Device {
  return createRest(createSmallCore(board, limits, settings), limits);
}

/** Boot of a real board, by the settings text in its storage. */
export function createBoardDevice(board: Board): Device {
  return createDevice(board, createSmallLimits(), createBoardSettings(board));
}
