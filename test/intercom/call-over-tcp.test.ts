// A call over TCP from the press to the end, seen by the person called: every message on the one connection, and none by UDP.

import type { FakeStream } from "../fake-tcp";
import { testEndpoint } from "../fake-udp";
import { describe, equal, isTrue, it } from "../harness";
import { Door } from "../rig/door";
import { changed, headerOf, kindOf, textBetween } from "../rig/message-text";
import { Peer } from "../rig/peer";

const anna = new Peer("anna", 9, 5060);

function arrive(door: Door, stream: FakeStream, text: string): void {
  stream.send(text);
  door.poll();
}

/** What the station wrote last; the test fails unless it is one message of that kind. */
function expect(stream: FakeStream, kind: string): string {
  const text = stream.take();
  equal(kindOf(text), kind, "message");
  return text;
}

describe("a call over TCP", () => {
  it("that the station makes lies on the one connection that it opens, to the BYE", () => {
    const door = new Door(["button.1.call = sip:anna@192.0.2.9;transport=tcp"]);
    door.press(0);
    const stream = door.tcp.last();
    equal(`${stream.peer.address[3]}:${stream.peer.port}`, "9:5060", "peer");
    const invite = expect(stream, "INVITE");
    isTrue(headerOf(invite, "Via").indexOf("SIP/2.0/TCP 192.0.2.4:5060;") === 0, "Via");
    const call = anna.takeCall(invite);
    const contact = "Contact: <sip:anna@192.0.2.9:5060;transport=tcp>";
    arrive(door, stream, call.respond(invite, "180 Ringing", [], ""));
    arrive(
      door,
      stream,
      call.respond(invite, "200 OK", [contact, "Content-Type: application/sdp"], anna.description([])),
    );
    const ack = expect(stream, "ACK");
    isTrue(headerOf(ack, "Via").indexOf("SIP/2.0/TCP ") === 0, "Via of the ACK");
    door.advance(5000);
    arrive(door, stream, changed(call.bye(), "SIP/2.0/UDP", "SIP/2.0/TCP"));
    expect(stream, "200 BYE");
    door.expectSilence();
    equal(door.tcp.streams.length, 1, "connections");
  });

  it("that a person makes is answered where it came from", () => {
    const door = new Door(["call.answer-from = *"]);
    const stream = door.tcp.arrive(testEndpoint(9, 40001));
    door.poll();
    const call = anna.newCall();
    arrive(door, stream, changed(call.inviteWith(anna.description([])), "SIP/2.0/UDP", "SIP/2.0/TCP"));
    const answer = stream.take();
    const ok = answer.substring(answer.indexOf("SIP/2.0 200"));
    equal(kindOf(ok), "200 INVITE", "answer");
    call.takeResponse(ok);
    isTrue(textBetween(headerOf(ok, "Contact"), "<", ">") !== "", "Contact");
    arrive(door, stream, changed(call.acknowledge(""), "SIP/2.0/UDP", "SIP/2.0/TCP"));
    door.advance(1000);
    equal(stream.take(), "", "the 200 is not sent again");
    arrive(door, stream, changed(call.bye(), "SIP/2.0/UDP", "SIP/2.0/TCP"));
    expect(stream, "200 BYE");
    door.expectSilence();
  });
});
