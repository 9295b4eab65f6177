// Dialogs (RFC 3261 12): how they come to be on both sides, requests within them, and how they end.

import { StationState } from "../../firmware/intercom/station";
import { describe, equal, isTrue } from "../harness";
import { callingTo, hangUpHere } from "../rig/call";
import { Door, hangUp, talkAsCalled, talkAsCaller } from "../rig/door";
import { changed, headerOf, headersOf, parameterOf, startLine, textBetween } from "../rig/message-text";
import { Peer, type PeerCall } from "../rig/peer";
import { clause } from "./clause";
import { openDoor } from "./verdict";

const anna = new Peer("anna", 9, 5060);

function sequenceOf(message: string): number {
  return Number(textBetween(` ${headerOf(message, "CSeq")}`, " ", " "));
}

/** A caller's INVITE with those header fields is answered and acknowledged. Returns the 200. */
function answered(door: Door, call: PeerCall, headers: string[]): string {
  door.deliver(call.request("INVITE", headers, anna.description([])), anna);
  const answer = door.expect("200 INVITE");
  call.takeResponse(answer);
  door.deliver(call.acknowledge(""), anna);
  return answer;
}

const ROUTES = ["Record-Route: <sip:192.0.2.61:5070;lr>", "Record-Route: <sip:192.0.2.62;lr;x=y>, <sip:192.0.2.63;lr>"];
const FORWARD = "<sip:192.0.2.61:5070;lr>,<sip:192.0.2.62;lr;x=y>,<sip:192.0.2.63;lr>";
const BACKWARD = "<sip:192.0.2.63;lr>,<sip:192.0.2.62;lr;x=y>,<sip:192.0.2.61:5070;lr>";

function routeOf(message: string): string {
  return headersOf(message, "Route").join(",").split(", ").join(",");
}

describe("a dialog as called", () => {
  clause("RFC 3261 12.1.1", "the 2xx has all Record-Route fields in their order, and a Contact", () => {
    const answer = answered(openDoor(), anna.newCall(), ROUTES);
    equal(headersOf(answer, "Record-Route").join(", ").split(", ").join(","), FORWARD, "Record-Route");
    equal(textBetween(headerOf(answer, "Contact"), "<", ">"), "sip:door@192.0.2.4:5060", "Contact");
  });

  clause("RFC 3261 12.1.1", "its route set is Record-Route in the order of the request, its target the Contact", () => {
    const door = openDoor();
    answered(door, anna.newCall(), ROUTES);
    hangUpHere(door);
    const bye = door.wire.nextDatagram();
    equal(routeOf(bye.text), FORWARD, "Route");
    equal(startLine(bye.text), "BYE sip:anna@192.0.2.9:5060 SIP/2.0", "request line");
    equal(`${bye.host}:${bye.port}`, "61:5070", "sent to");
  });

  clause(
    "RFC 3261 12.1.1",
    "its local tag is the To tag of the response, its remote tag the From tag of the request",
    () => {
      const door = openDoor();
      const answer = answered(door, anna.newCall(), []);
      hangUpHere(door);
      const bye = door.expect("BYE");
      equal(parameterOf(headerOf(bye, "From"), "tag"), parameterOf(headerOf(answer, "To"), "tag"), "From tag");
      equal(parameterOf(headerOf(bye, "To"), "tag"), "anna-tag", "To tag");
    },
  );

  clause("RFC 3261 12.1.1", "a 180 makes an early dialog: it has the tag of the 2xx, and a Contact", () => {
    const door = new Door(["call.answer-from = *", "call.answer-delay = 5"]);
    door.deliver(anna.newCall().request("INVITE", ROUTES, anna.description([])), anna);
    const ringing = door.expect("180 INVITE");
    equal(headersOf(ringing, "Record-Route").length, 2, "Record-Route");
    equal(headersOf(ringing, "Contact").length, 1, "Contact");
    door.advance(5000);
    equal(headerOf(door.expect("200 INVITE"), "To"), headerOf(ringing, "To"), "To");
  });

  clause("RFC 3261 12.1.1", "an INVITE without Contact cannot make one: 400", () => {
    const door = openDoor();
    const invite = anna.newCall().inviteWith(anna.description([]));
    door.deliver(changed(invite, `Contact: ${anna.contact}\r\n`, ""), anna);
    door.expect("400 INVITE");
  });
});

