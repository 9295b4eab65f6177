// The transaction layer (RFC 3261 17): what it answers by itself to messages with a defect, and what it hands up.

import { describe, equal, isTrue, it } from "../harness";
import { bodyOf, changed, hasHeaderField, headerOf, startLine, without } from "../rig/message-text";
import { Peer, responseOf } from "../rig/peer";
import { TransactionBench } from "../rig/transaction-bench";

const anna = new Peer("anna", 9, 5070);

interface BadRequest {
  what: string;
  change: (request: string) => string;
  /** The status line that answers it; "" when nothing does. */
  answer: string;
}

const BAD_REQUESTS: BadRequest[] = [
  { what: "no Via", change: (text) => without(text, "Via"), answer: "" },
  { what: "an unreadable Via", change: (text) => changed(text, "SIP/2.0/UDP", "SIP/2.0"), answer: "" },
  { what: "no From", change: (text) => without(text, "From"), answer: "SIP/2.0 400 Missing or Bad From" },
  { what: "no To", change: (text) => without(text, "To"), answer: "SIP/2.0 400 Missing or Bad To" },
  { what: "no Call-ID", change: (text) => without(text, "Call-ID"), answer: "SIP/2.0 400 Missing or Bad Call-ID" },
  { what: "no CSeq", change: (text) => without(text, "CSeq"), answer: "SIP/2.0 400 Missing or Bad CSeq" },
  {
    what: "a CSeq number above 32 bits",
    change: (text) => changed(text, "CSeq: ", "CSeq: 9999999"),
    answer: "SIP/2.0 400 Missing or Bad CSeq",
  },
  {
    what: "a CSeq of another method",
    change: (text) => changed(text, "1 OPTIONS\r", "1 INVITE\r"),
    answer: "SIP/2.0 400 CSeq Method Does Not Match",
  },
  {
    what: "two Call-IDs",
    change: (text) => changed(text, "Call-ID:", "Call-ID: other\r\nCall-ID:"),
    answer: "SIP/2.0 400 Repeated Header Field",
  },
  {
    what: "a line without a colon",
    change: (text) => changed(text, "Call-ID:", "nonsense\r\nCall-ID:"),
    answer: "SIP/2.0 400 Bad Header Line",
  },
  {
    what: "a Content-Length that is no number",
    change: (text) => changed(text, "Content-Length: 0", "Content-Length: many"),
    answer: "SIP/2.0 400 Bad Content-Length",
  },
  {
    what: "a Content-Length beyond the end of the datagram",
    change: (text) => changed(text, "Content-Length: 0", "Content-Length: 1"),
    answer: "SIP/2.0 400 Body Shorter Than Content-Length",
  },
  {
    what: "a negative Content-Length",
    change: (text) => changed(text, "Content-Length: 0", "Content-Length: -1"),
    answer: "SIP/2.0 400 Bad Content-Length",
  },
  {
    what: "two Content-Lengths that differ",
    change: (text) => changed(text, "Content-Length: 0", "Content-Length: 0\r\nContent-Length: 4"),
    answer: "SIP/2.0 400 Bad Content-Length",
  },
  {
    what: "Max-Forwards beyond 255",
    change: (text) => changed(text, "Max-Forwards: 70", "Max-Forwards: 256"),
    answer: "SIP/2.0 400 Bad Max-Forwards",
  },
  {
    what: "another version of SIP",
    change: (text) => changed(text, " SIP/2.0\r\n", " SIP/3.0\r\n"),
    answer: "SIP/2.0 505 Version Not Supported",
  },
];

describe("a request with a defect", () => {
  for (let index = 0; index < BAD_REQUESTS.length; index += 1) {
    const bad = BAD_REQUESTS[index];
    it(`is ${bad.answer === "" ? "dropped" : `answered ${bad.answer.substring(8, 11)}`}: ${bad.what}`, () => {
      const bench = new TransactionBench();
      bench.deliver(bad.change(anna.request("OPTIONS", [], "")), anna.endpoint);
      equal(bench.takeReports(), "", "reports");
      equal(bench.inUse(), "0 0", "transactions in use");
      if (bad.answer === "") {
        equal(bench.wire.waiting(), 0, "messages sent");
        equal(bench.transactions.counters.dropped, 1, "dropped");
      } else {
        equal(startLine(bench.wire.next()), bad.answer, "answer");
        equal(bench.transactions.counters.refused, 1, "refused");
      }
    });
  }

  it("is never answered when it is an ACK (17.2)", () => {
    const bench = new TransactionBench();
    const call = anna.newCall();
    call.inviteWith("");
    bench.deliver(without(call.acknowledge(""), "CSeq"), anna.endpoint);
    equal(bench.wire.waiting(), 0, "messages sent");
    equal(bench.transactions.counters.dropped, 1, "dropped");
  });

  it("is answered 513 when it has 1,000 header fields", () => {
    const bench = new TransactionBench();
    const lines: string[] = [];
    for (let count = 0; count < 1000; count += 1) {
      lines.push("a:");
    }
    bench.deliver(anna.request("OPTIONS", lines, ""), anna.endpoint);
    bench.expect("513 OPTIONS");
    equal(bench.takeReports(), "", "reports");
  });

  it("is answered with its own Via, From, To with a tag, Call-ID and CSeq, and no body (8.2.6.2)", () => {
    const bench = new TransactionBench();
    const request = changed(anna.request("OPTIONS", [], ""), "Content-Length: 0", "Content-Length: x");
    bench.deliver(request, anna.endpoint);
    const refusal = bench.expect("400 OPTIONS");
    equal(headerOf(refusal, "From"), headerOf(request, "From"), "From");
    equal(headerOf(refusal, "To").indexOf(`${headerOf(request, "To")};tag=`), 0, "To");
    equal(headerOf(refusal, "Call-ID"), headerOf(request, "Call-ID"), "Call-ID");
    equal(headerOf(refusal, "CSeq"), headerOf(request, "CSeq"), "CSeq");
    equal(headerOf(refusal, "Content-Length"), "0", "Content-Length");
    equal(bodyOf(refusal), "", "body");
    isTrue(hasHeaderField(refusal, "Via"), "it has a Via");
  });
});

describe("a response with a defect", () => {
  it("is dropped and counted (18.1.2)", () => {
    const bench = new TransactionBench();
    bench.sendOptions();
    const response = responseOf(bench.expect("OPTIONS"), "200 OK", "t", [], "");
    bench.deliver(without(response, "CSeq"), anna.endpoint);
    bench.deliver(without(response, "Via"), anna.endpoint);
    bench.deliver(changed(response, "Content-Length: 0", "Content-Length: 5"), anna.endpoint);
    equal(bench.takeReports(), "", "reports");
    equal(bench.wire.waiting(), 0, "messages sent");
    equal(bench.transactions.counters.dropped, 3, "dropped");
  });

  it("that nobody waits for is counted as stray", () => {
    const bench = new TransactionBench();
    bench.deliver(responseOf(anna.request("OPTIONS", [], ""), "200 OK", "t", [], ""), anna.endpoint);
    equal(bench.takeReports(), "stray 200", "reports");
    equal(bench.transactions.counters.strayResponses, 1, "stray");
  });
});
