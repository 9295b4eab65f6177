// The four transactions over TCP (RFC 3261 17, 18): no retransmissions, timers D, I, J and K of zero, and the framing of streams.

import { ClientState } from "../../firmware/sip/client-transaction";
import { ServerState } from "../../firmware/sip/server-transaction";
import { Protocol } from "../../firmware/sip/target";
import type { FakeStream } from "../fake-tcp";
import { testEndpoint } from "../fake-udp";
import { describe, equal, isTrue } from "../harness";
import { changed, headerOf, kindOf } from "../rig/message-text";
import { Peer, responseOf } from "../rig/peer";
import { expectState, TransactionBench } from "../rig/transaction-bench";
import { clause } from "./clause";

const anna = new Peer("anna", 9, 5070);

function overTcp(message: string): string {
  return changed(message, "SIP/2.0/UDP", "SIP/2.0/TCP");
}

/** A connection that anna has opened. */
function accepted(bench: TransactionBench): FakeStream {
  const stream = bench.tcp.arrive(testEndpoint(9, 40001));
  bench.poll();
  return stream;
}

function arrive(bench: TransactionBench, stream: FakeStream, text: string): void {
  stream.send(text);
  bench.poll();
}

function benchOfTcp(): TransactionBench {
  const bench = new TransactionBench();
  bench.protocol = Protocol.TCP;
  return bench;
}

describe("client transactions over TCP", () => {
  clause("RFC 3261 17.1.1.2", "an INVITE is sent once: no Timer A; Timer B ends it", () => {
    const bench = benchOfTcp();
    bench.sendInvite();
    const stream = bench.tcp.last();
    equal(kindOf(stream.take()), "INVITE", "request");
    bench.advance(31999);
    equal(stream.take(), "", "retransmissions");
    bench.advance(1);
    equal(bench.takeReports(), "timeout 32000", "reports");
  });

  clause("RFC 3261 17.1.1.2", "a refusal is acknowledged on the connection, and Timer D is zero", () => {
    const bench = benchOfTcp();
    const transaction = bench.sendInvite();
    const stream = bench.tcp.last();
    arrive(bench, stream, responseOf(stream.take(), "486 Busy Here", "x", [], ""));
    equal(kindOf(stream.take()), "ACK", "acknowledgement");
    bench.advance(2);
    expectState(transaction, ClientState.FREE, "state");
  });

  clause("RFC 3261 17.1.2.2", "another request is sent once: no Timer E; Timer F ends it", () => {
    const bench = benchOfTcp();
    bench.sendOptions();
    const stream = bench.tcp.last();
    stream.take();
    bench.advance(31999);
    equal(stream.take(), "", "retransmissions");
    bench.advance(1);
    equal(bench.takeReports(), "timeout 32000", "reports");
  });

  clause("RFC 3261 17.1.2.2", "Timer K is zero", () => {
    const bench = benchOfTcp();
    const transaction = bench.sendOptions();
    const stream = bench.tcp.last();
    arrive(bench, stream, responseOf(stream.take(), "200 OK", "x", [], ""));
    equal(bench.takeReports(), "200", "reports");
    bench.advance(2);
    expectState(transaction, ClientState.FREE, "state");
  });

  clause("RFC 3261 18.1.1", "Via says TCP, and one connection serves all requests to a peer", () => {
    const bench = benchOfTcp();
    bench.sendOptions();
    bench.sendInvite();
    equal(bench.tcp.streams.length, 1, "connections");
    isTrue(headerOf(bench.tcp.last().take(), "Via").indexOf("SIP/2.0/TCP 192.0.2.4:5060;") === 0, "Via");
  });
});

describe("server transactions over TCP", () => {
  clause("RFC 3261 17.2.1", "a refusal is sent once: no Timer G; it waits for its ACK, and Timer I is zero", () => {
    const bench = new TransactionBench();
    const stream = accepted(bench);
    const call = anna.newCall();
    call.invite = overTcp(call.inviteWith(""));
    arrive(bench, stream, call.invite);
    bench.answer(486);
    const refusal = stream.take();
    bench.advance(31000);
    equal(stream.take(), "", "retransmissions");
    expectState(bench.server, ServerState.COMPLETED, "before the ACK");
    arrive(bench, stream, call.acknowledgeRefusal(refusal));
    bench.advance(2);
    expectState(bench.server, ServerState.FREE, "after the ACK");
  });

  clause("RFC 3261 17.2.1", "Timer H ends it when no ACK comes", () => {
    const bench = new TransactionBench();
    const stream = accepted(bench);
    arrive(bench, stream, overTcp(anna.newCall().inviteWith("")));
    bench.answer(486);
    bench.advance(32000);
    expectState(bench.server, ServerState.FREE, "state");
  });

  clause("RFC 3261 17.2.2", "Timer J is zero", () => {
    const bench = new TransactionBench();
    const stream = accepted(bench);
    arrive(bench, stream, overTcp(anna.request("OPTIONS", [], "")));
    bench.answer(200);
    equal(kindOf(stream.take()), "200 OPTIONS", "answer");
    bench.advance(2);
    expectState(bench.server, ServerState.FREE, "state");
  });

  clause(
    "RFC 3261 18.2.2",
    "a response goes back on the connection of its request, and over a new one when that has ended",
    () => {
      const bench = new TransactionBench();
      const stream = accepted(bench);
      arrive(bench, stream, overTcp(anna.request("OPTIONS", [], "")));
      stream.ended = true;
      bench.poll();
      bench.answer(200);
      const other = bench.tcp.last();
      equal(`${other.peer.address[3]}:${other.peer.port}`, "9:5070", "to the sent-by");
      equal(kindOf(other.take()), "200 OPTIONS", "answer");
    },
  );
});

describe("framing of a stream", () => {
  clause("RFC 3261 18.3", "Content-Length ends a message, wherever the segments are cut", () => {
    const text = overTcp(anna.request("OPTIONS", [], "hello\r\n\r\nworld"));
    for (let cut = 1; cut < text.length; cut += 23) {
      const bench = new TransactionBench();
      const stream = accepted(bench);
      arrive(bench, stream, text.substring(0, cut));
      equal(bench.takeReports(), "", "before the rest");
      arrive(bench, stream, text.substring(cut));
      equal(bench.takeReports(), "OPTIONS", "reports");
    }
  });

  clause("RFC 3261 18.3", "several messages may come in one segment, in their order", () => {
    const bench = new TransactionBench();
    const stream = accepted(bench);
    arrive(bench, stream, overTcp(anna.request("OPTIONS", [], "")) + overTcp(anna.newCall().inviteWith("")));
    equal(bench.takeReports(), "OPTIONS INVITE", "reports");
  });

  clause("RFC 3261 20.14", "a message without Content-Length ends the connection", () => {
    const bench = new TransactionBench();
    const stream = accepted(bench);
    arrive(bench, stream, changed(overTcp(anna.request("OPTIONS", [], "")), "Content-Length: 0\r\n", ""));
    isTrue(stream.closed, "closed");
    equal(bench.takeReports(), "", "reports");
  });

  clause("RFC 5626 4.4.1", "two line ends are answered with one", () => {
    const bench = new TransactionBench();
    const stream = accepted(bench);
    arrive(bench, stream, "\r\n\r\n");
    equal(stream.take(), "\r\n", "pong");
  });

  clause("RFC 5626 4.4", "line ends over UDP are nothing to answer", () => {
    const bench = new TransactionBench();
    bench.deliver("\r\n\r\n", anna.endpoint);
    equal(bench.wire.waiting(), 0, "messages");
    equal(bench.transport.counters.keepAlives, 1, "counted");
  });
});
