// The program of the MPS2 board in the small layout: the small device with TCP over device.h.

import { createBoardSettings, type Device } from "../../firmware/device";
import { createSmallLimits } from "../../firmware/small-limits";
import { createDevice } from "../../firmware/small-tcp";
import { createNativeBoard } from "../../hal/native/board";
import type { Native } from "../../hal/native/native";

export { isStopped, pollDevice, startDevice, stopDevice } from "../../firmware/device";

/** Boot, by the settings text in the board's storage. */
export function createNativeDevice(native: Native): Device {
  const board = createNativeBoard(native);
  return createDevice(board, createSmallLimits(), createBoardSettings(board));
}
