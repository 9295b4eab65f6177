// Bodies of several parts (RFC 5621, RFC 2046 5.1): which octets are the session description, and which bodies have none.

import { createText } from "../../firmware/bytes/text";
import { createBodyPart, findBodyPart } from "../../firmware/sip/body-part";
import { createMessage } from "../../firmware/sip/message";
import { parseMessage } from "../../firmware/sip/message-parser";
import { Status } from "../../firmware/sip/status";
import { describe, equal, isTrue, it } from "../harness";
import { bytesOf, textOf } from "../octets";
import { PLAIN_REQUEST } from "../vectors/sip-messages";

const SESSION_TYPE = createText("application/sdp");
const MIXED = "Content-Type: multipart/mixed;boundary=cut";
const SDP = "Content-Type: application/sdp\r\n\r\nv=0\r\n";

const message = createMessage(32);
const part = createBodyPart();

/** The session description of a request with that body, or the status in brackets. */
function found(headers: string[], body: string): string {
  const lines: string[] = [];
  for (const line of PLAIN_REQUEST) {
    if (line.indexOf("Content-Length") < 0) {
      lines.push(line);
    }
  }
  for (const line of headers) {
    lines.push(line);
  }
  const bytes = bytesOf(`${lines.join("\r\n")}\r\n\r\n${body}`);
  equal(parseMessage(message, bytes, 0, bytes.length), Status.OK, "message");
  const status = findBodyPart(message, SESSION_TYPE, part);
  isTrue(
    part.start >= message.bodyStart && part.end >= part.start && part.end <= message.bodyEnd,
    "it lies in the body",
  );
  return status === Status.OK ? textOf(bytes, part.start, part.end) : `(${status})`;
}

/** A multipart body of parts, each header and content. */
function partsOf(boundary: string, parts: string[]): string {
  const text: string[] = [];
  for (const one of parts) {
    text.push(`--${boundary}\r\n${one}\r\n`);
  }
  return `${text.join("")}--${boundary}--\r\n`;
}

describe("body part", () => {
  it("is the whole body when that is of the type", () => {
    equal(found(["Content-Type: application/sdp"], "v=0\r\n"), "v=0\r\n");
    equal(found(["c: Application/SDP ; charset=x", "Content-Disposition: session;handling=required"], "v=0"), "v=0");
    equal(found(["c: application/sdp", "e: identity"], "v=0"), "v=0");
  });

  it("is MISSING without a body, and when the body is of another kind but may be passed over", () => {
    equal(found([], ""), `(${Status.MISSING})`);
    equal(found([MIXED], ""), `(${Status.MISSING})`);
    const optional = "Content-Disposition: icon;handling=OPTIONAL";
    equal(found(["c: image/png", optional], "x"), `(${Status.MISSING})`);
    equal(found(["c: application/sdp", "Content-Disposition: early-session ; handling = optional"], "v=0"), "(-3)");
  });

  it("is UNSUPPORTED when the body must be understood and is not", () => {
    const cases = [
      [],
      ["c: text/plain"],
      ["c: application/sdp2"],
      ["c: application/sd"],
      ["c:"],
      ["c: application/sdp", "Content-Encoding: gzip"],
      ["c: application/sdp", "Content-Disposition: render"],
      ["c: text/plain", "Content-Disposition: render;handling=required"],
      ["c: multipart", "Content-Disposition: session"],
    ];
    for (const headers of cases) {
      equal(found(headers, "v=0"), `(${Status.UNSUPPORTED})`, headers.join(", "));
    }
  });

  it("is found in a multipart body, without the line end that belongs to the delimiter", () => {
    equal(found([MIXED], partsOf("cut", [SDP])), "v=0\r\n");
    equal(found(['c: multipart/mixed ; x=y ; boundary="c ut"'], partsOf("c ut", [SDP])), "v=0\r\n");
    equal(found([MIXED], `before\r\n--cute\r\n${partsOf("cut", [SDP])}behind --cut\r\n`), "v=0\r\n");
    equal(found([MIXED], `--cut \t\r\n${SDP}\r\n--cut-- \r\n`), "v=0\r\n", "blanks behind the delimiters");
    equal(found([MIXED], "--cut\nc: application/sdp\n\nv=0\n\n--cut--"), "v=0\n", "lines that end with LF");
    equal(
      found([MIXED], partsOf("cut", [SDP, "Content-Type: application/sdp\r\n\r\nv=1"])),
      "v=0\r\n",
      "the first of two",
    );
  });

  it("may have parts of other types beside it when they are alternatives or optional, and else not", () => {
    const text = "Content-Type: text/plain\r\n\r\nhello";
    const optional = "Content-Disposition: icon;handling=optional\r\nContent-Type: image/png\r\n\r\n\x89PNG--cut";
    equal(found([MIXED], partsOf("cut", [optional, SDP])), "v=0\r\n");
    equal(found([MIXED], partsOf("cut", [SDP, optional])), "v=0\r\n");
    equal(found(["c: multipart/alternative;boundary=cut"], partsOf("cut", [text, SDP])), "v=0\r\n");
    equal(found([MIXED], partsOf("cut", [text, SDP])), `(${Status.UNSUPPORTED})`);
    equal(found([MIXED], partsOf("cut", [SDP, text])), `(${Status.UNSUPPORTED})`);
    equal(found([MIXED], partsOf("cut", [optional])), `(${Status.UNSUPPORTED})`, "none at all");
    equal(found([MIXED], partsOf("cut", ["\r\nv=0"])), `(${Status.UNSUPPORTED})`, "a part without type is text");
  });

  it("is found in a multipart body within a multipart body", () => {
    const inner = `Content-Type: multipart/alternative;boundary=in\r\n\r\n${partsOf("in", ["Content-Type: a/b\r\n\r\nx", SDP])}`;
    equal(found([MIXED], partsOf("cut", [inner])), "v=0\r\n");
  });

  it("is MALFORMED when a boundary is not named or does not come again", () => {
    equal(found(["c: multipart/mixed"], partsOf("cut", [SDP])), `(${Status.MALFORMED})`);
    equal(found([MIXED], `--cut\r\n${SDP}`), `(${Status.MALFORMED})`);
    equal(found([MIXED], "--cut\r\n"), `(${Status.UNSUPPORTED})`, "no part at all");
    equal(found([MIXED], "no delimiter"), `(${Status.UNSUPPORTED})`);
  });

  it("lies in the body wherever a multipart body is cut", () => {
    const body = partsOf("cut", [`${SDP}`, `Content-Type: multipart/mixed;boundary=in\r\n\r\n${partsOf("in", [SDP])}`]);
    for (let end = 0; end < body.length; end += 1) {
      found([MIXED], body.substring(0, end));
    }
  });
});
