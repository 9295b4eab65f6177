// Numbers of more than one octet as the wire has them: the highest first (RFC 791, appendix B).

import type { Bytes } from "./bytes";
import { twins } from "./twins";

function numberAtHere(bytes: Bytes, at: number): number {
  return bytes[at] * 256 + bytes[at + 1];
}

/** The 16-bit number at an offset. */
export const numberAt = twins === false ? numberAtHere : twins.numberAt;

function writeNumberAtHere(bytes: Bytes, at: number, value: number): void {
  bytes[at] = (value >> 8) & 0xff;
  bytes[at + 1] = value & 0xff;
}

/** Writes a 16-bit number at an offset. */
export const writeNumberAt = twins === false ? writeNumberAtHere : twins.writeNumberAt;

function writeFourNumbersAtHere(
  bytes: Bytes,
  at: number,
  first: number,
  second: number,
  third: number,
  fourth: number,
): void {
  writeNumberAtHere(bytes, at, first);
  writeNumberAtHere(bytes, at + 2, second);
  writeNumberAtHere(bytes, at + 4, third);
  writeNumberAtHere(bytes, at + 6, fourth);
}

/** Writes four of them, one behind the other: what a packet of voice has for itself. */
export const writeFourNumbersAt = twins === false ? writeFourNumbersAtHere : twins.writeFourNumbersAt;
