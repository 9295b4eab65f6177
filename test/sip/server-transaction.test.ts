// The server transactions of RFC 3261 17.2 and RFC 6026, state by state, on a clock that the test moves.

import { createText } from "../../firmware/bytes/text";
import { putNoBody } from "../../firmware/sip/response-writer";
import { openResponse, ServerState, sendPlainResponse, sendResponse } from "../../firmware/sip/server-transaction";
import { Status } from "../../firmware/sip/status";
import { describe, equal, isTrue, it } from "../harness";
import { changed, headerOf, messageOf, parameterOf, startLine } from "../rig/message-text";
import { Peer } from "../rig/peer";
import { expectState, TransactionBench } from "../rig/transaction-bench";

const anna = new Peer("anna", 9, 5070);

function letters(count: number): string {
  let text = "x";
  while (text.length < count) {
    text = `${text}${text}`;
  }
  return text.substring(0, count);
}

describe("the INVITE server transaction", () => {
  it("answers 100 by itself when its user says nothing for 200 ms (RFC 3261 17.2.1)", () => {
    const bench = new TransactionBench();
    bench.deliver(anna.newCall().inviteWith(""), anna.endpoint);
    bench.advance(1000);
    const datagram = bench.wire.nextDatagram();
    equal(datagram.time, 200, "sent at");
    equal(startLine(datagram.text), "SIP/2.0 100 Trying", "status line");
    expectState(bench.server, ServerState.PROCEEDING, "after 100");
  });

  it("sends no 100 when its user has answered before", () => {
    const bench = new TransactionBench();
    bench.deliver(anna.newCall().inviteWith(""), anna.endpoint);
    bench.advance(199);
    bench.answer(180);
    bench.advance(1000);
    equal(bench.wire.times(), "199", "responses at");
  });

  it("answers a retransmitted INVITE with the last provisional response, octet for octet, and reports it once", () => {
    const bench = new TransactionBench();
    const invite = anna.newCall().inviteWith("");
    bench.deliver(invite, anna.endpoint);
    bench.deliver(invite, anna.endpoint);
    equal(bench.wire.waiting(), 0, "nothing to say yet");
    bench.answer(180);
    const first = bench.expect("180 INVITE");
    bench.deliver(invite, anna.endpoint);
    equal(bench.expect("180 INVITE"), first, "the second 180");
    equal(bench.takeReports(), "INVITE", "reports");
  });

  it("has one To tag in all of its responses", () => {
    const bench = new TransactionBench();
    bench.deliver(anna.newCall().inviteWith(""), anna.endpoint);
    bench.advance(200);
    bench.answer(180);
    bench.answer(486);
    const tag = parameterOf(headerOf(bench.expect("100 INVITE"), "To"), "tag");
    equal(tag.length, 16, "letters of the tag");
    equal(parameterOf(headerOf(bench.expect("180 INVITE"), "To"), "tag"), tag, "of 180");
    equal(parameterOf(headerOf(bench.expect("486 INVITE"), "To"), "tag"), tag, "of 486");
  });

  it("sends a refusal again at T1, doubling up to T2, until Timer H of 64*T1 (17.2.1, Timers G and H)", () => {
    const bench = new TransactionBench();
    bench.deliver(anna.newCall().inviteWith(""), anna.endpoint);
    bench.answer(486);
    bench.advance(31999);
    expectState(bench.server, ServerState.COMPLETED, "at 31,999 ms");
    bench.advance(8000);
    equal(bench.wire.times(), "0 500 1500 3500 7500 11500 15500 19500 23500 27500 31500", "486 at");
    equal(bench.inUse(), "0 0", "transactions in use");
  });

  it("is Confirmed by the ACK, absorbs further ACKs and INVITEs, and ends after Timer I of T4", () => {
    const bench = new TransactionBench();
    const call = anna.newCall();
    const invite = call.inviteWith("");
    bench.deliver(invite, anna.endpoint);
    bench.answer(486);
    const ack = call.acknowledgeRefusal(bench.expect("486 INVITE"));
    bench.deliver(ack, anna.endpoint);
    expectState(bench.server, ServerState.CONFIRMED, "after ACK");
    bench.deliver(ack, anna.endpoint);
    bench.deliver(invite, anna.endpoint);
    bench.advance(4999);
    expectState(bench.server, ServerState.CONFIRMED, "at 4,999 ms");
    bench.advance(1);
    expectState(bench.server, ServerState.FREE, "at 5,000 ms");
    equal(bench.wire.waiting(), 0, "messages sent");
    equal(bench.takeReports(), "INVITE", "reports");
  });

  it("answers a retransmitted INVITE in Completed with the refusal at once", () => {
    const bench = new TransactionBench();
    const invite = anna.newCall().inviteWith("");
    bench.deliver(invite, anna.endpoint);
    bench.answer(486);
    const first = bench.expect("486 INVITE");
    bench.advance(100);
    bench.deliver(invite, anna.endpoint);
    const again = bench.wire.nextDatagram();
    equal(again.text, first, "text");
    equal(again.time, 100, "time");
  });

  it("absorbs retransmitted INVITEs after a 2xx, hands the ACK up, and ends after Timer L of 32 s (RFC 6026 7.1)", () => {
    const bench = new TransactionBench();
    const call = anna.newCall();
    const invite = call.inviteWith("");
    bench.deliver(invite, anna.endpoint);
    bench.answer(200);
    call.takeResponse(bench.expect("200 INVITE"));
    expectState(bench.server, ServerState.ACCEPTED, "after 200");
    bench.deliver(invite, anna.endpoint);
    bench.deliver(call.acknowledge(""), anna.endpoint);
    equal(bench.takeReports(), "INVITE ACK", "reports");
    bench.advance(31999);
    expectState(bench.server, ServerState.ACCEPTED, "at 31,999 ms");
    bench.advance(1);
    expectState(bench.server, ServerState.FREE, "at 32,000 ms");
    equal(bench.wire.waiting(), 0, "messages sent");
  });

  it("sends only the first of two final responses", () => {
    const bench = new TransactionBench();
    bench.deliver(anna.newCall().inviteWith(""), anna.endpoint);
    bench.answer(486);
    bench.answer(200);
    bench.expect("486 INVITE");
    equal(bench.wire.waiting(), 0, "further messages");
  });

  it("answers CANCEL with 200 and the To tag of the INVITE's responses, and reports it (9.2)", () => {
    const bench = new TransactionBench();
    const call = anna.newCall();
    bench.deliver(call.inviteWith(""), anna.endpoint);
    bench.answer(180);
    const ringing = bench.expect("180 INVITE");
    bench.deliver(call.cancel(), anna.endpoint);
    const cancelled = bench.expect("200 CANCEL");
    equal(bench.takeReports(), "INVITE cancelled", "reports");
    equal(
      parameterOf(headerOf(cancelled, "To"), "tag"),
      parameterOf(headerOf(ringing, "To"), "tag"),
      "To tag of the response to CANCEL",
    );
  });

  it("answers CANCEL with 200 and does nothing else once the INVITE has its final response (9.2)", () => {
    const bench = new TransactionBench();
    const call = anna.newCall();
    bench.deliver(call.inviteWith(""), anna.endpoint);
    bench.answer(200);
    bench.deliver(call.cancel(), anna.endpoint);
    bench.expect("200 INVITE");
    bench.expect("200 CANCEL");
    equal(bench.takeReports(), "INVITE", "reports");
  });

  it("answers CANCEL of nothing with 481 (9.2)", () => {
    const bench = new TransactionBench();
    const call = anna.newCall();
    call.inviteWith("");
    bench.deliver(call.cancel(), anna.endpoint);
    bench.expect("481 CANCEL");
    equal(bench.takeReports(), "", "reports");
  });
});

