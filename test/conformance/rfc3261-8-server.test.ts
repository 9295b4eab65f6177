// How a user agent server judges a request (RFC 3261 8.2, 7, 11): the checks in their order, and the responses they end in.

import { StationState } from "../../firmware/intercom/station";
import { describe, equal, isTrue } from "../harness";
import { Door, talkAsCaller } from "../rig/door";
import { changed, hasHeaderField, headerOf, kindOf, parameterOf, startLine, without } from "../rig/message-text";
import { clause } from "./clause";
import { anna, answerTo, openDoor, optionsWith, verdictOf } from "./verdict";

const REQUIRE = "Require: nobody-has-this";

function goodInvite(headers: string[]): string {
  return anna.newCall().request("INVITE", headers, anna.description([]));
}

/** A station that rings before it answers. */
function ringingDoor(): Door {
  return new Door(["call.answer-from = *", "call.answer-delay = 5"]);
}

describe("method inspection", () => {
  clause("RFC 3261 8.2.1", "a method that is known and not taken is answered 405 with Allow", () => {
    const methods = ["PUBLISH", "REGISTER"];
    for (let index = 0; index < methods.length; index += 1) {
      const answer = answerTo(anna.request(methods[index], [], ""));
      equal(kindOf(answer), `405 ${methods[index]}`, "answer");
      isTrue(headerOf(answer, "Allow").indexOf("INVITE, ACK, BYE, CANCEL, OPTIONS") === 0, "Allow");
    }
  });

  clause("RFC 3261 21.5.2", "a method that is not known is answered 501", () => {
    equal(kindOf(answerTo(anna.request("DANCE", [], ""))), "501 DANCE", "answer");
  });

  clause("RFC 3261 7.1", "methods are case-sensitive", () => {
    equal(kindOf(answerTo(anna.request("options", [], ""))), "501 options", "answer");
  });

  clause("RFC 3261 8.2", "the method is judged before the Request-URI and before extensions", () => {
    const request = changed(
      anna.request("PUBLISH", [REQUIRE], ""),
      "PUBLISH sip:door@192.0.2.4:5060",
      "PUBLISH tel:+49",
    );
    equal(verdictOf(request), "405 PUBLISH", "answer");
  });
});

describe("header inspection", () => {
  clause("RFC 3261 8.2.2.1", "a To that is another's does not matter: the Request-URI decides", () => {
    equal(verdictOf(optionsWith("To", ["To: <sip:bert@elsewhere.example>"])), "200 OPTIONS", "answer");
  });

  clause("RFC 3261 8.2.2.1", "a scheme other than sip in the Request-URI is answered 416", () => {
    const schemes = ["tel:+4930123456", "mailto:door@home.example", "urn:service:sos"];
    for (let index = 0; index < schemes.length; index += 1) {
      equal(verdictOf(optionsWith("OPTIONS", [`OPTIONS ${schemes[index]} SIP/2.0`])), "416 OPTIONS", schemes[index]);
    }
  });

  clause("RFC 3261 8.2", "the Request-URI is judged before extensions", () => {
    equal(verdictOf(changed(optionsWith("", [REQUIRE]), "sip:door@192.0.2.4 ", "tel:+49 ")), "416 OPTIONS", "answer");
  });

  clause("RFC 3261 8.2.2.2", "the same request over another path is answered 482 while the first is under way", () => {
    const door = ringingDoor();
    const invite = goodInvite([]);
    door.deliver(invite, anna);
    door.expect("180 INVITE");
    door.deliver(changed(invite, ";branch=", ";branch=z9hG4bK-way-2-"), anna);
    door.expect("482 INVITE");
  });

  clause("RFC 3261 8.2.2.2", "a request with a tag in To is no merged one", () => {
    const door = openDoor();
    const call = talkAsCaller(door, anna);
    const again = call.inviteWith(anna.description([]));
    door.deliver(again, anna);
    door.expect("200 INVITE");
  });

  clause("RFC 3261 8.2.2.3", "an extension that is not there is answered 420, and Unsupported names it", () => {
    const answer = answerTo(optionsWith("", [REQUIRE, "Require: nor-this"]));
    equal(startLine(answer), "SIP/2.0 420 Bad Extension", "status line");
    equal(headerOf(answer, "Unsupported"), "nobody-has-this, nor-this", "Unsupported");
  });

  clause("RFC 3261 8.2.2.3", "Require in CANCEL and ACK is ignored", () => {
    const door = ringingDoor();
    const call = anna.newCall();
    door.deliver(call.inviteWith(anna.description([])), anna);
    door.expect("180 INVITE");
    door.deliver(changed(call.cancel(), "Max-Forwards", `${REQUIRE}\r\nMax-Forwards`), anna);
    door.expect("200 CANCEL");
    const acknowledgement = call.acknowledgeRefusal(door.expect("487 INVITE"));
    door.deliver(changed(acknowledgement, "Max-Forwards", `${REQUIRE}\r\nMax-Forwards`), anna);
    door.advance(40000);
    door.expectSilence();
  });

  clause("RFC 3261 8.2", "extensions are judged before the body", () => {
    const invite = changed(goodInvite([REQUIRE]), "application/sdp", "text/plain");
    equal(verdictOf(invite), "420 INVITE", "answer");
  });
});

