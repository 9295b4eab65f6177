// The transaction layer (RFC 3261 17): what it answers by itself to messages with a defect, and what it hands up.

import { describe, equal, isTrue, it } from "../harness";
import { bodyOf, changed, hasHeaderField, headerOf, startLine, without } from "../rig/message-text";
import { Peer, responseOf } from "../rig/peer";
import { TransactionBench } from "../rig/transaction-bench";

const anna = new Peer("anna", 9, 5070);

/** What a request lacks, and the status line that answers it; "" when nothing does. */
const LACKING: [string, string][] = [
  ["Via", ""],
  ["From", "SIP/2.0 400 Missing or Bad From"],
  ["To", "SIP/2.0 400 Missing or Bad To"],
  ["Call-ID", "SIP/2.0 400 Missing or Bad Call-ID"],
  ["CSeq", "SIP/2.0 400 Missing or Bad CSeq"],
];

/** What is wrong with a request, the octets that are replaced by others, and the status line that answers it. */
const BENT: [string, string, string, string][] = [
  ["an unreadable Via", "SIP/2.0/UDP", "SIP/2.0", ""],
  ["a CSeq number above 32 bits", "CSeq: ", "CSeq: 9999999", "SIP/2.0 400 Missing or Bad CSeq"],
  ["a CSeq of another method", "1 OPTIONS\r", "1 INVITE\r", "SIP/2.0 400 CSeq Method Does Not Match"],
  ["two Call-IDs", "Call-ID:", "Call-ID: other\r\nCall-ID:", "SIP/2.0 400 Repeated Header Field"],
  ["a line without a colon", "Call-ID:", "nonsense\r\nCall-ID:", "SIP/2.0 400 Bad Header Line"],
  ["a Content-Length that is no number", "Length: 0", "Length: many", "SIP/2.0 400 Bad Content-Length"],
  ["a Content-Length beyond the datagram", "Length: 0", "Length: 1", "SIP/2.0 400 Body Shorter Than Content-Length"],
  ["a negative Content-Length", "Length: 0", "Length: -1", "SIP/2.0 400 Bad Content-Length"],
  ["two Content-Lengths that differ", "Length: 0", "Length: 0\r\nContent-Length: 4", "SIP/2.0 400 Bad Content-Length"],
  ["Max-Forwards beyond 255", "Max-Forwards: 70", "Max-Forwards: 256", "SIP/2.0 400 Bad Max-Forwards"],
  ["another version of SIP", " SIP/2.0\r\n", " SIP/3.0\r\n", "SIP/2.0 505 Version Not Supported"],
];

function titleOf(what: string, answer: string): string {
  return `is ${answer === "" ? "dropped" : `answered ${answer.substring(8, 11)}`}: ${what}`;
}

/** A request arrives: it is answered like that, or dropped, and nobody above hears of it. */
function expectRefused(request: string, answer: string): void {
  const bench = new TransactionBench();
  bench.deliver(request, anna.endpoint);
  equal(bench.takeReports(), "", "reports");
  equal(bench.inUse(), "0 0", "transactions in use");
  if (answer === "") {
    equal(bench.wire.waiting(), 0, "messages sent");
    equal(bench.transactions.counters.dropped, 1, "dropped");
  } else {
    equal(startLine(bench.wire.next()), answer, "answer");
    equal(bench.transactions.counters.refused, 1, "refused");
  }
}

describe("a request with a defect", () => {
  for (const [name, answer] of LACKING) {
    it(titleOf(`no ${name}`, answer), () => {
      expectRefused(without(anna.request("OPTIONS", [], ""), name), answer);
    });
  }

  for (const [what, from, to, answer] of BENT) {
    it(titleOf(what, answer), () => {
      expectRefused(changed(anna.request("OPTIONS", [], ""), from, to), answer);
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
