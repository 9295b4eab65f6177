// Changes of a call from the station's side (RFC 3261 14.1, RFC 3311 5.1, RFC 6141), seen from the wire: hold and resume, offers
// that fail, collide or are put off, and the peer that has forgotten the call.

import { setHold } from "../../firmware/intercom/call-media";
import { StationEvent } from "../../firmware/intercom/event-log";
import { EndCause } from "../../firmware/sip/invite-session";
import { reofferSession, solicitOffer } from "../../firmware/sip/session-change";
import { describe, equal, isTrue, it, itSlow } from "../harness";
import {
  causeOf,
  expectIdleAfter,
  expectTalking,
  giveTransactionsBack,
  packetsInASecond,
  sequenceOf,
  sessionOf,
  takeTransactions,
} from "../rig/call";
import { challengeOf, expectDigest } from "../rig/digest";
import { Door, hangUp, talkAsCalled, talkAsCaller } from "../rig/door";
import { bodyOf, headerOf, mediaOf, startLine } from "../rig/message-text";
import { Peer, type PeerCall } from "../rig/peer";

const EVERYBODY = "call.answer-from = *";
const QUIET = "call.silence-limit = 0";
const OTHER_LAW =
  "v=0\r\no=- 1 2 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\nm=audio 4000 RTP/AVP 3\r\na=rtpmap:3 GSM/8000\r\n";

const anna = new Peer("anna", 9, 5060);
const bert = new Peer("bert", 10, 5060);

/** The station holds or resumes: returns its re-INVITE. */
function hold(door: Door, held: boolean): string {
  setHold(door.device.station.media, held);
  reofferSession(sessionOf(door));
  door.poll();
  return door.expect("INVITE");
}

/** The peer answers a re-INVITE with 200 and a description. Returns the ACK. */
function accept(door: Door, call: PeerCall, invite: string, attributes: string[]): string {
  const headers = [`Contact: ${anna.contact}`];
  door.deliver(call.respond(invite, "200 OK", headers, anna.description(attributes)), anna);
  return door.expect("ACK");
}

/** The peer refuses a request of the station. */
function refuse(door: Door, call: PeerCall, request: string, status: string, headers: string[]): void {
  door.deliver(call.respond(request, status, headers, ""), anna);
}

