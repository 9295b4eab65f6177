// Registration (RFC 3261 10.2), seen from the wire, over hours of a clock that the test moves: a registrar that a test plays
// grants, challenges, refuses, and is away.

import { isStopped, stopDevice } from "../../firmware/main";
import { RegistrationState } from "../../firmware/sip/registration";
import { describe, equal, isTrue, it, itSlow } from "../harness";
import { challengeOf, expectDigest } from "../rig/digest";
import { Door } from "../rig/door";
import { changed, hasHeaderField, headerOf, kindOf, parameterOf, startLine, textBetween } from "../rig/message-text";
import { Peer, responseOf } from "../rig/peer";

const ACCOUNT = ["account.registrar = 192.0.2.50", "account.password = open sesame", "account.expires = 600"];
const CONTACT = "Contact: <sip:door@192.0.2.4:5060>";

const registrar = new Peer("registrar", 50, 5060);

function respond(door: Door, request: string, status: string, headers: string[]): void {
  door.deliver(responseOf(request, status, "reg", headers, ""), registrar);
}

function stateOf(door: Door): RegistrationState {
  return door.device.registration.state;
}

function sequenceOf(message: string): number {
  return Number(textBetween(` ${headerOf(message, "CSeq")}`, " ", " "));
}

/** A station that the registrar has granted its first registration. */
function registered(settings: string[], headers: string[]): { door: Door; first: string } {
  const door = new Door(settings);
  const first = door.expect("REGISTER");
  respond(door, first, "200 OK", headers);
  equal(stateOf(door), RegistrationState.REGISTERED, "state after 200");
  return { door, first };
}

describe("REGISTER", () => {
  it("goes to the registrar at boot with all that 10.2 asks for", () => {
    const door = new Door(ACCOUNT);
    const datagram = door.wire.nextDatagram();
    const request = datagram.text;
    equal(`${datagram.host}:${datagram.port}`, "50:5060", "destination");
    equal(startLine(request), "REGISTER sip:192.0.2.50 SIP/2.0", "request line");
    equal(headerOf(request, "To"), "<sip:door@192.0.2.50>", "To");
    equal(headerOf(request, "From").indexOf("<sip:door@192.0.2.50>;tag="), 0, "From");
    equal(headerOf(request, "Contact"), "<sip:door@192.0.2.4:5060>", "Contact");
    equal(headerOf(request, "Expires"), "600", "Expires");
    isTrue(!hasHeaderField(request, "Authorization"), "it has no answer to no challenge");
    equal(stateOf(door), RegistrationState.REGISTERING, "state");
  });

  it("is not sent without a registrar in the settings", () => {
    const door = new Door([]);
    door.advance(120000);
    door.expectSilence();
    equal(stateOf(door), RegistrationState.OFF, "state");
  });

  it("takes the way over the outbound proxy, named in Route", () => {
    const door = new Door([...ACCOUNT, "account.outbound-proxy = 192.0.2.60"]);
    const datagram = door.wire.nextDatagram();
    equal(datagram.host, 60, "destination");
    equal(headerOf(datagram.text, "Route"), "<sip:192.0.2.60;lr>", "Route");
    equal(startLine(datagram.text), "REGISTER sip:192.0.2.50 SIP/2.0", "request line");
  });
});

