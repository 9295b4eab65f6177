// A request that has several targets (RFC 3263 4.3), or is too large for UDP (RFC 3261 18.1.1), on a wire that is silent, refuses
// or is overloaded.

import { abandonClientTransaction, ClientState, takeClientTransaction } from "../../firmware/sip/client-transaction";
import { Method } from "../../firmware/sip/method";
import { Status } from "../../firmware/sip/status";
import { Protocol } from "../../firmware/sip/target";
import { testEndpoint } from "../fake-udp";
import { describe, equal, isTrue, it } from "../harness";
import { changed, headerOf, kindOf, parameterOf } from "../rig/message-text";
import { responseOf } from "../rig/peer";
import { expectState, TransactionBench } from "../rig/transaction-bench";

function benchTo(targets: number[]): TransactionBench {
  const bench = new TransactionBench();
  bench.targets = targets;
  return bench;
}

/** The datagrams that left, as "time>host". */
function trace(bench: TransactionBench): string {
  const words: string[] = [];
  while (bench.wire.waiting() > 0) {
    const datagram = bench.wire.nextDatagram();
    words.push(`${datagram.time}>${datagram.host}`);
  }
  return words.join(" ");
}

function respond(bench: TransactionBench, request: string, status: string): void {
  bench.deliver(responseOf(request, status, "tag", [], ""), testEndpoint(9, 5070));
}

/** Header fields that make a request longer than 1,300 octets. */
function manyLines(): string[] {
  const lines: string[] = [];
  for (let count = 0; count < 20; count += 1) {
    lines.push(`X-Filler: ${count} 0123456789abcdef0123456789abcdef0123456789abcd`);
  }
  return lines;
}

