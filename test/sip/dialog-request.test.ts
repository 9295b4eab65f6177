// How the requests of a call find their way (RFC 3263; RFC 3261 9.1, 12.2.1.1, 13.2.2.4), seen from the wire: by names and from target
// to target, with credentials, and when there is no transaction for them.

import { EndCause } from "../../firmware/sip/invite-session";
import { reofferSession } from "../../firmware/sip/session-change";
import { testEndpoint } from "../fake-udp";
import { describe, equal, isTrue, it, itSlow } from "../harness";
import {
  callingTo,
  causeOf,
  expectIdleAfter,
  expectTalking,
  giveTransactionsBack,
  hangUpHere,
  sequenceOf,
  sessionOf,
  takeTransactions,
} from "../rig/call";
import { Door, hangUp, talkAsCalled } from "../rig/door";
import { changed, headerOf, kindOf, startLine } from "../rig/message-text";
import { NameServer } from "../rig/name-server";
import { Peer } from "../rig/peer";

const SETTINGS = ["network.name-server = 192.0.2.53", "button.1.call = sip:anna@phone.example"];

const anna = new Peer("anna", 9, 5060);

/** A name server with a zone. */
function serverOf(lines: string[]): NameServer {
  const server = new NameServer(testEndpoint(53, 53));
  server.add("example 300 SOA 60");
  for (let index = 0; index < lines.length; index += 1) {
    server.add(lines[index]);
  }
  return server;
}

/** The name server answers everything that is asked. */
function answerQueries(door: Door, server: NameServer): void {
  for (let round = 0; round < 8; round += 1) {
    server.exchange(door.names);
    door.poll();
  }
}

describe("a call to a name", () => {
  it("goes out when the name is found, and the visitor hears it ring meanwhile", () => {
    const door = new Door(SETTINGS);
    door.press(0);
    door.expectSilence();
    answerQueries(door, serverOf(["phone.example 300 A 192.0.2.9"]));
    const call = anna.takeCall(door.expect("INVITE"));
    door.deliver(call.answer("200 OK", anna.description([])), anna);
    door.expect("ACK");
    expectTalking(door);
    hangUp(door, call);
    expectIdleAfter(door, 40000);
  });

  it("that is given up before the name is found asks nobody, and leaves nothing", () => {
    const door = new Door(SETTINGS);
    door.press(0);
    hangUpHere(door);
    equal(causeOf(door), EndCause.LOCAL, "cause");
    equal(door.recordsInUse(), 0, "records in use");
    answerQueries(door, serverOf(["phone.example 300 A 192.0.2.9"]));
    expectIdleAfter(door, 40000);
  });

  it("ends when there is no such name", () => {
    const door = new Door(SETTINGS);
    door.press(0);
    answerQueries(door, serverOf([]));
    equal(causeOf(door), EndCause.UNREACHABLE, "cause");
    expectIdleAfter(door, 40000);
  });

  itSlow("goes on to the next address with a new branch when one is silent, and CANCEL follows it", () => {
    const door = new Door(SETTINGS);
    door.press(0);
    answerQueries(door, serverOf(["phone.example 300 A 192.0.2.9", "phone.example 300 A 192.0.2.10"]));
    const first = door.wire.nextDatagram();
    let next = first;
    while (next.host === first.host) {
      door.advanceToMessage(32000);
      next = door.wire.nextDatagram();
    }
    equal(startLine(next.text), startLine(first.text), "request line");
    equal(sequenceOf(next.text), sequenceOf(first.text), "CSeq");
    isTrue(headerOf(next.text, "Via") !== headerOf(first.text, "Via"), "the branch is new");
    door.wire.forget();
    const call = anna.takeCall(next.text);
    door.deliver(call.answer("180 Ringing", ""), anna);
    hangUpHere(door);
    const cancel = door.wire.nextDatagram();
    equal(cancel.host, next.host, "destination of CANCEL");
    equal(headerOf(cancel.text, "Via"), headerOf(next.text, "Via"), "Via of CANCEL");
    door.deliver(call.respond(cancel.text, "200 OK", [], ""), anna);
    door.deliver(call.respond(next.text, "487 Request Terminated", [], ""), anna);
    door.expect("ACK");
    expectIdleAfter(door, 40000);
  });

  itSlow("that is given up while nobody has answered tries no further address", () => {
    const door = new Door(SETTINGS);
    door.press(0);
    answerQueries(door, serverOf(["phone.example 300 A 192.0.2.9", "phone.example 300 A 192.0.2.10"]));
    const first = door.wire.nextDatagram();
    hangUpHere(door);
    door.advance(40000);
    while (door.wire.waiting() > 0) {
      equal(door.wire.nextDatagram().host, first.host, "destination");
    }
    expectIdleAfter(door, 1);
  });
});