describe("the non-INVITE server transaction", () => {
  it("says nothing by itself, and nothing to a retransmission before its user has answered (17.2.2, Trying)", () => {
    const bench = new TransactionBench();
    const request = anna.request("OPTIONS", [], "");
    bench.deliver(request, anna.endpoint);
    bench.advance(1000);
    bench.deliver(request, anna.endpoint);
    expectState(bench.server, ServerState.TRYING, "before a response");
    equal(bench.wire.waiting(), 0, "messages sent");
    equal(bench.takeReports(), "OPTIONS", "reports");
  });

  it("repeats its provisional response to a retransmission (17.2.2, Proceeding)", () => {
    const bench = new TransactionBench();
    const request = anna.request("OPTIONS", [], "");
    bench.deliver(request, anna.endpoint);
    bench.answer(100);
    const first = bench.expect("100 OPTIONS");
    expectState(bench.server, ServerState.PROCEEDING, "after 100");
    bench.deliver(request, anna.endpoint);
    equal(bench.expect("100 OPTIONS"), first, "the second 100");
  });

  it("repeats its final response octet for octet, never by itself, and ends after Timer J of 64*T1", () => {
    const bench = new TransactionBench();
    const request = anna.request("OPTIONS", [], "");
    bench.deliver(request, anna.endpoint);
    sendPlainResponse(bench.server, 200, createText("Fine"));
    bench.poll();
    const first = bench.expect("200 OPTIONS");
    equal(startLine(first), "SIP/2.0 200 Fine", "status line");
    bench.advance(31999);
    equal(bench.wire.waiting(), 0, "messages sent by itself");
    bench.deliver(request, anna.endpoint);
    equal(bench.expect("200 OPTIONS"), first, "the second 200");
    bench.advance(1);
    expectState(bench.server, ServerState.FREE, "at 32,000 ms");
    bench.deliver(request, anna.endpoint);
    equal(bench.takeReports(), "OPTIONS OPTIONS", "afterwards it is a new request");
  });
});

