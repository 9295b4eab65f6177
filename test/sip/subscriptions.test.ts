// The station's line as a watcher sees it on the wire (RFC 6665, RFC 3856, RFC 4235): who may subscribe, to what and for how
// long; what each change says; and when a subscription is over.

import { stopDevice } from "../../firmware/main";
import { describe, equal, isTrue, it, itSlow } from "../harness";
import { Door, hangUp, talkAsCalled, talkAsCaller } from "../rig/door";
import { bodyOf, headerOf, kindOf, textBetween, without } from "../rig/message-text";
import { Peer, type PeerCall } from "../rig/peer";

const anna = new Peer("anna", 9, 5060);
const bert = new Peer("bert", 10, 5060);
const LISTED = ["call.answer-from = anna@192.0.2.9"];

/** A SUBSCRIBE with Contact, and headers in the form "Name: value". */
function subscribe(call: PeerCall, event: string, headers: string[]): string {
  const lines = [`Contact: ${call.peer.contact}`, `Event: ${event}`];
  for (let index = 0; index < headers.length; index += 1) {
    lines.push(headers[index]);
  }
  return call.request("SUBSCRIBE", lines, "");
}

/** The kind of the answer to a SUBSCRIBE of its own. */
function answerTo(door: Door, peer: Peer, event: string, headers: string[]): string {
  door.deliver(subscribe(peer.newCall(), event, headers), peer);
  return door.wire.next();
}

/** The state of the dialog in a NOTIFY of the package dialog: "confirmed", or "" when there is none. */
function stateIn(notify: string): string {
  return textBetween(bodyOf(notify), "<state>", "<");
}

function attributeIn(notify: string, name: string): string {
  const body = bodyOf(notify);
  return textBetween(body.substring(body.indexOf("?>")), ` ${name}="`, '"');
}

/** A standing subscription. The watcher's side, and its first NOTIFY. */
function watch(door: Door, peer: Peer, event: string, headers: string[]): { call: PeerCall; notify: string } {
  const call = peer.newCall();
  door.deliver(subscribe(call, event, headers), peer);
  call.takeResponse(door.expect("200 SUBSCRIBE"));
  const notify = door.expect("NOTIFY");
  door.deliver(call.respond(notify, "200 OK", [], ""), peer);
  return { call, notify };
}

/** The next message is a NOTIFY; it is answered 200. */
function takeNotify(door: Door, call: PeerCall): string {
  const notify = door.expect("NOTIFY");
  door.deliver(call.respond(notify, "200 OK", [], ""), call.peer);
  return notify;
}

function subscribers(door: Door): number {
  return door.device.line.subscriptions.use.inUse;
}

