// Keys by SIP INFO, seen from the wire: what a peer sends opens the door as a telephone event does, and what the station sends
// goes one after the other. Whatever else INFO carries is refused with the response that the RFC names.

import { StationEvent } from "../../firmware/intercom/event-log";
import { sendKey } from "../../firmware/intercom/remote-keys";
import { Status } from "../../firmware/sip/status";
import { describe, equal, isTrue, it } from "../harness";
import { Door, hangUp, talkAsCalled, talkAsCaller } from "../rig/door";
import { bodyOf, hasHeaderField, headerOf, headersOf, kindOf } from "../rig/message-text";
import { Peer, type PeerCall } from "../rig/peer";

const anna = new Peer("anna", 9, 5060);
const bert = new Peer("bert", 10, 5060);
const RELAY = "Content-Type: application/dtmf-relay";

/** The description of a peer that knows no telephone events. */
function withoutEvents(): string {
  const lines = anna.description([]).split("\r\n");
  const kept: string[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    if (lines[index].indexOf("101 ") < 0) {
      kept.push(lines[index] === "m=audio 4000 RTP/AVP 8 101" ? "m=audio 4000 RTP/AVP 8" : lines[index]);
    }
  }
  return kept.join("\r\n");
}

/** A call that a peer answered without telephone events. */
function talkWithoutEvents(door: Door): PeerCall {
  door.press(0);
  const call = anna.takeCall(door.expect("INVITE"));
  door.deliver(call.answer("200 OK", withoutEvents()), anna);
  door.expect("ACK");
  return call;
}

/** Sends INFO; the kind of the answer. */
function answerTo(door: Door, call: PeerCall, headers: string[], body: string): string {
  door.deliver(call.request("INFO", headers, body), anna);
  return kindOf(door.wire.next());
}

function pressByInfo(door: Door, call: PeerCall, keys: string): void {
  for (let index = 0; index < keys.length; index += 1) {
    equal(answerTo(door, call, [RELAY], `Signal=${keys.charAt(index)}\r\nDuration=160\r\n`), "200 INFO", "answer");
    door.advance(100);
  }
}

describe("INFO of a peer", () => {
  it("opens the door with the keys of its code, in either type of body", () => {
    const door = new Door([]);
    const call = talkAsCalled(door, anna);
    pressByInfo(door, call, "42");
    equal(door.relays[0].level, 0, "the relay before the last key");
    equal(answerTo(door, call, ["Content-Type: application/dtmf;charset=x"], "#"), "200 INFO", "answer");
    equal(door.relays[0].level, 1, "the relay");
  });

  it("counts a key once that comes as a telephone event too", () => {
    const door = new Door(["relay.1.code = 112"]);
    const call = talkAsCalled(door, anna);
    const keys = "112";
    for (let index = 0; index < keys.length; index += 1) {
      door.pressKeys(9, keys.charAt(index));
      pressByInfo(door, call, keys.charAt(index));
    }
    equal(door.log.count(StationEvent.DIGIT), 3, "keys");
    equal(door.relays[0].level, 1, "the relay");
  });

  it("is answered 200 without a body, and for a flash, and neither is a key", () => {
    const door = new Door([]);
    const call = talkAsCalled(door, anna);
    equal(answerTo(door, call, [], ""), "200 INFO", "without a body");
    equal(answerTo(door, call, [RELAY], "Signal=flash"), "200 INFO", "flash");
    equal(door.log.count(StationEvent.DIGIT), 0, "keys");
  });

  it("is refused with 415 for another type, 400 without a key, 481 outside calls, 500 out of order", () => {
    const door = new Door([]);
    const call = talkAsCalled(door, anna);
    door.deliver(call.request("INFO", ["Content-Type: application/xml"], "<x/>"), anna);
    const refusal = door.expect("415 INFO");
    equal(headerOf(refusal, "Accept"), "application/dtmf-relay, application/dtmf", "Accept");
    equal(answerTo(door, call, [RELAY, "Content-Encoding: gzip"], "Signal=1"), "415 INFO", "encoded");
    equal(answerTo(door, call, [RELAY], "Signal=?"), "400 INFO", "no key");
    call.sequence -= 1;
    equal(answerTo(door, call, [RELAY], "Signal=1"), "500 INFO", "an old CSeq");
    door.deliver(anna.request("INFO", [RELAY], "Signal=1"), anna);
    door.expect("481 INFO");
    hangUp(door, call);
    equal(answerTo(door, call, [RELAY], "Signal=1"), "481 INFO", "after the call");
    equal(door.log.count(StationEvent.DIGIT), 0, "keys");
  });

  it("of an Info Package is refused with 469 and no package in Recv-Info, whatever is in it (RFC 6086 4.2.2)", () => {
    const door = new Door([]);
    const call = talkAsCalled(door, anna);
    door.deliver(call.request("INFO", ["Info-Package: dtmf", RELAY], "Signal=4\r\n"), anna);
    const answer = door.expect("469 INFO");
    equal(headersOf(answer, "Recv-Info").join("|"), "", "Recv-Info");
    isTrue(hasHeaderField(answer, "Recv-Info"), "it is there");
    equal(answerTo(door, call, ["Info-Package: keys"], ""), "469 INFO", "answer without a body");
    equal(door.log.last(StationEvent.DIGIT), "", "a key");
  });

  it("is nothing from somebody who knows of the call but not its tags", () => {
    const door = new Door([]);
    const call = talkAsCalled(door, anna);
    const other = anna.takeCall(call.invite);
    other.remoteTag = "guessed";
    equal(answerTo(door, other, [RELAY], "Signal=4"), "481 INFO", "answer");
    equal(door.log.count(StationEvent.DIGIT), 0, "keys");
  });
});

