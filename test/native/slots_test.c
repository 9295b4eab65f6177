/* Two program slots: the newest that is whole, the other when it does not become healthy, and always one, whenever the power fails. */
#include "../../hal/native/slots.h"

#include <string.h>

#include "../../hal/native/device.h"
#include "../../hal/native/little_endian.h"
#include "../../hal/native/program.h"
#include "check.h"
#include "model_flash.h"

enum { SLOT_OCTETS = 2 * MODEL_PAGE_OCTETS, BUNDLE_OCTETS = 75, IMAGE_OCTETS = PROGRAM_HEADER_OCTETS + BUNDLE_OCTETS };

static const record_store record = {
    .memory = &model_flash, .at = {0, MODEL_PAGE_OCTETS}, .area_octets = MODEL_PAGE_OCTETS};
static const size_t slot_at[SLOT_COUNT] = {2 * MODEL_PAGE_OCTETS, 6 * MODEL_PAGE_OCTETS};

static slots device;
static uint8_t image[IMAGE_OCTETS];
static char log_lines[2000];
/** For which the images are. */
static const char *board = "door";

const char *device_board(void) { return "door"; }

void device_log_line(const char *line) {
  strncat(log_lines, line, sizeof log_lines - strlen(log_lines) - 2);
  strcat(log_lines, "\n");
}

/** The image of a program that is called by one letter. */
static const uint8_t *image_of(char name) {
  memset(image, 0, sizeof image);
  memcpy(image, "DOORLINE", 8);
  image[8] = 2;
  image[10] = PROGRAM_JAVASCRIPT;
  memcpy(image + 29, board, strlen(board));
  image[48] = (uint8_t)name;
  write_32(image + 12, BUNDLE_OCTETS);
  memset(image + PROGRAM_HEADER_OCTETS, name, BUNDLE_OCTETS);
  write_32(image + 16, program_crc32(0, image + PROGRAM_HEADER_OCTETS, BUNDLE_OCTETS));
  write_32(image + 60, program_crc32(0, image, 60));
  return image;
}

/** Puts an image into a slot as a debugger does. */
static void place(int slot, char name) {
  memset(modelled.octets + slot_at[slot], FLASH_BLANK, SLOT_OCTETS);
  memset(modelled.is_written + slot_at[slot] / FLASH_UNIT_OCTETS, 0, SLOT_OCTETS / FLASH_UNIT_OCTETS);
  memcpy(modelled.octets + slot_at[slot], image_of(name), IMAGE_OCTETS);
}

/** The letter of the program that a start chooses; 0: none. What is chosen is whole. */
static char start(void) {
  memset(&device, 0x55, sizeof device);
  device.memory = &model_flash;
  device.record = &record;
  device.slot_octets = SLOT_OCTETS;
  for (int slot = 0; slot < SLOT_COUNT; slot += 1) {
    device.at[slot] = slot_at[slot];
    device.images[slot] = modelled.octets + slot_at[slot];
  }
  log_lines[0] = 0;
  const uint8_t *chosen = slots_choose(&device, 1000);
  static program opened;
  CHECK(chosen == NULL || program_open(&opened, chosen, SLOT_OCTETS) == NULL);
  return (char)(chosen == NULL ? 0 : opened.build_id[0]);
}

/** Writes a new program in three pieces. */
static int install(char name) {
  enum { PIECE = 64 };
  int status = slots_begin(&device);
  for (size_t at = 0; status == DEVICE_OK && at < IMAGE_OCTETS; at += PIECE) {
    size_t count = IMAGE_OCTETS - at < PIECE ? IMAGE_OCTETS - at : PIECE;
    status = slots_write(&device, image_of(name) + at, count);
  }
  return status == DEVICE_OK ? slots_finish(&device) : status;
}

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
  CHECK_TEXT(log_lines, "");
  CHECK(slots_report_healthy(&device) == DEVICE_REFUSED);
}