describe("SUBSCRIBE", () => {
  it("of a listed peer is granted, and followed by a NOTIFY with the state at once", () => {
    const door = new Door(LISTED);
    const call = anna.newCall();
    door.deliver(subscribe(call, "dialog", ["Expires: 600", "Record-Route: <sip:192.0.2.50;lr>"]), anna);
    const answer = door.expect("200 SUBSCRIBE");
    equal(headerOf(answer, "Expires"), "600", "Expires");
    equal(headerOf(answer, "Contact"), "<sip:door@192.0.2.4:5060>", "Contact");
    equal(headerOf(answer, "Record-Route"), "<sip:192.0.2.50;lr>", "Record-Route (RFC 3261 12.1.1)");
    const datagram = door.wire.nextDatagram();
    const notify = datagram.text;
    equal(kindOf(notify), "NOTIFY", "what follows");
    equal(datagram.host, 50, "by the route");
    equal(headerOf(notify, "Event"), "dialog", "Event");
    equal(headerOf(notify, "Subscription-State"), "active;expires=600", "Subscription-State");
    equal(headerOf(notify, "Contact"), "<sip:door@192.0.2.4:5060>", "Contact of NOTIFY");
    equal(headerOf(notify, "Content-Type"), "application/dialog-info+xml", "type");
    equal(attributeIn(notify, "entity"), "sip:door@192.0.2.4:5060", "entity");
    equal(attributeIn(notify, "version"), "0", "version");
    equal(stateIn(notify), "", "dialogs");
  });

  it("is granted an hour without Expires, and never more", () => {
    const door = new Door(LISTED);
    equal(headerOf(answerTo(door, anna, "presence", []), "Expires"), "3600", "without");
    door.wire.forget();
    equal(headerOf(answerTo(door, anna, "presence", ["Expires: 90000"]), "Expires"), "3600", "with more");
  });

  it("carries its id to every NOTIFY", () => {
    const door = new Door(LISTED);
    equal(headerOf(watch(door, anna, "dialog;id=77", []).notify, "Event"), "dialog;id=77", "Event");
  });

  const refusals: [string, string, string[]][] = [
    ["489 SUBSCRIBE", "conference", []],
    ["489 SUBSCRIBE", "dialogs", []],
    ["423 SUBSCRIBE", "dialog", ["Expires: 59"]],
    ["406 SUBSCRIBE", "dialog", ["Accept: application/pidf+xml"]],
    ["406 SUBSCRIBE", "presence", ["Accept: text/plain, application/dialog-info+xml"]],
    ["200 SUBSCRIBE", "presence", ["Accept: text/plain, application/pidf+xml;q=0.5"]],
    ["200 SUBSCRIBE", "dialog", ["Accept: application/*"]],
  ];
  it("is refused for what the station does not have, with the response that RFC 6665 names", () => {
    for (let index = 0; index < refusals.length; index += 1) {
      const door = new Door(LISTED);
      const answer = answerTo(door, anna, refusals[index][1], refusals[index][2]);
      equal(kindOf(answer), refusals[index][0], `${refusals[index][1]} ${refusals[index][2].join(", ")}`);
      if (kindOf(answer) === "489 SUBSCRIBE") {
        equal(headerOf(answer, "Allow-Events"), "dialog, presence", "Allow-Events");
      }
      if (kindOf(answer) === "423 SUBSCRIBE") {
        equal(headerOf(answer, "Min-Expires"), "60", "Min-Expires");
      }
    }
  });

  it("without Event is refused with 489, without Contact with 400, of a stranger with 403", () => {
    const door = new Door(LISTED);
    door.deliver(without(subscribe(anna.newCall(), "dialog", []), "Event"), anna);
    door.expect("489 SUBSCRIBE");
    door.deliver(without(subscribe(anna.newCall(), "dialog", []), "Contact"), anna);
    door.expect("400 SUBSCRIBE");
    equal(kindOf(answerTo(door, bert, "dialog", [])), "403 SUBSCRIBE", "a stranger");
    door.expectSilence();
    equal(subscribers(door), 0, "subscriptions");
  });

  it("is refused with 503 and Retry-After when the table is full", () => {
    const door = new Door(LISTED);
    for (let count = 0; count < 4; count += 1) {
      watch(door, anna, "dialog", []);
    }
    const refusal = answerTo(door, anna, "dialog", []);
    equal(kindOf(refusal), "503 SUBSCRIBE", "the fifth");
    equal(headerOf(refusal, "Retry-After"), "60", "Retry-After");
    door.expectSilence();
  });

  it("for nothing but a look has one NOTIFY, which ends it", () => {
    const door = new Door(LISTED);
    const { notify } = watch(door, anna, "presence", ["Expires: 0"]);
    equal(headerOf(notify, "Subscription-State"), "terminated;reason=timeout", "Subscription-State");
    isTrue(bodyOf(notify).indexOf("<basic>open</basic>") > 0, "it has the state");
    equal(subscribers(door), 0, "subscriptions");
  });

  it("in the dialog of a call is refused: a dialog has one use (RFC 6665 4.5.2)", () => {
    const door = new Door(LISTED);
    const call = talkAsCaller(door, anna);
    door.deliver(subscribe(call, "dialog", []), anna);
    door.expect("403 SUBSCRIBE");
    hangUp(door, call);
  });
});

