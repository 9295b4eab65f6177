// Telephone events (RFC 4733): the keys of a telephone as RTP payloads, 4 octets each. Received ones are reported once an
// event, whichever packet of it arrives; sent ones run through a queue. Only the events 0 … 15 count: 0-9, *, #, A-D.

import { type Bytes, createBytes, createWords, type Words } from "../bytes/bytes";
import { numberAt, writeNumberAt } from "../bytes/network-order";
import { Status } from "../sip/status";
import { SAMPLES_PER_MS, timestampAfter, timestampBetween } from "./timestamp";

/** Octets of one event in a payload (RFC 4733 2.3). */
export const TELEPHONE_EVENT_BYTES = 4;
/** Digits that may wait to be sent. */
export const DIGIT_QUEUE_LENGTH = 16;

const LAST_DIGIT = 15; // RFC 4733 3.2
const END_BIT = 0x80;
const VOLUME = 10; // -10 dBm0, what telephones send
const DURATION_MAXIMUM = 0xffff; // RFC 4733 2.5.1.3: a longer event goes on in a new segment
const STEP_SAMPLES = 160; // an update every 20 ms
const END_PACKETS = 3; // RFC 4733 2.5.1.4
const GAP_STEPS = 3; // 60 ms of pause behind the last end packet, besides the 40 ms that the end packets take
const REMEMBERED = 8; // events that a straggler may still belong to

/** Shortest and longest digit that is sent, milliseconds; the longest stays within one segment. */
export const DIGIT_MINIMUM_MS = 40;
export const DIGIT_MAXIMUM_MS = 8000;

/** An event that was seen. */
interface SeenEvent {
  digit: number;
  /** 27 bits, of its newest segment. */
  timestamp: number;
  /** The longest that was seen, samples. */
  duration: number;
  ended: boolean;
}

/** What of the received events is remembered. */
export interface EventReceiver {
  /** A ring; the newest is the one before `next`. */
  readonly seen: SeenEvent[];
  next: number;
  count: number;
}

/** Boot only: a receiver that has seen nothing. */
export function createEventReceiver(): EventReceiver {
  const receiver: EventReceiver = { seen: [], next: 0, count: 0 };
  for (let index = 0; index < REMEMBERED; index += 1) {
    receiver.seen.push({ digit: 0, timestamp: 0, duration: 0, ended: false });
  }
  return receiver;
}

/** Forgets all events. */
export function resetEventReceiver(receiver: EventReceiver): void {
  receiver.next = 0;
  receiver.count = 0;
}

/**
 * Whether a packet belongs to a seen event. The same event has the same timestamp; a long one goes on 0xffff later; and
 * some senders move the timestamp on with each packet, which shows as an event that begins inside itself.
 */
function belongsTo(event: SeenEvent, digit: number, timestamp: number): boolean {
  if (event.digit !== digit) {
    return false;
  }
  const behind = timestampBetween(event.timestamp, timestamp);
  if (behind === 0 || behind === DURATION_MAXIMUM || behind === -DURATION_MAXIMUM) {
    return true;
  }
  return behind > 0 && behind < (event.ended ? event.duration : event.duration + STEP_SAMPLES + 1);
}

/**
 * Takes the event at bytes[at … at + 4) of a packet.
 * @param timestamp when the event began, 27 bits
 * @returns the digit 0 … 15 when this is the first that is heard of it, else -1
 */
export function receiveEvent(receiver: EventReceiver, bytes: Bytes, at: number, timestamp: number): number {
  const digit = bytes[at];
  if (digit > LAST_DIGIT) {
    return -1;
  }
  const ended = (bytes[at + 1] & END_BIT) !== 0;
  const duration = numberAt(bytes, at + 2);
  for (let index = 0; index < receiver.count; index += 1) {
    const event = receiver.seen[index];
    if (belongsTo(event, digit, timestamp)) {
      const behind = timestampBetween(event.timestamp, timestamp);
      if (behind > 0) {
        event.timestamp = timestamp;
        event.duration = duration;
      } else if (behind === 0 && duration > event.duration) {
        event.duration = duration;
      }
      event.ended = event.ended || ended;
      return -1;
    }
  }
  const event = receiver.seen[receiver.next];
  event.digit = digit;
  event.timestamp = timestamp;
  event.duration = duration;
  event.ended = ended;
  receiver.next = (receiver.next + 1) % REMEMBERED;
  if (receiver.count < REMEMBERED) {
    receiver.count += 1;
  }
  return digit;
}

/** Where in an event the sender is. */
const enum Phase {
  IDLE = 0,
  /** The key is down. */
  PRESSED = 1,
  /** The key is up, and the end is told again. */
  ENDING = 2,
  /** The pause behind a digit; speech goes on. */
  GAP = 3,
}