describe("a new offer of the station within a call", () => {
  it("holds the call and takes it up again (RFC 3264 8.4)", () => {
    const door = new Door([]);
    const call = talkAsCalled(door, anna);
    equal(packetsInASecond(door), 50, "packets of voice before");
    const held = hold(door, true);
    equal(mediaOf(held)[0], "audio 10000 RTP/AVP 8 101 sendonly", "offer");
    isTrue(sequenceOf(held) > sequenceOf(call.invite), "its CSeq is above the last");
    equal(headerOf(held, "To"), "<sip:anna@192.0.2.9>;tag=anna-tag", "To");
    equal(startLine(held), "INVITE sip:anna@192.0.2.9:5060 SIP/2.0", "request line");
    const ack = accept(door, call, held, ["a=recvonly"]);
    equal(sequenceOf(ack), sequenceOf(held), "CSeq of the ACK");
    equal(bodyOf(ack), "", "body of the ACK");
    const resumed = hold(door, false);
    equal(mediaOf(resumed)[0], "audio 10000 RTP/AVP 8 101 sendrecv", "offer");
    accept(door, call, resumed, []);
    equal(packetsInASecond(door), 50, "packets of voice after");
    hangUp(door, call);
    expectIdleAfter(door, 40000);
  });

  it("is made by the called side as well, with the tags of its dialog", () => {
    const door = new Door([EVERYBODY]);
    const call = talkAsCaller(door, anna);
    const invite = hold(door, true);
    equal(headerOf(invite, "From"), `<sip:door@192.0.2.4>;tag=${call.remoteTag}`, "From");
    equal(headerOf(invite, "To"), `${anna.address};tag=anna-tag`, "To");
    accept(door, call, invite, ["a=recvonly"]);
    expectTalking(door);
  });

  it("moves the target of later requests to the Contact of its 2xx (12.2.1.2)", () => {
    const door = new Door([]);
    const call = talkAsCalled(door, anna);
    const invite = hold(door, true);
    const answer = call.respond(invite, "200 OK", ["Contact: <sip:anna@192.0.2.40:5090>"], anna.description([]));
    door.deliver(answer, anna);
    const ack = door.wire.nextDatagram();
    equal(`${ack.host}:${ack.port} ${startLine(ack.text)}`, "40:5090 ACK sip:anna@192.0.2.40:5090 SIP/2.0", "ACK");
  });

  it("answers every retransmission of its 2xx with the same ACK, and one of the first INVITE's with nothing", () => {
    const door = new Door([]);
    const call = talkAsCalled(door, anna);
    const first = call.answer("200 OK", anna.description([]));
    const invite = hold(door, true);
    const ack = accept(door, call, invite, []);
    equal(accept(door, call, invite, []), ack, "the second ACK");
    door.deliver(first, anna);
    expectTalking(door);
  });

  itSlow("that is refused leaves call and media as they were (14.1, RFC 6141 3)", () => {
    const refusals = [
      "488 Not Acceptable Here",
      "606 Not Acceptable",
      "403 Forbidden",
      "500 Server Error",
      "603 Decline",
    ];
    for (let index = 0; index < refusals.length; index += 1) {
      const door = new Door([]);
      const call = talkAsCalled(door, anna);
      refuse(door, call, hold(door, true), refusals[index], []);
      door.expect("ACK");
      expectTalking(door);
      equal(packetsInASecond(door), 50, `packets of voice in a second after ${refusals[index]}`);
    }
  });

  it("whose answer has no law that was offered is acknowledged, and the call is ended with a reason (14.1)", () => {
    const door = new Door([]);
    const call = talkAsCalled(door, anna);
    door.deliver(call.respond(hold(door, true), "200 OK", [`Contact: ${anna.contact}`], OTHER_LAW), anna);
    door.expect("ACK");
    const bye = door.expect("BYE");
    equal(headerOf(bye, "Reason"), 'SIP;cause=488;text="Not Acceptable Here"', "Reason");
    equal(causeOf(door), EndCause.NO_COMMON_MEDIA, "cause");
  });

  it("that is passed over in the 2xx changes nothing", () => {
    const door = new Door([]);
    const call = talkAsCalled(door, anna);
    refuse(door, call, hold(door, true), "200 OK", []);
    door.expect("ACK");
    expectTalking(door);
    equal(packetsInASecond(door), 50, "packets of voice in a second");
  });

  it("ends the call when the peer knows it no more (481) or does not hear (408) (12.2.1.2)", () => {
    const answers = ["481 Call/Transaction Does Not Exist", "408 Request Timeout"];
    for (let index = 0; index < answers.length; index += 1) {
      const door = new Door([]);
      const call = talkAsCalled(door, anna);
      refuse(door, call, hold(door, true), answers[index], []);
      door.expect("ACK");
      door.deliver(call.respond(door.expect("BYE"), answers[0], [], ""), anna);
      equal(causeOf(door), EndCause.DIALOG_LOST, answers[index]);
      expectIdleAfter(door, 40000);
    }
  });

  itSlow("ends the call when nobody answers it in 64*T1", () => {
    const door = new Door([QUIET]);
    talkAsCalled(door, anna);
    hold(door, true);
    door.advance(32000);
    equal(causeOf(door), EndCause.DIALOG_LOST, "cause");
  });

  it("answers a challenge with the next CSeq (22.2)", () => {
    const door = new Door(["account.domain = 192.0.2.9", "account.realm = house", "account.password = secret"]);
    const call = talkAsCalled(door, anna);
    const first = hold(door, true);
    const challenge = `Proxy-Authenticate: ${challengeOf("house", "n1", "MD5")}`;
    refuse(door, call, first, "407 Proxy Authentication Required", [challenge]);
    door.expect("ACK");
    const second = door.expect("INVITE");
    equal(sequenceOf(second), sequenceOf(first) + 1, "CSeq");
    expectDigest(second, "Proxy-Authorization", "door", "secret", "house", "n1", "00000001");
    equal(mediaOf(second)[0], "audio 10000 RTP/AVP 8 101 sendonly", "offer");
    accept(door, call, second, []);
    expectTalking(door);
  });

  it("is withdrawn with the call: a late 2xx is acknowledged, and no second BYE follows", () => {
    const door = new Door([]);
    const call = talkAsCalled(door, anna);
    const invite = hold(door, true);
    hangUp(door, call);
    door.deliver(call.respond(invite, "200 OK", [`Contact: ${anna.contact}`], anna.description([])), anna);
    door.expect("ACK");
    door.deliver(call.respond(door.expect("BYE"), "481 Gone", [], ""), anna);
    door.deliver(call.respond(invite, "200 OK", [`Contact: ${anna.contact}`], anna.description([])), anna);
    door.expect("ACK");
    expectIdleAfter(door, 40000);
  });
});

