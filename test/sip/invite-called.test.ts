// The called side of a session (RFC 3261 13.3, 14.2, 15.1.2, 9.2; RFC 3264), seen from the wire: a peer that a test plays
// calls a whole station, which answers the listed ones by itself.

import { StationEvent } from "../../firmware/intercom/event-log";
import { hangUpCall, StationState } from "../../firmware/intercom/station";
import { EndCause } from "../../firmware/sip/invite-session";
import { describe, equal, isTrue, it, itSlow } from "../harness";
import { Door, hangUp, talkAsCalled, talkAsCaller } from "../rig/door";
import {
  bodyOf,
  changed,
  hasHeaderField,
  headerOf,
  kindOf,
  mediaOf,
  parameterOf,
  startLine,
  textBetween,
  withHeaders,
} from "../rig/message-text";
import { Peer, type PeerCall } from "../rig/peer";

const EVERYBODY = "call.answer-from = *";
const SLOWLY = "call.answer-delay = 5";
const UNKNOWN_LAW =
  "v=0\r\no=- 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\nm=audio 4000 RTP/AVP 3\r\n";

const anna = new Peer("anna", 9, 5060);
const bert = new Peer("bert", 10, 5060);

function hangUpHere(door: Door): void {
  hangUpCall(door.device.station);
  door.poll();
}

function expectIdleAfter(door: Door, milliseconds: number): void {
  door.advance(milliseconds);
  equal(door.device.station.state, StationState.IDLE, "state of the station");
  equal(door.recordsInUse(), 0, "records in use");
  door.expectSilence();
}

function causeOf(door: Door): number {
  return Number(textBetween(` ${door.log.last(StationEvent.ENDED)}`, " ", " "));
}

/** A re-INVITE with a description, answered 200 and acknowledged. Returns the 200. */
function offerAnew(door: Door, call: PeerCall, body: string): string {
  door.deliver(call.inviteWith(body), call.peer);
  const answer = door.expect("200 INVITE");
  door.deliver(call.acknowledge(""), call.peer);
  return answer;
}

function packetsInASecond(door: Door): number {
  const before = door.voiceSent;
  door.advance(1000);
  return door.voiceSent - before;
}