describe("a request with several targets", () => {
  it("goes to the next after three transmissions without a response, and to the last for the rest of 64*T1", () => {
    const bench = benchTo([7, 8]);
    equal(bench.request(Method.OPTIONS, "OPTIONS"), Status.OK, "status");
    bench.advance(40000);
    equal(
      trace(bench),
      "0>7 500>7 1500>7 3500>8 4000>8 5000>8 7000>8 11000>8 15000>8 19000>8 23000>8 27000>8 31000>8",
      "transmissions",
    );
    equal(bench.takeReports(), "avoid 7 timeout 32000", "reports");
    equal(bench.inUse(), "0 0", "transactions");
  });

  it("has a new branch for each, and the rest as it was (8.1.2)", () => {
    const bench = benchTo([7, 8]);
    bench.request(Method.INVITE, "INVITE");
    const first = bench.expect("INVITE");
    bench.advance(3500);
    bench.wire.next();
    bench.wire.next();
    const second = bench.expect("INVITE");
    const branch = parameterOf(headerOf(first, "Via"), "branch");
    const other = parameterOf(headerOf(second, "Via"), "branch");
    isTrue(branch !== other, "another branch");
    equal(changed(second, other, branch), first, "the same request");
    respond(bench, first, "200 OK");
    equal(bench.takeReports(), "avoid 7 stray 200", "a late response of the first");
    respond(bench, second, "200 OK");
    equal(bench.takeReports(), "200", "a response of the second");
  });

  it("stays with a target that was heard", () => {
    const bench = benchTo([7, 8]);
    bench.request(Method.INVITE, "INVITE");
    respond(bench, bench.expect("INVITE"), "100 Trying");
    bench.advance(60000);
    equal(trace(bench), "", "transmissions");
    equal(bench.takeReports(), "100", "reports");
  });

  it("goes to the next at once when the network refuses it", () => {
    const bench = benchTo([7, 8]);
    bench.wire.udp.refusedHost = 7;
    equal(bench.request(Method.OPTIONS, "OPTIONS"), Status.OK, "status");
    equal(trace(bench), "0>8", "transmissions");
  });

  it("is sent again to the last target although the network refuses it: the way may come back", () => {
    const bench = benchTo([7]);
    bench.wire.udp.refusing = true;
    equal(bench.request(Method.OPTIONS, "OPTIONS"), Status.OK, "status");
    bench.advance(600);
    bench.wire.udp.refusing = false;
    bench.advance(1000);
    equal(trace(bench), "1500>7", "transmissions");
  });

  it("goes to the next when one is overloaded, whose 503 its user does not see (RFC 3261 21.5.4)", () => {
    const bench = benchTo([7, 8]);
    bench.request(Method.OPTIONS, "OPTIONS");
    respond(bench, bench.expect("OPTIONS"), "503 Service Unavailable");
    const datagram = bench.wire.nextDatagram();
    equal(datagram.host, 8, "host");
    respond(bench, datagram.text, "503 Service Unavailable");
    equal(bench.takeReports(), "avoid 7 503", "reports");
    equal(trace(bench), "", "transmissions");
  });

  it("that is an INVITE acknowledges each 503, also when it comes again, while the next is tried", () => {
    const bench = benchTo([7, 8]);
    bench.request(Method.INVITE, "INVITE");
    const first = bench.expect("INVITE");
    respond(bench, first, "100 Trying");
    respond(bench, first, "503 Service Unavailable");
    const ack = bench.wire.nextDatagram();
    equal(`${kindOf(ack.text)} ${ack.host}`, "ACK 7", "acknowledgement");
    const second = bench.wire.nextDatagram();
    equal(`${kindOf(second.text)} ${second.host}`, "INVITE 8", "the next target");
    respond(bench, first, "503 Service Unavailable");
    const again = bench.wire.nextDatagram();
    equal(again.text, ack.text, "the acknowledgement again");
    equal(again.host, 7, "to the first target");
    respond(bench, second.text, "486 Busy Here");
    bench.expect("ACK");
    equal(bench.takeReports(), "100 avoid 7 486", "reports");
    bench.advance(40000);
    equal(bench.inUse(), "0 0", "transactions");
  });

  it("goes over TCP from one to the next that is refused, resets or is silent", () => {
    const bench = benchTo([6, 7, 8]);
    bench.protocol = Protocol.TCP;
    bench.request(Method.OPTIONS, "OPTIONS");
    bench.advance(10);
    const first = bench.tcp.last();
    first.ended = true;
    bench.poll();
    bench.advance(10);
    const second = bench.tcp.last();
    equal(second.peer.address[3], 7, "second target");
    bench.advance(3600);
    const third = bench.tcp.last();
    equal(third.peer.address[3], 8, "third target");
    isTrue(third.take().indexOf("OPTIONS") === 0, "the request");
    bench.advance(40000);
    equal(bench.takeReports(), "avoid 6 avoid 7 timeout 32000", "reports");
  });

  it("fails before the call returns when no target takes it, and its transaction is free", () => {
    const bench = benchTo([6, 7]);
    bench.protocol = Protocol.TCP;
    bench.tcp.unreachable = true;
    equal(bench.request(Method.OPTIONS, "OPTIONS"), Status.UNREACHABLE, "status");
    equal(bench.inUse(), "0 0", "transactions");
    bench.advance(40000);
    equal(bench.takeReports(), "", "reports");
  });

  it("fails when its user cannot write it", () => {
    const bench = benchTo([7]);
    bench.writing = Status.MISSING;
    equal(bench.request(Method.OPTIONS, "OPTIONS"), Status.MISSING, "status");
    equal(bench.inUse(), "0 0", "transactions");
    bench.writing = Status.OK;
    bench.requestLines = manyLines();
    for (let index = 0; index < 20; index += 1) {
      bench.requestLines.push(bench.requestLines[index]);
    }
    equal(bench.request(Method.OPTIONS, "OPTIONS"), Status.TOO_LONG, "longer than the transaction's buffer");
    equal(bench.inUse(), "0 0", "transactions");
  });
});

describe("a request whose target is being sought", () => {
  it("goes out when it is found, within the same 64*T1", () => {
    const bench = benchTo([7]);
    bench.located = Status.PENDING;
    equal(bench.request(Method.OPTIONS, "OPTIONS"), Status.OK, "status");
    bench.advance(3000);
    bench.locate(Status.OK);
    equal(trace(bench), "3000>7", "transmissions");
    bench.advance(40000);
    equal(bench.takeReports(), "timeout 32000", "reports");
  });

  it("times out when it is not found, at once or in 64*T1", () => {
    const bench = benchTo([7]);
    bench.located = Status.PENDING;
    bench.request(Method.OPTIONS, "OPTIONS");
    bench.advance(1000);
    bench.locate(Status.MISSING);
    equal(bench.takeReports(), "timeout 1000", "not there");
    bench.request(Method.OPTIONS, "OPTIONS");
    bench.advance(32000);
    equal(bench.takeReports(), "timeout 33000", "no answer");
    bench.locate(Status.OK);
    equal(trace(bench), "", "transmissions");
    equal(bench.inUse(), "0 0", "transactions");
  });

  it("gives the search up with the request, so that a later one hears nothing of it", () => {
    const bench = benchTo([7]);
    bench.located = Status.PENDING;
    bench.request(Method.OPTIONS, "OPTIONS");
    abandonClientTransaction(bench.transactions.clients.items[0]);
    equal(takeClientTransaction(bench.transactions.clients), 0, "the next one's place");
    bench.locate(Status.OK);
    equal(trace(bench), "", "transmissions");
    equal(bench.takeReports(), "", "reports");
  });

  it("fails before the call returns when the search does", () => {
    const bench = benchTo([7]);
    bench.located = Status.MISSING;
    equal(bench.request(Method.OPTIONS, "OPTIONS"), Status.MISSING, "status");
    equal(bench.inUse(), "0 0", "transactions");
  });
});

