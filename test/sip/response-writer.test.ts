// Responses (RFC 3261 8.2.6): what all responses to a request share, status lines, bodies, and buffers that are too small.

import { type Bytes, createBytes, fillBytes } from "../../firmware/bytes/bytes";
import { createEndpoint, parseAddress } from "../../firmware/bytes/ip-address";
import { createText } from "../../firmware/bytes/text";
import { createWriter, openWriter, putText } from "../../firmware/bytes/writer";
import { HeaderName } from "../../firmware/sip/header-name";
import { createMessage } from "../../firmware/sip/message";
import { parseMessage } from "../../firmware/sip/message-parser";
import {
  closeBody,
  openBody,
  putHeaderNumber,
  putHeadersOf,
  putHeaderText,
  putNoBody,
  STATUS_LINE_ROOM,
  writeSharedHeaders,
  writeStatusLine,
} from "../../firmware/sip/response-writer";
import { Status } from "../../firmware/sip/status";
import { describe, equal, isTrue, it, itSlow } from "../harness";
import { bytesOf, textOf } from "../octets";
import { plainRequestWith, SOUND_MESSAGES } from "../vectors/sip-messages";

const message = createMessage(64);
const answer = createMessage(64);
const writer = createWriter();
const source = createEndpoint();
const buffer = createBytes(1500);
const TAG = bytesOf("0123456789abcdef");
const REASON = createText("Nobody Home");
const BODY = createText("v=0\r\n");
const LONG_BODY = createText("longer than the room");

function setSource(address: string, port: number): void {
  source.family = parseAddress(bytesOf(address), 0, address.length, source.address);
  source.port = port;
}

/** The shared header fields of a request's responses, or the status in brackets. */
function shared(request: string, into: Bytes): string {
  parseMessage(message, bytesOf(request), 0, request.length);
  const status = writeSharedHeaders(writer, into, message, source, TAG, 8);
  return status === Status.OK ? textOf(into, STATUS_LINE_ROOM, writer.length) : `(${status})`;
}

function topViaOf(lines: string[]): string {
  const written = shared(plainRequestWith("Via", lines), buffer);
  return written.substring(0, written.indexOf("\r\nFrom"));
}

