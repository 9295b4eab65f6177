// Records in memory, for tests: they survive a restart of the station, and can be damaged or made unwritable.

import type { Bytes } from "../../firmware/bytes/bytes";
import type { Storage, StorageRecord } from "../storage";

export class MemoryStorage implements Storage {
  private readonly records = new Map<StorageRecord, Uint8Array>();
  /** Every write is refused while this is true. */
  readOnly = false;
  /** Every read answers "damaged" while this is true. */
  damaged = false;
  /** Writes that took place: flash wears out. */
  writes = 0;

  read(record: StorageRecord, buffer: Bytes): number {
    const content = this.records.get(record) ?? new Uint8Array(0);
    if (this.damaged || content.length > buffer.length) {
      return -1;
    }
    (buffer as unknown as Uint8Array).set(content);
    return content.length;
  }

  write(record: StorageRecord, buffer: Bytes, length: number): number {
    if (this.readOnly) {
      return -1;
    }
    this.records.set(record, (buffer as unknown as Uint8Array).slice(0, length));
    this.writes += 1;
    return 0;
  }

  /** Puts a text there, as an installer does. */
  writeText(record: StorageRecord, text: string): void {
    this.records.set(record, new TextEncoder().encode(text));
  }
}
