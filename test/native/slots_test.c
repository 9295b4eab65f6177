/* Two program slots: the newest that is whole, the other when it does not become healthy, and always one, whenever the power fails. */
#include "../../hal/native/slots.h"

#include <string.h>

#include "../../hal/native/device.h"
#include "check.h"
#include "model_programs.h"

static slots device;

/** The letter of the program that a start chooses; 0: none. What is chosen is whole. */
static char start(void) {
  model_open_slots(&device);
  char chosen = model_letter(slots_choose(&device, 1000));
  CHECK(chosen != '?');
  return chosen;
}

static int install(char name) { return model_install(&device, name); }

static void place(int slot, char name) { model_place(model_slot_at[slot], name); }

/** A device whose first program is healthy. */
static void begin_with(char name) {
  model_reset();
  place(0, name);
  CHECK(start() == name);
  CHECK(slots_report_healthy(&device) == DEVICE_OK);
}

/** Starts it as often as a program that never works is started, and one time more. Returns what runs then. */
static char settle(void) {
  char chosen = 0;
  for (unsigned times = 0; times <= SLOT_STARTS; times += 1) {
    chosen = start();
    CHECK(chosen != 0);
  }
  return chosen;
}

static bool is_healthy(void) { return device.fates[device.running].state == SLOT_HEALTHY; }

static void has_no_program(void) {
  model_reset();
  CHECK(start() == 0);
  CHECK_TEXT(model_log, "");
  CHECK(slots_report_healthy(&device) == DEVICE_REFUSED);
}

static void takes_a_program_when_it_has_none(void) {
  begin_with('a');
  CHECK(install('b') == DEVICE_OK);
  modelled.octets[model_slot_at[0]] ^= 1;
  modelled.octets[model_slot_at[1]] ^= 1;
  CHECK(start() == 0);
  CHECK(install('c') == DEVICE_OK);
  CHECK(start() == 'c');
  CHECK(modelled.violations == 0);
}

/** A program that never works is no reason to keep another one that does not. */
static void lets_a_sick_program_be_replaced(void) {
  model_reset();
  place(0, 'a');
  CHECK(start() == 'a');
  CHECK(!is_healthy());
  CHECK(install('b') == DEVICE_OK);
  CHECK(start() == 'b');
  CHECK(slots_begin(&device) == DEVICE_REFUSED);
  CHECK(settle() == 'a');
  CHECK(settle() != 0);
  CHECK(install('c') == DEVICE_OK);
  CHECK(start() == 'c');
}

/** What was there before is gone page by page, and whatever is left of it is never run. */
static void erases_as_it_writes(void) {
  begin_with('a');
  CHECK(install('b') == DEVICE_OK);
  CHECK(settle() == 'a');
  unsigned before = modelled.erases[model_slot_at[1] / MODEL_PAGE_OCTETS];
  CHECK(slots_begin(&device) == DEVICE_OK);
  CHECK(modelled.erases[model_slot_at[1] / MODEL_PAGE_OCTETS] == before);
  CHECK(slots_write(&device, model_image('c'), 16) == DEVICE_OK);
  CHECK(slots_write(&device, model_image('c') + 16, 16) == DEVICE_OK);
  CHECK(modelled.erases[model_slot_at[1] / MODEL_PAGE_OCTETS] == before + 1);
  CHECK(start() == 'a');
  CHECK(modelled.violations == 0);
}

static void runs_the_only_program(void) {
  model_reset();
  place(1, 'a');
  for (unsigned times = 0; times < 3 * SLOT_STARTS; times += 1) {
    CHECK(start() == 'a');
  }
  CHECK(slots_report_healthy(&device) == DEVICE_OK);
  CHECK(start() == 'a');
  CHECK_TEXT(model_log, "");
}

