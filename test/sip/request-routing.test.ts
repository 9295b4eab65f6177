// What becomes of a request (RFC 3261 8.2, 11, 12.2.2, 13.3.1), seen from the wire: the response that the RFC names for
// everything that a station does not take.

import { StationState } from "../../firmware/intercom/station";
import { describe, equal, isTrue, it } from "../harness";
import { Door, hangUp, talkAsCaller } from "../rig/door";
import { changed, hasHeaderField, headerOf, kindOf, mediaOf, startLine, without } from "../rig/message-text";
import { Peer } from "../rig/peer";

const EVERYBODY = ["call.answer-from = *"];
/** What every station takes; behind it stand the methods of its other parts. */
const ALLOWED = "INVITE, ACK, BYE, CANCEL, OPTIONS";

const anna = new Peer("anna", 9, 5060);

/** An INVITE that would be answered. */
function goodInvite(): string {
  return anna.newCall().inviteWith(anna.description([]));
}

/** What a station on its own says to a request. */
function answerTo(request: string): string {
  const door = new Door(EVERYBODY);
  door.deliver(request, anna);
  const answer = door.wire.next();
  door.expectSilence();
  equal(door.device.station.state, StationState.IDLE, "state");
  return answer;
}

describe("a request outside of calls", () => {
  it("that is OPTIONS is answered 200 with what the station takes, also during a call (11.2)", () => {
    const door = new Door(EVERYBODY);
    for (let round = 0; round < 2; round += 1) {
      door.deliver(anna.request("OPTIONS", [], ""), anna);
      const answer = door.expect("200 OPTIONS");
      equal(headerOf(answer, "Allow").indexOf(ALLOWED), 0, "Allow");
      equal(headerOf(answer, "Accept"), "application/sdp", "Accept");
      equal(headerOf(answer, "Contact"), "<sip:door@192.0.2.4:5060>", "Contact");
      equal(headerOf(answer, "Content-Length"), "0", "Content-Length");
      if (round === 0) {
        talkAsCaller(door, anna);
      }
    }
  });

  it("of an unknown method is answered 501 with Allow (8.2.1, 21.5.2)", () => {
    const answer = answerTo(anna.request("DANCE", [], ""));
    equal(startLine(answer), "SIP/2.0 501 Not Implemented", "status line");
    equal(headerOf(answer, "Allow").indexOf(ALLOWED), 0, "Allow");
  });

  it("of a method in another case is of an unknown one: methods are case-sensitive (7.1)", () => {
    equal(kindOf(answerTo(anna.request("Options", [], ""))), "501 Options", "answer");
  });

  const methods = ["REGISTER", "PUBLISH"];
  it(`of a known method that is not taken is answered 405 with Allow: ${methods.join(", ")} (8.2.1)`, () => {
    for (let index = 0; index < methods.length; index += 1) {
      const answer = answerTo(anna.request(methods[index], [], ""));
      equal(kindOf(answer), `405 ${methods[index]}`, "answer");
      equal(headerOf(answer, "Allow").indexOf(ALLOWED), 0, "Allow");
    }
  });

  it("that is BYE is answered 481 (15.1.2)", () => {
    equal(kindOf(answerTo(anna.request("BYE", [], ""))), "481 BYE", "without a tag");
    const call = anna.newCall();
    call.remoteTag = "never-given";
    equal(kindOf(answerTo(call.bye())), "481 BYE", "with a tag of nobody");
  });

  it("that is UPDATE or PRACK is answered 481: both belong to a call (RFC 3311 5.2, RFC 3262 3)", () => {
    equal(kindOf(answerTo(anna.request("UPDATE", [], ""))), "481 UPDATE", "UPDATE");
    equal(kindOf(answerTo(anna.request("PRACK", ["RAck: 1 1 INVITE"], ""))), "481 PRACK", "PRACK");
  });

  it("that is CANCEL is answered 481 (9.2)", () => {
    const call = anna.newCall();
    call.inviteWith("");
    equal(kindOf(answerTo(call.cancel())), "481 CANCEL", "answer");
  });

  it("that is INVITE with a tag of no call is answered 481 (12.2.2)", () => {
    const call = anna.newCall();
    call.remoteTag = "never-given";
    equal(kindOf(answerTo(call.inviteWith(anna.description([])))), "481 INVITE", "answer");
  });
});

