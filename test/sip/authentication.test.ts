// Digest authentication end to end, both sides: the examples of RFC 7616 3.9.1, RFC 2617 3.5 and RFC 2069 2.4 (as
// corrected), and responses for SIP computed with OpenSSL 3 for RFC 8760's algorithms.

import { createBytes } from "../../firmware/bytes/bytes";
import { setFixedText } from "../../firmware/bytes/fixed-text";
import { createText, type Text } from "../../firmware/bytes/text";
import { createWriter, openWriter } from "../../firmware/bytes/writer";
import { HashAlgorithm } from "../../firmware/crypto/hash";
import {
  CREDENTIAL_LIMIT,
  type Credentials,
  createCredentials,
  createDigest,
  isOwnRealm,
  pinRealm,
} from "../../firmware/sip/authentication";
import {
  createAuthorization,
  isNonceCountAbove,
  parseAuthorization,
  verifyAuthorization,
  writeAuthorization,
} from "../../firmware/sip/authentication-authorization";
import { createChallenge, parseChallenge, writeChallenge } from "../../firmware/sip/authentication-challenge";
import { DigestParameter, valueEnd, valueStart } from "../../firmware/sip/authentication-parameters";
import { Status } from "../../firmware/sip/status";
import { describe, equal, isTrue, it, itSlow } from "../harness";
import { bytesOf, textOf } from "../octets";

const GET = createText("GET");
const REGISTER = createText("REGISTER");
const INVITE = createText("INVITE");

const digest = createDigest();

function credentialsOf(username: string, password: string, realm: string): Credentials {
  const credentials = createCredentials();
  setFixedText(credentials.username, bytesOf(username), 0, username.length);
  setFixedText(credentials.password, bytesOf(password), 0, password.length);
  setFixedText(credentials.realm, bytesOf(realm), 0, realm.length);
  return credentials;
}

interface Exchange {
  what: string;
  challenge: string;
  username: string;
  password: string;
  realm: string;
  method: Text;
  uri: string;
  nonceCount: number;
  clientNonce: string;
  /** The header field without its name. */
  answer: string;
}

const RFC_7616_NONCE = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v";
const RFC_7616_CNONCE = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
const RFC_7616_OPAQUE = "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS";

function ofRfc7616(algorithm: string, response: string): Exchange {
  return {
    what: `RFC 7616 3.9.1, ${algorithm}`,
    challenge:
      `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, ` +
      `nonce="${RFC_7616_NONCE}", opaque="${RFC_7616_OPAQUE}"`,
    username: "Mufasa",
    password: "Circle of Life",
    realm: "http-auth@example.org",
    method: GET,
    uri: "/dir/index.html",
    nonceCount: 1,
    clientNonce: RFC_7616_CNONCE,
    answer:
      `Digest username="Mufasa", realm="http-auth@example.org", nonce="${RFC_7616_NONCE}", uri="/dir/index.html", ` +
      `response="${response}", algorithm=${algorithm}, opaque="${RFC_7616_OPAQUE}", qop=auth, ` +
      `cnonce="${RFC_7616_CNONCE}", nc=00000001`,
  };
}

function ofSip(algorithm: string, response: string): Exchange {
  return {
    what: `SIP, ${algorithm}`,
    challenge: `Digest realm="example.com", nonce="abc+/=", algorithm=${algorithm}, qop="auth"`,
    username: "door",
    password: 'se"cr\\et',
    realm: "example.com",
    method: REGISTER,
    uri: "sip:example.com",
    nonceCount: 42,
    clientNonce: "0a4f113b",
    answer:
      'Digest username="door", realm="example.com", nonce="abc+/=", uri="sip:example.com", ' +
      `response="${response}", algorithm=${algorithm}, qop=auth, cnonce="0a4f113b", nc=0000002a`,
  };
}

