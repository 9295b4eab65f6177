/* The shell around an engine and a port that are played: what it does, in which order, and what it does about failures. */
#include "../../hal/native/shell.h"

#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "../../hal/native/device.h"
#include "../../hal/native/engine.h"
#include "check.h"

enum { STORY_LETTERS = 400 };

/** What happened, one letter a call: s secure, b boot, p poll, w wait, e engine_stop, c close, r restart. */
static char story[STORY_LETTERS + 1];
static uint32_t now;
static uint32_t longest_wait;
/** What is played. */
static int waits_left;
static int polls_until_fault;
static int boot_answer;
static int polls_until_stopped;
static enum device_reset_reason restarted_by;
static jmp_buf reset;

static uint8_t image[PROGRAM_HEADER_OCTETS];

static void tell(char letter) {
  size_t length = strlen(story);
  if (length < STORY_LETTERS) {
    story[length] = letter;
  }
}

uint32_t device_clock_ms(void) { return now; }

bool device_wait(uint32_t milliseconds) {
  tell('w');
  now += milliseconds;
  longest_wait = milliseconds > longest_wait ? milliseconds : longest_wait;
  waits_left -= 1;
  return waits_left >= 0;
}

void device_secure(void) { tell('s'); }

static char last_line[100];

void device_log_line(const char *line) { snprintf(last_line, sizeof last_line, "%s", line); }

static const char *here;

const char *device_board(void) { return here; }

enum device_reset_reason device_reset_reason(void) { return DEVICE_RESET_POWER_ON; }

uint16_t device_restarts(void) { return 0; }

_Noreturn void device_restart(enum device_reset_reason reason) {
  tell('r');
  restarted_by = reason;
  longjmp(reset, 1);
}

const char *engine_name(void) { return "played"; }

bool engine_runs(enum program_form form) { return form == PROGRAM_JAVASCRIPT; }

int engine_boot(const program *loaded) {
  (void)loaded;
  tell('b');
  return boot_answer;
}

int32_t engine_poll(void) {
  tell('p');
  polls_until_fault -= 1;
  return polls_until_fault == 0 ? ENGINE_FAILED : 20;
}

int engine_stop(void) {
  tell('e');
  return 0;
}

int engine_is_stopped(void) {
  polls_until_stopped -= 1;
  return polls_until_stopped < 0 ? 1 : 0;
}

enum device_reset_reason engine_fault(void) { return DEVICE_RESET_SCRIPT_ERROR; }

void engine_close(void) { tell('c'); }

static void put_32(size_t at, uint32_t value) {
  for (size_t octet = 0; octet < 4; octet += 1) {
    image[at + octet] = (uint8_t)(value >> 8 * octet);
  }
}

static void prepare(uint8_t form) {
  memset(story, 0, sizeof story);
  memset(image, 0, sizeof image);
  memcpy(image, "DOORLINE\2", 9);
  image[10] = form;
  memcpy(image + 24, "\4\10\4\10\10", 5);
  memcpy(image + 29, "door", 4);
  put_32(60, program_crc32(0, image, 60));
  here = "door";
  now = UINT32_MAX - 100;
  longest_wait = 0;
  waits_left = 2;
  polls_until_fault = -1;
  boot_answer = 0;
  polls_until_stopped = 1;
  restarted_by = DEVICE_RESET_POWER_ON;
}

/** What happened. */
static const char *run(void) {
  if (setjmp(reset) == 0) {
    shell_run(image, sizeof image);
  }
  return story;
}

static void lives_and_ends_in_good_order(void) {
  prepare(PROGRAM_JAVASCRIPT);
  CHECK_TEXT(run(), "sbpwpwpwepwsc");
}

static void secures_the_outputs_first(void) {
  prepare(PROGRAM_JAVASCRIPT);
  boot_answer = ENGINE_FAILED;
  CHECK_TEXT(run(), "sbr");
  CHECK(restarted_by == DEVICE_RESET_SCRIPT_ERROR);
}

static void restarts_when_a_poll_fails(void) {
  prepare(PROGRAM_JAVASCRIPT);
  polls_until_fault = 2;
  CHECK_TEXT(run(), "sbpwpr");
  CHECK(restarted_by == DEVICE_RESET_SCRIPT_ERROR);
}

static void never_boots_a_damaged_program(void) {
  prepare(PROGRAM_JAVASCRIPT);
  image[40] ^= 1;
  CHECK_TEXT(run(), "sr");
  CHECK(restarted_by == DEVICE_RESET_PROGRAM_DAMAGED);
}

static void never_boots_a_program_of_another_vm(void) {
  prepare(PROGRAM_LUA_BYTECODE);
  CHECK_TEXT(run(), "sr");
  CHECK(restarted_by == DEVICE_RESET_PROGRAM_DAMAGED);
}

static void never_boots_a_program_of_another_board(void) {
  prepare(PROGRAM_JAVASCRIPT);
  here = "gate";
  CHECK_TEXT(run(), "sr");
  CHECK(restarted_by == DEVICE_RESET_PROGRAM_DAMAGED);
  CHECK_TEXT(last_line, "the program is for door, and this is gate");
}

static void does_not_wait_for_ever_for_the_farewell(void) {
  prepare(PROGRAM_JAVASCRIPT);
  polls_until_stopped = 1000000;
  run();
  CHECK_TEXT(story + strlen(story) - 2, "sc");
  CHECK(longest_wait <= 50);
  CHECK(now - (UINT32_MAX - 100) < 3200);
}

static const check_case cases[] = {
    {"boots, polls and waits until it is asked to end, says farewell and secures the outputs",
     lives_and_ends_in_good_order},
    {"secures the outputs before anything else and restarts when the boot fails", secures_the_outputs_first},
    {"restarts with the engine's reason when a poll fails", restarts_when_a_poll_fails},
    {"never boots a damaged program", never_boots_a_damaged_program},
    {"never boots a program of another VM", never_boots_a_program_of_another_vm},
    {"never boots a program of another board, and says so", never_boots_a_program_of_another_board},
    {"ends after a few seconds when nobody answers its farewell, also where the clock wraps",
     does_not_wait_for_ever_for_the_farewell},
};

CHECK_MAIN(cases)