describe("a key of the station", () => {
  it("goes by INFO to a peer without telephone events, one after the other, in order", () => {
    const door = new Door([]);
    const call = talkWithoutEvents(door);
    const keys = [5, 11, 0];
    for (let index = 0; index < keys.length; index += 1) {
      equal(sendKey(door.device.keys, keys[index]), Status.OK, "status");
    }
    door.poll();
    const letters = "5#0";
    for (let index = 0; index < letters.length; index += 1) {
      const info = door.expect("INFO");
      door.expectSilence();
      equal(headerOf(info, "Content-Type"), "application/dtmf-relay", "type");
      equal(bodyOf(info), `Signal=${letters.charAt(index)}\r\nDuration=160\r\n`, "body");
      equal(headerOf(info, "Contact"), "", "Contact");
      door.deliver(call.respond(info, "200 OK", [], ""), anna);
    }
    door.expectSilence();
    hangUp(door, call);
  });

  it("goes as a telephone event to a peer that takes them", () => {
    const door = new Door([]);
    talkAsCalled(door, anna);
    equal(sendKey(door.device.keys, 5), Status.OK, "status");
    const sent = door.voiceSent;
    door.advance(300);
    door.expectSilence();
    isTrue(door.voiceSent > sent, "RTP goes on");
  });

  it("is refused while nobody talks", () => {
    equal(sendKey(new Door([]).device.keys, 5), Status.MISSING, "status");
  });

  it("and all behind it are given up when the peer refuses it or the call ends; the next call has none of them", () => {
    const door = new Door([]);
    const call = talkWithoutEvents(door);
    sendKey(door.device.keys, 1);
    sendKey(door.device.keys, 2);
    door.poll();
    door.deliver(call.respond(door.expect("INFO"), "415 Unsupported Media Type", [], ""), anna);
    door.expectSilence();
    sendKey(door.device.keys, 3);
    sendKey(door.device.keys, 4);
    door.poll();
    const info = door.expect("INFO");
    hangUp(door, call);
    const next = talkWithoutEvents(door);
    door.deliver(call.respond(info, "200 OK", [], ""), anna);
    door.advance(1000);
    door.expectSilence();
    equal(sendKey(door.device.keys, 6), Status.OK, "status in the next call");
    door.poll();
    equal(bodyOf(door.expect("INFO")).substring(0, 8), "Signal=6", "key of the next call");
    hangUp(door, next);
  });

  it("is not sent in a later call when the one before it is answered late", () => {
    const door = new Door(["call.answer-from = *"]);
    const first = talkWithoutEvents(door);
    sendKey(door.device.keys, 1);
    sendKey(door.device.keys, 2);
    door.poll();
    const late = door.expect("INFO");
    hangUp(door, first);
    hangUp(door, talkAsCaller(door, bert));
    talkAsCaller(door, bert);
    door.deliver(first.respond(late, "200 OK", [], ""), anna);
    door.expectSilence();
  });

  it("is refused when sixteen wait", () => {
    const door = new Door([]);
    talkWithoutEvents(door);
    for (let count = 0; count < 16; count += 1) {
      equal(sendKey(door.device.keys, 1), Status.OK, "status");
    }
    equal(sendKey(door.device.keys, 1), Status.FULL, "status of the seventeenth");
  });
});
