// Texts (RFC 3428) and keys in INFO (RFC 6086), as their senders see them answered.

import { StationState } from "../../firmware/intercom/station";
import { describe, equal, isTrue } from "../harness";
import { Door, talkAsCalled, talkAsCaller } from "../rig/door";
import { bodyOf, hasHeaderField, headerOf } from "../rig/message-text";
import { Peer } from "../rig/peer";
import { clause } from "./clause";
import { openDoor } from "./verdict";

const anna = new Peer("anna", 9, 5060);
const PLAIN = "Content-Type: text/plain";
const RELAY = "Content-Type: application/dtmf-relay";

describe("MESSAGE", () => {
  clause("RFC 3428 7", "is answered 200 without body, Contact and dialog", () => {
    const door = openDoor();
    door.deliver(anna.request("MESSAGE", [PLAIN], "I am in the garden"), anna);
    const answer = door.expect("200 MESSAGE");
    equal(bodyOf(answer), "", "body");
    equal(hasHeaderField(answer, "Contact"), false, "Contact");
    equal(door.device.station.sessions.use.inUse, 0, "sessions");
  });

  clause("RFC 3428 7", "of a type that cannot be shown is answered 415 with Accept", () => {
    const door = openDoor();
    door.deliver(anna.request("MESSAGE", ["Content-Type: text/html"], "<b>"), anna);
    isTrue(headerOf(door.expect("415 MESSAGE"), "Accept").indexOf("text/plain") >= 0, "Accept");
  });

  clause("RFC 3428 7", "is taken within a call too, and the call goes on", () => {
    const door = openDoor();
    const call = talkAsCaller(door, anna);
    door.deliver(call.request("MESSAGE", [PLAIN], "on my way"), anna);
    door.expect("200 MESSAGE");
    equal(door.device.station.state, StationState.TALKING, "state");
  });

  clause("RFC 3428 10", "Allow names MESSAGE where it is taken", () => {
    const door = openDoor();
    door.deliver(anna.request("OPTIONS", [], ""), anna);
    isTrue(headerOf(door.expect("200 OPTIONS"), "Allow").indexOf("MESSAGE") > 0, "Allow");
  });
});

describe("INFO", () => {
  clause("RFC 6086 4.2.2", "of no dialog is answered 481", () => {
    const door = openDoor();
    door.deliver(anna.request("INFO", [RELAY], "Signal=1\r\nDuration=160\r\n"), anna);
    door.expect("481 INFO");
  });

  clause("RFC 6086 4.2.2", "with a key in the call's dialog is answered 200, and the key counts", () => {
    const door = new Door([]);
    const call = talkAsCalled(door, anna);
    const keys = ["4", "2", "#"];
    for (let index = 0; index < keys.length; index += 1) {
      door.deliver(call.request("INFO", [RELAY], `Signal=${keys[index]}\r\nDuration=160\r\n`), anna);
      door.expect("200 INFO");
      door.advance(200);
    }
    equal(door.relays[0].level, 1, "relay");
  });

  clause("RFC 6086 4.2.2", "with a body of an unknown type is answered 415", () => {
    const door = new Door([]);
    const call = talkAsCalled(door, anna);
    door.deliver(call.request("INFO", ["Content-Type: application/x-nobody-knows"], "x"), anna);
    door.expect("415 INFO");
  });

  clause("RFC 6086 4.2.2", "without a body is answered 200", () => {
    const door = new Door([]);
    const call = talkAsCalled(door, anna);
    door.deliver(call.request("INFO", [], ""), anna);
    door.expect("200 INFO");
  });

  clause("RFC 6086 5.1", "Allow names INFO where it is taken", () => {
    const door = openDoor();
    door.deliver(anna.request("OPTIONS", [], ""), anna);
    isTrue(headerOf(door.expect("200 OPTIONS"), "Allow").indexOf("INFO") > 0, "Allow");
  });
});