describe("an incoming call", () => {
  it("is answered 200 with Contact, Allow and an answer to the offer, and stands with the ACK (13.3.1.4)", () => {
    const door = new Door([EVERYBODY]);
    const call = anna.newCall();
    door.deliver(call.inviteWith(anna.description([])), anna);
    const answer = door.expect("200 INVITE");
    equal(headerOf(answer, "Contact"), "<sip:door@192.0.2.4:5060>", "Contact");
    equal(headerOf(answer, "Allow").indexOf("INVITE, ACK, BYE, CANCEL, OPTIONS"), 0, "Allow");
    equal(headerOf(answer, "Supported"), "norefersub, 100rel, timer", "Supported");
    equal(mediaOf(answer).join("; "), "audio 10000 RTP/AVP 8 101 sendrecv", "media lines");
    equal(Number(headerOf(answer, "Content-Length")), bodyOf(answer).length, "Content-Length");
    equal(door.device.station.state, StationState.CONNECTING, "state before ACK");
    call.takeResponse(answer);
    door.deliver(call.acknowledge(""), anna);
    equal(door.device.station.state, StationState.TALKING, "state after ACK");
    hangUp(door, call);
    equal(causeOf(door), EndCause.REMOTE, "cause");
    expectIdleAfter(door, 40000);
  });

  it("rings with 180 while the answer waits, and 180 and 200 have one To tag", () => {
    const door = new Door([EVERYBODY, SLOWLY]);
    const call = anna.newCall();
    door.deliver(call.inviteWith(anna.description([])), anna);
    const ringing = door.expect("180 INVITE");
    door.advance(4999);
    door.expectSilence();
    door.advance(1);
    const answer = door.expect("200 INVITE");
    const tag = parameterOf(headerOf(ringing, "To"), "tag");
    equal(tag.length, 16, "letters of the tag");
    equal(parameterOf(headerOf(answer, "To"), "tag"), tag, "tag of the 200");
  });

  it("copies Record-Route into its responses and follows it in its own requests, as called (12.1.1)", () => {
    const door = new Door([EVERYBODY]);
    const call = anna.newCall();
    const routes = ["Record-Route: <sip:192.0.2.61:5070;lr>", "Record-Route: <sip:192.0.2.62;lr>"];
    door.deliver(withHeaders(changed(call.inviteWith(""), "Content-Length: 0", routes.join("\r\n")), []), anna);
    const answer = door.expect("200 INVITE");
    equal(headerOf(answer, "Record-Route"), "<sip:192.0.2.61:5070;lr>", "Record-Route of the 200");
    call.takeResponse(answer);
    door.deliver(call.acknowledge(anna.description([])), anna);
    hangUpHere(door);
    const bye = door.wire.nextDatagram();
    equal(`${bye.host}:${bye.port}`, "61:5070", "destination of BYE");
    equal(headerOf(bye.text, "Route"), "<sip:192.0.2.61:5070;lr>,<sip:192.0.2.62;lr>", "Route of BYE");
    equal(startLine(bye.text), "BYE sip:anna@192.0.2.9:5060 SIP/2.0", "request line of BYE");
  });

  it("is answered once: a retransmitted INVITE is never another call and never answered 486 (17.2.3)", () => {
    const door = new Door([EVERYBODY, SLOWLY]);
    const call = anna.newCall();
    const invite = call.inviteWith(anna.description([]));
    door.deliver(invite, anna);
    const ringing = door.expect("180 INVITE");
    door.deliver(invite, anna);
    equal(door.expect("180 INVITE"), ringing, "the answer to the second");
    door.advance(5000);
    call.takeResponse(door.expect("200 INVITE"));
    door.deliver(invite, anna);
    door.deliver(call.acknowledge(""), anna);
    door.deliver(invite, anna);
    door.expectSilence();
    equal(door.log.count(StationEvent.INCOMING), 1, "calls");
    hangUp(door, call);
  });

  itSlow("has its 2xx sent again at T1, doubling up to T2, until the ACK comes (13.3.1.4)", () => {
    const door = new Door([EVERYBODY]);
    const call = anna.newCall();
    door.deliver(call.inviteWith(anna.description([])), anna);
    const answer = door.wire.nextDatagram().text;
    door.advance(500);
    equal(door.expect("200 INVITE"), answer, "the second 200");
    door.advance(11500);
    equal(door.wire.times(), "1500 3500 7500 11500", "200 at");
    call.takeResponse(answer);
    door.deliver(call.acknowledge(""), anna);
    door.advance(20000);
    door.expectSilence();
    equal(door.device.station.state, StationState.TALKING, "state");
  });

  it("is ended with BYE when no ACK comes in 64*T1 (13.3.1.4)", () => {
    const door = new Door([EVERYBODY]);
    const call = anna.newCall();
    door.deliver(call.inviteWith(anna.description([])), anna);
    door.advance(31999);
    door.wire.forget();
    equal(door.device.station.state, StationState.CONNECTING, "state at 31,999 ms");
    door.advance(1);
    const bye = door.expect("BYE");
    equal(causeOf(door), EndCause.NO_ACKNOWLEDGEMENT, "cause");
    door.deliver(call.respond(bye, "200 OK", [], ""), anna);
    expectIdleAfter(door, 40000);
  });

  it("waits with BYE until the ACK when the station hangs up before it (15)", () => {
    const door = new Door([EVERYBODY]);
    const call = anna.newCall();
    door.deliver(call.inviteWith(anna.description([])), anna);
    call.takeResponse(door.expect("200 INVITE"));
    hangUpHere(door);
    door.expectSilence();
    equal(door.device.station.state, StationState.IDLE, "the station is free at once");
    door.deliver(call.acknowledge(""), anna);
    door.deliver(call.respond(door.expect("BYE"), "200 OK", [], ""), anna);
    expectIdleAfter(door, 40000);
  });

  it("ends with the caller's BYE also before the ACK", () => {
    const door = new Door([EVERYBODY]);
    const call = anna.newCall();
    door.deliver(call.inviteWith(anna.description([])), anna);
    call.takeResponse(door.expect("200 INVITE"));
    hangUp(door, call);
    expectIdleAfter(door, 40000);
  });

  it("that is cancelled while it rings gets 200 for CANCEL and 487 for INVITE (9.2)", () => {
    const door = new Door([EVERYBODY, SLOWLY]);
    const call = anna.newCall();
    door.deliver(call.inviteWith(anna.description([])), anna);
    door.expect("180 INVITE");
    door.deliver(call.cancel(), anna);
    door.expect("200 CANCEL");
    door.deliver(call.acknowledgeRefusal(door.expect("487 INVITE")), anna);
    equal(causeOf(door), EndCause.CANCELLED, "cause");
    expectIdleAfter(door, 40000);
  });

  it("goes on when CANCEL comes after the answer (9.2)", () => {
    const door = new Door([EVERYBODY]);
    const call = anna.newCall();
    door.deliver(call.inviteWith(anna.description([])), anna);
    call.takeResponse(door.expect("200 INVITE"));
    door.deliver(call.cancel(), anna);
    door.expect("200 CANCEL");
    door.deliver(call.acknowledge(""), anna);
    equal(door.device.station.state, StationState.TALKING, "state");
  });

  it("that is ended with BYE while it rings gets 200 for BYE and 487 for INVITE (15.1.2)", () => {
    const door = new Door([EVERYBODY, SLOWLY]);
    const call = anna.newCall();
    door.deliver(call.inviteWith(anna.description([])), anna);
    call.takeResponse(door.expect("180 INVITE"));
    door.deliver(call.bye(), anna);
    door.expect("200 BYE");
    door.deliver(call.acknowledgeRefusal(door.expect("487 INVITE")), anna);
    expectIdleAfter(door, 40000);
  });

  it("that comes while another is on hears 486, and the one that is on goes on", () => {
    const door = new Door([EVERYBODY]);
    const call = talkAsCalled(door, anna);
    const second = bert.newCall();
    door.deliver(second.inviteWith(bert.description([])), bert);
    door.deliver(second.acknowledgeRefusal(door.expect("486 INVITE")), bert);
    equal(door.device.station.state, StationState.TALKING, "state");
    equal(door.device.rtp.configuration.remote.address[3], 9, "the voice goes where it went");
    equal(packetsInASecond(door), 50, "packets of voice in a second");
    hangUp(door, call);
    expectIdleAfter(door, 40000);
  });
});

