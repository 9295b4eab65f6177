// The message index on sound messages: what is found where, in every form that RFC 3261 section 7 allows.

import { createBytes, fillBytes } from "../../firmware/bytes/bytes";
import { HeaderName } from "../../firmware/sip/header-name";
import {
  createMessage,
  Defect,
  hasHeader,
  headerEnd,
  headerNumber,
  headerStart,
  isAnswerable,
  MessageKind,
  NO_HEADER,
} from "../../firmware/sip/message";
import { parseMessage } from "../../firmware/sip/message-parser";
import { Method } from "../../firmware/sip/method";
import { Status } from "../../firmware/sip/status";
import { RPORT_ABSENT, ViaTransport } from "../../firmware/sip/via";
import { describe, equal, isTrue, it } from "../harness";
import { bytesOf, textOf } from "../octets";
import { FOREIGN_DATAGRAMS, plainRequestWith, SOUND_MESSAGES, sipText } from "../vectors/sip-messages";

const message = createMessage(64);

function parse(text: string): Status {
  return parseMessage(message, bytesOf(text), 0, text.length);
}

function part(start: number, end: number): string {
  return textOf(message.bytes, start, end);
}

function first(name: HeaderName): string {
  return part(headerStart(message, name), headerEnd(message, name));
}

/** The values of all header fields of a name, in the order of the chain. */
function all(name: HeaderName): string {
  const values: string[] = [];
  let header = message.firsts[name];
  while (header !== NO_HEADER) {
    values.push(part(message.values[2 * header], message.values[2 * header + 1]));
    header = message.following[header];
  }
  return values.join("|");
}

