// A registrar and a telephone in one, for a board in QEMU: answers what a station asks, talks in PCMU at the pace of the wall clock and
// counts what comes by its sequence numbers (RFC 3550 A.1, A.3). It challenges nobody and judges no message: the interop suites do.

import { createSocket } from "node:dgram";

/** Where a board behind QEMU's forwarder sees the loopback interface. */
export const HOST_ADDRESS = "10.0.2.2";

const PACKET_MS = 20;
const PACKET_SAMPLES = 160;
const RTP_HEADER = 12;
const RTP_TYPE_PCMU = 0;
const RTP_TYPE_DIGIT = 101;
const RTCP_SENDER = 200;
const RTCP_RECEIVER = 201;
/** How often the pace is looked at, milliseconds: below a packet. */
const PACE_MS = 5;
const PORT_TRIES = 50;
const HEARD_SAMPLES = 16000;
/** The digital milliwatt of ITU-T G.711, table 6: 1000 Hz at -6.15 dBov. */
const MILLIWATT = [0x1e, 0x0b, 0x0b, 0x1e, 0x9e, 0x8b, 0x8b, 0x9e];
export const PEER_TONE = { hertz: 1000, level: -6.15 };
/** Of a telephone event, in samples: 100 ms, sent with the pace of voice, its end three times (RFC 4733 2.5.1.4). */
const DIGIT_PACKETS = 5;
const DIGIT_ENDS = 3;

/** What a call's voice came to, as the peer counted it. */
export interface VoiceCount {
  sent: number;
  received: number;
  /** By the sequence numbers between the first and the last: never came, came twice or late. */
  lost: number;
  reordered: number;
  /** What the station's last RTCP report says: packets that it has sent; of ours, lost; interarrival jitter in samples. */
  stationSent: number;
  stationLost: number;
  stationJitter: number;
}

function createCount(): VoiceCount {
  return { sent: 0, received: 0, lost: 0, reordered: 0, stationSent: 0, stationLost: 0, stationJitter: 0 };
}

function linear(octet: number): number {
  const bits = ~octet & 0xff;
  const magnitude = ((((bits & 15) << 3) + 132) << ((bits >> 4) & 7)) - 132;
  return (bits & 0x80) === 0 ? magnitude : -magnitude;
}

function header(message: string, name: string): string {
  return new RegExp(`^${name}:\\s*(.*)$`, "im").exec(message)?.[1].trim() ?? "";
}

function headers(message: string, name: string): string[] {
  return [...message.matchAll(new RegExp(`^${name}:.*$`, "gim"))].map(([line]) => line.trimEnd());
}

/** Where a datagram came from. */
export interface PeerEndpoint {
  address: string;
  port: number;
}

/** What the peer needs of a socket; Node's are such. */
export interface PeerSocket {
  on(event: "message", listener: (octets: Buffer, from: PeerEndpoint) => void): unknown;
  send(octets: Uint8Array | string, port: number, address: string): void;
  address(): { port: number };
  close(): void;
}

/** A network that the peer lives in. */
export interface PeerNetwork {
  family: 4 | 6;
  /** Where the board sees the peer; an address of IPv6 without brackets. */
  host: string;
  /** Opens a port, any when it is 0; undefined when it is taken. */
  bind(port: number): Promise<PeerSocket | undefined>;
}

/** The loopback interface behind QEMU's own network, where the board has the same address as everybody. */
function createLoopback(family: 4 | 6, host: string, own: string): PeerNetwork {
  return {
    ...{ family, host },
    bind: async (port) => {
      const socket = createSocket(family === 4 ? "udp4" : "udp6");
      const isBound = await new Promise<boolean>((resolve) => {
        socket.once("error", () => resolve(false));
        socket.bind(port, own, () => resolve(true));
      });
      return isBound ? socket : undefined;
    },
  };
}

export const LOOPBACK = createLoopback(4, HOST_ADDRESS, "127.0.0.1");

/** RTP on an even port and RTCP above it (RFC 3550 11). */
async function boundPair(network: PeerNetwork): Promise<[PeerSocket, PeerSocket]> {
  for (let tries = 0; tries < PORT_TRIES; tries += 1) {
    const port = 20000 + 2 * Math.floor(Math.random() * 5000);
    const rtp = await network.bind(port);
    const rtcp = rtp === undefined ? undefined : await network.bind(port + 1);
    if (rtp !== undefined && rtcp !== undefined) {
      return [rtp, rtcp];
    }
    rtp?.close();
  }
  throw new Error("no pair of ports is free");
}