describe("a call without an offer (13.2.1)", () => {
  it("gets ours in the 200, and stands with the answer in the ACK", () => {
    const door = new Door([EVERYBODY]);
    const call = anna.newCall();
    door.deliver(call.inviteWith(""), anna);
    const answer = door.expect("200 INVITE");
    equal(mediaOf(answer).join("; "), "audio 10000 RTP/AVP 8 0 101 sendrecv", "media lines");
    call.takeResponse(answer);
    door.deliver(call.acknowledge(anna.description([])), anna);
    equal(door.device.station.state, StationState.TALKING, "state");
    equal(packetsInASecond(door), 50, "packets of voice in a second");
  });

  it("is ended with BYE when the ACK has no answer", () => {
    const door = new Door([EVERYBODY]);
    const call = anna.newCall();
    door.deliver(call.inviteWith(""), anna);
    call.takeResponse(door.expect("200 INVITE"));
    door.deliver(call.acknowledge(""), anna);
    door.deliver(call.respond(door.expect("BYE"), "200 OK", [], ""), anna);
    equal(causeOf(door), EndCause.NO_COMMON_MEDIA, "cause");
    expectIdleAfter(door, 40000);
  });

  it("gets an offer of its own session, not that of the call before (RFC 4566 5.2)", () => {
    const door = new Door([EVERYBODY]);
    const first = talkAsCaller(door, bert);
    hangUp(door, first);
    const origins: string[] = [];
    for (let count = 0; count < 2; count += 1) {
      const call = anna.newCall();
      door.deliver(call.inviteWith(""), anna);
      const offer = door.expect("200 INVITE");
      origins.push(textBetween(bodyOf(offer), "o=- ", " "));
      equal(textBetween(bodyOf(offer), `o=- ${origins[count]} `, " "), "1", "version of a new session");
      call.takeResponse(offer);
      door.deliver(call.acknowledge(anna.description([])), anna);
      hangUp(door, call);
    }
    isTrue(origins[0] !== origins[1], "session numbers differ");
  });
});

