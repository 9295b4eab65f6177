// RTCP packets (RFC 3550 6): sender and receiver reports, source descriptions with the canonical name, and goodbyes, read
// and written; the frame of extended reports, whose blocks extended-report.ts has. Every length is checked before use; what is not
// known is skipped. It keeps no state and no time.

import { type Bytes, copyBytes, fillBytes } from "../bytes/bytes";
import { numberAt, writeNumberAt } from "../bytes/network-order";
import { Status } from "../sip/status";
import { createTimeQuestion, parseBlocks, type TimeQuestion } from "./extended-report";

/** RFC 3550 12.1. */
export const enum RtcpType {
  SENDER_REPORT = 200,
  RECEIVER_REPORT = 201,
  SOURCE_DESCRIPTION = 202,
  GOODBYE = 203,
  /** RFC 3611 2. */
  EXTENDED_REPORT = 207,
}

const CNAME = 1; // RFC 3550 12.2
const HEADER_BYTES = 4;
const SENDER_INFORMATION_BYTES = 20;
const REPORT_BLOCK_BYTES = 24;

/** A report about one source (RFC 3550 6.4.1). */
export interface ReportBlock {
  ssrcHigh: number;
  ssrcLow: number;
  /** In 1/256. */
  fractionLost: number;
  /** -2^23 … 2^23 - 1 */
  packetsLost: number;
  /** Extended highest sequence number received. */
  cycles: number;
  sequence: number;
  /** Samples. */
  jitterHigh: number;
  jitterLow: number;
  /** The middle 32 bits of the NTP time of the last sender report, and how long ago it came, in 1/65536 s. */
  lastReportHigh: number;
  lastReportLow: number;
  delayHigh: number;
  delayLow: number;
}

/** What a sender report says about its sender, and what was found in a compound besides. */
export interface Report {
  /** The source that reports. */
  ssrcHigh: number;
  ssrcLow: number;
  /** Whether there is a sender report. */
  isSender: boolean;
  /** The middle 32 bits of its NTP time. */
  ntpHigh: number;
  ntpLow: number;
  timestampHigh: number;
  timestampLow: number;
  packetsHigh: number;
  packetsLow: number;
  octetsHigh: number;
  octetsLow: number;
  /** Whether a report block is about us; it is then in `block`. */
  aboutUs: boolean;
  readonly block: ReportBlock;
  /** Whether the source that `parseCompound` was asked about says goodbye. */
  goodbye: boolean;
  /** Whether the peer asks for the round trip, and when it says that it is; `arrival` is not set. */
  readonly question: TimeQuestion;
}

/** Boot only: a report block of zeros. */
export function createReportBlock(): ReportBlock {
  return {
    ssrcHigh: 0,
    ssrcLow: 0,
    fractionLost: 0,
    packetsLost: 0,
    cycles: 0,
    sequence: 0,
    jitterHigh: 0,
    jitterLow: 0,
    lastReportHigh: 0,
    lastReportLow: 0,
    delayHigh: 0,
    delayLow: 0,
  };
}

/** Boot only: an empty report. */
export function createReport(): Report {
  return {
    ssrcHigh: 0,
    ssrcLow: 0,
    isSender: false,
    ntpHigh: 0,
    ntpLow: 0,
    timestampHigh: 0,
    timestampLow: 0,
    packetsHigh: 0,
    packetsLow: 0,
    octetsHigh: 0,
    octetsLow: 0,
    aboutUs: false,
    block: createReportBlock(),
    goodbye: false,
    question: createTimeQuestion(),
  };
}

function isSource(bytes: Bytes, at: number, high: number, low: number): boolean {
  return numberAt(bytes, at) === high && numberAt(bytes, at + 2) === low;
}

function parseReportBlock(bytes: Bytes, at: number, block: ReportBlock): void {
  block.ssrcHigh = numberAt(bytes, at);
  block.ssrcLow = numberAt(bytes, at + 2);
  block.fractionLost = bytes[at + 4];
  const upper = bytes[at + 5] > 0x7f ? bytes[at + 5] - 0x100 : bytes[at + 5];
  block.packetsLost = upper * 0x10000 + numberAt(bytes, at + 6);
  block.cycles = numberAt(bytes, at + 8);
  block.sequence = numberAt(bytes, at + 10);
  block.jitterHigh = numberAt(bytes, at + 12);
  block.jitterLow = numberAt(bytes, at + 14);
  block.lastReportHigh = numberAt(bytes, at + 16);
  block.lastReportLow = numberAt(bytes, at + 18);
  block.delayHigh = numberAt(bytes, at + 20);
  block.delayLow = numberAt(bytes, at + 22);
}

function parseSenderInformation(bytes: Bytes, at: number, report: Report): void {
  report.isSender = true;
  report.ntpHigh = numberAt(bytes, at + 2);
  report.ntpLow = numberAt(bytes, at + 4);
  report.timestampHigh = numberAt(bytes, at + 8);
  report.timestampLow = numberAt(bytes, at + 10);
  report.packetsHigh = numberAt(bytes, at + 12);
  report.packetsLow = numberAt(bytes, at + 14);
  report.octetsHigh = numberAt(bytes, at + 16);
  report.octetsLow = numberAt(bytes, at + 18);
}

