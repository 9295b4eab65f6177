/* See model_i2s.h. */
#include "model_i2s.h"

#include <string.h>

#include "../../../boards/mps2-an386/handlers.h"

enum { WORDS = 4, IRQ = 14, CODEC_MASTER_CLOCK = 12288000 };

typedef struct queue {
  uint32_t words[WORDS];
  size_t count;
} queue;

model_i2s sound;

static queue out;
/** Frames since the interrupt was due. */
static unsigned waited;
static queue in;

static bool push(queue *to, uint32_t word) {
  if (to->count == WORDS) {
    return false;
  }
  to->words[to->count] = word;
  to->count += 1;
  return true;
}

static uint32_t pop(queue *from) {
  uint32_t word = from->words[0];
  from->count -= 1;
  memmove(from->words, from->words + 1, from->count * sizeof *from->words);
  return word;
}

static uint32_t status(void) {
  size_t tx_level = sound.control >> 8 & 7;
  size_t rx_level = sound.control >> 12 & 7;
  return (WORDS - out.count > tx_level ? 1U : 0) | (WORDS - in.count < rx_level ? 2U : 0) | (out.count == 0 ? 4U : 0) |
         (out.count == WORDS ? 8U : 0) | (in.count == 0 ? 16U : 0) | (in.count == WORDS ? 32U : 0);
}

static uint32_t read_i2s(uint32_t offset) {
  if (sound.is_stuck) {
    return sound.stuck_at;
  }
  switch (offset) {
  case 0x00:
    return sound.control;
  case 0x04:
    return status();
  case 0x08:
    return sound.error;
  case 0x0c:
    return sound.divide;
  case 0x14:
    if (in.count == 0) {
      sound.error |= 2;
      return 0;
    }
    return pop(&in);
  default:
    return 0;
  }
}

static void write_i2s(uint32_t offset, uint32_t value) {
  switch (offset) {
  case 0x00:
    if ((value & 1 << 16) != 0) {
      out.count = 0;
      in.count = 0;
    }
    if ((value & 1 << 17) != 0 && (sound.control & 1 << 17) == 0) {
      sound.reset_since = model_ticks;
    } else if ((value & 1 << 17) == 0 && (sound.control & 1 << 17) != 0) {
      sound.reset_ticks = model_ticks - sound.reset_since;
    }
    sound.control = value;
    break;
  case 0x08:
    sound.error &= ~value;
    break;
  case 0x0c:
    sound.divide = value & 0x3ff;
    break;
  case 0x10:
    if (!push(&out, value)) {
      sound.error |= 1;
    }
    break;
  default:
    break;
  }
}

uint32_t model_i2s_rate(void) {
  return (sound.control & 5) == 0 || sound.divide == 0 ? 0 : CODEC_MASTER_CLOCK / 4 / sound.divide / 2;
}

void model_i2s_frame(void) {
  if (model_i2s_rate() == 0) {
    return;
  }
  uint32_t word = 0;
  if ((sound.control & 1) != 0) {
    if (out.count == 0) {
      sound.error |= 1;
    } else {
      word = pop(&out);
    }
    sound.left[sound.frames % MODEL_HEARD] = (int16_t)(word >> 16);
    sound.right[sound.frames % MODEL_HEARD] = (int16_t)word;
  }
  if ((sound.control & 4) != 0) {
    uint32_t said = (uint16_t)sound.next;
    if (!push(&in, said << 16 | (~said & 0xffff))) {
      sound.error |= 2;
    }
    sound.next += 1;
  }
  sound.frames += 1;
  bool is_due = ((sound.control & 2) != 0 && (status() & 1) != 0) || ((sound.control & 8) != 0 && (status() & 2) != 0);
  waited = is_due && (model_enabled & 1U << IRQ) != 0 ? waited + 1 : 0;
  if (waited > sound.latency) {
    waited = 0;
    on_sound();
  }
}

void model_i2s_open(void) {
  memset(&sound, 0, sizeof sound);
  sound.divide = 0x80;
  sound.next = 1;
  out.count = 0;
  in.count = 0;
  waited = 0;
}

const model_chip model_i2s_chip = {0x40024000, 0x1000, read_i2s, write_i2s};
