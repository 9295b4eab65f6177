/* Records in flash: the old one or the new one, whenever the power fails. */
#include "../../hal/native/record_store.h"

#include <string.h>

#include "../../hal/native/device.h"
#include "../../hal/native/little_endian.h"
#include "../../hal/native/program.h"
#include "check.h"
#include "model_flash.h"

enum { AREA_OCTETS = 2 * MODEL_PAGE_OCTETS, LONGEST = AREA_OCTETS - RECORD_HEADER_OCTETS, STEPS = 14 };

static const record_store store = {
    .memory = &model_flash, .at = {MODEL_PAGE_OCTETS, 5 * MODEL_PAGE_OCTETS}, .area_octets = AREA_OCTETS};

static uint8_t record[AREA_OCTETS];
static uint8_t buffer[AREA_OCTETS];

/** Lengths that fill areas in several ways: to the octet, with a rest, none at all. */
static const size_t lengths[STEPS] = {10, 240, 16, 17, 0, 100, 100, 5, LONGEST, 64, 1, 48, 200, 33};

/** The record of a step: each has other octets. */
static const uint8_t *record_of(unsigned step, size_t count) {
  for (size_t at = 0; at < count; at += 1) {
    record[at] = (uint8_t)(step * 37 + at * 11 + 1);
  }
  return record;
}

static int write_step(unsigned step) {
  size_t count = lengths[step % STEPS];
  return record_store_write(&store, record_of(step, count), count);
}

static bool holds_step(unsigned step) {
  size_t count = lengths[step % STEPS];
  memset(buffer, 0, sizeof buffer);
  return record_store_read(&store, buffer, sizeof buffer) == (int32_t)count &&
         memcmp(buffer, record_of(step, count), count) == 0;
}

static void has_nothing_at_first(void) {
  model_reset();
  CHECK(record_store_read(&store, buffer, sizeof buffer) == 0);
  CHECK(record_store_damaged(&store) == 0);
}

static void reads_what_was_written_last(void) {
  model_reset();
  for (unsigned step = 0; step < 20 * STEPS; step += 1) {
    CHECK(write_step(step) == DEVICE_OK);
    CHECK(holds_step(step));
  }
  CHECK(record_store_damaged(&store) == 0);
  CHECK(modelled.violations == 0);
}

static void leaves_the_rest_of_the_flash_alone(void) {
  model_reset();
  memset(modelled.octets, 0x5a, sizeof modelled.octets);
  for (unsigned step = 0; step < 4 * STEPS; step += 1) {
    CHECK(write_step(step) == DEVICE_OK);
  }
  for (size_t at = 0; at < MODEL_OCTETS; at += 1) {
    bool is_ours =
        (at >= store.at[0] && at < store.at[0] + AREA_OCTETS) || (at >= store.at[1] && at < store.at[1] + AREA_OCTETS);
    CHECK(is_ours || modelled.octets[at] == 0x5a);
  }
}

static void refuses_what_is_too_long(void) {
  model_reset();
  CHECK(write_step(0) == DEVICE_OK);
  CHECK(record_store_write(&store, record_of(1, LONGEST + 1), LONGEST + 1) == DEVICE_REFUSED);
  CHECK(holds_step(0));
  CHECK(record_store_write(&store, record_of(1, LONGEST), LONGEST) == DEVICE_OK);
  CHECK(record_store_read(&store, buffer, LONGEST - 1) == DEVICE_NONE);
  CHECK(record_store_read(&store, buffer, LONGEST) == LONGEST);
}

/** Writes `step` with a power that fails, then starts anew. Returns whether the power has failed; checks what is there then. */
static bool survives_a_cut(unsigned step, long lasts, enum model_cut cut) {
  model_power(lasts, cut);
  int status = write_step(step);
  bool has_failed = model_is_off();
  model_power(-1, cut);
  CHECK(has_failed ? status == DEVICE_REFUSED : status == DEVICE_OK);
  CHECK(holds_step(step) || (has_failed && step > 0 && holds_step(step - 1)) ||
        (has_failed && step == 0 && record_store_read(&store, buffer, 0) <= 0));
  return has_failed;
}

static void survives_every_cut(void) {
  static model before;
  model_reset();
  for (unsigned step = 0; step < 2 * STEPS; step += 1) {
    before = modelled;
    for (int cut = 0; cut < MODEL_CUTS; cut += 1) {
      bool has_failed = true;
      for (long lasts = 0; has_failed; lasts += 1) {
        modelled = before;
        has_failed = survives_a_cut(step, lasts, (enum model_cut)cut);
        CHECK(write_step(step) == DEVICE_OK);
        CHECK(holds_step(step));
        CHECK(write_step(step + 1) == DEVICE_OK);
        CHECK(holds_step(step + 1));
        CHECK(modelled.violations == 0);
      }
    }
    modelled = before;
    CHECK(write_step(step) == DEVICE_OK);
  }
}