describe("Require", () => {
  it("is asked for its method before its extensions: 405 for a PUBLISH that requires one (8.2)", () => {
    equal(kindOf(answerTo(anna.request("PUBLISH", ["Require: eventlist"], ""))), "405 PUBLISH", "answer");
  });

  it("of extensions that the station has not is answered 420 with Unsupported naming them all (8.2.2.3)", () => {
    const call = anna.newCall();
    const invite = call.request(
      "INVITE",
      ["Require: 100rel, precondition", "Require: replaces, timer"],
      anna.description([]),
    );
    const answer = answerTo(invite);
    equal(kindOf(answer), "420 INVITE", "answer");
    equal(headerOf(answer, "Unsupported"), "precondition, replaces", "Unsupported");
  });

  it("in ACK and CANCEL counts for nothing (8.2.2.3)", () => {
    const door = new Door([...EVERYBODY, "call.answer-delay = 5"]);
    const call = anna.newCall();
    door.deliver(call.inviteWith(anna.description([])), anna);
    door.expect("180 INVITE");
    door.deliver(changed(call.cancel(), "Max-Forwards", "Require: x\r\nMax-Forwards"), anna);
    door.expect("200 CANCEL");
    door.expect("487 INVITE");
  });

  it("that names nothing asks for nothing, and what is empty is not named in Unsupported", () => {
    const empty = ["Require: ", "Require: ,", "Require: , ,"];
    for (let index = 0; index < empty.length; index += 1) {
      equal(kindOf(answerTo(anna.request("OPTIONS", [empty[index]], ""))), "200 OPTIONS", empty[index]);
    }
    const answer = answerTo(anna.request("OPTIONS", ["Require: , x, , y", "Require:"], ""));
    equal(kindOf(answer), "420 OPTIONS", "answer");
    equal(headerOf(answer, "Unsupported"), "x, y", "Unsupported");
  });

  it("stays away from Supported and Proxy-Require, which a called side takes no notice of", () => {
    const door = new Door(EVERYBODY);
    const headers = ["Supported: 100rel, timer", "Proxy-Require: x"];
    door.deliver(anna.newCall().request("INVITE", headers, anna.description([])), anna);
    door.expect("200 INVITE");
  });
});

describe("the body of an INVITE", () => {
  it("that is no session description is answered 415 with Accept (8.2.3)", () => {
    const answers = [
      answerTo(changed(goodInvite(), "Content-Type: application/sdp", "Content-Type: text/plain")),
      answerTo(changed(goodInvite(), "Content-Type: application/sdp", "Content-Type: multipart/mixed;boundary=b")),
      answerTo(changed(goodInvite(), "Content-Type: application/sdp", "Content-Type: application/sdpx")),
      answerTo(without(goodInvite(), "Content-Type")),
      answerTo(changed(goodInvite(), "Content-Type:", "Content-Encoding: gzip\r\nContent-Type:")),
    ];
    for (let index = 0; index < answers.length; index += 1) {
      equal(kindOf(answers[index]), "415 INVITE", `answer ${index}`);
      equal(headerOf(answers[index], "Accept"), "application/sdp", "Accept");
      equal(headerOf(answers[index], "Accept-Encoding"), "identity", "Accept-Encoding");
    }
  });

  it("would not be understood in the answer: 406 with Accept, unless a range has it (20.1, 21.4.7)", () => {
    const refused = answerTo(anna.newCall().request("INVITE", ["Accept: text/plain"], anna.description([])));
    equal(kindOf(refused), "406 INVITE", "answer");
    equal(headerOf(refused, "Accept"), "application/sdp", "Accept");
    const ranges = ["*/*", "application/*;q=0.1", "text/plain, Application/SDP"];
    for (let index = 0; index < ranges.length; index += 1) {
      const door = new Door(EVERYBODY);
      door.deliver(anna.newCall().request("INVITE", [`Accept: ${ranges[index]}`], anna.description([])), anna);
      equal(kindOf(door.wire.next()), "200 INVITE", ranges[index]);
    }
  });

  it("is taken whatever case and parameters its type has, and under the short names", () => {
    const invites = [
      changed(goodInvite(), "application/sdp", "Application/SDP"),
      changed(goodInvite(), "application/sdp", "application/sdp;charset=utf-8"),
      changed(goodInvite(), "Content-Type: ", "c:"),
      changed(goodInvite(), "Content-Type:", "Content-Encoding: identity\r\nContent-Type:"),
      without(goodInvite(), "Content-Length"),
    ];
    for (let index = 0; index < invites.length; index += 1) {
      const door = new Door(EVERYBODY);
      door.deliver(invites[index], anna);
      equal(kindOf(door.wire.next()), "200 INVITE", `answer ${index}`);
    }
  });

  it("that cannot be answered is answered 488 with Accept (13.3.1.3, 21.4.26)", () => {
    const head = "v=0\r\no=- 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\n";
    const bodies = [
      `${head}m=audio 4000 RTP/AVP 3\r\n`,
      `${head}m=audio 4000 RTP/SAVP 8\r\n`,
      `${head}m=audio 0 RTP/AVP 8\r\n`,
      `${head}m=video 4000 RTP/AVP 96\r\n`,
      head,
      changed(`${head}m=audio 4000 RTP/AVP 8\r\n`, "c=IN IP4 192.0.2.9", "c=IN IP4 239.1.1.1"),
      changed(`${head}m=audio 4000 RTP/AVP 8\r\n`, "c=IN IP4 192.0.2.9", "c=IN IP6 2001:db8::9"),
      "v=1\r\n",
    ];
    for (let index = 0; index < bodies.length; index += 1) {
      const invite = anna.newCall().request("INVITE", [], bodies[index]);
      const answer = answerTo(
        hasHeaderField(invite, "Content-Type")
          ? invite
          : changed(invite, "Contact:", "Content-Type: application/sdp\r\nContact:"),
      );
      equal(kindOf(answer), "488 INVITE", `answer ${index}`);
      equal(headerOf(answer, "Accept"), "application/sdp", "Accept");
    }
  });

  it("with more media than voice is answered line by line (RFC 3264 6)", () => {
    const door = new Door(EVERYBODY);
    const video = "m=video 4010 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n";
    door.deliver(anna.newCall().inviteWith(`${anna.description([])}${video}`), anna);
    equal(
      mediaOf(door.expect("200 INVITE")).join("; "),
      "audio 10000 RTP/AVP 8 101 sendrecv; video 0 RTP/AVP 96",
      "media lines",
    );
  });
});

