// A 2xx beside the first one (RFC 3261 13.2.2.4, RFC 6026 7.2), seen from the wire: ACK for each, BYE for whoever came too late,
// also when the call is over and when its transaction is forgotten.

import { testEndpoint } from "../fake-udp";
import { describe, equal, isTrue, it, itSlow } from "../harness";
import {
  callingTo,
  expectIdleAfter,
  expectTalking,
  giveTransactionsBack,
  hangUpHere,
  sequenceOf,
  takeTransactions,
} from "../rig/call";
import { Door, hangUp, talkAsCalled } from "../rig/door";
import { changed, headerOf, parameterOf, startLine } from "../rig/message-text";
import { NameServer } from "../rig/name-server";
import { Peer, type PeerCall } from "../rig/peer";

const anna = new Peer("anna", 9, 5060);
const bert = new Peer("bert", 10, 5060);
const carl = new Peer("carl", 11, 5060);

/** A phone answers, and gets its ACK and its BYE, which it answers. */
function answerTooLate(door: Door, call: PeerCall): void {
  door.deliver(call.answer("200 OK", call.peer.description([])), call.peer);
  const target = `sip:${call.peer.name}@${call.peer.sentBy}`;
  equal(startLine(door.expect("ACK")), `ACK ${target} SIP/2.0`, "ACK");
  const bye = door.expect("BYE");
  equal(startLine(bye), `BYE ${target} SIP/2.0`, "BYE");
  equal(parameterOf(headerOf(bye, "To"), "tag"), call.localTag, "tag of the BYE");
  door.deliver(call.respond(bye, "200 OK", [], ""), call.peer);
}

/** It answers again: only the ACK comes again. */
function answerAgain(door: Door, call: PeerCall): void {
  door.deliver(call.answer("200 OK", call.peer.description([])), call.peer);
  door.expect("ACK");
  door.expectSilence();
}

