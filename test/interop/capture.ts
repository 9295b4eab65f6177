// What went over the wire: dumpcap's live capture of the loopback interface, taken apart into UDP datagrams and TCP segments
// (libpcap's file format, Ethernet, IPv4 and IPv6), SIP messages and RTP streams. It judges what a peer was sent and explains
// failures. A message that TCP cut into segments is not put together.

import { createSocket } from "node:dgram";
import { decode, type Law, PAYLOAD_TYPE } from "./g711";
import { Program } from "./peers/process";
import { until } from "./waiting";

export interface Datagram {
  /** Seconds since the epoch. */
  time: number;
  protocol: "UDP" | "TCP";
  /** "address:port", an IPv6 address in brackets. */
  source: string;
  /** "address:port" */
  destination: string;
  sourcePort: number;
  destinationPort: number;
  payload: Buffer;
}

const FILE_HEADER = 24;
const RECORD_HEADER = 16;
const ETHERNET_HEADER = 14;
const ETHERTYPE_IPV4 = 0x0800;
const ETHERTYPE_IPV6 = 0x86dd;
const IPV6_HEADER = 40;
const PROTOCOL_TCP = 6;
const PROTOCOL_UDP = 17;
const UDP_HEADER = 8;

/** An IPv4 or IPv6 packet: who sent what to whom. */
interface Packet {
  protocol: number;
  source: string;
  destination: string;
  payload: Buffer;
}

/** Eight groups of hexadecimal digits in brackets; the longest run of zeros is not shortened but for ::1. */
function ipv6Text(octets: Buffer): string {
  const groups = Array.from({ length: 8 }, (_, index) => octets.readUInt16BE(2 * index).toString(16));
  return `[${groups.join(":").replace(/^0:0:0:0:0:0:0:/, "::")}]`;
}

function packetOf(frame: Buffer): Packet | undefined {
  const type = frame.length < ETHERNET_HEADER ? 0 : frame.readUInt16BE(12);
  const packet = frame.subarray(ETHERNET_HEADER);
  if (type === ETHERTYPE_IPV4 && packet.length >= 20) {
    return {
      protocol: packet[9],
      source: packet.subarray(12, 16).join("."),
      destination: packet.subarray(16, 20).join("."),
      payload: packet.subarray((packet[0] & 15) * 4, packet.readUInt16BE(2)),
    };
  }
  if (type === ETHERTYPE_IPV6 && packet.length >= IPV6_HEADER) {
    return {
      protocol: packet[6],
      source: ipv6Text(packet.subarray(8, 24)),
      destination: ipv6Text(packet.subarray(24, 40)),
      payload: packet.subarray(IPV6_HEADER, IPV6_HEADER + packet.readUInt16BE(4)),
    };
  }
  return undefined;
}

/** The UDP datagram or TCP segment of a captured Ethernet frame, or undefined for anything else. */
function datagramOf(time: number, frame: Buffer): Datagram | undefined {
  const packet = packetOf(frame);
  if (packet === undefined || packet.payload.length < UDP_HEADER) {
    return undefined;
  }
  const { protocol, payload } = packet;
  const isTcp = protocol === PROTOCOL_TCP && payload.length >= 20;
  if (!isTcp && protocol !== PROTOCOL_UDP) {
    return undefined;
  }
  const sourcePort = payload.readUInt16BE(0);
  const destinationPort = payload.readUInt16BE(2);
  return {
    time,
    protocol: isTcp ? "TCP" : "UDP",
    source: `${packet.source}:${sourcePort}`,
    destination: `${packet.destination}:${destinationPort}`,
    sourcePort,
    destinationPort,
    payload: Buffer.from(payload.subarray(isTcp ? (payload[12] >> 4) * 4 : UDP_HEADER)),
  };
}

/** Where marks go: the discard port, on which nobody listens. */
const MARK_PORT = 9;
const MARK_ADDRESS = "127.0.0.9";

const SIP_START = /^(SIP\/2\.0 \d{3} |[A-Z]+ sips?:\S+ SIP\/2\.0\r\n)/;

export class Capture {
  readonly datagrams: Datagram[] = [];
  private readonly dumpcap: Program;
  private pending = Buffer.alloc(0);
  private started = false;
  private readonly marker = createSocket("udp4");
  private marks = 0;