static void leaves_the_flash_of_a_healthy_program_alone(void) {
  begin_with('a');
  model_power(-1, MODEL_CUT_BEFORE);
  for (unsigned times = 0; times < 100; times += 1) {
    CHECK(start() == 'a');
    CHECK(slots_report_healthy(&device) == DEVICE_OK);
  }
  CHECK(modelled.done == 0);
}

static void falls_back(void) {
  begin_with('a');
  CHECK(install('b') == DEVICE_OK);
  for (unsigned times = 0; times < SLOT_STARTS; times += 1) {
    CHECK(start() == 'b');
    CHECK_TEXT(model_log, "");
  }
  CHECK(start() == 'a');
  CHECK_TEXT(model_log, "slot 1: its program was never healthy, the other slot has its turn\n");
  CHECK(start() == 'a');
  CHECK_TEXT(model_log, "");
  CHECK(install('c') == DEVICE_OK);
  CHECK(start() == 'c');
}

static void stays_with_a_healthy_one(void) {
  begin_with('a');
  for (int name = 'b'; name < 'z'; name += 1) {
    CHECK(install((char)name) == DEVICE_OK);
    CHECK(start() == name);
    CHECK(start() == name);
    CHECK(slots_report_healthy(&device) == DEVICE_OK);
    for (unsigned times = 0; times < 2 * SLOT_STARTS; times += 1) {
      CHECK(start() == name);
    }
  }
  CHECK(modelled.violations == 0);
}

static void never_runs_what_is_damaged(void) {
  begin_with('a');
  CHECK(install('b') == DEVICE_OK);
  CHECK(start() == 'b');
  CHECK(slots_report_healthy(&device) == DEVICE_OK);
  for (size_t bit = 0; bit < 8 * MODEL_IMAGE_OCTETS; bit += 1) {
    uint8_t *octet = &modelled.octets[model_slot_at[1] + bit / 8];
    *octet ^= (uint8_t)(1 << bit % 8);
    CHECK(start() == 'a');
    CHECK(strncmp(model_log, "slot 1: ", 8) == 0);
    *octet ^= (uint8_t)(1 << bit % 8);
  }
  CHECK(start() == 'b');
  modelled.octets[model_slot_at[0] + 70] ^= 1;
  CHECK(start() == 'b');
  modelled.octets[model_slot_at[1] + 70] ^= 1;
  CHECK(start() == 0);
}

/** The image of another board with the same VM, put there by a debugger. */
static void never_runs_what_is_for_another_board(void) {
  begin_with('a');
  CHECK(install('b') == DEVICE_OK);
  CHECK(start() == 'b');
  CHECK(slots_report_healthy(&device) == DEVICE_OK);
  model_board = "gate";
  place(1, 'c');
  CHECK(start() == 'a');
  CHECK_TEXT(model_log, "slot 1: the program is for gate, and this is door\n");
  place(0, 'd');
  CHECK(start() == 0);
  model_board = "door";
}

/** Nor does it become the newer one by an update. */
static void finishes_no_update_for_another_board(void) {
  begin_with('a');
  model_board = "gate";
  CHECK(install('b') == DEVICE_NONE);
  model_board = "door";
  CHECK(start() == 'a');
}

static void a_placed_image_is_new(void) {
  begin_with('a');
  CHECK(install('b') == DEVICE_OK);
  for (unsigned times = 0; times <= SLOT_STARTS; times += 1) {
    (void)start();
  }
  CHECK(start() == 'a');
  place(1, 'c');
  for (unsigned times = 0; times < SLOT_STARTS; times += 1) {
    CHECK(start() == 'c');
  }
  CHECK(start() == 'a');
}

static void refuses_an_update_it_cannot_afford(void) {
  begin_with('a');
  CHECK(slots_write(&device, model_image('b'), 64) == DEVICE_REFUSED);
  CHECK(slots_finish(&device) == DEVICE_NONE);
  CHECK(install('b') == DEVICE_OK);
  CHECK(slots_write(&device, model_image('b'), 64) == DEVICE_REFUSED);
  CHECK(start() == 'b');
  CHECK(slots_begin(&device) == DEVICE_REFUSED);
  CHECK(slots_report_healthy(&device) == DEVICE_OK);
  CHECK(slots_begin(&device) == DEVICE_OK);
}

