// Calls whose offer is left to the called side (RFC 3261 13.2.1, 13.2.2.4; RFC 3262 5; RFC 3311 5.1), seen from the wire: the INVITE
// has none, the first reliable response brings it, and PRACK or ACK has the answer.

import { StationEvent } from "../../firmware/intercom/event-log";
import { StationState } from "../../firmware/intercom/station";
import { EndCause } from "../../firmware/sip/invite-session";
import { reofferSession } from "../../firmware/sip/session-change";
import { testEndpoint } from "../fake-udp";
import { describe, equal, it, itSlow } from "../harness";
import {
  callingTo,
  causeOf,
  expectIdleAfter,
  expectTalking,
  giveTransactionsBack,
  hangUpHere,
  packetsInASecond,
  sessionOf,
  takeTransactions,
} from "../rig/call";
import { challengeOf, expectDigest } from "../rig/digest";
import { type Door, hangUp } from "../rig/door";
import { bodyOf, changed, headerOf, mediaOf, parameterOf, startLine } from "../rig/message-text";
import { NameServer } from "../rig/name-server";
import { Peer, type PeerCall } from "../rig/peer";

const DELAYED = "call.offer = delayed";
/** Nothing that a door can take: two media lines, the second of a protocol that we do not speak. */
const UNFIT =
  "v=0\r\no=- 1 2 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\n" +
  "m=audio 4000 RTP/AVP 3\r\na=rtpmap:3 GSM/8000\r\nm=video 4002 RTP/SAVP 96\r\n";
const REFUSED = "audio 0 RTP/AVP 3; video 0 RTP/SAVP 96";
const TALKED = "audio 10000 RTP/AVP 8 101 sendrecv";

const anna = new Peer("anna", 9, 5060);
const bert = new Peer("bert", 10, 5060);

/** The station's INVITE without offer reaches two phones. */
function forked(): { door: Door; first: PeerCall; second: PeerCall } {
  const { door, call } = callingTo(anna, [DELAYED]);
  return { door, first: call, second: bert.takeCall(call.invite) };
}

/** A phone answers provisionally, reliably. Returns the PRACK, which it answers. */
function reliably(door: Door, call: PeerCall, sequence: number, body: string): string {
  const headers = [`Contact: ${call.peer.contact}`, "Allow: PRACK, UPDATE", "Require: 100rel", `RSeq: ${sequence}`];
  door.deliver(call.respond(call.invite, "183 Session Progress", headers, body), call.peer);
  const prack = door.expect("PRACK");
  door.deliver(call.respond(prack, "200 OK", [], ""), call.peer);
  return prack;
}

/** The media lines of a message, in one line. */
function lines(message: string): string {
  return mediaOf(message).join("; ");
}

/** The last octet of the address that the voice goes to. */
function heard(door: Door): number {
  return door.device.rtp.configuration.remote.address[3];
}

