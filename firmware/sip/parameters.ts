// Header and URI parameters, ";name" or ";name=value" (RFC 3261 25.1 generic-param), read one after the other in place.

import type { Bytes } from "../bytes/bytes";
import { equalTextAnyCase, type Text } from "../bytes/text";
import {
  CHARACTER_NAME_END,
  CHARACTER_VALUE_END,
  CHARACTERS,
  findClass,
  skipBlanks,
  skipQuotedString,
} from "./characters";

export interface Parameter {
  nameStart: number;
  nameEnd: number;
  /** Whether there is a "=". */
  hasValue: boolean;
  /** The value as it stands, quotes included. */
  valueStart: number;
  valueEnd: number;
}

/** Boot only: an empty parameter. */
export function createParameter(): Parameter {
  return { nameStart: 0, nameEnd: 0, hasValue: false, valueStart: 0, valueEnd: 0 };
}

/**
 * Reads the parameter whose ";" stands at `start`.
 * @returns the offset behind it and behind the blanks that follow, or -1 when it is malformed
 */
export function parseParameter(bytes: Bytes, start: number, end: number, parameter: Parameter): number {
  const characters = CHARACTERS;
  let index = start + 1;
  if (index < end && bytes[index] <= 0x20) {
    index = skipBlanks(bytes, index, end);
  }
  const nameStart = index;
  while (index < end && (characters[bytes[index]] & CHARACTER_NAME_END) === 0) {
    index += 1;
  }
  parameter.nameStart = nameStart;
  parameter.nameEnd = index;
  parameter.hasValue = false;
  parameter.valueStart = index;
  parameter.valueEnd = index;
  // No name has a quote or an angle bracket. A comma ends it, as it ends a Via value behind ";rport".
  if (
    index === nameStart ||
    (index < end && (bytes[index] === 0x22 || bytes[index] === 0x3c || bytes[index] === 0x3e))
  ) {
    return -1;
  }
  if (index < end && bytes[index] <= 0x20) {
    index = skipBlanks(bytes, index, end);
  }
  if (index >= end || bytes[index] !== 0x3d) {
    return index;
  }
  index += 1;
  if (index < end && bytes[index] <= 0x20) {
    index = skipBlanks(bytes, index, end);
  }
  parameter.hasValue = true;
  parameter.valueStart = index;
  if (index < end && bytes[index] === 0x22) {
    index = skipQuotedString(bytes, index, end);
    if (index < 0) {
      return -1;
    }
  } else {
    index = findClass(bytes, index, end, CHARACTER_VALUE_END);
  }
  parameter.valueEnd = index;
  return index < end && bytes[index] <= 0x20 ? skipBlanks(bytes, index, end) : index;
}

/**
 * Looks a parameter up in [start, end), which begins with ";" or is empty.
 * @returns whether it is there and everything before it is well-formed
 */
export function findParameter(bytes: Bytes, start: number, end: number, name: Text, parameter: Parameter): boolean {
  let index = start;
  while (index >= 0 && index < end && bytes[index] === 0x3b) {
    index = parseParameter(bytes, index, end, parameter);
    if (index >= 0 && equalTextAnyCase(bytes, parameter.nameStart, parameter.nameEnd, name)) {
      return true;
    }
  }
  return false;
}
