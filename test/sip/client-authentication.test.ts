// Answers to challenges of INVITE and BYE (RFC 3261 22, RFC 7616, RFC 8760), seen from the wire. Every answer is checked
// with a digest that the test computes anew.

import { StationEvent } from "../../firmware/intercom/event-log";
import { hangUpCall, StationState } from "../../firmware/intercom/station";
import { describe, equal, isTrue, it } from "../harness";
import { challengeOf, digestParameter, expectDigest } from "../rig/digest";
import { Door, talkAsCalled } from "../rig/door";
import { hasHeaderField, headerOf, parameterOf, textBetween } from "../rig/message-text";
import { Peer, type PeerCall } from "../rig/peer";

const ACCOUNT = ["account.password = open sesame", "account.realm = doors"];
const USER = "door";
const PASSWORD = "open sesame";

const anna = new Peer("anna", 9, 5060);

function calling(settings: string[]): { door: Door; call: PeerCall } {
  const door = new Door(settings);
  door.press(0);
  return { door, call: anna.takeCall(door.expect("INVITE")) };
}

/** Challenges the last INVITE, reads its ACK, and takes the INVITE that follows. */
function challenge(door: Door, call: PeerCall, status: string, headers: string[]): string {
  door.deliver(call.respond(call.invite, status, headers, ""), anna);
  door.expect("ACK");
  call.invite = door.expect("INVITE");
  return call.invite;
}

function sequenceOf(message: string): number {
  return Number(textBetween(` ${headerOf(message, "CSeq")}`, " ", " "));
}

/** Fails unless the call was given up after the last response, without a further INVITE. */
function expectGivenUp(door: Door): void {
  door.expect("ACK");
  door.expectSilence();
  equal(door.device.station.state, StationState.IDLE, "state");
  equal(door.log.count(StationEvent.ENDED), 1, "reports of the end");
}

