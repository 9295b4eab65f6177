// Reliable provisional responses (RFC 3262), from both sides.

import { StationState } from "../../firmware/intercom/station";
import { describe, equal, isTrue } from "../harness";
import { callingTo } from "../rig/call";
import { Door } from "../rig/door";
import { bodyOf, hasHeaderField, headerOf, headersOf, mediaOf, startLine, textBetween } from "../rig/message-text";
import { Peer, type PeerCall } from "../rig/peer";
import { clause, slowClause } from "./clause";

const anna = new Peer("anna", 9, 5060);

interface Ringing {
  door: Door;
  call: PeerCall;
  /** The 180. */
  response: string;
}

/** A caller hears the station ring for five seconds. */
function ring(headers: string[]): Ringing {
  const door = new Door(["call.answer-from = *", "call.answer-delay = 5"]);
  const call = anna.newCall();
  door.deliver(call.request("INVITE", headers, anna.description([])), anna);
  const response = door.expect("180 INVITE");
  call.takeResponse(response);
  return { door, call, response };
}

/** The value of RAck for a response. */
function acknowledgementOf(response: string): string {
  return `${headerOf(response, "RSeq")} ${headerOf(response, "CSeq")}`;
}

function prack(ringing: Ringing, value: string): string {
  return ringing.call.request("PRACK", [`RAck: ${value}`], "");
}

/** A reliable provisional response of anna's. */
function reliable(call: PeerCall, status: string, sequence: number, body: string): string {
  return call.respond(call.invite, status, [`Contact: ${anna.contact}`, "Require: 100rel", `RSeq: ${sequence}`], body);
}

describe("reliable responses of the station", () => {
  clause("RFC 3262 3", "a caller who requires 100rel gets its 180 with Require and RSeq", () => {
    const { response } = ring(["Require: 100rel"]);
    isTrue(headersOf(response, "Require").join(",").indexOf("100rel") >= 0, "Require");
    isTrue(Number(headerOf(response, "RSeq")) >= 1, "RSeq");
  });

  clause("RFC 3262 3", "a caller who does not know 100rel gets a plain 180", () => {
    const { response } = ring([]);
    equal(hasHeaderField(response, "RSeq"), false, "RSeq");
    equal(hasHeaderField(response, "Require"), false, "Require");
  });

  clause("RFC 3262 3", "the response is sent again at T1, doubling, until PRACK comes", () => {
    const ringing = ring(["Require: 100rel"]);
    ringing.door.advance(2000);
    equal(ringing.door.wire.times(), "500 1500", "180 at");
    ringing.door.deliver(prack(ringing, acknowledgementOf(ringing.response)), anna);
    ringing.door.expect("200 PRACK");
    ringing.door.advance(2900);
    ringing.door.expectSilence();
  });

  clause(
    "RFC 3262 3",
    "a PRACK whose RAck matches nothing is answered 481, and the response goes on to be sent",
    () => {
      const ringing = ring(["Require: 100rel"]);
      const { door, response } = ringing;
      const sequence = Number(headerOf(response, "RSeq"));
      const cseq = Number(textBetween(` ${headerOf(response, "CSeq")}`, " ", " "));
      const values = [
        `${sequence + 1} ${cseq} INVITE`,
        `${sequence} ${cseq + 1} INVITE`,
        `${sequence} ${cseq} OPTIONS`,
      ];
      for (let index = 0; index < values.length; index += 1) {
        door.deliver(prack(ringing, values[index]), anna);
        door.expect("481 PRACK");
      }
      door.advance(500);
      door.expect("180 INVITE");
    },
  );

  clause("RFC 3262 3", "a second PRACK for the same response matches nothing", () => {
    const ringing = ring(["Require: 100rel"]);
    ringing.door.deliver(prack(ringing, acknowledgementOf(ringing.response)), anna);
    ringing.door.expect("200 PRACK");
    ringing.door.deliver(prack(ringing, acknowledgementOf(ringing.response)), anna);
    ringing.door.expect("481 PRACK");
  });

  slowClause(
    "RFC 3262 3",
    "the final response comes in its time, and ends the repetition of the provisional one",
    () => {
      const { door, call } = ring(["Require: 100rel"]);
      door.advance(5000);
      let last = "";
      while (door.wire.waiting() > 0) {
        last = door.wire.next();
      }
      equal(startLine(last), "SIP/2.0 200 OK", "last message");
      call.takeResponse(last);
      door.deliver(call.acknowledge(""), anna);
      door.advance(10000);
      door.expectSilence();
      equal(door.device.station.state, StationState.TALKING, "state");
    },
  );

  clause("RFC 3262 3", "a PRACK of no dialog is answered 481", () => {
    const door = new Door(["call.answer-from = *"]);
    door.deliver(anna.request("PRACK", ["RAck: 1 101 INVITE"], ""), anna);
    door.expect("481 PRACK");
  });

  clause("RFC 3262 4", "a PRACK without RAck, or with a bad one, is refused", () => {
    const ringing = ring(["Require: 100rel"]);
    const values = ["RAck: one two INVITE", "RAck: 1", "X-RAck: 1 1 INVITE"];
    for (let index = 0; index < values.length; index += 1) {
      ringing.door.deliver(ringing.call.request("PRACK", [values[index]], ""), anna);
      isTrue(ringing.door.wire.next().indexOf("SIP/2.0 4") === 0, values[index]);
    }
  });
});

