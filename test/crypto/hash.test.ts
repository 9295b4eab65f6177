// MD5 and SHA-256 behind their one face: published vectors, every length around the borders of a block, every way of
// cutting a message into pieces.

import { type Bytes, createBytes } from "../../firmware/bytes/bytes";
import { createText } from "../../firmware/bytes/text";
import {
  createHash,
  finishHash,
  HashAlgorithm,
  hashLength,
  startHash,
  updateHash,
  updateHashByte,
  updateHashText,
} from "../../firmware/crypto/hash";
import { describe, equal, it } from "../harness";
import { bytesOf, hexOf } from "../octets";
import { MD5_AROUND_BLOCKS, MD5_OF_20_000, MD5_OF_ALL_LENGTHS, RFC_1321_APPENDIX_A_5 } from "../vectors/md5";
import { FIPS_180_4, SHA_256_AROUND_BLOCKS, SHA_256_OF_20_000, SHA_256_OF_ALL_LENGTHS } from "../vectors/sha256";

const CREDENTIALS = createText("Mufasa:http-auth@example.org:Circle of Life");

const SUITES = [
  {
    name: "MD5",
    algorithm: HashAlgorithm.MD5,
    published: RFC_1321_APPENDIX_A_5,
    aroundBlocks: MD5_AROUND_BLOCKS,
    allLengths: MD5_OF_ALL_LENGTHS,
    longMessage: MD5_OF_20_000,
  },
  {
    name: "SHA-256",
    algorithm: HashAlgorithm.SHA_256,
    published: FIPS_180_4,
    aroundBlocks: SHA_256_AROUND_BLOCKS,
    allLengths: SHA_256_OF_ALL_LENGTHS,
    longMessage: SHA_256_OF_20_000,
  },
];

function createMessage(length: number): Bytes {
  const message = createBytes(length);
  for (let index = 0; index < length; index += 1) {
    message[index] = (index * 7 + 3) & 0xff;
  }
  return message;
}

for (const suite of SUITES) {
  describe(suite.name, () => {
    const hash = createHash();
    const digest = createBytes(32);

    it("gives the published digests", () => {
      for (const vector of suite.published) {
        startHash(hash, suite.algorithm);
        for (let times = 0; times < vector.times; times += 1) {
          updateHash(hash, bytesOf(vector.text), 0, vector.text.length);
        }
        equal(finishHash(hash, digest, 0), hashLength(suite.algorithm), "its length");
        equal(hexOf(digest, 0, hashLength(suite.algorithm)), vector.digest, vector.text);
      }
    });

    it("is exact at the lengths around the borders of a block", () => {
      for (const vector of suite.aroundBlocks) {
        startHash(hash, suite.algorithm);
        updateHash(hash, createMessage(vector.length), 0, vector.length);
        equal(hexOf(digest, 0, finishHash(hash, digest, 0)), vector.digest, `${vector.length} octets`);
      }
    });

    it("is exact at every length up to 200", () => {
      const message = createMessage(200);
      const digests = createBytes(201 * 32);
      let length = 0;
      for (let end = 0; end <= 200; end += 1) {
        startHash(hash, suite.algorithm);
        updateHash(hash, message, 0, end);
        length += finishHash(hash, digests, length);
      }
      startHash(hash, suite.algorithm);
      updateHash(hash, digests, 0, length);
      equal(hexOf(digest, 0, finishHash(hash, digest, 0)), suite.allLengths);
    });

    it("does not depend on how the message is cut", () => {
      const message = createMessage(192);
      const whole = suite.aroundBlocks[suite.aroundBlocks.length - 2].digest;
      for (let cut = 0; cut <= 192; cut += cut % 64 < 5 || cut % 64 > 60 ? 1 : 7) {
        startHash(hash, suite.algorithm);
        updateHash(hash, message, 0, cut);
        updateHash(hash, message, cut, 192);
        equal(hexOf(digest, 0, finishHash(hash, digest, 0)), whole, `cut at ${cut}`);
      }
      startHash(hash, suite.algorithm);
      for (let index = 0; index < 192; index += 1) {
        updateHashByte(hash, message[index]);
      }
      equal(hexOf(digest, 0, finishHash(hash, digest, 0)), whole, "octet by octet");
    });

    it("is exact for a long message", () => {
      const thousand = createBytes(1000);
      for (let index = 0; index < 1000; index += 1) {
        thousand[index] = 0x61;
      }
      startHash(hash, suite.algorithm);
      for (let times = 0; times < 20; times += 1) {
        updateHash(hash, thousand, 0, 1000);
      }
      equal(hexOf(digest, 0, finishHash(hash, digest, 0)), suite.longMessage);
    });

    it("takes constant texts as their letters", () => {
      const letters = bytesOf("Mufasa:http-auth@example.org:Circle of Life");
      const expected = createBytes(32);
      startHash(hash, suite.algorithm);
      updateHash(hash, letters, 0, letters.length);
      const length = finishHash(hash, expected, 0);
      startHash(hash, suite.algorithm);
      updateHashText(hash, CREDENTIALS);
      finishHash(hash, digest, 0);
      equal(hexOf(digest, 0, length), hexOf(expected, 0, length));
    });

    it("writes the digest where it is asked to, and nothing around it", () => {
      const target = createBytes(40);
      startHash(hash, suite.algorithm);
      const length = finishHash(hash, target, 4);
      equal(hexOf(target, 0, 4), "00000000", "before");
      equal(hexOf(target, 4, 4 + length).length, hashLength(suite.algorithm) * 2);
      for (let index = 4 + length; index < 40; index += 1) {
        equal(target[index], 0, `octet ${index}`);
      }
    });
  });
}
