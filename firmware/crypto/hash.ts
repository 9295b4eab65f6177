// The one face of the hash functions: a record that does MD5 (RFC 1321) or SHA-256 (FIPS 180-4), fed in pieces of any
// length. Where the shell has native twins they do the work on a block; the vectors of test/crypto hold for both.

import { type Bytes, copyBytes, createBytes, fillBytes } from "../bytes/bytes";
import { type Text, textByte, textLength } from "../bytes/text";
import { twins } from "../bytes/twins";
import { compressMd5, MD5_BYTES, startMd5 } from "./md5";
import { compressSha256, SHA_256_BYTES, startSha256 } from "./sha256";

export const enum HashAlgorithm {
  MD5 = 1,
  SHA_256 = 2,
}

/** The octets of the longest digest. */
export const HASH_LONGEST_BYTES = 32;

const BLOCK_BYTES = 64;
const LENGTH_AT = 56; // the last 8 octets of the last block are the message's length in bits

export interface Hash {
  algorithm: HashAlgorithm;
  /** The octets that do not fill a block yet. */
  readonly block: Bytes;
  /** How many there are: 0 … 63. */
  blockUsed: number;
  /** Whole blocks taken so far; a message is at most 2^27 - 1 blocks, 8 GiB. */
  blockCount: number;
  /** The 4 or 8 chaining variables; at the end they are the digest. */
  readonly chain: Bytes;
  /** Room for the block as 16 words, signed 32-bit; empty where a native twin needs none. */
  readonly words: number[];
}

/** Boot only: a hash, started as MD5 of nothing. */
export function createHash(): Hash {
  const words: number[] = [];
  if (twins === false) {
    for (let index = 0; index < 16; index += 1) {
      words.push(0);
    }
  }
  const block = createBytes(BLOCK_BYTES);
  const chain = createBytes(HASH_LONGEST_BYTES);
  const hash: Hash = { algorithm: HashAlgorithm.MD5, block, blockUsed: 0, blockCount: 0, chain, words };
  startHash(hash, HashAlgorithm.MD5);
  return hash;
}

/** Starts a new message. */
export function startHash(hash: Hash, algorithm: HashAlgorithm): void {
  hash.algorithm = algorithm;
  hash.blockUsed = 0;
  hash.blockCount = 0;
  if (algorithm === HashAlgorithm.MD5) {
    startMd5(hash.chain);
  } else {
    startSha256(hash.chain);
  }
}

/** The octets of a digest of the algorithm. */
export function hashLength(algorithm: HashAlgorithm): number {
  return algorithm === HashAlgorithm.MD5 ? MD5_BYTES : SHA_256_BYTES;
}

function compress(hash: Hash, bytes: Bytes, start: number): void {
  if (hash.algorithm === HashAlgorithm.MD5) {
    compressMd5(hash.chain, hash.words, bytes, start);
  } else {
    compressSha256(hash.chain, hash.words, bytes, start);
  }
}

/** Appends one octet to the message. */
export function updateHashByte(hash: Hash, octet: number): void {
  hash.block[hash.blockUsed] = octet & 0xff;
  hash.blockUsed += 1;
  if (hash.blockUsed === BLOCK_BYTES) {
    compress(hash, hash.block, 0);
    hash.blockUsed = 0;
    hash.blockCount += 1;
  }
}

/** Appends bytes[start … end) to the message. Whole blocks are taken where they lie. */
export function updateHash(hash: Hash, bytes: Bytes, start: number, end: number): void {
  let index = start;
  while (index < end) {
    const room = BLOCK_BYTES - hash.blockUsed;
    if (room > end - index) {
      copyBytes(hash.block, hash.blockUsed, bytes, index, end);
      hash.blockUsed += end - index;
      return;
    }
    if (room === BLOCK_BYTES) {
      compress(hash, bytes, index);
    } else {
      copyBytes(hash.block, hash.blockUsed, bytes, index, index + room);
      compress(hash, hash.block, 0);
      hash.blockUsed = 0;
    }
    hash.blockCount += 1;
    index += room;
  }
}

/** Appends a constant text to the message. */
export function updateHashText(hash: Hash, text: Text): void {
  const length = textLength(text);
  for (let index = 0; index < length; index += 1) {
    updateHashByte(hash, textByte(text, index));
  }
}

/** Writes a number of 0 … 65,535 as the 16 bits `half` (0 the lowest) of the length field. */
function putLengthHalf(hash: Hash, half: number, value: number): void {
  const block = hash.block;
  if (hash.algorithm === HashAlgorithm.MD5) {
    block[LENGTH_AT + 2 * half] = value & 0xff;
    block[LENGTH_AT + 2 * half + 1] = value >> 8;
  } else {
    block[LENGTH_AT + 7 - 2 * half] = value & 0xff;
    block[LENGTH_AT + 6 - 2 * half] = value >> 8;
  }
}

/**
 * Ends the message and writes its digest to target from `at`. The hash is to be started again before its next use.
 * @param target has room for 16 (MD5) or 32 (SHA-256) octets there
 * @returns the number of octets written
 */
export function finishHash(hash: Hash, target: Bytes, at: number): number {
  const used = hash.blockUsed;
  const blocks = hash.blockCount;
  const block = hash.block;
  block[used] = 0x80;
  fillBytes(block, used + 1, BLOCK_BYTES, 0);
  if (used >= LENGTH_AT) {
    compress(hash, block, 0);
    fillBytes(block, 0, BLOCK_BYTES, 0);
  }
  // bits = blocks · 512 + used · 8, in 16-bit parts: blocks' lowest 7 bits lie in the lowest part.
  putLengthHalf(hash, 0, ((blocks & 0x7f) << 9) | (used << 3));
  putLengthHalf(hash, 1, (blocks >> 7) & 0xffff);
  putLengthHalf(hash, 2, blocks >> 23);
  compress(hash, block, 0);
  const length = hashLength(hash.algorithm);
  copyBytes(target, at, hash.chain, 0, length);
  return length;
}