export class VoicePeer {
  /** Methods of the requests that came, in order. */
  readonly requests: string[] = [];
  /** The voice of the call that is on, or of the last one. */
  count = createCount();
  isTalking = false;
  #invite = "";
  #from: PeerEndpoint | undefined;
  #media: PeerEndpoint | undefined;
  #pace: NodeJS.Timeout | undefined;
  #startedAt = 0;
  #highest = -1;
  #first = -1;
  #sequence = 0;
  #digit: { code: number; packet: number; timestamp: number } | undefined;
  #heard: number[] = [];
  #cseq = 1;

  private constructor(
    readonly network: PeerNetwork,
    readonly sip: PeerSocket,
    readonly rtp: PeerSocket,
    readonly rtcp: PeerSocket,
  ) {
    sip.on("message", (octets, from) => this.#take(octets.toString("utf8"), from));
    rtp.on("message", (octets) => this.#hear(octets));
    rtcp.on("message", (octets) => this.#takeReport(octets));
  }

  static async open(network = LOOPBACK): Promise<VoicePeer> {
    const sip = await network.bind(0);
    if (sip === undefined) {
      throw new Error("no port is free");
    }
    return new VoicePeer(network, sip, ...(await boundPair(network)));
  }

  /** The host and port of a SIP URI by which the board reaches it. */
  get address(): string {
    const { family, host } = this.network;
    return `${family === 6 ? `[${host}]` : host}:${this.sip.address().port}`;
  }

  close(): void {
    this.#silence();
    for (const socket of [this.sip, this.rtp, this.rtcp]) {
      socket.close();
    }
  }

  /** How many requests of a method came. */
  asked(method: string): number {
    return this.requests.filter((request) => request === method).length;
  }

  /** The last samples that it heard. */
  heard(): Int16Array {
    return Int16Array.from(this.#heard);
  }

  /** Sends a digit as a telephone event, in place of voice meanwhile. */
  sendDigit(code: number): void {
    this.#digit = { code, packet: 0, timestamp: this.count.sent * PACKET_SAMPLES };
  }

  /** Ends the call. */
  hangUp(): void {
    const target = /<([^>]+)>/.exec(header(this.#invite, "Contact"))?.[1] ?? "";
    const words = [
      `BYE ${target} SIP/2.0`,
      `Via: SIP/2.0/UDP ${this.address};branch=z9hG4bK-bye-${this.#cseq};rport`,
      "Max-Forwards: 70",
      `From: ${header(this.#invite, "To")};tag=peer`,
      `To: ${header(this.#invite, "From")}`,
      `Call-ID: ${header(this.#invite, "Call-ID")}`,
      `CSeq: ${this.#cseq} BYE`,
      "Content-Length: 0",
    ];
    this.#cseq += 1;
    this.#silence();
    this.#send(words, "");
  }

  #send(lines: string[], body: string): void {
    if (this.#from !== undefined) {
      this.sip.send(`${lines.join("\r\n")}\r\n\r\n${body}`, this.#from.port, this.#from.address);
    }
  }

  #take(message: string, from: PeerEndpoint): void {
    const method = /^[A-Z]+(?= sip)/.exec(message)?.[0];
    if (method === undefined) {
      return;
    }
    this.requests.push(method);
    this.#from = from;
    if (method === "ACK") {
      return;
    }
    const isInvite = method === "INVITE";
    const body = isInvite ? this.#answer(message, from) : "";
    // The BYE of an earlier call may come late: its board had no network.
    if ((method === "BYE" || method === "CANCEL") && this.#isOfCall(message)) {
      this.#silence();
    }
    const to = header(message, "To");
    this.#send(
      [
        "SIP/2.0 200 OK",
        ...headers(message, "Via"),
        `From: ${header(message, "From")}`,
        `To: ${to}${to.includes("tag=") ? "" : ";tag=peer"}`,
        `Call-ID: ${header(message, "Call-ID")}`,
        `CSeq: ${header(message, "CSeq")}`,
        ...(method === "REGISTER" ? [...headers(message, "Contact"), "Expires: 600"] : []),
        ...(isInvite ? [`Contact: <sip:person@${this.address}>`, "Content-Type: application/sdp"] : []),
        `Content-Length: ${body.length}`,
      ],
      body,
    );
  }

  /** Whether a message is of the call that is on, or of the last one. */
  #isOfCall(message: string): boolean {
    return header(message, "Call-ID") === header(this.#invite, "Call-ID");
  }

  /** Takes an offer and begins to talk; a later one in the call changes only where to. */
  #answer(message: string, from: PeerEndpoint): string {
    const port = Number(/^m=audio (\d+)/m.exec(message)?.[1]);
    const isNew = !this.#isOfCall(message);
    this.#invite = message;
    this.#media = { address: from.address, port };
    if (isNew) {
      this.#talk();
    }
    const at = `IN IP${this.network.family} ${this.network.host}`;
    return [
      ...["v=0", `o=- 1 ${this.asked("INVITE")} ${at}`, "s=-", `c=${at}`, "t=0 0"],
      `m=audio ${this.rtp.address().port} RTP/AVP ${RTP_TYPE_PCMU} ${RTP_TYPE_DIGIT}`,
      `a=rtpmap:${RTP_TYPE_DIGIT} telephone-event/8000`,
      ...["a=ptime:20", "a=sendrecv", ""],
    ].join("\r\n");
  }

  #talk(): void {
    this.#silence();
    this.count = createCount();
    this.#highest = -1;
    this.#sequence = 0;
    this.#heard = [];
    this.#startedAt = performance.now();
    this.isTalking = true;
    this.#pace = setInterval(() => this.#keepPace(), PACE_MS);
  }

  #silence(): void {
    clearInterval(this.#pace);
    this.isTalking = false;
  }

  #keepPace(): void {
    while (performance.now() - this.#startedAt >= this.count.sent * PACKET_MS && this.#media !== undefined) {
      this.rtp.send(this.#packet(), this.#media.port, this.#media.address);
      this.count.sent += 1;
    }
  }

  #packet(): Buffer {
    const digit = this.#digit;
    const packet = Buffer.alloc(RTP_HEADER + (digit === undefined ? PACKET_SAMPLES : 4));
    packet[0] = 0x80;
    packet[1] = digit === undefined ? RTP_TYPE_PCMU : RTP_TYPE_DIGIT | (digit.packet === 0 ? 0x80 : 0);
    packet.writeUInt16BE(this.#sequence & 0xffff, 2);
    packet.writeUInt32BE(digit?.timestamp ?? this.count.sent * PACKET_SAMPLES, 4);
    packet.writeUInt32BE(0x50454552, 8);
    this.#sequence += 1;
    if (digit === undefined) {
      for (let index = 0; index < PACKET_SAMPLES; index += 1) {
        packet[RTP_HEADER + index] = MILLIWATT[index % MILLIWATT.length];
      }
      return packet;
    }
    digit.packet += 1;
    const isEnd = digit.packet > DIGIT_PACKETS;
    packet[RTP_HEADER] = digit.code;
    packet[RTP_HEADER + 1] = isEnd ? 0x8a : 0x0a;
    packet.writeUInt16BE(Math.min(digit.packet, DIGIT_PACKETS) * PACKET_SAMPLES, RTP_HEADER + 2);
    if (digit.packet === DIGIT_PACKETS + DIGIT_ENDS) {
      this.#digit = undefined;
    }
    return packet;
  }

  #hear(packet: Buffer): void {
    if (!this.isTalking || packet.length < RTP_HEADER) {
      return;
    }
    const sequence = packet.readUInt16BE(2);
    const { count } = this;
    count.received += 1;
    if (this.#highest < 0) {
      this.#first = sequence;
      this.#highest = sequence;
    } else {
      const step = ((sequence - this.#highest + 0x18000) & 0xffff) - 0x8000;
      count.reordered += step > 0 ? 0 : 1;
      this.#highest += Math.max(step, 0);
    }
    count.lost = this.#highest - this.#first + 1 - count.received;
    for (const octet of packet.subarray(RTP_HEADER)) {
      this.#heard.push(linear(octet));
    }
    this.#heard.splice(0, this.#heard.length - HEARD_SAMPLES);
  }

  #takeReport(octets: Buffer): void {
    const isSender = octets.length >= 28 && octets[1] === RTCP_SENDER;
    if (!this.isTalking || (!isSender && octets[1] !== RTCP_RECEIVER)) {
      return;
    }
    if (isSender) {
      this.count.stationSent = octets.readUInt32BE(20);
    }
    const block = isSender ? 28 : 8;
    if ((octets[0] & 31) > 0 && octets.length >= block + 24) {
      this.count.stationLost = octets.readIntBE(block + 5, 3);
      this.count.stationJitter = octets.readUInt32BE(block + 12);
    }
  }
}