static void refuses_an_image_that_is_not_whole(void) {
  static const uint8_t zeros[MODEL_SLOT_OCTETS + FLASH_UNIT_OCTETS];
  begin_with('a');
  CHECK(slots_begin(&device) == DEVICE_OK);
  CHECK(slots_write(&device, model_image('b'), 128) == DEVICE_OK);
  CHECK(slots_finish(&device) == DEVICE_NONE);
  CHECK(slots_write(&device, model_image('b') + 128, MODEL_IMAGE_OCTETS - 128) == DEVICE_OK);
  CHECK(slots_write(&device, model_image('b'), 16) == DEVICE_REFUSED);
  CHECK(slots_finish(&device) == DEVICE_OK);
  CHECK(start() == 'b');
  CHECK(slots_report_healthy(&device) == DEVICE_OK);
  CHECK(slots_begin(&device) == DEVICE_OK);
  CHECK(slots_write(&device, zeros, sizeof zeros) == DEVICE_REFUSED);
  CHECK(slots_write(&device, zeros, MODEL_SLOT_OCTETS) == DEVICE_OK);
  CHECK(slots_finish(&device) == DEVICE_NONE);
  CHECK(start() == 'b');
  CHECK(modelled.violations == 0);
}

static void runs_nothing_unfinished(void) {
  begin_with('a');
  CHECK(install('b') == DEVICE_OK);
  CHECK(settle() == 'a');
  CHECK(slots_begin(&device) == DEVICE_OK);
  CHECK(slots_write(&device, model_image('c'), MODEL_IMAGE_OCTETS) == DEVICE_OK);
  CHECK(start() == 'a');
  CHECK(install('d') == DEVICE_OK);
  CHECK(start() == 'd');
}

static void knows_the_signs_of_health(void) {
  model_reset();
  place(0, 'a');
  CHECK(start() == 'a');
  slots_note_event(&device, 2, 1);
  slots_note_event(&device, 2, 3 + 8);
  slots_note_event(&device, 1, 2);
  slots_poll(&device, 1000 + SLOT_HEALTHY_MS - 1);
  CHECK(!is_healthy());
  slots_note_event(&device, 2, 2 + 8);
  CHECK(is_healthy());
  place(0, 'b');
  CHECK(start() == 'b');
  CHECK(!is_healthy());
  slots_poll(&device, 1000 + SLOT_HEALTHY_MS);
  CHECK(is_healthy());
  CHECK(start() == 'b');
  CHECK(is_healthy());
}

/** An update whose power fails at each octet: before its end the old program, then one of both, and both find their way. */
static void survives_every_cut_of_an_update(void) {
  static model before;
  static model after;
  begin_with('a');
  CHECK(install('b') == DEVICE_OK);
  CHECK(start() == 'b');
  CHECK(slots_report_healthy(&device) == DEVICE_OK);
  before = modelled;
  for (int cut = 0; cut < MODEL_CUTS; cut += 1) {
    bool has_failed = true;
    for (long lasts = 0; has_failed; lasts += 1) {
      modelled = before;
      CHECK(start() == 'b');
      model_power(lasts, (enum model_cut)cut);
      int status = install('c');
      has_failed = model_is_off();
      model_power(-1, MODEL_CUT_BEFORE);
      after = modelled;
      char chosen = start();
      CHECK(has_failed ? status != DEVICE_OK && (chosen == 'b' || chosen == 'c')
                       : status == DEVICE_OK && chosen == 'c');
      CHECK(settle() == 'b');
      modelled = after;
      (void)start();
      CHECK(slots_report_healthy(&device) == DEVICE_OK);
      CHECK(install('d') == DEVICE_OK);
      CHECK(start() == 'd');
      CHECK(modelled.violations == 0);
    }
  }
}

