// Sessions (RFC 3261 13, 14, 15): how a call begins, changes and ends, with offers wherever they may stand.

import { StationState } from "../../firmware/intercom/station";
import { describe, equal, isTrue } from "../harness";
import { callingTo, hangUpHere } from "../rig/call";
import { Door, hangUp, talkAsCalled, talkAsCaller } from "../rig/door";
import { bodyOf, hasHeaderField, headerOf, mediaOf, textBetween } from "../rig/message-text";
import { Peer } from "../rig/peer";
import { clause, slowClause } from "./clause";
import { openDoor } from "./verdict";

const anna = new Peer("anna", 9, 5060);
const bert = new Peer("bert", 10, 5060);
const NO_LAW =
  "v=0\r\no=- 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\nm=audio 4000 RTP/AVP 3\r\na=rtpmap:3 GSM/8000\r\n";

function expectNothingLeft(door: Door): void {
  door.advance(40000);
  equal(door.device.station.state, StationState.IDLE, "state");
  equal(door.recordsInUse(), 0, "records in use");
}

describe("the caller", () => {
  clause("RFC 3261 13.2.1", "its INVITE has an offer, Allow and a Contact", () => {
    const { call } = callingTo(anna, []);
    isTrue(bodyOf(call.invite).indexOf("m=audio") > 0, "offer");
    isTrue(headerOf(call.invite, "Allow").indexOf("INVITE, ACK, BYE, CANCEL") === 0, "Allow");
    equal(hasHeaderField(call.invite, "Contact"), true, "Contact");
  });

  clause(
    "RFC 3261 13.2.2.4",
    "a 2xx is acknowledged with a branch of its own, the CSeq of the INVITE and no body",
    () => {
      const { door, call } = callingTo(anna, []);
      door.deliver(call.answer("200 OK", anna.description([])), anna);
      const acknowledgement = door.expect("ACK");
      isTrue(headerOf(acknowledgement, "Via") !== headerOf(call.invite, "Via"), "branch");
      equal(
        headerOf(acknowledgement, "CSeq"),
        `${textBetween(` ${headerOf(call.invite, "CSeq")}`, " ", " ")} ACK`,
        "CSeq",
      );
      equal(bodyOf(acknowledgement), "", "body");
    },
  );

  slowClause("RFC 3261 13.2.2.4", "every 2xx that comes again is acknowledged again", () => {
    const { door, call } = callingTo(anna, []);
    const answer = call.answer("200 OK", anna.description([]));
    door.deliver(answer, anna);
    const first = door.expect("ACK");
    door.advance(20000);
    door.deliver(answer, anna);
    equal(door.expect("ACK"), first, "second ACK");
  });

  clause(
    "RFC 3261 13.2.2.4",
    "a second 2xx of a forked INVITE is acknowledged and ended with BYE, the first call stands",
    () => {
      const { door, call } = callingTo(anna, []);
      door.deliver(call.answer("200 OK", anna.description([])), anna);
      door.expect("ACK");
      const headers = [`Contact: ${bert.contact}`];
      const other = bert.takeCall(call.invite);
      door.deliver(other.respond(call.invite, "200 OK", headers, bert.description([])), bert);
      equal(textBetween(headerOf(door.expect("ACK"), "To"), ";tag=", "\r"), "bert-tag", "To of the ACK");
      const bye = door.expect("BYE");
      equal(textBetween(headerOf(bye, "To"), ";tag=", "\r"), "bert-tag", "To of the BYE");
      equal(door.device.station.state, StationState.TALKING, "state");
    },
  );

  clause("RFC 3261 13.2.2.4", "a 2xx whose answer fits not is acknowledged and ended with BYE", () => {
    const { door, call } = callingTo(anna, []);
    door.deliver(call.answer("200 OK", NO_LAW), anna);
    door.expect("ACK");
    door.expect("BYE");
    equal(door.device.station.state, StationState.IDLE, "state");
  });

  clause(
    "RFC 3261 13.2.1",
    "an answer in a reliable 2xx counts after an early one, and two 183 are nothing special",
    () => {
      const { door, call } = callingTo(anna, []);
      door.deliver(call.answer("183 Session Progress", anna.description([])), anna);
      door.deliver(call.answer("183 Session Progress", anna.description([])), anna);
      door.deliver(call.answer("200 OK", anna.description([])), anna);
      door.expect("ACK");
      equal(door.device.station.state, StationState.TALKING, "state");
    },
  );
});

