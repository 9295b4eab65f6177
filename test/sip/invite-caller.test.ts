// The calling side of a session (RFC 3261 13.2, 9.1, 15; RFC 3264), seen from the wire: a whole station calls a peer that a
// test plays.

import { StationEvent } from "../../firmware/intercom/event-log";
import { hangUpCall, StationState } from "../../firmware/intercom/station";
import { EndCause } from "../../firmware/sip/invite-session";
import { describe, equal, isTrue, it, itSlow } from "../harness";
import { Door, hangUp, talkAsCalled } from "../rig/door";
import {
  bodyOf,
  changed,
  hasHeaderField,
  headerOf,
  headersOf,
  mediaOf,
  parameterOf,
  startLine,
  textBetween,
  without,
} from "../rig/message-text";
import { Peer, type PeerCall } from "../rig/peer";

const anna = new Peer("anna", 9, 5060);
const OTHER_LAWS = "m=audio 4000 RTP/AVP 3\r\na=rtpmap:3 GSM/8000\r\n";

/** A station whose button was pressed; its INVITE is read. */
function calling(settings: string[]): { door: Door; call: PeerCall } {
  const door = new Door(settings);
  door.press(0);
  return { door, call: anna.takeCall(door.expect("INVITE")) };
}

function hangUpHere(door: Door): void {
  hangUpCall(door.device.station);
  door.poll();
}

/** Fails unless everything is over and nothing is left: state, records, messages. */
function expectIdleAfter(door: Door, milliseconds: number): void {
  door.advance(milliseconds);
  equal(door.device.station.state, StationState.IDLE, "state of the station");
  equal(door.recordsInUse(), 0, "records in use");
  door.expectSilence();
}

/** EndCause and status code of the last end: "4 486". */
function endOf(door: Door): string {
  const parts = door.log.last(StationEvent.ENDED).split(" ");
  return `${parts[0]} ${parts[1]}`;
}

function causeOf(door: Door): number {
  return Number(endOf(door).split(" ")[0]);
}

describe("the INVITE of the station", () => {
  it("has all that RFC 3261 8.1.1 and 13.2.1 ask for", () => {
    const { door, call } = calling(["account.display-name = Front door"]);
    const invite = call.invite;
    equal(startLine(invite), "INVITE sip:anna@192.0.2.9 SIP/2.0", "request line");
    equal(headerOf(invite, "Via").indexOf("SIP/2.0/UDP 192.0.2.4:5060;branch=z9hG4bK"), 0, "Via");
    isTrue(headerOf(invite, "Via").indexOf(";rport") > 0, "Via asks for rport");
    equal(headerOf(invite, "Max-Forwards"), "70", "Max-Forwards");
    equal(headerOf(invite, "From").indexOf('"Front door" <sip:door@192.0.2.4:5060>;tag='), 0, "From");
    equal(parameterOf(headerOf(invite, "From"), "tag").length, 16, "letters of the From tag");
    equal(headerOf(invite, "To"), "<sip:anna@192.0.2.9>", "To");
    equal(headerOf(invite, "Contact"), "<sip:door@192.0.2.4:5060>", "Contact");
    equal(headerOf(invite, "Allow").indexOf("INVITE, ACK, BYE, CANCEL, OPTIONS"), 0, "Allow");
    isTrue(headerOf(invite, "Allow").indexOf("UPDATE, PRACK") > 0, "Allow has UPDATE and PRACK");
    equal(headerOf(invite, "Supported"), "norefersub, 100rel, timer", "Supported");
    equal(headerOf(invite, "Session-Expires"), "1800", "Session-Expires");
    equal(headerOf(invite, "Content-Type"), "application/sdp", "Content-Type");
    equal(Number(headerOf(invite, "Content-Length")), bodyOf(invite).length, "Content-Length");
    door.expectSilence();
  });

  it("offers both laws and telephone events in both directions (RFC 3264 5)", () => {
    const { call } = calling([]);
    equal(mediaOf(call.invite).join("; "), "audio 10000 RTP/AVP 8 0 101 sendrecv", "media lines");
    equal(textBetween(bodyOf(call.invite), "c=", "\r"), "IN IP4 192.0.2.4", "address");
  });

  it("has another Call-ID, From tag and branch in every call", () => {
    const { door, call } = calling([]);
    door.deliver(call.respond(call.invite, "486 Busy Here", [], ""), anna);
    door.expect("ACK");
    door.press(0);
    const second = anna.takeCall(door.expect("INVITE"));
    isTrue(second.callId !== call.callId, "the Call-ID is new");
    isTrue(second.remoteTag !== call.remoteTag, "the tag is new");
    isTrue(headerOf(second.invite, "Via") !== headerOf(call.invite, "Via"), "the branch is new");
  });

  it("goes to the outbound proxy and names it in Route (RFC 3261 8.1.2)", () => {
    const door = new Door(["account.outbound-proxy = 192.0.2.50:5080", "account.domain = 192.0.2.9"]);
    door.press(0);
    const datagram = door.wire.nextDatagram();
    equal(`${datagram.host}:${datagram.port}`, "50:5080", "destination");
    equal(headerOf(datagram.text, "Route"), "<sip:192.0.2.50:5080;lr>", "Route");
    equal(startLine(datagram.text), "INVITE sip:anna@192.0.2.9 SIP/2.0", "request line");
  });
});

