// The UDP transport (RFC 3261 18, RFC 3581), seen from the wire: where responses go, what Via says of the source, and what
// becomes of datagrams that are no SIP.

import type { Bytes } from "../../firmware/bytes/bytes";
import { copyEndpoint, createEndpoint } from "../../firmware/bytes/ip-address";
import { createTimerWheel } from "../../firmware/clock/timer-wheel";
import { createStationLimits } from "../../firmware/limits";
import { createTarget, type Target } from "../../firmware/sip/target";
import { createTransport, sentByFor, setSentBy } from "../../firmware/sip/transport";
import type { Endpoint } from "../../hal/endpoint";
import { FakeUdp, testEndpoint } from "../fake-udp";
import { describe, equal, it } from "../harness";
import { textOf } from "../octets";
import { changed, headerOf, headersOf, statusOf } from "../rig/message-text";
import { FakeLog } from "../rig/parts";
import { Peer } from "../rig/peer";
import { FakeClock, SeededRandom } from "../rig/time";
import { TransactionBench } from "../rig/transaction-bench";

const anna = new Peer("anna", 9, 5070);

/** OPTIONS of anna with another topmost Via, from another source; the answer's place and topmost Via. */
function answerTo(via: string, sourceHost: number, sourcePort: number): string {
  const bench = new TransactionBench();
  const request = anna.request("OPTIONS", [], "");
  bench.deliver(changed(request, headerOf(request, "Via"), via), testEndpoint(sourceHost, sourcePort));
  bench.answer(200);
  const datagram = bench.wire.nextDatagram();
  return `${datagram.host}:${datagram.port} ${headerOf(datagram.text, "Via")}`;
}

describe("responses", () => {
  it("go to the source of the request when its Via has rport, which is filled in (RFC 3581 4)", () => {
    equal(
      answerTo("SIP/2.0/UDP 192.0.2.9:5070;branch=z9hG4bKa;rport", 77, 40001),
      "77:40001 SIP/2.0/UDP 192.0.2.9:5070;branch=z9hG4bKa;rport=40001;received=192.0.2.77",
      "rport at the end",
    );
    equal(
      answerTo("SIP/2.0/UDP 192.0.2.9:5070;rport;branch=z9hG4bKb", 77, 40001),
      "77:40001 SIP/2.0/UDP 192.0.2.9:5070;rport=40001;branch=z9hG4bKb;received=192.0.2.77",
      "rport in the middle",
    );
  });

  it("go to the source address at the port of the Via without rport (RFC 3261 18.2.2)", () => {
    equal(
      answerTo("SIP/2.0/UDP phone.example:5080;branch=z9hG4bKa", 77, 40001),
      "77:5080 SIP/2.0/UDP phone.example:5080;branch=z9hG4bKa;received=192.0.2.77",
      "with a port",
    );
    equal(
      answerTo("SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKa", 77, 40001),
      "77:5060 SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKa;received=192.0.2.77",
      "without one",
    );
  });

  it("carry all Vias in their order, and received only in the topmost (8.2.6.2)", () => {
    const bench = new TransactionBench();
    const request = anna.request("OPTIONS", [], "");
    const top = headerOf(request, "Via");
    bench.deliver(
      changed(
        request,
        `Via: ${top}`,
        "Via: SIP/2.0/UDP 192.0.2.8;branch=z9hG4bKp, SIP/2.0/UDP 192.0.2.7;branch=z9hG4bKq\r\nv: SIP/2.0/UDP 192.0.2.9",
      ),
      testEndpoint(8, 5060),
    );
    bench.answer(200);
    equal(
      headersOf(bench.expect("200 OPTIONS"), "Via").join(" | "),
      "SIP/2.0/UDP 192.0.2.8;branch=z9hG4bKp;received=192.0.2.8, SIP/2.0/UDP 192.0.2.7;branch=z9hG4bKq" +
        " | SIP/2.0/UDP 192.0.2.9",
      "Vias",
    );
  });

  it("leave a header field that the sender wrote in short under its long name, with its value as it was", () => {
    const bench = new TransactionBench();
    const request = changed(anna.request("OPTIONS", [], ""), "Call-ID: ", "i:   ");
    bench.deliver(request, anna.endpoint);
    bench.answer(200);
    equal(headerOf(bench.expect("200 OPTIONS"), "Call-ID").indexOf("anna-"), 0, "Call-ID");
  });
});

