// Reliable provisional responses (RFC 3262), seen from the wire: PRACK of the station for each that it gets, in order; and its own
// 180, sent again until the PRACK comes.

import { stopTimer } from "../../firmware/clock/timer-wheel";
import { StationEvent } from "../../firmware/intercom/event-log";
import { StationState } from "../../firmware/intercom/station";
import { EndCause } from "../../firmware/sip/invite-session";
import { reofferSession } from "../../firmware/sip/session-change";
import { describe, equal, isTrue, it, itSlow } from "../harness";
import {
  callingTo,
  causeOf,
  endOf,
  expectIdleAfter,
  expectTalking,
  hangUpHere,
  sequenceOf,
  sessionOf,
} from "../rig/call";
import { challengeOf, expectDigest } from "../rig/digest";
import { Door } from "../rig/door";
import { bodyOf, hasHeaderField, headerOf, kindOf, mediaOf, startLine } from "../rig/message-text";
import { Peer, type PeerCall } from "../rig/peer";

const EVERYBODY = "call.answer-from = *";
const SLOWLY = "call.answer-delay = 5";
const REQUIRE = "Require: 100rel";

const anna = new Peer("anna", 9, 5060);

/** The peer answers provisionally, reliably. */
function reliably(door: Door, call: PeerCall, status: string, sequence: string, body: string): void {
  const headers = [`Contact: ${anna.contact}`, REQUIRE, `RSeq: ${sequence}`];
  door.deliver(call.respond(call.invite, status, headers, body), anna);
}

/** The RAck that acknowledges our RSeq. */
function rackOf(response: string): string {
  return `RAck: ${headerOf(response, "RSeq")} ${sequenceOf(response)} INVITE`;
}

/** A peer calls a station that rings before it answers. Returns its side and the 180. */
function ringing(settings: string[], headers: string[], body: string): { door: Door; call: PeerCall; ring: string } {
  const door = new Door([EVERYBODY, ...settings]);
  const call = anna.newCall();
  door.deliver(call.request("INVITE", headers, body), anna);
  const ring = door.expect("180 INVITE");
  call.takeResponse(ring);
  return { door, call, ring };
}