describe("a call that is given up when its INVITE goes out again", () => {
  it("to another server, after the first one had it ring, is cancelled when that one was heard (9.1)", () => {
    const door = new Door(SETTINGS);
    door.press(0);
    answerQueries(door, serverOf(["phone.example 300 A 192.0.2.9", "phone.example 300 A 192.0.2.10"]));
    const first = anna.takeCall(door.expect("INVITE"));
    door.deliver(first.answer("180 Ringing", ""), anna);
    door.deliver(first.respond(first.invite, "503 Service Unavailable", [], ""), anna);
    door.expect("ACK");
    const second = anna.takeCall(door.expect("INVITE"));
    hangUpHere(door);
    door.expectSilence();
    door.deliver(second.respond(second.invite, "100 Trying", [], ""), anna);
    const cancel = door.expect("CANCEL");
    equal(headerOf(cancel, "Via"), headerOf(second.invite, "Via"), "Via of CANCEL");
    door.deliver(second.respond(cancel, "200 OK", [], ""), anna);
    door.deliver(second.respond(second.invite, "487 Request Terminated", [], ""), anna);
    door.expect("ACK");
    expectIdleAfter(door, 40000);
  });

  it("with credentials is cancelled when that INVITE was heard (9.1)", () => {
    const door = new Door(["account.domain = 192.0.2.9", "account.realm = house", "account.password = secret"]);
    door.press(0);
    const first = anna.takeCall(door.expect("INVITE"));
    const challenge = 'WWW-Authenticate: Digest realm="house", nonce="n1", qop="auth", algorithm=MD5';
    door.deliver(first.respond(first.invite, "100 Trying", [], ""), anna);
    door.deliver(first.respond(first.invite, "401 Unauthorized", [challenge], ""), anna);
    door.expect("ACK");
    const second = anna.takeCall(door.expect("INVITE"));
    hangUpHere(door);
    door.expectSilence();
    door.deliver(second.respond(second.invite, "180 Ringing", [], ""), anna);
    equal(headerOf(door.expect("CANCEL"), "Via"), headerOf(second.invite, "Via"), "Via of CANCEL");
  });
});

describe("a request of a call that is over", () => {
  it("goes to no further address", () => {
    const door = new Door(["network.name-server = 192.0.2.53"]);
    const server = serverOf(["desk.example 300 A 192.0.2.30", "desk.example 300 A 192.0.2.31"]);
    door.press(0);
    const call = anna.takeCall(door.expect("INVITE"));
    const answer = changed(call.answer("200 OK", anna.description([])), anna.contact, "<sip:anna@desk.example>");
    door.deliver(answer, anna);
    answerQueries(door, server);
    door.deliver(answer, anna);
    door.expect("ACK");
    reofferSession(sessionOf(door));
    door.poll();
    const reinvite = door.wire.nextDatagram();
    equal(kindOf(reinvite.text), "INVITE", "the re-INVITE");
    hangUp(door, call);
    door.advance(40000);
    while (door.wire.waiting() > 0) {
      equal(door.wire.nextDatagram().host, reinvite.host, "destination");
    }
    expectIdleAfter(door, 1);
  });
});

