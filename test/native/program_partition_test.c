/* Programs that are copied to where they run: the slots' choice, unless a debugger put another one there, and whenever the power fails. */
#include "../../hal/native/program_partition.h"

#include <string.h>

#include "../../hal/native/device.h"
#include "check.h"
#include "model_programs.h"

/** Behind the slots: the record of what was copied, and the partition. */
enum { RECORD_AT = 8 * MODEL_PAGE_OCTETS, PARTITION_AT = 10 * MODEL_PAGE_OCTETS };

static const record_store record = {
    .memory = &model_flash, .at = {RECORD_AT, RECORD_AT + MODEL_PAGE_OCTETS}, .area_octets = MODEL_PAGE_OCTETS};
static slots device;
static const program_partition partition = {.programs = &device,
                                            .memory = &model_flash,
                                            .at = PARTITION_AT,
                                            .image = modelled.octets + PARTITION_AT,
                                            .record = &record};

/** The letter of the program that runs; 0: none, ?: one that is not whole, which the shell refuses. It runs in the partition. */
static char start(void) {
  model_open_slots(&device);
  const uint8_t *image = program_partition_choose(&partition, 1000);
  CHECK(image == NULL || image == partition.image);
  return model_letter(image);
}

static char start_healthy(void) {
  char chosen = start();
  CHECK(slots_report_healthy(&device) == DEVICE_OK);
  return chosen;
}

static char letter_in(int slot) { return model_letter(device.images[slot]); }

/** Starts it as often as a program that never works is started, and one time more. Returns what runs then. */
static char settle(void) {
  char chosen = 0;
  for (unsigned times = 0; times <= SLOT_STARTS; times += 1) {
    chosen = start();
  }
  return chosen;
}

static void flash_partition(char name) { model_place(PARTITION_AT, name); }

/** A device that runs the second of two programs which it knows to be healthy: a in slot 0, b in slot 1. */
static void begin_with_two(void) {
  model_reset();
  model_place(model_slot_at[0], 'a');
  CHECK(start_healthy() == 'a');
  CHECK(model_install(&device, 'b') == DEVICE_OK);
  CHECK(start_healthy() == 'b');
}

static void has_no_program(void) {
  model_reset();
  CHECK(start() == 0);
  CHECK_TEXT(model_log, "");
}

static void copies_once(void) {
  model_reset();
  model_place(model_slot_at[0], 'a');
  CHECK(start_healthy() == 'a');
  CHECK_TEXT(model_log, "the program is copied to where it runs\n");
  model_power(-1, MODEL_CUT_BEFORE);
  CHECK(start_healthy() == 'a');
  CHECK_TEXT(model_log, "");
  CHECK(modelled.done == 0);
}

static void runs_an_update_and_falls_back(void) {
  begin_with_two();
  CHECK(model_install(&device, 'c') == DEVICE_OK);
  CHECK(start() == 'c');
  CHECK(settle() == 'b');
  CHECK(start_healthy() == 'b');
  CHECK_TEXT(model_log, "");
  CHECK(model_install(&device, 'd') == DEVICE_OK);
  CHECK(start_healthy() == 'd');
  CHECK(modelled.violations == 0);
}

static void keeps_what_a_debugger_put_there(void) {
  model_reset();
  flash_partition('a');
  CHECK(start_healthy() == 'a');
  CHECK_TEXT(model_log, "slot 1: has the program that was put where programs run\n");
  CHECK(model_install(&device, 'b') == DEVICE_OK);
  CHECK(start() == 'b');
  CHECK(settle() == 'a');
}

static void lets_what_a_debugger_put_there_win(void) {
  begin_with_two();
  flash_partition('c');
  CHECK(start() == 'c');
  CHECK(letter_in(0) == 'c' && letter_in(1) == 'b');
  for (unsigned times = 1; times < SLOT_STARTS; times += 1) {
    CHECK(start() == 'c');
  }
  CHECK(start() == 'b');
  CHECK_TEXT(model_log, "slot 0: its program was never healthy, the other slot has its turn\n"
                        "the program is copied to where it runs\n");
  CHECK(start() == 'b');
}

/** The older program, on purpose; and one that has failed, which has its starts again. */
static void lets_one_win_that_a_slot_has(void) {
  begin_with_two();
  flash_partition('a');
  CHECK(start() == 'a');
  CHECK(letter_in(0) == 'a' && letter_in(1) == 'b');
  CHECK(start() == 'a');
  CHECK(model_install(&device, 'c') == DEVICE_OK);
  CHECK(settle() == 'a');
  flash_partition('c');
  for (unsigned times = 0; times < SLOT_STARTS; times += 1) {
    CHECK(start() == 'c');
  }
  CHECK(start() == 'a');
}

static void keeps_the_healthy_one_of_two(void) {
  begin_with_two();
  CHECK(model_install(&device, 'c') == DEVICE_OK);
  CHECK(start() == 'c');
  flash_partition('d');
  CHECK(start() == 'd');
  CHECK(letter_in(0) == 'd' && letter_in(1) == 'b');
}

