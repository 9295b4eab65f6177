// ECMA-419 I2C: a bus with seven-bit addresses, a status in place of the exception, buffers of the caller. A transfer is
// short and ends before the call does.

import type { Bytes } from "../firmware/bytes/bytes";

export interface I2C {
  /**
   * Writes buffer[start … end) to the device at `address`.
   * @returns 0, or a negative number when it did not acknowledge or the board has no such bus
   */
  write(this: I2C, address: number, buffer: Bytes, start: number, end: number): number;
  /** Reads from the device to buffer[start … end). Returns as `write` does. */
  read(this: I2C, address: number, buffer: Bytes, start: number, end: number): number;
  /** Writes buffer[start … end), then, with a repeated start, reads `count` octets to it from `end`. Returns as `write` does. */
  writeRead(this: I2C, address: number, buffer: Bytes, start: number, end: number, count: number): number;
}