/** What a first cut left is cut again: at each octet of the write that would have mended it. */
static void survives_two_cuts(void) {
  static model before;
  static model between;
  model_reset();
  for (unsigned step = 0; step < 6; step += 1) {
    before = modelled;
    bool has_failed = true;
    for (long first = 0; has_failed; first += 1) {
      modelled = before;
      has_failed = survives_a_cut(step, first, MODEL_CUT_HALF);
      between = modelled;
      bool has_failed_again = has_failed;
      for (long second = 0; has_failed_again; second += 1) {
        modelled = between;
        has_failed_again = survives_a_cut(step, second, MODEL_CUT_OTHER_HALF);
        CHECK(modelled.violations == 0);
      }
    }
    modelled = before;
    CHECK(write_step(step) == DEVICE_OK);
  }
}

static void knows_every_flipped_bit(void) {
  model_reset();
  CHECK(write_step(0) == DEVICE_OK);
  CHECK(write_step(2) == DEVICE_OK);
  size_t newest = store.at[0] + RECORD_HEADER_OCTETS + FLASH_UNIT_OCTETS;
  for (size_t bit = 0; bit < 8 * (RECORD_HEADER_OCTETS + lengths[2]); bit += 1) {
    uint8_t *octet = &modelled.octets[newest + bit / 8];
    *octet ^= (uint8_t)(1 << bit % 8);
    CHECK(holds_step(0));
    CHECK(record_store_damaged(&store) == 1);
    *octet ^= (uint8_t)(1 << bit % 8);
    CHECK(holds_step(2));
  }
}

static void tells_that_all_copies_are_damaged(void) {
  model_reset();
  CHECK(write_step(0) == DEVICE_OK);
  modelled.octets[store.at[0] + RECORD_HEADER_OCTETS] ^= 1;
  CHECK(record_store_read(&store, buffer, sizeof buffer) == DEVICE_NONE);
  CHECK(record_store_damaged(&store) == 1);
  CHECK(write_step(3) == DEVICE_OK);
  CHECK(holds_step(3));
}

/** Whatever was in the flash before: read within its areas, and no record. */
static void takes_no_rubbish_for_a_record(void) {
  uint32_t state = 1;
  for (unsigned run = 0; run < 300; run += 1) {
    model_reset();
    for (size_t at = 0; at < MODEL_OCTETS; at += 1) {
      state = state * UINT32_C(1664525) + UINT32_C(1013904223);
      modelled.octets[at] = run == 0 ? 0 : (uint8_t)(state >> 24);
    }
    CHECK(record_store_read(&store, buffer, sizeof buffer) == DEVICE_NONE);
    CHECK(write_step(run) == DEVICE_OK);
    CHECK(holds_step(run));
    CHECK(modelled.violations == 0);
  }
}

/** Behind the copy that counts something lies that is none of ours. */
static void writes_only_where_it_is_blank(void) {
  model_reset();
  CHECK(write_step(0) == DEVICE_OK);
  modelled.octets[store.at[0] + 3 * FLASH_UNIT_OCTETS] = 0;
  CHECK(write_step(2) == DEVICE_OK);
  CHECK(holds_step(2));
}

static void wears_its_pages_alike(void) {
  model_reset();
  for (unsigned write = 0; write < 3200; write += 1) {
    CHECK(record_store_write(&store, record_of(write, 14), 14) == DEVICE_OK);
  }
  unsigned first = modelled.erases[store.at[0] / MODEL_PAGE_OCTETS];
  unsigned second = modelled.erases[store.at[1] / MODEL_PAGE_OCTETS];
  CHECK(first == 200 && second == 200);
  CHECK(modelled.erases[store.at[0] / MODEL_PAGE_OCTETS + 1] == first);
}

static void goes_on_behind_the_highest_number(void) {
  model_reset();
  // As after 2^32 - 1 writes: the whole header of a copy with the last number, and no octets.
  uint8_t header[RECORD_HEADER_OCTETS] = {0xff, 0xff, 0xff, 0xff};
  write_32(header + 12, program_crc32(0, header, 12));
  memcpy(modelled.octets + store.at[0], header, sizeof header);
  for (unsigned step = 0; step < STEPS; step += 1) {
    CHECK(write_step(step) == DEVICE_OK);
    CHECK(holds_step(step));
  }
}

static const check_case cases[] = {
    {"has nothing at first", has_nothing_at_first},
    {"reads what was written last, of any length", reads_what_was_written_last},
    {"leaves the rest of the flash alone", leaves_the_rest_of_the_flash_alone},
    {"refuses a record longer than an area, and the old one stands", refuses_what_is_too_long},
    {"has the old record or the new one after a power cut at any octet of a write", survives_every_cut},
    {"has the old record or the new one after a second cut at any octet", survives_two_cuts},
    {"falls back to the copy before when any one bit of the newest is flipped", knows_every_flipped_bit},
    {"tells that all copies are damaged, and can be written again", tells_that_all_copies_are_damaged},
    {"takes no rubbish for a record", takes_no_rubbish_for_a_record},
    {"writes only where the flash is blank", writes_only_where_it_is_blank},
    {"wears its pages alike", wears_its_pages_alike},
    {"goes on when the numbers of its copies begin anew", goes_on_behind_the_highest_number},
};

CHECK_MAIN(cases)
