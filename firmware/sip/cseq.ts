// CSeq (RFC 3261 20.16): a number below 2^31, kept as two 16-bit halves, and a method.

import type { Bytes } from "../bytes/bytes";
import { createHalves, type Halves } from "../bytes/decimal";
import { CHARACTER_TOKEN, skipBlanks, skipClass } from "./characters";
import { Method, parseMethod } from "./method";
import { Status } from "./status";

export interface CSeq {
  number: Halves;
  method: Method;
  methodStart: number;
  methodEnd: number;
}

/** Boot only: an empty CSeq. */
export function createCSeq(): CSeq {
  return { number: createHalves(), method: Method.OTHER, methodStart: 0, methodEnd: 0 };
}

/** Reads the value of a CSeq header. Returns OK or MALFORMED (no number, 2^31 or more, no method, anything behind it). */
export function parseCSeq(bytes: Bytes, start: number, end: number, cseq: CSeq): Status {
  cseq.number.high = 0;
  cseq.number.low = 0;
  cseq.method = Method.OTHER;
  cseq.methodStart = start;
  cseq.methodEnd = start;
  let high = 0;
  let low = 0;
  let numberEnd = start;
  while (numberEnd < end && high <= 0x7fff && bytes[numberEnd] >= 0x30 && bytes[numberEnd] <= 0x39) {
    low = low * 10 + bytes[numberEnd] - 0x30;
    high = high * 10 + (low >> 16);
    low &= 0xffff;
    numberEnd += 1;
  }
  if (numberEnd === start || high > 0x7fff) {
    return Status.MALFORMED;
  }
  cseq.number.high = high;
  cseq.number.low = low;
  let methodStart = numberEnd;
  if (methodStart < end && bytes[methodStart] === 0x20) {
    methodStart += 1;
  }
  if (methodStart < end && bytes[methodStart] <= 0x20) {
    methodStart = skipBlanks(bytes, methodStart, end);
  }
  const method = parseMethod(bytes, methodStart, end);
  if (methodStart === numberEnd || methodStart === end) {
    return Status.MALFORMED;
  }
  if (method === Method.OTHER && skipClass(bytes, methodStart, end, CHARACTER_TOKEN) !== end) {
    return Status.MALFORMED;
  }
  cseq.methodStart = methodStart;
  cseq.methodEnd = end;
  cseq.method = method;
  return Status.OK;
}

/** Compares two CSeq numbers: negative, 0 or positive, as left is below, equal to or above right. */
export function compareCSeqNumbers(left: Halves, right: Halves): number {
  return left.high !== right.high ? left.high - right.high : left.low - right.low;
}
