// Texts (RFC 3428), seen from the wire: what a listed peer writes reaches the board, what a stranger writes does not; and what
// the station writes is sent, challenged, refused and lost as any request.

import { StationEvent } from "../../firmware/intercom/event-log";
import { Status } from "../../firmware/sip/status";
import { sendTextMessage, TEXT_MESSAGE_OCTETS } from "../../firmware/sip/text-message";
import { describe, equal, isTrue, it } from "../harness";
import { bytesOf, textOf } from "../octets";
import { challengeOf, expectDigest } from "../rig/digest";
import { Door, hangUp, talkAsCalled, talkAsCaller } from "../rig/door";
import { bodyOf, hasHeaderField, headerOf, startLine } from "../rig/message-text";
import { Peer, responseOf } from "../rig/peer";

const anna = new Peer("anna", 9, 5060);
const bert = new Peer("bert", 10, 5060);
const LISTED = ["call.answer-from = anna@192.0.2.9"];
const PLAIN = "Content-Type: text/plain;charset=UTF-8";

function lastText(door: Door): string {
  const { text, sender } = door.device.texts;
  return `${textOf(sender.bytes, 0, sender.length)}: ${textOf(text.bytes, 0, text.length)}`;
}

function send(door: Door, uri: string, text: string): Status {
  const target = bytesOf(uri);
  const octets = bytesOf(text);
  const status = sendTextMessage(door.device.texts, target, 0, target.length, octets, 0, octets.length);
  door.poll();
  return status;
}

/** What became of the last text: the status code of the event, or "". */
function outcome(door: Door): string {
  return door.log.last(StationEvent.TEXT_SENT).split(" ")[0];
}

function repeated(letter: string, count: number): string {
  const letters: string[] = [];
  for (let index = 0; index < count; index += 1) {
    letters.push(letter);
  }
  return letters.join("");
}

describe("MESSAGE of a peer", () => {
  it("from a listed one is answered 200 without Contact and reaches the board, in a call too", () => {
    const door = new Door(LISTED);
    door.deliver(anna.request("MESSAGE", [PLAIN], "I am in the garden"), anna);
    const answer = door.expect("200 MESSAGE");
    equal(hasHeaderField(answer, "Contact"), false, "Contact");
    equal(lastText(door), "sip:anna@192.0.2.9: I am in the garden", "text");
    equal(door.log.last(StationEvent.TEXT).substring(0, 2), "18", "octets");
    const call = talkAsCaller(door, anna);
    door.deliver(call.request("MESSAGE", [PLAIN], "coming"), anna);
    door.expect("200 MESSAGE");
    equal(lastText(door), "sip:anna@192.0.2.9: coming", "text in the call");
  });

  it("of the person whom the station has called is taken in the call, and not after it", () => {
    const door = new Door(["call.answer-from ="]);
    const call = talkAsCalled(door, anna);
    door.deliver(call.request("MESSAGE", [PLAIN], "one moment"), anna);
    door.expect("200 MESSAGE");
    equal(lastText(door), "sip:anna@192.0.2.9: one moment", "text");
    hangUp(door, call);
    door.deliver(call.request("MESSAGE", [PLAIN], "still there?"), anna);
    door.expect("403 MESSAGE");
  });

  it("from a stranger is refused with 403 and reaches nobody", () => {
    const door = new Door(LISTED);
    door.deliver(bert.request("MESSAGE", [PLAIN], "let me in"), bert);
    door.expect("403 MESSAGE");
    equal(door.log.count(StationEvent.TEXT), 0, "texts");
  });

  it("that is no plain text is refused with 415 and what is taken", () => {
    const door = new Door(LISTED);
    const types = [["Content-Type: text/html"], [], [PLAIN, "Content-Encoding: gzip"], ["Content-Type: text/plainer"]];
    for (let index = 0; index < types.length; index += 1) {
      door.deliver(anna.request("MESSAGE", types[index], "<b>"), anna);
      equal(headerOf(door.expect("415 MESSAGE"), "Accept"), "text/plain", "Accept");
    }
    equal(door.log.count(StationEvent.TEXT), 0, "texts");
  });

  it("is taken up to its limit, and refused with 413 beyond", () => {
    const door = new Door(LISTED);
    door.deliver(anna.request("MESSAGE", [PLAIN], repeated("a", TEXT_MESSAGE_OCTETS)), anna);
    door.expect("200 MESSAGE");
    door.deliver(anna.request("MESSAGE", [PLAIN], repeated("a", TEXT_MESSAGE_OCTETS + 1)), anna);
    door.expect("413 MESSAGE");
    equal(door.log.count(StationEvent.TEXT), 1, "texts");
  });

  it("is named in Allow", () => {
    const door = new Door([]);
    door.deliver(anna.request("OPTIONS", [], ""), anna);
    isTrue(headerOf(door.expect("200 OPTIONS"), "Allow").indexOf(", MESSAGE") > 0, "Allow has it");
  });
});

