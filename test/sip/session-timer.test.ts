// Session timers (RFC 4028), seen from the wire: who refreshes and how often, in every case of its table 2, what is too short, and
// what becomes of a call that nobody refreshes.

import { EndCause } from "../../firmware/sip/invite-session";
import { describe, equal, isTrue, it, itSlow } from "../harness";
import { callingTo, causeOf, expectIdleAfter, expectTalking, sequenceOf } from "../rig/call";
import { Door, hangUp } from "../rig/door";
import { bodyOf, changed, hasHeaderField, headerOf, headersOf, mediaOf, textBetween } from "../rig/message-text";
import { Peer, type PeerCall } from "../rig/peer";

const EVERYBODY = "call.answer-from = *";
/** So that nothing but the session timer ends a call. */
const LONG = ["call.answer-from = *", "call.silence-limit = 0", "call.talk-limit = 1800", "call.session-expires = 90"];
const TAKES_UPDATE = "Allow: INVITE, ACK, BYE, CANCEL, OPTIONS, UPDATE";

const anna = new Peer("anna", 9, 5060);

/** A peer calls with header fields, and is answered. Returns its side and the 200. */
function calledWith(door: Door, headers: string[]): { call: PeerCall; answer: string } {
  const call = anna.newCall();
  door.deliver(call.request("INVITE", headers, anna.description([])), anna);
  const answer = door.expect("200 INVITE");
  call.takeResponse(answer);
  door.deliver(call.acknowledge(""), anna);
  return { call, answer };
}

/** The station calls, and the peer answers with header fields. */
function callingWith(settings: string[], headers: string[]): { door: Door; call: PeerCall } {
  const { door, call } = callingTo(anna, settings);
  const all = [`Contact: ${anna.contact}`];
  for (let index = 0; index < headers.length; index += 1) {
    all.push(headers[index]);
  }
  door.deliver(call.respond(call.invite, "200 OK", all, anna.description([])), anna);
  door.expect("ACK");
  return { door, call };
}

describe("an INVITE of the peer (RFC 4028 9)", () => {
  itSlow("gets interval and refresher by table 2", () => {
    // What the INVITE says; Session-Expires and Require of the 200 to it.
    const cases: [string[], string, string][] = [
      [[], "1800;refresher=uas", ""],
      [["Session-Expires: 600"], "600;refresher=uas", ""],
      [["Session-Expires: 600;refresher=uac"], "600;refresher=uas", ""],
      [["Supported: timer"], "1800;refresher=uac", "timer"],
      [["Supported: timer", "Session-Expires: 600"], "600;refresher=uac", "timer"],
      [["Supported: timer", "Session-Expires: 600;refresher=uac"], "600;refresher=uac", "timer"],
      [["Supported: timer", "Session-Expires: 600;refresher=uas"], "600;refresher=uas", ""],
      [["k: 100rel, timer", "x: 600 ; refresher=UAS"], "600;refresher=uas", ""],
      [["Supported: timer", "Session-Expires: 7200;refresher=uas"], "1800;refresher=uas", ""],
      [["Supported: timer", "Session-Expires: 7200", "Min-SE: 3600"], "3600;refresher=uac", "timer"],
      [["Supported: timer", "Min-SE: 3600"], "3600;refresher=uac", "timer"],
      [["Require: timer", "Supported: timer", "Session-Expires: 90"], "90;refresher=uac", "timer"],
    ];
    for (const [headers, expires, require] of cases) {
      const { answer } = calledWith(new Door([EVERYBODY]), headers);
      equal(headerOf(answer, "Session-Expires"), expires, `Session-Expires to ${headers.join("; ")}`);
      equal(headerOf(answer, "Require"), require, `Require to ${headers.join("; ")}`);
    }
  });

  it("whose interval is below 90 s is answered 422 with Min-SE, and nobody is disturbed", () => {
    const door = new Door([EVERYBODY, "call.answer-delay = 5"]);
    const call = anna.newCall();
    const headers = ["Supported: timer", "Session-Expires: 89"];
    door.deliver(call.request("INVITE", headers, anna.description([])), anna);
    const answer = door.expect("422 INVITE");
    equal(headerOf(answer, "Min-SE"), "90", "Min-SE");
    door.deliver(call.acknowledgeRefusal(answer), anna);
    expectIdleAfter(door, 40000);
  });

  it("in a call, too short, is answered 422, and the call goes on", () => {
    const door = new Door([EVERYBODY]);
    const { call } = calledWith(door, ["Supported: timer"]);
    door.deliver(call.request("INVITE", ["Supported: timer", "Session-Expires: 30"], anna.description([])), anna);
    door.deliver(call.acknowledgeRefusal(door.expect("422 INVITE")), anna);
    door.deliver(call.request("UPDATE", ["Supported: timer", "Session-Expires: 30"], ""), anna);
    equal(headerOf(door.expect("422 UPDATE"), "Min-SE"), "90", "Min-SE");
    expectTalking(door);
  });

  itSlow("in a call, refused for its offer (488), changes neither interval nor refresher", () => {
    const door = new Door(LONG);
    const { call } = calledWith(door, ["Supported: timer", "Session-Expires: 90;refresher=uas", TAKES_UPDATE]);
    const unknown = changed(anna.description([]), "RTP/AVP 8", "RTP/AVP 3");
    const headers = ["Supported: timer", "Session-Expires: 95;refresher=uac"];
    door.deliver(call.request("UPDATE", headers, unknown), anna);
    door.expect("488 UPDATE");
    equal(door.advanceToMessage(50000), 45000, "milliseconds until the refresh");
    equal(headerOf(door.expect("UPDATE"), "Session-Expires"), "90;refresher=uac", "Session-Expires");
  });

  it("hears nothing of timers from a station that has them off, and may not require them", () => {
    const door = new Door([EVERYBODY, "call.session-expires = 0"]);
    const { answer } = calledWith(door, ["Supported: timer", "Session-Expires: 30"]);
    isTrue(!hasHeaderField(answer, "Session-Expires"), "no Session-Expires");
    isTrue(headerOf(answer, "Supported").indexOf("timer") < 0, "no timer in Supported");
    const call = anna.newCall();
    door.deliver(call.request("INVITE", ["Require: timer"], anna.description([])), anna);
    equal(headerOf(door.expect("420 INVITE"), "Unsupported"), "timer", "Unsupported");
  });
});

