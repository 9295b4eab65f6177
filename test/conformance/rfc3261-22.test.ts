// Digest authentication of a client (RFC 3261 22, RFC 7616, RFC 8760), seen by the registrar that challenges.

import { describe, equal, isTrue } from "../harness";
import { challengeOf, digestParameter, expectDigest } from "../rig/digest";
import { Door } from "../rig/door";
import { hasHeaderField, headerOf, textBetween } from "../rig/message-text";
import { Peer, responseOf } from "../rig/peer";
import { clause } from "./clause";

const ACCOUNT = ["account.registrar = 192.0.2.50", "account.password = open sesame", "account.realm = hall"];

const registrar = new Peer("registrar", 50, 5060);

interface Challenged {
  door: Door;
  first: string;
}

/** A station whose first REGISTER gets a 401 or 407 with those header fields. */
function challenge(status: string, headers: string[]): Challenged {
  const door = new Door(ACCOUNT);
  const first = door.expect("REGISTER");
  again(door, first, status, headers);
  return { door, first };
}

function again(door: Door, request: string, status: string, headers: string[]): void {
  door.deliver(responseOf(request, status, "reg", headers, ""), registrar);
}

/** Whether a challenge is answered at once. */
function isAnswered(headers: string[]): boolean {
  return challenge("401 Unauthorized", headers).door.wire.waiting() > 0;
}

function sequenceOf(message: string): number {
  return Number(textBetween(` ${headerOf(message, "CSeq")}`, " ", " "));
}

describe("the answer to a challenge", () => {
  clause(
    "RFC 3261 22.2",
    "401 is answered in Authorization, the request is the next of the same Call-ID and From",
    () => {
      const { door, first } = challenge("401 Unauthorized", [`WWW-Authenticate: ${challengeOf("hall", "n1", "MD5")}`]);
      const second = door.expect("REGISTER");
      expectDigest(second, "Authorization", "door", "open sesame", "hall", "n1", "00000001");
      equal(headerOf(second, "Call-ID"), headerOf(first, "Call-ID"), "Call-ID");
      equal(headerOf(second, "From"), headerOf(first, "From"), "From");
      equal(sequenceOf(second), sequenceOf(first) + 1, "CSeq");
      isTrue(headerOf(second, "Via") !== headerOf(first, "Via"), "branch");
    },
  );

  clause("RFC 3261 22.3", "407 is answered in Proxy-Authorization", () => {
    const { door } = challenge("407 Proxy", [`Proxy-Authenticate: ${challengeOf("hall", "n1", "MD5")}`]);
    expectDigest(door.expect("REGISTER"), "Proxy-Authorization", "door", "open sesame", "hall", "n1", "00000001");
  });

  clause("RFC 3261 22.3", "a proxy and the registrar are both answered when both ask, one after the other", () => {
    const { door } = challenge("407 Proxy", [`Proxy-Authenticate: ${challengeOf("hall", "p1", "MD5")}`]);
    again(door, door.expect("REGISTER"), "401 No", [`WWW-Authenticate: ${challengeOf("hall", "w1", "MD5")}`]);
    const third = door.expect("REGISTER");
    expectDigest(third, "Authorization", "door", "open sesame", "hall", "w1", "00000001");
    expectDigest(third, "Proxy-Authorization", "door", "open sesame", "hall", "p1", "00000002");
  });

  clause("RFC 3261 22.1", "credentials are never given to another realm", () => {
    equal(isAnswered([`WWW-Authenticate: ${challengeOf("elsewhere", "n1", "MD5")}`]), false, "foreign realm");
    equal(isAnswered([`WWW-Authenticate: ${challengeOf("Hall", "n1", "MD5")}`]), false, "realms are case-sensitive");
  });

  clause("RFC 3261 22.2", "credentials that were refused are not sent again in the same request", () => {
    const { door } = challenge("401 Unauthorized", [`WWW-Authenticate: ${challengeOf("hall", "n1", "MD5")}`]);
    again(door, door.expect("REGISTER"), "401 No", [`WWW-Authenticate: ${challengeOf("hall", "n2", "MD5")}`]);
    door.expectSilence();
  });

  clause("RFC 7616 3.3", "a nonce that was only too old is answered with the new one", () => {
    const { door } = challenge("401 Unauthorized", [`WWW-Authenticate: ${challengeOf("hall", "n1", "MD5")}`]);
    const stale = [`WWW-Authenticate: ${challengeOf("hall", "n2", "MD5")}, stale=TRUE`];
    again(door, door.expect("REGISTER"), "401 No", stale);
    expectDigest(door.expect("REGISTER"), "Authorization", "door", "open sesame", "hall", "n2", "00000001");
  });

  clause("RFC 7616 3.4", "opaque is sent back as it came, and the URI is the Request-URI", () => {
    const { door } = challenge("401 No", [`WWW-Authenticate: ${challengeOf("hall", "n1", "MD5")}, opaque="a\\"b"`]);
    const value = headerOf(door.expect("REGISTER"), "Authorization");
    isTrue(value.indexOf('opaque="a\\"b"') > 0, value);
    equal(digestParameter(value, "uri"), "sip:192.0.2.50", "uri");
  });

  clause("RFC 7616 3.4", "the client's nonce is another in every request, and the count of the server's grows", () => {
    const { door } = challenge("401 Unauthorized", [`WWW-Authenticate: ${challengeOf("hall", "n1", "MD5")}`]);
    const second = door.expect("REGISTER");
    again(door, second, "200 OK", ["Contact: <sip:door@192.0.2.4:5060>;expires=60"]);
    door.advanceToMessage(100000);
    const third = door.expect("REGISTER");
    expectDigest(third, "Authorization", "door", "open sesame", "hall", "n1", "00000002");
    const first = digestParameter(headerOf(second, "Authorization"), "cnonce");
    isTrue(first !== digestParameter(headerOf(third, "Authorization"), "cnonce"), "cnonce");
  });
});

