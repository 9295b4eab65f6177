// Records in files and in memory: whole or not at all.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FileStorage } from "../../hal/node/file-storage";
import { MemoryStorage } from "../../hal/node/memory-storage";
import { type Storage, StorageRecord } from "../../hal/storage";

const octets = (text: string): Uint8Array => new TextEncoder().encode(text);

function read(storage: Storage, record: StorageRecord, room = 64): string | number {
  const buffer = new Uint8Array(room);
  const length = storage.read(record, buffer);
  return length < 0 ? length : new TextDecoder().decode(buffer.subarray(0, length));
}

let directory = "";

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "doorline-"));
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

for (const [name, create] of [
  ["node/file-storage", () => new FileStorage(join(directory, "made", "here"))],
  ["node/memory-storage", () => new MemoryStorage()],
] as const) {
  describe(name, () => {
    it("has no records at first, and reads back what was written last", () => {
      const storage = create();
      for (const record of [StorageRecord.SETTINGS, StorageRecord.STATE]) {
        assert.equal(read(storage, record), "");
        assert.equal(storage.write(record, octets("first and longer"), 16), 0);
        assert.equal(storage.write(record, octets(`second ${record} not this`), 8), 0);
        assert.equal(read(storage, record), `second ${record}`);
      }
    });

    it("answers -1 for a record that is longer than the buffer", () => {
      const storage = create();
      storage.write(StorageRecord.STATE, octets("12345"), 5);
      assert.equal(read(storage, StorageRecord.STATE, 4), -1);
      assert.equal(read(storage, StorageRecord.STATE, 5), "12345");
    });
  });
}

describe("node/file-storage", () => {
  it("keeps the settings as plain text that only its owner reads, and leaves nothing else behind", () => {
    const storage = new FileStorage(directory);
    storage.write(StorageRecord.SETTINGS, octets("account.user = a\n"), 17);
    assert.equal(readFileSync(join(directory, "doorline.conf"), "utf8"), "account.user = a\n");
    assert.equal(statSync(join(directory, "doorline.conf")).mode & 0o077, 0);
    assert.deepEqual(readdirSync(directory), ["doorline.conf"]);
  });

  it("answers -1 for a state of which an octet is wrong or missing", () => {
    const storage = new FileStorage(directory);
    storage.write(StorageRecord.STATE, octets("state"), 5);
    const path = storage.pathOf(StorageRecord.STATE);
    const whole = readFileSync(path);
    for (let index = 0; index < whole.length; index += 1) {
      const damaged = Buffer.from(whole);
      damaged[index] ^= 1;
      writeFileSync(path, damaged);
      assert.equal(read(storage, StorageRecord.STATE), -1, `octet ${index}`);
      writeFileSync(path, whole.subarray(0, index));
      assert.equal(read(storage, StorageRecord.STATE), -1, `cut to ${index}`);
    }
    writeFileSync(path, whole);
    assert.equal(read(storage, StorageRecord.STATE), "state");
  });

  it("keeps the old record when the new one cannot be written", () => {
    const storage = new FileStorage(directory);
    storage.write(StorageRecord.STATE, octets("old"), 3);
    // A directory in the way of the temporary file: also root cannot write it.
    mkdirSync(`${storage.pathOf(StorageRecord.STATE)}.new`);
    assert.equal(storage.write(StorageRecord.STATE, octets("new"), 3), -1);
    assert.equal(read(storage, StorageRecord.STATE), "old");
  });
});

describe("node/memory-storage", () => {
  it("can be damaged and made unwritable, and keeps its records meanwhile", () => {
    const storage = new MemoryStorage();
    storage.writeText(StorageRecord.SETTINGS, "a = b");
    storage.readOnly = true;
    assert.equal(storage.write(StorageRecord.SETTINGS, octets("x"), 1), -1);
    storage.damaged = true;
    assert.equal(read(storage, StorageRecord.SETTINGS), -1);
    storage.damaged = false;
    assert.equal(read(storage, StorageRecord.SETTINGS), "a = b");
    assert.equal(storage.writes, 0);
  });
});
