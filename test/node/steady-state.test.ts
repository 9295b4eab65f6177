// The promise in numbers, on Node.js: after boot a whole device takes and answers 100,000 messages, and 100,000 frames of a
// call in both directions, and the heap is where it was. The collector is forced before and after; what the test itself
// needs is made before.

import assert from "node:assert/strict";
import type { Bytes, Samples } from "../../firmware/bytes/bytes";
import { copyEndpoint, createEndpoint } from "../../firmware/bytes/ip-address";
import { StationState } from "../../firmware/intercom/station";
import { createStationLimits } from "../../firmware/limits";
import { createDevice, pollDevice, type WholeDevice } from "../../firmware/main";
import { readRtpStatistics } from "../../firmware/rtp/session";
import type { Board } from "../../hal/board";
import type { Digital } from "../../hal/digital";
import type { Endpoint } from "../../hal/endpoint";
import { takeAllNews } from "../../hal/news";
import { endpointOf } from "../../hal/node/endpoint";
import { SeededRandom } from "../../hal/node/random";
import type { Tcp } from "../../hal/tcp";
import type { Udp } from "../../hal/udp";
import { readSettings } from "../../simulator/desk-station";

const OPERATIONS = 100_000;
/** Octets that 100,000 operations may leave behind: what the engine itself keeps of optimised code, under 1 an operation. */
const TOLERANCE = 64 * 1024;

/** A socket that holds at most one datagram, sent again and again from the same octets. */
class OneDatagram implements Udp {
  waiting: Uint8Array = new Uint8Array(0);
  readonly source: Endpoint;
  /** The last datagram that was sent. */
  readonly last = new Uint8Array(4096);
  lastLength = 0;
  sent = 0;
  readonly local6: Endpoint = createEndpoint();

  constructor(
    readonly local: Endpoint,
    peer: Endpoint,
  ) {
    this.source = peer;
  }

  read(buffer: Bytes, source: Endpoint): number {
    const length = this.waiting.length;
    if (length === 0) {
      return -1;
    }
    for (let index = 0; index < length; index += 1) {
      buffer[index] = this.waiting[index];
    }
    source.family = this.source.family;
    source.port = this.source.port;
    for (let index = 0; index < 16; index += 1) {
      source.address[index] = this.source.address[index];
    }
    this.waiting = NOTHING;
    return length;
  }

  write(buffer: Bytes, start: number, end: number): number {
    for (let index = start; index < end; index += 1) {
      this.last[index - start] = buffer[index];
    }
    this.lastLength = end - start;
    this.sent += 1;
    return 0;
  }

  text(): string {
    return Buffer.from(this.last.subarray(0, this.lastLength)).toString();
  }
}

/** A peer that connects, and sends at most one message at a time, in two pieces, again and again from the same octets. */
class OneStream implements Tcp {
  readonly count = 3;
  arriving = false;
  waitingOctets: Uint8Array = new Uint8Array(0);
  private taken = 0;
  readonly last = new Uint8Array(4096);
  lastLength = 0;
  sent = 0;

  constructor(readonly peer: Endpoint) {}

  connect(): number {
    return -1;
  }

  waiting(): number {
    return this.arriving ? 1 : 0;
  }

  accept(_connection: number, remote: Endpoint): number {
    this.arriving = false;
    copyEndpoint(remote, this.peer);
    return 0;
  }

  read(_connection: number, buffer: Bytes, start: number): number {
    const octets = this.waitingOctets;
    const end = this.taken === 0 ? octets.length >> 1 : octets.length;
    const count = end - this.taken;
    for (let index = 0; index < count; index += 1) {
      buffer[start + index] = octets[this.taken + index];
    }
    this.taken = end;
    if (end === octets.length) {
      this.waitingOctets = NOTHING;
      this.taken = 0;
    }
    return count;
  }

  write(_connection: number, buffer: Bytes, start: number, end: number): number {
    for (let index = start; index < end; index += 1) {
      this.last[index - start] = buffer[index];
    }
    this.lastLength = end - start;
    this.sent += 1;
    return end - start;
  }

