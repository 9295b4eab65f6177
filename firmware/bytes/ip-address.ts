// IP address literals: dotted IPv4 (RFC 3986 3.2.2) and IPv6 (RFC 4291 2.2, with "::" and an embedded IPv4 tail) to octets
// and back (RFC 5952). No names, no zone identifiers.

import type { Endpoint } from "../../hal/endpoint";
import { type Bytes, copyBytes, createBytes, equalBytes } from "./bytes";
import { hexDigit, hexValue } from "./hex";
import { putByte, putDecimal, type Writer } from "./writer";

/** Boot only: an endpoint without an address. */
export function createEndpoint(): Endpoint {
  return { family: 0, address: createBytes(16), port: 0 };
}

/** Reads a dotted IPv4 address into target[at … at + 4). Returns whether it is one. */
export function parseIPv4(bytes: Bytes, start: number, end: number, target: Bytes, at: number): boolean {
  let field = 0;
  let value = -1;
  for (let index = start; index < end; index += 1) {
    const octet = bytes[index];
    if (octet === 0x2e) {
      if (value < 0 || field === 3) {
        return false;
      }
      target[at + field] = value;
      field += 1;
      value = -1;
    } else if (octet >= 0x30 && octet <= 0x39) {
      // No leading zeros: some read them as octal (RFC 3986 7.4).
      if (value === 0) {
        return false;
      }
      value = value < 0 ? octet - 0x30 : value * 10 + octet - 0x30;
      if (value > 255) {
        return false;
      }
    } else {
      return false;
    }
  }
  if (value < 0 || field !== 3) {
    return false;
  }
  target[at + 3] = value;
  return true;
}

/** Reads an IPv6 address without brackets into target[at … at + 16). Returns whether it is one. */
export function parseIPv6(bytes: Bytes, start: number, end: number, target: Bytes, at: number): boolean {
  let group = 0;
  let gap = -1;
  let index = start;
  if (end - start >= 2 && bytes[start] === 0x3a) {
    if (bytes[start + 1] !== 0x3a) {
      return false;
    }
    gap = 0;
    index = start + 2;
  }
  while (index < end) {
    const groupStart = index;
    let value = 0;
    while (index < end && hexValue(bytes[index]) >= 0) {
      value = value * 16 + hexValue(bytes[index]);
      index += 1;
      if (index - groupStart > 4) {
        return false;
      }
    }
    if (index < end && bytes[index] === 0x2e) {
      if (group > 6 || !parseIPv4(bytes, groupStart, end, target, at + 2 * group)) {
        return false;
      }
      group += 2;
      index = end;
    } else {
      if (index === groupStart || group > 7) {
        return false;
      }
      target[at + 2 * group] = value >> 8;
      target[at + 2 * group + 1] = value & 0xff;
      group += 1;
      if (index < end) {
        if (bytes[index] !== 0x3a || index + 1 === end) {
          return false;
        }
        index += 1;
        if (bytes[index] === 0x3a) {
          if (gap >= 0) {
            return false;
          }
          gap = group;
          index += 1;
        }
      }
    }
  }
  if (gap < 0) {
    return group === 8;
  }
  if (group > 7) {
    return false;
  }
  const moved = group - gap;
  for (let back = 0; back < 2 * moved; back += 1) {
    target[at + 15 - back] = target[at + 2 * group - 1 - back];
  }
  for (let zero = 2 * gap; zero < 16 - 2 * moved; zero += 1) {
    target[at + zero] = 0;
  }
  return true;
}

/**
 * Reads an address literal, IPv6 with or without brackets, into address[0 … 16).
 * @returns 4, 6, or 0 when it is neither
 */
export function parseAddress(bytes: Bytes, start: number, end: number, address: Bytes): number {
  if (parseIPv4(bytes, start, end, address, 0)) {
    return 4;
  }
  const bracketed = end - start > 2 && bytes[start] === 0x5b && bytes[end - 1] === 0x5d;
  return parseIPv6(bytes, bracketed ? start + 1 : start, bracketed ? end - 1 : end, address, 0) ? 6 : 0;
}

function putGroup(writer: Writer, value: number): void {
  let started = false;
  for (let shift = 12; shift >= 1; shift -= 4) {
    const digit = (value >> shift) & 0x0f;
    if (digit !== 0 || started) {
      putByte(writer, hexDigit(digit));
      started = true;
    }
  }
  putByte(writer, hexDigit(value & 0x0f));
}

function putIPv6(writer: Writer, address: Bytes): void {
  // The longest run of two or more zero groups becomes "::", the first of equals (RFC 5952 4.2).
  let gap = -1;
  let gapLength = 1;
  let run = 0;
  for (let group = 0; group < 8; group += 1) {
    run = address[2 * group] === 0 && address[2 * group + 1] === 0 ? run + 1 : 0;
    if (run > gapLength) {
      gapLength = run;
      gap = group - run + 1;
    }
  }
  let group = 0;
  while (group < 8) {
    if (group === gap) {
      putByte(writer, 0x3a);
      putByte(writer, 0x3a);
      group += gapLength;
    } else {
      if (group > 0 && (gap < 0 || group !== gap + gapLength)) {
        putByte(writer, 0x3a);
      }
      putGroup(writer, address[2 * group] * 256 + address[2 * group + 1]);
      group += 1;
    }
  }
}

/** Appends an address literal, IPv6 without brackets. */
export function putAddress(writer: Writer, family: number, address: Bytes): void {
  if (family === 6) {
    putIPv6(writer, address);
    return;
  }
  for (let index = 0; index < 4; index += 1) {
    if (index > 0) {
      putByte(writer, 0x2e);
    }
    putDecimal(writer, address[index]);
  }
}

/** Appends an address literal as a host of a URI or Via: IPv6 in brackets. */
export function putHostAddress(writer: Writer, family: number, address: Bytes): void {
  if (family === 6) {
    putByte(writer, 0x5b);
    putIPv6(writer, address);
    putByte(writer, 0x5d);
  } else {
    putAddress(writer, family, address);
  }
}

/** Copies an endpoint into one that the caller owns. */
export function copyEndpoint(target: Endpoint, source: Endpoint): void {
  target.family = source.family;
  target.port = source.port;
  copyBytes(target.address, 0, source.address, 0, 16);
}

/** Whether two endpoints have the same address; ports may differ. */
export function equalAddresses(left: Endpoint, right: Endpoint): boolean {
  const length = left.family === 6 ? 16 : 4;
  return left.family === right.family && equalBytes(left.address, 0, length, right.address, 0, length);
}
