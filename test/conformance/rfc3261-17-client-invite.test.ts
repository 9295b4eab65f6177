// The INVITE client transaction (RFC 3261 17.1.1, figure 5): every state, event and timer, seen by its user and by its peer.

import { ClientState, type ClientTransaction } from "../../firmware/sip/client-transaction";
import { Method } from "../../firmware/sip/method";
import { describe, equal } from "../harness";
import { bodyOf, changed, hasHeaderField, headerOf, headersOf, startLine } from "../rig/message-text";
import { Peer, responseOf } from "../rig/peer";
import { expectState, TransactionBench } from "../rig/transaction-bench";
import { clause } from "./clause";

const anna = new Peer("anna", 9, 5070);

interface Sent {
  bench: TransactionBench;
  invite: string;
  transaction: ClientTransaction;
}

/** An INVITE that has just been sent. */
function sendInvite(headers: string[]): Sent {
  const bench = new TransactionBench();
  const transaction = bench.send(Method.INVITE, "INVITE", headers);
  return { bench, invite: bench.expect("INVITE"), transaction };
}

function respond(sent: Sent, status: string): void {
  sent.bench.deliver(responseOf(sent.invite, status, "there", [], ""), anna.endpoint);
}

describe("INVITE client transaction, Calling", () => {
  clause("RFC 3261 17.1.1.2", "the request is sent at once and the state is Calling", () => {
    const bench = new TransactionBench();
    const transaction = bench.sendInvite();
    const datagram = bench.wire.nextDatagram();
    equal(datagram.time, 0, "sent at");
    equal(`${datagram.host}:${datagram.port}`, "9:5070", "sent to");
    expectState(transaction, ClientState.CALLING, "state");
  });

  clause(
    "RFC 3261 17.1.1.2",
    "Timer A starts at T1 and doubles at every retransmission, without T2 as its limit",
    () => {
      const { bench } = sendInvite([]);
      bench.advance(31999);
      equal(bench.wire.times(), "500 1500 3500 7500 15500 31500", "retransmissions at");
    },
  );

  clause("RFC 3261 17.1.1.2", "a retransmission is the request octet for octet", () => {
    const { bench, invite } = sendInvite([]);
    bench.advance(500);
    equal(bench.expect("INVITE"), invite, "second INVITE");
  });

  clause(
    "RFC 3261 17.1.1.2",
    "Timer B of 64*T1 ends Calling: the user hears of a timeout, and nothing is sent to the peer",
    () => {
      const { bench, transaction } = sendInvite([]);
      bench.advance(31999);
      equal(bench.takeReports(), "", "reports before");
      bench.wire.forget();
      bench.advance(1);
      equal(bench.takeReports(), "timeout 32000", "reports");
      expectState(transaction, ClientState.FREE, "state");
      bench.advance(64000);
      equal(bench.wire.waiting(), 0, "messages afterwards");
    },
  );

  clause(
    "RFC 3261 17.1.1.2",
    "a provisional response is handed up, ends the retransmissions and leads to Proceeding",
    () => {
      const sent = sendInvite([]);
      respond(sent, "100 Trying");
      expectState(sent.transaction, ClientState.PROCEEDING, "state");
      sent.bench.advance(31000);
      equal(sent.bench.wire.waiting(), 0, "retransmissions");
      equal(sent.bench.takeReports(), "100", "reports");
    },
  );

  clause("RFC 3261 17.1.1.2", "a refusal in Calling is handed up and acknowledged at once", () => {
    const sent = sendInvite([]);
    respond(sent, "486 Busy Here");
    expectState(sent.transaction, ClientState.COMPLETED, "state");
    sent.bench.expect("ACK");
    equal(sent.bench.takeReports(), "486", "reports");
  });

  clause("RFC 3261 17.1.1.2", "a 2xx in Calling is handed up, and is not acknowledged by the transaction", () => {
    const sent = sendInvite([]);
    respond(sent, "200 OK");
    sent.bench.advance(31999);
    equal(sent.bench.wire.waiting(), 0, "messages");
    equal(sent.bench.takeReports(), "200", "reports");
  });
});