describe("datagrams that are no message", () => {
  it("of line ends only are keep-alives and stay unanswered (RFC 5626 3.5.1)", () => {
    const bench = new TransactionBench();
    bench.deliver("\r\n\r\n", anna.endpoint);
    bench.deliver("\r\n", anna.endpoint);
    bench.deliver("", anna.endpoint);
    equal(bench.transport.counters.keepAlives, 3, "keep-alives");
    equal(bench.wire.waiting(), 0, "messages sent");
  });

  it("in another language are counted and stay unanswered", () => {
    const bench = new TransactionBench();
    const foreign = [
      "GET / HTTP/1.1\r\n\r\n",
      "\u0000\u0001\u0000\u0000",
      "hello",
      "SIP/2.0\r\n\r\n",
      "INVITE\r\n\r\n",
    ];
    for (let index = 0; index < foreign.length; index += 1) {
      bench.deliver(foreign[index], anna.endpoint);
    }
    equal(bench.transport.counters.foreign, foreign.length, "foreign");
    equal(bench.wire.waiting(), 0, "messages sent");
    equal(bench.takeReports(), "", "reports");
  });

  it("are counted as malformed when they are SIP with a defect", () => {
    const bench = new TransactionBench();
    bench.deliver(changed(anna.request("OPTIONS", [], ""), "CSeq: ", "CSeq: x"), anna.endpoint);
    equal(statusOf(bench.wire.next()), "400", "status");
    equal(bench.transport.counters.malformed, 1, "malformed");
  });

  it("behind leading line ends are taken (7.5)", () => {
    const bench = new TransactionBench();
    bench.deliver(`\r\n\r\n${anna.request("OPTIONS", [], "")}`, anna.endpoint);
    equal(bench.takeReports(), "OPTIONS", "reports");
  });

  it("may have octets behind the body, which do not count (18.3)", () => {
    const bench = new TransactionBench();
    bench.deliver(`${anna.request("OPTIONS", [], "hello")}and more`, anna.endpoint);
    equal(bench.takeReports(), "OPTIONS", "reports");
  });
});

describe("a datagram larger than the receive buffer", () => {
  it("is counted, and a request in it refused without being taken", () => {
    const bench = new TransactionBench();
    let body = "0123456789abcdef";
    while (body.length < 5000) {
      body = `${body}${body}`;
    }
    bench.deliver(anna.request("OPTIONS", [], body), anna.endpoint);
    bench.expect("400 OPTIONS");
    equal(bench.transport.counters.tooLarge, 1, "too large");
    equal(bench.takeReports(), "", "reports");
  });

  it("is answered 513 when not even its header fits (21.5.7)", () => {
    const bench = new TransactionBench();
    const lines: string[] = [];
    for (let count = 0; count < 60; count += 1) {
      lines.push(`X-${count}: 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef`);
    }
    bench.deliver(anna.request("OPTIONS", lines, ""), anna.endpoint);
    bench.expect("513 OPTIONS");
    equal(bench.transport.counters.tooLarge, 1, "too large");
  });
});

describe("the transport", () => {
  it("counts what it sends, and what the network refuses, which is lost", () => {
    const bench = new TransactionBench();
    bench.sendOptions();
    bench.wire.udp.refusing = true;
    bench.advance(500);
    equal(bench.transport.counters.sent, 2, "sent");
    equal(bench.transport.counters.sendFailed, 1, "failed");
    bench.wire.udp.refusing = false;
    bench.advance(1000);
    equal(bench.wire.times(), "0 1500", "on the wire at");
  });

  it("names the advertised address in place of the socket's own", () => {
    const clock = new FakeClock();
    const advertised = testEndpoint(200, 15060);
    const make = (own: boolean): string => {
      const transport = createTransport(
        createStationLimits(),
        new FakeUdp(testEndpoint(4, 5060)),
        own ? createEndpoint() : advertised,
        new SeededRandom(1),
        createTimerWheel(clock.now()),
        new FakeLog(clock),
      );
      return textOf(transport.sentBy.bytes, 0, transport.sentBy.length);
    };
    equal(make(true), "192.0.2.4:5060", "its own");
    equal(make(false), "192.0.2.200:15060", "advertised");
  });

  it("takes at most 32 datagrams in one poll, so that a flood leaves time for everything else", () => {
    const bench = new TransactionBench();
    for (let count = 0; count < 40; count += 1) {
      bench.wire.arrive("\r\n", anna.endpoint);
    }
    bench.poll();
    equal(bench.transport.counters.keepAlives, 32, "after one poll");
    bench.poll();
    equal(bench.transport.counters.keepAlives, 40, "after two");
  });
});