/** A sender or receiver report in bytes[at … end), of `count` blocks. Returns whether its counts hold. */
function parseReport(
  bytes: Bytes,
  at: number,
  end: number,
  count: number,
  isSender: boolean,
  ourHigh: number,
  ourLow: number,
  report: Report,
): boolean {
  let block = at + HEADER_BYTES + 4;
  if (isSender) {
    block += SENDER_INFORMATION_BYTES;
  }
  if (block + count * REPORT_BLOCK_BYTES > end) {
    return false;
  }
  report.ssrcHigh = numberAt(bytes, at + HEADER_BYTES);
  report.ssrcLow = numberAt(bytes, at + HEADER_BYTES + 2);
  if (isSender) {
    parseSenderInformation(bytes, at + HEADER_BYTES + 4, report);
  }
  for (let index = 0; index < count; index += 1) {
    if (isSource(bytes, block, ourHigh, ourLow)) {
      report.aboutUs = true;
      parseReportBlock(bytes, block, report.block);
    }
    block += REPORT_BLOCK_BYTES;
  }
  return true;
}

/** A goodbye in bytes[at … end) of `count` sources. Returns whether its count holds. */
function parseGoodbye(
  bytes: Bytes,
  at: number,
  end: number,
  count: number,
  peerHigh: number,
  peerLow: number,
  report: Report,
): boolean {
  if (at + HEADER_BYTES + count * 4 > end) {
    return false;
  }
  for (let index = 0; index < count; index += 1) {
    if (isSource(bytes, at + HEADER_BYTES + index * 4, peerHigh, peerLow)) {
      report.goodbye = true;
    }
  }
  return true;
}

/** An extended report in bytes[at … end). Returns whether its lengths hold. */
function parseExtendedReport(bytes: Bytes, at: number, end: number, report: Report): boolean {
  if (end - at < HEADER_BYTES + 4) {
    return false;
  }
  report.question.ssrcHigh = numberAt(bytes, at + HEADER_BYTES);
  report.question.ssrcLow = numberAt(bytes, at + HEADER_BYTES + 2);
  return parseBlocks(bytes, at + HEADER_BYTES + 4, end, report.question);
}

/** Where the content of the packet bytes[at … next) ends, padding left out (RFC 3550 6.4.1); -1 when that does not hold. */
function endOfContent(bytes: Bytes, at: number, next: number, end: number): number {
  if ((bytes[at] & 0x20) === 0) {
    return next;
  }
  const padding = bytes[end - 1];
  return next === end && padding > 0 && padding % 4 === 0 && padding <= next - at - HEADER_BYTES ? next - padding : -1;
}

/**
 * Reads the datagram bytes[start … end) as a compound of RTCP packets.
 * @param ourHigh our source, which the report blocks are searched for
 * @param peerHigh the peer's source, which the goodbyes are searched for
 * @returns OK; MALFORMED when a version, length or count does not hold, and nothing of `report` may then be used
 */
export function parseCompound(
  bytes: Bytes,
  start: number,
  end: number,
  ourHigh: number,
  ourLow: number,
  peerHigh: number,
  peerLow: number,
  report: Report,
): Status {
  report.isSender = false;
  report.aboutUs = false;
  report.goodbye = false;
  report.question.asked = false;
  if (start === end) {
    return Status.MALFORMED;
  }
  let at = start;
  while (at < end) {
    if (end - at < HEADER_BYTES || bytes[at] >> 6 !== 2) {
      return Status.MALFORMED;
    }
    const next = at + HEADER_BYTES + numberAt(bytes, at + 2) * 4;
    if (next > end) {
      return Status.MALFORMED;
    }
    const contentEnd = endOfContent(bytes, at, next, end);
    const count = bytes[at] & 0x1f;
    const type: RtcpType = bytes[at + 1];
    let holds = contentEnd >= 0;
    if (holds && (type === RtcpType.SENDER_REPORT || type === RtcpType.RECEIVER_REPORT)) {
      const isSender = type === RtcpType.SENDER_REPORT;
      holds = parseReport(bytes, at, contentEnd, count, isSender, ourHigh, ourLow, report);
    } else if (holds && type === RtcpType.GOODBYE) {
      holds = parseGoodbye(bytes, at, contentEnd, count, peerHigh, peerLow, report);
    } else if (holds && type === RtcpType.EXTENDED_REPORT) {
      holds = parseExtendedReport(bytes, at, contentEnd, report);
    } else if (at === start && (type < RtcpType.SENDER_REPORT || type > 223)) {
      holds = false;
    }
    if (!holds) {
      return Status.MALFORMED;
    }
    at = next;
  }
  return Status.OK;
}

function writeHeader(bytes: Bytes, at: number, type: RtcpType, count: number, end: number): void {
  bytes[at] = 0x80 | count;
  bytes[at + 1] = type;
  writeNumberAt(bytes, at + 2, ((end - at) >> 2) - 1);
}

