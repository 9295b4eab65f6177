// Records in files: a record is written beside the old one, flushed to the disk and put in its place, so that a power cut
// leaves the old or the new one. The settings are plain text that a person may edit; the state carries its own check.

import { createHash } from "node:crypto";
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, unlinkSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Bytes } from "../../firmware/bytes/bytes";
import { type Storage, StorageRecord } from "../storage";

/** By StorageRecord. */
const FILE_NAMES: Record<StorageRecord, string> = {
  [StorageRecord.SETTINGS]: "doorline.conf",
  [StorageRecord.STATE]: "doorline.state",
};

/** Octets before the state: the first ones of its SHA-256. */
const CHECK_OCTETS = 8;

function checkOf(bytes: Uint8Array): Uint8Array {
  return createHash("sha256").update(bytes).digest().subarray(0, CHECK_OCTETS);
}

function flushDirectory(directory: string): void {
  const handle = openSync(directory, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Whether it is there or not, and whether it can be removed or not. */
function removeQuietly(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // What is left is overwritten by the next write.
  }
}

export class FileStorage implements Storage {
  /** @param directory made when it does not exist */
  constructor(private readonly directory: string) {
    mkdirSync(directory, { recursive: true });
  }

  /** Where a record lies. */
  pathOf(record: StorageRecord): string {
    return join(this.directory, FILE_NAMES[record]);
  }

  read(record: StorageRecord, buffer: Bytes): number {
    let content: Uint8Array;
    try {
      content = readFileSync(this.pathOf(record));
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === "ENOENT" ? 0 : -1;
    }
    if (record === StorageRecord.STATE) {
      const payload = content.subarray(CHECK_OCTETS);
      if (Buffer.compare(content.subarray(0, CHECK_OCTETS), checkOf(payload)) !== 0) {
        return -1;
      }
      content = payload;
    }
    if (content.length > buffer.length) {
      return -1;
    }
    (buffer as unknown as Uint8Array).set(content);
    return content.length;
  }

  write(record: StorageRecord, buffer: Bytes, length: number): number {
    const payload = (buffer as unknown as Uint8Array).subarray(0, length);
    const path = this.pathOf(record);
    const temporary = `${path}.new`;
    try {
      const handle = openSync(temporary, "w", 0o600);
      try {
        if (record === StorageRecord.STATE) {
          writeSync(handle, checkOf(payload));
        }
        writeSync(handle, payload);
        fsyncSync(handle);
      } finally {
        closeSync(handle);
      }
      renameSync(temporary, path);
      flushDirectory(this.directory);
      return 0;
    } catch {
      removeQuietly(temporary);
      return -1;
    }
  }
}
