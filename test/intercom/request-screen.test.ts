// The protection of a whole station: strangers get no transaction, no media and no say in a call; peers are heard under a flood.

import { StationEvent } from "../../firmware/intercom/event-log";
import { StationState } from "../../firmware/intercom/station";
import { countRefusals, Refusal } from "../../firmware/sip/refusal-log";
import { describe, equal, isTrue, it, itSlow } from "../harness";
import { Door, hangUp, talkAsCalled, talkAsCaller } from "../rig/door";
import { headerOf, kindOf } from "../rig/message-text";
import { Peer, responseOf } from "../rig/peer";

const anna = new Peer("anna", 9, 5060);
const mallory = new Peer("mallory", 66, 5060);

/** Mallory at another address, which may be an invented one. */
function strangerAt(host: number): Peer {
  return new Peer("mallory", host, 5060);
}

/** The messages that were sent and not read, by kind: "403 INVITE x 3". */
function sentKinds(door: Door): string {
  const kinds: string[] = [];
  const counts: number[] = [];
  while (door.wire.waiting() > 0) {
    const kind = kindOf(door.wire.next());
    const known = kinds.indexOf(kind);
    if (known < 0) {
      kinds.push(kind);
      counts.push(1);
    } else {
      counts[known] += 1;
    }
  }
  const texts: string[] = [];
  for (let index = 0; index < kinds.length; index += 1) {
    texts.push(`${kinds[index]} x ${counts[index]}`);
  }
  return texts.join(", ");
}

describe("a stranger's call", () => {
  it("is refused with 403 once, and takes no transaction", () => {
    const door = new Door(["call.answer-from = anna@192.0.2.9"]);
    const call = mallory.newCall();
    door.deliver(call.inviteWith(mallory.description([])), mallory);
    const refusal = door.expect("403 INVITE");
    isTrue(headerOf(refusal, "To").indexOf(";tag=") > 0, "a To tag");
    equal(door.recordsInUse(), 0, "records in use");
    door.advance(40000);
    door.expectSilence();
    equal(door.device.station.state, StationState.IDLE, "state");
  });

  it("is refused with 403 again when its INVITE comes again, and its ACK is taken in silence", () => {
    const door = new Door([]);
    const call = mallory.newCall();
    const invite = call.inviteWith(mallory.description([]));
    door.deliver(invite, mallory);
    const refusal = door.expect("403 INVITE");
    door.deliver(invite, mallory);
    equal(headerOf(door.expect("403 INVITE"), "To"), headerOf(refusal, "To"), "the same To tag");
    door.deliver(call.acknowledgeRefusal(refusal), mallory);
    door.expectSilence();
  });

  itSlow("is in the log with its reason, and 300 of them fill neither log nor wire", () => {
    const door = new Door([]);
    for (let count = 0; count < 300; count += 1) {
      const stranger = strangerAt(20 + (count % 200));
      door.deliver(stranger.newCall().inviteWith(""), stranger);
      door.advance(10);
    }
    const events = door.log.count(StationEvent.REFUSED);
    isTrue(events >= 3 && events <= 9, `${events} events in 3 s of 2 reasons`);
    isTrue(door.wire.waiting() <= 20 + 3000 / 100, `${door.wire.waiting()} answers to ${300} calls`);
    isTrue(countRefusals(door.device.protection.refusals, Refusal.CALLER) > 0, "unlisted callers");
  });

  it("is let in by the network that answer-from names", () => {
    const door = new Door(["call.answer-from = 192.0.2.64/26"]);
    talkAsCaller(door, mallory);
    equal(door.device.station.state, StationState.TALKING, "from inside");
    const other = new Door(["call.answer-from = 192.0.2.0/26"]);
    other.deliver(mallory.newCall().inviteWith(mallory.description([])), mallory);
    other.expect("403 INVITE");
  });

  it("is not even read from outside network.allow-from", () => {
    const door = new Door(["network.allow-from = 192.0.2.0/28", "call.answer-from = *"]);
    door.deliver(mallory.newCall().inviteWith(""), mallory);
    door.expectSilence();
    equal(door.log.last(StationEvent.REFUSED).substring(0, 4), `${Refusal.NETWORK} 1 `, "the log");
    talkAsCaller(door, anna);
  });
});

