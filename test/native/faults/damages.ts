// Ways in which a program image can be damaged, and what the log says of each.

import { crc32 } from "../../../tools/build/program-image";

export const HEADER_OCTETS = 64;

/** A way to bend an image, and what the log says of it. */
export interface Damage {
  title: string;
  bend: (image: Buffer) => Buffer;
  says: RegExp;
}

/** A bit flipped at a place, counted from the end where it is negative. */
export function flip(at: number): (image: Buffer) => Buffer {
  return (image) => {
    image[at < 0 ? image.length + at : at] ^= 0x10;
    return image;
  };
}

/** Changes the header and makes its checksum right again. */
export function rewrite(change: (image: Buffer) => void): (image: Buffer) => Buffer {
  return (image) => {
    change(image);
    image.writeUInt32LE(crc32(image.subarray(0, HEADER_OCTETS - 4)), HEADER_OCTETS - 4);
    return image;
  };
}

const HEADER_DAMAGED = /the header of the program is damaged/;
const NO_PROGRAM = /this is no program image|there is no program/;
const DAMAGED = /the program is damaged/;
export const CUT_OFF = /the program is cut off/;

export const DAMAGES: readonly Damage[] = [
  { title: "an empty file", bend: () => Buffer.alloc(0), says: NO_PROGRAM },
  { title: "half a header", bend: (image) => image.subarray(0, 32), says: NO_PROGRAM },
  { title: "another kind of file", bend: flip(0), says: NO_PROGRAM },
  { title: "a bit flipped in the version", bend: flip(8), says: HEADER_DAMAGED },
  { title: "a bit flipped in the form", bend: flip(10), says: HEADER_DAMAGED },
  { title: "a bit flipped in the length", bend: flip(12), says: HEADER_DAMAGED },
  { title: "a bit flipped in the bundle's checksum", bend: flip(16), says: HEADER_DAMAGED },
  { title: "a bit flipped in the board", bend: flip(29), says: HEADER_DAMAGED },
  { title: "a bit flipped in the build id", bend: flip(48), says: HEADER_DAMAGED },
  {
    title: "another board's program",
    bend: rewrite((image) => image.write("gate\0", 29, "latin1")),
    says: /the program is for gate, and this is linux/,
  },
  { title: "a bit flipped in the header's checksum", bend: flip(60), says: HEADER_DAMAGED },
  { title: "a header alone", bend: (image) => image.subarray(0, HEADER_OCTETS), says: CUT_OFF },
  { title: "all but the last octet", bend: (image) => image.subarray(0, -1), says: CUT_OFF },
  { title: "a bit flipped in the first octet of the bundle", bend: flip(HEADER_OCTETS), says: DAMAGED },
  { title: "a bit flipped in the midst of the bundle", bend: flip(HEADER_OCTETS + 500), says: DAMAGED },
  { title: "a bit flipped in the last octet", bend: flip(-1), says: DAMAGED },
  {
    title: "a header of another version",
    bend: rewrite((image) => image.writeUInt16LE(9, 8)),
    says: /of a version that this shell does not know/,
  },
  {
    title: "the form of another VM",
    bend: rewrite((image) => image.writeUInt16LE(image.readUInt16LE(10) === 1 ? 4 : 1, 10)),
    says: /in a form that this VM does not run|compiled for other sizes of numbers/,
  },
];
