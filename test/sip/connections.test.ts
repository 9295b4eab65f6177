// SIP over TCP (RFC 3261 18, RFC 5626 3.5.1), seen by a peer at the other end of the stream: framing, reuse, ends, and what a
// flood of connections can and cannot do.

import { createStationLimits } from "../../firmware/limits";
import { createMemory } from "../../firmware/memory/pool";
import { ClientState } from "../../firmware/sip/client-transaction";
import { createConnections, dropConnections } from "../../firmware/sip/connections";
import { Method } from "../../firmware/sip/method";
import { ServerState } from "../../firmware/sip/server-transaction";
import { Status } from "../../firmware/sip/status";
import { Protocol, type Target } from "../../firmware/sip/target";
import { type FakeStream, FakeTcp } from "../fake-tcp";
import { testEndpoint } from "../fake-udp";
import { describe, equal, isTrue, it, itSlow } from "../harness";
import { changed, headerOf, kindOf } from "../rig/message-text";
import { Peer, responseOf } from "../rig/peer";
import { expectState, TransactionBench } from "../rig/transaction-bench";

const anna = new Peer("anna", 9, 5070);

function options(): string {
  return changed(anna.request("OPTIONS", [], ""), "SIP/2.0/UDP", "SIP/2.0/TCP");
}

/** A connection that anna has opened from port 40001. */
function accepted(bench: TransactionBench): FakeStream {
  const stream = bench.tcp.arrive(testEndpoint(9, 40001));
  bench.poll();
  return stream;
}

function arrive(bench: TransactionBench, stream: FakeStream, text: string): void {
  stream.send(text);
  bench.poll();
}

/** How many times a text holds another. */
function countOf(text: string, part: string): number {
  let count = 0;
  let at = text.indexOf(part);
  while (at >= 0) {
    count += 1;
    at = text.indexOf(part, at + part.length);
  }
  return count;
}