describe("a call by way of an account", () => {
  const pbx = new Peer("pbx", 50, 5060);
  const twin = new Peer("twin", 51, 5060);
  const REGISTERING = [
    "account.registrar = 192.0.2.50",
    "account.domain = pbx.example",
    "account.2.user = gate",
    "account.2.registrar = 192.0.2.51",
  ];

  /** A door of two accounts, each at its PBX; the first PBX answers REGISTER like that. */
  function doorAtPbx(answer: string, listed = "accounts"): Door {
    const door = new Door([`call.answer-from = ${listed}`, ...REGISTERING]);
    door.advance(500);
    while (door.wire.waiting() > 0) {
      const datagram = door.wire.nextDatagram();
      const server = datagram.host === 50 ? pbx : twin;
      door.deliver(responseOf(datagram.text, server === pbx ? answer : "200 OK", "reg", [], ""), server);
    }
    return door;
  }

  /** What the door says to a call that a server, or who claims to be one, passes on. */
  function answerTo(door: Door, source: Peer, to: string, requestUri: string): string {
    const call = mallory.newCall();
    call.remoteAddress = `<${to}>`;
    call.remoteTarget = requestUri;
    door.deliver(call.inviteWith(source.description([])), source);
    return kindOf(door.wire.next());
  }

  const cases: [string, string, Peer, string, string, string][] = [
    ["whose registrar passes it on", "200 OK", pbx, "sip:door@pbx.example", "sip:door@192.0.2.4", "200 INVITE"],
    ["that only its Request-URI names", "200 OK", pbx, "sip:hall@pbx.example", "sip:door@192.0.2.4", "200 INVITE"],
    ["that only its To names", "200 OK", pbx, "sip:door@pbx.example", "sip:x@192.0.2.4", "200 INVITE"],
    ["that it does not name", "200 OK", pbx, "sip:hall@pbx.example", "sip:hall@192.0.2.4", "403 INVITE"],
    ["of another server", "200 OK", twin, "sip:door@pbx.example", "sip:door@192.0.2.4", "403 INVITE"],
    ["beside its server", "200 OK", mallory, "sip:door@pbx.example", "sip:door@192.0.2.4", "403 INVITE"],
    ["that is not registered", "403 No", pbx, "sip:door@pbx.example", "sip:door@192.0.2.4", "403 INVITE"],
  ];
  for (let index = 0; index < cases.length; index += 1) {
    const [what, registered, source, to, requestUri, verdict] = cases[index];
    it(`${what} is answered with ${verdict}`, () => {
      equal(answerTo(doorAtPbx(registered), source, to, requestUri), verdict);
    });
  }

  it("is listed by a name when the server of an account passes it on: anybody can write a From", () => {
    const verdicts: string[] = [];
    for (const source of [pbx, twin, mallory]) {
      const door = doorAtPbx("200 OK", "anna@partner.example");
      const call = mallory.newCall();
      call.localAddress = "<sip:anna@partner.example>";
      door.deliver(call.inviteWith(source.description([])), source);
      verdicts.push(kindOf(door.wire.next()));
    }
    equal(verdicts.join(), "200 INVITE,200 INVITE,403 INVITE", "verdicts");
  });

  it("is refused again once the registrar no longer takes the account", () => {
    const door = doorAtPbx("200 OK");
    door.advanceToMessage(3600000);
    let datagram = door.wire.nextDatagram();
    while (datagram.host !== 50) {
      door.deliver(responseOf(datagram.text, "200 OK", "reg", [], ""), twin);
      door.advanceToMessage(3600000);
      datagram = door.wire.nextDatagram();
    }
    door.deliver(responseOf(datagram.text, "403 Forbidden", "reg", [], ""), pbx);
    equal(answerTo(door, pbx, "sip:door@pbx.example", "sip:door@192.0.2.4"), "403 INVITE");
  });

  it("that needs no registration is answered from its outbound proxy, where the name leads", () => {
    const settings = [
      "call.answer-from = Accounts",
      "account.outbound-proxy = sip:proxy.example",
      "account.domain = pbx.example",
      "host.1 = proxy.example 192.0.2.50",
    ];
    equal(answerTo(new Door(settings), pbx, "sip:door@pbx.example", "sip:door@192.0.2.4"), "200 INVITE", "the proxy");
    equal(answerTo(new Door(settings), twin, "sip:door@pbx.example", "sip:door@192.0.2.4"), "403 INVITE", "another");
  });

  it("is not one from a host with the name accounts, which is listed behind a user", () => {
    const local = new Peer("anna", 9, 5060);
    local.address = "<sip:anna@accounts>";
    const strict = new Door(["call.answer-from = accounts"]);
    strict.deliver(local.newCall().inviteWith(""), local);
    strict.expect("403 INVITE");
    talkAsCaller(new Door(["call.answer-from = anna@accounts", "host.1 = accounts 192.0.2.9"]), local);
  });
});