describe("an INVITE without an offer", () => {
  it("takes it from the 2xx, and the ACK has the answer (13.2.2.4)", () => {
    const { door, call } = callingTo(anna, [DELAYED]);
    equal(bodyOf(call.invite), "", "body of the INVITE");
    equal(headerOf(call.invite, "Content-Type"), "", "its Content-Type");
    equal(headerOf(call.invite, "Accept"), "application/sdp", "Accept");
    door.deliver(call.answer("180 Ringing", ""), anna);
    door.deliver(call.answer("200 OK", anna.description(["a=sendonly"])), anna);
    equal(lines(door.expect("ACK")), "audio 10000 RTP/AVP 8 101 recvonly", "answer");
    expectTalking(door);
    hangUp(door, call);
    expectIdleAfter(door, 40000);
  });

  itSlow("answers a 2xx that comes again with the same ACK", () => {
    const { door, call } = callingTo(anna, [DELAYED]);
    const answer = call.answer("200 OK", anna.description([]));
    door.deliver(answer, anna);
    const first = door.expect("ACK");
    door.advance(4000);
    door.deliver(answer, anna);
    equal(door.expect("ACK"), first, "the second");
    equal(door.log.count(StationEvent.MEDIA), 1, "agreements");
    expectTalking(door);
  });

  it("passes over the description of an unreliable response: no media before the 2xx (13.2.1)", () => {
    const { door, call } = callingTo(anna, [DELAYED]);
    door.deliver(call.answer("183 Session Progress", bert.description([])), anna);
    equal(door.log.count(StationEvent.RINGING), 1, "it rings");
    equal(packetsInASecond(door), 0, "packets in a second");
    door.deliver(call.answer("200 OK", anna.description([])), anna);
    equal(lines(door.expect("ACK")), TALKED, "answer");
    equal(heard(door), 9, "by the description of the 2xx");
    expectTalking(door);
  });

  it("declines line by line what it cannot take, and hangs up with a reason (13.2.2.4, RFC 3264 6)", () => {
    const { door, call } = callingTo(anna, [DELAYED]);
    door.deliver(call.answer("200 OK", UNFIT), anna);
    const ack = door.expect("ACK");
    equal(headerOf(ack, "Content-Type"), "application/sdp", "type");
    equal(lines(ack), REFUSED, "answer");
    const bye = door.expect("BYE");
    equal(headerOf(bye, "Reason").indexOf("SIP;cause=488"), 0, "Reason");
    equal(causeOf(door), EndCause.NO_COMMON_MEDIA, "cause");
    door.deliver(call.answer("200 OK", UNFIT), anna);
    equal(door.expect("ACK"), ack, "the 2xx again");
    door.deliver(call.respond(bye, "200 OK", [], ""), anna);
    expectIdleAfter(door, 40000);
  });

  it("ends a call whose 2xx has no offer, or one that is no description", () => {
    const bodies = ["", "v=0\r\nm=x\r\n"];
    for (let index = 0; index < bodies.length; index += 1) {
      const { door, call } = callingTo(anna, [DELAYED]);
      door.deliver(call.answer("200 OK", bodies[index]), anna);
      equal(lines(door.expect("ACK")), "", "media lines of the ACK");
      door.expect("BYE");
      equal(causeOf(door), EndCause.NO_COMMON_MEDIA, "cause");
    }
  });

  it("declines the offer of a 2xx that crosses the CANCEL (9.1)", () => {
    const { door, call } = callingTo(anna, [DELAYED]);
    door.deliver(call.answer("180 Ringing", ""), anna);
    hangUpHere(door);
    door.deliver(call.respond(door.expect("CANCEL"), "200 OK", [], ""), anna);
    door.deliver(call.answer("200 OK", anna.description([])), anna);
    equal(lines(door.expect("ACK")), "audio 0 RTP/AVP 8", "answer");
    door.deliver(call.respond(door.expect("BYE"), "200 OK", [], ""), anna);
    equal(door.log.count(StationEvent.MEDIA), 0, "agreements");
    expectIdleAfter(door, 40000);
  });

  it("goes out again without one when it is challenged or redirected, and takes the offer then", () => {
    const settings = [DELAYED, "account.domain = 192.0.2.9", "account.realm = house", "account.password = secret"];
    const { door, call } = callingTo(anna, settings);
    const challenge = `Proxy-Authenticate: ${challengeOf("house", "n1", "MD5")}`;
    door.deliver(call.respond(call.invite, "407 Proxy Authentication Required", [challenge], ""), anna);
    door.expect("ACK");
    call.invite = door.expect("INVITE");
    expectDigest(call.invite, "Proxy-Authorization", "door", "secret", "house", "n1", "00000001");
    equal(bodyOf(call.invite), "", "body after the challenge");
    const contact = [`Contact: ${bert.contact}`];
    door.deliver(call.respond(call.invite, "302 Moved Temporarily", contact, ""), anna);
    door.expect("ACK");
    const redirected = bert.takeCall(door.expect("INVITE"));
    equal(bodyOf(redirected.invite), "", "body after the redirection");
    door.deliver(redirected.answer("200 OK", bert.description([])), bert);
    equal(lines(door.expect("ACK")), TALKED, "answer");
    equal(heard(door), 10, "who is heard");
    expectTalking(door);
  });

  it("has an offer of the peer's by UPDATE, before the one that it asks for, refused with 491 (RFC 3311 5.2)", () => {
    const { door, call } = callingTo(anna, [DELAYED]);
    door.deliver(call.answer("180 Ringing", ""), anna);
    door.deliver(call.request("UPDATE", [`Contact: ${anna.contact}`], anna.description([])), anna);
    door.expect("491 UPDATE");
    door.deliver(call.answer("200 OK", anna.description([])), anna);
    equal(lines(door.expect("ACK")), TALKED, "answer");
    expectTalking(door);
  });

  it("is not what a door that is set to offer early sends", () => {
    const { call } = callingTo(anna, ["call.offer = early"]);
    equal(mediaOf(call.invite).length, 1, "media lines");
  });
});