describe("a reliable provisional response to the station (RFC 3262 4)", () => {
  it("is acknowledged with PRACK in its early dialog, with RSeq and CSeq in RAck", () => {
    const { door, call } = callingTo(anna, []);
    reliably(door, call, "180 Ringing", "4294967295", "");
    const prack = door.expect("PRACK");
    equal(startLine(prack), "PRACK sip:anna@192.0.2.9:5060 SIP/2.0", "request line");
    equal(headerOf(prack, "RAck"), `4294967295 ${sequenceOf(call.invite)} INVITE`, "RAck");
    equal(headerOf(prack, "To"), "<sip:anna@192.0.2.9>;tag=anna-tag", "To");
    equal(headerOf(prack, "Call-ID"), call.callId, "Call-ID");
    equal(sequenceOf(prack), sequenceOf(call.invite) + 1, "CSeq");
    equal(bodyOf(prack), "", "body");
    door.deliver(call.respond(prack, "200 OK", [], ""), anna);
    equal(door.log.count(StationEvent.RINGING), 1, "it rings");
    door.deliver(call.answer("200 OK", anna.description([])), anna);
    equal(sequenceOf(door.expect("ACK")), sequenceOf(call.invite), "CSeq of the ACK");
    hangUpHere(door);
    equal(sequenceOf(door.expect("BYE")), sequenceOf(prack) + 1, "CSeq of the BYE");
  });

  it("counts once, however often it comes, and only in order", () => {
    const { door, call } = callingTo(anna, []);
    reliably(door, call, "180 Ringing", "65535", "");
    door.expect("PRACK");
    reliably(door, call, "180 Ringing", "65535", "");
    reliably(door, call, "183 Session Progress", "65537", "");
    reliably(door, call, "183 Session Progress", "65534", "");
    door.expectSilence();
    equal(door.log.count(StationEvent.RINGING), 1, "reports");
    reliably(door, call, "183 Session Progress", "65536", "");
    equal(headerOf(door.expect("PRACK"), "RAck"), `65536 ${sequenceOf(call.invite)} INVITE`, "RAck of the next");
  });

  it("brings the answer to our offer: early media, and the 2xx needs none (5)", () => {
    const { door, call } = callingTo(anna, []);
    reliably(door, call, "183 Session Progress", "1", anna.description([]));
    const prack = door.expect("PRACK");
    equal(bodyOf(prack), "", "body of PRACK");
    door.deliver(call.respond(prack, "200 OK", [], ""), anna);
    const before = door.voiceSent;
    door.advance(500);
    isTrue(door.voiceSent > before, "voice before the answer");
    door.deliver(call.answer("200 OK", ""), anna);
    door.expect("ACK");
    equal(door.device.station.state, StationState.TALKING, "state");
  });

  it("that answers with what does not fit is no end: the 2xx decides", () => {
    const { door, call } = callingTo(anna, []);
    reliably(door, call, "183 Session Progress", "1", anna.description([]).split("/AVP 8 101").join("/AVP 3"));
    equal(bodyOf(door.expect("PRACK")), "", "body of PRACK");
    door.expectSilence();
    door.deliver(call.answer("200 OK", anna.description([])), anna);
    door.expect("ACK");
    expectTalking(door);
  });

  it("brings a new offer when ours is answered: the PRACK has the answer (5)", () => {
    const { door, call } = callingTo(anna, []);
    reliably(door, call, "183 Session Progress", "1", anna.description([]));
    door.expect("PRACK");
    reliably(door, call, "183 Session Progress", "2", anna.description(["a=sendonly"]));
    const prack = door.expect("PRACK");
    equal(mediaOf(prack)[0], "audio 10000 RTP/AVP 8 101 recvonly", "answer in PRACK");
    door.deliver(call.answer("200 OK", ""), anna);
    door.expect("ACK");
    expectTalking(door);
  });

  it("has its PRACK sent again with credentials when that is challenged", () => {
    const settings = ["account.domain = 192.0.2.9", "account.realm = house", "account.password = secret"];
    const { door, call } = callingTo(anna, settings);
    reliably(door, call, "180 Ringing", "7", "");
    const first = door.expect("PRACK");
    const challenge = `WWW-Authenticate: ${challengeOf("house", "n1", "MD5")}`;
    door.deliver(call.respond(first, "401 Unauthorized", [challenge], ""), anna);
    const second = door.expect("PRACK");
    expectDigest(second, "Authorization", "door", "secret", "house", "n1", "00000001");
    equal(headerOf(second, "RAck"), headerOf(first, "RAck"), "RAck");
    equal(sequenceOf(second), sequenceOf(first) + 1, "CSeq");
  });

  it("is one as any other to a station that has them off", () => {
    const { door, call } = callingTo(anna, ["call.provisional = off"]);
    isTrue(headerOf(call.invite, "Supported").indexOf("100rel") < 0, "Supported without 100rel");
    reliably(door, call, "183 Session Progress", "1", anna.description([]));
    door.expectSilence();
    const before = door.voiceSent;
    door.advance(500);
    isTrue(door.voiceSent > before, "its media are heard");
  });

  it("without a good RSeq or Require is not acknowledged", () => {
    const { door, call } = callingTo(anna, []);
    door.deliver(call.respond(call.invite, "180 Ringing", ["RSeq: 1"], ""), anna);
    reliably(door, call, "180 Ringing", "4294967296", "");
    reliably(door, call, "180 Ringing", "x", "");
    door.expectSilence();
  });

  it("in a re-INVITE begins its count anew", () => {
    const { door, call } = callingTo(anna, []);
    reliably(door, call, "180 Ringing", "100", "");
    door.expect("PRACK");
    door.deliver(call.answer("200 OK", anna.description([])), anna);
    door.expect("ACK");
    reofferSession(sessionOf(door));
    door.poll();
    call.invite = door.expect("INVITE");
    reliably(door, call, "183 Session Progress", "1", "");
    equal(headerOf(door.expect("PRACK"), "RAck"), `1 ${sequenceOf(call.invite)} INVITE`, "RAck");
    door.deliver(call.answer("200 OK", anna.description([])), anna);
    door.expect("ACK");
    expectTalking(door);
  });
});