describe("message", () => {
  it("takes every sound message", () => {
    for (const sample of SOUND_MESSAGES) {
      equal(parse(sample.text), Status.OK, sample.title);
      equal(message.kind, sample.kind, sample.title);
      equal(message.defect, Defect.NONE, sample.title);
    }
  });

  it("indexes a request through two proxies", () => {
    const { text } = SOUND_MESSAGES[0];
    parse(text);
    equal(message.method, Method.INVITE);
    equal(part(message.methodStart, message.methodEnd), "INVITE");
    equal(part(message.uriStart, message.uriEnd), "sip:hall%20lamp@[2001:db8::7]:5070;transport=udp");
    equal(message.headerCount, 11);
    equal(message.names[0], HeaderName.VIA);
    equal(message.names[10], HeaderName.CONTENT_LENGTH);
    equal(part(message.lines[1], message.lines[1] + 8), "Via: SIP");
    equal(part(message.via.start, message.via.end), "SIP/2.0/UDP [2001:db8::1]:5060;branch=z9hG4bKa;rport");
    equal(part(message.via.branchStart, message.via.branchEnd), "z9hG4bKa");
    equal(part(message.from.displayStart, message.from.displayEnd), '"Front, \\"door\\" <1>"');
    equal(part(message.from.uriStart, message.from.uriEnd), "sip:door;x=y@example.com");
    equal(part(message.from.tagStart, message.from.tagEnd), "a48s");
    equal(part(message.to.displayStart, message.to.displayEnd), "Hall");
    equal(message.to.tagStart, message.to.tagEnd, "no tag in To");
    equal(part(message.callIdStart, message.callIdEnd), "f81d4fae@192.0.2.4");
    equal(message.cseq.number.high, 0x7fff);
    equal(message.cseq.number.low, 0xffff);
    equal(message.cseq.method, Method.INVITE);
    equal(message.maxForwards, 255);
    equal(headerNumber(message, HeaderName.CONTENT_LENGTH), 5);
    isTrue(isAnswerable(message), "answerable");
  });

  it("chains the header fields of a name in their order, among others", () => {
    parse(SOUND_MESSAGES[0].text);
    equal(
      all(HeaderName.VIA),
      "SIP/2.0/UDP [2001:db8::1]:5060;branch=z9hG4bKa;rport, SIP/2.0/UDP b.example;branch=z9hG4bKb;received=192.0.2.9|SIP/2.0/TCP c.example:5061;branch=z9hG4bKc",
    );
    equal(
      parse(plainRequestWith("Max", ["Route: <sip:1>", "x-odd: y", "route: <sip:2>", "ROUTE:", "Route: <sip:3>"])),
      0,
    );
    equal(all(HeaderName.ROUTE), "<sip:1>|<sip:2>||<sip:3>");
    equal(all(HeaderName.OTHER), "y", "x-odd is no name of the table");
    equal(all(HeaderName.RECORD_ROUTE), "");
  });

  it("takes the body by Content-Length and leaves the octets behind it", () => {
    const { text } = SOUND_MESSAGES[0];
    parse(text);
    equal(part(message.bodyStart, message.bodyEnd), "v=0\r\n");
    equal(message.end, text.length - 6, "the message ends with its body");
  });

  it("takes the body to the end of the datagram without Content-Length", () => {
    parse(SOUND_MESSAGES[6].text);
    equal(part(message.bodyStart, message.bodyEnd), "v=0");
    equal(parse(plainRequestWith("Content", [])), Status.OK);
    equal(message.bodyStart, message.bodyEnd, "no body");
  });

  it("takes a Content-Length that is given twice alike, and one with leading zeros", () => {
    equal(parse(plainRequestWith("Content", ["Content-Length: 0", "l: 00"])), Status.OK);
    equal(parse(`${plainRequestWith("Content", ["Content-Length: 0002"])}abc`), Status.OK);
    equal(part(message.bodyStart, message.bodyEnd), "ab");
  });

  it("knows compact names in any case and takes blanks off values", () => {
    parse(SOUND_MESSAGES[1].text);
    equal(message.method, Method.MESSAGE);
    equal(part(message.via.hostStart, message.via.hostEnd), "a");
    equal(part(message.from.uriStart, message.from.uriEnd), "sip:a@h");
    equal(part(message.from.tagStart, message.from.tagEnd), "1");
    equal(part(message.callIdStart, message.callIdEnd), "1");
    equal(message.cseq.number.low, 7);
    equal(first(HeaderName.SUBJECT), "open, please");
    isTrue(hasHeader(message, HeaderName.SUPPORTED), "a header without value is there");
    equal(first(HeaderName.SUPPORTED), "");
    equal(first(HeaderName.CONTENT_TYPE), "text/plain");
    equal(part(message.bodyStart, message.bodyEnd), "hi");
    equal(message.maxForwards, -1, "no Max-Forwards");
  });

  it("reads values over folded lines", () => {
    parse(SOUND_MESSAGES[2].text);
    equal(message.headerCount, 7);
    equal(message.via.transport, ViaTransport.UDP);
    equal(part(message.via.hostStart, message.via.hostEnd), "a");
    equal(part(message.via.branchStart, message.via.branchEnd), "z9hG4bK1");
    equal(part(message.from.tagStart, message.from.tagEnd), "1");
    equal(part(message.to.uriStart, message.to.uriEnd), "sip:h");
    equal(message.cseq.number.low, 9);
    equal(first(HeaderName.SUBJECT), "one\r\n \t two\r\n  three");
  });

  it("starts behind empty lines and takes LF alone as a line end", () => {
    parse(SOUND_MESSAGES[3].text);
    equal(message.start, 5);
    equal(message.method, Method.OPTIONS);
    equal(message.headerCount, 7);
    equal(message.maxForwards, 0);
    equal(message.bodyStart, SOUND_MESSAGES[3].text.length);
  });

  it("keeps what it does not know: method, scheme, transport, header fields", () => {
    parse(SOUND_MESSAGES[4].text);
    equal(message.method, Method.OTHER);
    equal(part(message.methodStart, message.methodEnd), "Open_the-door.!%*+`'~");
    equal(part(message.uriStart, message.uriEnd), "lock:17!?now");
    equal(message.via.transport, ViaTransport.OTHER);
    equal(message.via.rport, RPORT_ABSENT);
    equal(all(HeaderName.OTHER), 'a, "b", <c|again');
  });

  it("keeps control octets and octets above 127 in values", () => {
    parse(SOUND_MESSAGES[5].text);
    equal(first(HeaderName.SUBJECT), "a\x00b\x7f\x01,\xe9\xff");
    equal(first(HeaderName.CONTACT), '"T\xc3\xbcr \x00" <sip:d@h>');
    equal(all(HeaderName.OTHER), "1");
  });

  it("reads status lines with reason, with an empty one and without", () => {
    const cases: [number, number, string, Method][] = [
      [6, 200, "OK", Method.INVITE],
      [7, 183, "", Method.INVITE],
      [8, 699, "", Method.BYE],
      [9, 100, "\xd0\x9d\xd0\xb5\tSIP/2.0", Method.BYE],
    ];
    for (const [index, code, reason, method] of cases) {
      const sample = SOUND_MESSAGES[index];
      parse(sample.text);
      equal(message.statusCode, code, sample.title);
      equal(part(message.reasonStart, message.reasonEnd), reason, sample.title);
      equal(message.method, method, "the method is CSeq's");
      isTrue(!isAnswerable(message), "a response is not answered");
    }
  });

  it("does not answer an ACK, nor a request without Via", () => {
    const lines = ["ACK sip:h SIP/2.0", "v: SIP/2.0/UDP a", "f: sip:a@h;tag=1", "t: sip:h", "i: 1", "CSeq: 1 ACK"];
    equal(parse(sipText(lines, "")), Status.OK);
    isTrue(!isAnswerable(message), "ACK");
    parse(plainRequestWith("Via", []));
    isTrue(!isAnswerable(message), "no Via");
    parse(plainRequestWith("CSeq", []));
    isTrue(isAnswerable(message), "no CSeq, but a Via");
  });

  it("tells a keep-alive and foreign datagrams from SIP", () => {
    for (const sample of FOREIGN_DATAGRAMS) {
      equal(parse(sample.text), Status.MISSING, sample.title);
      equal(message.kind, sample.kind, sample.title);
      equal(message.defect, sample.defect, sample.title);
      equal(message.headerCount, 0, sample.title);
      isTrue(!hasHeader(message, HeaderName.VIA), "nothing of an earlier message is left");
    }
  });

  it("reads numbers up to what follows them", () => {
    parse(plainRequestWith("Max", ["Expires: 3600", "Retry-After: 18 (lunch);duration=3", "Min-Expires: soon"]));
    equal(headerNumber(message, HeaderName.EXPIRES), 3600);
    equal(headerNumber(message, HeaderName.RETRY_AFTER), 18);
    equal(headerNumber(message, HeaderName.MIN_EXPIRES), -1);
    equal(headerNumber(message, HeaderName.SESSION_EXPIRES), -1, "not there");
    equal(headerStart(message, HeaderName.SESSION_EXPIRES), 0);
    equal(headerEnd(message, HeaderName.SESSION_EXPIRES), 0);
  });

  it("is the same wherever the message lies in the buffer", () => {
    const { text } = SOUND_MESSAGES[0];
    const bytes = createBytes(text.length + 1000);
    for (const start of [1, 300, 1000]) {
      fillBytes(bytes, 0, bytes.length, 0x41);
      for (let index = 0; index < text.length; index += 1) {
        bytes[start + index] = text.charCodeAt(index);
      }
      equal(parseMessage(message, bytes, start, start + text.length), Status.OK);
      equal(message.start, start);
      equal(message.kind, MessageKind.REQUEST);
      equal(part(message.callIdStart, message.callIdEnd), "f81d4fae@192.0.2.4");
      equal(part(message.bodyStart, message.bodyEnd), "v=0\r\n");
      equal(message.lines[0] - start, text.indexOf("Via"));
    }
  });
});
