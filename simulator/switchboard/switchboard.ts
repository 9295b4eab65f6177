// The switchboard: registrar, location service and proxy of one small domain on one socket, so that a call needs no PBX.
// This file decides what becomes of each request; it is built on the firmware's transport and transactions.

import { createEndpoint } from "../../firmware/bytes/ip-address";
import { createTimerWheel, runTimers, type TimerWheel, timeToNextTimer } from "../../firmware/clock/timer-wheel";
import type { HashAlgorithm } from "../../firmware/crypto/hash";
import type { Limits } from "../../firmware/limits";
import { createMemory } from "../../firmware/memory/pool";
import { createSettings } from "../../firmware/settings/settings";
import { HeaderName } from "../../firmware/sip/header-name";
import { hasHeader, type Message } from "../../firmware/sip/message";
import { Method } from "../../firmware/sip/method";
import { type ServerTransaction, sendPlainResponse } from "../../firmware/sip/server-transaction";
import { createTransactions, type Transactions } from "../../firmware/sip/transactions";
import { createTransport, pollTransport } from "../../firmware/sip/transport";
import { DeskLog } from "../../hal/node/desk-log";
import { Driver, type Pollable } from "../../hal/node/driver";
import { createSecureRandom } from "../../hal/node/random";
import type { Scheduler } from "../../hal/node/scheduler";
import type { DeskUdp } from "../../hal/node/udp-socket";
import type { Random } from "../../hal/random";
import { ALGORITHMS, Authenticator } from "./authenticator";
import { Domain, readSipUri, type SipUri } from "./domain";
import { refuseExtensions } from "./extensions";
import { LocationService } from "./location-service";
import { Nonces } from "./nonces";
import { octetText } from "./octet-text";
import { StatefulProxy } from "./proxy";
import { Registrar, type RegistrarLimits } from "./registrar";
import { type Route, takeOwnRoutes } from "./routes";
import { createSwitchboardLimits } from "./switchboard-limits";
import { type User, Users } from "./users";

export interface SwitchboardOptions {
  users: User[];
  /** Default "doorline". */
  realm?: string;
  /** Names of the domain beside its address; default none. */
  names?: string[];
  /** Whether the calls of own users need credentials; default true. */
  authenticatesCalls?: boolean;
  /** The digest algorithms that are offered, in this order; default SHA-256, then MD5 (RFC 8760 2.4). */
  algorithms?: HashAlgorithm[];
  /** Seconds that a nonce holds; default 300. */
  nonceLifetime?: number;
  /** Default: 30 s to an hour, usually an hour. */
  bindings?: RegistrarLimits;
  /** Default: the machine's. */
  random?: Random;
  limits?: Limits;
}

const BINDINGS: RegistrarLimits = { shortest: 30, longest: 3600, usual: 3600 };
const NONCE_LIFETIME = 300;

export class Switchboard implements Pollable {
  readonly log: DeskLog;
  readonly location: LocationService;
  readonly transactions: Transactions;
  /** `host:port` */
  readonly address: string;
  private readonly wheel: TimerWheel;
  private readonly domain: Domain;
  private readonly users: Users;
  private readonly authenticator: Authenticator;
  private readonly registrar: Registrar;
  private readonly proxy: StatefulProxy;
  private readonly driver: Driver;

  /** Serves the socket at once, until `close`. */
  constructor(
    private readonly scheduler: Scheduler,
    private readonly udp: DeskUdp,
    private readonly options: SwitchboardOptions,
  ) {
    const limits = options.limits ?? createSwitchboardLimits();
    const random = options.random ?? createSecureRandom();
    this.log = new DeskLog(scheduler);
    this.wheel = createTimerWheel(scheduler.now());
    this.domain = new Domain(udp.local, options.names ?? []);
    this.address = this.domain.sentBy;
    this.users = new Users(options.users, options.realm ?? "doorline");
    const transport = createTransport(limits, udp, createEndpoint(), random, this.wheel, this.log);
    this.transactions = createTransactions(createMemory(), limits, transport);
    this.location = new LocationService(this.wheel);
    const nonces = new Nonces(random, this.wheel, 1000 * (options.nonceLifetime ?? NONCE_LIFETIME));
    this.authenticator = new Authenticator(this.users, nonces, options.algorithms ?? ALGORITHMS);
    this.registrar = new Registrar(
      this.domain,
      this.users,
      this.location,
      this.authenticator,
      options.bindings ?? BINDINGS,
    );
    this.proxy = new StatefulProxy(this.transactions, limits, createSettings(), this.domain, this.authenticator);
    this.transactions.user = {
      owner: this,
      onRequest: (_owner, request, transaction) => this.take(request, transaction),
      onAcknowledge: (_owner, request) => this.takeAcknowledgement(request),
      // A 2xx of no transaction is not sent on (RFC 6026 7.3).
      onStrayResponse: () => undefined,
    };
    this.driver = new Driver(scheduler, this);
    udp.onReadable = () => this.driver.wake();
  }

