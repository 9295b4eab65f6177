/* A new program that comes octet by octet: what the line does to it, what the board answers, and that no octet of it is ever a key. */
#include "../../../boards/mps2-an386/update.h"

#include <string.h>

#include "../../../boards/mps2-an386/audio.h"
#include "../../../boards/mps2-an386/console.h"
#include "../../../boards/mps2-an386/life.h"
#include "../../../boards/mps2-an386/programs.h"
#include "../../../hal/native/device.h"
#include "../../../hal/native/little_endian.h"
#include "../../../hal/native/program.h"
#include "../check.h"

enum { IMAGE_OCTETS = 2500, BLOCK_OCTETS = 1024, FRAME_OCTETS = 3 + 7 + BLOCK_OCTETS + 4, QUIET_MS = 1000 };

/* ---- The board around it ---- */

static uint32_t now;
static bool is_on;
static unsigned restarts;
static char answers[400];
static const char *refusal;
static uint8_t image[IMAGE_OCTETS];
static size_t written;
static unsigned calls;

uint32_t device_clock_ms(void) { return now; }
bool audio_is_on(void) { return is_on; }
void life_ask_restart(void) { restarts += 1; }
void device_log_line(const char *line) { (void)line; }
void console_write(const char *text, size_t length) {
  strncat(answers, text, length < sizeof answers - strlen(answers) ? length : 0);
}

const char *programs_begin(const uint8_t *header, size_t octets) {
  calls += 1;
  CHECK(octets == IMAGE_OCTETS && memcmp(header, image, PROGRAM_HEADER_OCTETS) == 0);
  return refusal;
}

size_t programs_written(void) { return written; }

const char *programs_write(const uint8_t *octets, size_t count) {
  calls += 1;
  CHECK(count <= IMAGE_OCTETS - written && memcmp(octets, image + written, count) == 0);
  written += count;
  return refusal;
}

const char *programs_finish(void) {
  calls += 1;
  return refusal;
}

/* ---- Who sends ---- */

static uint8_t frame[FRAME_OCTETS];

static size_t frame_of(char kind, uint32_t place, size_t count) {
  memset(frame, 1, 3);
  frame[3] = (uint8_t)kind;
  write_32(frame + 4, place);
  frame[8] = (uint8_t)count;
  frame[9] = (uint8_t)(count >> 8);
  memcpy(frame + 10, image + (kind == 'D' ? place : 0), count);
  write_32(frame + 10 + count, program_crc32(0, frame + 3, 7 + count));
  return 14 + count;
}

/** Sends octets. Returns how many were taken for keys that the board heeds. */
static unsigned send(const uint8_t *octets, size_t count) {
  unsigned keys = 0;
  for (size_t at = 0; at < count; at += 1) {
    keys += !update_take(octets[at]) && octets[at] != 0 && strchr("mqr", octets[at]) != NULL ? 1 : 0;
  }
  return keys;
}

static void reset(void) {
  now += QUIET_MS;
  is_on = false;
  restarts = 0;
  answers[0] = 0;
  refusal = NULL;
  written = 0;
  calls = 0;
  for (size_t at = 0; at < sizeof image; at += 1) {
    image[at] = (uint8_t) "mqr\001BDE"[at * 7 / 3 % 7];
  }
}

static const char *answer_to(char kind, uint32_t place, size_t count) {
  answers[0] = 0;
  CHECK(send(frame, frame_of(kind, place, count)) == 0);
  return answers;
}

/* ---- Cases ---- */

static void takes_a_program(void) {
  reset();
  CHECK_TEXT(answer_to('B', IMAGE_OCTETS, 64), "#begun 0 1024\r\n");
  CHECK_TEXT(answer_to('D', 0, 1024), "#taken 1024\r\n");
  CHECK_TEXT(answer_to('D', 1024, 1024), "#taken 2048\r\n");
  CHECK_TEXT(answer_to('D', 2048, 452), "#taken 2500\r\n");
  CHECK(restarts == 0);
  CHECK_TEXT(answer_to('E', IMAGE_OCTETS, 0), "#done\r\n");
  CHECK(restarts == 1);
}

