// The registrar, seen by a phone that the test plays: digest, intervals, bindings (RFC 3261 10.3, RFC 7616, RFC 8760).

import assert from "node:assert/strict";
import { HashAlgorithm } from "../../../firmware/crypto/hash";
import { ANNA, Bed, DOOR, type Phone, SWITCHBOARD, valueOf, valuesOf } from "./bed";
import { authorize, parameterOf } from "./digest";

const URI = `sip:${SWITCHBOARD}`;
const HERE = "Contact: <sip:anna@192.0.2.99:5060>";

/** `<uri>;expires=n` as pairs. */
function bindingsIn(values: string[]): [string, number][] {
  return values.map((value) => {
    const [, uri, seconds] = /^<(.*)>;expires=(\d+)$/.exec(value) as RegExpExecArray;
    return [uri, Number(seconds)];
  });
}

describe("simulator/switchboard/registrar", () => {
  let bed: Bed;
  let phone: Phone;

  function begin(options = {}): void {
    bed = new Bed(options);
    phone = bed.phone("anna", "192.0.2.99");
  }

  function bindings(): [string, number][] {
    return bindingsIn(valuesOf(phone.register(ANNA.password, []), "Contact"));
  }

  beforeEach(() => begin());

  it("challenges with SHA-256 first, then MD5, each with a nonce of its own and qop auth", () => {
    const response = phone.send(phone.request("REGISTER", URI, [HERE]));
    assert.equal(response.start, "SIP/2.0 401 Unauthorized");
    const challenges = valuesOf(response, "WWW-Authenticate");
    assert.deepEqual(
      challenges.map((challenge) => parameterOf(challenge, "algorithm")),
      ["SHA-256", "MD5"],
    );
    assert.deepEqual(
      challenges.map((challenge) => [parameterOf(challenge, "realm"), parameterOf(challenge, "qop")]),
      [
        ["doorline", "auth"],
        ["doorline", "auth"],
      ],
    );
    assert.notEqual(parameterOf(challenges[0], "nonce"), parameterOf(challenges[1], "nonce"));
    assert.ok(!response.text.includes("stale"));
  });

  for (const algorithm of ["MD5", "SHA-256"] as const) {
    it(`binds a contact with a digest of ${algorithm}`, () => {
      const response = phone.register(ANNA.password, [HERE, "Expires: 120"], algorithm);
      assert.equal(response.start, "SIP/2.0 200 OK");
      assert.deepEqual(bindingsIn(valuesOf(response, "Contact")), [["sip:anna@192.0.2.99:5060", 120]]);
    });
  }

  it("offers only the algorithms that it was told, and takes no other", () => {
    begin({ algorithms: [HashAlgorithm.SHA_256] });
    const challenged = phone.send(phone.request("REGISTER", URI, [HERE]));
    const challenges = valuesOf(challenged, "WWW-Authenticate");
    assert.equal(challenges.length, 1);
    const answer = authorize(
      challenges.map((challenge) => challenge.replace("SHA-256", "MD5")),
      "MD5",
      ANNA,
      "REGISTER",
      URI,
      1,
    );
    const refused = phone.send(phone.request("REGISTER", URI, [HERE, `Authorization: ${answer}`]));
    assert.equal(refused.start, "SIP/2.0 401 Unauthorized");
  });

  it("asks again, and not because of the nonce, for a wrong password and an unknown user", () => {
    const wrong = phone.register("guessed", [HERE]);
    const stranger = bed.phone("eve").register("guessed", ["Contact: <sip:eve@192.0.2.66>"]);
    for (const response of [wrong, stranger]) {
      assert.equal(response.start, "SIP/2.0 401 Unauthorized");
      assert.ok(!response.text.includes("stale"));
    }
    assert.deepEqual(bindings(), []);
  });

  it("asks again with stale for a nonce that is too old or that it never gave", () => {
    begin({ nonceLifetime: 60 });
    const challenged = phone.send(phone.request("REGISTER", URI, [HERE]));
    const challenges = valuesOf(challenged, "WWW-Authenticate");
    const foreign = challenges.map((challenge) => challenge.replace(/nonce="[0-9a-f]*"/, 'nonce="0123"'));
    const send = (from: string[], count: number): string => {
      const answer = authorize(from, "SHA-256", ANNA, "REGISTER", URI, count);
      const response = phone.send(phone.request("REGISTER", URI, [HERE, `Authorization: ${answer}`]));
      const isStale = valuesOf(response, "WWW-Authenticate").every((value) => parameterOf(value, "stale") === "true");
      return `${response.start.slice(8, 11)} ${response.start.includes("401") && isStale}`;
    };
    assert.equal(send(foreign, 1), "401 true");
    bed.clock.runFor(59_000);
    assert.equal(send(challenges, 1), "200 false");
    bed.clock.runFor(2000);
    assert.equal(send(challenges, 2), "401 true");
  });

  it("takes a nonce count once only", () => {
    const challenged = phone.send(phone.request("REGISTER", URI, [HERE]));
    const challenges = valuesOf(challenged, "WWW-Authenticate");
    const send = (count: number): string => {
      const answer = authorize(challenges, "SHA-256", ANNA, "REGISTER", URI, count);
      return phone.send(phone.request("REGISTER", URI, [HERE, `Authorization: ${answer}`])).start;
    };
    assert.equal(send(1), "SIP/2.0 200 OK");
    assert.equal(send(1), "SIP/2.0 401 Unauthorized");
    assert.equal(send(5), "SIP/2.0 200 OK");
    assert.equal(send(4), "SIP/2.0 401 Unauthorized");
  });

  it("takes no credentials that were made for another URI", () => {
    const challenged = phone.send(phone.request("REGISTER", URI, [HERE]));
    const challenges = valuesOf(challenged, "WWW-Authenticate");
    const answer = authorize(challenges, "SHA-256", ANNA, "REGISTER", "sip:elsewhere", 1);
    const response = phone.send(phone.request("REGISTER", URI, [HERE, `Authorization: ${answer}`]));
    assert.equal(response.start, "SIP/2.0 401 Unauthorized");
  });

  it("answers a retransmitted REGISTER with the same response", () => {
    const challenged = phone.send(phone.request("REGISTER", URI, [HERE]));
    const answer = authorize(valuesOf(challenged, "WWW-Authenticate"), "SHA-256", ANNA, "REGISTER", URI, 1);
    const request = phone.request("REGISTER", URI, [HERE, `Authorization: ${answer}`]);
    const first = phone.send(request).text;
    assert.equal(phone.send(request).text, first);
  });

  it("refuses an interval that is too brief with the least that it takes, and cuts one that is too long", () => {
    begin({ bindings: { shortest: 90, longest: 600, usual: 300 } });
    const brief = phone.register(ANNA.password, [HERE, "Expires: 89"]);
    assert.equal(brief.start, "SIP/2.0 423 Interval Too Brief");
    assert.equal(valueOf(brief, "Min-Expires"), "90");
    assert.deepEqual(bindings(), []);
    phone.register(ANNA.password, [HERE, "Expires: 90"]);
    assert.deepEqual(bindings(), [["sip:anna@192.0.2.99:5060", 90]]);
    phone.register(ANNA.password, [HERE, "Expires: 4294967295"]);
    assert.deepEqual(bindings(), [["sip:anna@192.0.2.99:5060", 600]]);
    phone.register(ANNA.password, [HERE]);
    assert.deepEqual(bindings(), [["sip:anna@192.0.2.99:5060", 300]]);
  });

  it("lets each contact say its own interval, and ends each binding at its time", () => {
    const contacts = "Contact: <sip:anna@192.0.2.98>;expires=60, <sip:anna@192.0.2.97:5062>;expires=120";
    phone.register(ANNA.password, [contacts, HERE, "Expires: 180"]);
    assert.deepEqual(
      bindings().sort(([, left], [, right]) => left - right),
      [
        ["sip:anna@192.0.2.98", 60],
        ["sip:anna@192.0.2.97:5062", 120],
        ["sip:anna@192.0.2.99:5060", 180],
      ],
    );
    bed.clock.runFor(61_000);
    assert.deepEqual(
      bindings().map(([uri]) => uri),
      ["sip:anna@192.0.2.99:5060", "sip:anna@192.0.2.97:5062"],
    );
    bed.clock.runFor(120_000);
    assert.deepEqual(bindings(), []);
  });

  it("takes one binding back with an interval of 0 and leaves the others", () => {
    phone.register(ANNA.password, [HERE, "Contact: <sip:anna@192.0.2.98>"]);
    // The same contact: the port is the usual one.
    phone.register(ANNA.password, ["Contact: <sip:anna@192.0.2.98:5060>;expires=0"]);
    assert.deepEqual(
      bindings().map(([uri]) => uri),
      ["sip:anna@192.0.2.99:5060"],
    );
  });

  it("takes all bindings back with a star and Expires 0, and refuses a star with anything else", () => {
    phone.register(ANNA.password, [HERE, "Contact: <sip:anna@192.0.2.98>"]);
    const refused = [["Contact: *"], ["Contact: *", "Expires: 60"], ["Contact: *", HERE, "Expires: 0"]];
    for (const lines of refused) {
      assert.equal(phone.register(ANNA.password, lines).start, "SIP/2.0 400 Bad Request");
    }
    assert.equal(bindings().length, 2);
    const response = phone.register(ANNA.password, ["Contact: *", "Expires: 0"]);
    assert.equal(response.start, "SIP/2.0 200 OK");
    assert.deepEqual(valuesOf(response, "Contact"), []);
  });

  it("changes nothing for a REGISTER that is older than the one that made the binding", () => {
    phone.register(ANNA.password, [HERE, "Expires: 600"]);
    const late = phone.register(ANNA.password, [HERE, "Expires: 0", "CSeq: 1 REGISTER"]);
    assert.equal(late.start, "SIP/2.0 500 Server Internal Error");
    assert.equal(bindings().length, 1);
    const other = phone.register(ANNA.password, [HERE, "Expires: 0", "CSeq: 1 REGISTER", "Call-ID: after-a-restart"]);
    assert.equal(other.start, "SIP/2.0 200 OK");
    assert.deepEqual(bindings(), []);
  });

  it("lets nobody bind contacts for another user, nor for one that there is not", () => {
    const taken = phone.register(ANNA.password, [HERE, `To: <sip:${DOOR.name}@${SWITCHBOARD}>`]);
    assert.equal(taken.start, "SIP/2.0 403 Forbidden");
    const unknown = phone.register(ANNA.password, [HERE, `To: <sip:nobody@${SWITCHBOARD}>`]);
    assert.equal(unknown.start, "SIP/2.0 404 Not Found");
    const elsewhere = phone.register(ANNA.password, [HERE, "To: <sip:anna@example.org>"]);
    assert.equal(elsewhere.start, "SIP/2.0 404 Not Found");
  });

  it("refuses extensions that it does not have, contacts that are none, and more bindings than there is room for", () => {
    const extended = phone.send(phone.request("REGISTER", URI, [HERE, "Require: gruu, path"]));
    assert.equal(extended.start, "SIP/2.0 420 Bad Extension");
    assert.equal(valueOf(extended, "Unsupported"), "gruu,path");
    assert.equal(phone.register(ANNA.password, ["Contact: <>"]).start, "SIP/2.0 400 Bad Request");
    assert.equal(phone.register(ANNA.password, ["Contact: <tel:+3245>"]).start, "SIP/2.0 400 Bad Request");
    const many = Array.from({ length: 9 }, (_, index) => `Contact: <sip:anna@192.0.2.${index + 100}>`);
    assert.equal(phone.register(ANNA.password, many).start, "SIP/2.0 503 Service Unavailable");
    assert.equal(phone.register(ANNA.password, many.slice(1)).start, "SIP/2.0 200 OK");
    assert.equal(bindings().length, 8);
  });
});
