// The stateful proxy (RFC 3261 16): sends a request on to its targets at the same time, and keeps the response context that
// brings the answer back. An ACK for a 2xx goes on without state.

import { createHash } from "node:crypto";
import { type Bytes, createBytes, createBytesOf } from "../../firmware/bytes/bytes";
import { createWriter, openWriter } from "../../firmware/bytes/writer";
import type { Limits } from "../../firmware/limits";
import type { Settings } from "../../firmware/settings/settings";
import { BRANCH_LENGTH } from "../../firmware/sip/identifiers";
import { createMessage, type Message } from "../../firmware/sip/message";
import { Method } from "../../firmware/sip/method";
import { resolveUri } from "../../firmware/sip/resolver";
import { type ServerTransaction, sendPlainResponse } from "../../firmware/sip/server-transaction";
import { Status } from "../../firmware/sip/status";
import { createTarget, type Target } from "../../firmware/sip/target";
import type { Transactions } from "../../firmware/sip/transactions";
import { sendMessage } from "../../firmware/sip/transport";
import type { Authenticator } from "./authenticator";
import type { Domain } from "./domain";
import { type Forwarding, putForwardedRequest } from "./forwarding";
import { octetText } from "./octet-text";
import { ResponseContext } from "./response-context";
import { findHop, type Hop } from "./routes";

const MAGIC_COOKIE = "z9hG4bK";

export class StatefulProxy {
  private readonly scratch: Message;
  private readonly writer = createWriter();
  private readonly buffer: Bytes;
  private readonly destination = createTarget();

  /** @param settings whose table of hosts is asked for names */
  constructor(
    private readonly transactions: Transactions,
    limits: Limits,
    private readonly settings: Settings,
    private readonly domain: Domain,
    private readonly authenticator: Authenticator,
  ) {
    this.scratch = createMessage(limits.headerFields);
    this.buffer = createBytes(limits.clientTransactions.bytesEach);
  }

  /**
   * Sends a request on.
   * @param targets URIs, all tried at the same time; not empty
   * @param routes Route values that are left; with any of them there is one target
   */
  forward(request: Message, transaction: ServerTransaction, targets: string[], routes: string[]): void {
    const hops = targets
      .map((target) => findHop(target, routes))
      .filter(({ next }) => this.resolve(next) !== undefined);
    if (hops.length === 0) {
      sendPlainResponse(transaction, 480, 0);
      return;
    }
    const context = new ResponseContext(this.transactions.clients, transaction, this.scratch);
    for (const hop of hops) {
      context.addBranch((client) => {
        const forwarding = this.forwardingOf(request, hop, octetText(client.branch, 0, BRANCH_LENGTH));
        putForwardedRequest(this.transactions.clients.writer, request, forwarding);
        return this.resolve(hop.next, client.destination) !== undefined;
      });
    }
    context.start();
  }

  /** Sends an ACK for a 2xx on. */
  forwardAcknowledgement(request: Message, target: string, routes: string[]): void {
    const hop = findHop(target, routes);
    const destination = this.resolve(hop.next);
    if (destination === undefined) {
      return;
    }
    openWriter(this.writer, this.buffer, 0, this.buffer.length);
    putForwardedRequest(this.writer, request, this.forwardingOf(request, hop, this.branchOf(request)));
    if (!this.writer.overflowed) {
      sendMessage(this.transactions.transport, this.buffer, 0, this.writer.length, destination);
    }
  }

  private forwardingOf(request: Message, hop: Hop, branch: string): Forwarding {
    return {
      hop,
      branch,
      sentBy: this.domain.sentBy,
      recordRoute: request.method === Method.INVITE,
      source: this.transactions.transport.source,
      isForUs: (message, start, end) => this.authenticator.isForUs(message, start, end),
    };
  }

  /** The branch of a request that is forwarded without state: the same for one that comes again (16.11). */
  private branchOf(request: Message): string {
    const hash = createHash("sha256").update(this.domain.sentBy);
    hash.update(octetText(request.bytes, request.via.start, request.via.end));
    return MAGIC_COOKIE + hash.digest("hex").slice(0, BRANCH_LENGTH - MAGIC_COOKIE.length);
  }

  /** Where a URI leads; undefined when that is not known. */
  private resolve(uri: string, into: Target = this.destination): Target | undefined {
    const bytes = createBytesOf(uri);
    return resolveUri(this.settings, bytes, 0, bytes.length, into) === Status.OK ? into : undefined;
  }
}
