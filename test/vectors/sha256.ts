// Vectors of SHA-256. The first list is FIPS 180-4 (NIST's example values for SHA-256). The others are digests of the message whose octet i is
// (7 · i + 3) mod 256, computed with OpenSSL 3: the lengths around the borders of a block, and one over all lengths.

export interface DigestVector {
  /** The message is this text, repeated. */
  text: string;
  times: number;
  digest: string;
}

export const FIPS_180_4: DigestVector[] = [
  { text: "", times: 1, digest: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
  { text: "abc", times: 1, digest: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
  {
    text: "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
    times: 1,
    digest: "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
  },
  {
    text: "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
    times: 1,
    digest: "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1",
  },
];

export interface LengthVector {
  length: number;
  digest: string;
}

export const SHA_256_AROUND_BLOCKS: LengthVector[] = [
  { length: 1, digest: "084fed08b978af4d7d196a7446a86b58009e636b611db16211b65a9aadff29c5" },
  { length: 54, digest: "160bbf14b458c877b7049e7cb5771dd653930f97d20bdd8ee795c16062906233" },
  { length: 55, digest: "e7313d333c272e639f790978283f9eb392e843d0f29b7016828bb1daa4aac70b" },
  { length: 56, digest: "4324d65f3c103567f5589c710bc08f8523f929a9272e3af36fc968e52abc6c27" },
  { length: 57, digest: "35df609437dcfea3279283ab79fd554e2bf78f8f7ae2de532d8ee300b09e8f73" },
  { length: 62, digest: "5b50d7a374c35bf46f501a178cceb2cfe649cd8f96c4a21d57377fcbb0eec4ab" },
  { length: 63, digest: "81c80242132f230c3bd41b3e63bbcff16107339549214a99614ff26664625055" },
  { length: 64, digest: "39e3d7b6b5d075d37d053ad89b24b41bef4f3c29760c84447cab3f3be1882241" },
  { length: 65, digest: "aacca6ff74fdbb296d165a45cecfa04e5127bc008770fbbdd48006f2d2fae95e" },
  { length: 66, digest: "11fdf00350687cdd9dc4312de9734ad3ddf5eeb4d0c442ad34b05f3e484e8ffd" },
  { length: 118, digest: "2c49b89c5aaaaaa69ae70251cc0803f14afaf1a2caa461fa6b083750bc07ce88" },
  { length: 119, digest: "9ce7368e4daf32341631b492e80359dc9f594b48453cd0dd5bf0b19279cc177e" },
  { length: 120, digest: "7836b787757e95e58b3ca5aec90b1b004e8deba1e50e9675af9cabf1a13a04b5" },
  { length: 121, digest: "1189a98a00c71bc1848ea8bdc9700b442bee0be7c3f45172303f1ab0b6f1617e" },
  { length: 126, digest: "3d11be9920ed2c431ed505b9c790bb4a17398bb1e0977f978efbd357c3b3fbd2" },
  { length: 127, digest: "a8d23e75d936f303d248888d9b165ee543f4cbafcad3c9dd2a79bd84faa11d07" },
  { length: 128, digest: "d2742f1f4ac6bb7ca2b239ee18402ba8b3f9f8e652d2a72973c2b9ba11c08cf6" },
  { length: 129, digest: "307f8fc2c1622b92762e818d39a185d4d667ad49a4b07ceae1f4afa008a93ec4" },
  { length: 192, digest: "ec6732214091fa8455ee2251fb756475b04ec62610fbceaa64218a11faf571cd" },
  { length: 1000, digest: "1e9bc38cbf860b9ec31918b065f9b52476c549a782e0e7990bed8ce3868d2371" },
];

/** The digest of the digests, one behind the other, of the messages of 0, 1, … 200 octets. */
export const SHA_256_OF_ALL_LENGTHS = "3275febb4612d86d586eb9f11cd21e648a9fc7d95e0f6b8d362786e28c9c5b79";

/** The digest of 20,000 letters "a". */
export const SHA_256_OF_20_000 = "cc17faaad36649c4603dda4d8ff97cb149722af0bcac0746305a2134ad2d0b97";