describe("a registration", () => {
  it("is refreshed with the same Call-ID and From tag and the next CSeq (10.2.4)", () => {
    const { door, first } = registered(ACCOUNT, [`${CONTACT};expires=100`]);
    door.advanceToMessage(100000);
    const second = door.expect("REGISTER");
    equal(headerOf(second, "Call-ID"), headerOf(first, "Call-ID"), "Call-ID");
    equal(headerOf(second, "From"), headerOf(first, "From"), "From");
    equal(sequenceOf(second), sequenceOf(first) + 1, "CSeq");
    equal(stateOf(door), RegistrationState.REGISTERED, "state while it is refreshed");
  });

  interface Grant {
    what: string;
    headers: string[];
    /** When the refresh is due, seconds: within the last of these seconds. */
    refresh: number;
  }
  const grants: Grant[] = [
    { what: "the expires parameter of its Contact", headers: [`${CONTACT};expires=1000`, "Expires: 50"], refresh: 900 },
    { what: "Expires when its Contact has no parameter", headers: [CONTACT, "Expires: 200"], refresh: 180 },
    { what: "what it asked for when nothing is said", headers: [CONTACT], refresh: 540 },
    { what: "what it asked for when what is said is no number", headers: [`${CONTACT};expires=soon`], refresh: 540 },
    { what: "half of it when it is granted little", headers: [`${CONTACT};expires=20`], refresh: 10 },
    {
      what: "its own Contact among others",
      headers: ["Contact: <sip:door@192.0.2.99>;expires=60", `${CONTACT};q=0.5;expires=300`],
      refresh: 270,
    },
    {
      what: "its own Contact among others in one header field",
      headers: [`Contact: "Old, one" <sip:door@192.0.2.99>;expires=60, <sip:door@192.0.2.4:5060>;expires=300`],
      refresh: 270,
    },
  ];
  for (let index = 0; index < grants.length; index += 1) {
    const grant = grants[index];
    it(`is refreshed in time by ${grant.what} (10.2.4, 10.3)`, () => {
      const { door } = registered(ACCOUNT, grant.headers);
      const after = door.advanceToMessage(2000000);
      door.expect("REGISTER");
      isTrue(after > 1000 * (grant.refresh - 1) && after <= 1000 * grant.refresh, `refreshed after ${after} ms`);
    });
  }

  it("that is granted for no time at all is asked for again with pauses, not in a loop", () => {
    const door = new Door(ACCOUNT);
    for (let count = 0; count < 4; count += 1) {
      respond(door, door.expect("REGISTER"), "200 OK", [`${CONTACT};expires=0`]);
      const pause = door.advanceToMessage(100000);
      isTrue(pause >= 500, `the pause before the next is ${pause} ms`);
    }
  });

  it("is not refreshed in a loop when it is granted for a second", () => {
    const { door } = registered(ACCOUNT, [`${CONTACT};expires=1`]);
    isTrue(door.advanceToMessage(100000) >= 500, "there is a pause");
  });

  it("answers 401 and 407 with the password, and from then on without being asked (22.2)", () => {
    const statuses = ["401 Unauthorized", "407 Proxy Authentication Required"];
    const challenges = ["WWW-Authenticate", "Proxy-Authenticate"];
    const answers = ["Authorization", "Proxy-Authorization"];
    for (let index = 0; index < 2; index += 1) {
      const door = new Door(ACCOUNT);
      const first = door.expect("REGISTER");
      respond(door, first, statuses[index], [`${challenges[index]}: ${challengeOf("pbx", "n1", "MD5")}`]);
      const second = door.expect("REGISTER");
      expectDigest(second, answers[index], "door", "open sesame", "pbx", "n1", "00000001");
      equal(sequenceOf(second), sequenceOf(first) + 1, "CSeq");
      equal(headerOf(second, "Call-ID"), headerOf(first, "Call-ID"), "Call-ID");
      respond(door, second, "200 OK", [`${CONTACT};expires=60`]);
      equal(stateOf(door), RegistrationState.REGISTERED, "state");
      door.advanceToMessage(60000);
      expectDigest(door.expect("REGISTER"), answers[index], "door", "open sesame", "pbx", "n1", "00000002");
    }
  });

  it("takes a new nonce when the old one has become stale (RFC 7616 3.3)", () => {
    const door = new Door(ACCOUNT);
    respond(door, door.expect("REGISTER"), "401 Unauthorized", [
      `WWW-Authenticate: ${challengeOf("pbx", "n1", "MD5")}`,
    ]);
    respond(door, door.expect("REGISTER"), "200 OK", [`${CONTACT};expires=60`]);
    door.advanceToMessage(60000);
    const stale = [`WWW-Authenticate: ${challengeOf("pbx", "n2", "MD5")}, stale=true`];
    respond(door, door.expect("REGISTER"), "401 Unauthorized", stale);
    expectDigest(door.expect("REGISTER"), "Authorization", "door", "open sesame", "pbx", "n2", "00000001");
  });

  it("belongs to the realm of the first challenge: another realm gets no answer afterwards", () => {
    const door = new Door(ACCOUNT);
    respond(door, door.expect("REGISTER"), "401 Unauthorized", [
      `WWW-Authenticate: ${challengeOf("pbx", "n1", "MD5")}`,
    ]);
    respond(door, door.expect("REGISTER"), "200 OK", [`${CONTACT};expires=60`]);
    door.advanceToMessage(60000);
    const foreign = [`WWW-Authenticate: ${challengeOf("thief", "n2", "MD5")}`];
    respond(door, door.expect("REGISTER"), "401 Unauthorized", foreign);
    door.expectSilence();
    equal(stateOf(door), RegistrationState.WAITING, "state");
  });

  it("offers a wrong password once, and then again only after a pause", () => {
    const door = new Door(ACCOUNT);
    const challenge = [`WWW-Authenticate: ${challengeOf("pbx", "n1", "MD5")}`];
    respond(door, door.expect("REGISTER"), "401 Unauthorized", challenge);
    respond(door, door.expect("REGISTER"), "401 Unauthorized", challenge);
    door.expectSilence();
    equal(stateOf(door), RegistrationState.WAITING, "state");
    isTrue(door.advanceToMessage(60000) >= 1000, "there is a pause");
    isTrue(!hasHeaderField(door.expect("REGISTER"), "Authorization"), "the next try begins without an answer");
  });

  it("asks for longer when 423 says so, and keeps to it (10.2.8)", () => {
    const door = new Door(["account.registrar = 192.0.2.50", "account.expires = 60"]);
    respond(door, door.expect("REGISTER"), "423 Interval Too Brief", ["Min-Expires: 900"]);
    const second = door.expect("REGISTER");
    equal(headerOf(second, "Expires"), "900", "Expires");
    respond(door, second, "200 OK", [`${CONTACT};expires=900`]);
    door.advanceToMessage(1000000);
    equal(headerOf(door.expect("REGISTER"), "Expires"), "900", "Expires of the refresh");
  });

  it("waits when 423 asks for nothing, for less, or for more than an hour", () => {
    const headers = [["X-Nothing: 1"], ["Min-Expires: 60"], ["Min-Expires: 3601"], ["Min-Expires: many"]];
    for (let index = 0; index < headers.length; index += 1) {
      const door = new Door(ACCOUNT);
      respond(door, door.expect("REGISTER"), "423 Interval Too Brief", headers[index]);
      door.expectSilence();
      equal(stateOf(door), RegistrationState.WAITING, "state");
    }
  });
});

