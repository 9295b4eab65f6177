// name-addr / addr-spec with its parameters (RFC 3261 20.10, 20.20, 20.39, 25.1): From, To, Contact, Route, Record-Route.

import type { Bytes } from "../bytes/bytes";
import { createText, equalTextAnyCase } from "../bytes/text";
import {
  CHARACTER_BLANK,
  CHARACTER_DELIMITER,
  CHARACTER_TOKEN,
  CHARACTER_VALUE_END,
  findClass,
  skipBlanks,
  skipClass,
  skipQuotedString,
  trimBlanks,
} from "./characters";
import { createParameter, parseParameter } from "./parameters";
import { Status } from "./status";

export interface NameAddress {
  /** The whole value. */
  start: number;
  end: number;
  /** The display name as it stands, quotes included; empty when there is none. */
  displayStart: number;
  displayEnd: number;
  /** The URI without the angle brackets. */
  uriStart: number;
  uriEnd: number;
  /** The header parameters from their first ";" on; empty when there are none. */
  parametersStart: number;
  parametersEnd: number;
  /** The tag; empty when there is none. */
  tagStart: number;
  tagEnd: number;
}

const TAG = createText("tag");

const parameter = createParameter();

/** Boot only: an empty name-address. */
export function createNameAddress(): NameAddress {
  return {
    start: 0,
    end: 0,
    displayStart: 0,
    displayEnd: 0,
    uriStart: 0,
    uriEnd: 0,
    parametersStart: 0,
    parametersEnd: 0,
    tagStart: 0,
    tagEnd: 0,
  };
}

/** Finds the URI: sets display and URI offsets, returns the offset behind the URI and its bracket, or -1. */
function parseAddress(bytes: Bytes, start: number, end: number, address: NameAddress): number {
  let index = start;
  if (bytes[index] === 0x22) {
    index = skipQuotedString(bytes, index, end);
    if (index < 0) {
      return -1;
    }
    address.displayEnd = index;
    if (index < end && bytes[index] === 0x20) {
      index += 1;
    }
    if (index < end && bytes[index] <= 0x20) {
      index = skipBlanks(bytes, index, end);
    }
    if (index >= end || bytes[index] !== 0x3c) {
      return -1;
    }
  } else if (bytes[index] !== 0x3c) {
    // A display name of tokens and blanks ends at "<"; UTF-8 is taken there too, as many phones leave its quotes out.
    index = skipClass(bytes, index, end, CHARACTER_TOKEN | CHARACTER_BLANK);
    while (index < end && bytes[index] >= 0x80) {
      index = skipClass(bytes, index + 1, end, CHARACTER_TOKEN | CHARACTER_BLANK);
    }
    if (index < end && bytes[index] === 0x3c) {
      address.displayEnd = trimBlanks(bytes, start, index);
    } else {
      // An addr-spec: it ends at ";" or a blank, and with "?" or "," in it it had to stand in brackets (20).
      address.uriStart = start;
      address.uriEnd = findClass(bytes, start, end, CHARACTER_VALUE_END | CHARACTER_DELIMITER);
      return address.uriEnd > start ? address.uriEnd : -1;
    }
  }
  address.uriStart = index + 1;
  index += 1;
  index = findClass(bytes, index, end, CHARACTER_DELIMITER);
  while (index < end && bytes[index] === 0x2c) {
    index = findClass(bytes, index + 1, end, CHARACTER_DELIMITER);
  }
  address.uriEnd = index;
  return index < end && bytes[index] === 0x3e && index > address.uriStart ? index + 1 : -1;
}

/**
 * Reads one value, e.g. `"Front door" <sip:door@example.com>;tag=88sja8x`.
 * @returns OK or MALFORMED
 */
export function parseNameAddress(bytes: Bytes, start: number, end: number, address: NameAddress): Status {
  address.start = start;
  address.end = end;
  address.displayStart = start;
  address.displayEnd = start;
  address.uriStart = start;
  address.uriEnd = start;
  address.parametersStart = end;
  address.parametersEnd = end;
  address.tagStart = start;
  address.tagEnd = start;
  if (start >= end) {
    return Status.MALFORMED;
  }
  let index = parseAddress(bytes, start, end, address);
  if (index < 0) {
    return Status.MALFORMED;
  }
  if (index < end && bytes[index] <= 0x20) {
    index = skipBlanks(bytes, index, end);
  }
  address.parametersStart = index;
  address.parametersEnd = end;
  while (index >= 0 && index < end && bytes[index] === 0x3b) {
    index = parseParameter(bytes, index, end, parameter);
    if (
      index >= 0 &&
      parameter.nameEnd - parameter.nameStart === 3 &&
      equalTextAnyCase(bytes, parameter.nameStart, parameter.nameEnd, TAG)
    ) {
      address.tagStart = parameter.valueStart;
      address.tagEnd = parameter.valueEnd;
    }
  }
  return index === end ? Status.OK : Status.MALFORMED;
}