/** The digits to be sent. Its clock is the samples of the speech that they replace. */
export interface EventSender {
  readonly digits: Bytes;
  /** Samples, a digit each. */
  readonly durations: Words;
  first: number;
  count: number;
  phase: Phase;
  /** Samples until the next step. */
  untilStep: number;
  /** Samples that the present event has lasted. */
  duration: number;
  /** End packets or steps of the pause that remain. */
  remaining: number;
  /** The event's timestamp: speech's when it began. */
  timestampHigh: number;
  timestampLow: number;
}

/** Boot only: a sender with nothing to send. */
export function createEventSender(): EventSender {
  return {
    digits: createBytes(DIGIT_QUEUE_LENGTH),
    durations: createWords(DIGIT_QUEUE_LENGTH),
    first: 0,
    count: 0,
    phase: Phase.IDLE,
    untilStep: 0,
    duration: 0,
    remaining: 0,
    timestampHigh: 0,
    timestampLow: 0,
  };
}

/** Drops all digits, the present one too. */
export function resetEventSender(sender: EventSender): void {
  sender.first = 0;
  sender.count = 0;
  sender.phase = Phase.IDLE;
}

/**
 * Queues a digit.
 * @param digit 0 … 15
 * @param milliseconds how long the key is down, clipped to 40 … 8000
 * @returns OK, MALFORMED for another digit, FULL when 16 wait
 */
export function queueDigit(sender: EventSender, digit: number, milliseconds: number): Status {
  if (digit < 0 || digit > LAST_DIGIT) {
    return Status.MALFORMED;
  }
  if (sender.count === DIGIT_QUEUE_LENGTH) {
    return Status.FULL;
  }
  let duration = milliseconds < DIGIT_MINIMUM_MS ? DIGIT_MINIMUM_MS : milliseconds;
  duration = duration > DIGIT_MAXIMUM_MS ? DIGIT_MAXIMUM_MS : duration;
  const at = (sender.first + sender.count) % DIGIT_QUEUE_LENGTH;
  sender.digits[at] = digit;
  sender.durations[at] = duration * SAMPLES_PER_MS;
  sender.count += 1;
  return Status.OK;
}

/** Begins the next digit; the caller has checked that one waits and none is under way. */
export function beginEvent(sender: EventSender, timestampHigh: number, timestampLow: number): void {
  sender.phase = Phase.PRESSED;
  sender.duration = 0;
  sender.untilStep = STEP_SAMPLES;
  sender.timestampHigh = timestampHigh;
  sender.timestampLow = timestampLow;
}

/** Whether event packets are sent in place of speech. */
export function replacesSpeech(sender: EventSender): boolean {
  return sender.phase === Phase.PRESSED || sender.phase === Phase.ENDING;
}

/** Samples until `stepEvent` is due; meaningful while a digit or its pause is under way. */
export function samplesToStep(sender: EventSender): number {
  return sender.untilStep;
}

/** Whether a digit or its pause is under way, so that its samples must be counted. */
export function eventUnderWay(sender: EventSender): boolean {
  return sender.phase !== Phase.IDLE;
}

/** Takes the digit that was just sent from the queue. */
function finishDigit(sender: EventSender): void {
  sender.first = (sender.first + 1) % DIGIT_QUEUE_LENGTH;
  sender.count -= 1;
}

function writeEvent(sender: EventSender, bytes: Bytes, at: number): void {
  bytes[at] = sender.digits[sender.first];
  bytes[at + 1] = sender.phase === Phase.ENDING ? END_BIT | VOLUME : VOLUME;
  writeNumberAt(bytes, at + 2, sender.duration);
}

/**
 * Counts `samples` of time, at most `samplesToStep`, and writes the event's payload to bytes[at … at + 4) when one is due.
 * @returns whether a payload was written
 */
export function stepEvent(sender: EventSender, samples: number, bytes: Bytes, at: number): boolean {
  sender.untilStep -= samples;
  if (sender.untilStep > 0) {
    return false;
  }
  sender.untilStep = STEP_SAMPLES;
  if (sender.phase === Phase.GAP) {
    sender.remaining -= 1;
    if (sender.remaining === 0) {
      sender.phase = Phase.IDLE;
    }
    return false;
  }
  if (sender.phase === Phase.PRESSED) {
    sender.duration += STEP_SAMPLES;
    if (sender.duration >= sender.durations[sender.first]) {
      sender.phase = Phase.ENDING;
      sender.remaining = END_PACKETS;
    }
  }
  writeEvent(sender, bytes, at);
  if (sender.phase === Phase.ENDING) {
    sender.remaining -= 1;
    if (sender.remaining === 0) {
      finishDigit(sender);
      sender.phase = Phase.GAP;
      sender.remaining = GAP_STEPS;
    }
  }
  return true;
}

/** The timestamp of the event that follows one of `duration` samples in the same payload (RFC 4733 2.5.1.5). */
export function timestampOfNextEvent(bytes: Bytes, at: number, timestamp: number): number {
  return timestampAfter(timestamp, numberAt(bytes, at + 2));
}