const EXCHANGES: Exchange[] = [
  ofRfc7616("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
  ofRfc7616("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
  {
    what: "RFC 2617 3.5",
    challenge:
      'Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", ' +
      'opaque="5ccc069c403ebaf9f0171e9517f40e41"',
    username: "Mufasa",
    password: "Circle Of Life",
    realm: "testrealm@host.com",
    method: GET,
    uri: "/dir/index.html",
    nonceCount: 1,
    clientNonce: "0a4f113b",
    answer:
      'Digest username="Mufasa", realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", ' +
      'uri="/dir/index.html", response="6629fae49393a05397450978507c4ef1", ' +
      'opaque="5ccc069c403ebaf9f0171e9517f40e41", qop=auth, cnonce="0a4f113b", nc=00000001',
  },
  {
    what: "RFC 2069 2.4, no qop",
    challenge:
      'Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", ' +
      'opaque="5ccc069c403ebaf9f0171e9517f40e41"',
    username: "Mufasa",
    password: "CircleOfLife",
    realm: "testrealm@host.com",
    method: GET,
    uri: "/dir/index.html",
    nonceCount: 1,
    clientNonce: "",
    answer:
      'Digest username="Mufasa", realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", ' +
      'uri="/dir/index.html", response="1949323746fe6a43ef61f9606e7febea", ' +
      'opaque="5ccc069c403ebaf9f0171e9517f40e41"',
  },
  ofSip("MD5", "9e9dd6b1504b7f686ec4923224d6177b"),
  ofSip("SHA-256", "2d7b7d3d1933098e299a0fc67054dfd50497fcc8895e65dbf3524fef328e914c"),
  ofSip("MD5-sess", "4fd650dcc96efee8a6cf8bf39ad04017"),
  ofSip("SHA-256-sess", "c3c8a4461fcd1fe27170e7b41b0f011546255c3add075291d2fa72ea19a59137"),
  {
    what: "quoted-pairs in realm and user name",
    challenge: 'Digest realm="a\\"b\\\\c", nonce="n1", qop="auth"',
    username: 'do"or',
    password: "pw",
    realm: 'a"b\\c',
    method: INVITE,
    uri: "sip:b@x",
    nonceCount: 1,
    clientNonce: "c1",
    answer:
      'Digest username="do\\"or", realm="a\\"b\\\\c", nonce="n1", uri="sip:b@x", ' +
      'response="21c302edbd1233c53b627e853360c60c", qop=auth, cnonce="c1", nc=00000001',
  },
];

/** Answers a challenge; the header line, or the negative status. */
function answer(exchange: Exchange, isProxy: boolean, realm: string, room: number): string {
  const challenge = createChallenge();
  const bytes = bytesOf(exchange.challenge);
  equal(parseChallenge(bytes, 0, bytes.length, challenge), Status.OK, exchange.what);
  const writer = createWriter();
  const target = createBytes(room);
  openWriter(writer, target, 0, room);
  const status = writeAuthorization(
    writer,
    isProxy,
    digest,
    challenge,
    bytes,
    credentialsOf(exchange.username, exchange.password, realm),
    exchange.method,
    bytesOf(exchange.uri),
    0,
    exchange.uri.length,
    exchange.nonceCount,
    bytesOf(exchange.clientNonce),
    0,
    exchange.clientNonce.length,
  );
  if (status !== Status.OK) {
    equal(status === Status.TOO_LONG || writer.length === 0, true, "nothing is written when it is refused");
    return `status ${status}`;
  }
  return textOf(target, 0, writer.length);
}

/** Whether the server side takes an answer. */
function verify(exchange: Exchange, value: string, credentials: Credentials, method: Text): boolean {
  const bytes = bytesOf(value);
  const authorization = createAuthorization();
  equal(parseAuthorization(bytes, 0, bytes.length, authorization), Status.OK, `${exchange.what}: ${value}`);
  return verifyAuthorization(digest, authorization, bytes, credentials, method);
}

function parseStatus(value: string): Status {
  return parseAuthorization(bytesOf(value), 0, value.length, createAuthorization());
}

describe("digest authentication", () => {
  it("answers a challenge with the whole header field", () => {
    for (const exchange of EXCHANGES) {
      equal(answer(exchange, false, exchange.realm, 700), `Authorization: ${exchange.answer}\r\n`, exchange.what);
      equal(answer(exchange, true, exchange.realm, 700), `Proxy-Authorization: ${exchange.answer}\r\n`, exchange.what);
    }
  });

  it("answers no realm but that of its credentials, and none while they have none", () => {
    for (const exchange of EXCHANGES) {
      for (const realm of ["", "asterisk", "EXAMPLE.com", `${exchange.realm}x`, exchange.realm.substring(1)]) {
        equal(answer(exchange, false, realm, 700), `status ${Status.UNSUPPORTED}`, `${exchange.what} for ${realm}`);
      }
    }
  });

  it("does not take an empty realm for that of credentials without one", () => {
    const empty: Exchange = { ...EXCHANGES[0], challenge: 'Digest realm="", nonce="1"' };
    equal(answer(empty, false, "", 700), `status ${Status.UNSUPPORTED}`);
  });

  it("says so when the answer does not fit", () => {
    const whole = `Authorization: ${EXCHANGES[0].answer}\r\n`.length;
    equal(answer(EXCHANGES[0], false, EXCHANGES[0].realm, whole).length, whole);
    equal(answer(EXCHANGES[0], false, EXCHANGES[0].realm, whole - 1), `status ${Status.TOO_LONG}`);
    equal(answer(EXCHANGES[0], false, EXCHANGES[0].realm, 10), `status ${Status.TOO_LONG}`);
  });

  it("refuses a client nonce longer than its limit", () => {
    const long: Exchange = { ...EXCHANGES[0], clientNonce: `${RFC_7616_NONCE}${RFC_7616_NONCE}` };
    equal(answer(long, false, long.realm, 700), `status ${Status.TOO_LONG}`);
  });

  it("verifies the answers of the right user", () => {
    for (const exchange of EXCHANGES) {
      const credentials = credentialsOf(exchange.username, exchange.password, exchange.realm);
      isTrue(verify(exchange, exchange.answer, credentials, exchange.method), exchange.what);
    }
  });

  it("takes no answer with another password, user, realm or method", () => {
    for (const exchange of EXCHANGES) {
      const { answer: value, username, password, realm, method } = exchange;
      const passwords = [credentialsOf(username, `${password}x`, realm), credentialsOf(username, "", realm)];
      for (const credentials of passwords) {
        isTrue(!verify(exchange, value, credentials, method), `${exchange.what}: password`);
      }
      isTrue(!verify(exchange, value, credentialsOf("bob", password, realm), method), `${exchange.what}: user`);
      isTrue(!verify(exchange, value, credentialsOf(username, password, "other"), method), `${exchange.what}: realm`);
      isTrue(!verify(exchange, value, credentialsOf(username, password, ""), method), `${exchange.what}: no realm`);
      const other = createText("BYE");
      isTrue(!verify(exchange, value, credentialsOf(username, password, realm), other), `${exchange.what}: method`);
    }
  });

  itSlow("takes no answer in which any letter of the response, nonce, uri, count or client nonce was changed", () => {
    const exchange = EXCHANGES[0];
    const credentials = credentialsOf(exchange.username, exchange.password, exchange.realm);
    const bytes = bytesOf(exchange.answer);
    const authorization = createAuthorization();
    equal(parseAuthorization(bytes, 0, bytes.length, authorization), Status.OK);
    const names = [
      DigestParameter.RESPONSE,
      DigestParameter.NONCE,
      DigestParameter.URI,
      DigestParameter.NONCE_COUNT,
      DigestParameter.CNONCE,
    ];
    for (const name of names) {
      const start = valueStart(authorization.parameters, name);
      for (let index = start; index < valueEnd(authorization.parameters, name); index += 1) {
        const letter = bytes[index];
        bytes[index] = letter === 0x30 ? 0x31 : 0x30;
        equal(parseAuthorization(bytes, 0, bytes.length, authorization), Status.OK);
        isTrue(!verifyAuthorization(digest, authorization, bytes, credentials, GET), `parameter ${name} at ${index}`);
        bytes[index] = letter;
      }
    }
  });

  it("reads the nonce count and tells a repeated one", () => {
    const authorization = createAuthorization();
    const value = EXCHANGES[0].answer.replace("nc=00000001", "nc=00020003");
    equal(parseAuthorization(bytesOf(value), 0, value.length, authorization), Status.OK);
    equal(authorization.nonceCountHigh, 2);
    equal(authorization.nonceCountLow, 3);
    isTrue(isNonceCountAbove(authorization, 0, 65535), "above 65,535");
    isTrue(isNonceCountAbove(authorization, 2, 2), "above the one before");
    isTrue(!isNonceCountAbove(authorization, 2, 3), "the same");
    isTrue(!isNonceCountAbove(authorization, 3, 0), "a later one was taken");
  });

  it("refuses credentials that lack a part or are malformed", () => {
    const whole = EXCHANGES[0].answer;
    const cases: [string, string, Status][] = [
      ['username="Mufasa", ', "", Status.MISSING],
      ['uri="/dir/index.html", ', "", Status.MISSING],
      [`nonce="${RFC_7616_NONCE}", `, "", Status.MISSING],
      ['realm="http-auth@example.org", ', "", Status.MISSING],
      ['response="8ca523f5e9506fed4657c9700eebdbec", ', "", Status.MISSING],
      [`, cnonce="${RFC_7616_CNONCE}"`, "", Status.MISSING],
      [", nc=00000001", "", Status.MISSING],
      ["nc=00000001", "nc=1", Status.MALFORMED],
      ["nc=00000001", "nc=0000000g", Status.MALFORMED],
      ["nc=00000001", "nc=000000001", Status.MALFORMED],
      ["nc=00000001", "nc=", Status.MALFORMED],
      ["nc=00000001", "nc", Status.MALFORMED],
      ["8ca523f5e9506fed4657c9700eebdbec", "8ca5", Status.MALFORMED],
      ["8ca523f5e9506fed4657c9700eebdbec", "", Status.MALFORMED],
      ["algorithm=MD5", "algorithm=SHA-256", Status.MALFORMED],
      ["algorithm=MD5", "algorithm=SHA-512-256", Status.UNSUPPORTED],
      ["algorithm=MD5", "algorithm=AKAv1-MD5", Status.UNSUPPORTED],
      ["qop=auth,", "qop=auth-int,", Status.UNSUPPORTED],
      ["Digest ", "Basic ", Status.UNSUPPORTED],
      ["Digest ", "", Status.MALFORMED],
      ['username="Mufasa"', 'username="Mufasa', Status.MALFORMED],
      ['username="Mufasa"', 'username="Mufasa", username="Mufasa"', Status.MALFORMED],
      ['username="Mufasa"', 'username="Muf\r\n asa"', Status.MALFORMED],
      ['username="Mufasa"', 'username="Mufasa" x', Status.MALFORMED],
    ];
    equal(parseStatus(whole), Status.OK);
    for (const [from, to, status] of cases) {
      isTrue(whole.indexOf(from) >= 0, from);
      // "Digest" left out makes the first parameter the scheme: neither is ours.
      const actual = parseStatus(whole.replace(from, to));
      equal(
        from === "Digest " && to === "" ? actual !== Status.OK : actual === status,
        true,
        `${from} -> ${to}: ${actual}`,
      );
    }
  });

  itSlow("survives every truncation of a challenge and of credentials", () => {
    for (const exchange of [EXCHANGES[0], EXCHANGES[3], EXCHANGES[8]]) {
      for (const text of [exchange.challenge, exchange.answer]) {
        for (let end = 0; end < text.length; end += 1) {
          // A buffer of just this length: a read behind it would be a fault.
          const bytes = bytesOf(text.substring(0, end));
          const challenge = parseChallenge(bytes, 0, end, createChallenge());
          const authorization = parseAuthorization(bytes, 0, end, createAuthorization());
          isTrue(challenge <= 0 && authorization <= 0, "a status");
        }
      }
    }
  });
});

describe("credentials", () => {
  it("are tied to the first realm that they are pinned to, and to no other after that", () => {
    const credentials = credentialsOf("door", "secret", "");
    const challenge = createChallenge();
    const first = bytesOf('Digest realm="my \\"pbx\\"", nonce="1"');
    equal(parseChallenge(first, 0, first.length, challenge), Status.OK);
    isTrue(!isOwnRealm(credentials, challenge.parameters, first), "not before");
    equal(pinRealm(credentials, challenge.parameters, first), Status.OK);
    equal(textOf(credentials.realm.bytes, 0, credentials.realm.length), 'my "pbx"');
    isTrue(isOwnRealm(credentials, challenge.parameters, first), "then");
    equal(pinRealm(credentials, challenge.parameters, first), Status.OK, "again");
    const other = bytesOf('Digest realm="evil", nonce="1"');
    equal(parseChallenge(other, 0, other.length, challenge), Status.OK);
    equal(pinRealm(credentials, challenge.parameters, other), Status.UNSUPPORTED);
    isTrue(!isOwnRealm(credentials, challenge.parameters, other), "another realm");
    equal(textOf(credentials.realm.bytes, 0, credentials.realm.length), 'my "pbx"', "unchanged");
  });

  it("take no realm that is empty or longer than their limit", () => {
    const credentials = credentialsOf("door", "secret", "");
    const challenge = createChallenge();
    const empty = bytesOf('Digest realm="", nonce="1"');
    equal(parseChallenge(empty, 0, empty.length, challenge), Status.OK);
    equal(pinRealm(credentials, challenge.parameters, empty), Status.MALFORMED);
    const letters: string[] = [];
    for (let index = 0; index <= CREDENTIAL_LIMIT; index += 1) {
      letters.push("x");
    }
    const long = bytesOf(`Digest realm="${letters.join("")}", nonce="1"`);
    equal(parseChallenge(long, 0, long.length, challenge), Status.OK);
    equal(pinRealm(credentials, challenge.parameters, long), Status.TOO_LONG);
    equal(credentials.realm.length, 0, "still without");
  });
});

describe("writeChallenge", () => {
  function write(isProxy: boolean, algorithm: HashAlgorithm, stale: boolean, room: number): string {
    const writer = createWriter();
    const target = createBytes(room);
    openWriter(writer, target, 0, room);
    const credentials = credentialsOf("", "", 'door"line');
    const nonce = bytesOf("xx0123abcdxx");
    const status = writeChallenge(writer, isProxy, credentials.realm, nonce, 2, 10, algorithm, stale);
    return status === Status.OK ? textOf(target, 0, writer.length) : `status ${status}`;
  }

  it("writes the header field of a 401 and of a 407", () => {
    equal(
      write(false, HashAlgorithm.SHA_256, false, 200),
      'WWW-Authenticate: Digest realm="door\\"line", nonce="0123abcd", algorithm=SHA-256, qop="auth"\r\n',
    );
    equal(
      write(true, HashAlgorithm.MD5, true, 200),
      'Proxy-Authenticate: Digest realm="door\\"line", nonce="0123abcd", algorithm=MD5, qop="auth", stale=true\r\n',
    );
    equal(write(true, HashAlgorithm.MD5, true, 60), `status ${Status.TOO_LONG}`, "no room");
  });

  it("writes what parseChallenge reads", () => {
    const line = write(true, HashAlgorithm.SHA_256, true, 200);
    const bytes = bytesOf(line);
    const challenge = createChallenge();
    equal(parseChallenge(bytes, 20, bytes.length - 2, challenge), Status.OK);
    equal(challenge.parameters.algorithm, HashAlgorithm.SHA_256);
    isTrue(challenge.stale && challenge.parameters.auth, "stale, qop");
  });
});
