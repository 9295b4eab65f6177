// Several values in one header field, separated by commas, and several header fields of one name (RFC 3261 7.3.1): one list,
// walked value by value with a cursor.

import { equalTextAnyCase, type Text } from "../bytes/text";
import { endOfValue, skipBlanks, trimBlanks } from "./characters";
import type { HeaderName } from "./header-name";
import { type Message, NO_HEADER } from "./message";

/** A place in a list of header values. */
export interface HeaderValue {
  /** The header field that holds the value, or NO_HEADER behind the last value. */
  header: number;
  /** The value without blanks around it. */
  start: number;
  end: number;
  /** Where the rest of the header field begins. */
  rest: number;
}

/** Boot only: a cursor. */
export function createHeaderValue(): HeaderValue {
  return { header: NO_HEADER, start: 0, end: 0, rest: 0 };
}

function readValue(message: Message, value: HeaderValue, from: number): void {
  const bytes = message.bytes;
  const limit = message.values[2 * value.header + 1];
  const end = endOfValue(bytes, from, limit);
  let start = from;
  if (start < end && bytes[start] <= 0x20) {
    start = skipBlanks(bytes, start, end);
  }
  value.start = start;
  value.end = start < end && bytes[end - 1] <= 0x20 ? trimBlanks(bytes, start, end) : end;
  value.rest = end < limit ? end + 1 : limit;
}

/** Goes to the first value of a name. Returns false when there is none. */
export function firstHeaderValue(message: Message, name: HeaderName, value: HeaderValue): boolean {
  value.header = message.firsts[name];
  if (value.header === NO_HEADER) {
    return false;
  }
  readValue(message, value, message.values[2 * value.header]);
  return true;
}

/** Goes to the next value. Returns false when there is none. */
export function nextHeaderValue(message: Message, value: HeaderValue): boolean {
  if (value.header === NO_HEADER) {
    return false;
  }
  if (value.rest < message.values[2 * value.header + 1]) {
    readValue(message, value, value.rest);
    return true;
  }
  value.header = message.following[value.header];
  if (value.header === NO_HEADER) {
    return false;
  }
  readValue(message, value, message.values[2 * value.header]);
  return true;
}

/** The number of values of a name. */
export function countHeaderValues(message: Message, name: HeaderName, value: HeaderValue): number {
  let count = 0;
  let more = firstHeaderValue(message, name, value);
  while (more) {
    count += 1;
    more = nextHeaderValue(message, value);
  }
  return count;
}

/** Whether a token is among the values of a name, in any case: an option tag, a method, a media type. */
export function hasHeaderToken(message: Message, name: HeaderName, token: Text, value: HeaderValue): boolean {
  let more = firstHeaderValue(message, name, value);
  while (more) {
    if (equalTextAnyCase(message.bytes, value.start, value.end, token)) {
      return true;
    }
    more = nextHeaderValue(message, value);
  }
  return false;
}