describe("matching of requests", () => {
  it("takes the same branch from another sent-by for another request (17.2.3)", () => {
    const bench = new TransactionBench();
    const request = anna.request("OPTIONS", [], "");
    bench.deliver(request, anna.endpoint);
    bench.deliver(changed(request, "192.0.2.9:5070;branch", "192.0.2.10:5070;branch"), anna.endpoint);
    bench.deliver(changed(request, "192.0.2.9:5070;branch", "192.0.2.9:5071;branch"), anna.endpoint);
    equal(bench.takeReports(), "OPTIONS OPTIONS OPTIONS", "reports");
  });

  it("takes the same branch with another method for another request, ACK apart (17.2.3)", () => {
    const bench = new TransactionBench();
    const request = anna.request("OPTIONS", [], "");
    bench.deliver(request, anna.endpoint);
    bench.deliver(changed(changed(request, "OPTIONS sip", "MESSAGE sip"), "1 OPTIONS", "1 MESSAGE"), anna.endpoint);
    equal(bench.takeReports(), "OPTIONS MESSAGE", "reports");
  });

  it("compares the sent-by host in any case", () => {
    const bench = new TransactionBench();
    const request = changed(anna.request("OPTIONS", [], ""), "192.0.2.9:5070;branch", "phone.example:5070;branch");
    bench.deliver(request, anna.endpoint);
    bench.deliver(changed(request, "phone.example", "PHONE.Example"), anna.endpoint);
    equal(bench.takeReports(), "OPTIONS", "reports");
  });

  it("knows a request of RFC 2543, whose branch has no magic cookie, by Call-ID, From tag and CSeq (17.2.3)", () => {
    const bench = new TransactionBench();
    const call = anna.newCall();
    const old = changed(call.inviteWith(""), "branch=z9hG4bK-", "branch=");
    call.invite = old;
    bench.deliver(old, anna.endpoint);
    bench.deliver(old, anna.endpoint);
    bench.deliver(changed(old, "CSeq: 101 INVITE", "CSeq: 102 INVITE"), anna.endpoint);
    equal(bench.takeReports(), "INVITE INVITE", "another CSeq is another request");
    bench.deliver(changed(old, ";tag=anna-tag", ";tag=another"), anna.endpoint);
    equal(bench.takeReports(), "INVITE", "another From tag is another request");
  });

  it("matches the ACK and the CANCEL of such an INVITE", () => {
    const bench = new TransactionBench();
    const call = anna.newCall();
    call.invite = changed(call.inviteWith(""), "branch=z9hG4bK-", "branch=");
    bench.deliver(call.invite, anna.endpoint);
    const server = bench.server;
    bench.deliver(call.cancel(), anna.endpoint);
    bench.expect("200 CANCEL");
    sendPlainResponse(server, 487, 0);
    bench.poll();
    bench.deliver(call.acknowledgeRefusal(bench.expect("487 INVITE")), anna.endpoint);
    expectState(server, ServerState.CONFIRMED, "after ACK");
    equal(bench.takeReports(), "INVITE cancelled", "reports");
  });
});

