// CANCEL (RFC 3261 9), from both sides.

import { StationState } from "../../firmware/intercom/station";
import { describe, equal, isTrue } from "../harness";
import { callingTo, hangUpHere } from "../rig/call";
import { Door, talkAsCaller } from "../rig/door";
import { headerOf, headersOf, kindOf, parameterOf, startLine, textBetween } from "../rig/message-text";
import { Peer, type PeerCall } from "../rig/peer";
import { clause } from "./clause";
import { answerTo, openDoor } from "./verdict";

const anna = new Peer("anna", 9, 5060);

/** A caller hears the station ring. */
function ringing(): { door: Door; call: PeerCall } {
  const door = new Door(["call.answer-from = *", "call.answer-delay = 5"]);
  const call = anna.newCall();
  door.deliver(call.inviteWith(anna.description([])), anna);
  return { door, call };
}

describe("CANCEL of the station", () => {
  clause("RFC 3261 9.1", "has Request-URI, Call-ID, To, From and the CSeq number of the INVITE", () => {
    const { door, call } = callingTo(anna, []);
    door.deliver(call.answer("180 Ringing", ""), anna);
    hangUpHere(door);
    const cancel = door.expect("CANCEL");
    equal(startLine(cancel), "CANCEL sip:anna@192.0.2.9 SIP/2.0", "request line");
    equal(headerOf(cancel, "Call-ID"), call.callId, "Call-ID");
    equal(headerOf(cancel, "To"), headerOf(call.invite, "To"), "To, without the tag of the 180");
    equal(headerOf(cancel, "From"), headerOf(call.invite, "From"), "From");
    const number = textBetween(` ${headerOf(call.invite, "CSeq")}`, " ", " ");
    equal(headerOf(cancel, "CSeq"), `${number} CANCEL`, "CSeq");
  });

  clause("RFC 3261 9.1", "has one Via, that of the INVITE, its Route, and no Require", () => {
    const door = new Door(["account.outbound-proxy = 192.0.2.50", "account.domain = 192.0.2.9"]);
    door.press(0);
    const call = anna.takeCall(door.expect("INVITE"));
    door.deliver(call.answer("180 Ringing", ""), anna);
    hangUpHere(door);
    const datagram = door.wire.nextDatagram();
    const vias = headersOf(datagram.text, "Via");
    equal(vias.length, 1, "Via fields");
    equal(vias[0], headerOf(call.invite, "Via"), "Via");
    equal(headerOf(datagram.text, "Route"), headerOf(call.invite, "Route"), "Route");
    equal(headersOf(datagram.text, "Require").length, 0, "Require");
    equal(datagram.host, 50, "sent to where the INVITE went");
  });

  clause("RFC 3261 9.1", "is not sent before a provisional response came, and at once when it comes", () => {
    const { door, call } = callingTo(anna, []);
    hangUpHere(door);
    door.advance(400);
    door.expectSilence();
    door.deliver(call.respond(call.invite, "100 Trying", [], ""), anna);
    door.expect("CANCEL");
  });

  clause("RFC 3261 9.1", "is not sent when the final response came first", () => {
    const { door, call } = callingTo(anna, []);
    hangUpHere(door);
    door.deliver(call.respond(call.invite, "486 Busy Here", [], ""), anna);
    door.expect("ACK");
    door.advance(40000);
    door.expectSilence();
  });

  clause("RFC 3261 9.1", "leaves the INVITE to its final response: 487 is acknowledged", () => {
    const { door, call } = callingTo(anna, []);
    door.deliver(call.answer("180 Ringing", ""), anna);
    hangUpHere(door);
    const cancel = door.expect("CANCEL");
    door.deliver(call.respond(cancel, "200 OK", [], ""), anna);
    door.expectSilence();
    door.deliver(call.respond(call.invite, "487 Request Terminated", [], ""), anna);
    equal(headerOf(door.expect("ACK"), "To"), "<sip:anna@192.0.2.9>;tag=anna-tag", "To of the ACK");
    door.advance(40000);
    equal(door.recordsInUse(), 0, "records in use");
  });

  clause("RFC 3261 9.1", "that is answered while no final response comes is over after 64*T1", () => {
    const { door, call } = callingTo(anna, []);
    door.deliver(call.answer("180 Ringing", ""), anna);
    hangUpHere(door);
    door.deliver(call.respond(door.expect("CANCEL"), "200 OK", [], ""), anna);
    door.advance(33000);
    equal(door.recordsInUse(), 0, "records in use");
    door.expectSilence();
  });

  clause("RFC 3261 15", "that crosses a 2xx makes a call that is acknowledged and ended with BYE", () => {
    const { door, call } = callingTo(anna, []);
    door.deliver(call.answer("180 Ringing", ""), anna);
    hangUpHere(door);
    door.expect("CANCEL");
    door.deliver(call.answer("200 OK", anna.description([])), anna);
    door.expect("ACK");
    door.expect("BYE");
    equal(door.device.station.state, StationState.IDLE, "state");
  });
});

describe("CANCEL to the station", () => {
  clause("RFC 3261 9.2", "is answered 200, and its INVITE 487", () => {
    const { door, call } = ringing();
    door.expect("180 INVITE");
    door.deliver(call.cancel(), anna);
    door.expect("200 CANCEL");
    door.deliver(call.acknowledgeRefusal(door.expect("487 INVITE")), anna);
    door.advance(40000);
    door.expectSilence();
    equal(door.recordsInUse(), 0, "records in use");
    equal(door.device.station.state, StationState.IDLE, "state");
  });

  clause("RFC 3261 9.2", "is answered with the To tag of the INVITE's responses", () => {
    const { door, call } = ringing();
    const tag = parameterOf(headerOf(door.expect("180 INVITE"), "To"), "tag");
    door.deliver(call.cancel(), anna);
    equal(parameterOf(headerOf(door.expect("200 CANCEL"), "To"), "tag"), tag, "200");
    equal(parameterOf(headerOf(door.expect("487 INVITE"), "To"), "tag"), tag, "487");
  });

  clause("RFC 3261 9.2", "of an INVITE that is answered is answered 200 and changes nothing", () => {
    const door = openDoor();
    const call = anna.newCall();
    door.deliver(call.inviteWith(anna.description([])), anna);
    call.takeResponse(door.expect("200 INVITE"));
    door.deliver(call.cancel(), anna);
    door.expect("200 CANCEL");
    door.deliver(call.acknowledge(""), anna);
    equal(door.device.station.state, StationState.TALKING, "state");
  });

  clause("RFC 3261 9.2", "that belongs to nothing is answered 481", () => {
    const call = anna.newCall();
    call.inviteWith("");
    equal(kindOf(answerTo(call.cancel())), "481 CANCEL", "answer");
  });

  clause("RFC 3261 9.2", "with another branch than the INVITE's cancels nothing", () => {
    const { door, call } = ringing();
    door.expect("180 INVITE");
    const cancel = call.cancel();
    const branch = parameterOf(headerOf(cancel, "Via"), "branch");
    const at = cancel.indexOf(branch);
    door.deliver(`${cancel.substring(0, at)}z9hG4bK-other${cancel.substring(at + branch.length)}`, anna);
    door.expect("481 CANCEL");
    isTrue(door.device.station.state !== StationState.IDLE, "it goes on ringing");
  });

  clause("RFC 3261 9.2", "of a call that stands does not end it", () => {
    const door = openDoor();
    const call = talkAsCaller(door, anna);
    door.deliver(call.cancel(), anna);
    door.expect("200 CANCEL");
    equal(door.device.station.state, StationState.TALKING, "state");
  });
});