describe("a re-INVITE without a final response", () => {
  it("is given up with the call, whether the peer has it ring before the end or after it", () => {
    for (let round = 0; round < 4; round += 1) {
      const door = new Door([EVERYBODY, QUIET]);
      const call = round % 2 === 0 ? talkAsCalled(door, anna) : talkAsCaller(door, anna);
      const invite = hold(door, true);
      if (round < 2) {
        door.deliver(call.respond(invite, "180 Ringing", [], ""), anna);
      }
      hangUp(door, call);
      if (round >= 2) {
        door.deliver(call.respond(invite, "180 Ringing", [], ""), anna);
      }
      expectIdleAfter(door, 40000);
    }
  });
});

describe("a collision of changes (14.1, 14.2)", () => {
  itSlow("is put off by the caller for 2.1 to 4 s, by the called side for 0 to 2 s", () => {
    for (let round = 0; round < 2; round += 1) {
      const isCaller = round === 0;
      const door = new Door([EVERYBODY, QUIET]);
      const call = isCaller ? talkAsCalled(door, anna) : talkAsCaller(door, anna);
      let invite = hold(door, true);
      for (let times = 0; times < 6; times += 1) {
        refuse(door, call, invite, "491 Request Pending", []);
        door.expect("ACK");
        const pause = door.advanceToMessage(5000);
        isTrue(isCaller ? pause >= 2100 && pause <= 4000 : pause <= 2000, `pause ${times} is ${pause} ms`);
        invite = door.expect("INVITE");
      }
      accept(door, call, invite, ["a=recvonly"]);
      equal(mediaOf(invite)[0], "audio 10000 RTP/AVP 8 101 sendonly", "the offer is still the hold");
      expectTalking(door);
    }
  });

  it("lets the peer's offer through before ours is tried again", () => {
    const door = new Door([QUIET]);
    const call = talkAsCalled(door, anna);
    const invite = hold(door, true);
    door.deliver(call.inviteWith(anna.description([])), anna);
    door.deliver(call.acknowledgeRefusal(door.expect("491 INVITE")), anna);
    refuse(door, call, invite, "491 Request Pending", []);
    door.expect("ACK");
    door.deliver(call.inviteWith(anna.description([])), anna);
    door.expect("200 INVITE");
    door.deliver(call.acknowledge(""), anna);
    door.advanceToMessage(4100);
    accept(door, call, door.expect("INVITE"), ["a=recvonly"]);
    expectTalking(door);
  });

  it("of our offer with an INVITE of the peer that waits for its ACK is avoided: ours waits", () => {
    const door = new Door([EVERYBODY, QUIET]);
    const call = talkAsCaller(door, anna);
    door.deliver(call.inviteWith(anna.description([])), anna);
    door.expect("200 INVITE");
    setHold(door.device.station.media, true);
    reofferSession(sessionOf(door));
    door.poll();
    door.expectSilence();
    door.deliver(call.acknowledge(""), anna);
    isTrue(door.advanceToMessage(2100) <= 2000, "it goes out within 2 s");
    accept(door, call, door.expect("INVITE"), []);
    expectTalking(door);
  });

  it("that is told by 500 with Retry-After waits as long as that says (14.2)", () => {
    const door = new Door([]);
    const call = talkAsCalled(door, anna);
    refuse(door, call, hold(door, true), "500 Server Error", ["Retry-After: 3"]);
    door.expect("ACK");
    equal(door.advanceToMessage(5000), 3000, "milliseconds");
    accept(door, call, door.expect("INVITE"), []);
    expectTalking(door);
  });

  itSlow("that never ends is given up, and the call goes on as it was", () => {
    const door = new Door([QUIET]);
    const call = talkAsCalled(door, anna);
    let invite = hold(door, true);
    for (let times = 0; times < 8; times += 1) {
      refuse(door, call, invite, "491 Request Pending", []);
      door.expect("ACK");
      door.advanceToMessage(5000);
      invite = door.expect("INVITE");
    }
    refuse(door, call, invite, "491 Request Pending", []);
    door.expect("ACK");
    door.advance(10000);
    expectTalking(door);
    equal(packetsInASecond(door), 50, "packets of voice in a second");
  });
});