describe("content processing", () => {
  clause("RFC 3261 8.2.3", "a body of another type is answered 415 with Accept", () => {
    const answer = answerTo(changed(goodInvite([]), "application/sdp", "text/plain"));
    equal(kindOf(answer), "415 INVITE", "answer");
    isTrue(headerOf(answer, "Accept").indexOf("application/sdp") >= 0, "Accept");
  });

  clause("RFC 3261 8.2.3", "an encoding that is not known is answered 415 with Accept-Encoding", () => {
    const answer = answerTo(goodInvite(["Content-Encoding: gzip"]));
    equal(kindOf(answer), "415 INVITE", "answer");
    equal(headerOf(answer, "Accept-Encoding"), "identity", "Accept-Encoding");
  });

  clause("RFC 3261 20.15", "type and subtype are compared in any case, and parameters behind them do not count", () => {
    equal(verdictOf(changed(goodInvite([]), "application/sdp", "APPLICATION/Sdp ;x=y")), "200 INVITE", "answer");
  });
});

describe("responses", () => {
  clause(
    "RFC 3261 8.2.6.1",
    "100 is sent to an INVITE alone: a request of another method gets its final response",
    () => {
      const door = openDoor();
      door.deliver(optionsWith("", []), anna);
      door.expect("200 OPTIONS");
      door.advance(1000);
      door.expectSilence();
    },
  );

  clause("RFC 3261 8.2.6.2", "a response has a tag in To, another one for every request", () => {
    const first = parameterOf(headerOf(answerTo(anna.request("OPTIONS", [], "")), "To"), "tag");
    const door = openDoor();
    door.deliver(anna.request("OPTIONS", [], ""), anna);
    door.deliver(anna.request("OPTIONS", [], ""), anna);
    const second = parameterOf(headerOf(door.expect("200 OPTIONS"), "To"), "tag");
    const third = parameterOf(headerOf(door.expect("200 OPTIONS"), "To"), "tag");
    isTrue(first.length >= 8, "a tag of 32 bits and more (19.3)");
    isTrue(second !== third, "the tags differ");
  });

  clause(
    "RFC 3261 8.2.7",
    "a refusal without a transaction is the same when the request comes again, tag and all",
    () => {
      const door = openDoor();
      const bad = optionsWith("Max", ["Max-Forwards: 999"]);
      door.deliver(bad, anna);
      const first = door.expect("400 OPTIONS");
      door.deliver(bad, anna);
      equal(door.expect("400 OPTIONS"), first, "second");
      equal(door.recordsInUse(), 0, "transactions");
    },
  );

  clause("RFC 3261 8.1.3.3", "a malformed response is never answered", () => {
    const door = openDoor();
    door.deliver(changed(optionsWith("Max", []), "OPTIONS sip:door@192.0.2.4 SIP/2.0", "SIP/2.0 200 OK"), anna);
    door.deliver("SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 192.0.2.9\r\n\r\n", anna);
    door.expectSilence();
  });

  clause("RFC 3261 17.1.1.3", "an ACK is never answered, however malformed", () => {
    const door = openDoor();
    door.deliver(changed(anna.request("ACK", [], ""), "Max-Forwards: 70", "Max-Forwards: 999"), anna);
    door.deliver(anna.request("ACK", [REQUIRE], ""), anna);
    door.expectSilence();
  });
});

describe("OPTIONS", () => {
  clause("RFC 3261 11.2", "it is answered 200 with Allow, Accept and Accept-Encoding, and makes no dialog", () => {
    const door = openDoor();
    door.deliver(anna.request("OPTIONS", ["Accept: application/sdp"], ""), anna);
    const answer = door.expect("200 OPTIONS");
    equal(hasHeaderField(answer, "Allow"), true, "Allow");
    equal(hasHeaderField(answer, "Accept"), true, "Accept");
    equal(hasHeaderField(answer, "Accept-Encoding"), true, "Accept-Encoding");
    equal(door.device.station.state, StationState.IDLE, "state");
    equal(door.device.station.sessions.use.inUse, 0, "sessions");
  });

  clause("RFC 3261 11.2", "an OPTIONS within a call is answered as one outside of it, and the call goes on", () => {
    const door = openDoor();
    const call = talkAsCaller(door, anna);
    door.deliver(call.request("OPTIONS", [], ""), anna);
    equal(hasHeaderField(door.expect("200 OPTIONS"), "Allow"), true, "Allow");
    equal(door.device.station.state, StationState.TALKING, "state");
  });

  clause("RFC 3261 11.2", "a Contact is not needed to be answered", () => {
    equal(verdictOf(without(anna.request("OPTIONS", [], ""), "Contact")), "200 OPTIONS", "answer");
  });
});
