// REFER (RFC 3515, RFC 6665 4.5.1, RFC 3891): the person in the call passes the visitor on to somebody else.

import { hangUpCall, StationState } from "../../firmware/intercom/station";
import { describe, equal, isTrue } from "../harness";
import { Door, talkAsCalled } from "../rig/door";
import { bodyOf, headerOf, kindOf, startLine } from "../rig/message-text";
import { Peer, type PeerCall } from "../rig/peer";
import { clause } from "./clause";
import { findKind, takeAll } from "./verdict";

const anna = new Peer("anna", 9, 5060);
const bert = new Peer("bert", 10, 5070);
const TO_BERT = "Refer-To: <sip:bert@192.0.2.10:5070>";
const LISTED = ["call.answer-from = anna@192.0.2.9", "call.transfer = yes"];

interface Transfer {
  door: Door;
  call: PeerCall;
  /** What the station sent after the REFER. */
  messages: string[];
}

/** anna, who was called, asks for another call. */
function refer(settings: string[], headers: string[]): Transfer {
  const door = new Door(settings);
  const call = talkAsCalled(door, anna);
  door.deliver(call.request("REFER", headers, ""), anna);
  return { door, call, messages: takeAll(door) };
}

/** NOTIFYs among messages are answered; the last of them. */
function answerNotifies(transfer: Transfer, messages: string[]): string {
  let last = "";
  for (let index = 0; index < messages.length; index += 1) {
    if (kindOf(messages[index]) === "NOTIFY") {
      last = messages[index];
      transfer.door.deliver(transfer.call.respond(last, "200 OK", [], ""), anna);
    }
  }
  return last;
}

describe("REFER in a call", () => {
  clause("RFC 3515 2.4.2", "is answered 202, and the resource that Refer-To names is called", () => {
    const { messages } = refer(LISTED, [TO_BERT]);
    isTrue(findKind(messages, "202 REFER") !== "", "202");
    equal(startLine(findKind(messages, "INVITE")), "INVITE sip:bert@192.0.2.10:5070 SIP/2.0", "request line");
  });

  clause(
    "RFC 3515 2.4.4",
    "is followed by a NOTIFY at once: Event refer, active, and a fragment of SIP that says 100",
    () => {
      const notify = findKind(refer(LISTED, [TO_BERT]).messages, "NOTIFY");
      equal(headerOf(notify, "Event").indexOf("refer"), 0, "Event");
      equal(headerOf(notify, "Subscription-State").indexOf("active"), 0, "Subscription-State");
      equal(headerOf(notify, "Content-Type").indexOf("message/sipfrag"), 0, "Content-Type");
      equal(bodyOf(notify).indexOf("SIP/2.0 100 Trying"), 0, "body");
    },
  );

  clause("RFC 3515 2.4.5", "ends with a NOTIFY of the final response, terminated, when the other answers", () => {
    const transfer = refer(LISTED, [TO_BERT]);
    answerNotifies(transfer, transfer.messages);
    const other = bert.takeCall(findKind(transfer.messages, "INVITE"));
    transfer.door.deliver(other.answer("200 OK", bert.description([])), bert);
    transfer.door.advance(500);
    const last = answerNotifies(transfer, takeAll(transfer.door));
    equal(bodyOf(last).indexOf("SIP/2.0 200"), 0, "body");
    equal(headerOf(last, "Subscription-State").indexOf("terminated"), 0, "Subscription-State");
  });

  clause("RFC 3515 2.4.5", "ends with a NOTIFY of the refusal, and the call goes on", () => {
    const transfer = refer(LISTED, [TO_BERT]);
    answerNotifies(transfer, transfer.messages);
    const other = bert.takeCall(findKind(transfer.messages, "INVITE"));
    transfer.door.deliver(other.respond(other.invite, "486 Busy Here", [], ""), bert);
    transfer.door.advance(500);
    const last = answerNotifies(transfer, takeAll(transfer.door));
    equal(bodyOf(last).indexOf("SIP/2.0 486"), 0, "body");
    equal(headerOf(last, "Subscription-State").indexOf("terminated"), 0, "Subscription-State");
    equal(transfer.door.device.station.state, StationState.TALKING, "state");
    hangUpCall(transfer.door.device.station);
    transfer.door.poll();
    equal(startLine(findKind(takeAll(transfer.door), "BYE")).indexOf("BYE sip:anna@192.0.2.9"), 0, "anna's call stood");
  });

  clause("RFC 3515 2.4.2", "without Refer-To, or with two of them, is answered 400", () => {
    const headers = [
      [],
      [TO_BERT, "Refer-To: <sip:carl@192.0.2.11>"],
      [`${TO_BERT}, <sip:carl@192.0.2.11>`],
      ["Refer-To:"],
    ];
    for (let index = 0; index < headers.length; index += 1) {
      const { messages } = refer(LISTED, headers[index]);
      equal(messages.length > 0 ? kindOf(messages[0]) : "", "400 REFER", headers[index].join(", "));
      equal(findKind(messages, "INVITE"), "", "no call");
    }
  });

  clause("RFC 3515 2.4.2", "to something that cannot be called is refused, and nobody is called", () => {
    const targets = ["<http://192.0.2.10/>", "<tel:+4930123>", "<sips:bert@192.0.2.10>"];
    for (let index = 0; index < targets.length; index += 1) {
      const { messages } = refer(LISTED, [`Refer-To: ${targets[index]}`]);
      equal(findKind(messages, "INVITE"), "", targets[index]);
    }
  });

  clause("RFC 3515 2.4.2", "is refused where transfers are switched off", () => {
    const { messages } = refer(["call.transfer = no"], [TO_BERT]);
    const code = messages[0].substring(8, 11);
    isTrue(code === "403" || code === "603", code);
    equal(findKind(messages, "INVITE"), "", "no call");
  });

  clause(
    "RFC 3515 2.4.2",
    "outside of calls is refused, and in a dialog that is not there answered 481 or refused",
    () => {
      const door = new Door(LISTED);
      door.deliver(anna.request("REFER", [TO_BERT, `Contact: ${anna.contact}`], ""), anna);
      isTrue(door.wire.next().substring(8, 9) >= "4", "outside");
      const call = anna.newCall();
      call.remoteTag = "never-given";
      door.deliver(call.request("REFER", [TO_BERT], ""), anna);
      isTrue(door.wire.next().substring(8, 9) >= "4", "unknown dialog");
      door.advance(1000);
      door.expectSilence();
    },
  );

  clause("RFC 3891 3", "Replaces within Refer-To becomes a header field of the INVITE, unescaped", () => {
    const target = "Refer-To: <sip:bert@192.0.2.10:5070?Replaces=12345%40192.0.2.10%3Bto-tag%3Dab%3Bfrom-tag%3Dcd>";
    const invite = findKind(refer(LISTED, [target]).messages, "INVITE");
    equal(headerOf(invite, "Replaces"), "12345@192.0.2.10;to-tag=ab;from-tag=cd", "Replaces");
    equal(startLine(invite), "INVITE sip:bert@192.0.2.10:5070 SIP/2.0", "request line");
  });

  clause("RFC 3892 2.2", "Referred-By is passed on", () => {
    const invite = findKind(refer(LISTED, [TO_BERT, "Referred-By: <sip:anna@192.0.2.9>"]).messages, "INVITE");
    equal(headerOf(invite, "Referred-By"), "<sip:anna@192.0.2.9>", "Referred-By");
  });
});