describe("a re-INVITE of the station without an offer (14.1)", () => {
  it("takes the peer's from the 2xx and answers it in the ACK", () => {
    const door = new Door([]);
    const call = talkAsCalled(door, anna);
    solicitOffer(sessionOf(door));
    door.poll();
    const invite = door.expect("INVITE");
    equal(bodyOf(invite), "", "body of the INVITE");
    const ack = accept(door, call, invite, ["a=sendonly"]);
    equal(mediaOf(ack)[0], "audio 10000 RTP/AVP 8 101 recvonly", "answer");
    equal(packetsInASecond(door), 0, "packets of voice in a second");
    expectTalking(door);
  });

  it("ends the call when the peer's offer cannot be answered", () => {
    const door = new Door([]);
    const call = talkAsCalled(door, anna);
    solicitOffer(sessionOf(door));
    door.poll();
    door.deliver(call.respond(door.expect("INVITE"), "200 OK", [`Contact: ${anna.contact}`], OTHER_LAW), anna);
    equal(mediaOf(door.expect("ACK"))[0], "audio 0 RTP/AVP 3", "answer, which declines");
    door.expect("BYE");
    equal(causeOf(door), EndCause.NO_COMMON_MEDIA, "cause");
  });
});

describe("an offer before the call is answered", () => {
  it("goes by UPDATE when the early dialog has its answer and the peer takes UPDATE (RFC 3311 5.1)", () => {
    const door = new Door([]);
    door.press(0);
    const call = anna.takeCall(door.expect("INVITE"));
    const headers = [`Contact: ${anna.contact}`, "Allow: INVITE, ACK, BYE, UPDATE", "Require: 100rel", "RSeq: 1"];
    door.deliver(call.respond(call.invite, "183 Session Progress", headers, anna.description([])), anna);
    door.deliver(call.respond(door.expect("PRACK"), "200 OK", [], ""), anna);
    setHold(door.device.station.media, true);
    reofferSession(sessionOf(door));
    door.poll();
    const update = door.expect("UPDATE");
    equal(mediaOf(update)[0], "audio 10000 RTP/AVP 8 101 sendonly", "offer");
    equal(startLine(update), "UPDATE sip:anna@192.0.2.9:5060 SIP/2.0", "request line");
    door.deliver(call.respond(update, "200 OK", headers, anna.description(["a=recvonly"])), anna);
    door.expectSilence();
    door.deliver(call.answer("200 OK", ""), anna);
    equal(sequenceOf(door.expect("ACK")), sequenceOf(call.invite), "CSeq of the ACK");
    equal(door.log.count(StationEvent.TALKING), 1, "the call stands");
  });

  it("that crosses the 2xx is answered on its own: the 2xx needs no description", () => {
    const door = new Door([]);
    door.press(0);
    const call = anna.takeCall(door.expect("INVITE"));
    const headers = [`Contact: ${anna.contact}`, "Allow: INVITE, ACK, BYE, UPDATE", "Require: 100rel", "RSeq: 1"];
    door.deliver(call.respond(call.invite, "183 Session Progress", headers, anna.description([])), anna);
    door.deliver(call.respond(door.expect("PRACK"), "200 OK", [], ""), anna);
    setHold(door.device.station.media, true);
    reofferSession(sessionOf(door));
    door.poll();
    const update = door.expect("UPDATE");
    door.deliver(call.answer("200 OK", ""), anna);
    door.expect("ACK");
    door.deliver(call.respond(update, "200 OK", [], anna.description(["a=recvonly"])), anna);
    expectTalking(door);
    equal(packetsInASecond(door), 50, "packets of voice: sendonly still sends");
    hangUp(door, call);
    expectIdleAfter(door, 40000);
  });

  it("to one early dialog is made anew in that of the phone that answers, whatever becomes of the first", () => {
    const endings = ["200 OK", "481 Gone"];
    for (let index = 0; index < endings.length; index += 1) {
      const door = new Door([]);
      door.press(0);
      const call = anna.takeCall(door.expect("INVITE"));
      const other = bert.takeCall(call.invite);
      const headers = [`Contact: ${anna.contact}`, "Allow: INVITE, ACK, BYE, UPDATE", "Require: 100rel", "RSeq: 1"];
      door.deliver(call.respond(call.invite, "183 Session Progress", headers, anna.description([])), anna);
      door.deliver(call.respond(door.expect("PRACK"), "200 OK", [], ""), anna);
      reofferSession(sessionOf(door));
      door.poll();
      const update = door.expect("UPDATE");
      door.deliver(other.answer("200 OK", bert.description([])), bert);
      door.expect("ACK");
      door.deliver(call.respond(update, endings[index], [`Contact: ${anna.contact}`], anna.description([])), anna);
      expectTalking(door);
      equal(door.device.rtp.configuration.remote.address[3], 10, "where the voice goes");
      door.advanceToMessage(4000);
      equal(startLine(door.expect("INVITE")), "INVITE sip:bert@192.0.2.10:5060 SIP/2.0", "the offer, anew");
    }
  });

  it("waits for the answer when the peer does not take UPDATE", () => {
    const door = new Door([]);
    door.press(0);
    const call = anna.takeCall(door.expect("INVITE"));
    door.deliver(call.answer("183 Session Progress", anna.description([])), anna);
    setHold(door.device.station.media, true);
    reofferSession(sessionOf(door));
    door.advance(5000);
    door.expectSilence();
    door.deliver(call.answer("200 OK", anna.description([])), anna);
    door.expect("ACK");
    door.advanceToMessage(4100);
    equal(mediaOf(door.expect("INVITE"))[0], "audio 10000 RTP/AVP 8 101 sendonly", "offer");
  });
});

describe("a change while all transactions are in use", () => {
  it("waits until one is free", () => {
    const door = new Door(["call.silence-limit = 0"]);
    const call = talkAsCalled(door, anna);
    const taken = takeTransactions(door);
    reofferSession(sessionOf(door));
    door.advance(4000);
    door.expectSilence();
    giveTransactionsBack(door, taken);
    door.advanceToMessage(4100);
    accept(door, call, door.expect("INVITE"), []);
    expectTalking(door);
  });
});

describe("a change of a call that is over", () => {
  it("is not sent", () => {
    const door = new Door([]);
    const call = talkAsCalled(door, anna);
    const session = sessionOf(door);
    hangUp(door, call);
    isTrue(reofferSession(session) < 0, "status");
    expectIdleAfter(door, 40000);
  });

  it("that waits is forgotten with the call", () => {
    const door = new Door([]);
    const call = talkAsCalled(door, anna);
    refuse(door, call, hold(door, true), "491 Request Pending", []);
    door.expect("ACK");
    hangUp(door, call);
    expectIdleAfter(door, 40000);
  });
});
