// What a DNS answer says to a query (RFC 1035 4.3, RFC 2181 5.4, RFC 2308): whether it belongs to it, the records that were
// asked for, behind aliases in any order, or that there are none and for how long. Additional records are not believed.

import { type Bytes, copyBytes, equalBytes } from "../bytes/bytes";
import { createFixedText, equalFixedText, type FixedText } from "../bytes/fixed-text";
import { numberAt } from "../bytes/network-order";
import {
  createResourceRecord,
  HEADER_OCTETS,
  RecordType,
  type ResourceRecord,
  readResourceRecord,
  secondsAt,
  TRUNCATED,
} from "./message";
import { NAME_OCTETS, readName, skipName } from "./name";

/** CNAMEs that one answer may lead through. */
const ALIASES_AN_ANSWER = 8;

/** RCODE 3: there is no such name (RFC 1035 4.1.1). */
const NAME_ERROR = 3;

export const enum Verdict {
  /** No answer to this query. */
  FOREIGN = 0,
  /** The server does not know, or says nothing that holds together. */
  FAILED = 1,
  /** There is no such record. */
  NONE = 2,
  /** The name is another's alias, `owner`, of which the answer says nothing. */
  ALIAS = 3,
  FOUND = 4,
}

/** What `readAnswer` found; one is enough for all queries. */
export interface Answer {
  /** The name that the records have, at the end of the aliases. */
  readonly owner: FixedText;
  type: number;
  /** Seconds that the verdict holds, at most 65,535. */
  ttl: number;
  /** The answer section: offset and number of its whole records. */
  start: number;
  count: number;
  /** Records that `packRecords` kept. */
  packed: number;
  readonly record: ResourceRecord;
  readonly name: FixedText;
}

/** Boot only: an empty answer. */
export function createAnswer(): Answer {
  return {
    owner: createFixedText(NAME_OCTETS),
    type: 0,
    ttl: 0,
    start: 0,
    count: 0,
    packed: 0,
    record: createResourceRecord(),
    name: createFixedText(NAME_OCTETS),
  };
}

/** Whether the record at hand is of a type, and the owner's. */
function isOwners(answer: Answer, bytes: Bytes, length: number, type: number): boolean {
  const name = answer.name;
  return (
    answer.record.type === type &&
    readName(bytes, length, answer.record.name, name) &&
    equalFixedText(answer.owner, name.bytes, 0, name.length)
  );
}

/** Goes to the owner's first record of a type. Returns whether there is one. */
function findRecord(answer: Answer, bytes: Bytes, length: number, type: number): boolean {
  let at = answer.start;
  for (let index = 0; index < answer.count; index += 1) {
    readResourceRecord(bytes, length, at, answer.record);
    if (isOwners(answer, bytes, length, type)) {
      return true;
    }
    at = answer.record.end;
  }
  return false;
}

/** How long a "no" holds: the lower of the SOA's TTL and minimum (RFC 2308 5), or -1 without an SOA. */
function negativeTtl(answer: Answer, bytes: Bytes, length: number, start: number): number {
  const record = answer.record;
  let at = start;
  for (let index = numberAt(bytes, 8); index > 0 && readResourceRecord(bytes, length, at, record); index -= 1) {
    if (record.type === RecordType.SOA) {
      const mail = skipName(bytes, record.end, record.data);
      const serial = mail < 0 ? -1 : skipName(bytes, record.end, mail);
      if (serial >= 0 && serial + 20 <= record.end) {
        const minimum = secondsAt(bytes, serial + 16);
        return minimum < record.ttl ? minimum : record.ttl;
      }
    }
    at = record.end;
  }
  return -1;
}

/**
 * Reads the datagram bytes[0 … length) as the answer to the query query[0 … queryLength).
 * @param answer set unless the verdict is FOREIGN or FAILED
 */
export function readAnswer(answer: Answer, bytes: Bytes, length: number, query: Bytes, queryLength: number): Verdict {
  if (
    length < queryLength ||
    !equalBytes(bytes, 0, 2, query, 0, 2) ||
    (bytes[2] & 0xf8) !== 0x80 || // QR, and the opcode of a query
    numberAt(bytes, 4) !== 1 ||
    !equalBytes(bytes, HEADER_OCTETS, queryLength, query, HEADER_OCTETS, queryLength)
  ) {
    return Verdict.FOREIGN;
  }
  const code = bytes[3] & 0x0f;
  const truncated = (bytes[2] & TRUNCATED) !== 0;
  if (code !== 0 && code !== NAME_ERROR) {
    return Verdict.FAILED;
  }
  const claimed = numberAt(bytes, 6);
  const record = answer.record;
  let at = queryLength;
  answer.start = at;
  answer.count = 0;
  while (answer.count < claimed && readResourceRecord(bytes, length, at, record)) {
    at = record.end;
    answer.count += 1;
  }
  if (answer.count < claimed && !truncated) {
    return Verdict.FAILED;
  }
  answer.type = numberAt(query, queryLength - 4);
  answer.ttl = 0xffff;
  readName(query, queryLength, HEADER_OCTETS, answer.owner);
  let aliases = 0;
  while (!findRecord(answer, bytes, length, answer.type)) {
    if (!findRecord(answer, bytes, length, RecordType.CNAME)) {
      return noRecord(answer, bytes, length, at, code, truncated, aliases);
    }
    answer.ttl = record.ttl < answer.ttl ? record.ttl : answer.ttl;
    aliases += 1;
    if (aliases > ALIASES_AN_ANSWER || !readName(bytes, length, record.data, answer.owner)) {
      return Verdict.FAILED;
    }
  }
  return Verdict.FOUND;
}