describe("a stream of messages", () => {
  itSlow("may be cut anywhere: the message is taken when its last octet is there (RFC 3261 18.3)", () => {
    const text = changed(anna.request("OPTIONS", [], "hello\r\n\r\nworld"), "SIP/2.0/UDP", "SIP/2.0/TCP");
    for (let cut = 1; cut < text.length; cut += 7) {
      const bench = new TransactionBench();
      const stream = accepted(bench);
      arrive(bench, stream, text.substring(0, cut));
      equal(bench.takeReports(), "", "reports of the first part");
      arrive(bench, stream, text.substring(cut));
      equal(bench.takeReports(), "OPTIONS", "reports");
    }
  });

  it("may come octet by octet", () => {
    const bench = new TransactionBench();
    const stream = accepted(bench);
    const text = options();
    for (let index = 0; index < text.length; index += 1) {
      arrive(bench, stream, text.substring(index, index + 1));
    }
    equal(bench.takeReports(), "OPTIONS", "reports");
  });

  it("may bring several messages and the start of another in one segment", () => {
    const bench = new TransactionBench();
    const stream = accepted(bench);
    const fromEnd = [200, 5];
    for (let index = 0; index < fromEnd.length; index += 1) {
      const third = changed(anna.request("OPTIONS", [], "hello, hello"), "SIP/2.0/UDP", "SIP/2.0/TCP");
      const cut = third.length - fromEnd[index];
      arrive(bench, stream, `${options()}${options()}${third.substring(0, cut)}`);
      equal(bench.takeReports(), "OPTIONS OPTIONS", "reports");
      arrive(bench, stream, `${third.substring(cut)}${options()}`);
      equal(bench.takeReports(), "OPTIONS OPTIONS", "reports");
    }
  });

  it("may have line ends between messages, which are no ping unless there are two (7.5)", () => {
    const bench = new TransactionBench();
    const stream = accepted(bench);
    arrive(bench, stream, `\r\n${options()}\r\n${options()}`);
    equal(bench.takeReports(), "OPTIONS OPTIONS", "reports");
    equal(stream.take(), "", "written");
  });

  it("is answered CRLF for a ping of CRLF CRLF, also when the ping is cut (RFC 5626 3.5.1, 4.4.1)", () => {
    const bench = new TransactionBench();
    const stream = accepted(bench);
    arrive(bench, stream, "\r\n\r\n");
    equal(stream.take(), "\r\n", "pong");
    const parts = ["\r", "\n", "\r", "\n"];
    for (let index = 0; index < parts.length; index += 1) {
      equal(stream.take(), "", "before the end");
      arrive(bench, stream, parts[index]);
    }
    equal(stream.take(), "\r\n", "pong");
  });

  it("ends behind a message without Content-Length, which is answered 400", () => {
    const bench = new TransactionBench();
    const stream = accepted(bench);
    arrive(bench, stream, changed(options(), "Content-Length: 0\r\n", ""));
    equal(kindOf(stream.take()), "400 OPTIONS", "answer");
    isTrue(stream.closed, "closed");
    equal(bench.takeReports(), "", "reports");
  });

  it("ends behind two Content-Lengths or one that is no number", () => {
    const lengths = ["Content-Length: 0\r\nl: 5\r\n", "Content-Length: x\r\n", "Content-Length: 99999999999\r\n"];
    for (let index = 0; index < lengths.length; index += 1) {
      const bench = new TransactionBench();
      const stream = accepted(bench);
      arrive(bench, stream, changed(options(), "Content-Length: 0\r\n", lengths[index]));
      equal(kindOf(stream.take()), "400 OPTIONS", lengths[index]);
      isTrue(stream.closed, "closed");
    }
  });

  it("ends with 513 when a message is longer than the receive buffer, at its header already", () => {
    const bench = new TransactionBench();
    const stream = accepted(bench);
    arrive(bench, stream, changed(options(), "Content-Length: 0", "Content-Length: 5000"));
    equal(kindOf(stream.take()), "513 OPTIONS", "a long body");
    isTrue(stream.closed, "closed");
    const second = accepted(bench);
    let filler = "X: 0123456789abcdef0123456789abcdef\r\n";
    while (filler.length < 5000) {
      filler = `${filler}${filler}`;
    }
    arrive(bench, second, changed(options(), "Content-Length", `${filler}Content-Length`));
    equal(kindOf(second.take()), "513 OPTIONS", "a long header");
    isTrue(second.closed, "closed");
  });

  it("ends unanswered when it is no SIP", () => {
    const bench = new TransactionBench();
    const stream = accepted(bench);
    arrive(bench, stream, "GET / HTTP/1.1\r\nHost: door\r\n\r\n");
    equal(stream.take(), "", "written");
    isTrue(stream.closed, "closed");
    equal(bench.connections.counters.broken, 1, "broken");
  });

  it("goes on behind a message with a defect that leaves its length known", () => {
    const bench = new TransactionBench();
    const stream = accepted(bench);
    arrive(bench, stream, `${changed(options(), "CSeq: ", "CSeq: x")}${options()}`);
    equal(kindOf(stream.take()), "400 OPTIONS", "answer");
    equal(bench.takeReports(), "OPTIONS", "reports");
  });
});