describe("a call that is answered", () => {
  it("is acknowledged at the Contact of the 2xx with a branch of its own and the INVITE's CSeq number (13.2.2.4)", () => {
    const { door, call } = calling([]);
    door.deliver(call.answer("180 Ringing", ""), anna);
    const answer = changed(call.answer("200 OK", anna.description([])), anna.contact, "<sip:desk@192.0.2.30:5062>");
    door.deliver(answer, anna);
    const datagram = door.wire.nextDatagram();
    const ack = datagram.text;
    equal(startLine(ack), "ACK sip:desk@192.0.2.30:5062 SIP/2.0", "request line");
    equal(`${datagram.host}:${datagram.port}`, "30:5062", "destination");
    isTrue(headerOf(ack, "Via") !== headerOf(call.invite, "Via"), "the branch is its own");
    equal(headerOf(ack, "CSeq"), `${textBetween(` ${headerOf(call.invite, "CSeq")}`, " ", " ")} ACK`, "CSeq");
    equal(headerOf(ack, "To"), "<sip:anna@192.0.2.9>;tag=anna-tag", "To");
    equal(bodyOf(ack), "", "body");
    equal(door.device.station.state, StationState.TALKING, "state");
  });

  it("follows the record route backwards, as caller (12.1.2)", () => {
    const { door, call } = calling([]);
    const routes = ["Record-Route: <sip:192.0.2.61;lr>", "Record-Route: <sip:192.0.2.62:5070;lr>, <sip:192.0.2.63;lr>"];
    const answer = call.respond(call.invite, "200 OK", [`Contact: ${anna.contact}`, ...routes], anna.description([]));
    door.deliver(answer, anna);
    const ack = door.wire.nextDatagram();
    const expected = "<sip:192.0.2.63;lr>,<sip:192.0.2.62:5070;lr>,<sip:192.0.2.61;lr>";
    equal(`${ack.host}:${ack.port}`, "63:5060", "destination of ACK");
    equal(headerOf(ack.text, "Route"), expected, "Route of ACK");
    hangUpHere(door);
    const bye = door.wire.nextDatagram();
    equal(`${bye.host}:${bye.port}`, "63:5060", "destination of BYE");
    equal(headerOf(bye.text, "Route"), expected, "Route of BYE");
    equal(startLine(bye.text), "BYE sip:anna@192.0.2.9:5060 SIP/2.0", "request line of BYE");
  });

  itSlow("answers every retransmission of the 2xx with the same ACK, octet for octet (13.2.2.4)", () => {
    const { door, call } = calling([]);
    const answer = call.answer("200 OK", anna.description([]));
    door.deliver(answer, anna);
    const ack = door.expect("ACK");
    door.advance(500);
    door.deliver(answer, anna);
    equal(door.expect("ACK"), ack, "the second ACK");
    door.advance(20000);
    door.deliver(answer, anna);
    equal(door.expect("ACK"), ack, "the third ACK");
    equal(door.log.count(StationEvent.TALKING), 1, "reports of the answer");
  });

  it("ends with the peer's BYE, which is answered 200 (15.1.2)", () => {
    const door = new Door([]);
    const call = talkAsCalled(door, anna);
    door.advance(1000);
    hangUp(door, call);
    equal(causeOf(door), EndCause.REMOTE, "cause");
    expectIdleAfter(door, 40000);
  });

  it("ends with a BYE of its own, whose CSeq is above the INVITE's (15.1.1)", () => {
    const door = new Door([]);
    const call = talkAsCalled(door, anna);
    hangUpHere(door);
    const bye = door.expect("BYE");
    const sequence = Number(textBetween(` ${headerOf(call.invite, "CSeq")}`, " ", " "));
    equal(headerOf(bye, "CSeq"), `${sequence + 1} BYE`, "CSeq");
    equal(headerOf(bye, "Call-ID"), call.callId, "Call-ID");
    equal(headerOf(bye, "To"), "<sip:anna@192.0.2.9>;tag=anna-tag", "To");
    equal(headerOf(bye, "From"), headerOf(call.invite, "From"), "From");
    door.deliver(call.respond(bye, "200 OK", [], ""), anna);
    equal(causeOf(door), EndCause.LOCAL, "cause");
    expectIdleAfter(door, 40000);
  });

  it("is over although nobody answers its BYE (15.1.1)", () => {
    const door = new Door([]);
    talkAsCalled(door, anna);
    const began = door.clock.elapsed;
    hangUpHere(door);
    door.advance(40000);
    const bye = door.wire.nextDatagram();
    equal(bye.time, began, "the first BYE");
    equal(door.wire.waiting(), 10, "retransmissions");
    door.wire.forget();
    expectIdleAfter(door, 1);
  });

  it("is over for both when both hang up at the same time", () => {
    const door = new Door([]);
    const call = talkAsCalled(door, anna);
    hangUpHere(door);
    const bye = door.expect("BYE");
    hangUp(door, call);
    door.deliver(call.respond(bye, "481 Call/Transaction Does Not Exist", [], ""), anna);
    expectIdleAfter(door, 40000);
    equal(door.log.count(StationEvent.ENDED), 1, "reports of the end");
  });

  it("is ended with ACK and BYE when the 2xx has no answer to the offer (13.2.2.4, RFC 3264 5)", () => {
    const { door, call } = calling([]);
    door.deliver(call.answer("200 OK", ""), anna);
    door.expect("ACK");
    door.deliver(call.respond(door.expect("BYE"), "200 OK", [], ""), anna);
    equal(causeOf(door), EndCause.NO_COMMON_MEDIA, "cause");
    expectIdleAfter(door, 40000);
  });

  it("is ended with ACK and BYE when the answer has no law that was offered", () => {
    const { door, call } = calling([]);
    const answer = `v=0\r\no=- 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\n${OTHER_LAWS}`;
    door.deliver(call.answer("200 OK", answer), anna);
    door.expect("ACK");
    door.deliver(call.respond(door.expect("BYE"), "200 OK", [], ""), anna);
    equal(causeOf(door), EndCause.NO_COMMON_MEDIA, "cause");
    expectIdleAfter(door, 40000);
  });

  it("ends at once when the 2xx says nowhere to send the ACK", () => {
    const { door, call } = calling([]);
    door.deliver(without(call.answer("200 OK", anna.description([])), "Contact"), anna);
    equal(causeOf(door), EndCause.NO_ROUTE, "cause without Contact");
    expectIdleAfter(door, 40000);
    const second = calling([]);
    const lost = changed(
      second.call.answer("200 OK", anna.description([])),
      anna.contact,
      "<sip:anna@nowhere.example>",
    );
    second.door.deliver(lost, anna);
    equal(causeOf(second.door), EndCause.NO_ROUTE, "cause with a Contact of no known address");
    expectIdleAfter(second.door, 40000);
  });
});

