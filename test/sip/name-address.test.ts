// name-addr and addr-spec with parameters (RFC 3261 20.10, 25.1): display names, quotes, brackets, tags, and bad ones.

import { createNameAddress, parseNameAddress } from "../../firmware/sip/name-address";
import { Status } from "../../firmware/sip/status";
import { describe, equal, it } from "../harness";
import { bytesOf, textOf } from "../octets";

const address = createNameAddress();

/** Parses a value with octets around it, which count for nothing. */
function parse(text: string): Status {
  return parseNameAddress(bytesOf(`,${text};`), 1, text.length + 1, address);
}

/** "display|uri|parameters|tag" */
function partsOf(text: string): string {
  const bytes = bytesOf(`,${text};`);
  const parts = [
    textOf(bytes, address.displayStart, address.displayEnd),
    textOf(bytes, address.uriStart, address.uriEnd),
    textOf(bytes, address.parametersStart, address.parametersEnd),
    textOf(bytes, address.tagStart, address.tagEnd),
  ];
  return parts.join("|");
}

describe("name-address", () => {
  it("has display name, URI, parameters and tag", () => {
    const cases: [string, string][] = [
      ["<sip:a@h>", "|sip:a@h||"],
      ["<sip:a@h>;tag=88sja8x", "|sip:a@h|;tag=88sja8x|88sja8x"],
      ["sip:a@h", "|sip:a@h||"],
      ["sip:a@h;tag=1", "|sip:a@h|;tag=1|1"],
      ["sip:a@h ; tag = 1", "|sip:a@h|; tag = 1|1"],
      ["Hall <sip:a@h>", "Hall|sip:a@h||"],
      ["Hall<sip:a@h>", "Hall|sip:a@h||"],
      ["Front door  1 <sip:a@h> ; TAG=x;y", "Front door  1|sip:a@h|; TAG=x;y|x"],
      ['"Front door" <sip:a@h>', '"Front door"|sip:a@h||'],
      ['"Front, <door>; \\"1\\" \\\\"<sip:a@h>;tag=1', '"Front, <door>; \\"1\\" \\\\"|sip:a@h|;tag=1|1'],
      ['""\r\n <sip:a@h>', '""|sip:a@h||'],
      ['"T\xc3\xbcr\x00" <sip:a@h>', '"T\xc3\xbcr\x00"|sip:a@h||'],
      ["Hall\r\n lamp\r\n\t<sip:a@h>\r\n ;tag=1", "Hall\r\n lamp|sip:a@h|;tag=1|1"],
      ["<sip:a;b=c@h:5060;lr;tag=2?x=y,z>", "|sip:a;b=c@h:5060;lr;tag=2?x=y,z||"],
      ["<sip:a@h;tag=2>;tag=1;expires=60", "|sip:a@h;tag=2|;tag=1;expires=60|1"],
      ['<sip:a@h>;x="tag=2;tag=3";q=0.5', '|sip:a@h|;x="tag=2;tag=3";q=0.5|'],
      ["<sip:a@h>;tag", "|sip:a@h|;tag|"],
      ["<sip:a@h>;tags=1;xtag=2", "|sip:a@h|;tags=1;xtag=2|"],
      ["<tel:+1-201-555-0123>", "|tel:+1-201-555-0123||"],
      ["<sip:a@[2001:db8::1]>;tag=1", "|sip:a@[2001:db8::1]|;tag=1|1"],
      [
        "T\xc3\xbcr \xf0\x9f\x94\x94\xf0\x9f\x94\x94 1 <sip:a@h>",
        "T\xc3\xbcr \xf0\x9f\x94\x94\xf0\x9f\x94\x94 1|sip:a@h||",
      ],
      ["*", "|*||"],
      ["a.-!%*_+`'~ <x:y>", "a.-!%*_+`'~|x:y||"],
    ];
    for (const [text, parts] of cases) {
      equal(parse(text), Status.OK, text);
      equal(partsOf(text), parts, text);
      equal(address.end - address.start, text.length, text);
    }
  });

  it("is malformed with open quotes or brackets, without a URI, and with anything left over", () => {
    const cases = [
      "",
      "<>",
      "<",
      ">",
      "Hall <>",
      "Hall <sip:a@h",
      "<sip:a@h",
      "<<sip:a@h>>",
      "<sip:a @h>",
      "<sip:a@h\r\n >",
      "<sip:a@h> x",
      "<sip:a@h>x",
      "<sip:a@h>;",
      "<sip:a@h>;;tag=1",
      "<sip:a@h>;=1",
      "<sip:a@h>,<sip:b@h>",
      "<sip:a@h>;tag=1,x",
      '"Hall <sip:a@h>',
      '"Hall\\" <sip:a@h>',
      '"Hall" sip:a@h',
      '"Hall"',
      '"Hall" ',
      '"Hall" "lamp" <sip:a@h>',
      'Hall "lamp" <sip:a@h>',
      "Hall lamp",
      "Hall, lamp <sip:a@h>",
      "sip:a@h x",
      "sip:a@h>",
      "sip:a@h?x=y",
      "sip:a,b@h",
      "T\xc3\xbcr sip:a@h",
      'sip:a"@h',
      ";tag=1",
      '<sip:a@h>;tag="1',
    ];
    for (const text of cases) {
      equal(parse(text), Status.MALFORMED, text);
    }
  });

  it("keeps nothing of an earlier value", () => {
    parse("Hall <sip:a@h>;tag=1");
    equal(parse(""), Status.MALFORMED);
    equal(partsOf(""), "|||");
    equal(parse('"open'), Status.MALFORMED);
    equal(partsOf('"open'), "|||");
    parse("Hall <sip:a@h>;tag=1");
    equal(parse("<sip:b@h>"), Status.OK);
    equal(partsOf("<sip:b@h>"), "|sip:b@h||");
  });

  it("does not read outside its view", () => {
    const text = '"H" <sip:a>;tag=1';
    const bytes = bytesOf(text);
    for (let end = 0; end < text.length; end += 1) {
      const cutWell = end === 11 || (end >= 13 && end <= 16);
      equal(parseNameAddress(bytes, 0, end, address), cutWell ? Status.OK : Status.MALFORMED, text.substring(0, end));
    }
  });
});
