// DNS messages (RFC 1035 4): the question as it is sent, and the resource records of an answer, one after the other in
// place. A question's letters are in random case, which an answer must repeat, beside its id.

import type { Random } from "../../hal/random";
import { type Bytes, fillBytes } from "../bytes/bytes";
import { numberAt } from "../bytes/network-order";
import { NAME_OCTETS, skipName } from "./name";

export const enum RecordType {
  A = 1, // RFC 1035 3.4.1
  CNAME = 5, // RFC 1035 3.3.1
  SOA = 6, // RFC 1035 3.3.13
  AAAA = 28, // RFC 3596 2.1
  SRV = 33, // RFC 2782
  NAPTR = 35, // RFC 3403 4
}

/** Octets of a message's header (4.1.1). */
export const HEADER_OCTETS = 12;

/** TC, in the third octet: not everything fitted (4.1.1). */
export const TRUNCATED = 0x02;

/** Octets of the longest query: header, name, type and class. */
export const QUERY_OCTETS = HEADER_OCTETS + NAME_OCTETS + 4;

/** Octets of a record between its name and its data: type, class, TTL, length (4.1.3). */
const RECORD_OCTETS = 10;

const CLASS_INTERNET = 1;

/** A resource record: offsets in its message. */
export interface ResourceRecord {
  name: number;
  /** 0 for a class other than IN. */
  type: number;
  /** Seconds, at most 65,535. */
  ttl: number;
  data: number;
  end: number;
}

/** Boot only: an empty record. */
export function createResourceRecord(): ResourceRecord {
  return { name: 0, type: 0, ttl: 0, data: 0, end: 0 };
}

/**
 * The seconds of a 32-bit TTL at an offset: 65,535 for more than that, and 0 when the highest bit is set (RFC 2181 8).
 */
export function secondsAt(bytes: Bytes, at: number): number {
  if (bytes[at] >= 0x80) {
    return 0;
  }
  return numberAt(bytes, at) > 0 ? 0xffff : numberAt(bytes, at + 2);
}

/**
 * Writes the query for a name with a new id; it wishes recursion.
 * @param query QUERY_OCTETS
 * @param mixed whether letters are in random case
 * @returns its octets
 */
export function writeQuery(
  query: Bytes,
  random: Random,
  name: Bytes,
  nameLength: number,
  type: number,
  mixed: boolean,
): number {
  const end = HEADER_OCTETS + nameLength;
  random.fill(query, 0, end);
  fillBytes(query, 2, HEADER_OCTETS, 0);
  query[2] = 0x01; // RD
  query[5] = 1; // one question
  for (let index = 0; index < nameLength; index += 1) {
    const octet = name[index];
    const at = HEADER_OCTETS + index;
    // Lengths of labels are below the letters.
    query[at] = mixed && octet >= 0x61 && octet <= 0x7a ? octet - (query[at] & 0x20) : octet;
  }
  query[end] = 0;
  query[end + 1] = type;
  query[end + 2] = 0;
  query[end + 3] = CLASS_INTERNET;
  return end + 4;
}

/** Reads the resource record at `start` of the message bytes[0 … length). Returns whether it lies in it. */
export function readResourceRecord(bytes: Bytes, length: number, start: number, record: ResourceRecord): boolean {
  const at = skipName(bytes, length, start);
  if (at < 0 || at + RECORD_OCTETS > length) {
    return false;
  }
  record.name = start;
  record.type = numberAt(bytes, at + 2) === CLASS_INTERNET ? numberAt(bytes, at) : 0;
  record.ttl = secondsAt(bytes, at + 4);
  record.data = at + RECORD_OCTETS;
  record.end = record.data + numberAt(bytes, at + 8);
  return record.end <= length;
}