static void never_runs_another_board_s_or_what_is_damaged(void) {
  begin_with_two();
  model_board = "gate";
  flash_partition('c');
  model_board = "door";
  CHECK(start() == 'b');
  CHECK_TEXT(model_log, "where programs run: the program is for gate, and this is door\n"
                        "the program is copied to where it runs\n");
  for (size_t bit = 0; bit < 8 * MODEL_IMAGE_OCTETS; bit += 1) {
    flash_partition('c');
    modelled.octets[PARTITION_AT + bit / 8] ^= (uint8_t)(1 << bit % 8);
    CHECK(start() == 'b');
  }
  CHECK(letter_in(0) == 'a' && letter_in(1) == 'b');
}

static void keeps_what_runs_when_the_slots_are_lost(void) {
  begin_with_two();
  memset(modelled.octets, FLASH_BLANK, PARTITION_AT);
  memset(modelled.is_written, 0, sizeof modelled.is_written);
  CHECK(start() == 'b');
  begin_with_two();
  modelled.octets[model_slot_at[0] + 70] ^= 1;
  modelled.octets[model_slot_at[1] + 70] ^= 1;
  CHECK(start() == 'b');
  CHECK(start() == 'b');
  CHECK(letter_in(0) == 'b' || letter_in(1) == 'b');
}

static void runs_it_where_nothing_can_be_written(void) {
  begin_with_two();
  flash_partition('c');
  model_power(0, MODEL_CUT_BEFORE);
  CHECK(start() == 'c');
  CHECK_TEXT(model_log,
             "the flash of the slots refused the program that was put where programs run: it runs, and is not kept\n");
  CHECK(model_install(&device, 'd') != DEVICE_OK);
  model_power(-1, MODEL_CUT_BEFORE);
  CHECK(start() == 'c');
  CHECK(letter_in(0) == 'c');
}

/** What a cut start leaves: a whole program at the next one, b untouched until then, and everything as without a cut. */
static void survive_every_cut(char expected) {
  static model before;
  before = modelled;
  for (int cut = 0; cut < MODEL_CUTS; cut += 1) {
    bool has_failed = true;
    for (long lasts = 0; has_failed; lasts += 1) {
      modelled = before;
      model_power(lasts, (enum model_cut)cut);
      (void)start();
      has_failed = model_is_off();
      model_power(-1, MODEL_CUT_BEFORE);
      CHECK(model_letter(modelled.octets + model_slot_at[1]) == 'b');
      CHECK(start() == expected);
      CHECK(start() == expected);
      CHECK(modelled.violations == 0);
    }
  }
}

static void survives_every_cut_after_an_update(void) {
  begin_with_two();
  CHECK(model_install(&device, 'c') == DEVICE_OK);
  survive_every_cut('c');
}

static void survives_every_cut_of_a_fall_back(void) {
  begin_with_two();
  CHECK(model_install(&device, 'c') == DEVICE_OK);
  for (unsigned times = 0; times < SLOT_STARTS; times += 1) {
    CHECK(start() == 'c');
  }
  survive_every_cut('b');
}

static void survives_every_cut_after_a_debugger(void) {
  begin_with_two();
  flash_partition('c');
  survive_every_cut('c');
  begin_with_two();
  flash_partition('a');
  survive_every_cut('a');
}

/** The slots' own flash is whole, and the partition's was never written. */
static void survives_every_cut_of_the_first_copy(void) {
  begin_with_two();
  memset(modelled.octets + RECORD_AT, FLASH_BLANK, MODEL_OCTETS - RECORD_AT);
  memset(modelled.is_written + RECORD_AT / FLASH_UNIT_OCTETS, 0, (MODEL_OCTETS - RECORD_AT) / FLASH_UNIT_OCTETS);
  survive_every_cut('b');
}

static const check_case cases[] = {
    {"has no program when neither slots nor partition have one", has_no_program},
    {"copies the program of a slot once, and writes nothing at a later start", copies_once},
    {"runs an update, and the old program again when it is never healthy", runs_an_update_and_falls_back},
    {"keeps a program in a slot that a debugger put where it runs", keeps_what_a_debugger_put_there},
    {"lets a debugger's program win over both slots, and falls back to the newest healthy one",
     lets_what_a_debugger_put_there_win},
    {"lets a debugger's program win that a slot has, the older one or one that failed", lets_one_win_that_a_slot_has},
    {"overwrites the program that is not known to be healthy", keeps_the_healthy_one_of_two},
    {"never runs nor keeps what is damaged or for another board", never_runs_another_board_s_or_what_is_damaged},
    {"keeps the program that runs when both slots are lost", keeps_what_runs_when_the_slots_are_lost},
    {"runs a debugger's program also where no slot can be written", runs_it_where_nothing_can_be_written},
    {"has a whole program after a power cut at any octet of the start after an update",
     survives_every_cut_after_an_update},
    {"has a whole program after a power cut at any octet of a fall-back", survives_every_cut_of_a_fall_back},
    {"has a debugger's program after a power cut at any octet of its first start", survives_every_cut_after_a_debugger},
    {"has a whole program after a power cut at any octet of the first copy", survives_every_cut_of_the_first_copy},
};

CHECK_MAIN(cases)
