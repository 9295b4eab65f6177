/*
 * The twins of firmware/crypto: one block of MD5 (RFC 1321 3.4) and of SHA-256 (FIPS 180-4 6.2.2), with the chaining variables in
 * octets, so that the last ones are the digest. MD5 is for digest authentication (RFC 7616) alone.
 */
#include "little_endian.h"
#include "twins.h"

enum { ROUNDS = 64, WORDS = 16 };

/** The integer part of 2^32 * |sin(i)|, i = 1 … 64 radians. */
static const uint32_t sines[ROUNDS] = {
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
    0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
    0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
    0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
    0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
    0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
    0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
    0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
};

/** The bits by which a sum is rotated, four of each round of 16 steps in turn. */
static const uint8_t shifts[WORDS] = {7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21};

/** FIPS 180-4 4.2.2, from the cube roots of the first 64 primes. */
static const uint32_t round_constants[ROUNDS] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

/** @param count 1 … 31 */
static uint32_t rotate_left(uint32_t word, unsigned count) { return word << count | word >> (32 - count); }

static uint32_t rotate_right(uint32_t word, unsigned count) { return word >> count | word << (32 - count); }

static uint32_t high_word(const uint8_t *octets) {
  return (uint32_t)octets[0] << 24 | (uint32_t)octets[1] << 16 | (uint32_t)octets[2] << 8 | (uint32_t)octets[3];
}

static void add_to_low_word(uint8_t *octets, uint32_t value) { write_32(octets, read_32(octets) + value); }

static void add_to_high_word(uint8_t *octets, uint32_t value) {
  uint32_t sum = high_word(octets) + value;
  for (unsigned index = 0; index < 4; index += 1) {
    octets[index] = (uint8_t)(sum >> (24 - 8 * index));
  }
}

void twin_compress_md5(uint8_t *chain, const uint8_t *block) {
  uint32_t a = read_32(chain);
  uint32_t b = read_32(chain + 4);
  uint32_t c = read_32(chain + 8);
  uint32_t d = read_32(chain + 12);
  for (unsigned step = 0; step < ROUNDS; step += 1) {
    uint32_t mixed;
    unsigned word;
    switch (step / WORDS) {
    case 0:
      mixed = d ^ (b & (c ^ d));
      word = step;
      break;
    case 1:
      mixed = c ^ (d & (b ^ c));
      word = 5 * step + 1;
      break;
    case 2:
      mixed = b ^ c ^ d;
      word = 3 * step + 5;
      break;
    default:
      mixed = c ^ (b | ~d);
      word = 7 * step;
      break;
    }
    uint32_t sum = a + mixed + read_32(block + 4 * (word % WORDS)) + sines[step];
    a = d;
    d = c;
    c = b;
    b += rotate_left(sum, shifts[step / WORDS * 4 + step % 4]);
  }
  add_to_low_word(chain, a);
  add_to_low_word(chain + 4, b);
  add_to_low_word(chain + 8, c);
  add_to_low_word(chain + 12, d);
}

/** The word t + 16 of the message schedule in place of the word t. */
static uint32_t next_word(uint32_t *words, unsigned t) {
  uint32_t x = words[(t + 1) % WORDS];
  uint32_t y = words[(t + 14) % WORDS];
  uint32_t sigma0 = rotate_right(x, 7) ^ rotate_right(x, 18) ^ x >> 3;
  uint32_t sigma1 = rotate_right(y, 17) ^ rotate_right(y, 19) ^ y >> 10;
  words[t % WORDS] += sigma0 + words[(t + 9) % WORDS] + sigma1;
  return words[t % WORDS];
}

void twin_compress_sha256(uint8_t *chain, const uint8_t *block) {
  uint32_t words[WORDS];
  uint32_t h[8];
  for (unsigned index = 0; index < WORDS; index += 1) {
    words[index] = high_word(block + 4 * index);
  }
  for (unsigned index = 0; index < 8; index += 1) {
    h[index] = high_word(chain + 4 * index);
  }
  for (unsigned t = 0; t < ROUNDS; t += 1) {
    uint32_t word = t < WORDS ? words[t] : next_word(words, t);
    uint32_t sum1 = rotate_right(h[4], 6) ^ rotate_right(h[4], 11) ^ rotate_right(h[4], 25);
    uint32_t choice = h[6] ^ (h[4] & (h[5] ^ h[6]));
    uint32_t first = h[7] + sum1 + choice + round_constants[t] + word;
    uint32_t sum0 = rotate_right(h[0], 2) ^ rotate_right(h[0], 13) ^ rotate_right(h[0], 22);
    uint32_t majority = (h[0] & h[1]) | (h[2] & (h[0] | h[1]));
    for (unsigned index = 7; index > 0; index -= 1) {
      h[index] = h[index - 1];
    }
    h[4] += first;
    h[0] = first + sum0 + majority;
  }
  for (unsigned index = 0; index < 8; index += 1) {
    add_to_high_word(chain + 4 * index, h[index]);
  }
}
