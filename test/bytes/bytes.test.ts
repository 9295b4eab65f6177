// Byte views: copying, comparing and searching inside [start, end), and nowhere else.

import {
  copyBytes,
  createBytes,
  createBytesOf,
  createSamples,
  createWords,
  equalBytes,
  equalBytesAnyCase,
  equalBytesConstantTime,
  fillBytes,
  findByte,
  isPrintable,
  lowerCase,
} from "../../firmware/bytes/bytes";
import { describe, equal, isTrue, it } from "../harness";
import { bytesOf, textOf } from "../octets";

describe("bytes", () => {
  it("makes zeroed buffers of the length asked for", () => {
    const bytes = createBytes(300);
    const samples = createSamples(300);
    const words = createWords(300);
    equal(bytes.length, 300, "octets");
    equal(samples.length, 300, "samples");
    equal(words.length, 300, "words");
    for (let index = 0; index < 300; index += 1) {
      isTrue(bytes[index] === 0 && samples[index] === 0 && words[index] === 0, `zero at ${index}`);
    }
  });

  it("keeps the whole range of an octet, a sample and a word", () => {
    const bytes = createBytes(2);
    const samples = createSamples(2);
    const words = createWords(2);
    bytes[0] = 255;
    samples[0] = -32768;
    samples[1] = 32767;
    words[1] = 65535;
    equal(bytes[0], 255);
    equal(samples[0], -32768);
    equal(samples[1], 32767);
    equal(words[1], 65535);
    equal(words[0], 0, "the neighbour");
  });

  it("makes the octets of a text", () => {
    equal(textOf(createBytesOf("SIP/2.0"), 0, 7), "SIP/2.0");
  });

  it("copies exactly the view and leaves the octets around it", () => {
    const target = bytesOf("..........");
    copyBytes(target, 3, bytesOf("abcdef"), 1, 5);
    equal(textOf(target, 0, 10), "...bcde...");
    copyBytes(target, 0, target, 9, 9);
    equal(textOf(target, 0, 10), "...bcde...", "an empty view");
  });

  it("copies the first octet first when the views overlap", () => {
    const bytes = bytesOf("abcdefghijklmnopqrst");
    copyBytes(bytes, 0, bytes, 3, 20);
    equal(textOf(bytes, 0, 20), "defghijklmnopqrstrst", "forwards");
    copyBytes(bytes, 2, bytes, 0, 12);
    equal(textOf(bytes, 0, 20), "dedededededederstrst", "backwards");
  });

  it("takes a view that ends before it begins for an empty one, wherever it lies", () => {
    const bytes = bytesOf("abc");
    copyBytes(bytes, 9, bytes, 2, 1);
    fillBytes(bytes, 9, 1, 0);
    equal(textOf(bytes, 0, 3), "abc");
    equal(findByte(bytes, 9, 2, 0x63), 9, "found at its start");
    isTrue(isPrintable(bytes, 9, 2, 0x7f), "printable");
    isTrue(equalBytes(bytes, 9, 8, bytes, 2, 1), "equal to one of the same length");
    isTrue(!equalBytesAnyCase(bytes, 9, 8, bytes, 2, 0), "not to another");
    isTrue(equalBytesConstantTime(bytes, 9, bytes, 9, -1), "equal in constant time");
  });

  it("fills exactly the view, with the lowest eight bits", () => {
    const bytes = bytesOf("abcdef");
    fillBytes(bytes, 2, 4, 0x12d);
    equal(textOf(bytes, 0, 6), "ab--ef");
  });

  it("compares two views octet by octet", () => {
    const left = bytesOf("xxINVITExx");
    const right = bytesOf("INVITE");
    isTrue(equalBytes(left, 2, 8, right, 0, 6), "the same word");
    isTrue(!equalBytes(left, 2, 7, right, 0, 6), "a shorter view differs");
    isTrue(!equalBytes(left, 1, 7, right, 0, 6), "a shifted view differs");
    isTrue(!equalBytes(bytesOf("invite"), 0, 6, right, 0, 6), "another case differs");
    isTrue(equalBytes(left, 0, 0, right, 6, 6), "empty views are the same");
  });

  it("compares letters in any case and nothing else", () => {
    isTrue(equalBytesAnyCase(bytesOf("call-ID"), 0, 7, bytesOf("Call-id"), 0, 7), "letters");
    isTrue(!equalBytesAnyCase(bytesOf("a@"), 0, 2, bytesOf("a`"), 0, 2), "@ is no letter");
    isTrue(!equalBytesAnyCase(bytesOf("[a"), 0, 2, bytesOf("{a"), 0, 2), "[ is no letter");
    isTrue(!equalBytesAnyCase(bytesOf("abc"), 0, 3, bytesOf("abcd"), 0, 4), "a longer view");
  });

  it("lowers A to Z only", () => {
    for (let octet = 0; octet < 256; octet += 1) {
      equal(lowerCase(octet), octet >= 65 && octet <= 90 ? octet + 32 : octet, `octet ${octet}`);
    }
  });

  it("tells printable ASCII from the octets around it", () => {
    for (let octet = 0; octet < 256; octet += 1) {
      const bytes = bytesOf("xx");
      bytes[1] = octet;
      equal(isPrintable(bytes, 0, 2, 0x20), octet >= 0x20 && octet < 0x7f, `octet ${octet}`);
      equal(isPrintable(bytes, 0, 2, 0x21), octet > 0x20 && octet < 0x7f, `octet ${octet}, no blank`);
      isTrue(isPrintable(bytes, 0, 1, 0x21), "outside of the view");
    }
  });

  it("finds the first octet of the view, or its end", () => {
    const bytes = bytesOf(";a=b;c");
    equal(findByte(bytes, 0, 6, 0x3b), 0);
    equal(findByte(bytes, 1, 6, 0x3b), 4);
    equal(findByte(bytes, 1, 4, 0x3b), 4, "not in the view");
    equal(findByte(bytes, 5, 5, 0x63), 5, "an empty view");
  });

  it("finds any single difference in constant time comparison", () => {
    const left = bytesOf("_0123456789abcdef");
    for (let index = 0; index < 16; index += 1) {
      const right = bytesOf("0123456789abcdef");
      isTrue(equalBytesConstantTime(left, 1, right, 0, 16), "equal");
      right[index] = (right[index] + 128) & 0xff;
      isTrue(!equalBytesConstantTime(left, 1, right, 0, 16), `different at ${index}`);
    }
  });
});