describe("a new offer in a call (14.2)", () => {
  it("puts the call on hold and takes it up again (RFC 3264 8.4)", () => {
    const door = new Door([EVERYBODY]);
    const call = talkAsCaller(door, anna);
    equal(packetsInASecond(door), 50, "packets of voice before");
    equal(
      mediaOf(offerAnew(door, call, anna.description(["a=sendonly"])))[0],
      "audio 10000 RTP/AVP 8 101 recvonly",
      "hold",
    );
    equal(packetsInASecond(door), 0, "packets of voice on hold");
    equal(
      mediaOf(offerAnew(door, call, anna.description(["a=inactive"])))[0],
      "audio 10000 RTP/AVP 8 101 inactive",
      "off",
    );
    equal(packetsInASecond(door), 0, "packets of voice while off");
    equal(mediaOf(offerAnew(door, call, anna.description([])))[0], "audio 10000 RTP/AVP 8 101 sendrecv", "resumed");
    equal(packetsInASecond(door), 50, "packets of voice after");
    equal(door.device.station.state, StationState.TALKING, "state");
    hangUp(door, call);
    expectIdleAfter(door, 40000);
  });

  it("that changes something is answered with a higher version of the same session (RFC 3264 8)", () => {
    const door = new Door([EVERYBODY]);
    const call = anna.newCall();
    door.deliver(call.inviteWith(anna.description([])), anna);
    const first = textBetween(bodyOf(door.wire.next()), "o=- ", "\r");
    call.takeResponse("");
    const parts = first.split(" ");
    equal(parts[1], "1", "version of the first");
    hangUpHere(door);
    const other = new Door([EVERYBODY]);
    const talk = talkAsCaller(other, anna);
    const second = textBetween(bodyOf(offerAnew(other, talk, anna.description(["a=sendonly"]))), "o=- ", "\r").split(
      " ",
    );
    equal(second[1], "2", "version of the second");
  });

  it("without a description takes a call from hold, because it is offered in both directions (RFC 6337)", () => {
    const door = new Door([EVERYBODY]);
    const call = talkAsCaller(door, anna);
    offerAnew(door, call, anna.description(["a=sendonly"]));
    door.deliver(call.inviteWith(""), anna);
    equal(mediaOf(door.expect("200 INVITE"))[0], "audio 10000 RTP/AVP 8 101 sendrecv", "offer");
    door.deliver(call.acknowledge(anna.description([])), anna);
    equal(packetsInASecond(door), 50, "packets of voice in a second");
  });

  it("moves the voice to the address that it names", () => {
    const door = new Door([EVERYBODY]);
    const call = talkAsCaller(door, anna);
    offerAnew(door, call, bert.description([]));
    equal(door.device.rtp.configuration.remote.address[3], 10, "the voice goes to");
  });

  it("works in a call that the station began, too", () => {
    const door = new Door([]);
    const call = talkAsCalled(door, anna);
    equal(
      mediaOf(offerAnew(door, call, anna.description(["a=sendonly"])))[0],
      "audio 10000 RTP/AVP 8 101 recvonly",
      "hold",
    );
    equal(door.device.station.state, StationState.TALKING, "state");
    hangUp(door, call);
    expectIdleAfter(door, 40000);
  });

  it("moves the target of later requests to its Contact (12.2.2)", () => {
    const door = new Door([EVERYBODY]);
    const call = talkAsCaller(door, anna);
    door.deliver(changed(call.inviteWith(anna.description([])), anna.contact, "<sip:anna@192.0.2.33:5090>"), anna);
    door.expect("200 INVITE");
    door.deliver(call.acknowledge(""), anna);
    hangUpHere(door);
    const bye = door.wire.nextDatagram();
    equal(startLine(bye.text), "BYE sip:anna@192.0.2.33:5090 SIP/2.0", "request line");
    equal(`${bye.host}:${bye.port}`, "33:5090", "destination");
  });

  it("that cannot be taken is answered 488, and the call goes on as it was (14.2)", () => {
    const door = new Door([EVERYBODY]);
    const call = talkAsCaller(door, anna);
    door.deliver(call.inviteWith(UNKNOWN_LAW), anna);
    door.deliver(call.acknowledgeRefusal(door.expect("488 INVITE")), anna);
    equal(door.device.station.state, StationState.TALKING, "state");
    equal(packetsInASecond(door), 50, "packets of voice in a second");
    hangUp(door, call);
    expectIdleAfter(door, 40000);
  });

  it("without a description gets what stands, offered anew, also after one that was refused (14.2)", () => {
    const door = new Door([EVERYBODY]);
    const call = anna.newCall();
    const video = "m=video 4010 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n";
    door.deliver(call.inviteWith(`${anna.description([])}${video}`), anna);
    const first = door.expect("200 INVITE");
    equal(
      mediaOf(first).join("; "),
      "audio 10000 RTP/AVP 8 101 sendrecv; video 0 RTP/AVP 96",
      "media lines of the answer",
    );
    call.takeResponse(first);
    door.deliver(call.acknowledge(""), anna);
    door.deliver(call.inviteWith(UNKNOWN_LAW), anna);
    door.deliver(call.acknowledgeRefusal(door.expect("488 INVITE")), anna);
    door.deliver(call.inviteWith(""), anna);
    const offer = door.expect("200 INVITE");
    equal(
      mediaOf(offer).join("; "),
      "audio 10000 RTP/AVP 8 101 sendrecv; video 0 RTP/AVP 96",
      "media lines of the offer",
    );
    door.deliver(call.acknowledge(anna.description([])), anna);
    equal(door.device.station.state, StationState.TALKING, "state");
    hangUp(door, call);
    expectIdleAfter(door, 40000);
  });

  itSlow(
    "that comes before the last one is acknowledged hears 500 with Retry-After of 0 to 10, and the last one counts (14.2)",
    () => {
      const door = new Door([EVERYBODY]);
      const call = anna.newCall();
      door.deliver(call.inviteWith(anna.description([])), anna);
      call.takeResponse(door.expect("200 INVITE"));
      const first = call.acknowledge("");
      door.deliver(call.inviteWith(anna.description([])), anna);
      const refusal = door.expect("500 INVITE");
      const seconds = Number(headerOf(refusal, "Retry-After"));
      isTrue(hasHeaderField(refusal, "Retry-After") && seconds >= 0 && seconds <= 10, "Retry-After is 0 to 10");
      door.deliver(call.acknowledgeRefusal(refusal), anna);
      door.deliver(first, anna);
      equal(door.device.station.state, StationState.TALKING, "state after the ACK of the first");
      door.advance(33000);
      door.expectSilence();
      hangUp(door, call);
    },
  );

  it("whose ACK comes behind a later request in the dialog is acknowledged all the same", () => {
    const door = new Door([EVERYBODY]);
    const call = anna.newCall();
    door.deliver(call.inviteWith(anna.description([])), anna);
    call.takeResponse(door.expect("200 INVITE"));
    door.deliver(call.request("OPTIONS", [], ""), anna);
    door.expect("200 OPTIONS");
    door.deliver(call.acknowledge(""), anna);
    equal(door.device.station.state, StationState.TALKING, "state");
  });

  it("that comes while our BYE is out hears 491", () => {
    const door = new Door([EVERYBODY]);
    const call = talkAsCaller(door, anna);
    hangUpHere(door);
    const bye = door.expect("BYE");
    door.deliver(call.inviteWith(anna.description([])), anna);
    door.deliver(call.acknowledgeRefusal(door.expect("491 INVITE")), anna);
    door.deliver(call.respond(bye, "200 OK", [], ""), anna);
    expectIdleAfter(door, 40000);
  });

  itSlow("whose 200 is not acknowledged ends the call with BYE (14.2)", () => {
    const door = new Door([EVERYBODY]);
    const call = talkAsCaller(door, anna);
    door.deliver(call.inviteWith(anna.description([])), anna);
    door.advance(31999);
    equal(door.wire.times(), "0 500 1500 3500 7500 11500 15500 19500 23500 27500 31500", "200 at");
    door.advance(1);
    door.deliver(call.respond(door.expect("BYE"), "200 OK", [], ""), anna);
    equal(causeOf(door), EndCause.NO_ACKNOWLEDGEMENT, "cause");
    expectIdleAfter(door, 40000);
  });

  it("that is pending when the station hangs up leaves one BYE and no more 200", () => {
    const door = new Door([EVERYBODY]);
    const call = talkAsCaller(door, anna);
    door.deliver(call.inviteWith(anna.description([])), anna);
    door.expect("200 INVITE");
    hangUpHere(door);
    const bye = door.expect("BYE");
    door.advance(400);
    door.deliver(call.acknowledge(""), anna);
    door.advance(1200);
    equal(door.expect("BYE"), bye, "the BYE, sent again");
    equal(door.expect("BYE"), bye, "and again");
    door.expectSilence();
    door.deliver(call.respond(bye, "200 OK", [], ""), anna);
    expectIdleAfter(door, 40000);
  });
});

