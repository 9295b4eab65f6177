// RTCP extended reports (RFC 3611): our statistics summary of what was heard since the last report, and the answer to a
// peer that only receives and asks for the round trip (blocks RRTR and DLRR). Of received ones only that question counts.

import { type Bytes, fillBytes } from "../bytes/bytes";
import { numberAt, writeNumberAt } from "../bytes/network-order";
import type { Stream } from "./stream";

/** RFC 3611 4. */
const enum BlockType {
  RECEIVER_TIME = 4,
  DELAY_SINCE_LAST = 5,
  SUMMARY = 6,
}

const LOSS_DUPLICATES_JITTER = 0xe0; // the flags L, D and J of RFC 3611 4.6; no TTL
const BLOCK_HEADER_BYTES = 4;
const RECEIVER_TIME_BYTES = 12;
const SUMMARY_BYTES = 40;
const DELAY_BYTES = 16;
/** The most octets that the blocks of one report take. */
export const BLOCKS_BYTES_MAXIMUM = SUMMARY_BYTES + DELAY_BYTES;

const COUNT_MAXIMUM = 2000; // 2,000 squares of 255 ms stay within 27 bits; 20 s of packets of 10 ms
const SPREAD_MAXIMUM_MS = 255;

/** How the interarrival differences and duplicates of an interval are summed up. */
export interface Summary {
  duplicates: number;
  /** Differences, their least and greatest in samples, their sum and that of their squares in milliseconds. */
  count: number;
  least: number;
  greatest: number;
  sum: number;
  squares: number;
}

/** The peer's question for the round trip: its source, the middle of its NTP time, and when it came. */
export interface TimeQuestion {
  asked: boolean;
  ssrcHigh: number;
  ssrcLow: number;
  timeHigh: number;
  timeLow: number;
  arrival: number;
}

/** Boot only: nothing summed up. */
export function createSummary(): Summary {
  return { duplicates: 0, count: 0, least: 0, greatest: 0, sum: 0, squares: 0 };
}

/** Boot only: nothing asked. */
export function createTimeQuestion(): TimeQuestion {
  return { asked: false, ssrcHigh: 0, ssrcLow: 0, timeHigh: 0, timeLow: 0, arrival: 0 };
}

/** Begins an interval. */
export function resetSummary(summary: Summary): void {
  summary.duplicates = 0;
  summary.count = 0;
  summary.least = 0;
  summary.greatest = 0;
  summary.sum = 0;
  summary.squares = 0;
}

/** Takes what `measureJitter` returned. */
export function sumUp(summary: Summary, difference: number): void {
  if (difference < 0 || summary.count === COUNT_MAXIMUM) {
    return;
  }
  const milliseconds = difference >> 3 < SPREAD_MAXIMUM_MS ? difference >> 3 : SPREAD_MAXIMUM_MS;
  summary.least = summary.count === 0 || difference < summary.least ? difference : summary.least;
  summary.greatest = difference > summary.greatest ? difference : summary.greatest;
  summary.count += 1;
  summary.sum += milliseconds;
  summary.squares += milliseconds * milliseconds;
}

/** The greatest number whose square is at most `value`, 0 … 65,025. */
function squareRoot(value: number): number {
  let root = 0;
  while ((root + 1) * (root + 1) <= value) {
    root += 1;
  }
  return root;
}

function writeWord(bytes: Bytes, at: number, value: number): void {
  writeNumberAt(bytes, at, value >> 16);
  writeNumberAt(bytes, at + 2, value & 0xffff);
}

function writeBlockHeader(bytes: Bytes, at: number, type: BlockType, specific: number, length: number): void {
  bytes[at] = type;
  bytes[at + 1] = specific;
  writeNumberAt(bytes, at + 2, (length >> 2) - 1);
}

/**
 * Writes the summary of the interval that `takeFractionLost` ended, 40 octets (RFC 3611 4.6), and begins the next.
 * @returns the offset behind it; `at` when nothing was expected
 */
export function writeSummary(bytes: Bytes, at: number, stream: Stream, summary: Summary): number {
  if (stream.intervalExpected === 0) {
    resetSummary(summary);
    return at;
  }
  const count = summary.count > 0 ? summary.count : 1;
  const sixteenths = ((summary.sum * 16) / count) | 0;
  const variance = ((summary.squares / count) | 0) - ((sixteenths * sixteenths) >> 8);
  writeBlockHeader(bytes, at, BlockType.SUMMARY, LOSS_DUPLICATES_JITTER, SUMMARY_BYTES);
  writeNumberAt(bytes, at + 4, stream.ssrcHigh);
  writeNumberAt(bytes, at + 6, stream.ssrcLow);
  writeNumberAt(bytes, at + 8, stream.intervalBegin);
  writeNumberAt(bytes, at + 10, (stream.intervalBegin + stream.intervalExpected) & 0xffff);
  writeWord(bytes, at + 12, stream.intervalLost);
  writeWord(bytes, at + 16, summary.duplicates);
  writeWord(bytes, at + 20, summary.least);
  writeWord(bytes, at + 24, summary.greatest);
  writeWord(bytes, at + 28, sixteenths >> 1);
  writeWord(bytes, at + 32, squareRoot(variance > 0 ? variance : 0) * 8);
  fillBytes(bytes, at + 36, at + SUMMARY_BYTES, 0);
  resetSummary(summary);
  return at + SUMMARY_BYTES;
}

/**
 * Answers the question, 16 octets (RFC 3611 4.5); it is then answered.
 * @param delayHigh how long ago it came, in 1/65536 s
 * @returns the offset behind the answer; `at` when nothing was asked
 */
export function writeTimeAnswer(
  bytes: Bytes,
  at: number,
  question: TimeQuestion,
  delayHigh: number,
  delayLow: number,
): number {
  if (!question.asked) {
    return at;
  }
  question.asked = false;
  writeBlockHeader(bytes, at, BlockType.DELAY_SINCE_LAST, 0, DELAY_BYTES);
  writeNumberAt(bytes, at + 4, question.ssrcHigh);
  writeNumberAt(bytes, at + 6, question.ssrcLow);
  writeNumberAt(bytes, at + 8, question.timeHigh);
  writeNumberAt(bytes, at + 10, question.timeLow);
  writeNumberAt(bytes, at + 12, delayHigh);
  writeNumberAt(bytes, at + 14, delayLow);
  return at + DELAY_BYTES;
}

/**
 * Looks through the blocks bytes[at … end) of a peer's extended report for its question.
 * @returns whether their lengths hold
 */
export function parseBlocks(bytes: Bytes, at: number, end: number, question: TimeQuestion): boolean {
  let block = at;
  while (block < end) {
    if (end - block < BLOCK_HEADER_BYTES) {
      return false;
    }
    const next = block + BLOCK_HEADER_BYTES + numberAt(bytes, block + 2) * 4;
    if (next > end) {
      return false;
    }
    const type: BlockType = bytes[block];
    if (type === BlockType.RECEIVER_TIME && next - block === RECEIVER_TIME_BYTES) {
      question.asked = true;
      question.timeHigh = numberAt(bytes, block + 6);
      question.timeLow = numberAt(bytes, block + 8);
    }
    block = next;
  }
  return true;
}