static void answers_a_block_again(void) {
  reset();
  CHECK_TEXT(answer_to('D', 0, 64), "#taken 64\r\n");
  CHECK_TEXT(answer_to('D', 0, 64), "#taken 64\r\n");
  CHECK_TEXT(answer_to('D', 1024, 64), "#taken 64\r\n");
  CHECK(calls == 1);
}

static void refuses(void) {
  reset();
  refusal = "no";
  CHECK_TEXT(answer_to('B', IMAGE_OCTETS, 64), "#refused no\r\n");
  CHECK_TEXT(answer_to('D', 0, 64), "#refused no\r\n");
  refusal = NULL;
  CHECK_TEXT(answer_to('B', IMAGE_OCTETS, 63), "#refused the header is missing\r\n");
  CHECK_TEXT(answer_to('E', IMAGE_OCTETS, 0), "#refused octets are missing\r\n");
  CHECK(restarts == 0);
}

static void ignores_unknown_kinds(void) {
  static const char kinds[] = {0, 2, 'A', 'b', (char)0xff};
  for (size_t index = 0; index < sizeof kinds; index += 1) {
    reset();
    written = IMAGE_OCTETS;
    CHECK_TEXT(answer_to(kinds[index], IMAGE_OCTETS, 0), "");
    CHECK(calls == 0 && restarts == 0);
  }
}

static void waits_for_the_end_of_a_call(void) {
  reset();
  written = IMAGE_OCTETS;
  is_on = true;
  CHECK_TEXT(answer_to('E', IMAGE_OCTETS, 0), "#busy\r\n");
  CHECK(calls == 0);
  is_on = false;
  CHECK_TEXT(answer_to('E', IMAGE_OCTETS, 0), "#done\r\n");
}

static void heeds_keys(void) {
  reset();
  CHECK(send((const uint8_t *)"mqrm", 4) == 4);
  CHECK_TEXT(answer_to('D', 0, 64), "#taken 64\r\n");
  CHECK(send((const uint8_t *)"r", 1) == 1);
}

/** One bit, one octet less, one octet more: nothing is done, nothing is a key, and what is sent again is taken. */
static void survives_the_line(void) {
  enum { BIT, LOST, DOUBLED, FAULTS };
  for (int fault = 0; fault < FAULTS; fault += 1) {
    size_t length = frame_of('D', 0, 64);
    for (size_t at = 0; at < length * (fault == BIT ? 8 : 1); at += 1) {
      uint8_t sent[FRAME_OCTETS + 1];
      reset();
      length = frame_of('D', 0, 64);
      memcpy(sent, frame, length);
      size_t count = length;
      if (fault == BIT) {
        sent[at / 8] ^= (uint8_t)(1 << at % 8);
      } else if (fault == LOST) {
        memmove(sent + at, sent + at + 1, length - at - 1);
        count -= 1;
      } else {
        memmove(sent + at + 1, sent + at, length - at);
        count += 1;
      }
      CHECK(send(sent, count) == 0);
      CHECK(calls == 0 || (written == 64 && restarts == 0));
      now += QUIET_MS;
      CHECK_TEXT(answer_to('D', 0, 64), "#taken 64\r\n");
    }
  }
}

static void survives_noise(void) {
  reset();
  uint32_t noise = 1;
  for (unsigned at = 0; at < 200000; at += 1) {
    noise = noise * 1664525U + 1013904223U;
    uint8_t octet = (uint8_t)(noise >> 24);
    now += at % 997 == 0 ? QUIET_MS : 0;
    (void)update_take(octet);
  }
  CHECK(calls == 0 && restarts == 0);
  now += QUIET_MS;
  CHECK_TEXT(answer_to('D', 0, 64), "#taken 64\r\n");
}

static const check_case cases[] = {
    {"takes a program block by block and restarts with it", takes_a_program},
    {"answers a block that came before, and one that comes too early, with what it has", answers_a_block_again},
    {"says why it refuses", refuses},
    {"ignores a frame of a kind that it does not know", ignores_unknown_kinds},
    {"takes nothing over while a call is on", waits_for_the_end_of_a_call},
    {"heeds keys before and behind a frame", heeds_keys},
    {"does nothing, and takes nothing for a key, when an octet of a frame is changed, lost or doubled",
     survives_the_line},
    {"does nothing on noise, and understands the next frame", survives_noise},
};

CHECK_MAIN(cases)