describe("response writer", () => {
  it("copies Via, From, To, Call-ID and CSeq and puts the tag into To", () => {
    setSource("192.0.2.7", 5062);
    equal(
      shared(plainRequestWith("Max", ["Subject: x", "Route: <sip:a>", "Record-Route: <sip:b>"]), buffer),
      "Via: SIP/2.0/UDP a;branch=z9hG4bK1;received=192.0.2.7\r\nFrom: <sip:a@h>;tag=1\r\n" +
        "To: <sip:door@h>;tag=01234567\r\nCall-ID: 1@a\r\nCSeq: 1 OPTIONS\r\n",
    );
  });

  it("copies all values of Via, and Record-Route of an INVITE, in their order", () => {
    setSource("2001:db8::7", 5071);
    equal(
      shared(SOUND_MESSAGES[0].text, buffer),
      "Via: SIP/2.0/UDP [2001:db8::1]:5060;branch=z9hG4bKa;rport=5071;received=2001:db8::7, " +
        "SIP/2.0/UDP b.example;branch=z9hG4bKb;received=192.0.2.9\r\n" +
        "Via: SIP/2.0/TCP c.example:5061;branch=z9hG4bKc\r\n" +
        'From: "Front, \\"door\\" <1>" <sip:door;x=y@example.com>;tag=a48s\r\n' +
        "To: Hall <sip:hall@example.com>;tag=01234567\r\n" +
        "Call-ID: f81d4fae@192.0.2.4\r\nCSeq: 2147483647 INVITE\r\n" +
        "Record-Route: <sip:p1.example;lr>, <sip:p2.example;lr>\r\n",
    );
  });

  it("copies Timestamp (8.2.6.1)", () => {
    setSource("192.0.2.7", 5062);
    const written = shared(plainRequestWith("Max", ["Timestamp: 54.25"]), buffer);
    isTrue(written.indexOf("\r\nTimestamp: 54.25\r\n") > 0, written);
  });

  it("leaves a tag in To that is there", () => {
    setSource("192.0.2.7", 5060);
    const written = shared(plainRequestWith("To", ["t: <sip:door@h>;x;tag=9"]), buffer);
    isTrue(written.indexOf("To: <sip:door@h>;x;tag=9\r\n") > 0, written);
  });

  it("tells in the topmost Via the port when rport asks for it, and the address, whatever stood there", () => {
    setSource("192.0.2.7", 5062);
    const cases: [string[], string][] = [
      [["v: SIP/2.0/UDP a;rport;branch=x"], "Via: SIP/2.0/UDP a;rport=5062;branch=x;received=192.0.2.7"],
      [["v: SIP/2.0/UDP a;branch=x;rport"], "Via: SIP/2.0/UDP a;branch=x;rport=5062;received=192.0.2.7"],
      [["v: SIP/2.0/UDP a ; RPORT = 1 ; x"], "Via: SIP/2.0/UDP a ; rport=5062 ; x;received=192.0.2.7"],
      [["v: SIP/2.0/UDP a"], "Via: SIP/2.0/UDP a;received=192.0.2.7"],
      [["v: SIP/2.0/UDP a;received=9.9.9.9;x"], "Via: SIP/2.0/UDP a;received=192.0.2.7;x"],
      [["v: SIP/2.0/UDP a;received=::1;x;rport=9;y"], "Via: SIP/2.0/UDP a;received=192.0.2.7;x;rport=5062;y"],
      [["v: SIP/2.0/UDP a;rport;received=::1"], "Via: SIP/2.0/UDP a;rport=5062;received=192.0.2.7"],
      [["v: SIP/2.0/UDP a;;branch=x"], "Via: SIP/2.0/UDP a;received=192.0.2.7;;branch=x"],
      [["v: SIP/2.0/UDP a;rport , SIP/2.0/UDP b"], "Via: SIP/2.0/UDP a;rport=5062;received=192.0.2.7 , SIP/2.0/UDP b"],
      [
        ["v: SIP/2.0/UDP a;rport", "Via: SIP/2.0/UDP b;rport"],
        "Via: SIP/2.0/UDP a;rport=5062;received=192.0.2.7\r\nVia: SIP/2.0/UDP b;rport",
      ],
    ];
    for (const [lines, written] of cases) {
      equal(topViaOf(lines), written, lines[0]);
    }
  });

  it("writes a Via that reads as the one of the request, wherever its parameters stand", () => {
    setSource("2001:db8::7", 5062);
    for (const parameters of [";rport;branch=x", ";branch=x;rport=7", "; branch = x ;\r\n rport\r\n ;y"]) {
      const written = `${shared(plainRequestWith("Via", [`Via: SIP/2.0/UDP a${parameters}`]), buffer)}\r\n`;
      const response = bytesOf(`SIP/2.0 200 OK\r\n${written}`);
      equal(parseMessage(answer, response, 0, response.length), Status.OK, parameters);
      equal(answer.via.rport, 5062, parameters);
      equal(textOf(response, answer.via.branchStart, answer.via.branchEnd), "x", parameters);
      equal(textOf(response, answer.via.receivedStart, answer.via.receivedEnd), "2001:db8::7", parameters);
    }
  });

  it("leaves out what a defective request does not have", () => {
    setSource("192.0.2.7", 5060);
    const via = "Via: SIP/2.0/UDP a;branch=z9hG4bK1;received=192.0.2.7\r\n";
    const from = "From: <sip:a@h>;tag=1\r\n";
    const to = "To: <sip:door@h>;tag=01234567\r\n";
    const callId = "Call-ID: 1@a\r\n";
    const cseq = "CSeq: 1 OPTIONS\r\n";
    equal(shared(plainRequestWith("From", []), buffer), via + to + callId + cseq);
    equal(shared(plainRequestWith("To", []), buffer), via + from + callId + cseq);
    equal(shared(plainRequestWith("Call-ID", []), buffer), via + from + to + cseq);
    equal(shared(plainRequestWith("CSeq", []), buffer), via + from + to + callId);
    equal(shared(plainRequestWith("Via", ["Via: x"]), buffer), from + to + callId + cseq);
  });

  itSlow("is TOO_LONG for every buffer that is too small, and writes nothing outside it", () => {
    setSource("2001:db8::7", 5071);
    const request = SOUND_MESSAGES[0].text;
    const needed = STATUS_LINE_ROOM + shared(request, buffer).length;
    for (let size = STATUS_LINE_ROOM; size < needed; size += 1) {
      equal(shared(request, createBytes(size)), `(${Status.TOO_LONG})`, `${size} octets`);
    }
    isTrue(shared(request, createBytes(needed)).length > 0, "one that is large enough");
  });

  it("puts the status line right before the shared part, with the usual reason or another", () => {
    const cases: [number, number, string][] = [
      [200, 0, "SIP/2.0 200 OK\r\n"],
      [100, 0, "SIP/2.0 100 Trying\r\n"],
      [407, 0, "SIP/2.0 407 Proxy Authentication Required\r\n"],
      [481, 0, "SIP/2.0 481 Call/Transaction Does Not Exist\r\n"],
      [480, REASON, "SIP/2.0 480 Nobody Home\r\n"],
      [699, 0, "SIP/2.0 699 Response\r\n"],
    ];
    for (const [code, reason, line] of cases) {
      fillBytes(buffer, 0, buffer.length, 0x2a);
      const start = writeStatusLine(buffer, code, reason);
      equal(start, STATUS_LINE_ROOM - line.length, line);
      equal(textOf(buffer, start - 1, STATUS_LINE_ROOM + 1), `*${line}*`);
    }
  });

  it("ends with an empty body, or with a body whose length it fills in", () => {
    openWriter(writer, buffer, 0, buffer.length);
    putNoBody(writer);
    equal(textOf(buffer, 0, writer.length), "Content-Length: 0\r\n\r\n");
    openWriter(writer, buffer, 0, buffer.length);
    let body = openBody(writer);
    equal(body, writer.length);
    putText(writer, BODY);
    closeBody(writer, body);
    equal(textOf(buffer, 0, writer.length), "Content-Length:    5\r\n\r\nv=0\r\n");
    openWriter(writer, buffer, 0, buffer.length);
    body = openBody(writer);
    for (let count = 0; count < 205; count += 1) {
      putText(writer, BODY);
    }
    closeBody(writer, body);
    equal(textOf(buffer, 0, body), "Content-Length: 1025\r\n\r\n");
    openWriter(writer, buffer, 0, buffer.length);
    body = openBody(writer);
    closeBody(writer, body);
    equal(textOf(buffer, 0, body), "Content-Length:    0\r\n\r\n");
  });

  it("does not fill a length into a body that did not fit", () => {
    const small = createBytes(30);
    openWriter(writer, small, 0, 30);
    const body = openBody(writer);
    putText(writer, LONG_BODY);
    closeBody(writer, body);
    isTrue(writer.overflowed, "overflowed");
    openWriter(writer, small, 0, 10);
    fillBytes(small, 0, 30, 0x2a);
    closeBody(writer, openBody(writer));
    equal(textOf(small, 10, 30), "********************", "nothing behind its end");
  });

  it("writes header fields of texts, of numbers and of a message", () => {
    openWriter(writer, buffer, 0, buffer.length);
    putHeaderText(writer, HeaderName.SERVER, REASON);
    putHeaderNumber(writer, HeaderName.RETRY_AFTER, 0);
    putHeaderNumber(writer, HeaderName.EXPIRES, 134217727);
    const request = plainRequestWith("Max", ["Route: <sip:a>", "Subject: x", "Route:\r\n <sip:b>"]);
    parseMessage(message, bytesOf(request), 0, request.length);
    putHeadersOf(writer, message, HeaderName.ROUTE);
    putHeadersOf(writer, message, HeaderName.CONTACT);
    equal(
      textOf(buffer, 0, writer.length),
      "Server: Nobody Home\r\nRetry-After: 0\r\nExpires: 134217727\r\nRoute: <sip:a>\r\nRoute: <sip:b>\r\n",
    );
  });
});