describe("the station as refresher", () => {
  itSlow("sends UPDATE without an offer at half the interval, when the peer takes that (7.4)", () => {
    const { door, call } = callingWith(LONG, ["Session-Expires: 90;refresher=uac", TAKES_UPDATE]);
    for (let round = 0; round < 4; round += 1) {
      equal(door.advanceToMessage(50000), 45000, "milliseconds until the refresh");
      const update = door.expect("UPDATE");
      equal(headerOf(update, "Session-Expires"), "90;refresher=uac", "Session-Expires");
      equal(headerOf(update, "Contact"), "<sip:door@192.0.2.4:5060>", "Contact");
      equal(bodyOf(update), "", "body");
      door.deliver(call.respond(update, "200 OK", ["Session-Expires: 90;refresher=uac"], ""), anna);
    }
    expectTalking(door);
    hangUp(door, call);
    expectIdleAfter(door, 100000);
  });

  itSlow("sends re-INVITE with the unchanged description when the peer does not take UPDATE", () => {
    const { door, call } = callingWith(LONG, ["Session-Expires: 90;refresher=uac"]);
    const origins: string[] = [];
    for (let round = 0; round < 2; round += 1) {
      equal(door.advanceToMessage(50000), 45000, "milliseconds until the refresh");
      const invite = door.expect("INVITE");
      equal(mediaOf(invite)[0], "audio 10000 RTP/AVP 8 101 sendrecv", "offer");
      equal(headerOf(invite, "Session-Expires"), "90;refresher=uac", "Session-Expires");
      const headers = [`Contact: ${anna.contact}`, "Session-Expires: 90;refresher=uac"];
      door.deliver(call.respond(invite, "200 OK", headers, anna.description([])), anna);
      equal(sequenceOf(door.expect("ACK")), sequenceOf(invite), "CSeq of the ACK");
      origins.push(textBetween(bodyOf(invite), "o=", "\r"));
    }
    equal(origins[1], origins[0], "the version of the description stays (7.4)");
    expectTalking(door);
  });

  itSlow("goes over to re-INVITE when UPDATE is refused (405)", () => {
    const { door, call } = callingWith(LONG, ["Session-Expires: 90;refresher=uac", TAKES_UPDATE]);
    door.advanceToMessage(50000);
    door.deliver(call.respond(door.expect("UPDATE"), "405 Method Not Allowed", [], ""), anna);
    const headers = [`Contact: ${anna.contact}`, "Session-Expires: 90;refresher=uac"];
    door.deliver(call.respond(door.expect("INVITE"), "200 OK", headers, anna.description([])), anna);
    door.expect("ACK");
    expectTalking(door);
  });

  itSlow("is it as the called side, too, and hands the task over when the 2xx says so", () => {
    const door = new Door(LONG);
    const headers = ["Supported: timer", "Session-Expires: 90;refresher=uas", TAKES_UPDATE];
    const { call } = calledWith(door, headers);
    equal(door.advanceToMessage(50000), 45000, "milliseconds until the refresh");
    const update = door.expect("UPDATE");
    equal(headerOf(update, "Session-Expires"), "90;refresher=uac", "the station is the client of this one");
    door.deliver(call.respond(update, "200 OK", ["Session-Expires: 90;refresher=uas"], ""), anna);
    door.advance(59000);
    expectTalking(door);
    door.advance(1000);
    door.expect("BYE");
    equal(causeOf(door), EndCause.SESSION_EXPIRED, "cause");
  });

  itSlow("asks for more when the refresh is too short for the peer (422)", () => {
    const { door, call } = callingWith(LONG, ["Session-Expires: 90;refresher=uac", TAKES_UPDATE]);
    door.advanceToMessage(50000);
    const first = door.expect("UPDATE");
    door.deliver(call.respond(first, "422 Session Interval Too Small", ["Min-SE: 200"], ""), anna);
    const second = door.expect("UPDATE");
    equal(headerOf(second, "Session-Expires"), "200;refresher=uac", "Session-Expires");
    equal(headerOf(second, "Min-SE"), "200", "Min-SE");
    door.deliver(call.respond(second, "200 OK", ["Session-Expires: 200;refresher=uac"], ""), anna);
    equal(door.advanceToMessage(110000), 100000, "milliseconds until the next");
  });

  itSlow("ends the call with BYE and Reason when the refreshes come to nothing (10)", () => {
    const { door, call } = callingWith(LONG, ["Session-Expires: 90;refresher=uac", TAKES_UPDATE]);
    door.advanceToMessage(50000);
    door.deliver(call.respond(door.expect("UPDATE"), "500 Server Error", [], ""), anna);
    equal(door.advanceToMessage(50000), 15000, "60 s after the last refresh: 90 s less a third");
    const bye = door.expect("BYE");
    equal(headerOf(bye, "Reason"), 'SIP;cause=408;text="Request Timeout"', "Reason");
    equal(causeOf(door), EndCause.SESSION_EXPIRED, "cause");
    door.deliver(call.respond(bye, "200 OK", [], ""), anna);
    expectIdleAfter(door, 100000);
  });

  itSlow("takes any answer for a sign of life where the peer knows no session timers", () => {
    const door = new Door(LONG);
    const { call } = calledWith(door, []);
    for (let round = 0; round < 3; round += 1) {
      equal(door.advanceToMessage(50000), 45000, "milliseconds until the refresh");
      const invite = door.expect("INVITE");
      door.deliver(call.respond(invite, "488 Not Acceptable Here", [], ""), anna);
      door.expect("ACK");
    }
    expectTalking(door);
  });
});

