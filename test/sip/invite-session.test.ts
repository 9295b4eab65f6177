// Calls with peers that keep no order: whatever they say, whenever, a whole station answers no nonsense, and when they fall silent
// nothing is left of it. What happens when comes from a seed.

import { createBytes } from "../../firmware/bytes/bytes";
import { hangUpCall, isIdleClean, StationState } from "../../firmware/intercom/station";
import { SessionState } from "../../firmware/sip/invite-session";
import { refreshSession, reofferSession, solicitOffer } from "../../firmware/sip/session-change";
import { describe, equal, isTrue, itSlow } from "../harness";
import { Door } from "../rig/door";
import { firstWord, headerOf, kindOf, startLine } from "../rig/message-text";
import { Peer, type PeerCall, responseOf } from "../rig/peer";
import { SeededRandom } from "../rig/time";

const SEEDS = 40;
const STEPS = 40;

const CHALLENGE = 'WWW-Authenticate: Digest realm="house", nonce="n", algorithm=MD5';
const REFUSALS = [
  "408 Timeout",
  "420 Bad",
  "421 Needed",
  "422 Small",
  "481 None",
  "486 Busy",
  "487 Over",
  "488 No",
  "491 Wait",
];
const FAILURES = ["500 Error", "503 Overload"];
const RINGING = ["100 Trying", "180 Ringing", "183 Progress"];
const OTHERS = ["INFO", "REFER", "MESSAGE", "SUBSCRIBE", "OPTIONS"];
const PAUSES = [10, 300, 700, 2500, 5000, 33000];
const PROVISIONAL = ["supported", "required", "off"];

class Disorder {
  readonly door: Door;
  private readonly random: SeededRandom;
  private readonly octet = createBytes(1);
  private readonly peers = [new Peer("anna", 9, 5060), new Peer("bert", 10, 5060), new Peer("carl", 11, 5060)];
  /** What each peer believes to be its calls; of a call of the station all three have one. */
  private readonly calls: PeerCall[] = [];
  private readonly requests: string[] = [];
  private readonly responses: string[] = [];
  private reliable = 0;

  constructor(seed: number) {
    this.random = new SeededRandom(seed);
    this.door = new Door(
      [
        "call.answer-from = *",
        "call.transfer = yes",
        "call.session-expires = 90",
        `call.answer-delay = ${this.below(3)}`,
        `call.provisional = ${this.oneOf(PROVISIONAL)}`,
        "account.domain = 192.0.2.9",
        "account.realm = house",
        "account.password = secret",
      ],
      seed,
    );
  }

  private below(limit: number): number {
    this.random.fill(this.octet, 0, 1);
    return this.octet[0] % limit;
  }

  private oneOf(texts: string[]): string {
    return texts[this.below(texts.length)];
  }

  /** One of the last few. */
  private recent<T>(items: T[]): T {
    const few = items.length < 4 ? items.length : 4;
    return items[items.length - 1 - this.below(few)];
  }

  private maybe(text: string): string {
    return this.below(2) === 0 ? text : "";
  }

  private headers(lines: string[]): string[] {
    const kept: string[] = [];
    for (let index = 0; index < lines.length; index += 1) {
      if (lines[index] !== "") {
        kept.push(lines[index]);
      }
    }
    return kept;
  }

  /** Reads what the station has sent. */
  collect(): void {
    while (this.door.wire.waiting() > 0) {
      const text = this.door.wire.next();
      isTrue(headerOf(text, "Call-ID") !== "" && startLine(text).indexOf("  ") < 0, `${startLine(text)} makes sense`);
      this.note(text);
    }
  }

  private note(text: string): void {
    const isResponse = firstWord(text) === "SIP/2.0";
    const kind = kindOf(text);
    let known = false;
    (isResponse ? this.responses : this.requests).push(text);
    for (let index = 0; index < this.calls.length; index += 1) {
      const call = this.calls[index];
      if (call.callId === headerOf(text, "Call-ID")) {
        known = true;
        if (kind === "INVITE") {
          call.invite = text;
        } else if (isResponse && call.remoteTag === "") {
          call.takeResponse(text);
        }
      }
    }
    if (kind === "INVITE" && !known) {
      for (let index = 0; index < this.peers.length; index += 1) {
        this.calls.push(this.peers[index].takeCall(text));
      }
    }
  }

  private send(text: string, peer: Peer): void {
    this.door.deliver(text, peer);
    this.collect();
  }

  /** A response to an INVITE of the station, as one of the phones that it may have reached. */
  private answerInvite(call: PeerCall): void {
    const contact = `Contact: ${call.peer.contact}`;
    if (headerOf(call.invite, "User-Agent") === "") {
      return;
    }
    if (this.below(2) === 0) {
      const headers = [contact, "Allow: UPDATE", this.maybe("Session-Expires: 90;refresher=uac")];
      this.send(call.respond(call.invite, "200 OK", this.headers(headers), call.peer.description([])), call.peer);
    } else {
      this.reliable += 1;
      const isReliable = this.below(2) === 0;
      const headers = isReliable ? ["Require: 100rel", `RSeq: ${this.reliable}`, contact, "Allow: UPDATE"] : [contact];
      this.send(
        call.respond(call.invite, this.oneOf(RINGING), headers, this.maybe(call.peer.description([]))),
        call.peer,
      );
    }
  }