/** The verdict on an answer without the record asked for; its authority section begins at `authority`. */
function noRecord(
  answer: Answer,
  bytes: Bytes,
  length: number,
  authority: number,
  code: number,
  truncated: boolean,
  aliases: number,
): Verdict {
  if (truncated) {
    return Verdict.FAILED;
  }
  const ttl = negativeTtl(answer, bytes, length, authority);
  if (ttl < 0 && code === 0 && aliases > 0) {
    return Verdict.ALIAS;
  }
  answer.ttl = ttl < 0 ? 0 : ttl;
  return Verdict.NONE;
}

/** Octets of the record's data before the name that ends it, or all of it where there is none; -1 when it is malformed. */
function fixedOctets(bytes: Bytes, record: ResourceRecord): number {
  const size = record.end - record.data;
  switch (record.type) {
    case RecordType.A:
      return size === 4 ? 4 : -1;
    case RecordType.AAAA:
      return size === 16 ? 16 : -1;
    case RecordType.SRV:
      return size > 6 ? 6 : -1;
    default: {
      // NAPTR: order and preference, then flags, service and expression, each behind its length.
      let at = record.data + 4;
      for (let text = 0; text < 3 && at < record.end; text += 1) {
        at += bytes[at] + 1;
      }
      return at < record.end ? at - record.data : -1;
    }
  }
}

/** Packs the record at hand into into[at … limit). Returns the offset behind it, or `at` when it is malformed or too long. */
function packRecord(answer: Answer, bytes: Bytes, length: number, into: Bytes, at: number, limit: number): number {
  const record = answer.record;
  const name = answer.name;
  const fixed = fixedOctets(bytes, record);
  const start = record.data;
  name.length = 0;
  if (fixed < 0 || (isRanked(record.type) && !readName(bytes, length, start + fixed, name))) {
    return at;
  }
  const size = fixed + name.length;
  if (size > 255 || at + 1 + size > limit) {
    return at;
  }
  into[at] = size;
  copyBytes(into, at + 1, bytes, start, start + fixed);
  copyBytes(into, at + 1 + fixed, name.bytes, 0, name.length);
  answer.packed += 1;
  return at + 1 + size;
}

/** Whether a type's data begin with two ranks, of which the lower come first: priority and weight, order and preference. */
function isRanked(type: number): boolean {
  return type >= RecordType.SRV;
}

/**
 * Keeps the records of an answer with the verdict FOUND in into[start … limit): each a length octet and its data, names
 * without compression. Ranked ones are sorted, lowest first, so that the least wanted do not fit; `answer.packed` says how
 * many did, `answer.ttl` how long they hold.
 * @returns the offset behind the last
 */
export function packRecords(
  answer: Answer,
  bytes: Bytes,
  length: number,
  into: Bytes,
  start: number,
  limit: number,
): number {
  const record = answer.record;
  const ranked = isRanked(answer.type);
  let to = start;
  let high = -1;
  let low = -1;
  let more = true;
  answer.packed = 0;
  while (more) {
    // One pass finds the lowest rank above that of the last round, the second packs its records.
    let nextHigh = 0x10000;
    let nextLow = 0;
    for (let pass = 0; pass < 2; pass += 1) {
      let at = answer.start;
      for (let index = 0; index < answer.count; index += 1) {
        readResourceRecord(bytes, length, at, record);
        at = record.end;
        if (isOwners(answer, bytes, length, answer.type) && (!ranked || at - record.data > 4)) {
          const first = ranked ? numberAt(bytes, record.data) : 0;
          const second = ranked ? numberAt(bytes, record.data + 2) : 0;
          if (pass === 1 && first === nextHigh && second === nextLow) {
            to = packRecord(answer, bytes, length, into, to, limit);
            answer.ttl = record.ttl < answer.ttl ? record.ttl : answer.ttl;
          } else if (
            pass === 0 &&
            (first > high || (first === high && second > low)) &&
            (first < nextHigh || (first === nextHigh && second < nextLow))
          ) {
            nextHigh = first;
            nextLow = second;
          }
        }
      }
    }
    more = nextHigh < 0x10000;
    high = nextHigh;
    low = nextLow;
  }
  return to;
}
