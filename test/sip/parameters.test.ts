// Parameters (RFC 3261 25.1 generic-param): names, values, quoted values, blanks, and where the next one begins.

import { createText } from "../../firmware/bytes/text";
import { createParameter, findParameter, parseParameter } from "../../firmware/sip/parameters";
import { describe, equal, isTrue, it } from "../harness";
import { bytesOf, textOf } from "../octets";

const parameter = createParameter();
const TAG = createText("tag");

/** "name=value|name|…" of all parameters, and "!" where one is malformed, "+rest" for what stands behind the last. */
function read(text: string): string {
  const bytes = bytesOf(text);
  const found: string[] = [];
  let index = 0;
  while (index < bytes.length && bytes[index] === 0x3b) {
    index = parseParameter(bytes, index, bytes.length, parameter);
    if (index < 0) {
      found.push("!");
      return found.join("|");
    }
    const name = textOf(bytes, parameter.nameStart, parameter.nameEnd);
    const value = textOf(bytes, parameter.valueStart, parameter.valueEnd);
    found.push(parameter.hasValue ? `${name}=${value}` : name);
  }
  if (index < bytes.length) {
    found.push(`+${text.substring(index)}`);
  }
  return found.join("|");
}

describe("parameters", () => {
  it("are read one after the other", () => {
    const cases: [string, string][] = [
      [";lr", "lr"],
      [";tag=1", "tag=1"],
      [";a=1;b;c=2", "a=1|b|c=2"],
      ["; a\t=\r\n 1 ; b ;c= 2 ", "a=1|b|c=2"],
      [';a="x;y=\\"z\\",";b', 'a="x;y=\\"z\\","|b'],
      [';a="" ;b', 'a=""|b'],
      [";received=2001:db8::1;x=[::1]:5/&$", "received=2001:db8::1|x=[::1]:5/&$"],
      [";a=", "a="],
      [";a=;b", "a=|b"],
      [";a=b=c", "a=b=c"],
      [";a%41=b%42", "a%41=b%42"],
    ];
    for (const [text, found] of cases) {
      equal(read(text), found, text);
    }
  });

  it("end before a comma, a question mark and anything behind a blank", () => {
    const cases: [string, string][] = [
      [";a=1,b", "a=1|+,b"],
      [";rport,b", "rport|+,b"],
      [";rport , b", "rport|+, b"],
      [";a?b=c", "a|+?b=c"],
      [";a=1?b=c", "a=1|+?b=c"],
      [";a b", "a|+b"],
      [";a=1 b", "a=1|+b"],
      [';a="1"b', 'a="1"|+b'],
    ];
    for (const [text, found] of cases) {
      equal(read(text), found, text);
    }
  });

  it("are malformed without a name, with a quote or bracket in it, and with a quote that does not close", () => {
    for (const text of [";", "; ", ";=1", ";;a", ";,", ";?", ';"a"', ";<a>", ";a<b", ';a"b', ';a="b', ';a="b\\"']) {
      equal(read(text), "!", text);
    }
    equal(read(";a;;b"), "a|!");
  });

  it("do not read outside their view", () => {
    const bytes = bytesOf(';a="b"');
    equal(parseParameter(bytes, 0, 5, parameter), -1, "its last quote is outside");
    equal(parseParameter(bytes, 0, 3, parameter), 3, "its value is outside");
    isTrue(parameter.hasValue && parameter.valueStart === 3 && parameter.valueEnd === 3, "an empty value");
    equal(parseParameter(bytes, 0, 1, parameter), -1, "its name is outside");
  });

  it("are found by name in any case, up to the first malformed one", () => {
    const cases: [string, boolean, string][] = [
      [";tag=1", true, "1"],
      [";a;TAG=2;tag=3", true, "2"],
      [';a="tag=1";Tag = 4', true, "4"],
      [";tag", true, ""],
      [";tags=1;ta=2", false, ""],
      [";;tag=1", false, ""],
      [";a=1,tag=1", false, ""],
      ["tag=1", false, ""],
      ["", false, ""],
    ];
    for (const [text, found, value] of cases) {
      equal(findParameter(bytesOf(text), 0, text.length, TAG, parameter), found, text);
      if (found) {
        equal(textOf(bytesOf(text), parameter.valueStart, parameter.valueEnd), value, text);
      }
    }
  });
});
