// The promise of the memory contract, measured: a device that has warmed up answers messages and carries voice without
// allocating. In Lua even garbage counts, because the collector is stopped meanwhile; on Node.js what stays counts.

import { type Bytes, copyBytes, createBytes } from "../../firmware/bytes/bytes";
import { copyEndpoint, createEndpoint } from "../../firmware/bytes/ip-address";
import { StationState } from "../../firmware/intercom/station";
import { createStationLimits } from "../../firmware/limits";
import { createDevice, pollDevice, type WholeDevice } from "../../firmware/main";
import type { Endpoint } from "../../hal/endpoint";
import type { Log } from "../../hal/log";
import { takeAllNews } from "../../hal/news";
import type { Tcp } from "../../hal/tcp";
import type { Udp } from "../../hal/udp";
import { testEndpoint } from "../fake-udp";
import { describe, equal, heapNow, isTrue, itSlow } from "../harness";
import { bytesOf, textOf } from "../octets";
import { DOOR_HOST, settingsOf } from "../rig/door";
import { FakeAudioIn, FakeAudioOut, FakeNetwork, FakePin, FakeStorage, FakeWatchdog } from "../rig/parts";
import { PEER_RTP_PORT, Peer } from "../rig/peer";
import { FakeClock, SeededRandom } from "../rig/time";

/** What a round may leave behind, octets: less than a number, a pair or a closure takes anywhere. */
const TOLERANCE = 8;
/** The median counts, because a JIT compiler comes and goes with code that it keeps on the same heap. */
const MEASUREMENTS = 3;
const MIDDLE = 1;

interface Collector {
  collectgarbage?: (option: string) => number;
}

const collector = globalThis as unknown as Collector;

/** Rounds of a measurement: more where only what stays is seen, and where it is among the code of the JIT compiler. */
const ROUNDS = collector.collectgarbage === undefined ? 20000 : 2000;
const ROUNDS_IN_ALL = (1 + MEASUREMENTS) * ROUNDS;

/** A log that keeps nothing. */
class DeafLog implements Log {
  event(): void {
    // What it would keep would count.
  }

  message(): void {
    // As above.
  }
}

/** A socket that allocates nothing: it reads one datagram again and again, and keeps at most the last that is written. */
class RepeatedUdp implements Udp {
  readonly local: Endpoint;
  readonly local6: Endpoint = createEndpoint();
  readonly source: Endpoint;
  datagram: Bytes = createBytes(0);
  /** How often the datagram is still to be read. */
  waiting = 0;
  written = 0;
  keeping = true;
  last = "";

  constructor(local: Endpoint, source: Endpoint) {
    this.local = local;
    this.source = source;
  }

  read(buffer: Bytes, source: Endpoint): number {
    if (this.waiting === 0) {
      return -1;
    }
    this.waiting -= 1;
    copyEndpoint(source, this.source);
    copyBytes(buffer, 0, this.datagram, 0, this.datagram.length);
    return this.datagram.length;
  }

  write(buffer: Bytes, start: number, end: number): number {
    this.written += 1;
    if (this.keeping) {
      this.last = textOf(buffer, start, end);
    }
    return 0;
  }
}

/** Connections that allocate nothing: one peer comes, sends the same octets again and again in two pieces, and reads all. */
class RepeatedTcp implements Tcp {
  readonly count = 3;
  readonly source: Endpoint;
  octets: Bytes = createBytes(0);
  /** Whether the peer is still to be accepted. */
  arriving = false;
  /** How many pieces are still to be read. */
  pieces = 0;
  written = 0;

  constructor(source: Endpoint) {
    this.source = source;
  }

  connect(): number {
    return -1;
  }

  waiting(): number {
    return this.arriving ? 1 : 0;
  }

  accept(_connection: number, remote: Endpoint): number {
    this.arriving = false;
    copyEndpoint(remote, this.source);
    return 0;
  }