describe("a response over TCP", () => {
  it("goes back on the connection of its request, once, and its transaction ends (17.2.2, Timer J zero)", () => {
    const bench = new TransactionBench();
    const stream = accepted(bench);
    arrive(bench, stream, options());
    bench.answer(200);
    const answer = stream.take();
    equal(kindOf(answer), "200 OPTIONS", "answer");
    isTrue(headerOf(answer, "Via").indexOf("SIP/2.0/TCP 192.0.2.9:5070;") === 0, "Via as it came");
    bench.advance(2);
    equal(bench.inUse(), "0 0", "transactions");
  });

  it("goes over a new connection to the sent-by when that of the request has ended (18.2.2)", () => {
    const bench = new TransactionBench();
    const stream = accepted(bench);
    arrive(bench, stream, options());
    stream.ended = true;
    bench.poll();
    bench.answer(200);
    const other = bench.tcp.last();
    isTrue(other.opened, "opened by the station");
    equal(`${other.peer.address[3]}:${other.peer.port}`, "9:5070", "to the sent-by");
    equal(kindOf(other.take()), "200 OPTIONS", "answer");
  });

  it("that refuses an INVITE is not sent again, but waits for its ACK (17.2.1, no Timer G, Timer I zero)", () => {
    const bench = new TransactionBench();
    const stream = accepted(bench);
    const call = anna.newCall();
    const invite = changed(call.inviteWith(""), "SIP/2.0/UDP", "SIP/2.0/TCP");
    call.invite = invite;
    arrive(bench, stream, invite);
    bench.answer(486);
    const refusal = stream.take();
    bench.advance(31000);
    equal(stream.take(), "", "sent again");
    expectState(bench.server, ServerState.COMPLETED, "before the ACK");
    arrive(bench, stream, call.acknowledgeRefusal(refusal));
    bench.advance(2);
    expectState(bench.server, ServerState.FREE, "after the ACK");
  });
});

describe("a request over TCP", () => {
  it("says TCP in its Via, is sent once, and its transaction ends with the response (17.1.2.2, no Timer E, Timer K zero)", () => {
    const bench = new TransactionBench();
    bench.protocol = Protocol.TCP;
    const transaction = bench.sendOptions();
    bench.advance(20000);
    const stream = bench.tcp.last();
    const request = stream.take();
    equal(countOf(request, "OPTIONS sip:"), 1, "requests");
    isTrue(headerOf(request, "Via").indexOf("SIP/2.0/TCP 192.0.2.4:5060;") === 0, "Via");
    arrive(bench, stream, responseOf(request, "200 OK", "x", [], ""));
    equal(bench.takeReports(), "200", "reports");
    bench.advance(2);
    expectState(transaction, ClientState.FREE, "after the response");
    equal(bench.wire.count, 0, "datagrams");
  });

  it("that is a refused INVITE is acknowledged on the same connection, and ends at once (Timer D zero)", () => {
    const bench = new TransactionBench();
    bench.protocol = Protocol.TCP;
    const transaction = bench.sendInvite();
    const stream = bench.tcp.last();
    const invite = stream.take();
    arrive(bench, stream, responseOf(invite, "486 Busy Here", "x", [], ""));
    const ack = stream.take();
    equal(kindOf(ack), "ACK", "acknowledgement");
    equal(headerOf(ack, "Via"), headerOf(invite, "Via"), "Via");
    bench.advance(2);
    expectState(transaction, ClientState.FREE, "after the ACK");
    equal(bench.tcp.streams.length, 1, "connections");
  });

  it("gives up after 64*T1 when nobody answers (Timer F)", () => {
    const bench = new TransactionBench();
    bench.protocol = Protocol.TCP;
    bench.sendOptions();
    bench.advance(40000);
    equal(bench.takeReports(), "timeout 32000", "reports");
  });

  it("reuses the connection that is open to its target", () => {
    const bench = new TransactionBench();
    bench.protocol = Protocol.TCP;
    bench.sendOptions();
    bench.sendOptions();
    equal(bench.tcp.streams.length, 1, "connections");
    equal(countOf(bench.tcp.last().take(), "OPTIONS sip:"), 2, "requests");
  });

  it("waits until the connection stands, and goes out in pieces as the peer takes them", () => {
    const bench = new TransactionBench();
    bench.protocol = Protocol.TCP;
    bench.tcp.establishing = false;
    bench.sendOptions();
    const stream = bench.tcp.last();
    bench.advance(300);
    equal(stream.take(), "", "before");
    stream.established = true;
    stream.window = 50;
    bench.poll();
    bench.sendOptions();
    for (let count = 0; count < 20; count += 1) {
      bench.poll();
    }
    equal(countOf(stream.take(), "\r\n\r\n"), 2, "messages");
  });

  it("fails at once when the connection is refused, reset, or has no way (17.1.4)", () => {
    const bench = new TransactionBench();
    bench.protocol = Protocol.TCP;
    bench.tcp.refusing = true;
    bench.sendOptions();
    bench.advance(10);
    bench.tcp.refusing = false;
    bench.sendOptions();
    bench.advance(100);
    bench.tcp.last().ended = true;
    bench.advance(100);
    bench.tcp.unreachable = true;
    bench.sendOptions();
    bench.advance(10);
    equal(countOf(bench.takeReports(), "timeout "), 3, "failures");
    equal(bench.inUse(), "0 0", "transactions");
    isTrue(bench.clock.elapsed < 1000, "long before Timer F");
  });

  it("fails when the connection does not stand in ten seconds", () => {
    const bench = new TransactionBench();
    bench.protocol = Protocol.TCP;
    bench.tcp.establishing = false;
    bench.sendOptions();
    bench.advance(10100);
    equal(bench.takeReports(), "avoid 9 timeout 10001", "reports");
    isTrue(bench.tcp.last().closed, "closed");
  });

  it("that was answered provisionally outlives its connection: the response may come on another (18.2.2)", () => {
    const bench = new TransactionBench();
    bench.protocol = Protocol.TCP;
    const transaction = bench.sendInvite();
    const stream = bench.tcp.last();
    const invite = stream.take();
    arrive(bench, stream, responseOf(invite, "180 Ringing", "x", [], ""));
    stream.ended = true;
    bench.poll();
    bench.advance(1000);
    expectState(transaction, ClientState.PROCEEDING, "after the end of the connection");
    arrive(bench, accepted(bench), responseOf(invite, "200 OK", "x", [], ""));
    equal(bench.takeReports(), "180 200", "reports");
  });
});

