// The STUN client on a fake socket and clock: when it asks, whose answer it takes, and what it reports.

import { copyBytes, createBytes } from "../../firmware/bytes/bytes";
import {
  createStunClient,
  requestBinding,
  type StunClient,
  stopBinding,
  takeBindingResponse,
} from "../../firmware/stun/client";
import { isStun } from "../../firmware/stun/message";
import type { Endpoint } from "../../hal/endpoint";
import { FakeUdp, testEndpoint } from "../fake-udp";
import { describe, equal, isTrue, it } from "../harness";
import { bytesOfHex, hexOf } from "../octets";
import { SeededRandom } from "../rig/time";
import { WheelBench } from "../rig/wheel-bench";

class StunBench {
  readonly time = new WheelBench();
  readonly udp = new FakeUdp(testEndpoint(4, 5060));
  readonly server = testEndpoint(78, 3478);
  readonly client: StunClient;
  /** "first 192.0.2.77:40000", "same …", "none" */
  reports: string[] = [];

  constructor() {
    this.client = createStunClient(this.udp, new SeededRandom(9), this.time.wheel, {
      owner: this,
      onMapped: (_owner: object, client: StunClient, changed: boolean): void => {
        this.reports.push(`${changed ? "changed" : "same"} ${client.mapped.address[3]}:${client.mapped.port}`);
      },
      onUnmapped: (): void => {
        this.reports.push(`none at ${this.time.clock.elapsed}`);
      },
    });
  }

  /** The server says that it sees us at 192.0.2.`host` port 256 * `high`. Returns whether the client took the answer. */
  answer(source: Endpoint, host: number, high: number): boolean {
    const request = this.udp.sent[this.udp.sent.length - 1].bytes;
    const answer = createBytes(32);
    copyBytes(answer, 0, request, 0, 20);
    copyBytes(answer, 0, bytesOfHex("0101000c"), 0, 4);
    copyBytes(answer, 20, bytesOfHex("000100080001"), 0, 6);
    answer[26] = high;
    copyBytes(answer, 28, bytesOfHex("c00002"), 0, 3);
    answer[31] = host;
    return takeBindingResponse(this.client, answer, 32, source);
  }
}

describe("the STUN client", () => {
  it("sends a binding request with a new id each time", () => {
    const bench = new StunBench();
    requestBinding(bench.client, bench.server);
    requestBinding(bench.client, bench.server);
    const [first, second] = [bench.udp.sent[0], bench.udp.sent[1]];
    isTrue(isStun(first.bytes, first.bytes.length), "STUN");
    equal(hexOf(first.bytes, 0, 8), "000100002112a442");
    equal(first.peer.port, 3478);
    isTrue(hexOf(first.bytes, 8, 20) !== hexOf(second.bytes, 8, 20), "ids differ");
  });

  it("reports the mapped address, and whether it changed", () => {
    const bench = new StunBench();
    for (const [host, high] of [
      [77, 100],
      [77, 100],
      [77, 101],
      [78, 101],
    ]) {
      requestBinding(bench.client, bench.server);
      isTrue(bench.answer(bench.server, host, high), "taken");
    }
    equal(bench.reports.join(), "changed 77:25600,same 77:25600,changed 77:25856,changed 78:25856");
    isTrue(!bench.answer(bench.server, 79, 1), "an answer that nobody awaits");
    stopBinding(bench.client);
    requestBinding(bench.client, bench.server);
    bench.answer(bench.server, 78, 101);
    equal(bench.reports[4], "changed 78:25856", "forgotten meanwhile");
  });

  it("sends the same request seven times and gives up after 39.5 s", () => {
    const bench = new StunBench();
    const times: number[] = [];
    requestBinding(bench.client, bench.server);
    const id = hexOf(bench.udp.sent[0].bytes, 0, 20);
    for (let time = 0; time < 45000; time += 100) {
      for (const datagram of bench.udp.sent) {
        times.push(time);
        equal(hexOf(datagram.bytes, 0, 20), id);
      }
      bench.udp.sent = [];
      bench.time.advance(100);
    }
    equal(times.join(" "), "0 500 1500 3500 7500 15500 31500");
    equal(bench.reports.join(), "none at 39500");
  });

  it("takes an answer from the address and port of the server only", () => {
    const bench = new StunBench();
    requestBinding(bench.client, bench.server);
    isTrue(!bench.answer(testEndpoint(79, 3478), 77, 100), "another address");
    isTrue(!bench.answer(testEndpoint(78, 3479), 77, 100), "another port");
    equal(bench.reports.length, 0);
    isTrue(bench.answer(bench.server, 77, 100), "the server");
  });

  it("neither answers nor reports the requests of others", () => {
    const bench = new StunBench();
    requestBinding(bench.client, bench.server);
    const request = bench.udp.sent[0].bytes;
    isTrue(!takeBindingResponse(bench.client, request, request.length, bench.server), "not taken");
    equal(bench.udp.sent.length, 1, "datagrams sent");
    equal(bench.reports.length, 0, "reports");
  });

  it("stops without a report", () => {
    const bench = new StunBench();
    requestBinding(bench.client, bench.server);
    stopBinding(bench.client);
    bench.time.advance(60000);
    equal(bench.udp.sent.length, 1, "requests");
    equal(bench.reports.length, 0, "reports");
  });
});