  read(_connection: number, buffer: Bytes, start: number): number {
    if (this.pieces === 0) {
      return 0;
    }
    const half = this.octets.length >> 1;
    const from = this.pieces === 2 ? 0 : half;
    const end = this.pieces === 2 ? half : this.octets.length;
    this.pieces -= 1;
    copyBytes(buffer, start, this.octets, from, end);
    return end - from;
  }

  write(_connection: number, _buffer: Bytes, start: number, end: number): number {
    this.written += 1;
    return end - start;
  }

  close(): void {
    // A new peer may come at once.
  }
}

interface Bench {
  clock: FakeClock;
  sip: RepeatedUdp;
  tcp: RepeatedTcp;
  rtp: RepeatedUdp;
  device: WholeDevice;
}

const anna = new Peer("anna", 9, 5060);

function createBench(): Bench {
  const clock = new FakeClock();
  const sip = new RepeatedUdp(testEndpoint(DOOR_HOST, 5060), anna.endpoint);
  const rtp = new RepeatedUdp(testEndpoint(DOOR_HOST, 10000), testEndpoint(anna.host, PEER_RTP_PORT));
  const rtcp = new RepeatedUdp(testEndpoint(DOOR_HOST, 10001), testEndpoint(anna.host, PEER_RTP_PORT + 1));
  const tcp = new RepeatedTcp(testEndpoint(anna.host, 40001));
  rtp.keeping = false;
  rtcp.keeping = false;
  const board = {
    clock,
    random: new SeededRandom(5),
    storage: new FakeStorage(),
    watchdog: new FakeWatchdog(),
    log: new DeafLog(),
    takeNews: takeAllNews,
    sip,
    network: new FakeNetwork(),
    streams: tcp,
    names: new RepeatedUdp(testEndpoint(DOOR_HOST, 5053), anna.endpoint),
    media: [{ rtp, rtcp }],
    audioIn: new FakeAudioIn(clock),
    audioOut: new FakeAudioOut(clock),
    buttons: [new FakePin(clock, 0)],
    leds: [new FakePin(clock, 0)],
    relays: [new FakePin(clock, 0)],
  };
  const device = createDevice(
    board,
    createStationLimits(),
    settingsOf(["call.answer-from = *", "call.talk-limit = 1800", "call.session-expires = 0"]),
  );
  return { clock, sip, tcp, rtp, device };
}

/** A message arrives; what the device answers. */
function exchange(bench: Bench, message: string): string {
  bench.sip.datagram = bytesOf(message);
  bench.sip.waiting = 1;
  pollDevice(bench.device);
  return bench.sip.last;
}

/** The growth of the heap by ROUNDS rounds, octets, after the device has warmed up: the median of the measurements. */
function growthOf(run: (rounds: number) => void): number {
  const sorted: number[] = [];
  run(ROUNDS);
  for (let count = 0; count < MEASUREMENTS; count += 1) {
    const grown = measuredGrowth(run);
    let at = sorted.length;
    sorted.push(grown);
    while (at > 0 && sorted[at - 1] > grown) {
      sorted[at] = sorted[at - 1];
      at -= 1;
    }
    sorted[at] = grown;
  }
  return sorted[MIDDLE];
}

function measuredGrowth(run: (rounds: number) => void): number {
  const before = heapNow();
  if (collector.collectgarbage === undefined) {
    run(ROUNDS);
    return heapNow() - before;
  }
  collector.collectgarbage("stop");
  run(ROUNDS);
  const grown = collector.collectgarbage("count") * 1024 - before;
  collector.collectgarbage("restart");
  return grown;
}

/** Counts up the decimal digits bytes[at … at + count). */
function countUp(bytes: Bytes, at: number, count: number): void {
  let index = at + count - 1;
  while (index >= at && bytes[index] === 0x39) {
    bytes[index] = 0x30;
    index -= 1;
  }
  if (index >= at) {
    bytes[index] += 1;
  }
}

