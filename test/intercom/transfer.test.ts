// Transfer of the visitor, seen from the wire and the loudspeaker: anna talks with the visitor and asks the door to call bert. Until
// bert answers, and when he does not, the visitor talks with anna.

import { StationEvent } from "../../firmware/intercom/event-log";
import { hangUpCall, isIdleClean, StationState } from "../../firmware/intercom/station";
import { describe, equal, isTrue, it, itSlow } from "../harness";
import { Door, hangUp, talkAsCalled, talkAsCaller } from "../rig/door";
import { bodyOf, changed, headerOf, kindOf, mediaOf, startLine, textBetween } from "../rig/message-text";
import { Peer, type PeerCall } from "../rig/peer";

const anna = new Peer("anna", 9, 5060);
const bert = new Peer("bert", 10, 5070);
const LISTED = ["call.answer-from = anna@192.0.2.9", "call.transfer = yes"];
const TO_BERT = "Refer-To: <sip:bert@192.0.2.10:5070>";

/** The status line in the body of a NOTIFY: "180 Ringing". */
function progressIn(notify: string): string {
  equal(headerOf(notify, "Content-Type"), "message/sipfrag;version=2.0", "type");
  return textBetween(bodyOf(notify), "SIP/2.0 ", "\r");
}

/** The next message tells the referrer of a status; it is answered. */
function expectProgress(door: Door, call: PeerCall, status: string, state: string): void {
  const notify = door.expect("NOTIFY");
  equal(progressIn(notify), status, "progress");
  equal(headerOf(notify, "Subscription-State").substring(0, state.length), state, "Subscription-State");
  equal(headerOf(notify, "Event"), `refer;id=${call.sequence}`, "Event");
  door.deliver(call.respond(notify, "200 OK", [], ""), call.peer);
}

/** anna asks for bert: 202, the first NOTIFY, and the INVITE, which is returned. */
function refer(door: Door, call: PeerCall, headers: string[]): string {
  door.deliver(call.request("REFER", headers, ""), call.peer);
  door.expect("202 REFER");
  const notify = door.expect("NOTIFY");
  const invite = door.expect("INVITE");
  equal(progressIn(notify), "100 Trying", "first progress");
  door.deliver(call.respond(notify, "200 OK", [], ""), call.peer);
  return invite;
}

function logged(door: Door): string {
  const words = door.log.last(StationEvent.TRANSFER).split(" ");
  return `${words[0]} ${words[1]}`;
}

/** Where RTP goes: the last octet of the address. */
function voiceGoesTo(door: Door): number {
  return door.device.rtp.configuration.remote.address[3];
}

function isTalking(door: Door): boolean {
  return door.device.station.state === StationState.TALKING;
}