describe("a dialog as caller", () => {
  clause("RFC 3261 12.1.2", "its route set is Record-Route backwards, its target the Contact of the 2xx", () => {
    const { door, call } = callingTo(anna, []);
    const headers = [...ROUTES, "Contact: <sip:desk@192.0.2.30:5062>"];
    door.deliver(call.respond(call.invite, "200 OK", headers, anna.description([])), anna);
    const acknowledgement = door.wire.nextDatagram();
    equal(routeOf(acknowledgement.text), BACKWARD, "Route");
    equal(startLine(acknowledgement.text), "ACK sip:desk@192.0.2.30:5062 SIP/2.0", "request line");
    equal(acknowledgement.host, 63, "sent to");
  });

  clause("RFC 3261 12.1.2", "the route set of the 2xx counts, not that of the 180 before it (13.2.2.4)", () => {
    const { door, call } = callingTo(anna, []);
    const ringing = [`Contact: ${anna.contact}`, "Record-Route: <sip:192.0.2.70;lr>"];
    door.deliver(call.respond(call.invite, "180 Ringing", ringing, ""), anna);
    const answer = [`Contact: ${anna.contact}`, "Record-Route: <sip:192.0.2.71;lr>"];
    door.deliver(call.respond(call.invite, "200 OK", answer, anna.description([])), anna);
    equal(routeOf(door.expect("ACK")), "<sip:192.0.2.71;lr>", "Route");
  });

  clause("RFC 3261 12.3", "a refusal ends the early dialog", () => {
    const { door, call } = callingTo(anna, []);
    door.deliver(call.answer("180 Ringing", ""), anna);
    door.deliver(call.respond(call.invite, "486 Busy Here", [], ""), anna);
    call.remoteTag = parameterOf(headerOf(call.invite, "From"), "tag");
    door.expect("ACK");
    door.deliver(call.bye(), anna);
    door.expect("481 BYE");
  });
});

describe("a request of the station within a dialog", () => {
  clause("RFC 3261 12.2.1.1", "its CSeq is one more than that of the last, its Call-ID and From tag the same", () => {
    const { door, call } = callingTo(anna, []);
    door.deliver(call.answer("200 OK", anna.description([])), anna);
    door.expect("ACK");
    hangUpHere(door);
    const bye = door.expect("BYE");
    equal(sequenceOf(bye), sequenceOf(call.invite) + 1, "CSeq");
    equal(headerOf(bye, "Call-ID"), call.callId, "Call-ID");
    equal(headerOf(bye, "From"), headerOf(call.invite, "From"), "From");
    equal(headerOf(bye, "To"), "<sip:anna@192.0.2.9>;tag=anna-tag", "To");
  });

  clause(
    "RFC 3261 12.2.1.1",
    "with a strict router first, its Request-URI is the router and the target comes last in Route",
    () => {
      const { door, call } = callingTo(anna, []);
      const headers = ["Record-Route: <sip:192.0.2.61;lr>, <sip:192.0.2.62>", `Contact: ${anna.contact}`];
      door.deliver(call.respond(call.invite, "200 OK", headers, anna.description([])), anna);
      const acknowledgement = door.wire.nextDatagram();
      equal(startLine(acknowledgement.text), "ACK sip:192.0.2.62 SIP/2.0", "request line");
      equal(routeOf(acknowledgement.text), "<sip:192.0.2.61;lr>,<sip:anna@192.0.2.9:5060>", "Route");
      equal(acknowledgement.host, 62, "sent to");
    },
  );

  clause("RFC 3261 12.2.1.2", "a 481 or 408 to it ends the dialog", () => {
    const { door, call } = callingTo(anna, []);
    door.deliver(call.answer("200 OK", anna.description([])), anna);
    door.expect("ACK");
    hangUpHere(door);
    door.deliver(call.respond(door.expect("BYE"), "481 Gone", [], ""), anna);
    door.advance(6000);
    equal(door.device.station.sessions.use.inUse, 0, "sessions");
  });
});

