/*
 * The native twins against published vectors, and against the reference by checksums: "checksums" prints those of every code and every
 * sample of both laws, which twins.test.ts computes from firmware/audio/g711.ts.
 */
#include "../../hal/native/twins.h"

#include "../../hal/native/program.h"
#include "check.h"

enum { SAMPLES = 65536, CODES = 256, DIGEST_LETTERS = 64 };

static void copies_the_first_octet_first(void) {
  uint8_t octets[] = "abcdefgh";
  twin_copy(octets, octets + 2, 6);
  CHECK_TEXT((char *)octets, "cdefghgh");
  twin_copy(octets + 2, octets, 6);
  CHECK_TEXT((char *)octets, "cdcdcdcd");
  twin_copy(octets + 3, octets + 3, 2);
  twin_copy(octets + 5, (const uint8_t *)"xyz", 0);
  CHECK_TEXT((char *)octets, "cdcdcdcd");
}

static void fills_what_it_is_given(void) {
  uint8_t octets[] = "abcd";
  twin_fill(octets + 1, 2, '-');
  twin_fill(octets, 0, '-');
  CHECK_TEXT((char *)octets, "a--d");
}

static void compares_letters_in_any_case(void) {
  const uint8_t *left = (const uint8_t *)"Call-ID[@`{";
  CHECK(twin_is_equal_in_any_case(left, (const uint8_t *)"cALL-id[@`{", 11));
  CHECK(twin_is_equal_in_any_case((const uint8_t *)"AZaz", (const uint8_t *)"azAZ", 4));
  // What differs from a letter by the bit of its case alone, and is none.
  CHECK(!twin_is_equal_in_any_case((const uint8_t *)"[", (const uint8_t *)"{", 1));
  CHECK(!twin_is_equal_in_any_case((const uint8_t *)"@", (const uint8_t *)"`", 1));
  CHECK(!twin_is_equal((const uint8_t *)"a", (const uint8_t *)"A", 1));
  CHECK(twin_is_equal(left, (const uint8_t *)"", 0));
}

static void compares_every_octet_in_constant_time(void) {
  uint8_t left[32] = {0};
  uint8_t right[32] = {0};
  CHECK(twin_is_equal_in_constant_time(left, right, sizeof left));
  for (unsigned index = 0; index < sizeof left; index += 1) {
    right[index] = 0x80;
    CHECK(!twin_is_equal_in_constant_time(left, right, sizeof left));
    right[index] = 0;
  }
}

static void finds_the_first_of_octets(void) {
  const uint8_t octets[] = {1, 2, 3, 0xff, 2};
  CHECK(twin_find(octets, 5, 2) == 1);
  CHECK(twin_find(octets, 5, 0xff) == 3);
  CHECK(twin_find(octets, 3, 0xff) == 3);
  CHECK(twin_find(octets, 0, 1) == 0);
  // No octet has these numbers, whatever their lowest eight bits are.
  CHECK(twin_find(octets, 5, 0x102) == 5);
  CHECK(twin_find(octets, 5, -1) == 5);
}

static void tells_printable_octets(void) {
  CHECK(twin_is_printable((const uint8_t *)" ~", 2, ' '));
  CHECK(!twin_is_printable((const uint8_t *)" ~", 2, '!'));
  CHECK(!twin_is_printable((const uint8_t *)"\x7f", 1, 0));
  CHECK(twin_is_printable((const uint8_t *)"\x7f", 0, 0));
}

static void reads_and_writes_the_higher_octet_first(void) {
  uint8_t octets[] = {7, 0, 0, 9};
  twin_write_number_at(octets + 1, 0x12fe);
  CHECK(memcmp(octets, "\x07\x12\xfe\x09", 4) == 0);
  CHECK(twin_number_at(octets + 1) == 0x12fe);
}

static void delays_samples(void) {
  int16_t ring[4] = {0};
  int16_t samples[] = {1, 2, 3, 4, 5, 6};
  static const int16_t delayed[] = {0, 0, 0, 1, 2, 3};
  size_t at = twin_delay(ring, 4, 2, 3, samples, 1);
  CHECK(at == 3);
  CHECK(twin_delay(ring, 4, at, 3, samples + 1, 5) == 0);
  CHECK(memcmp(samples, delayed, sizeof delayed) == 0);
}

