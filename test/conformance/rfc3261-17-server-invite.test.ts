// The INVITE server transaction (RFC 3261 17.2.1, figure 7): every state, event and timer.

import { ServerState } from "../../firmware/sip/server-transaction";
import { describe, equal } from "../harness";
import { changed, headerOf, headersOf, parameterOf, withHeaders } from "../rig/message-text";
import { Peer, type PeerCall } from "../rig/peer";
import { expectState, TransactionBench } from "../rig/transaction-bench";
import { clause } from "./clause";

const anna = new Peer("anna", 9, 5070);

interface Received {
  bench: TransactionBench;
  call: PeerCall;
  invite: string;
}

/** An INVITE that has just come. */
function receiveInvite(): Received {
  const bench = new TransactionBench();
  const call = anna.newCall();
  const invite = call.inviteWith("");
  bench.deliver(invite, anna.endpoint);
  return { bench, call, invite };
}

function again(received: Received): void {
  received.bench.deliver(received.invite, anna.endpoint);
}

describe("INVITE server transaction, Proceeding", () => {
  clause("RFC 3261 17.2.1", "the request is handed up once, and the state is Proceeding", () => {
    const received = receiveInvite();
    again(received);
    equal(received.bench.takeReports(), "INVITE", "reports");
    expectState(received.bench.server, ServerState.PROCEEDING, "state");
  });

  clause("RFC 3261 17.2.1", "100 is sent when the user has said nothing for 200 ms, and not before", () => {
    const { bench } = receiveInvite();
    bench.advance(1000);
    equal(bench.wire.times(), "200", "sent at");
  });

  clause("RFC 3261 17.2.1", "no 100 is sent when the user was faster", () => {
    const { bench } = receiveInvite();
    bench.advance(150);
    bench.answer(180);
    bench.expect("180 INVITE");
    bench.advance(1000);
    equal(bench.wire.waiting(), 0, "messages");
  });

  clause("RFC 3261 17.2.1", "a retransmitted request gets the last provisional response, octet for octet", () => {
    const received = receiveInvite();
    received.bench.answer(180);
    received.bench.answer(183);
    received.bench.expect("180 INVITE");
    const last = received.bench.expect("183 INVITE");
    again(received);
    equal(received.bench.expect("183 INVITE"), last, "response");
  });

  clause("RFC 3261 17.2.1", "a retransmitted request gets nothing before there is a response", () => {
    const received = receiveInvite();
    again(received);
    equal(received.bench.wire.waiting(), 0, "messages");
  });

  clause("RFC 3261 17.2.1", "provisional responses are not sent again by themselves", () => {
    const { bench } = receiveInvite();
    bench.answer(180);
    bench.expect("180 INVITE");
    bench.advance(100000);
    equal(bench.wire.waiting(), 0, "messages");
    expectState(bench.server, ServerState.PROCEEDING, "state");
  });
});

describe("INVITE server transaction, Completed", () => {
  clause("RFC 3261 17.2.1", "each class of refusal, 300 to 699, leads to Completed", () => {
    const codes = [302, 401, 486, 500, 603];
    for (let index = 0; index < codes.length; index += 1) {
      const { bench } = receiveInvite();
      bench.answer(codes[index]);
      bench.expect(`${codes[index]} INVITE`);
      expectState(bench.server, ServerState.COMPLETED, `${codes[index]}`);
    }
  });

  clause("RFC 3261 17.2.1", "Timer G sends the refusal again at T1, doubling up to T2", () => {
    const { bench } = receiveInvite();
    bench.answer(486);
    bench.advance(31999);
    equal(bench.wire.times(), "0 500 1500 3500 7500 11500 15500 19500 23500 27500 31500", "sent at");
  });

  clause("RFC 3261 17.2.1", "a retransmitted request gets the refusal at once", () => {
    const received = receiveInvite();
    received.bench.answer(486);
    const refusal = received.bench.expect("486 INVITE");
    received.bench.advance(120);
    again(received);
    const datagram = received.bench.wire.nextDatagram();
    equal(datagram.text, refusal, "response");
    equal(datagram.time, 120, "sent at");
  });

  clause("RFC 3261 17.2.1", "Timer H of 64*T1 ends it when no ACK comes", () => {
    const { bench } = receiveInvite();
    bench.answer(486);
    bench.advance(31999);
    expectState(bench.server, ServerState.COMPLETED, "state at 31,999 ms");
    bench.advance(1);
    expectState(bench.server, ServerState.FREE, "state at 32,000 ms");
    bench.wire.forget();
    bench.advance(64000);
    equal(bench.wire.waiting(), 0, "messages afterwards");
  });

  clause("RFC 3261 17.2.1", "the user's further responses are not sent", () => {
    const { bench } = receiveInvite();
    bench.answer(486);
    bench.expect("486 INVITE");
    bench.answer(200);
    bench.answer(180);
    equal(bench.wire.waiting(), 0, "messages");
  });
});

