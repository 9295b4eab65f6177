// The DNS client allocates nothing: thousands of questions, answers and entries that run out. In Lua even garbage counts,
// because the collector is stopped meanwhile; on Node.js what stays counts.

import { type Bytes, copyBytes, createBytes } from "../../firmware/bytes/bytes";
import { copyEndpoint, createEndpoint } from "../../firmware/bytes/ip-address";
import { createTimerWheel, runTimers } from "../../firmware/clock/timer-wheel";
import { createDnsClient, lookUp, pollDns } from "../../firmware/dns/client";
import { RecordType } from "../../firmware/dns/message";
import { createStationLimits } from "../../firmware/limits";
import { createMemory } from "../../firmware/memory/pool";
import type { Endpoint } from "../../hal/endpoint";
import type { Udp } from "../../hal/udp";
import { testEndpoint } from "../fake-udp";
import { equal, heapNow, isTrue, itSlow } from "../harness";
import { bytesOfHex } from "../octets";
import { FakeClock, SeededRandom } from "../rig/time";

interface Collector {
  collectgarbage?: (option: string) => number;
}

const collector = globalThis as unknown as Collector;
/** More where only what stays is seen, and where it is among the code of the JIT compiler. */
const ROUNDS = collector.collectgarbage === undefined ? 20000 : 2000;
/** What a round may leave behind, octets: less than a number, a pair or a closure takes anywhere. */
const TOLERANCE = 8;

/** A name server behind a socket that allocates nothing: each query comes back with one address. */
class EchoServer implements Udp {
  readonly local: Endpoint = testEndpoint(4, 5053);
  readonly local6: Endpoint = createEndpoint();
  answered = 0;
  private readonly buffer: Bytes = createBytes(512);
  private readonly record = bytesOfHex("c00c 0001 0001 0000000a 0004 c000020a");
  private length = -1;

  constructor(private readonly server: Endpoint) {}

  write(buffer: Bytes, start: number, end: number): number {
    copyBytes(this.buffer, 0, buffer, start, end);
    copyBytes(this.buffer, end - start, this.record, 0, this.record.length);
    this.buffer[2] = 0x81;
    this.buffer[7] = 1;
    this.length = end - start + this.record.length;
    return 0;
  }

  read(buffer: Bytes, source: Endpoint): number {
    const length = this.length;
    this.length = -1;
    if (length > 0) {
      copyBytes(buffer, 0, this.buffer, 0, length);
      copyEndpoint(source, this.server);
      this.answered += 1;
    }
    return length;
  }
}

itSlow("the DNS client asks, keeps and forgets without allocating", () => {
  const clock = new FakeClock();
  const wheel = createTimerWheel(clock.now());
  const server = testEndpoint(53, 53);
  const udp = new EchoServer(server);
  const client = createDnsClient(createMemory(), createStationLimits(), udp, new SeededRandom(5), wheel, [server]);
  const name = bytesOfHex("03706278 02 0000 00");
  const run = (): void => {
    for (let round = 0; round < ROUNDS; round += 1) {
      // 64 names, of which the cache keeps 16; each runs out on its way.
      name[5] = 0x61 + (round % 8);
      name[6] = 0x61 + ((round >> 3) % 8);
      lookUp(client, name, 0, name.length, RecordType.A);
      pollDns(client);
      clock.elapsed += 1000;
      runTimers(wheel, clock.now());
    }
  };
  run();
  const before = heapNow();
  if (collector.collectgarbage !== undefined) {
    collector.collectgarbage("stop");
  }
  run();
  const after = collector.collectgarbage === undefined ? heapNow() : collector.collectgarbage("count") * 1024;
  if (collector.collectgarbage !== undefined) {
    collector.collectgarbage("restart");
  }
  equal(udp.answered, 2 * ROUNDS, "answers");
  equal(client.use.inUse, 0, "queries");
  isTrue(after - before < TOLERANCE * ROUNDS, `${after - before} octets in ${ROUNDS} rounds`);
});