describe("the caller who leaves the offer to the called", () => {
  const DELAYED = ["call.offer = delayed"];

  clause("RFC 3261 13.2.1", "its INVITE has no body, and says in Accept what a description may be", () => {
    const { call } = callingTo(anna, DELAYED);
    equal(bodyOf(call.invite), "", "body");
    equal(headerOf(call.invite, "Accept"), "application/sdp", "Accept");
  });

  clause("RFC 3261 13.2.1", "a description in an unreliable provisional response is no offer", () => {
    const { door, call } = callingTo(anna, DELAYED);
    door.deliver(call.answer("183 Session Progress", anna.description([])), anna);
    const before = door.voiceSent;
    door.advance(1000);
    equal(door.voiceSent - before, 0, "packets");
  });

  clause("RFC 3261 13.2.2.4", "the offer of the 2xx is answered in the ACK", () => {
    const { door, call } = callingTo(anna, DELAYED);
    door.deliver(call.answer("200 OK", anna.description(["a=sendonly"])), anna);
    equal(mediaOf(door.expect("ACK"))[0], "audio 10000 RTP/AVP 8 101 recvonly", "answer");
    equal(door.device.station.state, StationState.TALKING, "state");
  });

  clause("RFC 3261 13.2.2.4", "an offer that cannot be taken gets a valid answer in the ACK, and then BYE", () => {
    const { door, call } = callingTo(anna, DELAYED);
    door.deliver(call.answer("200 OK", NO_LAW), anna);
    equal(mediaOf(door.expect("ACK")).join("; "), "audio 0 RTP/AVP 3", "answer");
    door.expect("BYE");
    equal(door.device.station.state, StationState.IDLE, "state");
  });

  clause("RFC 3261 13.2.2.4", "the offer of a second 2xx is answered too, and that dialog is ended with BYE", () => {
    const { door, call } = callingTo(anna, DELAYED);
    const other = bert.takeCall(call.invite);
    door.deliver(call.answer("200 OK", anna.description([])), anna);
    door.expect("ACK");
    door.deliver(other.answer("200 OK", bert.description([])), bert);
    equal(mediaOf(door.expect("ACK")).join("; "), "audio 0 RTP/AVP 8", "answer");
    door.expect("BYE");
    equal(door.device.station.state, StationState.TALKING, "state");
  });
});

describe("the called", () => {
  clause("RFC 3261 13.3.1.4", "its 2xx has an answer, Allow and Contact, and the session stands with the ACK", () => {
    const door = openDoor();
    const call = anna.newCall();
    door.deliver(call.inviteWith(anna.description([])), anna);
    const answer = door.expect("200 INVITE");
    isTrue(bodyOf(answer).indexOf("m=audio") > 0, "answer");
    equal(hasHeaderField(answer, "Allow"), true, "Allow");
    equal(door.device.station.state, StationState.CONNECTING, "before the ACK");
    call.takeResponse(answer);
    door.deliver(call.acknowledge(""), anna);
    equal(door.device.station.state, StationState.TALKING, "after the ACK");
  });

  slowClause("RFC 3261 13.3.1.4", "its 2xx is sent at T1, doubling up to T2, until the ACK comes", () => {
    const door = openDoor();
    const call = anna.newCall();
    door.deliver(call.inviteWith(anna.description([])), anna);
    const answer = door.expect("200 INVITE");
    door.advance(8000);
    equal(door.wire.times(), "500 1500 3500 7500", "200 at");
    call.takeResponse(answer);
    door.deliver(call.acknowledge(""), anna);
    door.advance(8000);
    door.expectSilence();
  });

  clause("RFC 3261 13.3.1.4", "without an ACK in 64*T1 the call is ended with BYE", () => {
    const door = openDoor();
    const call = anna.newCall();
    door.deliver(call.inviteWith(anna.description([])), anna);
    door.advance(31990);
    door.wire.forget();
    door.advance(20);
    door.expect("BYE");
    equal(door.device.station.state, StationState.IDLE, "state");
  });

  clause("RFC 3261 13.3.1.3", "an offer without anything to take is answered 488", () => {
    const door = openDoor();
    door.deliver(anna.newCall().inviteWith(NO_LAW), anna);
    door.expect("488 INVITE");
  });

  clause("RFC 3261 13.2.1", "an INVITE without an offer is answered with one, and the ACK has the answer", () => {
    const door = openDoor();
    const call = anna.newCall();
    door.deliver(call.inviteWith(""), anna);
    const answer = door.expect("200 INVITE");
    isTrue(mediaOf(answer)[0].indexOf("audio 10000 RTP/AVP 8 0") === 0, "offer");
    call.takeResponse(answer);
    door.deliver(call.acknowledge(anna.description([])), anna);
    equal(door.device.station.state, StationState.TALKING, "state");
  });

  clause(
    "RFC 3261 13.2.1",
    "an offer of ours that the ACK does not answer, or not well, ends the call with BYE",
    () => {
      const bodies = ["", NO_LAW];
      for (let index = 0; index < bodies.length; index += 1) {
        const door = openDoor();
        const call = anna.newCall();
        door.deliver(call.inviteWith(""), anna);
        call.takeResponse(door.expect("200 INVITE"));
        door.deliver(call.acknowledge(bodies[index]), anna);
        door.expect("BYE");
      }
    },
  );

  clause("RFC 3261 13.3.1.2", "a second caller while one talks is answered 486", () => {
    const door = openDoor();
    talkAsCaller(door, anna);
    door.deliver(bert.newCall().inviteWith(bert.description([])), bert);
    door.expect("486 INVITE");
    equal(door.device.station.state, StationState.TALKING, "state");
  });
});