describe("a challenged INVITE", () => {
  it("is sent again with the answer to 401, the same Call-ID and From tag, the next CSeq and another branch (22.2)", () => {
    const { door, call } = calling(ACCOUNT);
    const first = call.invite;
    isTrue(!hasHeaderField(first, "Authorization"), "the first one has no answer");
    const second = challenge(door, call, "401 Unauthorized", [
      `WWW-Authenticate: ${challengeOf("doors", "n1", "MD5")}`,
    ]);
    expectDigest(second, "Authorization", USER, PASSWORD, "doors", "n1", "00000001");
    equal(headerOf(second, "Call-ID"), headerOf(first, "Call-ID"), "Call-ID");
    equal(headerOf(second, "From"), headerOf(first, "From"), "From");
    equal(headerOf(second, "To"), headerOf(first, "To"), "To has no tag of the refusal");
    equal(sequenceOf(second), sequenceOf(first) + 1, "CSeq");
    isTrue(headerOf(second, "Via") !== headerOf(first, "Via"), "the branch is new");
    equal(door.device.station.state, StationState.CALLING, "state");
    door.deliver(call.answer("200 OK", anna.description([])), anna);
    door.expect("ACK");
    equal(door.device.station.state, StationState.TALKING, "state after the answer");
  });

  it("is sent again with Proxy-Authorization after 407 (22.3)", () => {
    const { door, call } = calling(ACCOUNT);
    const second = challenge(door, call, "407 Proxy Authentication Required", [
      `Proxy-Authenticate: ${challengeOf("doors", "n1", "MD5")}`,
    ]);
    expectDigest(second, "Proxy-Authorization", USER, PASSWORD, "doors", "n1", "00000001");
    isTrue(!hasHeaderField(second, "Authorization"), "it has no Authorization");
  });

  it("keeps the answer to the proxy when the called side challenges too (22.3)", () => {
    const { door, call } = calling(ACCOUNT);
    challenge(door, call, "407 Proxy Authentication Required", [
      `Proxy-Authenticate: ${challengeOf("doors", "n1", "MD5")}`,
    ]);
    const third = challenge(door, call, "401 Unauthorized", [`WWW-Authenticate: ${challengeOf("doors", "n2", "MD5")}`]);
    expectDigest(third, "Proxy-Authorization", USER, PASSWORD, "doors", "n1", "00000002");
    expectDigest(third, "Authorization", USER, PASSWORD, "doors", "n2", "00000001");
  });

  it("is answered with SHA-256 where that is offered beside MD5, in whatever order (RFC 8760 2.4)", () => {
    const offers = [
      [
        `WWW-Authenticate: ${challengeOf("doors", "n1", "MD5")}`,
        `WWW-Authenticate: ${challengeOf("doors", "n2", "SHA-256")}`,
      ],
      [
        `WWW-Authenticate: ${challengeOf("doors", "n2", "SHA-256")}`,
        `WWW-Authenticate: ${challengeOf("doors", "n1", "MD5")}`,
      ],
    ];
    for (let index = 0; index < offers.length; index += 1) {
      const { door, call } = calling(ACCOUNT);
      const second = challenge(door, call, "401 Unauthorized", offers[index]);
      equal(digestParameter(headerOf(second, "Authorization"), "algorithm"), "SHA-256", "algorithm");
      expectDigest(second, "Authorization", USER, PASSWORD, "doors", "n2", "00000001");
    }
  });

  it("answers under the authentication name where the account has one", () => {
    const { door, call } = calling([...ACCOUNT, "account.auth-user = line-7"]);
    const second = challenge(door, call, "401 Unauthorized", [
      `WWW-Authenticate: ${challengeOf("doors", "n1", "MD5")}`,
    ]);
    expectDigest(second, "Authorization", "line-7", PASSWORD, "doors", "n1", "00000001");
  });

  it("is given up when the answer is refused: a wrong password is offered once (22.1)", () => {
    const { door, call } = calling(ACCOUNT);
    challenge(door, call, "401 Unauthorized", [`WWW-Authenticate: ${challengeOf("doors", "n1", "MD5")}`]);
    const again = [`WWW-Authenticate: ${challengeOf("doors", "n2", "MD5")}`];
    door.deliver(call.respond(call.invite, "401 Unauthorized", again, ""), anna);
    expectGivenUp(door);
  });

  it("is answered once more when only the nonce was too old (stale, RFC 7616 3.3), and no further", () => {
    const { door, call } = calling(ACCOUNT);
    const stale = [`WWW-Authenticate: ${challengeOf("doors", "n2", "MD5")}, stale=true`];
    challenge(door, call, "401 Unauthorized", [`WWW-Authenticate: ${challengeOf("doors", "n1", "MD5")}`]);
    const third = challenge(door, call, "401 Unauthorized", stale);
    expectDigest(third, "Authorization", USER, PASSWORD, "doors", "n2", "00000001");
    door.deliver(call.respond(call.invite, "401 Unauthorized", stale, ""), anna);
    expectGivenUp(door);
  });

  it("is given up when the challenge is of a foreign realm, which gets no answer", () => {
    const { door, call } = calling(ACCOUNT);
    const foreign = [`WWW-Authenticate: ${challengeOf("elsewhere", "n1", "MD5")}`];
    door.deliver(call.respond(call.invite, "401 Unauthorized", foreign, ""), anna);
    expectGivenUp(door);
  });

  it("answers only the account's own realm where several are offered", () => {
    const { door, call } = calling(ACCOUNT);
    const second = challenge(door, call, "401 Unauthorized", [
      `WWW-Authenticate: ${challengeOf("elsewhere", "n1", "SHA-256")}`,
      `WWW-Authenticate: ${challengeOf("doors", "n2", "MD5")}`,
    ]);
    expectDigest(second, "Authorization", USER, PASSWORD, "doors", "n2", "00000001");
  });

  it("is given up without a password, without a challenge, and with one of an unknown scheme or algorithm", () => {
    const challenges = [
      "X-Nothing: 1",
      'WWW-Authenticate: Basic realm="doors"',
      'WWW-Authenticate: Digest realm="doors", nonce="n1", qop="auth", algorithm=SHA-1024',
      'WWW-Authenticate: Digest realm="doors"',
      `Proxy-Authenticate: ${challengeOf("doors", "n1", "MD5")}`,
    ];
    for (let index = 0; index < challenges.length; index += 1) {
      const { door, call } = calling(ACCOUNT);
      door.deliver(call.respond(call.invite, "401 Unauthorized", [challenges[index]], ""), anna);
      expectGivenUp(door);
    }
    const { door, call } = calling(["account.realm = doors"]);
    const good = [`WWW-Authenticate: ${challengeOf("doors", "n1", "MD5")}`];
    door.deliver(call.respond(call.invite, "401 Unauthorized", good, ""), anna);
    expectGivenUp(door);
  });

  it("has its credentials repeated by the ACK for the 2xx, as they were (22.1)", () => {
    const { door, call } = calling(ACCOUNT);
    const second = challenge(door, call, "407 Proxy Authentication Required", [
      `Proxy-Authenticate: ${challengeOf("doors", "n1", "MD5")}`,
    ]);
    door.deliver(call.answer("200 OK", anna.description([])), anna);
    const ack = door.expect("ACK");
    equal(headerOf(ack, "Proxy-Authorization"), headerOf(second, "Proxy-Authorization"), "Proxy-Authorization");
  });

  it("that is given up during the challenge is not sent again", () => {
    const { door, call } = calling(ACCOUNT);
    door.deliver(call.answer("180 Ringing", ""), anna);
    hangUpCall(door.device.station);
    door.poll();
    door.expect("CANCEL");
    const headers = [`WWW-Authenticate: ${challengeOf("doors", "n1", "MD5")}`];
    door.deliver(call.respond(call.invite, "401 Unauthorized", headers, ""), anna);
    door.expect("ACK");
    door.expectSilence();
  });

  it("keeps its early answer apart from the one after the challenge", () => {
    const { door, call } = calling(ACCOUNT);
    door.deliver(call.answer("183 Session Progress", anna.description([])), anna);
    const second = challenge(door, call, "401 Unauthorized", [
      `WWW-Authenticate: ${challengeOf("doors", "n1", "MD5")}`,
    ]);
    equal(parameterOf(headerOf(second, "To"), "tag"), "", "To has no tag");
    door.deliver(call.answer("200 OK", anna.description([])), anna);
    door.expect("ACK");
    equal(door.device.station.state, StationState.TALKING, "state");
  });
});

