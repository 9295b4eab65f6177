// The client transactions of RFC 3261 17.1 and RFC 6026, state by state, on a clock that the test moves.

import { ClientState, takeClientTransaction } from "../../firmware/sip/client-transaction";
import { Method } from "../../firmware/sip/method";
import { Status } from "../../firmware/sip/status";
import { describe, equal, isTrue, it } from "../harness";
import { changed, hasHeaderField, headerLines, headerOf, headersOf, startLine } from "../rig/message-text";
import { Peer, responseOf } from "../rig/peer";
import { expectState, TransactionBench } from "../rig/transaction-bench";

const anna = new Peer("anna", 9, 5070);

function respond(bench: TransactionBench, request: string, status: string): void {
  bench.deliver(responseOf(request, status, "anna-tag", [], ""), anna.endpoint);
}

describe("the INVITE client transaction", () => {
  it("sends the INVITE again at doubling intervals and gives up after 64*T1 (RFC 3261 17.1.1.2, Timers A and B)", () => {
    const bench = new TransactionBench();
    const transaction = bench.sendInvite();
    expectState(transaction, ClientState.CALLING, "after the INVITE");
    bench.advance(40000);
    equal(bench.wire.times(), "0 500 1500 3500 7500 15500 31500", "INVITEs at");
    equal(bench.takeReports(), "timeout 32000", "reports");
    equal(bench.inUse(), "0 0", "transactions in use");
  });

  it("sends every retransmission with the same octets to the same place", () => {
    const bench = new TransactionBench();
    bench.sendInvite();
    const first = bench.wire.nextDatagram();
    bench.advance(500);
    const second = bench.wire.nextDatagram();
    equal(second.text, first.text, "text");
    equal(`${second.host} ${second.port}`, "9 5070", "destination");
  });

  it("stops sending when a provisional response comes and then waits without limit (17.1.1.2, Proceeding)", () => {
    const bench = new TransactionBench();
    const transaction = bench.sendInvite();
    const invite = bench.expect("INVITE");
    bench.advance(400);
    respond(bench, invite, "100 Trying");
    expectState(transaction, ClientState.PROCEEDING, "after 100");
    bench.advance(120000);
    respond(bench, invite, "180 Ringing");
    equal(bench.wire.waiting(), 0, "messages sent");
    equal(bench.takeReports(), "100 180", "reports");
    expectState(transaction, ClientState.PROCEEDING, "after 180");
  });

  it("acknowledges a refusal with the ACK of 17.1.1.3: the INVITE's first Via alone, its From, Call-ID, CSeq number and Route, and the To of the response", () => {
    const bench = new TransactionBench();
    const transaction = bench.send(Method.INVITE, "INVITE", ["Route: <sip:192.0.2.8;lr>", "Route: <sip:192.0.2.7;lr>"]);
    const invite = bench.expect("INVITE");
    respond(bench, invite, "486 Busy Here");
    const datagram = bench.wire.nextDatagram();
    const ack = datagram.text;
    equal(startLine(ack), "ACK sip:anna@192.0.2.9 SIP/2.0", "request line");
    equal(headersOf(ack, "Via").length, 1, "Via fields");
    equal(headerOf(ack, "Via"), headerOf(invite, "Via"), "Via");
    equal(headerOf(ack, "From"), headerOf(invite, "From"), "From");
    equal(headerOf(ack, "To"), "<sip:anna@192.0.2.9>;tag=anna-tag", "To");
    equal(headerOf(ack, "Call-ID"), "one-call", "Call-ID");
    equal(headerOf(ack, "CSeq"), "7 ACK", "CSeq");
    equal(headersOf(ack, "Route").join(" "), "<sip:192.0.2.8;lr> <sip:192.0.2.7;lr>", "Route");
    isTrue(hasHeaderField(ack, "Max-Forwards"), "it has Max-Forwards");
    equal(headerOf(ack, "Content-Length"), "0", "Content-Length");
    equal(`${datagram.host} ${datagram.port}`, "9 5070", "the ACK goes where the INVITE went");
    equal(bench.takeReports(), "486", "reports");
    expectState(transaction, ClientState.COMPLETED, "after 486");
  });

  it("acknowledges each retransmission of the refusal, reports it once, and ends after Timer D of 32 s", () => {
    const bench = new TransactionBench();
    const transaction = bench.sendInvite();
    const invite = bench.expect("INVITE");
    respond(bench, invite, "486 Busy Here");
    const ack = bench.expect("ACK");
    bench.advance(500);
    respond(bench, invite, "486 Busy Here");
    equal(bench.expect("ACK"), ack, "the second ACK");
    bench.advance(31499);
    expectState(transaction, ClientState.COMPLETED, "at 31,999 ms");
    bench.advance(1);
    expectState(transaction, ClientState.FREE, "at 32,000 ms");
    equal(bench.takeReports(), "486", "reports");
    respond(bench, invite, "486 Busy Here");
    equal(bench.wire.waiting(), 0, "nothing is acknowledged any more");
  });

  it("sends no ACK for a 2xx, reports every 2xx of every fork, and ends after Timer M of 32 s (RFC 6026 7.2)", () => {
    const bench = new TransactionBench();
    const transaction = bench.sendInvite();
    const invite = bench.expect("INVITE");
    respond(bench, invite, "200 OK");
    expectState(transaction, ClientState.ACCEPTED, "after 200");
    bench.advance(500);
    respond(bench, invite, "200 OK");
    bench.deliver(responseOf(invite, "200 OK", "other-fork", [], ""), anna.endpoint);
    equal(bench.wire.waiting(), 0, "messages sent");
    equal(bench.takeReports(), "200 200 200", "reports");
    bench.advance(31499);
    expectState(transaction, ClientState.ACCEPTED, "at 31,999 ms");
    bench.advance(1);
    expectState(transaction, ClientState.FREE, "at 32,000 ms");
    respond(bench, invite, "200 OK");
    equal(bench.takeReports(), "stray 200", "a 2xx after Timer M");
  });

  it("drops provisional responses and refusals that come after a 2xx (RFC 6026 7.2, Accepted)", () => {
    const bench = new TransactionBench();
    bench.sendInvite();
    const invite = bench.expect("INVITE");
    respond(bench, invite, "200 OK");
    respond(bench, invite, "180 Ringing");
    respond(bench, invite, "486 Busy Here");
    equal(bench.takeReports(), "200", "reports");
    equal(bench.wire.waiting(), 0, "messages sent");
  });

  it("drops a 2xx and provisional responses that come after a refusal (17.1.1.2, Completed)", () => {
    const bench = new TransactionBench();
    bench.sendInvite();
    const invite = bench.expect("INVITE");
    respond(bench, invite, "603 Decline");
    bench.expect("ACK");
    respond(bench, invite, "180 Ringing");
    respond(bench, invite, "200 OK");
    equal(bench.takeReports(), "603", "reports");
    equal(bench.wire.waiting(), 0, "messages sent");
  });
});

