// The proxy with phones that the test plays: what goes on, what comes back, and what is refused (RFC 3261 16).

import assert from "node:assert/strict";
import { SeededRandom } from "../../../hal/node/random";
import { ANNA, Bed, INDOOR, type Phone, SWITCHBOARD, valueOf, valuesOf } from "./bed";
import { authorize } from "./digest";

const TARGET = `sip:indoor@${SWITCHBOARD}`;
const OFFER = "v=0\r\n";

describe("simulator/switchboard/proxy", () => {
  let bed: Bed;
  let caller: Phone;
  let called: Phone;

  /** A caller of another domain, who needs no credentials, and a phone of the user "indoor". */
  function begin(options = {}): void {
    bed = new Bed(options);
    caller = bed.phone("visitor");
    called = bed.phone(INDOOR.name);
    called.join(INDOOR.password);
  }

  const FROM = "From: <sip:visitor@example.org>;tag=v";

  /** Sends the INVITE; what came of it is at `called`. */
  function invite(lines: string[] = []): void {
    caller.send(caller.request("INVITE", TARGET, [FROM, `Contact: <${caller.uri}>`, ...lines], OFFER));
  }

  /** Sends a CANCEL or ACK of the INVITE. */
  function sendFor(method: string): void {
    const request = caller.request(method, TARGET, [FROM]);
    caller.send(request.replace(/branch=[^;]*/, "branch=z9hG4bK-visitor-1").replace(/CSeq: \d+/, "CSeq: 1"));
  }

  beforeEach(() => begin());

  it("sends an INVITE on to the contact, with its own Via and Record-Route, one hop less, and the body as it was", () => {
    invite(["X-Own: kept", "Max-Forwards: 20"]);
    const request = called.last;
    assert.equal(request.start, `INVITE ${called.uri} SIP/2.0`);
    const vias = valuesOf(request, "Via");
    assert.equal(vias.length, 2);
    assert.match(vias[0], new RegExp(`^SIP/2\\.0/UDP ${SWITCHBOARD}:5060;branch=z9hG4bK[0-9a-f]{16};rport$`));
    assert.ok(vias[1].includes(`rport=5060`) && vias[1].includes(`received=${caller.address}`), vias[1]);
    assert.deepEqual(valuesOf(request, "Record-Route"), [`<sip:${SWITCHBOARD}:5060;lr>`]);
    assert.deepEqual(valuesOf(request, "Max-Forwards"), ["19"]);
    assert.equal(valueOf(request, "X-Own"), "kept");
    assert.equal(request.body, OFFER);
  });

  it("sends a retransmitted INVITE on once only, and answers 100 by itself", () => {
    const text = caller.request("INVITE", TARGET, [FROM], OFFER);
    caller.send(text);
    bed.clock.runFor(200);
    caller.send(text);
    assert.equal(called.starts().filter((start) => start.startsWith("INVITE")).length, 1);
    assert.deepEqual(caller.starts(), ["SIP/2.0 100 Trying", "SIP/2.0 100 Trying"]);
  });

  it("brings responses back without its own Via, but no 100", () => {
    invite();
    called.respond("INVITE", "100 Trying");
    assert.deepEqual(caller.starts(), []);
    called.respond("INVITE", "180 In der Küche", ["X-Own: kept"]);
    assert.equal(caller.last.start, "SIP/2.0 180 In der Küche");
    assert.equal(valuesOf(caller.last, "Via").length, 1);
    assert.equal(valueOf(caller.last, "X-Own"), "kept");
    called.respond("INVITE", "200 OK", [], OFFER);
    assert.equal(caller.last.start, "SIP/2.0 200 OK");
    assert.equal(caller.last.body, OFFER);
    called.respond("INVITE", "200 OK", [], OFFER);
    assert.deepEqual(caller.starts().slice(1), ["SIP/2.0 200 OK", "SIP/2.0 200 OK"]);
  });

  it("sends the ACK for a 2xx and requests of the dialog on by their Route, the ACK always with the same branch", () => {
    invite();
    called.respond("INVITE", "200 OK");
    const tag = /tag=(.*)/.exec(valueOf(caller.last, "To"))?.[1];
    const dialog = [FROM, `To: <${TARGET}>;tag=${tag}`, `Route: <sip:${SWITCHBOARD}:5060;lr>`];
    const text = caller.request("ACK", called.uri, dialog);
    caller.send(text);
    caller.send(text);
    const [first, second] = called.received.slice(-2);
    assert.equal(first.start, `ACK ${called.uri} SIP/2.0`);
    assert.deepEqual(valuesOf(first, "Route"), []);
    assert.equal(first.text, second.text);
    caller.send(caller.request("BYE", called.uri, dialog));
    assert.equal(called.last.start, `BYE ${called.uri} SIP/2.0`);
    assert.deepEqual(valuesOf(called.last, "Record-Route"), []);
    called.respond("BYE", "200 OK");
    assert.match(valueOf(caller.last, "CSeq"), /BYE/);
  });

  it("serves a strict router before it and one behind it", () => {
    const route = `<sip:${SWITCHBOARD}:5060;lr>`;
    const dialog = [FROM, "To: <sip:x@example.org>;tag=1"];
    caller.send(caller.request("BYE", route.slice(1, -1), [...dialog, `Route: <${called.uri}>`]));
    assert.equal(called.last.start, `BYE ${called.uri} SIP/2.0`);
    assert.deepEqual(valuesOf(called.last, "Route"), []);
    const strict = `<sip:${called.address}>`;
    caller.send(caller.request("BYE", "sip:x@203.0.113.9", [...dialog, `Route: ${route}, ${strict}`]));
    assert.equal(called.last.start, `BYE sip:${called.address} SIP/2.0`);
    assert.deepEqual(valuesOf(called.last, "Route"), ["<sip:x@203.0.113.9>"]);
  });

  it("asks its own users who call for credentials, takes them off the request, and takes no other user's", () => {
    const anna = bed.phone(ANNA.name);
    const challenged = anna.send(anna.request("INVITE", TARGET, [`Contact: <${anna.uri}>`], OFFER));
    assert.equal(challenged.start, "SIP/2.0 407 Proxy Authentication Required");
    const call = (user: { name: string; password: string }, count: number): string => {
      const challenges = valuesOf(challenged, "Proxy-Authenticate");
      const answer = authorize(challenges, "SHA-256", user, "INVITE", TARGET, count);
      const lines = [`Proxy-Authorization: ${answer}`, 'Proxy-Authorization: Digest realm="next"'];
      anna.send(anna.request("INVITE", TARGET, lines, OFFER));
      return anna.last.start;
    };
    assert.equal(call(INDOOR, 1), "SIP/2.0 403 Forbidden");
    assert.equal(call({ ...ANNA, password: "guessed" }, 2), "SIP/2.0 407 Proxy Authentication Required");
    assert.deepEqual(
      called.starts().filter((start) => start.startsWith("INVITE")),
      [],
    );
    call(ANNA, 3);
    assert.ok(called.last.start.startsWith("INVITE"));
    assert.deepEqual(valuesOf(called.last, "Proxy-Authorization"), ['Digest realm="next"']);
  });

  it("lets own users call without credentials when it is told to", () => {
    begin({ authenticatesCalls: false });
    const anna = bed.phone(ANNA.name);
    anna.send(anna.request("INVITE", TARGET, [], OFFER));
    assert.ok(called.last.start.startsWith("INVITE"));
  });

  it("refuses what it cannot send on with the response that says why", () => {
    const cases: [string, string, string[]][] = [
      ["404 Not Found", `sip:nobody@${SWITCHBOARD}`, []],
      ["480 Temporarily Unavailable", `sip:anna@${SWITCHBOARD}`, []],
      ["483 Too Many Hops", TARGET, ["Max-Forwards: 0"]],
      ["416 Unsupported URI Scheme", "tel:+3245", []],
      ["416 Unsupported URI Scheme", `sips:indoor@${SWITCHBOARD}`, []],
      ["420 Bad Extension", TARGET, ["Proxy-Require: foo"]],
      ["403 Forbidden", "sip:x@203.0.113.9", []],
      ["404 Not Found", `sip:${SWITCHBOARD}`, []],
    ];
    const before = called.received.length;
    for (const [status, uri, lines] of cases) {
      const response = caller.send(caller.request("MESSAGE", uri, [FROM, ...lines]));
      assert.equal(response.start, `SIP/2.0 ${status}`, uri);
    }
    assert.equal(valueOf(caller.received[5], "Unsupported"), "foo");
    assert.equal(called.received.length, before);
    assert.equal(caller.send(caller.request("OPTIONS", `sip:${SWITCHBOARD}`, [FROM])).start, "SIP/2.0 200 OK");
  });

  it("rings all phones of a user, takes the first that answers and cancels the others", () => {
    const second = bed.phone(INDOOR.name);
    const third = bed.phone(INDOOR.name);
    for (const phone of [second, third]) {
      phone.join(INDOOR.password);
    }
    invite();
    for (const phone of [called, second, third]) {
      assert.equal(phone.last.start, `INVITE ${phone.uri} SIP/2.0`);
      phone.respond("INVITE", "180 Ringing");
    }
    third.respond("INVITE", "486 Busy Here");
    assert.equal(third.last.start, `ACK ${third.uri} SIP/2.0`);
    second.respond("INVITE", "200 OK");
    assert.equal(called.last.start, `CANCEL ${called.uri} SIP/2.0`);
    called.respond("CANCEL", "200 OK");
    called.respond("INVITE", "487 Request Terminated");
    assert.deepEqual(caller.starts(), [
      "SIP/2.0 180 Ringing",
      "SIP/2.0 180 Ringing",
      "SIP/2.0 180 Ringing",
      "SIP/2.0 200 OK",
    ]);
  });

  it("brings a second 2xx of another phone back as well", () => {
    const second = bed.phone(INDOOR.name);
    second.join(INDOOR.password);
    invite();
    called.respond("INVITE", "200 OK");
    second.respond("INVITE", "200 OK");
    assert.deepEqual(caller.starts(), ["SIP/2.0 200 OK", "SIP/2.0 200 OK"]);
    assert.notEqual(valueOf(caller.received[0], "To"), valueOf(caller.received[1], "To"));
  });

  it("waits for all refusals and brings the best one back", () => {
    const cases: [string[], string][] = [
      [["603 Decline", "404 Not Found"], "603 Decline"],
      [["503 Service Unavailable", "404 Not Found"], "404 Not Found"],
      [["486 Busy Here", "415 Unsupported Media Type"], "415 Unsupported Media Type"],
      [["302 Moved", "404 Not Found"], "302 Moved"],
      [["503 Service Unavailable", "503 Full"], "500 Server Internal Error"],
    ];
    for (const [refusals, best] of cases) {
      begin();
      const second = bed.phone(INDOOR.name);
      second.join(INDOOR.password);
      invite();
      called.respond("INVITE", refusals[0]);
      assert.deepEqual(caller.starts(), []);
      second.respond("INVITE", refusals[1]);
      assert.deepEqual(caller.starts(), [`SIP/2.0 ${best}`]);
    }
  });

  it("brings a 6xx back at once for all, cancelling the other phones", () => {
    const second = bed.phone(INDOOR.name);
    second.join(INDOOR.password);
    invite();
    second.respond("INVITE", "180 Ringing");
    called.respond("INVITE", "603 Decline");
    assert.equal(second.last.start, `CANCEL ${second.uri} SIP/2.0`);
    second.respond("INVITE", "487 Request Terminated");
    assert.equal(caller.last.start, "SIP/2.0 603 Decline");
  });

  it("adds the challenges of all phones to one response", () => {
    const second = bed.phone(INDOOR.name);
    second.join(INDOOR.password);
    invite();
    called.respond("INVITE", "401 Unauthorized", ['WWW-Authenticate: Digest realm="one", nonce="1"']);
    second.respond("INVITE", "407 Proxy Authentication Required", [
      'Proxy-Authenticate: Digest realm="two", nonce="2"',
    ]);
    assert.match(caller.last.start, /^SIP\/2.0 40[17] /);
    assert.equal(valueOf(caller.last, "WWW-Authenticate"), 'Digest realm="one", nonce="1"');
    assert.equal(valueOf(caller.last, "Proxy-Authenticate"), 'Digest realm="two", nonce="2"');
  });

  it("passes CANCEL on once the phone has been heard, and brings its 487 back", () => {
    invite();
    sendFor("CANCEL");
    assert.equal(caller.last.start, "SIP/2.0 200 OK");
    assert.ok(called.last.start.startsWith("INVITE"), "nothing was heard yet");
    called.respond("INVITE", "180 Ringing");
    assert.equal(called.last.start, `CANCEL ${called.uri} SIP/2.0`);
    assert.equal(valueOf(called.last, "Via"), valueOf(called.received[called.received.length - 2], "Via"));
    called.respond("CANCEL", "200 OK");
    called.respond("INVITE", "487 Request Terminated");
    assert.equal(caller.last.start, "SIP/2.0 487 Request Terminated");
  });

  it("answers a CANCEL of no INVITE with 481", () => {
    sendFor("CANCEL");
    assert.equal(caller.last.start, "SIP/2.0 481 Call/Transaction Does Not Exist");
  });

  it("answers 408 for a phone that is silent, and forgets a request other than INVITE without a word (RFC 4320)", () => {
    invite();
    bed.clock.runFor(32_500);
    assert.equal(caller.last.start, "SIP/2.0 408 Request Timeout");
    sendFor("ACK");
    const before = caller.received.length;
    caller.send(caller.request("MESSAGE", TARGET, [FROM]));
    assert.equal(called.last.start, `MESSAGE ${called.uri} SIP/2.0`);
    bed.clock.runFor(40_000);
    assert.deepEqual(caller.starts(before), []);
    assert.equal(bed.pending, 0);
  });

  it("cancels a phone that rings for more than three minutes without a word, and answers 487 itself (Timer C)", () => {
    invite();
    called.respond("INVITE", "180 Ringing");
    bed.clock.runFor(180_000);
    assert.ok(called.last.start.startsWith("INVITE"));
    bed.clock.runFor(2000);
    assert.ok(called.last.start.startsWith("CANCEL"));
    bed.clock.runFor(33_000);
    const { start, headers } = caller.last;
    assert.equal(start, "SIP/2.0 487 Request Terminated");
    assert.deepEqual([...headers.keys()], ["via", "from", "to", "call-id", "cseq", "content-length"]);
    assert.deepEqual(valuesOf(caller.last, "Via").length, 1);
    assert.equal(valueOf(caller.last, "From"), FROM.slice(6));
  });

  it("drops a response with no Via but its own", () => {
    invite();
    const vias = valuesOf(called.last, "Via");
    called.received.push({ ...called.last, headers: new Map([...called.last.headers, ["via", vias.slice(0, 1)]]) });
    called.respond("INVITE", "180 Ringing");
    assert.deepEqual(caller.starts(), []);
  });

  it("survives every truncation of a request and thousands of changed octets, and goes on serving", () => {
    const random = new SeededRandom(5);
    const route = `Route: <sip:${SWITCHBOARD}:5060;lr>, <sip:next@192.0.2.77;lr>`;
    const texts = [
      caller.request("INVITE", TARGET, [FROM, route, `Contact: <${caller.uri}>;expires=5`, "Max-Forwards: 5"], OFFER),
      caller.request("REGISTER", `sip:${SWITCHBOARD}`, ["Contact: <sip:a@b>;expires=60, *", "Expires: 60"]),
      caller.request("ACK", TARGET, [FROM, route, "To: <sip:x@192.0.2.1>;tag=1"]),
    ];
    for (const text of texts) {
      for (let end = 0; end < text.length; end += 1) {
        caller.send(text.slice(0, end));
        const letters = [...text];
        letters[random.next() % letters.length] = String.fromCharCode(random.next() % 256);
        letters[random.next() % letters.length] = String.fromCharCode(random.next() % 256);
        caller.send(letters.join(""));
      }
    }
    bed.clock.runFor(240_000);
    assert.equal(bed.pending, 0);
    called.join(INDOOR.password);
    assert.equal(called.last.start, "SIP/2.0 200 OK");
    const before = called.received.length;
    caller.send(caller.request("MESSAGE", TARGET, [FROM]));
    assert.equal(called.received.length, before + 1);
  }).timeout(60_000);

  it("has nothing left of any call after a minute", () => {
    invite();
    called.respond("INVITE", "486 Busy Here");
    bed.clock.runFor(70_000);
    assert.equal(bed.pending, 0);
  });
});