describe("an INVITE without an offer, and a reliable provisional response that brings it", () => {
  it("is answered in the PRACK: early media, and a 2xx and an ACK without a body (RFC 3262 5)", () => {
    const { door, call } = callingTo(anna, [DELAYED]);
    equal(lines(reliably(door, call, 1, anna.description([]))), TALKED, "answer");
    equal(packetsInASecond(door), 50, "packets in a second before the answer");
    door.deliver(call.answer("200 OK", ""), anna);
    equal(bodyOf(door.expect("ACK")), "", "body of the ACK");
    expectTalking(door);
    hangUp(door, call);
    expectIdleAfter(door, 40000);
  });

  it("passes over the description that the 2xx repeats (13.2.1)", () => {
    const { door, call } = callingTo(anna, [DELAYED]);
    reliably(door, call, 1, anna.description([]));
    door.deliver(call.answer("200 OK", anna.description(["a=inactive"])), anna);
    equal(bodyOf(door.expect("ACK")), "", "body of the ACK");
    equal(packetsInASecond(door), 50, "packets in a second");
    expectTalking(door);
  });

  it("waits on for the offer when a reliable response has none", () => {
    const { door, call } = callingTo(anna, [DELAYED]);
    equal(bodyOf(reliably(door, call, 1, "")), "", "body of the PRACK");
    equal(lines(reliably(door, call, 2, anna.description([]))), TALKED, "answer");
    door.deliver(call.answer("200 OK", ""), anna);
    equal(bodyOf(door.expect("ACK")), "", "body of the ACK");
    expectTalking(door);
  });

  it("repeats the answer in a PRACK that is challenged", () => {
    const settings = [DELAYED, "account.domain = 192.0.2.9", "account.realm = house", "account.password = secret"];
    const { door, call } = callingTo(anna, settings);
    const headers = [`Contact: ${anna.contact}`, "Require: 100rel", "RSeq: 1"];
    door.deliver(call.respond(call.invite, "183 Session Progress", headers, anna.description([])), anna);
    const first = door.expect("PRACK");
    const challenge = `WWW-Authenticate: ${challengeOf("house", "n1", "MD5")}`;
    door.deliver(call.respond(first, "401 Unauthorized", [challenge], ""), anna);
    equal(bodyOf(door.expect("PRACK")), bodyOf(first), "answer");
  });

  it("answers in the PRACK that had no transaction, when the response comes again", () => {
    const { door, call } = callingTo(anna, [DELAYED]);
    const headers = [`Contact: ${anna.contact}`, "Require: 100rel", "RSeq: 1"];
    const response = call.respond(call.invite, "183 Session Progress", headers, anna.description([]));
    const taken = takeTransactions(door);
    door.deliver(response, anna);
    door.expectSilence();
    giveTransactionsBack(door, taken);
    door.deliver(response, anna);
    equal(lines(door.expect("PRACK")), TALKED, "answer");
    equal(packetsInASecond(door), 50, "packets in a second");
    equal(door.log.count(StationEvent.RINGING), 1, "reports");
  });

  it("declines what it cannot take in the PRACK, and gives the call up with a reason", () => {
    const { door, call } = callingTo(anna, [DELAYED]);
    const headers = [`Contact: ${anna.contact}`, "Require: 100rel", "RSeq: 1"];
    door.deliver(call.respond(call.invite, "183 Session Progress", headers, UNFIT), anna);
    const prack = door.expect("PRACK");
    equal(lines(prack), REFUSED, "answer");
    const cancel = door.expect("CANCEL");
    equal(headerOf(cancel, "Reason").indexOf("SIP;cause=488"), 0, "Reason");
    equal(causeOf(door), EndCause.NO_COMMON_MEDIA, "cause");
    door.deliver(call.respond(prack, "200 OK", [], ""), anna);
    door.deliver(call.respond(cancel, "200 OK", [], ""), anna);
    door.deliver(call.respond(call.invite, "487 Request Terminated", [], ""), anna);
    door.expect("ACK");
    expectIdleAfter(door, 40000);
  });

  it("lets either side offer anew by UPDATE before the call is answered (RFC 3311 5.1)", () => {
    const { door, call } = callingTo(anna, [DELAYED]);
    reliably(door, call, 1, anna.description([]));
    door.deliver(call.request("UPDATE", [`Contact: ${anna.contact}`], anna.description(["a=inactive"])), anna);
    equal(lines(door.expect("200 UPDATE")), "audio 10000 RTP/AVP 8 101 inactive", "our answer");
    reofferSession(sessionOf(door));
    door.poll();
    const update = door.expect("UPDATE");
    equal(mediaOf(update).length, 1, "our offer");
    door.deliver(call.respond(update, "200 OK", [`Contact: ${anna.contact}`], anna.description([])), anna);
    door.deliver(call.answer("200 OK", ""), anna);
    equal(bodyOf(door.expect("ACK")), "", "body of the ACK");
    equal(packetsInASecond(door), 50, "packets in a second");
    expectTalking(door);
  });
});