describe("the pool of server transactions", () => {
  it("lets one that only absorbs retransmissions give way to a new request", () => {
    const bench = new TransactionBench();
    const count = bench.transactions.servers.items.length;
    for (let index = 0; index < 3 * count; index += 1) {
      bench.deliver(anna.request("OPTIONS", [], ""), anna.endpoint);
      bench.answer(200);
    }
    bench.poll();
    equal(bench.wire.waiting(), 3 * count, "answers");
    equal(bench.transactions.servers.use.refused, 0, "refused");
    equal(bench.transactions.servers.use.inUse, count, "in use");
    bench.advance(32000);
    equal(bench.inUse(), "0 0", "transactions in use at the end");
  });

  it("answers 503 with Retry-After, without a transaction, when all are busy (21.5.4)", () => {
    const bench = new TransactionBench();
    const count = bench.transactions.servers.items.length;
    for (let index = 0; index < count; index += 1) {
      bench.deliver(anna.request("OPTIONS", [], ""), anna.endpoint);
    }
    const request = anna.request("OPTIONS", [], "");
    bench.takeReports();
    bench.deliver(request, anna.endpoint);
    const refusal = bench.expect("503 OPTIONS");
    isTrue(headerOf(refusal, "Retry-After") !== "", "it has Retry-After");
    equal(bench.takeReports(), "", "reports");
    equal(bench.transactions.counters.refused, 1, "refused");
    bench.deliver(request, anna.endpoint);
    equal(bench.expect("503 OPTIONS"), refusal, "a stateless response is the same again (8.2.7)");
  });

  it("answers 513 to a branch that is longer than it keeps", () => {
    const bench = new TransactionBench();
    const request = changed(anna.request("OPTIONS", [], ""), "branch=z9hG4bK", `branch=z9hG4bK${letters(300)}`);
    bench.deliver(request, anna.endpoint);
    bench.expect("513 OPTIONS");
    equal(bench.inUse(), "0 0", "transactions in use");
    equal(bench.takeReports(), "", "reports");
  });

  it("drops and counts a request whose own header fields leave no room for a response", () => {
    const bench = new TransactionBench();
    const request = changed(anna.request("OPTIONS", [], ""), "Call-ID: ", `Call-ID: ${letters(2100)}`);
    bench.deliver(request, anna.endpoint);
    equal(bench.wire.waiting(), 0, "messages sent");
    equal(bench.transactions.counters.dropped, 1, "dropped");
    equal(bench.inUse(), "0 0", "transactions in use");
  });

  it("answers every request that it takes, and has it back, however much room the request's header fields leave", () => {
    let taken = 0;
    for (let length = 1650; length < 1750; length += 1) {
      const bench = new TransactionBench();
      const request = changed(anna.request("OPTIONS", [], ""), "Call-ID: ", `Call-ID: ${letters(length)}`);
      bench.deliver(request, anna.endpoint);
      if (bench.takeReports() === "OPTIONS") {
        taken += 1;
        bench.answer(200);
        bench.expect("200 OPTIONS");
      }
      bench.advance(32000);
      equal(bench.inUse(), "0 0", `transactions in use, ${length} octets`);
    }
    isTrue(taken > 0 && taken < 100, "some fit, and some do not");
  });

  it("answers 500 when its user's response does not fit, and has ended after it", () => {
    const bench = new TransactionBench();
    bench.deliver(anna.newCall().inviteWith(""), anna.endpoint);
    for (let statusCode = 183; statusCode <= 200; statusCode += 17) {
      const writer = openResponse(bench.server);
      while (!writer.overflowed) {
        putNoBody(writer);
      }
      equal(sendResponse(bench.server, statusCode, 0), Status.TOO_LONG, `status of ${statusCode}`);
    }
    bench.poll();
    bench.expect("500 INVITE");
    bench.advance(32000);
    equal(bench.inUse(), "0 0", "transactions in use");
  });

  it("answers nothing to a request that cannot be answered, and to no ACK", () => {
    const bench = new TransactionBench();
    bench.deliver(messageOf(["ACK sip:door@192.0.2.4 SIP/2.0", "Via: SIP/2.0/UDP 192.0.2.9"], ""), anna.endpoint);
    bench.deliver(messageOf(["OPTIONS sip:door@192.0.2.4 SIP/2.0"], ""), anna.endpoint);
    equal(bench.wire.waiting(), 0, "messages sent");
    equal(bench.transactions.counters.dropped, 2, "dropped");
  });
});