describe("INVITE server transaction, Confirmed", () => {
  function confirm(received: Received): string {
    received.bench.answer(486);
    const acknowledgement = received.call.acknowledgeRefusal(received.bench.expect("486 INVITE"));
    received.bench.deliver(acknowledgement, anna.endpoint);
    return acknowledgement;
  }

  clause("RFC 3261 17.2.1", "the ACK ends the retransmissions and is not handed up", () => {
    const received = receiveInvite();
    confirm(received);
    expectState(received.bench.server, ServerState.CONFIRMED, "state");
    received.bench.advance(4000);
    equal(received.bench.wire.waiting(), 0, "messages");
    equal(received.bench.takeReports(), "INVITE", "reports");
  });

  clause("RFC 3261 17.2.1", "further ACKs and requests are absorbed", () => {
    const received = receiveInvite();
    const acknowledgement = confirm(received);
    received.bench.deliver(acknowledgement, anna.endpoint);
    again(received);
    equal(received.bench.wire.waiting(), 0, "messages");
    equal(received.bench.takeReports(), "INVITE", "reports");
  });

  clause("RFC 3261 17.2.1", "Timer I of T4 ends it", () => {
    const received = receiveInvite();
    confirm(received);
    received.bench.advance(4999);
    expectState(received.bench.server, ServerState.CONFIRMED, "state at 4,999 ms");
    received.bench.advance(1);
    expectState(received.bench.server, ServerState.FREE, "state at 5,000 ms");
    equal(received.bench.inUse(), "0 0", "transactions in use");
  });
});

describe("responses of a server transaction", () => {
  clause("RFC 3261 8.2.6.2", "From, Call-ID, CSeq and all Via fields are those of the request, in their order", () => {
    const bench = new TransactionBench();
    const invite = withHeaders(anna.newCall().inviteWith(""), ["Via: SIP/2.0/TCP two.example;branch=z9hG4bK2;x=y"]);
    bench.deliver(invite, anna.endpoint);
    bench.answer(486);
    const response = bench.expect("486 INVITE");
    equal(headersOf(response, "Via").length, 2, "Via fields");
    equal(headersOf(response, "Via")[1], "SIP/2.0/TCP two.example;branch=z9hG4bK2;x=y", "second Via");
    equal(headerOf(response, "From"), headerOf(invite, "From"), "From");
    equal(headerOf(response, "Call-ID"), headerOf(invite, "Call-ID"), "Call-ID");
    equal(headerOf(response, "CSeq"), headerOf(invite, "CSeq"), "CSeq");
  });

  clause(
    "RFC 3261 8.2.6.2",
    "all responses to a request have the same tag in To, and a To tag of the request stays",
    () => {
      const { bench } = receiveInvite();
      bench.advance(200);
      bench.answer(180);
      bench.answer(486);
      const tag = parameterOf(headerOf(bench.expect("100 INVITE"), "To"), "tag");
      equal(parameterOf(headerOf(bench.expect("180 INVITE"), "To"), "tag"), tag, "180");
      equal(parameterOf(headerOf(bench.expect("486 INVITE"), "To"), "tag"), tag, "486");
      const tagged = changed(
        anna.request("OPTIONS", [], ""),
        "To: <sip:door@192.0.2.4>",
        "To: <sip:door@192.0.2.4>;tag=mine",
      );
      bench.deliver(tagged, anna.endpoint);
      bench.answer(200);
      equal(headerOf(bench.expect("200 OPTIONS"), "To"), "<sip:door@192.0.2.4>;tag=mine", "To of the request");
    },
  );

  clause("RFC 3261 8.2.6.1", "100 has the Timestamp of the request", () => {
    const bench = new TransactionBench();
    bench.deliver(withHeaders(anna.newCall().inviteWith(""), ["Timestamp: 54.25"]), anna.endpoint);
    bench.advance(200);
    equal(headerOf(bench.expect("100 INVITE"), "Timestamp").substring(0, 5), "54.25", "Timestamp");
  });
});

describe("matching of requests to an INVITE", () => {
  clause("RFC 3261 17.2.3", "an ACK belongs to the INVITE of its branch", () => {
    const first = receiveInvite();
    first.bench.answer(486);
    const server = first.bench.server;
    first.bench.expect("486 INVITE");
    const other = anna.newCall();
    first.bench.deliver(other.inviteWith(""), anna.endpoint);
    first.bench.answer(486);
    first.bench.deliver(other.acknowledgeRefusal(first.bench.expect("486 INVITE")), anna.endpoint);
    expectState(server, ServerState.COMPLETED, "first INVITE");
    expectState(first.bench.server, ServerState.CONFIRMED, "second INVITE");
  });

  clause("RFC 3261 17.2.3", "the sent-by of the topmost Via counts as well as its branch", () => {
    const received = receiveInvite();
    received.bench.deliver(changed(received.invite, "192.0.2.9:5070;", "192.0.2.9:5099;"), anna.endpoint);
    equal(received.bench.takeReports(), "INVITE INVITE", "reports");
  });

  clause(
    "RFC 3261 17.2.3",
    "without the magic cookie, Request-URI, To tag, From tag, Call-ID, CSeq and Via tell it apart",
    () => {
      const bench = new TransactionBench();
      const call = anna.newCall();
      call.invite = changed(call.inviteWith(""), "branch=z9hG4bK-", "branch=old-");
      bench.deliver(call.invite, anna.endpoint);
      bench.deliver(call.invite, anna.endpoint);
      equal(bench.takeReports(), "INVITE", "the same again");
      bench.deliver(changed(call.invite, "CSeq: 101", "CSeq: 102"), anna.endpoint);
      bench.deliver(changed(call.invite, "tag=anna-tag", "tag=other"), anna.endpoint);
      bench.deliver(changed(call.invite, "Call-ID: ", "Call-ID: x"), anna.endpoint);
      equal(bench.takeReports(), "INVITE INVITE INVITE", "others");
    },
  );
});