describe("INVITE client transaction, Proceeding", () => {
  clause("RFC 3261 17.1.1.2", "every further provisional response is handed up", () => {
    const sent = sendInvite([]);
    respond(sent, "100 Trying");
    respond(sent, "180 Ringing");
    respond(sent, "180 Ringing");
    respond(sent, "183 Session Progress");
    equal(sent.bench.takeReports(), "100 180 180 183", "reports");
    expectState(sent.transaction, ClientState.PROCEEDING, "state");
  });

  clause("RFC 3261 17.1.1.2", "no timer ends Proceeding: Timer B counts in Calling alone", () => {
    const sent = sendInvite([]);
    respond(sent, "180 Ringing");
    sent.bench.advance(600000);
    expectState(sent.transaction, ClientState.PROCEEDING, "state after ten minutes");
    equal(sent.bench.takeReports(), "180", "reports");
  });

  clause("RFC 3261 17.1.1.2", "each class of refusal, 300 to 699, is acknowledged and leads to Completed", () => {
    const statuses = ["300", "302", "401", "404", "486", "500", "503", "600", "699"];
    for (let index = 0; index < statuses.length; index += 1) {
      const sent = sendInvite([]);
      respond(sent, "180 Ringing");
      respond(sent, `${statuses[index]} No`);
      expectState(sent.transaction, ClientState.COMPLETED, statuses[index]);
      sent.bench.expect("ACK");
      equal(sent.bench.takeReports(), `180 ${statuses[index]}`, "reports");
    }
  });
});

describe("INVITE client transaction, Completed", () => {
  clause("RFC 3261 17.1.1.2", "a refusal that comes again is acknowledged again and not handed up again", () => {
    const sent = sendInvite([]);
    respond(sent, "486 Busy Here");
    const acknowledgement = sent.bench.expect("ACK");
    sent.bench.advance(20000);
    respond(sent, "486 Busy Here");
    equal(sent.bench.expect("ACK"), acknowledgement, "second ACK");
    equal(sent.bench.takeReports(), "486", "reports");
  });

  clause("RFC 3261 17.1.1.2", "provisional responses and a 2xx behind the refusal do nothing", () => {
    const sent = sendInvite([]);
    respond(sent, "486 Busy Here");
    sent.bench.expect("ACK");
    respond(sent, "180 Ringing");
    respond(sent, "200 OK");
    equal(sent.bench.wire.waiting(), 0, "messages");
    equal(sent.bench.takeReports(), "486", "reports");
  });

  clause("RFC 3261 17.1.1.2", "Timer D of 32 s ends Completed without a word to the user", () => {
    const sent = sendInvite([]);
    respond(sent, "486 Busy Here");
    sent.bench.expect("ACK");
    sent.bench.advance(31999);
    expectState(sent.transaction, ClientState.COMPLETED, "state at 31,999 ms");
    sent.bench.advance(1);
    expectState(sent.transaction, ClientState.FREE, "state at 32,000 ms");
    equal(sent.bench.takeReports(), "486", "reports");
    equal(sent.bench.wire.waiting(), 0, "messages");
    equal(sent.bench.inUse(), "0 0", "transactions in use");
  });
});