describe("reliable responses to the station", () => {
  clause("RFC 3262 4", "its INVITE supports 100rel, or requires it, or neither, as it is set", () => {
    const supported = callingTo(anna, []).call.invite;
    isTrue(headerOf(supported, "Supported").indexOf("100rel") >= 0, "Supported");
    equal(headerOf(supported, "Require"), "", "Require");
    isTrue(
      headerOf(callingTo(anna, ["call.provisional = required"]).call.invite, "Require").indexOf("100rel") >= 0,
      "required",
    );
    isTrue(callingTo(anna, ["call.provisional = off"]).call.invite.indexOf("100rel") < 0, "off");
  });

  clause("RFC 3262 4", "a reliable response is answered with PRACK in its dialog", () => {
    const { door, call } = callingTo(anna, []);
    const response = reliable(call, "180 Ringing", 717, "");
    door.deliver(response, anna);
    const request = door.expect("PRACK");
    const cseq = headerOf(call.invite, "CSeq");
    equal(headerOf(request, "RAck"), `717 ${cseq}`, "RAck");
    equal(startLine(request), "PRACK sip:anna@192.0.2.9:5060 SIP/2.0", "request line");
    equal(headerOf(request, "To"), headerOf(response, "To"), "To");
    const number = Number(textBetween(` ${cseq}`, " ", " "));
    equal(headerOf(request, "CSeq"), `${number + 1} PRACK`, "CSeq");
  });

  clause("RFC 3262 4", "the same response again is not answered with another PRACK", () => {
    const { door, call } = callingTo(anna, []);
    door.deliver(reliable(call, "180 Ringing", 717, ""), anna);
    door.deliver(call.respond(door.expect("PRACK"), "200 OK", [], ""), anna);
    door.deliver(reliable(call, "180 Ringing", 717, ""), anna);
    door.expectSilence();
  });

  clause("RFC 3262 4", "a response out of order is not acknowledged before the one that is missing", () => {
    const { door, call } = callingTo(anna, []);
    door.deliver(reliable(call, "180 Ringing", 20, ""), anna);
    door.deliver(call.respond(door.expect("PRACK"), "200 OK", [], ""), anna);
    door.deliver(reliable(call, "183 Progress", 22, ""), anna);
    door.expectSilence();
    door.deliver(reliable(call, "183 Progress", 21, ""), anna);
    equal(textBetween(` ${headerOf(door.expect("PRACK"), "RAck")}`, " ", " "), "21", "RAck");
  });

  clause("RFC 3262 4", "a response without Require is not acknowledged, whatever RSeq it has, nor is a 100", () => {
    const { door, call } = callingTo(anna, []);
    door.deliver(call.respond(call.invite, "180 Ringing", [`Contact: ${anna.contact}`, "RSeq: 1"], ""), anna);
    door.deliver(call.respond(call.invite, "100 Trying", ["Require: 100rel", "RSeq: 1"], ""), anna);
    door.expectSilence();
  });

  clause(
    "RFC 3262 5",
    "an answer in a reliable response is the answer: the call stands with a 2xx that has none",
    () => {
      const { door, call } = callingTo(anna, []);
      door.deliver(reliable(call, "183 Progress", 1, anna.description([])), anna);
      door.deliver(call.respond(door.expect("PRACK"), "200 OK", [], ""), anna);
      door.deliver(call.answer("200 OK", ""), anna);
      door.expect("ACK");
      equal(door.device.station.state, StationState.TALKING, "state");
    },
  );

  clause("RFC 3262 5", "an offer in a reliable response to an INVITE without one is answered in the PRACK", () => {
    const { door, call } = callingTo(anna, ["call.offer = delayed"]);
    equal(bodyOf(call.invite), "", "body of the INVITE");
    door.deliver(reliable(call, "183 Progress", 1, anna.description(["a=sendonly"])), anna);
    const request = door.expect("PRACK");
    equal(mediaOf(request)[0], "audio 10000 RTP/AVP 8 101 recvonly", "answer");
    door.deliver(call.respond(request, "200 OK", [], ""), anna);
    door.deliver(call.answer("200 OK", ""), anna);
    equal(bodyOf(door.expect("ACK")), "", "body of the ACK");
    equal(door.device.station.state, StationState.TALKING, "state");
  });
});