describe("connections", () => {
  it("that strangers leave open give way to the station's own, and never the other way round", () => {
    const bench = new TransactionBench();
    bench.protocol = Protocol.TCP;
    bench.sendOptions();
    const own = bench.tcp.last();
    for (let count = 0; count < 10; count += 1) {
      bench.tcp.arrive(testEndpoint(66, 1000 + count));
      bench.advance(6000);
    }
    isTrue(!own.closed, "our own stands");
    equal(bench.connections.use.inUse, 3, "in use");
    bench.targets = [10];
    bench.request(Method.OPTIONS, "OPTIONS");
    isTrue(bench.tcp.last().opened && bench.tcp.last().take() !== "", "one to a second peer");
    isTrue(!own.closed, "our own stands");
  });

  it("of strangers give way first, although they were used later", () => {
    const bench = new TransactionBench();
    bench.protocol = Protocol.TCP;
    const first = accepted(bench);
    accepted(bench);
    bench.sendOptions();
    const own = bench.tcp.last();
    bench.advance(100);
    arrive(bench, first, options());
    bench.targets = [10];
    bench.request(Method.OPTIONS, "OPTIONS");
    isTrue(!own.closed, "our own stands");
    isTrue(!first.closed, "the stranger that was heard last stands");
    equal(bench.connections.use.inUse, 3, "in use");
  });

  it("that are in use keep newcomers waiting", () => {
    const bench = new TransactionBench();
    const streams: FakeStream[] = [];
    for (let count = 0; count < 4; count += 1) {
      streams.push(bench.tcp.arrive(testEndpoint(9, 40000 + count)));
    }
    bench.advance(1000);
    equal(bench.connections.use.inUse, 3, "in use");
    arrive(bench, streams[3], options());
    equal(bench.takeReports(), "", "not heard yet");
    bench.advance(2000);
    arrive(bench, streams[1], options());
    arrive(bench, streams[2], options());
    bench.takeReports();
    bench.advance(3000);
    isTrue(streams[0].closed, "the one that was silent for longest has given way");
    equal(bench.takeReports(), "OPTIONS", "reports");
    isTrue(!streams[1].closed && !streams[2].closed, "the others stand");
  });

  const uses: [string, string][] = [
    ["half a message trickles", "O"],
    ["strangers do nothing but ping (RFC 5626 3.5.1)", "\r\n\r\n"],
  ];
  for (const [what, octets] of uses) {
    it(`over which ${what} give way to a newcomer`, () => {
      const bench = new TransactionBench();
      const streams: FakeStream[] = [];
      for (let count = 0; count < 3; count += 1) {
        streams.push(bench.tcp.arrive(testEndpoint(66, 1000 + count)));
      }
      for (let second = 0; second < 6; second += 1) {
        for (let index = 0; index < streams.length; index += 1) {
          arrive(bench, streams[index], octets);
        }
        bench.advance(1000);
      }
      arrive(bench, accepted(bench), options());
      equal(bench.takeReports(), "OPTIONS", "reports");
    });
  }

  it("that were silent for longer than the clock tells give way as well", () => {
    const bench = new TransactionBench();
    for (let count = 0; count < 3; count += 1) {
      bench.tcp.arrive(testEndpoint(66, 1000 + count));
    }
    for (let hour = 0; hour < 20; hour += 1) {
      bench.advance(3600000);
    }
    bench.protocol = Protocol.TCP;
    equal(bench.request(Method.OPTIONS, "OPTIONS"), Status.OK, "one of our own");
    arrive(bench, accepted(bench), options());
    equal(bench.takeReports(), "OPTIONS", "reports of a newcomer");
  });

  it("are refused by the admission before anything is read, and so are their messages", () => {
    const bench = new TransactionBench();
    let admitted = false;
    const lengths: number[] = [];
    bench.transport.admission = {
      owner: bench,
      admit: (_owner: object, _source: Target, length: number): boolean => {
        lengths.push(length);
        return admitted;
      },
    };
    isTrue(accepted(bench).closed, "closed");
    admitted = true;
    const stream = accepted(bench);
    admitted = false;
    const text = options();
    arrive(bench, stream, text);
    equal(bench.takeReports(), "", "reports");
    equal(bench.transport.counters.refused, 2, "refused");
    equal(lengths.join(" "), `0 0 ${text.length}`, "octets asked for");
  });

  it("are as many as the board has, where that is fewer: the next peer waits, and nothing asks for another", () => {
    const bench = new TransactionBench();
    const board = new FakeTcp(1);
    const connections = createConnections(createMemory(), createStationLimits(), bench.transport, board);
    board.arrive(testEndpoint(9, 40001));
    board.arrive(testEndpoint(9, 40002));
    bench.poll();
    equal(connections.use.inUse, 1, "in use");
    equal(board.waiting(), 1, "waiting");
    isTrue(bench.transport.streams.available, "there is TCP");
  });

  it("are none on a board without TCP, which is never asked for one", () => {
    const bench = new TransactionBench();
    const board = new FakeTcp(0);
    createConnections(createMemory(), createStationLimits(), bench.transport, board);
    bench.protocol = Protocol.TCP;
    bench.sendOptions();
    isTrue(!bench.transport.streams.available, "there is no TCP");
    equal(board.streams.length, 0, "connections opened");
  });

  it("end all at once when the network is another one", () => {
    const bench = new TransactionBench();
    bench.protocol = Protocol.TCP;
    bench.sendOptions();
    const stream = accepted(bench);
    dropConnections(bench.connections);
    bench.advance(2);
    isTrue(stream.closed, "closed");
    equal(countOf(bench.takeReports(), "timeout"), 1, "failures");
    equal(bench.connections.use.inUse, 0, "in use");
  });

  it("end when the peer does not read and the queue of one message is full", () => {
    const bench = new TransactionBench();
    bench.protocol = Protocol.TCP;
    bench.sendOptions();
    const stream = bench.tcp.last();
    stream.window = 0;
    let pings = 0;
    while (pings < 1000 && !stream.closed) {
      bench.transport.streams.ping(bench.transport.streams.owner, bench.connections.items[0].peer);
      pings += 1;
    }
    equal(pings, 577, "pings of 4 octets, 2,304 of which are queued");
    equal(bench.connections.counters.dead, 1, "dead");
    bench.advance(2);
    equal(countOf(bench.takeReports(), "timeout"), 1, "what waited for a response has failed");
  });
});
