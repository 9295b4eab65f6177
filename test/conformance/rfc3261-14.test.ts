// Changes of a session that the station begins (RFC 3261 14.1, RFC 6141): here a refresh by re-INVITE, and what each way of
// failing does to the call.

import { StationState } from "../../firmware/intercom/station";
import { describe, equal, isTrue } from "../harness";
import { Door } from "../rig/door";
import { firstWord, headerOf, textBetween } from "../rig/message-text";
import { Peer, type PeerCall } from "../rig/peer";
import { slowClause } from "./clause";

const anna = new Peer("anna", 9, 5060);
const TIMER = ["Session-Expires: 90;refresher=uac", "Require: timer", "Allow: INVITE, ACK, CANCEL, BYE"];

interface Refresh {
  door: Door;
  call: PeerCall;
  /** The station's re-INVITE. */
  request: string;
}

/** A call of the station that it refreshes by re-INVITE. */
function refresh(): Refresh {
  const door = new Door(["account.password = secret", "account.realm = hall"]);
  door.press(0);
  const call = anna.takeCall(door.expect("INVITE"));
  const headers = [`Contact: ${anna.contact}`, TIMER[0], TIMER[1], TIMER[2]];
  door.deliver(call.respond(call.invite, "200 OK", headers, anna.description([])), anna);
  door.expect("ACK");
  door.advanceToMessage(60000);
  return { door, call, request: door.expect("INVITE") };
}

function respond(state: Refresh, status: string, headers: string[]): void {
  state.door.deliver(state.call.respond(state.request, status, headers, ""), anna);
}

/** Fails unless the two go on talking. */
function expectTalking(door: Door): void {
  const before = door.voiceSent;
  door.advance(1000);
  isTrue(door.voiceSent - before > 45, "voice goes on");
  equal(door.device.station.state, StationState.TALKING, "state");
}

describe("a re-INVITE of the station", () => {
  slowClause("RFC 3261 14.1", "has the tags, the Call-ID and the target of the dialog, and an offer", () => {
    const { call, request } = refresh();
    equal(headerOf(request, "Call-ID"), call.callId, "Call-ID");
    equal(headerOf(request, "To"), "<sip:anna@192.0.2.9>;tag=anna-tag", "To");
    equal(textBetween(request, "INVITE ", " "), "sip:anna@192.0.2.9:5060", "Request-URI");
    isTrue(request.indexOf("m=audio 10000") > 0, "offer");
  });

  slowClause("RFC 3261 14.1", "that is refused leaves the session as it was", () => {
    const statuses = ["488 Not Acceptable Here", "486 Busy", "500 No", "603 Decline", "415 No"];
    for (let index = 0; index < statuses.length; index += 1) {
      const state = refresh();
      respond(state, statuses[index], []);
      state.door.expect("ACK");
      expectTalking(state.door);
    }
  });

  slowClause("RFC 6141 3.1", "that is refused after a provisional response leaves the session as it was", () => {
    const state = refresh();
    respond(state, "180 Ringing", []);
    respond(state, "488 Not Acceptable Here", []);
    state.door.expect("ACK");
    expectTalking(state.door);
  });

  slowClause("RFC 3261 12.2.1.2", "that gets 481 or 408 ends the call", () => {
    const statuses = ["481 Gone", "408 Late"];
    for (let index = 0; index < statuses.length; index += 1) {
      const state = refresh();
      respond(state, statuses[index], []);
      equal(state.door.device.station.state, StationState.IDLE, statuses[index]);
    }
  });

  slowClause("RFC 3261 14.1", "that nobody answers ends the call", () => {
    const { door } = refresh();
    door.advance(32100);
    equal(door.device.station.state, StationState.IDLE, "state");
  });

  slowClause("RFC 3261 14.1", "that gets 491 is sent again after 2.1 to 4 s by who made the Call-ID", () => {
    const state = refresh();
    respond(state, "491 Request Pending", []);
    state.door.expect("ACK");
    const pause = state.door.advanceToMessage(10000);
    equal(firstWord(state.door.wire.next()), "INVITE", "message");
    isTrue(pause >= 2100 && pause <= 4000, `after ${pause} ms`);
  });

  slowClause("RFC 3261 22.2", "that is challenged is sent again with credentials and the next CSeq", () => {
    const state = refresh();
    respond(state, "401 No", ['WWW-Authenticate: Digest realm="hall", nonce="n1", qop="auth"']);
    state.door.expect("ACK");
    const second = state.door.expect("INVITE");
    equal(headerOf(second, "Authorization").substring(0, 6), "Digest", "Authorization");
    const number = Number(textBetween(` ${headerOf(state.request, "CSeq")}`, " ", " "));
    equal(headerOf(second, "CSeq"), `${number + 1} INVITE`, "CSeq");
  });

  slowClause("RFC 3261 14.2", "is crossed by one of the peer, which is answered 491", () => {
    const { door, call } = refresh();
    door.deliver(call.inviteWith(anna.description([])), anna);
    door.expect("491 INVITE");
    equal(door.device.station.state, StationState.TALKING, "state");
  });
});
