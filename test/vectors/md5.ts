// Vectors of MD5. The first list is RFC 1321 appendix A.5. The others are digests of the message whose octet i is
// (7 · i + 3) mod 256, computed with OpenSSL 3: the lengths around the borders of a block, and one over all lengths.

export interface DigestVector {
  /** The message is this text, repeated. */
  text: string;
  times: number;
  digest: string;
}

export const RFC_1321_APPENDIX_A_5: DigestVector[] = [
  { text: "", times: 1, digest: "d41d8cd98f00b204e9800998ecf8427e" },
  { text: "a", times: 1, digest: "0cc175b9c0f1b6a831c399e269772661" },
  { text: "abc", times: 1, digest: "900150983cd24fb0d6963f7d28e17f72" },
  { text: "message digest", times: 1, digest: "f96b697d7cb7938d525a2f31aaf161d0" },
  { text: "abcdefghijklmnopqrstuvwxyz", times: 1, digest: "c3fcd3d76192e4007dfb496cca67e13b" },
  {
    text: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
    times: 1,
    digest: "d174ab98d277d9f5a5611c2c9f419d9f",
  },
  { text: "1234567890", times: 8, digest: "57edf4a22be3c955ac49da2e2107b67a" },
];

export interface LengthVector {
  length: number;
  digest: string;
}

export const MD5_AROUND_BLOCKS: LengthVector[] = [
  { length: 1, digest: "8666683506aacd900bbd5a74ac4edf68" },
  { length: 54, digest: "eb5acae65a800805a13648f23dea0327" },
  { length: 55, digest: "52c0e574e1198de5fe3f8f11440dcb1b" },
  { length: 56, digest: "46c9907fc908ee68b1e7b8e71286a518" },
  { length: 57, digest: "1c805dd236c35cab25fcb1bc73802c51" },
  { length: 62, digest: "8eece4c814dc5eb0d6722df349794fe0" },
  { length: 63, digest: "a62f6d59e837867693f042f5b8f5a236" },
  { length: 64, digest: "7160b8fb5e9e4023d549c3971fbaeead" },
  { length: 65, digest: "70bd662e7aefbda85a0f7244167b7897" },
  { length: 66, digest: "a7e438b4b549aeac81d58ce084a8cc82" },
  { length: 118, digest: "f7ee9ac5422f3dde35ddca3d87bf365b" },
  { length: 119, digest: "e84905d4214f4d1ca56c2cdcc152b143" },
  { length: 120, digest: "e3eb5a6c8669ea01a8c185b8abc8a5dc" },
  { length: 121, digest: "82f02aff7c685d5ef5f6abdfc38fd04f" },
  { length: 126, digest: "5e1ada0df43aedbcf8b20751d806693e" },
  { length: 127, digest: "acce2474d6cc8302120d09c818d17ef7" },
  { length: 128, digest: "10b2da1a82f16d99a81a7203fe9f02cb" },
  { length: 129, digest: "03fefbbcebe2959cf2270241aafe0250" },
  { length: 192, digest: "4cf6bd4bc52d3ca824bfbc469b75fa97" },
  { length: 1000, digest: "10046f077f2082ac19676b8079f1cb1a" },
];

/** The digest of the digests, one behind the other, of the messages of 0, 1, … 200 octets. */
export const MD5_OF_ALL_LENGTHS = "3c2e2f5ba85a139b95d47a02f96f81c1";

/** The digest of 20,000 letters "a". */
export const MD5_OF_20_000 = "9bb57f821953f3c232116e38badc8e96";
