// A machine's end of one TCP connection to the board (RFC 9293), as far as a test needs it: it connects, says something, acknowledges in order
// what comes, and may fall silent as a machine does whose power is cut. It sends nothing again: nothing is lost on the cable.

import { type Cable, HOST } from "./cable";
import { type Packet, Protocol, transportChecksum, word } from "./frames";

export const enum TcpFlag {
  FIN = 1,
  SYN = 2,
  RST = 4,
  PSH = 8,
  ACK = 16,
}

export interface Segment {
  sequence: number;
  acknowledgment: number;
  flags: number;
  payload: Buffer;
}

const HEADER = 20;
const PORT = 40000;
const WINDOW = 8192;
const FIRST_SEQUENCE = 0xffff_fff0;

function doubleWord(value: number): Buffer {
  const octets = Buffer.alloc(4);
  octets.writeUInt32BE(value >>> 0);
  return octets;
}

function readSegment(octets: Buffer): Segment {
  return {
    sequence: octets.readUInt32BE(4),
    acknowledgment: octets.readUInt32BE(8),
    flags: octets[13],
    payload: octets.subarray(4 * (octets[12] >> 4)),
  };
}

export class TcpPeer {
  /** What the board sent, in order. */
  readonly segments: Segment[] = [];
  /** Answers nothing any more. */
  isSilent = false;
  isConnected = false;
  #sequence = FIRST_SEQUENCE;
  #expected = 0;

  /** Asks for the connection; it stands when `isConnected`. */
  constructor(
    readonly cable: Cable,
    readonly address: string,
    readonly port: number,
  ) {
    cable.onTcp = (packet) => this.#take(packet);
    this.#send(TcpFlag.SYN);
    this.#sequence += 1;
  }

  write(text: string): void {
    const payload = Buffer.from(text, "latin1");
    this.#send(TcpFlag.ACK | TcpFlag.PSH, payload);
    this.#sequence += payload.length;
  }

  /** Whether a segment with the flag came. */
  came(flag: TcpFlag): boolean {
    return this.segments.some(({ flags }) => (flags & flag) !== 0);
  }

  #take({ source, payload }: Packet): void {
    const isOurs = source === this.address && payload.readUInt16BE(0) === this.port && payload.readUInt16BE(2) === PORT;
    if (!isOurs) {
      return;
    }
    const segment = readSegment(payload);
    this.segments.push(segment);
    const isBegin = (segment.flags & TcpFlag.SYN) !== 0;
    const length = segment.payload.length + (isBegin || (segment.flags & TcpFlag.FIN) !== 0 ? 1 : 0);
    if (this.isSilent || length === 0 || !(isBegin || segment.sequence === this.#expected)) {
      return;
    }
    this.isConnected ||= isBegin;
    this.#expected = (segment.sequence + length) >>> 0;
    this.#send(TcpFlag.ACK);
  }

  #send(flags: number, payload = Buffer.alloc(0)): void {
    const segment = Buffer.concat([
      ...[word(PORT), word(this.port), doubleWord(this.#sequence), doubleWord(this.#expected)],
      ...[Buffer.of((HEADER / 4) << 4, flags), word(WINDOW), word(0), word(0), payload],
    ]);
    const packet = { protocol: Protocol.TCP, source: HOST, destination: this.address, payload: segment };
    segment.writeUInt16BE(transportChecksum(packet), 16);
    this.cable.sendPacket(packet);
  }
}
