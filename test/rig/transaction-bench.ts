// The transaction layer alone, over a fake wire: the test is its user. It sends requests through client transactions, and
// what the layer reports is kept as a list of words.

import { copyEndpoint, createEndpoint } from "../../firmware/bytes/ip-address";
import { createWriter, openWriter, putBytes, type Writer } from "../../firmware/bytes/writer";
import { createTimerWheel, runTimers, type TimerWheel, timeToNextTimer } from "../../firmware/clock/timer-wheel";
import { createStationLimits } from "../../firmware/limits";
import { createMemory } from "../../firmware/memory/pool";
import {
  type ClientState,
  type ClientTransaction,
  type ClientUser,
  requestClientTransaction,
  startClientTransaction,
  takeClientTransaction,
} from "../../firmware/sip/client-transaction";
import type { Connections } from "../../firmware/sip/connection";
import { createConnections } from "../../firmware/sip/connections";
import type { Message } from "../../firmware/sip/message";
import { Method } from "../../firmware/sip/method";
import { createSearch, type Search } from "../../firmware/sip/search";
import { type ServerState, type ServerTransaction, sendPlainResponse } from "../../firmware/sip/server-transaction";
import { Status } from "../../firmware/sip/status";
import { NO_CONNECTION, Protocol, type Target } from "../../firmware/sip/target";
import { createTransactions, type Transactions } from "../../firmware/sip/transactions";
import { createTransport, pollTransport, sentByFor, type Transport } from "../../firmware/sip/transport";
import type { Endpoint } from "../../hal/endpoint";
import { FakeTcp } from "../fake-tcp";
import { FakeUdp, testEndpoint } from "../fake-udp";
import { equal } from "../harness";
import { bytesOf, textOf } from "../octets";
import { kindOf } from "./message-text";
import { FakeLog } from "./parts";
import { FakeClock, SeededRandom } from "./time";
import { Wire } from "./wire";

const NEXT_HOP = bytesOf("sip:192.0.2.9:5070");

function ignoreLocated(): void {
  // Until a search was begun.
}

export class TransactionBench {
  readonly clock = new FakeClock();
  readonly wire = new Wire(this.clock, new FakeUdp(testEndpoint(4, 5060)));
  readonly tcp = new FakeTcp();
  readonly wheel: TimerWheel;
  readonly transport: Transport;
  readonly transactions: Transactions;
  readonly connections: Connections;
  /** What the layer told its user, e.g. "180", "timeout 32000", "INVITE", "ACK", "CANCEL", "stray 200". */
  reports: string[] = [];
  /** The transaction of the last new request. */
  server: ServerTransaction;
  /** Where a URI leads: hosts of 192.0.2.x, port 5070, by `protocol`. */
  targets: number[] = [9];
  protocol: Protocol = Protocol.UDP;
  /** What the search for targets answers. */
  located: Status = Status.OK;
  /** What the user answers when it is to write a request. */
  writing: Status = Status.OK;
  /** Header fields of what `request` sends. */
  requestLines: string[] = [];
  private requestName = "";
  private readonly nobody: Search = createSearch(this, ignoreLocated);
  private search: Search = this.nobody;
  private readonly user: ClientUser;
  private readonly writer = createWriter();

  constructor() {
    const limits = createStationLimits();
    const memory = createMemory();
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
    this.transactions = createTransactions(memory, limits, this.transport);
    this.connections = createConnections(memory, limits, this.transport, this.tcp);
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
      writeRequest: (_owner: object, transaction: ClientTransaction, writer: Writer): Status => {
        const bytes = bytesOf(this.requestText(transaction, this.requestLines));
        putBytes(writer, bytes, 0, bytes.length);
        return this.writing;
      },
    };
    this.transactions.clients.locating = {
      owner: this,
      locate: (_owner: object, search: Search): Status => {
        this.search = search;
        if (this.located === Status.OK) {
          this.fillTargets(search);
        }
        return this.located;
      },
      locateNow: (): Status => Status.MISSING,
      forget: (): void => {
        this.search = this.nobody;
      },
      avoid: (_owner: object, target: Target): void => {
        this.reports.push(`avoid ${target.address[3]}`);
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

  private requestText(transaction: ClientTransaction, headers: string[]): string {
    const name = this.requestName;
    const sentBy = sentByFor(this.transport, transaction.destination);
    const lines = [
      `${name} sip:anna@192.0.2.9 SIP/2.0`,
      `Via: SIP/2.0/UDP ${textOf(sentBy.bytes, 0, sentBy.length)};branch=${textOf(transaction.branch, 0, transaction.branch.length)};rport`,
      "Max-Forwards: 70",
      "From: <sip:door@192.0.2.4>;tag=door",
      "To: <sip:anna@192.0.2.9>",
      "Call-ID: one-call",
      `CSeq: 7 ${name}`,
    ];
    for (let header = 0; header < headers.length; header += 1) {
      lines.push(headers[header]);
    }
    return `${lines.join("\r\n")}\r\nContent-Length: 0\r\n\r\n`;
  }

  private fillTargets(search: Search): void {
    for (let index = 0; index < this.targets.length; index += 1) {
      copyEndpoint(search.targets[index], testEndpoint(this.targets[index], 5070));
      search.targets[index].protocol = this.protocol;
      search.targets[index].connection = NO_CONNECTION;
    }
    search.count = this.targets.length;
  }

  /** Sends a request to the next hop, whose targets are `targets`. Returns what the layer answers. */
  request(method: Method, name: string): Status {
    const transaction = this.transactions.clients.items[takeClientTransaction(this.transactions.clients)];
    this.requestName = name;
    const status = requestClientTransaction(transaction, method, this.user, NEXT_HOP, 0, NEXT_HOP.length);
    this.wire.collect();
    return status;
  }

  /** The search that answered PENDING ends. */
  locate(status: Status): void {
    if (status === Status.OK) {
      this.fillTargets(this.search);
    }
    this.search.onLocated(this.search.owner, status);
    this.wire.collect();
  }

  /** Sends a request to 192.0.2.9:5070 through a client transaction. Returns the transaction. */
  send(method: Method, name: string, headers: string[]): ClientTransaction {
    const index = takeClientTransaction(this.transactions.clients);
    const transaction = this.transactions.clients.items[index];
    this.requestName = name;
    const bytes = bytesOf(this.requestText(transaction, headers));
    openWriter(this.writer, transaction.buffer, 0, transaction.buffer.length);
    putBytes(this.writer, bytes, 0, bytes.length);
    copyEndpoint(transaction.destination, testEndpoint(9, 5070));
    transaction.destination.protocol = this.protocol;
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
