// SIP messages for the tests of the parsers, written for this project after RFC 3261 and after what the torture messages of
// RFC 4475 and RFC 5118 exercise. Each says what it is (MessageKind) and what is wrong with it (Defect).

import { Defect, MessageKind } from "../../firmware/sip/message";

export interface SipSample {
  title: string;
  text: string;
  kind: MessageKind;
  defect: Defect;
}

/** Header lines with CRLF, the blank line, and a body. */
export function sipText(lines: string[], body: string): string {
  return `${lines.join("\r\n")}\r\n\r\n${body}`;
}

/** A sound request whose lines the defective ones change. */
export const PLAIN_REQUEST: string[] = [
  "OPTIONS sip:door@h SIP/2.0",
  "Via: SIP/2.0/UDP a;branch=z9hG4bK1",
  "From: <sip:a@h>;tag=1",
  "To: <sip:door@h>",
  "Call-ID: 1@a",
  "CSeq: 1 OPTIONS",
  "Max-Forwards: 70",
  "Content-Length: 0",
];

/** PLAIN_REQUEST with `lines` in the place of the one that begins with `name`. */
export function plainRequestWith(name: string, lines: string[]): string {
  const all: string[] = [];
  for (const line of PLAIN_REQUEST) {
    if (line.substring(0, name.length) === name) {
      for (const other of lines) {
        all.push(other);
      }
    } else {
      all.push(line);
    }
  }
  return sipText(all, "");
}

function request(title: string, text: string): SipSample {
  return { title, text, kind: MessageKind.REQUEST, defect: Defect.NONE };
}

function response(title: string, text: string): SipSample {
  return { title, text, kind: MessageKind.RESPONSE, defect: Defect.NONE };
}

/** Messages without a fault, however odd. */
export const SOUND_MESSAGES: SipSample[] = [
  request(
    "an INVITE through two proxies, with a body and octets behind it",
    sipText(
      [
        "INVITE sip:hall%20lamp@[2001:db8::7]:5070;transport=udp SIP/2.0",
        "Via: SIP/2.0/UDP [2001:db8::1]:5060;branch=z9hG4bKa;rport, SIP/2.0/UDP b.example;branch=z9hG4bKb;received=192.0.2.9",
        "Via: SIP/2.0/TCP c.example:5061;branch=z9hG4bKc",
        "Record-Route: <sip:p1.example;lr>, <sip:p2.example;lr>",
        'From: "Front, \\"door\\" <1>" <sip:door;x=y@example.com>;tag=a48s',
        "To: Hall <sip:hall@example.com>",
        "Call-ID: f81d4fae@192.0.2.4",
        "CSeq: 2147483647 INVITE",
        "Max-Forwards: 255",
        'Contact: <sip:door@192.0.2.4;a=b,c?Subject=x>;q=0.5;note="a,b;c"',
        "Content-Type: application/sdp",
        "Content-Length: 5",
      ],
      "v=0\r\nbehind",
    ),
  ),
  request(
    "compact names in any case, blanks around colons",
    sipText(
      [
        "MESSAGE sip:h SIP/2.0",
        "v\t :SIP/2.0/UDP a;branch=z9hG4bK1",
        "F : sip:a@h;tag=1",
        "t:\tsip:h",
        "I:1",
        "cSEQ   :  7   MESSAGE ",
        "k:",
        "s  :   open, please  ",
        "L:2",
        "c:text/plain",
      ],
      "hi",
    ),
  ),
  request(
    "folded lines",
    sipText(
      [
        "OPTIONS sip:h SIP/2.0",
        "Via:\r\n SIP/2.0\r\n\t/ UDP\r\n a\r\n ;branch=z9hG4bK1",
        "From: sip:a@h\r\n  ;\r\n\ttag=1",
        "To:\r\n\tsip:h",
        "Call-ID\t:\r\n 1",
        "CSeq: 0009\r\n OPTIONS",
        "Subject: one\r\n \t two\r\n  three",
        "Content-Length:\r\n 0",
      ],
      "",
    ),
  ),
  request(
    "lines that end with LF alone, behind empty lines",
    `\r\n\n\r\n${plainRequestWith("Max-Forwards", ["Max-Forwards: 0"]).split("\r\n").join("\n")}`,
  ),
  request(
    "an unknown method of odd letters, an unknown scheme, version in small letters",
    sipText(
      [
        "Open_the-door.!%*+`'~ lock:17!?now sip/2.0",
        "Via: sip / 2.0 / SCTP a ;branch = z9hG4bK1 ; ttl=1 ; x=[y]",
        'From: "" <lock:a>;tag=1',
        "To: sip:h",
        "Call-ID: 1",
        "CSeq: 0 Open_the-door.!%*+`'~",
        'X-Unknown: a, "b", <c',
        "X-Unknown: again",
      ],
      "",
    ),
  ),
  request(
    "control octets and octets above 127 in values",
    plainRequestWith("Max-Forwards", [
      "Subject: a\x00b\x7f\x01,\xe9\xff",
      'Contact: "T\xc3\xbcr \x00" <sip:d@h>',
      "X-Odd: 1",
    ]),
  ),
  response(
    "a 200 without Content-Length: the body goes to the end",
    sipText(
      [
        "SIP/2.0 200 OK",
        "Via: SIP/2.0/UDP a:5060;branch=z9hG4bK1;received=192.0.2.1;rport=5062",
        "From: <sip:a@h>;tag=1",
        'To: "Hall"<sip:h@h>;tag=2',
        "Call-ID: 1@a",
        "CSeq: 2 INVITE",
        "Contact: <sip:h@192.0.2.7>",
      ],
      "v=0",
    ),
  ),
  response(
    "an empty reason phrase",
    sipText(["SIP/2.0 183 ", "v: SIP/2.0/UDP a", "f: sip:a@h;tag=1", "t: sip:h", "i: 1", "CSeq: 1 INVITE", "l: 0"], ""),
  ),
  response(
    "a status code without anything behind it",
    sipText(["sip/2.0 699", "v: SIP/2.0/UDP a", "f: sip:a@h;tag=1", "t: sip:h", "i: 1", "CSeq: 1 BYE", "l: 0"], ""),
  ),
  response(
    "a reason phrase of octets above 127 and a tab",
    sipText(
      [
        "SIP/2.0 100 \xd0\x9d\xd0\xb5\tSIP/2.0",
        "v: SIP/2.0/UDP a",
        "f: sip:a@h;tag=1",
        "t: sip:h",
        "i: 1",
        "CSeq: 1 BYE",
        "l: 0",
      ],
      "",
    ),
  ),
];