function writeReportBlock(bytes: Bytes, at: number, block: ReportBlock): void {
  let lost = block.packetsLost > 0x7fffff ? 0x7fffff : block.packetsLost;
  lost = lost < -0x800000 ? -0x800000 : lost;
  writeNumberAt(bytes, at, block.ssrcHigh);
  writeNumberAt(bytes, at + 2, block.ssrcLow);
  bytes[at + 4] = block.fractionLost & 0xff;
  bytes[at + 5] = (lost >> 16) & 0xff;
  writeNumberAt(bytes, at + 6, lost & 0xffff);
  writeNumberAt(bytes, at + 8, block.cycles);
  writeNumberAt(bytes, at + 10, block.sequence);
  writeNumberAt(bytes, at + 12, block.jitterHigh);
  writeNumberAt(bytes, at + 14, block.jitterLow);
  writeNumberAt(bytes, at + 16, block.lastReportHigh);
  writeNumberAt(bytes, at + 18, block.lastReportLow);
  writeNumberAt(bytes, at + 20, block.delayHigh);
  writeNumberAt(bytes, at + 22, block.delayLow);
}

/** Octets before the blocks of an extended report. */
export const EXTENDED_HEADER_BYTES = 8;
/** The most octets that `writeReport` writes. */
export const REPORT_BYTES_MAXIMUM = 52;

/**
 * Writes a sender report when `report.isSender`, else a receiver report, with the one block when `report.aboutUs`.
 * @returns the offset behind it; the caller has checked that REPORT_BYTES_MAXIMUM octets fit
 */
export function writeReport(bytes: Bytes, at: number, report: Report): number {
  let end = at + HEADER_BYTES;
  writeNumberAt(bytes, end, report.ssrcHigh);
  writeNumberAt(bytes, end + 2, report.ssrcLow);
  end += 4;
  if (report.isSender) {
    writeNumberAt(bytes, end, 0);
    writeNumberAt(bytes, end + 2, report.ntpHigh);
    writeNumberAt(bytes, end + 4, report.ntpLow);
    writeNumberAt(bytes, end + 6, 0);
    writeNumberAt(bytes, end + 8, report.timestampHigh);
    writeNumberAt(bytes, end + 10, report.timestampLow);
    writeNumberAt(bytes, end + 12, report.packetsHigh);
    writeNumberAt(bytes, end + 14, report.packetsLow);
    writeNumberAt(bytes, end + 16, report.octetsHigh);
    writeNumberAt(bytes, end + 18, report.octetsLow);
    end += SENDER_INFORMATION_BYTES;
  }
  if (report.aboutUs) {
    writeReportBlock(bytes, end, report.block);
    end += REPORT_BLOCK_BYTES;
  }
  const type = report.isSender ? RtcpType.SENDER_REPORT : RtcpType.RECEIVER_REPORT;
  writeHeader(bytes, at, type, report.aboutUs ? 1 : 0, end);
  return end;
}

/** Writes a source description with the canonical name, at most 255 octets. Returns the offset behind it. */
export function writeSourceDescription(
  bytes: Bytes,
  at: number,
  ssrcHigh: number,
  ssrcLow: number,
  name: Bytes,
  nameLength: number,
): number {
  writeNumberAt(bytes, at + 4, ssrcHigh);
  writeNumberAt(bytes, at + 6, ssrcLow);
  bytes[at + 8] = CNAME;
  bytes[at + 9] = nameLength & 0xff;
  copyBytes(bytes, at + 10, name, 0, nameLength);
  // One to four zeros end the list of items and fill the last word (RFC 3550 6.5).
  const itemsEnd = at + 10 + nameLength;
  const end = itemsEnd + 4 - ((itemsEnd - at) % 4);
  fillBytes(bytes, itemsEnd, end, 0);
  writeHeader(bytes, at, RtcpType.SOURCE_DESCRIPTION, 1, end);
  return end;
}

/**
 * Writes the head of an extended report before its blocks bytes[at + 8 … end) (RFC 3611 2).
 * @returns the offset behind it; `at` when it has no blocks
 */
export function closeExtendedReport(bytes: Bytes, at: number, end: number, ssrcHigh: number, ssrcLow: number): number {
  if (end === at + EXTENDED_HEADER_BYTES) {
    return at;
  }
  writeNumberAt(bytes, at + 4, ssrcHigh);
  writeNumberAt(bytes, at + 6, ssrcLow);
  writeHeader(bytes, at, RtcpType.EXTENDED_REPORT, 0, end);
  return end;
}

/** Writes a goodbye without a reason, 8 octets. Returns the offset behind it. */
export function writeGoodbye(bytes: Bytes, at: number, ssrcHigh: number, ssrcLow: number): number {
  writeNumberAt(bytes, at + 4, ssrcHigh);
  writeNumberAt(bytes, at + 6, ssrcLow);
  writeHeader(bytes, at, RtcpType.GOODBYE, 1, at + 8);
  return at + 8;
}
