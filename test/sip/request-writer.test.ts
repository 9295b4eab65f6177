// Requests (RFC 3261 8.1.1), and the ACK (17.1.1.3) and CANCEL (9.1) that are made from an INVITE.

import { type Bytes, createBytes } from "../../firmware/bytes/bytes";
import { createFixedText, type FixedText, setFixedText } from "../../firmware/bytes/fixed-text";
import { createWriter, openWriter } from "../../firmware/bytes/writer";
import { HeaderName } from "../../firmware/sip/header-name";
import { createMessage } from "../../firmware/sip/message";
import { parseMessage } from "../../firmware/sip/message-parser";
import { Method } from "../../firmware/sip/method";
import {
  putAddressWithTag,
  putCredentialsOf,
  putCSeq,
  putExpires,
  putHeaderFixed,
  putRequestLine,
  putViaAndMaxForwards,
  writeAcknowledgement,
  writeCancel,
} from "../../firmware/sip/request-writer";
import { Status } from "../../firmware/sip/status";
import { describe, equal, isTrue, it, itSlow } from "../harness";
import { bytesOf, textOf } from "../octets";
import { DEFECTIVE_MESSAGES, sipText } from "../vectors/sip-messages";

const writer = createWriter();
const buffer = createBytes(1500);
const response = createMessage(64);

const INVITE = sipText(
  [
    "INVITE sip:hall@192.0.2.9 SIP/2.0",
    "Via: SIP/2.0/UDP 192.0.2.4;branch=z9hG4bK77;rport, SIP/2.0/UDP b;branch=z9hG4bK78",
    "Via: SIP/2.0/UDP c;branch=z9hG4bK79",
    "Max-Forwards: 12",
    "Route: <sip:p1;lr>, <sip:p2;lr>",
    "Route: <sip:p3;lr>",
    'From: "Door" <sip:door@h>;tag=1',
    "To: <sip:hall@h>",
    "Call-ID: 1@a",
    "CSeq: 2147483647 INVITE",
    "Contact: <sip:door@192.0.2.4>",
    'Authorization: Digest username="door"',
    'Proxy-Authorization: Digest username="gate"',
    "Content-Type: application/sdp",
    "Content-Length: 3",
  ],
  "v=0",
);

const REFUSAL = sipText(
  [
    "SIP/2.0 486 Busy Here",
    "Via: SIP/2.0/UDP 192.0.2.4;branch=z9hG4bK77;rport=5060;received=192.0.2.4",
    'From: "Door" <sip:door@h>;tag=1',
    "To: <sip:hall@h>;tag=2",
    "Call-ID: 1@a",
    "CSeq: 2147483647 INVITE",
    "Content-Length: 0",
  ],
  "",
);

/** What both have of the INVITE: no body, no Contact, one Via, its Max-Forwards new. */
function derived(method: string, to: string): string {
  return sipText(
    [
      `${method} sip:hall@192.0.2.9 SIP/2.0`,
      "Via: SIP/2.0/UDP 192.0.2.4;branch=z9hG4bK77;rport",
      "Max-Forwards: 70",
      "Route: <sip:p1;lr>, <sip:p2;lr>",
      "Route: <sip:p3;lr>",
      'From: "Door" <sip:door@h>;tag=1',
      to,
      "Call-ID: 1@a",
      `CSeq: 2147483647 ${method}`,
      'Authorization: Digest username="door"',
      'Proxy-Authorization: Digest username="gate"',
      "Content-Length: 0",
    ],
    "",
  );
}

/** The lines sorted into one text: the order of header fields is free. */
function sorted(text: string): string {
  return text.split("\r\n").sort().join("\n");
}

function written(): string {
  return textOf(buffer, 0, writer.length);
}

function fixed(text: string): FixedText {
  const kept = createFixedText(100);
  setFixedText(kept, bytesOf(text), 0, text.length);
  return kept;
}

function acknowledge(request: string, room: number): Status {
  parseMessage(response, bytesOf(REFUSAL), 0, REFUSAL.length);
  openWriter(writer, buffer, 0, room);
  return writeAcknowledgement(writer, bytesOf(request), request.length, response);
}