describe("an INVITE without an offer that reaches two phones", () => {
  it("answers each phone's offer in its own dialog, and talks with the one who answers", () => {
    const { door, first, second } = forked();
    reliably(door, first, 1, anna.description([]));
    equal(heard(door), 9, "the first speaks");
    const prack = reliably(door, second, 70, bert.description(["a=sendonly"]));
    equal(lines(prack), "audio 10000 RTP/AVP 8 101 recvonly", "answer to the second");
    equal(parameterOf(headerOf(prack, "To"), "tag"), "bert-tag", "its dialog");
    equal(heard(door), 10, "the second speaks");
    door.deliver(second.answer("200 OK", ""), bert);
    equal(bodyOf(door.expect("ACK")), "", "body of the ACK");
    expectTalking(door);
  });

  it("asks the phone that answers for its offer anew when the other one was heard last", () => {
    const { door, first, second } = forked();
    reliably(door, first, 1, anna.description([]));
    reliably(door, second, 70, bert.description([]));
    // It rings on, without a description: nobody else is heard for that.
    reliably(door, first, 2, "");
    equal(heard(door), 10, "the second is heard");
    door.deliver(first.answer("200 OK", ""), anna);
    equal(bodyOf(door.expect("ACK")), "", "body of the ACK");
    const invite = door.expect("INVITE");
    equal(bodyOf(invite), "", "body of the re-INVITE");
    equal(parameterOf(headerOf(invite, "To"), "tag"), "anna-tag", "its dialog");
    door.deliver(first.respond(invite, "200 OK", [`Contact: ${anna.contact}`], anna.description([])), anna);
    equal(lines(door.expect("ACK")), TALKED, "answer");
    equal(heard(door), 9, "the first is heard");
    expectTalking(door);
  });

  it("needs no new offer when the other phone only rang since", () => {
    const { door, first, second } = forked();
    reliably(door, first, 1, anna.description([]));
    reliably(door, second, 70, "");
    door.deliver(first.answer("200 OK", ""), anna);
    equal(bodyOf(door.expect("ACK")), "", "body of the ACK");
    equal(heard(door), 9, "who is heard");
    expectTalking(door);
  });

  it("talks on with the phone whose offer it answered, whatever the other one describes unreliably", () => {
    const { door, first, second } = forked();
    reliably(door, first, 1, anna.description([]));
    door.deliver(second.answer("183 Session Progress", bert.description([])), bert);
    equal(heard(door), 9, "who is heard");
    door.deliver(first.request("UPDATE", [`Contact: ${anna.contact}`], anna.description(["a=inactive"])), anna);
    equal(lines(door.expect("200 UPDATE")), "audio 10000 RTP/AVP 8 101 inactive", "answer to its UPDATE");
  });

  it("takes the offer of the 2xx of one while the other one's early media are heard", () => {
    const { door, first, second } = forked();
    reliably(door, first, 1, anna.description([]));
    door.deliver(second.answer("200 OK", bert.description([])), bert);
    equal(lines(door.expect("ACK")), TALKED, "answer");
    equal(heard(door), 10, "who is heard");
    expectTalking(door);
  });

  it("declines the offer of the phone that is late, and hangs up on it", () => {
    const { door, first, second } = forked();
    door.deliver(first.answer("200 OK", anna.description([])), anna);
    door.expect("ACK");
    const late = second.answer("200 OK", bert.description([]));
    door.deliver(late, bert);
    const ack = door.expect("ACK");
    equal(startLine(ack), "ACK sip:bert@192.0.2.10:5060 SIP/2.0", "request line");
    equal(lines(ack), "audio 0 RTP/AVP 8", "answer");
    door.deliver(second.respond(door.expect("BYE"), "200 OK", [], ""), bert);
    door.deliver(late, bert);
    equal(lines(door.expect("ACK")), "audio 0 RTP/AVP 8", "answer, again");
    equal(heard(door), 9, "who is heard");
    equal(packetsInASecond(door), 50, "packets in a second");
    expectTalking(door);
    hangUp(door, first);
    expectIdleAfter(door, 40000);
  });
});

