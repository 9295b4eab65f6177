/*
 * One frame is put together at a time. While a frame comes, and until the line was quiet after one that was not understood, no octet is
 * taken for a key: the keys restart the board.
 */
#include "update.h"

#include <stdio.h>
#include <string.h>

#include "../../hal/native/device.h"
#include "../../hal/native/little_endian.h"
#include "../../hal/native/program.h"
#include "audio.h"
#include "console.h"
#include "life.h"
#include "mps2-limits.h"
#include "programs.h"

enum {
  FRAME_START = 1,
  /** Behind the start. */
  KIND_AT = 0,
  PLACE_AT = 1,
  COUNT_AT = 5,
  BLOCK_AT = 7,
  CRC_OCTETS = 4,
  LONGEST_OCTETS = BLOCK_AT + UPDATE_BLOCK_OCTETS + CRC_OCTETS,
  /** Milliseconds between two octets of a frame at most. One takes 87 us; a poll may lie between two. */
  SILENCE_MS = 250,
};

/** What the octets on the line are. */
enum line_state { LINE_KEYS, LINE_FRAME, LINE_NOISE };

static enum line_state state;
static uint8_t frame[LONGEST_OCTETS];
static size_t taken;
static uint32_t last_at;

static void answer(const char *word, const char *rest) {
  char line[LOG_LINE_OCTETS];
  int length = snprintf(line, sizeof line, "#%s%s%s\r\n", word, rest[0] == 0 ? "" : " ", rest);
  console_write(line, (size_t)length);
}

/** Says why not, or how much is written. */
static void answer_taken(const char *problem) {
  char number[12];
  snprintf(number, sizeof number, "%lu", (unsigned long)programs_written());
  answer(problem == NULL ? "taken" : "refused", problem == NULL ? number : problem);
}

static void begin(uint32_t octets, const uint8_t *header, size_t count) {
  const char *problem = count == PROGRAM_HEADER_OCTETS ? programs_begin(header, octets) : "the header is missing";
  char numbers[24];
  snprintf(numbers, sizeof numbers, "%lu %d", (unsigned long)programs_written(), (int)UPDATE_BLOCK_OCTETS);
  answer(problem == NULL ? "begun" : "refused", problem == NULL ? numbers : problem);
}

static void take_block(uint32_t place, const uint8_t *block, size_t count) {
  /* One that came before, because its answer was lost, is answered again. */
  answer_taken(place == programs_written() ? programs_write(block, count) : NULL);
}

/** The whole image is read through, which takes longer than a frame of voice. */
static void end(uint32_t octets) {
  if (audio_is_on()) {
    answer("busy", "");
    return;
  }
  const char *problem = octets == programs_written() ? programs_finish() : "octets are missing";
  if (problem != NULL) {
    answer("refused", problem);
    return;
  }
  answer("done", "");
  device_log_line("a new program: restarting");
  life_ask_restart();
}

/** Does what a frame says. False when octets of it were changed on the line, perhaps those of its length. */
static bool heed_frame(void) {
  size_t count = read_16(frame + COUNT_AT);
  uint32_t place = read_32(frame + PLACE_AT);
  if (program_crc32(0, frame, BLOCK_AT + count) != read_32(frame + BLOCK_AT + count)) {
    return false;
  }
  switch (frame[KIND_AT]) {
  case 'B':
    begin(place, frame + BLOCK_AT, count);
    break;
  case 'D':
    take_block(place, frame + BLOCK_AT, count);
    break;
  default:
    end(place);
    break;
  }
  return true;
}

/** Octets of the frame by what is known of it; 0: this is no frame. */
static size_t expected(void) {
  static const uint8_t kinds[] = {'B', 'D', 'E'};
  if (taken > KIND_AT && memchr(kinds, frame[KIND_AT], sizeof kinds) == NULL) {
    return 0;
  }
  if (taken < BLOCK_AT) {
    return LONGEST_OCTETS;
  }
  size_t count = read_16(frame + COUNT_AT);
  return count > UPDATE_BLOCK_OCTETS ? 0 : BLOCK_AT + count + CRC_OCTETS;
}

static enum line_state take_into_frame(uint8_t octet) {
  if (taken == 0 && octet == FRAME_START) {
    return LINE_FRAME;
  }
  frame[taken] = octet;
  taken += 1;
  size_t octets = expected();
  if (octets == 0) {
    return LINE_NOISE;
  }
  if (taken < octets) {
    return LINE_FRAME;
  }
  return heed_frame() ? LINE_KEYS : LINE_NOISE;
}

bool update_take(uint8_t octet) {
  uint32_t now = device_clock_ms();
  if (now - last_at > SILENCE_MS) {
    state = LINE_KEYS;
  }
  last_at = now;
  if (state == LINE_KEYS && octet == FRAME_START) {
    taken = 0;
    state = LINE_FRAME;
    return true;
  }
  if (state == LINE_KEYS) {
    return false;
  }
  state = state == LINE_FRAME ? take_into_frame(octet) : LINE_NOISE;
  return true;
}
