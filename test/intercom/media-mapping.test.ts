// Voice behind a NAT (firmware/intercom/media-mapping.ts): what offers and answers say of the station's address when a STUN
// server tells it, when it does not, and when it says something else in the middle of a call.

import { createBytes } from "../../firmware/bytes/bytes";
import { setHold } from "../../firmware/intercom/call-media";
import { readRtpStatistics } from "../../firmware/rtp/session";
import { reofferSession } from "../../firmware/sip/session-change";
import { describe, equal, isTrue, it, itSlow } from "../harness";
import { expectTalking, packetsInASecond, sessionOf } from "../rig/call";
import { Door } from "../rig/door";
import { bodyOf, textBetween } from "../rig/message-text";
import { Peer, type PeerCall } from "../rig/peer";
import { STUN_SETTING, StunServer } from "../rig/stun-server";

const SETTINGS = [STUN_SETTING, "call.answer-from = *"];
const OUTSIDE = "203.0.113.7:40000 rtcp 40007";
const INSIDE = "192.0.2.4:10000 rtcp next";

const anna = new Peer("anna", 9, 5060);

/** Where a message's description wants voice: "address:port rtcp port". */
function voiceOf(message: string): string {
  const body = bodyOf(message);
  const control = textBetween(body, "a=rtcp:", "\r");
  const port = textBetween(body, "m=audio ", " ");
  return `${textBetween(body, "c=IN IP4 ", "\r")}:${port} rtcp ${control === "" ? "next" : control}`;
}

/** The version of a description. */
function versionOf(message: string): number {
  const words = textBetween(bodyOf(message), "o=- ", "\r").split(" ");
  return Number(words[1]);
}

/** A station behind a NAT, of which the server has told. */
function mapped(): { door: Door; server: StunServer } {
  const door = new Door(SETTINGS);
  const server = new StunServer(door);
  server.settle();
  return { door, server };
}

/** The button is pressed. Returns the INVITE. */
function invite(door: Door): string {
  door.press(0);
  return door.expect("INVITE");
}

/** Anna answers the call of an INVITE. */
function answer(door: Door, message: string): PeerCall {
  const call = anna.takeCall(message);
  door.deliver(call.answer("200 OK", anna.description([])), anna);
  door.expect("ACK");
  return call;
}

/** Anna takes a re-INVITE of the station. */
function accept(door: Door, call: PeerCall, message: string): void {
  door.deliver(call.respond(message, "200 OK", [`Contact: ${anna.contact}`], anna.description([])), anna);
  door.expect("ACK");
}

describe("voice behind a NAT", () => {
  it("is offered at the address and ports that the STUN server sees (RFC 3605 2.1)", () => {
    equal(voiceOf(invite(mapped().door)), OUTSIDE);
  });

  it("is offered without a=rtcp where the NAT keeps the two ports beside each other", () => {
    const door = new Door(SETTINGS);
    const server = new StunServer(door);
    server.rtcpPort = 40001;
    server.settle();
    equal(voiceOf(invite(door)), "203.0.113.7:40000 rtcp next");
  });

  it("is offered with another address for RTCP where the NAT gives it one", () => {
    const door = new Door(SETTINGS);
    const server = new StunServer(door);
    server.controlHost = 8;
    server.settle();
    equal(voiceOf(invite(door)), "203.0.113.7:40000 rtcp 40007 IN IP4 203.0.113.8");
  });

  it("is answered with them", () => {
    const { door } = mapped();
    door.deliver(anna.newCall().inviteWith(anna.description([])), anna);
    equal(voiceOf(door.expect("200 INVITE")), OUTSIDE);
  });

  it("is offered anew with them, in one version as long as they stay", () => {
    const { door } = mapped();
    const first = invite(door);
    const call = answer(door, first);
    reofferSession(sessionOf(door));
    door.poll();
    const second = door.expect("INVITE");
    equal(voiceOf(second), OUTSIDE);
    accept(door, call, second);
    setHold(door.device.station.media, true);
    reofferSession(sessionOf(door));
    door.poll();
    const held = door.expect("INVITE");
    equal(voiceOf(held), OUTSIDE, "on hold");
    isTrue(bodyOf(held).indexOf("a=sendonly\r\n") > 0, "direction on hold");
  });

  it("shares one port with RTCP where the peer wants that, and names it alone", () => {
    const { door } = mapped();
    door.deliver(anna.newCall().inviteWith(anna.description(["a=rtcp-mux"])), anna);
    const ok = door.expect("200 INVITE");
    equal(voiceOf(ok), "203.0.113.7:40000 rtcp next");
    isTrue(bodyOf(ok).indexOf("a=rtcp-mux\r\n") > 0, "a=rtcp-mux");
  });
});

