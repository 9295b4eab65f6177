// The response context of a forwarded request (RFC 3261 16.7 to 16.10): its branches, one for each target at the same time,
// and the one response that goes back. Provisional responses and every 2xx go back at once, of the others the best one when
// all have come.

import { copyBytes } from "../../firmware/bytes/bytes";
import { createTimer, startTimer, stopTimer, type Timer } from "../../firmware/clock/timer-wheel";
import {
  abandonClientTransaction,
  type ClientTransaction,
  type ClientTransactions,
  type ClientUser,
  cancelClientTransaction,
  cannotWrite,
  dropClientTransaction,
  startClientTransaction,
  takeClientTransaction,
} from "../../firmware/sip/client-transaction";
import type { Message } from "../../firmware/sip/message";
import { parseMessage } from "../../firmware/sip/message-parser";
import { Method } from "../../firmware/sip/method";
import { STATUS_LINE_ROOM } from "../../firmware/sip/response-writer";
import {
  abandonServerTransaction,
  forwardResponse,
  openForwardedResponse,
  type ServerTransaction,
  type ServerUser,
  sendPlainResponse,
} from "../../firmware/sip/server-transaction";
import { Status } from "../../firmware/sip/status";
import { TRANSACTION_TIMEOUT_MS } from "../../firmware/sip/transaction-timers";
import { challengesOf, hasWayBack, putForwardedResponse, reasonOf } from "./forwarding";

/** Timer C: how long an INVITE may ring without a word, above 3 minutes (16.6 step 11). */
export const TIMER_C_MS = 181_000;

/** A final response that a branch ended with: the peer's own octets, or none when the proxy made it up. */
interface Outcome {
  statusCode: number;
  octets: Uint8Array | undefined;
}

interface Branch {
  readonly client: ClientTransaction;
  /** Whether a provisional response came, so that CANCEL may go (9.1). */
  heard: boolean;
  cancelled: boolean;
  outcome: Outcome | undefined;
  /** Timer C; after CANCEL the wait for the final response. */
  readonly timer: Timer;
}

/** Within the 4xx those that tell the caller what to do come first (16.7 step 6). */
const PREFERRED = [401, 407, 415, 420, 484];

/** The smaller, the better. */
function rankOf(statusCode: number): number {
  if (statusCode >= 600) {
    return 0;
  }
  return 1000 * Math.floor(statusCode / 100) + (PREFERRED.includes(statusCode) ? 0 : 1);
}

export class ResponseContext {
  private readonly branches: Branch[] = [];
  private readonly serverUser: ServerUser;
  private readonly method: Method;
  /** The header fields that all responses of our own share; a forwarded response writes over them. */
  private readonly shared: Uint8Array;
  private finished = false;
  private readonly cancelUser: ClientUser = {
    owner: this,
    onResponse: () => undefined,
    onTimeout: () => undefined,
    writeRequest: cannotWrite,
  };

  /** @param scratch where a response that was kept is indexed again */
  constructor(
    private readonly clients: ClientTransactions,
    private readonly server: ServerTransaction,
    private readonly scratch: Message,
  ) {
    this.method = server.method;
    this.shared = (server.buffer as unknown as Uint8Array).slice(STATUS_LINE_ROOM, server.sharedEnd);
    this.serverUser = { owner: this, onCancel: () => this.cancel() };
    server.user = this.serverUser;
  }

  /**
   * Adds a branch whose request `write` puts into the transaction's buffer.
   * @param write returns whether the request has somewhere to go
   */
  addBranch(write: (client: ClientTransaction) => boolean): void {
    const index = takeClientTransaction(this.clients);
    if (index < 0) {
      return;
    }
    const client = this.clients.items[index];
    if (!write(client) || this.clients.writer.overflowed) {
      dropClientTransaction(client);
      return;
    }
    const length = this.clients.writer.length;
    const branch: Branch = {
      client,
      heard: false,
      cancelled: false,
      outcome: undefined,
      timer: createTimer(this, () => this.onSilence(branch)),
    };
    this.branches.push(branch);
    if (this.method === Method.INVITE) {
      this.startTimer(branch, TIMER_C_MS);
    }
    startClientTransaction(client, this.method, length, {
      owner: branch,
      onResponse: (_owner, _client, response) => this.onResponse(branch, response),
      onTimeout: () => this.end(branch, { statusCode: 408, octets: undefined }),
      writeRequest: cannotWrite,
    });
  }

  /** To be called when all branches were added: when there was room for none, the request is answered at once. */
  start(): void {
    if (this.branches.length === 0) {
      this.finished = true;
      sendPlainResponse(this.server, 503, 0);
    }
  }

  /** The caller gave up, or somebody else has answered: every branch that rings is taken back. */
  cancel(): void {
    for (const branch of this.branches) {
      if (branch.outcome === undefined && !branch.cancelled) {
        branch.cancelled = true;
        if (branch.heard) {
          this.sendCancel(branch);
        }
      }
    }
  }