describe("the peer as refresher", () => {
  itSlow("keeps the call by re-INVITE or UPDATE, and loses it when none comes (10)", () => {
    const door = new Door(LONG);
    const headers = ["Supported: timer", "Session-Expires: 90;refresher=uac"];
    const { call } = calledWith(door, headers);
    door.advance(45000);
    door.deliver(call.request("INVITE", headers, anna.description([])), anna);
    equal(headerOf(door.expect("200 INVITE"), "Session-Expires"), "90;refresher=uac", "Session-Expires of the 200");
    door.deliver(call.acknowledge(""), anna);
    door.advance(45000);
    door.deliver(call.request("UPDATE", headers, ""), anna);
    equal(headerOf(door.expect("200 UPDATE"), "Session-Expires"), "90;refresher=uac", "Session-Expires of the 200");
    door.advance(59999);
    expectTalking(door);
    door.advance(1);
    const bye = door.expect("BYE");
    equal(headersOf(bye, "Reason").length, 1, "Reason");
    equal(causeOf(door), EndCause.SESSION_EXPIRED, "cause");
  });

  itSlow("as the called side is believed for the interval of its 2xx: 32 s before its end at most", () => {
    const { door } = callingWith(LONG, ["Require: timer", "Session-Expires: 120;refresher=uas"]);
    door.advance(87999);
    expectTalking(door);
    door.advance(1);
    door.expect("BYE");
  });

  itSlow("that answers without Session-Expires has no timer, and the call goes on (7.2)", () => {
    const { door } = callingWith(LONG, []);
    door.advance(400000);
    expectTalking(door);
  });
});

describe("an INVITE of the station", () => {
  it("asks for the interval of the settings and leaves the refresher to the peer (7.1)", () => {
    const { call } = callingTo(anna, ["call.session-expires = 600"]);
    equal(headerOf(call.invite, "Session-Expires"), "600", "Session-Expires");
    isTrue(headerOf(call.invite, "Supported").indexOf("timer") >= 0, "Supported has timer");
    isTrue(!hasHeaderField(call.invite, "Min-SE"), "no Min-SE");
  });

  it("is sent once more with what a 422 asks for, and refused for good by the second (7.3)", () => {
    const { door, call } = callingTo(anna, []);
    door.deliver(call.respond(call.invite, "422 Session Interval Too Small", ["Min-SE: 3600"], ""), anna);
    door.expect("ACK");
    const second = door.expect("INVITE");
    equal(headerOf(second, "Session-Expires"), "3600", "Session-Expires");
    equal(headerOf(second, "Min-SE"), "3600", "Min-SE");
    equal(headerOf(second, "Call-ID"), call.callId, "Call-ID");
    equal(sequenceOf(second), sequenceOf(call.invite) + 1, "CSeq");
    door.deliver(call.respond(second, "422 Session Interval Too Small", ["Min-SE: 3600"], ""), anna);
    door.expect("ACK");
    equal(causeOf(door), EndCause.REFUSED, "cause");
    expectIdleAfter(door, 40000);
    door.press(0);
    equal(headerOf(door.expect("INVITE"), "Session-Expires"), "1800", "the next call begins anew");
  });
});