describe("a challenged BYE", () => {
  it("is sent again with the answer and the next CSeq (22.2)", () => {
    const door = new Door(ACCOUNT);
    const call = talkAsCalled(door, anna);
    hangUpCall(door.device.station);
    door.poll();
    const first = door.expect("BYE");
    const headers = [`Proxy-Authenticate: ${challengeOf("doors", "n7", "SHA-256")}`];
    door.deliver(call.respond(first, "407 Proxy Authentication Required", headers, ""), anna);
    const second = door.expect("BYE");
    expectDigest(second, "Proxy-Authorization", USER, PASSWORD, "doors", "n7", "00000001");
    equal(sequenceOf(second), sequenceOf(first) + 1, "CSeq");
    door.deliver(call.respond(second, "200 OK", [], ""), anna);
    door.advance(40000);
    equal(door.recordsInUse(), 0, "records in use");
    door.expectSilence();
  });

  it("carries the answer of its call's INVITE from the start, with the nonce count going on", () => {
    const { door, call } = calling(ACCOUNT);
    challenge(door, call, "401 Unauthorized", [`WWW-Authenticate: ${challengeOf("doors", "n1", "MD5")}`]);
    door.deliver(call.answer("200 OK", anna.description([])), anna);
    door.expect("ACK");
    hangUpCall(door.device.station);
    door.poll();
    const bye = door.expect("BYE");
    expectDigest(bye, "Authorization", USER, PASSWORD, "doors", "n1", "00000002");
  });

  it("ends the call all the same when the answer is refused", () => {
    const door = new Door(ACCOUNT);
    const call = talkAsCalled(door, anna);
    hangUpCall(door.device.station);
    door.poll();
    const headers = [`WWW-Authenticate: ${challengeOf("doors", "n7", "MD5")}`];
    door.deliver(call.respond(door.expect("BYE"), "401 Unauthorized", headers, ""), anna);
    door.deliver(call.respond(door.expect("BYE"), "401 Unauthorized", headers, ""), anna);
    door.expectSilence();
    door.advance(40000);
    equal(door.recordsInUse(), 0, "records in use");
  });
});
