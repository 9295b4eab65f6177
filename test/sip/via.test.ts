// Via values (RFC 3261 20.42, RFC 3581): transport, sent-by, branch, received, rport, in every spacing, and bad ones.

import { Status } from "../../firmware/sip/status";
import { createVia, parseVia, RPORT_ABSENT, RPORT_EMPTY, ViaTransport } from "../../firmware/sip/via";
import { describe, equal, isTrue, it } from "../harness";
import { bytesOf, textOf } from "../octets";

const via = createVia();

/** Parses a value that has an octet before it. */
function parse(text: string): Status {
  return parseVia(bytesOf(`,${text}`), 1, text.length + 1, via);
}

/** "host|port|branch|received|rport" */
function partsOf(text: string): string {
  const bytes = bytesOf(`,${text}`);
  const parts = [
    textOf(bytes, via.hostStart, via.hostEnd),
    `${via.port}`,
    textOf(bytes, via.branchStart, via.branchEnd),
    textOf(bytes, via.receivedStart, via.receivedEnd),
    textOf(bytes, via.rportStart, via.rportEnd),
  ];
  return parts.join("|");
}

describe("via", () => {
  it("has sent-by, branch, received and rport", () => {
    const cases: [string, string][] = [
      ["SIP/2.0/UDP h", "h|0|||"],
      ["SIP/2.0/UDP 192.0.2.4:5060;branch=z9hG4bK77", "192.0.2.4|5060|z9hG4bK77||"],
      ["SIP/2.0/UDP a.example-1.com:1;branch=x;received=192.0.2.9", "a.example-1.com|1|x|192.0.2.9|"],
      ["SIP/2.0/UDP h;rport;branch=x", "h|0|x||rport"],
      ["SIP/2.0/UDP h;branch=x;RPORT=5062;Received=::1", "h|0|x|::1|RPORT=5062"],
      ["SIP/2.0/UDP [2001:db8::9:1]", "[2001:db8::9:1]|0|||"],
      ["SIP/2.0/UDP [2001:db8::9:1]:5060;received=2001:db8::9:2;branch=x", "[2001:db8::9:1]|5060|x|2001:db8::9:2|"],
      ["SIP/2.0/UDP [::ffff:192.0.2.1];received=[2001:db8::2]", "[::ffff:192.0.2.1]|0||[2001:db8::2]|"],
      ["SIP/2.0/UDP h;maddr=224.2.0.1;ttl=16;hidden;BRANCH=x", "h|0|x||"],
      ['SIP/2.0/UDP h;note="a;branch=y,\\"";branch=x', "h|0|x||"],
      ["SIP/2.0/UDP h;branch=", "h|0|||"],
      ["sip/2.0/udp h;branch=x", "h|0|x||"],
    ];
    for (const [text, parts] of cases) {
      equal(parse(text), Status.OK, text);
      equal(partsOf(text), parts, text);
      equal(via.transport, ViaTransport.UDP, text);
      equal(via.end - via.start, text.length, text);
    }
  });

  it("may have blanks and line folds around its separators", () => {
    const cases = [
      "SIP / 2.0 / UDP h : 5060 ; branch = x ; rport",
      "SIP/2.0/UDP   h:5060;branch=x;rport",
      "SIP/2.0/UDP\th:5060 ;\tbranch=x ;\trport",
      "SIP\r\n /\r\n 2.0 /UDP\r\n h\r\n :\r\n 5060\r\n ;\r\n branch\r\n =\r\n x\r\n ;\r\n rport",
    ];
    for (const text of cases) {
      equal(parse(text), Status.OK, text);
      equal(partsOf(text), "h|5060|x||rport", text);
    }
  });

  it("ends before the comma of the next value, and without the blanks there", () => {
    const cases: [string, number][] = [
      ["SIP/2.0/UDP a;branch=x, SIP/2.0/UDP b", 22],
      ["SIP/2.0/UDP a;branch=x , SIP/2.0/UDP b", 22],
      ["SIP/2.0/UDP a;rport,SIP/2.0/UDP b", 19],
      ["SIP/2.0/UDP a,SIP/2.0/UDP b", 13],
      ["SIP/2.0/UDP a:5\r\n ,SIP/2.0/UDP b", 15],
      ["SIP/2.0/UDP a ;branch=x,", 23],
    ];
    for (const [text, length] of cases) {
      equal(parse(text), Status.OK, text);
      equal(via.end - via.start, length, text);
      equal(textOf(bytesOf(`,${text}`), via.hostStart, via.hostEnd), "a", text);
    }
  });

  it("has its transport", () => {
    const cases: [string, ViaTransport][] = [
      ["UDP", ViaTransport.UDP],
      ["tcp", ViaTransport.TCP],
      ["Tls", ViaTransport.TLS],
      ["TLS-SCTP", ViaTransport.OTHER],
      ["WS", ViaTransport.OTHER],
      ["UDPX", ViaTransport.OTHER],
    ];
    for (const [name, transport] of cases) {
      equal(parse(`SIP/2.0/${name} h`), Status.OK, name);
      equal(via.transport, transport, name);
    }
  });

  it("tells an rport without value, with one and none", () => {
    const cases: [string, number][] = [
      ["", RPORT_ABSENT],
      [";rport", RPORT_EMPTY],
      [";rport ;x", RPORT_EMPTY],
      [";rport=1", 1],
      [";rport = 65535", 65535],
      [";rports=7", RPORT_ABSENT],
      [";x=rport", RPORT_ABSENT],
    ];
    for (const [parameters, rport] of cases) {
      equal(parse(`SIP/2.0/UDP h${parameters}`), Status.OK, parameters);
      equal(via.rport, rport, parameters);
    }
  });

  it("knows the magic cookie in any case, only at the begin of the branch, and not alone", () => {
    const cases: [string, boolean][] = [
      ["z9hG4bK", false],
      ["z9hG4bK1", true],
      ["Z9HG4BK1", true],
      ["z9hG4b", false],
      ["x9hG4bK1", false],
      ["z9hG4bX1", false],
      ["1z9hG4bK", false],
      ["z\x19hG4bK1", false],
      ["", false],
    ];
    for (const [branch, hasMagicCookie] of cases) {
      equal(parse(`SIP/2.0/UDP h;branch=${branch}`), Status.OK, branch);
      equal(via.hasMagicCookie, hasMagicCookie, branch);
    }
  });

  it("is malformed in its protocol, sent-by or parameters", () => {
    const cases = [
      "",
      "SIP",
      "SIP/2.0",
      "SIP/2.0/",
      "SIP/2.0/UDP",
      "SIP/2.0/UDP ",
      "SIP/2.0/UDP;branch=x",
      "SIP/2.0/UDP ;branch=x",
      "SIP/2.0/UDP :5060",
      "SIP/2.0/ h",
      "SIP/2.0 UDP h",
      "SIP//UDP h",
      "/2.0/UDP h",
      "SIP/1.0/UDP h",
      "SIP/2.00/UDP h",
      "HTTP/2.0/UDP h",
      "SIP/2.0/UDP/x h",
      "SIP/2.0/UDP h:",
      "SIP/2.0/UDP h:0",
      "SIP/2.0/UDP h:65536",
      "SIP/2.0/UDP h:99999999999999",
      "SIP/2.0/UDP h:-1",
      "SIP/2.0/UDP h:5060x",
      "SIP/2.0/UDP h i",
      "SIP/2.0/UDP h_i",
      "SIP/2.0/UDP h@i",
      "SIP/2.0/UDP \x00",
      "SIP/2.0/UDP \xe9",
      "SIP/2.0/UDP [::1",
      "SIP/2.0/UDP [::1]x",
      "SIP/2.0/UDP [:: 1]",
      "SIP/2.0/UDP [::\x001]",
      "SIP/2.0/UDP []",
      ",SIP/2.0/UDP h",
    ];
    for (const text of cases) {
      equal(parse(text), Status.MALFORMED, text);
      equal(via.start, via.end, `${text}: says by its end that it is none`);
    }
  });

  it("says how far it is good when its parameters are malformed, and has none of received and rport", () => {
    const cases = [
      ";",
      ";;branch=x",
      ";=x",
      ";branch=x y",
      ';a="b',
      ";rport=",
      ";rport=x",
      ";rport=-1",
      ";rport=65536",
      ";rport=99999999999999",
      ";received=",
      ";received=192.0.2.1;rport=7;",
    ];
    for (const parameters of cases) {
      equal(parse(`SIP/2.0/UDP h${parameters}`), Status.MALFORMED, parameters);
      equal(via.end - via.start, 13, parameters);
      equal(via.rport, RPORT_ABSENT, parameters);
      equal(via.receivedStart, via.receivedEnd, parameters);
    }
  });

  it("keeps nothing of an earlier value", () => {
    parse("SIP/2.0/TCP h:5070;branch=z9hG4bK1;received=192.0.2.1;rport=7");
    equal(parse("SIP/2.0/UDP i"), Status.OK);
    equal(partsOf("SIP/2.0/UDP i"), "i|0|||");
    equal(via.rport, RPORT_ABSENT);
    isTrue(!via.hasMagicCookie, "no cookie");
    parse("SIP/2.0/TCP h:5070;branch=z9hG4bK1;received=192.0.2.1;rport=7");
    equal(parse(""), Status.MALFORMED);
    equal(partsOf(""), "|0|||");
    equal(via.transport, ViaTransport.OTHER);
  });

  it("does not read outside its view", () => {
    const text = "SIP/2.0/UDP h:5060;branch=xyz";
    const bytes = bytesOf(text);
    for (let end = 0; end < text.length; end += 1) {
      const cutWell = end === 13 || (end >= 15 && end <= 18) || end >= 20;
      equal(parseVia(bytes, 0, end, via), cutWell ? Status.OK : Status.MALFORMED, text.substring(0, end));
    }
  });
});