describe("a text of the station", () => {
  it("goes to its URI outside dialogs, and its answer is reported", () => {
    const door = new Door([]);
    equal(send(door, "sip:anna@192.0.2.9:5070", "somebody is at the door"), Status.OK, "status");
    const datagram = door.wire.nextDatagram();
    equal(`${datagram.host}:${datagram.port}`, "9:5070", "destination");
    equal(startLine(datagram.text), "MESSAGE sip:anna@192.0.2.9:5070 SIP/2.0", "request line");
    equal(headerOf(datagram.text, "To"), "<sip:anna@192.0.2.9:5070>", "To");
    equal(headerOf(datagram.text, "Content-Type"), "text/plain", "type");
    equal(hasHeaderField(datagram.text, "Contact"), false, "Contact (RFC 3428 4)");
    equal(bodyOf(datagram.text), "somebody is at the door", "body");
    equal(send(door, "sip:anna@192.0.2.9", "another"), Status.FULL, "a second one meanwhile");
    door.deliver(responseOf(datagram.text, "202 Accepted", "x", [], ""), anna);
    equal(outcome(door), "202", "outcome");
    equal(send(door, "sip:anna@192.0.2.9", "another"), Status.OK, "the next one");
  });

  it("answers a challenge of its account's realm once", () => {
    const door = new Door(["account.domain = 192.0.2.9", "account.realm = home", "account.password = open sesame"]);
    send(door, "sip:anna@192.0.2.9", "hello");
    const first = door.expect("MESSAGE");
    const challenge = `WWW-Authenticate: ${challengeOf("home", "n1", "MD5")}`;
    door.deliver(responseOf(first, "401 Unauthorized", "x", [challenge], ""), anna);
    const second = door.expect("MESSAGE");
    expectDigest(second, "Authorization", "door", "open sesame", "home", "n1", "00000001");
    equal(bodyOf(second), "hello", "body");
    door.deliver(responseOf(second, "401 Unauthorized", "x", [challenge], ""), anna);
    door.expectSilence();
    equal(outcome(door), "401", "outcome");
  });

  it("that nobody answers is given up after 32 s", () => {
    const door = new Door([]);
    send(door, "sip:anna@192.0.2.9", "hello");
    door.advance(31999);
    equal(outcome(door), "", "outcome before");
    door.advance(1);
    equal(outcome(door), "0", "outcome");
    equal(door.recordsInUse(), 0, "records in use");
  });

  it("that has nowhere to go, or is too long, is not sent", () => {
    const door = new Door([]);
    equal(send(door, "sip:anna@192.0.2.9", repeated("a", TEXT_MESSAGE_OCTETS + 1)), Status.TOO_LONG, "too long");
    isTrue(send(door, "tel:123", "hello") < 0, "a number without account");
    door.expectSilence();
    equal(door.recordsInUse(), 0, "records in use");
  });
});
