// Hexadecimal digits, RFC 4648 section 8.

import { createBytes } from "../../firmware/bytes/bytes";
import { decodeHex, encodeHex, hexDigit, hexValue, parseHex } from "../../firmware/bytes/hex";
import { describe, equal, isTrue, it } from "../harness";
import { bytesOf, hexOf, textOf } from "../octets";

describe("hex", () => {
  it("knows the value of 22 letters and of no other", () => {
    const digits = "0123456789abcdef";
    for (let octet = 0; octet < 256; octet += 1) {
      equal(
        hexValue(octet),
        octet < 128 ? digits.indexOf(String.fromCharCode(octet).toLowerCase()) : -1,
        `octet ${octet}`,
      );
    }
  });

  it("encodes every octet and decodes it again, in both cases", () => {
    const source = createBytes(256);
    for (let index = 0; index < 256; index += 1) {
      source[index] = index;
    }
    const text = createBytes(514);
    encodeHex(source, 0, 256, text, 1);
    equal(textOf(text, 1, 513), hexOf(source, 0, 256));
    equal(text[513], 0, "nothing behind it");
    const back = createBytes(256);
    equal(decodeHex(text, 1, 513, back, 0, 256), 256);
    const upper = bytesOf(textOf(text, 1, 513).toUpperCase());
    const again = createBytes(256);
    equal(decodeHex(upper, 0, 512, again, 0, 256), 256);
    for (let index = 0; index < 256; index += 1) {
      isTrue(back[index] === index && again[index] === index, `octet ${index}`);
    }
  });

  it("refuses an odd count, other letters and what does not fit", () => {
    const target = createBytes(4);
    equal(decodeHex(bytesOf("abc"), 0, 3, target, 0, 4), -1, "odd");
    equal(decodeHex(bytesOf("ag"), 0, 2, target, 0, 4), -1, "g");
    equal(decodeHex(bytesOf(" a"), 0, 2, target, 0, 4), -1, "a blank");
    equal(decodeHex(bytesOf("0011223344"), 0, 10, target, 0, 4), -1, "5 octets into 4");
    equal(decodeHex(bytesOf("0011"), 0, 4, target, 3, 4), -1, "2 octets into 1");
    equal(decodeHex(bytesOf(""), 0, 0, target, 4, 4), 0, "nothing");
    equal(target[3], 0, "nothing was written");
  });

  it("reads numbers of up to 6 digits", () => {
    equal(parseHex(bytesOf("x00001aX"), 1, 7), 26);
    equal(parseHex(bytesOf("FFFFFF"), 0, 6), 16777215);
    equal(parseHex(bytesOf("0000000"), 0, 7), -1, "7 digits");
    equal(parseHex(bytesOf("12g"), 0, 3), -1, "no digit");
    equal(parseHex(bytesOf("12"), 1, 1), -1, "empty");
  });

  it("has lower-case digits", () => {
    equal(hexDigit(0), 0x30);
    equal(hexDigit(9), 0x39);
    equal(hexDigit(10), 0x61);
    equal(hexDigit(15), 0x66);
  });
});
