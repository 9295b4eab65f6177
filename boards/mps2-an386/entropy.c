/*
 * A pool of 256 bits that only SHA-256's compression (FIPS 180-4 6.2.2) changes: input, output and what follows an output go in as
 * blocks of different kinds, so that from what was given out neither the pool nor earlier output can be computed.
 */
#include "entropy.h"

#include <stdbool.h>
#include <string.h>

#include "../../hal/native/device.h"
#include "../../hal/native/twins.h"
#include "clock.h"
#include "mps2-limits.h"
#include "registers.h"
#include "storage.h"

enum block_kind { BLOCK_INPUT = 1, BLOCK_OUTPUT, BLOCK_NEXT, BLOCK_SEED };

enum { DATA_AT = 16, DATA_OCTETS = TWIN_BLOCK_OCTETS - DATA_AT };

/** Words of the moments that one block takes up: of each what happened and when. A block for every frame would be an eighth of a frame. */
enum { WORDS_OF_MOMENTS = DATA_OCTETS / 4 };

static uint8_t pool[TWIN_SHA_256_OCTETS];
/** Blocks since boot: no two are equal. */
static uint32_t count_of_blocks;
/** Moments that wait for the others of their block. */
static uint32_t moments[WORDS_OF_MOMENTS];
static size_t count_of_words;

static void compress(uint8_t *chain, enum block_kind kind, const uint8_t *octets, size_t count) {
  uint8_t block[TWIN_BLOCK_OCTETS] = {(uint8_t)kind, (uint8_t)count};
  uint64_t now = clock_ticks();
  count_of_blocks += 1;
  memcpy(block + 4, &count_of_blocks, sizeof count_of_blocks);
  memcpy(block + 8, &now, sizeof now);
  memcpy(block + DATA_AT, octets, count);
  twin_compress_sha256(chain, block);
}

void entropy_add(const uint8_t *octets, size_t count) {
  while (count > 0) {
    size_t part = count < DATA_OCTETS ? count : DATA_OCTETS;
    compress(pool, BLOCK_INPUT, octets, part);
    octets += part;
    count -= part;
  }
}

static void take_up_moments(void) {
  entropy_add((const uint8_t *)moments, count_of_words * sizeof *moments);
  count_of_words = 0;
}

void entropy_add_moment(uint32_t event) {
  moments[count_of_words] = event;
  moments[count_of_words + 1] = (uint32_t)clock_ticks();
  count_of_words += 2;
  if (count_of_words == WORDS_OF_MOMENTS) {
    take_up_moments();
  }
}

/** Up to 32 octets of a kind; the pool moves on. */
static void give(enum block_kind kind, uint8_t *octets, size_t count) {
  uint8_t chain[TWIN_SHA_256_OCTETS];
  take_up_moments();
  memcpy(chain, pool, sizeof chain);
  compress(chain, kind, NULL, 0);
  memcpy(octets, chain, count);
  compress(pool, BLOCK_NEXT, NULL, 0);
}

void device_random(uint8_t *octets, size_t count) {
  while (count > 0) {
    size_t part = count < TWIN_SHA_256_OCTETS ? count : TWIN_SHA_256_OCTETS;
    give(BLOCK_OUTPUT, octets, part);
    octets += part;
    count -= part;
  }
}

uint32_t entropy_word(void) {
  uint32_t word;
  device_random((uint8_t *)&word, sizeof word);
  return word;
}

void entropy_open(void) {
  uint8_t seed[TWIN_SHA_256_OCTETS];
  if (device_storage_read(RECORD_SEED, seed, sizeof seed) == (int32_t)sizeof seed) {
    entropy_add(seed, sizeof seed);
  } else {
    device_log_line(
        "there is no seed: until one was written and the device restarted, chance is only what the network brings");
  }
  /* The next start's seed goes down before anything is given out: no two starts have the same. */
  give(BLOCK_SEED, seed, sizeof seed);
  (void)device_storage_write(RECORD_SEED, seed, sizeof seed);
}
