// Calls by several accounts, seen from the wire: where one account's server fails, the person is called by the next one; where a
// person was reached, whatever he said is the end of it.

import { StationEvent } from "../../firmware/intercom/event-log";
import { isIdleClean, StationState } from "../../firmware/intercom/station";
import { describe, equal, isTrue, it, itSlow } from "../harness";
import { Door } from "../rig/door";
import { headerOf, kindOf, mediaOf, startLine } from "../rig/message-text";
import { Peer } from "../rig/peer";

const first = new Peer("first", 51, 5060);
const second = new Peer("second", 52, 5060);

/** Two accounts without registrar: both are ready at once. */
const TWO_ACCOUNTS = [
  "account.user = door",
  "account.1.domain = one.example",
  "account.1.outbound-proxy = 192.0.2.51",
  "account.2.user = gate",
  "account.2.domain = two.example",
  "account.2.outbound-proxy = 192.0.2.52",
  "account.1.priority = 1",
  "account.2.priority = 2",
  "button.1.call = sip:anna@three.example",
  "call.transfer = yes",
];

/** A button was pressed; the first account's INVITE. */
function pressed(): { door: Door; invite: string } {
  const door = new Door(TWO_ACCOUNTS);
  door.press(0);
  const datagram = door.wire.nextDatagram();
  equal(`${kindOf(datagram.text)} ${datagram.host}`, "INVITE 51", "what is sent, and where to");
  return { door, invite: datagram.text };
}

function callsOf(door: Door): string {
  const words = door.log.last(StationEvent.CALLING).split(" ");
  return `${words[0]} ${words[1]}`;
}

describe("a call by two accounts", () => {
  const failures = ["503 Service Unavailable", "403 Forbidden", "408 Request Timeout", "500 Server Internal Error"];
  for (let index = 0; index < failures.length; index += 1) {
    const failure = failures[index];
    it(`goes by the second one when the first says ${failure}, without a busy tone in between`, () => {
      const { door, invite } = pressed();
      const call = first.takeCall(invite);
      door.deliver(call.respond(invite, failure, [], ""), first);
      door.expect("ACK");
      const datagram = door.wire.nextDatagram();
      equal(`${kindOf(datagram.text)} ${datagram.host}`, "INVITE 52", "what is sent, and where to");
      equal(startLine(datagram.text), "INVITE sip:anna@three.example SIP/2.0", "request line");
      isTrue(headerOf(datagram.text, "From").indexOf("<sip:gate@two.example>") === 0, "From");
      equal(mediaOf(datagram.text).join(), "audio 10000 RTP/AVP 8 0 101 sendrecv", "what is offered");
      equal(callsOf(door), "0 1", "button and tries before");
      equal(door.device.station.state, StationState.CALLING, "state");
      const next = second.takeCall(datagram.text);
      door.deliver(next.answer("200 OK", second.description([])), second);
      door.expect("ACK");
      equal(door.device.station.state, StationState.TALKING, "state");
    });
  }

  itSlow("goes by the second one when the first is silent", () => {
    const { door } = pressed();
    let next = "";
    for (let count = 0; count < 20 && next === ""; count += 1) {
      door.advanceToMessage(40000);
      const datagram = door.wire.nextDatagram();
      next = datagram.host === 52 ? kindOf(datagram.text) : "";
    }
    equal(next, "INVITE", "what the second one gets");
  });

  const answers = ["486 Busy Here", "603 Decline", "404 Not Found", "480 Temporarily Unavailable"];
  for (let index = 0; index < answers.length; index += 1) {
    const answer = answers[index];
    it(`ends when the person was asked: ${answer}`, () => {
      const { door, invite } = pressed();
      const call = first.takeCall(invite);
      door.deliver(call.respond(invite, answer, [], ""), first);
      door.expect("ACK");
      door.expectSilence();
      equal(isIdleClean(door.device.station), true, "nothing is left");
    });
  }

  it("ends when it rang, whatever the server says then", () => {
    const { door, invite } = pressed();
    const call = first.takeCall(invite);
    door.deliver(call.answer("180 Ringing", ""), first);
    door.deliver(call.respond(invite, "408 Request Timeout", [], ""), first);
    door.expect("ACK");
    door.expectSilence();
    equal(door.device.station.state, StationState.IDLE, "state");
  });

  it("is no matter of a call that somebody was transferred to: it ends where it fails", () => {
    const { door, invite } = pressed();
    const call = first.takeCall(invite);
    door.deliver(call.answer("200 OK", first.description([])), first);
    door.expect("ACK");
    door.deliver(call.request("REFER", ["Refer-To: <sip:bert@three.example>"], ""), first);
    door.expect("202 REFER");
    door.expect("NOTIFY");
    const other = door.expect("INVITE");
    door.deliver(call.bye(), first);
    door.expect("200 BYE");
    door.deliver(first.takeCall(other).respond(other, "503 Service Unavailable", [], ""), first);
    door.expect("ACK");
    door.expectSilence();
    equal(isIdleClean(door.device.station), true, "nothing is left");
  });

  it("ends busy when both fail, and the next press begins with the first one again", () => {
    const { door, invite } = pressed();
    door.deliver(first.takeCall(invite).respond(invite, "503 Service Unavailable", [], ""), first);
    door.expect("ACK");
    const again = door.expect("INVITE");
    door.deliver(second.takeCall(again).respond(again, "503 Service Unavailable", [], ""), second);
    door.expect("ACK");
    door.expectSilence();
    equal(isIdleClean(door.device.station), true, "nothing is left");
    door.audioOut.crest = 0;
    door.advance(500);
    isTrue(door.audioOut.crest > 1000, "the busy tone is heard");
    door.advance(40000);
    door.press(0);
    equal(door.wire.nextDatagram().host, 51, "where the next call goes");
  });
});