  close(): void {}

  text(): string {
    return Buffer.from(this.last.subarray(0, this.lastLength)).toString();
  }
}

const NOTHING = new Uint8Array(0);
/** As often as a stranger may ask. */
const REQUEST_MS = 50;

class Pin implements Digital {
  value = 0;
  read(): number {
    return this.value;
  }
  write(value: number): void {
    this.value = value;
  }
}

interface Door {
  device: WholeDevice;
  sip: OneDatagram;
  tcp: OneStream;
  rtp: OneDatagram;
  time: number;
  /** Frames that the loudspeaker took. */
  heard: number;
}

function bootDoor(): Door {
  const sip = new OneDatagram(endpointOf("192.0.2.1", 5060), endpointOf("192.0.2.9", 5060));
  const rtp = new OneDatagram(endpointOf("192.0.2.1", 10000), endpointOf("192.0.2.9", 20000));
  const rtcp = new OneDatagram(endpointOf("192.0.2.1", 10001), endpointOf("192.0.2.9", 20001));
  const tcp = new OneStream(endpointOf("192.0.2.9", 40001));
  const door: Door = { device: undefined as unknown as WholeDevice, sip, tcp, rtp, time: 0, heard: 0 };
  let frames = 0;
  const board: Board = {
    clock: { now: () => door.time & 0x7ffffff },
    random: new SeededRandom(7),
    storage: { read: () => 0, write: () => 0 },
    watchdog: { feed: () => undefined },
    log: { event: () => undefined, message: () => undefined },
    takeNews: takeAllNews,
    sip,
    network: { isUp: () => true, changes: () => 0 },
    streams: tcp,
    names: new OneDatagram(endpointOf("192.0.2.1", 5053), endpointOf("192.0.2.9", 53)),
    media: [{ rtp, rtcp }],
    audioIn: {
      start: () => undefined,
      stop: () => undefined,
      read(samples: Samples, count: number): number {
        if (frames * 20 >= door.time) {
          return 0;
        }
        frames += 1;
        for (let index = 0; index < count; index += 1) {
          samples[index] = (index & 15) * 512;
        }
        return count;
      },
    },
    audioOut: {
      start: () => undefined,
      stop: () => undefined,
      write(_samples: Samples, count: number): number {
        if (door.heard * 20 >= door.time) {
          return 0;
        }
        door.heard += 1;
        return count;
      },
    },
    buttons: [new Pin()],
    leds: [new Pin(), new Pin(), new Pin()],
    relays: [new Pin()],
  };
  assert.equal(createEndpoint().family, 0);
  door.device = createDevice(
    board,
    createStationLimits(),
    readSettings("call.answer-from = *\ncall.talk-limit = 1800", "test"),
  );
  return door;
}

function request(method: string, extra: string, body: string): Uint8Array {
  return new Uint8Array(
    Buffer.from(
      `${method} sip:door@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bK00000000;rport\r\n` +
        `Max-Forwards: 70\r\nFrom: <sip:hall@192.0.2.9>;tag=peer\r\nCall-ID: call-1\r\n` +
        `Contact: <sip:hall@192.0.2.9>\r\nUser-Agent: test\r\nSupported: replaces, timer\r\n${extra}` +
        `Content-Length: ${body.length}\r\n\r\n${body}`,
    ),
  );
}

/** Counts the digits of the branch up in place, so that each request is a new one. */
function countUp(datagram: Uint8Array, at: number): void {
  let index = at + 7;
  while (datagram[index] === 0x39) {
    datagram[index] = 0x30;
    index -= 1;
  }
  datagram[index] += 1;
}

function heapUsed(): number {
  global.gc?.();
  global.gc?.();
  return process.memoryUsage().heapUsed;
}

/** The growth of the heap over `rounds` calls, after as many to warm up. */
function growthOver(rounds: number, operation: () => void): number {
  for (let round = 0; round < rounds; round += 1) {
    operation();
  }
  const before = heapUsed();
  for (let round = 0; round < rounds; round += 1) {
    operation();
  }
  return heapUsed() - before;
}