describe("the non-INVITE client transaction", () => {
  it("sends again at T1, doubling up to T2, and gives up after 64*T1 (17.1.2.2, Timers E and F)", () => {
    const bench = new TransactionBench();
    const transaction = bench.sendOptions();
    expectState(transaction, ClientState.TRYING, "after the request");
    bench.advance(40000);
    equal(bench.wire.times(), "0 500 1500 3500 7500 11500 15500 19500 23500 27500 31500", "requests at");
    equal(bench.takeReports(), "timeout 32000", "reports");
    equal(bench.inUse(), "0 0", "transactions in use");
  });

  it("goes on sending every T2 in Proceeding and gives up all the same (17.1.2.2)", () => {
    const bench = new TransactionBench();
    const transaction = bench.sendOptions();
    const request = bench.expect("OPTIONS");
    bench.advance(100);
    respond(bench, request, "100 Trying");
    expectState(transaction, ClientState.PROCEEDING, "after 100");
    bench.advance(40000);
    equal(bench.wire.times(), "500 4500 8500 12500 16500 20500 24500 28500", "requests at");
    equal(bench.takeReports(), "100 timeout 32000", "reports");
  });

  it("reports the final response once, absorbs its retransmissions, and ends after Timer K of T4", () => {
    const bench = new TransactionBench();
    const transaction = bench.sendOptions();
    const request = bench.expect("OPTIONS");
    respond(bench, request, "200 OK");
    expectState(transaction, ClientState.COMPLETED, "after 200");
    respond(bench, request, "200 OK");
    bench.advance(4999);
    expectState(transaction, ClientState.COMPLETED, "at 4,999 ms");
    bench.advance(1);
    expectState(transaction, ClientState.FREE, "at 5,000 ms");
    equal(bench.takeReports(), "200", "reports");
    equal(bench.wire.waiting(), 0, "messages sent");
  });
});

describe("matching of responses", () => {
  it("asks for the branch of the topmost Via (17.1.3)", () => {
    const bench = new TransactionBench();
    bench.sendOptions();
    const request = bench.expect("OPTIONS");
    bench.deliver(
      changed(responseOf(request, "200 OK", "t", [], ""), ";branch=z9hG4bK", ";branch=z9hG4bKx"),
      anna.endpoint,
    );
    equal(bench.takeReports(), "stray 200", "reports");
  });

  it("asks for the method of CSeq, because CANCEL has the branch of its INVITE (17.1.3)", () => {
    const bench = new TransactionBench();
    const transaction = bench.sendInvite();
    const invite = bench.expect("INVITE");
    bench.deliver(
      changed(responseOf(invite, "200 OK", "t", [], ""), "CSeq: 7 INVITE", "CSeq: 7 CANCEL"),
      anna.endpoint,
    );
    equal(bench.takeReports(), "stray 200", "reports");
    expectState(transaction, ClientState.CALLING, "the INVITE");
  });

  it("keeps transactions of different requests apart", () => {
    const bench = new TransactionBench();
    bench.sendOptions();
    const first = bench.expect("OPTIONS");
    const second = bench.sendOptions();
    bench.expect("OPTIONS");
    respond(bench, first, "200 OK");
    expectState(second, ClientState.TRYING, "the other one");
    isTrue(headerLines(first).length > 0, "there was a first");
  });
});

describe("the pool of client transactions", () => {
  it("takes one that only absorbs retransmissions when all are in use", () => {
    const bench = new TransactionBench();
    const clients = bench.transactions.clients;
    bench.sendOptions();
    respond(bench, bench.expect("OPTIONS"), "200 OK");
    for (let count = 1; count < clients.items.length; count += 1) {
      bench.sendOptions();
    }
    equal(clients.use.inUse, clients.items.length, "in use");
    isTrue(takeClientTransaction(clients) >= 0, "one is there");
    equal(clients.use.refused, 0, "refused");
  });

  it("answers FULL and counts it when none can be taken", () => {
    const bench = new TransactionBench();
    const clients = bench.transactions.clients;
    for (let count = 0; count < clients.items.length; count += 1) {
      bench.sendInvite();
    }
    equal(takeClientTransaction(clients), Status.FULL, "status");
    equal(clients.use.refused, 1, "refused");
    bench.advance(33000);
    equal(clients.use.inUse, 0, "in use when all have timed out");
    equal(clients.use.highWater, clients.items.length, "high water");
  });
});
