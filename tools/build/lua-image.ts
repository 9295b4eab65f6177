// A Lua program as it lies in memory (hal/lua-bindings/image.h): the functions of a stripped dump as the structures of Lua 5.4's
// lobject.h, with places instead of pointers. Instructions, constants without texts and descriptions of upvalues come first, to be
// used where they lie; behind them the linked part. What is equal is written once.

import { type LuaConstant, LuaDumpError, type LuaFunction, readLuaDump } from "./lua-dump";

const HEADER_OCTETS = 56;
const IMAGE_VERSION = 2;
const LUA_VERSION = 0x54;
const ALIGNMENT = 8;
const INSTRUCTION_OCTETS = 4;
/** The integers of struct Proto, between its octets and its pointers, and the pointers. */
const FUNCTION_INTEGERS = 9;
const FUNCTION_POINTERS = 9;

/** The tags of constants, lobject.h. A text has that of a short one, uncollectable: its value is its number. */
const enum Tag {
  NIL = 0x00,
  FALSE = 0x01,
  INTEGER = 0x03,
  TEXT = 0x04,
  TRUE = 0x11,
  FLOAT = 0x13,
}

/** Where the fields of Lua's structures lie, for a size of pointers. */
interface Layout {
  pointer: number;
  /** struct Proto */
  functionOctets: number;
  integersAt: number;
  pointersAt: number;
  /** struct TString */
  textLengthAt: number;
  textContentAt: number;
}

/** Octets of a pointer, and of an integer and a float of Lua (hal/lua-bindings/lua.cmake). */
export type PointerOctets = 4 | 8;

function align(octets: number, alignment: number): number {
  return Math.ceil(octets / alignment) * alignment;
}

function layoutFor(pointer: PointerOctets): Layout {
  const integersAt = align(pointer + 5, 4);
  const pointersAt = align(integersAt + 4 * FUNCTION_INTEGERS, pointer);
  const textLengthAt = align(pointer + 4 + 4, pointer);
  return {
    pointer,
    functionOctets: pointersAt + pointer * FUNCTION_POINTERS,
    integersAt,
    pointersAt,
    textLengthAt,
    textContentAt: textLengthAt + pointer,
  };
}

/** Octets that grow at their end; equal parts share their place. */
class Part {
  readonly #parts: Buffer[] = [];
  readonly #places = new Map<string, number>();
  length = 0;

  add(octets: Uint8Array, alignment: number): number {
    const start = align(this.length, alignment);
    this.#parts.push(Buffer.alloc(start - this.length), Buffer.from(octets));
    this.length = start + octets.length;
    return start;
  }

  addOnce(octets: Uint8Array, alignment: number): number {
    const key = `${alignment} ${Buffer.from(octets).toString("latin1")}`;
    const place = this.#places.get(key) ?? this.add(octets, alignment);
    this.#places.set(key, place);
    return place;
  }