describe("a peer whose Contact is a name", () => {
  it("gets its ACK when the name is found, on the 2xx that comes again (13.2.2.4)", () => {
    const door = new Door(["network.name-server = 192.0.2.53"]);
    door.press(0);
    const call = anna.takeCall(door.expect("INVITE"));
    const answer = changed(call.answer("200 OK", anna.description([])), anna.contact, "<sip:anna@desk.example>");
    door.deliver(answer, anna);
    door.expectSilence();
    answerQueries(door, serverOf(["desk.example 300 A 192.0.2.30"]));
    door.deliver(answer, anna);
    const ack = door.wire.nextDatagram();
    equal(`${ack.host} ${startLine(ack.text)}`, "30 ACK sip:anna@desk.example SIP/2.0", "ACK");
    expectTalking(door);
    hangUpHere(door);
    equal(startLine(door.expect("BYE")), "BYE sip:anna@desk.example SIP/2.0", "BYE");
  });
});

describe("a BYE of the station", () => {
  it("that is challenged goes again with credentials and the next CSeq (22.2)", () => {
    const settings = ["account.domain = 192.0.2.9", "account.realm = house", "account.password = secret"];
    const door = new Door(settings);
    const call = talkAsCalled(door, anna);
    hangUpHere(door);
    const first = door.expect("BYE");
    const challenge = 'WWW-Authenticate: Digest realm="house", nonce="n1", qop="auth", algorithm=MD5';
    door.deliver(call.respond(first, "401 Unauthorized", [challenge], ""), anna);
    const second = door.expect("BYE");
    equal(sequenceOf(second), sequenceOf(first) + 1, "CSeq");
    isTrue(headerOf(second, "Authorization").indexOf("Digest ") === 0, "it has credentials");
    door.deliver(call.respond(second, "200 OK", [], ""), anna);
    expectIdleAfter(door, 40000);
  });
});

describe("a station all of whose client transactions are in use", () => {
  it("sends its BYE as soon as one is free", () => {
    const door = new Door([]);
    const call = talkAsCalled(door, anna);
    const taken = takeTransactions(door);
    hangUpHere(door);
    equal(causeOf(door), EndCause.LOCAL, "cause");
    door.advance(2500);
    door.expectSilence();
    giveTransactionsBack(door, taken);
    door.advanceToMessage(1000);
    door.deliver(call.respond(door.expect("BYE"), "200 OK", [], ""), anna);
    expectIdleAfter(door, 40000);
  });

  it("sends its CANCEL as soon as one is free", () => {
    const { door, call } = callingTo(anna, []);
    door.deliver(call.answer("180 Ringing", ""), anna);
    const taken = takeTransactions(door);
    hangUpHere(door);
    door.advance(2500);
    door.expectSilence();
    giveTransactionsBack(door, taken);
    door.advanceToMessage(1000);
    door.deliver(call.respond(door.expect("CANCEL"), "200 OK", [], ""), anna);
    door.deliver(call.respond(call.invite, "487 Request Terminated", [], ""), anna);
    door.expect("ACK");
    expectIdleAfter(door, 40000);
  });

  it("sends its PRACK when the response comes again", () => {
    const { door, call } = callingTo(anna, []);
    const headers = [`Contact: ${anna.contact}`, "Require: 100rel", "RSeq: 5"];
    const ringing = call.respond(call.invite, "183 Session Progress", headers, anna.description([]));
    const taken = takeTransactions(door);
    door.deliver(ringing, anna);
    door.expectSilence();
    giveTransactionsBack(door, taken);
    door.deliver(ringing, anna);
    door.deliver(call.respond(door.expect("PRACK"), "200 OK", [], ""), anna);
    door.deliver(ringing, anna);
    door.expectSilence();
    door.deliver(call.answer("200 OK", ""), anna);
    door.expect("ACK");
    expectTalking(door);
  });
});
