/*
 * The twin of firmware/audio/g711.ts: ITU-T G.711 by arithmetic. A code is a sign, a segment and one of its 16 intervals; a
 * negative sample has the code of its one's complement with the sign's bit inverted. µ-law takes the upper 14 bits of a sample,
 * A-law the upper 12.
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
  enum { LOWEST = 2 * INTERVALS - 1, LOWEST_BITS = INTERVAL_BITS + 1 };
  return (unsigned)(CHAR_BIT * sizeof value) - LOWEST_BITS - (unsigned)__builtin_clz(value | LOWEST);
}

static unsigned encode_mu(unsigned magnitude) {
  unsigned biased = magnitude + MU_BIAS;
  if (biased > MU_LARGEST) {
    biased = MU_LARGEST;
  }
  unsigned segment = halvings(biased) - 1;
  return 0xff - (segment * INTERVALS + (biased >> (segment + 1)) % INTERVALS);
}

static unsigned encode_a(unsigned magnitude) {
  unsigned halved = halvings(magnitude);
  // Below 32 the first two segments have intervals of the same size.
  return (SIGN_BIT + halved * INTERVALS + (magnitude >> halved)) ^ A_LINE;
}

void twin_encode_g711(enum twin_law law, const int16_t *samples, size_t count, uint8_t *codes) {
  for (size_t index = 0; index < count; index += 1) {
    unsigned sign = samples[index] < 0 ? SIGN_BIT : 0;
    unsigned positive = (unsigned)(samples[index] < 0 ? ~samples[index] : samples[index]);
    unsigned code = law == TWIN_MU_LAW ? encode_mu(positive >> (SAMPLE_BITS - 1 - MU_MAGNITUDE_BITS))
                                       : encode_a(positive >> (SAMPLE_BITS - 1 - A_MAGNITUDE_BITS));
    codes[index] = (uint8_t)(code ^ sign);
  }
}

/** The middle of an interval, in samples. */
static int decode_mu(unsigned code) {
  unsigned number = ~code & 0x7f;
  unsigned middle = ((2 * (number % INTERVALS) + MU_BIAS) << number / INTERVALS) - MU_BIAS;
  return (int)(middle << (SAMPLE_BITS - 1 - MU_MAGNITUDE_BITS));
}

static int decode_a(unsigned code) {
  unsigned number = (code ^ A_LINE) & 0x7f;
  unsigned segment = number / INTERVALS;
  unsigned interval = number % INTERVALS;
  // In units of half an interval of the first two segments: 8 samples.
  unsigned middle = segment == 0 ? 2 * interval + 1 : (2 * (interval + INTERVALS) + 1) << (segment - 1);
  return (int)(middle << (SAMPLE_BITS - 2 - A_MAGNITUDE_BITS));
}

void twin_decode_g711(enum twin_law law, const uint8_t *codes, size_t count, int16_t *samples) {
  for (size_t index = 0; index < count; index += 1) {
    unsigned code = codes[index];
    int positive = law == TWIN_MU_LAW ? decode_mu(code) : decode_a(code);
    samples[index] = (int16_t)((code & SIGN_BIT) != 0 ? positive : -positive);
  }
}
