// UPDATE received by the station (RFC 3311 5.2), seen from the wire: in a call and before it is answered, with an offer and
// without.

import { StationState } from "../../firmware/intercom/station";
import { reofferSession } from "../../firmware/sip/session-change";
import { describe, equal, isTrue, it } from "../harness";
import { callingTo, expectTalking, hangUpHere, packetsInASecond, sessionOf } from "../rig/call";
import { Door, talkAsCalled, talkAsCaller } from "../rig/door";
import { bodyOf, headerOf, kindOf, mediaOf, startLine } from "../rig/message-text";
import { Peer, type PeerCall } from "../rig/peer";

const EVERYBODY = "call.answer-from = *";
const SLOWLY = "call.answer-delay = 5";
const OTHER_LAW =
  "v=0\r\no=- 1 2 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\nm=audio 4000 RTP/AVP 3\r\na=rtpmap:3 GSM/8000\r\n";

const anna = new Peer("anna", 9, 5060);

/** The station's answer to an UPDATE. */
function update(door: Door, call: PeerCall, headers: string[], body: string): string {
  door.deliver(call.request("UPDATE", headers, body), anna);
  return door.wire.next();
}

describe("UPDATE in a call", () => {
  it("with an offer is answered at once, without ACK: hold and resume", () => {
    for (let round = 0; round < 2; round += 1) {
      const door = new Door([EVERYBODY]);
      const call = round === 0 ? talkAsCaller(door, anna) : talkAsCalled(door, anna);
      const held = update(door, call, [`Contact: ${anna.contact}`], anna.description(["a=sendonly"]));
      equal(kindOf(held), "200 UPDATE", "answer");
      equal(mediaOf(held)[0], "audio 10000 RTP/AVP 8 101 recvonly", "media line");
      equal(headerOf(held, "Contact"), "<sip:door@192.0.2.4:5060>", "Contact");
      equal(packetsInASecond(door), 0, "packets of voice on hold");
      update(door, call, [`Contact: ${anna.contact}`], anna.description([]));
      equal(packetsInASecond(door), 50, "packets of voice after");
      expectTalking(door);
    }
  });

  it("without an offer moves the target of later requests to its Contact", () => {
    const door = new Door([EVERYBODY]);
    const call = talkAsCaller(door, anna);
    const answer = update(door, call, ["Contact: <sip:anna@192.0.2.33:5090>"], "");
    equal(kindOf(answer), "200 UPDATE", "answer");
    equal(bodyOf(answer), "", "body");
    hangUpHere(door);
    const bye = door.wire.nextDatagram();
    equal(`${bye.host}:${bye.port} ${startLine(bye.text)}`, "33:5090 BYE sip:anna@192.0.2.33:5090 SIP/2.0", "BYE");
  });

  it("with an offer that cannot be taken is answered 488, and nothing changes", () => {
    const door = new Door([EVERYBODY]);
    const call = talkAsCaller(door, anna);
    const answer = update(door, call, ["Contact: <sip:anna@192.0.2.33:5090>"], OTHER_LAW);
    equal(kindOf(answer), "488 UPDATE", "answer");
    equal(headerOf(answer, "Accept"), "application/sdp", "Accept");
    equal(packetsInASecond(door), 50, "packets of voice in a second");
    hangUpHere(door);
    equal(startLine(door.expect("BYE")), "BYE sip:anna@192.0.2.9:5060 SIP/2.0", "the target stays");
  });

  it("with an offer that crosses ours is answered 491; without one it is taken", () => {
    const door = new Door([EVERYBODY]);
    const call = talkAsCaller(door, anna);
    reofferSession(sessionOf(door));
    door.poll();
    const invite = door.expect("INVITE");
    equal(kindOf(update(door, call, [], anna.description([]))), "491 UPDATE", "with an offer");
    equal(kindOf(update(door, call, [], "")), "200 UPDATE", "without");
    door.deliver(call.respond(invite, "200 OK", [`Contact: ${anna.contact}`], anna.description([])), anna);
    door.expect("ACK");
    expectTalking(door);
  });

  it("with an offer before the answer to the last INVITE is acknowledged is taken: that exchange is complete", () => {
    const door = new Door([EVERYBODY]);
    const call = talkAsCaller(door, anna);
    door.deliver(call.inviteWith(anna.description([])), anna);
    door.expect("200 INVITE");
    const invite = call.invite;
    equal(kindOf(update(door, call, [], anna.description(["a=sendonly"]))), "200 UPDATE", "answer");
    call.invite = invite;
    door.deliver(call.acknowledge(""), anna);
    expectTalking(door);
  });

  it("with an offer while ours waits for the ACK is answered 491", () => {
    const door = new Door([EVERYBODY]);
    const call = talkAsCaller(door, anna);
    door.deliver(call.inviteWith(""), anna);
    door.expect("200 INVITE");
    equal(kindOf(update(door, call, [], anna.description([]))), "491 UPDATE", "answer");
  });

  it("with a body that is no description is answered 415", () => {
    const door = new Door([EVERYBODY]);
    const call = talkAsCaller(door, anna);
    equal(kindOf(update(door, call, ["Content-Type: text/plain"], "hello")), "415 UPDATE", "answer");
    expectTalking(door);
  });

  it("with a CSeq that is not above the last one hears 500 (RFC 3261 12.2.2)", () => {
    const door = new Door([EVERYBODY]);
    const call = talkAsCaller(door, anna);
    call.sequence -= 1;
    equal(kindOf(update(door, call, [], "")), "500 UPDATE", "answer");
  });
});

