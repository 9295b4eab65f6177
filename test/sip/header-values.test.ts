// Several values in a header field and several header fields of a name (RFC 3261 7.3.1): one list.

import { createText } from "../../firmware/bytes/text";
import { HeaderName } from "../../firmware/sip/header-name";
import {
  countHeaderValues,
  createHeaderValue,
  firstHeaderValue,
  hasHeaderToken,
  nextHeaderValue,
} from "../../firmware/sip/header-values";
import { createMessage, NO_HEADER } from "../../firmware/sip/message";
import { parseMessage } from "../../firmware/sip/message-parser";
import { describe, equal, isTrue, it } from "../harness";
import { bytesOf, textOf } from "../octets";
import { plainRequestWith } from "../vectors/sip-messages";

const message = createMessage(64);
const value = createHeaderValue();
const TIMER = createText("timer");
const REPLACES = createText("replaces");

function parse(lines: string[]): void {
  const bytes = bytesOf(plainRequestWith("Max", lines));
  parseMessage(message, bytes, 0, bytes.length);
}

function valuesOf(name: HeaderName): string {
  const values: string[] = [];
  let more = firstHeaderValue(message, name, value);
  while (more) {
    values.push(textOf(message.bytes, value.start, value.end));
    more = nextHeaderValue(message, value);
  }
  return values.join("|");
}

describe("header values", () => {
  it("are walked through all header fields of a name in order", () => {
    const cases: [string[], string][] = [
      [["Contact: <sip:a>"], "<sip:a>"],
      [["Contact: <sip:a>,<sip:b>"], "<sip:a>|<sip:b>"],
      [["Contact: <sip:a> , <sip:b>", "Subject: x", "m:<sip:c>"], "<sip:a>|<sip:b>|<sip:c>"],
      [["Contact: <sip:a>\r\n ,\r\n\t<sip:b>"], "<sip:a>|<sip:b>"],
      [["Contact: <sip:a,b;c=d,e>;q=1,<sip:c>"], "<sip:a,b;c=d,e>;q=1|<sip:c>"],
      [['Contact: "A, \\"B\\", \\\\", <sip:c>'], '"A, \\"B\\", \\\\"|<sip:c>'],
      [['Contact: <sip:a">, <sip:b">'], '<sip:a">|<sip:b">'],
      [['Contact: <sip:a>;x="<,>", <sip:b>'], '<sip:a>;x="<,>"|<sip:b>'],
      [['Contact: <sip:a>;x="open, <sip:b>', "m: <sip:c>"], '<sip:a>;x="open, <sip:b>|<sip:c>'],
      [["Contact: <sip:open, <sip:b>", "m: <sip:c>"], "<sip:open, <sip:b>|<sip:c>"],
      [['Contact: "\\', "m: <sip:c>"], '"\\|<sip:c>'],
    ];
    for (const [lines, values] of cases) {
      parse(lines);
      equal(valuesOf(HeaderName.CONTACT), values, lines[0]);
    }
  });

  it("may be empty, between commas and in a header field without value", () => {
    parse(["Supported:"]);
    equal(countHeaderValues(message, HeaderName.SUPPORTED, value), 1);
    equal(value.start, value.end);
    parse(["Supported: ,a,, b ,"]);
    equal(valuesOf(HeaderName.SUPPORTED), "|a||b");
  });

  it("are none where the name is not there", () => {
    parse([]);
    isTrue(!firstHeaderValue(message, HeaderName.CONTACT, value), "no first");
    equal(value.header, NO_HEADER);
    isTrue(!nextHeaderValue(message, value), "no next");
    equal(countHeaderValues(message, HeaderName.CONTACT, value), 0);
  });

  it("stay at their end when asked for more", () => {
    parse(["Contact: <sip:a>"]);
    isTrue(firstHeaderValue(message, HeaderName.CONTACT, value), "one");
    isTrue(!nextHeaderValue(message, value) && !nextHeaderValue(message, value), "no more");
  });

  it("are counted", () => {
    parse(["Route: <sip:a>, <sip:b>", "Route: <sip:c>"]);
    equal(countHeaderValues(message, HeaderName.ROUTE, value), 3);
  });

  it("are searched for a token in any case", () => {
    parse(["Supported: 100rel, TIMER", "k: replaces"]);
    isTrue(hasHeaderToken(message, HeaderName.SUPPORTED, TIMER, value), "in the first");
    isTrue(hasHeaderToken(message, HeaderName.SUPPORTED, REPLACES, value), "in the second");
    isTrue(!hasHeaderToken(message, HeaderName.REQUIRE, TIMER, value), "another name");
    parse(["Supported: timers, time, x-timer"]);
    isTrue(!hasHeaderToken(message, HeaderName.SUPPORTED, TIMER, value), "only alike");
  });
});
