// Challenges as servers write them, as several stand in one header field, and as they must not be.

import { createBytes } from "../../firmware/bytes/bytes";
import { HashAlgorithm } from "../../firmware/crypto/hash";
import { challengeRank, createChallenge, parseChallenge } from "../../firmware/sip/authentication-challenge";
import {
  DIGEST_VALUE_LIMIT,
  DigestParameter,
  hasValue,
  nextChallenge,
  valueEnd,
  valueStart,
} from "../../firmware/sip/authentication-parameters";
import { Status } from "../../firmware/sip/status";
import { describe, equal, isTrue, it } from "../harness";
import { bytesOf, textOf } from "../octets";

const challenge = createChallenge();

function parse(text: string): Status {
  return parseChallenge(bytesOf(text), 0, text.length, challenge);
}

function valueOf(text: string, name: DigestParameter): string {
  const { parameters } = challenge;
  return textOf(bytesOf(text), valueStart(parameters, name), valueEnd(parameters, name));
}

describe("challenge", () => {
  it("is read as known servers write it", () => {
    const kamailio = 'Digest realm="example.com", nonce="ZPfrX2T36jMxMTIz", qop="auth"';
    equal(parse(kamailio), Status.OK, "kamailio");
    equal(valueOf(kamailio, DigestParameter.REALM), "example.com");
    equal(valueOf(kamailio, DigestParameter.NONCE), "ZPfrX2T36jMxMTIz");
    equal(challenge.parameters.algorithm, HashAlgorithm.MD5, "no algorithm is MD5");
    isTrue(challenge.parameters.auth && !challenge.stale, "qop");
    const asterisk = 'Digest  realm="asterisk",nonce="1700/8ab",opaque="5b2",stale=true,algorithm=md5,qop="auth"';
    equal(parse(asterisk), Status.OK, "asterisk");
    equal(valueOf(asterisk, DigestParameter.OPAQUE), "5b2");
    isTrue(challenge.stale, "stale");
    const old = 'Digest algorithm=MD5, realm="a", nonce="b"';
    equal(parse(old), Status.OK, "RFC 2069");
    isTrue(!challenge.parameters.auth && !hasValue(challenge.parameters, DigestParameter.OPAQUE), "no qop, no opaque");
  });

  it("is read in any case, with blanks, folded lines, empty elements and unknown parameters", () => {
    const odd =
      'dIGEST ,, REALM = "a" ,\r\n Nonce="b",\tdomain="sip:x", charset=UTF-8, x-y=<z>, QOP="auth-int , AUTH", STALE="TRUE" ,';
    equal(parse(odd), Status.OK);
    equal(valueOf(odd, DigestParameter.REALM), "a");
    equal(valueOf(odd, DigestParameter.NONCE), "b");
    isTrue(challenge.stale && challenge.parameters.auth, "stale, qop");
  });

  it("keeps quoted-pairs and commas inside quoted strings", () => {
    const text = 'Digest realm="a, nonce=\\"x\\", b\\\\", nonce="c,d"';
    equal(parse(text), Status.OK);
    equal(valueOf(text, DigestParameter.REALM), 'a, nonce=\\"x\\", b\\\\');
    equal(valueOf(text, DigestParameter.NONCE), "c,d");
  });

  it("takes values without quotes where servers leave them out", () => {
    const text = "Digest realm=example.com, nonce=abc/+==, algorithm=SHA-256, qop=auth, stale=false";
    equal(parse(text), Status.OK);
    equal(valueOf(text, DigestParameter.NONCE), "abc/+==");
    equal(challenge.parameters.algorithm, HashAlgorithm.SHA_256);
    isTrue(challenge.parameters.auth && !challenge.stale, "qop, not stale");
  });

  it("knows the four algorithms and ranks SHA-256 above MD5", () => {
    const cases: [string, HashAlgorithm, boolean, number][] = [
      ["MD5", HashAlgorithm.MD5, false, 1],
      ["SHA-256", HashAlgorithm.SHA_256, false, 2],
      ["md5-SESS", HashAlgorithm.MD5, true, 1],
      ["sha-256-sess", HashAlgorithm.SHA_256, true, 2],
    ];
    for (const [name, algorithm, session, rank] of cases) {
      equal(parse(`Digest realm="a", nonce="b", qop="auth", algorithm=${name}`), Status.OK, name);
      equal(challenge.parameters.algorithm, algorithm, name);
      equal(challenge.parameters.session, session, name);
      equal(challengeRank(challenge), rank, name);
    }
  });

  it("refuses what it cannot answer", () => {
    const cases: [string, Status][] = [
      ["", Status.MALFORMED],
      [",", Status.MALFORMED],
      ["Digest", Status.MISSING],
      ["Digest ", Status.MISSING],
      ['Digest realm="a"', Status.MISSING],
      ['Digest nonce="a"', Status.MISSING],
      ['Digest nonce="a", qop="auth"', Status.MISSING],
      ['Basic realm="a"', Status.UNSUPPORTED],
      ['DigestX realm="a", nonce="b"', Status.UNSUPPORTED],
      ['Digest/ realm="a", nonce="b"', Status.MALFORMED],
      ['Digest realm="a", nonce="b', Status.MALFORMED],
      ['Digest realm="a", nonce="b\\"', Status.MALFORMED],
      ['Digest realm="a", nonce="b\\', Status.MALFORMED],
      ['Digest realm="a", nonce=', Status.MALFORMED],
      ['Digest realm="a", nonce', Status.MALFORMED],
      ['Digest realm="a", ="b"', Status.MALFORMED],
      ['Digest realm="a", nonce"b"', Status.MALFORMED],
      ['Digest realm="a" nonce="b"', Status.MALFORMED],
      ['Digest realm="a", nonce="b", nonce="c"', Status.MALFORMED],
      ['Digest realm="a", nonce="b", nonce=""', Status.MALFORMED],
      ['Digest realm="a\r\n Via: x", nonce="b"', Status.MALFORMED],
      ['Digest realm="a\x00", nonce="b"', Status.MALFORMED],
      ['Digest realm="a", nonce="b", algorithm=SHA-512-256', Status.UNSUPPORTED],
      ['Digest realm="a", nonce="b", algorithm=""', Status.UNSUPPORTED],
      ['Digest realm="a", nonce="b", qop="auth-int"', Status.UNSUPPORTED],
      ['Digest realm="a", nonce="b", qop="auth-intauth"', Status.UNSUPPORTED],
      ['Digest realm="a", nonce="b", qop=""', Status.UNSUPPORTED],
      ['Digest realm="a", nonce="b", algorithm=MD5-sess', Status.UNSUPPORTED],
    ];
    for (const [text, status] of cases) {
      equal(parse(text), status, text);
    }
  });

  it("bounds the length of its values", () => {
    const letters: string[] = [];
    for (let index = 0; index < DIGEST_VALUE_LIMIT; index += 1) {
      letters.push("n");
    }
    const longest = letters.join("");
    equal(parse(`Digest realm="a", nonce="${longest}"`), Status.OK);
    equal(parse(`Digest realm="a", nonce="${longest}n"`), Status.TOO_LONG);
    equal(parse(`Digest realm="a", nonce="b", opaque="${longest}n"`), Status.TOO_LONG);
    equal(parse(`Digest realm="a", nonce="b", other="${longest}n"`), Status.OK, "one that is not kept");
  });

  it("does not read outside its view", () => {
    const text = 'x="y", Digest realm="a", nonce="b", qop="auth"';
    const bytes = bytesOf(text);
    equal(parseChallenge(bytes, 7, text.length - 1, challenge), Status.MALFORMED, "its last quote is outside");
    equal(parseChallenge(bytes, 7, text.length - 12, challenge), Status.OK, "its qop is outside");
    isTrue(!challenge.parameters.auth, "no qop");
    equal(parseChallenge(createBytes(0), 0, 0, challenge), Status.MALFORMED, "nothing");
  });
});