describe("early media", () => {
  it("is heard before the answer, and the same call goes on with it (13.2.1, 183)", () => {
    const { door, call } = calling([]);
    door.deliver(call.answer("183 Session Progress", anna.description([])), anna);
    const before = door.voiceSent;
    door.advance(1000);
    equal(door.device.station.state, StationState.CALLING, "state");
    equal(door.voiceSent - before, 50, "packets of voice in a second");
    door.deliver(call.answer("200 OK", anna.description([])), anna);
    door.expect("ACK");
    equal(door.device.station.state, StationState.TALKING, "state after the answer");
    door.advance(1000);
    equal(door.voiceSent - before, 100, "packets of voice in two seconds");
  });

  it("of one fork does not stand when another fork answers: its answer counts (13.2.2.4)", () => {
    const { door, call } = calling([]);
    door.deliver(call.answer("183 Session Progress", anna.description([])), anna);
    const bert = new Peer("bert", 10, 5060);
    const fork = bert.takeCall(call.invite);
    door.deliver(fork.answer("200 OK", bert.description([])), bert);
    door.expect("ACK");
    equal(door.device.station.state, StationState.TALKING, "state");
    equal(door.device.rtp.configuration.remote.address[3], 10, "the voice goes to the one who answered");
  });

  it("that does not fit ends nothing: the 2xx decides", () => {
    const { door, call } = calling([]);
    door.deliver(call.answer("183 Session Progress", "v=0\r\nnonsense\r\n"), anna);
    equal(door.device.station.state, StationState.CALLING, "state");
    door.deliver(call.answer("200 OK", anna.description([])), anna);
    door.expect("ACK");
    equal(door.device.station.state, StationState.TALKING, "state after the answer");
  });
});