  octets(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

/** All functions, each before those inside of it. */
function flatten(main: LuaFunction): LuaFunction[] {
  return [main, ...main.functions.flatMap(flatten)];
}

function isText(constant: LuaConstant): constant is { text: Uint8Array } {
  return constant !== null && typeof constant === "object" && "text" in constant;
}

/** The number of each text of a program. */
class Texts {
  readonly #numbers = new Map<string, number>();

  numberOf(text: Uint8Array): number {
    const key = Buffer.from(text).toString("latin1");
    const number = this.#numbers.get(key) ?? this.#numbers.size;
    this.#numbers.set(key, number);
    return number;
  }

  all(): Buffer[] {
    return [...this.#numbers.keys()].map((key) => Buffer.from(key, "latin1"));
  }
}

/** Integers of 32 bits, hexadecimal ones of all 32 included, which wrap as Lua's own reader lets them. */
function toNarrow(integer: bigint): number {
  if (integer < -0x80000000n || integer > 0xffffffffn) {
    throw new LuaDumpError(`${integer} has more than 32 bits`);
  }
  return Number(BigInt.asIntN(32, integer));
}

/** struct TValue: an integer, a float or the number of a text in the octets of a pointer, then the tag. */
function writeConstant(constant: LuaConstant, texts: Texts, { pointer }: Layout): Buffer {
  const octets = Buffer.alloc(2 * pointer);
  const tagAt = pointer;
  if (constant === null) {
    octets[tagAt] = Tag.NIL;
  } else if (typeof constant === "boolean") {
    octets[tagAt] = constant ? Tag.TRUE : Tag.FALSE;
  } else if ("integer" in constant) {
    if (pointer === 8) {
      octets.writeBigInt64LE(constant.integer);
    } else {
      octets.writeInt32LE(toNarrow(constant.integer));
    }
    octets[tagAt] = Tag.INTEGER;
  } else if ("float" in constant) {
    if (pointer === 8) {
      octets.writeDoubleLE(constant.float);
    } else {
      octets.writeFloatLE(constant.float);
    }
    octets[tagAt] = Tag.FLOAT;
  } else {
    octets.writeUInt32LE(texts.numberOf(constant.text));
    octets[tagAt] = Tag.TEXT;
  }
  return octets;
}

/** struct TString, with the length where a long one has it. */
function writeText(text: Buffer, layout: Layout): Buffer {
  const octets = Buffer.alloc(layout.textContentAt + text.length + 1);
  octets.writeUInt32LE(text.length, layout.textLengthAt);
  octets.set(text, layout.textContentAt);
  return octets;
}

/** struct Upvaldesc, one after the other. */
function writeUpvalues({ upvalues }: LuaFunction, layout: Layout): Buffer {
  const octets = Buffer.alloc(upvalues.length * 2 * layout.pointer);
  for (const [number, { inStack, index, kind }] of upvalues.entries()) {
    octets.set([inStack, index, kind], number * 2 * layout.pointer + layout.pointer);
  }
  return octets;
}

/** The places that a function's pointers hold. */
interface Places {
  constants: number;
  code: number;
  functions: number;
  upvalues: number;
}

/** struct Proto; the collector's octets are set when it is linked. */
function writeFunction(written: LuaFunction, places: Places, layout: Layout): Buffer {
  const octets = Buffer.alloc(layout.functionOctets);
  octets.set([written.parameters, written.isVararg, written.registers], layout.pointer + 2);
  const integers = [
    written.upvalues.length,
    written.constants.length,
    written.code.length / INSTRUCTION_OCTETS,
    0,
    written.functions.length,
    0,
    0,
    written.firstLine,
    written.lastLine,
  ];
  for (const [index, value] of integers.entries()) {
    octets.writeUInt32LE(value, layout.integersAt + 4 * index);
  }
  for (const [index, place] of [places.constants, places.code, places.functions, places.upvalues].entries()) {
    octets.writeUInt32LE(place, layout.pointersAt + layout.pointer * index);
  }
  return octets;
}

/** What lies in an image, in octets, for the reports. */
export interface LuaImage {
  octets: Buffer;
  /** Of them: the part that a board without a linker of its own copies to RAM. */
  linked: number;
  functions: number;
  texts: number;
}

/**
 * The image of a program.
 * @param dump stripped bytecode of luac 5.4
 * @throws {LuaDumpError}
 */
export function createLuaImage(dump: Uint8Array, pointer: PointerOctets): LuaImage {
  const layout = layoutFor(pointer);
  const functions = flatten(readLuaDump(dump));
  const numbers = new Map(functions.map((one, number) => [one, number]));
  const texts = new Texts();

  // Constants: those with texts are linked, the others stay where they are.
  const constants = new Part();
  const plain = new Part();
  const constantsOf = functions.map((one) => {
    const hasText = one.constants.some(isText);
    const octets = Buffer.concat(one.constants.map((constant) => writeConstant(constant, texts, layout)));
    return { hasText, at: (hasText ? constants : plain).addOnce(octets, ALIGNMENT) };
  });

  const children = new Part();
  const childrenOf = functions.map((one) => {
    const row = Buffer.alloc(one.functions.length * pointer);
    for (const [index, child] of one.functions.entries()) {
      row.writeUInt32LE(numbers.get(child) ?? 0, index * pointer);
    }
    return children.add(row, pointer);
  });

  const inPlace = new Part();
  inPlace.add(Buffer.alloc(HEADER_OCTETS), ALIGNMENT);
  const codeOf = functions.map(({ code }) => inPlace.addOnce(code, INSTRUCTION_OCTETS));
  const upvaluesOf = functions.map((one) => inPlace.addOnce(writeUpvalues(one, layout), ALIGNMENT));
  const plainAt = inPlace.add(plain.octets(), ALIGNMENT);
  const textPlaces = Buffer.alloc(4 * texts.all().length);
  const textsAt = inPlace.add(textPlaces, ALIGNMENT);

  const linkedAt = align(inPlace.length, ALIGNMENT);
  const childrenAt = align(linkedAt + functions.length * layout.functionOctets, ALIGNMENT);
  const constantsAt = align(childrenAt + children.length, ALIGNMENT);
  const linked = new Part();
  for (const [index, one] of functions.entries()) {
    const { hasText, at } = constantsOf[index];
    const places: Places = {
      constants: (hasText ? constantsAt : plainAt) + at,
      code: codeOf[index],
      functions: childrenAt + childrenOf[index],
      upvalues: upvaluesOf[index],
    };
    linked.add(writeFunction(one, places, layout), pointer);
  }
  linked.add(children.octets(), ALIGNMENT);
  linked.add(constants.octets(), ALIGNMENT);
  for (const [index, text] of texts.all().entries()) {
    textPlaces.writeUInt32LE(linkedAt + linked.add(writeText(text, layout), ALIGNMENT), 4 * index);
  }

  const octets = Buffer.alloc(linkedAt + linked.length);
  octets.set(inPlace.octets());
  octets.set(textPlaces, textsAt);
  octets.set(linked.octets(), linkedAt);
  const header = Buffer.from([...Buffer.from("LUAI"), IMAGE_VERSION, pointer, LUA_VERSION, 0]);
  octets.set(header);
  const rows = [
    [octets.length, linkedAt],
    [linkedAt, functions.length],
    [childrenAt, children.length / pointer],
    [constantsAt, constants.length / (2 * pointer)],
    [plainAt, plain.length / (2 * pointer)],
    [textsAt, textPlaces.length / 4],
  ];
  for (const [index, value] of rows.flat().entries()) {
    octets.writeUInt32LE(value, header.length + 4 * index);
  }
  return { octets, linked: linked.length, functions: functions.length, texts: textPlaces.length / 4 };
}