describe("the choice of a challenge", () => {
  clause("RFC 8760 2.4", "of two algorithms the stronger is answered, in whatever order they stand", () => {
    const md5 = `WWW-Authenticate: ${challengeOf("hall", "n1", "MD5")}`;
    const sha = `WWW-Authenticate: ${challengeOf("hall", "n2", "SHA-256")}`;
    const orders = [[md5, sha], [sha, md5], [`${sha}, ${challengeOf("hall", "n1", "MD5")}`]];
    for (let index = 0; index < orders.length; index += 1) {
      const { door } = challenge("401 Unauthorized", orders[index]);
      expectDigest(door.expect("REGISTER"), "Authorization", "door", "open sesame", "hall", "n2", "00000001");
    }
  });

  clause("RFC 8760 2.4", "an algorithm that is not known is passed over", () => {
    const unknown = `WWW-Authenticate: ${challengeOf("hall", "n0", "SHA-512-256")}`;
    equal(isAnswered([unknown]), false, "alone");
    const { door } = challenge("401 No", [unknown, `WWW-Authenticate: ${challengeOf("hall", "n1", "MD5")}`]);
    expectDigest(door.expect("REGISTER"), "Authorization", "door", "open sesame", "hall", "n1", "00000001");
  });

  clause("RFC 7616 3.3", "a challenge without algorithm means MD5, one without qop is answered without it", () => {
    const { door } = challenge("401 No", ['WWW-Authenticate: Digest realm="hall", nonce="n1"']);
    const value = headerOf(door.expect("REGISTER"), "Authorization");
    equal(digestParameter(value, "response").length, 32, "digits of the response");
    isTrue(value.indexOf("qop") < 0 && value.indexOf("nc=") < 0, value);
  });

  clause("RFC 7616 3.3", "of several qop values auth is chosen; auth-int alone is not answered", () => {
    const head = 'WWW-Authenticate: Digest realm="hall", nonce="n1", qop=';
    const { door } = challenge("401 No", [`${head}"auth-int,auth"`]);
    equal(digestParameter(headerOf(door.expect("REGISTER"), "Authorization"), "qop"), "auth", "qop");
    equal(isAnswered([`${head}"auth-int"`]), false, "auth-int");
  });

  clause("RFC 3261 22.4", "another scheme is passed over, and a 401 without challenge is a refusal", () => {
    equal(isAnswered(['WWW-Authenticate: Basic realm="hall"']), false, "Basic");
    equal(isAnswered([]), false, "none");
    const both = ['WWW-Authenticate: Basic realm="hall"', `WWW-Authenticate: ${challengeOf("hall", "n1", "MD5")}`];
    equal(isAnswered(both), true, "both");
  });

  clause("RFC 7616 3.3", "a challenge without realm or nonce, or with open quotes, is not answered", () => {
    equal(isAnswered(['WWW-Authenticate: Digest nonce="n1"']), false, "no realm");
    equal(isAnswered(['WWW-Authenticate: Digest realm="hall"']), false, "no nonce");
    equal(isAnswered(['WWW-Authenticate: Digest realm="hall", nonce="n1']), false, "open quote");
    equal(isAnswered(["WWW-Authenticate: Digest"]), false, "no parameter");
  });

  clause("RFC 7616 3.3", "parameters that nobody knows, blanks and names in any case do no harm", () => {
    const odd = 'WWW-Authenticate: dIGEST  REALM = "hall" ,, Nonce="n1",\tx=y , domain="sip:a sip:b",qop="auth"';
    const { door } = challenge("401 No", [odd]);
    expectDigest(door.expect("REGISTER"), "Authorization", "door", "open sesame", "hall", "n1", "00000001");
  });
});

describe("authentication within dialogs", () => {
  clause("RFC 3261 22.2", "a request that nobody challenged has no credentials", () => {
    const first = new Door(ACCOUNT).expect("REGISTER");
    equal(hasHeaderField(first, "Authorization") || hasHeaderField(first, "Proxy-Authorization"), false, "credentials");
  });

  clause("RFC 3261 22.1", "the ACK of a challenged INVITE has the credentials of the INVITE", () => {
    const anna = new Peer("anna", 9, 5060);
    const door = new Door(["account.password = open sesame", "account.realm = hall"]);
    door.press(0);
    const first = anna.takeCall(door.expect("INVITE"));
    const headers = [`WWW-Authenticate: ${challengeOf("hall", "n1", "MD5")}`];
    door.deliver(first.respond(first.invite, "401 Unauthorized", headers, ""), anna);
    door.expect("ACK");
    const call = anna.takeCall(door.expect("INVITE"));
    expectDigest(call.invite, "Authorization", "door", "open sesame", "hall", "n1", "00000001");
    door.deliver(call.answer("200 OK", anna.description([])), anna);
    equal(headerOf(door.expect("ACK"), "Authorization"), headerOf(call.invite, "Authorization"), "Authorization");
  });
});