describe("an INVITE without an offer whose ACK goes to a name", () => {
  it("has its answer when the name is found and the 2xx comes again, whoever else answers meanwhile", () => {
    const { door, call } = callingTo(anna, [DELAYED, "network.name-server = 192.0.2.53"]);
    const server = new NameServer(testEndpoint(53, 53));
    const answer = changed(call.answer("200 OK", anna.description([])), anna.contact, "<sip:anna@desk.example>");
    const late = bert.takeCall(call.invite);
    server.add("example 300 SOA 60");
    server.add("desk.example 300 A 192.0.2.9");
    door.deliver(answer, anna);
    door.expectSilence();
    door.deliver(late.answer("200 OK", bert.description([])), bert);
    equal(lines(door.expect("ACK")), "", "nothing is agreed with who is late");
    door.deliver(late.respond(door.expect("BYE"), "200 OK", [], ""), bert);
    for (let round = 0; round < 8; round += 1) {
      server.exchange(door.names);
      door.poll();
    }
    door.deliver(answer, anna);
    equal(lines(door.expect("ACK")), TALKED, "answer");
    equal(heard(door), 9, "who is heard");
    equal(packetsInASecond(door), 50, "packets in a second");
    expectTalking(door);
  });
});

describe("a transfer by an INVITE without an offer", () => {
  it("takes the new person's offer while the visitor talks on, and moves the media with the answer", () => {
    const { door, call } = callingTo(anna, [DELAYED, "call.transfer = yes"]);
    door.deliver(call.answer("200 OK", anna.description([])), anna);
    door.expect("ACK");
    door.deliver(call.request("REFER", ["Refer-To: <sip:bert@192.0.2.10>", `Contact: ${anna.contact}`], ""), anna);
    door.expect("202 REFER");
    door.deliver(call.respond(door.expect("NOTIFY"), "200 OK", [], ""), anna);
    const second = bert.takeCall(door.expect("INVITE"));
    equal(bodyOf(second.invite), "", "body of the INVITE");
    const headers = [`Contact: ${bert.contact}`, "Require: 100rel", "RSeq: 1"];
    door.deliver(second.respond(second.invite, "183 Session Progress", headers, bert.description([])), bert);
    const prack = door.expect("PRACK");
    equal(lines(prack), TALKED, "answer");
    door.deliver(second.respond(prack, "200 OK", [], ""), bert);
    equal(heard(door), 9, "the first is heard");
    door.deliver(call.respond(door.expect("NOTIFY"), "200 OK", [], ""), anna);
    door.deliver(second.answer("200 OK", ""), bert);
    door.expect("ACK");
    equal(heard(door), 10, "the second is heard");
    equal(packetsInASecond(door), 50, "packets in a second");
    equal(door.device.station.state, StationState.TALKING, "state");
  });
});
