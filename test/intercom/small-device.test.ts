// The small device (firmware/small.ts): what every board has is enough for a door, and what is left out is refused by the RFCs'
// own words, so that a peer goes on without it.

import { StationState } from "../../firmware/intercom/station";
import { SPREAD_MS } from "../../firmware/sip/registration";
import { createDevice } from "../../firmware/small";
import { createSmallLimits } from "../../firmware/small-limits";
import { createDevice as createTcpDevice } from "../../firmware/small-tcp";
import { testEndpoint } from "../fake-udp";
import { describe, equal, isTrue, it } from "../harness";
import { Door, hangUp, talkAsCalled, talkAsCaller } from "../rig/door";
import { changed, headerOf, kindOf } from "../rig/message-text";
import type { FakeNetwork } from "../rig/parts";
import { Peer, responseOf } from "../rig/peer";

const anna = new Peer("anna", 9, 5060);
const registrar = new Peer("registrar", 50, 5060);

function smallDoor(settings: string[]): Door {
  return new Door(settings, 271, (board, _, own) => createDevice(board, createSmallLimits(), own));
}

describe("the small device", () => {
  it("calls, talks, opens the door and ends", () => {
    const door = smallDoor([]);
    const call = talkAsCalled(door, anna);
    door.pressKeys(9, "42#");
    equal(door.relays[0].level, 1, "the relay");
    hangUp(door, call);
    equal(door.device.station.state, StationState.IDLE, "state");
  });

  it("is called, is held and resumed by its peer", () => {
    const door = smallDoor(["call.answer-from = *"]);
    const call = talkAsCaller(door, anna);
    for (const attribute of ["a=sendonly", "a=sendrecv"]) {
      door.deliver(call.inviteWith(anna.description([attribute])), anna);
      const answer = door.expect("200 INVITE");
      isTrue(answer.indexOf(attribute === "a=sendonly" ? "a=recvonly" : "a=sendrecv") > 0, "the answering direction");
      door.deliver(call.acknowledge(""), anna);
    }
    hangUp(door, call);
  });

  it("registers and answers a registrar that asks for a longer time", () => {
    const door = smallDoor(["account.registrar = 192.0.2.50"]);
    const first = door.expect("REGISTER");
    door.deliver(responseOf(first, "423 Interval Too Brief", "r", ["Min-Expires: 900"], ""), registrar);
    isTrue(door.expect("REGISTER").indexOf("Expires: 900") > 0, "the longer time");
  });

  it("waits for a network and registers with the address that it gets", () => {
    const door = new Door(["account.registrar = 192.0.2.50"], 271, (board, _, own) => {
      (board.network as FakeNetwork).change(false);
      board.sip.local.family = 0;
      return createDevice(board, createSmallLimits(), own);
    });
    door.advance(600000);
    door.expectSilence();
    door.wire.udp.local.family = 4;
    door.moveTo(7);
    door.advanceToMessage(SPREAD_MS);
    isTrue(headerOf(door.expect("REGISTER"), "Contact").indexOf("192.0.2.7") > 0, "the new address");
  });

  it("refuses what it leaves out: extensions with 420, methods with 405", () => {
    const door = smallDoor(["call.answer-from = *"]);
    const required = anna.newCall().inviteWith(anna.description([]));
    door.deliver(required.split("\r\nContact").join("\r\nRequire: timer\r\nContact"), anna);
    isTrue(door.expect("420 INVITE").indexOf("Unsupported: timer") > 0, "the extension");
    for (const method of ["MESSAGE", "SUBSCRIBE", "REFER", "UPDATE"]) {
      door.advance(1000);
      door.wire.forget(); // the 420 comes again: nobody acknowledges it
      door.deliver(anna.request(method, [], ""), anna);
      isTrue(door.expect(`405 ${method}`).indexOf("Allow: INVITE, ACK, BYE, CANCEL, OPTIONS\r\n") > 0, "Allow");
    }
  });

  it("answers over TCP what comes by way of four proxies: its longest answers keep the connection", () => {
    const door = new Door(["call.answer-from = *"], 271, (board, _, own) =>
      createTcpDevice(board, createSmallLimits(), own),
    );
    const stream = door.tcp.arrive(testEndpoint(9, 40001));
    door.poll();
    const call = anna.newCall();
    let invite = changed(call.inviteWith(anna.description([])), "SIP/2.0/UDP", "SIP/2.0/TCP");
    for (let index = 0; index < 4; index += 1) {
      const via = `Via: SIP/2.0/TCP proxy${index}.pbx.example.com;branch=z9hG4bK-1234567890-${index};received=192.0.2.20`;
      const route = `Record-Route: <sip:proxy${index}.pbx.example.com;transport=tcp;lr;ftag=1928301774;did=0d1.2ab>`;
      invite = changed(invite, "\r\nFrom:", `\r\n${via}\r\n${route}\r\nFrom:`);
    }
    stream.send(invite);
    door.poll();
    const answer = stream.take();
    equal(kindOf(answer), "200 INVITE", "the answer");
    isTrue(answer.length > 1300, "is a long one");
    call.takeResponse(answer);
    stream.send(changed(call.acknowledge(""), "SIP/2.0/UDP", "SIP/2.0/TCP"));
    stream.send(changed(call.bye(), "SIP/2.0/UDP", "SIP/2.0/TCP"));
    door.poll();
    equal(kindOf(stream.take()), "200 BYE", "the answer to the BYE");
    isTrue(!stream.closed, "the connection");
  });
});
