// RTCP of one call (RFC 3550 6.2 … 6.4, 6.6): a report every 2 to 6 s about what we send and what we hear, with the summary
// of RFC 3611, the peer's reports about us, the round-trip time between them, and the goodbye at the end. NTP times are
// device time: only differences of them are ever used.

import type { Endpoint } from "../../hal/endpoint";
import type { Random } from "../../hal/random";
import type { Udp } from "../../hal/udp";
import { type Bytes, createBytes } from "../bytes/bytes";
import { numberAt } from "../bytes/network-order";
import { createWriter, openWriter, putHex, type Writer } from "../bytes/writer";
import { timeBetween } from "../clock/time";
import { createTimer, startTimer, stopTimer, type Timer, type TimerWheel } from "../clock/timer-wheel";
import { Status } from "../sip/status";
import {
  BLOCKS_BYTES_MAXIMUM,
  createSummary,
  createTimeQuestion,
  resetSummary,
  type Summary,
  type TimeQuestion,
  writeSummary,
  writeTimeAnswer,
} from "./extended-report";
import {
  closeExtendedReport,
  createReport,
  EXTENDED_HEADER_BYTES,
  parseCompound,
  REPORT_BYTES_MAXIMUM,
  type Report,
  writeGoodbye,
  writeReport,
  writeSourceDescription,
} from "./rtcp";
import { packetsLost, type Stream, streamJitter, takeFractionLost } from "./stream";
import type { Transmission } from "./transmission";

const INTERVAL_MS = 5000; // RFC 3550 6.2: the minimum, which two participants never exceed; half of it at first
const COMPENSATION = 841; // of 1,024: 1 / (e - 3/2), because of the reconsideration (RFC 3550 6.3.1)
const NAME_OCTETS = 16; // RFC 7022 4.2: 64 random bits in hexadecimal
const COMPOUND_BYTES = REPORT_BYTES_MAXIMUM + 28 + EXTENDED_HEADER_BYTES + BLOCKS_BYTES_MAXIMUM + 8;
const ROUND_TRIP_MAXIMUM_S = 60;

export interface Control {
  /** Where reports are sent from: the owner's choice. */
  socket: Udp;
  readonly random: Random;
  readonly wheel: TimerWheel;
  timer: Timer;
  readonly transmission: Transmission;
  readonly stream: Stream;
  /** Where reports go; the owner's endpoint. */
  readonly remote: Endpoint;
  readonly name: Bytes;
  readonly writer: Writer;
  readonly compound: Bytes;
  readonly sent: Report;
  readonly received: Report;
  /** What was heard since the last report, and the peer's question for the round trip. */
  readonly summary: Summary;
  readonly question: TimeQuestion;
  /** Device time of the last report, or of the start; whether none was sent since the start. */
  lastSent: number;
  initial: boolean;
  /** Packets that had been sent at the last two reports, low halves: a sender is who sent since the last but one. */
  packetsAtLast: number;
  packetsAtLastButOne: number;
  /** The peer's last sender report: the middle of its NTP time, and when it came. */
  lastReportKnown: boolean;
  lastReportHigh: number;
  lastReportLow: number;
  lastReportTime: number;
  /** Milliseconds; -1 before the first answer. */
  roundTrip: number;
  /** What the peer said last about what it hears of us: lost in 1/256 and in packets, jitter in samples. */
  remoteFractionLost: number;
  remotePacketsLost: number;
  remoteJitter: number;
  reportsSent: number;
  reportsReceived: number;
}

/** Boot only. */
export function createControl(
  socket: Udp,
  random: Random,
  wheel: TimerWheel,
  transmission: Transmission,
  stream: Stream,
  remote: Endpoint,
): Control {
  const control = {
    socket,
    random,
    wheel,
    transmission,
    stream,
    remote,
    name: createBytes(NAME_OCTETS),
    writer: createWriter(),
    compound: createBytes(COMPOUND_BYTES),
    sent: createReport(),
    received: createReport(),
    summary: createSummary(),
    question: createTimeQuestion(),
    lastSent: 0,
    initial: true,
    packetsAtLast: 0,
    packetsAtLastButOne: 0,
    lastReportKnown: false,
    lastReportHigh: 0,
    lastReportLow: 0,
    lastReportTime: 0,
    roundTrip: -1,
    remoteFractionLost: 0,
    remotePacketsLost: 0,
    remoteJitter: 0,
    reportsSent: 0,
    reportsReceived: 0,
  } as Control;
  control.timer = createTimer(control, onReportDue);
  return control;
}

