// RTCP of one call (RFC 3550 6.2, 6.4): a report every 2.5 to 7.5 s about what we send and what we hear, the peer's reports
// about us, the round-trip time between them, and the goodbye at the end. NTP times are device time: only differences of
// them are ever used.

import type { Endpoint } from "../../hal/endpoint";
import type { Random } from "../../hal/random";
import type { Udp } from "../../hal/udp";
import { type Bytes, createBytes } from "../bytes/bytes";
import { createWriter, openWriter, putHex, type Writer } from "../bytes/writer";
import { timeBetween } from "../clock/time";
import { createTimer, startTimer, stopTimer, type Timer, type TimerWheel } from "../clock/timer-wheel";
import { Status } from "../sip/status";
import { readHalf } from "./packet";
import {
  createReport,
  parseCompound,
  REPORT_BYTES_MAXIMUM,
  type Report,
  writeGoodbye,
  writeReport,
  writeSourceDescription,
} from "./rtcp";
import { packetsLost, type Stream, streamJitter, takeFractionLost } from "./stream";
import type { Transmission } from "./transmission";

const INTERVAL_MS = 5000; // RFC 3550 6.2: the minimum, times 0.5 … 1.5
const NAME_OCTETS = 16; // RFC 7022 4.2: 64 random bits in hexadecimal
const COMPOUND_BYTES = REPORT_BYTES_MAXIMUM + 28 + 8;
const ROUND_TRIP_MAXIMUM_S = 60;

export interface Control {
  readonly socket: Udp;
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
  control.roundTrip = -1;
  control.remoteFractionLost = 0;
  control.remotePacketsLost = 0;
  control.remoteJitter = 0;
}

function startInterval(control: Control): void {
  control.random.fill(control.compound, 0, 2);
  const part = readHalf(control.compound, 0) & 0x0fff;
  startTimer(control.wheel, control.timer, (INTERVAL_MS >> 1) + ((part * INTERVAL_MS) >> 12));
}

/** Begins anew: another canonical name, nothing heard, the first report within 7.5 s. */
export function startControl(control: Control): void {
  control.random.fill(control.compound, 0, NAME_OCTETS >> 1);
  openWriter(control.writer, control.name, 0, NAME_OCTETS);
  putHex(control.writer, control.compound, 0, NAME_OCTETS >> 1);
  control.packetsAtLast = 0;
  control.packetsAtLastButOne = 0;
  control.reportsSent = 0;
  control.reportsReceived = 0;
  forgetReports(control);
  startInterval(control);
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
  sent.ntpHigh = ((now / 1000) | 0) & 0xffff;
  sent.ntpLow = (((now % 1000) * 65536) / 1000) | 0;
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
  const end = writeReport(control.compound, 0, sent);
  return writeSourceDescription(control.compound, end, sent.ssrcHigh, sent.ssrcLow, control.name, NAME_OCTETS);
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
    block.delayHigh = ((delay / 1000) | 0) & 0xffff;
    block.delayLow = (((delay % 1000) * 65536) / 1000) | 0;
  }
}

function sendCompound(control: Control, length: number): void {
  if (control.remote.port !== 0 && control.socket.write(control.compound, 0, length, control.remote) === 0) {
    control.reportsSent += 1;
  }
}

function onReportDue(owner: object): void {
  const control = owner as Control;
  sendCompound(control, writeReports(control));
  startInterval(control);
}

/** Ends: sends a last report with the goodbye (RFC 3550 6.6). */
export function stopControl(control: Control): void {
  stopTimer(control.wheel, control.timer);
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
  let low = ((((now % 1000) * 65536) / 1000) | 0) - block.lastReportLow - block.delayLow;
  const high = ((now / 1000) | 0) - block.lastReportHigh - block.delayHigh + (low >> 16);
  low &= 0xffff;
  if ((high & 0xffff) < ROUND_TRIP_MAXIMUM_S) {
    control.roundTrip = (high & 0xffff) * 1000 + ((low * 1000) >> 16);
  }
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
  if (received.aboutUs) {
    control.remoteFractionLost = received.block.fractionLost;
    control.remotePacketsLost = received.block.packetsLost;
    control.remoteJitter = received.block.jitterHigh > 0 ? 0xffff : received.block.jitterLow;
    measureRoundTrip(control);
  }
  return Status.OK;
}
