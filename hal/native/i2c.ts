// The I2C bus of device.h. A board with a codec chip names it; no other pays for it.

import type { I2C } from "../i2c";
import type { Native } from "./native";

/** Boot only: the bus. */
export function createNativeI2C(native: Native): I2C {
  return { write: native.i2cWrite, read: native.i2cRead, writeRead: native.i2cWriteRead };
}