/** The IPv6 endpoint [2001:db8::`host`]:`port`, of the addresses for documentation (RFC 3849). */
function endpoint6(host: number, port: number): Endpoint {
  const endpoint = createEndpoint();
  endpoint.family = 6;
  endpoint.address[0] = 0x20;
  endpoint.address[1] = 0x01;
  endpoint.address[2] = 0x0d;
  endpoint.address[3] = 0xb8;
  endpoint.address[15] = host;
  endpoint.port = port;
  return endpoint;
}

describe("a socket that speaks IPv4 and IPv6", () => {
  it("has a sent-by for each, and peers are named the one of their family", () => {
    const clock = new FakeClock();
    const udp = new FakeUdp(testEndpoint(4, 5060));
    copyEndpoint(udp.local6, endpoint6(4, 5060));
    const transport = createTransport(
      createStationLimits(),
      udp,
      createEndpoint(),
      new SeededRandom(1),
      createTimerWheel(clock.now()),
      new FakeLog(clock),
    );
    const target = createTarget();
    copyEndpoint(target, testEndpoint(9, 5070));
    const four = sentByFor(transport, target);
    equal(textOf(four.bytes, 0, four.length), "192.0.2.4:5060", "IPv4");
    copyEndpoint(target, endpoint6(9, 5070));
    const six = sentByFor(transport, target);
    equal(textOf(six.bytes, 0, six.length), "[2001:db8::4]:5060", "IPv6");
    setSentBy(transport, endpoint6(5, 15060));
    equal(textOf(six.bytes, 0, six.length), "[2001:db8::5]:15060", "IPv6, set anew");
    equal(textOf(four.bytes, 0, four.length), "192.0.2.4:5060", "IPv4 stays");
  });

  it("answers an IPv6 peer with its address in received, without brackets (RFC 3261 18.2.1, RFC 5118 4.5)", () => {
    const bench = new TransactionBench();
    const request = anna.request("OPTIONS", [], "");
    bench.deliver(
      changed(request, headerOf(request, "Via"), "SIP/2.0/UDP [2001:db8::9]:5070;branch=z9hG4bKa;rport"),
      endpoint6(77, 40001),
    );
    bench.answer(200);
    equal(
      headerOf(bench.expect("200 OPTIONS"), "Via"),
      "SIP/2.0/UDP [2001:db8::9]:5070;branch=z9hG4bKa;rport=40001;received=2001:db8::4d",
      "Via",
    );
  });
});

describe("the admission", () => {
  it("is asked for each datagram before anything of it is read, and what it refuses is counted alone", () => {
    const bench = new TransactionBench();
    const asked: string[] = [];
    bench.transport.admission = {
      owner: bench,
      admit: (_owner: object, source: Target, length: number): boolean => {
        asked.push(`${source.address[3]}:${source.port} ${length}`);
        return source.address[3] === anna.host;
      },
    };
    bench.deliver("hello", testEndpoint(66, 1234));
    bench.deliver("\r\n\r\n", anna.endpoint);
    equal(asked.join(" | "), "66:1234 5 | 9:5070 4", "asked for");
    const counters = bench.transport.counters;
    equal(`${counters.received} ${counters.refused} ${counters.foreign} ${counters.keepAlives}`, "2 1 0 1", "counters");
  });
});

describe("a datagram that begins as STUN does", () => {
  it("goes to the listener, and is foreign when it is not for it (RFC 5389 8)", () => {
    const bench = new TransactionBench();
    const heard: string[] = [];
    bench.transport.stun = {
      owner: bench,
      onStun: (_owner: object, bytes: Bytes, length: number, source: Endpoint): boolean => {
        heard.push(`${bytes[0]} ${bytes[1]} ${length} ${source.port}`);
        return bytes[1] === 1;
      },
    };
    bench.deliver("\u0001\u0001\u0000\u0000", anna.endpoint);
    bench.deliver("\u0000\u0002", anna.endpoint);
    bench.deliver("\u0004", anna.endpoint);
    equal(heard.join(" | "), "1 1 4 5070 | 0 2 2 5070", "heard");
    equal(bench.transport.counters.foreign, 2, "foreign");
  });
});
