// The methods of SIP. A method that is not in the table is OTHER and is answered 501.

import type { Bytes } from "../bytes/bytes";
import { createText, equalText, type Text } from "../bytes/text";

export const enum Method {
  OTHER = 0,
  INVITE = 1,
  ACK = 2,
  BYE = 3,
  CANCEL = 4,
  REGISTER = 5,
  OPTIONS = 6,
  INFO = 7,
  PRACK = 8,
  UPDATE = 9,
  SUBSCRIBE = 10,
  NOTIFY = 11,
  MESSAGE = 12,
  REFER = 13,
  PUBLISH = 14,
}

/** By `Method`: the name on the wire. Methods are case-sensitive (RFC 3261 7.1). */
export const METHOD_TEXTS: Text[] = [
  createText(""),
  createText("INVITE"),
  createText("ACK"),
  createText("BYE"),
  createText("CANCEL"),
  createText("REGISTER"),
  createText("OPTIONS"),
  createText("INFO"),
  createText("PRACK"),
  createText("UPDATE"),
  createText("SUBSCRIBE"),
  createText("NOTIFY"),
  createText("MESSAGE"),
  createText("REFER"),
  createText("PUBLISH"),
];

/** The method that bytes[start … end) names. */
export function parseMethod(bytes: Bytes, start: number, end: number): Method {
  for (let method = 1; method < METHOD_TEXTS.length; method += 1) {
    if (equalText(bytes, start, end, METHOD_TEXTS[method])) {
      return method as Method;
    }
  }
  return Method.OTHER;
}