describe("a transfer", () => {
  it("moves the visitor to the new person when that one answers, and then ends the first call", () => {
    const door = new Door(LISTED);
    const first = talkAsCalled(door, anna);
    const invite = refer(door, first, [TO_BERT, "Referred-By: <sip:anna@192.0.2.9>"]);
    equal(startLine(invite), "INVITE sip:bert@192.0.2.10:5070 SIP/2.0", "request line");
    equal(headerOf(invite, "Referred-By"), "<sip:anna@192.0.2.9>", "Referred-By");
    equal(headerOf(invite, "Replaces"), "", "Replaces");
    equal(mediaOf(invite).length, 1, "media lines");
    const second = bert.takeCall(invite);
    door.deliver(second.answer("180 Ringing", ""), bert);
    expectProgress(door, first, "180 Ringing", "active");
    door.advance(1000);
    equal(voiceGoesTo(door), 9, "voice while it rings");
    equal(isTalking(door), true, "two talk while it rings");
    door.deliver(second.answer("200 OK", bert.description([])), bert);
    door.expect("ACK");
    expectProgress(door, first, "200 OK", "terminated;reason=noresource");
    const bye = door.expect("BYE");
    equal(textBetween(bye, "BYE ", " "), "sip:anna@192.0.2.9:5060", "who hears BYE");
    door.deliver(first.respond(bye, "200 OK", [], ""), anna);
    equal(voiceGoesTo(door), 10, "voice after the answer");
    equal(isTalking(door), true, "two talk");
    equal(logged(door), "1 200", "logged");
    door.pressKeys(10, "42#");
    equal(door.relays[0].level, 1, "bert opens the door");
    hangUp(door, second);
    equal(isIdleClean(door.device.station), true, "nothing is left");
    door.advance(40000);
    equal(door.recordsInUse(), 0, "records in use");
  });

  it("from a call on hold, as phones do it, ends the hold with the answer", () => {
    const door = new Door(LISTED);
    const first = talkAsCalled(door, anna);
    door.deliver(first.inviteWith(anna.description(["a=sendonly"])), anna);
    door.expect("200 INVITE");
    door.deliver(first.acknowledge(""), anna);
    equal(door.device.station.held, true, "on hold");
    const second = bert.takeCall(refer(door, first, [TO_BERT]));
    door.deliver(second.answer("200 OK", bert.description([])), bert);
    door.expect("ACK");
    equal(door.device.station.held, false, "on hold after the answer");
    const sent = door.voiceSent;
    door.advance(1000);
    isTrue(door.voiceSent > sent + 40, "voice flows");
    equal(door.leds[1].level, 1, "TALK");
  });

  it("plays no early media of the new person to the visitor, and takes his last answer", () => {
    const door = new Door(LISTED);
    const first = talkAsCalled(door, anna);
    const second = bert.takeCall(refer(door, first, [TO_BERT]));
    door.deliver(second.answer("183 Session Progress", bert.description([])), bert);
    expectProgress(door, first, "183 Session Progress", "active");
    equal(voiceGoesTo(door), 9, "voice in between");
    door.deliver(second.answer("200 OK", bert.description([])), bert);
    door.expect("ACK");
    equal(voiceGoesTo(door), 10, "voice");
  });

  const failures = [
    ["486 Busy Here", "486 Busy Here"],
    ["404 Not Found", "404 Not Found"],
    ["603 Decline", "603 Decline"],
  ];
  it("that is refused leaves the first call as it was, and says why", () => {
    for (let index = 0; index < failures.length; index += 1) {
      const door = new Door(LISTED);
      const first = talkAsCalled(door, anna);
      const second = bert.takeCall(refer(door, first, [TO_BERT]));
      door.deliver(second.respond(second.invite, failures[index][0], [], ""), bert);
      door.expect("ACK");
      expectProgress(door, first, failures[index][1], "terminated;reason=noresource");
      equal(isTalking(door), true, "two talk");
      equal(voiceGoesTo(door), 9, "voice");
      equal(logged(door), `2 ${failures[index][0].substring(0, 3)}`, "logged");
      equal(headerOf(refer(door, first, [TO_BERT]), "Referred-By"), "", "it may be tried again, as by nobody");
    }
  });

  itSlow("that nobody answers is given up at the ring limit", () => {
    const door = new Door(["call.transfer = yes", "call.ring-limit = 20"]);
    const first = talkAsCalled(door, anna);
    const second = bert.takeCall(refer(door, first, [TO_BERT]));
    door.deliver(second.answer("180 Ringing", ""), bert);
    expectProgress(door, first, "180 Ringing", "active");
    door.advance(20000);
    const cancel = door.wire.next();
    const other = door.wire.next();
    isTrue(kindOf(cancel) === "CANCEL" || kindOf(other) === "CANCEL", "the call is cancelled");
    equal(progressIn(kindOf(cancel) === "NOTIFY" ? cancel : other), "487 Request Terminated", "progress");
    equal(isTalking(door), true, "two talk");
  });

  it("goes on when the person who asked for it hangs up at once: the visitor hears it ring", () => {
    const door = new Door(LISTED);
    const first = talkAsCalled(door, anna);
    const second = bert.takeCall(refer(door, first, [TO_BERT]));
    door.deliver(first.bye(), anna);
    door.expect("200 BYE");
    equal(door.device.station.state, StationState.CALLING, "state");
    equal(`${door.leds[0].level}${door.leds[1].level}`, "10", "CALL and TALK");
    door.audioOut.crest = 0;
    door.advance(400);
    isTrue(door.audioOut.crest > 1000, "the ring-back tone is heard");
    door.deliver(second.answer("180 Ringing", ""), bert);
    door.expectSilence();
    door.deliver(second.answer("200 OK", bert.description([])), bert);
    door.expect("ACK");
    door.expectSilence();
    equal(isTalking(door), true, "two talk");
    equal(voiceGoesTo(door), 10, "voice");
    hangUp(door, second);
    equal(isIdleClean(door.device.station), true, "nothing is left");
  });

  it("after which nobody is left sounds busy when the new person refuses", () => {
    const door = new Door(LISTED);
    const first = talkAsCalled(door, anna);
    const second = bert.takeCall(refer(door, first, [TO_BERT]));
    door.deliver(first.bye(), anna);
    door.expect("200 BYE");
    door.deliver(second.respond(second.invite, "486 Busy Here", [], ""), bert);
    door.expect("ACK");
    equal(isIdleClean(door.device.station), true, "nothing is left");
    door.audioOut.crest = 0;
    door.advance(500);
    isTrue(door.audioOut.crest > 1000, "the busy tone is heard");
    door.expectSilence();
  });

  it("is given up with the call when the station hangs up", () => {
    const door = new Door(LISTED);
    const first = talkAsCalled(door, anna);
    const second = bert.takeCall(refer(door, first, [TO_BERT]));
    door.deliver(second.answer("180 Ringing", ""), bert);
    expectProgress(door, first, "180 Ringing", "active");
    hangUpCall(door.device.station);
    door.poll();
    let kinds = "";
    while (door.wire.waiting() > 0) {
      kinds = `${kinds} ${kindOf(door.wire.next())}`;
    }
    isTrue(kinds.indexOf("CANCEL") >= 0 && kinds.indexOf("BYE") >= 0, `CANCEL and BYE are among${kinds}`);
    equal(isIdleClean(door.device.station), true, "nothing is left");
  });

  it("passes on the dialog that it is to replace (RFC 3891)", () => {
    const door = new Door(LISTED);
    const first = talkAsCaller(door, anna);
    const invite = refer(door, first, [
      "Refer-To: <sip:bert@192.0.2.10:5070?Replaces=7%40host%3Bto-tag%3Da%3Bfrom-tag%3Db>",
    ]);
    equal(headerOf(invite, "Replaces"), "7@host;to-tag=a;from-tag=b", "Replaces");
    equal(startLine(invite), "INVITE sip:bert@192.0.2.10:5070 SIP/2.0", "request line");
  });

  it("tells nobody any more when the referrer refuses a NOTIFY, and goes on", () => {
    const door = new Door(LISTED);
    const first = talkAsCalled(door, anna);
    door.deliver(first.request("REFER", [TO_BERT], ""), anna);
    door.expect("202 REFER");
    door.deliver(first.respond(door.expect("NOTIFY"), "481 Subscription Does Not Exist", [], ""), anna);
    const second = bert.takeCall(door.expect("INVITE"));
    door.deliver(second.answer("180 Ringing", ""), bert);
    door.expectSilence();
    door.deliver(second.answer("200 OK", bert.description([])), bert);
    door.expect("ACK");
    door.expect("BYE");
    equal(isTalking(door), true, "two talk");
  });

  itSlow("to nowhere fails at once and leaves the call", () => {
    const door = new Door(LISTED);
    const first = talkAsCalled(door, anna);
    door.deliver(first.request("REFER", ["Refer-To: <sip:bert@nowhere.example>"], ""), anna);
    door.expect("202 REFER");
    door.deliver(first.respond(door.expect("NOTIFY"), "200 OK", [], ""), anna);
    door.advance(40000);
    const last = door.wire.next();
    equal(kindOf(last), "NOTIFY", "what follows");
    isTrue(Number(progressIn(last).substring(0, 3)) >= 400, "it failed");
    equal(isTalking(door), true, "two talk");
  });
});