describe("an INVITE", () => {
  it("from somebody who is not listed is answered 403", () => {
    const door = new Door(["call.answer-from = bert@192.0.2.10"]);
    door.deliver(goodInvite(), anna);
    door.expect("403 INVITE");
  });

  it("without a good Contact is answered 400 (8.1.1.8)", () => {
    equal(startLine(answerTo(without(goodInvite(), "Contact"))), "SIP/2.0 400 Missing or Bad Contact", "without");
    equal(kindOf(answerTo(changed(goodInvite(), anna.contact, "<nonsense>"))), "400 INVITE", "with a bad one");
  });

  it("whose Request-URI is of another scheme is answered 416, an unreadable one 400 (8.2.2.1)", () => {
    equal(
      kindOf(answerTo(changed(goodInvite(), "INVITE sip:door@192.0.2.4:5060", "INVITE tel:+4930123"))),
      "416 INVITE",
      "tel",
    );
    equal(
      kindOf(answerTo(changed(goodInvite(), "INVITE sip:door@192.0.2.4:5060", "INVITE http://x/"))),
      "416 INVITE",
      "http",
    );
    equal(
      kindOf(answerTo(changed(goodInvite(), "INVITE sip:door@192.0.2.4:5060", "INVITE sip:door@"))),
      "400 INVITE",
      "no host",
    );
  });

  it("whose parts are longer than a dialog keeps is answered 513", () => {
    let long = "0123456789abcdef";
    while (long.length < 300) {
      long = `${long}${long}`;
    }
    equal(kindOf(answerTo(changed(goodInvite(), "Call-ID: ", `Call-ID: ${long}`))), "513 INVITE", "Call-ID");
    equal(kindOf(answerTo(changed(goodInvite(), ";tag=", `;tag=${long}`))), "513 INVITE", "tag");
    equal(
      kindOf(answerTo(changed(goodInvite(), "Contact: <sip:anna", `Contact: <sip:${long}`))),
      "513 INVITE",
      "Contact",
    );
  });

  it("that came over two ways is answered once, and 482 the second time (8.2.2.2)", () => {
    const door = new Door([...EVERYBODY, "call.answer-delay = 5"]);
    const call = anna.newCall();
    const invite = call.inviteWith(anna.description([]));
    door.deliver(invite, anna);
    door.expect("180 INVITE");
    door.deliver(changed(invite, ";branch=", ";branch=z9hG4bK-other-way-"), anna);
    door.expect("482 INVITE");
    door.advance(5000);
    let answer = door.wire.next();
    while (kindOf(answer) === "482 INVITE") {
      answer = door.wire.next();
    }
    call.takeResponse(answer);
    door.deliver(call.acknowledge(""), anna);
    equal(door.device.station.state, StationState.TALKING, "state");
  });

  it("from a caller of RFC 2543, without tags and cookie, is a call as any other (12.2.1.1)", () => {
    const door = new Door(EVERYBODY);
    const call = anna.newCall();
    call.localTag = "";
    const old = changed(call.inviteWith(anna.description([])), "branch=z9hG4bK-", "branch=");
    door.deliver(old, anna);
    call.takeResponse(door.expect("200 INVITE"));
    door.deliver(call.acknowledge(""), anna);
    equal(door.device.station.state, StationState.TALKING, "state");
    hangUp(door, call);
    isTrue(door.device.station.state === StationState.IDLE, "it is over");
  });
});
