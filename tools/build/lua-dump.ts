// The bytecode of luac 5.4 (lua's ldump.c), read into functions. Without debug information: what a dump has of it is refused.

/** A constant of a function. */
export type LuaConstant = null | boolean | { integer: bigint } | { float: number } | { text: Uint8Array };

/** Where a closure takes an upvalue from. */
export interface LuaUpvalue {
  inStack: number;
  index: number;
  kind: number;
}

/** A function of a dump: struct Proto of lobject.h. */
export interface LuaFunction {
  firstLine: number;
  lastLine: number;
  parameters: number;
  isVararg: number;
  registers: number;
  /** Instructions of 4 octets, little-endian. */
  code: Uint8Array;
  constants: LuaConstant[];
  upvalues: LuaUpvalue[];
  functions: LuaFunction[];
}

/** A dump that is damaged, of another Lua, or not stripped. */
export class LuaDumpError extends Error {}

/** Signature, version 5.4, format 0, what breaks in transfers as text, and the octets of Instruction, Integer and Number. */
const HEADER = Buffer.from("\x1bLua\x54\x00\x19\x93\r\n\x1a\n\x04\x08\x08", "latin1");
/** 0x5678 and 370.5, behind the header. */
const SAMPLES_OCTETS = 16;

/** The tags of constants, lobject.h. */
const enum Tag {
  NIL = 0x00,
  FALSE = 0x01,
  INTEGER = 0x03,
  SHORT_TEXT = 0x04,
  TRUE = 0x11,
  FLOAT = 0x13,
  LONG_TEXT = 0x14,
}

class Reader {
  readonly #octets: Buffer;
  #at = 0;

  constructor(octets: Uint8Array) {
    this.#octets = Buffer.from(octets);
  }

  get isAtEnd(): boolean {
    return this.#at === this.#octets.length;
  }

  take(count: number): Buffer {
    if (count > this.#octets.length - this.#at) {
      throw new LuaDumpError("the dump is cut off");
    }
    this.#at += count;
    return this.#octets.subarray(this.#at - count, this.#at);
  }

  octet(): number {
    return this.take(1)[0];
  }

  /** Seven bits an octet, the highest first; the last octet has its top bit set. */
  count(): number {
    let value = 0;
    for (;;) {
      const octet = this.octet();
      value = value * 128 + (octet & 0x7f);
      if (value > 0x7fffffff) {
        throw new LuaDumpError("a count of the dump is too large");
      }
      if ((octet & 0x80) !== 0) {
        return value;
      }
    }
  }

  list<T>(read: () => T): T[] {
    return Array.from({ length: this.count() }, read);
  }

  /** A text, or undefined where none is given. */
  text(): Buffer | undefined {
    const size = this.count();
    return size === 0 ? undefined : this.take(size - 1);
  }

  constant(): LuaConstant {
    const tag = this.octet();
    switch (tag) {
      case Tag.NIL:
        return null;
      case Tag.FALSE:
        return false;
      case Tag.TRUE:
        return true;
      case Tag.INTEGER:
        return { integer: this.take(8).readBigInt64LE() };
      case Tag.FLOAT:
        return { float: this.take(8).readDoubleLE() };
      case Tag.SHORT_TEXT:
      case Tag.LONG_TEXT:
        return { text: this.text() ?? new Uint8Array(0) };
      default:
        throw new LuaDumpError(`a constant of the dump has the unknown kind ${tag}`);
    }
  }

  function(): LuaFunction {
    const source = this.text();
    const read: LuaFunction = {
      firstLine: this.count(),
      lastLine: this.count(),
      parameters: this.octet(),
      isVararg: this.octet(),
      registers: this.octet(),
      code: this.take(this.count() * 4),
      constants: this.list(() => this.constant()),
      upvalues: this.list(() => ({ inStack: this.octet(), index: this.octet(), kind: this.octet() })),
      functions: this.list(() => this.function()),
    };
    const debug = [this.count(), this.count(), this.count(), this.count()];
    if (source !== undefined || debug.some((count) => count !== 0)) {
      throw new LuaDumpError("the dump has debug information (luac -s)");
    }
    return read;
  }
}

/**
 * Reads the main function of a stripped dump.
 * @throws {LuaDumpError}
 */
export function readLuaDump(dump: Uint8Array): LuaFunction {
  const reader = new Reader(dump);
  if (!reader.take(HEADER.length).equals(HEADER)) {
    throw new LuaDumpError("this is no bytecode of a stock Lua 5.4");
  }
  reader.take(SAMPLES_OCTETS);
  reader.octet(); // upvalues of the main closure, which its function says too
  const main = reader.function();
  if (!reader.isAtEnd) {
    throw new LuaDumpError("something follows the dump");
  }
  return main;
}