describe("a request of the peer within a dialog", () => {
  clause("RFC 3261 12.2.2", "a tag that belongs to no dialog is answered 481", () => {
    const door = openDoor();
    const call = talkAsCaller(door, anna);
    const tag = call.remoteTag;
    call.remoteTag = "never-given";
    door.deliver(call.bye(), anna);
    door.expect("481 BYE");
    call.remoteTag = tag;
    call.localTag = "another";
    door.deliver(call.bye(), anna);
    door.expect("481 BYE");
    equal(door.device.station.state, StationState.TALKING, "state");
  });

  clause("RFC 3261 12.2.2", "another Call-ID is another dialog", () => {
    const door = openDoor();
    const call = talkAsCaller(door, anna);
    const other = anna.newCall();
    other.remoteTag = call.remoteTag;
    door.deliver(other.bye(), anna);
    door.expect("481 BYE");
    equal(door.device.station.state, StationState.TALKING, "state");
  });

  clause("RFC 3261 12.2.2", "a CSeq below the last is answered 500", () => {
    const door = openDoor();
    const call = talkAsCaller(door, anna);
    call.sequence -= 5;
    door.deliver(call.bye(), anna);
    door.expect("500 BYE");
    equal(door.device.station.state, StationState.TALKING, "state");
  });

  clause("RFC 3261 12.2.2", "a CSeq far above the last is taken: gaps are no fault", () => {
    const door = openDoor();
    const call = talkAsCaller(door, anna);
    call.sequence += 100000;
    hangUp(door, call);
    equal(door.device.station.state, StationState.IDLE, "state");
  });

  clause("RFC 3261 12.2.2", "the first request of the called side may have any CSeq", () => {
    const door = new Door([]);
    const call = talkAsCalled(door, anna);
    call.sequence = 0;
    hangUp(door, call);
    equal(door.device.station.state, StationState.IDLE, "state");
  });

  clause("RFC 3261 12.2.2", "a re-INVITE with another Contact moves the target, a BYE does not", () => {
    const door = openDoor();
    const call = talkAsCaller(door, anna);
    const moved = changed(call.inviteWith(anna.description([])), anna.contact, "<sip:anna@192.0.2.44:5066>");
    door.deliver(moved, anna);
    door.expect("200 INVITE");
    door.deliver(call.acknowledge(""), anna);
    hangUpHere(door);
    const bye = door.wire.nextDatagram();
    equal(startLine(bye.text), "BYE sip:anna@192.0.2.44:5066 SIP/2.0", "request line");
    equal(`${bye.host}:${bye.port}`, "44:5066", "sent to");
  });

  clause("RFC 3261 12.2.2", "the route set stays, whatever Record-Route a re-INVITE has", () => {
    const door = openDoor();
    const call = anna.newCall();
    answered(door, call, ["Record-Route: <sip:192.0.2.61;lr>"]);
    answered(door, call, ["Record-Route: <sip:192.0.2.66;lr>"]);
    hangUpHere(door);
    equal(routeOf(door.expect("BYE")), "<sip:192.0.2.61;lr>", "Route");
  });

  clause(
    "RFC 3261 12.1.1",
    "a dialog with a caller of RFC 2543, who has no tag, is known by its Call-ID and our tag",
    () => {
      const door = openDoor();
      const call = anna.newCall();
      call.localTag = "";
      answered(door, call, []);
      isTrue(call.remoteTag !== "", "our tag");
      hangUp(door, call);
      equal(door.device.station.state, StationState.IDLE, "state");
    },
  );
});