describe("a call in progress", () => {
  it("is not ended by a BYE with the right tags from another address", () => {
    const door = new Door([]);
    const call = talkAsCalled(door, anna);
    door.deliver(call.bye(), mallory);
    door.expect("403 BYE");
    equal(door.device.station.state, StationState.TALKING, "state");
    hangUp(door, call);
    equal(door.device.station.state, StationState.IDLE, "ended by its peer");
  });

  it("is not ended by a BYE with wrong tags", () => {
    const door = new Door([]);
    talkAsCalled(door, anna);
    const guess = mallory.newCall();
    guess.remoteTag = "0123456789abcdef";
    door.deliver(guess.bye(), mallory);
    door.expect("481 BYE");
    equal(door.device.station.state, StationState.TALKING, "state");
  });

  it("is not taken over by a re-INVITE from another address", () => {
    const door = new Door(["call.answer-from = 192.0.2.9"]);
    const call = talkAsCaller(door, anna);
    const remote = door.device.rtp.configuration.remote;
    door.deliver(call.inviteWith(mallory.description([])), mallory);
    door.expect("403 INVITE");
    equal(remote.address[3], 9, "where the voice goes");
  });

  it("is not begun by an ACK from another address", () => {
    const door = new Door(["call.answer-from = 192.0.2.9"]);
    const call = anna.newCall();
    door.deliver(call.inviteWith(""), anna);
    call.takeResponse(door.expect("200 INVITE"));
    door.deliver(call.acknowledge(mallory.description([])), mallory);
    equal(door.device.station.state, StationState.CONNECTING, "after the stranger's ACK");
    door.deliver(call.acknowledge(anna.description([])), anna);
    equal(door.device.station.state, StationState.TALKING, "after the peer's ACK");
  });

  it("is not given up by a CANCEL from another address before it is answered", () => {
    const door = new Door(["call.answer-from = 192.0.2.9", "call.answer-delay = 5"]);
    const call = anna.newCall();
    door.deliver(call.inviteWith(anna.description([])), anna);
    door.expect("180 INVITE");
    door.deliver(call.cancel(), mallory);
    door.expect("481 CANCEL");
    equal(door.device.station.state, StationState.ANSWERING, "state");
    door.deliver(call.cancel(), anna);
    door.expect("200 CANCEL");
    door.expect("487 INVITE");
  });

  it("is ended by its peer from the address of its Contact when its INVITE went through a proxy", () => {
    const proxy = new Peer("proxy", 8, 5060);
    const door = new Door(["account.outbound-proxy = sip:192.0.2.8"]);
    door.press(0);
    const call = anna.takeCall(door.expect("INVITE"));
    door.deliver(call.answer("200 OK", anna.description([])), proxy);
    door.expect("ACK");
    door.deliver(call.bye(), anna);
    door.expect("200 BYE");
  });

  it("keeps transactions for its peer while strangers whom it would answer call", () => {
    const door = new Door(["call.answer-from = *"]);
    const call = talkAsCaller(door, anna);
    for (let host = 20; host < 60; host += 1) {
      const stranger = strangerAt(host);
      door.deliver(stranger.newCall().inviteWith(stranger.description([])), stranger);
    }
    const { servers } = door.device.transactions;
    isTrue(servers.items.length - servers.use.inUse >= 4, "transactions that are free");
    equal(servers.use.refused, 0, "refused for want of a transaction");
    isTrue(sentKinds(door).indexOf("486 INVITE") === 0, "busy");
    hangUp(door, call);
  });

  it("is not kept from beginning by the OPTIONS of a stranger, however many are kept for their retransmissions", () => {
    const door = new Door(["call.answer-from = 192.0.2.9"]);
    for (let count = 0; count < 12; count += 1) {
      door.deliver(mallory.request("OPTIONS", [], ""), mallory);
      door.advance(100);
    }
    equal(sentKinds(door), "200 OPTIONS x 12", "answers");
    talkAsCaller(door, anna);
    equal(door.device.station.state, StationState.TALKING, "state");
  });

  itSlow("hears its peer at once through a flood of calls and malformed messages", () => {
    const door = new Door([]);
    const call = talkAsCalled(door, anna);
    const inUse = door.recordsInUse();
    for (let count = 0; count < 3000; count += 1) {
      const stranger = strangerAt(20 + (count % 200));
      const text = stranger.newCall().inviteWith("");
      door.deliver(count % 2 === 0 ? text : text.split("Call-ID").join("Call:ID"), stranger);
      if (count % 10 === 0) {
        door.advance(1);
      }
    }
    const kinds = sentKinds(door);
    equal(door.device.station.state, StationState.TALKING, `state, after ${kinds}`);
    isTrue(door.recordsInUse() <= inUse, "records in use");
    hangUp(door, call);
  });
});
