// Base64: the vectors of RFC 4648 section 10, every octet sequence back and forth, and the texts that are not canonical.

import { base64Length, decodeBase64, encodeBase64 } from "../../firmware/bytes/base64";
import { createBytes } from "../../firmware/bytes/bytes";
import { describe, equal, isTrue, it } from "../harness";
import { bytesOf, textOf } from "../octets";

const RFC_4648_SECTION_10 = [
  ["", ""],
  ["f", "Zg=="],
  ["fo", "Zm8="],
  ["foo", "Zm9v"],
  ["foob", "Zm9vYg=="],
  ["fooba", "Zm9vYmE="],
  ["foobar", "Zm9vYmFy"],
];

function decode(text: string): string {
  const target = createBytes(40);
  const length = decodeBase64(bytesOf(text), 0, text.length, target, 2, 40);
  return length < 0 ? "refused" : textOf(target, 2, 2 + length);
}

describe("base64", () => {
  it("encodes and decodes the vectors of RFC 4648 section 10", () => {
    for (const [plain, encoded] of RFC_4648_SECTION_10) {
      const target = createBytes(20);
      equal(encodeBase64(bytesOf(plain), 0, plain.length, target, 1, 20), encoded.length, plain);
      equal(textOf(target, 1, 1 + encoded.length), encoded, plain);
      equal(base64Length(plain.length), encoded.length, plain);
      equal(decode(encoded), plain, encoded);
    }
  });

  it("brings every octet back in every position", () => {
    const source = createBytes(259);
    for (let index = 0; index < 259; index += 1) {
      source[index] = (index * 7) & 0xff;
    }
    const text = createBytes(348);
    const back = createBytes(259);
    for (let start = 0; start < 3; start += 1) {
      const letters = encodeBase64(source, start, 259, text, 0, 348);
      equal(decodeBase64(text, 0, letters, back, 0, 259), 259 - start);
      for (let index = start; index < 259; index += 1) {
        equal(back[index - start], source[index], `octet ${index} from ${start}`);
      }
    }
  });

  it("refuses what is not canonical", () => {
    const texts = [
      "Z",
      "Zg",
      "Zg=",
      "Zg===",
      "Zh==",
      "Zo==",
      "Zm+=",
      "Zm9=",
      "Zm8=Zm8=",
      "Z===",
      "====",
      "Zm 9",
      "Zm9v\n",
      "Zm9-",
      "Zm9_",
      "=m9v",
      "Zg=a",
    ];
    for (const text of texts) {
      equal(decode(text), "refused", text);
    }
  });

  it("writes nothing past the limit", () => {
    const target = createBytes(8);
    equal(encodeBase64(bytesOf("foob"), 0, 4, target, 1, 8), -1, "8 letters into 7");
    equal(decodeBase64(bytesOf("Zm9v"), 0, 4, target, 6, 8), -1, "3 octets into 2");
    equal(decodeBase64(bytesOf("Zm8="), 0, 4, target, 6, 8), 2, "2 octets into 2");
    isTrue(target[5] === 0 && target[0] === 0, "nothing before it");
  });
});
