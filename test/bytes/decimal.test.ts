// Decimal numbers of the wire: digits only, every limit checked.

import { createHalves, DECIMAL_MAXIMUM, parseDecimal, parseDecimalHalves } from "../../firmware/bytes/decimal";
import { describe, equal, isTrue, it } from "../harness";
import { bytesOf } from "../octets";

function parse(text: string): number {
  return parseDecimal(bytesOf(text), 0, text.length);
}

function halves(text: string): string {
  const into = createHalves();
  return parseDecimalHalves(bytesOf(text), 0, text.length, into) ? `${into.high},${into.low}` : "refused";
}

describe("decimal", () => {
  it("reads digits", () => {
    equal(parse("0"), 0);
    equal(parse("5060"), 5060);
    equal(parse("0000000000000000000007"), 7, "leading zeros");
    equal(parse("134217727"), DECIMAL_MAXIMUM);
    equal(parseDecimal(bytesOf("x42y"), 1, 3), 42, "a view");
  });

  it("refuses what is empty, no number or too large", () => {
    for (const text of [
      "",
      "-1",
      "+1",
      " 1",
      "1 ",
      "1a",
      "1.0",
      "/",
      ":",
      "134217728",
      "134217730",
      "999999999999999999",
    ]) {
      equal(parse(text), -1, `"${text}"`);
    }
    equal(parseDecimal(bytesOf("123"), 2, 1), -1, "a view turned round");
  });

  it("reads 32-bit numbers in halves", () => {
    equal(halves("0"), "0,0");
    equal(halves("65535"), "0,65535");
    equal(halves("65536"), "1,0");
    equal(halves("2147483648"), "32768,0");
    equal(halves("4000000000"), "61035,10240");
    equal(halves("4294967295"), "65535,65535");
    equal(halves("00000000000000000000004294967295"), "65535,65535");
  });

  it("refuses 32-bit numbers that are empty, no number or too large", () => {
    for (const text of ["", "4294967296", "4294967300", "42949672950", "99999999999999999999", "12x", "-1"]) {
      equal(halves(text), "refused", `"${text}"`);
    }
  });

  it("leaves the halves as they were when it refuses", () => {
    const into = createHalves();
    isTrue(parseDecimalHalves(bytesOf("65537"), 0, 5, into), "good");
    isTrue(!parseDecimalHalves(bytesOf("6553x"), 0, 5, into), "bad");
    equal(into.high, 1);
    equal(into.low, 1);
  });
});
