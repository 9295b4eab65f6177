// What an ELF file of 32 bits puts into memory (System V ABI, chapter 5: program headers): its octets from the lowest to the highest
// physical address. Sections, symbols and what is only zeroed are not looked at.

/** A part of memory as it is to be. */
export interface Loaded {
  address: number;
  octets: Buffer;
}

const MAGIC = "\x7fELF\x01\x01"; // 32 bits, little-endian
const PROGRAM_HEADERS_AT = 28;
const PROGRAM_HEADER_SIZE_AT = 42;
const PROGRAM_HEADER_COUNT_AT = 44;
const PT_LOAD = 1;
/** A hole between two parts is filled with what flash is when it is blank. */
const BLANK = 0xff;

/**
 * The octets that are to be in memory before the program starts.
 * @throws {RangeError} when the file is no ELF file of 32 bits, or says what is not there
 */
export function readElf(file: Buffer): Loaded {
  if (file.toString("latin1", 0, MAGIC.length) !== MAGIC) {
    throw new RangeError("it is no ELF file of 32 bits");
  }
  const start = file.readUInt32LE(PROGRAM_HEADERS_AT);
  const size = file.readUInt16LE(PROGRAM_HEADER_SIZE_AT);
  const parts: (Loaded & { count: number })[] = [];
  for (let index = 0; index < file.readUInt16LE(PROGRAM_HEADER_COUNT_AT); index += 1) {
    const at = start + index * size;
    const offset = file.readUInt32LE(at + 4);
    const count = file.readUInt32LE(at + 16);
    if (file.readUInt32LE(at) === PT_LOAD && count > 0) {
      parts.push({ address: file.readUInt32LE(at + 12), octets: file.subarray(offset, offset + count), count });
    }
  }
  if (parts.length === 0 || parts.some((part) => part.octets.length < part.count)) {
    throw new RangeError("it puts nothing into memory, or is cut off");
  }
  const address = Math.min(...parts.map((part) => part.address));
  const end = Math.max(...parts.map((part) => part.address + part.octets.length));
  const octets = Buffer.alloc(end - address, BLANK);
  for (const part of parts) {
    octets.set(part.octets, part.address - address);
  }
  return { address, octets };
}
