// Correct transaction handling for 2xx responses to INVITE (RFC 6026): the Accepted states with Timers L and M.

import { ClientState } from "../../firmware/sip/client-transaction";
import { ServerState } from "../../firmware/sip/server-transaction";
import { describe, equal } from "../harness";
import { Peer, responseOf } from "../rig/peer";
import { expectState, TransactionBench } from "../rig/transaction-bench";
import { clause } from "./clause";

const anna = new Peer("anna", 9, 5070);

describe("INVITE server transaction, Accepted", () => {
  clause("RFC 6026 7.1", "a 2xx leads to Accepted, not out of the transaction", () => {
    const bench = new TransactionBench();
    bench.deliver(anna.newCall().inviteWith(""), anna.endpoint);
    bench.answer(200);
    expectState(bench.server, ServerState.ACCEPTED, "state");
  });

  clause("RFC 6026 7.1", "a retransmitted INVITE is absorbed: no response, no new request for the user", () => {
    const bench = new TransactionBench();
    const invite = anna.newCall().inviteWith("");
    bench.deliver(invite, anna.endpoint);
    bench.answer(200);
    bench.expect("200 INVITE");
    bench.deliver(invite, anna.endpoint);
    equal(bench.wire.waiting(), 0, "messages");
    equal(bench.takeReports(), "INVITE", "reports");
  });

  clause("RFC 6026 7.1", "the transaction does not send the 2xx again by itself: that is its user's", () => {
    const bench = new TransactionBench();
    bench.deliver(anna.newCall().inviteWith(""), anna.endpoint);
    bench.answer(200);
    bench.expect("200 INVITE");
    bench.advance(31999);
    equal(bench.wire.waiting(), 0, "messages");
  });

  clause("RFC 6026 7.1", "an ACK is handed up and changes nothing, also one with the branch of the INVITE", () => {
    const bench = new TransactionBench();
    const call = anna.newCall();
    bench.deliver(call.inviteWith(""), anna.endpoint);
    bench.answer(200);
    const response = bench.expect("200 INVITE");
    call.takeResponse(response);
    bench.deliver(call.acknowledge(""), anna.endpoint);
    bench.deliver(call.acknowledgeRefusal(response), anna.endpoint);
    equal(bench.takeReports(), "INVITE ACK ACK", "reports");
    expectState(bench.server, ServerState.ACCEPTED, "state");
  });

  clause("RFC 6026 7.1", "Timer L of 64*T1 ends Accepted", () => {
    const bench = new TransactionBench();
    bench.deliver(anna.newCall().inviteWith(""), anna.endpoint);
    bench.answer(200);
    bench.advance(31999);
    expectState(bench.server, ServerState.ACCEPTED, "state at 31,999 ms");
    bench.advance(1);
    expectState(bench.server, ServerState.FREE, "state at 32,000 ms");
    equal(bench.inUse(), "0 0", "transactions in use");
  });

  clause("RFC 6026 7.1", "no refusal follows a 2xx", () => {
    const bench = new TransactionBench();
    bench.deliver(anna.newCall().inviteWith(""), anna.endpoint);
    bench.answer(200);
    bench.answer(487);
    bench.expect("200 INVITE");
    equal(bench.wire.waiting(), 0, "messages");
  });
});

describe("INVITE client transaction, Accepted", () => {
  clause("RFC 6026 7.2", "a 2xx leads to Accepted from Calling and from Proceeding", () => {
    const bench = new TransactionBench();
    const transaction = bench.sendInvite();
    const invite = bench.expect("INVITE");
    bench.deliver(responseOf(invite, "200 OK", "one", [], ""), anna.endpoint);
    expectState(transaction, ClientState.ACCEPTED, "from Calling");
    const second = bench.sendInvite();
    const ringing = bench.expect("INVITE");
    bench.deliver(responseOf(ringing, "180 Ringing", "one", [], ""), anna.endpoint);
    bench.deliver(responseOf(ringing, "202 Accepted", "one", [], ""), anna.endpoint);
    expectState(second, ClientState.ACCEPTED, "from Proceeding");
    equal(bench.takeReports(), "200 180 202", "reports");
  });

  clause(
    "RFC 6026 7.2",
    "every further 2xx is handed up: the same again, and those of other branches of a fork",
    () => {
      const bench = new TransactionBench();
      bench.sendInvite();
      const invite = bench.expect("INVITE");
      bench.deliver(responseOf(invite, "200 OK", "one", [], ""), anna.endpoint);
      bench.deliver(responseOf(invite, "200 OK", "one", [], ""), anna.endpoint);
      bench.deliver(responseOf(invite, "200 OK", "two", [], ""), anna.endpoint);
      equal(bench.takeReports(), "200 200 200", "reports");
      equal(bench.wire.waiting(), 0, "ACKs of the transaction");
    },
  );

  clause("RFC 6026 7.2", "other responses in Accepted are neither handed up nor acknowledged", () => {
    const bench = new TransactionBench();
    bench.sendInvite();
    const invite = bench.expect("INVITE");
    bench.deliver(responseOf(invite, "200 OK", "one", [], ""), anna.endpoint);
    bench.deliver(responseOf(invite, "180 Ringing", "two", [], ""), anna.endpoint);
    bench.deliver(responseOf(invite, "486 Busy Here", "two", [], ""), anna.endpoint);
    equal(bench.takeReports(), "200", "reports");
    equal(bench.wire.waiting(), 0, "messages");
  });

  clause("RFC 6026 7.2", "Timer M of 64*T1 ends Accepted; a 2xx after it belongs to no transaction", () => {
    const bench = new TransactionBench();
    const transaction = bench.sendInvite();
    const invite = bench.expect("INVITE");
    bench.deliver(responseOf(invite, "200 OK", "one", [], ""), anna.endpoint);
    bench.advance(31999);
    expectState(transaction, ClientState.ACCEPTED, "state at 31,999 ms");
    bench.advance(1);
    expectState(transaction, ClientState.FREE, "state at 32,000 ms");
    bench.deliver(responseOf(invite, "200 OK", "one", [], ""), anna.endpoint);
    equal(bench.takeReports(), "200 stray 200", "reports");
  });

  clause("RFC 6026 8.4", "a response that belongs to no transaction goes nowhere but to the user", () => {
    const bench = new TransactionBench();
    bench.sendInvite();
    const invite = bench.expect("INVITE");
    bench.advance(32000);
    bench.wire.forget();
    bench.deliver(responseOf(invite, "180 Ringing", "late", [], ""), anna.endpoint);
    equal(bench.wire.waiting(), 0, "messages");
    equal(bench.takeReports(), "timeout 32000 stray 180", "reports");
  });
});