describe("a call that begins before the STUN server has answered", () => {
  it("leaves at once with the station's own address, and is offered anew when the answer comes", () => {
    const door = new Door(SETTINGS);
    const server = new StunServer(door);
    server.answering = false;
    door.advance(1000);
    const pressed = door.clock.elapsed;
    const first = invite(door);
    equal(voiceOf(first), INSIDE);
    isTrue(door.clock.elapsed - pressed < 100, "at once");
    const call = answer(door, first);
    server.answering = true;
    door.advanceToMessage(40000);
    const second = door.expect("INVITE");
    equal(voiceOf(second), OUTSIDE);
    equal(versionOf(second), versionOf(first) + 1, "version");
    accept(door, call, second);
    door.advance(60000);
    expectTalking(door);
  });

  it("and before the callee has said anything is offered anew as soon as it was answered", () => {
    const door = new Door(SETTINGS);
    const server = new StunServer(door);
    server.answering = false;
    const first = invite(door);
    server.answering = true;
    door.advance(2000);
    door.wire.forget();
    const call = answer(door, first);
    door.advanceToMessage(5000);
    const second = door.expect("INVITE");
    equal(voiceOf(second), OUTSIDE);
    accept(door, call, second);
    door.advance(60000);
    expectTalking(door);
  });

  it("is left as it is where the server sees the station's own address: there is no NAT", () => {
    const door = new Door(SETTINGS);
    const server = new StunServer(door);
    server.answering = false;
    server.rtpPort = 0;
    server.rtcpPort = 0;
    const first = invite(door);
    answer(door, first);
    server.answering = true;
    door.advance(60000);
    isTrue(server.rtpRequests.length > 2, "it was asked");
    expectTalking(door);
  });
});

describe("a NAT that is restarted in a call", () => {
  it("and gives other ports makes one new offer with both of them, though they are told one after the other", () => {
    const { door, server } = mapped();
    const first = invite(door);
    const call = answer(door, first);
    server.rtpPort = 41000;
    server.rtcpPort = 41003;
    server.answeringControl = false;
    server.rtpRequests = [];
    while (server.rtpRequests.length === 0) {
      door.advance(10);
    }
    door.advance(50);
    door.expectSilence();
    server.answerControl();
    door.advanceToMessage(200);
    const second = door.expect("INVITE");
    equal(voiceOf(second), "203.0.113.7:41000 rtcp 41003");
    equal(versionOf(second), versionOf(first) + 1, "version");
    accept(door, call, second);
    door.advance(60000);
    expectTalking(door);
  });
});

describe("another network in a call behind a NAT", () => {
  it("is offered when its NAT's addresses are known, not before", () => {
    const { door, server } = mapped();
    const call = answer(door, invite(door));
    server.host = 8;
    server.controlHost = 8;
    const moved = door.clock.elapsed;
    door.moveTo(44);
    door.advanceToMessage(2000);
    const offer = door.expect("INVITE");
    equal(voiceOf(offer), "203.0.113.8:40000 rtcp 40007");
    isTrue(door.clock.elapsed - moved < 500, "within half a second");
    accept(door, call, offer);
    door.advance(60000);
    expectTalking(door);
  });

  it("whose server is silent is offered with the station's own address after a second", () => {
    const { door, server } = mapped();
    answer(door, invite(door));
    server.answering = false;
    const moved = door.clock.elapsed;
    door.moveTo(44);
    door.advanceToMessage(2000);
    equal(voiceOf(door.expect("INVITE")), "192.0.2.44:10000 rtcp next");
    isTrue(door.clock.elapsed - moved <= 1100, "after a second");
  });
});

describe("the sockets of voice", () => {
  itSlow("ask the server while nobody calls, so that what a call names is fresh", () => {
    const { door, server } = mapped();
    server.rtpRequests = [];
    server.rtcpRequests = [];
    door.advance(300000);
    equal(server.rtpRequests.length, 12, "requests over the RTP socket, one in 25 s");
    equal(server.rtcpRequests.length, 12, "requests over the RTCP socket");
  });

  it("ask nobody without a STUN server, nor with an advertised address", () => {
    for (const line of ["network.keep-alive = 0", `${STUN_SETTING}\nnetwork.advertised-address = 198.51.100.1`]) {
      const door = new Door(line.split("\n"));
      const server = new StunServer(door);
      door.advance(60000);
      equal(server.rtpRequests.length + server.rtcpRequests.length, 0, line);
    }
  });

  it("take no STUN that nobody asked for, while voice goes on", () => {
    const { door, server } = mapped();
    const call = answer(door, invite(door));
    door.audioOut.crest = 0;
    const asked = server.rtpRequests[0];
    for (let round = 0; round < 20; round += 1) {
      // An answer of long ago, a request of a stranger, and noise that begins as STUN does.
      server.answer(door.rtp, asked, [198, 51, 100, 9], 5000);
      door.rtp.arrive(asked.bytes, asked.bytes.length, anna.endpoint);
      door.rtcp.arrive(createBytes(3), 3, anna.endpoint);
      door.rtp.arrive(createBytes(1700), 1700, anna.endpoint);
      door.arriveVoice(9);
      door.advance(20);
    }
    equal(readRtpStatistics(door.device.rtp).packetsReceived, 20, "packets of voice");
    isTrue(packetsInASecond(door) >= 49, "voice goes on");
    reofferSession(sessionOf(door));
    door.poll();
    const offer = door.expect("INVITE");
    equal(voiceOf(offer), OUTSIDE, "what stands");
    accept(door, call, offer);
    expectTalking(door);
  });
});