/** The power fails at each octet that a start or a report writes, at each of the starts of a new program. */
static void survives_every_cut_of_a_start(void) {
  static model before;
  begin_with('a');
  CHECK(install('b') == DEVICE_OK);
  for (unsigned times = 0; times <= SLOT_STARTS; times += 1) {
    before = modelled;
    for (int cut = 0; cut < MODEL_CUTS; cut += 1) {
      bool has_failed = true;
      for (long lasts = 0; has_failed; lasts += 1) {
        modelled = before;
        model_power(lasts, (enum model_cut)cut);
        CHECK(start() != 0);
        bool is_reported = slots_report_healthy(&device) == DEVICE_OK;
        has_failed = model_is_off();
        int running = device.running;
        model_power(-1, MODEL_CUT_BEFORE);
        char chosen = start();
        CHECK(chosen == 'a' || chosen == 'b');
        CHECK(has_failed || (is_reported && device.running == running));
        CHECK(settle() == chosen || chosen == 'b');
        CHECK(modelled.violations == 0);
      }
    }
    modelled = before;
    CHECK(start() == (times < SLOT_STARTS ? 'b' : 'a'));
  }
}

static void starts_nothing_uncounted(void) {
  begin_with('a');
  CHECK(install('b') == DEVICE_OK);
  model_power(0, MODEL_CUT_BEFORE);
  CHECK(start() == 'a');
  CHECK_TEXT(model_log, "slot 1: the start of its program cannot be counted\n");
  model_reset();
  place(0, 'a');
  model_power(0, MODEL_CUT_BEFORE);
  CHECK(start() == 'a');
}

static void says_that_its_record_is_damaged(void) {
  begin_with('a');
  memset(modelled.octets, 0, 2 * MODEL_PAGE_OCTETS);
  CHECK(start() == 'a');
  CHECK_TEXT(model_log, "what was known about the programs is damaged\n");
  CHECK(start() == 'a');
  CHECK_TEXT(model_log, "");
}

static const check_case cases[] = {
    {"has no program when no slot has one", has_no_program},
    {"takes a program when no slot has one", takes_a_program_when_it_has_none},
    {"lets a program be replaced that was never healthy when the other one is no better",
     lets_a_sick_program_be_replaced},
    {"erases the pages of a slot as it reaches them", erases_as_it_writes},
    {"runs the only program that there is, healthy or not", runs_the_only_program},
    {"writes nothing when a healthy program starts", leaves_the_flash_of_a_healthy_program_alone},
    {"falls back when a new program is not healthy within its starts", falls_back},
    {"stays with a new program that was healthy once", stays_with_a_healthy_one},
    {"never runs a program with any one bit flipped", never_runs_what_is_damaged},
    {"never runs a program for another board, and says for which it is", never_runs_what_is_for_another_board},
    {"makes no program for another board the newer one", finishes_no_update_for_another_board},
    {"takes an image that a debugger placed for a new one", a_placed_image_is_new},
    {"refuses an update while the running program is not healthy", refuses_an_update_it_cannot_afford},
    {"refuses an image that is not whole or too long", refuses_an_image_that_is_not_whole},
    {"runs no program whose update was not finished", runs_nothing_unfinished},
    {"takes a registration or ten minutes for health", knows_the_signs_of_health},
    {"has a whole program after a power cut at any octet of an update", survives_every_cut_of_an_update},
    {"has a whole program after a power cut at any octet of a start", survives_every_cut_of_a_start},
    {"starts no new program whose start it cannot count, but the only one", starts_nothing_uncounted},
    {"says that what it knew is damaged and goes on", says_that_its_record_is_damaged},
};

CHECK_MAIN(cases)
