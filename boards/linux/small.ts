// The program of a Linux board with the small device, to be compared with what a microcontroller runs.

import { createBoardSettings, type Device } from "../../firmware/device";
import { createDevice } from "../../firmware/small";
import { createSmallLimits } from "../../firmware/small-limits";
import { createNativeBoard } from "../../hal/native/board";
import type { Native } from "../../hal/native/native";

export { isStopped, pollDevice, startDevice, stopDevice } from "../../firmware/device";

/** Boot, by the settings text in the board's storage. */
export function createNativeDevice(native: Native): Device {
  const board = createNativeBoard(native);
  return createDevice(board, createSmallLimits(), createBoardSettings(board));
}
