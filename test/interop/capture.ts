// What went over the wire: dumpcap's live capture of the loopback interface, taken apart into UDP datagrams (libpcap's file
// format, Ethernet, IPv4, UDP), SIP messages and RTP streams. It judges what a peer was sent and explains failures.

import { createSocket } from "node:dgram";
import { decode, type Law, PAYLOAD_TYPE } from "./g711";
import { Program } from "./peers/process";
import { until } from "./waiting";

export interface Datagram {
  /** Seconds since the epoch. */
  time: number;
  /** "address:port" */
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
const PROTOCOL_UDP = 17;

/** A datagram of a captured Ethernet frame, or undefined for anything that is no UDP over IPv4. */
function datagramOf(time: number, frame: Buffer): Datagram | undefined {
  if (frame.length < ETHERNET_HEADER + 28 || frame.readUInt16BE(12) !== ETHERTYPE_IPV4) {
    return undefined;
  }
  const packet = frame.subarray(ETHERNET_HEADER);
  const headerLength = (packet[0] & 15) * 4;
  if (packet[9] !== PROTOCOL_UDP || packet.length < headerLength + 8) {
    return undefined;
  }
  const udp = packet.subarray(headerLength);
  const sourcePort = udp.readUInt16BE(0);
  const destinationPort = udp.readUInt16BE(2);
  return {
    time,
    source: `${packet.subarray(12, 16).join(".")}:${sourcePort}`,
    destination: `${packet.subarray(16, 20).join(".")}:${destinationPort}`,
    sourcePort,
    destinationPort,
    payload: Buffer.from(udp.subarray(8, udp.readUInt16BE(4))),
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
      args: ["-q", "-i", "lo", "-P", "-f", "udp", "-w", "-"],
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