  private startTimer(branch: Branch, interval: number): void {
    startTimer(this.clients.transport.wheel, branch.timer, interval);
  }

  private onResponse(branch: Branch, response: Message): void {
    if (!hasWayBack(response)) {
      return;
    }
    if (response.statusCode < 200) {
      this.takeProvisional(branch, response);
    } else if (response.statusCode < 300) {
      this.takeSuccess(branch, response);
    } else {
      const octets = (response.bytes as unknown as Uint8Array).slice(response.start, response.end);
      this.end(branch, { statusCode: response.statusCode, octets });
    }
  }

  private takeProvisional(branch: Branch, response: Message): void {
    const first = !branch.heard;
    branch.heard = true;
    if (branch.cancelled) {
      if (first) {
        this.sendCancel(branch);
      }
      return;
    }
    if (response.statusCode > 100) {
      if (this.method === Method.INVITE) {
        this.startTimer(branch, TIMER_C_MS);
      }
      if (!this.finished) {
        this.forward(response, response.statusCode, reasonOf(response), []);
      }
    }
  }

  /** Every 2xx to an INVITE goes back, also a second one of another fork, and one that comes again. */
  private takeSuccess(branch: Branch, response: Message): void {
    stopTimer(this.clients.transport.wheel, branch.timer);
    branch.outcome = { statusCode: response.statusCode, octets: undefined };
    if (this.method === Method.INVITE || !this.finished) {
      this.finished = true;
      this.forward(response, response.statusCode, reasonOf(response), []);
      this.cancel();
    }
  }

  /** A branch ended without success. */
  private end(branch: Branch, outcome: Outcome): void {
    stopTimer(this.clients.transport.wheel, branch.timer);
    branch.outcome ??= outcome;
    if (outcome.statusCode >= 600) {
      this.cancel();
    }
    if (!this.finished && this.branches.every((candidate) => candidate.outcome !== undefined)) {
      this.finished = true;
      this.answerWithBest();
    }
  }

  /** Timer C, or no final response after CANCEL. */
  private onSilence(branch: Branch): void {
    if (branch.cancelled) {
      abandonClientTransaction(branch.client);
      this.end(branch, { statusCode: 487, octets: undefined });
    } else if (branch.heard) {
      branch.cancelled = true;
      this.sendCancel(branch);
    } else {
      abandonClientTransaction(branch.client);
      this.end(branch, { statusCode: 408, octets: undefined });
    }
  }

  private sendCancel(branch: Branch): void {
    this.startTimer(branch, TRANSACTION_TIMEOUT_MS);
    if (this.method === Method.INVITE) {
      cancelClientTransaction(branch.client, this.cancelUser, 0);
    }
  }

  /** Whether the server transaction is still the one of this context: its record may serve another request by now. */
  private isServerHeld(): boolean {
    return this.server.user === this.serverUser;
  }

  private answerWithBest(): void {
    const outcomes = this.branches.map(({ outcome }) => outcome as Outcome);
    const best = outcomes.reduce((one, other) => (rankOf(other.statusCode) < rankOf(one.statusCode) ? other : one));
    if (!this.isServerHeld()) {
      return;
    }
    if (best.octets === undefined) {
      this.answerOurselves(best.statusCode);
      return;
    }
    const asks = best.statusCode === 401 || best.statusCode === 407;
    const others = asks ? outcomes.filter((other) => other !== best && [401, 407].includes(other.statusCode)) : [];
    const challenges = others.flatMap((other) => challengesOf(this.indexed(other)));
    const response = this.indexed(best);
    // What one phone cannot do for now is no reason for the caller to avoid the whole switchboard (16.7 step 6).
    const isUnavailable = best.statusCode === 503;
    this.forward(
      response,
      isUnavailable ? 500 : best.statusCode,
      isUnavailable ? "Server Internal Error" : reasonOf(response),
      challenges,
    );
  }

  private indexed(outcome: Outcome): Message {
    const octets = outcome.octets as Uint8Array;
    parseMessage(this.scratch, octets, 0, octets.length);
    return this.scratch;
  }

  private answerOurselves(statusCode: number): void {
    if (statusCode === 408 && this.method !== Method.INVITE) {
      // The sender has given up at the same moment; a 408 would only be in its way (RFC 4320 4.2).
      abandonServerTransaction(this.server);
      return;
    }
    copyBytes(this.server.buffer, STATUS_LINE_ROOM, this.shared, 0, this.shared.length);
    sendPlainResponse(this.server, statusCode, 0);
  }

  private forward(response: Message, statusCode: number, reason: string, challenges: string[]): void {
    if (this.isServerHeld()) {
      const writer = openForwardedResponse(this.server);
      putForwardedResponse(writer, response, statusCode, reason, challenges);
      if (forwardResponse(this.server, statusCode, writer) === Status.TOO_LONG && statusCode >= 200) {
        this.answerOurselves(500);
      }
    }
  }
}
