// Keep-alives (RFC 5626 4.4.1), seen by the server: pings at chance intervals, pongs awaited, and a flow that is gone reported.

import { copyEndpoint } from "../../firmware/bytes/ip-address";
import { createKeepAlive, type KeepAlive, startKeepAlive, stopKeepAlive } from "../../firmware/sip/keep-alive";
import { createTarget, Protocol, type Target } from "../../firmware/sip/target";
import type { FakeStream } from "../fake-tcp";
import { testEndpoint } from "../fake-udp";
import { describe, equal, isTrue, it, itSlow } from "../harness";
import { TransactionBench } from "../rig/transaction-bench";

const PING = "\r\n\r\n";

class Flow {
  readonly bench = new TransactionBench();
  readonly target: Target = createTarget();
  readonly keepAlive: KeepAlive;
  lost = 0;

  constructor(protocol: Protocol) {
    this.keepAlive = createKeepAlive(this.bench.transport, {
      owner: this,
      onFlowLost: () => {
        this.lost += 1;
      },
    });
    this.bench.protocol = protocol;
    if (protocol === Protocol.TCP) {
      const transaction = this.bench.sendOptions();
      this.bench.tcp.last().take();
      this.target.connection = transaction.destination.connection;
    }
    copyEndpoint(this.target, testEndpoint(9, 5070));
    this.target.protocol = protocol;
    startKeepAlive(this.keepAlive, this.target, 30);
  }

  stream(): FakeStream {
    return this.bench.tcp.last();
  }

  /** Moves on until the next ping over TCP and takes it. Returns the milliseconds that it took. */
  awaitPing(): number {
    const start = this.bench.clock.elapsed;
    let text = "";
    while (text === "" && this.bench.clock.elapsed - start < 40000) {
      this.bench.advance(1);
      text = this.stream().take();
    }
    equal(text, PING, "ping");
    return this.bench.clock.elapsed - start;
  }

  pong(): void {
    this.stream().send("\r\n");
    this.bench.poll();
  }
}

describe("a keep-alive over UDP", () => {
  itSlow("sends two line ends to the target every 24 to 30 s, by chance", () => {
    const flow = new Flow(Protocol.UDP);
    let last = 0;
    let shortest = 40000;
    let longest = 0;
    for (let count = 0; count < 12; count += 1) {
      while (flow.bench.wire.waiting() === 0) {
        flow.bench.advance(10);
      }
      const datagram = flow.bench.wire.nextDatagram();
      equal(`${datagram.text} ${datagram.host} ${datagram.port}`, `${PING} 9 5070`, "datagram");
      const pause = datagram.time - last;
      shortest = pause < shortest ? pause : shortest;
      longest = pause > longest ? pause : longest;
      last = datagram.time;
    }
    isTrue(shortest >= 24000 && longest <= 30000 && longest - shortest > 1000, `pauses ${shortest} to ${longest}`);
    equal(flow.lost, 0, "lost");
  });

  it("reports once when the network takes nothing to the target, and stops", () => {
    const flow = new Flow(Protocol.UDP);
    flow.bench.wire.udp.refusing = true;
    flow.bench.advance(100000);
    equal(flow.lost, 1, "lost");
  });

  it("sends nothing after its end", () => {
    const flow = new Flow(Protocol.UDP);
    stopKeepAlive(flow.keepAlive);
    flow.bench.advance(100000);
    equal(flow.bench.wire.count, 0, "datagrams");
  });
});

describe("a keep-alive over TCP", () => {
  itSlow("pings on the connection, and a pong in ten seconds keeps the flow", () => {
    const flow = new Flow(Protocol.TCP);
    for (let count = 0; count < 4; count += 1) {
      const pause = flow.awaitPing();
      isTrue(pause <= 30000, `pause ${pause}`);
      flow.bench.advance(9900);
      flow.pong();
    }
    equal(flow.lost, 0, "lost");
    equal(flow.bench.tcp.streams.length, 1, "connections");
  });

  itSlow("ends the connection when a peer that answered before does not answer in ten seconds", () => {
    const flow = new Flow(Protocol.TCP);
    flow.awaitPing();
    flow.pong();
    flow.awaitPing();
    flow.bench.advance(9990);
    equal(flow.lost, 0, "before ten seconds");
    flow.bench.advance(20);
    equal(flow.lost, 1, "after");
    isTrue(flow.stream().closed, "closed");
  });

  it("goes on with a peer that sends anything at all in ten seconds, because it is there", () => {
    const flow = new Flow(Protocol.TCP);
    flow.awaitPing();
    flow.pong();
    flow.awaitPing();
    flow.bench.advance(9900);
    flow.stream().send("OPTIONS sip:door@192.0.2.4 SIP/2.0\r\n");
    flow.bench.poll();
    flow.bench.advance(9900);
    equal(flow.lost, 0, "lost");
  });

  it("takes a line end for no pong that comes after ten seconds", () => {
    const flow = new Flow(Protocol.TCP);
    flow.awaitPing();
    flow.bench.advance(11000);
    flow.pong();
    flow.awaitPing();
    flow.bench.advance(11000);
    equal(flow.lost, 0, "lost");
  });

  itSlow("goes on with a peer that never answers pings, as servers without RFC 5626", () => {
    const flow = new Flow(Protocol.TCP);
    flow.awaitPing();
    flow.awaitPing();
    flow.awaitPing();
    equal(flow.lost, 0, "lost");
    flow.stream().send(PING);
    flow.bench.poll();
    equal(flow.stream().take(), "\r\n", "its own ping is answered, and taken for no pong");
    flow.awaitPing();
    flow.bench.advance(15000);
    equal(flow.lost, 0, "lost");
  });

  it("reports at once that the connection has ended", () => {
    const flow = new Flow(Protocol.TCP);
    flow.stream().ended = true;
    flow.bench.poll();
    flow.bench.advance(2);
    equal(flow.lost, 1, "lost");
    flow.bench.advance(100000);
    equal(flow.lost, 1, "lost, reported once");
  });

  it("says nothing of other connections, or after its end", () => {
    const flow = new Flow(Protocol.TCP);
    const other = flow.bench.tcp.arrive(testEndpoint(66, 4000));
    flow.bench.poll();
    other.ended = true;
    flow.bench.poll();
    flow.bench.advance(2);
    equal(flow.lost, 0, "another connection");
    const own = flow.bench.tcp.streams[0];
    stopKeepAlive(flow.keepAlive);
    own.ended = true;
    flow.bench.poll();
    flow.bench.advance(2);
    equal(flow.lost, 0, "after its end");
  });
});