function cancel(request: string, room: number): Status {
  openWriter(writer, buffer, 0, room);
  return writeCancel(writer, bytesOf(request), request.length, 0);
}

describe("request writer", () => {
  it("writes request line, Via, Max-Forwards, addresses, CSeq and kept texts", () => {
    openWriter(writer, buffer, 0, buffer.length);
    const target: Bytes = bytesOf("<sip:hall@h>");
    putRequestLine(writer, Method.REGISTER, target, 1, 11);
    putViaAndMaxForwards(writer, fixed("192.0.2.4:5060"), bytesOf("z9hG4bK77"));
    putAddressWithTag(writer, HeaderName.FROM, fixed("<sip:door@h>"), fixed("1"));
    putAddressWithTag(writer, HeaderName.TO, fixed("<sip:hall@h>"), fixed(""));
    putHeaderFixed(writer, HeaderName.CALL_ID, fixed("1@a"));
    putCSeq(writer, 134217727, Method.REGISTER);
    putExpires(writer, 3600);
    equal(
      written(),
      "REGISTER sip:hall@h SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.4:5060;branch=z9hG4bK77;rport\r\nMax-Forwards: 70\r\n" +
        "From: <sip:door@h>;tag=1\r\nTo: <sip:hall@h>\r\nCall-ID: 1@a\r\nCSeq: 134217727 REGISTER\r\nExpires: 3600\r\n",
    );
  });
});

describe("ACK of a refused INVITE", () => {
  it("has the topmost Via, Route, From, Call-ID and number of the INVITE, and the To of the response", () => {
    equal(acknowledge(INVITE, buffer.length), Status.OK);
    equal(sorted(written()), sorted(derived("ACK", "To: <sip:hall@h>;tag=2")));
  });

  itSlow("is TOO_LONG for any buffer that is too small", () => {
    acknowledge(INVITE, buffer.length);
    const needed = writer.length;
    for (let room = 0; room < needed; room += 1) {
      equal(acknowledge(INVITE, room), Status.TOO_LONG, `${room} octets`);
    }
    equal(acknowledge(INVITE, needed), Status.OK);
  });

  it("is not made from what is no message", () => {
    equal(acknowledge("", buffer.length), Status.MALFORMED);
    for (const sample of DEFECTIVE_MESSAGES) {
      equal(acknowledge(sample.text, buffer.length), Status.MALFORMED, sample.title);
    }
    equal(writer.length, 0, "nothing is written");
  });
});

describe("CANCEL", () => {
  it("has Request-URI, topmost Via, Route, From, To, Call-ID and number of the INVITE", () => {
    equal(cancel(INVITE, buffer.length), Status.OK);
    equal(sorted(written()), sorted(derived("CANCEL", "To: <sip:hall@h>")));
  });

  it("is a sound message itself", () => {
    cancel(INVITE, buffer.length);
    equal(parseMessage(response, buffer, 0, writer.length), Status.OK);
    equal(response.method, Method.CANCEL);
    isTrue(response.bodyStart === response.bodyEnd, "no body");
  });

  it("is TOO_LONG for any buffer that is too small, and not made from what is no message", () => {
    cancel(INVITE, buffer.length);
    const needed = writer.length;
    for (let room = 0; room < needed; room += 1) {
      equal(cancel(INVITE, room), Status.TOO_LONG, `${room} octets`);
    }
    equal(cancel("\r\n\r\n", buffer.length), Status.MALFORMED);
  });
});

describe("ACK of a 2xx", () => {
  it("carries the credentials of its INVITE (22.1), and none of what is no message", () => {
    openWriter(writer, buffer, 0, buffer.length);
    putCredentialsOf(writer, bytesOf(INVITE), INVITE.length);
    equal(written(), 'Authorization: Digest username="door"\r\nProxy-Authorization: Digest username="gate"\r\n');
    openWriter(writer, buffer, 0, buffer.length);
    putCredentialsOf(writer, bytesOf(REFUSAL), REFUSAL.length);
    putCredentialsOf(writer, bytesOf(INVITE), INVITE.length - 1);
    equal(writer.length, 0);
  });
});
