// Constant texts: what createText keeps is what comes out, and the table refuses what it has no room for.

import { createBytes } from "../../firmware/bytes/bytes";
import {
  copyText,
  createText,
  equalText,
  equalTextAnyCase,
  TEXT_TABLE_BYTES,
  textByte,
  textLength,
  textTableRefused,
  textTableUsed,
} from "../../firmware/bytes/text";
import { describe, equal, isTrue, it } from "../harness";
import { bytesOf, textOf } from "../octets";

const VIA = createText("Via: ");
const EMPTY = createText("");
const CALL_ID = createText("Call-ID");

describe("text", () => {
  it("gives back its letters", () => {
    equal(textLength(VIA), 5);
    equal(textByte(VIA, 0), 0x56);
    equal(textByte(VIA, 4), 0x20);
    equal(textLength(EMPTY), 0);
    equal(textByte(CALL_ID, 0), 0x43, "the text behind it is another");
  });

  it("is copied to where it was asked for, and the offset behind it is told", () => {
    const target = bytesOf("..........");
    equal(copyText(target, 2, VIA), 7);
    equal(textOf(target, 0, 10), "..Via: ...");
    equal(copyText(target, 10, EMPTY), 10, "an empty text fits anywhere");
  });

  it("equals a view with the same letters, case counted", () => {
    const bytes = bytesOf("<Call-ID>");
    isTrue(equalText(bytes, 1, 8, CALL_ID), "the same");
    isTrue(!equalText(bytes, 1, 7, CALL_ID), "too short");
    isTrue(!equalText(bytes, 0, 7, CALL_ID), "shifted");
    isTrue(!equalText(bytesOf("call-id"), 0, 7, CALL_ID), "another case");
    isTrue(equalText(bytes, 3, 3, EMPTY), "empty");
  });

  it("equals a view in any case when asked so", () => {
    isTrue(equalTextAnyCase(bytesOf("cALL-iD"), 0, 7, CALL_ID), "another case");
    isTrue(!equalTextAnyCase(bytesOf("Call_ID"), 0, 7, CALL_ID), "another letter");
    isTrue(!equalTextAnyCase(bytesOf("Call-IDs"), 0, 8, CALL_ID), "a longer word");
  });

  it("takes several texts from one literal, with numbers one after the other", () => {
    const first = createText("one``three");
    equal(textLength(first), 3);
    equal(textLength(first + 1), 0, "an empty one among them");
    isTrue(equalText(bytesOf("three"), 0, 5, first + 2), "the last one");
  });

  it("refuses texts that the table has no room for, and counts that", () => {
    const used = textTableUsed();
    const refused = textTableRefused();
    const letters: string[] = [];
    for (let index = used; index <= TEXT_TABLE_BYTES; index += 1) {
      letters.push("x");
    }
    equal(textLength(createText(letters.join(""))), 0, "its length");
    equal(textTableUsed(), used, "the table");
    equal(textTableRefused(), refused + 1, "the count");
    equal(textLength(createText("y")), 1, "the next one that fits");
  });

  it("leaves room in the table for the texts of the modules of this test", () => {
    isTrue(textTableUsed() <= TEXT_TABLE_BYTES, "within the table");
    isTrue(copyText(createBytes(5), 0, VIA) === 5, "still there");
  });
});