  private constructor(directory: string) {
    this.dumpcap = new Program({
      name: "dumpcap",
      command: "dumpcap",
      args: ["-q", "-i", "lo", "-P", "-f", "udp or tcp", "-w", "-"],
      directory,
      onOutput: (chunk) => this.take(chunk),
    });
  }

  /** Starts to capture; everything sent after the promise settles is seen. */
  static async start(directory: string): Promise<Capture> {
    const capture = new Capture(directory);
    await capture.dumpcap.printed(/File: -/);
    return capture;
  }

  /** Waits until everything sent up to now has been captured; returns the number of the next datagram. */
  async mark(): Promise<number> {
    const label = `mark ${this.marks}`;
    this.marks += 1;
    this.marker.send(label, MARK_PORT, MARK_ADDRESS);
    const seen = () => this.datagrams.findLastIndex((datagram) => datagram.payload.toString("latin1") === label) + 1;
    return until(() => seen() || undefined, "a datagram in the capture");
  }

  /** The SIP messages since datagram number `from`, as text. */
  messages(from = 0): { datagram: Datagram; text: string }[] {
    return this.datagrams
      .slice(from)
      .map((datagram) => ({ datagram, text: datagram.payload.toString("utf8") }))
      .filter((message) => SIP_START.test(message.text));
  }

  /**
   * The voice that was sent to a port: samples of the law's packets in the order of their sequence numbers, each taken once.
   * @param from number of the first datagram that counts
   */
  voiceTo(port: number, law: Law, from = 0): Int16Array {
    const packets = new Map<number, Buffer>();
    for (const { payload, destinationPort } of this.datagrams.slice(from)) {
      const isVoice = payload.length > 12 && payload[0] === 0x80 && (payload[1] & 0x7f) === PAYLOAD_TYPE[law];
      if (destinationPort === port && isVoice) {
        packets.set(payload.readUInt16BE(2), payload.subarray(12));
      }
    }
    const ordered = [...packets.entries()].sort((left, right) => ((left[0] - right[0]) << 16) >> 16);
    return decode(law, Buffer.concat(ordered.map((entry) => entry[1])));
  }

  /** The RFC 4733 events that were sent to a port, one entry a packet. */
  eventsTo(port: number, payloadType: number, from = 0): { event: number; end: boolean; timestamp: number }[] {
    return this.datagrams
      .slice(from)
      .filter(({ payload, destinationPort }) => {
        return destinationPort === port && payload.length === 16 && (payload[1] & 0x7f) === payloadType;
      })
      .map(({ payload }) => ({
        event: payload[12],
        end: (payload[13] & 0x80) !== 0,
        timestamp: payload.readUInt32BE(4),
      }));
  }

  /** The messages since datagram number `from`, readable: for the message of a failure. */
  transcript(from = 0): string {
    const messages = this.messages(from);
    const zero = messages.length === 0 ? 0 : messages[0].datagram.time;
    return messages
      .map(({ datagram, text }) => {
        const at = (datagram.time - zero).toFixed(3);
        return `+++ ${at} s  ${datagram.source} > ${datagram.destination}\n${text.replaceAll("\r", "").trimEnd()}`;
      })
      .join("\n");
  }

  private take(chunk: Buffer): void {
    this.pending = Buffer.concat([this.pending, chunk]);
    let at = 0;
    if (!this.started) {
      if (this.pending.length < FILE_HEADER) {
        return;
      }
      this.started = true;
      at = FILE_HEADER;
    }
    while (at + RECORD_HEADER <= this.pending.length) {
      const length = this.pending.readUInt32LE(at + 8);
      if (at + RECORD_HEADER + length > this.pending.length) {
        break;
      }
      const time = this.pending.readUInt32LE(at) + this.pending.readUInt32LE(at + 4) / 1e6;
      const datagram = datagramOf(time, this.pending.subarray(at + RECORD_HEADER, at + RECORD_HEADER + length));
      if (datagram !== undefined) {
        this.datagrams.push(datagram);
      }
      at += RECORD_HEADER + length;
    }
    this.pending = this.pending.subarray(at);
  }
}