/** Forgets what the peer reported, because another peer takes its place. */
export function forgetReports(control: Control): void {
  control.lastReportKnown = false;
  control.question.asked = false;
  resetSummary(control.summary);
  control.roundTrip = -1;
  control.remoteFractionLost = 0;
  control.remotePacketsLost = 0;
  control.remoteJitter = 0;
}

/** An interval between reports, milliseconds: 0.5 to 1.5 times the least one, compensated (RFC 3550 6.3.1, A.7). */
function drawInterval(control: Control): number {
  control.random.fill(control.compound, 0, 2);
  const least = control.initial ? INTERVAL_MS >> 1 : INTERVAL_MS;
  const part = numberAt(control.compound, 0) & 0x0fff;
  return (((least >> 1) + ((part * least) >> 12)) * COMPENSATION) >> 10;
}

/** Begins anew: another canonical name, nothing heard, the first report within 3.1 s. */
export function startControl(control: Control): void {
  control.random.fill(control.compound, 0, NAME_OCTETS >> 1);
  openWriter(control.writer, control.name, 0, NAME_OCTETS);
  putHex(control.writer, control.compound, 0, NAME_OCTETS >> 1);
  control.packetsAtLast = 0;
  control.packetsAtLastButOne = 0;
  control.reportsSent = 0;
  control.reportsReceived = 0;
  forgetReports(control);
  control.initial = true;
  control.lastSent = control.wheel.now;
  startTimer(control.wheel, control.timer, drawInterval(control));
}

/** Fills `control.sent` and writes it with the source description. Returns the octets of the compound. */
function writeReports(control: Control): number {
  const sent = control.sent;
  const header = control.transmission.header;
  const packets = control.transmission.packets;
  const octets = control.transmission.octets;
  const now = control.wheel.now;
  sent.ssrcHigh = header.ssrcHigh;
  sent.ssrcLow = header.ssrcLow;
  sent.isSender = packets.low !== control.packetsAtLastButOne;
  sent.ntpHigh = secondsOf(now);
  sent.ntpLow = fractionOf(now);
  sent.timestampHigh = header.timestampHigh;
  sent.timestampLow = header.timestampLow;
  sent.packetsHigh = packets.high;
  sent.packetsLow = packets.low;
  sent.octetsHigh = octets.high;
  sent.octetsLow = octets.low;
  sent.aboutUs = control.stream.known;
  if (sent.aboutUs) {
    fillBlock(control, now);
  }
  control.packetsAtLastButOne = control.packetsAtLast;
  control.packetsAtLast = packets.low;
  const compound = control.compound;
  let end = writeReport(compound, 0, sent);
  end = writeSourceDescription(compound, end, sent.ssrcHigh, sent.ssrcLow, control.name, NAME_OCTETS);
  let blocksEnd = end + EXTENDED_HEADER_BYTES;
  if (sent.aboutUs) {
    blocksEnd = writeSummary(compound, blocksEnd, control.stream, control.summary);
  }
  const delay = timeBetween(control.question.arrival, now);
  blocksEnd = writeTimeAnswer(compound, blocksEnd, control.question, secondsOf(delay), fractionOf(delay));
  return closeExtendedReport(compound, end, blocksEnd, sent.ssrcHigh, sent.ssrcLow);
}

/** The whole seconds of a time in milliseconds, 16 bits, and the rest in 1/65536 s. */
function secondsOf(milliseconds: number): number {
  return ((milliseconds / 1000) | 0) & 0xffff;
}

function fractionOf(milliseconds: number): number {
  return (((milliseconds % 1000) * 65536) / 1000) | 0;
}

