// The program of a device as a board stores it: the header of hal/native/program.h with its checksums, and the bundle behind it.
// `program_open` there reads what is written here.

/** The numbers of program.h. */
export const enum ProgramForm {
  JAVASCRIPT = 1,
  SNAPSHOT = 2,
  STATIC_SNAPSHOT = 3,
  LUA_BYTECODE = 4,
  LUA_IMAGE = 5,
}

const HEADER_OCTETS = 64;
const HEADER_VERSION = 2;
const BOARD_AT = 29;
const BOARD_OCTETS = 19;
const BUILD_ID_AT = 48;
const BUILD_ID_OCTETS = 12;
const HEADER_CRC_AT = 60;

/** Octets of int, size_t, Instruction, lua_Integer and lua_Number in bytecode of a stock Lua 5.4. */
const LUA_NUMBER_SIZES = [4, 8, 4, 8, 8];

/** The reversed polynomial of IEEE 802.3. */
const CRC_POLYNOMIAL = 0xedb88320;

/** CRC-32 of IEEE 802.3, 0 … 2^32 - 1. */
export function crc32(octets: Uint8Array): number {
  let crc = -1;
  for (const octet of octets) {
    crc ^= octet;
    for (let bit = 0; bit < 8; bit += 1) {
      crc = (crc >>> 1) ^ ((crc & 1) === 0 ? 0 : CRC_POLYNOMIAL);
    }
  }
  return ~crc >>> 0;
}

function isLua(form: ProgramForm): boolean {
  return form === ProgramForm.LUA_BYTECODE || form === ProgramForm.LUA_IMAGE;
}

/** What a program is called. */
export interface ProgramNames {
  /** The board that runs it (board-name.ts); left out: none but the desk's. */
  board?: string;
  /** What the log of a device calls it. */
  buildId?: string;
}

/** @throws {RangeError} when the text is too long for its place in the header */
function asciiOf(what: string, text: string, most: number): Buffer {
  if (text.length > most || !/^[ -~]*$/.test(text)) {
    throw new RangeError(`the ${what} "${text}" is not of at most ${most} printable ASCII letters`);
  }
  return Buffer.from(text, "latin1");
}

/**
 * An image of a program.
 * @param literals the literal list of a static snapshot, else empty
 * @throws {RangeError} when a name does not fit
 */
export function writeProgram(
  form: ProgramForm,
  bundle: Uint8Array,
  { board = "", buildId = "" }: ProgramNames = {},
  literals: Uint8Array = new Uint8Array(0),
): Buffer {
  const image = Buffer.concat([new Uint8Array(HEADER_OCTETS), bundle, literals]);
  image.write("DOORLINE", "latin1");
  image.writeUInt16LE(HEADER_VERSION, 8);
  image.writeUInt16LE(form, 10);
  image.writeUInt32LE(image.length - HEADER_OCTETS, 12);
  image.writeUInt32LE(crc32(image.subarray(HEADER_OCTETS)), 16);
  image.writeUInt32LE(literals.length, 20);
  image.set(isLua(form) ? LUA_NUMBER_SIZES : [], 24);
  image.set(asciiOf("name of the board", board, BOARD_OCTETS), BOARD_AT);
  image.set(asciiOf("build id", buildId, BUILD_ID_OCTETS), BUILD_ID_AT);
  image.writeUInt32LE(crc32(image.subarray(0, HEADER_CRC_AT)), HEADER_CRC_AT);
  return image;
}

/** What the header of an image says. */
export interface ProgramImage {
  form: ProgramForm;
  /** Octets of bundle and literals. */
  length: number;
  /** CRC-32 of them. */
  crc: number;
  /** The board that it is for; "": none. */
  board: string;
  buildId: string;
}

/**
 * Reads and checks an image as `program_open` does; what a chip's own memory has behind it does not matter.
 * @throws {RangeError} when it is not whole
 */
export function readProgram(image: Buffer): ProgramImage {
  if (image.length < HEADER_OCTETS || image.toString("latin1", 0, 8) !== "DOORLINE") {
    throw new RangeError("it is no program image");
  }
  if (crc32(image.subarray(0, HEADER_CRC_AT)) !== image.readUInt32LE(HEADER_CRC_AT)) {
    throw new RangeError("its header is damaged");
  }
  if (image.readUInt16LE(8) !== HEADER_VERSION) {
    throw new RangeError("its header is of another version: build it anew");
  }
  const length = image.readUInt32LE(12);
  const crc = image.readUInt32LE(16);
  if (image.length < HEADER_OCTETS + length || crc32(image.subarray(HEADER_OCTETS, HEADER_OCTETS + length)) !== crc) {
    throw new RangeError("it is cut off or damaged");
  }
  const textAt = (at: number, octets: number): string => image.toString("latin1", at, at + octets).replace(/\0+$/, "");
  const names = { board: textAt(BOARD_AT, BOARD_OCTETS), buildId: textAt(BUILD_ID_AT, BUILD_ID_OCTETS) };
  return { form: image.readUInt16LE(10), length, crc, ...names };
}