describe("a forked INVITE", () => {
  it("keeps the first answer; the second is acknowledged and ended with BYE (13.2.2.4)", () => {
    const door = new Door([]);
    const call = talkAsCalled(door, anna);
    const bert = new Peer("bert", 10, 5060);
    const fork = bert.takeCall(call.invite);
    door.deliver(fork.answer("200 OK", bert.description([])), bert);
    const ack = door.wire.nextDatagram();
    equal(startLine(ack.text), "ACK sip:bert@192.0.2.10:5060 SIP/2.0", "ACK");
    equal(ack.host, 10, "destination of ACK");
    const bye = door.wire.nextDatagram();
    equal(startLine(bye.text), "BYE sip:bert@192.0.2.10:5060 SIP/2.0", "BYE");
    equal(parameterOf(headerOf(bye.text, "To"), "tag"), "bert-tag", "To tag of BYE");
    door.deliver(fork.respond(bye.text, "200 OK", [], ""), bert);
    equal(door.device.station.state, StationState.TALKING, "state");
    equal(door.device.rtp.configuration.remote.address[3], 9, "the voice still goes to the first");
    hangUp(door, call);
    expectIdleAfter(door, 40000);
  });

  it("answers a retransmitted 2xx of either fork with the ACK of that fork, and ends the second only once", () => {
    const { door, call } = calling([]);
    const first = call.answer("200 OK", anna.description([]));
    door.deliver(first, anna);
    const firstAck = door.expect("ACK");
    const bert = new Peer("bert", 10, 5060);
    const fork = bert.takeCall(call.invite);
    const second = fork.answer("200 OK", bert.description([]));
    door.deliver(second, bert);
    door.expect("ACK");
    door.deliver(fork.respond(door.expect("BYE"), "200 OK", [], ""), bert);
    door.deliver(first, anna);
    equal(door.expect("ACK"), firstAck, "the ACK of the first fork");
    door.deliver(second, bert);
    equal(startLine(door.expect("ACK")), "ACK sip:bert@192.0.2.10:5060 SIP/2.0", "the ACK of the second fork");
    door.expectSilence();
  });
});