/** The block about what we hear of the peer. */
function fillBlock(control: Control, now: number): void {
  const block = control.sent.block;
  const stream = control.stream;
  block.ssrcHigh = stream.ssrcHigh;
  block.ssrcLow = stream.ssrcLow;
  block.fractionLost = takeFractionLost(stream);
  block.packetsLost = packetsLost(stream);
  block.cycles = stream.cycles;
  block.sequence = stream.maximum;
  block.jitterHigh = streamJitter(stream) >> 16;
  block.jitterLow = streamJitter(stream) & 0xffff;
  block.lastReportHigh = 0;
  block.lastReportLow = 0;
  block.delayHigh = 0;
  block.delayLow = 0;
  const delay = timeBetween(control.lastReportTime, now);
  if (control.lastReportKnown && delay >= 0) {
    block.lastReportHigh = control.lastReportHigh;
    block.lastReportLow = control.lastReportLow;
    block.delayHigh = secondsOf(delay);
    block.delayLow = fractionOf(delay);
  }
}

function sendCompound(control: Control, length: number): void {
  if (control.remote.port !== 0 && control.socket.write(control.compound, 0, length, control.remote) === 0) {
    control.reportsSent += 1;
  }
}

function onReportDue(owner: object): void {
  const control = owner as Control;
  // Reconsidered with another random interval (RFC 3550 6.3.6), so that stations that started together drift apart.
  const elapsed = timeBetween(control.lastSent, control.wheel.now);
  const interval = drawInterval(control);
  if (interval > elapsed) {
    startTimer(control.wheel, control.timer, interval - elapsed);
    return;
  }
  sendCompound(control, writeReports(control));
  control.initial = false;
  control.lastSent = control.wheel.now;
  startTimer(control.wheel, control.timer, drawInterval(control));
}

/** Ends: sends a last report with the goodbye, unless nothing was ever sent (RFC 3550 6.3.7). */
export function stopControl(control: Control): void {
  const packets = control.transmission.packets;
  stopTimer(control.wheel, control.timer);
  if (packets.low === 0 && packets.high === 0 && control.reportsSent === 0) {
    return;
  }
  const end = writeReports(control);
  const header = control.transmission.header;
  sendCompound(control, writeGoodbye(control.compound, end, header.ssrcHigh, header.ssrcLow));
}

/** Now, less when our last report went and how long the peer kept it (RFC 3550 6.4.1), when it answers one at all. */
function measureRoundTrip(control: Control): void {
  const block = control.received.block;
  if (block.lastReportHigh === 0 && block.lastReportLow === 0) {
    return;
  }
  const now = control.wheel.now;
  let low = fractionOf(now) - block.lastReportLow - block.delayLow;
  const high = ((now / 1000) | 0) - block.lastReportHigh - block.delayHigh + (low >> 16);
  low &= 0xffff;
  if ((high & 0xffff) < ROUND_TRIP_MAXIMUM_S) {
    control.roundTrip = (high & 0xffff) * 1000 + ((low * 1000) >> 16);
  }
}

function copyQuestion(into: TimeQuestion, from: TimeQuestion, arrival: number): void {
  into.asked = true;
  into.ssrcHigh = from.ssrcHigh;
  into.ssrcLow = from.ssrcLow;
  into.timeHigh = from.timeHigh;
  into.timeLow = from.timeLow;
  into.arrival = arrival;
}

/**
 * Takes the datagram bytes[start … end) from the peer's RTCP port.
 * @returns OK, or MALFORMED; `control.received.goodbye` then says whether the peer's source leaves
 */
export function receiveControl(control: Control, bytes: Bytes, start: number, end: number): Status {
  const header = control.transmission.header;
  const stream = control.stream;
  const received = control.received;
  const status = parseCompound(
    bytes,
    start,
    end,
    header.ssrcHigh,
    header.ssrcLow,
    stream.ssrcHigh,
    stream.ssrcLow,
    received,
  );
  if (status !== Status.OK) {
    return status;
  }
  control.reportsReceived += 1;
  if (received.isSender) {
    control.lastReportKnown = true;
    control.lastReportHigh = received.ntpHigh;
    control.lastReportLow = received.ntpLow;
    control.lastReportTime = control.wheel.now;
  }
  if (received.question.asked) {
    copyQuestion(control.question, received.question, control.wheel.now);
  }
  if (received.aboutUs) {
    control.remoteFractionLost = received.block.fractionLost;
    control.remotePacketsLost = received.block.packetsLost;
    control.remoteJitter = received.block.jitterHigh > 0 ? 0xffff : received.block.jitterLow;
    measureRoundTrip(control);
  }
  return Status.OK;
}
