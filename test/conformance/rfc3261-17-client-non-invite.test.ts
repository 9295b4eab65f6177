// The non-INVITE client transaction (RFC 3261 17.1.2, figure 6): every state, event and timer.

import { ClientState, type ClientTransaction } from "../../firmware/sip/client-transaction";
import { describe, equal } from "../harness";
import { Peer, responseOf } from "../rig/peer";
import { expectState, TransactionBench } from "../rig/transaction-bench";
import { clause } from "./clause";

const anna = new Peer("anna", 9, 5070);

interface Sent {
  bench: TransactionBench;
  request: string;
  transaction: ClientTransaction;
}

function sendOptions(): Sent {
  const bench = new TransactionBench();
  const transaction = bench.sendOptions();
  return { bench, request: bench.expect("OPTIONS"), transaction };
}

function respond(sent: Sent, status: string): void {
  sent.bench.deliver(responseOf(sent.request, status, "there", [], ""), anna.endpoint);
}

describe("non-INVITE client transaction, Trying", () => {
  clause("RFC 3261 17.1.2.2", "the request is sent at once and the state is Trying", () => {
    const bench = new TransactionBench();
    const transaction = bench.sendOptions();
    equal(bench.wire.nextDatagram().time, 0, "sent at");
    expectState(transaction, ClientState.TRYING, "state");
  });

  clause("RFC 3261 17.1.2.2", "Timer E starts at T1 and doubles up to T2, octet for octet the same request", () => {
    const { bench, request } = sendOptions();
    bench.advance(500);
    equal(bench.expect("OPTIONS"), request, "second request");
    bench.advance(31499);
    equal(bench.wire.times(), "1500 3500 7500 11500 15500 19500 23500 27500 31500", "retransmissions at");
  });

  clause("RFC 3261 17.1.2.2", "Timer F of 64*T1 ends Trying: the user hears of a timeout", () => {
    const { bench, transaction } = sendOptions();
    bench.advance(31999);
    equal(bench.takeReports(), "", "reports before");
    bench.advance(1);
    equal(bench.takeReports(), "timeout 32000", "reports");
    expectState(transaction, ClientState.FREE, "state");
  });

  clause("RFC 3261 17.1.2.2", "a final response of every class is handed up and leads to Completed", () => {
    const statuses = ["200", "302", "404", "500", "603"];
    for (let index = 0; index < statuses.length; index += 1) {
      const sent = sendOptions();
      respond(sent, `${statuses[index]} So`);
      expectState(sent.transaction, ClientState.COMPLETED, statuses[index]);
      equal(sent.bench.takeReports(), statuses[index], "reports");
      sent.bench.advance(4000);
      equal(sent.bench.wire.waiting(), 0, "no retransmission, no ACK");
    }
  });
});

describe("non-INVITE client transaction, Proceeding", () => {
  clause(
    "RFC 3261 17.1.2.2",
    "a provisional response is handed up, and the request goes on to be sent every T2",
    () => {
      const sent = sendOptions();
      respond(sent, "100 Trying");
      expectState(sent.transaction, ClientState.PROCEEDING, "state");
      sent.bench.advance(31999);
      equal(sent.bench.wire.times(), "500 4500 8500 12500 16500 20500 24500 28500", "retransmissions at");
      equal(sent.bench.takeReports(), "100", "reports");
    },
  );

  clause("RFC 3261 17.1.2.2", "every further provisional response is handed up", () => {
    const sent = sendOptions();
    respond(sent, "100 Trying");
    respond(sent, "100 Trying");
    equal(sent.bench.takeReports(), "100 100", "reports");
  });

  clause("RFC 3261 17.1.2.2", "Timer F ends Proceeding too, counted from the first request", () => {
    const sent = sendOptions();
    sent.bench.advance(10000);
    respond(sent, "100 Trying");
    sent.bench.advance(22000);
    equal(sent.bench.takeReports(), "100 timeout 32000", "reports");
    expectState(sent.transaction, ClientState.FREE, "state");
  });

  clause("RFC 3261 17.1.2.2", "a final response is handed up and leads to Completed", () => {
    const sent = sendOptions();
    respond(sent, "100 Trying");
    respond(sent, "200 OK");
    expectState(sent.transaction, ClientState.COMPLETED, "state");
    equal(sent.bench.takeReports(), "100 200", "reports");
  });
});

describe("non-INVITE client transaction, Completed", () => {
  clause("RFC 3261 17.1.2.2", "further responses are absorbed, and nothing is sent", () => {
    const sent = sendOptions();
    respond(sent, "200 OK");
    respond(sent, "100 Trying");
    respond(sent, "200 OK");
    respond(sent, "500 No");
    equal(sent.bench.takeReports(), "200", "reports");
    equal(sent.bench.wire.waiting(), 0, "messages");
  });

  clause("RFC 3261 17.1.2.2", "Timer K of T4 ends Completed", () => {
    const sent = sendOptions();
    respond(sent, "200 OK");
    sent.bench.advance(4999);
    expectState(sent.transaction, ClientState.COMPLETED, "state at 4,999 ms");
    sent.bench.advance(1);
    expectState(sent.transaction, ClientState.FREE, "state at 5,000 ms");
    equal(sent.bench.inUse(), "0 0", "transactions in use");
  });

  clause("RFC 3261 17.1.3", "a response that comes after Timer K belongs to no transaction", () => {
    const sent = sendOptions();
    respond(sent, "200 OK");
    sent.bench.advance(5000);
    respond(sent, "200 OK");
    equal(sent.bench.takeReports(), "200 stray 200", "reports");
  });
});