describe("nextChallenge", () => {
  function challengesOf(text: string): string {
    const bytes = bytesOf(text);
    const found: string[] = [];
    let start = 0;
    while (start < bytes.length) {
      const status = parseChallenge(bytes, start, bytes.length, challenge);
      found.push(status === Status.OK ? valueOf(text, DigestParameter.REALM) : `(${status})`);
      start = nextChallenge(bytes, start, bytes.length);
    }
    return found.join(" ");
  }

  it("finds each of several challenges in one header field", () => {
    equal(challengesOf('Digest realm="a", nonce="1"'), "a");
    equal(challengesOf('Digest realm="a", nonce="1", Digest realm="b", nonce="2", algorithm=SHA-256'), "a b");
    equal(challengesOf('Digest realm="a",nonce="1",\r\n Digest nonce="2",realm="b",Digest realm=c,nonce=3'), "a b c");
    equal(challengesOf('Digest realm="a, Digest x", nonce="1"'), "a, Digest x", "a comma in a quoted string");
  });

  it("passes over other schemes", () => {
    equal(
      challengesOf('Basic realm="x", Digest realm="a", nonce="1", NTLM abc==, Digest realm="b", nonce="2"'),
      "(-4) a (-4) b",
    );
  });

  it("ends, whatever stands there", () => {
    for (const text of ["a b, c d, e f", ",,,,", 'a "b, c d', "a b,", "a b, ,c d", "a=b, c = d, e f", "\\,\\,"]) {
      const bytes = bytesOf(text);
      let start = 0;
      let steps = 0;
      while (start < bytes.length && steps < 20) {
        const next = nextChallenge(bytes, start, bytes.length);
        isTrue(next > start && next <= bytes.length, `${text} at ${start}`);
        start = next;
        steps += 1;
      }
      equal(start, bytes.length, text);
    }
  });
});
