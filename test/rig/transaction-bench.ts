// The transaction layer alone, over a fake wire: the test is its user. It sends requests through client transactions, and
// what the layer reports is kept as a list of words.

import { copyEndpoint, createEndpoint } from "../../firmware/bytes/ip-address";
import { createWriter, openWriter, putBytes } from "../../firmware/bytes/writer";
import { createTimerWheel, runTimers, type TimerWheel, timeToNextTimer } from "../../firmware/clock/timer-wheel";
import { createStationLimits } from "../../firmware/limits";
import { createMemory } from "../../firmware/memory/pool";
import {
  type ClientState,
  type ClientTransaction,
  type ClientUser,
  startClientTransaction,
  takeClientTransaction,
} from "../../firmware/sip/client-transaction";
import type { Message } from "../../firmware/sip/message";
import { Method } from "../../firmware/sip/method";
import { type ServerState, type ServerTransaction, sendPlainResponse } from "../../firmware/sip/server-transaction";
import { createTransactions, type Transactions } from "../../firmware/sip/transactions";
import { createTransport, pollTransport, type Transport } from "../../firmware/sip/transport";
import type { Endpoint } from "../../hal/endpoint";
import { FakeUdp, testEndpoint } from "../fake-udp";
import { equal } from "../harness";
import { bytesOf, textOf } from "../octets";
import { kindOf } from "./message-text";
import { FakeLog } from "./parts";
import { FakeClock, SeededRandom } from "./time";
import { Wire } from "./wire";

export class TransactionBench {
  readonly clock = new FakeClock();
  readonly wire = new Wire(this.clock, new FakeUdp(testEndpoint(4, 5060)));
  readonly wheel: TimerWheel;
  readonly transport: Transport;
  readonly transactions: Transactions;
  /** What the layer told its user, e.g. "180", "timeout 32000", "INVITE", "ACK", "CANCEL", "stray 200". */
  reports: string[] = [];
  /** The transaction of the last new request. */
  server: ServerTransaction;
  private readonly user: ClientUser;
  private readonly writer = createWriter();

  constructor() {
    const limits = createStationLimits();
    const advertised = createEndpoint();
    this.wheel = createTimerWheel(this.clock.now());
    this.transport = createTransport(
      limits,
      this.wire.udp,
      advertised,
      new SeededRandom(31),
      this.wheel,
      new FakeLog(this.clock),
    );
    this.transactions = createTransactions(createMemory(), limits, this.transport);
    this.server = this.transactions.servers.items[0];
    this.transactions.user = {
      owner: this,
      onRequest: (_owner: object, request: Message, transaction: ServerTransaction): void => {
        this.reports.push(textOf(request.bytes, request.methodStart, request.methodEnd));
        this.server = transaction;
        transaction.user = {
          owner: this,
          onCancel: (): void => {
            this.reports.push("cancelled");
          },
        };
      },
      onAcknowledge: (): void => {
        this.reports.push("ACK");
      },
      onStrayResponse: (_owner: object, response: Message): void => {
        this.reports.push(`stray ${response.statusCode}`);
      },
    };
    this.user = {
      owner: this,
      onResponse: (_owner: object, _transaction: ClientTransaction, response: Message): void => {
        this.reports.push(`${response.statusCode}`);
      },
      onTimeout: (): void => {
        this.reports.push(`timeout ${this.clock.elapsed}`);
      },
    };
  }

  poll(): void {
    runTimers(this.wheel, this.clock.now());
    pollTransport(this.transport);
    this.wire.collect();
  }

  advance(milliseconds: number): void {
    const end = this.clock.elapsed + milliseconds;
    while (this.clock.elapsed < end) {
      const due = timeToNextTimer(this.wheel, this.clock.now());
      const step = end - this.clock.elapsed;
      this.clock.elapsed += due < step ? (due < 1 ? 1 : due) : step;
      this.poll();
    }
  }

  deliver(text: string, source: Endpoint): void {
    this.wire.arrive(text, source);
    this.poll();
  }

  /** The reports since the last call, separated by blanks. */
  takeReports(): string {
    const text = this.reports.join(" ");
    this.reports = [];
    return text;
  }

  /** The user answers the last new request. */
  answer(statusCode: number): void {
    sendPlainResponse(this.server, statusCode, 0);
    this.wire.collect();
  }

  /** The next message that was sent; the test fails unless it is of that kind. */
  expect(kind: string): string {
    const text = this.wire.next();
    equal(kindOf(text), kind, "the next message");
    return text;
  }

  /** Sends a request to 192.0.2.9:5070 through a client transaction. Returns the transaction. */
  send(method: Method, name: string, headers: string[]): ClientTransaction {
    const index = takeClientTransaction(this.transactions.clients);
    const transaction = this.transactions.clients.items[index];
    const lines = [
      `${name} sip:anna@192.0.2.9 SIP/2.0`,
      `Via: SIP/2.0/UDP 192.0.2.4:5060;branch=${textOf(transaction.branch, 0, transaction.branch.length)};rport`,
      "Max-Forwards: 70",
      "From: <sip:door@192.0.2.4>;tag=door",
      "To: <sip:anna@192.0.2.9>",
      "Call-ID: one-call",
      `CSeq: 7 ${name}`,
    ];
    for (let header = 0; header < headers.length; header += 1) {
      lines.push(headers[header]);
    }
    const bytes = bytesOf(`${lines.join("\r\n")}\r\nContent-Length: 0\r\n\r\n`);
    openWriter(this.writer, transaction.buffer, 0, transaction.buffer.length);
    putBytes(this.writer, bytes, 0, bytes.length);
    copyEndpoint(transaction.destination, testEndpoint(9, 5070));
    startClientTransaction(transaction, method, bytes.length, this.user);
    this.wire.collect();
    return transaction;
  }

  sendInvite(): ClientTransaction {
    return this.send(Method.INVITE, "INVITE", []);
  }

  sendOptions(): ClientTransaction {
    return this.send(Method.OPTIONS, "OPTIONS", []);
  }

  /** How many client and server transactions are in use: "1 0". */
  inUse(): string {
    return `${this.transactions.clients.use.inUse} ${this.transactions.servers.use.inUse}`;
  }
}

/** Fails unless the transaction is in that state. */
export function expectState(
  transaction: ClientTransaction | ServerTransaction,
  state: ClientState | ServerState,
  what: string,
): void {
  equal(transaction.state, state, what);
}
