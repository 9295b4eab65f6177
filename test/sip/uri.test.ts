// URIs (RFC 3261 19.1 and 25.1, RFC 3966): parts, schemes, what is malformed, and the comparison of 19.1.4 as far as the
// device needs it: user and host.

import { Status } from "../../firmware/sip/status";
import { createUri, equalEscaped, equalUsers, parseUri, UriScheme } from "../../firmware/sip/uri";
import { ViaTransport } from "../../firmware/sip/via";
import { describe, equal, isTrue, it } from "../harness";
import { bytesOf, textOf } from "../octets";

const uri = createUri();
const other = createUri();

/** Parses a URI with octets around it, which count for nothing. */
function parse(text: string): Status {
  return parseUri(bytesOf(`<${text}>`), 1, text.length + 1, uri);
}

/** "user|password|host|port|parameters|headers" */
function partsOf(text: string): string {
  const bytes = bytesOf(`<${text}>`);
  const parts = [
    textOf(bytes, uri.userStart, uri.userEnd),
    textOf(bytes, uri.passwordStart, uri.passwordEnd),
    textOf(bytes, uri.hostStart, uri.hostEnd),
    `${uri.port}`,
    textOf(bytes, uri.parametersStart, uri.parametersEnd),
    textOf(bytes, uri.headersStart, uri.headersEnd),
  ];
  return parts.join("|");
}

function areEqualUsers(left: string, right: string): boolean {
  const one = bytesOf(left);
  const two = bytesOf(right);
  equal(parseUri(one, 0, one.length, uri), Status.OK, left);
  equal(parseUri(two, 0, two.length, other), Status.OK, right);
  return equalUsers(one, uri, two, other);
}

describe("uri", () => {
  it("has its parts", () => {
    const cases: [string, UriScheme, string][] = [
      ["sip:h", UriScheme.SIP, "||h|0||"],
      ["sip:hall@h", UriScheme.SIP, "hall||h|0||"],
      ["SIPS:hall@Example.COM:5061", UriScheme.SIPS, "hall||Example.COM|5061||"],
      ["sip:hall:secret@h:1", UriScheme.SIP, "hall|secret|h|1||"],
      ["sip:hall:@h", UriScheme.SIP, "hall||h|0||"],
      ["sip:a;b=c;d@h;e", UriScheme.SIP, "a;b=c;d||h|0|;e|"],
      ["sip:a,b&c=d+e$f?g/h@h", UriScheme.SIP, "a,b&c=d+e$f?g/h||h|0||"],
      ["sip:%61%40%00@h", UriScheme.SIP, "%61%40%00||h|0||"],
      [
        "sip:+1-201-555-0123;phone-context=x@h;user=phone",
        UriScheme.SIP,
        "+1-201-555-0123;phone-context=x||h|0|;user=phone|",
      ],
      ["sip:192.0.2.1:65535", UriScheme.SIP, "||192.0.2.1|65535||"],
      ["sip:[2001:db8::1]", UriScheme.SIP, "||[2001:db8::1]|0||"],
      ["sip:a@[::ffff:192.0.2.1]:5060;lr", UriScheme.SIP, "a||[::ffff:192.0.2.1]|5060|;lr|"],
      [
        "sip:h;transport=tcp;lr?Subject=x&to=sip:y%40z",
        UriScheme.SIP,
        "||h|0|;transport=tcp;lr|Subject=x&to=sip:y%40z",
      ],
      ["sip:h?a=b", UriScheme.SIP, "||h|0||a=b"],
      ["sip:a@h:5070?", UriScheme.SIP, "a||h|5070||"],
      ["tel:+1-201-555-0123", UriScheme.TEL, "+1-201-555-0123|||0||"],
      ["TEL:7042;phone-context=example.com;isub=1", UriScheme.TEL, "7042|||0|;phone-context=example.com;isub=1|"],
    ];
    for (const [text, scheme, parts] of cases) {
      equal(parse(text), Status.OK, text);
      equal(uri.scheme, scheme, text);
      equal(partsOf(text), parts, text);
      equal(uri.end - uri.start, text.length, text);
    }
  });

  it("is UNSUPPORTED with another scheme, and nothing of it is read", () => {
    for (const text of ["http://example.com/", "im:a@h", "sipx:a@h", "si:a", "x.y+z-1:", "urn:service:sos"]) {
      equal(parse(text), Status.UNSUPPORTED, text);
      equal(uri.scheme, UriScheme.OTHER, text);
      equal(partsOf(text), "|||0||", text);
    }
  });

  it("is malformed without scheme, host or number, and with octets where they cannot be", () => {
    const cases = [
      "",
      "sip",
      ":",
      ":h",
      "sip ",
      "sip:",
      "sip:@h",
      "sip:a@",
      "sip::secret@h",
      "sip:a b@h",
      "sip:a@h@i",
      'sip:"a"@h',
      "sip:a\x00@h",
      "sip:\xe9@h",
      "sip:a:b c@h",
      "sip:h_i",
      "sip:h i",
      "sip:h/i",
      "sip:h\x00",
      "sip:;lr",
      "sip:?a=b",
      "sip::5060",
      "tel:",
      "tel:;isub=1",
      "<sip:h>",
    ];
    for (const text of cases) {
      equal(parse(text), Status.MALFORMED, text);
    }
  });

  it("is malformed with a bad port", () => {
    for (const port of ["", "0", "65536", "99999999999", "-1", "+1", "5060x", "x", " 1", "1:2", "0x50"]) {
      equal(parse(`sip:h:${port}`), Status.MALFORMED, port);
      equal(parse(`sip:a@[::1]:${port};lr`), Status.MALFORMED, port);
    }
    equal(parse("sip:h:005060"), Status.OK, "leading zeros");
    equal(uri.port, 5060);
  });

  it("is malformed with a bad escape in user or password", () => {
    for (const user of ["%", "%4", "a%", "%zz", "%4z", "%z4", "%%41", "%-1", "a:%", "a:%g0", "a:b%4"]) {
      equal(parse(`sip:${user}@h`), Status.MALFORMED, user);
    }
    equal(parse("sip:%aF%00:%7e@h"), Status.OK);
  });

  it("is malformed with a bad IPv6 reference", () => {
    for (const host of ["[", "[::1", "[]", "[::1]x", "[:: 1]", "[a@b]", "[::\x001]", "::1", "[::1]]", "h]", "a[b]"]) {
      equal(parse(`sip:${host}`), Status.MALFORMED, host);
    }
  });

  it("is malformed with a bad parameter", () => {
    for (const tail of [";", ";;lr", ";=1", ';a="b', ";lr,x", ";lr x", ";a<b"]) {
      equal(parse(`sip:h${tail}`), Status.MALFORMED, tail);
    }
  });

  it("knows lr and transport in any case", () => {
    const cases: [string, boolean, ViaTransport][] = [
      ["sip:h", false, ViaTransport.UDP],
      ["sip:h;lr", true, ViaTransport.UDP],
      ["sip:h;LR=on", true, ViaTransport.UDP],
      ["sip:h;lrx;xlr;x=lr", false, ViaTransport.UDP],
      ["sip:lr;lr@h", false, ViaTransport.UDP],
      ["sip:h?lr", false, ViaTransport.UDP],
      ["sip:h;transport=udp", false, ViaTransport.UDP],
      ["sip:h;Transport=TCP;lr", true, ViaTransport.TCP],
      ["sip:h;transport=tls", false, ViaTransport.TLS],
      ["sip:h;transport=sctp", false, ViaTransport.OTHER],
      ["sip:h;transport", false, ViaTransport.OTHER],
    ];
    for (const [text, looseRouting, transport] of cases) {
      equal(parse(text), Status.OK, text);
      equal(uri.looseRouting, looseRouting, text);
      equal(uri.transport, transport, text);
    }
  });

  it("is read from its view alone", () => {
    const bytes = bytesOf("sip:a@h:5060;lr");
    equal(parseUri(bytes, 0, 3, uri), Status.MALFORMED, "sip");
    equal(parseUri(bytes, 0, 5, uri), Status.OK, "sip:a");
    equal(textOf(bytes, uri.hostStart, uri.hostEnd), "a");
    equal(parseUri(bytes, 0, 6, uri), Status.MALFORMED, "sip:a@");
    equal(parseUri(bytes, 0, 8, uri), Status.MALFORMED, "sip:a@h:");
    equal(parseUri(bytes, 0, 10, uri), Status.OK, "sip:a@h:50");
    equal(uri.port, 50);
    equal(parseUri(bytes, 0, 13, uri), Status.MALFORMED, "sip:a@h:5060;");
    isTrue(!uri.looseRouting, "lr is outside");
    equal(parseUri(bytesOf("sip:%41@h"), 0, 6, uri), Status.MALFORMED, "sip:%4");
  });
});

