// Early dialogs of a forked INVITE (RFC 3261 12.1.2, 13.2.2.4; RFC 3262 4), seen from the wire: several phones ring, speak early and
// answer.

import { StationEvent } from "../../firmware/intercom/event-log";
import { StationState } from "../../firmware/intercom/station";
import { describe, equal, it } from "../harness";
import { callingTo, expectIdleAfter, expectTalking, sequenceOf } from "../rig/call";
import { type Door, hangUp } from "../rig/door";
import { headerOf, kindOf, parameterOf, startLine } from "../rig/message-text";
import { Peer, type PeerCall } from "../rig/peer";

const anna = new Peer("anna", 9, 5060);
const bert = new Peer("bert", 10, 5060);

/** Two phones that one INVITE reaches. */
function forked(settings: string[]): { door: Door; first: PeerCall; second: PeerCall } {
  const { door, call } = callingTo(anna, settings);
  return { door, first: call, second: bert.takeCall(call.invite) };
}

/** A phone answers provisionally, reliably. Returns the PRACK, which it answers. */
function reliably(door: Door, call: PeerCall, sequence: number, body: string): string {
  const headers = [`Contact: ${call.peer.contact}`, "Require: 100rel", `RSeq: ${sequence}`];
  door.deliver(call.respond(call.invite, "183 Session Progress", headers, body), call.peer);
  const prack = door.expect("PRACK");
  door.deliver(call.respond(prack, "200 OK", [], ""), call.peer);
  return prack;
}

/** The last octet of the address that the voice goes to. */
function heard(door: Door): number {
  return door.device.rtp.configuration.remote.address[3];
}

describe("an INVITE that rings at several phones", () => {
  it("rings on through two 183 in a row, and more of other tags", () => {
    const { door, first, second } = forked([]);
    const calls = [first, first, second, first, second];
    for (let index = 0; index < calls.length; index += 1) {
      door.deliver(calls[index].answer("183 Session Progress", ""), calls[index].peer);
    }
    for (let index = 0; index < 9; index += 1) {
      second.localTag = `fork-${index}`;
      door.deliver(second.answer("180 Ringing", ""), bert);
    }
    equal(door.device.station.state, StationState.CALLING, "state");
    equal(door.log.count(StationEvent.RINGING), 14, "reports");
    door.expectSilence();
    door.deliver(first.answer("200 OK", anna.description([])), anna);
    equal(parameterOf(headerOf(door.expect("ACK"), "To"), "tag"), "anna-tag", "the ACK's tag");
    expectTalking(door);
    hangUp(door, first);
    expectIdleAfter(door, 40000);
  });

  it("hears the newest early media, and in the end the one who answers", () => {
    const { door, first, second } = forked([]);
    door.deliver(first.answer("183 Session Progress", anna.description([])), anna);
    equal(heard(door), 9, "the first speaks");
    door.deliver(second.answer("183 Session Progress", bert.description([])), bert);
    equal(heard(door), 10, "the second speaks");
    door.deliver(second.answer("180 Ringing", ""), bert);
    door.deliver(first.answer("200 OK", anna.description([])), anna);
    door.expect("ACK");
    equal(heard(door), 9, "the first has answered");
    expectTalking(door);
  });

  it("acknowledges each phone's reliable responses in its own dialog and by its own count (RFC 3262 4)", () => {
    const { door, first, second } = forked([]);
    equal(startLine(reliably(door, first, 100, "")), "PRACK sip:anna@192.0.2.9:5060 SIP/2.0", "the first's");
    const prack = reliably(door, second, 7, "");
    equal(startLine(prack), "PRACK sip:bert@192.0.2.10:5060 SIP/2.0", "the second's");
    equal(headerOf(prack, "RAck"), `7 ${sequenceOf(first.invite)} INVITE`, "RAck");
    equal(parameterOf(headerOf(prack, "To"), "tag"), "bert-tag", "tag");
    equal(
      headerOf(reliably(door, first, 101, ""), "RAck"),
      `101 ${sequenceOf(first.invite)} INVITE`,
      "the first again",
    );
  });

  it("offers anew when the one who answers gave his media reliably before another one spoke", () => {
    const { door, first, second } = forked([]);
    reliably(door, first, 1, anna.description([]));
    reliably(door, second, 1, bert.description([]));
    equal(heard(door), 10, "the second speaks");
    door.deliver(first.answer("200 OK", ""), anna);
    door.expect("ACK");
    const invite = door.expect("INVITE");
    equal(parameterOf(headerOf(invite, "To"), "tag"), "anna-tag", "tag of the re-INVITE");
    door.deliver(first.respond(invite, "200 OK", [`Contact: ${anna.contact}`], anna.description([])), anna);
    door.expect("ACK");
    equal(heard(door), 9, "the voice goes to who answered");
    expectTalking(door);
  });

  it("offers anew also when the other one spoke unreliably, and not when he only rang", () => {
    const bodies = [bert.description([]), ""];
    for (let index = 0; index < 2; index += 1) {
      const { door, first, second } = forked([]);
      reliably(door, first, 1, anna.description([]));
      door.deliver(second.answer("183 Session Progress", bodies[index]), bert);
      reliably(door, first, 2, "");
      door.deliver(first.answer("200 OK", ""), anna);
      door.expect("ACK");
      equal(door.wire.waiting(), index === 0 ? 1 : 0, "re-INVITE");
      door.wire.forget();
      expectTalking(door);
    }
  });

  it("that is redirected after it rang goes out as it did at first: without tag and route", () => {
    const { door, call } = callingTo(anna, []);
    const headers = ["Record-Route: <sip:192.0.2.61;lr>", `Contact: ${anna.contact}`];
    door.deliver(call.respond(call.invite, "180 Ringing", headers, ""), anna);
    door.deliver(call.respond(call.invite, "302 Moved", ["Contact: <sip:bert@192.0.2.10>"], ""), anna);
    door.expect("ACK");
    const next = door.wire.nextDatagram();
    equal(`${next.host} ${startLine(next.text)}`, "10 INVITE sip:bert@192.0.2.10 SIP/2.0", "the next INVITE");
    equal(headerOf(next.text, "Route"), "", "Route");
    equal(parameterOf(headerOf(next.text, "To"), "tag"), "", "tag");
  });

  it("takes no BYE from a phone that has not answered: 481 (15)", () => {
    const { door, call } = callingTo(anna, []);
    door.deliver(call.answer("183 Session Progress", anna.description([])), anna);
    door.deliver(call.bye(), anna);
    equal(kindOf(door.wire.next()), "481 BYE", "answer");
    door.deliver(call.inviteWith(anna.description([])), anna);
    equal(kindOf(door.wire.next()), "491 INVITE", "nor an INVITE");
    equal(door.device.station.state, StationState.CALLING, "state");
  });
});