describe("ACK of a refusal", () => {
  const ROUTES = ["Route: <sip:192.0.2.7;lr>", "Route: <sip:192.0.2.8;lr>"];

  function acknowledgementOf(sent: Sent): string {
    respond(sent, "486 Busy Here");
    return sent.bench.expect("ACK");
  }

  clause("RFC 3261 17.1.1.3", "it has the Call-ID, From and Request-URI of the INVITE", () => {
    const sent = sendInvite([]);
    const acknowledgement = acknowledgementOf(sent);
    equal(startLine(acknowledgement), "ACK sip:anna@192.0.2.9 SIP/2.0", "request line");
    equal(headerOf(acknowledgement, "Call-ID"), headerOf(sent.invite, "Call-ID"), "Call-ID");
    equal(headerOf(acknowledgement, "From"), headerOf(sent.invite, "From"), "From");
  });

  clause("RFC 3261 17.1.1.3", "its To is that of the response, tag and all", () => {
    const acknowledgement = acknowledgementOf(sendInvite([]));
    equal(headerOf(acknowledgement, "To"), "<sip:anna@192.0.2.9>;tag=there", "To");
  });

  clause("RFC 3261 17.1.1.3", "it has one Via, the topmost of the INVITE", () => {
    const sent = sendInvite([]);
    const vias = headersOf(acknowledgementOf(sent), "Via");
    equal(vias.length, 1, "Via header fields");
    equal(vias[0], headerOf(sent.invite, "Via"), "Via");
  });

  clause("RFC 3261 17.1.1.3", "its CSeq is the number of the INVITE and the method ACK", () => {
    equal(headerOf(acknowledgementOf(sendInvite([])), "CSeq"), "7 ACK", "CSeq");
  });

  clause("RFC 3261 17.1.1.3", "it has the Route header fields of the INVITE in their order", () => {
    const routes = headersOf(acknowledgementOf(sendInvite(ROUTES)), "Route");
    equal(routes.join(" "), "<sip:192.0.2.7;lr> <sip:192.0.2.8;lr>", "Route");
  });

  clause("RFC 3261 17.1.1.3", "it has no body", () => {
    const acknowledgement = acknowledgementOf(sendInvite([]));
    equal(bodyOf(acknowledgement), "", "body");
    equal(headerOf(acknowledgement, "Content-Length"), "0", "Content-Length");
    equal(hasHeaderField(acknowledgement, "Content-Type"), false, "Content-Type");
  });

  clause("RFC 3261 17.1.1.3", "it goes to where the INVITE went, wherever the response came from", () => {
    const sent = sendInvite([]);
    sent.bench.deliver(responseOf(sent.invite, "486 Busy Here", "there", [], ""), new Peer("other", 33, 7000).endpoint);
    const datagram = sent.bench.wire.nextDatagram();
    equal(`${datagram.host}:${datagram.port}`, "9:5070", "sent to");
  });
});

describe("matching of responses to an INVITE", () => {
  clause("RFC 3261 17.1.3", "a response with another branch belongs to no transaction", () => {
    const sent = sendInvite([]);
    const branch = headerOf(sent.invite, "Via");
    const response = responseOf(sent.invite, "200 OK", "there", [], "");
    sent.bench.deliver(changed(response, branch, "SIP/2.0/UDP 192.0.2.4:5060;branch=z9hG4bKanother"), anna.endpoint);
    equal(sent.bench.takeReports(), "stray 200", "reports");
    expectState(sent.transaction, ClientState.CALLING, "state");
  });

  clause("RFC 3261 17.1.3", "a response with another CSeq method belongs to no transaction", () => {
    const sent = sendInvite([]);
    const response = responseOf(sent.invite, "200 OK", "there", [], "");
    sent.bench.deliver(changed(response, "CSeq: 7 INVITE", "CSeq: 7 CANCEL"), anna.endpoint);
    equal(sent.bench.takeReports(), "stray 200", "reports");
    expectState(sent.transaction, ClientState.CALLING, "state");
  });

  clause("RFC 3261 17.1.3", "two INVITEs at once have branches of their own, and each hears its own responses", () => {
    const first = sendInvite([]);
    const transaction = first.bench.sendInvite();
    const second = { bench: first.bench, invite: first.bench.expect("INVITE"), transaction };
    respond(second, "180 Ringing");
    expectState(first.transaction, ClientState.CALLING, "first");
    expectState(transaction, ClientState.PROCEEDING, "second");
  });
});