describe("equalUsers", () => {
  it("holds for the same user at the same host, however written", () => {
    const cases: [string, string][] = [
      ["sip:hall@example.com", "sip:hall@EXAMPLE.com"],
      ["sip:hall@h", "sip:hall@h:5060;lr?a=b"],
      ["sip:%68all@h", "sip:h%61ll@h"],
      ["sip:a%2Bb@h", "sip:a%2bb@h"],
      ["sip:a%2Bb@h", "sip:a+b@h"],
      ["sip:h", "SIP:H"],
      ["sip:hall:secret@h", "sip:hall@h"],
      ["sip:a@[2001:DB8::1]", "sip:a@[2001:db8::1]"],
    ];
    for (const [left, right] of cases) {
      isTrue(areEqualUsers(left, right), `${left} and ${right}`);
      isTrue(areEqualUsers(right, left), `${right} and ${left}`);
    }
  });

  it("does not hold for another user, host or port", () => {
    const cases: [string, string][] = [
      ["sip:hall@h", "sip:Hall@h"],
      ["sip:hall@h", "sip:hal@h"],
      ["sip:hall@h", "sip:h"],
      ["sip:hall@h", "sip:hall@hh"],
      ["sip:hall@h", "sip:hall@h:5061"],
      ["sip:a%41@h", "sip:a%61@h"],
      ["sip:a%00@h", "sip:a@h"],
    ];
    for (const [left, right] of cases) {
      isTrue(!areEqualUsers(left, right), `${left} and ${right}`);
      isTrue(!areEqualUsers(right, left), `${right} and ${left}`);
    }
  });
});

describe("equalEscaped", () => {
  it("compares views of any content and reads nothing outside them", () => {
    const cases: [string, string, boolean][] = [
      ["", "", true],
      ["", "a", false],
      ["%41", "A", true],
      ["%", "%", true],
      ["%4", "%4", true],
      ["a%4", "a", false],
      ["%41%42", "AB", true],
      ["%25%34%31", "%2541", true],
      ["%2541", "A", false],
    ];
    for (const [left, right, same] of cases) {
      equal(equalEscaped(bytesOf(left), 0, left.length, bytesOf(right), 0, right.length), same, `${left} and ${right}`);
    }
    equal(equalEscaped(bytesOf("x%41"), 1, 3, bytesOf("A"), 0, 1), false, "the escape ends outside");
  });
});