describe("a subscription", () => {
  it("is refreshed in its dialog, with a NOTIFY each time", () => {
    const door = new Door(LISTED);
    const { call } = watch(door, anna, "dialog", ["Expires: 600"]);
    door.advance(500000);
    door.deliver(subscribe(call, "dialog", ["Expires: 300"]), anna);
    equal(headerOf(door.expect("200 SUBSCRIBE"), "Expires"), "300", "Expires");
    equal(headerOf(takeNotify(door, call), "Subscription-State"), "active;expires=300", "Subscription-State");
    door.advance(299999);
    door.expectSilence();
    equal(subscribers(door), 1, "subscriptions");
  });

  itSlow("ends at its time with a NOTIFY that says so", () => {
    const door = new Door(LISTED);
    const { call } = watch(door, anna, "dialog", ["Expires: 600"]);
    door.advance(600000);
    equal(headerOf(takeNotify(door, call), "Subscription-State"), "terminated;reason=timeout", "Subscription-State");
    equal(subscribers(door), 0, "subscriptions");
    equal(door.recordsInUse() > 0, true, "its transaction lingers");
    door.advance(10000);
    equal(door.recordsInUse(), 0, "records in use");
  });

  it("is ended by its watcher, and then known no more", () => {
    const door = new Door(LISTED);
    const { call } = watch(door, anna, "dialog", []);
    door.deliver(subscribe(call, "dialog", ["Expires: 0"]), anna);
    equal(headerOf(door.expect("200 SUBSCRIBE"), "Expires"), "0", "Expires");
    equal(headerOf(takeNotify(door, call), "Subscription-State"), "terminated;reason=timeout", "Subscription-State");
    door.deliver(subscribe(call, "dialog", []), anna);
    door.expect("481 SUBSCRIBE");
    equal(subscribers(door), 0, "subscriptions");
  });

  it("is not refreshed by another package, another id, or an old CSeq", () => {
    const door = new Door(LISTED);
    const { call } = watch(door, anna, "dialog;id=1", []);
    door.deliver(subscribe(call, "presence;id=1", []), anna);
    door.expect("481 SUBSCRIBE");
    door.deliver(subscribe(call, "dialog;id=2", []), anna);
    door.expect("481 SUBSCRIBE");
    call.sequence = 50;
    door.deliver(subscribe(call, "dialog;id=1", []), anna);
    door.expect("500 SUBSCRIBE");
    door.expectSilence();
  });

  const ends = ["481 Subscription Does Not Exist", "404 Not Found", "500 Server Internal Error"];
  it("is dropped when its watcher refuses a NOTIFY, or does not answer", () => {
    for (let index = 0; index < ends.length; index += 1) {
      const door = new Door(LISTED);
      const call = anna.newCall();
      door.deliver(subscribe(call, "dialog", []), anna);
      door.expect("200 SUBSCRIBE");
      door.deliver(call.respond(door.expect("NOTIFY"), ends[index], [], ""), anna);
      equal(subscribers(door), 0, `subscriptions after ${ends[index]}`);
    }
    const door = new Door(LISTED);
    door.deliver(subscribe(anna.newCall(), "dialog", []), anna);
    door.advance(32000);
    equal(subscribers(door), 0, "subscriptions after silence");
  });

  it("stays when its watcher says when to try again", () => {
    const door = new Door(LISTED);
    const call = anna.newCall();
    door.deliver(subscribe(call, "dialog", []), anna);
    door.expect("200 SUBSCRIBE");
    door.deliver(call.respond(door.expect("NOTIFY"), "503 Service Unavailable", ["Retry-After: 5"], ""), anna);
    equal(subscribers(door), 1, "subscriptions");
  });

  it("is ended when the station stops, so that the watcher comes again (deactivated)", () => {
    const door = new Door(LISTED);
    watch(door, anna, "dialog", []);
    stopDevice(door.device);
    door.poll();
    equal(headerOf(door.expect("NOTIFY"), "Subscription-State"), "terminated;reason=deactivated", "Subscription-State");
  });
});

describe("the dialog package", () => {
  it("tells every state of a call of the station, with whom, and rising versions", () => {
    const door = new Door(LISTED);
    const { call: watcher } = watch(door, anna, "dialog", []);
    door.press(0);
    const invite = door.expect("INVITE");
    const call = anna.takeCall(invite);
    const trying = takeNotify(door, watcher);
    equal(stateIn(trying), "trying", "state when the call begins");
    equal(attributeIn(trying, "version"), "1", "version");
    equal(attributeIn(trying, "direction"), "initiator", "direction");
    equal(attributeIn(trying, "call-id"), headerOf(invite, "Call-ID"), "call-id");
    equal(textBetween(bodyOf(trying), "<identity>", "<"), "sip:anna@192.0.2.9", "identity");
    door.deliver(call.answer("180 Ringing", ""), anna);
    const early = takeNotify(door, watcher);
    equal(stateIn(early), "early", "state when it rings");
    equal(attributeIn(early, "remote-tag"), "anna-tag", "remote-tag");
    door.deliver(call.answer("200 OK", anna.description([])), anna);
    door.expect("ACK");
    const confirmed = takeNotify(door, watcher);
    equal(stateIn(confirmed), "confirmed", "state while two talk");
    equal(attributeIn(confirmed, "id"), attributeIn(trying, "id"), "id");
    hangUp(door, call);
    const terminated = takeNotify(door, watcher);
    equal(stateIn(terminated), "terminated", "state at the end");
    equal(attributeIn(terminated, "id"), attributeIn(trying, "id"), "id at the end");
    equal(attributeIn(terminated, "version"), "4", "version at the end");
    door.expectSilence();
  });

  it("tells of a call to the station that it is the recipient, and gives it an id of its own", () => {
    const door = new Door(LISTED);
    const { call: watcher } = watch(door, anna, "dialog", []);
    const ids: string[] = [];
    for (let round = 0; round < 2; round += 1) {
      const call = anna.newCall();
      door.deliver(call.inviteWith(anna.description([])), anna);
      const first = door.wire.next();
      const second = door.wire.next();
      const notify = kindOf(first) === "NOTIFY" ? first : second;
      call.takeResponse(kindOf(first) === "NOTIFY" ? second : first);
      equal(attributeIn(notify, "direction"), "recipient", "direction");
      ids.push(attributeIn(notify, "id"));
      door.deliver(watcher.respond(notify, "200 OK", [], ""), anna);
      equal(stateIn(takeNotify(door, watcher)), "confirmed", "what followed meanwhile");
      door.deliver(call.acknowledge(""), anna);
      hangUp(door, call);
      takeNotify(door, watcher);
    }
    equal(ids[0] === ids[1], false, "the ids are the same");
  });

  it("makes one NOTIFY of the changes that come while one is under way", () => {
    const door = new Door(LISTED);
    const { call: watcher } = watch(door, anna, "dialog", []);
    door.press(0);
    const call = anna.takeCall(door.expect("INVITE"));
    const first = door.expect("NOTIFY");
    door.deliver(call.answer("180 Ringing", ""), anna);
    door.deliver(call.answer("200 OK", anna.description([])), anna);
    door.expect("ACK");
    door.expectSilence();
    door.deliver(watcher.respond(first, "200 OK", [], ""), anna);
    equal(stateIn(takeNotify(door, watcher)), "confirmed", "state");
    door.expectSilence();
  });

  it("makes no markup of what a peer calls itself", () => {
    const door = new Door(["call.answer-from = *"]);
    watch(door, anna, "dialog", []);
    const eve = new Peer("eve", 13, 5060);
    eve.address = "<sip:e&ve'@192.0.2.13>";
    const call = eve.newCall();
    call.localTag = "a&b";
    door.deliver(call.inviteWith(eve.description([])), eve);
    const first = door.wire.next();
    const notify = kindOf(first) === "NOTIFY" ? first : door.wire.next();
    equal(textBetween(bodyOf(notify), "<identity>", "<"), "sip:e&amp;ve'@192.0.2.13", "identity");
  });
});

