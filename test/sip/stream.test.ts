// Where a message ends in a stream (RFC 3261 18.3), and that the search stays inside what has arrived.

import { createMessage, Defect } from "../../firmware/sip/message";
import { BROKEN, findHeadersEnd, findMessageEnd, INCOMPLETE, PING } from "../../firmware/sip/stream";
import { describe, equal, it } from "../harness";
import { bytesOf, textOf } from "../octets";

const HEAD = "OPTIONS sip:door@192.0.2.4 SIP/2.0\r\nVia: SIP/2.0/TCP 192.0.2.9;branch=z9hG4bKa\r\n";

/** Where a message of HEAD and more ends; its header fields are complete. */
function endOf(rest: string, limit: number): number {
  const bytes = bytesOf(`${HEAD}${rest}`);
  const message = createMessage(16);
  return findMessageEnd(message, bytes, 0, findHeadersEnd(bytes, 0, bytes.length), limit);
}

describe("the end of the header fields", () => {
  it("is behind a blank line, whatever its line ends", () => {
    const blanks = ["\r\n\r\n", "\n\n", "\r\n\n", "\n\r\n"];
    for (let index = 0; index < blanks.length; index += 1) {
      const bytes = bytesOf(`A: b${blanks[index]}body`);
      equal(findHeadersEnd(bytes, 0, bytes.length), 4 + blanks[index].length, "end");
    }
  });

  it("is not there while any octet of it is missing", () => {
    const bytes = bytesOf("A: b\r\n\r\n");
    for (let end = 0; end < bytes.length; end += 1) {
      equal(findHeadersEnd(bytes, 0, end), INCOMPLETE, `after ${end} octets`);
    }
  });
});

describe("the end of a message", () => {
  it("is as far behind its header fields as Content-Length says, also before the body has come", () => {
    equal(endOf("Content-Length: 12\r\n\r\n", 4096), HEAD.length + 22 + 12, "long name");
    equal(endOf("l:0\r\n\r\n", 4096), HEAD.length + 7, "short name");
  });

  it("is nowhere without one Content-Length, in another language, or beyond the limit", () => {
    equal(endOf("X: y\r\n\r\n", 4096), BROKEN, "none");
    equal(endOf("l: 5\r\nl: 5\r\n\r\n", 4096), BROKEN, "two");
    equal(endOf("l: -5\r\n\r\n", 4096), BROKEN, "below 0");
    equal(endOf("l: 134217728\r\n\r\n", 4096), BROKEN, "beyond all");
    equal(endOf("l: 100\r\n\r\n", HEAD.length + 108), BROKEN, "an octet above the limit");
    equal(endOf("l: 100\r\n\r\n", HEAD.length + 110), HEAD.length + 110, "at the limit");
    const other = bytesOf("GET / HTTP/1.1\r\n\r\n");
    equal(findMessageEnd(createMessage(16), other, 0, other.length, 4096), BROKEN, "another language");
  });

  it("that is missing has its reason in the message", () => {
    const message = createMessage(16);
    const bytes = bytesOf(`${HEAD}\r\n`);
    findMessageEnd(message, bytes, 0, bytes.length, 4096);
    equal(message.defect, Defect.CONTENT_LENGTH, "defect");
  });
});

describe("a ping", () => {
  it("is two line ends (RFC 5626 3.5.1)", () => {
    equal(textOf(PING, 0, PING.length), "\r\n\r\n", "octets");
  });
});
