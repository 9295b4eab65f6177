// Subscriptions to the station's own line (RFC 6665; presence by RFC 3856, dialogs by RFC 4235), seen by who watches.

import { describe, equal, isTrue } from "../harness";
import { Door, talkAsCaller } from "../rig/door";
import {
  bodyOf,
  hasHeaderField,
  headerOf,
  kindOf,
  parameterOf,
  startLine,
  textBetween,
  without,
} from "../rig/message-text";
import { Peer, type PeerCall } from "../rig/peer";
import { clause, slowClause } from "./clause";
import { findKind, takeAll } from "./verdict";

const anna = new Peer("anna", 9, 5060);
const bert = new Peer("bert", 10, 5060);
const LISTED = ["call.answer-from = anna@192.0.2.9 bert@192.0.2.10"];

function subscribe(call: PeerCall, event: string, headers: string[]): string {
  const lines = [`Contact: ${call.peer.contact}`, `Event: ${event}`];
  for (let index = 0; index < headers.length; index += 1) {
    lines.push(headers[index]);
  }
  return call.request("SUBSCRIBE", lines, "");
}

/** anna watches; her first NOTIFY is read and answered. */
function watch(door: Door, event: string, headers: string[]): { call: PeerCall; answer: string; notify: string } {
  const call = anna.newCall();
  door.deliver(subscribe(call, event, headers), anna);
  const answer = door.expect("200 SUBSCRIBE");
  call.takeResponse(answer);
  const notify = door.expect("NOTIFY");
  door.deliver(call.respond(notify, "200 OK", [], ""), anna);
  return { call, answer, notify };
}

/** The answer to a SUBSCRIBE. */
function answerTo(event: string, headers: string[]): string {
  const door = new Door(LISTED);
  door.deliver(subscribe(anna.newCall(), event, headers), anna);
  return door.wire.next();
}

describe("SUBSCRIBE", () => {
  clause(
    "RFC 6665 4.2.1.1",
    "is answered 200 with an Expires not above the one that was asked for, and a Contact",
    () => {
      const { answer } = watch(new Door(LISTED), "presence", ["Expires: 600"]);
      const expires = Number(headerOf(answer, "Expires"));
      isTrue(expires > 0 && expires <= 600, `Expires ${expires}`);
      equal(hasHeaderField(answer, "Contact"), true, "Contact");
    },
  );

  clause("RFC 6665 4.2.1.2", "is followed by a NOTIFY at once, in the dialog, with Event, state and time left", () => {
    const { notify, answer } = watch(new Door(LISTED), "presence", ["Expires: 600"]);
    equal(startLine(notify), "NOTIFY sip:anna@192.0.2.9:5060 SIP/2.0", "request line");
    equal(parameterOf(headerOf(notify, "From"), "tag"), parameterOf(headerOf(answer, "To"), "tag"), "From tag");
    equal(headerOf(notify, "Event"), "presence", "Event");
    equal(headerOf(notify, "Subscription-State").indexOf("active"), 0, "Subscription-State");
    const expires = Number(parameterOf(headerOf(notify, "Subscription-State"), "expires"));
    isTrue(expires > 0 && expires <= 600, "expires");
    equal(hasHeaderField(notify, "Contact"), true, "Contact");
  });

  clause(
    "RFC 6665 4.2.1.1",
    "of a package that is not there is answered 489, and Allow-Events names those that are",
    () => {
      const answer = answerTo("weather", []);
      equal(kindOf(answer), "489 SUBSCRIBE", "answer");
      isTrue(headerOf(answer, "Allow-Events").indexOf("presence") >= 0, "Allow-Events");
      isTrue(headerOf(answer, "Allow-Events").indexOf("dialog") >= 0, "Allow-Events");
    },
  );

  clause("RFC 6665 8.2.1", "without Event is refused", () => {
    const door = new Door(LISTED);
    door.deliver(without(subscribe(anna.newCall(), "presence", []), "Event"), anna);
    const code = door.wire.next().substring(8, 11);
    isTrue(code === "489" || code === "400", code);
  });

  clause("RFC 6665 4.2.1.1", "for a time that is too short is answered 423 with Min-Expires", () => {
    const answer = answerTo("presence", ["Expires: 1"]);
    equal(kindOf(answer), "423 SUBSCRIBE", "answer");
    isTrue(Number(headerOf(answer, "Min-Expires")) > 1, "Min-Expires");
  });

  clause("RFC 6665 4.4.3", "with Expires 0 fetches the state: one NOTIFY, and the subscription is over", () => {
    const door = new Door(LISTED);
    const { answer, notify } = watch(door, "presence", ["Expires: 0"]);
    equal(headerOf(answer, "Expires"), "0", "Expires");
    equal(headerOf(notify, "Subscription-State").indexOf("terminated"), 0, "Subscription-State");
    isTrue(bodyOf(notify).length > 0, "state");
    equal(door.device.line.subscriptions.use.inUse, 0, "subscriptions");
  });

  clause("RFC 6665 4.1.2.2", "within the dialog refreshes it, and is followed by the state", () => {
    const door = new Door(LISTED);
    const { call } = watch(door, "presence", ["Expires: 600"]);
    door.deliver(subscribe(call, "presence", ["Expires: 300"]), anna);
    equal(headerOf(door.expect("200 SUBSCRIBE"), "Expires"), "300", "Expires");
    door.expect("NOTIFY");
    equal(door.device.line.subscriptions.use.inUse, 1, "subscriptions");
  });

  clause("RFC 6665 4.1.2.3", "with Expires 0 within the dialog ends it with a NOTIFY that says so", () => {
    const door = new Door(LISTED);
    const { call } = watch(door, "presence", ["Expires: 600"]);
    door.deliver(subscribe(call, "presence", ["Expires: 0"]), anna);
    door.expect("200 SUBSCRIBE");
    const notify = door.expect("NOTIFY");
    equal(headerOf(notify, "Subscription-State").indexOf("terminated"), 0, "Subscription-State");
  });

  clause("RFC 6665 4.2.1.1", "for a subscription that is not there is answered 481", () => {
    const door = new Door(LISTED);
    const call = anna.newCall();
    call.remoteTag = "never-given";
    door.deliver(subscribe(call, "presence", ["Expires: 600"]), anna);
    door.expect("481 SUBSCRIBE");
  });

  clause("RFC 6665 4.2.1.3", "of somebody who may not know is refused with 403 or 603", () => {
    const door = new Door(["call.answer-from = bert@192.0.2.10"]);
    door.deliver(subscribe(anna.newCall(), "presence", []), anna);
    const code = door.wire.next().substring(8, 11);
    isTrue(code === "403" || code === "603", code);
  });

  clause("RFC 6665 4.2.1.1", "that accepts no body of the package is answered 406", () => {
    equal(kindOf(answerTo("presence", ["Accept: text/html"])), "406 SUBSCRIBE", "answer");
    equal(kindOf(answerTo("presence", ["Accept: application/pidf+xml"])), "200 SUBSCRIBE", "its own type");
  });
});