describe("a registrar that is away", () => {
  itSlow("is tried again with pauses that double with jitter up to a minute, and found when it comes back", () => {
    const door = new Door(ACCOUNT);
    door.expect("REGISTER");
    let limit = 2000;
    for (let failure = 0; failure < 8; failure += 1) {
      door.advance(32000);
      door.wire.forget();
      equal(stateOf(door), RegistrationState.WAITING, "state");
      const pause = door.advanceToMessage(100000);
      isTrue(pause >= limit >> 1 && pause <= limit, `pause ${failure} is ${pause} ms, at most ${limit}`);
      door.expect("REGISTER");
      limit = limit >= 30000 ? 60000 : 2 * limit;
      if (failure < 7) {
        door.advance(1);
      }
    }
    door.advance(500);
    respond(door, door.expect("REGISTER"), "200 OK", [`${CONTACT};expires=600`]);
    equal(stateOf(door), RegistrationState.REGISTERED, "state when it is back");
  });

  itSlow("is tried at other times by another device: the jitter is of its own random source", () => {
    const pauses: number[] = [];
    const door = new Door(ACCOUNT);
    for (let count = 0; count < 6; count += 1) {
      respond(door, door.expect("REGISTER"), "500 Server Error", []);
      pauses.push(door.advanceToMessage(100000));
      respond(door, door.expect("REGISTER"), "200 OK", [`${CONTACT};expires=20`]);
      door.advanceToMessage(100000);
    }
    let different = 0;
    for (let index = 1; index < pauses.length; index += 1) {
      different += pauses[index] !== pauses[0] ? 1 : 0;
    }
    isTrue(different >= 4, `pauses ${pauses.join(" ")}`);
  });

  it("is given the pause that Retry-After asks for, up to ten minutes (20.33)", () => {
    const asked = [120, 100000];
    const given = [120, 600];
    for (let index = 0; index < asked.length; index += 1) {
      const door = new Door(ACCOUNT);
      respond(door, door.expect("REGISTER"), "503 Service Unavailable", [`Retry-After: ${asked[index]}`]);
      const pause = door.advanceToMessage(1000000);
      isTrue(pause >= 1000 * given[index] && pause <= 1000 * given[index], `the pause is ${pause} ms`);
    }
  });

  it("has its late answers ignored once it is given up", () => {
    const door = new Door(ACCOUNT);
    const first = door.expect("REGISTER");
    door.advance(32000);
    door.wire.forget();
    respond(door, first, "200 OK", [`${CONTACT};expires=600`]);
    equal(stateOf(door), RegistrationState.WAITING, "state");
    equal(door.device.transactions.counters.strayResponses, 1, "stray responses");
  });

  itSlow("costs no records, however long it is away", () => {
    const door = new Door(ACCOUNT);
    for (let hour = 0; hour < 3; hour += 1) {
      door.advance(3600000);
      door.wire.forget();
      isTrue(door.recordsInUse() <= 1, `${door.recordsInUse()} records in use`);
    }
  });
});