/** One sample after the other, as the reference does it. */
static size_t delay_one_by_one(int16_t *ring, size_t length, size_t at, size_t delay, int16_t *samples, size_t count) {
  for (size_t index = 0; index < count; index += 1) {
    ring[at] = samples[index];
    samples[index] = ring[(at + length - delay) % length];
    at = (at + 1) % length;
  }
  return at;
}

static void delays_samples_by_any_length_of_the_ring(void) {
  enum { LENGTH = 8, MOST = 20 };
  for (unsigned place = 0; place < LENGTH * (LENGTH + 1) * MOST; place += 1) {
    size_t at = place % LENGTH;
    size_t delay = place / LENGTH % (LENGTH + 1);
    size_t count = place / LENGTH / (LENGTH + 1);
    int16_t rings[2][LENGTH];
    int16_t samples[2][MOST];
    for (unsigned index = 0; index < LENGTH; index += 1) {
      rings[0][index] = rings[1][index] = (int16_t)(100 + index);
    }
    for (unsigned index = 0; index < MOST; index += 1) {
      samples[0][index] = samples[1][index] = (int16_t)index;
    }
    CHECK(twin_delay(rings[0], LENGTH, at, delay, samples[0], count) ==
          delay_one_by_one(rings[1], LENGTH, at, delay, samples[1], count));
    CHECK(memcmp(rings[0], rings[1], sizeof rings[0]) == 0 && memcmp(samples[0], samples[1], sizeof samples[0]) == 0);
  }
}

static void clips_what_a_gain_makes_too_large(void) {
  int16_t samples[] = {INT16_MAX, -3, INT16_MIN};
  twin_apply_gain(samples, 3, UINT16_MAX);
  CHECK(samples[0] == INT16_MAX && samples[1] == -768 && samples[2] == INT16_MIN);
  CHECK(twin_peak(samples, 3) == 32768);
  twin_clear(samples + 1, 2);
  CHECK(twin_peak(samples + 1, 2) == 0 && samples[0] == INT16_MAX);
}

static void has_the_codes_of_g711_at_its_ends(void) {
  // 124 and 128 are decision values: an interval begins there, and ends there on the negative side.
  static const int16_t samples[] = {0, -1, 32767, -32768, 124, -124, 128, -128};
  uint8_t codes[8];
  twin_encode_g711(TWIN_MU_LAW, samples, 8, codes);
  CHECK(memcmp(codes, "\xff\x7f\x80\x00\xef\x70\xef\x6f", 8) == 0);
  twin_encode_g711(TWIN_A_LAW, samples, 8, codes);
  CHECK(memcmp(codes, "\xd5\x55\xaa\x2a\xd2\x52\xdd\x52", 8) == 0);
}

static void gives_back_every_code_of(enum twin_law law) {
  for (unsigned code = 0; code < CODES; code += 1) {
    uint8_t octet = (uint8_t)code;
    uint8_t again = 0;
    int16_t sample = 0;
    twin_decode_g711(law, &octet, 1, &sample);
    twin_encode_g711(law, &sample, 1, &again);
    // The two zeros of µ-law are one sample.
    CHECK(again == octet || (law == TWIN_MU_LAW && octet == 0x7f && again == 0xff));
  }
}

static void gives_back_every_code_of_g711(void) {
  gives_back_every_code_of(TWIN_MU_LAW);
  gives_back_every_code_of(TWIN_A_LAW);
}

typedef void compression(uint8_t *chain, const uint8_t *block);

/** A hash: its block function, its start values, and how it counts a message's bits. */
typedef struct hash {
  compression *compress;
  const char *start;
  size_t octets;
  bool is_high_first;
} hash;

static const hash md5 = {twin_compress_md5, "\x01\x23\x45\x67\x89\xab\xcd\xef\xfe\xdc\xba\x98\x76\x54\x32\x10",
                         TWIN_MD5_OCTETS, false};
static const hash sha256 = {twin_compress_sha256,
                            "\x6a\x09\xe6\x67\xbb\x67\xae\x85\x3c\x6e\xf3\x72\xa5\x4f\xf5\x3a"
                            "\x51\x0e\x52\x7f\x9b\x05\x68\x8c\x1f\x83\xd9\xab\x5b\xe0\xcd\x19",
                            TWIN_SHA_256_OCTETS, true};

