// Records that name a SIP server: the order of SRV records by priority and weight (RFC 2782), and what a NAPTR record says
// of SIP (RFC 3263 4.1, RFC 3403 4). Reads entries of the DNS cache, whose names are whole and in bounds.

import type { Random } from "../../hal/random";
import type { Bytes } from "../bytes/bytes";
import { numberAt } from "../bytes/network-order";
import { createText, equalTextAnyCase } from "../bytes/text";
import { type CacheEntry, recordAt } from "../dns/cache";
import { randomBelow } from "./identifiers";

/** SRV records of one name that are considered. */
const RECORDS_CONSIDERED = 16;

/** Octets of an SRV record before its name: priority, weight, port. */
export const SRV_NAME = 6;

const SERVICES = [createText("SIP+D2U"), createText("SIP+D2T")]; // by Protocol
const TERMINAL = createText("s");

/**
 * Chooses the next SRV record: of those with the lowest priority one by chance, in proportion to its weight.
 * @param entry records in the order of priority and weight, as the cache keeps them
 * @param taken one bit a record that is not to be chosen again
 * @returns its index, or -1 when all are taken
 */
export function chooseServiceRecord(entry: CacheEntry, taken: number, random: Random): number {
  const bytes = entry.bytes;
  const count = entry.records < RECORDS_CONSIDERED ? entry.records : RECORDS_CONSIDERED;
  let priority = -1;
  let pick = -1;
  // The first round adds the weights up, the second stops where the running sum reaches the pick.
  for (let round = 0; round < 2; round += 1) {
    let sum = 0;
    for (let index = 0; index < count; index += 1) {
      const at = recordAt(entry, index);
      if ((taken & (1 << index)) === 0 && (priority < 0 || numberAt(bytes, at) === priority)) {
        priority = numberAt(bytes, at);
        sum += numberAt(bytes, at + 2);
        if (pick >= 0 && sum >= pick) {
          return index;
        }
      }
    }
    if (priority < 0) {
      return -1;
    }
    pick = randomBelow(random, sum + 1);
  }
  return -1;
}

/** The offset of the replacement in a NAPTR record whose data begin at `at`: behind flags, service and expression. */
export function replacementAt(bytes: Bytes, at: number): number {
  const service = at + 5 + bytes[at + 4];
  const expression = service + 1 + bytes[service];
  return expression + 1 + bytes[expression];
}

/** The protocol for which a NAPTR record names a place of SRV records, or -1 when it is for something else. */
export function protocolOfPointer(bytes: Bytes, at: number): number {
  const service = at + 5 + bytes[at + 4];
  const expression = service + 1 + bytes[service];
  let protocol = SERVICES.length - 1;
  if (!equalTextAnyCase(bytes, at + 5, service, TERMINAL) || bytes[expression] !== 0) {
    return -1;
  }
  while (protocol >= 0 && !equalTextAnyCase(bytes, service + 1, expression, SERVICES[protocol])) {
    protocol -= 1;
  }
  return protocol;
}
