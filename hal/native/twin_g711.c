/*
 * The twin of firmware/audio/g711.ts: ITU-T G.711, coded by arithmetic and decoded by tables of the compiler. A code is a sign, a
 * segment and one of its 16 intervals; a negative sample has the code of its one's complement with the sign's bit inverted. µ-law
 * takes the upper 14 bits of a sample, A-law the upper 12.
 */
#include <limits.h>

#include "twins.h"

enum {
  SIGN_BIT = 0x80,
  INTERVAL_BITS = 4,
  INTERVALS = 1 << INTERVAL_BITS,
  SAMPLE_BITS = 16,
  MU_MAGNITUDE_BITS = 13,
  A_MAGNITUDE_BITS = 11,
  /** With this added, the segments of µ-law begin at powers of two: 32, 64, … 4096, in units of 14 bits. */
  MU_BIAS = 33,
  MU_LARGEST = (1 << MU_MAGNITUDE_BITS) - 1,
  /** Even bits are inverted on the line. */
  A_LINE = 0x55,
};

/** How often `value` has to be halved to be below 32: one instruction counts the zeros above. */
static unsigned halvings(unsigned value) {
  enum { LOWEST_BITS = INTERVAL_BITS + 1 };
  return (unsigned)(CHAR_BIT * sizeof value) - LOWEST_BITS - (unsigned)__builtin_clz(value);
}

/** Without the sign, inverted as it is on the line. */
static unsigned encode_mu(unsigned magnitude) {
  unsigned biased = magnitude + MU_BIAS;
  if (biased > MU_LARGEST) {
    biased = MU_LARGEST;
  }
  // An interval of segment n is what is left of 16 … 31 after n + 1 halvings.
  unsigned halved = halvings(biased);
  return 0xff + 2 * INTERVALS - (halved * INTERVALS + (biased >> halved));
}

static unsigned encode_a(unsigned magnitude) {
  // Below 32 the first two segments have intervals of the same size.
  unsigned halved = halvings(magnitude | (2 * INTERVALS - 1));
  return (SIGN_BIT + halved * INTERVALS + (magnitude >> halved)) ^ A_LINE;
}

/** All bits of the sign. */
static unsigned sign_of(int sample) { return (unsigned)(sample >> SAMPLE_BITS); }

static void encode_all_mu(const int16_t *samples, const int16_t *end, uint8_t *codes) {
  while (samples < end) {
    int sample = *samples++;
    unsigned code = encode_mu(((unsigned)sample ^ sign_of(sample)) >> (SAMPLE_BITS - 1 - MU_MAGNITUDE_BITS));
    *codes++ = (uint8_t)(code ^ (sign_of(sample) & SIGN_BIT));
  }
}

static void encode_all_a(const int16_t *samples, const int16_t *end, uint8_t *codes) {
  while (samples < end) {
    int sample = *samples++;
    unsigned code = encode_a(((unsigned)sample ^ sign_of(sample)) >> (SAMPLE_BITS - 1 - A_MAGNITUDE_BITS));
    *codes++ = (uint8_t)(code ^ (sign_of(sample) & SIGN_BIT));
  }
}

void twin_encode_g711(enum twin_law law, const int16_t *samples, size_t count, uint8_t *codes) {
  if (law == TWIN_MU_LAW) {
    encode_all_mu(samples, samples + count, codes);
  } else {
    encode_all_a(samples, samples + count, codes);
  }
}

/* The middle of each interval in samples, 1 KB of constants: to compute them took four times as long as to look them up. */
#define MU_NUMBER(code) (~(code)&0x7fU)
#define MU_MIDDLE(code)                                                                                                \
  ((((2 * (MU_NUMBER(code) % INTERVALS) + MU_BIAS) << MU_NUMBER(code) / INTERVALS) - MU_BIAS)                          \
   << (SAMPLE_BITS - 1 - MU_MAGNITUDE_BITS))
#define A_NUMBER(code) (((code) ^ A_LINE) & 0x7fU)
/* In units of half an interval of the first two segments: 8 samples. */
#define A_UNITS(code)                                                                                                  \
  (A_NUMBER(code) < INTERVALS                                                                                          \
       ? 2 * A_NUMBER(code) + 1                                                                                        \
       : (2 * (A_NUMBER(code) % INTERVALS + INTERVALS) + 1) << (A_NUMBER(code) / INTERVALS - 1))
#define A_MIDDLE(code) (A_UNITS(code) << (SAMPLE_BITS - 2 - A_MAGNITUDE_BITS))
#define SIGNED(code, middle) ((code)&SIGN_BIT ? (int16_t)(middle) : (int16_t) - (int)(middle))

#define MU_SAMPLE(code) SIGNED(code, MU_MIDDLE(code))
#define A_SAMPLE(code) SIGNED(code, A_MIDDLE(code))
#define FOUR(sample, code) sample(code), sample((code) + 1), sample((code) + 2), sample((code) + 3)
#define SIXTEEN(sample, code)                                                                                          \
  FOUR(sample, code), FOUR(sample, (code) + 4), FOUR(sample, (code) + 8), FOUR(sample, (code) + 12)
#define SIXTY_FOUR(sample, code)                                                                                       \
  SIXTEEN(sample, code), SIXTEEN(sample, (code) + 16), SIXTEEN(sample, (code) + 32), SIXTEEN(sample, (code) + 48)
#define ALL(sample) SIXTY_FOUR(sample, 0U), SIXTY_FOUR(sample, 64U), SIXTY_FOUR(sample, 128U), SIXTY_FOUR(sample, 192U)

static const int16_t mu_samples[] = {ALL(MU_SAMPLE)};
static const int16_t a_samples[] = {ALL(A_SAMPLE)};

void twin_decode_g711(enum twin_law law, const uint8_t *codes, size_t count, int16_t *samples) {
  const int16_t *table = law == TWIN_MU_LAW ? mu_samples : a_samples;
  const uint8_t *end = codes + count;
  while (codes < end) {
    *samples++ = table[*codes++];
  }
}
