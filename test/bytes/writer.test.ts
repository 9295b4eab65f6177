// The writer: what is put stands there exactly; what does not fit writes nothing and is remembered.

import { createBytes } from "../../firmware/bytes/bytes";
import { createText } from "../../firmware/bytes/text";
import {
  createWriter,
  openWriter,
  putByte,
  putBytes,
  putDecimal,
  putDecimalHalves,
  putHex,
  putText,
} from "../../firmware/bytes/writer";
import { describe, equal, isTrue, it } from "../harness";
import { bytesOf, textOf } from "../octets";

const VIA = createText("Via: ");

function decimalOf(value: number): string {
  const writer = createWriter();
  const bytes = createBytes(20);
  openWriter(writer, bytes, 0, 20);
  putDecimal(writer, value);
  return textOf(bytes, 0, writer.length);
}

function decimalOfHalves(high: number, low: number): string {
  const writer = createWriter();
  const bytes = createBytes(20);
  openWriter(writer, bytes, 0, 20);
  putDecimalHalves(writer, high, low);
  return textOf(bytes, 0, writer.length);
}

describe("writer", () => {
  it("appends octets, texts, views and hexadecimal digits one behind the other", () => {
    const writer = createWriter();
    const bytes = createBytes(40);
    openWriter(writer, bytes, 3, 40);
    putText(writer, VIA);
    putByte(writer, 0x141);
    putBytes(writer, bytesOf("xSIPx"), 1, 4);
    putHex(writer, bytesOf("\x00\x9fzzz"), 0, 2);
    equal(textOf(bytes, 3, writer.length), "Via: ASIP009f");
    equal(bytes[2], 0, "the octet before it");
    isTrue(!writer.overflowed, "no overflow");
  });

  it("writes nothing of what does not fit, and says so until it is opened again", () => {
    const writer = createWriter();
    const bytes = bytesOf("..........");
    openWriter(writer, bytes, 0, 4);
    putText(writer, VIA);
    isTrue(writer.overflowed, "a text of 5 into 4");
    equal(writer.length, 0);
    openWriter(writer, bytes, 0, 5);
    isTrue(!writer.overflowed, "opened again");
    putText(writer, VIA);
    isTrue(!writer.overflowed, "a text of 5 into 5");
    putByte(writer, 0x41);
    isTrue(writer.overflowed, "an octet into none");
    openWriter(writer, bytes, 5, 8);
    putBytes(writer, bytesOf("abcd"), 0, 4);
    isTrue(writer.overflowed, "4 octets into 3");
    putBytes(writer, bytesOf("abc"), 0, 3);
    equal(textOf(bytes, 0, 10), "Via: abc..");
    isTrue(writer.overflowed, "still set after what fitted");
  });

  it("writes no part of a number that does not fit", () => {
    const writer = createWriter();
    const bytes = createBytes(20);
    for (let room = 0; room <= 10; room += 1) {
      openWriter(writer, bytes, 0, room);
      putDecimalHalves(writer, 65535, 65535);
      equal(writer.length, room < 10 ? 0 : 10, `4294967295 into ${room}`);
      equal(writer.overflowed, room < 10);
      openWriter(writer, bytes, 0, room);
      putDecimal(writer, 12345);
      equal(writer.length, room < 5 ? 0 : 5, `12345 into ${room}`);
      openWriter(writer, bytes, 0, room);
      putHex(writer, bytesOf("abc"), 0, 3);
      equal(writer.length, room < 6 ? 0 : 6, `3 octets of hexadecimal into ${room}`);
    }
  });

  it("writes decimal numbers without leading zeros", () => {
    equal(decimalOf(0), "0");
    equal(decimalOf(9), "9");
    equal(decimalOf(10), "10");
    equal(decimalOf(99), "99");
    equal(decimalOf(100), "100");
    equal(decimalOf(65535), "65535");
    equal(decimalOf(100000000), "100000000");
    equal(decimalOf(134217727), "134217727");
    let value = 1;
    while (value < 100000000) {
      equal(decimalOf(value * 7), `${value * 7}`);
      equal(decimalOf(value * 10 - 1), `${value * 10 - 1}`);
      value *= 10;
    }
  });

  it("writes 32-bit numbers given in halves", () => {
    equal(decimalOfHalves(0, 0), "0");
    equal(decimalOfHalves(0, 9), "9");
    equal(decimalOfHalves(0, 9999), "9999");
    equal(decimalOfHalves(0, 10000), "10000");
    equal(decimalOfHalves(0, 65535), "65535");
    equal(decimalOfHalves(1, 0), "65536");
    equal(decimalOfHalves(152, 38528), "10000000");
    equal(decimalOfHalves(32767, 65535), "2147483647");
    equal(decimalOfHalves(32768, 0), "2147483648");
    equal(decimalOfHalves(61035, 10240), "4000000000");
    equal(decimalOfHalves(65535, 65535), "4294967295");
  });
});