describe("the presence package", () => {
  it("tells that the door is open, and whether it is on the phone, and nothing in between", () => {
    const door = new Door(LISTED);
    const { call: watcher, notify } = watch(door, anna, "presence", []);
    equal(headerOf(notify, "Content-Type"), "application/pidf+xml", "type");
    isTrue(bodyOf(notify).indexOf("on-the-phone") < 0, "it is not on the phone");
    door.press(0);
    const call = anna.takeCall(door.expect("INVITE"));
    isTrue(bodyOf(takeNotify(door, watcher)).indexOf("<on-the-phone/>") > 0, "it is on the phone");
    door.deliver(call.answer("180 Ringing", ""), anna);
    door.deliver(call.answer("200 OK", anna.description([])), anna);
    door.expect("ACK");
    door.expectSilence();
    hangUp(door, call);
    isTrue(bodyOf(takeNotify(door, watcher)).indexOf("on-the-phone") < 0, "it is free");
  });

  it("has its own subscribers: each watcher hears once that a call begins", () => {
    const door = new Door(LISTED);
    const presence = watch(door, anna, "presence", []).call;
    const dialog = watch(door, anna, "dialog", []).call;
    equal(countNotifies(door, [presence, dialog]), 2, "NOTIFYs of the beginning");
  });
});

/** A call begins; how many NOTIFYs say so. */
function countNotifies(door: Door, watchers: PeerCall[]): number {
  let count = 0;
  door.press(0);
  door.expect("INVITE");
  while (door.wire.waiting() > 0) {
    const notify = door.expect("NOTIFY");
    const watcher = headerOf(notify, "Call-ID") === watchers[0].callId ? watchers[0] : watchers[1];
    door.deliver(watcher.respond(notify, "200 OK", [], ""), anna);
    count += 1;
  }
  return count;
}

describe("NOTIFY that nobody asked for", () => {
  const events = ["message-summary", "check-sync;reboot=true", "keep-alive"];
  itSlow("is answered 200 where it is known, and restarts nothing", () => {
    const door = new Door([]);
    const call = talkAsCalled(door, anna);
    for (let index = 0; index < events.length; index += 1) {
      door.deliver(
        anna.request("NOTIFY", [`Event: ${events[index]}`, "Subscription-State: active"], "Messages-Waiting: yes"),
        anna,
      );
      door.expect("200 NOTIFY");
    }
    door.advance(10000);
    door.expectSilence();
    hangUp(door, call);
  });

  it("is answered 489 for another event, and 481 with a tag of no dialog", () => {
    const door = new Door([]);
    door.deliver(anna.request("NOTIFY", ["Event: dialog", "Subscription-State: active"], ""), anna);
    door.expect("489 NOTIFY");
    const call = anna.newCall();
    call.remoteTag = "never-given";
    door.deliver(call.request("NOTIFY", ["Event: dialog", "Subscription-State: active"], ""), anna);
    door.expect("481 NOTIFY");
  });
});