describe("call.provisional = required", () => {
  it("puts 100rel into Require of our INVITE, and tries once more without when that is refused (420)", () => {
    const { door, call } = callingTo(anna, ["call.provisional = required"]);
    equal(headerOf(call.invite, "Require"), "100rel", "Require");
    door.deliver(call.respond(call.invite, "420 Bad Extension", ["Unsupported: 100rel"], ""), anna);
    door.expect("ACK");
    const second = door.expect("INVITE");
    isTrue(!hasHeaderField(second, "Require"), "no Require");
    equal(sequenceOf(second), sequenceOf(call.invite) + 1, "CSeq");
    door.deliver(call.respond(second, "420 Bad Extension", ["Unsupported: 100rel"], ""), anna);
    door.expect("ACK");
    equal(endOf(door), `${EndCause.REFUSED} 420`, "cause");
    expectIdleAfter(door, 40000);
    door.press(0);
    equal(headerOf(door.expect("INVITE"), "Require"), "100rel", "the next call begins anew");
  });

  it("sends the 180 reliably to a caller who supports that", () => {
    const { ring } = ringing([SLOWLY, "call.provisional = required"], ["Supported: 100rel"], anna.description([]));
    equal(headerOf(ring, "Require"), "100rel", "Require");
    const plain = ringing([SLOWLY, "call.provisional = required"], [], anna.description([]));
    isTrue(!hasHeaderField(plain.ring, "RSeq"), "to others as ever");
  });
});

describe("421 to our INVITE", () => {
  it("lets it go out once more with the extension in Require (8.1.3.5)", () => {
    const { door, call } = callingTo(anna, []);
    door.deliver(call.respond(call.invite, "421 Extension Required", [REQUIRE], ""), anna);
    door.expect("ACK");
    const second = door.expect("INVITE");
    equal(headerOf(second, "Require"), "100rel", "Require");
    door.deliver(call.respond(second, "421 Extension Required", [REQUIRE], ""), anna);
    door.expect("ACK");
    equal(endOf(door), `${EndCause.REFUSED} 421`, "cause");
  });

  it("is the end when it asks for what the station has not", () => {
    const { door, call } = callingTo(anna, []);
    door.deliver(call.respond(call.invite, "421 Extension Required", ["Require: precondition"], ""), anna);
    door.expect("ACK");
    equal(endOf(door), `${EndCause.REFUSED} 421`, "cause");
    expectIdleAfter(door, 40000);
  });
});

