// What the MPS2 board keeps in its flash, read and written from outside while it is off: records in two areas each, and the slots of
// its programs. Places and layout are those of boards/mps2-an386/storage.c, hal/native/record_store.h and hal/native/slots.h.

import { crc32 } from "../../tools/build/program-image";

/** The records of the board; the last one is a note of who puts programs into the flash, which the board knows nothing of. */
export const enum BoardRecord {
  SETTINGS = 0,
  STATE = 1,
  SEED = 2,
  PROGRAMS = 3,
  PARTITION = 4,
  PLACED = 5,
}

/** Where the flash lies in the PSRAM, and its octets. */
export const FLASH_AT = 0x800000;
export const FLASH_OCTETS = 0x800000;
/** The places of the program slots in the PSRAM. */
export const SLOTS_AT: readonly number[] = [FLASH_AT, FLASH_AT + 0x200000];

const BLANK = 0xff;
const PAGE_OCTETS = 4096;
const UNIT_OCTETS = 16;
const RECORDS_AT = FLASH_AT + 0x700000;
const AREAS = 2;
const SETTINGS_OCTETS = 2 * PAGE_OCTETS;
const HEADER_CRC_AT = 12;
const IDENTITY = { from: 60, to: 64 };

/** Memory that is a file. */
export interface Memory {
  read(place: number, count: number): Buffer;
  write(place: number, octets: Uint8Array): void;
}

/** Where an area of a record begins in the PSRAM. */
export function areaAt(record: BoardRecord, area: number): number {
  return record === BoardRecord.SETTINGS
    ? RECORDS_AT + area * SETTINGS_OCTETS
    : RECORDS_AT + AREAS * SETTINGS_OCTETS + ((record - 1) * AREAS + area) * PAGE_OCTETS;
}

function areaOctets(record: BoardRecord): number {
  return record === BoardRecord.SETTINGS ? SETTINGS_OCTETS : PAGE_OCTETS;
}

/** A copy of a record as it lies in an area: header and octets in whole units. */
export function copyOf(octets: Uint8Array, number: number): Buffer {
  const units = Math.ceil(octets.length / UNIT_OCTETS) * UNIT_OCTETS;
  const copy = Buffer.alloc(UNIT_OCTETS + units, BLANK);
  copy.writeUInt32LE(number, 0);
  copy.writeUInt32LE(octets.length, 4);
  copy.writeUInt32LE(crc32(octets), 8);
  copy.writeUInt32LE(crc32(copy.subarray(0, HEADER_CRC_AT)), HEADER_CRC_AT);
  copy.set(octets, UNIT_OCTETS);
  return copy;
}

interface Copy {
  number: number;
  octets: Buffer;
}

/** The whole copies of an area, as the board finds them. */
function copiesIn(area: Buffer): Copy[] {
  const copies: Copy[] = [];
  for (let at = 0; at + UNIT_OCTETS <= area.length; ) {
    const header = area.subarray(at, at + UNIT_OCTETS);
    const length = header.readUInt32LE(4);
    const isHeader = crc32(header.subarray(0, HEADER_CRC_AT)) === header.readUInt32LE(HEADER_CRC_AT);
    if (!isHeader || length > area.length - at - UNIT_OCTETS) {
      break;
    }
    const octets = area.subarray(at + UNIT_OCTETS, at + UNIT_OCTETS + length);
    if (crc32(octets) === header.readUInt32LE(8)) {
      copies.push({ number: header.readUInt32LE(0), octets });
    }
    at += UNIT_OCTETS + Math.ceil(length / UNIT_OCTETS) * UNIT_OCTETS;
  }
  return copies;
}

/** The flash as it leaves the factory. */
export function eraseFlash(memory: Memory): void {
  memory.write(FLASH_AT, Buffer.alloc(FLASH_OCTETS, BLANK));
}

/** The record that the board would read. */
export function readRecord(memory: Memory, record: BoardRecord): Buffer | undefined {
  const copies = Array.from({ length: AREAS }, (_, area) =>
    copiesIn(memory.read(areaAt(record, area), areaOctets(record))),
  ).flat();
  return copies.sort((left, right) => right.number - left.number)[0]?.octets;
}

export function eraseRecord(memory: Memory, record: BoardRecord): void {
  memory.write(areaAt(record, 0), Buffer.alloc(AREAS * areaOctets(record), BLANK));
}

/** Writes a record in place of whatever the board had. @throws {RangeError} when it is too long */
export function writeRecord(memory: Memory, record: BoardRecord, octets: Uint8Array): void {
  const copy = copyOf(octets, 1);
  if (copy.length > areaOctets(record)) {
    throw new RangeError(`a record of ${octets.length} octets; at most ${areaOctets(record) - UNIT_OCTETS}`);
  }
  eraseRecord(memory, record);
  memory.write(areaAt(record, 0), copy);
}

/**
 * Puts a program into the first slot, as flashing does: nothing is known of it, and it is the next to run. The program that was put there
 * the last time is left alone, and with it whatever the board was sent since.
 */
export function placeProgram(memory: Memory, image: Buffer): void {
  const identity = image.subarray(IDENTITY.from, IDENTITY.to);
  if (readRecord(memory, BoardRecord.PLACED)?.equals(identity) === true) {
    return;
  }
  memory.write(SLOTS_AT[0], image);
  eraseRecord(memory, BoardRecord.PROGRAMS);
  writeRecord(memory, BoardRecord.PLACED, identity);
}
