// CSeq values (RFC 3261 20.16): the number below 2^31, the method, and their order.

import { compareCSeqNumbers, createCSeq, parseCSeq } from "../../firmware/sip/cseq";
import { Method } from "../../firmware/sip/method";
import { Status } from "../../firmware/sip/status";
import { describe, equal, isTrue, it } from "../harness";
import { bytesOf, textOf } from "../octets";

const cseq = createCSeq();

function parse(text: string): Status {
  return parseCSeq(bytesOf(text), 0, text.length, cseq);
}

describe("CSeq", () => {
  it("has a number of 31 bits and a method", () => {
    const cases: [string, number, number, string, Method][] = [
      ["0 ACK", 0, 0, "ACK", Method.ACK],
      ["1 INVITE", 0, 1, "INVITE", Method.INVITE],
      ["65535 BYE", 0, 65535, "BYE", Method.BYE],
      ["65536 BYE", 1, 0, "BYE", Method.BYE],
      ["2147483647 INVITE", 0x7fff, 0xffff, "INVITE", Method.INVITE],
      ["00000000000000000042 BYE", 0, 42, "BYE", Method.BYE],
      ["7 \t\r\n  PING", 0, 7, "PING", Method.OTHER],
      ["7 a-.!%*_+`'~9", 0, 7, "a-.!%*_+`'~9", Method.OTHER],
    ];
    for (const [text, high, low, name, method] of cases) {
      equal(parse(text), Status.OK, text);
      equal(cseq.number.high, high, text);
      equal(cseq.number.low, low, text);
      equal(cseq.method, method, text);
      equal(textOf(bytesOf(text), cseq.methodStart, cseq.methodEnd), name, text);
    }
  });

  it("is malformed with another number, without a part, or with anything more", () => {
    const cases = [
      "",
      "1",
      "1 ",
      " 1 INVITE",
      "INVITE",
      " INVITE",
      "INVITE 1",
      "1INVITE",
      "-1 INVITE",
      "+1 INVITE",
      "1.0 INVITE",
      "0x1 INVITE",
      "2147483648 INVITE",
      "4294967295 INVITE",
      "4294967297 INVITE",
      "99999999999999999999999999 INVITE",
      "1 INVITE ",
      "1 INVITE;x",
      "1 INV/ITE",
      "1 INVITE ACK",
      "1\x00INVITE",
      "1 \xffNVITE",
    ];
    for (const text of cases) {
      equal(parse(text), Status.MALFORMED, text);
    }
  });

  it("keeps nothing of an earlier value when it is malformed", () => {
    parse("70000 INVITE");
    equal(parse(""), Status.MALFORMED);
    equal(cseq.number.high + cseq.number.low, 0);
    equal(cseq.method, Method.OTHER);
    equal(cseq.methodStart, cseq.methodEnd);
    equal(parse("x INVITE"), Status.MALFORMED);
    equal(cseq.methodStart, cseq.methodEnd);
  });

  it("does not read outside its view", () => {
    equal(parseCSeq(bytesOf("12 BYE"), 0, 2, cseq), Status.MALFORMED, "its method is outside");
    equal(parseCSeq(bytesOf("12 BYE"), 1, 5, cseq), Status.OK, "a part of it");
    equal(cseq.number.low, 2);
    equal(cseq.method, Method.OTHER, "BY");
  });
});

describe("compareCSeqNumbers", () => {
  it("orders by the whole number", () => {
    const numbers: [number, number][] = [
      [0, 0],
      [0, 1],
      [0, 65535],
      [1, 0],
      [1, 1],
      [0x7fff, 0],
      [0x7fff, 0xffff],
    ];
    for (let left = 0; left < numbers.length; left += 1) {
      for (let right = 0; right < numbers.length; right += 1) {
        const order = compareCSeqNumbers(
          { high: numbers[left][0], low: numbers[left][1] },
          { high: numbers[right][0], low: numbers[right][1] },
        );
        isTrue(left < right ? order < 0 : left > right ? order > 0 : order === 0, `${left} and ${right}`);
      }
    }
  });
});
