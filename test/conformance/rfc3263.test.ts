// Servers one after the other (RFC 3263 4.3), and requests that outgrow a datagram (RFC 3261 18.1.1).

import { Method } from "../../firmware/sip/method";
import { Status } from "../../firmware/sip/status";
import { describe, equal, isTrue } from "../harness";
import { headerOf, kindOf, parameterOf } from "../rig/message-text";
import { Peer, responseOf } from "../rig/peer";
import { TransactionBench } from "../rig/transaction-bench";
import { clause } from "./clause";

const anna = new Peer("anna", 9, 5070);

/** A bench whose next hop is at three addresses. */
function benchOfThree(): TransactionBench {
  const bench = new TransactionBench();
  bench.targets = [21, 22, 23];
  return bench;
}

/** The hosts to which something was sent, each once in a row. */
function hostsOf(bench: TransactionBench): string {
  const hosts: number[] = [];
  while (bench.wire.waiting() > 0) {
    const host = bench.wire.nextDatagram().host;
    if (hosts.length === 0 || hosts[hosts.length - 1] !== host) {
      hosts.push(host);
    }
  }
  return hosts.join(" ");
}

describe("several servers", () => {
  clause("RFC 3263 4.3", "a server that is silent gives way to the next, all within 64*T1", () => {
    const bench = benchOfThree();
    equal(bench.request(Method.OPTIONS, "OPTIONS"), Status.OK, "status");
    bench.advance(32000);
    const reports = bench.takeReports();
    isTrue(reports.indexOf("timeout 32000") >= 0, reports);
    equal(hostsOf(bench), "21 22 23", "hosts");
  });

  clause("RFC 3263 4.3", "a 503 leads to the next server, and its user does not hear of it", () => {
    const bench = benchOfThree();
    bench.request(Method.INVITE, "INVITE");
    const first = bench.expect("INVITE");
    bench.deliver(responseOf(first, "503 Busy", "x", [], ""), anna.endpoint);
    bench.expect("ACK");
    const second = bench.wire.nextDatagram();
    equal(second.host, 22, "host");
    isTrue(bench.takeReports().indexOf("503") < 0, "reports");
  });

  clause("RFC 3263 4.3", "the request to the next server has another branch: it is another transaction", () => {
    const bench = benchOfThree();
    bench.wire.udp.refusedHost = 21;
    bench.request(Method.OPTIONS, "OPTIONS");
    bench.wire.udp.refusedHost = 0;
    const second = bench.wire.nextDatagram();
    equal(second.host, 22, "host");
    bench.deliver(responseOf(second.text, "503 Busy", "x", [], ""), anna.endpoint);
    const third = bench.wire.nextDatagram();
    equal(third.host, 23, "host");
    isTrue(
      parameterOf(headerOf(second.text, "Via"), "branch") !== parameterOf(headerOf(third.text, "Via"), "branch"),
      "branches",
    );
    equal(headerOf(second.text, "Call-ID"), headerOf(third.text, "Call-ID"), "Call-ID");
  });

  clause("RFC 3263 4.3", "other refusals are answers: the next server is not asked", () => {
    const bench = benchOfThree();
    bench.request(Method.OPTIONS, "OPTIONS");
    bench.deliver(responseOf(bench.expect("OPTIONS"), "500 No", "x", [], ""), anna.endpoint);
    equal(bench.takeReports(), "500", "reports");
    equal(bench.wire.waiting(), 0, "messages");
  });

  clause("RFC 3261 17.1.4", "a request that the network refuses everywhere fails: its user hears of it", () => {
    const bench = benchOfThree();
    bench.wire.udp.refusing = true;
    const status = bench.request(Method.OPTIONS, "OPTIONS");
    bench.advance(32000);
    isTrue(status !== Status.OK || bench.takeReports().indexOf("timeout") >= 0, "the user hears");
    equal(bench.inUse(), "0 0", "transactions");
  });
});

describe("a request that is too large for a datagram", () => {
  const LARGE: string[] = [];
  for (let index = 0; index < 11; index += 1) {
    LARGE.push(
      `X-${index}: 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef`,
    );
  }

  clause("RFC 3261 18.1.1", "of more than 1,300 octets goes over TCP to the same address", () => {
    const bench = new TransactionBench();
    bench.targets = [9];
    bench.requestLines = LARGE;
    bench.request(Method.OPTIONS, "OPTIONS");
    equal(bench.wire.waiting(), 0, "datagrams");
    equal(kindOf(bench.tcp.last().take()), "OPTIONS", "over TCP");
  });

  clause("RFC 3261 18.1.1", "goes over UDP when the peer speaks no TCP", () => {
    const bench = new TransactionBench();
    bench.targets = [9];
    bench.requestLines = LARGE;
    bench.tcp.refusing = true;
    bench.request(Method.OPTIONS, "OPTIONS");
    bench.poll();
    bench.advance(10);
    equal(kindOf(bench.wire.next()), "OPTIONS", "over UDP");
  });
});