/** The digest of a text of at most 119 letters, as hexadecimal letters. */
static const char *digest_of(const hash *by, const char *text) {
  static char digest[DIGEST_LETTERS + 1];
  uint8_t message[2 * TWIN_BLOCK_OCTETS] = {0};
  uint8_t chain[TWIN_SHA_256_OCTETS];
  size_t length = strlen(text);
  size_t end = length < TWIN_BLOCK_OCTETS - 8 ? TWIN_BLOCK_OCTETS : 2 * TWIN_BLOCK_OCTETS;
  memcpy(message, text, length);
  message[length] = 0x80;
  size_t low = by->is_high_first ? end - 1 : end - 8;
  size_t high = by->is_high_first ? end - 2 : end - 7;
  message[low] = (uint8_t)(8 * length);
  message[high] = (uint8_t)(8 * length >> 8);
  memcpy(chain, by->start, by->octets);
  for (size_t at = 0; at < end; at += TWIN_BLOCK_OCTETS) {
    by->compress(chain, message + at);
  }
  for (size_t index = 0; index < by->octets; index += 1) {
    snprintf(digest + 2 * index, 3, "%02x", chain[index]);
  }
  return digest;
}

static void has_the_digests_of_rfc_1321(void) {
  CHECK_TEXT(digest_of(&md5, ""), "d41d8cd98f00b204e9800998ecf8427e");
  CHECK_TEXT(digest_of(&md5, "abc"), "900150983cd24fb0d6963f7d28e17f72");
  CHECK_TEXT(digest_of(&md5, "message digest"), "f96b697d7cb7938d525a2f31aaf161d0");
  CHECK_TEXT(digest_of(&md5, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"),
             "d174ab98d277d9f5a5611c2c9f419d9f");
}

static void has_the_digests_of_fips_180_4(void) {
  CHECK_TEXT(digest_of(&sha256, "abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK_TEXT(digest_of(&sha256, "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
             "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

/** CRC-32 of the codes of the samples 0 … 32767, -32768 … -1, and of the samples of all codes as pairs of octets, the lowest first. */
static void print_checksums(void) {
  static int16_t samples[SAMPLES];
  static uint8_t octets[SAMPLES];
  static const enum twin_law laws[] = {TWIN_MU_LAW, TWIN_A_LAW};
  for (unsigned law = 0; law < 2; law += 1) {
    for (int index = 0; index < SAMPLES; index += 1) {
      samples[index] = (int16_t)(index < SAMPLES / 2 ? index : index - SAMPLES);
    }
    twin_encode_g711(laws[law], samples, SAMPLES, octets);
    printf("%08x ", (unsigned)program_crc32(0, octets, SAMPLES));
    for (unsigned code = 0; code < CODES; code += 1) {
      octets[code] = (uint8_t)code;
    }
    twin_decode_g711(laws[law], octets, CODES, samples);
    for (unsigned code = 0; code < CODES; code += 1) {
      octets[2 * code] = (uint8_t)(samples[code] & 0xff);
      octets[2 * code + 1] = (uint8_t)(samples[code] >> 8 & 0xff);
    }
    printf("%08x\n", (unsigned)program_crc32(0, octets, 2 * CODES));
  }
}

static const check_case cases[] = {
    {"copies the first octet first, also where the parts overlap", copies_the_first_octet_first},
    {"fills what it is given and nothing else", fills_what_it_is_given},
    {"compares letters in any case, and nothing that is no letter", compares_letters_in_any_case},
    {"compares every octet in constant time", compares_every_octet_in_constant_time},
    {"finds the first of octets, and no octet where none can be", finds_the_first_of_octets},
    {"tells printable octets", tells_printable_octets},
    {"reads and writes numbers, the higher octet first", reads_and_writes_the_higher_octet_first},
    {"gives samples back after a delay", delays_samples},
    {"gives them back after any delay, by any length of the ring", delays_samples_by_any_length_of_the_ring},
    {"clips what a gain makes too large", clips_what_a_gain_makes_too_large},
    {"has the codes of G.711 at the ends and around zero", has_the_codes_of_g711_at_its_ends},
    {"gives back every code of G.711", gives_back_every_code_of_g711},
    {"has the MD5 digests of RFC 1321", has_the_digests_of_rfc_1321},
    {"has the SHA-256 digests of FIPS 180-4", has_the_digests_of_fips_180_4},
};

int main(int count, char **words) {
  if (count == 2 && strcmp(words[1], "checksums") == 0) {
    print_checksums();
    return 0;
  }
  return check_run(cases, sizeof cases / sizeof *cases);
}