  /** A response to any of the last requests of the station. */
  private answerRequest(): void {
    const request = this.recent(this.requests);
    const peer = this.recent(this.peers);
    const contact = `Contact: <sip:q@192.0.2.${9 + this.below(3)}>`;
    const wait = [this.maybe("Retry-After: 1"), "Min-SE: 120", this.maybe("Require: 100rel")];
    const choice = this.below(6);
    if (choice === 0) {
      this.send(responseOf(request, "401 Unauthorized", "x", [CHALLENGE], ""), peer);
    } else if (choice === 1) {
      this.send(responseOf(request, "302 Moved", "x", [contact], ""), peer);
    } else if (choice === 2) {
      const status = this.below(4) === 0 ? this.oneOf(FAILURES) : this.oneOf(REFUSALS);
      this.send(responseOf(request, status, "x", this.headers(wait), ""), peer);
    } else {
      this.send(responseOf(request, "200 OK", `${peer.name}-tag`, [contact], this.maybe(peer.description([]))), peer);
    }
  }

  /** A request of a peer in one of its calls; "" when there is nothing to be cancelled. */
  private requestIn(call: PeerCall): string {
    const body = this.maybe(call.peer.description([this.maybe("a=sendonly")]));
    const contact = `Contact: ${call.peer.contact}`;
    switch (this.below(7)) {
      case 0:
        return call.bye();
      case 1:
        return call.request("INVITE", [], body);
      case 2:
        return call.request("UPDATE", [contact], body);
      case 3:
        return call.acknowledge(body);
      case 4:
        return call.invite === "" ? "" : call.cancel();
      case 5: {
        const last = this.responses.length > 0 ? this.recent(this.responses) : "";
        return call.request("PRACK", [`RAck: ${headerOf(last, "RSeq")} ${headerOf(last, "CSeq")}`], body);
      }
      default: {
        const target = `Refer-To: <sip:z@192.0.2.${9 + this.below(3)}>`;
        return call.request(this.oneOf(OTHERS), [target, "Event: dialog", contact], "");
      }
    }
  }

  private ask(call: PeerCall): void {
    const text = this.requestIn(call);
    if (text !== "") {
      this.send(text, call.peer);
    }
  }

  /** A peer calls. */
  private call(): void {
    const peer = this.recent(this.peers);
    const call = peer.newCall();
    const headers = ["Supported: timer, 100rel", "Allow: UPDATE, INVITE", this.maybe("Require: 100rel")];
    this.calls.push(call);
    this.send(call.request("INVITE", this.headers(headers), this.maybe(peer.description([]))), peer);
  }

  /** The station changes its call, or ends it. */
  private change(): void {
    const station = this.door.device.station;
    const changes = [reofferSession, solicitOffer, refreshSession];
    const choice = this.below(4);
    if (station.state !== StationState.IDLE) {
      if (choice < changes.length) {
        changes[choice](station.session);
      } else {
        hangUpCall(station);
      }
      this.door.poll();
      this.collect();
    }
  }

  step(): void {
    const choice = this.below(16);
    if (choice === 0) {
      this.door.press(0);
    } else if (choice === 1) {
      this.call();
    } else if (choice === 2) {
      this.change();
    } else if (choice === 3) {
      this.door.moveTo(4 + this.below(2));
    } else if (choice < 7) {
      this.door.advance(PAUSES[this.below(PAUSES.length)]);
    } else if (choice < 10 && this.requests.length > 0) {
      this.answerRequest();
    } else if (this.calls.length > 0) {
      const call = this.recent(this.calls);
      if (choice < 13 && call.invite !== "") {
        this.answerInvite(call);
      } else {
        this.ask(call);
      }
    }
    this.collect();
  }

  /** Nobody says anything any more, and the station ends its call. */
  fallSilent(): void {
    for (let round = 0; round < 6; round += 1) {
      hangUpCall(this.door.device.station);
      this.door.poll();
      this.door.advance(40000);
      this.collect();
    }
  }

  /** What is left: empty when nothing is. */
  leftover(): string {
    const { transactions, station, transfer } = this.door.device;
    const words: string[] = [];
    if (this.door.recordsInUse() > 0) {
      words.push(`${transactions.clients.use.inUse} client, ${transactions.servers.use.inUse} server transactions`);
    }
    if (!isIdleClean(station) || transfer.active || transfer.refer.watched || transfer.refer.request.busy) {
      words.push("station or transfer");
    }
    for (let index = 0; index < station.sessions.items.length; index += 1) {
      const session = station.sessions.items[index];
      const pending = session.invite.pending || session.change.pending || session.bye.pending;
      const armed = session.retransmission.armed || session.expiry.armed || session.changeTimer.armed;
      if (session.state !== SessionState.FREE || pending || armed) {
        words.push(`session ${index}`);
      }
    }
    return words.join(", ");
  }
}

describe("a station among peers that keep no order", () => {
  itSlow("says nothing without sense, is left with nothing, and makes the next call", () => {
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const disorder = new Disorder(seed);
      for (let step = 0; step < STEPS; step += 1) {
        disorder.step();
      }
      disorder.fallSilent();
      equal(disorder.leftover(), "", `left of seed ${seed}`);
      disorder.door.press(0);
      disorder.door.expect("INVITE");
    }
  });
});