describe("the end of a registration", () => {
  it("takes the binding back with Expires 0 and waits for the answer (10.2.2)", () => {
    const { door } = registered(ACCOUNT, [`${CONTACT};expires=600`]);
    stopDevice(door.device);
    door.poll();
    const request = door.expect("REGISTER");
    equal(headerOf(request, "Expires"), "0", "Expires");
    equal(headerOf(request, "Contact"), "<sip:door@192.0.2.4:5060>", "Contact");
    isTrue(!isStopped(door.device), "it is not over before the answer");
    respond(door, request, "200 OK", []);
    equal(stateOf(door), RegistrationState.OFF, "state");
    isTrue(isStopped(door.device), "it is over");
    door.advance(3600000);
    door.expectSilence();
    equal(door.recordsInUse(), 0, "records in use");
  });

  it("answers a challenge", () => {
    const { door } = registered(ACCOUNT, [`${CONTACT};expires=600`]);
    stopDevice(door.device);
    door.poll();
    const challenge = [`WWW-Authenticate: ${challengeOf("pbx", "n1", "MD5")}`];
    respond(door, door.expect("REGISTER"), "401 Unauthorized", challenge);
    const second = door.expect("REGISTER");
    expectDigest(second, "Authorization", "door", "open sesame", "pbx", "n1", "00000001");
    equal(headerOf(second, "Expires"), "0", "Expires");
    respond(door, second, "200 OK", []);
    equal(stateOf(door), RegistrationState.OFF, "state");
  });

  it("is over although the registrar does not answer, or refuses", () => {
    const { door } = registered(ACCOUNT, [`${CONTACT};expires=600`]);
    stopDevice(door.device);
    door.advance(32000);
    equal(stateOf(door), RegistrationState.OFF, "state without an answer");
    const other = registered(ACCOUNT, [`${CONTACT};expires=600`]).door;
    stopDevice(other.device);
    other.poll();
    respond(other, other.expect("REGISTER"), "500 Server Error", []);
    equal(stateOf(other), RegistrationState.OFF, "state after a refusal");
  });

  it("is over at once while there is no binding, and a late 200 changes nothing", () => {
    const door = new Door(ACCOUNT);
    const first = door.expect("REGISTER");
    stopDevice(door.device);
    door.poll();
    equal(stateOf(door), RegistrationState.OFF, "state");
    respond(door, first, "200 OK", [`${CONTACT};expires=600`]);
    equal(stateOf(door), RegistrationState.OFF, "state after the late 200");
    door.advance(3600000);
    equal(kindOf(changed(first, "x", "x")), "REGISTER", "there was one request");
    door.expectSilence();
  });

  it("while a refresh is out takes the answer to the refresh for late", () => {
    const { door } = registered(ACCOUNT, [`${CONTACT};expires=100`]);
    door.advanceToMessage(100000);
    const refresh = door.expect("REGISTER");
    stopDevice(door.device);
    door.poll();
    const last = door.expect("REGISTER");
    equal(parameterOf(headerOf(last, "From"), "tag"), parameterOf(headerOf(refresh, "From"), "tag"), "From tag");
    respond(door, refresh, "200 OK", [`${CONTACT};expires=100`]);
    equal(stateOf(door), RegistrationState.DEREGISTERING, "state after the late answer");
    respond(door, last, "200 OK", []);
    equal(stateOf(door), RegistrationState.OFF, "state");
  });
});