static void takes_a_program_when_it_has_none(void) {
  begin_with('a');
  CHECK(install('b') == DEVICE_OK);
  modelled.octets[slot_at[0]] ^= 1;
  modelled.octets[slot_at[1]] ^= 1;
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
  unsigned before = modelled.erases[slot_at[1] / MODEL_PAGE_OCTETS];
  CHECK(slots_begin(&device) == DEVICE_OK);
  CHECK(modelled.erases[slot_at[1] / MODEL_PAGE_OCTETS] == before);
  CHECK(slots_write(&device, image_of('c'), 16) == DEVICE_OK);
  CHECK(slots_write(&device, image_of('c') + 16, 16) == DEVICE_OK);
  CHECK(modelled.erases[slot_at[1] / MODEL_PAGE_OCTETS] == before + 1);
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
  CHECK_TEXT(log_lines, "");
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
    CHECK_TEXT(log_lines, "");
  }
  CHECK(start() == 'a');
  CHECK_TEXT(log_lines, "slot 1: its program was never healthy, the other slot has its turn\n");
  CHECK(start() == 'a');
  CHECK_TEXT(log_lines, "");
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
  for (size_t bit = 0; bit < 8 * IMAGE_OCTETS; bit += 1) {
    uint8_t *octet = &modelled.octets[slot_at[1] + bit / 8];
    *octet ^= (uint8_t)(1 << bit % 8);
    CHECK(start() == 'a');
    CHECK(strncmp(log_lines, "slot 1: ", 8) == 0);
    *octet ^= (uint8_t)(1 << bit % 8);
  }
  CHECK(start() == 'b');
  modelled.octets[slot_at[0] + 70] ^= 1;
  CHECK(start() == 'b');
  modelled.octets[slot_at[1] + 70] ^= 1;
  CHECK(start() == 0);
}

/** The image of another board with the same VM, put there by a debugger. */
static void never_runs_what_is_for_another_board(void) {
  begin_with('a');
  CHECK(install('b') == DEVICE_OK);
  CHECK(start() == 'b');
  CHECK(slots_report_healthy(&device) == DEVICE_OK);
  board = "gate";
  place(1, 'c');
  CHECK(start() == 'a');
  CHECK_TEXT(log_lines, "slot 1: the program is for gate, and this is door\n");
  place(0, 'd');
  CHECK(start() == 0);
  board = "door";
}

/** Nor does it become the newer one by an update. */
static void finishes_no_update_for_another_board(void) {
  begin_with('a');
  board = "gate";
  CHECK(install('b') == DEVICE_NONE);
  board = "door";
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
  CHECK(slots_write(&device, image_of('b'), 64) == DEVICE_REFUSED);
  CHECK(slots_finish(&device) == DEVICE_NONE);
  CHECK(install('b') == DEVICE_OK);
  CHECK(slots_write(&device, image_of('b'), 64) == DEVICE_REFUSED);
  CHECK(start() == 'b');
  CHECK(slots_begin(&device) == DEVICE_REFUSED);
  CHECK(slots_report_healthy(&device) == DEVICE_OK);
  CHECK(slots_begin(&device) == DEVICE_OK);
}

static void refuses_an_image_that_is_not_whole(void) {
  static const uint8_t zeros[SLOT_OCTETS + FLASH_UNIT_OCTETS];
  begin_with('a');
  CHECK(slots_begin(&device) == DEVICE_OK);
  CHECK(slots_write(&device, image_of('b'), 128) == DEVICE_OK);
  CHECK(slots_finish(&device) == DEVICE_NONE);
  CHECK(slots_write(&device, image_of('b') + 128, IMAGE_OCTETS - 128) == DEVICE_OK);
  CHECK(slots_write(&device, image_of('b'), 16) == DEVICE_REFUSED);
  CHECK(slots_finish(&device) == DEVICE_OK);
  CHECK(start() == 'b');
  CHECK(slots_report_healthy(&device) == DEVICE_OK);
  CHECK(slots_begin(&device) == DEVICE_OK);
  CHECK(slots_write(&device, zeros, sizeof zeros) == DEVICE_REFUSED);
  CHECK(slots_write(&device, zeros, SLOT_OCTETS) == DEVICE_OK);
  CHECK(slots_finish(&device) == DEVICE_NONE);
  CHECK(start() == 'b');
  CHECK(modelled.violations == 0);
}

static void runs_nothing_unfinished(void) {
  begin_with('a');
  CHECK(install('b') == DEVICE_OK);
  CHECK(settle() == 'a');
  CHECK(slots_begin(&device) == DEVICE_OK);
  CHECK(slots_write(&device, image_of('c'), IMAGE_OCTETS) == DEVICE_OK);
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
  CHECK_TEXT(log_lines, "slot 1: the start of its program cannot be counted\n");
  model_reset();
  place(0, 'a');
  model_power(0, MODEL_CUT_BEFORE);
  CHECK(start() == 'a');
}

static void says_that_its_record_is_damaged(void) {
  begin_with('a');
  memset(modelled.octets, 0, 2 * MODEL_PAGE_OCTETS);
  CHECK(start() == 'a');
  CHECK_TEXT(log_lines, "what was known about the programs is damaged\n");
  CHECK(start() == 'a');
  CHECK_TEXT(log_lines, "");
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
