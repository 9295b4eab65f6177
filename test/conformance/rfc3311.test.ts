// UPDATE (RFC 3311): a session is changed, or only confirmed, before and after it stands.

import { hangUpCall, StationState } from "../../firmware/intercom/station";
import { describe, equal, isTrue } from "../harness";
import { callingTo } from "../rig/call";
import { Door, talkAsCalled, talkAsCaller } from "../rig/door";
import { bodyOf, hasHeaderField, headerOf, mediaOf, startLine } from "../rig/message-text";
import { Peer, type PeerCall } from "../rig/peer";
import { clause } from "./clause";
import { openDoor } from "./verdict";

const anna = new Peer("anna", 9, 5060);
const NO_LAW = "v=0\r\no=- 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\nm=audio 4000 RTP/AVP 18\r\n";

function update(call: PeerCall, contact: string, body: string): string {
  return call.request("UPDATE", [`Contact: ${contact}`], body);
}

/** A caller whose INVITE, with those header fields and body, rings. */
function ring(body: string): { door: Door; call: PeerCall } {
  const door = new Door(["call.answer-from = *", "call.answer-delay = 5"]);
  const call = anna.newCall();
  door.deliver(call.request("INVITE", [], body), anna);
  call.takeResponse(door.expect("180 INVITE"));
  return { door, call };
}

describe("UPDATE to the station", () => {
  clause("RFC 3311 4", "INVITE and its responses name UPDATE in Allow", () => {
    const door = new Door([]);
    door.press(0);
    isTrue(headerOf(door.expect("INVITE"), "Allow").indexOf("UPDATE") > 0, "INVITE");
    const called = openDoor();
    called.deliver(anna.newCall().inviteWith(anna.description([])), anna);
    isTrue(headerOf(called.expect("200 INVITE"), "Allow").indexOf("UPDATE") > 0, "200");
  });

  clause("RFC 3311 5.2", "an offer in it is answered in the 200, whoever called", () => {
    const doors = [openDoor(), new Door([])];
    const calls = [talkAsCaller(doors[0], anna), talkAsCalled(doors[1], anna)];
    for (let index = 0; index < 2; index += 1) {
      doors[index].deliver(update(calls[index], anna.contact, anna.description(["a=sendonly"])), anna);
      const answer = doors[index].expect("200 UPDATE");
      equal(mediaOf(answer)[0], "audio 10000 RTP/AVP 8 101 recvonly", "answer");
      equal(hasHeaderField(answer, "Contact"), true, "Contact");
    }
  });

  clause("RFC 3311 5.2", "without an offer it is answered 200 without a body, and the session stays as it is", () => {
    const door = openDoor();
    const call = talkAsCaller(door, anna);
    door.deliver(update(call, anna.contact, ""), anna);
    equal(bodyOf(door.expect("200 UPDATE")), "", "body");
    const before = door.voiceSent;
    door.advance(1000);
    isTrue(door.voiceSent - before > 45, "voice goes on");
  });

  clause("RFC 3311 5.2", "an offer that cannot be taken is answered 488, and the session stays as it is", () => {
    const door = openDoor();
    const call = talkAsCaller(door, anna);
    door.deliver(update(call, anna.contact, NO_LAW), anna);
    door.expect("488 UPDATE");
    const before = door.voiceSent;
    door.advance(1000);
    isTrue(door.voiceSent - before > 45, "voice goes on");
    equal(door.device.station.state, StationState.TALKING, "state");
  });

  clause(
    "RFC 3311 5.2",
    "an offer before the one of the INVITE is answered is refused 500 with Retry-After of 0 to 10",
    () => {
      const { door, call } = ring(anna.description([]));
      door.deliver(update(call, anna.contact, anna.description(["a=sendonly"])), anna);
      const refusal = door.expect("500 UPDATE");
      const pause = Number(headerOf(refusal, "Retry-After"));
      isTrue(hasHeaderField(refusal, "Retry-After") && pause >= 0 && pause <= 10, `Retry-After ${pause}`);
    },
  );

  clause("RFC 3311 5.2", "an offer while ours is not answered is refused 491", () => {
    const door = openDoor();
    const call = anna.newCall();
    door.deliver(call.inviteWith(""), anna);
    call.takeResponse(door.expect("200 INVITE"));
    door.deliver(update(call, anna.contact, anna.description([])), anna);
    door.expect("491 UPDATE");
  });

  clause("RFC 3311 5.2", "an offer before the one that our INVITE leaves to the peer is refused 491", () => {
    const { door, call } = callingTo(anna, ["call.offer = delayed"]);
    door.deliver(call.answer("180 Ringing", ""), anna);
    door.deliver(update(call, anna.contact, anna.description([])), anna);
    door.expect("491 UPDATE");
  });

  clause("RFC 3311 5.2", "one without an offer is taken in an early dialog", () => {
    const { door, call } = ring(anna.description([]));
    door.deliver(update(call, anna.contact, ""), anna);
    door.expect("200 UPDATE");
  });

  clause("RFC 3311 5.2", "of no dialog it is answered 481", () => {
    const door = openDoor();
    door.deliver(update(anna.newCall(), anna.contact, anna.description([])), anna);
    door.expect("481 UPDATE");
    const call = talkAsCaller(door, anna);
    call.remoteTag = "never-given";
    door.deliver(update(call, anna.contact, ""), anna);
    door.expect("481 UPDATE");
  });

  clause("RFC 3311 5.2", "it moves the target of the dialog", () => {
    const door = openDoor();
    const call = talkAsCaller(door, anna);
    door.deliver(update(call, "<sip:anna@192.0.2.44:5066>", ""), anna);
    door.expect("200 UPDATE");
    hangUpCall(door.device.station);
    door.poll();
    equal(startLine(door.expect("BYE")), "BYE sip:anna@192.0.2.44:5066 SIP/2.0", "request line");
  });

  clause("RFC 3261 12.2.2", "one with a CSeq below the last is answered 500", () => {
    const door = openDoor();
    const call = talkAsCaller(door, anna);
    call.sequence -= 5;
    door.deliver(update(call, anna.contact, ""), anna);
    door.expect("500 UPDATE");
  });
});