describe("UPDATE before the call is answered", () => {
  it("with an offer hears 500 with Retry-After while the INVITE's offer is not answered; without one 200 (5.2)", () => {
    const door = new Door([EVERYBODY, SLOWLY]);
    const call = anna.newCall();
    door.deliver(call.inviteWith(anna.description([])), anna);
    call.takeResponse(door.expect("180 INVITE"));
    const answer = update(door, call, [], anna.description([]));
    equal(kindOf(answer), "500 UPDATE", "answer");
    const seconds = Number(headerOf(answer, "Retry-After"));
    isTrue(seconds >= 0 && seconds <= 10, "Retry-After is 0 to 10");
    const empty = update(door, call, ["Contact: <sip:anna@192.0.2.33:5090>"], "");
    equal(kindOf(empty), "200 UPDATE", "answer without an offer");
    equal(bodyOf(empty), "", "its body");
    door.advance(5000);
    equal(mediaOf(door.expect("200 INVITE"))[0], "audio 10000 RTP/AVP 8 101 sendrecv", "the INVITE gets its answer");
    door.deliver(call.acknowledge(""), anna);
    hangUpHere(door);
    equal(startLine(door.expect("BYE")), "BYE sip:anna@192.0.2.33:5090 SIP/2.0", "the target was moved");
  });

  it("comes from the phone that the station calls: its new offer is answered", () => {
    const { door, call } = callingTo(anna, []);
    door.deliver(call.answer("183 Session Progress", anna.description([])), anna);
    const answer = update(door, call, [`Contact: ${anna.contact}`], anna.description(["a=sendonly"]));
    equal(mediaOf(answer)[0], "audio 10000 RTP/AVP 8 101 recvonly", "answer");
    equal(door.device.station.state, StationState.CALLING, "state");
    door.deliver(call.answer("200 OK", ""), anna);
    door.expect("ACK");
    expectTalking(door);
  });

  it("from the phone hears 491 when it has not answered our offer yet", () => {
    const { door, call } = callingTo(anna, []);
    door.deliver(call.answer("180 Ringing", ""), anna);
    equal(kindOf(update(door, call, [], anna.description([]))), "491 UPDATE", "answer");
  });

  it("from the phone hears 491 once the call is given up, and opens no media", () => {
    const { door, call } = callingTo(anna, []);
    door.deliver(call.answer("183 Session Progress", anna.description([])), anna);
    hangUpHere(door);
    door.expect("CANCEL");
    equal(kindOf(update(door, call, [], anna.description([]))), "491 UPDATE", "answer");
    isTrue(!door.device.rtp.running, "no media");
  });

  it("of a phone that is not heard hears 481", () => {
    const { door, call } = callingTo(anna, []);
    door.deliver(call.answer("183 Session Progress", anna.description([])), anna);
    call.localTag = "nobody";
    equal(kindOf(update(door, call, [], "")), "481 UPDATE", "answer");
  });
});
