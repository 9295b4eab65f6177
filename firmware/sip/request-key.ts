// What a server transaction knows its request again by (RFC 3261 17.2.3): branch and sent-by of the topmost Via; of a peer
// without the magic cookie also Call-ID, From tag and CSeq number. The method is the transaction's.

import { type Bytes, copyBytes, createBytes, equalBytes, equalBytesAnyCase } from "../bytes/bytes";
import { numberAt, writeNumberAt } from "../bytes/network-order";
import type { Message } from "./message";

/** Octets of a key; a request with more is refused. */
export const KEY_OCTETS = 256;

export interface RequestKey {
  /** octets[0 … length): the branch, and from `hostStart` on the host of the sent-by; then what RFC 2543 needs. */
  readonly octets: Bytes;
  length: number;
  hostStart: number;
  port: number;
  hasMagicCookie: boolean;
}

/** Boot only: the key of no request. */
export function createRequestKey(): RequestKey {
  return { octets: createBytes(KEY_OCTETS), length: 0, hostStart: 0, port: 0, hasMagicCookie: false };
}

/** Keeps the key of a request. Returns false when it is longer than a key may be. */
export function keepKey(key: RequestKey, request: Message): boolean {
  const via = request.via;
  const from = request.from;
  const number = request.cseq.number;
  const bytes = request.bytes;
  const octets = key.octets;
  const callIdStart = via.branchEnd - via.branchStart + via.hostEnd - via.hostStart;
  const tagStart = callIdStart + request.callIdEnd - request.callIdStart;
  const tagEnd = tagStart + from.tagEnd - from.tagStart;
  key.hasMagicCookie = via.hasMagicCookie;
  key.port = via.port;
  key.hostStart = via.branchEnd - via.branchStart;
  key.length = via.hasMagicCookie ? callIdStart : tagEnd + 4;
  if (key.length > KEY_OCTETS) {
    return false;
  }
  copyBytes(octets, 0, bytes, via.branchStart, via.branchEnd);
  copyBytes(octets, key.hostStart, bytes, via.hostStart, via.hostEnd);
  if (!via.hasMagicCookie) {
    copyBytes(octets, callIdStart, bytes, request.callIdStart, request.callIdEnd);
    copyBytes(octets, tagStart, bytes, from.tagStart, from.tagEnd);
    writeNumberAt(octets, tagEnd, number.high);
    writeNumberAt(octets, tagEnd + 2, number.low);
  }
  return true;
}

/** Whether a request has the branch and sent-by of a key, whatever its method. */
export function hasKey(key: RequestKey, request: Message): boolean {
  const via = request.via;
  const from = request.from;
  const number = request.cseq.number;
  const bytes = request.bytes;
  const octets = key.octets;
  const callIdStart = key.hostStart + via.hostEnd - via.hostStart;
  if (
    key.hasMagicCookie !== via.hasMagicCookie ||
    key.port !== via.port ||
    callIdStart > key.length ||
    !equalBytes(octets, 0, key.hostStart, bytes, via.branchStart, via.branchEnd) ||
    !equalBytesAnyCase(octets, key.hostStart, callIdStart, bytes, via.hostStart, via.hostEnd)
  ) {
    return false;
  }
  if (via.hasMagicCookie) {
    return callIdStart === key.length;
  }
  const tagStart = callIdStart + request.callIdEnd - request.callIdStart;
  const tagEnd = tagStart + from.tagEnd - from.tagStart;
  return (
    tagEnd + 4 === key.length &&
    equalBytes(octets, callIdStart, tagStart, bytes, request.callIdStart, request.callIdEnd) &&
    equalBytes(octets, tagStart, tagEnd, bytes, from.tagStart, from.tagEnd) &&
    numberAt(octets, tagEnd) === number.high &&
    numberAt(octets, tagEnd + 2) === number.low
  );
}