describe("NOTIFY of the station", () => {
  clause("RFC 6665 4.2.2", "comes with every change of the state, with the next CSeq", () => {
    const door = new Door(LISTED);
    const { notify } = watch(door, "dialog", ["Expires: 600"]);
    door.deliver(bert.newCall().inviteWith(bert.description([])), bert);
    const next = findKind(takeAll(door), "NOTIFY");
    const number = Number(textBetween(` ${headerOf(notify, "CSeq")}`, " ", " "));
    equal(headerOf(next, "CSeq"), `${number + 1} NOTIFY`, "CSeq");
    equal(headerOf(next, "Subscription-State").indexOf("active"), 0, "Subscription-State");
  });

  clause("RFC 6665 4.2.2", "that is answered 481 is the last one", () => {
    const door = new Door(LISTED);
    const call = anna.newCall();
    door.deliver(subscribe(call, "dialog", ["Expires: 600"]), anna);
    call.takeResponse(door.expect("200 SUBSCRIBE"));
    door.deliver(call.respond(door.expect("NOTIFY"), "481 Gone", [], ""), anna);
    equal(door.device.line.subscriptions.use.inUse, 0, "subscriptions");
    talkAsCaller(door, bert);
    equal(findKind(takeAll(door), "NOTIFY"), "", "NOTIFY");
  });

  clause("RFC 6665 4.2.2", "that nobody answers in 64*T1 is the last one", () => {
    const door = new Door(LISTED);
    door.deliver(subscribe(anna.newCall(), "dialog", ["Expires: 600"]), anna);
    door.advance(32100);
    equal(door.device.line.subscriptions.use.inUse, 0, "subscriptions");
  });

  slowClause("RFC 6665 4.2.2", "says terminated with reason timeout when the subscription runs out", () => {
    const door = new Door(LISTED);
    watch(door, "presence", ["Expires: 60"]);
    door.advanceToMessage(70000);
    const last = door.expect("NOTIFY");
    equal(headerOf(last, "Subscription-State").indexOf("terminated"), 0, "Subscription-State");
    equal(parameterOf(headerOf(last, "Subscription-State"), "reason"), "timeout", "reason");
  });

  clause("RFC 3856 6.3", "of the package presence is PIDF that names the address and whether it is open", () => {
    const { notify } = watch(new Door(LISTED), "presence", ["Expires: 600"]);
    equal(headerOf(notify, "Content-Type"), "application/pidf+xml", "Content-Type");
    isTrue(bodyOf(notify).indexOf("<basic>open</basic>") > 0, bodyOf(notify));
    isTrue(bodyOf(notify).indexOf("urn:ietf:params:xml:ns:pidf") > 0, "name space");
  });

  clause("RFC 4235 4.1", "of the package dialog has a version that rises from 0, and the call's state", () => {
    const door = new Door(LISTED);
    const { call, notify } = watch(door, "dialog", ["Expires: 600"]);
    equal(headerOf(notify, "Content-Type"), "application/dialog-info+xml", "Content-Type");
    isTrue(bodyOf(notify).indexOf('version="0"') > 0, "first version");
    isTrue(bodyOf(notify).indexOf('state="full"') > 0 || bodyOf(notify).indexOf('state="partial"') > 0, "kind");
    const caller = bert.newCall();
    door.deliver(caller.inviteWith(bert.description([])), bert);
    let messages = takeAll(door);
    caller.takeResponse(findKind(messages, "200 INVITE"));
    door.deliver(caller.acknowledge(""), bert);
    let last = "";
    for (let round = 0; round < 4; round += 1) {
      const next = findKind(messages, "NOTIFY");
      last = next === "" ? last : next;
      if (next !== "") {
        door.deliver(call.respond(next, "200 OK", [], ""), anna);
      }
      messages = takeAll(door);
    }
    isTrue(bodyOf(last).indexOf("<state>confirmed</state>") > 0, bodyOf(last));
    isTrue(bodyOf(last).indexOf('direction="recipient"') > 0, bodyOf(last));
  });
});

describe("NOTIFY to the station", () => {
  clause("RFC 6665 4.1.3", "of no subscription is refused, and does nothing", () => {
    const door = new Door(LISTED);
    const headers = ["Event: presence", "Subscription-State: active", `Contact: ${anna.contact}`];
    door.deliver(anna.request("NOTIFY", headers, ""), anna);
    const code = door.wire.next().substring(8, 11);
    isTrue(code === "481" || code === "489", code);
  });
});
