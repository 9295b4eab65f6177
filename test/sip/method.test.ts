// Methods: their names are case-sensitive (RFC 3261 7.1), and what is not in the table is OTHER.

import { textByte, textLength } from "../../firmware/bytes/text";
import { METHOD_TEXTS, Method, parseMethod } from "../../firmware/sip/method";
import { describe, equal, it } from "../harness";
import { bytesOf } from "../octets";

function parse(name: string): Method {
  return parseMethod(bytesOf(`<${name}>`), 1, name.length + 1);
}

describe("method", () => {
  it("is known by its name", () => {
    const cases: [string, Method][] = [
      ["INVITE", Method.INVITE],
      ["ACK", Method.ACK],
      ["BYE", Method.BYE],
      ["CANCEL", Method.CANCEL],
      ["REGISTER", Method.REGISTER],
      ["OPTIONS", Method.OPTIONS],
      ["INFO", Method.INFO],
      ["PRACK", Method.PRACK],
      ["UPDATE", Method.UPDATE],
      ["SUBSCRIBE", Method.SUBSCRIBE],
      ["NOTIFY", Method.NOTIFY],
      ["MESSAGE", Method.MESSAGE],
      ["REFER", Method.REFER],
      ["PUBLISH", Method.PUBLISH],
    ];
    equal(METHOD_TEXTS.length, cases.length + 1, "the table");
    for (const [name, method] of cases) {
      equal(parse(name), method, name);
      equal(textLength(METHOD_TEXTS[method]), name.length, `${name} as it is written`);
      equal(textByte(METHOD_TEXTS[method], 1), name.charCodeAt(1), `${name} as it is written`);
    }
  });

  it("is OTHER for any other name, another case, a part of a name, and nothing", () => {
    for (const name of ["invite", "Invite", "INVIT", "INVITES", "AC", "ACKS", "X", "PING", "\x00", ""]) {
      equal(parse(name), Method.OTHER, name);
    }
  });
});
