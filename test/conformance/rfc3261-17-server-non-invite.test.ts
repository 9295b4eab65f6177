// The non-INVITE server transaction (RFC 3261 17.2.2, figure 8): every state, event and timer.

import { ServerState } from "../../firmware/sip/server-transaction";
import { describe, equal } from "../harness";
import { changed } from "../rig/message-text";
import { Peer } from "../rig/peer";
import { expectState, TransactionBench } from "../rig/transaction-bench";
import { clause } from "./clause";

const anna = new Peer("anna", 9, 5070);

interface Received {
  bench: TransactionBench;
  request: string;
}

function receiveOptions(): Received {
  const bench = new TransactionBench();
  const request = anna.request("OPTIONS", [], "");
  bench.deliver(request, anna.endpoint);
  return { bench, request };
}

function again(received: Received): void {
  received.bench.deliver(received.request, anna.endpoint);
}

describe("non-INVITE server transaction", () => {
  clause("RFC 3261 17.2.2", "in Trying a retransmitted request is discarded, and no 100 is sent by itself", () => {
    const received = receiveOptions();
    expectState(received.bench.server, ServerState.TRYING, "state");
    received.bench.advance(3000);
    again(received);
    equal(received.bench.wire.waiting(), 0, "messages");
    equal(received.bench.takeReports(), "OPTIONS", "reports");
  });

  clause(
    "RFC 3261 17.2.2",
    "a provisional response leads to Proceeding and is sent again for a retransmitted request",
    () => {
      const received = receiveOptions();
      received.bench.answer(100);
      expectState(received.bench.server, ServerState.PROCEEDING, "state");
      const first = received.bench.expect("100 OPTIONS");
      again(received);
      equal(received.bench.expect("100 OPTIONS"), first, "response");
    },
  );

  clause("RFC 3261 17.2.2", "a final response of every class leads to Completed", () => {
    const codes = [200, 302, 404, 500, 603];
    for (let index = 0; index < codes.length; index += 1) {
      const { bench } = receiveOptions();
      bench.answer(codes[index]);
      bench.expect(`${codes[index]} OPTIONS`);
      expectState(bench.server, ServerState.COMPLETED, `${codes[index]}`);
    }
  });

  clause(
    "RFC 3261 17.2.2",
    "in Completed a retransmitted request gets the final response, which is not sent by itself",
    () => {
      const received = receiveOptions();
      received.bench.answer(200);
      const first = received.bench.expect("200 OPTIONS");
      received.bench.advance(30000);
      equal(received.bench.wire.waiting(), 0, "messages");
      again(received);
      equal(received.bench.expect("200 OPTIONS"), first, "response");
      equal(received.bench.takeReports(), "OPTIONS", "reports");
    },
  );

  clause("RFC 3261 17.2.2", "in Completed the user's further responses are discarded", () => {
    const received = receiveOptions();
    received.bench.answer(200);
    received.bench.answer(500);
    received.bench.expect("200 OPTIONS");
    equal(received.bench.wire.waiting(), 0, "messages");
  });

  clause("RFC 3261 17.2.2", "Timer J of 64*T1 ends Completed", () => {
    const received = receiveOptions();
    received.bench.answer(200);
    received.bench.advance(31999);
    expectState(received.bench.server, ServerState.COMPLETED, "state at 31,999 ms");
    received.bench.advance(1);
    expectState(received.bench.server, ServerState.FREE, "state at 32,000 ms");
    equal(received.bench.inUse(), "0 0", "transactions in use");
  });

  clause("RFC 3261 17.2.3", "the method counts: the same branch with another method is another request", () => {
    const received = receiveOptions();
    const other = changed(changed(received.request, "OPTIONS sip", "INFO sip"), "101 OPTIONS", "101 INFO");
    received.bench.deliver(other, anna.endpoint);
    equal(received.bench.takeReports(), "OPTIONS INFO", "reports");
  });
});
