// The program of the MPS2 board in the large layout: the whole device over device.h. The shell calls what is exported here, by name.

import { createBoardSettings, type Device } from "../../firmware/device";
import { createStationLimits } from "../../firmware/limits";
import { createDevice } from "../../firmware/main";
import { createNativeBoard } from "../../hal/native/board";
import type { Native } from "../../hal/native/native";

export { isStopped, pollDevice, startDevice, stopDevice } from "../../firmware/device";

/** Boot, by the settings text in the board's storage. */
export function createNativeDevice(native: Native): Device {
  const board = createNativeBoard(native);
  return createDevice(board, createStationLimits(), createBoardSettings(board));
}