describe("the 180 of the station to a caller who requires 100rel (RFC 3262 3)", () => {
  itSlow("is sent again at T1, doubling, until the PRACK comes, which is answered 200", () => {
    const { door, call, ring } = ringing([SLOWLY], [REQUIRE], anna.description([]));
    stopTimer(door.device.wheel, door.device.station.limit);
    equal(headerOf(ring, "Require"), "100rel", "Require");
    isTrue(Number(headerOf(ring, "RSeq")) > 0, "RSeq");
    equal(bodyOf(ring), "", "body");
    door.advance(7999);
    equal(door.wire.times(), "500 1500 3500 7500", "180 at");
    door.deliver(call.request("PRACK", [rackOf(ring)], ""), anna);
    door.expect("200 PRACK");
    door.advance(20000);
    door.expectSilence();
  });

  it("is answered 481 by a PRACK that names another, and stays as it is", () => {
    const { door, call, ring } = ringing([SLOWLY], [REQUIRE], anna.description([]));
    const sequence = headerOf(ring, "RSeq");
    const invite = sequenceOf(ring);
    const stray = [
      `RAck: ${Number(sequence) + 1} ${invite} INVITE`,
      `RAck: ${sequence} ${invite + 1} INVITE`,
      `RAck: ${sequence} ${invite} OPTIONS`,
      `RAck: ${sequence}`,
      "RAck: x",
      "X-Nothing: 1",
    ];
    for (let index = 0; index < stray.length; index += 1) {
      door.deliver(call.request("PRACK", [stray[index]], ""), anna);
      equal(kindOf(door.wire.next()), "481 PRACK", stray[index]);
    }
    door.deliver(call.request("PRACK", [rackOf(ring)], ""), anna);
    door.expect("200 PRACK");
    door.deliver(call.request("PRACK", [rackOf(ring)], ""), anna);
    door.expect("481 PRACK");
  });

  it("does not hold the 2xx up: it goes, the 180 rests, and a late PRACK hears 200", () => {
    const { door, call, ring } = ringing(["call.answer-delay = 1"], [REQUIRE], anna.description([]));
    door.advance(1000);
    door.expect("180 INVITE");
    const answer = door.expect("200 INVITE");
    equal(mediaOf(answer)[0], "audio 10000 RTP/AVP 8 101 sendrecv", "answer");
    door.deliver(call.request("PRACK", [rackOf(ring)], ""), anna);
    door.expect("200 PRACK");
    call.invite = ring;
    door.deliver(call.acknowledge(""), anna);
    expectTalking(door);
  });

  it("carries our offer when the INVITE has none; the PRACK has the answer, and the 2xx waits for it (5)", () => {
    const { door, call, ring } = ringing(["call.answer-delay = 1"], [REQUIRE], "");
    const invite = call.invite;
    equal(mediaOf(ring)[0], "audio 10000 RTP/AVP 8 0 101 sendrecv", "offer");
    door.advance(1400);
    door.expect("180 INVITE");
    door.expectSilence();
    door.deliver(call.request("PRACK", [rackOf(ring)], anna.description([])), anna);
    door.expect("200 PRACK");
    equal(bodyOf(door.expect("200 INVITE")), "", "body of the 2xx");
    call.invite = invite;
    door.deliver(call.acknowledge(""), anna);
    expectTalking(door);
  });

  it("is followed by 480 when the station hangs up while the 2xx waits for the PRACK", () => {
    const { door, call } = ringing(["call.answer-delay = 1"], [REQUIRE], "");
    door.advance(1400);
    door.expect("180 INVITE");
    equal(door.device.station.state, StationState.CONNECTING, "state");
    hangUpHere(door);
    door.deliver(call.acknowledgeRefusal(door.expect("480 INVITE")), anna);
    equal(causeOf(door), EndCause.LOCAL, "cause");
    expectIdleAfter(door, 40000);
  });

  it("without an answer in the PRACK is the end: 488 to both", () => {
    const { door, call, ring } = ringing([SLOWLY], [REQUIRE], "");
    const invite = call.invite;
    door.deliver(call.request("PRACK", [rackOf(ring)], ""), anna);
    door.expect("488 PRACK");
    call.invite = invite;
    door.deliver(call.acknowledgeRefusal(door.expect("488 INVITE")), anna);
    equal(causeOf(door), EndCause.NO_COMMON_MEDIA, "cause");
    expectIdleAfter(door, 40000);
  });

  itSlow("ends the call with 500 when no PRACK comes in 64*T1", () => {
    const { door, call } = ringing([SLOWLY], [REQUIRE], anna.description([]));
    stopTimer(door.device.wheel, door.device.station.limit);
    door.advance(31999);
    equal(door.device.station.state, StationState.ANSWERING, "state at 31,999 ms");
    equal(door.wire.times(), "500 1500 3500 7500 15500 31500", "180 at");
    door.advance(1);
    door.deliver(call.acknowledgeRefusal(door.expect("500 INVITE")), anna);
    equal(causeOf(door), EndCause.NO_ACKNOWLEDGEMENT, "cause");
    expectIdleAfter(door, 40000);
  });

  it("is over with a CANCEL", () => {
    const { door, call } = ringing([SLOWLY], [REQUIRE], anna.description([]));
    door.deliver(call.cancel(), anna);
    door.expect("200 CANCEL");
    door.deliver(call.acknowledgeRefusal(door.expect("487 INVITE")), anna);
    expectIdleAfter(door, 40000);
  });
});
