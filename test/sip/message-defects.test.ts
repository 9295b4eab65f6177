// The message index on defective messages: each defect is named, and what could be read is there for the 400. The limits
// of the index: header fields, octets.

import { createBytes, fillBytes } from "../../firmware/bytes/bytes";
import { HeaderName } from "../../firmware/sip/header-name";
import {
  createMessage,
  Defect,
  headerEnd,
  headerStart,
  isAnswerable,
  MESSAGE_MAXIMUM,
  MessageKind,
  NO_HEADER,
} from "../../firmware/sip/message";
import { parseMessage } from "../../firmware/sip/message-parser";
import { Status } from "../../firmware/sip/status";
import { describe, equal, isTrue, it } from "../harness";
import { bytesOf, textOf } from "../octets";
import { DEFECTIVE_MESSAGES, PLAIN_REQUEST, plainRequestWith, sipText } from "../vectors/sip-messages";

const message = createMessage(64);

function parse(text: string): Status {
  return parseMessage(message, bytesOf(text), 0, text.length);
}

/** PLAIN_REQUEST with so many header fields in all, the last ones Subject. */
function withHeaders(count: number): string {
  const lines: string[] = [];
  for (const line of PLAIN_REQUEST) {
    lines.push(line);
  }
  while (lines.length < count + 1) {
    lines.push("Subject: x");
  }
  return sipText(lines, "");
}

describe("defective message", () => {
  it("has the defect that is wrong with it", () => {
    for (const sample of DEFECTIVE_MESSAGES) {
      equal(parse(sample.text), Status.MALFORMED, sample.title);
      equal(message.kind, sample.kind, sample.title);
      equal(message.defect, sample.defect, sample.title);
    }
  });

  it("is answerable when it is a request that says in a Via where to", () => {
    for (const sample of DEFECTIVE_MESSAGES) {
      parse(sample.text);
      equal(
        isAnswerable(message),
        sample.kind === MessageKind.REQUEST && sample.defect !== Defect.VIA,
        `${sample.title}: answerable`,
      );
    }
  });

  it("is answerable when only the parameters of its Via are bad, and says where its sent-by ends", () => {
    const cases = [";branch=z9hG4bK1;;,;,,", ";rport=x;branch=z9hG4bK1", ";", ";branch=z9hG4bK1;received="];
    for (const parameters of cases) {
      equal(parse(plainRequestWith("Via", [`Via: SIP/2.0/UDP a:5070${parameters}`])), Status.MALFORMED, parameters);
      equal(message.defect, Defect.VIA, parameters);
      isTrue(isAnswerable(message), parameters);
      equal(textOf(message.bytes, message.via.start, message.via.end), "SIP/2.0/UDP a:5070", parameters);
    }
  });

  it("does not end its header fields at a CR alone", () => {
    parse(plainRequestWith("Max", ["Subject: x\r\r", "Expires: 1"]));
    equal(message.defect, Defect.HEADER_LINE);
    equal(message.headerCount, 8, "the fields behind it are read");
    equal(message.bodyStart, message.bodyEnd, "no body");
  });

  it("has its other parts indexed", () => {
    parse(plainRequestWith("Max", ["Max-Forwards 70"]));
    equal(message.headerCount, 6, "the sound lines");
    equal(textOf(message.bytes, message.via.branchStart, message.via.branchEnd), "z9hG4bK1");
    equal(textOf(message.bytes, message.from.tagStart, message.from.tagEnd), "1");
    equal(textOf(message.bytes, message.callIdStart, message.callIdEnd), "1@a");
    equal(message.cseq.number.low, 1);
    equal(textOf(message.bytes, message.uriStart, message.uriEnd), "sip:door@h");
  });

  it("names the first of several defects", () => {
    parse(plainRequestWith("OPTIONS", ["OPTIONS sip:h SIP/3.0", "no colon"]));
    equal(message.defect, Defect.VERSION);
    parse(plainRequestWith("Via", ["no colon"]));
    equal(message.defect, Defect.HEADER_LINE);
  });

  it("leaves nothing of an earlier message behind", () => {
    parse(plainRequestWith("To", ["To: <sip:door@h>;tag=9"]));
    parse(plainRequestWith("To", []));
    equal(message.to.tagStart, message.to.tagEnd, "tag of To");
    parse(plainRequestWith("Via", []));
    equal(message.via.start, message.via.end, "Via");
    equal(message.via.branchStart, message.via.branchEnd, "branch");
    equal(message.via.hostStart, message.via.hostEnd, "sent-by");
    parse(plainRequestWith("Call-ID", []));
    equal(message.callIdStart, message.callIdEnd, "Call-ID");
    parse(plainRequestWith("CSeq", []));
    equal(message.cseq.methodStart, message.cseq.methodEnd, "CSeq");
    parse(plainRequestWith("Max-Forwards", []));
    equal(message.maxForwards, -1, "Max-Forwards");
  });

  it("is judged by the larger numbers only when they fit: 2^31 - 1 is a CSeq, 255 a Max-Forwards", () => {
    equal(parse(plainRequestWith("CSeq", ["CSeq: 2147483647 OPTIONS"])), Status.OK);
    equal(parse(plainRequestWith("CSeq", ["CSeq: 00002147483647 OPTIONS"])), Status.OK);
    equal(parse(plainRequestWith("Max", ["Max-Forwards: 255"])), Status.OK);
    equal(message.maxForwards, 255);
  });
});