function defective(title: string, defect: Defect, name: string, lines: string[]): SipSample {
  return { title, text: plainRequestWith(name, lines), kind: MessageKind.REQUEST, defect };
}

/** Requests with one thing wrong. */
export const DEFECTIVE_MESSAGES: SipSample[] = [
  defective("version 7.0", Defect.VERSION, "OPTIONS", ["OPTIONS sip:door@h SIP/7.0"]),
  defective("version 2.00", Defect.VERSION, "OPTIONS", ["OPTIONS sip:door@h SIP/2.00"]),
  defective("a version without number", Defect.VERSION, "OPTIONS", ["OPTIONS sip:door@h SIP/2"]),
  defective("a request line without URI", Defect.START_LINE, "OPTIONS", ["OPTIONS SIP/2.0"]),
  defective("two blanks behind the method", Defect.START_LINE, "OPTIONS", ["OPTIONS  sip:door@h SIP/2.0"]),
  defective("two blanks behind the URI", Defect.START_LINE, "OPTIONS", ["OPTIONS sip:door@h  SIP/2.0"]),
  defective("a URI with a blank", Defect.START_LINE, "OPTIONS", ["OPTIONS sip:door @h SIP/2.0"]),
  defective("tabs for blanks", Defect.START_LINE, "OPTIONS", ["OPTIONS\tsip:door@h\tSIP/2.0"]),
  defective("a blank behind the version", Defect.START_LINE, "OPTIONS", ["OPTIONS sip:door@h SIP/2.0 "]),
  defective("blanks too many and version 7.0", Defect.START_LINE, "OPTIONS", ["OPTIONS  sip:door@h SIP/7.0"]),
  defective("no Via", Defect.VIA, "Via", []),
  defective("an empty Via", Defect.VIA, "Via", ["Via:"]),
  defective("a Via of version 1.0", Defect.VIA, "Via", ["Via: SIP/1.0/UDP a;branch=z9hG4bK1"]),
  defective("a Via without sent-by", Defect.VIA, "Via", ["Via: SIP/2.0/UDP ;branch=z9hG4bK1"]),
  defective("a Via whose IPv6 reference is open", Defect.VIA, "Via", ["Via: SIP/2.0/UDP [::1;branch=z9hG4bK1"]),
  defective("a Via that begins with a comma", Defect.VIA, "Via", ["Via: , SIP/2.0/UDP a;branch=z9hG4bK1"]),
  defective("no From", Defect.FROM, "From", []),
  defective("an empty From", Defect.FROM, "From", ["From:"]),
  defective("a display name without closing quote", Defect.FROM, "From", ['From: "a <sip:a@h>;tag=1']),
  defective("an open angle bracket", Defect.FROM, "From", ["From: <sip:a@h;tag=1"]),
  defective("two Froms", Defect.REPEATED_HEADER, "From", ["From: <sip:a@h>;tag=1", "f: <sip:a@h>;tag=1"]),
  defective("no To", Defect.TO, "To", []),
  defective("two addresses in To", Defect.TO, "To", ["To: <sip:door@h>, <sip:b@h>"]),
  defective("two Tos", Defect.REPEATED_HEADER, "To", ["To: <sip:door@h>", "t: <sip:b@h>"]),
  defective("no Call-ID", Defect.CALL_ID, "Call-ID", []),
  defective("an empty Call-ID", Defect.CALL_ID, "Call-ID", ["Call-ID: "]),
  defective("two Call-IDs", Defect.REPEATED_HEADER, "Call-ID", ["Call-ID: 1@a", "i: 2@a"]),
  defective("no CSeq", Defect.CSEQ, "CSeq", []),
  defective("an empty CSeq", Defect.CSEQ, "CSeq", ["CSeq:"]),
  defective("a CSeq of 2^31", Defect.CSEQ, "CSeq", ["CSeq: 2147483648 OPTIONS"]),
  defective("a CSeq of 37 digits", Defect.CSEQ, "CSeq", ["CSeq: 1000000000000000000000000000000000001 OPTIONS"]),
  defective("a negative CSeq", Defect.CSEQ, "CSeq", ["CSeq: -1 OPTIONS"]),
  defective("a CSeq without method", Defect.CSEQ, "CSeq", ["CSeq: 1"]),
  defective("a CSeq without number", Defect.CSEQ, "CSeq", ["CSeq: OPTIONS"]),
  defective("something behind the CSeq", Defect.CSEQ, "CSeq", ["CSeq: 1 OPTIONS 2"]),
  defective("two CSeqs", Defect.REPEATED_HEADER, "CSeq", ["CSeq: 1 OPTIONS", "CSeq: 2 OPTIONS"]),
  defective("a CSeq of another method", Defect.CSEQ_METHOD, "CSeq", ["CSeq: 1 INVITE"]),
  defective("a CSeq whose method has other letters", Defect.CSEQ_METHOD, "CSeq", ["CSeq: 1 Options"]),
  defective("a CSeq whose method goes on", Defect.CSEQ_METHOD, "CSeq", ["CSeq: 1 OPTIONSX"]),
  defective("two Max-Forwards", Defect.REPEATED_HEADER, "Max", ["Max-Forwards: 70", "Max-Forwards: 70"]),
  defective("Max-Forwards 256", Defect.MAX_FORWARDS, "Max", ["Max-Forwards: 256"]),
  defective("Max-Forwards below 0", Defect.MAX_FORWARDS, "Max", ["Max-Forwards: -1"]),
  defective("an empty Max-Forwards", Defect.MAX_FORWARDS, "Max", ["Max-Forwards:"]),
  defective("a Max-Forwards beyond 32 bits", Defect.MAX_FORWARDS, "Max", ["Max-Forwards: 4294967366"]),
  defective("a Content-Length below 0", Defect.CONTENT_LENGTH, "Content", ["Content-Length: -1"]),
  defective("an empty Content-Length", Defect.CONTENT_LENGTH, "Content", ["Content-Length:"]),
  defective("a Content-Length that is no number", Defect.CONTENT_LENGTH, "Content", ["Content-Length: 0x0"]),
  defective("a Content-Length with a sign", Defect.CONTENT_LENGTH, "Content", ["Content-Length: +0"]),
  defective("a Content-Length beyond 32 bits", Defect.CONTENT_LENGTH, "Content", ["Content-Length: 4294967296"]),
  defective("two Content-Lengths", Defect.CONTENT_LENGTH, "Content", ["Content-Length: 0", "l: 1"]),
  defective("a third Content-Length", Defect.CONTENT_LENGTH, "Content", ["l: 0", "l: 0", "l: 1"]),
  defective("a body that is shorter than it says", Defect.BODY_CUT, "Content", ["Content-Length: 1"]),
  defective("a body that is much shorter than it says", Defect.BODY_CUT, "Content", ["Content-Length: 9999"]),
  defective("a line without colon", Defect.HEADER_LINE, "Max", ["Max-Forwards 70"]),
  defective("a line without name", Defect.HEADER_LINE, "Max", [": 70"]),
  defective("a name of two words", Defect.HEADER_LINE, "Max", ["Max Forwards: 70"]),
  defective("a name with a control octet", Defect.HEADER_LINE, "Max", ["Max\x00Forwards: 70"]),
  defective("a name with an octet above 127", Defect.HEADER_LINE, "Max", ["M\xe4x-Forwards: 70"]),
  defective("a CR alone in a value", Defect.HEADER_LINE, "Max", ["Subject: x\rMax-Forwards: 70"]),
  defective("a CR alone between lines", Defect.HEADER_LINE, "Max", ["\rMax-Forwards: 70"]),
  defective("a first header line that is folded", Defect.HEADER_LINE, "Via", [" x: y", PLAIN_REQUEST[1]]),
  {
    title: "no end of the header fields",
    text: `${PLAIN_REQUEST.join("\r\n")}\r\n`,
    kind: MessageKind.REQUEST,
    defect: Defect.NO_END_OF_HEADERS,
  },
  {
    title: "a last header line that is cut",
    text: PLAIN_REQUEST.join("\r\n"),
    kind: MessageKind.REQUEST,
    defect: Defect.NO_END_OF_HEADERS,
  },
  {
    title: "a response without CSeq",
    text: sipText(["SIP/2.0 200 OK", "v: SIP/2.0/UDP a", "f: sip:a@h;tag=1", "t: sip:h", "i: 1"], ""),
    kind: MessageKind.RESPONSE,
    defect: Defect.CSEQ,
  },
];

