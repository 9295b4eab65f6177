// Names of header fields: full and compact (RFC 3261 7.3.3), in any case, and what only looks like one.

import { textByte, textLength } from "../../firmware/bytes/text";
import { findHeaderName, HEADER_NAME_COUNT, HEADER_TEXTS, HeaderName } from "../../firmware/sip/header-name";
import { describe, equal, it } from "../harness";
import { bytesOf } from "../octets";

function find(name: string): HeaderName {
  return findHeaderName(bytesOf(`>${name}<`), 1, name.length + 1);
}

function fullName(name: number): string {
  const letters: string[] = [];
  for (let index = 0; index < textLength(HEADER_TEXTS[name]); index += 1) {
    letters.push(String.fromCharCode(textByte(HEADER_TEXTS[name], index)));
  }
  return letters.join("");
}

describe("header name", () => {
  it("is found for every name of the table, as it is written, in small and in capital letters", () => {
    equal(HEADER_TEXTS.length, HEADER_NAME_COUNT);
    for (let name = 1; name < HEADER_NAME_COUNT; name += 1) {
      const text = fullName(name);
      equal(find(text), name, text);
      equal(find(text.toLowerCase()), name, text.toLowerCase());
      equal(find(text.toUpperCase()), name, text.toUpperCase());
    }
  });

  it("is the one that the RFC writes so", () => {
    const cases: [string, HeaderName][] = [
      ["Via", HeaderName.VIA],
      ["Call-ID", HeaderName.CALL_ID],
      ["CSeq", HeaderName.CSEQ],
      ["Max-Forwards", HeaderName.MAX_FORWARDS],
      ["Content-Length", HeaderName.CONTENT_LENGTH],
      ["Content-Type", HeaderName.CONTENT_TYPE],
      ["Record-Route", HeaderName.RECORD_ROUTE],
      ["Min-Expires", HeaderName.MIN_EXPIRES],
      ["WWW-Authenticate", HeaderName.WWW_AUTHENTICATE],
      ["Proxy-Authorization", HeaderName.PROXY_AUTHORIZATION],
      ["P-Asserted-Identity", HeaderName.P_ASSERTED_IDENTITY],
      ["mime-version", HeaderName.MIME_VERSION],
    ];
    for (const [text, name] of cases) {
      equal(find(text), name, text);
    }
  });

  it("is found by its compact form in both cases", () => {
    const cases: [string, HeaderName][] = [
      ["b", HeaderName.REFERRED_BY],
      ["c", HeaderName.CONTENT_TYPE],
      ["e", HeaderName.CONTENT_ENCODING],
      ["f", HeaderName.FROM],
      ["i", HeaderName.CALL_ID],
      ["k", HeaderName.SUPPORTED],
      ["l", HeaderName.CONTENT_LENGTH],
      ["m", HeaderName.CONTACT],
      ["o", HeaderName.EVENT],
      ["r", HeaderName.REFER_TO],
      ["s", HeaderName.SUBJECT],
      ["t", HeaderName.TO],
      ["u", HeaderName.ALLOW_EVENTS],
      ["v", HeaderName.VIA],
      ["x", HeaderName.SESSION_EXPIRES],
    ];
    for (const [letter, name] of cases) {
      equal(find(letter), name, letter);
      equal(find(letter.toUpperCase()), name, letter.toUpperCase());
    }
  });

  it("is OTHER for a name that is not in the table", () => {
    const names = ["h", "z", "A", "-", "!", "0", "6", "@", "[", "`", "{", "\x16", "\xd6", "\xf6", "\xff"];
    for (const name of names) {
      equal(find(name), HeaderName.OTHER, name);
    }
    // The same ends and the same length as a known one, octets that differ from one in bit 5 only, and near misses.
    for (const name of ["Vxa", "Fxxm", "T_", "Call\rID", "C3eq", "Viaa", "Vi", "Content-Lengths", "Content_Length"]) {
      equal(find(name), HeaderName.OTHER, name);
    }
  });

  it("does not read outside its view", () => {
    equal(findHeaderName(bytesOf("Via"), 0, 2), HeaderName.OTHER);
    equal(findHeaderName(bytesOf("xTo:"), 1, 3), HeaderName.TO);
    equal(findHeaderName(bytesOf("Via"), 0, 1), HeaderName.VIA, "v");
  });
});