describe("a request longer than 1,300 octets", () => {
  it("goes over TCP to the address that it has for UDP (18.1.1)", () => {
    const bench = benchTo([7]);
    bench.requestLines = manyLines();
    bench.request(Method.INVITE, "INVITE");
    bench.advance(5000);
    const stream = bench.tcp.last();
    const invite = stream.take();
    isTrue(invite.length > 1300 && kindOf(invite) === "INVITE", "the INVITE");
    isTrue(headerOf(invite, "Via").indexOf("SIP/2.0/TCP") === 0, "Via");
    equal(`${stream.peer.address[3]}:${stream.peer.port}`, "7:5070", "peer");
  });

  it("goes over UDP with a new branch when TCP is not spoken there", () => {
    const bench = benchTo([7]);
    bench.requestLines = manyLines();
    bench.tcp.refusing = true;
    bench.request(Method.INVITE, "INVITE");
    bench.poll();
    bench.advance(10);
    const invite = bench.expect("INVITE");
    isTrue(headerOf(invite, "Via").indexOf("SIP/2.0/UDP") === 0, "Via");
    bench.tcp.refusing = false;
    bench.tcp.unreachable = true;
    bench.wire.forget();
    bench.request(Method.INVITE, "INVITE");
    equal(kindOf(bench.wire.next()), "INVITE", "without a way for TCP");
    equal(bench.takeReports(), "", "the target is not avoided");
  });

  it("goes over UDP when TCP is silent, as through a firewall", () => {
    const bench = benchTo([7]);
    bench.requestLines = manyLines();
    bench.tcp.establishing = false;
    bench.request(Method.INVITE, "INVITE");
    bench.advance(3500);
    equal(trace(bench), "3500>7", "transmissions");
  });

  it("stays with TCP once it was heard there", () => {
    const bench = benchTo([7]);
    bench.requestLines = manyLines();
    bench.request(Method.OPTIONS, "OPTIONS");
    const stream = bench.tcp.last();
    const request = stream.take();
    stream.send(responseOf(request, "100 Trying", "x", [], ""));
    bench.advance(10000);
    stream.send(responseOf(request, "503 Service Unavailable", "x", [], ""));
    bench.advance(10);
    equal(trace(bench), "", "datagrams");
    equal(bench.takeReports(), "100 503", "reports");
  });

  it("goes over UDP on a board without TCP", () => {
    const bench = benchTo([7]);
    bench.requestLines = manyLines();
    bench.transport.streams.available = false;
    bench.request(Method.INVITE, "INVITE");
    equal(trace(bench), "0>7", "transmissions");
  });
});

describe("a response with the branch of a request", () => {
  it("and another sent-by is dropped (18.1.2)", () => {
    const bench = new TransactionBench();
    const transaction = bench.sendOptions();
    const response = responseOf(bench.expect("OPTIONS"), "200 OK", "x", [], "");
    const sentBys = ["192.0.2.5:5060", "192.0.2.4:5061", "192.0.2.4", "192.0.2.44:5060", "192.0.2.4:506"];
    for (let index = 0; index < sentBys.length; index += 1) {
      bench.deliver(changed(response, "192.0.2.4:5060", sentBys[index]), testEndpoint(9, 5070));
      equal(bench.takeReports(), "stray 200", sentBys[index]);
    }
    expectState(transaction, ClientState.TRYING, "after the strangers");
    bench.deliver(changed(response, "192.0.2.4:5060", "192.0.2.4 : 5060"), testEndpoint(9, 5070));
    equal(bench.takeReports(), "200", "blanks are the same");
  });
});
