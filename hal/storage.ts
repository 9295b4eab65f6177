// The board's non-volatile storage: numbered records, each written whole or not at all.

import type { Bytes } from "../firmware/bytes/bytes";

export const enum StorageRecord {
  /** The installer's settings text (firmware/settings). */
  SETTINGS = 0,
  /** What the device itself remembers over a restart. */
  STATE = 1,
}

export interface Storage {
  /** Reads a record into buffer from 0. Returns its octets, 0 when there is none, or -1 when it is damaged or longer than the buffer. */
  read(this: Storage, record: StorageRecord, buffer: Bytes): number;
  /** Replaces a record by buffer[0 … length). Returns 0, or a negative number when it could not; the old one then stands. */
  write(this: Storage, record: StorageRecord, buffer: Bytes, length: number): number;
}