describe("a call that is given up", () => {
  it("sends CANCEL with the INVITE's branch, Request-URI, From, To, Call-ID and CSeq number (9.1)", () => {
    const { door, call } = calling([]);
    door.deliver(call.answer("180 Ringing", ""), anna);
    hangUpHere(door);
    const cancel = door.expect("CANCEL");
    equal(startLine(cancel), "CANCEL sip:anna@192.0.2.9 SIP/2.0", "request line");
    equal(headersOf(cancel, "Via").join(), headerOf(call.invite, "Via"), "Via");
    equal(headerOf(cancel, "From"), headerOf(call.invite, "From"), "From");
    equal(headerOf(cancel, "To"), headerOf(call.invite, "To"), "To");
    equal(headerOf(cancel, "Call-ID"), call.callId, "Call-ID");
    equal(headerOf(cancel, "CSeq"), changed(headerOf(call.invite, "CSeq"), "INVITE", "CANCEL"), "CSeq");
    isTrue(!hasHeaderField(cancel, "Content-Type"), "it has no body");
    door.deliver(call.respond(cancel, "200 OK", [], ""), anna);
    door.deliver(call.respond(call.invite, "487 Request Terminated", [], ""), anna);
    door.expect("ACK");
    equal(causeOf(door), EndCause.LOCAL, "cause");
    expectIdleAfter(door, 40000);
  });

  it("waits with CANCEL until the first provisional response (9.1)", () => {
    const { door, call } = calling([]);
    hangUpHere(door);
    door.expectSilence();
    equal(door.device.station.state, StationState.IDLE, "the station is free at once");
    door.deliver(call.respond(call.invite, "100 Trying", [], ""), anna);
    door.deliver(call.respond(door.expect("CANCEL"), "200 OK", [], ""), anna);
    door.deliver(call.respond(call.invite, "487 Request Terminated", [], ""), anna);
    door.expect("ACK");
    expectIdleAfter(door, 40000);
  });

  it("sends one CANCEL, however many provisional responses follow", () => {
    const { door, call } = calling([]);
    door.deliver(call.answer("180 Ringing", ""), anna);
    hangUpHere(door);
    door.deliver(call.respond(door.expect("CANCEL"), "200 OK", [], ""), anna);
    door.deliver(call.answer("180 Ringing", ""), anna);
    door.deliver(call.answer("183 Session Progress", ""), anna);
    door.expectSilence();
  });

  itSlow("never sends CANCEL when nobody has said anything", () => {
    const { door } = calling([]);
    hangUpHere(door);
    door.advance(40000);
    const kinds: string[] = [];
    while (door.wire.waiting() > 0) {
      kinds.push(textBetween(` ${door.wire.next()}`, " ", " "));
    }
    equal(kinds.join(" "), "INVITE INVITE INVITE INVITE INVITE INVITE", "messages");
    expectIdleAfter(door, 1);
  });

  it("answers a 2xx that crossed the CANCEL with ACK and BYE (9.1, 15)", () => {
    const { door, call } = calling([]);
    door.deliver(call.answer("180 Ringing", ""), anna);
    hangUpHere(door);
    const cancel = door.expect("CANCEL");
    door.deliver(call.answer("200 OK", anna.description([])), anna);
    door.expect("ACK");
    const bye = door.expect("BYE");
    door.deliver(call.respond(cancel, "200 OK", [], ""), anna);
    door.deliver(call.respond(bye, "200 OK", [], ""), anna);
    equal(door.log.count(StationEvent.TALKING), 0, "nobody talks");
    equal(door.voiceSent, 0, "no voice leaves");
    expectIdleAfter(door, 40000);
  });

  it("is forgotten after 64*T1 when the INVITE gets no final response (9.1)", () => {
    const { door, call } = calling([]);
    door.deliver(call.answer("180 Ringing", ""), anna);
    hangUpHere(door);
    door.deliver(call.respond(door.expect("CANCEL"), "200 OK", [], ""), anna);
    expectIdleAfter(door, 33000);
    door.deliver(call.respond(call.invite, "401 Unauthorized", [], ""), anna);
    door.deliver(call.answer("180 Ringing", ""), anna);
    expectIdleAfter(door, 1000);
  });

  it("leaves the station free to call again while the first INVITE is still being cancelled", () => {
    const { door, call } = calling([]);
    door.deliver(call.answer("180 Ringing", ""), anna);
    hangUpHere(door);
    const cancel = door.expect("CANCEL");
    door.press(0);
    const second = anna.takeCall(door.expect("INVITE"));
    door.deliver(call.respond(cancel, "200 OK", [], ""), anna);
    door.deliver(call.respond(call.invite, "487 Request Terminated", [], ""), anna);
    door.expect("ACK");
    door.deliver(second.answer("200 OK", anna.description([])), anna);
    door.expect("ACK");
    equal(door.device.station.state, StationState.TALKING, "state of the second call");
    hangUp(door, second);
    expectIdleAfter(door, 40000);
  });
});

describe("a call that comes to nothing", () => {
  const refusals = [
    "302 Moved",
    "404 Not Found",
    "480 Away",
    "486 Busy Here",
    "503 Service Unavailable",
    "603 Decline",
  ];
  for (let index = 0; index < refusals.length; index += 1) {
    const refusal = refusals[index];
    it(`is acknowledged and over after ${refusal}`, () => {
      const { door, call } = calling([]);
      door.deliver(call.respond(call.invite, refusal, [], ""), anna);
      door.expect("ACK");
      equal(endOf(door), `${EndCause.REFUSED} ${refusal.substring(0, 3)}`, "cause and code");
      expectIdleAfter(door, 40000);
    });
  }

  itSlow("is over after 64*T1 when nobody answers (17.1.1.2, Timer B)", () => {
    const { door } = calling([]);
    door.advance(32000);
    equal(causeOf(door), EndCause.UNREACHABLE, "cause");
    door.wire.forget();
    expectIdleAfter(door, 40000);
  });

  it("ignores a 2xx to an INVITE that was refused", () => {
    const { door, call } = calling([]);
    door.deliver(call.respond(call.invite, "486 Busy Here", [], ""), anna);
    door.expect("ACK");
    door.deliver(call.answer("200 OK", anna.description([])), anna);
    expectIdleAfter(door, 40000);
  });
});
