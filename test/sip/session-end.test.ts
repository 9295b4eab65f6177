// Calls that are over for their people while the other side says nothing more (RFC 3261 9.1, 15.1.1), seen from the wire: they keep
// nobody from calling, and still end as they should.

import { StationState } from "../../firmware/intercom/station";
import { describe, equal, it, itSlow } from "../harness";
import { expectIdleAfter, hangUpHere, sessionOf } from "../rig/call";
import { Door, talkAsCalled } from "../rig/door";
import { headerOf, kindOf } from "../rig/message-text";
import { Peer, type PeerCall } from "../rig/peer";

const anna = new Peer("anna", 9, 5060);

/** The button is pressed, anna's phone rings or says nothing, and the visitor's call is given up. */
function givenUp(door: Door, rings: boolean): PeerCall {
  door.press(0);
  const call = anna.takeCall(door.expect("INVITE"));
  if (rings) {
    door.deliver(call.answer("180 Ringing", ""), anna);
  }
  hangUpHere(door);
  if (rings) {
    door.expect("CANCEL");
  }
  return call;
}

/** Whether a press calls now. */
function expectCalling(door: Door): PeerCall {
  door.press(0);
  const call = anna.takeCall(door.expect("INVITE"));
  equal(door.device.station.state, StationState.CALLING, "state of the station");
  return call;
}

/** How often a kind of message of a call was sent and not read yet. */
function countOf(door: Door, kind: string, callId: string): number {
  let count = 0;
  while (door.wire.waiting() > 0) {
    const text = door.wire.next();
    count += kindOf(text) === kind && headerOf(text, "Call-ID") === callId ? 1 : 0;
  }
  return count;
}

describe("calls whose peer has vanished", () => {
  itSlow("keep nobody from calling while their BYE is unanswered, which goes on alone", () => {
    const door = new Door([]);
    const first = talkAsCalled(door, anna);
    hangUpHere(door);
    door.expect("BYE");
    talkAsCalled(door, anna);
    hangUpHere(door);
    door.expect("BYE");
    const third = expectCalling(door);
    equal(door.device.station.sessions.use.inUse, 2, "sessions");
    door.deliver(third.answer("180 Ringing", ""), anna);
    door.advance(10000);
    equal(countOf(door, "BYE", first.callId), 4, "the first BYE again: at 0.5, 1.5, 3.5 and 7.5 s");
    hangUpHere(door);
    door.advance(40000);
    equal(door.recordsInUse(), 0, "records in use");
  });

  it("keep nobody from calling while their CANCEL is unanswered; a late 487 is acknowledged", () => {
    const door = new Door([]);
    const first = givenUp(door, true);
    givenUp(door, true);
    const third = expectCalling(door);
    door.deliver(first.respond(first.invite, "487 Request Terminated", [], ""), anna);
    equal(headerOf(door.expect("ACK"), "Call-ID"), first.callId, "call of the ACK");
    door.deliver(third.answer("180 Ringing", ""), anna);
    equal(sessionOf(door).ended, false, "the present call goes on");
  });

  it("are answered too late: ACK and BYE, while the next call goes on", () => {
    const door = new Door([]);
    const first = givenUp(door, true);
    givenUp(door, true);
    expectCalling(door);
    door.deliver(first.answer("200 OK", anna.description([])), anna);
    equal(headerOf(door.expect("ACK"), "Call-ID"), first.callId, "call of the ACK");
    const bye = door.expect("BYE");
    equal(headerOf(bye, "Call-ID"), first.callId, "call of the BYE");
    door.deliver(first.respond(bye, "200 OK", [], ""), anna);
    equal(door.device.station.state, StationState.CALLING, "state of the station");
    door.expectSilence();
  });

  it("ring too late: CANCEL, once (9.1)", () => {
    const door = new Door([]);
    const first = givenUp(door, false);
    givenUp(door, false);
    const third = expectCalling(door);
    door.deliver(third.answer("180 Ringing", ""), anna);
    door.deliver(first.answer("180 Ringing", ""), anna);
    const cancel = door.expect("CANCEL");
    equal(headerOf(cancel, "Call-ID"), first.callId, "call of the CANCEL");
    door.deliver(first.respond(cancel, "200 OK", [], ""), anna);
    door.deliver(first.answer("183 Progress", ""), anna);
    door.expectSilence();
    door.deliver(first.respond(first.invite, "487 Request Terminated", [], ""), anna);
    door.expect("ACK");
  });

  itSlow("leave nothing behind, however often somebody presses", () => {
    const door = new Door([]);
    for (let count = 0; count < 12; count += 1) {
      door.wire.forget();
      door.press(0);
      equal(door.device.station.state, StationState.CALLING, `press ${count}`);
      let sent = door.wire.next();
      while (kindOf(sent) !== "INVITE") {
        sent = door.wire.next();
      }
      door.deliver(anna.takeCall(sent).answer("180 Ringing", ""), anna);
      hangUpHere(door);
      equal(headerOf(door.expect("CANCEL"), "Call-ID"), headerOf(sent, "Call-ID"), "call of the CANCEL");
    }
    door.advance(80000);
    door.wire.forget();
    expectIdleAfter(door, 0);
  });
});