describe("a change of the session", () => {
  clause("RFC 3261 14.2", "a re-INVITE is answered 200 with an answer, whoever called", () => {
    const door = openDoor();
    const call = talkAsCaller(door, anna);
    door.deliver(call.inviteWith(anna.description(["a=sendonly"])), anna);
    equal(mediaOf(door.expect("200 INVITE"))[0], "audio 10000 RTP/AVP 8 101 recvonly", "answer");
    const other = new Door([]);
    const called = talkAsCalled(other, anna);
    other.deliver(called.inviteWith(anna.description(["a=sendonly"])), anna);
    equal(mediaOf(other.expect("200 INVITE"))[0], "audio 10000 RTP/AVP 8 101 recvonly", "answer as caller");
  });

  clause(
    "RFC 3261 14.2",
    "a re-INVITE whose offer cannot be taken is answered 488, and the session stays as it was",
    () => {
      const door = openDoor();
      const call = talkAsCaller(door, anna);
      door.deliver(call.inviteWith(NO_LAW), anna);
      const refusal = door.expect("488 INVITE");
      door.deliver(call.acknowledgeRefusal(refusal), anna);
      equal(door.device.station.state, StationState.TALKING, "state");
      const before = door.voiceSent;
      door.advance(1000);
      isTrue(door.voiceSent - before > 40, "voice goes on");
      hangUp(door, call);
    },
  );

  clause("RFC 3261 14.2", "a re-INVITE without an offer is answered with one that has the session as it is", () => {
    const door = openDoor();
    const call = talkAsCaller(door, anna);
    door.deliver(call.inviteWith(""), anna);
    isTrue(mediaOf(door.expect("200 INVITE"))[0].indexOf("audio 10000 RTP/AVP 8") === 0, "offer");
    door.deliver(call.acknowledge(anna.description([])), anna);
    equal(door.device.station.state, StationState.TALKING, "state");
  });

  clause(
    "RFC 3261 14.2",
    "a second re-INVITE before the ACK of the first is answered 500 with Retry-After, or 491",
    () => {
      const door = openDoor();
      const call = talkAsCaller(door, anna);
      door.deliver(call.inviteWith(anna.description([])), anna);
      door.expect("200 INVITE");
      door.deliver(call.inviteWith(anna.description([])), anna);
      const code = door.wire.next().substring(8, 11);
      isTrue(code === "500" || code === "491", `it is answered ${code}`);
      equal(door.device.station.state, StationState.TALKING, "state");
    },
  );
});

describe("the end of a session", () => {
  clause(
    "RFC 3261 15.1.1",
    "BYE is sent in the dialog, and the session is over with any final response or none",
    () => {
      const statuses = ["200 OK", "481 Gone", "408 Late", "500 No", ""];
      for (let index = 0; index < statuses.length; index += 1) {
        const { door, call } = callingTo(anna, []);
        door.deliver(call.answer("200 OK", anna.description([])), anna);
        door.expect("ACK");
        hangUpHere(door);
        const bye = door.expect("BYE");
        if (statuses[index] !== "") {
          door.deliver(call.respond(bye, statuses[index], [], ""), anna);
        }
        door.advance(1000);
        door.wire.forget();
        expectNothingLeft(door);
      }
    },
  );

  clause("RFC 3261 15.1.2", "BYE of the peer is answered 200 and ends the session", () => {
    const door = openDoor();
    hangUp(door, talkAsCaller(door, anna));
    equal(door.device.station.state, StationState.IDLE, "state");
    expectNothingLeft(door);
  });

  clause("RFC 3261 15.1.2", "BYE of no dialog is answered 481", () => {
    const door = openDoor();
    door.deliver(anna.request("BYE", [], ""), anna);
    door.expect("481 BYE");
  });

  clause("RFC 3261 15", "the called side sends no BYE before the ACK came", () => {
    const door = openDoor();
    const call = anna.newCall();
    door.deliver(call.inviteWith(anna.description([])), anna);
    call.takeResponse(door.expect("200 INVITE"));
    hangUpHere(door);
    door.expectSilence();
    door.deliver(call.acknowledge(""), anna);
    door.expect("BYE");
  });

  clause("RFC 3261 15.1.2", "an INVITE that is not answered is refused 487 when the caller's BYE comes first", () => {
    const door = new Door(["call.answer-from = *", "call.answer-delay = 5"]);
    const call = anna.newCall();
    door.deliver(call.inviteWith(anna.description([])), anna);
    call.takeResponse(door.expect("180 INVITE"));
    const invite = call.invite;
    door.deliver(call.bye(), anna);
    const kinds = [door.wire.next(), door.wire.next()].map((message) => message.substring(8, 11)).join(" ");
    isTrue(kinds === "200 487" || kinds === "487 200", `answers ${kinds}`);
    call.invite = invite;
    equal(door.device.station.state, StationState.IDLE, "state");
  });
});
