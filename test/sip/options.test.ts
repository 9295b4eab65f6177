// OPTIONS as a sign of life (RFC 3261 11), as PBXes and proxies send it every few seconds: answered whoever it is for, in a call
// and outside, and nothing changes by it.

import { StationState } from "../../firmware/intercom/station";
import { describe, equal, isTrue, it } from "../harness";
import { Door, hangUp, talkAsCalled, talkAsCaller } from "../rig/door";
import { changed, headerOf } from "../rig/message-text";
import { Peer } from "../rig/peer";

const anna = new Peer("anna", 9, 5060);
const METHODS = ["INVITE", "ACK", "BYE", "CANCEL", "OPTIONS", "INFO", "MESSAGE", "SUBSCRIBE", "REFER", "NOTIFY"];

describe("OPTIONS", () => {
  it("to the station, to nobody in particular and to an unknown user is answered 200 with all methods", () => {
    const door = new Door([]);
    const targets = ["sip:door@192.0.2.4:5060", "sip:192.0.2.4:5060", "sip:nobody@192.0.2.4"];
    for (let index = 0; index < targets.length; index += 1) {
      door.deliver(changed(anna.request("OPTIONS", [], ""), "sip:door@192.0.2.4:5060", targets[index]), anna);
      const answer = door.expect("200 OPTIONS");
      const allow = `${headerOf(answer, "Allow")},`;
      for (let method = 0; method < METHODS.length; method += 1) {
        isTrue(allow.indexOf(`${METHODS[method]},`) >= 0, `${METHODS[method]} is in ${allow}`);
      }
    }
    equal(door.device.station.state, StationState.IDLE, "state");
  });

  it("from whom nobody knows is answered too: it tells nothing that an INVITE would not", () => {
    const door = new Door(["call.answer-from = somebody@192.0.2.77"]);
    door.deliver(anna.request("OPTIONS", [], ""), anna);
    door.expect("200 OPTIONS");
  });

  it("in a call is answered 200, from either side of it, and the call goes on", () => {
    for (let side = 0; side < 2; side += 1) {
      const door = new Door(["call.answer-from = *"]);
      const call = side === 0 ? talkAsCalled(door, anna) : talkAsCaller(door, anna);
      for (let count = 0; count < 3; count += 1) {
        door.deliver(call.request("OPTIONS", [], ""), anna);
        door.expect("200 OPTIONS");
        door.advance(1000);
      }
      equal(door.device.station.state, StationState.TALKING, "state");
      hangUp(door, call);
      door.deliver(call.request("OPTIONS", [], ""), anna);
      door.expect("481 OPTIONS");
    }
  });

  it("that comes again is answered again, with the same octets", () => {
    const door = new Door([]);
    const request = anna.request("OPTIONS", [], "");
    door.deliver(request, anna);
    const answer = door.expect("200 OPTIONS");
    door.deliver(request, anna);
    equal(door.expect("200 OPTIONS"), answer, "the second answer");
  });
});
