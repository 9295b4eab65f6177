// What a sipp peer says: a capture file of RTP packets (RFC 3550) with a tone in G.711 and digits as RFC 4733 events, in one
// stream with one source and running sequence numbers. sipp replays it from its own address to where the SDP points.

import { encode, type Law, PAYLOAD_TYPE } from "../g711";
import { RATE, sine } from "../tone";

export interface TalkOptions {
  law: Law;
  /** Milliseconds a packet. */
  packetTime: number;
  hertz: number;
  /** dBov */
  level: number;
  /** Milliseconds of tone before the digits. */
  tone: number;
  digits: string;
  /** Payload type of the events. */
  telephoneEvent: number;
  /** Milliseconds that a digit lasts. */
  digitTime: number;
  /** Leaves out the first packet of each event, the one with the marker. */
  losesMarker: boolean;
  /** Every packet of this number is lost, sent twice, or sent after the next one; 0: none. */
  loses: number;
  repeats: number;
  swaps: number;
}

/** A voice of the tests: to be changed where a test is about it. */
export const TALK: TalkOptions = {
  law: "PCMU",
  packetTime: 20,
  hertz: 1000,
  level: -20,
  tone: 1200,
  digits: "1",
  telephoneEvent: 101,
  digitTime: 100,
  losesMarker: false,
  loses: 0,
  repeats: 0,
  swaps: 0,
};

const DIGITS = "0123456789*#ABCD";
/** RFC 4733 2.5.1.2: volume 10 dBm0 below zero; the end bit is added. */
const VOLUME = 10;
const END_BIT = 0x80;
/** RFC 4733 2.5.1.4: the final packet is sent three times. */
const END_PACKETS = 3;
/** Milliseconds of tone after each digit. */
const PAUSE = 100;
const SOURCE = 0x1d00f1e5;
const FIRST_SEQUENCE = 65500;
const FIRST_TIMESTAMP = 0xffffe000;

interface Packet {
  /** Milliseconds from the start. */
  at: number;
  octets: Buffer;
}

function headerOf(payloadType: number, marker: boolean, sequence: number, timestamp: number): Buffer {
  const header = Buffer.alloc(12);
  header[0] = 0x80;
  header[1] = payloadType | (marker ? 0x80 : 0);
  header.writeUInt16BE(sequence & 0xffff, 2);
  header.writeUInt32BE((FIRST_TIMESTAMP + timestamp) % 2 ** 32, 4);
  header.writeUInt32BE(SOURCE, 8);
  return header;
}

function packetsOf(options: TalkOptions): Packet[] {
  const packets: Packet[] = [];
  const step = (options.packetTime * RATE) / 1000;
  const total = options.tone + options.digits.length * (options.digitTime + PAUSE + options.packetTime * END_PACKETS);
  const voice = encode(options.law, sine(options.hertz, options.level, (total + 1000) / 1000));
  let sequence = FIRST_SEQUENCE;
  let timestamp = 0;
  const speak = (milliseconds: number) => {
    const end = timestamp + (milliseconds * RATE) / 1000;
    while (timestamp < end) {
      const header = headerOf(PAYLOAD_TYPE[options.law], timestamp === 0, sequence, timestamp);
      packets.push({
        at: (timestamp * 1000) / RATE,
        octets: Buffer.concat([header, voice.subarray(timestamp, timestamp + step)]),
      });
      sequence += 1;
      timestamp += step;
    }
  };
  const press = (digit: string) => {
    const start = timestamp;
    const updates = Math.ceil(options.digitTime / options.packetTime);
    for (let packet = 0; packet < updates + END_PACKETS - 1; packet += 1) {
      const isEnd = packet >= updates - 1;
      const event = Buffer.alloc(4);
      event[0] = DIGITS.indexOf(digit);
      event[1] = VOLUME | (isEnd ? END_BIT : 0);
      event.writeUInt16BE(Math.min(packet + 1, updates) * step, 2);
      if (packet > 0 || !options.losesMarker) {
        const header = headerOf(options.telephoneEvent, packet === 0, sequence, start);
        packets.push({ at: (timestamp * 1000) / RATE, octets: Buffer.concat([header, event]) });
      }
      sequence += 1;
      timestamp += step;
    }
  };
  speak(options.tone);
  for (const digit of options.digits) {
    press(digit);
    speak(PAUSE);
  }
  return packets;
}

/** The packets as a network with faults would deliver them. */
function withFaults(packets: Packet[], options: TalkOptions): Packet[] {
  const isEvery = (nth: number, index: number) => nth > 0 && index % nth === nth - 1;
  const delivered: Packet[] = [];
  packets.forEach((packet, index) => {
    if (isEvery(options.loses, index)) {
      return;
    }
    delivered.push(packet);
    if (isEvery(options.repeats, index)) {
      delivered.push(packet);
    }
  });
  return delivered.map((packet, index) => {
    const isFirst = isEvery(options.swaps, index) && index + 1 < delivered.length;
    const isSecond = isEvery(options.swaps, index - 1) && index > 0;
    const other = isFirst ? delivered[index + 1] : isSecond ? delivered[index - 1] : packet;
    return { at: packet.at, octets: other.octets };
  });
}

/** The octets of a libpcap file (Ethernet, IPv4, UDP) with the talk; addresses and ports in it mean nothing. */
export function talkFile(options: TalkOptions): Buffer {
  const file = Buffer.alloc(24);
  file.writeUInt32LE(0xa1b2c3d4, 0);
  file.writeUInt16LE(2, 4);
  file.writeUInt16LE(4, 6);
  file.writeUInt32LE(65535, 16);
  file.writeUInt32LE(1, 20); // Ethernet
  const records = withFaults(packetsOf(options), options).map(({ at, octets }) => {
    const record = Buffer.alloc(16 + 14 + 20 + 8);
    const captured = 14 + 20 + 8 + octets.length;
    record.writeUInt32LE(Math.floor(at / 1000), 0);
    record.writeUInt32LE(Math.round(at % 1000) * 1000, 4);
    record.writeUInt32LE(captured, 8);
    record.writeUInt32LE(captured, 12);
    record.writeUInt16BE(0x0800, 16 + 12);
    record[16 + 14] = 0x45;
    record.writeUInt16BE(20 + 8 + octets.length, 16 + 14 + 2);
    record[16 + 14 + 8] = 64;
    record[16 + 14 + 9] = 17; // UDP
    record.writeUInt16BE(8 + octets.length, 16 + 14 + 20 + 4);
    return Buffer.concat([record, octets]);
  });
  return Buffer.concat([file, ...records]);
}
