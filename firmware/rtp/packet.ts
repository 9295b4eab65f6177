// The RTP packet (RFC 3550 5.1): its fixed header, contributing sources, extension and padding read in place, and our own
// header written. It never looks at the payload.

import type { Bytes } from "../bytes/bytes";
import { numberAt, writeFourNumbersAt, writeNumberAt } from "../bytes/network-order";
import { Status } from "../sip/status";

const FIRST_CONTROL_OCTET = 192; // RFC 5761 4: the second octet of RTCP that shares a port with RTP is 192 … 223
const LAST_CONTROL_OCTET = 223;

/** Octets of a header without contributing sources and extension: what we send, and the least that we take. */
export const RTP_HEADER_BYTES = 12;

export interface RtpPacket {
  marker: boolean;
  /** 0 … 127 */
  payloadType: number;
  /** 0 … 65535 */
  sequence: number;
  timestampHigh: number;
  timestampLow: number;
  ssrcHigh: number;
  ssrcLow: number;
  /** The payload without padding; empty when there is none. */
  payloadStart: number;
  payloadEnd: number;
}

/** Boot only: an empty packet. */
export function createRtpPacket(): RtpPacket {
  return {
    marker: false,
    payloadType: 0,
    sequence: 0,
    timestampHigh: 0,
    timestampLow: 0,
    ssrcHigh: 0,
    ssrcLow: 0,
    payloadStart: 0,
    payloadEnd: 0,
  };
}

/** Whether a datagram of `length` octets at a port that RTP and RTCP share is RTCP (RFC 5761 4). */
export function isControlPacket(bytes: Bytes, length: number): boolean {
  return length > 1 && bytes[1] >= FIRST_CONTROL_OCTET && bytes[1] <= LAST_CONTROL_OCTET;
}

/**
 * Reads the datagram bytes[start … end) as an RTP packet.
 * @returns OK, or MALFORMED for another version or a length that does not hold
 */
export function parseRtpPacket(bytes: Bytes, start: number, end: number, packet: RtpPacket): Status {
  if (end - start < RTP_HEADER_BYTES) {
    return Status.MALFORMED;
  }
  const first = numberAt(bytes, start);
  if (first >> 14 !== 2) {
    return Status.MALFORMED;
  }
  let payloadStart = start + RTP_HEADER_BYTES + ((first >> 8) & 0x0f) * 4;
  if ((first & 0x1000) !== 0) {
    if (payloadStart + 4 > end) {
      return Status.MALFORMED;
    }
    payloadStart += 4 + numberAt(bytes, payloadStart + 2) * 4;
  }
  if (payloadStart > end) {
    return Status.MALFORMED;
  }
  let payloadEnd = end;
  if ((first & 0x2000) !== 0) {
    const padding = bytes[end - 1];
    if (padding === 0 || padding > end - payloadStart) {
      return Status.MALFORMED;
    }
    payloadEnd -= padding;
  }
  packet.marker = (first & 0x80) !== 0;
  packet.payloadType = first & 0x7f;
  packet.sequence = numberAt(bytes, start + 2);
  packet.timestampHigh = numberAt(bytes, start + 4);
  packet.timestampLow = numberAt(bytes, start + 6);
  packet.ssrcHigh = numberAt(bytes, start + 8);
  packet.ssrcLow = numberAt(bytes, start + 10);
  packet.payloadStart = payloadStart;
  packet.payloadEnd = payloadEnd;
  return Status.OK;
}

/** Writes the source, which all headers of a stream share, to the 12 octets bytes[at …); the caller has checked that they fit. */
export function writeRtpSource(packet: RtpPacket, bytes: Bytes, at: number): void {
  writeNumberAt(bytes, at + 8, packet.ssrcHigh);
  writeNumberAt(bytes, at + 10, packet.ssrcLow);
}

/** Writes the rest of the header at bytes[at …): what each packet of a stream has for itself, and the version. */
export function writeRtpMoment(packet: RtpPacket, bytes: Bytes, at: number): void {
  const first = (packet.marker ? 0x8080 : 0x8000) + packet.payloadType;
  writeFourNumbersAt(bytes, at, first, packet.sequence, packet.timestampHigh, packet.timestampLow);
}