describe("message limits", () => {
  it("indexes as many header fields as it has room for, and notes one more", () => {
    equal(parse(withHeaders(64)), Status.OK);
    equal(message.headerCount, 64);
    equal(parse(withHeaders(65)), Status.MALFORMED);
    equal(message.defect, Defect.TOO_MANY_HEADERS);
    equal(message.headerCount, 64);
    isTrue(isAnswerable(message), "answerable");
  });

  it("indexes the first 64 of 1,000 header fields", () => {
    equal(parse(withHeaders(1000)), Status.MALFORMED);
    equal(message.defect, Defect.TOO_MANY_HEADERS);
    equal(message.headerCount, 64);
    let count = 0;
    let header = message.firsts[HeaderName.SUBJECT];
    while (header !== NO_HEADER) {
      count += 1;
      header = message.following[header];
    }
    equal(count, 57, "the chain ends");
  });

  it("holds offsets up to the largest message, and takes none that is larger", () => {
    const head = sipText(PLAIN_REQUEST, "");
    const lines = head.substring(0, head.length - 2);
    const tail = "\r\nSubject: last\r\n\r\n";
    const bytes = createBytes(MESSAGE_MAXIMUM + 1000);
    const place = (start: number, size: number): Status => {
      fillBytes(bytes, 0, bytes.length, 0x41);
      const front = `${lines}X-Long: `;
      for (let index = 0; index < front.length; index += 1) {
        bytes[start + index] = front.charCodeAt(index);
      }
      for (let index = 0; index < tail.length; index += 1) {
        bytes[start + size - tail.length + index] = tail.charCodeAt(index);
      }
      return parseMessage(message, bytes, start, start + size);
    };
    equal(place(0, MESSAGE_MAXIMUM), Status.OK, "64 KB less one");
    equal(message.bodyEnd, MESSAGE_MAXIMUM);
    equal(textOf(bytes, headerStart(message, HeaderName.SUBJECT), headerEnd(message, HeaderName.SUBJECT)), "last");
    equal(headerEnd(message, HeaderName.SUBJECT), MESSAGE_MAXIMUM - 4, "an offset near the end");
    const before = message.firsts[HeaderName.SUBJECT] - 1;
    equal(message.values[2 * before + 1] - message.values[2 * before], 65535 - lines.length - 8 - tail.length);
    equal(place(0, MESSAGE_MAXIMUM + 1), Status.MISSING, "64 KB");
    equal(message.kind, MessageKind.FOREIGN);
    equal(place(900, MESSAGE_MAXIMUM - 900), Status.OK, "at an offset");
    equal(place(900, MESSAGE_MAXIMUM - 899), Status.MISSING, "beyond 65,535 by its offset");
    equal(place(MESSAGE_MAXIMUM + 1, 400), Status.MISSING, "all beyond 65,535");
  });

  it("takes nothing from an empty buffer", () => {
    equal(parseMessage(message, createBytes(0), 0, 0), Status.MISSING);
    equal(message.kind, MessageKind.EMPTY);
    equal(message.headerCount, 0);
  });
});
