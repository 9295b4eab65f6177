// The I2C bus of device.h. A board with a codec chip names it; no other pays for it.

import type { Bytes } from "../../firmware/bytes/bytes";
import type { I2C } from "../i2c";
import type { Native } from "./native";

interface NativeI2C extends I2C {
  native: Native;
}

function write(this: I2C, address: number, buffer: Bytes, start: number, end: number): number {
  return (this as NativeI2C).native.i2cWrite(address, buffer, start, end);
}

function read(this: I2C, address: number, buffer: Bytes, start: number, end: number): number {
  return (this as NativeI2C).native.i2cRead(address, buffer, start, end);
}

function writeRead(this: I2C, address: number, buffer: Bytes, start: number, end: number, count: number): number {
  return (this as NativeI2C).native.i2cWriteRead(address, buffer, start, end, count);
}

/** Boot only: the bus. */
export function createNativeI2C(native: Native): I2C {
  const bus: NativeI2C = { native, write, read, writeRead };
  return bus;
}