describe("steady state on Node.js", function () {
  this.timeout(120_000);

  before(() => {
    assert.ok(global.gc, "the suite runs with --expose-gc");
  });

  it("100,000 new requests, each parsed and answered, leave the heap where it was", () => {
    const door = bootDoor();
    const options = request("OPTIONS", "To: <sip:door@192.0.2.1>\r\nCSeq: 1 OPTIONS\r\n", "");
    const branch = Buffer.from(options).indexOf("z9hG4bK") + 7;
    const growth = growthOver(OPERATIONS, () => {
      countUp(options, branch);
      door.time += REQUEST_MS;
      door.sip.waiting = options;
      pollDevice(door.device);
    });
    assert.match(door.sip.text(), /^SIP\/2\.0 200 OK\r\n/);
    assert.equal(door.sip.sent, 2 * OPERATIONS, "one answer a request");
    assert.ok(growth < TOLERANCE, `grew by ${growth} octets`);
  });

  it("100,000 new requests over a TCP connection, each in two pieces, leave the heap where it was", () => {
    const door = bootDoor();
    const text = Buffer.from(request("OPTIONS", "To: <sip:door@192.0.2.1>\r\nCSeq: 1 OPTIONS\r\n", "")).toString();
    const options = new Uint8Array(Buffer.from(text.replace("SIP/2.0/UDP", "SIP/2.0/TCP")));
    const branch = Buffer.from(options).indexOf("z9hG4bK") + 7;
    door.tcp.arriving = true;
    const growth = growthOver(OPERATIONS, () => {
      countUp(options, branch);
      door.time += REQUEST_MS;
      door.tcp.waitingOctets = options;
      pollDevice(door.device);
    });
    assert.match(door.tcp.text(), /^SIP\/2\.0 200 OK\r\n/);
    assert.equal(door.tcp.sent, 2 * OPERATIONS, "one answer a request");
    assert.equal(door.sip.sent, 0, "nothing by UDP");
    assert.ok(growth < TOLERANCE, `grew by ${growth} octets`);
  });

  it("100,000 frames of a call, in and out, leave the heap where it was", () => {
    const door = bootDoor();
    door.sip.waiting = request(
      "INVITE",
      "To: <sip:door@192.0.2.1>\r\nCSeq: 1 INVITE\r\nContent-Type: application/sdp\r\n",
      "v=0\r\no=- 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\nm=audio 20000 RTP/AVP 0\r\n",
    );
    pollDevice(door.device);
    assert.match(door.sip.text(), /^SIP\/2\.0 200 OK\r\n/);
    const tag = /To: .*;tag=(\w+)/.exec(door.sip.text())?.[1];
    door.sip.waiting = request("ACK", `To: <sip:door@192.0.2.1>;tag=${tag}\r\nCSeq: 1 ACK\r\n`, "");
    pollDevice(door.device);
    assert.equal(door.device.station.state, StationState.TALKING);

    const packet = new Uint8Array(172).fill(0x55);
    packet.set([0x80, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4]);
    let sequence = 0;
    // The talk limit is 1,800 s: 100,000 frames are 2,000 s, so the call is kept by starting its limit anew.
    const growth = growthOver(OPERATIONS / 2, () => {
      sequence += 1;
      const timestamp = 160 * sequence;
      packet[2] = (sequence >> 8) & 0xff;
      packet[3] = sequence & 0xff;
      packet[5] = (timestamp >> 16) & 0xff;
      packet[6] = (timestamp >> 8) & 0xff;
      packet[7] = timestamp & 0xff;
      door.time += 17;
      door.rtp.waiting = packet;
      pollDevice(door.device);
    });
    const statistics = readRtpStatistics(door.device.rtp);
    assert.equal(door.device.station.state, StationState.TALKING, "the call stands");
    assert.equal(statistics.packetsReceived, OPERATIONS, "every packet was taken");
    assert.ok(growth < TOLERANCE, `grew by ${growth} octets`);
  });
});