describe("a request in a call", () => {
  it("with a CSeq that is not above the last one hears 500 (12.2.2)", () => {
    const door = new Door([EVERYBODY]);
    const call = talkAsCaller(door, anna);
    call.sequence -= 1;
    door.deliver(call.bye(), anna);
    door.expect("500 BYE");
    equal(door.device.station.state, StationState.TALKING, "state");
  });

  it("that is OPTIONS hears 200, a method that is not taken 405 with Allow, an unknown one 501", () => {
    const door = new Door([EVERYBODY]);
    const call = talkAsCaller(door, anna);
    door.deliver(call.request("OPTIONS", [], ""), anna);
    door.expect("200 OPTIONS");
    door.deliver(call.request("PUBLISH", [], ""), anna);
    equal(headerOf(door.expect("405 PUBLISH"), "Allow").indexOf("INVITE, ACK, BYE, CANCEL, OPTIONS"), 0, "Allow");
    door.deliver(call.request("DANCE", [], ""), anna);
    door.expect("501 DANCE");
    equal(door.device.station.state, StationState.TALKING, "state");
  });

  it("with the Call-ID and one wrong tag hears 481, whatever it is, and the call goes on (12.2.2)", () => {
    const door = new Door([EVERYBODY]);
    const call = talkAsCaller(door, anna);
    const wrong = [
      changed(call.bye(), `tag=${call.localTag}`, "tag=somebody"),
      changed(call.bye(), `tag=${call.remoteTag}`, "tag=somebody"),
      changed(call.bye(), `;tag=${call.remoteTag}`, ""),
      changed(call.inviteWith(anna.description([])), `tag=${call.localTag}`, "tag=somebody"),
    ];
    for (let index = 0; index < wrong.length; index += 1) {
      door.deliver(wrong[index], anna);
      equal(kindOf(door.wire.next()).substring(0, 3), "481", `answer ${index}`);
    }
    equal(door.device.station.state, StationState.TALKING, "state");
    door.deliver(call.acknowledgeRefusal("To: x\r\n\r\n"), anna);
  });

  it("that is an ACK of nothing is dropped", () => {
    const door = new Door([EVERYBODY]);
    const call = talkAsCaller(door, anna);
    const sequence = call.invite;
    call.invite = changed(sequence, "CSeq: ", "CSeq: 7");
    door.deliver(call.acknowledge(""), anna);
    call.remoteTag = "nobody";
    door.deliver(call.acknowledge(""), anna);
    door.expectSilence();
    equal(door.device.station.state, StationState.TALKING, "state");
  });
});
