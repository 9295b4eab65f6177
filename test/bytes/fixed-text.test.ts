// Kept texts: replaced as a whole, refused when too long, compared and appended.

import { createBytes } from "../../firmware/bytes/bytes";
import { createFixedText, equalFixedText, putFixedText, setFixedText } from "../../firmware/bytes/fixed-text";
import { createWriter, openWriter } from "../../firmware/bytes/writer";
import { describe, equal, isTrue, it } from "../harness";
import { bytesOf, textOf } from "../octets";

describe("fixed text", () => {
  it("is empty at first, and holds what it was last set to", () => {
    const text = createFixedText(5);
    equal(text.length, 0);
    isTrue(setFixedText(text, bytesOf("<hello>"), 1, 6), "as long as its room");
    equal(textOf(text.bytes, 0, text.length), "hello");
    isTrue(setFixedText(text, bytesOf("ab"), 0, 2), "shorter");
    equal(textOf(text.bytes, 0, text.length), "ab");
    isTrue(setFixedText(text, bytesOf("ab"), 1, 1), "nothing");
    equal(text.length, 0);
  });

  it("is empty after a text that is too long", () => {
    const text = createFixedText(5);
    setFixedText(text, bytesOf("hello"), 0, 5);
    isTrue(!setFixedText(text, bytesOf("hello!"), 0, 6), "refused");
    equal(text.length, 0);
    isTrue(!setFixedText(createFixedText(0), bytesOf("x"), 0, 1), "no room at all");
    isTrue(setFixedText(createFixedText(0), bytesOf("x"), 0, 0), "nothing always fits");
  });

  it("equals a view with the same octets, case counted", () => {
    const text = createFixedText(9);
    setFixedText(text, bytesOf("hello"), 0, 5);
    const cases: [string, boolean][] = [
      ["hello", true],
      ["Hello", false],
      ["hell", false],
      ["hello ", false],
      ["", false],
    ];
    for (const [other, same] of cases) {
      equal(equalFixedText(text, bytesOf(`<${other}>`), 1, other.length + 1), same, other);
    }
    text.length = 0;
    isTrue(equalFixedText(text, bytesOf("x"), 1, 1), "nothing equals nothing");
  });

  it("is appended as a whole or not at all", () => {
    const text = createFixedText(5);
    setFixedText(text, bytesOf("hello"), 0, 5);
    const writer = createWriter();
    const buffer = createBytes(12);
    openWriter(writer, buffer, 0, 12);
    putFixedText(writer, text);
    putFixedText(writer, text);
    equal(textOf(buffer, 0, writer.length), "hellohello");
    putFixedText(writer, text);
    equal(writer.length, 10);
    isTrue(writer.overflowed, "overflowed");
  });
});