/** As often as a stranger may ask. */
const REQUEST_MS = 50;

describe("a device that has warmed up", () => {
  const requests: [string, string[], string][] = [
    ["OPTIONS", [], ""],
    ["MESSAGE", ["Content-Type: text/plain"], "somebody comes to the door"],
  ];
  for (let index = 0; index < requests.length; index += 1) {
    const request = requests[index];
    itSlow(`answers ${request[0]} without allocating`, () => {
      const bench = createBench();
      const text = anna
        .request(request[0], request[1], request[2])
        .split("branch=z9hG4bK")
        .join("branch=z9hG4bK000000");
      const digits = text.indexOf("z9hG4bK") + 7;
      bench.sip.keeping = false;
      bench.sip.datagram = bytesOf(text);
      const run = (rounds: number): void => {
        for (let round = 0; round < rounds; round += 1) {
          countUp(bench.sip.datagram, digits, 6);
          bench.sip.waiting = 1;
          bench.clock.elapsed += REQUEST_MS;
          pollDevice(bench.device);
        }
      };
      const grown = growthOf(run);
      equal(bench.sip.written, ROUNDS_IN_ALL, "answers");
      isTrue(grown < TOLERANCE * ROUNDS, `${grown} octets in ${ROUNDS} rounds`);
    });
  }

  itSlow("takes pings and requests out of a TCP connection and answers them without allocating", () => {
    const bench = createBench();
    const text = `\r\n\r\n${anna.request("OPTIONS", [], "")}`
      .split("SIP/2.0/UDP")
      .join("SIP/2.0/TCP")
      .split("branch=z9hG4bK")
      .join("branch=z9hG4bK000000");
    const digits = text.indexOf("z9hG4bK") + 7;
    bench.tcp.octets = bytesOf(text);
    bench.tcp.arriving = true;
    const run = (rounds: number): void => {
      for (let round = 0; round < rounds; round += 1) {
        countUp(bench.tcp.octets, digits, 6);
        bench.tcp.pieces = 2;
        bench.clock.elapsed += REQUEST_MS;
        pollDevice(bench.device);
      }
    };
    const grown = growthOf(run);
    equal(bench.tcp.written, 2 * ROUNDS_IN_ALL, "a pong and an answer each");
    isTrue(grown < TOLERANCE * ROUNDS, `${grown} octets in ${ROUNDS} rounds`);
  });

  itSlow("carries the voice of a call both ways without allocating", () => {
    const bench = createBench();
    const call = anna.newCall();
    call.takeResponse(exchange(bench, call.inviteWith(anna.description([]))));
    exchange(bench, call.acknowledge(""));
    equal(bench.device.station.state, StationState.TALKING, "state");
    bench.sip.keeping = false;
    const packet = createBytes(172);
    packet[0] = 0x80;
    packet[1] = 8;
    for (let index = 12; index < packet.length; index += 1) {
      packet[index] = 0xd5;
    }
    bench.rtp.datagram = packet;
    let sequence = 0;
    const run = (rounds: number): void => {
      for (let round = 0; round < rounds; round += 1) {
        sequence += 1;
        packet[2] = (sequence >> 8) & 0xff;
        packet[3] = sequence & 0xff;
        packet[5] = ((sequence * 160) >> 16) & 0xff;
        packet[6] = ((sequence * 160) >> 8) & 0xff;
        packet[7] = (sequence * 160) & 0xff;
        bench.rtp.waiting = 1;
        bench.clock.elapsed += 20;
        pollDevice(bench.device);
      }
    };
    const sent = bench.rtp.written;
    const grown = growthOf(run);
    equal(bench.rtp.written - sent, ROUNDS_IN_ALL, "packets sent");
    equal(bench.device.rtp.statistics.packetsReceived, ROUNDS_IN_ALL, "packets received");
    isTrue(grown < TOLERANCE * ROUNDS, `${grown} octets in ${ROUNDS} rounds`);
  });
});