function foreign(title: string, startLine: string): SipSample {
  const text = `${startLine}\r\n${plainRequestWith("OPTIONS", [])}`;
  return { title, text, kind: MessageKind.FOREIGN, defect: Defect.START_LINE };
}

/** Datagrams that are no SIP message. */
export const FOREIGN_DATAGRAMS: SipSample[] = [
  { title: "nothing", text: "", kind: MessageKind.EMPTY, defect: Defect.NONE },
  { title: "a keep-alive", text: "\r\n\r\n", kind: MessageKind.EMPTY, defect: Defect.NONE },
  { title: "line feeds", text: "\n\n\n", kind: MessageKind.EMPTY, defect: Defect.NONE },
  { title: "one NUL", text: "\x00", kind: MessageKind.FOREIGN, defect: Defect.START_LINE },
  {
    title: "a STUN request",
    text: "\x00\x01\x00\x00\x21\x12\xa4\x42abcdefghijkl",
    kind: MessageKind.FOREIGN,
    defect: Defect.START_LINE,
  },
  {
    title: "a start line without end",
    text: "BYE sip:h SIP/2.0",
    kind: MessageKind.FOREIGN,
    defect: Defect.START_LINE,
  },
  { title: "a status line cut short", text: "SIP/2.0 20", kind: MessageKind.FOREIGN, defect: Defect.START_LINE },
  foreign("HTTP", "GET / HTTP/1.1"),
  foreign("a request line without version", "OPTIONS sip:door@h"),
  foreign("a method alone", "OPTIONS"),
  foreign("a method that is no token", "OPT/IONS sip:door@h SIP/2.0"),
  foreign("a blank in front", " OPTIONS sip:door@h SIP/2.0"),
  foreign("a NUL in the URI", "OPTIONS sip:d\x00r@h SIP/2.0"),
  foreign("a version of three letters", "OPTIONS sip:door@h SIP"),
  foreign("status code 99", "SIP/2.0 099 Low"),
  foreign("status code 700", "SIP/2.0 700 High"),
  foreign("status code 0", "SIP/2.0 000 None"),
  foreign("a status code of two digits", "SIP/2.0 20 OK"),
  foreign("a status code of four digits", "SIP/2.0 2000 OK"),
  foreign("a status code below 0", "SIP/2.0 -20 OK"),
  foreign("a status code with a letter", "SIP/2.0 2x0 OK"),
  foreign("no blank behind the status code", "SIP/2.0 200OK"),
  foreign("two blanks before the status code", "SIP/2.0  200 OK"),
  foreign("no status code", "SIP/2.0"),
  foreign("a status line of version 3.0", "SIP/3.0 200 OK"),
];
