// Registration (RFC 3261 10.2), seen from the wire, over hours of a clock that the test moves: a registrar that a test plays
// grants, challenges, refuses, and is away.

import { StationEvent } from "../../firmware/intercom/event-log";
import { isStopped, stopDevice } from "../../firmware/main";
import { doubtRegistration, PROOF_MS, RegistrationState } from "../../firmware/sip/registration";
import { describe, equal, isTrue, it, itSlow } from "../harness";
import { challengeOf, expectDigest } from "../rig/digest";
import { Door } from "../rig/door";
import {
  changed,
  hasHeaderField,
  headerOf,
  headersOf,
  kindOf,
  parameterOf,
  startLine,
  textBetween,
} from "../rig/message-text";
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
  it("and refuses is tried again with pauses that double with jitter up to a minute", () => {
    const door = new Door(ACCOUNT);
    let limit = 2000;
    for (let failure = 0; failure < 8; failure += 1) {
      respond(door, door.expect("REGISTER"), "500 Server Error", []);
      const pause = door.advanceToMessage(100000);
      isTrue(pause >= limit >> 1 && pause <= limit, `pause ${failure} is ${pause} ms, at most ${limit}`);
      limit = limit >= 30000 ? 60000 : 2 * limit;
    }
  });

  itSlow("is tried again with pauses that double with jitter up to eight seconds, and found when it comes back", () => {
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
      limit = limit === 8000 ? limit : 2 * limit;
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

/** What arrives at the registrar has come through a NAT: received and rport in the Via of the response (RFC 3581 4). */
function seenFrom(door: Door, request: string, host: string, port: number, headers: string[]): void {
  const response = responseOf(request, "200 OK", "reg", headers, "");
  door.deliver(changed(response, ";rport", `;received=${host};rport=${port}`), registrar);
}

describe("a registration through a NAT", () => {
  const outside = "<sip:door@203.0.113.7:40000>";

  it("is corrected at once to the address that the registrar saw, and the useless Contact taken back", () => {
    const door = new Door(ACCOUNT);
    seenFrom(door, door.expect("REGISTER"), "203.0.113.7", 40000, [`${CONTACT};expires=600`]);
    const second = door.expect("REGISTER");
    equal(headersOf(second, "Contact").join(" "), `${outside} <sip:door@192.0.2.4:5060>;expires=0`, "Contact");
    seenFrom(door, second, "203.0.113.7", 40000, [`Contact: ${outside};expires=600`]);
    door.expectSilence();
    equal(stateOf(door), RegistrationState.REGISTERED, "state");
    const pause = door.advanceToMessage(1000000);
    isTrue(pause > 539000 && pause <= 540000, `the refresh comes after ${pause} ms, by the corrected Contact's time`);
    equal(headersOf(door.expect("REGISTER"), "Contact").join(" "), outside, "Contact of the refresh");
  });

  it("is corrected once a refresh, so that a NAT with a new port for each message makes no loop", () => {
    const door = new Door(ACCOUNT);
    for (let round = 0; round < 3; round += 1) {
      for (let message = 0; message < 2; message += 1) {
        seenFrom(door, door.expect("REGISTER"), "203.0.113.7", 40000 + 10 * round + message, []);
      }
      door.expectSilence();
      isTrue(door.advanceToMessage(1000000) > 500000, "there is a pause");
    }
  });

  it("keeps its Contact when it is seen as it is, when nothing is said, and when what is said is no address", () => {
    const parameters = [";rport", ";received=192.0.2.4;rport=5060", ";received=here;rport=40000", ";rport=40000"];
    for (let index = 0; index < parameters.length; index += 1) {
      const door = new Door(ACCOUNT);
      const response = responseOf(door.expect("REGISTER"), "200 OK", "reg", [`${CONTACT};expires=600`], "");
      door.deliver(changed(response, ";rport", parameters[index]), registrar);
      door.expectSilence();
      equal(stateOf(door), RegistrationState.REGISTERED, "state");
    }
  });

  it("keeps the address that the settings advertise", () => {
    const door = new Door([...ACCOUNT, "network.advertised-address = 198.51.100.1"]);
    const first = door.expect("REGISTER");
    equal(headerOf(first, "Contact"), "<sip:door@198.51.100.1:5060>", "Contact");
    seenFrom(door, first, "203.0.113.7", 40000, []);
    door.expectSilence();
  });

  it("goes back to its own address when the NAT is gone", () => {
    const door = new Door(ACCOUNT);
    seenFrom(door, door.expect("REGISTER"), "203.0.113.7", 40000, []);
    seenFrom(door, door.expect("REGISTER"), "203.0.113.7", 40000, []);
    door.advanceToMessage(1000000);
    seenFrom(door, door.expect("REGISTER"), "192.0.2.4", 5060, []);
    const last = door.expect("REGISTER");
    equal(headersOf(last, "Contact").join(" "), `<sip:door@192.0.2.4:5060> ${outside};expires=0`, "Contact");
  });
});

describe("Service-Route (RFC 3608) and Path (RFC 3327)", () => {
  const button = ["button.1.call = sip:anna@192.0.2.50"];
  const routes = ["Service-Route: <sip:192.0.2.61;lr>, <sip:192.0.2.62;lr>", "Service-Route: <sip:192.0.2.63;lr>"];

  /** The Route of a call, without blanks behind commas. */
  function routeOfCall(door: Door): string {
    door.press(0);
    return headersOf(door.expect("INVITE"), "Route").join(",");
  }

  it("REGISTER says that it supports Path", () => {
    equal(headerOf(new Door(ACCOUNT).expect("REGISTER"), "Supported"), "path", "Supported");
  });

  it("calls of the account take the Service-Route, REGISTER does not", () => {
    const { door } = registered([...ACCOUNT, ...button], [`${CONTACT};expires=100`, ...routes]);
    door.advanceToMessage(100000);
    const refresh = door.wire.nextDatagram();
    equal(refresh.host, 50, "where REGISTER goes");
    isTrue(!hasHeaderField(refresh.text, "Route"), "REGISTER has no Route");
    respond(door, refresh.text, "200 OK", [`${CONTACT};expires=100`, ...routes]);
    equal(routeOfCall(door), "<sip:192.0.2.61;lr>,<sip:192.0.2.62;lr>,<sip:192.0.2.63;lr>", "Route");
  });

  it("stands behind the outbound proxy, which is not named twice", () => {
    const proxy = "account.outbound-proxy = 192.0.2.61";
    const { door } = registered([...ACCOUNT, ...button, proxy], [`${CONTACT};expires=100`, ...routes]);
    equal(routeOfCall(door), "<sip:192.0.2.61;lr>,<sip:192.0.2.62;lr>,<sip:192.0.2.63;lr>", "proxy in Service-Route");
    const other = "account.outbound-proxy = 192.0.2.60";
    const second = registered([...ACCOUNT, ...button, other], [`${CONTACT};expires=100`, routes[1]]).door;
    equal(routeOfCall(second), "<sip:192.0.2.60;lr>,<sip:192.0.2.63;lr>", "another proxy");
  });

  it("is forgotten when the next 200 has none, and left out when it is too long", () => {
    const { door } = registered([...ACCOUNT, ...button], [`${CONTACT};expires=100`, ...routes]);
    door.advanceToMessage(100000);
    respond(door, door.expect("REGISTER"), "200 OK", [`${CONTACT};expires=100`]);
    equal(routeOfCall(door), "", "Route");
    let long = "";
    for (let count = 0; count < 40; count += 1) {
      long = `${long}longlonglong.`;
    }
    const second = registered([...ACCOUNT, ...button], [`Service-Route: <sip:${long}example;lr>`]).door;
    equal(routeOfCall(second), "", "Route when it is too long");
    const half = registered([...ACCOUNT, ...button], [routes[1], `Service-Route: <sip:${long}example;lr>`]).door;
    equal(routeOfCall(half), "", "no half of a Route");
  });
});

describe("the way to the registrar", () => {
  const alive = "network.keep-alive = 20";

  it("is kept open over UDP by two line ends, at least every network.keep-alive seconds (RFC 5626 4.4.1)", () => {
    const { door } = registered([...ACCOUNT, alive], [`${CONTACT};expires=600`]);
    let signs = 0;
    while (signs < 5) {
      const pause = door.advanceToMessage(60000);
      isTrue(pause <= 20000, `after ${pause} ms`);
      const datagram = door.wire.nextDatagram();
      equal(datagram.host, 50, "where it goes");
      if (datagram.text === "\r\n\r\n") {
        isTrue(pause >= 16000, `after ${pause} ms`);
        signs += 1;
      } else {
        respond(door, datagram.text, "200 OK", [`${CONTACT};expires=600`]);
      }
    }
    equal(stateOf(door), RegistrationState.REGISTERED, "state");
  });

  it("is no longer kept open when the registration is taken back", () => {
    const { door } = registered([...ACCOUNT, alive], [`${CONTACT};expires=600`]);
    stopDevice(door.device);
    door.poll();
    respond(door, door.expect("REGISTER"), "200 OK", []);
    door.advance(100000);
    equal(door.wire.waiting(), 0, "datagrams");
  });

  it("is a connection whose end is answered by a REGISTER within half a second (RFC 5626 4.2.1)", () => {
    const door = new Door([...ACCOUNT, alive, "account.transport = tcp"]);
    const stream = door.tcp.last();
    const request = stream.take();
    equal(startLine(request), "REGISTER sip:192.0.2.50 SIP/2.0", "request over TCP");
    equal(headerOf(request, "Contact"), "<sip:door@192.0.2.4:5060;transport=tcp>", "Contact");
    stream.send(responseOf(request, "200 OK", "reg", [`${CONTACT};expires=600`], ""));
    door.advance(1000);
    equal(stateOf(door), RegistrationState.REGISTERED, "state");
    stream.ended = true;
    door.advance(1500);
    isTrue(door.tcp.last() !== stream, "a new connection");
    equal(startLine(door.tcp.last().take()), "REGISTER sip:192.0.2.50 SIP/2.0", "request over the new connection");
  });
});

describe("a registrar that ends each connection when it has answered", () => {
  it("is asked at once the first time, and every ten seconds from then on", () => {
    const door = new Door([...ACCOUNT, "network.keep-alive = 30", "account.transport = tcp"]);
    const times: number[] = [];
    while (door.clock.elapsed < 60000) {
      const stream = door.tcp.last();
      const request = stream.take();
      if (request !== "") {
        times.push(door.clock.elapsed);
        stream.send(responseOf(request, "200 OK", "reg", [`${CONTACT};expires=600`], ""));
        door.poll();
        stream.ended = true;
      }
      door.advance(10);
    }
    isTrue(times[1] - times[0] < 600, "the second at once");
    isTrue(times.length >= 6 && times.length <= 8, `${times.length} in a minute`);
    equal(stateOf(door), RegistrationState.REGISTERED, "state");
  });
});

describe("a registrar that may have forgotten us", () => {
  it("over UDP is asked anew at the second keep-alive, long before the binding ends: it does not say that it was restarted", () => {
    const { door } = registered([...ACCOUNT, "network.keep-alive = 25"], ["Expires: 600"]);
    const start = door.clock.elapsed;
    let text = "";
    while (kindOf(text) !== "REGISTER" && door.clock.elapsed - start < 100000) {
      door.advanceToMessage(100000);
      text = door.wire.next(); // the keep-alives before it are line ends
    }
    equal(door.clock.elapsed - start, 50000, "milliseconds until the next REGISTER");
  });

  it("is asked at once by REGISTER, at most every ten seconds", () => {
    const { door } = registered(ACCOUNT, [`${CONTACT};expires=600`]);
    doubtRegistration(door.device.userAgent.accounts[0]);
    door.poll();
    door.expectSilence();
    door.advance(PROOF_MS);
    doubtRegistration(door.device.userAgent.accounts[0]);
    doubtRegistration(door.device.userAgent.accounts[0]);
    door.poll();
    respond(door, door.expect("REGISTER"), "200 OK", [`${CONTACT};expires=600`]);
    door.expectSilence();
    equal(stateOf(door), RegistrationState.REGISTERED, "state");
    doubtRegistration(door.device.userAgent.accounts[0]);
    door.poll();
    door.expectSilence();
  });

  it("shows so when it refuses that REGISTER", () => {
    const { door } = registered(ACCOUNT, [`${CONTACT};expires=600`]);
    door.advance(PROOF_MS);
    doubtRegistration(door.device.userAgent.accounts[0]);
    door.poll();
    respond(door, door.expect("REGISTER"), "403 Forbidden", []);
    equal(stateOf(door), RegistrationState.WAITING, "state");
    isTrue(!door.device.userAgent.accounts[0].ready, "no call goes by it first");
  });
});

describe("the registrations of several accounts", () => {
  const TWO = [...ACCOUNT, "account.2.user = gate", "account.2.registrar = 192.0.2.51"];
  const second = new Peer("second", 51, 5060);

  /** The two first REGISTERs, by account. */
  function firstRequests(door: Door): string[] {
    const requests = ["", ""];
    door.advance(500);
    while (door.wire.waiting() > 0) {
      const datagram = door.wire.nextDatagram();
      requests[datagram.host - 50] = datagram.text;
    }
    return requests;
  }

  it("are each their own: user, registrar, Call-ID and state", () => {
    const door = new Door(TWO);
    const requests = firstRequests(door);
    equal(headerOf(requests[0], "To"), "<sip:door@192.0.2.50>", "To of the first");
    equal(headerOf(requests[1], "To"), "<sip:gate@192.0.2.51>", "To of the second");
    equal(headerOf(requests[1], "Contact"), "<sip:gate@192.0.2.4:5060>", "Contact of the second");
    isTrue(headerOf(requests[0], "Call-ID") !== headerOf(requests[1], "Call-ID"), "Call-ID");
    door.deliver(responseOf(requests[1], "200 OK", "reg", [], ""), second);
    equal(stateOf(door), RegistrationState.REGISTERING, "state of the first");
    equal(door.device.registrations[1].state, RegistrationState.REGISTERED, "state of the second");
    equal(door.device.registrations[2].state, RegistrationState.OFF, "state of the third");
    const events = door.log.last(StationEvent.REGISTRATION);
    equal(events.substring(0, 6), "10 200", "the event tells the account");
  });

  itSlow("hasten one another: when one registrar is back, the other is tried at once", () => {
    const door = new Door(TWO);
    door.advance(200000);
    door.wire.forget();
    let former = "";
    let states = "";
    // The other has just begun to wait, for four seconds at least.
    while (former !== "1 1" || states !== "1 3") {
      door.advance(10);
      former = states;
      states = `${door.device.registrations[0].state} ${door.device.registrations[1].state}`;
    }
    let request = "";
    while (door.wire.waiting() > 0) {
      const datagram = door.wire.nextDatagram();
      request = datagram.host === 50 ? datagram.text : request;
    }
    respond(door, request, "200 OK", [`${CONTACT};expires=600`]);
    door.advance(500);
    equal(door.device.registrations[1].state, RegistrationState.REGISTERING, "state of the other");
    equal(door.wire.nextDatagram().host, 51, "where its REGISTER went");
  });

  it("all end with the device", () => {
    const door = new Door(TWO);
    const requests = firstRequests(door);
    respond(door, requests[0], "200 OK", []);
    door.deliver(responseOf(requests[1], "200 OK", "reg", [], ""), second);
    stopDevice(door.device);
    door.poll();
    respond(door, door.expect("REGISTER"), "200 OK", []);
    isTrue(!isStopped(door.device), "it is not over after the first");
    door.deliver(responseOf(door.expect("REGISTER"), "200 OK", "reg", [], ""), second);
    isTrue(isStopped(door.device), "it is over");
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