describe("a 2xx of another phone", () => {
  it("gets ACK and BYE, each phone its own, and once, while the call goes on", () => {
    const door = new Door([]);
    const call = talkAsCalled(door, anna);
    const second = bert.takeCall(call.invite);
    const third = carl.takeCall(call.invite);
    answerTooLate(door, second);
    answerTooLate(door, third);
    answerAgain(door, second);
    answerAgain(door, third);
    answerAgain(door, second);
    expectTalking(door);
    hangUp(door, call);
    expectIdleAfter(door, 40000);
  });

  it("gets them also when the call has ended already", () => {
    const door = new Door([]);
    const call = talkAsCalled(door, anna);
    hangUp(door, call);
    const second = bert.takeCall(call.invite);
    answerTooLate(door, second);
    answerAgain(door, second);
    expectIdleAfter(door, 40000);
  });

  it("gets them while the station hangs up", () => {
    const door = new Door([]);
    const call = talkAsCalled(door, anna);
    hangUpHere(door);
    const bye = door.expect("BYE");
    answerTooLate(door, bert.takeCall(call.invite));
    door.deliver(call.respond(bye, "200 OK", [], ""), anna);
    expectIdleAfter(door, 40000);
  });

  itSlow("gets them when the transaction of the INVITE is long forgotten (Timer M)", () => {
    const door = new Door(["call.silence-limit = 0"]);
    const call = talkAsCalled(door, anna);
    door.advance(60000);
    const second = bert.takeCall(call.invite);
    answerTooLate(door, second);
    answerAgain(door, second);
    answerTooLate(door, carl.takeCall(call.invite));
    hangUp(door, call);
    door.advance(60000);
    answerAgain(door, second);
    expectIdleAfter(door, 40000);
  });

  it("gets them when it crossed the CANCEL together with another", () => {
    const { door, call } = callingTo(anna, []);
    door.deliver(call.answer("180 Ringing", ""), anna);
    hangUpHere(door);
    door.deliver(call.respond(door.expect("CANCEL"), "200 OK", [], ""), anna);
    answerTooLate(door, call);
    answerTooLate(door, bert.takeCall(call.invite));
    expectIdleAfter(door, 40000);
  });

  it("whose Contact is a name gets them when the name is found and it comes again", () => {
    const door = new Door(["network.name-server = 192.0.2.53"]);
    const server = new NameServer(testEndpoint(53, 53));
    const call = talkAsCalled(door, anna);
    const late = bert.takeCall(call.invite);
    const answer = changed(late.answer("200 OK", bert.description([])), bert.contact, "<sip:bert@desk.example>");
    server.add("example 300 SOA 60");
    server.add("desk.example 300 A 192.0.2.10");
    door.deliver(answer, bert);
    door.expectSilence();
    for (let round = 0; round < 8; round += 1) {
      server.exchange(door.names);
      door.poll();
    }
    door.deliver(answer, bert);
    door.expect("ACK");
    door.deliver(late.respond(door.expect("BYE"), "200 OK", [], ""), bert);
    door.deliver(answer, bert);
    door.expect("ACK");
    expectTalking(door);
  });

  it("gets its BYE when it comes again, where no transaction was free before", () => {
    const door = new Door([]);
    const late = bert.takeCall(talkAsCalled(door, anna).invite);
    const taken = takeTransactions(door);
    answerAgain(door, late);
    giveTransactionsBack(door, taken);
    answerTooLate(door, late);
    answerAgain(door, late);
  });

  it("waits, and comes again, while the BYE of another is challenged or unanswered", () => {
    const door = new Door(["account.password = secret", "account.realm = example.com"]);
    const call = talkAsCalled(door, anna);
    const second = bert.takeCall(call.invite);
    const third = carl.takeCall(call.invite);
    door.deliver(second.answer("200 OK", bert.description([])), bert);
    door.expect("ACK");
    const bye = door.expect("BYE");
    door.deliver(third.answer("200 OK", carl.description([])), carl);
    door.expectSilence();
    answerAgain(door, second);
    const challenge = 'WWW-Authenticate: Digest realm="example.com", nonce="n1", qop="auth"';
    door.deliver(second.respond(bye, "401 Unauthorized", [challenge], ""), bert);
    const again = door.expect("BYE");
    equal(startLine(again), `BYE sip:bert@${bert.sentBy} SIP/2.0`, "the challenged BYE goes again");
    isTrue(headerOf(again, "Authorization") !== "", "with credentials");
    equal(sequenceOf(again), sequenceOf(bye) + 1, "CSeq");
    door.deliver(second.respond(again, "200 OK", [], ""), bert);
    answerTooLate(door, third);
    answerAgain(door, third);
    expectTalking(door);
  });

  it("without a Contact cannot be answered, and harms nobody", () => {
    const door = new Door([]);
    const call = talkAsCalled(door, anna);
    door.deliver(bert.takeCall(call.invite).respond(call.invite, "200 OK", [], bert.description([])), bert);
    expectTalking(door);
  });
});

describe("a stray response", () => {
  it("that belongs to no call of the station is dropped: no request goes to where it says", () => {
    const door = new Door([]);
    const call = talkAsCalled(door, anna);
    const stray = bert.takeCall(call.invite).answer("200 OK", bert.description([]));
    const branch = parameterOf(headerOf(call.invite, "Via"), "branch");
    const forged = [
      changed(changed(stray, branch, "z9hG4bKother"), call.callId, "another-call"),
      changed(changed(stray, branch, "z9hG4bKother"), `;tag=${call.remoteTag}`, ";tag=guessed"),
      changed(changed(stray, branch, "z9hG4bKother"), "200 OK", "183 OK"),
      changed(changed(stray, branch, "z9hG4bKother"), "200 OK", "486 OK"),
      changed(changed(stray, branch, "z9hG4bKother"), " INVITE\r\n", " BYE\r\n"),
    ];
    for (let index = 0; index < forged.length; index += 1) {
      door.deliver(forged[index], bert);
      expectTalking(door);
    }
  });

  it("of the call that stands is acknowledged again, whatever its branch", () => {
    const door = new Door([]);
    const call = talkAsCalled(door, anna);
    const branch = parameterOf(headerOf(call.invite, "Via"), "branch");
    door.deliver(changed(call.answer("200 OK", anna.description([])), branch, "z9hG4bKother"), anna);
    door.expect("ACK");
    expectTalking(door);
  });
});