  poll(): number {
    runTimers(this.wheel, this.scheduler.now());
    // One poll takes a bounded number of datagrams: more may wait.
    const taken = pollTransport(this.transactions.transport);
    return taken > 0 ? 0 : timeToNextTimer(this.wheel, this.scheduler.now());
  }

  close(): void {
    this.driver.stop();
    this.udp.close();
  }

  /** A new request: checked (16.3), its routes looked at (16.4), its target found (16.5). */
  private take(request: Message, transaction: ServerTransaction): void {
    const route = takeOwnRoutes(request, this.domain);
    const target = readSipUri(route.uri);
    if (target === undefined) {
      sendPlainResponse(transaction, 416, 0);
    } else if (request.maxForwards === 0) {
      sendPlainResponse(transaction, 483, 0);
    } else if (hasHeader(request, HeaderName.PROXY_REQUIRE)) {
      refuseExtensions(request, transaction, HeaderName.PROXY_REQUIRE);
    } else if (route.routes.length > 0 || !this.domain.owns(target)) {
      this.takeForElsewhere(request, transaction, route);
    } else if (target.user === "") {
      this.takeForDomain(request, transaction);
    } else {
      this.takeForUser(request, transaction, target.user);
    }
  }

  /** A request for the switchboard itself. */
  private takeForDomain(request: Message, transaction: ServerTransaction): void {
    if (request.method === Method.REGISTER) {
      this.registrar.take(request, transaction);
    } else {
      sendPlainResponse(transaction, request.method === Method.OPTIONS ? 200 : 404, 0);
    }
  }

  private takeForUser(request: Message, transaction: ServerTransaction, user: string): void {
    const targets = this.location.bindingsOf(user).map(({ uri }) => uri);
    if (!this.mayCall(request, transaction)) {
      return;
    }
    if (!this.users.has(user)) {
      sendPlainResponse(transaction, 404, 0);
    } else if (targets.length === 0) {
      sendPlainResponse(transaction, 480, 0);
    } else {
      this.proxy.forward(request, transaction, targets, []);
    }
  }

  /** A request of a dialog that goes through us, or a call of one of our users to another domain. */
  private takeForElsewhere(request: Message, transaction: ServerTransaction, route: Route): void {
    const isInDialog = request.to.tagEnd > request.to.tagStart;
    if (!isInDialog && this.ownCaller(request) === undefined) {
      // Anybody's requests to anywhere are not carried.
      sendPlainResponse(transaction, 403, 0);
    } else if (this.mayCall(request, transaction)) {
      this.proxy.forward(request, transaction, [route.uri], route.routes);
    }
  }

  /** The From of a request when it names one of our users. */
  private ownCaller(request: Message): SipUri | undefined {
    const from = readSipUri(octetText(request.bytes, request.from.uriStart, request.from.uriEnd));
    return from !== undefined && this.domain.ownsAddressOfRecord(from) && this.users.has(from.user) ? from : undefined;
  }

  /** Whether a request outside dialogs may go on; else it was answered: who calls in a user's name shows that he is. */
  private mayCall(request: Message, transaction: ServerTransaction): boolean {
    const isInDialog = request.to.tagEnd > request.to.tagStart;
    const caller = this.ownCaller(request);
    if (isInDialog || caller === undefined || !(this.options.authenticatesCalls ?? true)) {
      return true;
    }
    const verdict = this.authenticator.verify(request, true);
    if (verdict.user === caller.user) {
      return true;
    }
    if (verdict.user === "") {
      this.authenticator.challenge(transaction, true, verdict.stale);
    } else {
      sendPlainResponse(transaction, 403, 0);
    }
    return false;
  }

  private takeAcknowledgement(request: Message): void {
    const route = takeOwnRoutes(request, this.domain);
    const target = readSipUri(route.uri);
    if (target === undefined || request.maxForwards === 0) {
      return;
    }
    if (route.routes.length > 0 || !this.domain.owns(target)) {
      this.proxy.forwardAcknowledgement(request, route.uri, route.routes);
      return;
    }
    for (const { uri } of this.location.bindingsOf(target.user)) {
      this.proxy.forwardAcknowledgement(request, uri, []);
    }
  }
}