describe("REFER", () => {
  it("is told of to nobody who asked for that (RFC 4488): Refer-Sub in the 202, no NOTIFY", () => {
    const door = new Door(LISTED);
    const first = talkAsCalled(door, anna);
    door.deliver(first.request("REFER", [TO_BERT, "Refer-Sub: false", "Require: norefersub"], ""), anna);
    equal(headerOf(door.expect("202 REFER"), "Refer-Sub"), "false", "Refer-Sub");
    const second = bert.takeCall(door.expect("INVITE"));
    door.deliver(second.answer("180 Ringing", ""), bert);
    door.expectSilence();
    door.deliver(second.answer("200 OK", bert.description([])), bert);
    door.expect("ACK");
    door.deliver(first.respond(door.expect("BYE"), "200 OK", [], ""), anna);
    isTrue(isTalking(door) && voiceGoesTo(door) === 10, "bert talks with the visitor");
    door.expectSilence();
  });

  it("is told of to who says nothing of that, or wants it", () => {
    const door = new Door(LISTED);
    refer(door, talkAsCalled(door, anna), [TO_BERT, "Refer-Sub: true"]);
  });

  it("is declined where the installer allows no transfer", () => {
    const door = new Door(["call.transfer = no"]);
    const call = talkAsCalled(door, anna);
    door.deliver(call.request("REFER", [TO_BERT], ""), anna);
    door.expect("603 REFER");
    door.expectSilence();
  });

  const bad: [string, string[]][] = [
    ["400 REFER", []],
    ["400 REFER", [TO_BERT, TO_BERT]],
    ["400 REFER", ["Refer-To: <sip:bert@192.0.2.10?Replaces=7%0d%0aX>"]],
    ["416 REFER", ["Refer-To: <tel:+49301234>"]],
    ["416 REFER", ["Refer-To: <sip:bert@192.0.2.10;method=SUBSCRIBE>"]],
  ];
  it("is refused without one Refer-To that can be called", () => {
    const door = new Door(LISTED);
    const call = talkAsCalled(door, anna);
    for (let index = 0; index < bad.length; index += 1) {
      door.deliver(call.request("REFER", bad[index][1], ""), anna);
      equal(kindOf(door.wire.next()), bad[index][0], bad[index][1].join(", "));
      door.expectSilence();
    }
  });

  it("outside a call is refused with 403, in a call that is over with 481, a second one meanwhile with 491", () => {
    const door = new Door(LISTED);
    door.deliver(anna.request("REFER", [TO_BERT], ""), anna);
    door.expect("403 REFER");
    const call = talkAsCalled(door, anna);
    refer(door, call, [TO_BERT]);
    door.deliver(call.request("REFER", [TO_BERT], ""), anna);
    door.expect("491 REFER");
    hangUp(door, call);
    door.deliver(call.request("REFER", [TO_BERT], ""), anna);
    door.expect("481 REFER");
  });

  it("is refused with 491 while the last NOTIFY of the one before is not answered", () => {
    const door = new Door(LISTED);
    const call = talkAsCalled(door, anna);
    const second = bert.takeCall(refer(door, call, [TO_BERT]));
    door.deliver(second.respond(second.invite, "486 Busy Here", [], ""), bert);
    door.expect("ACK");
    const notify = door.expect("NOTIFY");
    door.deliver(call.request("REFER", [TO_BERT], ""), anna);
    door.expect("491 REFER");
    door.deliver(call.respond(notify, "200 OK", [], ""), anna);
    refer(door, call, [TO_BERT]);
  });

  it("of a call that is over is told of in no other call, however late its NOTIFY is answered", () => {
    const door = new Door(["call.answer-from = *", "call.transfer = yes"]);
    const first = talkAsCalled(door, anna);
    door.deliver(first.request("REFER", [TO_BERT], ""), anna);
    door.expect("202 REFER");
    const late = door.expect("NOTIFY");
    const second = bert.takeCall(door.expect("INVITE"));
    hangUp(door, first);
    door.deliver(second.respond(second.invite, "486 Busy Here", [], ""), bert);
    door.expect("ACK");
    const third = talkAsCaller(door, bert);
    door.deliver(first.respond(late, "200 OK", [], ""), anna);
    door.expectSilence();
    door.deliver(third.request("REFER", ["Refer-To: <sip:anna@192.0.2.9>"], ""), bert);
    door.expect("202 REFER");
  });

  it("of a stranger who guesses tags is nothing", () => {
    const door = new Door(LISTED);
    const call = talkAsCalled(door, anna);
    door.deliver(changed(call.request("REFER", [TO_BERT], ""), "anna-tag", "eve-tag"), anna);
    door.expect("481 REFER");
    equal(isTalking(door), true, "two talk");
  });
});
